#!/usr/bin/python3
"""Compares `madang measure --oracle eemeter-3.2` with numbers that eemeter 3.2.0 itself gave: for
real buildings (oracle/eemeter32_cambridge.jsonl) and in its own tests (oracle/caltrack.md). The
numbers and the data lie beside the project; without them the test is skipped.

usage: eemeter.py cambridge|samples
"""
import csv
import datetime
import gzip
import json
import pathlib
import random
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from program import SHARED, first_row, madang

SAMPLES = SHARED / "data/eemeter_samples"
PARAMETERS = {"intercept": "intercept", "beta_hdd": "beta_hdd", "beta_cdd": "beta_cdd",
              "heating_balance_point": "heating_balance_point_f",
              "cooling_balance_point": "cooling_balance_point_f"}
failures = []


def measure(folder, name, fuel, unit, installed, reporting_days, model="caltrack-daily",
            more=""):
    """The per-meter table as a dict by meter."""
    (folder / f"{name}.yaml").write_text(
        f"measure: oracle\nquantity: {{fuel: {fuel}, unit: {unit}}}\nreadings: readings.parquet\n"
        f"weather: weather.parquet\ninstallation: {{from: {installed}, to: {installed}}}\n"
        f"baseline: {{days: 365}}\nreporting: {{days: {reporting_days}}}\ntime_zone: UTC\n"
        f"missing: {{zero: no}}\nlevel: 0.90\nmodel: {model}\n{more}")
    madang(folder, f"measure {name}.yaml --oracle eemeter-3.2 --per-meter {name}.csv")
    with open(folder / f"{name}.csv") as f:
        return {row["meter"]: row for row in csv.DictReader(f)}


def near(what, got, want, relative, absolute=0.0):
    got = float(got or "nan")
    if not abs(got - want) <= max(relative * abs(want), absolute):
        failures.append(f"{what}: {got!r}, wanted {want!r}")


def same(what, got, want):
    if got != want:
        failures.append(f"{what}: {got!r}, wanted {want!r}")


# ---- real buildings -------------------------------------------------------------------------

def compare_hours(row, want):
    what = f"{want['building']} {want['baseline_year']} hourly"
    for sum_of in ("observed", "counterfactual"):
        near(f"{what} {sum_of}", row[sum_of], want[sum_of], 1e-7)
    near(f"{what} savings", row["savings"], want["savings"], 0, 1e-7 * want["counterfactual"])


def is_tie(row, want):
    """Balance points beyond every baseline temperature give the same fit: the reference chooses by
    its rounding, we the first. Only then may one differ, and it is the nearer one here."""
    r2 = float(row["r2_adj"])
    for name, nearer in (("heating_balance_point", 1), ("cooling_balance_point", -1)):
        ours = float(row[PARAMETERS[name]] or "nan")
        if nearer * (want["params"].get(name, ours) - ours) > 0:
            return abs(r2 - want["r2_adj"]) <= 1e-12
    return False


def compare_building(row, want):
    if want["resolution"] == "hourly":
        compare_hours(row, want)
        return
    what = f"{want['building']} {want['baseline_year']} {want['resolution']}"
    near(f"{what} r2_adj", row["r2_adj"], want["r2_adj"], 1e-8)
    near(f"{what} observed", row["observed"], want["observed"], 1e-8)
    if want.get("tie"):
        return
    same(f"{what} model", row["model"], want["model"])
    if is_tie(row, want):
        return
    for theirs, ours in PARAMETERS.items():
        if theirs in want["params"]:
            near(f"{what} {theirs}", row[ours], want["params"][theirs], 1e-8)
        else:
            same(f"{what} {ours}", row[ours] in ("", "0", "0.0"), True)
    near(f"{what} counterfactual", row["counterfactual"], want["counterfactual"], 1e-8)
    near(f"{what} savings", row["savings"], want["savings"], 0, 1e-8 * want["counterfactual"])
    near(f"{what} fsu_band", row["fsu_band"], want["fsu_band"], 1e-6)


def cambridge():
    rows = [json.loads(line) for line in open(SHARED / "oracle/eemeter32_cambridge.jsonl")]
    with tempfile.TemporaryDirectory() as temporary:
        folder, data = pathlib.Path(temporary), SHARED / "data/cambridge"
        madang(folder, f"import readings {data}/readings.parquet -o readings.parquet --where "
                       "\"fuel = 'electricity'\" --columns meter=building,start=ts_utc,value=kwh "
                       "--quantity electricity --unit kWh --kind interval --step 1h --tz UTC "
                       "--zero-is-missing no")
        madang(folder, f"import weather {data}/weather.parquet -o weather.parquet --columns "
                       "start=ts_utc,temp=temp_c --unit degC --tz UTC")
        tables = {(resolution, year): measure(folder, f"y{year}", "electricity", "kWh",
                                              f"{year + 1}-01-01", 365, f"caltrack-{resolution}")
                  for resolution, year in {(row["resolution"], row["baseline_year"])
                                           for row in rows}}
        n_gaps = gaps(folder, data)
    for want in rows:
        table = tables[want["resolution"], want["baseline_year"]]
        compare_building(table[want["building"]], want)
    return len(rows) + n_gaps


# June without readings, of the reporting period's bills or of the baseline's hours; eemeter 3.2.0
# run on building b0, 2009 and 2010.
GAPS = [
    ("billing", "2010-06", {"observed": 292044.9, "counterfactual": 295869.8387831139,
                            "fsu_band": 7449.83087980045, "ols_band": 9135.26120821988}),
    ("hourly", "2009-06", {"observed": 314127.5, "counterfactual": 314964.7636070312}),
]


def gaps(folder, data):
    for resolution, month, want in GAPS:
        madang(folder, f"import readings {data}/readings.parquet -o readings.parquet --where "
                       "\"fuel = 'electricity' AND building = 'b0' AND strftime(ts_utc, '%Y-%m') "
                       f"<> '{month}'\" --columns meter=building,start=ts_utc,value=kwh "
                       "--quantity electricity --unit kWh --kind interval --step 1h --tz UTC "
                       "--zero-is-missing no")
        row = measure(folder, "gap", "electricity", "kWh", "2010-01-01", 365,
                      f"caltrack-{resolution}")["b0"]
        for column, value in want.items():
            near(f"b0 without {month} {resolution} {column}", row[column], value,
                 1e-6 if "band" in column else 1e-7)
    return len(GAPS)


# ---- eemeter's own tests --------------------------------------------------------------------

# sample, temperatures, fuel, unit, model, balance points, savings of 365 days from 2017-01-04
FULL_YEAR = [
    ("il-electricity-cdd-hdd-daily", "electricity", "kWh", "cdd_hdd", (53, 68), 793.91),
    ("il-electricity-cdd-only-daily", "electricity", "kWh", "cdd_only", (None, 64), 308.77),
    ("il-gas-hdd-only-daily", "gas", "therm", "hdd_only", (60, None), 83.65),
    ("il-gas-intercept-only-daily", "gas", "therm", "hdd_only", (71, None), 103.11),
]


def unpack_only(folder, sample):
    for name, path in ((sample, "meter.csv"), ("il-tempF", "temp.csv")):
        text = gzip.decompress((SAMPLES / f"{name}.csv.gz").read_bytes()).decode()
        (folder / path).write_text(text.replace("\r\n", "\n").rstrip("\n") + "\n")


def unpack(folder, sample, fuel, unit):
    unpack_only(folder, sample)
    madang(folder, "import readings meter.csv -o readings.parquet --columns start=start,value=value "
                   f"--meter m --quantity {fuel} --unit {unit} --kind interval --step 1d "
                   "--tz UTC --zero-is-missing no")
    madang(folder, "import weather temp.csv -o weather.parquet --columns start=dt,temp=tempF "
                   "--unit degF --tz UTC")


def full_years():
    for sample, fuel, unit, model, (heating, cooling), savings in FULL_YEAR:
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            unpack(folder, sample, fuel, unit)
            row = measure_blackout(folder, fuel, unit)
        same(f"{sample} model", row["model"], model)
        for column, want in (("heating_balance_point_f", heating),
                             ("cooling_balance_point_f", cooling)):
            same(f"{sample} {column}", float(row[column]) if row[column] else None, want)
        near(f"{sample} savings", row["savings"], savings, 0, 0.005)


def measure_blackout(folder, fuel, unit):
    """The samples' blackout from 2016-12-26 to 2017-01-04 is the installation."""
    (folder / "blackout.yaml").write_text(
        f"measure: oracle\nquantity: {{fuel: {fuel}, unit: {unit}}}\nreadings: readings.parquet\n"
        "weather: weather.parquet\ninstallation: {from: 2016-12-26, to: 2017-01-04}\n"
        "time_zone: UTC\nmissing: {zero: no}\nlevel: 0.90\n")
    madang(folder, "measure blackout.yaml --oracle eemeter-3.2 --per-meter blackout.csv")
    return first_row(folder / "blackout.csv")


def lines_before(path, local_time):
    header, *lines = path.read_text().splitlines(keepends=True)
    return [header] + [line for line in lines if line[:len(local_time)] < local_time]


def metered_savings():
    """test_derivatives: a use of 1 a day over 59 days, at 30, 31, ..., 88 deg F. The reference's
    days are in 2011; here they follow the baseline, which changes no number."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        unpack(folder, "il-electricity-cdd-hdd-daily", "electricity", "kWh")
        first = datetime.date(2016, 12, 26)
        keep = lines_before(folder / "meter.csv", "2016-12-26")
        days = [first + datetime.timedelta(days=i) for i in range(59)]
        (folder / "meter.csv").write_text("".join(keep) + "".join(
            f"{day}T06:00:00+00:00,1\n" for day in days))
        keep = lines_before(folder / "temp.csv", "2016-12-25T18:00")
        (folder / "temp.csv").write_text("".join(keep) + "".join(
            f"{day}T{hour:02d}:00:00+00:00,{30 + i}\n"
            for i, day in enumerate(days) for hour in range(24)))
        madang(folder, "import readings meter.csv -o readings.parquet --columns start=start,"
                       "value=value --meter m --quantity electricity --unit kWh --kind interval "
                       "--step 1d --tz UTC --zero-is-missing no")
        madang(folder, "import weather temp.csv -o weather.parquet --columns start=dt,temp=tempF "
                       "--unit degF --tz UTC")
        row = measure(folder, "metered", "electricity", "kWh", first, 60)["m"]
    near("metered_savings_cdd_hdd_daily savings", row["savings"], 1571.28, 0, 0.005)
    near("metered_savings_cdd_hdd_daily fsu_band", row["fsu_band"], 601.52, 0, 0.005)


# Days of 2022 for those of 2011 in the reference's tests: the same months, and the same days of the
# week, of which hourly models know.
TEMPERATURES = [(datetime.date(2022, 1, 1) + datetime.timedelta(days=i), 30 + i) for i in range(59)]


# The reference's hours go on to the first one of the next day.
LAST_HOUR = "2022-03-01T00:00:00+00:00,89\n"


def import_sample(folder, sample, fuel, unit, more_readings="", more_weather=""):
    unpack_only(folder, sample)
    with open(folder / "meter.csv", "a") as f:
        f.write(more_readings)
    with open(folder / "temp.csv", "a") as f:
        f.write(more_weather)
    madang(folder, "import readings meter.csv -o readings.parquet --columns start=start,value=value "
                   f"--meter m --quantity {fuel} --unit {unit} --kind interval --tz UTC "
                   "--zero-is-missing no")
    madang(folder, "import weather temp.csv -o weather.parquet --columns start=dt,temp=tempF "
                   "--unit degF --tz UTC")


def by_hour(days):
    return "".join(f"{day}T{h:02d}:00:00+00:00,{t}\n" for day, t in days for h in range(24))


def import_typical(folder, days, hourly):
    lines = by_hour(days)
    if hourly:
        lines = lines.replace("2022-03-01T00:00:00+00:00,\n", LAST_HOUR)
    (folder / "typical.csv").write_text("dt,tempF\n" + lines)
    madang(folder, "import weather typical.csv -o typical.parquet --columns start=dt,temp=tempF "
                   "--unit degF --tz UTC --typical-year")


def installed(folder, begin, end, model, more=""):
    (folder / "i.yaml").write_text(
        "measure: oracle\nquantity: {fuel: electricity, unit: kWh}\nreadings: readings.parquet\n"
        f"weather: weather.parquet\ninstallation: {{from: {begin}, to: {end}}}\ntime_zone: UTC\n"
        f"missing: {{zero: no}}\nlevel: 0.90\nmodel: {model}\n{more}")
    madang(folder, "measure i.yaml --oracle eemeter-3.2 --per-meter i.csv")
    return first_row(folder / "i.csv")


def metered_bills_and_hours():
    """test_derivatives: metered savings of bills and of hours, a use of 1 each."""
    for what, readings, model, savings in (
            ("billing_monthly", [("2022-01-01T00", 1), ("2022-02-01T00", 1), ("2022-03-01T00", "")],
             "caltrack-billing", 1625.73),
            ("hourly", [(f"{day}T{h:02d}", 1) for day, _ in TEMPERATURES for h in range(24)] +
             [("2022-03-01T00", 1)], "caltrack-hourly", -403.7)):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            import_sample(folder, f"il-electricity-cdd-hdd-{what}", "electricity", "kWh",
                          "".join(f"{start}:00:00+00:00,{use}\n" for start, use in readings),
                          by_hour(TEMPERATURES) + LAST_HOUR)
            row = installed(folder, "2016-12-26", "2022-01-01", model)
        near(f"metered {what}", row["savings"], savings, 0, 0.005 if "b" in what else 0.05)
        if what == "billing_monthly":
            for column, want in (("intercept", 13.420093629452852), ("beta_cdd", 2.257868665412409),
                                 ("beta_hdd", 1.0479347638717025)):
                near(f"{what} {column}", row[column], want, 1e-12)


def modelled_savings():
    """test_derivatives: savings in a year of which the reference has a part."""
    year = [(datetime.date(2022, 1, 1) + datetime.timedelta(days=i), "") for i in range(365)]
    part = TEMPERATURES + year[len(TEMPERATURES):]
    for what, model, savings, tolerance in (("daily", "caltrack-daily", 168.58, 0.005),
                                            ("hourly", "caltrack-hourly", 55.3, 0.05)):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            import_sample(folder, f"il-electricity-cdd-hdd-{what}", "electricity", "kWh")
            import_typical(folder, part, what == "hourly")
            row = installed(folder, "2016-12-26", "2017-01-04", model,
                            "normalise: {weather: typical.parquet}\n")
        near(f"modelled {what}", row["normalised_savings"], savings, 0, tolerance)
        if what == "daily":
            band = float(row["normalised_savings_hi"]) - float(row["normalised_savings"])
            near("modelled daily band", band, 804.87, 0, 0.005)


def legacy_random(seed):
    """numpy.random.seed(seed): the Mersenne twister as it was first seeded."""
    state = [seed]
    for i in range(1, 624):
        state.append((1812433253 * (state[-1] ^ (state[-1] >> 30)) + i) & 0xffffffff)
    generator = random.Random()
    generator.setstate((3, (*state, 624), None))
    return generator


def modelled_bills():
    """The reporting period has the baseline's bills less 50 each, and its weather; both shifted."""
    shift = datetime.timedelta(days=2192)
    draw = legacy_random(0)
    year = [(datetime.date(2022, 1, 1) + datetime.timedelta(days=i), 45 + 30 * draw.random())
            for i in range(364)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        unpack_only(folder, "il-electricity-cdd-hdd-billing_monthly")

        def shifted(name, change):
            lines = (folder / name).read_text().splitlines()[1:]
            rows = [(datetime.datetime.fromisoformat(line.split(",")[0]), line.split(",")[1])
                    for line in lines]
            return "".join(f"{(at + shift).isoformat()},{change(float(x))}\n" for at, x in rows
                           if datetime.date(2016, 1, 22) <= at.date() < datetime.date(2017, 1, 22))

        import_sample(folder, "il-electricity-cdd-hdd-billing_monthly", "electricity", "kWh",
                      shifted("meter.csv", lambda use: use - 50), shifted("temp.csv", lambda t: t))
        import_typical(folder, year + [(datetime.date(2022, 12, 31), "")], False)
        row = installed(folder, "2016-12-26", datetime.date(2016, 1, 22) + shift,
                        "caltrack-billing", "normalise: {weather: typical.parquet}\n"
                        "reporting: {days: 340}\n")
    near("modelled billing", row["normalised_savings"], 587.44, 0, 0.005)
    band = float(row["normalised_savings_hi"]) - float(row["normalised_savings"])
    near("modelled billing band", band, 156.89, 0, 0.005)


def samples():
    full_years()
    metered_savings()
    metered_bills_and_hours()
    modelled_savings()
    modelled_bills()
    return len(FULL_YEAR) + 6


def main():
    if not (SHARED / "oracle").is_dir():
        print("skipped: the oracle's numbers and data are not here (MADANG_SHARED)")
        return 77
    n = {"cambridge": cambridge, "samples": samples}[sys.argv[1]]()
    for failure in failures:
        print(failure)
    print(f"{n} rows compared, {len(failures)} differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""CO2e by factors of each hour, against SQL of its own: real buildings and the real carbon
intensity of Great Britain, which lie beside the project; without them the test is skipped.

A year of hourly savings times hourly factors, and of daily savings times the mean factor of the
local day, must agree to 1e-9 with DuckDB's sums over the source's own files; what was used and what
was saved too. A series that never changes must give what a constant factor gives, by every model,
with and without a comparison group.

usage: carbon.py
"""
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from duck import Duck
from program import SHARED, madang

DATA = SHARED / "data/cambridge"
BUILDINGS = [f"b{i}" for i in (0, 2, 4, 6, 8, 16, 18, 20, 22, 24, 26, 32, 40, 48, 52, 58)]
YEAR = 2014
failures = []
checked = 0


def near(what, got, want, tolerance=1e-9):
    global checked
    checked += 1
    if not abs(got - want) <= tolerance * abs(want):
        failures.append(f"{what}: {got!r}, wanted {want!r}, {got / want - 1:.2e} off")


def measure(folder, model, co2e, more=""):
    (folder / "m.yaml").write_text(
        "measure: m\nquantity: {fuel: electricity, unit: kWh}\nreadings: readings.parquet\n"
        f"weather: weather.parquet\ninstallation: {{from: {YEAR}-01-01, to: {YEAR}-01-01}}\n"
        f"time_zone: Europe/London\nmodel: {model}\nevents: no\nco2e:\n{co2e}{more}")
    madang(folder, "measure m.yaml --internal --record r.json --by-step steps.parquet")
    return json.loads((folder / "r.json").read_text())


def saved(record, i=0):
    return record["co2e"][i]["effect"]["value"]


def compare_hours(folder, duck):
    record = measure(folder, "caltrack-hourly", "  {factors: carbon.parquet, kind: average}\n")
    co2e, observed, counterfactual, hours, least, mean = duck.row(f"""
        SELECT sum((counterfactual - observed) * kg_co2_per_kwh), sum(observed),
               sum(counterfactual), count(*), min(meters),
               sum(counterfactual * kg_co2_per_kwh) / sum(counterfactual)
        FROM '{folder}/steps.parquet' JOIN '{DATA}/carbon.parquet' ON start = ts_utc""")
    outcome = record["outcome"][0]
    near("hours of a year", hours, 8760, 0)
    near("CO2e by hour", saved(record), co2e)
    near("observed by hour", outcome["observed"], observed)
    near("counterfactual by hour", outcome["counterfactual"], counterfactual)
    near("mean factor by hour", record["co2e"][0]["factor"]["value"], mean)
    if least < 1:
        failures.append("an hour without a meter")
    # What was used is in the source's own readings; its zeros are missing.
    used, = duck.row(f"""
        SELECT sum(kwh * kg_co2_per_kwh) FROM '{DATA}/readings.parquet'
        JOIN '{DATA}/carbon.parquet' USING (ts_utc)
        WHERE fuel = 'electricity' AND kwh <> 0 AND year(ts_utc) = {YEAR}
          AND building IN (SELECT meter FROM '{folder}/measured.csv')""")
    seen, = duck.row(f"SELECT sum(observed * kg_co2_per_kwh) FROM '{folder}/steps.parquet' JOIN "
                     f"'{DATA}/carbon.parquet' ON start = ts_utc")
    near("CO2 of what was used", seen, used)


def compare_days(folder, duck):
    for model in ("caltrack-daily", "madang-daily"):
        record = measure(folder, model, "  {factors: carbon.parquet}\n")
        co2e, days, shortest = duck.row(f"""
            WITH hours AS (SELECT timezone('Europe/London', timezone('UTC', ts_utc))::DATE AS day,
                                  kg_co2_per_kwh FROM '{DATA}/carbon.parquet'),
                 means AS (SELECT day, avg(kg_co2_per_kwh) AS factor FROM hours GROUP BY day)
            SELECT sum((counterfactual - observed) * factor), count(*), min(seconds)
            FROM '{folder}/steps.parquet'
            JOIN means ON day = timezone('Europe/London', timezone('UTC', start))::DATE""")
        near(f"{model}: days", days, 365, 0)
        near(f"{model}: shortest day", shortest, 23 * 3600, 0)
        near(f"{model}: CO2e by day", saved(record), co2e)


def compare_constant(folder):
    (folder / "flat.csv").write_text("time,v\n" + "".join(f"{y}-01-01,0.4\n"
                                                          for y in range(YEAR - 2, YEAR + 2)))
    madang(folder, "import factors flat.csv -o flat.parquet --columns start=time,value=v --unit "
                   "kgCO2e/kWh --kind marginal --tz UTC")
    co2e = ("  average: {factor: 400, unit: gCO2e/kWh, source: flat, half_width: 50}\n"
            "  marginal: {factors: flat.parquet, half_width: 0.05}\n")
    group = ("meters: meters.parquet\ntreated: \"part = 'a'\"\ncomparison: \"part = 'b'\"\n"
             "matching: {method: all}\n")
    for model in ("caltrack-hourly", "caltrack-daily", "caltrack-billing", "madang-daily"):
        for what, more in (("alone", ""), ("compared", group)):
            record = measure(folder, model, co2e, more)
            for bound in (0, 1):
                near(f"{model} {what}: bound {bound}", record["co2e"][1]["effect"]["ci"][bound],
                     record["co2e"][0]["effect"]["ci"][bound], 1e-9)
            near(f"{model} {what}", saved(record, 1), saved(record))
            near(f"{model} {what}: as the saving", saved(record),
                 0.4 * record["outcome"][0]["effect"]["total"]["value"])


def main():
    if not DATA.is_dir():
        print("the real buildings are not beside the project")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        names = ", ".join(f"'{b}'" for b in BUILDINGS)
        madang(folder, f"import readings {DATA}/readings.parquet -o readings.parquet --where "
                       f"\"fuel = 'electricity' AND building IN ({names})\" --columns "
                       "meter=building,start=ts_utc,value=kwh --quantity electricity --unit kWh "
                       "--kind interval --step 1h --tz UTC")
        madang(folder, f"import weather {DATA}/weather.parquet -o weather.parquet --columns "
                       "start=ts_utc,temp=temp_c --unit degC --tz UTC")
        madang(folder, f"import factors {DATA}/carbon.parquet -o carbon.parquet --columns "
                       "start=ts_utc,value=kg_co2_per_kwh --unit kgCO2e/kWh --kind average --tz "
                       "UTC --region GB")
        (folder / "meters.csv").write_text("meter,part\n" + "".join(
            f"{b},{'ab'[i % 2]}\n" for i, b in enumerate(BUILDINGS)))
        madang(folder, "import meters meters.csv -o meters.parquet --columns meter=meter")
        measure(folder, "caltrack-hourly", "  {factors: carbon.parquet}\n")
        madang(folder, "measure m.yaml --per-meter all.csv")
        lines = (folder / "all.csv").read_text().splitlines()
        (folder / "measured.csv").write_text("meter\n" + "".join(
            line.split(",")[0] + "\n" for line in lines[1:] if line.split(",")[1] == "ok"))
        duck = Duck()
        compare_hours(folder, duck)
        compare_days(folder, duck)
        compare_constant(folder)
    for failure in failures:
        print(failure)
    print(f"{checked} figures, {len(failures)} differences")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Placebos on real buildings: `madang validate` on the years 2009 to 2018 of the Cambridge archive,
which lies beside the project; without it the test is skipped. Prints the tables of docs/validate.md
and docs/math/madang-daily.md and how many of these years have events (docs/math/events.md), and checks
what the program promises of its intervals and its model.

usage: placebos.py test|parts|events
"""
import csv
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from program import MADANG, SHARED, madang

DATA = SHARED / "data/cambridge"
PARTS = ["calendar", "closures", "lags", "recency", "smooth", "robust"]
failures = []


def check(what, holds):
    if not holds:
        failures.append(what)


def prepare(folder):
    for fuel in ("electricity", "gas"):
        madang(folder, f"import readings {DATA}/readings.parquet -o {fuel}.parquet --where "
                       f"\"fuel = '{fuel}'\" --columns meter=building,start=ts_utc,value=kwh "
                       f"--quantity {fuel} --unit kWh --kind interval --step 1h --tz Europe/London")
    madang(folder, f"import weather {DATA}/weather.parquet -o weather.parquet --columns "
                   "start=ts_utc,temp=temp_c --unit degC --tz UTC")


def validate(folder, fuel, arguments):
    """The results by (model, interval, size)."""
    done = subprocess.run(
        [MADANG, *shlex.split(f"validate --readings {fuel}.parquet --weather weather.parquet "
                              f"--years 2009-2018 --json {arguments}")],
        cwd=folder, capture_output=True, text=True, timeout=3600)
    if done.returncode:
        sys.exit(done.stderr)
    return {(r["model"], r["interval"], r["size"]): r for r in json.loads(done.stdout)["results"]}


def promises(folder):
    electricity = validate(folder, "electricity",
                           "--model caltrack-daily,madang-daily --portfolio 10,30")
    gas = validate(folder, "gas", "--model caltrack-daily,madang-daily")
    print("electricity      interval    size     n   covers        mean bias      half  /constant")
    for (model, interval, size), r in electricity.items():
        print(f"{model:15s}  {interval:10s} {size:5d} {r['n']:5d}  {100 * r['coverage']:5.1f} +- "
              f"{100 * r['coverage_se']:4.1f}  {100 * r['bias_mean']:+5.1f} +- "
              f"{100 * r['bias_mean_se']:4.1f}  {100 * r['half_width_median']:5.1f}  "
              f"{r['half_width_ratio']:.2f}")
    for (model, interval, size), r in electricity.items():
        if interval != "calibrated":
            continue
        what = f"{model}, {size} meters"
        check(f"{what}: coverage {r['coverage']}",
              abs(r["coverage"] - 0.9) <= 2 * r["coverage_se"] and r["coverage"] >= 0.8)
        check(f"{what}: bias {r['bias_mean']}", abs(r["bias_mean"]) <= 2 * r["bias_mean_se"])
        if size == 1:
            check(f"{what}: coverage {r['coverage']}", 0.85 <= r["coverage"] <= 0.95)
            check(f"{what}: wider than a constant", r["half_width_ratio"] <= 1.1)
    for fuel, results, share in (("electricity", electricity, 0.7), ("gas", gas, 1.0)):
        ours = results["madang-daily", "calibrated", 1]["cvrmse_median"]
        theirs = results["caltrack-daily", "calibrated", 1]["cvrmse_median"]
        print(f"{fuel}: CV(RMSE) out of sample {100 * ours:.1f} %, caltrack-daily {100 * theirs:.1f} %")
        check(f"{fuel}: CV(RMSE) {ours} of {theirs}", ours <= share * theirs)


def parts(folder):
    """What each part of madang-daily is worth."""
    print("without          electricity: CV(RMSE), half     gas: CV(RMSE), half")
    rows = [("nothing", "madang-daily", ""),
            *((part, "madang-daily", f"--without {part}") for part in PARTS),
            ("all of these", "madang-daily", f"--without {','.join(PARTS)}"),
            ("caltrack-daily", "caltrack-daily", "")]
    for name, model, without in rows:
        cells = []
        for fuel in ("electricity", "gas"):
            r = validate(folder, fuel, f"--model {model} {without}")[model, "calibrated", 1]
            cells.append(f"{100 * r['cvrmse_median']:5.1f} {100 * r['half_width_median']:5.1f}")
        print(f"{name:20s} {cells[0]:>20s} {cells[1]:>20s}")


def events_of(folder, fuel, year):
    """The events of each measured building, as the per-meter table has them, around a new year's day."""
    (folder / "year.yaml").write_text(f"""measure: year
quantity: {{fuel: {fuel}, unit: kWh}}
readings: {fuel}.parquet
weather: weather.parquet
installation: {{from: {year}-01-01, to: {year}-01-01}}
baseline: {{days: 365}}
reporting: {{days: 365}}
model: madang-daily
events: yes
""")
    madang(folder, "measure year.yaml --internal --per-meter year.csv")
    with open(folder / "year.csv") as f:
        return [row["events"] for row in csv.DictReader(f) if row["status"] == "ok"]


def events(folder):
    """How many years of real buildings, on which nothing was done, have events. Gas from 2017 on falls
    to a thirtieth, meter after meter."""
    print("               buildings' years   baseline   year after   20 % or more after")
    for fuel, years in (("electricity", range(2010, 2020)), ("gas", range(2013, 2017))):
        rows = [row for year in years for row in events_of(folder, fuel, year)]
        after = [re.findall(r"reporting \S+ \S+ [+-]?(\d+) %", row) for row in rows]
        counts = [sum("baseline" in row for row in rows), sum(bool(a) for a in after),
                  sum(any(int(size) >= 20 for size in a) for a in after)]
        print(f"{fuel:15s} {len(rows):15d}", *(f"{100 * n / len(rows):10.0f} %" for n in counts))


def main():
    if not DATA.is_dir():
        print("skipped: the buildings' data are not here (MADANG_SHARED)")
        return 77
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        prepare(folder)
        {"test": promises, "parts": parts, "events": events}[sys.argv[1]](folder)
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    sys.exit(main())

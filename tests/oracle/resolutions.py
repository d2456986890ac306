#!/usr/bin/python3
"""The same simulated meters by hour, day, month and two months: estimates must agree with each other
within a few points of percent, and roughly with the saving of 10 % that they were made with (their
noise is large). Prints docs/resolutions.md's
table. The meters lie beside the project; without them the test is skipped.

usage: resolutions.py
"""
import csv
import gzip
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from program import SHARED, first_row, madang

SAMPLES = SHARED / "data/eemeter_samples"
METERS = [("il-electricity-cdd-hdd", "electricity", "kWh"), ("il-electricity-cdd-only", "electricity", "kWh"),
          ("il-gas-hdd-only", "gas", "therm"), ("il-gas-intercept-only", "gas", "therm")]
RESOLUTIONS = [("hourly", "caltrack-hourly"), ("daily", "caltrack-daily"),
               ("billing_monthly", "caltrack-billing"), ("billing_bimonthly", "caltrack-billing")]
TRUTH, NOISE, AGREEMENT = 10.0, 6.0, 4.0


def unpack(name, path):
    path.write_bytes(gzip.decompress((SAMPLES / f"{name}.csv.gz").read_bytes()))


def percent_saved(folder, sample, fuel, unit, resolution, model):
    unpack(f"{sample}-{resolution}", folder / "meter.csv")
    madang(folder, "import readings meter.csv -o readings.parquet --columns start=start,value=value "
                   f"--meter m --quantity {fuel} --unit {unit} --kind interval --tz UTC "
                   "--zero-is-missing no")
    (folder / "m.yaml").write_text(
        f"measure: m\nquantity: {{fuel: {fuel}, unit: {unit}}}\nreadings: readings.parquet\n"
        "weather: weather.parquet\ninstallation: {from: 2016-12-26, to: 2017-01-04}\n"
        f"time_zone: America/Chicago\nmissing: {{zero: no}}\nmodel: {model}\n")
    madang(folder, "measure m.yaml --per-meter m.csv")
    row = first_row(folder / "m.csv")
    if row["status"] != "ok":
        sys.exit(f"{sample} {resolution}: {row['status']}")
    whole = float(row["counterfactual"]) / 100
    return [float(row[k]) / whole for k in ("savings", "savings_lo", "savings_hi")]


def main():
    if not SAMPLES.is_dir():
        print("skipped: the samples are not here (MADANG_SHARED)")
        return 77
    failures = []
    print("| meter | " + " | ".join(r for r, _ in RESOLUTIONS) + " | truth |")
    print("|---" * (len(RESOLUTIONS) + 2) + "|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        unpack("il-tempF", folder / "temp.csv")
        madang(folder, "import weather temp.csv -o weather.parquet --columns start=dt,temp=tempF "
                       "--unit degF --tz UTC")
        for sample, fuel, unit in METERS:
            cells, values = [], []
            for resolution, model in RESOLUTIONS:
                value, lo, hi = percent_saved(folder, sample, fuel, unit, resolution, model)
                cells.append(f"{value:.1f} % ({lo:.1f} to {hi:.1f})")
                values.append(value)
            if max(values) - min(values) > AGREEMENT or max(abs(v - TRUTH) for v in values) > NOISE:
                failures.append(f"{sample}: {values}, made with {TRUTH} %")
            print(f"| {sample} | " + " | ".join(cells) + f" | {TRUTH:.0f} % |")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

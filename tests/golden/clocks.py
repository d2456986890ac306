#!/usr/bin/python3
"""Clock changes: a year of half-hours, exported in local time without offsets and in UTC, is the same
energy, whichever way it is imported; by day and by hour of the measure too. Lord Howe Island changes
its clocks by half an hour; Samoa skipped 30 December 2011.

usage: clocks.py
"""
import datetime
import pathlib
import random
import sys
import tempfile
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from program import first_row, madang

HALF = datetime.timedelta(minutes=30)
ZONES = [("Europe/London", 2022), ("Asia/Seoul", 2022), ("America/New_York", 2022),
         ("Australia/Lord_Howe", 2022), ("Pacific/Apia", 2011)]
failures = []


def half_hours(zone, year):
    """Every half-hour of three local years, as instants, with its use."""
    local = zoneinfo.ZoneInfo(zone)
    at = datetime.datetime(year - 1, 1, 1, tzinfo=local).astimezone(datetime.timezone.utc)
    end = datetime.datetime(year + 2, 1, 1, tzinfo=local).astimezone(datetime.timezone.utc)
    rng = random.Random(zone)
    while at < end:
        yield at, round(rng.uniform(0.1, 2), 3)
        at += HALF


def write(path, rows, zone=None):
    with open(path, "w") as f:
        f.write("meter,start,kwh\n")
        for at, use in rows:
            shown = at.astimezone(zoneinfo.ZoneInfo(zone)) if zone else at
            f.write(f"m,{shown:%Y-%m-%d %H:%M}{'' if zone else ':00Z'},{use}\n")


def write_wide(path, rows, zone):
    """A line a local day with room for the longest, steps counted from midnight."""
    days = {}
    for at, use in rows:
        days.setdefault(at.astimezone(zoneinfo.ZoneInfo(zone)).date(), []).append(use)
    with open(path, "w") as f:
        f.write("meter,day," + ",".join(f"hh_{i}" for i in range(50)) + "\n")
        for day, uses in days.items():
            f.write(f"m,{day}," + ",".join(map(str, uses)) + "," * (50 - len(uses)) + "\n")


def write_weather(folder, rows):
    with open(folder / "w.csv", "w") as f:
        f.write("t,c\n" + "".join(f"{at:%Y-%m-%dT%H:%M}:00Z,{10 + 9 * (at.timetuple().tm_yday % 30) / 30}\n"
                                  for at, _ in rows if at.minute == 0))
    madang(folder, "import weather w.csv -o w.parquet --columns start=t,temp=c --unit degC")


def measured(folder, table, zone, year, model):
    (folder / "m.yaml").write_text(
        f"measure: m\nquantity: {{fuel: gas, unit: kWh}}\nreadings: {table}\nweather: w.parquet\n"
        f"installation: {{from: {year}-01-01, to: {year}-01-01}}\nreporting: {{days: 365}}\n"
        f"time_zone: {zone}\nmodel: {model}\n")
    madang(folder, "measure m.yaml --per-meter m.csv")
    return first_row(folder / "m.csv")


def check(zone, year):
    rows = list(half_hours(zone, year))
    local = zoneinfo.ZoneInfo(zone)
    wanted = sum(use for at, use in rows if at.astimezone(local).year == year)
    kind = "--quantity gas --unit kWh --kind interval --on-conflict refuse"
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        write(folder / "utc.csv", rows)
        write(folder / "local.csv", rows, zone)
        write_wide(folder / "wide.csv", rows, zone)
        write_weather(folder, rows)
        columns = "--columns meter=meter,start=start,value=kwh"
        madang(folder, f"import readings utc.csv -o utc.parquet {columns} {kind}")
        madang(folder, f"import readings local.csv -o local.parquet {columns} {kind} --tz {zone}")
        madang(folder, "import readings wide.csv -o wide.parquet --wide hours --columns "
                       f"meter=meter,start=day {kind} --tz {zone}")
        for table in ("utc.parquet", "local.parquet", "wide.parquet"):
            for model in ("caltrack-daily", "caltrack-hourly", "caltrack-billing"):
                row = measured(folder, table, zone, year, model)
                if abs(float(row["observed"]) - wanted) > 1e-9 * wanted:
                    failures.append(f"{zone} {table} {model}: {row['observed']}, wanted {wanted}")


def main():
    for zone, year in ZONES:
        check(zone, year)
    for failure in failures:
        print(failure)
    print(f"{len(ZONES)} time zones, {len(failures)} differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

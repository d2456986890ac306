#!/usr/bin/python3
"""Simulated treatments on real buildings: electricity and gas of the Cambridge archive, which lies
beside the project; without it the test is skipped. A treatment of a share e multiplies the readings
from its first day on by 1 - e, and a shock in common those of all buildings by 1.08. `madang measure`
measures them with and without a comparison group, as a user would, and what it says is held against
the truth. Prints the table of docs/validate.md.

usage: treatments.py test|table [processes]
"""
import concurrent.futures
import ctypes
import itertools
import json
import math
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
from typing import NamedTuple

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from program import MADANG, SHARED, madang

DATA = SHARED / "data/cambridge"
LEVEL, SHOCK, YEAR = 0.9, 0.08, 12
ALONE, COMPARED, SHOCKED = "alone", "comparison", "comparison, shock"
EFFECTS = [0, 0.03, 0.05, 0.10, 0.20]
failures = []


class Fuel(NamedTuple):
    name: str
    buildings: int
    years: range  # of installations
    day: str      # which days are taken: the archive wrote gaps as zeros


# Electricity ends before the closures of 2020. From 2017 on, gas meters fall to a thirtieth one after
# the other, as if counted in another unit. Without use, gas boilers rest from May to September.
ELECTRICITY = Fuel("electricity", 59, range(2010, 2020), "hours_used >= 23")
GAS = Fuel("gas", 45, range(2013, 2017),
           "hours >= 23 AND (hours_used > 0 OR month(day) BETWEEN 5 AND 9)")


class Series(NamedTuple):
    """Installations: at the first of these months, so many draws of each size of buildings."""
    fuel: Fuel
    months: tuple
    draws: dict
    effects: list
    shocks: list


# Treatments and shocks change all by the same factor, which is checked on some, so that most need no
# treatment at all.
HALF_YEARS = (1, 7)
PLANS = {
    "test": [Series(ELECTRICITY, (1,), {40: 3, 20: 3, 5: 3}, [0], [0]),
             Series(ELECTRICITY, (1,), {20: 1, 5: 1}, [0.10], [0, SHOCK]),
             Series(GAS, (1,), {45: 1, 5: 9}, [0], [0])],
    "table": [Series(ELECTRICITY, HALF_YEARS, {59: 1, 40: 6, 20: 12, 5: 12}, [0], [0]),
              Series(GAS, HALF_YEARS, {45: 1, 20: 9, 5: 9}, [0], [0]),
              Series(ELECTRICITY, (1,), {59: 1, 40: 1, 20: 1, 5: 1}, EFFECTS[1:], [0]),
              Series(ELECTRICITY, (1,), {40: 6, 20: 12, 5: 12}, [0], [SHOCK])],
}


class Row(NamedTuple):
    """One estimate, in percent; starts are counted in months."""
    fuel: str
    size: int
    kind: str
    effect: float
    start: int
    draw: int
    measured: int
    value: float
    lo: float
    hi: float

    def error(self):
        return self.value - 100 * self.effect

    def covers(self):
        return float(self.lo <= 100 * self.effect <= self.hi)

    def finds(self, effect):
        """Whether 0 would be outside if the same buildings had saved so much."""
        treated = self._replace(effect=effect, lo=saved(self.lo, effect), hi=saved(self.hi, effect))
        return float(not treated.lo <= 0 <= treated.hi)


def saved(percent, effect):
    """Percent saved when what was used is a share `effect` less than what gave this percent."""
    return 100 * effect + (1 - effect) * percent


# ---- readings ---------------------------------------------------------------------------------

class Sql:
    """The library that the program reads its tables with."""

    def __init__(self):
        linked = subprocess.run(["ldd", MADANG], capture_output=True, text=True, check=True).stdout
        self.library = ctypes.CDLL(re.search(r"libduckdb\S* => (\S+)", linked).group(1))
        self.library.duckdb_result_error.restype = ctypes.c_char_p
        database, self.connection = ctypes.c_void_p(), ctypes.c_void_p()
        self.library.duckdb_open(None, ctypes.byref(database))
        self.library.duckdb_connect(database, ctypes.byref(self.connection))
        self.run("SET threads = 1")
        self.run("SET TimeZone = 'UTC'")

    def run(self, text):
        result = ctypes.create_string_buffer(256)
        if self.library.duckdb_query(self.connection, text.encode(), result):
            sys.exit(self.library.duckdb_result_error(result).decode())


def prepare(folder, fuels):
    """Days of use of each fuel, its buildings, and the weather."""
    sql = Sql()
    for fuel in fuels:
        own = folder / fuel.name
        own.mkdir()
        sql.run(f"CREATE OR REPLACE TABLE days AS SELECT meter, day, kwh FROM (SELECT building AS meter, "
                f"date_trunc('day', timezone('Europe/London', ts_utc::TIMESTAMPTZ))::DATE AS day, "
                f"sum(kwh) AS kwh, count(*) AS hours, count(*) FILTER (kwh > 0) AS hours_used FROM "
                f"'{DATA}/readings.parquet' WHERE fuel = '{fuel.name}' GROUP BY ALL) WHERE {fuel.day} "
                f"ORDER BY ALL")
        sql.run(f"COPY days TO '{own}/days.parquet'")
        sql.run(f"COPY (SELECT DISTINCT meter FROM days ORDER BY 1) TO '{own}/buildings.csv'")
    madang(folder, f"import weather {DATA}/weather.parquet -o weather.parquet --columns "
                   "start=ts_utc,temp=temp_c --unit degC --tz UTC")


def day_of(start):
    return f"{start // YEAR}-{start % YEAR + 1:02d}-01"


def treat(folder, fuel, start, effect, shock):
    """The readings of all buildings, and as `t-...` of the same buildings treated."""
    after = f"day >= DATE '{day_of(start)}'"
    common = f"kwh * CASE WHEN {after} THEN {1 + shock} ELSE 1 END"
    days = (f"FROM '{folder.parent}/{fuel.name}/days.parquet' WHERE day <= DATE "
            f"'{day_of(start + YEAR)}'")
    Sql().run(f"COPY (SELECT meter, day, {common} AS kwh {days} UNION ALL SELECT 't-' || meter, day, "
              f"{common} * CASE WHEN {after} THEN {1 - effect} ELSE 1 END {days}) "
              f"TO '{folder}/raw.parquet'")
    madang(folder, f"import readings raw.parquet -o readings.parquet --columns "
                   f"meter=meter,start=day,value=kwh --quantity {fuel.name} --unit kWh "
                   "--kind interval --step 1d --tz Europe/London")


def draw(buildings, size, number):
    """The same at all dates. Draw after draw goes on round a shuffled circle, and is shuffled anew when
    all have been drawn as often but for two: few of them are large, and no draws should miss those."""
    n = len(buildings)
    lap = next(draws for draws in itertools.count(1) if draws * size % n <= 2)
    circle = random.Random(f"{size} {number // lap}").sample(buildings, n)
    return [circle[(number % lap * size + i) % n] for i in range(size)]


def write_groups(folder, series):
    """A table of meters for each draw: the treated buildings, and the others as they are."""
    folder = folder / series.fuel.name
    buildings = (folder / "buildings.csv").read_text().split()[1:]
    for size, draws in series.draws.items():
        for number in range(draws):
            name, treated = f"{size}-{number}", draw(buildings, size, number)
            if (folder / f"{name}.parquet").exists():
                continue
            rows = [f"t-{b},yes" for b in treated] + [f"{b}," for b in buildings if b not in treated]
            (folder / f"{name}.csv").write_text("meter,treated\n" + "\n".join(rows) + "\n")
            madang(folder, f"import meters {name}.csv -o {name}.parquet --columns meter=meter")


# ---- measuring --------------------------------------------------------------------------------

def measure(folder, fuel, start, group, compared):
    """The record; None when none of so few buildings has both years."""
    (folder / "m.yaml").write_text(
        f"measure: simulated\nquantity: {{fuel: {fuel.name}, unit: kWh}}\nreadings: readings.parquet\n"
        f"weather: ../weather.parquet\nmeters: ../{fuel.name}/{group}.parquet\n"
        "treated: \"treated = 'yes'\"\n" +
        ("comparison: \"treated is null\"\n" if compared else "") +
        f"installation: {{from: {day_of(start)}, to: {day_of(start)}}}\nmodel: madang-daily\n"
        f"level: {LEVEL}\ntime_zone: Europe/London\n")
    done = subprocess.run([MADANG, "measure", "m.yaml", "--record", "r.json", "--internal", "--quiet",
                           "--threads", "1"],
                          cwd=folder, capture_output=True, text=True, timeout=1800)
    if done.returncode == 3:
        return None
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads((folder / "r.json").read_text())


def estimates(record, shock):
    """(kind, estimate): a record with a comparison group also says what is found without it."""
    percent, comparison = record["outcome"][0]["effect"]["percent"], record["method"]["comparison"]
    if not comparison:
        return [(ALONE, percent)]
    if shock:
        return [(SHOCKED, percent)]
    return [(COMPARED, percent), (ALONE, comparison["before_percent"])]


def run_start(folder, series, start, effect, shock):
    """The rows of all draws at one date. All buildings have none to be compared with."""
    fuel, rows = series.fuel, []
    with tempfile.TemporaryDirectory(dir=folder) as own:
        own = pathlib.Path(own)
        treat(own, fuel, start, effect, shock)
        for size, number in ((s, n) for s, draws in series.draws.items() for n in range(draws)):
            record = measure(own, fuel, start, f"{size}-{number}", size < fuel.buildings)
            for kind, e in estimates(record, shock) if record else []:
                lo, hi = e["ci"]
                rows.append(Row(fuel.name, size, kind, effect, start, number,
                                record["population"]["measured"], e["value"],
                                -math.inf if lo is None else lo, hi))
    return rows


def run(folder, plan, processes):
    prepare(folder, dict.fromkeys(s.fuel for s in plan))
    for series in plan:
        write_groups(folder, series)
    jobs = [(s, year * YEAR + month - 1, effect, shock)
            for s in plan for year in s.fuel.years for month in s.months
            for effect in s.effects for shock in s.shocks
            if month == 1 or year < s.fuel.years[-1]]
    with concurrent.futures.ThreadPoolExecutor(processes) as pool:
        return [row for rows in pool.map(lambda j: run_start(folder, *j), jobs) for row in rows]


# ---- what came out ----------------------------------------------------------------------------

def check_factors(rows):
    """A treatment, and a shock that is compared away, change an estimate by their factor alone, and
    a treatment its interval too."""
    plain = {(r.fuel, r.size, r.kind, r.start, r.draw): r for r in rows if r.effect == 0}
    checked = 0
    for row in rows:
        shocked = row.kind == SHOCKED
        base = plain.get((row.fuel, row.size, COMPARED if shocked else row.kind, row.start, row.draw))
        if not base or row is base:
            continue
        pairs = [(row.value, base.value)]
        pairs += [] if shocked else [(row.lo, base.lo), (row.hi, base.hi)]
        checked += 1
        if any(found != saved(of, row.effect) and not abs(found - saved(of, row.effect)) <= 1e-6
               for found, of in pairs):
            failures.append(f"{row}\nis not {row.effect} of what is left by {base}")
    if not checked:
        failures.append("no treatment was looked at")
    print(f"{checked} treated estimates are as their factors say")


def years_of(rows):
    """How many years were reported, overlaps counted once."""
    return (max(r.start for r in rows) - min(r.start for r in rows)) / YEAR + 1


def independent(rows):
    """How many estimates there are that share neither a building nor a year."""
    def disjoint(own):
        fuel = ELECTRICITY if own[0].fuel == ELECTRICITY.name else GAS
        return years_of(own) * min(len({r.draw for r in own}), max(1, fuel.buildings // own[0].size))
    by_size = {}
    for row in rows:
        by_size.setdefault((row.fuel, row.size), []).append(row)
    return sum(max(disjoint(own) for (fuel, _), own in by_size.items() if fuel == name)
               for name in {r.fuel for r in rows})


def with_error(rows, values):
    """The mean and its standard error. Values depend on each other when they are of the same draw, or
    less than two years apart, the less the further (a Bartlett kernel), since a year is the baseline
    of the next. Not below that of as many independent values as there can be."""
    mean = statistics.fmean(values)
    dates, draws = {}, {}
    for row, value in zip(rows, values):
        d = value - mean
        dates[row.start] = dates.get(row.start, 0) + d
        draws.setdefault((row.fuel, row.size, row.draw), {})[row.start] = d

    def near(sums):
        return sum(a * b * (1 - abs(s - t) / (2 * YEAR)) for s, a in sums.items()
                   for t, b in sums.items() if abs(s - t) < 2 * YEAR)
    in_time = near(dates)
    of_draws = sum(sum(own.values()) ** 2 - near(own) for own in draws.values())
    years, n = years_of(rows), len(rows)
    variance = max(in_time, in_time + of_draws) * years / (years - 1) / (n * n)
    return mean, math.sqrt(max(variance, statistics.pvariance(values) / independent(rows)))


def judge(rows):
    """What untreated buildings came to: a line of the table, checked."""
    sizes = " and ".join(str(size) for size in sorted({r.size for r in rows}))
    what = f"{rows[0].fuel}, {rows[0].kind}, {sizes} buildings"
    bias, bias_se = with_error(rows, [r.error() for r in rows])
    covers, covers_se = with_error(rows, [r.covers() for r in rows])
    # With few trials no coverage is known better than by this.
    covers_se = max(covers_se, math.sqrt(LEVEL * (1 - LEVEL) / independent(rows)))
    found = [statistics.fmean(r.finds(e) for r in rows) for e in EFFECTS]
    # Without a comparison group no estimate is free of what all buildings do: less gas, every year.
    if abs(bias) > 2 * bias_se and (rows[0].fuel, rows[0].kind) != (GAS.name, ALONE):
        failures.append(f"{what}: off by {bias:.2f}, standard error {bias_se:.2f}")
    if not 0.86 - 2 * covers_se <= covers <= 0.94 + 2 * covers_se:
        failures.append(f"{what}: covers {covers:.3f}, standard error {covers_se:.3f}")
    if found[0] > 0.12 + 2 * covers_se:
        failures.append(f"{what}: {found[0]:.3f} false positives")
    half = statistics.median((r.hi - r.lo) / 2 for r in rows)
    return (f"{statistics.median(r.measured for r in rows):.0f} | {len(rows)} | {bias:+.1f} +- {bias_se:.1f}"
            f" | {100 * covers:.0f} +- {100 * covers_se:.0f} | "
            f"{', '.join(f'{100 * f:.0f}' for f in found)} | {half:.1f}")


def print_table(rows):
    """A line for each fuel, kind and size, and for all sizes that are compared."""
    print("| fuel | buildings | of them measured | n | estimate less truth | covers | "
          f"found at {', '.join(f'{100 * e:.0f}' for e in EFFECTS)} % | half-width |\n"
          "|---|---|---|---|---|---|---|---|")
    rows = sorted((r for r in rows if r.effect == 0), key=lambda r: (r.fuel, r.kind, -r.size))
    for (fuel, kind, size), own in itertools.groupby(rows, lambda r: (r.fuel, r.kind, r.size)):
        print(f"| {fuel}, {kind} | {size} | {judge(list(own))} |")
    for (fuel, kind), own in itertools.groupby(rows, lambda r: (r.fuel, r.kind)):
        own = [r for r in own if r.size in (5, 20, 40)]
        print(f"| {fuel}, {kind} | 5 to 40 | {judge(own)} |")
    for kind in (ALONE, COMPARED):
        own = [r for r in rows if (r.fuel, r.kind) == (ELECTRICITY.name, kind)]
        by_year = itertools.groupby(sorted(own, key=lambda r: r.start), lambda r: r.start // YEAR)
        print(f"{ELECTRICITY.name}, {kind}, covers of each year's installations:",
              ", ".join(f"{y} {100 * statistics.fmean(r.covers() for r in of):.0f}" for y, of in by_year))


def main():
    if not DATA.is_dir():
        print("skipped: the buildings' data are not here (MADANG_SHARED)")
        return 77
    with tempfile.TemporaryDirectory() as temporary:
        rows = run(pathlib.Path(temporary), PLANS[sys.argv[1]],
                   int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count())
    print_table(rows)
    check_factors(rows)
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    sys.exit(main())

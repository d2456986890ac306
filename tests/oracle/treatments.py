#!/usr/bin/python3
"""Simulated treatments on real buildings: the electricity of the Cambridge archive, which lies beside
the project; without it the test is skipped. A treatment of a share e multiplies the readings from its
first day on by 1 - e, and a shock in common those of all buildings by 1.08. `madang measure` measures
them with and without a comparison group, as a user would, and what it says is held against the
truth. Prints the table of docs/validate.md.

usage: treatments.py test|table [processes]
"""
import concurrent.futures
import ctypes
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

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from program import MADANG, SHARED, madang

DATA = SHARED / "data/cambridge"
LEVEL, SHOCK, BUILDINGS = 0.9, 0.08, 59
YEARS = range(2010, 2020)
ALONE, COMPARED, SHOCKED = "alone", "comparison", "comparison, shock"
# Draws of buildings a year; the years are what the errors are clustered by.
PLANS = {"test": {"draws": 2, "sizes": [20], "effects": [0, 0.10], "kinds": [ALONE, SHOCKED]},
         "table": {"draws": 4, "sizes": [BUILDINGS, 40, 20, 5], "effects": [0, 0.03, 0.05, 0.10, 0.20],
                   "kinds": [ALONE, COMPARED, SHOCKED]}}
failures = []


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


def prepare(folder):
    """Days of use; a day of which an hour has none is left out, zeros being gaps."""
    sql = Sql()
    sql.run(f"CREATE TABLE days AS SELECT building AS meter, date_trunc('day', timezone('Europe/London',"
            f" ts_utc::TIMESTAMPTZ))::DATE AS day, sum(kwh) AS kwh FROM '{DATA}/readings.parquet' WHERE "
            f"fuel = 'electricity' AND kwh > 0 GROUP BY ALL HAVING count(*) >= 23 ORDER BY ALL")
    sql.run(f"COPY days TO '{folder}/days.parquet'")
    sql.run(f"COPY (SELECT DISTINCT meter FROM days ORDER BY 1) TO '{folder}/buildings.csv'")
    madang(folder, f"import weather {DATA}/weather.parquet -o weather.parquet --columns "
                   "start=ts_utc,temp=temp_c --unit degC --tz UTC")


def treat(folder, sql, year, effect, shock):
    """The readings of all buildings, and as `t-...` of the same buildings treated."""
    after = f"day >= DATE '{year}-01-01'"
    common = f"kwh * CASE WHEN {after} THEN {1 + shock} ELSE 1 END"
    days = f"FROM '{folder.parent}/days.parquet' WHERE day < DATE '{year + 1}-01-02'"
    sql.run(f"COPY (SELECT meter, day, {common} AS kwh {days} UNION ALL SELECT 't-' || meter, day, "
            f"{common} * CASE WHEN {after} THEN {1 - effect} ELSE 1 END {days}) "
            f"TO '{folder}/raw.parquet'")
    madang(folder, "import readings raw.parquet -o readings.parquet --columns "
                   "meter=meter,start=day,value=kwh --quantity electricity --unit kWh --kind interval "
                   "--step 1d --tz Europe/London")


# ---- measuring --------------------------------------------------------------------------------

def measure(folder, year, treated, others, compared):
    """Percent saved with its interval; None when none of so few buildings has both years."""
    rows = [f"t-{b},yes" for b in treated] + [f"{b}," for b in others]
    (folder / "meters.csv").write_text("meter,treated\n" + "\n".join(rows) + "\n")
    madang(folder, "import meters meters.csv -o meters.parquet --columns meter=meter")
    (folder / "m.yaml").write_text(
        "measure: simulated\nquantity: {fuel: electricity, unit: kWh}\nreadings: readings.parquet\n"
        "weather: ../weather.parquet\nmeters: meters.parquet\ntreated: \"treated = 'yes'\"\n" +
        ("comparison: \"treated is null\"\n" if compared else "") +
        f"installation: {{from: {year}-01-01, to: {year}-01-01}}\nmodel: madang-daily\n"
        f"level: {LEVEL}\ntime_zone: Europe/London\n")
    done = subprocess.run([MADANG, "measure", "m.yaml", "--record", "r.json", "--internal", "--quiet",
                           "--threads", "1"],
                          cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode == 3:
        return None
    if done.returncode:
        sys.exit(done.stderr)
    percent = json.loads((folder / "r.json").read_text())["outcome"][0]["effect"]["percent"]
    return percent["value"], *percent["ci"]


def draws(year, plan, buildings):
    """Sizes, with the treated buildings and the others: the same for all effects and kinds."""
    for size in plan["sizes"]:
        for draw in range(1 if size >= len(buildings) else plan["draws"]):
            treated = random.Random(f"{year} {size} {draw}").sample(buildings,
                                                                    min(size, len(buildings)))
            yield size, treated, [b for b in buildings if b not in treated]


def run_year(folder, year, plan, buildings):
    """A list of ((size, kind, effect), (year, percent, lo, hi))."""
    folder, sql, found = folder / str(year), Sql(), []
    folder.mkdir()
    for effect in plan["effects"]:
        for shock in (0, SHOCK):
            kinds = [k for k in plan["kinds"] if (k == SHOCKED) == (shock > 0)]
            if not kinds:
                continue
            treat(folder, sql, year, effect, shock)
            for size, treated, others in draws(year, plan, buildings):
                for kind in kinds if others else [k for k in kinds if k == ALONE]:
                    estimate = measure(folder, year, treated, others, kind != ALONE)
                    if estimate:
                        found.append(((size, kind, effect), (year, *estimate)))
    return found


def run(folder, plan, processes):
    """(size, kind, effect) to a list of (year, percent, lo, hi), in order."""
    prepare(folder)
    buildings = (folder / "buildings.csv").read_text().split()[1:]
    found = {}
    with concurrent.futures.ThreadPoolExecutor(processes) as pool:
        years = pool.map(lambda year: run_year(folder, year, plan, buildings), YEARS)
        for key, row in (pair for year in years for pair in year):
            found.setdefault(key, []).append(row)
    return dict(sorted(found.items(), key=lambda item: (-item[0][0], item[0][1:])))


# ---- what came out ----------------------------------------------------------------------------

def clustered(values, years):
    """The mean and its standard error: values of one year are no independent findings."""
    mean, groups = statistics.fmean(values), {}
    for value, year in zip(values, years):
        groups[year] = groups.get(year, 0) + value - mean
    g = len(groups)
    return mean, math.sqrt(sum(s * s for s in groups.values()) * g / (g - 1)) / len(values)


def judge(key, rows):
    """What one effect came to, checked."""
    size, kind, effect = key
    years = [r[0] for r in rows]
    bias, bias_se = clustered([r[1] - 100 * effect for r in rows], years)
    covers, covers_se = clustered([float(r[2] <= 100 * effect <= r[3]) for r in rows], years)
    # With few trials no coverage is known better than by this.
    covers_se = max(covers_se, math.sqrt(LEVEL * (1 - LEVEL) / len(rows)))
    found = statistics.fmean(float(not r[2] <= 0 <= r[3]) for r in rows)
    what = f"{size} buildings, {kind}, {100 * effect:.0f} %"
    if abs(bias) > 2 * bias_se:
        failures.append(f"{what}: off by {bias:.2f}, standard error {bias_se:.2f}")
    if not 0.86 - 2 * covers_se <= covers <= 0.94 + 2 * covers_se:
        failures.append(f"{what}: covers {covers:.2f}, standard error {covers_se:.2f}")
    if effect == 0 and found > 0.12 + 2 * covers_se:
        failures.append(f"{what}: {found:.2f} false positives")
    return {"n": len(rows), "bias": f"{bias:+.1f} +- {bias_se:.1f}",
            "covers": f"{100 * covers:.0f} +- {100 * covers_se:.0f}", "found": f"{100 * found:.0f}",
            "half": f"{statistics.median((r[3] - r[2]) / 2 for r in rows):.1f}"}


def print_table(found, effects):
    """A line a size and kind; each column's figures in the order of effects."""
    print(f"| buildings | measured | n | estimate less {', '.join(f'{100 * e:.0f}' for e in effects)} % | "
          "covers | found | half-width |\n|---|---|---|---|---|---|---|")
    for size, kind in dict.fromkeys(key[:2] for key in found):
        cells = [judge((size, kind, e), found[size, kind, e]) for e in effects]
        # Coverage is mostly the same for all effects, as errors and intervals shrink alike.
        columns = [", ".join(dict.fromkeys(c[name] for c in cells)) for name in ("bias", "covers")]
        columns += [", ".join(c[name] for c in cells) for name in ("found", "half")]
        print(f"| {size} | {kind} | {cells[0]['n']} | {' | '.join(columns)} |")


def main():
    if not DATA.is_dir():
        print("skipped: the buildings' data are not here (MADANG_SHARED)")
        return 77
    with tempfile.TemporaryDirectory() as temporary:
        found = run(pathlib.Path(temporary), PLANS[sys.argv[1]],
                    int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count())
    print_table(found, PLANS[sys.argv[1]]["effects"])
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    sys.exit(main())

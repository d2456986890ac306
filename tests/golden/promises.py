#!/usr/bin/python3
"""What the program promises of its outputs, on a simulated city: the same bytes for any number of
threads and on every run; records that fit their schema; group sums that are the total; bills that
are those of the raw files; and, killed at any moment, either the old outputs or the new ones.

usage: promises.py same|schema|bills|killed
"""
import calendar
import collections
import csv
import datetime
import json
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

MADANG = os.environ["MADANG"]
SOURCE = pathlib.Path(os.environ["MADANG_SOURCE"])
YAML = "measures/heating-controls.yaml"
ENV = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
KILLS = 50


def madang(folder, *arguments):
    done = subprocess.run([MADANG, *arguments], cwd=folder, capture_output=True, env=ENV,
                          timeout=300)
    if done.returncode:
        sys.exit(f"madang {arguments}: {done.stderr.decode()}")
    return done.stdout


def make_city(folder, seed="1"):
    madang(folder, "demo", "city", "--homes", "800", "--seed", seed, "--quiet")
    return folder / "city"


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes()
            for p in sorted(folder.rglob("*")) if p.is_file()}


def expect(what, good):
    if not good:
        sys.exit(f"broken promise: {what}")


def same(folder):
    """Threads, runs."""
    city = make_city(folder)
    whole = contents(city)
    shutil.rmtree(city)
    make_city(folder)
    again = contents(city)
    expect(f"the demo's files differ: {[k for k in whole if whole[k] != again.get(k)]}",
           whole == again)
    for ending in ("csv", "parquet"):
        outputs = []
        for threads in ("1", "2", "3", "7", "64"):
            out = folder / f"out-{ending}-{threads}"
            out.mkdir()
            madang(city, "measure", YAML, "--threads", threads, "--per-meter",
                   str(out / f"meters.{ending}"), "--record", str(out / "r.json"),
                   "--report", str(out / "r.html"), "--quiet")
            outputs.append(contents(out))
        expect(f"outputs with {ending} depend on the number of threads",
               all(o == outputs[0] for o in outputs))
    for threads in ("1", "2", "5"):
        madang(city, "import", "readings", "raw/gas-2022.csv", "raw/gas-2023.csv",
               "raw/gas-2024.csv", "-o", f"gas-{threads}.parquet", "--columns",
               "meter=meter,start=date,value=kwh", "--quantity", "gas", "--unit", "kWh", "--kind",
               "interval", "--tz", "Asia/Seoul", "--threads", threads, "--quiet")
    tables = {(city / f"gas-{t}.parquet").read_bytes() for t in ("1", "2", "5")}
    expect("tables depend on the number of threads", len(tables) == 1)


def schema(folder):
    """The record, and the sums in it."""
    try:
        import jsonschema
    except ImportError:
        print("skipped: python3-jsonschema is not installed")
        return 77
    rules = json.loads((SOURCE / "data/evidence-record.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(rules)
    validator = jsonschema.Draft202012Validator(rules)
    city = make_city(folder)
    for measure in ("heating-controls", "heating-controls-electricity"):
        record = json.loads((city / f"results/{measure}.record.json").read_text())
        validator.validate(record)
        check_sums(city / f"results/{measure}.meters.csv", record)
        expect("matched on what daily readings have",
               record["method"]["matched_on"] == ["level", "months"])
        bounded = [record["outcome"][0]["effect"], *(g["effect"] for g in record["groups"])]
        for estimate in (e for effect in bounded for e in effect.values()):
            low, high = estimate["ci"]
            expect("one-sided bounds lie within the two-sided interval",
                   low <= estimate["at_least"] <= estimate["value"] <= estimate["at_most"] <= high)
        broken = json.loads(json.dumps(record))
        broken["outcome"][0]["effect"]["total"]["ci"] = [1]
        expect("a broken record fits the schema", not validator.is_valid(broken))
    return 0


def check_sums(table, record):
    """Groups and the per-meter table against the record's total."""
    effect = record["outcome"][0]["effect"]
    with open(table) as f:
        ok = [row for row in csv.DictReader(f) if row["status"] == "ok"]
    expect("as many meters in the table", len(ok) == record["population"]["measured"])
    total = math.fsum(float(row["savings"]) for row in ok)
    # A comparison group corrects the total; what it was before stands beside it.
    whole = math.fsum(float(row["counterfactual"]) for row in ok)
    before = record["method"]["comparison"]["before_percent"]["value"] / 100 * whole
    expect("the table adds up to the total before", abs(total - before) < 1e-9 * abs(whole))
    observed = math.fsum(float(row["observed"]) for row in ok)
    outcome = record["outcome"][0]
    expect("what was observed and saved is the counterfactual",
           abs(observed + effect["total"]["value"] - outcome["counterfactual"]) < 1e-9 * whole)
    for by in {g["by"] for g in record["groups"]}:
        groups = [g for g in record["groups"] if g["by"] == by]
        saved = math.fsum(g["effect"]["total"]["value"] or 0 for g in groups)
        expect(f"groups by {by} add up to the total",
               abs(saved - effect["total"]["value"]) < 1e-9 * abs(saved))
        expect(f"meters by {by} add up",
               sum(g["measured"] for g in groups) == record["population"]["measured"])


def price(use, blocks, share):
    paid = below = 0.0
    for to, each in blocks:
        paid += max(0.0, min(use, to * share) - below) * each
        below = to * share
    return paid


def bills(folder):
    """Bills and burden of the electricity, from the raw files by other means: blocks by season."""
    city = make_city(folder)
    name = "heating-controls-electricity"
    record = json.loads((city / f"results/{name}.record.json").read_text())
    with open(city / f"results/{name}.meters.csv") as f:
        ok = {row["meter"] for row in csv.DictReader(f) if row["status"] == "ok"}
    with open(city / "raw/meters.csv") as f:
        homes = {row["meter"]: row for row in csv.DictReader(f) if row["meter"] in ok}
    days = collections.defaultdict(dict)
    for path in sorted(city.glob("raw/electricity-*.csv")):
        with open(path) as f:
            for row in csv.DictReader(f):
                home = homes.get(row["meter"])
                day = datetime.date.fromisoformat(row["date"])
                start = home and datetime.date.fromisoformat(home["finished"])
                if home and 0 <= (day - start).days < 365 and float(row["kwh"]) != 0:
                    days[row["meter"], day.year, day.month][day] = float(row["kwh"])
    summer = [(300, 120), (450, 215), (math.inf, 307)]
    other = [(200, 120), (400, 215), (math.inf, 307)]
    paid, income = [], []
    for (meter, year, month), use in days.items():
        share = len(use) / calendar.monthrange(year, month)[1]
        paid.append(42 * len(use) + price(math.fsum(use.values()),
                                          summer if month in (7, 8) else other, share))
        income.append(float(homes[meter]["income_krw"]) * len(use) / 365.25)
    whole = record["inclusion"]
    near = lambda a, b: abs(a - b) < 1e-12 * abs(b)
    expect("bills are those of the raw files", near(math.fsum(paid), whole["bill"]["after"]))
    expect("so is the burden", near(100 * math.fsum(paid) / math.fsum(income),
                                    whole["burden"]["after_percent"]))
    for by in {g["by"] for g in record["groups"]}:
        groups = [g["bill"] for g in record["groups"] if g["by"] == by and g["bill"]]
        for what in ("before", "after"):
            expect(f"bills by {by} add up",
                   near(math.fsum(b[what] for b in groups), whole["bill"][what]))
    return 0


def killed(folder):
    """SIGKILL at random moments: old outputs or new ones, never half."""
    city = make_city(folder)
    out = city / "killed"
    yaml = city / YAML
    variants = []
    for level in ("0.90", "0.80"):
        yaml.write_text(yaml.read_text().replace("level: 0.90", f"level: {level}"))
        madang(city, "measure", YAML, "--out", "killed", "--quiet")
        variants.append(contents(out))
    expect("the two variants differ", all(variants[0][k] != variants[1][k] for k in variants[0]))
    began = time.monotonic()
    madang(city, "measure", YAML, "--out", "killed", "--quiet")
    takes = time.monotonic() - began
    rng, seen, mixed, before = random.Random(1), set(), 0, None
    for i in range(KILLS):
        text = yaml.read_text()
        was = i % 2
        yaml.write_text(text.replace("level: 0.80" if was == 0 else "level: 0.90",
                                     "level: 0.90" if was == 0 else "level: 0.80"))
        run = subprocess.Popen([MADANG, "measure", YAML, "--out", "killed", "--quiet"], cwd=city,
                               env=ENV)
        time.sleep(rng.uniform(0, 1.1 * takes))
        run.kill()
        run.wait()
        now = {k: v for k, v in contents(out).items() if not k.startswith(".")}
        expect(f"files after kill {i}: {sorted(now)}", sorted(now) == sorted(variants[0]))
        for name, data in now.items():
            expect(f"{name} is neither old nor new after kill {i}",
                   data in (variants[0][name], variants[1][name]))
        states = {name: data == variants[0][name] for name, data in now.items()}
        mixed += len(set(states.values())) > 1 and tuple(states.values()) not in (before,)
        before = tuple(states.values())
        seen.add(tuple(states.values()))
    expect("some runs were killed early and some finished", len(seen) > 1)
    madang(city, "measure", YAML, "--out", "killed", "--quiet")
    expect("what killed runs left is swept", not [k for k in contents(out) if k.startswith(".")])
    print(f"{KILLS} kills: every file whole, {mixed} of them between two renames")
    return 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        return {"same": same, "schema": schema, "bills": bills,
                "killed": killed}[sys.argv[1]](pathlib.Path(folder)) or 0


if __name__ == "__main__":
    sys.exit(main())

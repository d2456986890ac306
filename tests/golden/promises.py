#!/usr/bin/python3
"""What the program promises of its outputs, on a simulated city: the same bytes for any number of
threads and on every run; the same numbers in either language; records that fit their schema; group
sums that are the total; bills that are those of the raw files; no number in a public record that
follows a single meter; and, killed at any moment, either the old outputs or the new ones.

usage: promises.py same|languages|schema|signed|pooled|bills|attacked|killed
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
import re
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
                          timeout=3600)
    if done.returncode:
        sys.exit(f"madang {arguments}: {done.stderr.decode()}")
    return done.stdout


def make_city(folder, seed="1", homes="800"):
    """With 800 homes too few are treated for a public record; 1300 are enough for one."""
    madang(folder, "demo", "city", "--homes", homes, "--seed", seed, "--quiet")
    return folder / "city"


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes()
            for p in sorted(folder.rglob("*")) if p.is_file()}


def expect(what, good):
    if not good:
        sys.exit(f"broken promise: {what}")


def same(folder):
    """Threads, runs."""
    city = make_city(folder, homes="1300")
    whole = contents(city)
    shutil.rmtree(city)
    make_city(folder, homes="1300")
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


def numbers_in(summary):
    """In any order; without the seconds it took, and what the words of reasons have."""
    summary = re.sub(r"(?m)^( +\d+)  \D.*$|\d+\.\d\d s\b", r"\1", summary)
    return sorted(re.findall(r"(?<![a-z])-?\d+(?:\.\d+)?", summary))


def languages(folder):
    """What is said in Korean is what is said in English; JSON has no language."""
    madang(folder, "demo", "city", "--homes", "200", "--quiet")
    city = folder / "city"
    commands = [("measure", YAML, "--internal", "--record", "r.json"),
                ("measure", YAML, "--record", "r.json", "--internal", "--model", "madang-daily"),
                ("validate", "--readings", "tables/gas.parquet", "--weather", "tables/weather.parquet",
                 "--meters", "tables/meters.parquet", "--years", "2019-2021", "--group-by", "district",
                 "--portfolio", "3,10,900")]
    for command in commands:
        said = {lang: madang(city, *command, "--lang", lang).decode() for lang in ("en", "ko")}
        numbers = {lang: numbers_in(text) for lang, text in said.items()}
        expect(f"{command[0]} says other numbers in Korean", numbers["en"] == numbers["ko"])
        expect(f"{command[0]} says many", len(numbers["en"]) > 50)
        lines = [line for line in said["ko"].splitlines() if re.search("[a-z]{3} [a-z]{3}", line)]
        expect(f"{command[0]} leaves English in Korean: {lines}",
               lines in ([], ["Smart heating controls in social housing"]))
        documents = {madang(city, *command, "--json", "--quiet", "--lang", lang) for lang in said}
        expect(f"{command[0]} --json depends on the language", len(documents) == 1)


def signed(folder):
    """The demo's evidence verifies, and its net effect, groups and grade are right."""
    cities = 3
    squares, groups, n_groups = 0, 0, 0
    for seed in range(1, cities + 1):
        done = json.loads(madang(folder, "demo", f"city{seed}", "--homes", "2000", "--seed", str(seed),
                                 "--json", "--quiet"))
        gas = done[0]
        entry = gas["record"]["co2e"][0]["net"]
        net = entry["effect"]
        errors = (net["value"] - gas["truth_net_kg"]) / net["se"]
        squares += errors ** 2
        alike = gas["record"]["method"]["comparison"]["balance"] != "poor"
        expect("the grade is that of a comparison without a logged plan, if groups were alike",
               gas["record"]["grade"]["value"] == (3 if alike else 2))
        for group in gas["record"]["groups"]:
            low, high = group["effect"]["percent"]["ci"]
            truth = gas["truth_groups_percent"][f"{group['by']}={group['group']}"]
            groups += low <= truth <= high
            n_groups += 1
        answer = json.loads(madang(folder, "verify", gas["envelope"], "--key", gas["key"], "--json"))
        expect("the envelope verifies", answer["good"] == 1 and answer["refused"] == 0)
        if seed > 1:
            refused = subprocess.run([MADANG, "verify", gas["envelope"], "--key",
                                      folder / "city1/keys"], cwd=folder, capture_output=True)
            expect("another city's key is refused", refused.returncode == 3)
    print(f"net effects: squared errors of {squares:.2f} in all, groups {groups} of {n_groups}")
    # Chi-squared with 3 degrees of freedom: above 11.34 in one case of a hundred.
    expect("net effects are no further from their truth than their errors say", squares < 11.34)
    expect("groups hold their truth", groups >= 0.75 * n_groups)


def pooled(folder):
    """Twelve cities measured, signed and pooled; what that says of a thirteenth is true."""
    done = json.loads(madang(folder, "demo", "cities", "--cities", "--json", "--quiet"))
    cities, pool = done["cities"], done["pool"]
    measured, last = cities[:-1], cities[-1]
    inside = sum(c["lo"] <= c["truth_percent"] <= c["hi"] for c in measured)
    warm, cold = (pick(measured, key=lambda c: c["hdd18_c"]) for pick in (min, max))
    expect("where it is cold, more of all gas is saved",
           cold["truth_percent"] - warm["truth_percent"] > 1)
    expect("ten of twelve intervals hold", inside >= 10)
    expect("all records are pooled", pool["k"] == 12 and not pool["left_out"])
    expect("the pool sees the climate", pool["coefficients"][1]["name"] == "hdd18"
           and pool["coefficients"][1]["ci"][1] < 0)
    low, high = pool["transfer"]["percent"]["pi"]
    expect("the thirteenth city was not measured", "percent" not in last)
    expect("its truth lies in the interval", low <= last["truth_percent"] <= high)
    files = contents(folder / "cities")
    expect("a signed record and a key of each", sum(k.startswith("evidence/") for k in files) == 12
           and len({v for k, v in files.items() if k.endswith(".pub")}) == 12)
    print(f"{inside} of 12 intervals hold, and {low:.1f} to {high:.1f} for a truth of "
          f"{last['truth_percent']:.1f}")


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
    city = make_city(folder, homes="1300")
    for measure in ("heating-controls", "heating-controls-electricity"):
        published = json.loads((city / f"results/{measure}.record.json").read_text())
        expect("the demo's record may leave the city", published["internal"] is False)
        validator.validate(published)
        check_published(published)
        madang(city, "measure", f"measures/{measure}.yaml", "--out", "exact", "--internal",
               "--quiet")
        record = json.loads((city / f"exact/{measure}.record.json").read_text())
        validator.validate(record)
        check_sums(city / f"exact/{measure}.meters.csv", record)
        expect("matched on what daily readings have",
               record["method"]["matched_on"] == ["level", "months"])
        bounded = [record["outcome"][0]["effect"], *(g["effect"] for g in record["groups"])]
        for estimate in (e for effect in bounded for e in effect.values()):
            low, high = estimate["ci"]
            expect("one-sided bounds lie within the two-sided interval",
                   low <= estimate["at_least"] <= estimate["value"] <= estimate["at_most"] <= high)
        check_breaks(validator, published, record)
        check_chosen(record)
    # Its lag remembers days before the baseline.
    madang(city, "measure", YAML, "--record", "daily.json", "--internal", "--quiet", "--model",
           "madang-daily")
    check_chosen(json.loads((city / "daily.json").read_text()))
    noisy = city / "measures/noisy.yaml"
    text = (city / YAML).read_text()
    # Of little noise and of so much that the interval consists of it.
    for epsilon in (2, 0.01):
        noisy.write_text(text.replace("record:", f"disclosure: {{epsilon: {epsilon}}}\nrecord:"))
        madang(city, "measure", "measures/noisy.yaml", "--record", "noisy.json", "--quiet")
        record = json.loads((city / "noisy.json").read_text())
        validator.validate(record)
        check_noise(record, epsilon)
    return 0


def check_noise(record, epsilon):
    """The noise, 2 sqrt(2) / (n epsilon) in units of 100 %, does not tell n within its band."""
    sd = record["disclosure"]["noise"]["sd_percent"]
    least = int(record["population"]["measured"].split("-")[0])
    expect("the noise is stated as that of the band's fewest meters",
           abs(sd * epsilon * least / (200 * math.sqrt(2)) - 1) < 1e-11)
    sets = [(record["population"]["measured"], record["outcome"][0]["effect"])]
    sets += [(g["measured"], g["effect"]) for g in record["groups"]]
    for band, effect in sets:
        least = int(band.split("-")[0])
        guess = 200 * math.sqrt(2) / (epsilon * effect["percent"]["se"])
        expect("the noise is in the error, and the error does not count the meters", guess < least)
        if epsilon < 0.1:
            expect("that error consists of noise", guess > 0.99 * least)


def check_published(record):
    """Rounded to what it says, and no exact count in it."""
    step = record["disclosure"]["rounding"]["percent_step"]
    effect = record["outcome"][0]["effect"]
    for estimate in (effect["percent"], *(g["effect"]["percent"] for g in record["groups"])):
        expect("effects are multiples of the step", abs(estimate["value"] / step % 1) < 1e-9)
    expect("the total follows from the percentage", abs(
        effect["total"]["value"]
        - effect["percent"]["value"] / 100 * record["outcome"][0]["counterfactual"]) < 1e-6)
    z = 1.6448536269514722
    for path in ("percent", "total", "per_unit_year"):
        e = effect[path]
        expect("intervals follow from value and error",
               abs(e["ci"][1] - e["value"] - z * e["se"]) <= 1e-9 * max(1, abs(e["ci"][1])))
    measured = int(record["population"]["measured"].split("-")[0])
    expect("the least band begins at the rule's number", measured >= 100)


def check_chosen(record):
    """Among all methods side by side, the one that counts says what the record says."""
    compared = record["method"]["comparison"]
    [chosen] = [m for m in compared["methods"] if m["method"] == compared["method"]]
    percent = record["outcome"][0]["effect"]["percent"]
    expect("the chosen method's effect is the record's",
           all(abs(chosen["percent"][k] - percent[k]) < 1e-12 for k in ("value", "se")) and
           all(abs(a - b) < 1e-12 for a, b in zip(chosen["percent"]["ci"], percent["ci"])))


def check_breaks(validator, published, exact):
    """What must not pass for a record."""
    for name, record, change in (
            ("a broken interval", exact,
             lambda r: r["outcome"][0]["effect"]["total"].update(ci=[1])),
            ("exact counts in public", published, lambda r: r["population"].update(measured=158)),
            ("bands in an internal one", exact, lambda r: r["population"].update(measured="1-99")),
            ("a rule that failed", published,
             lambda r: r["disclosure"]["rules"][0].update({"pass": False})),
            ("no rules", published, lambda r: r["disclosure"].update(rules=[])),
            ("no rounding", published, lambda r: r["disclosure"].update(rounding=None)),
            ("a grade of six", published, lambda r: r["grade"].update(value=6)),
            ("its own id", published, lambda r: r.update(id="0" * 64))):
        broken = json.loads(json.dumps(record))
        change(broken)
        expect(f"{name} fits the schema", not validator.is_valid(broken))


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


def read_homes(city, homes):
    """Gas of the chosen homes as rows: meter, date, kWh."""
    rows = []
    for path in sorted(city.glob("raw/gas-202[1-4].csv")):
        with open(path) as f:
            rows += (row for row in map(lambda line: line.rstrip().split(","), f) if row[0] in homes)
    return rows


def published(city, rows, target, factor):
    """The public record when the target uses so much more from its installation on. Without the
    keyed hash of all input."""
    meter, start = target["meter"], target["finished"] or "2023-06-01"
    with open(city / "raw/attacked.csv", "w") as out:
        out.write("meter,date,kwh\n")
        for row in rows:
            changed = row[0] == meter and row[1] >= start and row[2]
            out.write(f"{row[0]},{row[1]},{float(row[2]) * factor if changed else row[2]}\n")
    madang(city, "import", "readings", "raw/attacked.csv", "--columns",
           "meter=meter,start=date,value=kwh", "--quantity", "gas", "--unit", "kWh", "--kind",
           "interval", "--tz", "Asia/Seoul", "-o", "tables/attacked.parquet", "--quiet")
    (city / "measures/releases.ledger").write_text("madang releases 1\n")
    madang(city, "measure", "measures/attacked.yaml", "--record", "attacked.json", "--per-meter",
           "attacked.csv", "--quiet")
    record = json.loads((city / "attacked.json").read_text())
    del record["provenance"]["input_commitment"]
    return record


def attacked(folder):
    """One who knows all readings but one meter's of the reporting year, up to a factor, tries all
    factors and looks which of them give the record that was published. Its effect is hidden to
    within 50 points: over so many points the effect of all may change once, and so may the
    concentration index and either's error."""
    steps, most = 8, 4
    city = make_city(folder, homes="1300")
    yaml = (city / YAML).read_text().replace("gas.parquet", "attacked.parquet")
    (city / "measures/attacked.yaml").write_text(yaml)
    with open(city / "raw/meters.csv") as f:
        all_homes = [row for row in csv.DictReader(f) if row["fuel"] == "gas" and row["type"] == "home"]
    treated = [h for h in all_homes if h["programme"] == "controls-2023"]
    others = [h for h in all_homes if not h["programme"]][:130]
    homes = {h["meter"]: h for h in treated + others}
    rows = read_homes(city, homes)
    record = published(city, rows, treated[0], 1)
    expect("there is an index to attack", record["concentration"])
    with open(city / "attacked.csv") as f:
        use = {row["meter"]: float(row["counterfactual"]) for row in csv.DictReader(f)
               if row["status"] == "ok"}
    # Of the treated the one with the largest use, whom the rounding has to hide.
    for target in homes[max(use, key=use.get)], others[7]:
        records = [published(city, rows, target, 0.75 + 0.5 * i / steps) for i in range(steps + 1)]
        changes = sum(a != b for a, b in zip(records, records[1:]))
        print(f"{target['meter']}: the record changes {changes} times over 50 points")
        expect("the record does not follow a single meter", changes <= most)
    return 0


def killed(folder):
    """SIGKILL at random moments: old outputs or new ones, never half."""
    city = make_city(folder)
    out = city / "killed"
    yaml = city / YAML
    variants = []
    for level in ("0.90", "0.80"):
        yaml.write_text(yaml.read_text().replace("level: 0.90", f"level: {level}"))
        madang(city, "measure", YAML, "--out", "killed", "--internal", "--quiet")
        variants.append(contents(out))
    expect("the two variants differ", all(variants[0][k] != variants[1][k] for k in variants[0]))
    began = time.monotonic()
    madang(city, "measure", YAML, "--out", "killed", "--internal", "--quiet")
    takes = time.monotonic() - began
    rng, seen, mixed, before = random.Random(1), set(), 0, None
    for i in range(KILLS):
        text = yaml.read_text()
        was = i % 2
        yaml.write_text(text.replace("level: 0.80" if was == 0 else "level: 0.90",
                                     "level: 0.90" if was == 0 else "level: 0.80"))
        run = subprocess.Popen([MADANG, "measure", YAML, "--out", "killed", "--internal",
                                "--quiet"], cwd=city, env=ENV)
        time.sleep(rng.uniform(0, takes))
        # On a machine that is busy with other things, a run takes longer or shorter than one took
        # before: the span in which runs are killed follows, so that about half are killed early.
        takes *= 1.1 if run.poll() is None else 0.9
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
    madang(city, "measure", YAML, "--out", "killed", "--internal", "--quiet")
    expect("what killed runs left is swept", not [k for k in contents(out) if k.startswith(".")])
    print(f"{KILLS} kills: every file whole, {mixed} of them between two renames")
    return 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        return {"same": same, "languages": languages, "schema": schema, "signed": signed,
                "pooled": pooled, "bills": bills, "attacked": attacked,
                "killed": killed}[sys.argv[1]](pathlib.Path(folder)) or 0


if __name__ == "__main__":
    sys.exit(main())

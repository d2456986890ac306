#!/usr/bin/python3
"""Runs the program on small cases and compares exit status, output, messages and files left behind.

usage: golden.py CASES.txt...        UPDATE=1 writes what the program now does into the cases

A case:
  === name
  --- file NAME           content follows; \\0 \\r \\xEF and the like are escapes
  --- replace NAME        lines `old => new`: each old must be there
  --- make NAME WHAT      a file that text cannot show (see MADE)
  --- gzip NAME FROM      a file of the case, packed; utf16: in another encoding
  --- mkdir NAME           mkfifo NAME: a pipe that nobody writes to
  --- chmod NAME MODE
  --- run ARGUMENTS       of madang; several run one after another
  --- exit STATUS
  --- stdout, --- stderr  what it printed; seconds, rates, pids and commitments are masked
  --- left                files that were not there before
Cases start in a folder with good tables of four meters and a good measure.yaml (see FIXTURE).
"""
import datetime
import gzip
import math
import os
import pathlib
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import evidence_files
import pool_files

MADANG = os.environ["MADANG"]
CHECKED = ("exit", "stdout", "stderr", "left")

MEASURE = """measure: controls
title: Heating controls
quantity: {fuel: gas, unit: kWh}
readings: tables/gas.parquet
weather: tables/weather.parquet
meters: tables/meters.parquet
treated: "programme = 'controls'"
installation: {from: 2023-01-01, to: 2023-01-08}
baseline: {days: 365}
reporting: {days: 365}
time_zone: UTC
model: caltrack-daily
level: 0.90
groups: [district]
"""


def day(i):
    return datetime.date(2022, 1, 1) + datetime.timedelta(days=i)


def fixture(folder):
    """Raw files of four meters over two years, their tables, and a measure."""
    rng = random.Random(1)
    temps = [11 - 9 * math.cos(2 * math.pi * (i - 15) / 365) + rng.gauss(0, 2) for i in range(740)]
    raw = folder / "raw"
    raw.mkdir()
    (raw / "weather.csv").write_text("date,temp_c\n" + "".join(
        f"{day(i)},{t:.2f}\n" for i, t in enumerate(temps)))
    with open(raw / "gas.csv", "w") as f:
        f.write("meter,date,kwh\n")
        for m in range(4):
            for i, t in enumerate(temps):
                heat = (2 + m) * max(0, 15 - t) * (0.9 if i >= 372 and m < 2 else 1)
                f.write(f"M{m + 1},{day(i)},{8 + heat * math.exp(rng.gauss(0, 0.1)):.2f}\n")
    (raw / "meters.csv").write_text(
        "meter,district,programme,started\nM1,North,controls,2023-01-01\n"
        "M2,South,controls,2023-01-01\nM3,North,,\nM4,South,,\n")
    (folder / "tables").mkdir()
    for table, arguments in (
            ("gas", "readings raw/gas.csv --columns meter=meter,start=date,value=kwh "
                    "--quantity gas --unit kWh --kind interval --tz UTC"),
            ("weather", "weather raw/weather.csv --columns start=date,temp=temp_c --unit degC "
                        "--tz UTC"),
            ("meters", "meters raw/meters.csv --columns meter=meter")):
        subprocess.run([MADANG, "import", *shlex.split(arguments), "-o",
                        f"tables/{table}.parquet", "--quiet"], cwd=folder, check=True)
    (folder / "measure.yaml").write_text(MEASURE)


def cut_parquet(folder, path):
    whole = (folder / "tables/gas.parquet").read_bytes()
    path.write_bytes(whole[:len(whole) // 2])


def many_columns(_, path):
    n = 1_000_000
    path.write_text("meter,date," + ",".join(f"c{i}" for i in range(n)) + "\nM1,2022-01-01"
                    + ",1" * n + "\n")


def long_line(_, path):
    path.write_text("meter,date,kwh\nM1,2022-01-01," + "9" * 5_000_000 + "\n")


def gzipped(folder, path):
    path.write_bytes(gzip.compress((folder / "raw/gas.csv").read_bytes()))


def random_bytes(_, path):
    path.write_bytes(random.Random(2).randbytes(4096))


def utf16(_, path):
    path.write_text("meter,date,kwh\nM1,2022-01-01,3\n", encoding="utf-16")


def deep_yaml(_, path):
    path.write_text("measure: " + "[" * 5000 + "]" * 5000 + "\n")


def alias_bomb(_, path):
    path.write_text("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [" + ",".join([f"*{chr(97 + i)}"] * 9) + "]\n"
        for i in range(9)))


def huge_yaml(_, path):
    path.write_text("# " + "x" * 3_000_000 + "\n" + MEASURE)


def epw_lines(hours=8760, year=1999):
    header = ["LOCATION,Yard,-,KOR,made for tests,471120,37.48,126.55,9.0,70.0", "DESIGN CONDITIONS,0",
              "TYPICAL/EXTREME PERIODS,0", "GROUND TEMPERATURES,0", "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
              "COMMENTS 1", "COMMENTS 2", "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31"]
    first = datetime.datetime(year, 1, 1)
    for i in range(hours):
        at = first + datetime.timedelta(hours=i)
        temp = 12 - 14 * math.cos(2 * math.pi * i / 8760) + 4 * math.sin(2 * math.pi * (i % 24) / 24)
        header.append(f"{at.year},{at.month},{at.day},{at.hour + 1},0,?9?9,{temp:.1f},5.0,60,101300,0,"
                      f"0,300,{max(0, 400 * math.sin(2 * math.pi * (i % 24 - 6) / 24)):.0f}" + ",0" * 21)
    return header


def write_epw(change=lambda lines: lines):
    return lambda folder, path: path.write_text("\n".join(change(epw_lines())) + "\n")


def leap_epw(_, path):
    path.write_text("\n".join(epw_lines(8784, 2020)) + "\n")


def rewrite(folder, path, change):
    """The readings with those of M1 changed: `change` takes a date and a value as text."""
    lines = (folder / "raw/gas.csv").read_text().splitlines()
    rows = [line.split(",") for line in lines[1:]]
    path.write_text(lines[0] + "\n" + "".join(
        f"{m},{d},{change(d, v) if m == 'M1' else v}\n" for m, d, v in rows))


def all_zero(folder, path):
    rewrite(folder, path, lambda d, v: "0")


def zero_summer(folder, path):
    rewrite(folder, path, lambda d, v: "0" if "2022-06" <= d < "2022-09" else v)


def negative_day(folder, path):
    rewrite(folder, path, lambda d, v: "-1" if d == "2022-05-01" else v)


def gap_of_fifty_days(folder, path):
    rewrite(folder, path, lambda d, v: "" if "2022-03-01" <= d < "2022-04-20" else v)


def one_reading(folder, path):
    text = (folder / "raw/gas.csv").read_text()
    path.write_text(re.sub(r"(?m)^M1,(?!2022-05-01).*\n", "", text))


def hourly_gas(_, path):
    """Six meters of one level and season: in offices O they differ from homes H by the hours of the week
    only. In the second year treated offices save a tenth, and homes use a tenth more."""
    rng = random.Random(3)
    with open(path, "w") as f:
        f.write("meter,start,kwh\n")
        for meter in ("H1", "H2", "H3", "O1", "O2", "O3", "O4"):
            for i in range(740):
                heat = 40 + 30 * math.cos(2 * math.pi * (i - 15) / 365)
                heat *= math.exp(rng.gauss(0, 0.03))
                if i >= 372:
                    heat *= 1.1 if meter[0] == "H" else 0.9 if meter in ("O1", "O2") else 1
                weekend = day(i).weekday() >= 5
                for hour in range(24):
                    office = 8 <= hour < 18 and not weekend
                    home = hour >= 17 or weekend
                    share = (office if meter[0] == "O" else home) + 0.5
                    whole = (10 if not weekend else 0) + 12 if meter[0] == "O" else 12 + (24 if weekend else 7)
                    f.write(f"{meter},{day(i)} {hour:02}:00,{heat * share / whole:.4f}\n")


def homes(_, path):
    """240 homes with controls in two districts of 120, twenty of them small, and one giant."""
    rng = random.Random(5)
    temps = [11 - 9 * math.cos(2 * math.pi * (i - 15) / 365) + rng.gauss(0, 2) for i in range(740)]
    with open(path, "w") as f:
        f.write("meter,date,kwh\n")
        for h in range(241):
            size = 20000 if h == 240 else 0.6 + 0.8 * rng.random()
            for i, t in enumerate(temps):
                heat = 3 * max(0, 15 - t) * (0.9 if i >= 372 else 1)
                f.write(f"H{h:03},{day(i)},{size * (8 + heat * math.exp(rng.gauss(0, 0.1))):.2f}\n")


def home_list(_, path):
    path.write_text("meter,district,size,programme\n" + "".join(
        f"H{h:03},{'North' if h < 120 else 'South'},{'small' if h % 12 == 0 else 'large'},"
        f"{'giant' if h == 240 else 'controls'}\n" for h in range(241)))


def secret(_, path):
    path.write_text("0123456789abcdef" * 4 + "\n")
    path.chmod(0o600)


MADE = {f.__name__.replace("_", "-"): f for f in (
    cut_parquet, many_columns, long_line, random_bytes, utf16, deep_yaml, alias_bomb, huge_yaml, gzipped,
    leap_epw, all_zero, zero_summer, negative_day, gap_of_fifty_days, one_reading, hourly_gas,
    homes, home_list, secret)}
MADE |= {
    "epw": write_epw(),
    "half-epw": write_epw(lambda lines: lines[:4000]),
    "epw-hour-25": write_epw(lambda lines: [*lines[:-1], lines[-1].replace(",24,0,", ",25,0,", 1)]),
    "epw-words": write_epw(lambda lines: [*lines[:8], lines[8].replace(",-2.0,", ",cold,"), *lines[9:]]),
    "epw-quote": write_epw(lambda lines: [*lines[:5], 'COMMENTS 1,"a ""quote"" that is not closed', *lines[6:]]),
    "epw-header": write_epw(lambda lines: lines[:8]),
}
MADE |= evidence_files.MADE | pool_files.MADE


class Case:
    def __init__(self, name):
        self.name, self.parts = name, []

    def text(self):
        out = [f"=== {self.name}\n"]
        for head, body in self.parts:
            out.append(f"--- {head}\n{body}")
        return "".join(out)


def parse(text):
    cases, head = [], []
    for line in text.splitlines(keepends=True):
        if line.startswith("=== "):
            cases.append(Case(line[4:].strip()))
        elif not cases:
            head.append(line)
        elif line.startswith("--- "):
            cases[-1].parts.append([line[4:].rstrip("\n"), ""])
        else:
            cases[-1].parts[-1][1] += line
    return "".join(head), cases


def unescape(body):
    return body.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1") \
        if "\\" in body else body.encode()


def replace(path, body):
    text = path.read_text()
    for line in body.splitlines():
        old, _, new = line.partition(" => ")
        if old not in text:
            sys.exit(f"golden: nothing to replace in {path.name}: {old}")
        text = text.replace(old, new)
    path.write_text(text)


def set_up(folder, verb, name, rest, body):
    path = folder / name
    if verb == "file":
        path.write_bytes(unescape(body))
    elif verb == "replace":
        replace(path, body)
    elif verb == "mkdir":
        path.mkdir()
    elif verb == "mkfifo":
        os.mkfifo(path)
    elif verb == "chmod":
        path.chmod(int(rest, 8))
    elif verb == "gzip":
        path.write_bytes(gzip.compress((folder / rest).read_bytes()))
    elif verb == "utf16":
        path.write_text((folder / rest).read_text(), encoding="utf-16")
    elif verb == "make":
        MADE[rest](folder, path)
    else:
        sys.exit(f"golden: what is '--- {verb}'?")


def files_in(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


def masked(text):
    text = re.sub(r"\d+\.\d\d s for", "N s for", text)
    text = re.sub(r"처리 시간 \d+\.\d\d s", "처리 시간 N s", text)
    text = re.sub(r'(?<="input_commitment": ")[0-9a-f]{64}', "HMAC", text)
    return re.sub(r"\.madang-\d+", ".madang-PID", text)


def run_case(case, good):
    """What the program did, by part."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / "case"
        shutil.copytree(good, folder)
        runs = []
        for head, body in case.parts:
            verb, _, rest = head.partition(" ")
            if verb in CHECKED:
                continue
            if verb == "run":
                runs.append(shlex.split(rest))
            else:
                name, _, rest = rest.partition(" ")
                set_up(folder, verb, name, rest, body)
        before, result = files_in(folder), None
        for arguments in runs:
            result = subprocess.run([MADANG, *arguments], cwd=folder, capture_output=True,
                                    timeout=1800, start_new_session=True,
                                    env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
            if any(s in result.stdout + result.stderr for s in evidence_files.SECRETS):
                sys.exit(f"golden: {case.name}: a secret is printed")
        return {"exit": f"{result.returncode}",
                "stdout": masked(result.stdout.decode("utf-8", "replace")),
                "stderr": masked(result.stderr.decode("utf-8", "replace")),
                "left": "".join(f"{name}\n" for name in sorted(files_in(folder) - before))}


def expected(case):
    want = {"exit": "0", "stdout": "", "stderr": "", "left": ""}
    for head, body in case.parts:
        verb, _, rest = head.partition(" ")
        if verb == "exit":
            want["exit"] = rest
        elif verb in CHECKED:
            want[verb] = body
    return want


def update(case, did):
    case.parts = [p for p in case.parts if p[0].split()[0] not in CHECKED]
    case.parts.append([f"exit {did['exit']}", ""])
    for part in ("stdout", "stderr", "left"):
        if did[part]:
            case.parts.append([part, did[part] if did[part].endswith("\n") else did[part] + "\n"])
    case.parts[-1][1] += "\n" if not case.parts[-1][1].endswith("\n\n") else ""


def comparable(text):
    """What lies behind the eleventh decimal is up to the order of roundings in iterations."""
    return re.sub(r"(\.\d{11})\d{2,}", r"\1", text.strip("\n"))


def same(part, want, did):
    return comparable(want) == comparable(did)


def check(path, good):
    head, cases = parse(path.read_text())
    failed = 0
    for case in cases:
        did = run_case(case, good)
        if os.environ.get("UPDATE") == "1":
            update(case, did)
            continue
        want = expected(case)
        wrong = [part for part in CHECKED if not same(part, want[part], did[part])]
        failed += bool(wrong)
        for part in wrong:
            print(f"{path.name}: {case.name}: {part} differs\n  wanted: {want[part]!r}\n"
                  f"  got:    {did[part]!r}")
    if os.environ.get("UPDATE") == "1":
        path.write_text(head + "".join(c.text() for c in cases))
    print(f"{path.name}: {len(cases) - failed} of {len(cases)} cases as expected")
    return failed


def main():
    with tempfile.TemporaryDirectory() as temporary:
        good = pathlib.Path(temporary)
        fixture(good)
        failed = sum(check(pathlib.Path(p), good) for p in sys.argv[1:])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""Writes what the pool's pages are made of: a key, cities to predict for, a table of effects, and
folders of signed records.

usage: pool_records.py FOLDER
"""
import pathlib
import sys

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
sys.path.insert(0, str(GOLDEN))
import pool_files
from pool_files import CITY_SEED, COLD, TWELVE, city, folder

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch upon the Water"

# Forty cities whose effects and errors go from small to large, some of them below zero.
FORTY = [city(f"KR-F{i:02}", f"City number {i + 1}", 3 + 0.3 * ((7 * i) % 20) - 2 * (i % 9 == 0),
              0.3 + 0.06 * ((11 * i) % 40), 1800 + 40 * i, year=2015 + i % 8) for i in range(40)]
CROSSING = [city(f"KR-X{i}", name, percent, se, 2000 + 150 * i, year=2017 + i)
            for i, (name, percent, se) in enumerate([
                (LONG, -3.5, 1.2), ("아주 긴 이름을 가진 어느 바닷가 특별자치도시", 4, 1.5), ("Sol", -0.4, 0.9),
                ("Maru", 2.5, 2.8), ("Yeoul", -6, 4.5), ("Garam", 1.1, 0.6)])]
TYPES = [*TWELVE[:6], *(city(f"KR-R{i}", f"Retrofit {i + 1}", 20 + 2 * i, 2, 2300 + 90 * i, year=2016 + i,
                             **COLD) for i in range(4))]
LARGE = [city(f"KR-L{i}", f"Works {i + 1}", 5 + i, 1 + 0.2 * i, use=4.2e7 + 1e6 * i, year=2016 + i)
         for i in range(6)]
SMALL = [city(f"KR-S{i}", f"Lamp {i + 1}", 5 + i, 1 + 0.2 * i, use=0.9 + 0.1 * i, year=2016 + i)
         for i in range(6)]
LEFT_OUT = [city("KR-AAA", "Estimated", 20, 1, grade=0),
            city("KR-CCC", "Unsure", 3, 1, outcome__0__log_ratio__se=None)]

FOLDERS = {"twelve": [*TWELVE, *LEFT_OUT], "types": TYPES, "forty": FORTY, "crossing": CROSSING,
           "large": LARGE, "small": SMALL}
AS_THERE = ("one", "two", "cohorts", "one-city", "worse")


def case_file(name):
    """The first file of that name in the cases of pooling."""
    cases = (GOLDEN / "pool.txt").read_text().split(f"--- file {name}\n")
    return cases[1].split("--- ")[0]


def main(root):
    (root / "pub").write_text(pool_files.public_file(CITY_SEED))
    inside = case_file("city.yaml")
    (root / "inside.yaml").write_text(inside)
    (root / "outside.yaml").write_text(inside.replace("hdd18_c: 2500", "hdd18_c: 4200"))
    (root / "bcg.csv").write_text(case_file("bcg.csv"))
    for name, records in FOLDERS.items():
        folder(records)(root, root / name)
    for name in AS_THERE:
        pool_files.MADE[f"pool-{name}"](root, root / name)


main(pathlib.Path(sys.argv[1]))

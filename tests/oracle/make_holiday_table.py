"""Writes holiday_table.inc: public holidays by country as the package holidays has them, for
tests/unit/test_day_kinds.c; and to standard error every date in which data/holidays.csv differs.

usage: python3 make_holiday_table.py > holiday_table.inc      (needs the package holidays)

Where the law says otherwise, the package's dates are corrected first; the reasons are below.
"""
import csv
import datetime
import pathlib
import sys

import holidays
from dateutil.easter import easter

YEARS = range(2000, 2036)
TABLE = pathlib.Path(__file__).parent.parent.parent / "data/holidays.csv"


def corrections(country):
    """Dates to add and to leave out."""
    if country == "FR":
        # Code du travail L222-1 lists Whit Monday in these years too: L212-16 of 2004 made it the
        # day of unpaid work where nothing else was agreed, and left it a holiday.
        return {easter(y) + datetime.timedelta(50) for y in (2005, 2006, 2007)}, set()
    if country == "NL":
        # Algemene termijnenwet art. 3 does not list Easter Sunday and Whit Sunday, and only
        # reckons Good Friday, a workday to most, as a holiday for terms.
        return set(), {easter(y) + datetime.timedelta(d) for y in YEARS for d in (-2, 0, 49)}
    return set(), set()


def package_dates(country):
    # The year after, for what is observed on 31 December.
    found = holidays.country_holidays(country, subdiv="ENG" if country == "GB" else None,
                                      years=range(YEARS[0], YEARS[-1] + 2))
    more, fewer = corrections(country)
    return sorted({d for d in found if d.year in YEARS} - fewer | more)


def fnv1a(dates):
    h = 0xcbf29ce484222325
    for byte in "".join(f"{d}\n" for d in dates).encode():
        h = (h ^ byte) * 0x100000001b3 % 2**64
    return h


def our_dates():
    ours = {}
    for row in csv.DictReader(TABLE.open(encoding="utf-8")):
        if row["kind"] == "holiday":
            ours.setdefault(row["country"], set()).add(datetime.date.fromisoformat(row["date"]))
    return ours


def main():
    print(f"/* Made by tests/oracle/make_holiday_table.py with holidays {holidays.__version__}:\n"
          " * country, FNV-1a of its dates as lines, number of dates in 2000, 2001, ... 2035. */")
    for country, ours in sorted(our_dates().items()):
        dates = package_dates(country)
        counts = [str(sum(d.year == y for d in dates)) for y in YEARS]
        print(f'{{ "{country}", 0x{fnv1a(dates):016x}, {{ {", ".join(counts[:18])},\n'
              f'    {", ".join(counts[18:])} }} }},')
        for d in sorted(ours ^ set(dates)):
            print(country, d, "is only", "ours" if d in ours else "the package's", file=sys.stderr)


if __name__ == "__main__":
    main()

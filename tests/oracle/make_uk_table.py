#!/usr/bin/python3
"""Writes tests/oracle/uk_table.inc: fuels and electricity of the UK Government's greenhouse gas
conversion factors 2025 (Open Government Licence v3.0), a row a fuel, in kg CO2e per tonne, litre,
cubic metre, net and gross kWh. Rows that stand twice with the same numbers are kept once.

usage: make_uk_table.py defra_2025_energy.csv > uk_table.inc
"""
import csv
import sys

UNITS = {"tonnes": "t", "litres": "litre", "cubic metres": "m3", "kWh (Net CV)": "net",
         "kWh (Gross CV)": "gross", "kWh": "net"}
GASES = {"kg CO2e": 0, "kg CO2e of CO2 per unit": 1, "kg CO2e of CH4 per unit": 2,
         "kg CO2e of N2O per unit": 3}
LISTED = {"Fuels", "UK electricity", "Transmission and distribution", "Heat and steam"}


def main():
    rows = {}
    with open(sys.argv[1], encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["Level 1"] not in LISTED or not row["GHG Conversion Factor 2025"]:
                continue
            name = row["Level 3"] if row["Level 1"] == "Fuels" else \
                f"{row['Level 2']}: {row['Level 3']}"
            values = rows.setdefault((name, UNITS[row["UOM"]]), [[] for _ in GASES])
            kept = values[GASES[row["GHG/Unit"]]]
            if row["GHG Conversion Factor 2025"] not in kept:
                kept.append(row["GHG Conversion Factor 2025"])
    print("/* Made by tests/oracle/make_uk_table.py of the UK Government GHG conversion factors 2025, "
          "which are\n * Open Government Licence v3.0: fuel, unit, then kg CO2e in all, of CO2, of "
          "CH4, of N2O. */")
    for (name, unit), values in rows.items():
        if any(len(v) != 1 for v in values):
            sys.exit(f"{name}, {unit}: {values}")
        print(f'    {{ "{name}", "{unit}", {{ {", ".join(v[0] for v in values)} }} }},')


if __name__ == "__main__":
    main()

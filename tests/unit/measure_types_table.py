#!/usr/bin/python3
"""Spoils the catalogue of types of measures, one row at a time, and sees the generator refuse each
with its file and line.

usage: measure_types_table.py EMBED_MEASURE_TYPES TYPES.csv TERMS.csv
"""
import pathlib
import subprocess
import sys
import tempfile

TYPES, TERMS = "types", "terms"
HEATING = "buildings.controls.heating,buildings,Smart heating controls,"

# name, which table, what is replaced by what (once; None: the line goes), what the complaint must say
SPOILED = [
    ("two types of one id", TYPES, "\nbuildings.controls.cooling,", "\nbuildings.controls.heating,",
     "types.csv:3: 'buildings.controls.heating' stands twice"),
    ("upper case in an id", TYPES, "\nbuildings.controls.heating,", "\nbuildings.Controls.heating,",
     "types.csv:2: 'buildings.Controls.heating' is no id"),
    ("an id without a family", TYPES, "\nbuildings.controls.heating,", "\nbuildings.heating,",
     "types.csv:2: 'buildings.heating' has no family"),
    ("four levels", TYPES, "\nbuildings.controls.heating,", "\nbuildings.controls.heating.radiators,",
     "types.csv:2: 'buildings.controls.heating.radiators' is no id"),
    ("another sector than the id's", TYPES, "heating,buildings,", "heating,water,",
     "types.csv:2: the sector is 'water', the id is 'buildings.controls.heating'"),
    ("no Korean title", TYPES, ",스마트 난방 제어,", ",Heizung,", "types.csv:2: title_ko has no Hangul"),
    ("no English title", TYPES, HEATING, HEATING.replace("Smart heating controls", ""),
     "types.csv:2: title_en is empty"),
    ("a long title", TYPES, HEATING, HEATING.replace("Smart", "Smart and " * 4 + "quick"),
     "types.csv:2: the title is longer than 40"),
    ("an outcome that is none", TYPES, ",gas;heat;electricity,dwelling",
     ",gas;heating;electricity,dwelling", "types.csv:2: there is no outcome 'heating'"),
    ("an outcome twice", TYPES, ",gas;heat;electricity,dwelling", ",gas;heat;gas,dwelling",
     "types.csv:2: outcomes stand twice"),
    ("no outcome", TYPES, ",gas;heat;electricity,dwelling", ",,dwelling",
     "types.csv:2: there is no outcome ''"),
    ("a unit of assignment that is none", TYPES, ",dwelling,device,10,15,", ",flat,device,10,15,",
     "types.csv:2: there is no assignment 'flat'"),
    ("a dose that is none", TYPES, ",dwelling,device,10,15,", ",dwelling,thing,10,15,",
     "types.csv:2: there is no dose_unit 'thing'"),
    ("any dose of a type that is described", TYPES, ",dwelling,device,10,15,",
     ",dwelling,any,10,15,", "types.csv:2: dose_unit is 'any' for types .other"),
    ("a life that ends before it begins", TYPES, ",dwelling,device,10,15,",
     ",dwelling,device,15,10,", "types.csv:2: the life is from 15 to 10 years"),
    ("half a year", TYPES, ",dwelling,device,10,15,", ",dwelling,device,0.5,15,",
     "types.csv:2: the life is not two whole numbers"),
    ("a life without a source", TYPES, ",dwelling,device,10,15,judgement,",
     ",dwelling,device,10,15,,", "types.csv:2: no life_source"),
    ("a life of a type .other", TYPES, ",any,any,,,,", ",any,any,1,2,judgement,",
     "a type .other has no typical life"),
    ("a field too many", TYPES, HEATING, "x," + HEATING, "types.csv:2: not 12 fields"),
    ("spare blanks", TYPES, HEATING, HEATING.replace("Smart", "Smart "),
     "types.csv:2: title_en has spare blanks"),
    ("other columns", TYPES, "id,sector,", "id,branch,", "types.csv:1: the columns are not"),
    ("an .other of a family", TYPES, "\nbuildings.other,", "\nbuildings.controls.other,",
     "'buildings.controls.other': other stands for what is in no family"),
    ("a sector without .other", TYPES, "\nlighting.other,", None, "lighting has no type lighting.other"),
    ("the last sector without .other", TYPES, "\nplanning.other,", None,
     "not every sector has types, the last of them .other"),
    ("a type behind .other", TYPES, "\nenergy.solar.rooftop,energy,",
     "\nbuildings.solar.rooftop,buildings,", "'buildings.solar.rooftop' is not in the order of the sectors, .other last"),
    ("a term twice", TERMS, "outcome,gas,", "outcome,heat,", "terms.csv:11: 'heat' stands twice"),
    ("a list that is none", TERMS, "outcome,gas,", "outcomes,gas,", "terms.csv:10: the list is"),
    ("an outcome without a unit", TERMS, "outcome,gas,kWh,", "outcome,gas,,",
     "terms.csv:10: outcomes have a unit"),
    ("a term without Korean", TERMS, ",가스 사용량", ",Gas", "terms.csv:10: ko has no Hangul"),
    ("a sector that nothing is of", TERMS, "sector,planning,,Urban planning,도시계획\n",
     "sector,planning,,Urban planning,도시계획\nsector,health,,Health,보건\n",
     "not every sector has types"),
]


def spoil(text, old, new):
    if new is not None:
        return text.replace(old, new, 1)
    at = text.index(old)
    return text[:at] + text[text.index("\n", at + 1):]


def run(embed, folder, tables):
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return subprocess.run([embed, "types.csv", "terms.csv", "out.c"], cwd=folder,
                          capture_output=True, text=True, check=False)


def main():
    embed, types, terms = sys.argv[1:]
    sound = {TYPES: pathlib.Path(types).read_text(encoding="utf-8"),
             TERMS: pathlib.Path(terms).read_text(encoding="utf-8")}
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        done = run(embed, folder, sound)
        if done.returncode or not (folder / "out.c").stat().st_size:
            wrong.append(f"the catalogue itself: {done.stderr}")
        for case, table, old, new, complaint in SPOILED:
            (folder / "out.c").unlink(missing_ok=True)
            if old not in sound[table]:
                wrong.append(f"{case}: nothing to spoil")
                continue
            spoiled = {**sound, table: spoil(sound[table], old, new)}
            done = run(embed, folder, spoiled)
            if done.returncode == 0 or complaint not in done.stderr or (folder / "out.c").exists():
                wrong.append(f"{case}: status {done.returncode}, {done.stderr.strip()}")
    print("\n".join(wrong) or f"{len(SPOILED)} spoiled tables are refused")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

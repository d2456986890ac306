#!/usr/bin/python3
"""Makes the samples here out of two records of one measure: lists are cut to their first item, so
that tests which change every bit stay short.

usage: make-samples.py PUBLIC.record.json INTERNAL.record.json
The records: SOURCE_DATE_EPOCH=1700000000 madang demo city; then, in city,
  madang measure measures/heating-controls.yaml --internal --record internal.json
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent


def cut(record):
    for path in ("groups", "withheld", "method/comparison/methods", "provenance/tables"):
        *up, last = path.split("/")
        where = record
        for name in up:
            where = where[name]
        where[last] = where[last][:1]
    profile = record["outcome"][0]["log_ratio"]["profile"]
    record["outcome"][0]["log_ratio"]["profile"] = profile and profile[:9]
    return record


def main():
    for name, path in zip(("public", "internal"), sys.argv[1:3], strict=True):
        record = cut(json.loads(pathlib.Path(path).read_text()))
        (HERE / f"{name}.record.json").write_text(
            json.dumps(record, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

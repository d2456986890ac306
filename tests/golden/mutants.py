#!/usr/bin/python3
"""The program's interpreter of JSON Schema against another one, on records changed at random: what
fits for python3-jsonschema fits for `madang verify --unsigned`, and nothing else does.

usage: mutants.py [COUNT]
"""
import copy
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

MADANG = os.environ["MADANG"]
SOURCE = pathlib.Path(os.environ["MADANG_SOURCE"])
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
ODD = [None, True, False, 0, 1, -1, 0.5, 1.0, -0.0, 1e300, 2 ** 53, "", "a", "KR", "2023-02-30",
       "2024-02-29", "2023-13", "2023-01", "positive = saved", "meter", "gas", "마당", [], {}, [None],
       [1.5, None], [1, 2, 3], {"value": 1, "se": 2, "ci": [0, 2]}, {"used": "x"}, "calibrated"]


def places(value, path=()):
    """(container, key) of everything in a record."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(items):
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*path, key))


def mutate(record, rng, others):
    where, key = rng.choice(list(places(record)))
    kind = rng.randrange(7)
    if kind == 0:
        del where[key]
    elif kind == 1:
        where[key] = copy.deepcopy(rng.choice(others))
    elif kind == 2 and isinstance(where, dict):
        where[rng.choice(["x", "colour", "value", "se", "n", "meters"])] = copy.deepcopy(rng.choice(ODD))
    elif kind == 3 and isinstance(where, list):
        where.append(copy.deepcopy(where[key]))
    elif kind == 4 and isinstance(where[key], (int, float)) and not isinstance(where[key], bool):
        where[key] = rng.choice([-1, 0.5, 1000]) * where[key]
    elif kind == 5 and isinstance(where[key], str):
        where[key] = rng.choice([where[key].upper(), where[key][:-1], where[key] + "x", where[key] * 9])
    else:
        where[key] = copy.deepcopy(rng.choice(ODD))


def main():
    try:
        import jsonschema
    except ImportError:
        print("skipped: python3-jsonschema is not installed")
        return 77
    rules = json.loads((SOURCE / "data/evidence-record.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(
        rules, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    samples = [json.loads((SOURCE / "tests/evidence" / name).read_text())
               for name in ("public.record.json", "internal.record.json")]
    others = ODD + [c[k] for s in samples for c, k in places(s)]
    rng, wrong, fitting, noted, graded = random.Random(1), 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        mutants = {}
        for i in range(COUNT):
            record = copy.deepcopy(samples[i % len(samples)])
            for _ in range(rng.choice([0, 1, 1, 1, 1, 2, 3])):
                mutate(record, rng, others)
            # What no schema is asked about is left out.
            if record.get("schema") == "madang.evidence/1":
                mutants[f"{i:06}.record.json"] = record
                pathlib.Path(folder, f"{i:06}.record.json").write_text(json.dumps(record))
        done = subprocess.run([MADANG, "verify", "--unsigned", "--json", folder], capture_output=True,
                              timeout=1800)
        results = json.loads(done.stdout)["records"]
        for result in results:
            name = pathlib.Path(result["file"]).name
            want = validator.is_valid(mutants[name])
            # That a grade follows from its reasons is looked at beside the schema.
            if want and "does not follow from its reasons" in str(result["error"]):
                graded += 1
                continue
            got = result["checks"]["schema"] == "good" and not result["unknown_fields"]
            fitting += want
            noted += result["checks"]["schema"] == "good" and bool(result["unknown_fields"])
            if want != got:
                wrong += 1
                print(f"{name}: jsonschema says {want}, madang {got}: {result['error']}",
                      *[e.message[:200] for e in validator.iter_errors(mutants[name])])
    good = len(results) == len(mutants) and 50 < fitting < len(results) - 50 and noted > 10 \
            and 0 < graded < 20
    print(f"{len(results)} records, {fitting} fit, {noted} with fields that are not known, {graded} "
          f"with a grade that does not follow, {wrong} judged differently")
    return 0 if good and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())

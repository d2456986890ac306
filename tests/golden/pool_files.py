"""Records of several cities for the cases of pooling, made out of the public sample: each measured the
same measure, and their effects differ by climate."""
import copy
import json
import math

import evidence_files
from evidence_files import CITY_SEED, OTHER_SEED, envelope, public_file, text

SAMPLE = json.loads(evidence_files.SAMPLE)
Z = 1.6448536269514722  # normal quantile of a level of 90 %


def estimate(value, se):
    half = Z * se
    return {"value": value, "se": se, "ci": [value - half, value + half]}


def bounded(value, se):
    return {**estimate(value, se), "at_least": value - 1.2815515655 * se,
            "at_most": value + 1.2815515655 * se}


def outcome(percent, se, use, fuel, unit):
    """Of 487.5 units and years, each of which would have used `use`."""
    share, error, units = percent / 100, se / 100, 487.5
    y, s = math.log1p(-share), error / (1 - share)
    scale = [-2 + i / 2 for i in range(9)]
    return {"quantity": "energy", "fuel": fuel, "unit": unit, "sign": "positive = saved",
            "observed": units * use * (1 - share), "counterfactual": units * use,
            "effect": {"total": bounded(units * use * share, units * use * error),
                       "per_unit_year": bounded(use * share, use * error),
                       "percent": bounded(percent, se)},
            "log_ratio": {"value": y, "se": s, "df": None,
                          "profile": [[y + k * s, -k * k / 2] for k in scale]}}


def grade(value):
    """With the reasons that it follows from."""
    if value == 0:
        return {"value": 0, "reasons": [{"code": "deemed", "words": "nothing was measured", "grade": 0}]}
    steps = SAMPLE["grade"]["reasons"][:3] + [{"code": "planned", "words": "the plan was logged", "grade": 4}]
    return {"value": value, "reasons": steps[:value]}


def city(key, name, percent, se, hdd18=2850, **more):
    """A record as a dictionary. more: year, use, fuel, unit, and what is set at a path: grade=2,
    measure_id="other", or path__with__names=value."""
    r = copy.deepcopy(SAMPLE)
    year, use = more.pop("year", 2022), more.pop("use", 8000)
    r["outcome"] = [outcome(percent, se, use, more.pop("fuel", "gas"), more.pop("unit", "kWh"))]
    r["city"] = {"key": key, "name": name, "country": key and key[:2],
                 "climate": {"hdd18_c": hdd18, "cdd18_c": 3500 - hdd18}}
    r["measure"].update(start=f"{year}-03", end=f"{year}-05")
    r["window"] = {"baseline": {"from": f"{year - 1}-03", "to": f"{year}-02", "days": 365},
                   "reporting": {"from": f"{year}-05", "to": f"{year + 1}-04", "days": 365}}
    r["created"] = f"{year + 1}-06-01"
    r["grade"] = grade(more.pop("grade", 3))
    for path, value in more.items():
        *up, last = path.split("__")
        where = r
        for name_of in up:
            where = where[int(name_of) if name_of.isdigit() else name_of]
        where[last] = value
    return r


def raw(r):
    return (json.dumps(r, indent=1, ensure_ascii=False) + "\n").encode()


# Savings grow with the heating that there is, and with two that this does not explain.
TWELVE = [city(f"KR-{name[:3].upper()}", name, percent, se, hdd18, year=2016 + i % 5,
               measure__dose={"number": 1 + i % 3, "unit": "controller per home"},
               grade=3 + (i % 4 == 0))
          for i, (name, percent, se, hdd18) in enumerate([
              ("Hanbit", 7.5, 0.6, 2850), ("Goyang", 8.1, 0.9, 3010), ("Nadri", 5.2, 0.5, 2100),
              ("Dalbit", 6.0, 1.1, 2450), ("Saebyeok", 9.4, 1.4, 3320), ("Yeoul", 4.1, 0.7, 1890),
              ("Garam", 6.6, 0.4, 2600), ("Maru", 7.9, 1.0, 2920), ("Neulpureun", 5.6, 0.8, 2240),
              ("Byeolha", 8.8, 1.2, 3180), ("Onnuri", 3.2, 0.9, 1750), ("Sol", 6.9, 0.6, 2700)])]


def folder(records, seed=CITY_SEED):
    """A folder of signed envelopes."""
    def make(root, path):
        path.mkdir()
        for i, r in enumerate(records):
            envelope(body=raw(r), seed=seed)(root, path / f"{i + 1:02}.dsse.json")
    return make


def loose(records):
    """A folder of records that nobody signed."""
    def make(_, path):
        path.mkdir()
        for i, r in enumerate(records):
            (path / f"{i + 1:02}.record.json").write_bytes(raw(r))
    return make


def with_copies(records):
    def make(root, path):
        folder(records)(root, path)
        for r in records:
            (path / f"{r['city']['key']}.record.json").write_bytes(raw(r))
            envelope(body=raw(r))(root, path / f"{evidence_files.hashlib.sha256(raw(r)).hexdigest()}.dsse.json")
    return make


def superseding():
    """The first record of a city, and one that says that it takes its place."""
    old = TWELVE[0]
    new = city("KR-HAN", "Hanbit", 7.0, 0.5, year=2019,
               supersedes=evidence_files.hashlib.sha256(raw(old)).hexdigest())
    return [old, new, *TWELVE[1:4]]


def later(**more):
    """Another record of the first city."""
    return city("KR-HAN", "Hanbit", 6.2, 0.7, **{"year": 2016, "created": "2018-01-01", **more})


def broken(root, path):
    folder(TWELVE[:3])(root, path)
    bad = path / "02.dsse.json"
    bad.write_text(bad.read_text().replace('"payload": "e', '"payload": "f', 1))


TWO_COHORTS = [later(year=2020, measure__id="controls-second", population__eligibility="offices",
                     created="2022-01-01")]
COLD = {"measure__type": "buildings.envelope.retrofit", "measure__title": "Deep retrofit"}
MADE = {
    "pool-pub": text(public_file(CITY_SEED)), "pool-other-pub": text(public_file(OTHER_SEED)),
    "pool-twelve": folder(TWELVE), "pool-three": folder(TWELVE[:3]), "pool-two": folder(TWELVE[:2]),
    "pool-four": folder(TWELVE[:4]), "pool-one": folder(TWELVE[:1]),
    "pool-copies": with_copies(TWELVE[:3]),
    "pool-loose": loose(TWELVE[:3]),
    "pool-internal": lambda root, path: (
        loose([{**SAMPLE, **json.loads((evidence_files.SAMPLES / "internal.record.json").read_text())}])(
            root, path)),
    "pool-mixed-keys": lambda root, path: (
        folder(TWELVE[:3])(root, path),
        envelope(body=raw(TWELVE[3]), seed=OTHER_SEED)(root, path / "04.dsse.json")),
    "pool-broken": broken,
    "pool-superseded": folder(superseding()),
    "pool-overlap": folder([*TWELVE[:3], later()]),
    "pool-tie": folder([*TWELVE[:3], later(created=TWELVE[0]["created"])]),
    "pool-cohorts": folder([*TWELVE[:6], *TWO_COHORTS]),
    "pool-one-city": folder([TWELVE[0], *TWO_COHORTS]),
    "pool-left-out": folder([
        *TWELVE[:3], city("KR-AAA", "Estimated", 20, 1, grade=0),
        city(None, "Nowhere", 5, 1), city("KR-BBB", "Power", 3, 1, fuel="electricity"),
        city("KR-CCC", "Unsure", 3, 1, outcome__0__log_ratio__se=None),
        city("KR-DDD", "Certain", 3, 1, outcome__0__log_ratio__se=0)]),
    "pool-fuels": folder([*TWELVE[:3], city("KR-BBB", "Power", 3, 1, fuel="electricity")]),
    "pool-types": folder([*TWELVE[:3], *(city(f"KR-R{i}", f"Retrofit {i}", 20 + i, 2, **COLD)
                                         for i in range(3))]),
    "pool-uneven": folder([*TWELVE[:4], *(city(f"KR-R{i}", f"Retrofit {i}", 20 + i, 2, **COLD)
                                          for i in range(2))]),
    "pool-future": folder([*TWELVE[:3], later(created="2093-01-01"), city("KR-LAT", "Late", 6, 1, created="2093-01-01")]),
    "pool-other": folder([city(f"KR-T{i}", f"Town {i}", 4 + i, 1, measure__type="buildings.other",
                               measure__title=title) for i, title in enumerate(["Blinds", "Pumps", "Fans"])]),
    "pool-bees": folder([city(f"KR-T{i}", f"Town {i}", 4 + i, 1, measure__type="buildings.other",
                              measure__title="Bees on roofs") for i in range(3)]),
    "pool-two-gas": folder([*TWELVE[:3], city("KR-TWO", "Twice", 5, 1, outcome=[
        outcome(5, 1, 8000, "gas", "kWh"), outcome(6, 1, 8000, "gas", "kWh")])]),
    "pool-no-type": folder([*TWELVE[:3], city("KR-BBB", "Untyped", 3, 1, measure__type=None)]),
    "pool-doses": folder([*TWELVE[:5], city("KR-BBB", "Sensors", 3, 1, measure__dose={
        "number": 2, "unit": "sensor per room"})]),
    "pool-no-climate": folder([*TWELVE[:6], city("KR-BBB", "Unknown", 3, 1, city__climate=None)]),
    "pool-no-dose": folder([city(f"KR-N{i}", f"No dose {i}", 3 + i, 1, measure__dose=None)
                            for i in range(3)]),
    "pool-worse": folder([city(f"KR-W{i}", f"Worse {i}", -4 - i / 10, 0.5) for i in range(5)]),
    "pool-unclear": folder([city(f"KR-U{i}", f"Unclear {i}", (i - 2) * 3, 1) for i in range(5)]),
    "pool-same": folder([city(f"KR-S{i}", f"Same {i}", 5, 1) for i in range(5)]),
    "pool-mwh": folder([*TWELVE[:3], city("KR-MWH", "Mega", 7, 1, use=8, unit="MWh")]),
    "pool-volume": folder([*TWELVE[:3], city("KR-VOL", "Volume", 7, 1, unit="m3")]),
    "pool-korean": folder([city(f"KR-K{i}", name, 5 + i, 1, 2500 + 100 * i) for i, name in enumerate(
        ["서울특별시", "부산광역시", "세종특별자치시", "고양시", "아주 긴 이름을 가진 어느 도시"])]),
    "pool-controls": folder([*TWELVE[:2], city("KR-RED", "red \x1b[31m", 5, 1)]),
    "pool-typed": folder([{**TWELVE[0], "grade": {**TWELVE[0]["grade"], "value": 5}}]),
    "pool-empty": lambda _, path: path.mkdir(),
    "pool-no-record": lambda _, path: (path.mkdir(), (path / "x.record.json").write_text("{}")),
}

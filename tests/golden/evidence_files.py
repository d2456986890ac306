"""Records, keys and envelopes for the cases, made here and not by the program: the signatures are
those of RFC 8032's own algorithm, written down below, with the seeds of its first two test vectors."""
import base64
import hashlib
import json
import os
import pathlib

SAMPLES = pathlib.Path(os.environ.get("MADANG_SOURCE", pathlib.Path(__file__).parents[2]),
                       "tests/evidence")
TYPE = "application/vnd.madang.evidence+json"
CITY_SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
OTHER_SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PASSPHRASE = "under the old zelkova tree"

# ---- Ed25519, RFC 8032 section 5.1 ----------------------------------------------------------------

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(p, q):
    """Points as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


def base_point():
    y = 4 * pow(5, -1, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    x = P - x if x & 1 else x
    return x, y, 1, x * y % P


BASE = base_point()


def packed(p):
    z = pow(p[2], -1, P)
    x, y = p[0] * z % P, p[1] * z % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def scalar(seed):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little")
    return a & (1 << 254) - 8 | 1 << 254, h[32:]


def public(seed):
    return packed(times(scalar(seed)[0], BASE))


def sign(seed, message):
    a, prefix = scalar(seed)
    key = public(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    point = packed(times(r, BASE))
    k = int.from_bytes(hashlib.sha512(point + key + message).digest(), "little") % L
    return point + ((r + k * a) % L).to_bytes(32, "little")


# ---- files ----------------------------------------------------------------------------------------

def b64(data):
    return base64.b64encode(data).decode()


def public_file(seed, city=None):
    return f"madang public key 1\ned25519 {b64(public(seed))}\n" + (f"city {city}\n" if city else "")


def secret_file(seed, city=None):
    return (f"madang secret key 1\ned25519 {b64(public(seed))}\n"
            + (f"city {city}\n" if city else "") + f"seed {b64(seed)}\n")


def record(**changes):
    """The public sample; a change of None takes a field away."""
    r = json.loads((SAMPLES / "public.record.json").read_text())
    r = {name: value for name, value in {**r, **changes}.items()
         if name not in changes or value is not None}
    return (json.dumps(r, indent=1, ensure_ascii=False) + "\n").encode()


def failing():
    disclosure = json.loads(record())["disclosure"]
    disclosure["rules"][1]["pass"] = False
    return record(disclosure=disclosure)


def typed_grade():
    return record(grade={**json.loads(record())["grade"], "value": 5})


def typed_reason():
    """A last reason that lifts the grade further than its rule does."""
    grade = json.loads(record())["grade"]
    return record(grade={"value": 5, "reasons": [*grade["reasons"][:-1],
                                                 {**grade["reasons"][-1], "grade": 5}]})


def lax_rule():
    """As if the rule had been met: 15 of what are homes."""
    disclosure = json.loads(record())["disclosure"]
    disclosure["rules"][0]["parameters"]["least"] = 15
    return record(disclosure=disclosure)


def circle(_, path):
    path.mkdir()
    (path / "again").symlink_to(".")
    (path / "x").symlink_to("y")
    (path / "y").symlink_to("x")


def nested(folder, path):
    deepest = path / "/".join("abcdefghijklmnopq")
    deepest.mkdir(parents=True)
    envelope()(folder, deepest / "e.dsse.json")
    envelope()(folder, path / "e.dsse.json")


def without_rules():
    return record(disclosure={**json.loads(record())["disclosure"], "rules": []})


def pae(kind, body):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body)


def fields(body=None, seed=CITY_SEED, kind=TYPE):
    body = record() if body is None else body
    return {"payload": b64(body), "payloadType": kind,
            "signatures": [{"keyid": hashlib.sha256(public(seed)).hexdigest(),
                            "sig": b64(sign(seed, pae(kind, body)))}]}


def envelope(change=lambda e: e, **given):
    return lambda folder, path: path.write_text(json.dumps(change(fields(**given))) + "\n")


def secret(seed, city=None):
    def write(_, path):
        path.write_text(secret_file(seed, city))
        path.chmod(0o600)
    return write


def text(data):
    return lambda folder, path: path.write_bytes(data if isinstance(data, bytes) else data.encode())


def in_payload(change):
    """The payload exchanged, the signature kept."""
    def edit(e):
        body = base64.b64decode(e["payload"])
        return {**e, "payload": b64(change(body))}
    return edit


def in_signature(**fields_of):
    return lambda e: {**e, "signatures": [{**e["signatures"][0], **fields_of}]}


def stray_bits(digits):
    """The same bytes with the unused bits of the last digit set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(digits.rstrip("=")) - 1
    return digits[:at] + alphabet[alphabet.index(digits[at]) | 1] + digits[at + 1:]


def padded(body):
    """Blanks at the end of the record so that its base64 ends in padding."""
    return body + b"\n" * ((1 - len(body)) % 3)


def plus_order(e):
    """s + L: the same signature in another form, which RFC 8032 forbids."""
    raw = base64.b64decode(e["signatures"][0]["sig"])
    s = int.from_bytes(raw[32:], "little") + L
    return in_signature(sig=b64(raw[:32] + s.to_bytes(32, "little")))(e)


def sparse(_, path):
    with open(path, "wb") as f:
        f.truncate(1 << 30)


def another(e):
    return {**e, "signatures": fields(record(created="2023-01-01"))["signatures"]}


SAMPLE = record()
OTHER_ID = hashlib.sha256(public(OTHER_SEED)).hexdigest()
MADE = {
    "city-key": secret(CITY_SEED), "city-pub": text(public_file(CITY_SEED)),
    "hanbit-key": secret(CITY_SEED, "KR-HANBIT"), "hanbit-pub": text(public_file(CITY_SEED, "KR-HANBIT")),
    "goyang-key": secret(CITY_SEED, "KR-GOY"), "goyang-pub": text(public_file(CITY_SEED, "KR-GOY")),
    "other-key": secret(OTHER_SEED), "other-pub": text(public_file(OTHER_SEED)),
    "damaged-key": lambda folder, path: (secret(CITY_SEED)(folder, path), path.write_text(
        secret_file(CITY_SEED).replace(b64(public(CITY_SEED)), b64(public(OTHER_SEED))))),
    "cut-key": lambda folder, path: (secret(CITY_SEED)(folder, path), path.write_text(
        secret_file(CITY_SEED)[:-9])),
    "passphrase": lambda folder, path: (path.write_text(PASSPHRASE + "\n"), path.chmod(0o600)),
    "public-record": text(SAMPLE),
    "internal-record": lambda folder, path: path.write_bytes(
        (SAMPLES / "internal.record.json").read_bytes()),
    "record-unknown-field": text(record(colour="green")),
    "record-typed-grade": text(typed_grade()), "record-typed-reason": text(typed_reason()),
    "envelope-typed-grade": envelope(body=typed_grade()),
    "record-without-city": text(record(city=None)),
    "record-version-2": text(record(schema="madang.evidence/2")),
    "record-rule-failed": text(failing()),
    "record-no-rules": text(without_rules()),
    "record-twice": text(SAMPLE.replace(b'"created"', b'"schema": "madang.evidence/1", "created"', 1)),
    "record-deep": text(SAMPLE.replace(b'"created"', b'"x": ' + b"[" * 5000 + b"]" * 5000
                                       + b', "created"', 1)),
    "record-more": text(SAMPLE + b"{}"), "record-bom": text(b"\xef\xbb\xbf" + SAMPLE),
    "record-nan": text(SAMPLE.replace(b'"created": "2023-11-14"', b'"created": NaN', 1)),
    "record-huge": text(SAMPLE.replace(b'"level": 0.9', b'"level": 1e999', 1)),
    "record-latin1": text(SAMPLE.replace(b"Smart", b"Smart \xe9", 1)),
    "record-null": text(SAMPLE.replace(b"Smart", b"Smart \\u0000", 1)),
    "record-cut": text(SAMPLE[:len(SAMPLE) // 2]), "record-list": text(b"[" + SAMPLE + b"]"),
    "record-controls": text(record(measure={
        **json.loads(SAMPLE)["measure"], "title": "red \x1b[31m, back \u202e to front"})),
    "sparse-gigabyte": sparse,
    "envelope": envelope(), "envelope-of-other": envelope(seed=OTHER_SEED),
    "envelope-names-other": envelope(in_signature(keyid=OTHER_ID)),
    "envelope-of-another-record": envelope(another),
    "envelope-changed": envelope(in_payload(lambda b: b.replace(b"0.5", b"0.6", 1))),
    "envelope-cut": lambda folder, path: path.write_text(json.dumps(fields())[:2000]),
    "envelope-stray-bits": envelope(lambda e: {**e, "payload": stray_bits(e["payload"])},
                                    body=padded(SAMPLE)),
    "envelope-stray-bits-sig": envelope(lambda e: in_signature(
        sig=stray_bits(e["signatures"][0]["sig"]))(e)),
    "envelope-url": envelope(lambda e: in_signature(
        sig=e["signatures"][0]["sig"].replace("+", "-").replace("/", "_"))(e)),
    "envelope-unpadded": envelope(lambda e: in_signature(
        sig=e["signatures"][0]["sig"].rstrip("="))(e)),
    "envelope-lines": envelope(lambda e: {**e, "payload": e["payload"][:76] + "\n" + e["payload"][76:]}),
    "envelope-two": envelope(lambda e: {**e, "signatures": e["signatures"]
                                        + fields(seed=OTHER_SEED)["signatures"]}),
    "envelope-none": envelope(lambda e: {**e, "signatures": []}),
    "envelope-type": envelope(kind="application/vnd.in-toto+json"),
    "envelope-type-relabelled": envelope(lambda e: {**e, "payloadType": TYPE},
                                         kind="application/vnd.in-toto+json"),
    "envelope-extra": envelope(lambda e: {**e, "comment": "trust me"}),
    "envelope-no-keyid": envelope(lambda e: {**e, "signatures": [{"sig": e["signatures"][0]["sig"]}]}),
    "envelope-keyid": envelope(in_signature(keyid="city")),
    "envelope-short": envelope(in_signature(sig=b64(b"x" * 63))),
    "envelope-plus-order": envelope(plus_order),
    "envelope-zero": envelope(in_signature(sig=b64(bytes(64)))),
    "envelope-twice": lambda folder, path: path.write_text(
        json.dumps(fields()).replace('"payloadType"', '"payload": "", "payloadType"')),
    "envelope-internal": envelope(body=(SAMPLES / "internal.record.json").read_bytes()),
    "envelope-rule-failed": envelope(body=failing()),
    "envelope-lax-rule": envelope(body=lax_rule()), "circle": circle, "nested": nested,
    "envelope-version-2": envelope(body=record(schema="madang.evidence/2")),
    "envelope-no-record": envelope(body=b"hello"),
    "envelope-unknown-field": envelope(body=record(colour="green")),
}

# What no message may hold.
SECRETS = [s for seed in (CITY_SEED, OTHER_SEED)
           for s in (seed, seed.hex().encode(), base64.b64encode(seed)[:43])] + [PASSPHRASE.encode()]

#!/usr/bin/python3
"""Outputs that cannot be written: a reader that goes away is no error; a full disk and a closed
standard output are, each with its reason, and then nothing of a new output is there and an old one is
as it was. The full disk is a limit on the size of files.

usage: outputs.py
"""
import errno
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile

import golden

MADANG = os.environ["MADANG"]
SAMPLE = pathlib.Path(os.environ["MADANG_SOURCE"], "tests/evidence/public.record.json")
LONG = [["types", "--json"], ["types"], ["show", str(SAMPLE), "--json"], ["help", "--man"]]
checks, failures = 0, []


def check(what, good, said=b""):
    global checks
    checks += 1
    if not good:
        failures.append(f"{what}: {said.decode('utf-8', 'replace')}")


def reader_goes_away(arguments):
    run = subprocess.Popen([MADANG, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    run.stdout.close()
    said = run.stderr.read()
    check(f"{arguments} into a closed pipe", run.wait(timeout=1800) == 0 and not said, said)


def no_room_to_print(arguments):
    for what, stdout, why in (("a full device", open("/dev/full", "wb"), errno.ENOSPC),
                              ("no standard output", None, errno.EBADF)):
        close = (lambda: os.close(1)) if stdout is None else None
        run = subprocess.run([MADANG, *arguments], stdout=stdout, stderr=subprocess.PIPE, timeout=1800,
                             preexec_fn=close)
        check(f"{arguments} into {what}", run.returncode == 3
              and run.stderr.decode() == f"madang: cannot write standard output: {os.strerror(why)}\n",
              run.stderr)


def limit_files(most):
    """For the child: a write beyond `most` bytes fails, as on a full disk."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return limit


def everything(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def disk_is_full(folder, name, arguments, most):
    """With old outputs there and without."""
    for old in (False, True):
        target = folder / name
        target.unlink(missing_ok=True)
        if old:
            target.write_text("old\n")
        before = everything(folder)
        run = subprocess.run([MADANG, *arguments, "--quiet"], cwd=folder, capture_output=True,
                             timeout=1800, preexec_fn=limit_files(most))
        check(f"{arguments} with files of at most {most} bytes: exit {run.returncode}",
              run.returncode == 3 and os.strerror(errno.EFBIG).encode() in run.stderr
              and b"cannot be read" not in run.stderr, run.stderr)
        after = everything(folder)
        changed = [k for k in {*before, *after} if before.get(k) != after.get(k)]
        check(f"{arguments} with files of at most {most} bytes leaves {changed}", not changed)


def main():
    for arguments in LONG:
        reader_goes_away(arguments)
        no_room_to_print(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        golden.fixture(folder)
        measure = ["measure", "measure.yaml", "--internal"]
        disk_is_full(folder, "r.json", [*measure, "--record", "r.json"], 1000)
        disk_is_full(folder, "r.html", [*measure, "--report", "r.html"], 1000)
        disk_is_full(folder, "r.html", [*measure, "--report", "r.html"], 100000)
        disk_is_full(folder, "m.csv", [*measure, "--per-meter", "m.csv"], 100)
        disk_is_full(folder, "m.parquet", [*measure, "--per-meter", "m.parquet"], 1000)
        disk_is_full(folder, "s.parquet", [*measure, "--by-step", "s.parquet"], 1000)
        disk_is_full(folder, "t.parquet", [
            "import", "readings", "raw/gas.csv", "--columns", "meter=meter,start=date,value=kwh",
            "--quantity", "gas", "--unit", "kWh", "--kind", "interval", "--tz", "UTC", "-o",
            "t.parquet"], 4000)
        disk_is_full(folder, "city.key", ["key", "new", "fresh.key"], 20)
    for failure in failures:
        print(failure)
    print(f"{checks - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

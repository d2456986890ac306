"""Runs the program for tests that look at what it computes."""
import csv
import os
import pathlib
import shlex
import subprocess
import sys

MADANG = os.environ["MADANG"]
SHARED = pathlib.Path(os.environ.get("MADANG_SHARED", "/nonexistent"))


def madang(folder, arguments):
    """Runs `madang ARGUMENTS --quiet` in a folder; ends the test when it fails."""
    done = subprocess.run([MADANG, *shlex.split(arguments), "--quiet"], cwd=folder,
                          capture_output=True, text=True, timeout=1800)
    if done.returncode:
        sys.exit(f"madang {arguments}\n{done.stderr}")


def first_row(path):
    """Of a CSV file, as a dict."""
    with open(path) as f:
        return next(csv.DictReader(f))

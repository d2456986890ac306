#!/usr/bin/python3
"""Passphrases at a terminal: asked for, not shown, and the terminal left as it was.

usage: terminal.py
"""
import os
import pathlib
import pty
import select
import sys
import tempfile
import termios
import time

MADANG = os.environ["MADANG"]
SOURCE = pathlib.Path(os.environ["MADANG_SOURCE"])
SECRET = b"under the old zelkova tree"


def converse(folder, arguments, answers):
    """Runs the program on a terminal of its own; each answer is typed when a question has been
    printed. Returns exit status, what was seen, and whether echo was on again at the end."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execv(MADANG, [MADANG, *arguments])
    seen, asked, end = b"", 0, time.monotonic() + 1800
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.2)[0]:
            try:
                part = os.read(fd, 4096)
            except OSError:
                break
            if not part:
                break
            seen += part
        if asked < len(answers) and seen.count(b": ") > asked and seen.endswith(b": "):
            os.write(fd, answers[asked])
            asked += 1
    echo = bool(termios.tcgetattr(fd)[3] & termios.ECHO)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    return status, seen, echo


def expect(what, good, seen=b""):
    if not good:
        sys.exit(f"terminal: {what}: {seen!r}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        record = (SOURCE / "tests/evidence/public.record.json").read_bytes()
        pathlib.Path(folder, "r.json").write_bytes(record)
        new = ["key", "new", "my.key", "--ask", "--quiet"]
        sign = ["sign", "r.json", "--key", "my.key", "--quiet"]
        for name, arguments, answers, want, left in (
                ("the two differ", new, [SECRET + b"\n", SECRET + b"s\n"], 3, None),
                ("broken off", new, [SECRET + b"\x03"], 3, None),
                ("too short", new, [b"short\n", b"short\n"], 3, None),
                ("made", new, [b"x\x7f" + SECRET + b"\n", SECRET + b"\r"], 0, "my.key"),
                ("wrong", sign, [b"another tree\n"], 3, None),
                ("signed", sign, [SECRET + b"\n"], 0, None)):
            status, seen, echo = converse(folder, arguments, answers)
            expect(f"{name}: exit {status}", status == want, seen)
            expect(f"{name}: the passphrase is shown", SECRET[:9] not in seen, seen)
            expect(f"{name}: echo stays off", echo)
            expect(f"{name}: {left} is not there", not left or pathlib.Path(folder, left).is_file())
        expect("no envelope", list(pathlib.Path(folder).glob("*.dsse.json")))
    print("6 passed, 0 failed")


if __name__ == "__main__":
    main()

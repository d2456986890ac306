#!/usr/bin/python3
"""Plants violations of the walls, one at a time, in a small sound tree, and sees each one caught.

usage: test_layers.py CHECK_LAYERS
"""
import pathlib
import subprocess
import sys
import tempfile

# A tree in which everything is allowed: must pass.
SOUND = {
    "include/madang.h": "#include <madang/base.h>\n#include <madang/series.h>\n",
    "include/madang/base.h": "#include <stddef.h>\n",
    "include/madang/series.h": "#include <madang/base.h>\n",
    "src/base/base.c": '#include <madang/base.h>\n#include <stdio.h>\n#include "base/own.h"\n'
                       "// printf() in a comment, and as text and as member, is no call\n"
                       'const char *t = "exit(1)"; int f(struct s *s) { return s->time(1); }\n'
                       "int g(char *p) { return snprintf(p, 1, \"\"); }\n",
    "src/base/own.h": "#include <stdint.h>\n",
    "src/series/series.c": '#include <madang/series.h>\n#include "base/own.h"\n#include <math.h>\n',
    "app/main.c": '#include <madang.h>\n#include <madang/series.h>\n#include <duckdb.h>\n'
                  '#include "cli/cli.h"\nint main(void) { printf("x"); }\n',
    "app/cli/cli.h": "#include <stdio.h>\n",
    "app/cli/cli.c": '#include "cli/cli.h"\n',
    "examples/example.c": "#include <madang.h>\n#include <stdio.h>\n",
}

# name, file, its text, what the complaint must say
PLANTED = [
    ("a room behind, public", "src/base/base.c", "#include <madang/series.h>\n",
     "src/base/base.c:1: includes madang/series.h: room base comes before room series"),
    ("a room behind, private", "src/base/base.c", '\n#include "series/own.h"\n',
     "src/base/base.c:2: includes series/own.h: room base comes before room series"),
    ("a room far behind", "src/series/series.c", '#include "effect/own.h"\n',
     "room series comes before room effect"),
    ("a public header of a room behind", "include/madang/base.h", "#include <madang/series.h>\n",
     "include/madang/base.h:1: includes madang/series.h: room base comes before room series"),
    ("a private header in a public one", "include/madang/series.h", '#include "base/own.h"\n',
     "a public header may not include a private one"),
    ("the umbrella within the library", "src/base/base.c", "#include <madang.h>\n",
     "does not include its own umbrella header"),
    ("the program in the library", "src/base/base.c", '#include "cli/cli.h"\n',
     "includes cli/cli.h: is in no room of src/"),
    ("the program by a path", "src/base/base.c", '#include "../../app/cli/cli.h"\n',
     "is in no room of src/"),
    ("spaces in the directive", "src/base/base.c", '  #  include  "cli/cli.h"\n',
     "is in no room of src/"),
    ("after a comment of two lines", "src/base/base.c", '/* a\n b */\n#include "cli/cli.h"\n',
     "src/base/base.c:3: "),
    ("printing's header", "src/series/series.c", "#include <stdio.h>\n",
     "this header is of the world outside"),
    ("a system header", "src/base/base.c", "#include <unistd.h>\n",
     "this header is of the world outside"),
    ("a foreign library", "src/base/base.c", "#include <duckdb.h>\n",
     "this header is of the world outside"),
    ("printing", "src/base/base.c", 'void f(void) { printf("x"); }\n', "uses printf()"),
    ("a stream", "src/base/base.c", "void *f(void) { return stderr; }\n", "uses stderr()"),
    ("a file", "src/base/base.c", '\n\nvoid f(void) { fopen ("x", "r"); }\n',
     "src/base/base.c:3: uses fopen(): the library does not touch files"),
    ("the clock", "src/series/series.c", "long f(void) { return time(0); }\n",
     "does not touch the clock"),
    ("the environment", "src/base/base.c", 'char *f(void) { return getenv("X"); }\n',
     "does not touch the environment"),
    ("the exit", "src/base/base.c", "void f(void) { exit(1); }\n", "does not touch the process"),
    ("the heap", "src/base/base.c", "void *f(void) { return malloc(1); }\n",
     "does not touch the heap, outside the arena"),
    ("the heap, in a header", "src/base/own.h", "static void f(void *p) { free(p); }\n",
     "src/base/own.h:1: uses free()"),
    ("hidden state", "src/base/base.c", "double f(double x) { return lgamma(x); }\n",
     "does not touch hidden state"),
    ("the library's inside in the program", "app/main.c", '#include "base/own.h"\n',
     "app/main.c:1: includes base/own.h: it is not in app/"),
    ("the library's inside by a path", "app/cli/cli.c", '#include "../src/base/own.h"\n',
     "it is not in app/"),
    ("the library's inside in brackets", "app/cli/cli.c", "#include <base/own.h>\n",
     "it is private to libmadang"),
    ("a public header that is not there", "app/cli/cli.c", "#include <madang/own.h>\n",
     "it is not in include/"),
    ("an example that looks inside", "examples/example.c", "#include <base/own.h>\n",
     "an example uses the installed library only"),
    ("an unknown room of the library", "src/cellar/x.c", "\n", "src/cellar/x.c:1: is in no room"),
    ("a file outside the rooms", "src/x.c", "\n", "src/x.c:1: is in no room"),
    ("an unknown room of the program", "app/cellar/x.c", "\n", "app/cellar/x.c:1: is in no room"),
    ("a public header of no room", "include/madang/cellar.h", "\n", "is the header of no room"),
    ("a second header of a room behind", "src/effect/x.c", "#include <madang/footprint.h>\n",
     "src/effect/x.c:1: includes madang/footprint.h: room effect comes before room carbon"),
    ("an umbrella with a hole", "include/madang.h", "#include <madang/base.h>\n",
     "does not include madang/series.h"),
    ("an empty room", "src/model/notes.txt", "later\n", "src/model/: holds no C file"),
]


def check(program, changes):
    """Exit status and output of the checker on the sound tree with these changes."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in {**SOUND, **changes}.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        run = subprocess.run([program, folder], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout + run.stderr


def main():
    failures = []
    status, said = check(sys.argv[1], {})
    if status != 0 or said:
        failures.append(f"sound tree: exit {status}\n{said}")
    for name, path, text, want in PLANTED:
        status, said = check(sys.argv[1], {path: text})
        if status != 1 or want not in said or said.count("\n") != 1:
            failures.append(f"{name}: exit {status}, want 1 and '{want}', got\n{said}")
    for failure in failures:
        print("FAILED", failure)
    print(f"{1 + len(PLANTED) - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

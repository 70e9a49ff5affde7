#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""sql2c: which columns it finds uncommented, and that the C it writes is the text it read."""
import os
import re
import subprocess
import sys
import tempfile

TOOL = sys.argv[1]
CASES = [
    ("CREATE TABLE t (a INTEGER, -- what\n b TEXT -- more\n) STRICT;", []),
    ("CREATE TABLE t (\n a INTEGER,\n b TEXT -- only b\n);", ["t.a"]),
    ("CREATE TABLE t (\n -- before a\n a INTEGER,\n b TEXT\n);", ["t.b"]),
    ("CREATE TABLE t (a TEXT CHECK (a IN ('x', 'y')), -- one of\n PRIMARY KEY (a),\n UNIQUE (a)\n);", []),
    ("CREATE TABLE t (a TEXT DEFAULT '-- no comment, (' ,\n b TEXT /* yes */);", ["t.a"]),
    ("CREATE TABLE IF NOT EXISTS t (a TEXT); CREATE TABLE u (b TEXT);", ["t.a", "u.b"]),
    ("CREATE INDEX i ON t (a, b);\nINSERT INTO t (a, b) VALUES (1, 2);", []),
]


def run(*args):
    return subprocess.run([TOOL, *args], capture_output=True, text=True)


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as d:
        for sql, want in CASES:
            path = os.path.join(d, "schema.sql")
            with open(path, "w", encoding="utf-8") as f:
                f.write(sql)
            r = run("--check", d)
            got = re.findall(r": (\S+) has no comment", r.stdout)
            if got != want or (r.returncode != 0) != bool(want):
                print(f"{sql!r}: expected {want}, got {got} ({r.returncode})")
                bad += 1
        texts = ["-- \"quoted\" \\ back é ??= \nCREATE TABLE a (b TEXT); -- c\n", "SELECT 2;\n"]
        files = [os.path.join(d, n) for n in ("schema.sql", "schema-0002.sql")]
        for path, text in zip(files, texts):
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        out, program = os.path.join(d, "out.c"), os.path.join(d, "main.c")
        assert run("--room", "room", "--output", out, *reversed(files)).returncode == 0
        with open(program, "w", encoding="utf-8") as f:
            f.write('#include <stdio.h>\n#include <stddef.h>\nstruct migration { const char *name, *sql; };\n'
                    + open(out, encoding="utf-8").read().replace('#include "store/db.h"', "")
                    + 'int main(void) { for (size_t i = 0; i < room_migrations_n; i++)'
                      ' printf("%s|%s", room_migrations[i].name, room_migrations[i].sql); return 0; }\n')
        binary = os.path.join(d, "main")
        subprocess.run(["cc", "-Werror", "-o", binary, program], check=True)
        said = subprocess.run([binary], capture_output=True, text=True, check=True).stdout
        want = "".join(f"room/{i}|" + re.sub(r"[ \t]+\n", "\n", t) for i, t in enumerate(texts, 1))
        if said != want:
            print(f"expected {want!r}, got {said!r}")
            bad += 1
        if run("--room", "room", "--output", out, files[1]).returncode == 0:
            print("a gap in the numbers was accepted")
            bad += 1
    print(f"{len(CASES) + 2 - bad} well, {bad} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Turns a room's schema files into a C array of migrations, and checks that every column says what it holds.

  sql2c.py --room NAME --output FILE.c schema.sql [schema-0002.sql ...]
  sql2c.py --check FILE-OR-FOLDER ...      prints each column without a comment; fails when there is one

schema.sql is "<room>/1", schema-0002.sql is "<room>/2", and so on without a gap. The C file defines
  const struct migration <room>_migrations[];  const size_t <room>_migrations_n;
which the room's own header declares.
"""
import argparse
import os
import re
import sys

TOKEN = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<text>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?P<line>\n)|(?P<space>[^\S\n]+)"
    r"|(?P<word>\w+)|(?P<sign>.)", re.S)
CONSTRAINT = {"PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT"}


def tokens(sql):
    line = 1
    for m in TOKEN.finditer(sql):
        yield m.lastgroup, m[0], line
        line += m[0].count("\n")


class Item:
    """One entry between the commas of a CREATE TABLE: a column or a constraint."""

    def __init__(self):
        self.words, self.line, self.commented = [], 0, False


def table_items(stream):
    """Reads up to the closing parenthesis. A comment on the line of a comma belongs to what stands before the comma; a
    comment on its own line belongs to what follows it."""
    items, depth, now, last_comma_line = [Item()], 0, None, -1
    for kind, text, line in stream:
        now = items[-1]
        if kind == "comment":
            before = items[-2] if len(items) > 1 and not now.words and line == last_comma_line else now
            before.commented = True
        elif kind in ("space", "line"):
            continue
        elif kind == "sign" and text == ")" and depth == 0:
            return items, line
        elif kind == "sign" and text == "," and depth == 0:
            items.append(Item())
            last_comma_line = line
        else:
            depth += (text == "(") - (text == ")")
            if not now.words:
                now.line = line
            now.words.append(text)
    return items, -1


def uncommented(sql):
    """(line, table, column) of each column that no comment explains."""
    found, words = [], []
    stream = tokens(sql)
    for kind, text, line in stream:
        if kind in ("space", "line", "comment"):
            continue
        if text == ";":
            words = []
        elif text == "(" and [w.upper() for w in words[:2]] == ["CREATE", "TABLE"]:
            table = words[-1]
            items, closing = table_items(stream)
            # The last column's comment may stand behind the closing parenthesis of a one-line table.
            for item in items:
                if item.words and item.words[0].upper() not in CONSTRAINT and not item.commented:
                    found.append((item.line, table, item.words[0]))
            words = ["done"]
        else:
            words.append(text)
    return found


def number(path):
    name = os.path.basename(path)
    if name == "schema.sql":
        return 1
    m = re.fullmatch(r"schema-(\d{4})\.sql", name)
    return int(m[1]) if m else 0


def schema_files(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
        for folder, _, names in sorted(os.walk(path)):
            yield from (os.path.join(folder, n) for n in sorted(names) if number(n))


def c_lines(sql):
    for line in sql.split("\n"):
        if line.strip():
            text = line.rstrip().replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
            yield f'        "{text}\\n"'


def generate(room, output, files):
    files = sorted(files, key=number)
    if [number(f) for f in files] != list(range(1, len(files) + 1)):
        sys.exit(f"sql2c: {room}: files must be schema.sql, schema-0002.sql, ... without a gap")
    out = ["/* SPDX-License-Identifier: EUPL-1.2 */", "/* Written by sql2c: do not edit. */", '#include "store/db.h"', "",
           f"extern const struct migration {room}_migrations[];", f"extern const size_t {room}_migrations_n;",
           f"const struct migration {room}_migrations[] = {{"]
    for i, path in enumerate(files, 1):
        with open(path, encoding="utf-8") as f:
            body = "\n".join(c_lines(f.read()))
        out.append(f'    {{"{room}/{i}",\n{body}}},')
    out += ["};", f"const size_t {room}_migrations_n = {len(files)};", ""]
    with open(output, "w", encoding="utf-8") as f:
        f.write("\n".join(out))


def main():
    p = argparse.ArgumentParser(description="schema files to C")
    p.add_argument("--room")
    p.add_argument("--output")
    p.add_argument("--check", action="store_true")
    p.add_argument("files", nargs="+")
    a = p.parse_args()
    if a.check:
        bad = 0
        for path in schema_files(a.files):
            with open(path, encoding="utf-8") as f:
                for line, table, column in uncommented(f.read()):
                    print(f"{path}:{line}: {table}.{column} has no comment")
                    bad += 1
        return 1 if bad else 0
    if not a.room or not a.output:
        p.error("--room and --output are needed")
    generate(a.room, a.output, a.files)
    return 0


if __name__ == "__main__":
    sys.exit(main())

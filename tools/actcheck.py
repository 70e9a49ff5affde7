#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Every act that a room writes into the access log has words for the privacy officer, in the room's list ROOM_acts,
and no list has words for what nobody writes."""
import pathlib
import re
import sys

SRC = pathlib.Path(__file__).resolve().parent.parent / "src"
CODE = r'"([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)"'
WRITES = re.compile(r"\b(?:audit|note_fact)\(\s*[^;]*?" + CODE, re.S)

problems = 0
for list_file in sorted(SRC.rglob("*_acts.c")):
    listed = re.findall(r"\{\s*" + CODE, list_file.read_text())
    told = set(listed)
    for act in sorted({a for a in listed if listed.count(a) > 1}):
        print(f"{list_file.relative_to(SRC)}: {act} stands there twice")
        problems += 1
    code = "\n".join(p.read_text() for p in sorted(list_file.parent.glob("*.c")) if p != list_file)
    for act in sorted({m for call in WRITES.finditer(code) for m in re.findall(CODE, call.group(0))} - told):
        print(f"{list_file.relative_to(SRC)}: no words for {act}")
        problems += 1
    for act in sorted(told):
        if f'"{act}"' not in code and f'"{act.split(".")[1]}"' not in code:
            print(f"{list_file.relative_to(SRC)}: nothing writes {act}")
            problems += 1
for room in sorted({p.parent for p in SRC.rglob("*.c") if WRITES.search(p.read_text())}):
    if not list(room.glob("*_acts.c")):
        print(f"{room.relative_to(SRC)}: writes into the access log and has no list of words")
        problems += 1
print(f"{problems} problems")
sys.exit(problems != 0)

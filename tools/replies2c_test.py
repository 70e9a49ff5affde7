#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Shows what tools/replies2c makes of each notation, and what it refuses."""
import json
import os
import subprocess
import sys
import tempfile

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "replies2c.py")
REF = "#/components/schemas/"
MADE = [
    ('"text"', {"type": "string"}),
    ('"int?"', {"type": ["integer", "null"]}),
    ('"open|closed"', {"enum": ["open", "closed"]}),
    ('"Post"', {"$ref": REF + "Post"}),
    ('"Post?"', {"anyOf": [{"$ref": REF + "Post"}, {"type": "null"}]}),
    ('["Post"]', {"type": "array", "items": {"$ref": REF + "Post"}}),
    ('["text", ["text"]]', {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    ('{"a": "bool", "b?": "id?"}',
     {"type": "object", "additionalProperties": False, "required": ["a"],
      "properties": {"a": {"type": "boolean"}, "b": {"type": ["string", "null"], "minLength": 13, "maxLength": 13}}}),
]
REFUSED = [
    ('"string"', "no such value"),
    ('{"A": "text"}', "no name of a member"),
    ('{"a": "text", "a?": "int"}', "twice"),
    ('[]', "not a text, a list or an object"),
    ('{"a": 3}', "X.a: not a text"),
    ('{"a" "text"}', "delimiter"),
]


def run(reply):
    with tempfile.TemporaryDirectory() as root:
        source, made = os.path.join(root, "replies.json"), os.path.join(root, "out.c")
        with open(source, "w", encoding="utf-8") as f:
            f.write('{"X": %s}' % reply)
        done = subprocess.run([sys.executable, TOOL, "--room", "room", "--output", made, source],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            return None, done.stderr
        with open(made, encoding="utf-8") as f:
            text = f.read()
        literal = text[text.index('{"X",') + 5:].split("\n")[1].strip().removesuffix("},")
        return json.loads(json.loads(literal)), text


failed = 0
for reply, want in MADE:
    got, said = run(reply)
    if got != want or "const struct api_schema room_api_schemas[] = {" not in said:
        print(f"{reply}: {got} {said}")
        failed += 1
for reply, word in REFUSED:
    got, said = run(reply)
    if got is not None or word not in said:
        print(f"{reply} is taken, or refused otherwise: {got} {said}")
        failed += 1
print(f"{len(MADE) + len(REFUSED) - failed} of {len(MADE) + len(REFUSED)}")
sys.exit(1 if failed else 0)

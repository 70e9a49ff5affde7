#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Turns a room's <room>_replies.json, what its JSON API answers, into the schemas of the API's description (OpenAPI 3.1).

  replies2c.py --room NAME --output FILE.c NAME_replies.json

The file is one object: the name of a reply and what it holds.
  "text" "int" "bool" "id" "time" "day" "month"    a value; ids have 13 characters, times are RFC 3339 in UTC
  "open|closed"                                    one of these words
  "Question"                                       another reply, of this room or another
  "time?"                                          any of these, or null
  ["Question"]                                     a list
  ["text", ["text"]]                               either
  {"name": "text", "note?": "text"}                exactly these members; with ? it may be missing
The C file defines
  const struct api_schema <room>_api_schemas[];    ends with name NULL, see http/api.h
which the room's own header declares.
"""
import argparse
import json
import re
import sys

VALUES = {
    "text": {"type": "string"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "id": {"type": "string", "minLength": 13, "maxLength": 13},
    "time": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
}
MEMBER = re.compile(r"[a-z0-9_-]+\??")


class Wrong(Exception):
    pass


def of_text(text, where):
    if text.endswith("?"):
        schema = of_text(text[:-1], where)
        if "type" in schema:
            return {**schema, "type": [schema["type"], "null"]}
        return {"anyOf": [schema, {"type": "null"}]}
    if "|" in text:
        return {"enum": text.split("|")}
    if text in VALUES:
        return VALUES[text]
    if re.fullmatch(r"[A-Z][A-Za-z]+", text):
        return {"$ref": "#/components/schemas/" + text}
    raise Wrong(f"{where}: no such value: {text}")


def of_object(members, where):
    for name in members:
        if not MEMBER.fullmatch(name):
            raise Wrong(f"{where}: no name of a member: {name}")
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in members if not name.endswith("?")],
        "properties": {name.rstrip("?"): schema_of(v, f"{where}.{name}") for name, v in members.items()},
    }


def schema_of(v, where):
    if isinstance(v, str):
        return of_text(v, where)
    if isinstance(v, list) and len(v) == 1:
        return {"type": "array", "items": schema_of(v[0], where + "[]")}
    if isinstance(v, list) and v:
        return {"anyOf": [schema_of(x, where) for x in v]}
    if isinstance(v, dict) and v:
        return of_object(v, where)
    raise Wrong(f"{where}: not a text, a list or an object with members")


def no_doubles(pairs):
    names = [name.rstrip("?") for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Wrong("twice: " + ", ".join(sorted({n for n in names if names.count(n) > 1})))
    return dict(pairs)


def c_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def c_rows(text):
    replies = json.loads(text, object_pairs_hook=no_doubles)
    return [
        f"    {{{c_text(name)},\n     {c_text(json.dumps(schema_of(v, name), separators=(',', ':')))}}},"
        for name, v in replies.items()
    ]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--room", required=True)
    p.add_argument("--output", required=True)
    p.add_argument("file")
    a = p.parse_args()
    try:
        with open(a.file, encoding="utf-8") as f:
            rows = c_rows(f.read())
    except (Wrong, json.JSONDecodeError) as e:
        sys.exit(f"{a.file}: {e}")
    with open(a.output, "w", encoding="utf-8") as out:
        out.write('#include "http/api.h"\n\n')
        out.write(f"extern const struct api_schema {a.room}_api_schemas[];\n")
        out.write(f"const struct api_schema {a.room}_api_schemas[] = {{\n")
        out.write("\n".join(rows))
        out.write("\n    {0},\n};\n")


if __name__ == "__main__":
    main()

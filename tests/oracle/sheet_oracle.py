#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Workbooks that the product writes, opened by nobody of ours (reliability goal 25): every text is the same text and no
formula, nothing is hidden, no name stands in the properties, no link leads anywhere.

usage: sheet_oracle.py WRITER [--cases N] [--seed N]"""
import argparse
import io
import json
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as E
import zipfile

p = argparse.ArgumentParser()
p.add_argument("writer")
p.add_argument("--cases", type=int, default=200)
p.add_argument("--seed", type=int, default=1)
a = p.parse_args()
rng = random.Random(a.seed)
N = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LEADERS = ["=", "+", "-", "@", "%", "|", "\t", "\r", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20", "{=", "_x003D_", "\u200f="]
BODIES = ["1+1", "SUM(A1:A9)", "HYPERLINK(\"http://example.org\",\"x\")", "cmd|'/C calc'!A0", "", "a", "é", "مرحبا", "😀", " ",
          "http://example.org", "<x>&amp;", "]]>", "\x01", "\x1f", "\ufffe", "_x0041_", "_x005F_", "12", "1e9", "TRUE", "a\r\nb"]


def text():
    return "".join(rng.choice(LEADERS + BODIES) for _ in range(rng.randint(0, 3)))


def decode(s):
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), s)


def strings(z):
    if "xl/sharedStrings.xml" not in z.namelist():
        return []
    return [decode("".join(t.text or "" for t in s.iter(N + "t"))) for s in E.fromstring(z.read("xl/sharedStrings.xml"))]


def look(data, want):
    z = zipfile.ZipFile(io.BytesIO(data))
    assert z.testzip() is None
    names = z.namelist()
    assert not [n for n in names if re.search(r"vba|externalLink|connection|comments|drawing|printerSettings", n)], names
    book = E.fromstring(z.read("xl/workbook.xml"))
    assert [s.get("state") for s in book.iter(N + "sheet")] == [None]
    assert not list(book.iter(N + "definedName"))
    sheet = E.fromstring(z.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(N + "f")) and not list(sheet.iter(N + "hyperlink"))
    assert not [e for e in sheet.iter() if e.get("hidden") not in (None, "0")]
    core = E.fromstring(z.read("docProps/core.xml"))
    for e in core.iter():
        assert not (e.tag.endswith("creator") or e.tag.endswith("lastModifiedBy")) or not e.text, e.text
    shared, have = strings(z), {}
    for c in sheet.iter(N + "c"):
        v = c.find(N + "v")
        if v is not None:
            have[c.get("r")] = shared[int(v.text)] if c.get("t") == "s" else float(v.text)
            assert c.get("t") in ("s", None, "n")
    for i, row in enumerate(want):
        for k, x in enumerate(row):
            got = have.get("%s%d" % (chr(65 + k), i + 1), "")
            assert got == x, (i, k, x, got)


for case in range(a.cases):
    columns = rng.randint(1, 5)
    rows = [[text() for _ in range(columns)]]
    rows += [[rng.choice((text(), text(), rng.randint(-10**6, 10**6))) for _ in range(columns)] for _ in range(rng.randint(0, 6))]
    r = subprocess.run([a.writer], input=json.dumps(rows).encode(), capture_output=True)
    try:
        assert r.returncode == 0, r.stderr
        look(r.stdout, rows)
    except AssertionError as e:
        sys.exit("case %d, seed %d: %s\n%r" % (case, a.seed, e, rows))
print("%d workbooks agree" % a.cases)

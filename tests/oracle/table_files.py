#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The printed table of a community toolkit (tests/data/sheets) in the shapes in which people keep such tables: each must
be read right, or refused with a sentence that says why (EVAL-3).

usage: table_files.py T5.CSV COMMAND..."""
import csv
import datetime
import io
import json
import re
import subprocess
import sys
import zipfile
from xml.sax.saxutils import escape

T5 = list(csv.reader(open(sys.argv[1], encoding="utf-8")))
COMMAND = sys.argv[2:]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WRONG = {"rows": [{"name": "Referrals", "printed": 221, "cells": 401, "difference": 180}],
         "columns": [{"name": "Sep", "printed": 81, "cells": 261, "difference": 180}],
         "grand_total": {"printed": 1127, "cells": 1307, "difference": 180},
         "suggestion": {"row": "Referrals", "column": "Sep", "from": 199, "to": 19}}


def name(column):
    out = ""
    while column:
        column, r = divmod(column - 1, 26)
        out = chr(65 + r) + out
    return out


def cell(row, column, value, style=""):
    at = ' r="%s%d"%s' % (name(column), row, style)
    if isinstance(value, tuple):  # a formula and what it came to
        formula, v = value
        return "<c%s><f>%s</f>%s</c>" % (at, formula, "" if v is None else "<v>%s</v>" % v)
    if value == "":
        return "<c%s/>" % at
    if re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
        return "<c%s><v>%s</v></c>" % (at, value)
    return '<c%s t="inlineStr"><is><t>%s</t></is></c>' % (at, escape(str(value)))


def sheet_xml(rows, more="", head=""):
    body = "".join('<row r="%d">%s</row>' % (i, "".join(cell(i, k, v) for k, v in enumerate(r, 1)))
                   for i, r in enumerate(rows, 1) if any(v != "" for v in r))
    return '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="%s">%s<sheetData>%s%s</sheetData></worksheet>' % (
        MAIN, head, body, more)


def book(sheets, strings=None, styles=None):
    """sheets: (name, state, xml)"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("xl/workbook.xml", '<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>' % (
            MAIN, REL, "".join('<sheet name="%s" sheetId="%d" r:id="r%d"%s/>' % (n, i, i, ' state="%s"' % s if s else "")
                               for i, (n, s, _) in enumerate(sheets, 1))))
        rels = ['<Relationship Id="r%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>' % (i, REL, i)
                for i in range(1, len(sheets) + 1)]
        for part, text in (("sharedStrings", strings), ("styles", styles)):
            if text:
                rels.append('<Relationship Id="x%s" Type="%s/%s" Target="%s.xml"/>' % (part, REL, part, part))
                z.writestr("xl/%s.xml" % part, text)
        z.writestr("xl/_rels/workbook.xml.rels", "<Relationships>%s</Relationships>" % "".join(rels))
        for i, (_, _, xml) in enumerate(sheets, 1):
            z.writestr("xl/worksheets/sheet%d.xml" % i, xml)
    return out.getvalue()


def text(rows, sep=",", end="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=sep, lineterminator=end).writerows(rows)
    return out.getvalue()


def change(fn):
    return [[fn(i, k, v) for k, v in enumerate(r)] for i, r in enumerate(T5)]


def columns(order):
    return [[r[k] for k in order] for r in T5]


def rows(order):
    return [T5[i] for i in order]


ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
wide = len(T5[0])
blank = [""] * wide
number = re.compile(r"\d+$").match
padded = [["", *r] for r in T5]
days = [(datetime.date(2017 + (m > 11), m % 12 + 1, 1) - datetime.date(1899, 12, 30)).days for m in range(2, 14)]
dates = change(lambda i, k, v: str(days[k - 1]) if i == 0 and 0 < k < wide - 1 else v)
DATE_STYLES = '<styleSheet xmlns="%s"><cellXfs><xf numFmtId="0"/><xf numFmtId="17"/></cellXfs></styleSheet>' % MAIN
dated = re.sub(r'<c r="([B-M]1)">', r'<c r="\1" s="1">', sheet_xml(dates))
tail = '<row r="7">%s</row><row r="1048576"><c r="A1048576" s="0"/></row>' % "".join(
    '<c r="%s7" s="0"/>' % name(k) for k in range(1, 1030))
hidden = sheet_xml([["", "a", "Total"], ["old", "1", "2"]])
sums = change(lambda i, k, v: ("SUM(B%d:M%d)" % (i + 1, i + 1), v) if i and k == wide - 1 else v)
empty_sums = change(lambda i, k, v: ("SUM(B%d:M%d)" % (i + 1, i + 1), None) if i and k == wide - 1 else v)
broken = change(lambda i, k, v: "#REF!" if (i, k) == (2, 3) else v)
subtotals = T5[:3] + [["Total", *["1"] * (wide - 1)]] + T5[3:]
many_strings = "<sst xmlns='%s'>%s</sst>" % (MAIN, "".join("<si><t>%s %d</t></si>" % ("mot" * 10, i) for i in range(200000)))

RIGHT = [
    ("as printed", text(T5)),
    ("semicolons", text(T5, ";")),
    ("tabs, as pasted", text(T5, "\t", "\n")),
    ("a byte order mark", "\ufeff" + text(T5, ";")),
    ("UTF-16", text(T5, "\t").encode("utf-16")),
    ("Windows-1252", text(change(lambda i, k, v: "Total" if v == "Total" else v), ";").encode("cp1252")),
    ("line ends of old programs", text(T5, ";", "\r")),
    ("decimal commas", text(change(lambda i, k, v: v + ",0" if number(v) else v), ";")),
    ("decimal points", text(change(lambda i, k, v: v + ".00" if number(v) else v))),
    ("French groups", text(change(lambda i, k, v: "1\u202f127" if v == "1127" else v), ";")),
    ("Arabic digits", text(change(lambda i, k, v: v.translate(ARABIC)))),
    ("no-break spaces in empty cells", text([*T5, ["\u00a0"] * wide])),
    ("titles and empty rows above, a source below", text([["Statistiques du groupe"], [], *T5, [], ["Source : WhatsApp"]])),
    ("empty rows and columns between", text([blank + [""], *[x for r in T5 for x in (r[:4] + [""] + r[4:], blank + [""])]])),
    ("begins in the second column", text([["", ""], *padded])),
    ("totals first", text(rows([0, 5, 1, 2, 3, 4]))),
    ("the column of totals first", text(columns([0, wide - 1, *range(1, wide - 1)]))),
    ("another order of columns", text(columns([0, 7, *range(1, 7), *range(8, wide)]))),
    ("a workbook", book([("A", "", sheet_xml(T5))])),
    ("a hidden sheet before it", book([("Alt", "hidden", hidden), ("Alt2", "veryHidden", hidden), ("A", "", sheet_xml(T5))])),
    ("formulas with their values", book([("A", "", sheet_xml(sums))])),
    ("coloured empty cells to the end of the sheet", book([("A", "", sheet_xml(T5, tail))])),
    ("a merged title", book([("A", "", sheet_xml([["R613", *blank[1:]], *T5]).replace(
        "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:N1"/></mergeCells>'))])),
    ("texts kept apart", book([("A", "", sheet_xml(T5))], strings="<sst xmlns='%s'><si><t>x</t></si></sst>" % MAIN)),
]
REFUSED = [
    ("a formula that was never computed", book([("A", "", sheet_xml(empty_sums))]), r"formula has no value yet", "row 2"),
    ("a broken formula", book([("A", "", sheet_xml(broken))]), r"whole number", "Information, May (#REF!)"),
    ("sums of parts", text(subtotals), r"row of totals stands among the others", "Total"),
    ("totals in the middle", text(rows([0, 1, 5, 2, 3, 4])), r"row of totals stands among the others", "Total"),
    ("the column of totals in the middle", text(columns([0, 1, 2, wide - 1, *range(3, wide - 1)])), r"column of totals", "Total"),
    ("a merged head", text(change(lambda i, k, v: "" if (i, k) == (0, 2) else v)), r"no name in the first row", "3"),
    ("a merged name", text(change(lambda i, k, v: "" if (i, k) == (3, 0) else v)), r"no name in the first column", "4"),
    ("halves", text(change(lambda i, k, v: "2,5" if (i, k) == (2, 3) else v), ";"), r"whole number", "Information, May (2,5)"),
    ("words", text(change(lambda i, k, v: "n/d" if (i, k) == (2, 3) else v)), r"whole number", "Information, May (n/d)"),
    ("a quotation mark", text(T5).replace("Referrals", '"Referrals'), r"quotation mark", "row "),
    ("100,000 rows", text([["", "Mar", "Apr"], *[["Ligne %d" % i, 1, 2] for i in range(100000)]]), r"too many rows", "row 503"),
    ("100,000 rows of a workbook", book([("A", "", sheet_xml([T5[0], *[["Ligne %d" % i, 1, 2] for i in range(100000)]]))]),
     r"too many rows", "row 503"),
    ("200,000 texts", book([("A", "", sheet_xml(T5))], strings=many_strings), r"too large", "$"),
    ("5,000 columns", text([["x"] * 5000, ["1"] * 5000]), r"too many columns", "row 1"),
    ("nothing", "", r"row of names", "$"),
    ("only empty rows", text([blank] * 20), r"row of names", "$"),
    ("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), r"\.xls", "$"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, r".", "$"),
    ("a zip of something else", b"PK\x03\x04" + bytes(60), r"damaged", "$"),
]


def answer(bytes_or_text):
    data = bytes_or_text.encode("utf-8") if isinstance(bytes_or_text, str) else bytes_or_text
    r = subprocess.run(COMMAND, input=data, capture_output=True, timeout=120)
    assert r.returncode == 0 or b'"error"' in r.stdout, (r.returncode, r.stdout, r.stderr)
    return json.loads(r.stdout)


bad = 0
for what, data in RIGHT:
    got = answer(data)
    if got != WRONG:
        bad += 1
        print("%s: %s" % (what, got))
for what, data, words, field in REFUSED:
    e = answer(data).get("error")
    if not e or not re.search(words, e["message"]) or not e["field"].startswith(field):
        bad += 1
        print("%s: %s, not %s at %s" % (what, e, words, field))
got = answer(book([("A", "", dated)], styles=DATE_STYLES))
if got.get("suggestion") != {**WRONG["suggestion"], "column": "2017-09-01"}:
    bad += 1
    print("days as heads: %s" % got)
print("%d shapes, %d wrong" % (len(RIGHT) + len(REFUSED) + 1, bad))
sys.exit(bad != 0)

#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Tables with printed totals, checked by an independent implementation (EVAL-3, A-54).

usage: table_oracle.py COMMAND... [--cases N] [--seed N]

Makes random tables, damages none, one or several of their numbers, prints them as people do (separators, grouping, Arabic
digits, encodings, or a workbook made here with zipfile), and compares the command's answer with a slow search: every cell
is tried with the change that a wrong total asks for."""
import argparse
import io
import json
import random
import subprocess
import sys
import zipfile
from xml.sax.saxutils import escape

p = argparse.ArgumentParser()
p.add_argument("command", nargs="+")
p.add_argument("--cases", type=int, default=400)
p.add_argument("--seed", type=int, default=1)
a = p.parse_args()
rng = random.Random(a.seed)
NS = ('xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
      'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def make():
    rows, cols = rng.randint(1, 6), rng.randint(1, 8)
    cells = [[rng.choice((0, 1, rng.randint(0, 60), rng.randint(0, 2000))) for _ in range(cols)] for _ in range(rows)]
    has_rows = cols > 1 and rng.random() < 0.85
    has_cols = rows > 1 and rng.random() < 0.85
    if not has_rows and not has_cols:
        return make()
    t = {"rows": ["Row %d %s" % (i, rng.choice(("é", "ش", "x"))) for i in range(rows)],
         "cols": ["C%d" % k for k in range(cols)], "cells": cells,
         "row_totals": [sum(r) for r in cells] if has_rows else None,
         "col_totals": [sum(r[k] for r in cells) for k in range(cols)] if has_cols else None,
         "grand": sum(map(sum, cells)) if has_rows and has_cols else None}
    for _ in range(rng.choice((0, 1, 1, 1, 1, 2, 3))):
        kind = rng.random()
        by = rng.choice((1, 9, 10, 180, rng.randint(1, 500)))
        if kind < 0.7:
            cells[rng.randrange(rows)][rng.randrange(cols)] += by
        elif kind < 0.8 and has_rows:
            t["row_totals"][rng.randrange(rows)] += by
        elif kind < 0.9 and has_cols:
            t["col_totals"][rng.randrange(cols)] += by
        elif t["grand"] is not None:
            t["grand"] += by
    return t


def right(t):
    cells = t["cells"]
    return ((t["row_totals"] is None or all(sum(r) == x for r, x in zip(cells, t["row_totals"]))) and
            (t["col_totals"] is None or all(sum(r[k] for r in cells) == x for k, x in enumerate(t["col_totals"]))) and
            (t["grand"] is None or sum(map(sum, cells)) == t["grand"]))


def expected(t):
    cells = t["cells"]
    out = {"rows": [], "columns": [], "grand_total": None, "suggestion": None}
    line = lambda printed, total: {"printed": printed, "cells": total, "difference": total - printed}
    for i, r in enumerate(cells):
        if t["row_totals"] is not None and sum(r) != t["row_totals"][i]:
            out["rows"].append({"name": t["rows"][i], **line(t["row_totals"][i], sum(r))})
    for k in range(len(t["cols"])):
        total = sum(r[k] for r in cells)
        if t["col_totals"] is not None and total != t["col_totals"][k]:
            out["columns"].append({"name": t["cols"][k], **line(t["col_totals"][k], total)})
    total = sum(map(sum, cells))
    if t["grand"] is not None and total != t["grand"]:
        out["grand_total"] = line(t["grand"], total)
    if right(t):
        return out
    found = []
    differences = {x["difference"] for x in out["rows"] + out["columns"]}
    if out["grand_total"]:
        differences.add(out["grand_total"]["difference"])
    for i in range(len(cells)):
        for k in range(len(t["cols"])):
            for d in differences:
                old = cells[i][k]
                if old - d < 0:
                    continue
                cells[i][k] = old - d
                if right(t):
                    found.append({"row": t["rows"][i], "column": t["cols"][k], "from": old, "to": old - d})
                cells[i][k] = old
    if len(found) == 1:
        out["suggestion"] = found[0]
    return out


def grid(t, number):
    out = [[""] + t["cols"] + (["Total"] if t["row_totals"] is not None else [])]
    for i, r in enumerate(t["cells"]):
        out.append([t["rows"][i]] + [number(x) for x in r] +
                   ([number(t["row_totals"][i])] if t["row_totals"] is not None else []))
    if t["col_totals"] is not None:
        out.append(["Total"] + [number(x) for x in t["col_totals"]] +
                   ([number(t["grand"])] if t["grand"] is not None else []))
    return out


def workbook(rows):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("xl/workbook.xml", f'<workbook {NS}><sheets><sheet name="t" sheetId="1" r:id="rId1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels",
                   '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                   f'<Relationship Id="rId1" Type="{REL}worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        body = "".join("<row>" + "".join(
            f"<c><v>{c}</v></c>" if isinstance(c, int) else f'<c t="inlineStr"><is><t>{escape(c)}</t></is></c>' for c in r)
            + "</row>" for r in rows)
        z.writestr("xl/worksheets/sheet1.xml", f"<worksheet {NS}><sheetData>{body}</sheetData></worksheet>")
    return b.getvalue()


def printed(t):
    how = rng.randrange(6)
    if how == 0:
        return workbook(grid(t, int))
    group = rng.choice(("", "\u00a0", "\u202f", " "))
    arabic = how == 1
    def number(n):
        s = f"{n:,}".replace(",", group)
        return "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in s) if arabic else s
    sep = rng.choice((",", ";", "\t"))
    text = "\r\n".join(sep.join('"%s"' % c if rng.random() < 0.1 else c for c in r) for r in grid(t, number)) + "\r\n"
    if how == 2:
        return b"\xff\xfe" + text.encode("utf-16-le")
    if how == 3 and "ش" not in text and "\u202f" not in text and not arabic:
        return text.encode("cp1252")
    return (b"\xef\xbb\xbf" if how == 4 else b"") + text.encode()


for case in range(a.cases):
    t = make()
    want, file = expected(t), printed(t)
    r = subprocess.run(a.command, input=file, capture_output=True)
    have = json.loads(r.stdout) if r.returncode == 0 else None
    if have != want:
        print("case %d, seed %d\n%r\nwant %s\nhave %s %s" % (case, a.seed, file, want, have, r.stderr), file=sys.stderr)
        sys.exit(1)
print("%d tables agree" % a.cases)

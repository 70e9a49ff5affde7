#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""l10ncheck: every sentence in every language (LANG-1). Collects the message ids of templates ({{t}}, {{n}}, N_) and of
C files (N_("…"), text_t(…, "…"), text_n, html_t, notify, problem_add, page_begin, page_done) and compares them with
locale/<room>.<lang>.po.

  l10ncheck.py            fails when a sentence lacks a translation in fr or ar, placeholders differ, a plural lacks a
                          form, an entry is unused, or two files translate one sentence differently
  l10ncheck.py --list     room, kind and id of everything that is said
  l10ncheck.py --missing ar [room]   entries ready to fill"""
import argparse
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))
import tplc  # noqa: E402

LANGS = ["fr", "ar"]
FORMS = {"fr": ["one", "other"], "ar": ["zero", "one", "two", "few", "many", "other"]}
LITERAL = r'((?:"(?:\\.|[^"\\])*"\s*)+)'
ARG = r'(?:[^"();]|\([^()]*(?:\([^()]*\)[^()]*)*\))*?,\s*'  # an argument before the message
CALLS = [
    ("N_", re.compile(r'\bN_\(\s*' + LITERAL + r'\)')),
    ("t", re.compile(r'\b(?:text_t|html_t|html_t_flat|notify|page_begin|page_done)\(' + ARG
                     + LITERAL + r'(?=[,)])')),
    ("n", re.compile(r'\b(?:text_n|html_n|html_n_flat)\(' + ARG + LITERAL + r'(?=,)')),
]
ONE = r'(?:"(?:\\.|[^"\\])*"|[^"(),;]|\((?:[^()]|\([^()]*\))*\))+,\s*'  # exactly one argument
CALLS.append(("t", re.compile(r'\bproblem_add(?:_arg)?\(' + ONE + ONE + LITERAL + r'(?=[,)])')))
# Besides src/: the words of the style guide.
ALSO = ["tests/unit/ui/render_styleguide.c"]


def strip_comments(text):
    return re.sub(r'/\*.*?\*/|("(?:\\.|[^"\\])*")', lambda m: m.group(1) or re.sub(r"[^\n]", " ", m.group(0)), text,
                  flags=re.S)


def room_of(path):
    parts = os.path.relpath(path, os.path.join(ROOT, "src")).split(os.sep)
    return "ui" if parts[0] == ".." else parts[1] if parts[0] == "feature" else parts[0]


def literal(text):
    return tplc.read_c_literal(text, 0)[0]


def from_c(path):
    with open(path, encoding="utf-8") as f:
        text = strip_comments(f.read())
    found = []
    for kind, pattern in CALLS:
        for m in pattern.finditer(text):
            found.append((m.start(1), kind, m.group(1)))
    for at, kind, lit in found:
        try:
            msgid = literal(lit)
        except tplc.Refused:
            continue
        if msgid:
            yield {"file": path, "line": text.count("\n", 0, at) + 1, "kind": kind, "id": msgid}


def collect(errors):
    """id → {rooms, kind, where}"""
    said = {}
    files = glob.glob(os.path.join(ROOT, "src", "**", "*.[ch]"), recursive=True)
    for path in sorted(files) + [os.path.join(ROOT, f) for f in ALSO]:
        for m in from_c(path):
            add(said, m)
    for path in sorted(glob.glob(os.path.join(ROOT, "src", "**", "view", "*.html"), recursive=True)):
        try:
            for m in tplc.compile_file(path).messages:
                add(said, m)
        except tplc.Refused as e:
            errors.append("%s:%d: %s" % (os.path.relpath(path, ROOT), e.line, e))
    return said


def add(said, m):
    row = said.setdefault(m["id"], {"rooms": [], "plural": False, "where": "%s:%d" % (os.path.relpath(m["file"], ROOT),
                                                                                     m["line"])})
    room = room_of(m["file"])
    if room not in row["rooms"]:
        row["rooms"].append(room)
    if m["kind"] == "n":
        row["plural"] = True


def read_po(path):
    """Entries as {id: (line, [forms])}, and the header. The C reader is the strict one; this one trusts its shape."""
    entries, header, now, part, line_of = {}, "", {}, None, 0

    def end():
        nonlocal header, now
        if "id" in now and ("str", 0) in now:
            forms = [now[k] for k in sorted(k for k in now if isinstance(k, tuple))]
            if now["id"] == "":
                header = forms[0]
            elif not now.get("fuzzy"):
                key = now["id"] + ("|" + now["plural"] if "plural" in now else "")
                if key in entries:
                    raise ValueError("%s:%d: twice in this file: %s" % (path, line_of, key))
                entries[key] = (line_of, forms)
        now = {}

    with open(path, encoding="utf-8") as f:
        for number, row in enumerate(f, 1):
            row = row.strip()
            if not row or row.startswith("#"):
                if ("str", 0) in now:
                    end()
                if row.startswith("#,") and "fuzzy" in row:
                    now["fuzzy"] = True
                continue
            m = re.match(r'(msgid_plural|msgid|msgstr(?:\[(\d)\])?)?\s*(".*")$', row)
            if not m:
                raise ValueError("%s:%d: not understood" % (path, number))
            word = m.group(1)
            if word == "msgid":
                fuzzy = now.get("fuzzy") and ("str", 0) not in now
                end()
                now, part, line_of = {"id": "", "fuzzy": fuzzy}, "id", number
            elif word == "msgid_plural":
                part = "plural"
            elif word:
                part = ("str", int(m.group(2) or 0))
                if part in now:
                    raise ValueError("%s:%d: translated twice" % (path, number))
            now[part] = now.get(part, "") + tplc.read_c_literal(m.group(3), number)[0]
    end()
    return entries, header


def keywords(header):
    m = re.search(r"^X-Plural-Keywords:\s*(.*)$", header, re.M)
    return [w.strip() for w in m.group(1).split(",")] if m else []


# After Arabic letters 2026-03-04 is shown as 04-03-2026, unless a mark stands before it.
TURNED = re.compile(r"[\u0600-\u06ff][^\u200e]*?(?<![\u200e\d+-])[+-]?\d{4}-\d{2}")


def holes(text):
    return set(re.findall(r"\{\d\}", text))


def check_entry(where, msgid, forms, kws, errors):
    plural = "|" in msgid and len(forms) > 1
    for i, form in enumerate(forms):
        # A form that means one certain number may say it in words.
        spare = plural and i < len(kws) and kws[i] in ("zero", "one", "two")
        if not form and not (plural and kws[i:i + 1] == ["zero"]):
            errors.append("%s: empty translation of %r" % (where, msgid))
        elif holes(form) != holes(msgid) and not (spare and holes(form) <= holes(msgid)):
            errors.append("%s: placeholders %s, but %s in %r" % (where, sorted(holes(form)), sorted(holes(msgid)), msgid))
        if TURNED.search(form):
            errors.append("%s: a left-to-right mark (U+200E) must stand before the date in %r, or it shows backwards" % (where, msgid))


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def print_missing(lang, said, have, room):
    for msgid, row in sorted(said.items(), key=lambda x: (x[1]["rooms"][0], x[1]["where"])):
        if msgid in have or (room and row["rooms"][0] != room):
            continue
        print("#: %s (%s)" % (row["where"], row["rooms"][0]))
        if row["plural"]:
            one, other = msgid.split("|")
            print("msgid %s\nmsgid_plural %s" % (quote(one), quote(other)))
            for i, _ in enumerate(FORMS.get(lang, ["one", "other"])):
                print('msgstr[%d] ""' % i)
        else:
            print('msgid %s\nmsgstr ""' % quote(msgid))
        print()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--list", action="store_true")
    ap.add_argument("--missing", metavar="LANG")
    ap.add_argument("room", nargs="?")
    args = ap.parse_args()
    errors = []
    said = collect(errors)
    if args.list:
        for msgid, row in sorted(said.items(), key=lambda x: (x[1]["rooms"][0], x[0])):
            print("%-12s %s %s" % (row["rooms"][0], "n" if row["plural"] else "t", msgid))
        return 0
    have = {lang: {} for lang in LANGS}
    for path in sorted(glob.glob(os.path.join(ROOT, "locale", "*.po"))):
        name = os.path.relpath(path, ROOT)
        lang = path.rsplit(".", 2)[1]
        try:
            entries, header = read_po(path)
        except (ValueError, tplc.Refused, UnicodeDecodeError) as e:
            errors.append(str(e))
            continue
        kws = keywords(header)
        for msgid, (line, forms) in entries.items():
            where = "%s:%d" % (name, line)
            if msgid not in said:
                errors.append("%s: nothing says %r" % (where, msgid))
                continue
            if said[msgid]["plural"] and len(forms) != len(kws):
                errors.append("%s: %d forms, X-Plural-Keywords names %d" % (where, len(forms), len(kws)))
            check_entry(where, msgid, forms, kws, errors)
            known = have.setdefault(lang, {})
            if msgid in known and known[msgid] != forms:
                errors.append("%s: translated differently elsewhere: %r" % (where, msgid))
            known[msgid] = forms
    if args.missing:
        print_missing(args.missing, said, have.get(args.missing, {}), args.room)
        return 0
    for msgid, row in sorted(said.items(), key=lambda x: x[1]["where"]):
        if row["plural"] and msgid.count("|") != 1:
            errors.append("%s: a plural message has the form one|other: %r" % (row["where"], msgid))
        for lang in LANGS:
            if msgid not in have[lang]:
                errors.append("%s: no %s for %r" % (row["where"], lang, msgid))
    for e in errors:
        print(e)
    print("%d sentences, %s; %d problems" % (len(said), ", ".join("%d in %s" % (len(have[k]), k) for k in sorted(have)),
                                            len(errors)))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

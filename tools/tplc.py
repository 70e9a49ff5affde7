#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""tplc: compiles view/*.html templates to C. The language is described at the top of src/ui/page.h, its use in
tools/README.md.

  tplc.py --room ui --out DIR view/a.html view/b.html   writes DIR/views_ui.h and DIR/ui_a.c, DIR/ui_b.c
  tplc.py --messages view/*.html                        one JSON line for each message id: file, line, kind, id

The point of the tool is what it refuses. It follows the HTML of a template as written, top to bottom, and knows for
each value whether it stands in text, in a quoted attribute, in a URL. Control flow cannot cheat it: every block of C
must leave the HTML in the state in which it found it."""
import argparse
import json
import os
import re
import sys

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
RAW = {"script", "style"}
URL_ATTRS = {"href", "src", "action", "formaction", "cite", "poster", "background", "manifest", "data", "ping",
             "longdesc", "usemap", "xlink:href", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "hx-push-url",
             "hx-replace-url", "sse-connect", "data-live-url", "data-draft-url", "data-measure-url", "data-suggest-url", "data-refresh-url",
             "data-exit"}
# Attributes whose content is run, parsed as markup, as a style sheet or as a list of URLs: no values at all.
CLOSED_ATTRS = {"style", "srcdoc", "srcset", "imagesrcset", "http-equiv", "hx-vals", "hx-headers", "hx-vars", "hx-on",
                "is", "nonce", "integrity", "sandbox", "allow"}
SPOKEN_ATTRS = {"title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription",
                "aria-valuetext", "label", "summary"}
NO_BDI = {"title", "textarea", "option"}  # markup inside them is shown, or dropped
SAFE_PREFIX = re.compile(r"(/[^/\\]|https?://|mailto:|tel:|#|\?)", re.I)
LETTER = re.compile(r"[^\W\d_]")
MARKS = ("{{", "{%")


class Refused(Exception):
    def __init__(self, line, why):
        super().__init__(why)
        self.line = line


def c_string(text):
    """A C literal of UTF-8 text, in pieces of one line each."""
    out = []
    for piece in re.findall(r"[^\n]*\n|[^\n]+", text) or [""]:
        s = ""
        for byte in piece.encode():
            ch = chr(byte)
            if ch == "\n":
                s += "\\n"
            elif ch in '"\\':
                s += "\\" + ch
            elif ch == "?":
                s += "\\?"  # no trigraphs
            elif 32 <= byte < 127:
                s += ch
            else:
                s += "\\%03o" % byte
        out.append('"' + s + '"')
    return "\n        ".join(out)


def read_c_literal(text, line):
    """The value of the C string literals at the start of text, and what follows; (None, text) when there is none."""
    rest, value, found = text.lstrip(), "", False
    while rest.startswith('"'):
        found = True
        i = 1
        while True:
            if i >= len(rest):
                raise Refused(line, "the string is not closed")
            ch = rest[i]
            if ch == "\\":
                nxt = rest[i + 1:i + 2]
                if nxt not in ('"', "\\", "n", "t"):
                    raise Refused(line, "only \\\" \\\\ \\n \\t are escapes of a message id")
                value += {"n": "\n", "t": "\t"}.get(nxt, nxt)
                i += 2
            elif ch == '"':
                break
            else:
                value += ch
                i += 1
        rest = rest[i + 1:].lstrip()
    return (value if found else None), rest


def split_args(text, line):
    """Top-level commas of a C argument list."""
    args, depth, start, i = [], 0, 0, 0
    while i < len(text):
        ch = text[i]
        if ch in "\"'":
            end = i + 1
            while end < len(text) and text[end] != ch:
                end += 2 if text[end] == "\\" else 1
            if end >= len(text):
                raise Refused(line, "the string is not closed")
            i = end
        elif ch in "([{":
            depth += 1
        elif ch in ")]}":
            depth -= 1
        elif ch == "," and depth == 0:
            args.append(text[start:i].strip())
            start = i + 1
        i += 1
    args.append(text[start:].strip())
    return [a for a in args if a]


def c_tokens(text):
    """Words and braces of a C statement, without strings and comments."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', '""', text)
    return re.findall(r"[A-Za-z_]\w*|[{}();:,]|\S", text)


class Template:
    def __init__(self, path, text):
        self.path, self.text, self.pos, self.line = path, text, 0, 1
        self.includes, self.publics, self.statics, self.messages = [], [], [], []
        self.body = []      # generated C
        self.literal = ""   # pending HTML
        self.blocks = None  # stack of HTML states, one for each open C block; None = outside a function
        self.reset()

    # ---- the state of the HTML ----

    def reset(self):
        self.where = "text"  # text | tag (between attributes) | value (in a quoted attribute)
        self.raw = ""        # "script", "style": inside one
        self.tag = ""        # of the open tag
        self.attr = ""       # of the open value
        self.quote = ""
        self.value = ""      # literal text of the open value so far
        self.mixed = False   # a value was already written into the open attribute
        self.tag_free = False  # this tag says translate="no"
        self.quiet = []      # open translate="no" elements: [name, depth]
        self.plain = []      # open elements that cannot hold <bdi>
        self.svg = 0
        self.keep = 0        # inside pre or textarea: white space stays

    def state(self):
        # Of an open attribute only what later decides: whether something stands before the value and what the URL is.
        return (self.where, self.raw, self.tag, self.attr, self.quote, tuple(tuple(q) for q in self.quiet),
                tuple(self.plain), self.svg, self.keep, self.mixed == "url", bool(SAFE_PREFIX.match(self.value)))

    # ---- output ----

    def flush(self):
        if self.literal:
            self.body.append("    html_raw(pg, SV(%s));" % c_string(self.literal))
            self.literal = ""

    def emit(self, code, line):
        self.flush()
        self.body.append('#line %d "%s"' % (line, self.path))
        self.body.append("    " + code)

    # ---- literal HTML ----

    def html(self, text):
        i = 0
        while i < len(text):
            i = {"text": self.html_text, "tag": self.html_tag, "value": self.html_value}[self.where](text, i)

    def advance(self, piece):
        self.line += piece.count("\n")

    def html_text(self, text, i):
        if self.raw:
            end = text.lower().find("</" + self.raw, i)
            if end < 0:
                end = len(text)
            self.literal += text[i:end]
            self.advance(text[i:end])
            if end < len(text):
                close = text.find(">", end)
                if close < 0:
                    raise Refused(self.line, "the closing tag is not complete")
                self.literal += text[end:close + 1]
                self.raw = ""
                return close + 1
            return end
        if text.startswith("<!--", i):
            end = text.find("-->", i)
            if end < 0:
                raise Refused(self.line, "the HTML comment holds a value or is not closed; use {{* … }}")
            self.advance(text[i:end])
            return end + 3
        if text.lower().startswith("<!doctype", i):
            end = text.index(">", i) + 1
            self.literal += text[i:end]
            return end
        if text.startswith("</", i):
            m = re.compile(r"</([A-Za-z][\w:-]*)\s*>").match(text, i)
            if not m:
                raise Refused(self.line, "this closing tag is not understood")
            self.close(m.group(1).lower())
            self.literal += m.group(0)
            self.advance(m.group(0))
            return m.end()
        if text[i] == "<":
            m = re.compile(r"<([A-Za-z][\w:-]*)").match(text, i)
            if not m:
                raise Refused(self.line, "a lone <; write &lt;")
            self.where, self.tag, self.tag_free = "tag", m.group(1).lower(), False
            self.literal += m.group(0)
            return m.end()
        end = text.find("<", i)
        end = len(text) if end < 0 else end
        piece = text[i:end]
        if not self.quiet:
            for k, row in enumerate(re.sub(r"&#?\w+;", " ", piece).split("\n")):
                if LETTER.search(row):
                    raise Refused(self.line + k, "untranslated text %r: use {{t \"…\" }} or translate=\"no\""
                                  % row.strip()[:40])
        self.advance(piece)
        self.literal += piece if self.keep else re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t]+", " ", piece))
        return end

    def html_tag(self, text, i):
        ch = text[i]
        if ch.isspace():
            m = re.compile(r"\s+").match(text, i)
            self.advance(m.group(0))
            if not self.literal.endswith(" "):
                self.literal += " "
            return m.end()
        if text.startswith("/>", i):
            self.literal += "/>"
            self.open(True)
            return i + 2
        if ch == ">":
            self.literal += ">"
            self.open(self.tag in VOID)
            return i + 1
        m = re.compile(r"([A-Za-z_@:][\w:.@-]*)(\s*=\s*)?").match(text, i)
        if not m:
            raise Refused(self.line, "this is not an attribute: %r" % text[i:i + 20])
        name = m.group(1).lower()
        if not m.group(2):
            self.literal += m.group(0)
            return m.end()
        if m.end() >= len(text):
            raise Refused(self.line, "a value in an unquoted attribute: write %s=\"…\"" % name)
        quote = text[m.end()]
        if quote not in "\"'":
            word = re.compile(r"[\w./#:-]+(?=[\s>])").match(text, m.end())
            if not word:
                raise Refused(self.line, "quote the attribute %s" % name)
            self.literal += m.group(1) + "=" + word.group(0)
            return word.end()
        self.where, self.attr, self.quote, self.value, self.mixed = "value", name, quote, "", False
        self.literal += m.group(1) + "=" + quote
        return m.end() + 1

    def html_value(self, text, i):
        end = text.find(self.quote, i)
        stop = len(text) if end < 0 else end
        piece = text[i:stop]
        if self.attr in SPOKEN_ATTRS and not self.quiet and LETTER.search(re.sub(r"&#?\w+;", " ", piece)):
            raise Refused(self.line, "untranslated text in %s: use {{t \"…\" }}" % self.attr)
        self.value += piece
        self.literal += piece
        self.advance(piece)
        if end < 0:
            return stop
        if self.attr == "translate" and self.value == "no" and not self.mixed:
            self.tag_free = True
        self.literal += self.quote
        self.where, self.attr, self.quote, self.value, self.mixed = "tag", "", "", "", False
        return end + 1

    def open(self, empty):
        """The > of an opening tag was read."""
        name = self.tag
        self.where, self.tag = "text", ""
        if empty:
            return
        if self.quiet and self.quiet[-1][0] == name:
            self.quiet[-1][1] += 1
        elif self.tag_free:
            self.quiet.append([name, 1])
        if name in NO_BDI:
            self.plain.append(name)
        if name in ("pre", "textarea"):
            self.keep += 1
        if name == "svg":
            self.svg += 1
        if name in RAW:
            self.raw = name

    def close(self, name):
        if self.quiet and self.quiet[-1][0] == name:
            self.quiet[-1][1] -= 1
            if not self.quiet[-1][1]:
                self.quiet.pop()
        if self.plain and self.plain[-1] == name:
            self.plain.pop()
        if name in ("pre", "textarea"):
            self.keep = max(0, self.keep - 1)
        if name == "svg":
            self.svg = max(0, self.svg - 1)

    # ---- values and statements ----

    def check_place(self, mark):
        if self.raw:
            raise Refused(self.line, "a value inside <%s>" % self.raw)
        if self.where == "tag":
            raise Refused(self.line, "a value outside of a quoted attribute")
        if self.where != "value":
            return
        if self.attr.startswith("on") or self.attr.startswith("hx-on"):
            raise Refused(self.line, "a value inside %s=" % self.attr)
        if self.attr in CLOSED_ATTRS:
            raise Refused(self.line, "a value inside %s= is not allowed" % self.attr)
        if self.attr in URL_ATTRS:
            if mark == "/":
                if self.value or self.mixed:
                    raise Refused(self.line, "{{/ }} is a whole URL: it stands first")
            elif self.mixed == "url":
                if mark not in ("?", "=", "~") or not self.value:
                    raise Refused(self.line, "after {{/ }} and some literal text only {{? }}, {{= }}, {{~ }}")
            elif not SAFE_PREFIX.match(self.value):
                raise Refused(self.line, "a URL must begin with literal text such as \"/x\", or be a checked {{/ url }}")
            elif mark not in ("", "?", "=", "~"):
                raise Refused(self.line, "only {{ }}, {{? }}, {{= }}, {{~ }} inside a URL")
        elif mark == "/":
            raise Refused(self.line, "{{/ }} is for URL attributes")
        if mark in ("!", ">"):
            raise Refused(self.line, "{{%s }} inside an attribute" % mark)
        self.mixed = "url" if mark == "/" else (self.mixed or True)

    def note(self, kind, msgid, line):
        self.messages.append({"file": self.path, "line": line, "kind": kind, "id": msgid})

    def note_inside(self, code, line):
        """Message ids in C: N_("…"), text_t(…, "…"), text_n(…, "…")."""
        for used in re.findall(r'\bN_\(((?:\s*"(?:\\.|[^"\\])*")+)\s*\)', code):
            self.note("N_", read_c_literal(used, line)[0], line)
        for fn, used in re.findall(r'\btext_([tn])\([^"]*?,\s*((?:"(?:\\.|[^"\\])*"\s*)+)', code):
            self.note(fn, read_c_literal(used, line)[0], line)

    def value_mark(self, inner, line):
        m = re.match(r"([#=~?!>/@*]|[tn](?=[\s\"(]))?", inner)
        mark, expr = m.group(1) or "", inner[m.end():].strip()
        if mark == "*":
            return
        if mark == "@":
            self.signature(expr, line)
            return
        if self.blocks is None:
            raise Refused(line, "a value before the signature {{@ … }}")
        if not expr:
            raise Refused(line, "an empty value")
        self.check_place(mark)
        self.note_inside(expr, line)
        flat = self.where == "value" or self.plain or self.svg  # no markup here
        if mark == "t" or mark == "n":
            msgid, _ = read_c_literal(expr, line)
            args = split_args(expr, line)
            if msgid is not None:
                self.note(mark, msgid, line)
            if mark == "n":
                if len(args) != 2 or (msgid is not None and msgid.count("|") != 1):
                    raise Refused(line, "{{n \"one|other\", count }}")
                self.emit("html_n%s(pg, %s);" % ("_flat" if flat else "", ", ".join(args)), line)
                return
            if len(args) > 5:
                raise Refused(line, "at most four arguments")
            holes = {int(h) for h in re.findall(r"\{(\d)\}", msgid)} if msgid is not None else set(range(len(args) - 1))
            if holes != set(range(len(args) - 1)):
                raise Refused(line, "placeholders %s, but %d arguments" % (sorted(holes), len(args) - 1))
            rest = "(const struct sv[]){%s}, %d" % (", ".join(args[1:]), len(args) - 1) if args[1:] else "NULL, 0"
            self.emit("html_t%s(pg, %s, %s);" % ("_flat" if flat else "", args[0], rest), line)
            return
        if mark == ">":
            if self.plain or self.svg and not expr.startswith("svg_"):
                raise Refused(line, "another template inside <%s>" % (self.plain[-1] if self.plain else "svg"))
            self.emit(expr + ";", line)
            return
        if mark == "!" and (self.plain or self.svg):
            raise Refused(line, "{{! }} inside <%s>" % (self.plain[-1] if self.plain else "svg"))
        call = {"": "html_text", "#": "html_int", "=": "html_dec", "~": "html_id", "?": "html_url", "!": "html_html",
                "/": "html_href"}[mark]
        self.emit("%s(pg, %s);" % (call, expr), line)

    def signature(self, expr, line):
        self.finish(line)
        m = re.match(r"(static\s+)?void\s+(\w+)\s*\(\s*struct\s+page\s*\*\s*pg\b[^{};]*\)$", expr, re.S)
        if not m:
            raise Refused(line, "the signature is {{@ void name(struct page *pg, …) }}")
        (self.statics if m.group(1) else self.publics).append(re.sub(r"\s+", " ", expr) + ";")
        self.reset()
        self.blocks = []
        self.body += ['#line %d "%s"' % (line, self.path), re.sub(r"\s+", " ", expr), "{"]

    def finish(self, line):
        if self.blocks is None:
            return
        if self.blocks:
            raise Refused(line, "%d C block(s) are still open" % len(self.blocks))
        if self.where != "text" or self.raw or self.plain or self.svg or self.keep:
            raise Refused(line, "the template ends inside a tag, an attribute or an element that it opened")
        self.literal = self.literal.rstrip() + "\n" if self.literal.strip() else ""
        self.flush()
        self.body.append("}")
        self.blocks = None

    def statement(self, code, line):
        if self.blocks is None:
            raise Refused(line, "a statement before the signature {{@ … }}")
        if "#" in re.sub(r'"(?:\\.|[^"\\])*"', "", code):
            raise Refused(line, "no preprocessor inside a template")
        if self.raw:
            raise Refused(line, "a statement inside <%s>" % self.raw)
        tokens = c_tokens(code)
        if not tokens or tokens[-1] not in "{};:":
            raise Refused(line, "a statement ends with { } ; or : so that a block is always a block")
        for tok in tokens:
            if tok == "{":
                self.blocks.append(self.state())
            elif tok == "}":
                if not self.blocks:
                    raise Refused(line, "} without a block")
                if self.blocks.pop() != self.state():
                    raise Refused(line, "this block leaves the HTML in another state than it found it in")
            elif tok == "return" and (self.where != "text" or self.plain or self.svg or self.keep):
                raise Refused(line, "return in the middle of a tag")
            elif tok in ("break", "continue", "goto", "case", "default") and any(b != self.state() for b in self.blocks):
                raise Refused(line, "%s where the HTML is in another state than at the start of the block" % tok)
        self.note_inside(code, line)
        self.emit(code.strip(), line)

    def compile(self):
        text = self.text
        while self.pos < len(text):
            marks = [m for m in (text.find(k, self.pos) for k in MARKS) if m >= 0]
            at = min(marks) if marks else len(text)
            piece = text[self.pos:at]
            if piece:
                if self.blocks is None:
                    for row in piece.split("\n"):
                        if re.match(r'\s*#include\s+["<][^">]+[">]\s*$', row):
                            self.includes.append(row.strip())
                        elif row.strip():
                            raise Refused(self.line, "only #include stands above the signature")
                        self.line += 1
                    self.line -= 1
                else:
                    self.html(piece)
            if at == len(text):
                break
            mark = text[at:at + 2]
            end = text.find("}}" if mark == "{{" else "%}", at + 2)
            if end < 0:
                raise Refused(self.line, "%s is not closed" % mark)
            inner = text[at + 2:end]
            if mark == "{{":  # a C compound literal may end in braces of its own
                while True:
                    while text[end + 2:end + 3] == "}":
                        end += 1
                    inner = text[at + 2:end]
                    if inner.count("{") <= inner.count("}"):
                        break
                    end = text.find("}}", end + 1)
                    if end < 0:
                        raise Refused(self.line, "{{ is not closed")
            line = self.line
            if mark == "{{":
                self.value_mark(inner.rstrip(), line)
            else:
                self.statement(inner, line)
            self.advance(inner)
            self.pos = end + 2
            if inner.startswith("@"):  # what follows the signature is not content
                while self.pos < len(text) and text[self.pos].isspace():
                    self.advance(text[self.pos])
                    self.pos += 1
        if not self.publics and not self.statics:
            raise Refused(self.line, "no signature {{@ … }}")
        self.finish(self.line)
        return self


def compile_file(path, shown=None):
    with open(path, encoding="utf-8") as f:
        return Template(shown or path, f.read()).compile()


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--room")
    ap.add_argument("--out")
    ap.add_argument("--messages", action="store_true")
    ap.add_argument("files", nargs="+")
    args = ap.parse_args()
    done, bad = [], False
    for path in args.files:
        t = None
        try:
            with open(path, encoding="utf-8") as f:
                t = Template(path, f.read())
            t.compile()
            done.append(t)
        except Refused as e:
            print("%s:%d: error: %s" % (path, e.line, e), file=sys.stderr)
            bad = True
    if bad:
        return 1
    if args.messages:
        for t in done:
            for m in t.messages:
                print(json.dumps(m, ensure_ascii=False))
        return 0
    header = "views_%s.h" % args.room
    guard = "PW_VIEWS_%s_H" % args.room.upper()
    includes, seen = [], set()
    for t in done:
        for row in t.includes:
            if row not in seen:
                seen.add(row)
                includes.append(row)
    with open(os.path.join(args.out, header), "w", encoding="utf-8") as f:
        f.write("/* Made by tools/tplc.py from the templates of this room: do not edit. */\n#ifndef %s\n#define %s\n\n"
                '#include "ui/format.h"\n#include "ui/page.h"\n%s\n\n' % (guard, guard, "\n".join(includes)))
        for t in done:
            f.write("/* %s */\n%s\n" % (os.path.basename(t.path), "\n".join(t.publics)))
        f.write("\n#endif\n")
    for t in done:
        with open(os.path.join(args.out, "%s_%s.c" % (args.room, stem(t.path))), "w", encoding="utf-8") as f:
            f.write('/* Made by tools/tplc.py: do not edit. */\n#include "%s"\n\n%s\n\n%s\n'
                    % (header, "\n".join(t.statics), "\n".join(t.body)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

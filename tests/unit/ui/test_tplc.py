#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""tplc: what compiles, and above all what does not. Prints TAP."""
import os
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import tplc  # noqa: E402

SIG = "{{@ void v(struct page *pg, struct sv x) }}\n"
GOOD = {
    "text": ("<p>{{ x }}</p>", "html_text(pg, x);"),
    "number": ("<p>{{# 5 }}</p>", "html_int(pg, 5);"),
    "plain number in an attribute": ('<p id="a{{= 5 }}"></p>', "html_dec(pg, 5);"),
    "id in a URL": ('<a href="/q/{{~ i }}"></a>', "html_id(pg, i);"),
    "percent-encoded": ('<a href="/q?x={{? x }}"></a>', "html_url(pg, x);"),
    "whole URL": ('<a href="{{/ x }}"></a>', "html_href(pg, x);"),
    "path below a whole URL": ('<a href="{{/ x }}/a/{{? x }}"></a>', "html_url(pg, x);"),
    "fragment": ('<a href="#f-{{? x }}"></a>', "html_url(pg, x);"),
    "translated": ('<p>{{t "Hello" }}</p>', 'html_t(pg, "Hello", NULL, 0);'),
    "translated with arguments": ('<p>{{t "Hello {0} {1}", x, f(a, b) }}</p>',
                                  'html_t(pg, "Hello {0} {1}", (const struct sv[]){x, f(a, b)}, 2);'),
    "no markup in an attribute": ('<p title="{{t "Hello {0}", x }}"></p>', "html_t_flat(pg, "),
    "no markup in a title": ('<title>{{t "Hello {0}", x }}</title>', "html_t_flat(pg, "),
    "no markup in SVG": ('<svg><text>{{t "Hello {0}", x }}</text></svg>', "html_t_flat(pg, "),
    "no markup in an option": ('<select><option value="a">{{n "{0} a|{0} b", 3 }}</option></select>', "html_n_flat("),
    "plural": ('<p>{{n "{0} a|{0} b", c }}</p>', 'html_n(pg, "{0} a|{0} b", c);'),
    "another template with braces": ("{{> f(pg, &(struct a){.b = {.c = 1}}) }}", "f(pg, &(struct a){.b = {.c = 1}});"),
    "a block": ("{% if (a) { %}<p></p>{% } else { %}<b></b>{% } %}", "} else {"),
    "an optional attribute": ("<input {% if (a) { %}checked{% } %}>", "if (a) {"),
    "an optional class": ('<p class="a{% if (a) { %} b{% } %}"></p>', "if (a) {"),
    "a word not to translate": ('<b translate="no">Passerelle {{ x }}</b>', "Passerelle "),
    "punctuation and entities": ("<p>1 – 2 &middot; {{ x }}!</p>", "&middot;"),
    "a comment": ("<p>{{* words for us }}<!-- and more --></p>", '"<p></p>'),
    "a comment is not a pointer": ("<p>{{ *y }}</p>", "html_text(pg, *y);"),
    "a parenthesised id": ('<p>{{t("a") }}</p>', ""),
    "white space in pre": ("<pre>\n  {{ x }}\n</pre>", "<pre>\\n"),
}
REFUSED = {
    "value in a script": ("<script>var a = {{ x }};</script>", "inside <script>"),
    "statement in a script": ("<script>{% if (a) { %}{% } %}</script>", "inside <script>"),
    "value in a style": ("<style>a { color: {{ x }} }</style>", "inside <style>"),
    "value in style=": ('<p style="width: {{= 5 }}px"></p>', "style"),
    "value in onclick": ('<p onclick="f({{= 5 }})"></p>', "onclick"),
    "value in ONCLICK": ('<p ONCLICK="f({{= 5 }})"></p>', "onclick"),
    "value in hx-on": ('<p hx-on:click="f({{= 5 }})"></p>', "hx-on"),
    "value in srcdoc": ('<iframe srcdoc="{{ x }}"></iframe>', "srcdoc"),
    "unquoted attribute": ("<p id={{ x }}></p>", "unquoted"),
    "half unquoted attribute": ("<p id=a{{ x }}></p>", "quote"),
    "value as an attribute": ("<p {{ x }}></p>", "quoted attribute"),
    "value as a tag": ("<{{ x }}></p>", "lone <"),
    "value as the name of an attribute": ('<p {{ x }}="a"></p>', "quoted attribute"),
    "value in a closing tag": ("<p></{{ x }}>", "closing tag"),
    "value in an HTML comment": ("<!-- {{ x }} -->", "comment"),
    "URL from a value": ('<a href="{{ x }}"></a>', "URL"),
    "URL percent-encoded from its start": ('<a href="{{? x }}"></a>', "URL"),
    "URL after a lone slash": ('<a href="/{{ x }}"></a>', "URL"),
    "URL after two slashes": ('<a href="//{{ x }}"></a>', "URL"),
    "URL after slash and backslash": ('<a href="/\\{{ x }}"></a>', "URL"),
    "URL after a scheme": ('<a href="javascript:{{? x }}"></a>', "URL"),
    "form action": ('<form action="{{ x }}"></form>', "URL"),
    "htmx URL": ('<p hx-get="{{ x }}"></p>', "URL"),
    "text after a whole URL": ('<a href="{{/ x }}{{ x }}"></a>', "after {{/ }}"),
    "whole URL that begins in a branch": ('<a href="{% if (a) { %}{{/ x }}{% } %}{{? x }}"></a>', "another state"),
    "prefix in a branch": ('<a href="{% if (a) { %}/q/{% } %}{{ x }}"></a>', "another state"),
    "whole URL in another attribute": ('<p title="{{/ x }}"></p>', "URL attributes"),
    "srcset": ('<img srcset="/a {{ x }}">', "srcset"),
    "HTML in an attribute": ('<p title="{{! h }}"></p>', "inside an attribute"),
    "HTML in an option": ("<option>{{! h }}</option>", "inside <option>"),
    "template in an attribute": ('<p title="{{> f(pg) }}"></p>', "inside an attribute"),
    "template between attributes": ("<p {{> f(pg) }}></p>", "quoted attribute"),
    "tag opened in one branch": ("{% if (a) { %}<script>{% } %}", "inside <script>"),
    "attribute opened in one branch": ('{% if (a) { %}<p id="{% } %}{{ x }}"></p>', "another state"),
    "bare if": ("{% if (a) %}<p></p>", "ends with"),
    "block that is not closed": ("{% if (a) { %}<p></p>", "still open"),
    "block too many": ("<p></p>{% } %}", "without a block"),
    "return inside a tag": ("<p {% if (a) { return; } %}></p>", "return"),
    "break inside a tag": ("{% for (;;) { %}<p {% break; %}></p>{% } %}", "break"),
    "preprocessor": ("{% \n#define x y\n; %}", "preprocessor"),
    "untranslated text": ("<p>Hello</p>", "untranslated"),
    "untranslated text in French": ("<p>à</p>", "untranslated"),
    "untranslated title": ('<p title="Hello"></p>', "untranslated"),
    "untranslated placeholder": ('<input placeholder="Name">', "untranslated"),
    "text after translate=no": ('<b translate="no">a</b> Hello', "untranslated"),
    "too few arguments": ('{{t "Hello {0} {1}", x }}', "placeholders"),
    "too many arguments": ('{{t "Hello {0}", x, x }}', "placeholders"),
    "plural without other": ('{{n "one", 3 }}', "one|other"),
    "value that is not closed": ("<p>{{ x </p>", "not closed"),
    "no end of a tag": ("<p", "ends inside"),
    "no end of an attribute": ('<p id="a', "ends inside"),
    "lone <": ("<p>1 < 2</p>", "lone <"),
}


def compile_text(text):
    return tplc.Template("t.html", text).compile()


def main():
    n, bad = 0, 0
    print("1..%d" % (len(GOOD) + len(REFUSED) + 4))

    def result(ok, name, why=""):
        nonlocal n, bad
        n += 1
        bad += not ok
        print("%sok %d - %s" % ("" if ok else "not ", n, name))
        if not ok:
            print("# " + str(why).replace("\n", "\n# "))

    for name, (text, want) in GOOD.items():
        try:
            code = "\n".join(compile_text(SIG + text).body)
            result(want in code, "compiles: " + name, code)
        except tplc.Refused as e:
            result(False, "compiles: " + name, e)
    for name, (text, want) in REFUSED.items():
        try:
            code = "\n".join(compile_text(SIG + text).body)
            result(False, "refused: " + name, code)
        except tplc.Refused as e:
            result(want in str(e), "refused: " + name, e)
    try:
        compile_text("<p></p>")
        result(False, "a template needs a signature")
    except tplc.Refused:
        result(True, "a template needs a signature")
    try:
        compile_text(SIG + "<p>\n</p>\n<p>\nHello</p>")
        result(False, "an error names its line")
    except tplc.Refused as e:
        result(e.line == 5, "an error names its line", e.line)
    t = compile_text('#include "a.h"\n' + SIG + '<p>{{t "One" }}</p>\n{{@ static void w(struct page *pg) }}\n'
                     '{{n "{0} a|{0} b", 2 }}{{> f(pg, N_("Two"), text_t(c, a, "Three", NULL, 0)) }}')
    result([m["id"] for m in t.messages] == ["One", "{0} a|{0} b", "Two", "Three"], "message ids are collected", t.messages)
    result(t.includes == ['#include "a.h"'] and len(t.publics) == 1 and len(t.statics) == 1, "several functions in a file")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

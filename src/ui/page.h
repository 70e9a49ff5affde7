/* SPDX-License-Identifier: EUPL-1.2 */
/* page: what a template writes into. Templates (view/X.html) are compiled to C by tools/tplc:
 *
 *   {{@ void view_inbox(struct page *pg, const struct inbox_view *v) }}     the signature, first line; #include lines
 * above it
 *   {{ sv }}            text, escaped           {{# int }}      number, in the reader's digits and grouping
 *   {{= int }}          number for machines (in attributes: prints an int64 as plain decimal)
 *   {{~ id }}           an id in its 13-character form          {{? sv }}   percent-encoded, inside a URL
 *   {{/ sv }}           a whole URL in href, src, action …: written if it is a path of ours, "#…", "?…", http(s),
 * mailto or tel, else "#"        {{* comment }}
 *   {{t "message id" }} translated and escaped  {{t "Hello {0}", sv }}   up to four sv arguments, each inside <bdi>
 *   {{n "one|many message id", count }}         plural by the language's rules; {0} is the count
 *   {{! html }}         struct html only        {% C statement %}        {{> view_part(pg, x) }}  another template
 *
 * A value inside <script>, <style>, an on*= attribute or an unquoted attribute does not compile, nor does a value in a
 * URL attribute without literal text such as "/x" before it; tools/README.md lists all refusals. People's words go
 * through {{ }} inside <bdi>; text is NFC and bidi controls in it are dropped on output (LANG-2). */
#ifndef PW_PAGE_H
#define PW_PAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "ui/catalog.h"

struct html {
    struct sv s; /* already safe: made by templates, components and the Markdown renderer only */
};

enum page_face {
    FACE_MEMBER, /* one column, big targets, works without scripts, quick exit */
    FACE_STAFF,  /* the desk: navigation, dense lists, live updates */
    FACE_BARE,   /* sign-in, errors, printing */
};
struct page_nav {
    const char *msgid, *path;
    int64_t count; /* shown as a badge; -1 = none */
    bool here;
    bool aside; /* under "More": what is not the day's work. These stand last */
};
struct page {
    struct buf *out;
    struct arena *arena;
    const struct catalog *cat; /* of `lang` */
    struct sv lang, dir;       /* "ar", "rtl" */
    struct sv zone;            /* IANA name for times */
    int64_t now_ms;
    struct sv csrf;        /* token for {{> ui_csrf(pg) }}, empty without a session */
    struct sv path;        /* current path, for the language switch and navigation */
    struct sv title;       /* already translated; neutral on member pages */
    struct sv static_base; /* "/static/<version>" */
    enum page_face face;
    struct sv who; /* display name of the signed-in person, empty = nobody */
    bool demo;     /* demonstration banner */
    const struct problems *problems;
    struct sv wrong[PROBLEMS_MAX]; /* the label of the field of each problem, filled in as the fields are written … */
    size_t wrong_at[PROBLEMS_MAX], n_wrong; /* … and in which order */
    size_t summary_at; /* where in `out` the summary of the problems belongs: they are named above the form */
    const struct page_nav *nav;
    size_t n_nav;
    int64_t unread;     /* notices of the person that wait */
    struct sv exit_url; /* where "quick exit" leads */
    struct sv flash;    /* translated sentence shown once after an action; empty = none */
    struct sv undo;     /* path that takes that action back, "/inbox/…/assign?person=…"; empty = none */
};

/* Writers used by compiled templates. */
void html_text(struct page *pg, struct sv s);
void html_raw(struct page *pg, struct sv literal);
void html_int(struct page *pg, int64_t v); /* localized */
void html_dec(struct page *pg, int64_t v); /* plain decimal */
void html_id(struct page *pg, int64_t id);
void html_url(struct page *pg, struct sv s);
void html_href(struct page *pg, struct sv url);
void html_html(struct page *pg, struct html h);
void html_t(struct page *pg, const char *msgid, const struct sv *args, size_t n);
void html_n(struct page *pg, const char *msgid, int64_t count);
/* In attributes, <title>, <option>, <textarea> and SVG, where <bdi> cannot stand: directional isolates instead. */
void html_t_flat(struct page *pg, const char *msgid, const struct sv *args, size_t n);
void html_n_flat(struct page *pg, const char *msgid, int64_t count);
/* Must these words be isolated to keep their own order among text of this direction? Addresses stay bare. */
bool text_needs_isolate(struct sv s, bool rtl);
/* Is this a URL that html_href writes? */
bool href_ok(struct sv url);

/* The same words as plain text, for messages sent out, titles and JSON. Result in a. */
struct sv text_t(const struct catalog *cat, struct arena *a, const char *msgid, const struct sv *args, size_t n);
struct sv page_say(const struct page *pg, const char *msgid); /* text_t() without arguments, of the page's language */
struct sv text_n(const struct catalog *cat, struct arena *a, const char *msgid, int64_t count);

#endif

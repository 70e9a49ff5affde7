/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui/markdown.h"

#include <md4c.h>
#include <stdlib.h>
#include <unicode/utf8.h>

/* The one place where tags are not in a template: a document's marks map to them one to one. */
struct tag {
    const char *open, *close;
};
static const struct tag block_tags[] = {
    [MD_BLOCK_DOC] = {"", ""},
    [MD_BLOCK_QUOTE] = {"<blockquote dir=\"auto\">\n", "</blockquote>\n"},
    [MD_BLOCK_UL] = {"<ul dir=\"auto\">\n", "</ul>\n"},
    [MD_BLOCK_OL] = {"<ol dir=\"auto\">\n", "</ol>\n"},
    [MD_BLOCK_LI] = {"<li>", "</li>\n"},
    [MD_BLOCK_HR] = {"<hr>\n", ""},
    [MD_BLOCK_CODE] = {"<pre><code>", "</code></pre>\n"},
    [MD_BLOCK_HTML] = {"", ""},
    [MD_BLOCK_P] = {"<p dir=\"auto\">", "</p>\n"},
    [MD_BLOCK_TABLE] = {"<table class=\"table\" dir=\"auto\">\n", "</table>\n"},
    [MD_BLOCK_THEAD] = {"<thead>\n", "</thead>\n"},
    [MD_BLOCK_TBODY] = {"<tbody>\n", "</tbody>\n"},
    [MD_BLOCK_TR] = {"<tr>", "</tr>\n"},
    [MD_BLOCK_TH] = {"<th scope=\"col\">", "</th>"},
    [MD_BLOCK_TD] = {"<td>", "</td>"},
};
static const struct tag heading_tags[] = {
    {"<h2 dir=\"auto\">", "</h2>\n"},
    {"<h3 dir=\"auto\">", "</h3>\n"},
    {"<h4 dir=\"auto\">", "</h4>\n"},
};
static const struct tag span_tags[] = {
    [MD_SPAN_EM] = {"<em>", "</em>"},
    [MD_SPAN_STRONG] = {"<strong>", "</strong>"},
    [MD_SPAN_CODE] = {"<code>", "</code>"},
    [MD_SPAN_DEL] = {"<del>", "</del>"},
    [MD_SPAN_U] = {"", ""},
};

struct render {
    struct buf out;
    struct page pg; /* only its `out` is used */
    bool plain;
    unsigned level; /* of the last heading; 0 = none yet */
};

static const struct tag *block_tag(const struct render *r, MD_BLOCKTYPE type)
{
    return type == MD_BLOCK_H ? &heading_tags[r->level - 1] : &block_tags[type];
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *self)
{
    struct render *r = self;
    if (type == MD_BLOCK_H) { /* a level is never skipped, whatever was typed */
        unsigned want = ((const MD_BLOCK_H_DETAIL *)detail)->level;
        r->level = want > r->level + 1 ? r->level + 1 : want;
        r->level = r->level > 3 ? 3 : r->level;
    }
    if (!r->plain)
        buf_z(&r->out, block_tag(r, type)->open);
    else if (type == MD_BLOCK_LI)
        buf_z(&r->out, "- ");
    return !buf_ok(&r->out);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *self)
{
    struct render *r = self;
    (void)detail;
    if (!r->plain)
        buf_z(&r->out, block_tag(r, type)->close);
    else if ((type == MD_BLOCK_P || type == MD_BLOCK_H || type == MD_BLOCK_LI || type == MD_BLOCK_TR) && r->out.n &&
             r->out.p[r->out.n - 1] != '\n')
        buf_c(&r->out, '\n');
    else if (type == MD_BLOCK_TD || type == MD_BLOCK_TH)
        buf_c(&r->out, ' ');
    return !buf_ok(&r->out);
}

static struct sv attr_sv(const MD_ATTRIBUTE *attr)
{
    return (struct sv){attr->text, attr->size};
}

static int enter_span(MD_SPANTYPE type, void *detail, void *self)
{
    struct render *r = self;
    if (r->plain || type == MD_SPAN_IMG)
        return 0;
    if (type != MD_SPAN_A) {
        buf_z(&r->out, span_tags[type].open);
        return !buf_ok(&r->out);
    }
    struct sv url = attr_sv(&((const MD_SPAN_A_DETAIL *)detail)->href);
    if (!href_ok(url))
        return 0; /* the words stay, the link does not */
    buf_z(&r->out, "<a rel=\"noreferrer noopener\" href=\"");
    html_href(&r->pg, url);
    buf_z(&r->out, "\">");
    return !buf_ok(&r->out);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *self)
{
    struct render *r = self;
    if (type == MD_SPAN_A) {
        struct sv url = attr_sv(&((const MD_SPAN_A_DETAIL *)detail)->href);
        if (!r->plain && href_ok(url))
            buf_z(&r->out, "</a>");
        else if (r->plain && href_ok(url) && url.p[0] != '#' && url.p[0] != '?') {
            buf_z(&r->out, " (");
            buf_add(&r->out, url);
            buf_c(&r->out, ')');
        }
    } else if (!r->plain && type != MD_SPAN_IMG) {
        buf_z(&r->out, span_tags[type].close);
    }
    return !buf_ok(&r->out);
}

static void words(struct render *r, struct sv s)
{
    if (r->plain)
        buf_add(&r->out, s);
    else
        html_text(&r->pg, s);
}

/* Numeric references are read here, so that a bidi override cannot come in by its number. Named ones are kept: a name
 * that HTML does not know is shown as it was typed. */
static void entity(struct render *r, struct sv s)
{
    if (s.n < 4 || s.p[1] != '#') {
        buf_add(&r->out, s);
        return;
    }
    bool hex = s.p[2] == 'x' || s.p[2] == 'X';
    unsigned long v = strtoul(s.p + (hex ? 3 : 2), NULL, hex ? 16 : 10); /* ends at the ';' that md4c saw */
    char utf8[8];
    int32_t n = 0;
    UBool bad = false;
    if (v == 0 || v > 0x10ffff)
        bad = true;
    else
        U8_APPEND((uint8_t *)utf8, n, 8, (uint32_t)v, bad);
    words(r, bad ? SV("\xef\xbf\xbd") : (struct sv){utf8, (size_t)n});
}

static int text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *self)
{
    struct render *r = self;
    if (type == MD_TEXT_NULLCHAR)
        buf_add(&r->out, SV("\xef\xbf\xbd"));
    else if (type == MD_TEXT_BR)
        buf_z(&r->out, r->plain ? "\n" : "<br>\n");
    else if (type == MD_TEXT_SOFTBR)
        buf_c(&r->out, '\n');
    else if (type == MD_TEXT_ENTITY)
        entity(r, (struct sv){p, n});
    else
        words(r, (struct sv){p, n});
    return !buf_ok(&r->out);
}

static enum pw_err render(struct arena *a, struct sv s, bool plain, struct sv *ret)
{
    if (s.n > MARKDOWN_MAX)
        return PW_INVALID;
    struct render r = {.plain = plain};
    buf_init(&r.out, 8 * MARKDOWN_MAX);
    r.pg.out = &r.out;
    const MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH |
                 MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_COLLAPSEWHITESPACE,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = text,
    };
    enum pw_err e = PW_OK;
    const char *z = arena_z(a, s); /* strtoul() above needs an end */
    if (a->oom)
        e = PW_INTERNAL;
    else if (md_parse(z, (MD_SIZE)s.n, &parser, &r) != 0)
        e = buf_ok(&r.out) ? PW_INTERNAL : PW_INVALID;
    else
        *ret = arena_sv(a, buf_sv(&r.out));
    buf_finish(&r.out);
    return e;
}

enum pw_err markdown_html(struct arena *a, struct sv s, struct html *ret)
{
    return render(a, s, false, &ret->s);
}

enum pw_err markdown_plain(struct arena *a, struct sv s, struct sv *ret)
{
    return render(a, s, true, ret);
}

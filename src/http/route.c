/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/route.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"

enum { LEAD_MAX = 3, BUCKETS = 512 };

struct compiled {
    const struct route *route;
    struct sv seg[ROUTE_SEGMENTS_MAX];
    size_t n, lead; /* segments; how many literal ones come first, at most LEAD_MAX */
    size_t rank;
    struct compiled *next; /* of its bucket, the most exact first */
};
struct route_index {
    struct compiled *rows;
    size_t n;
    struct compiled *bucket[BUCKETS];
};

/* ---- one segment ---- */

static bool is_piece(struct sv pat)
{
    return pat.n >= 3 && pat.p[0] == '{';
}

static struct sv suffix_of(struct sv pat)
{
    return sv_sub(pat, 3, pat.n);
}

static bool seg_match(struct sv pat, struct sv seg, struct sv *ret_text, int64_t *ret_id)
{
    if (!is_piece(pat))
        return sv_eq(pat, seg);
    struct sv suffix = suffix_of(pat);
    if (seg.n <= suffix.n || !sv_ends(seg, suffix))
        return false;
    struct sv core = sv_sub(seg, 0, seg.n - suffix.n);
    *ret_id = 0;
    *ret_text = core;
    return pat.p[1] == 'i' ? id_parse(core, ret_id) : core.n <= ROUTE_NAME_MAX;
}

/* Cuts "/a/b" into segments; false when it does not start with '/', has an empty segment, or too many. "/" is none. */
static bool segments(struct sv path, struct sv seg[ROUTE_SEGMENTS_MAX], size_t *ret_n)
{
    size_t n = 0;
    if (!path.n || path.p[0] != '/')
        return false;
    struct sv rest = sv_sub(path, 1, path.n), head;
    if (rest.n)
        while (sv_cut(&rest, '/', &head)) {
            if (!head.n || n == ROUTE_SEGMENTS_MAX)
                return false;
            seg[n++] = head;
        }
    if (path.n > 1 && path.p[path.n - 1] == '/')
        return false;
    *ret_n = n;
    return true;
}

static bool match(const struct sv *pat, size_t n_pat, const struct sv *seg, size_t n, struct sv text[ROUTE_ARGS_MAX],
                  int64_t id[ROUTE_ARGS_MAX])
{
    struct sv texts[ROUTE_ARGS_MAX] = {{0}};
    int64_t ids[ROUTE_ARGS_MAX] = {0};
    size_t args = 0;
    if (n_pat != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (args == ROUTE_ARGS_MAX && is_piece(pat[i]))
            return false;
        if (!is_piece(pat[i])) {
            if (!sv_eq(pat[i], seg[i]))
                return false;
        } else if (seg_match(pat[i], seg[i], &texts[args], &ids[args])) {
            args++;
        } else {
            return false;
        }
    }
    memcpy(text, texts, sizeof texts);
    memcpy(id, ids, sizeof ids);
    return true;
}

bool route_match(const char *pattern, struct sv path, struct sv arg_text[4], int64_t arg[4])
{
    struct sv pat[ROUTE_SEGMENTS_MAX], seg[ROUTE_SEGMENTS_MAX];
    size_t n_pat, n;
    return segments(sv_of(pattern), pat, &n_pat) && segments(path, seg, &n) && match(pat, n_pat, seg, n, arg_text, arg);
}

/* ---- the tables ---- */

static bool literal_ok(struct sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == '.' || c == '~';
        if (!ok)
            return false;
    }
    return !sv_eq(s, SV(".")) && !sv_eq(s, SV(".."));
}

static const char *check_flags(const struct route *r)
{
    if (r->method > HTTP_DELETE || !r->fn)
        return "method or handler is missing";
    if (!r->help || !*r->help)
        return "help is missing";
    if ((r->flags & ROUTE_STREAM) && r->method != HTTP_GET)
        return "a stream is a GET";
    if ((r->flags & ROUTE_RAW) && (r->fields || (r->flags & ROUTE_API)))
        return "a raw route declares no fields";
    return NULL;
}

static const char *check_fields(const struct route *r)
{
    for (const struct field *f = r->fields; f && f->name; f++) {
        if (!*f->name || *f->name == '_' || f->kind > FIELD_DATE)
            return "a field has no name, a reserved name or an unknown kind";
        if (f->kind == FIELD_CHOICE && !f->choices)
            return "a choice without choices";
        if (f->kind == FIELD_FILE && r->method == HTTP_GET)
            return "a file in a query";
        for (const struct field *g = r->fields; g != f; g++)
            if (strcmp(g->name, f->name) == 0)
                return "a field is declared twice";
    }
    return NULL;
}

static const char *compile(const struct route *r, struct compiled *c)
{
    size_t args = 0;
    *c = (struct compiled){.route = r};
    if (!segments(sv_of(r->path), c->seg, &c->n))
        return "the path is not made of /segments";
    bool leading = true;
    for (size_t i = 0; i < c->n; i++) {
        struct sv s = c->seg[i];
        if (is_piece(s)) {
            if ((s.p[1] != 'i' && s.p[1] != 's') || s.p[2] != '}' || !literal_ok(suffix_of(s)))
                return "a piece is neither {i} nor {s}";
            if (++args > ROUTE_ARGS_MAX)
                return "more than four pieces";
            leading = false;
            c->rank += suffix_of(s).n;
        } else {
            if (!literal_ok(s))
                return "a segment has characters that a path does not need";
            c->lead += leading && c->lead < LEAD_MAX;
            c->rank += 1000;
        }
    }
    const char *why = check_flags(r);
    return why ? why : check_fields(r);
}

static bool seg_overlap(struct sv a, struct sv b)
{
    struct sv text;
    int64_t id;
    if (!is_piece(a))
        return is_piece(b) ? seg_match(b, a, &text, &id) : sv_eq(a, b);
    if (!is_piece(b))
        return seg_match(a, b, &text, &id);
    struct sv sa = suffix_of(a), sb = suffix_of(b);
    if (a.p[1] == 'i' && b.p[1] == 'i')
        return sv_eq(sa, sb);
    return sv_ends(sa, sb) || sv_ends(sb, sa);
}

static size_t exactness(struct sv seg)
{
    return is_piece(seg) ? suffix_of(seg).n : 1000;
}

/* Both match some path and neither is at least as exact in every segment and more exact in one. */
static bool ambiguous(const struct compiled *a, const struct compiled *b)
{
    bool a_more = false, b_more = false;
    if (a->route->method != b->route->method || a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (!seg_overlap(a->seg[i], b->seg[i]))
            return false;
        size_t ea = exactness(a->seg[i]), eb = exactness(b->seg[i]);
        a_more |= ea > eb;
        b_more |= eb > ea;
    }
    return a_more == b_more;
}

static size_t key(const struct sv *seg, size_t n, size_t lead)
{
    uint64_t h = 1469598103934665603u ^ (n * 31 + lead);
    for (size_t i = 0; i < lead; i++) {
        for (size_t k = 0; k < seg[i].n; k++)
            h = (h ^ (unsigned char)seg[i].p[k]) * 1099511628211u;
        h = (h ^ '/') * 1099511628211u;
    }
    return (size_t)(h % BUCKETS);
}

static void insert(struct route_index *ix, struct compiled *c)
{
    struct compiled **at = &ix->bucket[key(c->seg, c->n, c->lead)];
    while (*at && (*at)->rank >= c->rank)
        at = &(*at)->next;
    c->next = *at;
    *at = c;
}

enum pw_err route_index_new(const struct route *const *tables, size_t n_tables, struct route_index **ret,
                            struct buf *ret_why)
{
    size_t n = 0;
    for (size_t t = 0; t < n_tables; t++)
        for (const struct route *r = tables[t]; r && r->path; r++)
            n++;
    struct route_index *ix = calloc(1, sizeof *ix);
    if (ix)
        ix->rows = calloc(n ? n : 1, sizeof *ix->rows);
    if (!ix || !ix->rows) {
        free(ix);
        return PW_UNAVAILABLE;
    }
    for (size_t t = 0; t < n_tables; t++)
        for (const struct route *r = tables[t]; r && r->path; r++) {
            const char *why = compile(r, &ix->rows[ix->n]);
            if (why) {
                if (ret_why)
                    buf_fmt(ret_why, "route %s: %s", r->path, why);
                goto bad;
            }
            ix->n++;
        }
    for (size_t i = 0; i < ix->n; i++)
        for (size_t k = 0; k < i; k++)
            if (ambiguous(&ix->rows[i], &ix->rows[k])) {
                if (ret_why)
                    buf_fmt(ret_why, "routes %s and %s match the same paths", ix->rows[k].route->path,
                            ix->rows[i].route->path);
                goto bad;
            }
    for (size_t i = 0; i < ix->n; i++)
        insert(ix, &ix->rows[i]);
    *ret = ix;
    return PW_OK;
bad:
    route_index_free(ix);
    return PW_INVALID;
}

void route_index_free(struct route_index *ix)
{
    if (!ix)
        return;
    free(ix->rows);
    free(ix);
}

void route_find(const struct route_index *ix, enum http_method method, struct sv path, struct route_hit *ret)
{
    struct sv seg[ROUTE_SEGMENTS_MAX];
    size_t n;
    *ret = (struct route_hit){0};
    if (!segments(path, seg, &n))
        return;
    /* From the longest literal start to none: a more exact row never has a shorter one. */
    for (size_t lead = n < LEAD_MAX ? n : LEAD_MAX;; lead--) {
        for (const struct compiled *c = ix->bucket[key(seg, n, lead)]; c; c = c->next) {
            struct sv text[ROUTE_ARGS_MAX];
            int64_t id[ROUTE_ARGS_MAX];
            if (c->lead != lead || !match(c->seg, c->n, seg, n, text, id))
                continue;
            ret->methods |= 1u << c->route->method;
            if (!ret->route && c->route->method == method) {
                ret->route = c->route;
                memcpy(ret->arg_text, text, sizeof text);
                memcpy(ret->arg, id, sizeof id);
            }
        }
        if (lead == 0)
            return;
    }
}

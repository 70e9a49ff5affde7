/* SPDX-License-Identifier: EUPL-1.2 */
#include "community_text.h"

#include <stdio.h>
#include <string.h>

#include "community_room.h"

enum { LANGS_MAX = 12, SCREENING_MAX = 8 };

static const struct {
    enum doc_kind kind;
    const char *code;
} docs[] = {{DOC_GUIDELINES, "guidelines"}, {DOC_WELCOME, "welcome"}, {DOC_DESCRIPTION, "description"}};
enum { DOCS = sizeof docs / sizeof *docs };

/* ---- writing ---- */

/* One line stands behind the sign; several stand indented below it, so that any text reads back the same. */
static void put(struct buf *out, struct sv key, struct sv value)
{
    buf_add(out, key);
    buf_z(out, " =");
    if (value.n && !memchr(value.p, '\n', value.n)) {
        buf_c(out, ' ');
        buf_add(out, value);
        buf_c(out, '\n');
        return;
    }
    buf_c(out, '\n');
    struct sv rest = value, line;
    while (value.n && sv_cut(&rest, '\n', &line)) {
        buf_z(out, "  ");
        buf_add(out, line);
        buf_c(out, '\n');
    }
}

static void put_z(struct buf *out, const char *key, struct sv value)
{
    put(out, sv_of(key), value);
}

static void put_int(struct arena *a, struct buf *out, const char *key, int64_t v)
{
    put_z(out, key, arena_fmt(a, "%lld", (long long)v));
}

static enum pw_err write_docs(struct ctx *c, const struct community *m, struct buf *out)
{
    const int64_t ids[DOCS] = {m->guidelines_doc, m->welcome_doc, m->description_doc};
    for (size_t i = 0; i < DOCS; i++) {
        struct doc_text *langs;
        size_t n = 0;
        if (ids[i])
            PW_TRY(doc_langs(c, ids[i], &langs, &n));
        for (size_t k = 0; k < n; k++) {
            struct doc_text t;
            PW_TRY(doc_read(c, ids[i], langs[k].lang, 0, &t));
            put(out, arena_fmt(c->arena, "%s.%.*s.title", docs[i].code, SV_ARG(t.lang)), t.title);
            put(out, arena_fmt(c->arena, "%s.%.*s.text", docs[i].code, SV_ARG(t.lang)), t.body);
        }
    }
    return PW_OK;
}

static enum pw_err write_screening(struct ctx *c, const struct community *m, struct buf *out)
{
    struct sv rest = m->languages, lang;
    while (sv_cut(&rest, ' ', &lang)) {
        struct ctx in_lang = *c;
        struct screening *v;
        size_t n;
        in_lang.lang = lang;
        PW_TRY(screening_list(&in_lang, m->id, &v, &n));
        for (size_t i = 0; i < n; i++) {
            put(out, arena_fmt(c->arena, "screening.%zu.%.*s", i + 1, SV_ARG(lang)), v[i].text);
            if (sv_eq(lang, lang_main(m->languages)))
                put(out, arena_fmt(c->arena, "screening.%zu.required", i + 1), v[i].required ? SV("yes") : SV("no"));
        }
    }
    return PW_OK;
}

static enum pw_err write_doors(struct ctx *c, const struct community *m, struct buf *out)
{
    struct community_keyword *v;
    size_t n;
    bool ask = false;
    PW_TRY(keyword_list(c, m->id, &v, &n));
    for (size_t i = 0; i < n; i++)
        put(out, arena_fmt(c->arena, "keyword.%.*s", SV_ARG(v[i].lang)), v[i].word);
    PW_TRY(community_asks_exit(c, m->id, &ask));
    put_z(out, "ask_exit", ask ? SV("yes") : SV("no"));
    return PW_OK;
}

enum pw_err community_text_write(struct ctx *c, int64_t community_id, struct buf *out)
{
    struct community m;
    struct community_words *w;
    size_t n;
    PW_TRY(community_get(c, community_id, &m));
    PW_TRY(community_words_list(c, community_id, &w, &n));
    buf_z(out, "# Passerelle community design, format 1\n");
    put_z(out, "slug", m.slug);
    put_z(out, "languages", m.languages);
    put_z(out, "territory", m.territory);
    put_z(out, "mode", sv_of(community_mode_code(m.mode)));
    put_z(out, "visibility", sv_of(community_visibility_code(m.visibility)));
    put_z(out, "moderation", sv_of(community_moderation_code(m.moderation)));
    put_int(c->arena, out, "member_limit", m.member_limit);
    put_z(out, "media", m.media);
    put_int(c->arena, out, "standard_hours", m.standard_hours);
    put_z(out, "clock_mode", sv_of(work_mode_code(m.clock_mode)));
    put_z(out, "hours", m.hours);
    put_z(out, "zone", m.zone);
    put_z(out, "calendar", m.calendar);
    put_z(out, "calendar_edits", m.calendar_edits);
    for (size_t i = 0; i < n; i++) {
        const struct sv values[] = {w[i].name, w[i].purpose, w[i].audience, w[i].topics_in, w[i].topics_out};
        static const char *const keys[] = {"name", "purpose", "audience", "topics_in", "topics_out"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            put(out, arena_fmt(c->arena, "words.%.*s.%s", SV_ARG(w[i].lang), keys[k]), values[k]);
    }
    PW_TRY(write_docs(c, &m, out));
    PW_TRY(write_screening(c, &m, out));
    PW_TRY(write_doors(c, &m, out));
    size_t n_parts;
    const struct community_text_part *const *parts = text_parts(&n_parts);
    for (size_t i = 0; i < n_parts; i++)
        PW_TRY(parts[i]->write(c, community_id, out));
    return buf_ok(out) ? PW_OK : PW_INTERNAL;
}

/* ---- reading ---- */

enum { LINES_MAX = 400 };
struct entry {
    struct sv key, value;
    size_t line;
    bool used;
};
struct design {
    struct ctx *c;
    struct entry v[LINES_MAX];
    size_t n;
};

static enum pw_err wrong_line(struct ctx *c, size_t line, const char *msgid)
{
    return problem_add_arg(c->problems, "line", msgid, arena_fmt(c->arena, "%zu", line));
}

static enum pw_err parse(struct design *d, struct sv text)
{
    struct sv rest = text, line;
    size_t at = 0;
    while (sv_cut(&rest, '\n', &line)) {
        at++;
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (sv_starts(line, SV("  "))) {
            if (!d->n)
                return wrong_line(d->c, at, N_("An indented line belongs to a key above it (line {0})."));
            struct entry *e = &d->v[d->n - 1];
            struct sv part = sv_sub(line, 2, line.n);
            e->value = e->value.p ? arena_join(d->c->arena, arena_join(d->c->arena, e->value, SV("\n")), part) : part;
            continue;
        }
        if (!sv_trim(line).n || line.p[0] == '#')
            continue;
        struct sv value = line, key = {0};
        sv_cut(&value, '=', &key);
        if (!value.p || d->n == LINES_MAX)
            return wrong_line(d->c, at, N_("Write: key = value (line {0})."));
        value = sv_trim(value);
        d->v[d->n++] = (struct entry){sv_trim(key), value.n ? value : (struct sv){0}, at, false};
    }
    return PW_OK;
}

static struct sv take(struct design *d, struct sv key)
{
    for (size_t i = 0; i < d->n; i++)
        if (sv_eq(d->v[i].key, key)) {
            d->v[i].used = true;
            return d->v[i].value;
        }
    return (struct sv){0};
}

static struct sv take_z(struct design *d, const char *key)
{
    return take(d, sv_of(key));
}

static enum pw_err take_int(struct design *d, const char *key, int64_t *ret)
{
    struct sv v = take_z(d, key);
    *ret = 0;
    return !v.n || sv_int(v, ret) ? PW_OK : problem_add(d->c->problems, key, N_("Write a whole number."));
}

static struct community_words take_words(struct design *d, struct sv lang)
{
    struct arena *a = d->c->arena;
    return (struct community_words){.lang = lang,
                                    .name = take(d, arena_fmt(a, "words.%.*s.name", SV_ARG(lang))),
                                    .purpose = take(d, arena_fmt(a, "words.%.*s.purpose", SV_ARG(lang))),
                                    .audience = take(d, arena_fmt(a, "words.%.*s.audience", SV_ARG(lang))),
                                    .topics_in = take(d, arena_fmt(a, "words.%.*s.topics_in", SV_ARG(lang))),
                                    .topics_out = take(d, arena_fmt(a, "words.%.*s.topics_out", SV_ARG(lang)))};
}

/* Everything in one language; the main one first, because it is the source of the others. */
static enum pw_err read_language(struct design *d, int64_t id, struct sv lang, bool is_main,
                                 int64_t screening[SCREENING_MAX])
{
    struct ctx *c = d->c;
    struct community_words w = take_words(d, lang);
    if (!is_main && w.name.n)
        PW_TRY(community_write_words(c, id, &w));
    for (size_t i = 0; i < DOCS; i++) {
        struct sv title = take(d, arena_fmt(c->arena, "%s.%.*s.title", docs[i].code, SV_ARG(lang)));
        struct sv body = take(d, arena_fmt(c->arena, "%s.%.*s.text", docs[i].code, SV_ARG(lang)));
        int64_t version;
        if (body.n)
            PW_TRY(community_write_document(c, id, docs[i].kind, lang, title, body, is_main, &version));
    }
    struct sv keyword = take(d, arena_fmt(c->arena, "keyword.%.*s", SV_ARG(lang)));
    if (keyword.n)
        PW_TRY(keyword_write(c, id, lang, keyword));
    for (size_t i = 0; i < SCREENING_MAX; i++) {
        struct sv text = take(d, arena_fmt(c->arena, "screening.%zu.%.*s", i + 1, SV_ARG(lang)));
        bool required = !sv_eq_z(take(d, arena_fmt(c->arena, "screening.%zu.required", i + 1)), "no");
        if (text.n)
            PW_TRY(screening_write(c, id, screening[i], (int64_t)i + 1, required, lang, text, &screening[i]));
    }
    return PW_OK;
}

enum pw_err community_text_read(struct ctx *c, struct sv text, struct sv slug, int64_t *ret_id)
{
    struct design *d = arena_new(c->arena, struct design);
    if (!d)
        return PW_INTERNAL;
    d->c = c;
    PW_TRY(parse(d, text));
    struct community_edit e = {.slug = slug.n ? slug : take_z(d, "slug"),
                               .languages = take_z(d, "languages"),
                               .territory = take_z(d, "territory"),
                               .mode = take_z(d, "mode"),
                               .visibility = take_z(d, "visibility"),
                               .moderation = take_z(d, "moderation"),
                               .media = take_z(d, "media"),
                               .clock_mode = take_z(d, "clock_mode"),
                               .hours = take_z(d, "hours"),
                               .zone = take_z(d, "zone"),
                               .calendar = take_z(d, "calendar"),
                               .calendar_edits = take_z(d, "calendar_edits")};
    (void)take_z(d, "slug");
    PW_TRY(take_int(d, "standard_hours", &e.standard_hours));
    PW_TRY(take_int(d, "member_limit", &e.member_limit));
    struct sv main_lang = lang_main(e.languages), rest = e.languages, lang;
    struct community_words w = take_words(d, main_lang);
    int64_t id, screening[SCREENING_MAX] = {0};
    PW_TRY(community_create(c, &e, &w, &id));
    PW_TRY(read_language(d, id, main_lang, true, screening));
    while (sv_cut(&rest, ' ', &lang))
        if (lang.n && !sv_eq(lang, main_lang))
            PW_TRY(read_language(d, id, lang, false, screening));
    if (sv_eq_z(take_z(d, "ask_exit"), "no"))
        PW_TRY(community_set_asks_exit(c, id, false));
    size_t n_parts;
    const struct community_text_part *const *parts = text_parts(&n_parts);
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < n_parts && !d->v[i].used; k++)
            PW_TRY(parts[k]->read(c, id, d->v[i].key, d->v[i].value, &d->v[i].used));
    for (size_t i = 0; i < d->n; i++)
        if (!d->v[i].used)
            return wrong_line(c, d->v[i].line, N_("This key is not known (line {0})."));
    *ret_id = id;
    return PW_OK;
}

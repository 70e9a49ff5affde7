/* SPDX-License-Identifier: EUPL-1.2 */
#include "community_text.h"

#include <stdlib.h>
#include <string.h>

#include "core/org.h"
#include "feature/community/community_room.h"

enum { TOPICS_MAX = 40, PARTNERS_MAX = 60 };

static const struct {
    enum doc_kind kind;
    const char *code;
} docs[] = {{DOC_GUIDELINES, "guidelines"}, {DOC_WELCOME, "welcome"}, {DOC_DESCRIPTION, "description"}};
enum { DOCS = sizeof docs / sizeof *docs };

/* ---- writing ---- */

/* One line stands behind the sign; several stand indented below it, so that any text reads back the same. */
void design_put(struct buf *out, struct sv key, struct sv value)
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
    design_put(out, sv_of(key), value);
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
            design_put(out, arena_fmt(c->arena, "%s.%.*s.title", docs[i].code, SV_ARG(t.lang)), t.title);
            design_put(out, arena_fmt(c->arena, "%s.%.*s.text", docs[i].code, SV_ARG(t.lang)), t.body);
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
            design_put(out, arena_fmt(c->arena, "screening.%zu.%.*s", i + 1, SV_ARG(lang)), v[i].text);
            if (sv_eq(lang, lang_main(m->languages)))
                design_put(out, arena_fmt(c->arena, "screening.%zu.required", i + 1),
                           v[i].required ? SV("yes") : SV("no"));
        }
    }
    return PW_OK;
}

static enum pw_err write_topics(struct ctx *c, const struct community *m, struct buf *out)
{
    struct sv rest = m->languages, lang;
    while (sv_cut(&rest, ' ', &lang)) {
        struct ctx in_lang = *c;
        struct topic *v;
        size_t n;
        in_lang.lang = lang;
        PW_TRY(topic_list(&in_lang, m->id, &v, &n));
        for (size_t i = 0; i < n; i++) {
            if (sv_eq(lang, lang_main(m->languages)))
                design_put(out, arena_fmt(c->arena, "topic.%zu.code", i + 1), v[i].code);
            design_put(out, arena_fmt(c->arena, "topic.%zu.%.*s", i + 1, SV_ARG(lang)), v[i].label);
        }
    }
    return PW_OK;
}

static int by_name(const void *x, const void *y)
{
    return sv_cmp(((const struct org *)x)->name, ((const struct org *)y)->name);
}

/* By name, so that the same partners give the same text wherever they were registered first. */
static enum pw_err write_partners(struct ctx *c, const struct community *m, struct buf *out)
{
    int64_t *ids;
    size_t n;
    PW_TRY(community_partners(c, m->id, &ids, &n));
    struct org *v = arena_array(c->arena, struct org, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        PW_TRY(org_get(c, ids[i], &v[i]));
    qsort(v, n, sizeof *v, by_name);
    for (size_t i = 0; i < n; i++) {
        design_put(out, arena_fmt(c->arena, "partner.%zu.name", i + 1), v[i].name);
        design_put(out, arena_fmt(c->arena, "partner.%zu.kind", i + 1), sv_of(org_kind_name(v[i].kind)));
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
        design_put(out, arena_fmt(c->arena, "keyword.%.*s", SV_ARG(v[i].lang)), v[i].word);
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
            design_put(out, arena_fmt(c->arena, "words.%.*s.%s", SV_ARG(w[i].lang), keys[k]), values[k]);
    }
    PW_TRY(write_docs(c, &m, out));
    PW_TRY(write_screening(c, &m, out));
    PW_TRY(write_doors(c, &m, out));
    PW_TRY(write_topics(c, &m, out));
    PW_TRY(write_partners(c, &m, out));
    size_t n_parts;
    const struct community_text_part *const *parts = text_parts(&n_parts);
    for (size_t i = 0; i < n_parts; i++)
        PW_TRY(parts[i]->write(c, community_id, out));
    return buf_ok(out) ? PW_OK : PW_INTERNAL;
}

/* ---- reading ---- */

enum { LINES_MAX = 1500 };
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

struct sv design_take(struct design *d, struct sv key)
{
    for (size_t i = 0; i < d->n; i++)
        if (sv_eq(d->v[i].key, key)) {
            d->v[i].used = true;
            return d->v[i].value;
        }
    return (struct sv){0};
}

size_t design_count(const struct design *d, struct sv prefix)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        n += sv_starts(d->v[i].key, prefix);
    return n;
}

static struct sv take_z(struct design *d, const char *key)
{
    return design_take(d, sv_of(key));
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
                                    .name = design_take(d, arena_fmt(a, "words.%.*s.name", SV_ARG(lang))),
                                    .purpose = design_take(d, arena_fmt(a, "words.%.*s.purpose", SV_ARG(lang))),
                                    .audience = design_take(d, arena_fmt(a, "words.%.*s.audience", SV_ARG(lang))),
                                    .topics_in = design_take(d, arena_fmt(a, "words.%.*s.topics_in", SV_ARG(lang))),
                                    .topics_out = design_take(d, arena_fmt(a, "words.%.*s.topics_out", SV_ARG(lang)))};
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
        struct sv title = design_take(d, arena_fmt(c->arena, "%s.%.*s.title", docs[i].code, SV_ARG(lang)));
        struct sv body = design_take(d, arena_fmt(c->arena, "%s.%.*s.text", docs[i].code, SV_ARG(lang)));
        int64_t version;
        if (body.n)
            PW_TRY(community_write_document(c, id, docs[i].kind, lang, title, body, is_main, &version));
    }
    struct sv keyword = design_take(d, arena_fmt(c->arena, "keyword.%.*s", SV_ARG(lang)));
    if (keyword.n)
        PW_TRY(keyword_write(c, id, lang, keyword));
    for (size_t i = 0; i < SCREENING_MAX; i++) {
        struct sv text = design_take(d, arena_fmt(c->arena, "screening.%zu.%.*s", i + 1, SV_ARG(lang)));
        bool required = !sv_eq_z(design_take(d, arena_fmt(c->arena, "screening.%zu.required", i + 1)), "no");
        if (text.n)
            PW_TRY(screening_write(c, id, screening[i], (int64_t)i + 1, required, lang, text, &screening[i]));
    }
    return PW_OK;
}

static enum pw_err read_topics(struct design *d, int64_t id, struct sv languages)
{
    struct arena *a = d->c->arena;
    for (int i = 1; i <= TOPICS_MAX; i++) {
        struct sv code = design_take(d, arena_fmt(a, "topic.%d.code", i)), rest = languages, lang;
        if (!code.n)
            break;
        while (sv_cut(&rest, ' ', &lang)) {
            struct sv label = design_take(d, arena_fmt(a, "topic.%d.%.*s", i, SV_ARG(lang)));
            if (label.n)
                PW_TRY(topic_write(d->c, id, i, code, lang, label));
        }
    }
    return PW_OK;
}

/* An organisation that is registered here under this name, else a new one: nobody is registered twice. */
static enum pw_err partner_org(struct ctx *c, struct sv name, struct sv kind, struct sv lang, int64_t *ret)
{
    struct org *v, o = {.kind = ORG_AGENCY, .name = name, .lang = lang};
    size_t n;
    PW_TRY(org_list(c, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (sv_eq(v[i].name, name)) {
            *ret = v[i].id;
            return PW_OK;
        }
    for (int k = 0; k < ORG__MAX; k++)
        if (sv_eq_z(kind, org_kind_name((enum org_kind)k)))
            o.kind = (enum org_kind)k;
    struct ctx system = *c; /* whoever may make the community may name its partners */
    system.actor = &actor_system;
    return org_create(&system, &o, ret);
}

static enum pw_err read_partners(struct design *d, int64_t id, struct sv lang)
{
    struct arena *a = d->c->arena;
    for (int i = 1; i <= PARTNERS_MAX; i++) {
        struct sv name = design_take(d, arena_fmt(a, "partner.%d.name", i));
        struct sv kind = design_take(d, arena_fmt(a, "partner.%d.kind", i));
        int64_t org;
        if (!name.n)
            break;
        PW_TRY(partner_org(d->c, name, kind, lang, &org));
        PW_TRY(community_add_partner(d->c, id, org));
    }
    return PW_OK;
}

/* Whoever makes a community administers it from then on, but the actor of this request does not know it yet. */
static enum pw_err as_maker(struct ctx *c, int64_t community_id, struct actor *ret)
{
    struct actor me = *c->actor;
    struct grant *own = arena_array(c->arena, struct grant, me.n_grants + 2);
    if (!own)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < me.n_grants; i++)
        own[i] = me.grants[i];
    static const enum role roles[] = {ROLE_TECH_ADMIN, ROLE_MODERATOR};
    for (size_t i = 0; i < 2; i++)
        own[me.n_grants++] = (struct grant){
            .person_id = me.person_id, .role = roles[i], .scope = SCOPE_COMMUNITY, .scope_id = community_id};
    me.grants = own;
    *ret = me;
    return PW_OK;
}

enum pw_err design_open(struct ctx *c, struct sv text, struct design **ret)
{
    struct design *d = arena_new(c->arena, struct design);
    if (!d)
        return PW_INTERNAL;
    d->c = c;
    PW_TRY(parse(d, text));
    *ret = d;
    return PW_OK;
}

enum pw_err community_text_read(struct ctx *c, struct sv text, struct sv slug, int64_t *ret_id)
{
    struct design *d;
    PW_TRY(design_open(c, text, &d));
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
    struct actor maker;
    struct ctx own = *c;
    PW_TRY(community_create(c, &e, &w, &id));
    if (c->actor->kind == ACTOR_STAFF) {
        PW_TRY(as_maker(c, id, &maker));
        own.actor = &maker;
        d->c = &own;
    }
    PW_TRY(read_language(d, id, main_lang, true, screening));
    while (sv_cut(&rest, ' ', &lang))
        if (lang.n && !sv_eq(lang, main_lang))
            PW_TRY(read_language(d, id, lang, false, screening));
    if (sv_eq_z(take_z(d, "ask_exit"), "no"))
        PW_TRY(community_set_asks_exit(c, id, false));
    PW_TRY(read_topics(d, id, e.languages));
    PW_TRY(read_partners(d, id, main_lang));
    size_t n_parts;
    const struct community_text_part *const *parts = text_parts(&n_parts);
    for (size_t k = 0; k < n_parts; k++)
        if (parts[k]->take)
            PW_TRY(parts[k]->take(d->c, id, d));
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < n_parts && !d->v[i].used; k++)
            if (parts[k]->read)
                PW_TRY(parts[k]->read(d->c, id, d->v[i].key, d->v[i].value, &d->v[i].used));
    for (size_t i = 0; i < d->n; i++)
        if (!d->v[i].used)
            return wrong_line(c, d->v[i].line, N_("This key is not known (line {0})."));
    *ret_id = id;
    return PW_OK;
}

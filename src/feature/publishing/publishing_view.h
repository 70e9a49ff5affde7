/* SPDX-License-Identifier: EUPL-1.2 */
/* publishing_view: what the pages of this room show. Filled by post_pages.c, central_pages.c, news_pages.c; read by
 * view/X.html. */
#ifndef PW_PUBLISHING_VIEW_H
#define PW_PUBLISHING_VIEW_H

#include "base/civil.h"
#include "base/id.h"
#include "base/unicode.h"
#include "feature/publishing/publishing.h"
#include "ui/component.h"
#include "ui/format.h"

struct posts_view {
    const struct community *coms;
    size_t n_coms;
    struct community com; /* id 0: the person works in none */
    struct sv type, state;
    const struct post_count *counts;
    size_t n_counts;
    const struct post *rows;
    size_t n;
    struct sv next; /* path of the next page, empty = none */
    bool may_admin;
};
struct calendar_view {
    const struct community *coms;
    size_t n_coms;
    struct community com;
    const struct post_date *rows;
    size_t n;
};
/* The heading of a day; with its year when that is far off. */
static inline struct sv post_day(const struct page *pg, int64_t ms)
{
    return ms - pg->now_ms < 300 * CIVIL_DAY_MS ? format_day(pg->cat, pg->arena, ms, pg->zone)
                                                : format_date(pg->cat, pg->arena, ms, pg->zone);
}
struct post_preview_row {
    struct sv lang, kind, text;
    struct text_cost cost; /* by SMS, to all who get it there; parts 0 = not by SMS */
};
struct post_edit_view {
    struct community com;
    struct post post; /* id 0 = new */
    struct post_edit edit;
    struct post_words words[POST_LANGS_MAX];
    size_t n_words;
    const struct message *corrects;
    size_t n_corrects;
    const struct newsletter_part *parts;
    size_t n_parts;
    struct audience audience;
    const struct post_preview_row *previews;
    size_t n_previews;
    struct sv today;
};
struct post_state_view {
    struct community com;
    struct post post;
    const struct post_words *words;
    size_t n_words;
    const struct message *corrects;
    size_t n_corrects;
    const struct newsletter_part *parts;
    size_t n_parts;
    struct audience audience;
    struct progress progress;
    bool shared;
    /* a missing translation that could not be saved */
    struct sv typed_lang, typed_title, typed_body;
};
struct prompts_view {
    struct community com;
    int64_t last_ms; /* last word of a member, 0 = never */
};
struct settings_view {
    struct community com;
    struct publishing_setting s;
    struct sv quiet_from, quiet_until, silence; /* as typed */
};
struct central_view {
    const struct community *coms;
    size_t n_coms;
    struct community com;
    const struct shared_item *rows;
    size_t n;
};
struct news_view {
    struct community com;
    bool inside; /* reader belongs to it */
    struct sv type;
    const struct post *rows;
    size_t n;
    int64_t older_ms, older_id;
    /* one post */
    const struct post *post;
    const struct newsletter_part *parts;
    size_t n_parts;
    const struct message *corrects;
    size_t n_corrects;
    /* resources */
    struct resources res;
};

/* A language named in itself; unknown codes stay codes. */
static inline struct sv lang_name(const struct page *pg, struct sv code)
{
    struct sv codes[12], names[12];
    size_t n = catalog_list(catalog_family(pg->cat), codes, names, 12);
    for (size_t i = 0; i < n; i++)
        if (sv_eq(codes[i], code))
            return names[i];
    return code;
}

static inline struct sv channel_name(const struct page *pg, struct sv kind)
{
    const struct chan_driver *d = sv_eq_z(kind, "web") ? NULL : chan_driver_of(kind);
    return d ? page_say(pg, d->label) : sv_eq_z(kind, "web") ? page_say(pg, N_("Web page")) : kind;
}

/* Where copies of a post stay, and why: "What stays: SMS, E-mail and Telegram (older than 48 hours)." As plain text:
 * names of apps within sentences of the other direction keep their place there. */
static inline struct sv stays_words(const struct page *pg, const struct progress *g)
{
    struct sv *v = arena_array(pg->arena, struct sv, g->n + 1);
    size_t n = 0;
    for (size_t i = 0; v && i < g->n; i++) {
        const struct chan_driver *d = chan_driver_of(g->v[i].kind);
        struct sv name = channel_name(pg, g->v[i].kind);
        int64_t hours = d && d->caps & CAP_TAKE_BACK ? chan_limit(d, "delete-hours") : 0;
        const struct sv args[] = {name, format_number(pg->cat, pg->arena, hours)};
        if (hours)
            name = text_t(pg->cat, pg->arena, N_("{0} (older than {1} hours)"), args, 2);
        bool known = g->v[i].stays <= 0;
        for (size_t k = 0; k < n; k++)
            known |= sv_eq(v[k], name);
        if (!known)
            v[n++] = name;
    }
    struct sv where = format_list(pg->cat, pg->arena, v, n);
    return text_t(pg->cat, pg->arena, N_("What stays: {0}."), &where, 1);
}

static inline struct sv day_name(const struct page *pg, struct sv iso)
{
    int64_t day;
    return civil_parse_date(iso, &day) ? format_date(pg->cat, pg->arena, day * CIVIL_DAY_MS, SV("UTC")) : iso;
}

/* Topics are codes that communities choose; those that many have are said in the reader's language. */
static inline struct sv topic_name(const struct page *pg, struct sv code)
{
    static const struct {
        const char *code, *label;
    } known[] = {{"health", N_("Health")}, {"housing", N_("Housing")},
                 {"school", N_("School")}, {"transport", N_("Transport")},
                 {"work", N_("Work")},     {"papers", N_("Papers")},
                 {"money", N_("Money")},   {"language", N_("Language courses")},
                 {"family", N_("Family")}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (sv_eq_z(code, known[i].code))
            return page_say(pg, known[i].label);
    return code;
}

static inline struct sv post_name(const struct page *pg, const struct post *p)
{
    return p->title.n ? p->title : p->body.n ? text_cut(pg->arena, p->body, 80) : page_say(pg, N_("Without words"));
}

static inline enum ui_tone post_tone(enum post_state s)
{
    return s == POST_PUBLISHED    ? TONE_GOOD
           : s == POST_SCHEDULED  ? TONE_WAIT
           : s == POST_PUBLISHING ? TONE_NEWS
                                  : TONE_PLAIN;
}

/* Times of the day as "21:00". */
static inline struct sv minutes_text(struct arena *a, int64_t m)
{
    return arena_fmt(a, "%02d:%02d", (int)(m / 60), (int)(m % 60));
}

#endif

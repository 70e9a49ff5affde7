/* SPDX-License-Identifier: EUPL-1.2 */
/* The access log for the privacy officer (CNS-7): newest first, page by page; who, what, when, about which record. */
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/id.h"
#include "base/tz.h"
#include "core/account.h"
#include "core/audit.h"
#include "core/people.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/format.h"
#include "ui/web.h"
#include "views_desk.h"

enum { AUDIT_PAGE = 100 };

/* The moment a day begins in the reader's zone, or `days` later; 0 when none was given. */
static int64_t day_begins(struct http_req *q, struct sv zone, const char *field, int days)
{
    const struct tz *tz = NULL;
    int64_t day;
    if (!civil_parse_date(http_text(q, field), &day))
        return 0;
    int64_t wall = (day + days) * CIVIL_DAY_MS;
    return tz_find(zone, &tz) == PW_OK ? tz_utc_ms(tz, wall, TZ_EARLIER, NULL) : wall;
}

/* Codes of the log; anything else is as if it had not been asked. */
static struct sv code(struct http_req *q, const char *field)
{
    struct sv s = http_text(q, field);
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 'a' || s.p[i] > 'z') && !strchr("._-", s.p[i]))
            return (struct sv){0};
    return s;
}

static enum pw_err choose_people(struct ctx *c, int64_t chosen, struct audit_view *v)
{
    struct account *accounts;
    PW_TRY(account_list(c, &accounts, &v->n_people));
    int64_t *ids = arena_array(c->arena, int64_t, v->n_people + 1);
    struct person *p = arena_array(c->arena, struct person, v->n_people + 1);
    struct ui_option *o = arena_array(c->arena, struct ui_option, v->n_people + 1);
    if (!ids || !p || !o)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < v->n_people; i++)
        ids[i] = accounts[i].person_id;
    PW_TRY(person_get_many(c, ids, v->n_people, p));
    for (size_t i = 0; i < v->n_people; i++) {
        char id[ID_TEXT + 1];
        o[i] = (struct ui_option){.value_text = arena_sv(c->arena, id_text(ids[i], id)),
                                  .label_text = p[i].display_name,
                                  .chosen = ids[i] == chosen};
    }
    v->people = o;
    return PW_OK;
}

struct by_label {
    struct ui_option option;
    const struct catalog *cat;
};

static int in_order(const void *x, const void *y)
{
    const struct by_label *a = x, *b = y;
    return format_compare(a->cat, a->option.label_text, b->option.label_text);
}

static enum pw_err choose_whats(struct ctx *c, const struct page *pg, struct sv chosen, struct audit_view *v)
{
    while (audit_word_at(v->n_whats))
        v->n_whats++;
    struct by_label *words = arena_array(c->arena, struct by_label, v->n_whats + 1);
    struct ui_option *o = arena_array(c->arena, struct ui_option, v->n_whats + 1);
    if (!words || !o)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < v->n_whats; i++) {
        const struct audit_word *w = audit_word_at(i);
        words[i] = (struct by_label){
            {.value = w->what, .label_text = page_say(pg, w->msgid), .chosen = sv_eq_z(chosen, w->what)}, pg->cat};
    }
    qsort(words, v->n_whats, sizeof *words, in_order);
    for (size_t i = 0; i < v->n_whats; i++)
        o[i] = words[i].option;
    v->whats = o;
    return PW_OK;
}

static enum pw_err load(struct http_req *q, const struct page *pg, struct audit_view *v)
{
    struct ctx *c = q->ctx;
    struct audit_filter f = {.actor_person = http_int(q, "who"),
                             .what = code(q, "what"),
                             .object = code(q, "object"),
                             .object_id = code(q, "object").n ? http_int(q, "record") : 0,
                             .from_ms = day_begins(q, pg->zone, "from", 0),
                             .until_ms = day_begins(q, pg->zone, "until", 1),
                             .before_id = http_int(q, "before")};
    struct audit_row *rows;
    PW_TRY(audit_search(c, &f, AUDIT_PAGE, &rows, &v->n));
    int64_t *ids = arena_array(c->arena, int64_t, v->n + 1);
    struct person *who = arena_array(c->arena, struct person, v->n + 1);
    struct audit_line *lines = arena_array(c->arena, struct audit_line, v->n + 1);
    if (!ids || !who || !lines)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < v->n; i++)
        ids[i] = rows[i].actor_person;
    PW_TRY(person_get_many(c, ids, v->n, who));
    for (size_t i = 0; i < v->n; i++) {
        const char *msgid = audit_msgid(rows[i].what);
        struct sv what = msgid ? page_say(pg, msgid) : rows[i].what;
        lines[i] = (struct audit_line){rows[i], who[i].display_name, what};
    }
    char person[ID_TEXT + 1] = "", record[ID_TEXT + 1] = "", last[ID_TEXT + 1];
    v->rows = lines;
    v->from = http_text(q, "from");
    v->until = http_text(q, "until");
    if (f.object_id)
        v->record = arena_fmt(c->arena, "%.*s %s", SV_ARG(f.object), id_text(f.object_id, record).p);
    if (v->n == AUDIT_PAGE)
        v->older = arena_fmt(c->arena, "/audit?who=%s&what=%.*s&from=%.*s&until=%.*s&object=%.*s&record=%s&before=%s",
                             f.actor_person ? id_text(f.actor_person, person).p : "", SV_ARG(f.what), SV_ARG(v->from),
                             SV_ARG(v->until), SV_ARG(f.object), f.object_id ? id_text(f.object_id, record).p : "",
                             id_text(rows[v->n - 1].id, last).p);
    PW_TRY(choose_people(c, f.actor_person, v));
    return choose_whats(c, pg, f.what, v);
}

enum pw_err audit_get(struct http_req *q, struct http_res *r)
{
    struct audit_view v = {0};
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Access log"));
    PW_TRY(load(q, &pg, &v));
    view_audit(&pg, &v);
    return page_end(&pg, r);
}

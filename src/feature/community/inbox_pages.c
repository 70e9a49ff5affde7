/* SPDX-License-Identifier: EUPL-1.2 */
/* The inbox (SLA-6, MSG-11): what is late, nearly late and new; one question open beside the list, with the person's
 * context, offers of verified entries and who else is looking. */
#include "feature/community/inbox_pages.h"
#include "base/clock.h"
#include "base/id.h"
#include "core/account.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/web.h"
#include "views_community.h"

enum { INBOX_PAGE = 50, SIMILAR = 4 };

struct sv staff_today(struct ctx *c, struct sv zone)
{
    const struct tz *tz;
    int64_t local = c->now_ms;
    if (tz_find(zone, &tz) == PW_OK)
        local = tz_local_ms(tz, c->now_ms);
    char text[CIVIL_DATE_TEXT];
    return arena_sv(c->arena, civil_date_text(civil_day_of(local), text));
}

/* ---- the filter, from the address and back into it ---- */

static void read_filter(const struct http_req *q, struct inbox_view *v)
{
    v->filter = (struct inbox_filter){.community_id = http_int(q, "community"),
                                      .state = -1,
                                      .lang = http_text(q, "lang_of"),
                                      .mine = http_int(q, "mine") != 0,
                                      .overdue = http_int(q, "overdue") != 0,
                                      .unassigned = http_int(q, "unassigned") != 0,
                                      .unchecked = http_int(q, "unchecked") != 0,
                                      .after_rank = http_int(q, "r"),
                                      .after_sort = http_int(q, "s"),
                                      .after_id = http_int(q, "i"),
                                      .limit = INBOX_PAGE};
    v->lang = v->filter.lang;
    v->state = http_text(q, "state");
    enum question_state s;
    if (v->state.n && question_state_parse(v->state, &s))
        v->filter.state = (int)s;
}

static void add_pair(struct buf *b, const char *name, struct sv value)
{
    buf_c(b, b->n ? '&' : '?');
    buf_fmt(b, "%s=", name);
    buf_url(b, value);
}

static struct sv filter_query(struct arena *a, const struct inbox_view *v)
{
    struct buf b;
    char id[ID_TEXT + 1];
    buf_init(&b, 512);
    if (v->filter.community_id)
        add_pair(&b, "community", id_text(v->filter.community_id, id));
    if (v->state.n)
        add_pair(&b, "state", v->state);
    if (v->lang.n)
        add_pair(&b, "lang_of", v->lang);
    static const char *const names[] = {"mine", "overdue", "unassigned", "unchecked"};
    const bool flags[] = {v->filter.mine, v->filter.overdue, v->filter.unassigned, v->filter.unchecked};
    for (size_t i = 0; i < 4; i++)
        if (flags[i])
            add_pair(&b, names[i], SV("1"));
    struct sv out = arena_sv(a, buf_sv(&b));
    buf_finish(&b);
    return out;
}

static enum pw_err load_list(struct http_req *q, struct inbox_view *v)
{
    struct ctx *c = q->ctx;
    read_filter(q, v);
    struct question *rows;
    struct community *coms;
    PW_TRY(inbox_list(c, &v->filter, &rows, &v->n));
    PW_TRY(inbox_count(c, v->filter.community_id, &v->counts));
    PW_TRY(community_mine(c, &coms, &v->n_coms));
    PW_TRY(inbox_notes(c, coms, v->n_coms, v->notes, &v->n_notes));
    v->rows = rows;
    v->coms = coms;
    v->keep = filter_query(c->arena, v);
    if (v->n == INBOX_PAGE) {
        const struct question *last = &rows[v->n - 1];
        v->next = arena_fmt(c->arena, "/inbox%.*s%cr=%d&s=%lld&i=%lld", SV_ARG(v->keep), v->keep.n ? '&' : '?',
                            (int)last->rank, (long long)last->sort_ms, (long long)last->id);
    }
    return PW_OK;
}

static enum pw_err show(struct http_req *q, struct http_res *r, struct inbox_view *v)
{
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Inbox"));
    if (v->open)
        pg.zone = v->open->community.zone;
    view_inbox(&pg, v);
    return page_end(&pg, r);
}

enum pw_err inbox_get(struct http_req *q, struct http_res *r)
{
    struct inbox_view v = {0};
    q->problems.n = 0; /* an old address with a strange filter shows the whole inbox */
    PW_TRY(load_list(q, &v));
    return show(q, r, &v);
}

/* ---- one question beside the list ---- */

static enum pw_err assignable(struct ctx *c, const struct community *com, int64_t now_assigned, struct inbox_view *v)
{
    struct grant *g;
    size_t n;
    PW_TRY(community_grants(c, com->id, &g, &n));
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct person *persons = arena_array(c->arena, struct person, n + 1);
    struct option_row *rows = arena_array(c->arena, struct option_row, n + 1);
    if (!ids || !persons || !rows)
        return PW_INTERNAL;
    size_t have = 0;
    for (size_t i = 0; i < n; i++) {
        bool twice = g[i].role == ROLE_MEMBER || g[i].role == ROLE_TECH_ADMIN;
        for (size_t k = 0; k < have; k++)
            twice |= ids[k] == g[i].person_id;
        if (!twice)
            ids[have++] = g[i].person_id;
    }
    PW_TRY(person_get_many(c, ids, have, persons));
    for (size_t i = 0; i < have; i++)
        rows[i] = (struct option_row){.id = ids[i], .label = persons[i].display_name, .chosen = ids[i] == now_assigned};
    v->people = rows;
    v->n_people = have;
    return PW_OK;
}

static enum pw_err partners(struct ctx *c, const struct community *com, struct inbox_view *v)
{
    int64_t *ids;
    size_t n;
    PW_TRY(community_partners(c, com->id, &ids, &n));
    struct option_row *rows = arena_array(c->arena, struct option_row, n + 1);
    if (!rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < n; i++) {
        struct org o;
        PW_TRY(org_get(c, ids[i], &o));
        rows[i] = (struct option_row){.id = ids[i], .label = o.name};
    }
    v->orgs = rows;
    v->n_orgs = n;
    return PW_OK;
}

enum pw_err inbox_show_question(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct inbox_view v = {0};
    struct question_view *open = arena_new(c->arena, struct question_view);
    if (!open)
        return PW_INTERNAL;
    PW_TRY(load_list(q, &v));
    PW_TRY(question_view(c, q->arg[0], open));
    PW_TRY(viewing_touch(c, q->arg[0]));
    v.open = open;
    PW_TRY(community_clock_now(c, &open->community, &v.clock));
    PW_TRY(assignable(c, &open->community, open->q.assigned_to, &v));
    PW_TRY(partners(c, &open->community, &v));
    struct topic *topics;
    PW_TRY(topic_list(c, open->community.id, &topics, &v.n_topics));
    v.topics = topics;
    struct kb_entry *similar;
    if (open->q.open) {
        PW_TRY(kb_suggest(c, open->q.id, SIMILAR, &similar, &v.n_similar));
        v.similar = similar;
    }
    v.today = staff_today(c, open->community.zone);
    bool typed = q->method == HTTP_POST;
    v.answer = typed ? http_text(q, "text") : open->draft;
    v.interim = http_kept(q, "interim");
    if (open->may_answer)
        PW_TRY(text_cost_person(c, open->community.id, open->q.author, v.answer, &v.cost));
    v.source = typed ? http_text(q, "source") : (struct sv){0};
    v.checked_on = typed ? http_text(q, "checked_on") : v.today;
    return show(q, r, &v);
}

enum pw_err inbox_question_get(struct http_req *q, struct http_res *r)
{
    return inbox_show_question(q, r);
}

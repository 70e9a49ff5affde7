/* SPDX-License-Identifier: EUPL-1.2 */
/* Who is away, and who takes their questions (SLA-8). */
#include "base/civil.h"
#include "base/id.h"
#include "base/tz.h"
#include "core/people.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/web.h"
#include "views_community.h"

static enum pw_err name_of(struct ctx *c, int64_t person_id, struct sv *ret)
{
    struct person p = {0};
    enum pw_err e = person_id ? person_get(c, person_id, &p) : PW_OK;
    *ret = p.display_name;
    return e == PW_NOT_FOUND ? PW_OK : e;
}

/* Those who answer here; a moderator chooses only themselves. */
static enum pw_err load_people(struct ctx *c, struct absences_view *v)
{
    struct grant *g;
    size_t n;
    PW_TRY(community_grants(c, v->com.id, &g, &n));
    struct option_row *rows = arena_array(c->arena, struct option_row, n + 1);
    if (!rows)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        bool answers = g[i].role == ROLE_MODERATOR || g[i].role == ROLE_SPECIALIST;
        if (!answers || (!v->may_admin && g[i].person_id != c->actor->person_id))
            continue;
        struct option_row *row = &rows[v->n_people++];
        row->id = g[i].person_id;
        row->chosen = g[i].person_id == v->person;
        PW_TRY(name_of(c, g[i].person_id, &row->label));
    }
    v->people = rows;
    return PW_OK;
}

static enum pw_err show(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct absences_view v = {0};
    struct absence *away;
    PW_TRY(community_get(c, q->arg[0], &v.com));
    PW_TRY(absence_list(c, v.com.id, &away, &v.n));
    v.may_admin = community_may_admin(c, &v.com);
    if (q->method != HTTP_GET && q->route->fields) {
        v.person = http_int(q, "person");
        v.from = http_kept(q, "from");
        v.until = http_kept(q, "until");
    }
    struct sv *names = arena_array(c->arena, struct sv, v.n + 1);
    if (!names)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < v.n; i++)
        PW_TRY(name_of(c, away[i].person_id, &names[i]));
    v.away = away;
    v.names = names;
    PW_TRY(name_of(c, v.com.stand_in, &v.stand_in));
    PW_TRY(load_people(c, &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Absences"));
    view_absences(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err absences_get(struct http_req *q, struct http_res *r)
{
    return show(q, r);
}

static struct sv path_of(struct http_req *q)
{
    char id[ID_TEXT + 1];
    return arena_fmt(q->arena, "/communities/%s/absences", id_text(q->arg[0], id).p);
}

/* Days by the community's clock: from the first moment of one to the last of the other. */
enum pw_err absence_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    const struct tz *tz;
    int64_t from, until;
    if (q->problems.n)
        return show(q, r);
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    PW_TRY(tz_find(com.zone, &tz));
    if (!civil_parse_date(http_text(q, "from"), &from) || !civil_parse_date(http_text(q, "until"), &until))
        return PW_INVALID;
    enum pw_err e =
        absence_set(q->ctx, com.id, http_int(q, "person"), tz_utc_ms(tz, from * CIVIL_DAY_MS, TZ_EARLIER, NULL),
                    tz_utc_ms(tz, (until + 1) * CIVIL_DAY_MS, TZ_EARLIER, NULL));
    if (e == PW_INVALID)
        return show(q, r);
    PW_TRY(e);
    return page_done(q, r, path_of(q),
                     N_("The absence is noted. Questions go to the stand-in before they become overdue."));
}

enum pw_err absence_clear_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(absence_clear(q->ctx, q->arg[0], q->arg[1]));
    return page_done(q, r, path_of(q), N_("The absence is taken back."));
}

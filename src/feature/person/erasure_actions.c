/* SPDX-License-Identifier: EUPL-1.2 */
/* "Delete what is kept about me" (CNS-8): asked by the person, carried out or declined by a privacy officer. */
#include "base/id.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/notify.h"
#include "core/vault.h"
#include "feature/person/person_room.h"

enum { WORDS_MAX = 1000, DECIDED_SHOWN = 100 };

DB_STMT(erasure_add, "INSERT INTO erasure_request (id, person_id, state, words, asked_ms, reason) "
                     "VALUES ($1, $2, 'open', $3, $4, $5) ON CONFLICT (person_id) WHERE state = 'open' DO NOTHING");
#define ERASURE_COLS                                                                                                   \
    "SELECT id, person_id, state, words, asked_ms, decided_ms, decided_by, reason FROM erasure_request "
DB_STMT(erasure_one, ERASURE_COLS "WHERE id = $1");
DB_STMT(erasure_last, ERASURE_COLS "WHERE person_id = $1 ORDER BY id DESC LIMIT 1");
DB_STMT(erasure_open, ERASURE_COLS "WHERE state = 'open' ORDER BY asked_ms, id");
DB_STMT(erasure_decided,
        ERASURE_COLS "WHERE state IN ('declined', 'done', 'withdrawn') ORDER BY asked_ms DESC, id DESC "
                     "LIMIT $1");
DB_STMT(erasure_done, "UPDATE erasure_request SET state = 'done', decided_ms = $2, decided_by = $3 "
                      "WHERE person_id = $1 AND state = 'open'");
DB_STMT(erasure_decide, "UPDATE erasure_request SET state = $2, decided_ms = $3, decided_by = $4, reason = $5 "
                        "WHERE id = $1 AND state = 'open'");

static const struct {
    const char *code, *label;
} states[] = {{"open", N_("Waits for a decision")},
              {"done", N_("Carried out")},
              {"declined", N_("Declined")},
              {"withdrawn", N_("Taken back by the person")}};

const char *erasure_state_label(struct sv state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (sv_eq_z(state, states[i].code))
            return states[i].label;
    return "";
}

static struct seal_place at(const char *column, int64_t row)
{
    return (struct seal_place){"erasure_request", column, row};
}

/* What was said is gone with the person. */
static enum pw_err open_words(struct ctx *c, int64_t person_id, struct seal_place where, struct sv sealed,
                              struct sv *ret)
{
    enum pw_err e = unseal(c, person_id, where, sealed, ret);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

static enum pw_err from_row(struct ctx *c, const struct db_rows *r, size_t i, struct erasure *ret)
{
    struct erasure e = {.id = db_int(r, i, 0),
                        .person_id = db_int(r, i, 1),
                        .state = db_text(r, i, 2),
                        .asked_ms = db_int(r, i, 4),
                        .decided_ms = db_int(r, i, 5),
                        .decided_by = db_int(r, i, 6)};
    struct person p[2];
    const int64_t ids[] = {e.person_id, e.decided_by};
    PW_TRY(open_words(c, e.person_id, at("words", e.id), db_text(r, i, 3), &e.words));
    PW_TRY(open_words(c, e.person_id, at("reason", e.id), db_text(r, i, 7), &e.reason));
    PW_TRY(person_get_many(c, ids, 2, p));
    e.name = p[0].display_name;
    e.decided_name = p[1].display_name;
    *ret = e;
    return PW_OK;
}

static enum pw_err decide(struct ctx *c, int64_t id, const char *state, struct sv reason_sealed)
{
    int64_t changed = 0;
    PW_TRY(db_exec(
        c->db, &erasure_decide,
        DB_ARGS(DB_I(id), DB_T(sv_of(state)), DB_I(c->now_ms), DB_I_OR_NULL(c->actor->person_id), DB_B(reason_sealed)),
        &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

/* ---- the person's side ---- */

/* The newest of the person, whichever of two merged records it was asked under; an open one before all. */
static enum pw_err last_of(struct ctx *c, int64_t person_id, struct erasure *ret)
{
    struct erasure last = {0}, one;
    int64_t *ids;
    size_t n;
    PW_TRY(person_ids(c, person_id, &ids, &n));
    for (size_t i = 0; i < n; i++) {
        struct db_rows r;
        enum pw_err e = db_one(c->db, c->arena, &erasure_last, DB_ARGS(DB_I(ids[i])), &r);
        if (e == PW_NOT_FOUND)
            continue;
        PW_TRY(e);
        PW_TRY(from_row(c, &r, 0, &one));
        bool open = sv_eq_z(one.state, "open"), was_open = sv_eq_z(last.state, "open");
        if (open == was_open ? one.id > last.id : open)
            last = one;
    }
    *ret = last;
    return last.id ? PW_OK : PW_NOT_FOUND;
}

enum pw_err erasure_own(struct ctx *c, struct erasure *ret)
{
    struct person p;
    PW_TRY(person_own(c, &p));
    return last_of(c, p.id, ret);
}

/* Privacy officers, and who stands in for them. */
static enum pw_err tell_officers(struct ctx *c, const struct person *p, int64_t id)
{
    struct grant *g;
    size_t n;
    char text[ID_TEXT + 1];
    struct sv path = arena_fmt(c->arena, "/privacy-requests/%s", id_text(id, text).p);
    PW_TRY(grant_list(c, SCOPE_NETWORK, 0, &g, &n));
    for (size_t i = 0; i < n; i++) {
        bool told = false;
        for (size_t k = 0; k < i; k++)
            told |= g[k].person_id == g[i].person_id &&
                    (g[k].role == ROLE_PRIVACY_OFFICER || g[k].role == ROLE_NETWORK_ADMIN);
        if (!told && (g[i].role == ROLE_PRIVACY_OFFICER || g[i].role == ROLE_NETWORK_ADMIN))
            PW_TRY(notify_about(c, g[i].person_id, p->id, N_("{0} asks to have everything about them deleted."),
                                (struct sv){0}, path));
    }
    return PW_OK;
}

static enum pw_err ask(struct ctx *c, const struct person *p, struct sv words, int64_t *ret_id)
{
    struct sv sealed = {0};
    struct erasure before;
    int64_t id = id_new(), changed = 0;
    enum pw_err e = last_of(c, p->id, &before);
    if (e == PW_OK && sv_eq_z(before.state, "open"))
        return PW_CONFLICT;
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    if (words.n)
        PW_TRY(seal(c, p->id, at("words", id), words, &sealed));
    PW_TRY(db_exec(c->db, &erasure_add,
                   DB_ARGS(DB_I(id), DB_I(p->id), DB_B(sealed), DB_I(c->now_ms), DB_B((struct sv){0})), &changed));
    if (!changed)
        return PW_CONFLICT;
    PW_TRY(audit(c, "person.erasure-asked", "person", p->id, (struct sv){0}));
    PW_TRY(tell_officers(c, p, id));
    *ret_id = id;
    return PW_OK;
}

enum pw_err erasure_ask(struct ctx *c, struct sv words, int64_t *ret_id)
{
    struct person p;
    PW_TRY(person_own(c, &p));
    PW_TRY(take_text(c, "words", false, WORDS_MAX, &words));
    return ask(c, &p, words, ret_id);
}

enum pw_err erasure_ask_for(struct ctx *c, int64_t person_id, struct sv words, int64_t *ret_id)
{
    struct person p;
    PW_TRY(person_need(c, person_id, &p));
    PW_TRY(take_text(c, "words", true, WORDS_MAX, &words));
    return ask(c, &p, words, ret_id);
}

enum pw_err erasure_take_back(struct ctx *c)
{
    struct erasure e;
    PW_TRY(erasure_own(c, &e));
    PW_TRY(decide(c, e.id, "withdrawn", (struct sv){0}));
    return audit(c, "person.erasure-withdrawn", "person", e.person_id, (struct sv){0});
}

/* ---- the officer's side ---- */

static enum pw_err need_officer(const struct ctx *c)
{
    bool may = actor_may(c->actor, RIGHT_PRIVACY) || actor_may(c->actor, RIGHT_ADMIN);
    return may ? PW_OK : PW_NOT_FOUND;
}

enum pw_err erasure_list(struct ctx *c, struct erasure **ret, size_t *ret_n)
{
    struct db_rows open, decided;
    PW_TRY(need_officer(c));
    PW_TRY(db_query(c->db, c->arena, &erasure_open, DB_NOARGS, &open));
    PW_TRY(db_query(c->db, c->arena, &erasure_decided, DB_ARGS(DB_I(DECIDED_SHOWN)), &decided));
    struct erasure *v = arena_array(c->arena, struct erasure, open.n + decided.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < open.n; i++)
        PW_TRY(from_row(c, &open, i, &v[i]));
    for (size_t i = 0; i < decided.n; i++)
        PW_TRY(from_row(c, &decided, i, &v[open.n + i]));
    *ret = v;
    *ret_n = open.n + decided.n;
    return PW_OK;
}

static enum pw_err request(struct ctx *c, int64_t id, struct erasure *ret)
{
    struct db_rows r;
    PW_TRY(need_officer(c));
    PW_TRY(db_one(c->db, c->arena, &erasure_one, DB_ARGS(DB_I(id)), &r));
    return from_row(c, &r, 0, ret);
}

enum pw_err erasure_get(struct ctx *c, int64_t id, struct erasure *ret, struct person_traces *ret_traces)
{
    struct erasure e;
    struct person_traces t = {0};
    PW_TRY(request(c, id, &e));
    PW_TRY(person_traces(c, e.person_id, &t));
    PW_TRY(audit(c, "person.erasure-read", "person", e.person_id, (struct sv){0}));
    *ret = e;
    *ret_traces = t;
    return PW_OK;
}

enum pw_err erasure_do(struct ctx *c, int64_t id, bool sure)
{
    struct erasure e;
    struct person p;
    bool staff = true;
    PW_TRY(request(c, id, &e));
    if (!sv_eq_z(e.state, "open"))
        return PW_CONFLICT;
    PW_TRY(person_get(c, e.person_id, &p));
    PW_TRY(person_is_staff(c, p.id, &staff));
    if (staff && !actor_may(c->actor, RIGHT_ADMIN))
        return problem_add(c->problems, NULL,
                           N_("This person has an account for staff. The network's administrator carries this out."));
    if (staff && p.id == c->actor->person_id)
        return problem_add(c->problems, NULL, N_("You cannot erase your own account while you work with it."));
    if (!sure)
        return problem_add(c->problems, "sure", N_("Tick the box: what is erased cannot be brought back."));
    int64_t *ids;
    size_t n;
    PW_TRY(decide(c, id, "done", (struct sv){0}));
    PW_TRY(person_ids(c, p.id, &ids, &n));
    for (size_t i = 0; i < n; i++) /* asked under each of two records before they became one */
        PW_TRY(db_exec(c->db, &erasure_done, DB_ARGS(DB_I(ids[i]), DB_I(c->now_ms), DB_I_OR_NULL(c->actor->person_id)),
                       NULL));
    PW_TRY(person_forget(c, p.id));
    return person_erase(c, p.id);
}

enum pw_err erasure_decline(struct ctx *c, int64_t id, struct sv reason)
{
    struct erasure e;
    struct sv sealed;
    struct person_place *places;
    size_t n;
    static const char msgid[] = N_("Your information is not deleted for now. The reason: {0}");
    PW_TRY(request(c, id, &e));
    PW_TRY(take_text(c, "reason", true, WORDS_MAX, &reason));
    PW_TRY(seal(c, e.person_id, at("reason", id), reason, &sealed));
    PW_TRY(decide(c, id, "declined", sealed));
    PW_TRY(audit(c, "person.erasure-declined", "person", e.person_id, (struct sv){0}));
    PW_TRY(person_places(c, e.person_id, &places, &n));
    for (size_t i = 0; i < n; i++) /* where they are, too, not only on our pages */
        if (places[i].m.state == MEMBER_ACTIVE)
            return tell(c, &places[i].com, places[i].m.person_id, msgid, reason, (struct sv){0}, SV("/my-data"));
    return notify(c, e.person_id, msgid, reason, (struct sv){0}, SV("/my-data"), NULL);
}

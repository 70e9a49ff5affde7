/* SPDX-License-Identifier: EUPL-1.2 */
/* What left the service about a person: what, to whom, on what ground, by whom; shown to the person (CNS-3). */
#include "base/civil.h"
#include "base/id.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/notify.h"
#include "core/vault.h"
#include "feature/person/person_room.h"

enum { WHAT_MAX = 500, RECIPIENT_MAX = 200, REASON_MAX = 1000 };

DB_STMT(disclosure_add, "INSERT INTO disclosure (id, person_id, what, recipient, basis, reason, given_ms, noted_by, "
                        "noted_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
DB_STMT(disclosure_all, "SELECT id, what, recipient, basis, reason, given_ms, noted_by, noted_ms FROM disclosure "
                        "WHERE person_id = $1 ORDER BY id DESC");

static const struct {
    const char *code, *label;
    bool reason;
} bases[] = {{"consent", N_("The person agreed in writing"), false},
             {"asked", N_("The person asked for it"), false},
             {"implied", N_("A situation named in the signed form"), true},
             {"emergency", N_("Emergency: somebody's safety"), true},
             {"law", N_("The law demands it"), true}};
enum { BASES = sizeof bases / sizeof *bases };

const char *disclosure_basis_label(struct sv basis)
{
    for (size_t i = 0; i < BASES; i++)
        if (sv_eq_z(basis, bases[i].code))
            return bases[i].label;
    return NULL;
}

bool disclosure_needs_reason(struct sv basis)
{
    for (size_t i = 0; i < BASES; i++)
        if (sv_eq_z(basis, bases[i].code))
            return bases[i].reason;
    return true;
}

static struct seal_place at(const char *column, int64_t row)
{
    return (struct seal_place){"disclosure", column, row};
}

static enum pw_err check(struct ctx *c, struct disclosure_new *n, int64_t *ret_given)
{
    int64_t day = 0;
    NOTED(take_text(c, "what", true, WHAT_MAX, &n->what));
    NOTED(take_line(c, "recipient", true, RECIPIENT_MAX, &n->recipient));
    if (!disclosure_basis_label(n->basis))
        (void)!problem_add(c->problems, "basis", N_("Choose one of the list."));
    NOTED(take_text(c, "reason", false, REASON_MAX, &n->reason));
    if (disclosure_basis_label(n->basis) && disclosure_needs_reason(n->basis) && !n->reason.n)
        (void)!problem_add(c->problems, "reason", N_("Without the person's own yes a written reason is needed."));
    if (n->on_day.n && (!civil_parse_date(n->on_day, &day) || day > c->now_ms / CIVIL_DAY_MS + 1))
        (void)!problem_add(c->problems, "on_day", N_("Give a day that is not in the future, as 2026-03-04."));
    *ret_given = n->on_day.n ? day * CIVIL_DAY_MS + CIVIL_DAY_MS / 2 : c->now_ms;
    return c->problems->n ? PW_INVALID : PW_OK;
}

/* Each once, though an organisation may own several of the person's communities. */
static enum pw_err tell_supervisors(struct ctx *c, const struct person *p, const struct person_place *v, size_t n)
{
    static const char msgid[] = N_("Information about {0} was passed on in an emergency.");
    struct sv path = person_page_path(c, p->id);
    for (size_t i = 0; i < n; i++) {
        struct grant *g;
        size_t n_g;
        bool known = !v[i].com.owner_org;
        for (size_t k = 0; k < i; k++)
            known |= v[k].com.owner_org == v[i].com.owner_org;
        if (known)
            continue;
        PW_TRY(grant_list(c, SCOPE_ORG, v[i].com.owner_org, &g, &n_g));
        for (size_t k = 0; k < n_g; k++)
            if (g[k].role == ROLE_SUPERVISOR || g[k].role == ROLE_COORDINATOR)
                PW_TRY(notify_about(c, g[k].person_id, p->id, msgid, (struct sv){0}, path));
    }
    return PW_OK;
}

enum pw_err disclosure_note(struct ctx *c, int64_t person_id, const struct disclosure_new *in, int64_t *ret_id)
{
    struct disclosure_new n = *in;
    struct person p;
    struct person_place *places;
    struct sv what, recipient, reason = {0};
    size_t n_places;
    int64_t id = id_new(), given;
    PW_TRY(person_need_places(c, person_id, &p, &places, &n_places));
    PW_TRY(check(c, &n, &given));
    PW_TRY(seal(c, p.id, at("what", id), n.what, &what));
    PW_TRY(seal(c, p.id, at("recipient", id), n.recipient, &recipient));
    if (n.reason.n)
        PW_TRY(seal(c, p.id, at("reason", id), n.reason, &reason));
    PW_TRY(db_exec(c->db, &disclosure_add,
                   DB_ARGS(DB_I(id), DB_I(p.id), DB_B(what), DB_B(recipient), DB_T(n.basis), DB_B(reason), DB_I(given),
                           DB_I(c->actor->person_id), DB_I(c->now_ms)),
                   NULL));
    PW_TRY(audit(c, "person.disclosure", "person", p.id, arena_fmt(c->arena, "basis=%.*s", SV_ARG(n.basis))));
    if (sv_eq_z(n.basis, "emergency"))
        PW_TRY(tell_supervisors(c, &p, places, n_places));
    *ret_id = id;
    return PW_OK;
}

static enum pw_err add_of(struct ctx *c, int64_t person_id, struct disclosure **io, size_t *io_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &disclosure_all, DB_ARGS(DB_I(person_id)), &r));
    struct disclosure *v = arena_array(c->arena, struct disclosure, *io_n + r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < *io_n; i++)
        v[i] = (*io)[i];
    for (size_t i = 0; i < r.n; i++) {
        struct disclosure *d = &v[*io_n + i];
        struct person by;
        *d = (struct disclosure){.id = db_int(&r, i, 0),
                                 .basis = db_text(&r, i, 3),
                                 .given_ms = db_int(&r, i, 5),
                                 .noted_by = db_int(&r, i, 6),
                                 .noted_ms = db_int(&r, i, 7)};
        PW_TRY(unseal(c, person_id, at("what", d->id), db_text(&r, i, 1), &d->what));
        PW_TRY(unseal(c, person_id, at("recipient", d->id), db_text(&r, i, 2), &d->recipient));
        PW_TRY(unseal(c, person_id, at("reason", d->id), db_text(&r, i, 4), &d->reason));
        PW_TRY(person_get_many(c, &d->noted_by, 1, &by));
        d->noted_name = by.display_name;
    }
    *io = v;
    *io_n += r.n;
    return PW_OK;
}

enum pw_err disclosure_list(struct ctx *c, const int64_t *ids, size_t n_ids, struct disclosure **ret, size_t *ret_n)
{
    struct disclosure *v = NULL;
    size_t n = 0;
    for (size_t i = 0; i < n_ids; i++)
        PW_TRY(add_of(c, ids[i], &v, &n));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

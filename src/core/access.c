/* SPDX-License-Identifier: EUPL-1.2 */
/* access: roles, and two tables that say all: which role rights an actor has, and which role stands in for which inside
 * a community. */
#include "core/access.h"

#include <string.h>

#include "base/id.h"
#include "core/audit.h"

const struct actor actor_anonymous = {.kind = ACTOR_ANONYMOUS};
const struct actor actor_system = {.kind = ACTOR_SYSTEM, .write = true};

static const struct {
    const char *name, *label;
} roles[ROLE__MAX] = {
    [ROLE_MEMBER] = {"member", N_("Member")},
    [ROLE_MODERATOR] = {"moderator", N_("Moderator")},
    [ROLE_SPECIALIST] = {"specialist", N_("Information and referral specialist")},
    [ROLE_TECH_ADMIN] = {"tech-admin", N_("Technical administrator")},
    [ROLE_COORDINATOR] = {"coordinator", N_("Program coordinator")},
    [ROLE_SUPERVISOR] = {"supervisor", N_("Supervisor")},
    [ROLE_EVALUATOR] = {"evaluator", N_("Evaluator")},
    [ROLE_PRIVACY_OFFICER] = {"privacy-officer", N_("Privacy officer")},
    [ROLE_NETWORK_ADMIN] = {"network-admin", N_("Network administrator")},
};
static const char *const scopes[] = {[SCOPE_NETWORK] = "network", [SCOPE_ORG] = "org", [SCOPE_COMMUNITY] = "community"};
enum { SCOPES_N = sizeof scopes / sizeof scopes[0] };

#define BIT(x) (1u << (x))
#define ALL_ROLES (BIT(ROLE__MAX) - 1)

/* Role rights. kinds: who may have the right at all; roles: one of these is needed too (0 = none is). A token counts
 * where kinds says so; for anything but reading it must be a writing one. Only a person who signed in administers. */
static const struct {
    unsigned kinds, roles;
    bool token_writes;
} role_rights[RIGHT__MAX] = {
    [RIGHT_ANYONE] = {BIT(ACTOR_ANONYMOUS) | BIT(ACTOR_MEMBER) | BIT(ACTOR_STAFF) | BIT(ACTOR_TOKEN), 0, false},
    [RIGHT_PERSON] = {BIT(ACTOR_MEMBER) | BIT(ACTOR_STAFF), 0, false},
    [RIGHT_STAFF] = {BIT(ACTOR_STAFF), 0, false},
    [RIGHT_MODERATE] = {BIT(ACTOR_STAFF) | BIT(ACTOR_TOKEN),
                        BIT(ROLE_MODERATOR) | BIT(ROLE_SPECIALIST) | BIT(ROLE_TECH_ADMIN) | BIT(ROLE_COORDINATOR) |
                            BIT(ROLE_NETWORK_ADMIN),
                        true},
    [RIGHT_COORDINATE] = {BIT(ACTOR_STAFF) | BIT(ACTOR_TOKEN),
                          BIT(ROLE_TECH_ADMIN) | BIT(ROLE_COORDINATOR) | BIT(ROLE_NETWORK_ADMIN), true},
    [RIGHT_ADMIN] = {BIT(ACTOR_STAFF), BIT(ROLE_NETWORK_ADMIN), false},
    [RIGHT_PRIVACY] = {BIT(ACTOR_STAFF), BIT(ROLE_PRIVACY_OFFICER), false},
    [RIGHT_API_READ] = {BIT(ACTOR_STAFF) | BIT(ACTOR_TOKEN), 0, false},
    [RIGHT_API_WRITE] = {BIT(ACTOR_STAFF) | BIT(ACTOR_TOKEN), 0, true},
};

/* Inside a community: which roles suffice where `least` is asked for. Administering and moderating are separate rights
 * (MSG-9): a technical administrator does not read questions, a moderator does not change settings. */
static const unsigned suffices[ROLE__MAX] = {
    [ROLE_MEMBER] = ALL_ROLES & ~(BIT(ROLE_EVALUATOR) | BIT(ROLE_PRIVACY_OFFICER) | BIT(ROLE_SUPERVISOR)),
    [ROLE_MODERATOR] = BIT(ROLE_MODERATOR) | BIT(ROLE_COORDINATOR) | BIT(ROLE_NETWORK_ADMIN),
    [ROLE_SPECIALIST] = BIT(ROLE_SPECIALIST) | BIT(ROLE_MODERATOR) | BIT(ROLE_COORDINATOR) | BIT(ROLE_NETWORK_ADMIN),
    [ROLE_TECH_ADMIN] = BIT(ROLE_TECH_ADMIN) | BIT(ROLE_COORDINATOR) | BIT(ROLE_NETWORK_ADMIN),
    [ROLE_COORDINATOR] = BIT(ROLE_COORDINATOR) | BIT(ROLE_NETWORK_ADMIN),
    [ROLE_SUPERVISOR] = BIT(ROLE_SUPERVISOR) | BIT(ROLE_NETWORK_ADMIN),
    [ROLE_EVALUATOR] = BIT(ROLE_EVALUATOR) | BIT(ROLE_COORDINATOR) | BIT(ROLE_NETWORK_ADMIN),
    [ROLE_PRIVACY_OFFICER] = BIT(ROLE_PRIVACY_OFFICER),
    [ROLE_NETWORK_ADMIN] = BIT(ROLE_NETWORK_ADMIN),
};

const char *role_name(enum role r)
{
    return roles[r].name;
}

const char *role_label(enum role r)
{
    return roles[r].label;
}

bool role_parse(struct sv name, enum role *ret)
{
    for (enum role r = 0; r < ROLE__MAX; r++)
        if (sv_eq_z(name, roles[r].name)) {
            *ret = r;
            return true;
        }
    return false;
}

bool actor_may(const struct actor *a, enum right right)
{
    if ((unsigned)right >= RIGHT__MAX)
        return false;
    if (a->kind == ACTOR_SYSTEM)
        return true;
    if (!(role_rights[right].kinds & BIT(a->kind)))
        return false;
    if (a->kind == ACTOR_TOKEN && role_rights[right].token_writes && !a->write)
        return false;
    if (!role_rights[right].roles)
        return true;
    for (size_t i = 0; i < a->n_grants; i++)
        if (role_rights[right].roles & BIT(a->grants[i].role))
            return true;
    return false;
}

static bool counts(const struct actor *a)
{
    return a->kind == ACTOR_STAFF || a->kind == ACTOR_TOKEN;
}

bool actor_has_role(const struct actor *a, enum role r, enum scope_kind k, int64_t scope_id)
{
    if (a->kind == ACTOR_SYSTEM)
        return true;
    for (size_t i = 0; counts(a) && i < a->n_grants; i++) {
        const struct grant *g = &a->grants[i];
        if (g->role == r && (g->scope == SCOPE_NETWORK || (g->scope == k && g->scope_id == scope_id)))
            return true;
    }
    return false;
}

bool actor_in_community(const struct actor *a, int64_t community_id, int64_t owner_org_id, enum role least)
{
    if ((unsigned)least >= ROLE__MAX)
        return false;
    if (a->kind == ACTOR_SYSTEM)
        return true;
    for (size_t i = 0; counts(a) && i < a->n_grants; i++) {
        const struct grant *g = &a->grants[i];
        bool here = g->scope == SCOPE_NETWORK ||
                    (g->scope == SCOPE_ORG && owner_org_id && g->scope_id == owner_org_id) ||
                    (g->scope == SCOPE_COMMUNITY && g->scope_id == community_id);
        if (here && suffices[least] & BIT(g->role))
            return true;
    }
    return false;
}

/* ---- grants ---- */

#define GRANT_COLUMNS                                                                                                  \
    "SELECT id, person_id, role, scope, scope_id, granted_ms, expires_ms, granted_by FROM role_grant WHERE "
#define GRANT_IN_FORCE " AND withdrawn_ms IS NULL AND (expires_ms IS NULL OR expires_ms > $"
DB_STMT(grant_insert,
        "INSERT INTO role_grant (id, person_id, role, scope, scope_id, granted_ms, granted_by, expires_ms) VALUES ($1, "
        "$2, $3, $4, $5, $6, $7, $8)");
DB_STMT(grant_select, GRANT_COLUMNS "id = $1 AND withdrawn_ms IS NULL");
DB_STMT(grant_end, "UPDATE role_grant SET withdrawn_ms = $2, withdrawn_by = $3 WHERE id = $1 AND withdrawn_ms IS NULL");
DB_STMT(grant_select_scope, GRANT_COLUMNS "scope = $1 AND scope_id = $2" GRANT_IN_FORCE "3) ORDER BY id");
DB_STMT(grant_select_person, GRANT_COLUMNS
        "person_id = (SELECT COALESCE(merged_into, id) FROM person WHERE id = $1)" GRANT_IN_FORCE "2) ORDER BY id");

static enum pw_err from_rows(struct ctx *c, const struct db_rows *r, struct grant **ret, size_t *ret_n)
{
    struct grant *v = arena_array(c->arena, struct grant, r->n ? r->n : 1);
    if (!v)
        return PW_INTERNAL;
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct grant g = {.id = db_int(r, i, 0),
                          .person_id = db_int(r, i, 1),
                          .scope_id = db_int(r, i, 4),
                          .granted_ms = db_int(r, i, 5),
                          .expires_ms = db_int(r, i, 6),
                          .granted_by = db_int(r, i, 7)};
        int scope = 0;
        while (scope < SCOPES_N && !sv_eq_z(db_text(r, i, 3), scopes[scope]))
            scope++;
        if (scope == SCOPES_N || !role_parse(db_text(r, i, 2), &g.role))
            continue; /* a role of a newer release gives nothing here */
        g.scope = (enum scope_kind)scope;
        v[n++] = g;
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

static struct sv grant_detail(struct ctx *c, const struct grant *g)
{
    return arena_fmt(c->arena, "role=%s scope=%s scope_id=%lld person=%lld expires=%lld", role_name(g->role),
                     scopes[g->scope], (long long)g->scope_id, (long long)g->person_id, (long long)g->expires_ms);
}

/* The last fence against giving oneself more: what belongs to the whole network only its administrator gives, what
 * belongs to an organisation its coordinator too. For a community its own room asks first, because it knows the owner.
 */
static bool may_give(const struct actor *a, const struct grant *g)
{
    if (a->kind == ACTOR_SYSTEM || actor_may(a, RIGHT_ADMIN))
        return true;
    if (!actor_may(a, RIGHT_STAFF) || g->scope == SCOPE_NETWORK || g->role == ROLE_NETWORK_ADMIN ||
        g->role == ROLE_PRIVACY_OFFICER)
        return false;
    if (g->scope == SCOPE_ORG)
        return actor_has_role(a, ROLE_COORDINATOR, SCOPE_ORG, g->scope_id);
    return actor_may(a, RIGHT_COORDINATE);
}

enum pw_err grant_give(struct ctx *c, const struct grant *g, int64_t *ret_id)
{
    if ((unsigned)g->role >= ROLE__MAX || (unsigned)g->scope >= SCOPES_N ||
        (g->scope == SCOPE_NETWORK) != (g->scope_id == 0))
        return problem_add(c->problems, "role", N_("Choose a role, and where it holds."));
    if (g->expires_ms && g->expires_ms <= c->now_ms)
        return problem_add(c->problems, "expires", N_("This date has passed. Choose a later one, or none."));
    if (!may_give(c->actor, g))
        return PW_DENIED;
    int64_t id = id_new();
    PW_TRY(db_exec(c->db, &grant_insert,
                   DB_ARGS(DB_I(id), DB_I(g->person_id), DB_T(sv_of(role_name(g->role))), DB_T(sv_of(scopes[g->scope])),
                           DB_I(g->scope_id), DB_I(c->now_ms), DB_I_OR_NULL(c->actor->person_id),
                           DB_I_OR_NULL(g->expires_ms)),
                   NULL));
    PW_TRY(audit(c, "grant.give", "grant", id, grant_detail(c, g)));
    *ret_id = id;
    return PW_OK;
}

enum pw_err grant_withdraw(struct ctx *c, int64_t grant_id)
{
    struct db_rows r;
    struct grant *g;
    size_t n;
    PW_TRY(db_one(c->db, c->arena, &grant_select, DB_ARGS(DB_I(grant_id)), &r));
    PW_TRY(from_rows(c, &r, &g, &n));
    if (!n)
        return PW_NOT_FOUND;
    if (!may_give(c->actor, g) && g->person_id != c->actor->person_id) /* anyone may lay a role of theirs down */
        return PW_DENIED;
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &grant_end, DB_ARGS(DB_I(grant_id), DB_I(c->now_ms), DB_I_OR_NULL(c->actor->person_id)),
                   &changed));
    if (!changed)
        return PW_NOT_FOUND;
    return audit(c, "grant.withdraw", "grant", grant_id, grant_detail(c, g));
}

enum pw_err grant_list(struct ctx *c, enum scope_kind k, int64_t scope_id, struct grant **ret, size_t *ret_n)
{
    if ((unsigned)k >= SCOPES_N)
        return PW_INVALID;
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &grant_select_scope,
                    DB_ARGS(DB_T(sv_of(scopes[k])), DB_I(scope_id), DB_I(c->now_ms)), &r));
    return from_rows(c, &r, ret, ret_n);
}

enum pw_err grant_of_person(struct ctx *c, int64_t person_id, struct grant **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &grant_select_person, DB_ARGS(DB_I(person_id), DB_I(c->now_ms)), &r));
    return from_rows(c, &r, ret, ret_n);
}

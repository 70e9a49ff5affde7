/* SPDX-License-Identifier: EUPL-1.2 */
/* Record rights of this room (MSG-9): who administers, moderates, answers as a partner's specialist, or takes part.
 * Administering does not include moderating, so that an administrator does not read private threads by the way. */
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"

bool is_system(const struct ctx *c)
{
    return c->actor->kind == ACTOR_SYSTEM;
}

bool community_may_admin(const struct ctx *c, const struct community *com)
{
    const struct actor *a = c->actor;
    return is_system(c) || actor_has_role(a, ROLE_TECH_ADMIN, SCOPE_COMMUNITY, com->id) ||
           actor_has_role(a, ROLE_COORDINATOR, SCOPE_ORG, com->owner_org) ||
           actor_has_role(a, ROLE_NETWORK_ADMIN, SCOPE_NETWORK, 0);
}

bool community_may_moderate(const struct ctx *c, const struct community *com)
{
    const struct actor *a = c->actor;
    return is_system(c) || actor_has_role(a, ROLE_MODERATOR, SCOPE_COMMUNITY, com->id) ||
           actor_has_role(a, ROLE_COORDINATOR, SCOPE_ORG, com->owner_org);
}

bool may_specialist(const struct ctx *c, const struct community *com)
{
    return actor_has_role(c->actor, ROLE_SPECIALIST, SCOPE_COMMUNITY, com->id);
}

bool works_in(const struct ctx *c, const struct community *com)
{
    return community_may_admin(c, com) || community_may_moderate(c, com) || may_specialist(c, com);
}

static bool visible(struct ctx *c, const struct community *com)
{
    if (works_in(c, com))
        return true;
    if (com->status == COM_DRAFT || com->status == COM_READY)
        return false;
    if (com->visibility == COM_LISTED && com->status != COM_ARCHIVED)
        return true;
    struct membership m;
    return c->actor->person_id && membership_row(c, com->id, c->actor->person_id, &m) == PW_OK &&
           m.state == MEMBER_ACTIVE;
}

enum pw_err need_admin(struct ctx *c, int64_t community_id, struct community *ret)
{
    struct community com;
    PW_TRY(community_row(c, community_id, &com));
    if (!community_may_admin(c, &com))
        return visible(c, &com) ? PW_DENIED : PW_NOT_FOUND;
    *ret = com;
    return PW_OK;
}

enum pw_err need_moderate(struct ctx *c, int64_t community_id, struct community *ret)
{
    struct community com;
    PW_TRY(community_row(c, community_id, &com));
    if (!community_may_moderate(c, &com))
        return visible(c, &com) ? PW_DENIED : PW_NOT_FOUND;
    *ret = com;
    return PW_OK;
}

enum pw_err need_member_or_staff(struct ctx *c, const struct community *com)
{
    if (works_in(c, com))
        return PW_OK;
    if (!c->actor->person_id)
        return PW_NOT_FOUND;
    struct membership m;
    enum pw_err e = membership_row(c, com->id, c->actor->person_id, &m);
    if (e == PW_OK && m.state == MEMBER_ACTIVE)
        return PW_OK;
    return e == PW_OK ? PW_NOT_FOUND : e;
}

enum pw_err act_as_member(struct ctx *c, int64_t person_id, struct actor *actor, struct ctx *ret)
{
    *actor = (struct actor){.kind = ACTOR_MEMBER, .person_id = person_id};
    struct grant *g;
    PW_TRY(grant_of_person(c, person_id, &g, &actor->n_grants));
    actor->grants = g;
    *ret = *c;
    ret->actor = actor;
    return PW_OK;
}

void system_ctx(struct ctx *ret, struct db *db, struct arena *a, struct problems *ps, int64_t now_ms)
{
    const struct community_host *h = community_host();
    *ret = (struct ctx){.arena = a,
                        .db = db,
                        .vault = h->vault,
                        .actor = &actor_system,
                        .problems = ps,
                        .now_ms = now_ms,
                        .lang = SV("fr"),
                        .data_dir = h->data_dir,
                        .public_url = h->public_url};
}

/* Who holds a role now, each person once; the answer grows with each place that is asked. */
struct holders {
    const int64_t *but; /* not these */
    size_t n_but;
    int64_t *v;
    size_t n;
};

static enum pw_err add_holders(struct ctx *c, enum scope_kind scope, int64_t scope_id, enum role role,
                               struct holders *io)
{
    struct grant *g;
    size_t n;
    PW_TRY(grant_list(c, scope, scope_id, &g, &n));
    int64_t *v = arena_array(c->arena, int64_t, io->n + n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < io->n; i++)
        v[i] = io->v[i];
    io->v = v;
    for (size_t i = 0; i < n; i++) {
        bool wanted = g[i].role == role && (!g[i].expires_ms || g[i].expires_ms > c->now_ms);
        for (size_t x = 0; x < io->n; x++)
            wanted &= v[x] != g[i].person_id;
        for (size_t x = 0; x < io->n_but; x++)
            wanted &= io->but[x] != g[i].person_id;
        if (wanted)
            v[io->n++] = g[i].person_id;
    }
    return PW_OK;
}

enum pw_err moderators_of(struct ctx *c, const struct community *com, int64_t **ret, size_t *ret_n)
{
    struct holders h = {0};
    PW_TRY(add_holders(c, SCOPE_COMMUNITY, com->id, ROLE_MODERATOR, &h));
    PW_TRY(add_holders(c, SCOPE_NETWORK, 0, ROLE_MODERATOR, &h));
    *ret = h.v;
    *ret_n = h.n;
    return PW_OK;
}

enum pw_err owners_of(struct ctx *c, const struct community *com, const int64_t *but, size_t n_but, int64_t **ret,
                      size_t *ret_n)
{
    struct holders h = {but, n_but, NULL, 0};
    PW_TRY(add_holders(c, SCOPE_COMMUNITY, com->id, ROLE_TECH_ADMIN, &h));
    PW_TRY(add_holders(c, SCOPE_ORG, com->owner_org, ROLE_COORDINATOR, &h));
    if (!h.n)
        PW_TRY(add_holders(c, SCOPE_NETWORK, 0, ROLE_NETWORK_ADMIN, &h));
    *ret = h.v;
    *ret_n = h.n;
    return PW_OK;
}

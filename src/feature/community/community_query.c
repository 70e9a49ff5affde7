/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading communities: the public description, what the actor works in, their parts. */
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"

/* A draft is seen by its staff only; one by invitation also by who is or was a member or asked to be (who holds an
 * invitation sees the form, invitation_open()); an archived one by its members and staff. */
static bool may_see(struct ctx *c, const struct community *m)
{
    struct membership own;
    int64_t request, person = c->actor->person_id;
    if (works_in(c, m))
        return true;
    if (m->status == COM_DRAFT || m->status == COM_READY)
        return false;
    if (m->status != COM_ARCHIVED && m->visibility != COM_INVITATION)
        return true;
    bool known = person && membership_row(c, m->id, person, &own) == PW_OK;
    if (m->status == COM_ARCHIVED) /* who was a member to the end goes on reading (MSG-18) */
        return known && own.state == MEMBER_ACTIVE;
    return known || (person && join_pending_of(c, m->id, person, &request) == PW_OK);
}

enum pw_err community_get(struct ctx *c, int64_t id, struct community *ret)
{
    struct community m;
    PW_TRY(community_row(c, id, &m));
    if (!may_see(c, &m))
        return PW_NOT_FOUND;
    *ret = m;
    return PW_OK;
}

enum pw_err community_by_slug(struct ctx *c, struct sv slug, struct community *ret)
{
    struct community m;
    if (!slug_ok(slug))
        return PW_NOT_FOUND;
    PW_TRY(community_row_by_slug(c, slug, &m));
    if (!may_see(c, &m))
        return PW_NOT_FOUND;
    *ret = m;
    return PW_OK;
}

enum pw_err community_listed(struct ctx *c, struct community **ret, size_t *ret_n)
{
    return community_rows_listed(c, ret, ret_n);
}

enum pw_err community_mine(struct ctx *c, struct community **ret, size_t *ret_n)
{
    const struct actor *a = c->actor;
    static const enum role everywhere[] = {ROLE_NETWORK_ADMIN, ROLE_COORDINATOR, ROLE_MODERATOR, ROLE_SPECIALIST,
                                           ROLE_TECH_ADMIN};
    bool all = is_system(c);
    for (size_t i = 0; i < sizeof everywhere / sizeof *everywhere; i++)
        all = all || actor_has_role(a, everywhere[i], SCOPE_NETWORK, 0);
    if (all)
        return community_rows_owned(c, 0, ret, ret_n);
    size_t max = 64 + a->n_grants, n = 0;
    struct community *v = arena_array(c->arena, struct community, max);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < a->n_grants; i++) {
        const struct grant *g = &a->grants[i];
        struct community *own = NULL, one;
        size_t n_own = 0;
        if (g->scope == SCOPE_ORG && g->role == ROLE_COORDINATOR) {
            PW_TRY(community_rows_owned(c, g->scope_id, &own, &n_own));
        } else if (g->scope == SCOPE_COMMUNITY && g->role != ROLE_MEMBER) {
            enum pw_err e = community_row(c, g->scope_id, &one);
            if (e == PW_NOT_FOUND)
                continue;
            PW_TRY(e);
            if (!works_in(c, &one)) /* who only sees results does not work there */
                continue;
            own = &one;
            n_own = 1;
        }
        for (size_t k = 0; k < n_own && n < max; k++) {
            bool known = false;
            for (size_t x = 0; x < n && !known; x++)
                known = v[x].id == own[k].id;
            if (!known)
                v[n++] = own[k];
        }
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err community_words_list(struct ctx *c, int64_t id, struct community_words **ret, size_t *ret_n)
{
    struct community m;
    PW_TRY(community_get(c, id, &m));
    return words_rows(c, id, ret, ret_n);
}

enum pw_err community_partners(struct ctx *c, int64_t id, int64_t **ret_orgs, size_t *ret_n)
{
    struct community m;
    PW_TRY(community_get(c, id, &m));
    return partner_rows(c, id, ret_orgs, ret_n);
}

enum pw_err community_channels_seen(struct ctx *c, int64_t id, struct community_channel **ret, size_t *ret_n)
{
    struct community m;
    PW_TRY(community_get(c, id, &m));
    return place_rows(c, id, ret, ret_n);
}

enum pw_err community_channels(struct ctx *c, int64_t id, struct community_channel **ret, size_t *ret_n)
{
    struct community m;
    PW_TRY(community_row(c, id, &m));
    if (!works_in(c, &m))
        return PW_NOT_FOUND;
    return place_rows(c, id, ret, ret_n);
}

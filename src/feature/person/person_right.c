/* SPDX-License-Identifier: EUPL-1.2 */
/* Who may work with a person. Specialists and evaluators may not: the ones see the questions given to them, the others
 * name nobody. */
#include "base/id.h"
#include "core/access.h"
#include "core/account.h"
#include "feature/person/person_room.h"

static bool may_everywhere(const struct actor *a)
{
    return a->kind == ACTOR_SYSTEM || actor_has_role(a, ROLE_NETWORK_ADMIN, SCOPE_NETWORK, 0);
}

bool works_at(const struct ctx *c, const struct person_place *p)
{
    return community_may_admin(c, &p->com) || community_may_moderate(c, &p->com);
}

enum pw_err person_need_places(struct ctx *c, int64_t person_id, struct person *ret, struct person_place **ret_places,
                               size_t *ret_n)
{
    struct person p;
    struct person_place *v;
    size_t n;
    if (c->actor->kind == ACTOR_ANONYMOUS || c->actor->kind == ACTOR_MEMBER)
        return PW_NOT_FOUND;
    PW_TRY(person_get(c, person_id, &p));
    if (p.erased_ms)
        return PW_NOT_FOUND;
    PW_TRY(person_places(c, p.id, &v, &n));
    bool may = may_everywhere(c->actor);
    for (size_t i = 0; i < n && !may; i++)
        may = works_at(c, &v[i]);
    if (!may)
        return PW_NOT_FOUND;
    *ret = p;
    *ret_places = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err person_need(struct ctx *c, int64_t person_id, struct person *ret)
{
    struct person_place *places;
    size_t n;
    return person_need_places(c, person_id, ret, &places, &n);
}

enum pw_err person_may(struct ctx *c, int64_t person_id, bool *ret)
{
    struct person p;
    enum pw_err e = person_need(c, person_id, &p);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    *ret = e == PW_OK;
    return PW_OK;
}

struct sv person_page_path(struct ctx *c, int64_t person_id)
{
    char id[ID_TEXT + 1];
    return arena_fmt(c->arena, "/persons/%s", id_text(person_id, id).p);
}

enum pw_err person_is_staff(struct ctx *c, int64_t person_id, bool *ret)
{
    struct grant *g;
    size_t n;
    bool account;
    PW_TRY(grant_of_person(c, person_id, &g, &n));
    PW_TRY(account_of_person(c, person_id, &account));
    *ret = n > 0 || account;
    return PW_OK;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Where a person is known: for the features that keep what is recorded once about a person. */
#include "feature/community/community_kit.h"

#include "core/people.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"

DB_STMT(membership_set_lang, "UPDATE membership SET lang = $2 WHERE id = $1");
DB_STMT(join_set_lang, "UPDATE join_request SET lang = $2 WHERE id = $1 AND state = 0");

struct places {
    struct person_place *v;
    size_t n, max;
};

static enum pw_err place_of(struct ctx *c, struct places *p, int64_t community_id, struct person_place **ret)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].com.id == community_id) {
            *ret = &p->v[i];
            return PW_OK;
        }
    if (p->n == p->max) {
        size_t max = p->max ? 2 * p->max : 8;
        struct person_place *more = arena_array(c->arena, struct person_place, max);
        if (!more)
            return PW_UNAVAILABLE;
        for (size_t i = 0; i < p->n; i++)
            more[i] = p->v[i];
        p->v = more;
        p->max = max;
    }
    PW_TRY(community_row(c, community_id, &p->v[p->n].com));
    *ret = &p->v[p->n++];
    return PW_OK;
}

static bool counts_more(const struct membership *m, const struct membership *than)
{
    return !than->id || (m->state == MEMBER_ACTIVE && than->state != MEMBER_ACTIVE);
}

static enum pw_err add_known_as(struct ctx *c, struct places *p, int64_t person_id)
{
    struct membership *m;
    struct join_request *j;
    struct person_place *place;
    size_t n;
    PW_TRY(membership_rows_ever(c, person_id, &m, &n));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(place_of(c, p, m[i].community_id, &place));
        if (counts_more(&m[i], &place->m))
            place->m = m[i];
    }
    PW_TRY(join_rows_of(c, person_id, &j, &n));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(place_of(c, p, j[i].community_id, &place));
        if (!place->asked.id || j[i].asked_ms > place->asked.asked_ms)
            place->asked = j[i];
    }
    return PW_OK;
}

enum pw_err person_places(struct ctx *c, int64_t person_id, struct person_place **ret, size_t *ret_n)
{
    struct places p = {0};
    int64_t *ids;
    size_t n;
    PW_TRY(person_ids(c, person_id, &ids, &n));
    for (size_t i = 0; i < n; i++)
        PW_TRY(add_known_as(c, &p, ids[i]));
    *ret = p.v;
    *ret_n = p.n;
    return PW_OK;
}

enum pw_err membership_speak(struct ctx *c, const struct person_place *place, struct sv lang)
{
    if (place->m.id)
        PW_TRY(db_exec(c->db, &membership_set_lang, DB_ARGS(DB_I(place->m.id), DB_T(lang)), NULL));
    if (place->asked.id)
        PW_TRY(db_exec(c->db, &join_set_lang, DB_ARGS(DB_I(place->asked.id), DB_T(lang)), NULL));
    return PW_OK;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Whom a post to a community reaches (MSG-14), not those who wanted no more posts (EQ-1): counted, and walked page by
 * page. */
#include "feature/community/community_kit.h"

DB_STMT(audience_by_part, "SELECT channel_id, channel_kind, lang, count(*) FROM membership WHERE community_id = $1 "
                          "AND state = 2 AND posts_stopped_ms IS NULL GROUP BY channel_id, channel_kind, lang "
                          "ORDER BY channel_kind, channel_id, lang");
DB_STMT(audience_next, "SELECT id, person_id, lang FROM membership WHERE community_id = $1 AND state = 2 "
                       "AND channel_id = $2 AND id > $3 AND posts_stopped_ms IS NULL ORDER BY id LIMIT $4");

enum pw_err audience_parts(struct ctx *c, int64_t community_id, struct audience_part **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &audience_by_part, DB_ARGS(DB_I(community_id)), &r));
    struct audience_part *v = arena_array(c->arena, struct audience_part, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct audience_part){db_int(&r, i, 0), db_int(&r, i, 3), db_text(&r, i, 1), db_text(&r, i, 2)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err audience_page(struct ctx *c, int64_t community_id, int64_t channel_id, int64_t after_id, int64_t limit,
                          struct audience_member **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &audience_next,
                    DB_ARGS(DB_I(community_id), DB_I(channel_id), DB_I(after_id), DB_I(limit)), &r));
    struct audience_member *v = arena_array(c->arena, struct audience_member, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct audience_member){db_int(&r, i, 0), db_int(&r, i, 1), db_text(&r, i, 2)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

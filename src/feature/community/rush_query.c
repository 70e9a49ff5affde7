/* SPDX-License-Identifier: EUPL-1.2 */
/* How much at once: what automatic rules count. */
#include "feature/community/community_kit.h"

/* What is shown is never shown before it was written: the index on shown_ms finds all that was written since. */
DB_STMT(member_said_lately,
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM message WHERE author = $1 AND community_id = $2 "
        "AND shown_ms > $3 AND written_ms > $3 AND thread_id IS NULL LIMIT 1000) AS said");
DB_STMT(joins_lately, "SELECT COUNT(*) FROM (SELECT person_id FROM join_request WHERE community_id = $1 AND state IN "
                      "(0, 1, 2, 3) AND asked_ms > $2 UNION SELECT m.person_id FROM membership_spell s JOIN membership "
                      "m ON m.id = s.membership_id WHERE s.community_id = $1 AND s.joined_ms > $2 AND m.source = "
                      "'platform') AS came");

static enum pw_err count(struct ctx *c, const struct db_stmt *st, const struct db_val *args, size_t n, int64_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, st, args, n, &r));
    *ret_n = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err member_said(struct ctx *c, int64_t community_id, int64_t person_id, int64_t since_ms, int64_t *ret_n)
{
    return count(c, &member_said_lately, DB_ARGS(DB_I(person_id), DB_I(community_id), DB_I(since_ms)), ret_n);
}

enum pw_err joins_since(struct ctx *c, int64_t community_id, int64_t since_ms, int64_t *ret_n)
{
    return count(c, &joins_lately, DB_ARGS(DB_I(community_id), DB_I(since_ms)), ret_n);
}

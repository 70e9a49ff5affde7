/* SPDX-License-Identifier: EUPL-1.2 */
#include "auto_store.h"

#include "base/id.h"

DB_STMT(mod_wave_last, "SELECT item_id, began_ms, until_ms, simulated FROM mod_wave WHERE community_id = $1 "
                       "ORDER BY until_ms DESC LIMIT 1");
DB_STMT(mod_wave_add, "INSERT INTO mod_wave (id, community_id, item_id, simulated, began_ms, until_ms) "
                      "VALUES ($1, $2, $3, $4, $5, $6)");
DB_STMT(mod_wave_lift, "UPDATE mod_wave SET until_ms = $2 WHERE item_id = $1 AND until_ms > $2");
DB_STMT(mod_item_waits,
        "SELECT COUNT(*) FROM mod_item WHERE about = $1 AND community_id = $2 AND state = 0 AND kind = $3 "
        "AND category = $4");

enum pw_err wave_last(struct ctx *c, int64_t community_id, struct wave *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &mod_wave_last, DB_ARGS(DB_I(community_id)), &r));
    *ret = (struct wave){db_int(&r, 0, 0), db_int(&r, 0, 1), db_int(&r, 0, 2), db_int(&r, 0, 3) != 0};
    return PW_OK;
}

enum pw_err wave_insert(struct ctx *c, int64_t community_id, const struct wave *w)
{
    return db_exec(c->db, &mod_wave_add,
                   DB_ARGS(DB_I(id_new()), DB_I(community_id), DB_I(w->item_id), DB_I(w->simulated), DB_I(w->began_ms),
                           DB_I(w->until_ms)),
                   NULL);
}

enum pw_err wave_end(struct ctx *c, int64_t item_id)
{
    return db_exec(c->db, &mod_wave_lift, DB_ARGS(DB_I(item_id), DB_I(c->now_ms)), NULL);
}

enum pw_err automatic_waits(struct ctx *c, int64_t community_id, int64_t about, struct sv category, bool *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &mod_item_waits,
                  DB_ARGS(DB_I(about), DB_I(community_id), DB_I(ITEM_AUTOMATIC), DB_T(category)), &r));
    *ret = db_int(&r, 0, 0) > 0;
    return PW_OK;
}

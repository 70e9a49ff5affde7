/* SPDX-License-Identifier: EUPL-1.2 */
/* Parts of newsletters, settings of communities, shared originals and their copies. */
#include "publishing_store.h"

DB_STMT(item_set, "INSERT INTO newsletter_item (post_id, kind, item_id, position) VALUES ($1, $2, $3, $4) "
                  "ON CONFLICT (post_id, kind, item_id) DO UPDATE SET position = excluded.position");
DB_STMT(item_remove, "DELETE FROM newsletter_item WHERE post_id = $1 AND kind = $2 AND item_id = $3");
DB_STMT(item_all, "SELECT kind, item_id, position FROM newsletter_item WHERE post_id = $1 "
                  "ORDER BY position, kind, item_id");

enum pw_err part_put(struct ctx *c, int64_t post_id, const struct item_row *i)
{
    return db_exec(c->db, &item_set, DB_ARGS(DB_I(post_id), DB_I(i->kind), DB_I(i->item_id), DB_I(i->position)), NULL);
}

enum pw_err part_drop(struct ctx *c, int64_t post_id, enum item_kind kind, int64_t item_id)
{
    return db_exec(c->db, &item_remove, DB_ARGS(DB_I(post_id), DB_I(kind), DB_I(item_id)), NULL);
}

enum pw_err part_rows(struct ctx *c, int64_t post_id, struct item_row **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &item_all, DB_ARGS(DB_I(post_id)), &r));
    struct item_row *v = arena_array(c->arena, struct item_row, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct item_row){(enum item_kind)db_int(&r, i, 0), db_int(&r, i, 1), db_int(&r, i, 2)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- settings ---- */

DB_STMT(publishing_setting_one, "SELECT quiet_from, quiet_until, silence_days, monthly, public_pages, silent_ms "
                                "FROM publishing_setting WHERE community_id = $1");
DB_STMT(publishing_setting_put,
        "INSERT INTO publishing_setting (community_id, quiet_from, quiet_until, silence_days, monthly, public_pages, "
        "silent_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (community_id) DO UPDATE SET "
        "quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, "
        "silence_days = excluded.silence_days, monthly = excluded.monthly, public_pages = excluded.public_pages, "
        "silent_ms = excluded.silent_ms");

enum pw_err press_setting_row(struct ctx *c, int64_t community_id, struct publishing_setting *ret)
{
    struct db_rows r;
    struct publishing_setting s = {.community_id = community_id,
                                   .quiet_from = 21 * 60,
                                   .quiet_until = 8 * 60,
                                   .silence_days = 7,
                                   .public_pages = true};
    PW_TRY(db_query(c->db, c->arena, &publishing_setting_one, DB_ARGS(DB_I(community_id)), &r));
    if (r.n) {
        s.quiet_from = db_int(&r, 0, 0);
        s.quiet_until = db_int(&r, 0, 1);
        s.silence_days = db_int(&r, 0, 2);
        s.monthly = db_int(&r, 0, 3) != 0;
        s.public_pages = db_int(&r, 0, 4) != 0;
        s.silent_ms = db_int(&r, 0, 5);
    }
    *ret = s;
    return PW_OK;
}

enum pw_err press_setting_put(struct ctx *c, const struct publishing_setting *s)
{
    return db_exec(c->db, &publishing_setting_put,
                   DB_ARGS(DB_I(s->community_id), DB_I(s->quiet_from), DB_I(s->quiet_until), DB_I(s->silence_days),
                           DB_I(s->monthly), DB_I(s->public_pages), DB_I(s->silent_ms)),
                   NULL);
}

/* ---- shared originals and copies (KB-7) ---- */

#define SHARED_COLS "kind, item_id, community_id, org_id, since_ms"
DB_STMT(shared_add, "INSERT INTO shared_item (" SHARED_COLS ") VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
DB_STMT(shared_remove, "DELETE FROM shared_item WHERE kind = $1 AND item_id = $2");
DB_STMT(shared_one, "SELECT " SHARED_COLS " FROM shared_item WHERE kind = $1 AND item_id = $2");
DB_STMT_SCAN(shared_all, "SELECT " SHARED_COLS " FROM shared_item ORDER BY since_ms DESC LIMIT 500",
             "what organisations of one network offer: hundreds");

static struct shared_item shared_of(const struct db_rows *r, size_t i)
{
    return (struct shared_item){.kind = (enum item_kind)db_int(r, i, 0),
                                .item_id = db_int(r, i, 1),
                                .community_id = db_int(r, i, 2),
                                .org_id = db_int(r, i, 3),
                                .since_ms = db_int(r, i, 4)};
}

enum pw_err shared_put(struct ctx *c, const struct shared_item *s)
{
    return db_exec(c->db, &shared_add,
                   DB_ARGS(DB_I(s->kind), DB_I(s->item_id), DB_I(s->community_id), DB_I(s->org_id), DB_I(s->since_ms)),
                   NULL);
}

enum pw_err shared_drop(struct ctx *c, enum item_kind kind, int64_t item_id)
{
    return db_exec(c->db, &shared_remove, DB_ARGS(DB_I(kind), DB_I(item_id)), NULL);
}

enum pw_err shared_row(struct ctx *c, enum item_kind kind, int64_t item_id, struct shared_item *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &shared_one, DB_ARGS(DB_I(kind), DB_I(item_id)), &r));
    *ret = shared_of(&r, 0);
    return PW_OK;
}

enum pw_err shared_rows(struct ctx *c, struct shared_item **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &shared_all, DB_NOARGS, &r));
    struct shared_item *v = arena_array(c->arena, struct shared_item, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = shared_of(&r, i);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

#define ADOPTION_COLS "id, community_id, kind, original_id, copy_id, seen_ms, detached_ms"
DB_STMT(adoption_add, "INSERT INTO adoption (" ADOPTION_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7)");
DB_STMT(adoption_set, "UPDATE adoption SET seen_ms = $2, detached_ms = $3, copy_id = $4 WHERE id = $1");
DB_STMT(adoption_one, "SELECT " ADOPTION_COLS " FROM adoption WHERE id = $1");
DB_STMT(adoption_here, "SELECT " ADOPTION_COLS " FROM adoption WHERE community_id = $1 AND kind = $2 "
                       "AND original_id = $3");
DB_STMT(adoption_all, "SELECT " ADOPTION_COLS " FROM adoption WHERE kind = $1 AND original_id = $2 ORDER BY id");

static struct adoption adoption_read(const struct db_rows *r, size_t i)
{
    return (struct adoption){.id = db_int(r, i, 0),
                             .community_id = db_int(r, i, 1),
                             .kind = (enum item_kind)db_int(r, i, 2),
                             .original_id = db_int(r, i, 3),
                             .copy_id = db_int(r, i, 4),
                             .seen_ms = db_int(r, i, 5),
                             .detached_ms = db_int(r, i, 6)};
}

enum pw_err adoption_insert(struct ctx *c, const struct adoption *a)
{
    return db_exec(c->db, &adoption_add,
                   DB_ARGS(DB_I(a->id), DB_I(a->community_id), DB_I(a->kind), DB_I(a->original_id), DB_I(a->copy_id),
                           DB_I(a->seen_ms), DB_I_OR_NULL(a->detached_ms)),
                   NULL);
}

enum pw_err adoption_save(struct ctx *c, const struct adoption *a)
{
    return db_exec(c->db, &adoption_set,
                   DB_ARGS(DB_I(a->id), DB_I(a->seen_ms), DB_I_OR_NULL(a->detached_ms), DB_I(a->copy_id)), NULL);
}

enum pw_err adoption_row(struct ctx *c, int64_t id, struct adoption *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &adoption_one, DB_ARGS(DB_I(id)), &r));
    *ret = adoption_read(&r, 0);
    return PW_OK;
}

enum pw_err adoption_of(struct ctx *c, int64_t community_id, enum item_kind kind, int64_t original_id,
                        struct adoption *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &adoption_here, DB_ARGS(DB_I(community_id), DB_I(kind), DB_I(original_id)), &r));
    *ret = adoption_read(&r, 0);
    return PW_OK;
}

enum pw_err adoption_rows_of(struct ctx *c, enum item_kind kind, int64_t original_id, struct adoption **ret,
                             size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &adoption_all, DB_ARGS(DB_I(kind), DB_I(original_id)), &r));
    struct adoption *v = arena_array(c->arena, struct adoption, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = adoption_read(&r, i);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

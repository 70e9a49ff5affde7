/* SPDX-License-Identifier: EUPL-1.2 */
#include "review_store.h"

#include "core/vault.h"

#define ITEM_FACTS                                                                                                     \
    "id, community_id, kind, state, urgent, category, message_id, action_id, about, from_person, hidden_from, "        \
    "conflict, lang, at_ms, start_ms, due_ms, decided_by, decided_ms"
#define ITEM_COLS ITEM_FACTS ", words, copy, note, reason"

DB_STMT(mod_item_add, "INSERT INTO mod_item (" ITEM_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
                      "$13, $14, $15, $16, NULL, NULL, $17, $18, $19, $19)");
DB_STMT(mod_item_one, "SELECT " ITEM_COLS " FROM mod_item WHERE id = $1");
DB_STMT(mod_item_open_one, "SELECT id FROM mod_item WHERE kind = $1 AND from_person = $2 AND message_id = $3 "
                           "AND state = 0");
DB_STMT(mod_item_action_one, "SELECT id FROM mod_item WHERE kind = $1 AND action_id = $2");
/* No due time comes after all those that have one. */
DB_STMT(mod_item_queue, "SELECT " ITEM_FACTS " FROM mod_item WHERE community_id = $1 AND state = 0 "
                        "AND hidden_from <> $2 AND about <> $2 ORDER BY urgent DESC, CASE WHEN due_ms = 0 "
                        "THEN 9000000000000000 ELSE due_ms END, id LIMIT $3");
DB_STMT(mod_item_history, "SELECT " ITEM_FACTS " FROM mod_item WHERE community_id = $1 AND state <> 0 "
                          "AND hidden_from <> $2 AND about <> $2 ORDER BY id DESC LIMIT $3");
DB_STMT(mod_item_by_person, "SELECT " ITEM_FACTS " FROM mod_item WHERE from_person IN "
                            "(SELECT id FROM person WHERE id = $1 OR merged_into = $1) ORDER BY id DESC LIMIT $2");
DB_STMT(mod_item_set, "UPDATE mod_item SET state = $2, decided_by = $3, decided_ms = $4, reason = $5 "
                      "WHERE id = $1 AND state = 0");
DB_STMT(mod_item_set_note, "UPDATE mod_item SET note = $2 WHERE id = $1");

static enum pw_err shut(struct ctx *c, int64_t person, const char *column, int64_t id, struct sv plain, struct sv *ret)
{
    *ret = (struct sv){0};
    return plain.n ? seal(c, person, (struct seal_place){"mod_item", column, id}, plain, ret) : PW_OK;
}

static enum pw_err open_part(struct ctx *c, int64_t person, const char *column, int64_t id, struct sv sealed,
                             struct sv *ret)
{
    *ret = (struct sv){0};
    enum pw_err e = unseal(c, person, (struct seal_place){"mod_item", column, id}, sealed, ret);
    return e == PW_NOT_FOUND ? PW_OK : e; /* erased: the row stays, without the words */
}

enum pw_err item_insert(struct ctx *c, const struct mod_item *it)
{
    struct sv words, copy;
    PW_TRY(shut(c, it->from_person, "words", it->id, it->words, &words));
    PW_TRY(shut(c, it->about, "copy", it->id, it->copy, &copy));
    return db_exec(c->db, &mod_item_add,
                   DB_ARGS(DB_I(it->id), DB_I(it->community_id), DB_I(it->kind), DB_I(it->state), DB_I(it->urgent),
                           DB_T(it->category), DB_I_OR_NULL(it->message_id), DB_I_OR_NULL(it->action_id),
                           DB_I(it->about), DB_I(it->from_person), DB_I(it->hidden_from), DB_I(it->conflict),
                           DB_T(it->lang), DB_I(it->at_ms), DB_I(it->start_ms), DB_I(it->due_ms), DB_B(words),
                           DB_B(copy), DB_B((struct sv){0})),
                   NULL);
}

static void read_item(struct ctx *c, const struct db_rows *r, size_t i, struct mod_item *it)
{
    *it = (struct mod_item){.id = db_int(r, i, 0),
                            .community_id = db_int(r, i, 1),
                            .kind = (enum mod_item_kind)db_int(r, i, 2),
                            .state = (enum mod_item_state)db_int(r, i, 3),
                            .urgent = db_int(r, i, 4) != 0,
                            .category = db_text(r, i, 5),
                            .message_id = db_int(r, i, 6),
                            .action_id = db_int(r, i, 7),
                            .about = db_int(r, i, 8),
                            .from_person = db_int(r, i, 9),
                            .hidden_from = db_int(r, i, 10),
                            .conflict = db_int(r, i, 11) != 0,
                            .lang = db_text(r, i, 12),
                            .at_ms = db_int(r, i, 13),
                            .start_ms = db_int(r, i, 14),
                            .due_ms = db_int(r, i, 15),
                            .decided_by = db_int(r, i, 16),
                            .decided_ms = db_int(r, i, 17)};
    it->overdue = it->state == ITEM_OPEN && it->due_ms && it->due_ms <= c->now_ms;
}

enum pw_err item_row(struct ctx *c, int64_t id, struct mod_item *ret)
{
    struct db_rows r;
    struct mod_item it;
    PW_TRY(db_one(c->db, c->arena, &mod_item_one, DB_ARGS(DB_I(id)), &r));
    read_item(c, &r, 0, &it);
    PW_TRY(open_part(c, it.from_person, "words", id, db_text(&r, 0, 18), &it.words));
    PW_TRY(open_part(c, it.about, "copy", id, db_text(&r, 0, 19), &it.copy));
    PW_TRY(open_part(c, it.from_person, "note", id, db_text(&r, 0, 20), &it.note));
    PW_TRY(open_part(c, it.from_person, "reason", id, db_text(&r, 0, 21), &it.reason));
    *ret = it;
    return PW_OK;
}

static enum pw_err one_id(struct ctx *c, const struct db_stmt *st, const struct db_val *args, size_t n, int64_t *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, st, args, n, &r));
    *ret = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err item_open_of(struct ctx *c, enum mod_item_kind kind, int64_t from_person, int64_t message_id,
                         int64_t *ret_id)
{
    return one_id(c, &mod_item_open_one, DB_ARGS(DB_I(kind), DB_I(from_person), DB_I(message_id)), ret_id);
}

enum pw_err item_of_action(struct ctx *c, enum mod_item_kind kind, int64_t action_id, int64_t *ret_id)
{
    return one_id(c, &mod_item_action_one, DB_ARGS(DB_I(kind), DB_I(action_id)), ret_id);
}

static enum pw_err many(struct ctx *c, const struct db_stmt *st, const struct db_val *args, size_t n_args,
                        struct mod_item **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, st, args, n_args, &r));
    struct mod_item *v = arena_array(c->arena, struct mod_item, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        read_item(c, &r, i, &v[i]);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err item_rows(struct ctx *c, int64_t community_id, bool done, int64_t viewer, int64_t limit,
                      struct mod_item **ret, size_t *ret_n)
{
    /* The system sees all: no item is hidden from person -1. */
    int64_t who = viewer ? viewer : -1;
    return many(c, done ? &mod_item_history : &mod_item_queue, DB_ARGS(DB_I(community_id), DB_I(who), DB_I(limit)), ret,
                ret_n);
}

enum pw_err item_rows_from(struct ctx *c, int64_t from_person, int64_t limit, struct mod_item **ret, size_t *ret_n)
{
    return many(c, &mod_item_by_person, DB_ARGS(DB_I(from_person), DB_I(limit)), ret, ret_n);
}

enum pw_err item_decide(struct ctx *c, const struct mod_item *it, enum mod_item_state to, struct sv reason)
{
    struct sv sealed;
    int64_t changed = 0;
    PW_TRY(shut(c, it->from_person, "reason", it->id, reason, &sealed));
    PW_TRY(db_exec(c->db, &mod_item_set,
                   DB_ARGS(DB_I(it->id), DB_I(to), DB_I_OR_NULL(c->actor->person_id), DB_I(c->now_ms), DB_B(sealed)),
                   &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

enum pw_err item_save_note(struct ctx *c, const struct mod_item *it, struct sv note)
{
    struct sv sealed;
    PW_TRY(shut(c, it->from_person, "note", it->id, note, &sealed));
    return db_exec(c->db, &mod_item_set_note, DB_ARGS(DB_I(it->id), DB_B(sealed)), NULL);
}

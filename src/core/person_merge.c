/* SPDX-License-Identifier: EUPL-1.2 */
/* person_merge: two records that were one person, and the way back; and the end of a record.
 *
 * The dropped record stays and points to the kept one: what other rooms hold under its id is found and opened through
 * it (person_get, unseal). Only the rows of core that people are looked up by move over, each noted in
 * person_merge_row. Kept records never point further, so there are no chains. */
#include <stdlib.h>

#include "base/id.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/people_parts.h"
#include "core/vault.h"
#include "work/work.h"

DB_STMT(
    person_merge_insert,
    "INSERT INTO person_merge (id, keep_id, drop_id, by_person, at_ms, undone_ms) VALUES ($1, $2, $3, $4, $5, NULL)");
DB_STMT(person_merge_select, "SELECT keep_id, drop_id, undone_ms FROM person_merge WHERE id = $1");
DB_STMT(person_merge_undone, "UPDATE person_merge SET undone_ms = $2 WHERE id = $1 AND undone_ms IS NULL");
DB_STMT(person_state, "SELECT erased_ms, merged_into FROM person WHERE id = $1");
DB_STMT(person_merged_ids, "SELECT id FROM person WHERE merged_into = $1");
DB_STMT(person_point, "UPDATE person SET merged_into = $2 WHERE id = $1");
DB_STMT(person_blank, "UPDATE person SET display_name = $2, lang = $3, zone = $3, erased_ms = $4 WHERE id = $1");
DB_STMT(person_merges_of, "SELECT id, keep_id, drop_id, by_person, at_ms FROM person_merge WHERE keep_id = $1 AND "
                          "undone_ms IS NULL ORDER BY id DESC");
DB_STMT(person_merge_row_add, "INSERT INTO person_merge_row (merge_id, kind, row_id) VALUES ($1, $2, $3)");
DB_STMT(person_merge_rows, "SELECT row_id FROM person_merge_row WHERE merge_id = $1 AND kind = $2 ORDER BY row_id");
DB_STMT(person_merge_identities, "SELECT row_id FROM person_merge_row WHERE merge_id = $1 AND kind = 'identity'");

/* Each table whose rows move: note them, move them, move back those noted. `column` points to the person. */
#define MOVED(kind, column)                                                                                            \
    DB_STMT(merge_note_##kind,                                                                                         \
            "INSERT INTO person_merge_row (merge_id, kind, row_id) SELECT CAST($1 AS BIGINT), '" #kind                 \
            "', id FROM " #kind " WHERE " #column " = $2");                                                            \
    DB_STMT(merge_move_##kind, "UPDATE " #kind " SET " #column " = $2 WHERE " #column " = $1");                        \
    DB_STMT(merge_back_##kind,                                                                                         \
            "UPDATE " #kind " SET " #column " = $2 WHERE " #column " = $1 AND id IN (SELECT row_id FROM "              \
            "person_merge_row WHERE merge_id = $3 AND kind = '" #kind "')")
MOVED(identity, person_id);
MOVED(role_grant, person_id);
MOVED(consent, person_id);
MOVED(notice, person_id);
MOVED(account, person_id);
MOVED(session, person_id);
MOVED(member_link, person_id);
MOVED(person, merged_into);

#define MOVED_ROW(kind)                                                                                                \
    {                                                                                                                  \
        &merge_note_##kind, &merge_move_##kind, &merge_back_##kind                                                     \
    }
static const struct {
    const struct db_stmt *note, *move, *back;
} moved[] = {MOVED_ROW(identity), MOVED_ROW(role_grant), MOVED_ROW(consent),     MOVED_ROW(notice),
             MOVED_ROW(account),  MOVED_ROW(session),    MOVED_ROW(member_link), MOVED_ROW(person)};
enum { MOVED_N = sizeof moved / sizeof moved[0] };

enum pw_err person_ids(struct ctx *c, int64_t id, int64_t **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(person_now(c, id, &id));
    PW_TRY(db_query(c->db, c->arena, &person_merged_ids, DB_ARGS(DB_I(id)), &r));
    int64_t *v = arena_array(c->arena, int64_t, r.n + 1);
    if (!v)
        return PW_INTERNAL;
    v[0] = id;
    for (size_t i = 0; i < r.n; i++)
        v[i + 1] = db_int(&r, i, 0);
    *ret = v;
    *ret_n = r.n + 1;
    return PW_OK;
}

DB_STMT(person_merged_pairs, "SELECT id, merged_into FROM person WHERE merged_into > 0");

static int by_id(const void *x, const void *y)
{
    const struct person_stands *a = x, *b = y;
    return a->id < b->id ? -1 : a->id > b->id;
}

enum pw_err person_merged_all(struct ctx *c, struct person_stands **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &person_merged_pairs, DB_NOARGS, &r));
    struct person_stands *v = arena_array(c->arena, struct person_stands, r.n + 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct person_stands){db_int(&r, i, 0), db_int(&r, i, 1)};
    qsort(v, r.n, sizeof *v, by_id);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

static struct sv pair(struct ctx *c, const char *fmt_key, int64_t other, int64_t merge_id)
{
    return arena_fmt(c->arena, "%s=%lld merge=%lld", fmt_key, (long long)other, (long long)merge_id);
}

static enum pw_err tell(struct ctx *c, const char *what, int64_t keep, int64_t drop, int64_t merge_id)
{
    struct sv data = arena_fmt(c->arena, "{\"keep\":%lld,\"drop\":%lld,\"merge\":%lld}", (long long)keep,
                               (long long)drop, (long long)merge_id);
    PW_TRY(event_append(c->db, sv_of(what), keep, data, c->now_ms));
    return audit(c, what, "person", keep, pair(c, "drop", drop, merge_id));
}

/* Alive and standing for itself. */
static enum pw_err require_whole(struct ctx *c, int64_t id)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &person_state, DB_ARGS(DB_I(id)), &r));
    return db_is_null(&r, 0, 0) && db_is_null(&r, 0, 1) ? PW_OK : PW_CONFLICT;
}

enum pw_err person_merge(struct ctx *c, int64_t keep, int64_t drop, int64_t *ret_merge_id)
{
    if (keep == drop)
        return problem_add(c->problems, "drop", N_("Choose two different records."));
    PW_TRY(require_whole(c, keep));
    PW_TRY(require_whole(c, drop));
    int64_t id = id_new();
    PW_TRY(db_exec(c->db, &person_merge_insert,
                   DB_ARGS(DB_I(id), DB_I(keep), DB_I(drop), DB_I_OR_NULL(c->actor->person_id), DB_I(c->now_ms)),
                   NULL));
    for (size_t i = 0; i < MOVED_N; i++) {
        PW_TRY(db_exec(c->db, moved[i].note, DB_ARGS(DB_I(id), DB_I(drop)), NULL));
        PW_TRY(db_exec(c->db, moved[i].move, DB_ARGS(DB_I(drop), DB_I(keep)), NULL));
    }
    PW_TRY(db_exec(c->db, &person_point, DB_ARGS(DB_I(drop), DB_I(keep)), NULL));
    PW_TRY(tell(c, "person.merged", keep, drop, id));
    *ret_merge_id = id;
    return PW_OK;
}

enum pw_err person_unmerge(struct ctx *c, int64_t merge_id)
{
    struct db_rows r, identities;
    int64_t changed = 0;
    PW_TRY(db_one(c->db, c->arena, &person_merge_select, DB_ARGS(DB_I(merge_id)), &r));
    int64_t keep = db_int(&r, 0, 0), drop = db_int(&r, 0, 1);
    PW_TRY(db_exec(c->db, &person_merge_undone, DB_ARGS(DB_I(merge_id), DB_I(c->now_ms)), &changed));
    if (!changed)
        return PW_CONFLICT;
    /* merges are taken back newest first: a record that moved on since stays where it is */
    PW_TRY(require_whole(c, keep));
    PW_TRY(db_one(c->db, c->arena, &person_state, DB_ARGS(DB_I(drop)), &r));
    if (!db_is_null(&r, 0, 0) || db_int(&r, 0, 1) != keep)
        return PW_CONFLICT;
    PW_TRY(db_query(c->db, c->arena, &person_merge_identities, DB_ARGS(DB_I(merge_id)), &identities));
    for (size_t i = 0; i < identities.n; i++) /* what was written meanwhile is sealed for the kept record */
        PW_TRY(identity_reseal(c, db_int(&identities, i, 0), keep, drop));
    for (size_t i = 0; i < MOVED_N; i++)
        PW_TRY(db_exec(c->db, moved[i].back, DB_ARGS(DB_I(keep), DB_I(drop), DB_I(merge_id)), NULL));
    PW_TRY(db_exec(c->db, &person_point, DB_ARGS(DB_I(drop), DB_N), NULL));
    return tell(c, "person.unmerged", keep, drop, merge_id);
}

enum pw_err person_merges(struct ctx *c, int64_t keep, struct person_merged **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &person_merges_of, DB_ARGS(DB_I(keep)), &r));
    struct person_merged *v = arena_array(c->arena, struct person_merged, r.n + 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct person_merged){.id = db_int(&r, i, 0),
                                      .keep_id = db_int(&r, i, 1),
                                      .drop_id = db_int(&r, i, 2),
                                      .by_person = db_int(&r, i, 3),
                                      .at_ms = db_int(&r, i, 4)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err person_merge_note(struct ctx *c, int64_t merge_id, const char *kind, int64_t row_id)
{
    return db_exec(c->db, &person_merge_row_add, DB_ARGS(DB_I(merge_id), DB_T(sv_of(kind)), DB_I(row_id)), NULL);
}

enum pw_err person_merge_noted(struct ctx *c, int64_t merge_id, const char *kind, int64_t **ret, size_t *ret_n)
{
    return db_ints(c->db, c->arena, &person_merge_rows, DB_ARGS(DB_I(merge_id), DB_T(sv_of(kind))), ret, ret_n);
}

/* ---- the end of a record ---- */

DB_STMT(erase_grants,
        "UPDATE role_grant SET withdrawn_ms = $2, withdrawn_by = $3 WHERE person_id = $1 AND withdrawn_ms IS NULL");
DB_STMT(erase_notices, "DELETE FROM notice WHERE person_id = $1");
DB_STMT(erase_sessions, "DELETE FROM session WHERE person_id = $1");
DB_STMT(erase_links, "DELETE FROM member_link WHERE person_id = $1");
DB_STMT(erase_tokens, "UPDATE api_token SET revoked_ms = $2, label = $3 WHERE account_id IN (SELECT id FROM account "
                      "WHERE person_id = $1)");
DB_STMT(erase_accounts,
        "UPDATE account SET login = $3, login_blind = $4, password_hash = '', totp_secret = $3, totp_pending = $3, "
        "disabled_ms = COALESCE(disabled_ms, $2) WHERE id = $1");
DB_STMT(erase_account_ids, "SELECT id FROM account WHERE person_id = $1");

static enum pw_err erase_account_rows(struct ctx *c, int64_t person_id)
{
    struct db_rows r;
    const struct db_val none = DB_B((struct sv){0});
    PW_TRY(db_exec(c->db, &erase_tokens, DB_ARGS(DB_I(person_id), DB_I(c->now_ms), none), NULL));
    PW_TRY(db_query(c->db, c->arena, &erase_account_ids, DB_ARGS(DB_I(person_id)), &r));
    for (size_t i = 0; i < r.n; i++) {
        char nobody[20];
        id_random_text(nobody, sizeof nobody - 1); /* unique, and the blind index of no name */
        PW_TRY(db_exec(c->db, &erase_accounts,
                       DB_ARGS(DB_I(db_int(&r, i, 0)), DB_I(c->now_ms), none, DB_B(sv_of(nobody))), NULL));
    }
    return PW_OK;
}

static enum pw_err erase_one(struct ctx *c, int64_t id)
{
    enum pw_err e = vault_person_key_destroy(c, id);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    return db_exec(c->db, &person_blank, DB_ARGS(DB_I(id), DB_B((struct sv){0}), DB_T((struct sv){0}), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err person_erase(struct ctx *c, int64_t id)
{
    struct db_rows others;
    PW_TRY(require_whole(c, id));
    PW_TRY(identity_blank(c, id));
    PW_TRY(db_exec(c->db, &erase_sessions, DB_ARGS(DB_I(id)), NULL));
    PW_TRY(erase_account_rows(c, id));
    PW_TRY(db_exec(c->db, &erase_links, DB_ARGS(DB_I(id)), NULL));
    PW_TRY(db_exec(c->db, &erase_notices, DB_ARGS(DB_I(id)), NULL));
    PW_TRY(db_exec(c->db, &erase_grants, DB_ARGS(DB_I(id), DB_I(c->now_ms), DB_I_OR_NULL(c->actor->person_id)), NULL));
    PW_TRY(db_query(c->db, c->arena, &person_merged_ids, DB_ARGS(DB_I(id)), &others));
    for (size_t i = 0; i < others.n; i++)
        PW_TRY(erase_one(c, db_int(&others, i, 0)));
    PW_TRY(erase_one(c, id));
    PW_TRY(event_append(c->db, SV("person.erased"), id, SV("{}"), c->now_ms));
    return audit(c, "person.erase", "person", id, (struct sv){0});
}

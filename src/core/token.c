/* SPDX-License-Identifier: EUPL-1.2 */
/* token: access for programs, in the name of an account. "pwt_" and 32 characters: a scanner of leaked secrets knows it
 * by its beginning. It has the roles of its owner, and never the rights that only a person who signed in has. */
#include "base/id.h"
#include "core/account_parts.h"
#include "core/audit.h"
#include "core/core_text.h"
#include "core/vault.h"

static const char PREFIX[] = "pwt_";
enum { LABEL_MAX_CHARS = 80 };

DB_STMT(token_insert,
        "INSERT INTO api_token (id, account_id, token_hash, can_write, label, made_ms, revoked_ms) VALUES ($1, $2, $3, "
        "$4, $5, $6, NULL)");
DB_STMT(token_select,
        "SELECT t.id, t.account_id, t.can_write, a.person_id FROM api_token t JOIN account a ON a.id = t.account_id "
        "WHERE t.token_hash = $1 AND t.revoked_ms IS NULL AND a.disabled_ms IS NULL");
DB_STMT(token_owner, "SELECT account_id FROM api_token WHERE id = $1 AND revoked_ms IS NULL");
DB_STMT(token_end, "UPDATE api_token SET revoked_ms = $2 WHERE id = $1 AND revoked_ms IS NULL");
DB_STMT(token_select_account,
        "SELECT t.id, t.can_write, t.label, t.made_ms, a.person_id FROM api_token t JOIN account a ON a.id = "
        "t.account_id WHERE t.account_id = $1 AND t.revoked_ms IS NULL ORDER BY t.id DESC");

static struct seal_place label_place(int64_t id)
{
    return (struct seal_place){"api_token", "label", id};
}

static bool is_own_or_admin(struct ctx *c, int64_t account_id)
{
    return actor_may(c->actor, RIGHT_ADMIN) || (c->actor->kind == ACTOR_STAFF && c->actor->account_id == account_id);
}

enum pw_err token_add(struct ctx *c, int64_t account_id, bool write, struct sv label, struct sv *ret_token)
{
    struct account a;
    struct sv clean, sealed, token, hash;
    if (!is_own_or_admin(c, account_id))
        return PW_NOT_FOUND;
    PW_TRY(account_get(c, account_id, &a));
    if (a.disabled_ms)
        return PW_CONFLICT;
    PW_TRY(field_line(c, "label", label, LABEL_MAX_CHARS, true, &clean));
    int64_t id = id_new();
    PW_TRY(seal(c, a.person_id, label_place(id), clean, &sealed));
    PW_TRY(token_mint(c, PREFIX, &token, &hash));
    PW_TRY(db_exec(c->db, &token_insert,
                   DB_ARGS(DB_I(id), DB_I(account_id), DB_B(hash), DB_I(write), DB_B(sealed), DB_I(c->now_ms)), NULL));
    PW_TRY(
        audit(c, "token.add", "token", id, arena_fmt(c->arena, "account=%lld write=%d", (long long)account_id, write)));
    *ret_token = token;
    return PW_OK;
}

enum pw_err token_revoke(struct ctx *c, int64_t token_id)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &token_owner, DB_ARGS(DB_I(token_id)), &r));
    if (!is_own_or_admin(c, db_int(&r, 0, 0)))
        return PW_NOT_FOUND;
    PW_TRY(db_exec(c->db, &token_end, DB_ARGS(DB_I(token_id), DB_I(c->now_ms)), NULL));
    return audit(c, "token.revoke", "token", token_id, (struct sv){0});
}

enum pw_err token_list(struct ctx *c, int64_t account_id, struct api_token **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &token_select_account, DB_ARGS(DB_I(account_id)), &r));
    struct api_token *v = arena_array(c->arena, struct api_token, r.n ? r.n : 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r.n; i++) {
        struct api_token t = {.id = db_int(&r, i, 0),
                              .account_id = account_id,
                              .write = db_int(&r, i, 1) != 0,
                              .made_ms = db_int(&r, i, 3)};
        PW_TRY(unseal(c, db_int(&r, i, 4), label_place(t.id), db_text(&r, i, 2), &t.label));
        v[i] = t;
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err token_open(struct ctx *c, struct sv token, struct actor *ret_actor)
{
    struct db_rows r;
    struct sv hash;
    if (token.n != TOKEN_CHARS + sizeof PREFIX - 1 || !sv_starts(token, sv_of(PREFIX)))
        return PW_DENIED;
    PW_TRY(token_hash(c, token, &hash));
    enum pw_err e = db_one(c->db, c->arena, &token_select, DB_ARGS(DB_B(hash)), &r);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_DENIED : e;
    struct actor a = {.kind = ACTOR_TOKEN, .account_id = db_int(&r, 0, 1), .write = db_int(&r, 0, 2) != 0};
    e = actor_fill(c, db_int(&r, 0, 3), &a);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_DENIED : e;
    *ret_actor = a;
    return PW_OK;
}

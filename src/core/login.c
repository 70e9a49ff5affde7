/* SPDX-License-Identifier: EUPL-1.2 */
/* login: signing in, in three steps, so that the slow hash runs outside any transaction. Every name is treated alike,
 * known or not: the same queries, the same hash, the same count of failures, the same answer. After 10 failures within
 * a quarter of an hour a name is refused until the oldest of them have passed. */
#include "base/id.h"
#include "core/account_parts.h"
#include "core/audit.h"
#include "core/vault.h"

enum { FAILURES_MAX = 10 };
#define FAILURES_WINDOW_MS (INT64_C(15) * 60 * 1000)

DB_STMT(login_select,
        "SELECT id, password_hash, totp_secret, totp_last_step, disabled_ms FROM account WHERE login_blind = $1");
DB_STMT(login_failures, "SELECT count(*) FROM login_attempt WHERE name_blind = $1 AND at_ms > $2");
DB_STMT(login_fail, "INSERT INTO login_attempt (id, name_blind, at_ms) VALUES ($1, $2, $3)");
DB_STMT(login_forget, "DELETE FROM login_attempt WHERE name_blind = $1");
DB_STMT(login_forget_old, "DELETE FROM login_attempt WHERE at_ms <= $1");
/* the password and the factor of the attempt are still those of the account, and the code was not used before */
DB_STMT(login_use,
        "UPDATE account SET totp_last_step = $2, last_seen_day = $3 WHERE id = $1 AND disabled_ms IS NULL AND "
        "password_hash = $4 AND (CAST($2 AS BIGINT) = 0 OR totp_last_step < $2)");

static enum pw_err is_locked(struct ctx *c, struct sv blind, bool *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &login_failures, DB_ARGS(DB_B(blind), DB_I(c->now_ms - FAILURES_WINDOW_MS)), &r));
    *ret = db_int(&r, 0, 0) >= FAILURES_MAX;
    return PW_OK;
}

enum pw_err login_load(struct ctx *c, struct sv login, struct login_try *ret)
{
    struct login_try t = {0};
    struct db_rows r;
    struct sv folded;
    enum pw_err e = login_fold(c, login, &folded, &t.name_blind);
    if (e == PW_INVALID) /* no account has such a name; count it as the one that nobody has */
        t.name_blind = blind_index(c->vault, c->arena, "account.login", (struct sv){0});
    else
        PW_TRY(e);
    t.used = arena_new(c->arena, struct login_used);
    if (!t.used || !t.name_blind.n)
        return PW_INTERNAL;
    PW_TRY(is_locked(c, t.name_blind, &t.locked));
    e = db_one(c->db, c->arena, &login_select, DB_ARGS(DB_B(t.name_blind)), &r);
    if (e == PW_OK) {
        PW_TRY(account_get(c, db_int(&r, 0, 0), &t.account));
        t.hash = db_text(&r, 0, 1);
        PW_TRY(unseal(c, 0, (struct seal_place){"account", "totp", t.account.id}, db_text(&r, 0, 2), &t.totp_secret));
        t.used->last_step = db_int(&r, 0, 3);
    } else if (e != PW_NOT_FOUND) {
        return e;
    }
    *ret = t;
    return PW_OK;
}

bool login_verify(const struct login_try *t, struct sv password, struct sv totp, int64_t now_ms)
{
    bool fits = password_fits(t->account.id ? t->hash : (struct sv){0}, password);
    bool second = true;
    t->used->step = 0;
    if (t->totp_secret.n) {
        t->used->step = totp_step_of(t->totp_secret, totp, now_ms);
        second = t->used->step > t->used->last_step;
    }
    return fits && second && t->account.id && !t->account.disabled_ms && !t->locked;
}

enum pw_err login_finish(struct ctx *c, const struct login_try *t, bool ok, struct sv *ret_token)
{
    bool locked;
    PW_TRY(is_locked(c, t->name_blind, &locked)); /* again: others may have failed since */
    if (ok && !locked) {
        int64_t used = 0;
        PW_TRY(db_exec(c->db, &login_use,
                       DB_ARGS(DB_I(t->account.id), DB_I(t->used->step), DB_I(c->now_ms / DAY_MS), DB_T(t->hash)),
                       &used));
        ok = used == 1;
    }
    if (!ok || locked) {
        if (!locked)
            PW_TRY(db_exec(c->db, &login_fail, DB_ARGS(DB_I(id_new()), DB_B(t->name_blind), DB_I(c->now_ms)), NULL));
        PW_TRY(db_exec(c->db, &login_forget_old, DB_ARGS(DB_I(c->now_ms - FAILURES_WINDOW_MS)), NULL));
        PW_TRY(audit(c, "account.login-refused", "account", t->account.id, locked ? SV("locked") : (struct sv){0}));
        *ret_token = (struct sv){0};
        return PW_OK;
    }
    struct sv token;
    PW_TRY(db_exec(c->db, &login_forget, DB_ARGS(DB_B(t->name_blind)), NULL));
    PW_TRY(session_make(c, t->account.person_id, t->account.id, &token));
    PW_TRY(audit(c, "account.login", "account", t->account.id, t->used->step ? SV("factors=2") : SV("factors=1")));
    *ret_token = token;
    return PW_OK;
}

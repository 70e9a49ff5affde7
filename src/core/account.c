/* SPDX-License-Identifier: EUPL-1.2 */
/* account: the staff accounts themselves: made, listed, disabled, given a new password. */
#include "core/account.h"

#include "base/id.h"
#include "base/unicode.h"
#include "core/account_parts.h"
#include "core/audit.h"
#include "core/vault.h"

enum { LOGIN_MIN = 2, LOGIN_MAX = 80 };

#define ACCOUNT_COLUMNS                                                                                                \
    "SELECT id, person_id, login, created_ms, disabled_ms, last_seen_day, must_change, totp_secret FROM account "
DB_STMT(account_select, ACCOUNT_COLUMNS "WHERE id = $1");
DB_STMT(account_select_login, ACCOUNT_COLUMNS "WHERE login_blind = $1");
DB_STMT(account_any_of_person, "SELECT 1 FROM account WHERE person_id = $1 AND password_hash <> '' LIMIT 1");
DB_STMT_SCAN(account_select_all, ACCOUNT_COLUMNS "ORDER BY id", "tens of staff in an installation");
DB_STMT(
    account_insert,
    "INSERT INTO account (id, person_id, login, login_blind, password_hash, must_change, totp_secret, totp_pending, "
    "created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8) ON CONFLICT (login_blind) DO NOTHING");
DB_STMT(account_set_disabled_ms, "UPDATE account SET disabled_ms = $2 WHERE id = $1");
DB_STMT(account_must_change, "UPDATE account SET must_change = 1 WHERE id = $1");
DB_STMT(account_set_hash, "UPDATE account SET password_hash = $2, must_change = $3 WHERE id = $1");
DB_STMT(account_end_tokens, "UPDATE api_token SET revoked_ms = $2 WHERE account_id = $1 AND revoked_ms IS NULL");

static struct seal_place login_place(int64_t id)
{
    return (struct seal_place){"account", "login", id};
}

enum pw_err login_fold(struct ctx *c, struct sv login, struct sv *ret_folded, struct sv *ret_blind)
{
    struct sv folded;
    if (login.n > 4 * LOGIN_MAX || text_fold(c->arena, login, &folded) != PW_OK)
        return PW_INVALID;
    folded = sv_trim(folded);
    size_t n = text_count(folded);
    if (n < LOGIN_MIN || n > LOGIN_MAX || sv_find(folded, SV(" ")) >= 0)
        return PW_INVALID;
    struct sv blind = blind_index(c->vault, c->arena, "account.login", folded);
    if (!blind.n)
        return PW_INTERNAL;
    *ret_folded = folded;
    *ret_blind = blind;
    return PW_OK;
}

struct sv login_open(struct ctx *c, int64_t account_id, int64_t person_id, struct sv sealed)
{
    struct sv login = {0};
    if (unseal(c, person_id, login_place(account_id), sealed, &login) != PW_OK)
        return (struct sv){0};
    return login;
}

static struct account from_row(struct ctx *c, const struct db_rows *r, size_t i)
{
    struct account a = {.id = db_int(r, i, 0),
                        .person_id = db_int(r, i, 1),
                        .created_ms = db_int(r, i, 3),
                        .disabled_ms = db_int(r, i, 4),
                        .last_seen_day = db_int(r, i, 5),
                        .must_change = db_int(r, i, 6) != 0,
                        .totp_on = db_text(r, i, 7).n > 0};
    a.login = login_open(c, a.id, a.person_id, db_text(r, i, 2));
    return a;
}

/* A password that somebody else chose is only good for choosing another. */
static bool chosen_by_another(struct ctx *c, int64_t person_id)
{
    return c->actor->kind != ACTOR_SYSTEM && c->actor->person_id != person_id;
}

static enum pw_err check_password(struct ctx *c, struct sv login_folded, struct sv password)
{
    struct sv folded;
    PW_TRY(password_check(c->problems, "password", password));
    if (text_fold(c->arena, password, &folded) == PW_OK && login_folded.n && sv_eq(folded, login_folded))
        return problem_add(c->problems, "password", N_("The password may not be the sign-in name."));
    return PW_OK;
}

enum pw_err account_create(struct ctx *c, struct sv login, int64_t person_id, struct sv password, int64_t *ret_id)
{
    struct sv folded = {0}, blind, hash, sealed;
    enum pw_err el = login_fold(c, login, &folded, &blind);
    if (el == PW_INVALID)
        problem_add(c->problems, "login", N_("Choose a sign-in name of 2 to 80 characters, without spaces."));
    PW_TRY(check_password(c, folded, password));
    PW_TRY(el);
    PW_TRY(password_hash(c, password, &hash));
    int64_t id = id_new(), changed = 0;
    PW_TRY(seal(c, person_id, login_place(id), sv_trim(login), &sealed));
    PW_TRY(db_exec(c->db, &account_insert,
                   DB_ARGS(DB_I(id), DB_I(person_id), DB_B(sealed), DB_B(blind), DB_T(hash),
                           DB_I(chosen_by_another(c, person_id)), DB_B((struct sv){0}), DB_I(c->now_ms)),
                   &changed));
    if (!changed) {
        problem_add(c->problems, "login", N_("Someone has this sign-in name already. Choose another one."));
        return PW_CONFLICT;
    }
    PW_TRY(audit(c, "account.create", "account", id, arena_fmt(c->arena, "person=%lld", (long long)person_id)));
    *ret_id = id;
    return PW_OK;
}

enum pw_err account_get(struct ctx *c, int64_t id, struct account *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &account_select, DB_ARGS(DB_I(id)), &r));
    *ret = from_row(c, &r, 0);
    return PW_OK;
}

enum pw_err account_by_login(struct ctx *c, struct sv login, struct account *ret)
{
    struct db_rows r;
    struct sv folded, blind;
    enum pw_err e = login_fold(c, login, &folded, &blind);
    if (e != PW_OK)
        return e == PW_INVALID ? PW_NOT_FOUND : e;
    PW_TRY(db_one(c->db, c->arena, &account_select_login, DB_ARGS(DB_B(blind)), &r));
    *ret = from_row(c, &r, 0);
    return PW_OK;
}

enum pw_err account_of_person(struct ctx *c, int64_t person_id, bool *ret)
{
    struct db_rows r;
    enum pw_err e = db_one(c->db, c->arena, &account_any_of_person, DB_ARGS(DB_I(person_id)), &r);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    *ret = e == PW_OK;
    return PW_OK;
}

enum pw_err account_list(struct ctx *c, struct account **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &account_select_all, DB_NOARGS, &r));
    struct account *v = arena_array(c->arena, struct account, r.n ? r.n : 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r.n; i++)
        v[i] = from_row(c, &r, i);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err account_set_disabled(struct ctx *c, int64_t id, bool disabled)
{
    int64_t changed = 0;
    if (disabled && c->actor->account_id == id) /* the last administrator must not lock the door from outside */
        return PW_CONFLICT;
    PW_TRY(db_exec(c->db, &account_set_disabled_ms, DB_ARGS(DB_I(id), disabled ? DB_I(c->now_ms) : DB_N), &changed));
    if (!changed)
        return PW_NOT_FOUND;
    if (disabled) {
        PW_TRY(session_end_others(c, id, 0));
        PW_TRY(db_exec(c->db, &account_end_tokens, DB_ARGS(DB_I(id), DB_I(c->now_ms)), NULL));
    }
    return audit(c, disabled ? "account.disable" : "account.enable", "account", id, (struct sv){0});
}

enum pw_err account_set_password(struct ctx *c, int64_t id, struct sv password)
{
    struct account a;
    struct sv folded = {0}, blind, hash;
    PW_TRY(account_get(c, id, &a));
    enum pw_err e = login_fold(c, a.login, &folded, &blind);
    if (e != PW_OK && e != PW_INVALID)
        return e;
    PW_TRY(check_password(c, folded, password));
    PW_TRY(password_hash(c, password, &hash));
    PW_TRY(db_exec(c->db, &account_set_hash, DB_ARGS(DB_I(id), DB_T(hash), DB_I(chosen_by_another(c, a.person_id))),
                   NULL));
    PW_TRY(session_end_others(c, id, c->actor->session_id));
    return audit(c, "account.password", "account", id, (struct sv){0});
}

enum pw_err account_require_change(struct ctx *c, int64_t id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &account_must_change, DB_ARGS(DB_I(id)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}

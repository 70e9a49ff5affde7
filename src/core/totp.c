/* SPDX-License-Identifier: EUPL-1.2 */
/* totp: the second factor (RFC 6238): 6 digits, 30 s, SHA-1, as every authenticator app knows it. The secret is sealed
 * with the installation's key. A code works once: the last used step is kept. */
#include <liboath/oath.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/b64.h"
#include "core/account_parts.h"
#include "core/audit.h"
#include "core/vault.h"

DB_STMT(totp_get, "SELECT person_id, login, totp_secret, totp_pending, totp_last_step FROM account WHERE id = $1");
DB_STMT(totp_set_pending, "UPDATE account SET totp_pending = $2 WHERE id = $1");
DB_STMT(totp_set, "UPDATE account SET totp_secret = $2, totp_pending = $3, totp_last_step = $4 WHERE id = $1");

static struct seal_place secret_place(int64_t account_id)
{
    return (struct seal_place){"account", "totp", account_id};
}

static void start_oath(void)
{
    (void)oath_init();
}

int64_t totp_step_of(struct sv secret, struct sv code, int64_t now_ms)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT; /* declared cache: the library starts once */
    pthread_once(&once, start_oath);
    enum { DIGITS = 6 };
    char typed[DIGITS];
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++) { /* apps show "123 456" */
        if (code.p[i] == ' ')
            continue;
        if (n == DIGITS || code.p[i] < '0' || code.p[i] > '9')
            return 0;
        typed[n++] = code.p[i];
    }
    if (n != DIGITS || !secret.n)
        return 0;
    int64_t now = now_ms / 1000 / TOTP_STEP_S, found = 0;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        char right[DIGITS + 1];
        if (step > 0 &&
            oath_hotp_generate(secret.p, secret.n, (uint64_t)step, DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION,
                               right) == OATH_OK &&
            sodium_memcmp(right, typed, DIGITS) == 0)
            found = step;
    }
    return found;
}

/* One's own factor, or an administrator's help with a lost telephone (only to take it off). */
static bool is_own(struct ctx *c, int64_t account_id)
{
    return c->actor->kind == ACTOR_SYSTEM || (c->actor->kind == ACTOR_STAFF && c->actor->account_id == account_id);
}

enum pw_err totp_begin(struct ctx *c, int64_t account_id, struct sv *ret_secret_base32, struct sv *ret_uri)
{
    struct db_rows r;
    struct sv sealed;
    unsigned char secret[TOTP_SECRET];
    if (!is_own(c, account_id))
        return PW_NOT_FOUND;
    PW_TRY(db_one(c->db, c->arena, &totp_get, DB_ARGS(DB_I(account_id)), &r));
    randombytes_buf(secret, sizeof secret);
    struct sv plain = {(const char *)secret, sizeof secret};
    PW_TRY(seal(c, 0, secret_place(account_id), plain, &sealed));
    PW_TRY(db_exec(c->db, &totp_set_pending, DB_ARGS(DB_I(account_id), DB_B(sealed)), NULL));
    struct buf b;
    buf_init(&b, 2048);
    b32_encode(&b, plain);
    sodium_memzero(secret, sizeof secret);
    struct sv base32 = arena_sv(c->arena, buf_sv(&b));
    while (base32.n && base32.p[base32.n - 1] == '=') /* apps want it without padding; 20 bytes have none */
        base32.n--;
    buf_clear(&b);
    buf_z(&b, "otpauth://totp/Passerelle:");
    buf_url(&b, login_open(c, account_id, db_int(&r, 0, 0), db_text(&r, 0, 1)));
    buf_z(&b, "?secret=");
    buf_add(&b, base32);
    buf_z(&b, "&issuer=Passerelle&algorithm=SHA1&digits=6&period=30");
    struct sv uri = arena_sv(c->arena, buf_sv(&b));
    bool ok = buf_ok(&b) && !c->arena->oom;
    buf_finish(&b);
    if (!ok)
        return PW_INTERNAL;
    *ret_secret_base32 = base32;
    *ret_uri = uri;
    return PW_OK;
}

enum pw_err totp_confirm(struct ctx *c, int64_t account_id, struct sv code)
{
    struct db_rows r;
    struct sv secret;
    if (!is_own(c, account_id))
        return PW_NOT_FOUND;
    PW_TRY(db_one(c->db, c->arena, &totp_get, DB_ARGS(DB_I(account_id)), &r));
    struct sv pending = db_text(&r, 0, 3);
    if (!pending.n)
        return PW_CONFLICT;
    PW_TRY(unseal(c, 0, secret_place(account_id), pending, &secret));
    int64_t step = totp_step_of(secret, code, c->now_ms);
    if (!step)
        return problem_add(c->problems, "code",
                           N_("This code is not right. Type the six digits that the app shows now."));
    PW_TRY(db_exec(c->db, &totp_set, DB_ARGS(DB_I(account_id), DB_B(pending), DB_B((struct sv){0}), DB_I(step)), NULL));
    return audit(c, "account.totp-on", "account", account_id, (struct sv){0});
}

enum pw_err totp_off(struct ctx *c, int64_t account_id)
{
    int64_t changed = 0;
    if (!is_own(c, account_id) && !actor_may(c->actor, RIGHT_ADMIN))
        return PW_NOT_FOUND;
    PW_TRY(db_exec(c->db, &totp_set, DB_ARGS(DB_I(account_id), DB_B((struct sv){0}), DB_B((struct sv){0}), DB_I(0)),
                   &changed));
    if (!changed)
        return PW_NOT_FOUND;
    return audit(c, "account.totp-off", "account", account_id, (struct sv){0});
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* account: how people prove who they are. Staff: login name, password (argon2id, at most two at a time in the process),
 * TOTP second factor. Members: a personal return link and code instead of a password. API tokens. Sessions with idle
 * and absolute limits, listed and revocable; disabling an account ends them at once. Known and unknown names answer
 * alike in body and time. Secrets are stored hashed (tokens: BLAKE2b; passwords: argon2id). Owns tables account,
 * session, member_link, api_token, login_attempt. Login names are compared without case and accents, and sealed. */
#ifndef PW_ACCOUNT_H
#define PW_ACCOUNT_H

#include "core/access.h"

struct account {
    int64_t id, person_id, created_ms, disabled_ms, last_seen_day; /* day only, never an address */
    struct sv login;
    bool totp_on, must_change;
};
PW_MUST_CHECK enum pw_err account_create(struct ctx *c, struct sv login, int64_t person_id, struct sv password,
                                         int64_t *ret_id);
PW_MUST_CHECK enum pw_err account_get(struct ctx *c, int64_t id, struct account *ret);
PW_MUST_CHECK enum pw_err account_by_login(struct ctx *c, struct sv login, struct account *ret);
PW_MUST_CHECK enum pw_err account_of_person(struct ctx *c, int64_t person_id, bool *ret); /* has one, enabled or not */
PW_MUST_CHECK enum pw_err account_list(struct ctx *c, struct account **ret, size_t *ret_n);
/* Ends sessions and tokens. PW_CONFLICT for one's own. */
PW_MUST_CHECK enum pw_err account_set_disabled(struct ctx *c, int64_t id, bool disabled);
/* Ends the account's other sessions. Set by somebody else (not the system), it must be changed at the next sign-in. */
PW_MUST_CHECK enum pw_err account_set_password(struct ctx *c, int64_t id, struct sv password);
/* The present password is only good for choosing another: made by a command and passed on. */
PW_MUST_CHECK enum pw_err account_require_change(struct ctx *c, int64_t id);
/* PW_INVALID with problems: at least 8 characters, at most 128, not among the commonest. */
PW_MUST_CHECK enum pw_err password_check(struct problems *ps, const char *field, struct sv password);

/* Sign-in in two steps so that hashing runs outside the transaction: load, verify (slow, no database), finish. */
struct login_try {
    struct account account; /* id 0 = unknown; the verify step then hashes all the same */
    struct sv hash, totp_secret;
    bool locked; /* too many failures lately */
    struct sv name_blind;
    struct login_used { /* login_verify notes the code's step here, login_finish makes it unusable */
        int64_t last_step, step;
    } * used;
};
PW_MUST_CHECK enum pw_err login_load(struct ctx *c, struct sv login, struct login_try *ret);
bool login_verify(const struct login_try *t, struct sv password, struct sv totp, int64_t now_ms);
/* Records the outcome; on success makes a session. ret_token: the cookie's value, 128 bits or more, in c->arena. PW_OK
 * with an empty token: refused. Commit it all the same, because the failure is counted there. */
PW_MUST_CHECK enum pw_err login_finish(struct ctx *c, const struct login_try *t, bool ok, struct sv *ret_token);

/* begin and confirm: one's own account; off: also an administrator (a lost telephone). Else PW_NOT_FOUND. confirm:
 * PW_INVALID (code), PW_CONFLICT (not begun). */
PW_MUST_CHECK enum pw_err totp_begin(struct ctx *c, int64_t account_id, struct sv *ret_secret_base32,
                                     struct sv *ret_uri);
PW_MUST_CHECK enum pw_err totp_confirm(struct ctx *c, int64_t account_id, struct sv code);
PW_MUST_CHECK enum pw_err totp_off(struct ctx *c, int64_t account_id);

enum { SESSION_IDLE_MS = 30 * 60 * 1000, SESSION_ABSOLUTE_MS = 12 * 60 * 60 * 1000 };
struct session {
    int64_t id, person_id, account_id, created_ms, seen_ms, expires_ms;
    struct sv csrf; /* the token that its forms carry */
    struct sv lang;
    bool here;        /* the one asking */
    bool must_change; /* somebody else chose the password: it opens nothing but the form for a new one */
};
/* From the cookie or bearer text to an actor with grants and name. PW_DENIED when unknown, expired or revoked.
 * Read-only: "seen" is written at most once a minute by session_touch. */
PW_MUST_CHECK enum pw_err session_open(struct ctx *c, struct sv token, struct session *ret, struct actor *ret_actor);
PW_MUST_CHECK enum pw_err session_touch(struct ctx *c, int64_t session_id);
PW_MUST_CHECK enum pw_err session_end(struct ctx *c, int64_t session_id);
PW_MUST_CHECK enum pw_err session_list(struct ctx *c, int64_t account_id, struct session **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err session_set_lang(struct ctx *c, int64_t session_id, struct sv lang);

/* Members: a session for a person who just asked to join, and the link and code to come back with. */
PW_MUST_CHECK enum pw_err member_session(struct ctx *c, int64_t person_id, struct sv *ret_token);
PW_MUST_CHECK enum pw_err member_link_make(struct ctx *c, int64_t person_id, struct sv *ret_link_token,
                                           struct sv *ret_code);
/* Link token, or code typed by hand: a session. PW_DENIED alike for wrong, old and unknown; attempts are limited. */
PW_MUST_CHECK enum pw_err member_return(struct ctx *c, struct sv token_or_code, struct sv *ret_session_token,
                                        int64_t *ret_person);

struct api_token {
    int64_t id, account_id, made_ms;
    bool write;
    struct sv label;
};
/* "pwt_" and 32 characters, shown once. Own account or an administrator, else PW_NOT_FOUND. */
PW_MUST_CHECK enum pw_err token_list(struct ctx *c, int64_t account_id, struct api_token **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err token_add(struct ctx *c, int64_t account_id, bool write, struct sv label,
                                    struct sv *ret_token);
PW_MUST_CHECK enum pw_err token_revoke(struct ctx *c, int64_t token_id);
PW_MUST_CHECK enum pw_err token_open(struct ctx *c, struct sv token, struct actor *ret_actor);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* account_parts: what the files of account.h share. Not for other rooms. Tokens are random texts of 32 base32
 * characters (160 bits); the database knows only their BLAKE2b hash, so a copy of it opens no session. */
#ifndef PW_ACCOUNT_PARTS_H
#define PW_ACCOUNT_PARTS_H

#include "core/account.h"

enum { TOKEN_CHARS = 32, TOKEN_HASH = 32, TOTP_STEP_S = 30, TOTP_SECRET = 20 };
#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

/* A new token in c->arena and its hash; prefix may be "". */
PW_MUST_CHECK enum pw_err token_mint(struct ctx *c, const char *prefix, struct sv *ret_token, struct sv *ret_hash);
PW_MUST_CHECK enum pw_err token_hash(struct ctx *c, struct sv token, struct sv *ret_hash);

enum { PASSWORD_PASSES = 3, PASSWORD_MEMORY = 45 * 1024 * 1024 };
extern const char password_of_nobody[]; /* what an unknown name is verified against */
/* password.c: argon2id behind a gate of two. ret_hash in c->arena. */
PW_MUST_CHECK enum pw_err password_hash(struct ctx *c, struct sv password, struct sv *ret_hash);
bool password_fits(struct sv hash, struct sv password); /* an empty hash takes as long and never fits */

/* totp.c: the 30 s step whose code this is, or 0. Looks one step back and one ahead. */
int64_t totp_step_of(struct sv secret, struct sv code, int64_t now_ms);

/* account.c */
/* The form in which names are the same, and its blind index. PW_INVALID without problems: no account can have it. */
PW_MUST_CHECK enum pw_err login_fold(struct ctx *c, struct sv login, struct sv *ret_folded, struct sv *ret_blind);
struct seal_place;
struct sv login_open(struct ctx *c, int64_t account_id, int64_t person_id, struct sv sealed); /* empty when erased */

/* session.c */
PW_MUST_CHECK enum pw_err session_make(struct ctx *c, int64_t person_id, int64_t account_id, struct sv *ret_token);
/* Ends all sessions of an account but one (0 = all). */
PW_MUST_CHECK enum pw_err session_end_others(struct ctx *c, int64_t account_id, int64_t but_session);
/* Fills name and grants of a person into an actor. PW_DENIED when erased. */
PW_MUST_CHECK enum pw_err actor_fill(struct ctx *c, int64_t person_id, struct actor *a);

#endif

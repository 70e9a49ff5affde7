/* SPDX-License-Identifier: EUPL-1.2 */
/* member_link: what a member comes back with: a link that is opened, or a code of three groups of four that can be
 * written on paper ("k7mq-20fz-x9rd", 60 bits). One of each a person; making new ones ends the old.
 *
 * Guessing is limited in memory, for each process: a refusal rolls its transaction back, and a code of 60 bits needs no
 * more than a brake. At most 5 wrong codes with the same first group and 200 in all within a quarter of an hour. */
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/id.h"
#include "core/account_parts.h"
#include "core/audit.h"
#include "core/people_parts.h"
#include "core/vault.h"

enum { CODE_CHARS = 12, CODE_GROUP = 4, PREFIX_SLOTS = 1024, PREFIX_MAX = 5, ALL_MAX = 200, INPUT_MAX = 200 };
#define BRAKE_MS (INT64_C(15) * 60 * 1000)

DB_STMT(link_delete, "DELETE FROM member_link WHERE person_id = $1");
DB_STMT(link_insert,
        "INSERT INTO member_link (id, person_id, token_hash, code_blind, made_ms) VALUES ($1, $2, $3, $4, $5)");
DB_STMT(link_by_token, "SELECT person_id FROM member_link WHERE token_hash = $1");
DB_STMT(link_by_code, "SELECT person_id FROM member_link WHERE code_blind = $1");

/* Declared cache: wrong codes of the last quarter of an hour, by a hash of their first group. */
static struct brake {
    int64_t from_ms;
    int failures;
} prefixes[PREFIX_SLOTS], all;
static pthread_mutex_t brake_lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_over(const struct brake *b, int64_t now_ms, int max)
{
    return b->failures >= max && now_ms - b->from_ms >= 0 && now_ms - b->from_ms < BRAKE_MS;
}

static void count_failure(struct brake *b, int64_t now_ms)
{
    if (now_ms - b->from_ms >= BRAKE_MS || now_ms < b->from_ms)
        *b = (struct brake){now_ms, 0};
    b->failures++;
}

static size_t slot_of(const char code[CODE_CHARS])
{
    unsigned h = 0;
    for (int i = 0; i < CODE_GROUP; i++)
        h = h * 33 + (unsigned char)code[i];
    return h % PREFIX_SLOTS;
}

static bool braked(const char code[CODE_CHARS], int64_t now_ms)
{
    pthread_mutex_lock(&brake_lock);
    bool stop = is_over(&prefixes[slot_of(code)], now_ms, PREFIX_MAX) || is_over(&all, now_ms, ALL_MAX);
    pthread_mutex_unlock(&brake_lock);
    return stop;
}

static void failed(const char code[CODE_CHARS], int64_t now_ms)
{
    pthread_mutex_lock(&brake_lock);
    count_failure(&prefixes[slot_of(code)], now_ms);
    count_failure(&all, now_ms);
    pthread_mutex_unlock(&brake_lock);
}

/* Without dashes and spaces, small letters, o as 0, i and l as 1: what a hand writes and an eye reads. */
static size_t normalise(struct sv typed, char out[TOKEN_CHARS])
{
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char ch = typed.p[i];
        if (ch == '-' || ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r')
            continue;
        if (ch >= 'A' && ch <= 'Z')
            ch = (char)(ch - 'A' + 'a');
        ch = ch == 'o' ? '0' : ch == 'i' || ch == 'l' ? '1' : ch;
        bool base32 = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z' && ch != 'u');
        if (!base32 || n == TOKEN_CHARS)
            return 0;
        out[n++] = ch;
    }
    return n;
}

static struct sv code_blind(struct ctx *c, const char code[CODE_CHARS])
{
    return blind_index(c->vault, c->arena, "member_link.code", (struct sv){code, CODE_CHARS});
}

enum pw_err member_session(struct ctx *c, int64_t person_id, struct sv *ret_token)
{
    int64_t person;
    PW_TRY(person_now(c, person_id, &person));
    return session_make(c, person, 0, ret_token);
}

enum pw_err member_link_make(struct ctx *c, int64_t person_id, struct sv *ret_link_token, struct sv *ret_code)
{
    int64_t person;
    struct sv token, hash;
    char code[CODE_CHARS + 1];
    PW_TRY(person_now(c, person_id, &person));
    PW_TRY(token_mint(c, "", &token, &hash));
    id_random_text(code, CODE_CHARS);
    struct sv blind = code_blind(c, code);
    struct sv shown = arena_fmt(c->arena, "%.4s-%.4s-%.4s", code, code + CODE_GROUP, code + 2 * CODE_GROUP);
    sodium_memzero(code, sizeof code);
    if (c->arena->oom)
        return PW_INTERNAL;
    PW_TRY(db_exec(c->db, &link_delete, DB_ARGS(DB_I(person)), NULL));
    PW_TRY(db_exec(c->db, &link_insert, DB_ARGS(DB_I(id_new()), DB_I(person), DB_B(hash), DB_B(blind), DB_I(c->now_ms)),
                   NULL));
    PW_TRY(audit(c, "member.link-made", "person", person, (struct sv){0}));
    *ret_link_token = token;
    *ret_code = shown;
    return PW_OK;
}

static enum pw_err find(struct ctx *c, const char *text, size_t n, int64_t *ret_person)
{
    struct db_rows r;
    struct sv hash;
    if (n == TOKEN_CHARS) {
        PW_TRY(token_hash(c, (struct sv){text, n}, &hash));
        PW_TRY(db_one(c->db, c->arena, &link_by_token, DB_ARGS(DB_B(hash)), &r));
    } else {
        struct sv blind = code_blind(c, text);
        if (!blind.n)
            return PW_INTERNAL;
        PW_TRY(db_one(c->db, c->arena, &link_by_code, DB_ARGS(DB_B(blind)), &r));
    }
    *ret_person = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err member_return(struct ctx *c, struct sv token_or_code, struct sv *ret_session_token, int64_t *ret_person)
{
    char text[TOKEN_CHARS];
    int64_t person = 0;
    struct sv token;
    size_t n = token_or_code.n <= INPUT_MAX ? normalise(token_or_code, text) : 0;
    if (n != TOKEN_CHARS && n != CODE_CHARS)
        return PW_DENIED;
    if (n == CODE_CHARS && braked(text, c->now_ms))
        return PW_DENIED;
    enum pw_err e = find(c, text, n, &person);
    if (e == PW_NOT_FOUND && n == CODE_CHARS)
        failed(text, c->now_ms);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_DENIED : e;
    PW_TRY(session_make(c, person, 0, &token));
    PW_TRY(audit(c, "member.return", "person", person, n == CODE_CHARS ? SV("by=code") : SV("by=link")));
    *ret_session_token = token;
    *ret_person = person;
    return PW_OK;
}

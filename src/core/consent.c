/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/consent.h"

#include <sodium.h>

#include "base/id.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/core_text.h"
#include "core/document.h"
#include "core/people_parts.h"
#include "work/work.h"

static const char *const purposes[CONSENT__MAX] = {[CONSENT_SERVICE] = "service",
                                                   [CONSENT_SHARE_ORG] = "share-org",
                                                   [CONSENT_RESEARCH] = "research",
                                                   [CONSENT_QUOTE] = "quote",
                                                   [CONSENT_PLATFORM] = "platform"};
static const char *const methods[METHOD__MAX] = {[METHOD_SIGNATURE] = "signature",
                                                 [METHOD_RECORDED_VOICE] = "recorded-voice",
                                                 [METHOD_WITNESSED] = "witnessed",
                                                 [METHOD_ONLINE] = "online"};

DB_STMT(consent_insert,
        "INSERT INTO consent (id, person_id, purpose, method, doc_id, doc_version, lang, text_hash, recipient_org, "
        "staff_person, given_ms, expires_ms, withdrawn_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
        "NULL)");
DB_STMT(consent_one, "SELECT person_id, purpose, recipient_org, withdrawn_ms FROM consent WHERE id = $1");
DB_STMT(consent_end, "UPDATE consent SET withdrawn_ms = $2 WHERE id = $1 AND withdrawn_ms IS NULL");
DB_STMT(consent_in_force,
        "SELECT id FROM consent WHERE person_id = (SELECT COALESCE(merged_into, id) FROM person WHERE id = $1) AND "
        "purpose = $2 AND recipient_org = $3 AND withdrawn_ms IS NULL AND given_ms <= $4 AND (expires_ms IS NULL OR "
        "expires_ms > $4) ORDER BY id DESC LIMIT 1");
DB_STMT(
    consent_of_person,
    "SELECT id, person_id, purpose, method, doc_id, doc_version, lang, recipient_org, staff_person, given_ms, "
    "expires_ms, withdrawn_ms FROM consent WHERE person_id = (SELECT COALESCE(merged_into, id) FROM person WHERE id "
    "= $1) ORDER BY id DESC");

/* A person speaks for themself, staff and the system for others. */
static bool may_speak_for(struct ctx *c, int64_t person_id)
{
    return actor_may(c->actor, RIGHT_STAFF) || (c->actor->person_id && c->actor->person_id == person_id);
}

/* What was shown, exactly: a translation corrected later does not change what somebody agreed to. */
static enum pw_err text_hash(struct ctx *c, const struct consent *n, struct sv *ret)
{
    struct doc_text t;
    enum pw_err e = n->doc_id && n->doc_version ? doc_read(c, n->doc_id, n->lang, n->doc_version, &t) : PW_NOT_FOUND;
    if (e == PW_NOT_FOUND || (e == PW_OK && !sv_eq(t.lang, n->lang)))
        return problem_add(c->problems, "doc",
                           N_("Choose the text, with its version and language, that was agreed to."));
    PW_TRY(e);
    unsigned char *hash = arena_alloc(c->arena, crypto_hash_sha256_BYTES, 1);
    if (!hash)
        return PW_INTERNAL;
    crypto_hash_sha256_state st;
    crypto_hash_sha256_init(&st);
    crypto_hash_sha256_update(&st, (const unsigned char *)(t.title.p ? t.title.p : ""), t.title.n);
    crypto_hash_sha256_update(&st, (const unsigned char *)"\n", 1);
    crypto_hash_sha256_update(&st, (const unsigned char *)(t.body.p ? t.body.p : ""), t.body.n);
    crypto_hash_sha256_final(&st, hash);
    *ret = (struct sv){(char *)hash, crypto_hash_sha256_BYTES};
    return PW_OK;
}

enum pw_err consent_give(struct ctx *c, const struct consent *n, int64_t *ret_id)
{
    int64_t person;
    struct sv hash;
    if ((unsigned)n->purpose >= CONSENT__MAX || (unsigned)n->method >= METHOD__MAX)
        return PW_INVALID;
    if ((n->purpose == CONSENT_SHARE_ORG) != (n->recipient_org != 0))
        return problem_add(c->problems, "recipient", N_("Choose the organisation that may receive the information."));
    int64_t given = n->given_ms ? n->given_ms : c->now_ms;
    if (given > c->now_ms || (n->expires_ms && n->expires_ms <= given))
        return problem_add(c->problems, "expires", N_("Check the dates: agreed in the past, ending later."));
    PW_TRY(person_now(c, n->person_id, &person));
    if (!may_speak_for(c, person))
        return PW_NOT_FOUND;
    PW_TRY(field_lang(c, "lang", n->lang, true));
    PW_TRY(text_hash(c, n, &hash));
    int64_t id = id_new();
    PW_TRY(db_exec(c->db, &consent_insert,
                   DB_ARGS(DB_I(id), DB_I(person), DB_T(sv_of(purposes[n->purpose])), DB_T(sv_of(methods[n->method])),
                           DB_I(n->doc_id), DB_I(n->doc_version), DB_T(n->lang), DB_B(hash), DB_I(n->recipient_org),
                           DB_I_OR_NULL(n->staff_person), DB_I(given), DB_I_OR_NULL(n->expires_ms)),
                   NULL));
    struct sv detail = arena_fmt(c->arena, "purpose=%s method=%s person=%lld recipient=%lld doc=%lld version=%lld",
                                 purposes[n->purpose], methods[n->method], (long long)person,
                                 (long long)n->recipient_org, (long long)n->doc_id, (long long)n->doc_version);
    PW_TRY(audit(c, "consent.give", "consent", id, detail));
    struct sv data = arena_fmt(c->arena, "{\"person\":%lld,\"purpose\":\"%s\",\"recipient\":%lld}", (long long)person,
                               purposes[n->purpose], (long long)n->recipient_org);
    PW_TRY(event_append(c->db, SV("consent.given"), id, data, c->now_ms));
    *ret_id = id;
    return PW_OK;
}

enum pw_err consent_withdraw(struct ctx *c, int64_t id)
{
    struct db_rows r;
    int64_t changed = 0;
    PW_TRY(db_one(c->db, c->arena, &consent_one, DB_ARGS(DB_I(id)), &r));
    int64_t person = db_int(&r, 0, 0);
    if (!may_speak_for(c, person))
        return PW_NOT_FOUND;
    PW_TRY(db_exec(c->db, &consent_end, DB_ARGS(DB_I(id), DB_I(c->now_ms)), &changed));
    if (!changed)
        return PW_OK; /* withdrawn already: what the person wants holds */
    PW_TRY(audit(c, "consent.withdraw", "consent", id, arena_fmt(c->arena, "person=%lld", (long long)person)));
    struct sv data = arena_fmt(c->arena, "{\"person\":%lld,\"purpose\":\"%.*s\",\"recipient\":%lld}", (long long)person,
                               SV_ARG(db_text(&r, 0, 1)), (long long)db_int(&r, 0, 2));
    return event_append(c->db, SV("consent.withdrawn"), id, data, c->now_ms);
}

enum pw_err consent_check(struct ctx *c, int64_t person_id, enum consent_purpose p, int64_t recipient_org,
                          int64_t *ret_id)
{
    struct db_rows r;
    if ((unsigned)p >= CONSENT__MAX)
        return PW_DENIED;
    enum pw_err e =
        db_one(c->db, c->arena, &consent_in_force,
               DB_ARGS(DB_I(person_id), DB_T(sv_of(purposes[p])), DB_I(recipient_org), DB_I(c->now_ms)), &r);
    if (e == PW_NOT_FOUND)
        return PW_DENIED;
    PW_TRY(e);
    *ret_id = db_int(&r, 0, 0);
    return PW_OK;
}

static int index_of(const char *const *names, int n, struct sv name)
{
    for (int i = 0; i < n; i++)
        if (sv_eq_z(name, names[i]))
            return i;
    return n;
}

enum pw_err consent_list(struct ctx *c, int64_t person_id, struct consent **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &consent_of_person, DB_ARGS(DB_I(person_id)), &r));
    struct consent *v = arena_array(c->arena, struct consent, r.n ? r.n : 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct consent){.id = db_int(&r, i, 0),
                                .person_id = db_int(&r, i, 1),
                                .purpose = (enum consent_purpose)index_of(purposes, CONSENT__MAX, db_text(&r, i, 2)),
                                .method = (enum consent_method)index_of(methods, METHOD__MAX, db_text(&r, i, 3)),
                                .doc_id = db_int(&r, i, 4),
                                .doc_version = db_int(&r, i, 5),
                                .lang = db_text(&r, i, 6),
                                .recipient_org = db_int(&r, i, 7),
                                .staff_person = db_int(&r, i, 8),
                                .given_ms = db_int(&r, i, 9),
                                .expires_ms = db_int(&r, i, 10),
                                .withdrawn_ms = db_int(&r, i, 11)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

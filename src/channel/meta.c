/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/meta.h"

#include <string.h>

#include "channel/signature.h"

enum { WORD_MAX = 200, UPLOAD_MS = 120000, TOKEN_REFUSED_MS = 5 * 60 * 1000, PAIR_MS = 6000 };
#define MS_SINCE INT64_C(100000000000) /* larger numbers are milliseconds */
#define YEAR_2100_MS INT64_C(4102444800000)

enum pw_err meta_check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = PW_OK;
    struct sv version = json_member_sv(config, "api_version");
    if (!setting_word_ok(json_member_sv(config, "app_secret"), WORD_MAX))
        e = problem_add(ps, "app_secret", N_("A channel without a secret cannot be switched on."));
    if (!setting_word_ok(json_member_sv(config, "verify_token"), WORD_MAX))
        e = problem_add(ps, "verify_token", N_("Use 1 to 200 letters, digits, underscores and hyphens."));
    if (!setting_token_ok(json_member_sv(config, "token")))
        e = problem_add(ps, "token", N_("Give the access token as Meta shows it."));
    if (version.n && (version.p[0] != 'v' || version.n > 6 || sv_find(version, SV("/")) >= 0))
        e = problem_add(ps, "api_version", N_("Give a version like v23.0."));
    if (!setting_is_base(json_member_sv(config, "api_base")))
        e = problem_add(ps, "api_base", N_("Give an https address; plain http only on this machine."));
    return e;
}

/* ---- authenticity ---- */

enum pw_err meta_verify(const struct channel *ch, const struct chan_request *rq)
{
    if (strcmp(rq->method, "GET") == 0) {
        bool asks = sv_eq_z(query_raw(rq->query, "hub.mode"), "subscribe");
        bool ours = secret_same(json_member_sv(ch->config, "verify_token"), query_raw(rq->query, "hub.verify_token"));
        return asks && ours ? PW_OK : PW_DENIED;
    }
    struct sv given = rq->header(rq->self, "X-Hub-Signature-256");
    if (strcmp(rq->method, "POST") != 0 || !sv_starts(given, SV("sha256=")))
        return PW_DENIED;
    bool ok = hmac_sha256_is(json_member_sv(ch->config, "app_secret"), &rq->body, 1, sv_sub(given, 7, given.n));
    return ok ? PW_OK : PW_DENIED;
}

bool meta_challenge(const struct chan_request *rq, struct chan_events *ret)
{
    ret->n = 0;
    ret->reply = (struct chan_reply){0};
    if (strcmp(rq->method, "GET") != 0)
        return false;
    struct sv challenge = query_raw(rq->query, "hub.challenge");
    bool plain = setting_word_ok(challenge, WORD_MAX); /* ours to repeat, so nothing that a browser could run */
    ret->reply.type = SV("text/plain; charset=utf-8");
    ret->reply.body = plain ? challenge : (struct sv){0};
    return true;
}

enum pw_err meta_entries(const struct chan_request *rq, struct arena *a, const char *object, const json_t **ret)
{
    json_t *doc = NULL;
    PW_TRY(json_read(rq->body, a, &doc, NULL));
    if (!json_is_object(doc))
        return PW_INVALID;
    bool ours = sv_eq_z(json_member_sv(doc, "object"), object);
    *ret = ours ? json_object_get(doc, "entry") : NULL;
    return PW_OK;
}

int64_t meta_time_ms(const json_t *v, struct arena *a)
{
    int64_t t = 0;
    if (!sv_int(json_id_sv(v, a), &t) || t <= 0)
        return 0;
    if (t < MS_SINCE)
        t *= 1000;
    return t < YEAR_2100_MS ? t : 0;
}

/* ---- calls ---- */

struct sv graph_url(const struct channel *ch, struct arena *a, const char *fmt, ...)
{
    va_list ap;
    struct sv version = json_member_sv(ch->config, "api_version");
    va_start(ap, fmt);
    struct sv path = arena_vfmt(a, fmt, ap);
    va_end(ap);
    return arena_fmt(a, "%.*s/%.*s/%.*s", SV_ARG(setting_base(ch, GRAPH_API)),
                     SV_ARG(version.n ? version : SV(GRAPH_VERSION)), SV_ARG(path));
}

static void finer(struct arena *a, struct call_answer *r)
{
    struct send_result res = r->res;
    if (r->status && r->res.cls != SEND_OK && graph_classify(graph_error_of(r->json), a, &res)) {
        if (res.cls == SEND_RETRY && !res.retry_after_ms)
            res.retry_after_ms = r->res.retry_after_ms;
        r->res = res;
    } else if (r->status == 401) {
        r->res = (struct send_result){
            .cls = SEND_RETRY, .code = SV("401"), .pause_lane = true, .retry_after_ms = TOKEN_REFUSED_MS};
    }
}

void graph_call(const struct channel *ch, struct net *net, struct arena *a, struct sv url, struct sv json,
                bool repeatable, struct call_answer *ret)
{
    provider_call(net, a,
                  &(struct net_request){.method = json.n ? "POST" : "GET",
                                        .url = url,
                                        .headers = bearer(a, json_member_sv(ch->config, "token")),
                                        .n_headers = 1,
                                        .body = json,
                                        .content_type = json.n ? "application/json" : NULL,
                                        .idempotent = repeatable},
                  ret);
    finer(a, ret);
}

void graph_upload(const struct channel *ch, struct net *net, struct arena *a, struct sv url,
                  const struct net_part *parts, size_t n, bool repeatable, struct call_answer *ret)
{
    provider_call(net, a,
                  &(struct net_request){.method = "POST",
                                        .url = url,
                                        .headers = bearer(a, json_member_sv(ch->config, "token")),
                                        .n_headers = 1,
                                        .parts = parts,
                                        .n_parts = n,
                                        .total_ms = UPLOAD_MS,
                                        .idempotent = repeatable},
                  ret);
    finer(a, ret);
}

/* ---- errors ---- */

struct graph_error graph_error_of(const json_t *answer)
{
    const json_t *e = json_object_get(answer, "error");
    return (struct graph_error){json_member_int(e, "code", 0), json_member_int(e, "error_subcode", 0)};
}

enum meaning { FAILS, LATER, THROTTLED, TOKEN, WINDOW, PAIR, GONE };
/* developers.facebook.com: WhatsApp "Error codes", Messenger "Error codes", Graph "Handle errors"; seen 2026-11. */
static const struct {
    int64_t code, subcode; /* subcode 0: any */
    enum meaning means;
} known[] = {
    {10, 2018278, WINDOW}, /* Messenger: outside the allowed window */
    {10, 2018108, GONE},   /* this person cannot receive messages */
    {551, 0, GONE},        /* this person is not available */
    {200, 1545041, GONE},  /* the user deactivated messaging */
    {100, 2018001, FAILS}, /* no matching user */
    {131047, 0, WINDOW},    {131056, 0, PAIR},     {4, 0, THROTTLED},      {613, 0, THROTTLED},
    {80006, 0, THROTTLED},  {80007, 0, THROTTLED}, {130429, 0, THROTTLED}, {131048, 0, THROTTLED},
    {133016, 0, THROTTLED}, {1, 0, LATER},         {2, 0, LATER},          {1200, 0, LATER},
    {131000, 0, LATER},     {131016, 0, LATER},    {131053, 0, LATER}, /* media could not be fetched just now */
    {133004, 0, LATER},     {3, 0, TOKEN},         {10, 0, TOKEN},         {190, 0, TOKEN},
    {368, 0, TOKEN},        {131005, 0, TOKEN},    {131031, 0, TOKEN},     {131042, 0, TOKEN}, /* payment */
    {131045, 0, TOKEN},
};

static enum meaning meaning_of_code(struct graph_error err)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == err.code && (!known[i].subcode || known[i].subcode == err.subcode))
            return known[i].means;
    return err.code >= 200 && err.code < 300 ? TOKEN : FAILS;
}

bool graph_classify(struct graph_error err, struct arena *a, struct send_result *ret)
{
    if (!err.code)
        return false;
    struct send_result r = {.cls = SEND_RETRY, .code = arena_fmt(a, "%lld", (long long)err.code)};
    switch (meaning_of_code(err)) {
    case FAILS:
        r.cls = SEND_FAILED;
        break;
    case LATER:
        break;
    case THROTTLED:
        r.pause_lane = true;
        break;
    case TOKEN: /* nothing of the queue may be lost for that */
        r.code = SV("401");
        r.pause_lane = true;
        r.retry_after_ms = TOKEN_REFUSED_MS;
        break;
    case WINDOW:
        r.cls = SEND_WAITS;
        r.code = SV("window-shut");
        break;
    case PAIR: /* one word in six seconds to one person */
        r.retry_after_ms = PAIR_MS;
        break;
    case GONE:
        r.cls = SEND_BLOCKED;
        break;
    }
    *ret = r;
    return true;
}

enum pw_err graph_why_not(const struct call_answer *r, struct sv *ret_why)
{
    if (sv_eq_z(r->res.code, "401")) {
        *ret_why = SV(N_("Meta does not accept this access token."));
        return PW_DENIED;
    }
    if (r->res.cls == SEND_FAILED) {
        *ret_why = SV(N_("Meta does not know this number or page, or the token may not use it."));
        return PW_INVALID;
    }
    *ret_why = SV(N_("Meta cannot be reached now."));
    return PW_UNAVAILABLE;
}

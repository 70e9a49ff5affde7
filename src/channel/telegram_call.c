/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/telegram.h"

enum { UPLOAD_PARTS_MAX = 8, UPLOAD_MS = 120000 };

struct sv telegram_base(const struct channel *ch)
{
    return setting_base(ch, TG_API);
}

static struct sv method_url(const struct channel *ch, struct arena *a, const char *method)
{
    return arena_fmt(a, "%.*s/bot%.*s/%s", SV_ARG(telegram_base(ch)), SV_ARG(json_member_sv(ch->config, "token")),
                     method);
}

static void run(struct net *net, struct arena *a, const struct net_request *rq, bool private_chat,
                struct telegram_reply *ret)
{
    struct call_answer got;
    provider_call(net, a, rq, &got);
    if (got.status == 0) {
        *ret = (struct telegram_reply){.res = got.res};
        return;
    }
    telegram_classify(got.status, got.body, private_chat, a, ret);
    if (ret->res.cls == SEND_RETRY && ret->status != 429 && got.res.retry_after_ms > ret->res.retry_after_ms)
        ret->res.retry_after_ms = got.res.retry_after_ms;
    if (rq->idempotent && ret->res.cls == SEND_IN_DOUBT)
        ret->res.cls = SEND_RETRY; /* doing it again is harmless: nothing to doubt */
}

void telegram_call(const struct channel *ch, struct net *net, struct arena *a, const char *method, struct sv json,
                   enum telegram_repeat repeat, int timeout_s, struct telegram_reply *ret)
{
    if (!json.n) { /* the body did not fit: nothing was sent */
        *ret = (struct telegram_reply){.res = {.cls = SEND_FAILED, .code = SV("too-long")}};
        return;
    }
    json_t *body = NULL;
    bool private_chat =
        json_read(json, a, &body, NULL) == PW_OK && json_member_int(body, "chat_id", 0) > 0; /* groups are negative */
    run(net, a,
        &(struct net_request){.method = "POST",
                              .url = method_url(ch, a, method),
                              .body = json,
                              .content_type = "application/json",
                              .total_ms = timeout_s * 1000,
                              .idempotent = repeat == TG_REPEATABLE},
        private_chat, ret);
}

void telegram_upload(const struct channel *ch, struct net *net, struct arena *a, const char *method,
                     const struct telegram_part *parts, size_t n, struct telegram_reply *ret)
{
    struct net_part out[UPLOAD_PARTS_MAX];
    int64_t chat = 0;
    for (size_t i = 0; i < n && i < UPLOAD_PARTS_MAX; i++) {
        out[i] = (struct net_part){.name = parts[i].name, .data = parts[i].value};
        if (parts[i].file_path.n) {
            out[i].path = arena_z(a, parts[i].file_path);
            out[i].filename = arena_z(a, parts[i].file_name);
            out[i].type = parts[i].file_type.n ? arena_z(a, parts[i].file_type) : NULL;
        }
        if (sv_eq_z(sv_of(parts[i].name), "chat_id"))
            (void)sv_int(parts[i].value, &chat);
    }
    run(net, a,
        &(struct net_request){
            .method = "POST",
            .url = method_url(ch, a, method),
            .parts = out,
            .n_parts = n < UPLOAD_PARTS_MAX ? n : UPLOAD_PARTS_MAX,
            .total_ms = UPLOAD_MS,
        },
        chat > 0, ret);
}

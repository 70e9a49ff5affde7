/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/id.h"
#include "channel/kannel.h"
#include "channel/sms.h"
#include "net/net.h"
#include "json/json.h"

enum { AUTH_WAIT_MS = 5 * 60 * 1000, CALL_MS = 15000 };

void kannel_classify(int status, struct sv body, struct arena *a, struct send_result *ret)
{
    struct sv code = sv_trim(sv_sub(body, 0, 2));
    *ret = (struct send_result){.code = arena_fmt(a, "%d", status)};
    if (status == 202 || status == 200) {
        /* "0: Accepted for delivery", "3: Queued for later delivery" while the operator is away: Kannel has it. */
        bool taken = sv_eq_z(code, "0:") || sv_eq_z(code, "3:");
        ret->cls = taken ? SEND_OK : SEND_IN_DOUBT;
        ret->code = taken ? (struct sv){0} : SV("unreadable");
    } else if (sv_find(body, SV("Not routable")) >= 0 || sv_find(body, SV("black-lists")) >= 0) {
        /* 404 or 403, too, but about this number only: the others go on. */
        *ret = (struct send_result){.cls = SEND_FAILED, .code = SV("refused")};
    } else if (status == 401 || status == 403) { /* wrong user or password: nothing of the queue may be lost for that */
        *ret = (struct send_result){
            .cls = SEND_RETRY, .code = SV("401"), .pause_lane = true, .retry_after_ms = AUTH_WAIT_MS};
    } else if (status == 404) {
        *ret = (struct send_result){
            .cls = SEND_RETRY, .code = SV("404"), .pause_lane = true, .retry_after_ms = AUTH_WAIT_MS};
    } else if (status >= 400 && status < 500 && status != 408) {
        ret->cls = SEND_FAILED;
    } else {
        ret->cls = SEND_RETRY;
    }
}

/* POST: what goes in the body and headers stands in no log of addresses, and a kept connection that died is never used
 * to say the same twice. */
static void one(const struct sms_job *j, const struct sms_text *t, struct send_result *ret)
{
    const json_t *cf = j->ch->config;
    char minted[ID_TEXT + 1];
    struct sv id = arena_sv(j->a, id_text(id_new(), minted));
    struct sv hook = kannel_hook(j->ch, j->a);
    struct net_header h[10];
    size_t n = 0;
    h[n++] = (struct net_header){SV("X-Kannel-Username"), json_member_sv(cf, "username")};
    h[n++] = (struct net_header){SV("X-Kannel-Password"), json_member_sv(cf, "password")};
    h[n++] = (struct net_header){SV("X-Kannel-From"), json_member_sv(cf, "sender")};
    h[n++] = (struct net_header){SV("X-Kannel-To"), j->to};
    h[n++] = (struct net_header){SV("X-Kannel-Coding"), t->alphabet == SMS_UCS2 ? SV("2") : SV("0")};
    if (json_member_sv(cf, "smsc").n)
        h[n++] = (struct net_header){SV("X-Kannel-SMSC"), json_member_sv(cf, "smsc")};
    if (hook.n && j->report) { /* delivered, failed, taken and refused by the operator; not "buffered" */
        h[n++] = (struct net_header){SV("X-Kannel-DLR-Mask"), SV("27")};
        h[n++] = (struct net_header){SV("X-Kannel-DLR-Url"),
                                     arena_fmt(j->a, "%.*s?secret=%.*s&out=%.*s&dlr=%%d", SV_ARG(hook),
                                               SV_ARG(json_member_sv(cf, "secret")), SV_ARG(id))};
    }
    struct net_result r = {0};
    net_fetch(j->net, j->a,
              &(struct net_request){.method = "POST",
                                    .url = kannel_url(j->ch),
                                    .headers = h,
                                    .n_headers = n,
                                    .body = t->text,
                                    .content_type = "text/plain; charset=UTF-8",
                                    .total_ms = CALL_MS},
              &r);
    if (r.phase == NET_DONE)
        kannel_classify(r.status, r.body, j->a, ret);
    else
        *ret = (struct send_result){.cls = r.phase == NET_NOT_SENT ? SEND_RETRY : SEND_IN_DOUBT,
                                    .code = arena_fmt(j->a, "net-%s", r.code)};
    ret->provider_id = id; /* ours: Kannel gives none. Also of what is in doubt: a report resolves it */
}

void kannel_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                 struct send_result *ret, struct sv *ret_new_chat)
{
    struct sms_job j = {ch, net, a, s->chat, true};
    *ret_new_chat = (struct sv){0};
    sms_send(&j, s, one, ret);
}

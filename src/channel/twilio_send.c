/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/id.h"
#include "channel/sms.h"
#include "channel/twilio.h"
#include "net/net.h"
#include "json/json.h"

enum { CALL_MS = 20000, AUTH_WAIT_MS = 5 * 60 * 1000 };
enum { STOPPED_BY_PERSON = 21610, TOO_MANY = 20429, TOO_FAST = 63018 };

void twilio_classify(int status, struct sv body, struct arena *a, struct send_result *ret)
{
    json_t *root = NULL;
    bool readable = json_read(body, a, &root, NULL) == PW_OK && json_is_object(root);
    int64_t code = readable ? json_member_int(root, "code", 0) : 0;
    *ret = (struct send_result){.code = code > 0 ? arena_fmt(a, "%lld", (long long)code) : arena_fmt(a, "%d", status)};
    if (status >= 200 && status < 300) {
        bool taken = json_member_sv(root, "sid").n > 0;
        ret->cls = taken ? SEND_OK : SEND_IN_DOUBT;
        ret->code = taken ? (struct sv){0} : SV("unreadable");
    } else if (code == STOPPED_BY_PERSON) {
        ret->cls = SEND_BLOCKED;
    } else if (status == 429 || code == TOO_MANY || code == TOO_FAST) {
        ret->cls = SEND_RETRY;
        ret->pause_lane = true;
    } else if (status == 401 || status == 403 || status == 404) {
        /* Account or token are wrong now: nothing of the queue may be lost for that. */
        *ret = (struct send_result){.cls = SEND_RETRY,
                                    .code = status == 404 ? SV("404") : SV("401"),
                                    .pause_lane = true,
                                    .retry_after_ms = AUTH_WAIT_MS};
    } else if (status == 504) { /* something between us gave up waiting: nobody knows */
        ret->cls = SEND_IN_DOUBT;
    } else if (status >= 500 || status == 408) {
        ret->cls = SEND_RETRY;
    } else {
        ret->cls = SEND_FAILED;
    }
}

static void one(const struct sms_job *j, const struct sms_text *t, struct send_result *ret)
{
    const json_t *cf = j->ch->config;
    struct sv sender = json_member_sv(cf, "sender"), hook = j->ch->hook_url, pairs[8];
    char minted[ID_TEXT + 1];
    struct sv id = arena_sv(j->a, id_text(id_new(), minted));
    size_t n = 0;
    pairs[n++] = SV("To");
    pairs[n++] = j->to;
    pairs[n++] = sv_starts(sender, SV("MG")) ? SV("MessagingServiceSid") : SV("From");
    pairs[n++] = sender;
    pairs[n++] = SV("Body");
    pairs[n++] = t->text;
    if (hook.n && j->report) { /* a status that we could not take is told again */
        pairs[n++] = SV("StatusCallback");
        pairs[n++] = arena_fmt(j->a, "%.*s?out=%.*s#rc=4&rp=ct,rt,5xx", SV_ARG(hook), SV_ARG(id));
    }
    struct net_result r = {0};
    net_fetch(j->net, j->a,
              &(struct net_request){.method = "POST",
                                    .url = twilio_url(j->ch, j->a, "/Messages.json"),
                                    .body = net_form(j->a, pairs, n / 2),
                                    .content_type = "application/x-www-form-urlencoded",
                                    .user = json_member_sv(cf, "account"),
                                    .password = json_member_sv(cf, "token"),
                                    .total_ms = CALL_MS},
              &r);
    if (r.phase == NET_DONE) {
        twilio_classify(r.status, r.body, j->a, ret);
        if (ret->cls == SEND_RETRY && r.retry_after_ms > ret->retry_after_ms)
            ret->retry_after_ms = r.retry_after_ms;
    } else {
        *ret = (struct send_result){.cls = r.phase == NET_NOT_SENT ? SEND_RETRY : SEND_IN_DOUBT,
                                    .code = arena_fmt(j->a, "net-%s", r.code)};
    }
    ret->provider_id = id; /* ours, repeated with each status: so a status also ends a doubt */
}

void twilio_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                 struct send_result *ret, struct sv *ret_new_chat)
{
    struct sms_job j = {ch, net, a, s->chat, true};
    *ret_new_chat = (struct sv){0};
    sms_send(&j, s, one, ret);
}

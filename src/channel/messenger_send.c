/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/messenger.h"

#include "base/unicode.h"

struct sending {
    const struct channel *ch;
    struct net *net;
    struct arena *a;
    const struct chan_send *s;
};

static struct sv url_of(const struct sending *x)
{
    return graph_url(x->ch, x->a, "%.*s/messages", SV_ARG(json_member_sv(x->ch->config, "page_id")));
}

static void finish(const struct sending *x, const struct call_answer *r, struct send_result *ret)
{
    *ret = r->res;
    if (r->res.cls == SEND_OK)
        ret->provider_id = json_id_sv(json_object_get(r->json, "message_id"), x->a);
}

/* Past the ordinary window only what a person writes may go out, and it must say so. */
static void put_kind(const struct sending *x, struct json_w *w)
{
    json_w_kv_z(w, "messaging_type", x->s->late ? "MESSAGE_TAG" : "RESPONSE");
    if (x->s->late)
        json_w_kv_z(w, "tag", "HUMAN_AGENT");
}

static void say_part(void *self, struct sv part, bool first, bool last, struct send_result *ret)
{
    const struct sending *x = self;
    struct json_body b;
    struct call_answer r;
    (void)first;
    body_begin(&b);
    json_w_key(&b.w, "recipient");
    json_w_object(&b.w);
    json_w_kv_sv(&b.w, "id", x->s->chat);
    json_w_end(&b.w);
    put_kind(x, &b.w);
    json_w_key(&b.w, "message");
    json_w_object(&b.w);
    json_w_kv_sv(&b.w, "text", part);
    if (last && x->s->n_buttons) {
        json_w_key(&b.w, "quick_replies");
        json_w_array(&b.w);
        for (size_t i = 0; i < x->s->n_buttons; i++) {
            json_w_object(&b.w);
            json_w_kv_z(&b.w, "content_type", "text");
            json_w_kv_sv(&b.w, "title", text_cut(x->a, x->s->buttons[2 * i], MSGR_CHOICE_CHARS));
            json_w_kv_sv(&b.w, "payload", x->s->buttons[2 * i + 1]);
            json_w_end(&b.w);
        }
        json_w_end(&b.w);
    }
    json_w_end(&b.w);
    struct sv json = body_end(&b, x->a);
    if (!json.n) {
        send_refuse(ret, SV("too-long"));
        return;
    }
    graph_call(x->ch, x->net, x->a, url_of(x), json, false, &r);
    finish(x, &r, ret);
}

static const char *type_of(struct sv t)
{
    return sv_starts(t, SV("image/"))   ? "image"
           : sv_starts(t, SV("audio/")) ? "audio"
           : sv_starts(t, SV("video/")) ? "video"
                                        : "file";
}

static void send_file(const struct sending *x, struct send_result *ret)
{
    const struct chan_send *s = x->s;
    struct sv text = sv_trim(s->text), type = s->file_type.n ? s->file_type : SV("application/octet-stream");
    struct call_answer r;
    if (!s->file_path.n) {
        send_refuse(ret, SV("no-file"));
        return;
    }
    struct json_body to;
    body_begin(&to);
    json_w_kv_sv(&to.w, "id", s->chat);
    const struct net_part parts[] = {
        {.name = "recipient", .data = body_end(&to, x->a)},
        {.name = "messaging_type", .data = s->late ? SV("MESSAGE_TAG") : SV("RESPONSE")},
        {.name = "message",
         .data = arena_fmt(x->a, "{\"attachment\":{\"type\":\"%s\",\"payload\":{}}}", type_of(s->file_type))},
        {.name = "filedata",
         .path = arena_z(x->a, s->file_path),
         .filename = s->file_name.n ? arena_z(x->a, s->file_name) : "file",
         .type = arena_z(x->a, type)},
        {.name = "tag", .data = SV("HUMAN_AGENT")},
    };
    graph_upload(x->ch, x->net, x->a, url_of(x), parts, s->late ? 5 : 4, false, &r);
    finish(x, &r, ret);
    if (ret->cls == SEND_OK && (text.n || s->n_buttons)) {
        struct sending more = *x;
        parts_send(x->a, text, MSGR_TEXT_MAX, true, ret->provider_id, say_part, &more, ret);
    }
}

static bool buttons_ok(const struct chan_send *s)
{
    for (size_t i = 0; i < s->n_buttons; i++)
        if (!s->buttons[2 * i].n || !s->buttons[2 * i + 1].n || s->buttons[2 * i + 1].n > MSGR_CHOICE_BYTES)
            return false;
    return s->n_buttons <= MSGR_CHOICES_MAX;
}

void messenger_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                    struct send_result *ret, struct sv *ret_new_chat)
{
    struct sending x = {ch, net, a, s};
    *ret_new_chat = (struct sv){0};
    if (s->op == OP_QUEUE_JOIN)
        *ret = (struct send_result){.cls = SEND_OK};
    else if (!s->chat.n)
        send_refuse(ret, SV("bad-id"));
    else if (!buttons_ok(s))
        send_refuse(ret, SV("bad-buttons"));
    else if (s->op == OP_TEXT)
        parts_send(a, s->text, MSGR_TEXT_MAX, false, (struct sv){0}, say_part, &x, ret);
    else if (s->op == OP_FILE)
        send_file(&x, ret);
    else
        send_refuse(ret, SV("not-here"));
}

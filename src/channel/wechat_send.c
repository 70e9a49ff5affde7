/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/clock.h"
#include "channel/wechat.h"

/* WeChat knows our number of a message for ten minutes; a minute less, for clocks and slow lines. */
#define SAME_NUMBER_MS (INT64_C(9) * 60 * 1000)

struct sending {
    const struct channel *ch;
    struct net *net;
    struct arena *a;
    const struct chan_send *s;
    int part; /* of a long text, for its number */
};

static void begin_message(struct sending *x, struct json_body *b, const char *type)
{
    body_begin(b);
    json_w_kv_sv(&b->w, "touser", x->s->chat);
    json_w_kv_z(&b->w, "msgtype", type);
    if (x->s->row_id)
        json_w_kv_sv(&b->w, "client_msg_id", arena_fmt(x->a, "pw-%lld-%d", (long long)x->s->row_id, x->part));
    json_w_key(&b->w, type);
    json_w_object(&b->w);
}

static void post(struct sending *x, struct json_body *b, struct send_result *ret)
{
    json_w_end(&b->w);
    struct sv json = body_end(b, x->a);
    struct wechat_reply r;
    bool known = x->s->row_id && clock_now_ms() - x->s->queued_ms < SAME_NUMBER_MS; /* saying it again says it once */
    if (!json.n) {
        send_refuse(ret, SV("too-long"));
        return;
    }
    wechat_call(x->ch, x->net, x->a, "/cgi-bin/message/custom/send", json, NULL, known, &r);
    *ret = r.res;
}

static void say_part(void *self, struct sv part, bool first, bool last, struct send_result *ret)
{
    struct sending *x = self;
    struct json_body b;
    bool menu = last && x->s->n_buttons;
    x->part = first ? 1 : x->part + 1;
    begin_message(x, &b, menu ? "msgmenu" : "text");
    json_w_kv_sv(&b.w, menu ? "head_content" : "content", part);
    if (menu) {
        json_w_key(&b.w, "list");
        json_w_array(&b.w);
        for (size_t i = 0; i < x->s->n_buttons; i++) {
            json_w_object(&b.w);
            json_w_kv_sv(&b.w, "id", x->s->buttons[2 * i + 1]);
            json_w_kv_sv(&b.w, "content", x->s->buttons[2 * i]);
            json_w_end(&b.w);
        }
        json_w_end(&b.w);
    }
    post(x, &b, ret);
}

static void send_file(struct sending *x, struct send_result *ret)
{
    const struct chan_send *s = x->s;
    struct sv t = s->file_type, text = sv_trim(s->text);
    const char *type = sv_eq_z(t, "image/jpeg") || sv_eq_z(t, "image/png")   ? "image"
                       : sv_eq_z(t, "audio/amr") || sv_eq_z(t, "audio/mpeg") ? "voice"
                       : sv_eq_z(t, "video/mp4")                             ? "video"
                                                                             : NULL;
    struct wechat_reply r;
    struct json_body b;
    if (!type || !s->file_path.n) {
        send_refuse(ret, type ? SV("no-file") : SV("file-type"));
        return;
    }
    const struct net_part part = {.name = "media",
                                  .path = arena_z(x->a, s->file_path),
                                  .filename = s->file_name.n ? arena_z(x->a, s->file_name) : "file",
                                  .type = arena_z(x->a, t)};
    struct sv path = arena_fmt(x->a, "/cgi-bin/media/upload?type=%s", type);
    wechat_call(x->ch, x->net, x->a, arena_z(x->a, path), (struct sv){0}, &part, true, &r);
    *ret = r.res;
    struct sv media = json_member_sv(r.json, "media_id");
    if (r.res.cls != SEND_OK)
        return;
    begin_message(x, &b, type);
    json_w_kv_sv(&b.w, "media_id", media);
    post(x, &b, ret);
    if (ret->cls == SEND_OK && text.n)
        parts_send(x->a, text, WECHAT_TEXT_UNITS, true, (struct sv){0}, say_part, x, ret);
}

void wechat_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                 struct send_result *ret, struct sv *ret_new_chat)
{
    struct sending x = {.ch = ch, .net = net, .a = a, .s = s};
    *ret_new_chat = (struct sv){0};
    if (s->op == OP_QUEUE_JOIN)
        *ret = (struct send_result){.cls = SEND_OK};
    else if (!s->chat.n)
        send_refuse(ret, SV("bad-id"));
    else if (s->n_buttons > WECHAT_CHOICES_MAX)
        send_refuse(ret, SV("bad-buttons"));
    else if (s->op == OP_TEXT)
        parts_send(a, s->text, WECHAT_TEXT_UNITS, false, (struct sv){0}, say_part, &x, ret);
    else if (s->op == OP_FILE)
        send_file(&x, ret);
    else
        send_refuse(ret, SV("not-here"));
}

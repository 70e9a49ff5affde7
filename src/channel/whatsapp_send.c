/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/whatsapp.h"

#include "base/unicode.h"

struct sending {
    const struct channel *ch;
    struct net *net;
    struct arena *a;
    const struct chan_send *s;
};

/* ---- bodies ---- */

static void begin_message(const struct sending *x, struct json_body *b, const char *type, bool reply)
{
    struct sv chat = x->s->chat;
    bool scoped = whatsapp_is_bsuid(chat);
    body_begin(b);
    json_w_kv_z(&b->w, "messaging_product", "whatsapp");
    json_w_kv_z(&b->w, "recipient_type", scoped || whatsapp_is_phone(chat) ? "individual" : "group");
    json_w_kv_sv(&b->w, scoped ? "recipient" : "to", chat);
    json_w_kv_z(&b->w, "type", type);
    if (reply && x->s->reply_to.n) {
        json_w_key(&b->w, "context");
        json_w_object(&b->w);
        json_w_kv_sv(&b->w, "message_id", x->s->reply_to);
        json_w_end(&b->w);
    }
    json_w_key(&b->w, type);
    json_w_object(&b->w);
}

static void post(const struct sending *x, struct json_body *b, struct send_result *ret)
{
    json_w_end(&b->w); /* of the content */
    struct sv json = body_end(b, x->a);
    struct call_answer r;
    if (!json.n) {
        send_refuse(ret, SV("too-long"));
        return;
    }
    struct sv id = json_member_sv(x->ch->config, "number_id");
    graph_call(x->ch, x->net, x->a, graph_url(x->ch, x->a, "%.*s/messages", SV_ARG(id)), json, false, &r);
    *ret = r.res;
    if (r.res.cls == SEND_OK)
        ret->provider_id =
            json_id_sv(json_object_get(json_array_get(json_object_get(r.json, "messages"), 0), "id"), x->a);
}

static void say_part(void *self, struct sv part, bool first, bool last, struct send_result *ret)
{
    const struct sending *x = self;
    struct json_body b;
    if (!last || !x->s->n_buttons) {
        begin_message(x, &b, "text", first && x->s->op == OP_TEXT);
        json_w_kv_bool(&b.w, "preview_url", false); /* Meta must not fetch what people tell each other */
        json_w_kv_sv(&b.w, "body", part);
        post(x, &b, ret);
        return;
    }
    begin_message(x, &b, "interactive", first && x->s->op == OP_TEXT);
    json_w_kv_z(&b.w, "type", "button");
    json_w_key(&b.w, "body");
    json_w_object(&b.w);
    json_w_kv_sv(&b.w, "text", part);
    json_w_end(&b.w);
    json_w_key(&b.w, "action");
    json_w_object(&b.w);
    json_w_key(&b.w, "buttons");
    json_w_array(&b.w);
    for (size_t i = 0; i < x->s->n_buttons; i++) {
        json_w_object(&b.w);
        json_w_kv_z(&b.w, "type", "reply");
        json_w_key(&b.w, "reply");
        json_w_object(&b.w);
        json_w_kv_sv(&b.w, "id", x->s->buttons[2 * i + 1]);
        json_w_kv_sv(&b.w, "title", text_cut(x->a, x->s->buttons[2 * i], WA_BUTTON_CHARS));
        json_w_end(&b.w);
        json_w_end(&b.w);
    }
    json_w_end(&b.w);
    json_w_end(&b.w);
    post(x, &b, ret);
}

/* ---- files ---- */

static const char *type_of(const struct chan_send *s)
{
    struct sv t = s->file_type;
    if (sv_eq_z(t, "image/jpeg") || sv_eq_z(t, "image/png"))
        return "image";
    if (sv_starts(t, SV("audio/ogg")) || sv_eq_z(t, "audio/mpeg") || sv_eq_z(t, "audio/mp4") ||
        sv_eq_z(t, "audio/aac") || sv_eq_z(t, "audio/amr"))
        return "audio";
    if (sv_eq_z(t, "video/mp4") || sv_eq_z(t, "video/3gpp"))
        return "video";
    return "document"; /* everything else arrives as a file */
}

/* A second upload is harmless: unused ones are forgotten by Meta after 30 days. */
static struct sv upload(const struct sending *x, struct send_result *ret)
{
    const struct chan_send *s = x->s;
    struct sv type = s->file_type.n ? s->file_type : SV("application/octet-stream");
    struct sv name = s->file_name.n ? s->file_name : SV("file");
    struct call_answer r;
    const struct net_part parts[] = {
        {.name = "messaging_product", .data = SV("whatsapp")},
        {.name = "type", .data = type},
        {.name = "file",
         .path = arena_z(x->a, s->file_path),
         .filename = arena_z(x->a, name),
         .type = arena_z(x->a, type)},
    };
    struct sv id = json_member_sv(x->ch->config, "number_id");
    graph_upload(x->ch, x->net, x->a, graph_url(x->ch, x->a, "%.*s/media", SV_ARG(id)), parts, 3, true, &r);
    *ret = r.res;
    return r.res.cls == SEND_OK ? json_id_sv(json_object_get(r.json, "id"), x->a) : (struct sv){0};
}

static void send_file(const struct sending *x, struct send_result *ret)
{
    const struct chan_send *s = x->s;
    const char *type = type_of(s);
    struct sv text = sv_trim(s->text);
    bool audio = sv_eq_z(sv_of(type), "audio");
    bool caption = text.n && !audio && !s->n_buttons && text_count(text) <= WA_SHORT_MAX;
    struct json_body b;
    if (!s->file_path.n) {
        send_refuse(ret, SV("no-file"));
        return;
    }
    struct sv media = upload(x, ret);
    if (!media.n) {
        if (ret->cls == SEND_OK)
            ret->cls = SEND_RETRY;
        return;
    }
    begin_message(x, &b, type, true);
    json_w_kv_sv(&b.w, "id", media);
    if (audio && s->file_kind == FILE_VOICE && sv_starts(s->file_type, SV("audio/ogg")))
        json_w_kv_bool(&b.w, "voice", true);
    if (caption)
        json_w_kv_sv(&b.w, "caption", text);
    if (sv_eq_z(sv_of(type), "document") && s->file_name.n)
        json_w_kv_sv(&b.w, "filename", s->file_name);
    post(x, &b, ret);
    if (ret->cls == SEND_OK && text.n && !caption) {
        struct sending more = *x;
        parts_send(x->a, text, s->n_buttons ? WA_SHORT_MAX : WA_TEXT_MAX, true, ret->provider_id, say_part, &more, ret);
    }
}

static void send_template(const struct sending *x, struct send_result *ret)
{
    struct json_body b;
    struct sv code = x->s->text, name; /* "name" or "name:code of the language at Meta" */
    (void)sv_cut(&code, ':', &name);
    begin_message(x, &b, "template", false);
    json_w_kv_sv(&b.w, "name", name);
    json_w_key(&b.w, "language");
    json_w_object(&b.w);
    json_w_kv_z(&b.w, "policy", "deterministic");
    json_w_kv_sv(&b.w, "code", code.n ? code : x->s->lang);
    json_w_end(&b.w);
    post(x, &b, ret);
}

static bool buttons_ok(const struct chan_send *s)
{
    if (s->n_buttons > WA_BUTTONS_MAX)
        return false;
    for (size_t i = 0; i < s->n_buttons; i++)
        if (!s->buttons[2 * i].n || !s->buttons[2 * i + 1].n || s->buttons[2 * i + 1].n > WA_BUTTON_BYTES)
            return false;
    return true;
}

void whatsapp_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                   struct send_result *ret, struct sv *ret_new_chat)
{
    struct sending x = {ch, net, a, s};
    *ret_new_chat = (struct sv){0};
    if (!s->chat.n)
        send_refuse(ret, SV("bad-id"));
    else if (!buttons_ok(s))
        send_refuse(ret, SV("bad-buttons"));
    else if (s->op == OP_TEXT)
        parts_send(a, s->text, s->n_buttons ? WA_SHORT_MAX : WA_TEXT_MAX, false, (struct sv){0}, say_part, &x, ret);
    else if (s->op == OP_FILE)
        send_file(&x, ret);
    else if (s->op == OP_TEMPLATE)
        send_template(&x, ret);
    else if (s->op == OP_QUEUE_JOIN) /* nobody asked for an answer: the request waits by itself */
        *ret = (struct send_result){.cls = SEND_OK};
    else
        send_refuse(ret, SV("not-here")); /* one-to-one only: nothing to delete, approve or ban */
}

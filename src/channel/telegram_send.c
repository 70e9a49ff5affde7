/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/telegram.h"

#include "base/clock.h"
#include "json/json.h"

enum {
    CALL_S = 30,
    PHOTO_MAX = 10 * 1024 * 1024,
    SHORTEST_SANCTION_MS = 35000, /* Telegram takes less than 30 s for "for ever" */
    JSON_MAX = 256 * 1024,
};

struct sending {
    const struct channel *ch;
    struct net *net;
    struct arena *a;
    const struct chan_send *s;
    int64_t chat, user, message_id, reply_to;
};

/* ---- bodies ---- */

static void write_reply(struct json_w *w, int64_t reply_to)
{
    if (!reply_to)
        return;
    json_w_key(w, "reply_parameters");
    json_w_object(w);
    json_w_kv_int(w, "message_id", reply_to);
    json_w_kv_bool(w, "allow_sending_without_reply", true);
    json_w_end(w);
}

static void write_buttons_value(struct json_w *w, const struct chan_send *s)
{
    json_w_object(w);
    json_w_key(w, "inline_keyboard");
    json_w_array(w);
    for (size_t i = 0; i < s->n_buttons; i++) { /* one a line: long labels, right-to-left, big targets */
        json_w_array(w);
        json_w_object(w);
        json_w_kv_sv(w, "text", s->buttons[2 * i]);
        json_w_kv_sv(w, "callback_data", s->buttons[2 * i + 1]);
        json_w_end(w);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_end(w);
}

static struct sv text_body(const struct sending *x, struct sv text, bool first, bool last)
{
    struct buf b;
    buf_init(&b, JSON_MAX);
    struct json_w w;
    json_w_init(&w, &b);
    json_w_object(&w);
    json_w_kv_int(&w, "chat_id", x->chat);
    json_w_kv_sv(&w, "text", text);
    if (first)
        write_reply(&w, x->reply_to);
    if (last && x->s->n_buttons) {
        json_w_key(&w, "reply_markup");
        write_buttons_value(&w, x->s);
    }
    json_w_end(&w);
    struct sv out = json_w_ok(&w) ? arena_sv(x->a, buf_sv(&b)) : (struct sv){0};
    buf_finish(&b);
    return out;
}

/* ---- texts ---- */

static struct sv message_id_of(const struct telegram_reply *r, struct arena *a)
{
    return json_id_sv(json_object_get(r->result, "message_id"), a);
}

struct saying { /* a text under way */
    const struct sending *x;
    bool thread_first;
    struct sv new_chat;
};

static void say_part(void *self, struct sv part, bool first, bool last, struct send_result *ret)
{
    struct saying *t = self;
    struct telegram_reply r;
    struct sv body = text_body(t->x, part, first && t->thread_first, last);
    telegram_call(t->x->ch, t->x->net, t->x->a, "sendMessage", body, TG_ONCE, CALL_S, &r);
    *ret = r.res;
    if (r.res.cls == SEND_OK)
        ret->provider_id = message_id_of(&r, t->x->a);
    t->new_chat = r.new_chat;
}

static void send_text(const struct sending *x, struct sv text, bool said, struct sv said_id, struct send_result *ret,
                      struct sv *ret_new_chat)
{
    struct saying t = {.x = x, .thread_first = !said};
    parts_send(x->a, text, TG_TEXT_UNITS, said, said_id, say_part, &t, ret);
    *ret_new_chat = ret->cls == SEND_RETRY ? t.new_chat : (struct sv){0};
}

static bool buttons_ok(const struct chan_send *s)
{
    if (s->n_buttons > 100)
        return false;
    for (size_t i = 0; i < s->n_buttons; i++)
        if (!s->buttons[2 * i].n || !s->buttons[2 * i + 1].n || s->buttons[2 * i + 1].n > TG_BUTTON_BYTES)
            return false;
    return true;
}

/* ---- files ---- */

static void file_method(const struct chan_send *s, const char **method, const char **field)
{
    *method = "sendDocument";
    *field = "document";
    switch (s->file_kind) {
    case FILE_IMAGE:
        if (sv_eq_z(s->file_type, "image/jpeg") || sv_eq_z(s->file_type, "image/png") ||
            sv_eq_z(s->file_type, "image/webp"))
            *method = "sendPhoto", *field = "photo";
        break;
    case FILE_VOICE: /* other formats would be refused or arrive as a plain file */
        if (sv_starts(s->file_type, SV("audio/ogg")) || sv_eq_z(s->file_type, "audio/mpeg") ||
            sv_eq_z(s->file_type, "audio/mp4"))
            *method = "sendVoice", *field = "voice";
        break;
    case FILE_AUDIO:
        if (sv_eq_z(s->file_type, "audio/mpeg") || sv_eq_z(s->file_type, "audio/mp4"))
            *method = "sendAudio", *field = "audio";
        break;
    case FILE_VIDEO:
        if (sv_eq_z(s->file_type, "video/mp4"))
            *method = "sendVideo", *field = "video";
        break;
    default:
        break;
    }
}

static void upload(const struct sending *x, const char *method, const char *field, struct sv caption, bool buttons,
                   struct telegram_reply *r)
{
    struct telegram_part parts[5];
    size_t n = 0;
    struct buf reply, keys;
    buf_init(&reply, 1024);
    buf_init(&keys, JSON_MAX);
    parts[n++] = (struct telegram_part){.name = "chat_id", .value = arena_fmt(x->a, "%lld", (long long)x->chat)};
    parts[n++] = (struct telegram_part){.name = field,
                                        .file_path = x->s->file_path,
                                        .file_name = x->s->file_name.n ? x->s->file_name : sv_of(field),
                                        .file_type = x->s->file_type};
    if (caption.n)
        parts[n++] = (struct telegram_part){.name = "caption", .value = caption};
    if (x->reply_to) {
        buf_fmt(&reply, "{\"message_id\":%lld,\"allow_sending_without_reply\":true}", (long long)x->reply_to);
        parts[n++] = (struct telegram_part){.name = "reply_parameters", .value = buf_sv(&reply)};
    }
    if (buttons) {
        struct json_w w;
        json_w_init(&w, &keys);
        write_buttons_value(&w, x->s);
        parts[n++] = (struct telegram_part){.name = "reply_markup", .value = buf_sv(&keys)};
    }
    telegram_upload(x->ch, x->net, x->a, method, parts, n, r);
    buf_finish(&reply);
    buf_finish(&keys);
}

static void send_file(const struct sending *x, struct send_result *ret, struct sv *ret_new_chat)
{
    const struct chan_send *s = x->s;
    if (!s->file_path.n) {
        send_refuse(ret, SV("no-file"));
        return;
    }
    struct sv text = sv_trim(s->text);
    bool fits = parts_units(text) <= TG_CAPTION_UNITS;
    bool buttons_here = s->n_buttons && (fits || !text.n);
    const char *method, *field;
    struct telegram_reply r;
    file_method(s, &method, &field);
    upload(x, method, field, fits ? text : (struct sv){0}, buttons_here, &r);
    if (r.res.cls == SEND_FAILED && r.status == 400 && s->file_kind != FILE_OTHER &&
        !sv_eq_z(r.res.code, "400-no-chat"))
        upload(x, "sendDocument", "document", fits ? text : (struct sv){0}, buttons_here, &r); /* odd shape or format */
    *ret = r.res;
    *ret_new_chat = r.new_chat;
    if (r.res.cls != SEND_OK)
        return;
    ret->provider_id = message_id_of(&r, x->a);
    if (!fits)
        send_text(x, text, true, ret->provider_id, ret, ret_new_chat);
}

/* ---- acts on members and messages ---- */

static const char *const permissions[] = {
    "can_send_messages",       "can_send_audios",           "can_send_documents",    "can_send_photos",
    "can_send_videos",         "can_send_video_notes",      "can_send_voice_notes",  "can_send_polls",
    "can_send_other_messages", "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag",
    "can_change_info",         "can_invite_users",          "can_pin_messages",      "can_manage_topics"};

static void write_permissions(struct json_w *w, bool all)
{
    json_w_key(w, "permissions");
    json_w_object(w);
    for (size_t i = 0; i < sizeof permissions / sizeof *permissions; i++)
        json_w_kv_bool(w, permissions[i], all);
    json_w_end(w);
}

struct act {
    const char *method;
    bool user, message, only_if_banned, until, restricts, lifts;
    const char *done; /* a refusal that means it is done already: the first answer was lost */
};
static const struct act acts[OP__MAX] = {
    [OP_DELETE] = {.method = "deleteMessage", .message = true, .done = "400-no-message"},
    [OP_APPROVE_JOIN] = {.method = "approveChatJoinRequest", .user = true, .done = "400-already-in"},
    [OP_DECLINE_JOIN] = {.method = "declineChatJoinRequest", .user = true, .done = "400-request-gone"},
    [OP_RESTRICT] = {.method = "restrictChatMember", .user = true, .until = true, .restricts = true},
    [OP_UNRESTRICT] = {.method = "restrictChatMember", .user = true, .lifts = true},
    [OP_BAN] = {.method = "banChatMember", .user = true, .until = true},
    [OP_UNBAN] = {.method = "unbanChatMember", .user = true, .only_if_banned = true},
    [OP_LEAVE] = {.method = "leaveChat", .done = "403-put-out"},
};

static void mark(const struct sending *x, struct send_result *ret, struct sv *ret_new_chat)
{
    bool caption = x->s->file_kind != FILE_NONE;
    struct telegram_reply r;
    struct json_body b;
    body_begin(&b);
    json_w_kv_int(&b.w, "chat_id", x->chat);
    json_w_kv_int(&b.w, "message_id", x->message_id);
    json_w_kv_sv(&b.w, caption ? "caption" : "text", x->s->text);
    telegram_call(x->ch, x->net, x->a, caption ? "editMessageCaption" : "editMessageText", body_end(&b, x->a),
                  TG_REPEATABLE, CALL_S, &r);
    *ret = r.res;
    *ret_new_chat = r.new_chat;
    if (sv_eq_z(r.res.code, "400-same")) /* the first answer was lost */
        *ret = (struct send_result){.cls = SEND_OK, .code = r.res.code};
}

/* All parts of one send together: those that are gone already are passed over there. */
static void delete_parts(const struct sending *x, struct send_result *ret, struct sv *ret_new_chat)
{
    struct sv rest = x->s->message_id, part;
    struct json_body b;
    int64_t id;
    body_begin(&b);
    json_w_kv_int(&b.w, "chat_id", x->chat);
    json_w_key(&b.w, "message_ids");
    json_w_array(&b.w);
    while (sv_cut(&rest, ' ', &part)) {
        if (!sv_int(part, &id) || id <= 0) {
            (void)body_end(&b, x->a);
            send_refuse(ret, SV("bad-id"));
            return;
        }
        json_w_int(&b.w, id);
    }
    json_w_end(&b.w);
    struct telegram_reply r;
    telegram_call(x->ch, x->net, x->a, "deleteMessages", body_end(&b, x->a), TG_REPEATABLE, CALL_S, &r);
    *ret = r.res;
    *ret_new_chat = r.new_chat;
}

/* Answers the query of a join request, which Telegram waits for ten seconds only. False: too late, use the slow way. */
static bool answer_query(const struct sending *x, const char *result, struct telegram_reply *r)
{
    struct buf b;
    buf_init(&b, 4096);
    struct json_w w;
    json_w_init(&w, &b);
    json_w_object(&w);
    json_w_kv_sv(&w, "chat_join_request_query_id", x->s->token);
    json_w_kv_z(&w, "result", result);
    json_w_end(&w);
    telegram_call(x->ch, x->net, x->a, "answerChatJoinRequestQuery", buf_sv(&b), TG_REPEATABLE, CALL_S, r);
    buf_finish(&b);
    return !sv_eq_z(r->res.code, "400-query-gone");
}

static void send_act(const struct sending *x, struct send_result *ret, struct sv *ret_new_chat)
{
    const struct act *act = &acts[x->s->op];
    int64_t until_s = 0;
    if (act->until && x->s->until_ms) {
        int64_t now = clock_now_ms(), until = x->s->until_ms;
        if (until <= now) { /* it waited in the queue past its own end: carried out now it would last for ever */
            *ret = (struct send_result){.cls = SEND_OK, .code = SV("over")};
            return;
        }
        if (until < now + SHORTEST_SANCTION_MS)
            until = now + SHORTEST_SANCTION_MS;
        until_s = (until + 999) / 1000;
    }
    if ((act->user && x->user <= 0) || (act->message && x->message_id <= 0)) {
        send_refuse(ret, SV("bad-id"));
        return;
    }
    struct buf b;
    buf_init(&b, 4096);
    struct json_w w;
    json_w_init(&w, &b);
    json_w_object(&w);
    json_w_kv_int(&w, "chat_id", x->chat);
    if (act->user)
        json_w_kv_int(&w, "user_id", x->user);
    if (act->message)
        json_w_kv_int(&w, "message_id", x->message_id);
    if (act->only_if_banned) /* without it, unbanning puts out whoever is inside */
        json_w_kv_bool(&w, "only_if_banned", true);
    if (until_s)
        json_w_kv_int(&w, "until_date", until_s);
    if (act->restricts || act->lifts) {
        write_permissions(&w, act->lifts);
        json_w_kv_bool(&w, "use_independent_chat_permissions", true);
    }
    json_w_end(&w);
    struct telegram_reply r;
    telegram_call(x->ch, x->net, x->a, act->method, buf_sv(&b), TG_REPEATABLE, CALL_S, &r);
    buf_finish(&b);
    *ret = r.res;
    *ret_new_chat = r.new_chat;
    if (act->done && r.res.cls == SEND_FAILED && sv_eq_z(r.res.code, act->done))
        *ret = (struct send_result){.cls = SEND_OK, .code = r.res.code};
}

static void send_join(const struct sending *x, struct send_result *ret, struct sv *ret_new_chat)
{
    enum chan_op op = x->s->op;
    const char *result = op == OP_APPROVE_JOIN ? "approve" : op == OP_DECLINE_JOIN ? "decline" : "queue";
    if (x->s->token.n) {
        struct telegram_reply r;
        if (answer_query(x, result, &r) || op == OP_QUEUE_JOIN) {
            *ret = r.res;
            return;
        }
    } else if (op == OP_QUEUE_JOIN) { /* nobody asked for an answer: the request waits by itself */
        *ret = (struct send_result){.cls = SEND_OK};
        return;
    }
    send_act(x, ret, ret_new_chat);
}

void telegram_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                   struct send_result *ret, struct sv *ret_new_chat)
{
    struct sending x = {.ch = ch, .net = net, .a = a, .s = s};
    *ret_new_chat = (struct sv){0};
    bool query_only = s->op == OP_QUEUE_JOIN, in_parts = s->op == OP_DELETE && sv_find(s->message_id, SV(" ")) >= 0;
    if ((!query_only && (!sv_int(s->chat, &x.chat) || x.chat == 0)) || (s->user.n && !sv_int(s->user, &x.user)) ||
        (s->message_id.n && !in_parts && !sv_int(s->message_id, &x.message_id))) {
        send_refuse(ret, SV("bad-id"));
        return;
    }
    if (s->reply_to.n && (!sv_int(s->reply_to, &x.reply_to) || x.reply_to < 0))
        x.reply_to = 0; /* an answer to something of another channel stands alone */
    if (!buttons_ok(s)) {
        send_refuse(ret, SV("bad-buttons"));
        return;
    }
    switch (s->op) {
    case OP_TEXT:
        send_text(&x, s->text, false, (struct sv){0}, ret, ret_new_chat);
        break;
    case OP_FILE:
        send_file(&x, ret, ret_new_chat);
        break;
    case OP_APPROVE_JOIN:
    case OP_DECLINE_JOIN:
    case OP_QUEUE_JOIN:
        send_join(&x, ret, ret_new_chat);
        break;
    case OP_MARK:
        mark(&x, ret, ret_new_chat);
        break;
    case OP_DELETE:
        if (in_parts)
            delete_parts(&x, ret, ret_new_chat);
        else
            send_act(&x, ret, ret_new_chat);
        break;
    case OP_RESTRICT:
    case OP_UNRESTRICT:
    case OP_BAN:
    case OP_UNBAN:
    case OP_LEAVE:
        send_act(&x, ret, ret_new_chat);
        break;
    default:
        send_refuse(ret, SV("unknown-op"));
    }
}

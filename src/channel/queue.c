/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/registry_parts.h"

#include <sodium.h>

#include "base/b64.h"
#include "core/vault.h"
#include "json/json.h"

enum { PLAIN_MAX = 256 * 1024, BUTTONS_MAX = 100 };

/* Kept in the outbox across releases: names, not numbers. */
static const char *const op_names[OP__MAX] = {
    [OP_TEXT] = "text",
    [OP_FILE] = "file",
    [OP_DELETE] = "delete",
    [OP_APPROVE_JOIN] = "approve-join",
    [OP_DECLINE_JOIN] = "decline-join",
    [OP_QUEUE_JOIN] = "queue-join",
    [OP_RESTRICT] = "restrict",
    [OP_UNRESTRICT] = "unrestrict",
    [OP_BAN] = "ban",
    [OP_UNBAN] = "unban",
    [OP_LEAVE] = "leave",
    [OP_TEMPLATE] = "template",
    [OP_ENTER] = "enter",
    [OP_MARK] = "mark",
};

static struct seal_place place_of(int64_t channel_id)
{
    return (struct seal_place){"outbox", "payload", channel_id};
}

static void put(struct json_w *w, const char *name, struct sv v)
{
    if (v.n)
        json_w_kv_sv(w, name, v);
}

static bool write_plain(struct buf *b, const struct chan_send *s)
{
    struct json_w w;
    json_w_init(&w, b);
    json_w_object(&w);
    json_w_kv_z(&w, "op", op_names[s->op]);
    put(&w, "chat", s->chat);
    put(&w, "user", s->user);
    put(&w, "message_id", s->message_id);
    put(&w, "token", s->token);
    put(&w, "text", s->text);
    put(&w, "reply_to", s->reply_to);
    put(&w, "file_path", s->file_path);
    put(&w, "file_name", s->file_name);
    put(&w, "file_type", s->file_type);
    put(&w, "lang", s->lang);
    if (s->by_person)
        json_w_kv_bool(&w, "by_person", true);
    if (s->file_kind)
        json_w_kv_int(&w, "file_kind", s->file_kind);
    if (s->until_ms)
        json_w_kv_int(&w, "until_ms", s->until_ms);
    if (s->list_id)
        json_w_kv_int(&w, "list", s->list_id);
    if (s->automatic)
        json_w_kv_int(&w, "automatic", 1);
    if (s->keyword_answer)
        json_w_kv_bool(&w, "keyword_answer", true);
    if (s->n_buttons) {
        json_w_key(&w, "buttons");
        json_w_array(&w);
        for (size_t i = 0; i < 2 * s->n_buttons; i++)
            json_w_sv(&w, s->buttons[i]);
        json_w_end(&w);
    }
    json_w_end(&w);
    return json_w_ok(&w);
}

static enum pw_err sealed_payload(struct ctx *c, int64_t channel_id, const struct chan_send *s, struct sv *ret)
{
    struct buf plain, out;
    buf_init(&plain, PLAIN_MAX);
    buf_init(&out, 2 * PLAIN_MAX);
    struct sv sealed;
    enum pw_err e = write_plain(&plain, s) ? PW_OK : PW_INVALID;
    if (e == PW_OK)
        e = seal(c, 0, place_of(channel_id), buf_sv(&plain), &sealed);
    if (e == PW_OK) {
        buf_z(&out, "{\"v\":1,\"sealed\":\"");
        b64_encode(&out, sealed);
        buf_z(&out, "\"}");
        *ret = arena_sv(c->arena, buf_sv(&out));
        if (!buf_ok(&out) || c->arena->oom)
            e = PW_UNAVAILABLE;
    }
    if (plain.p)
        sodium_memzero(plain.p, plain.n);
    buf_finish(&plain);
    buf_finish(&out);
    return e;
}

/* Sends to one chat keep their order; the chat itself (a phone number elsewhere) must not stand in the row. */
struct sv channel_order_key(struct ctx *c, int64_t channel_id, struct sv chat)
{
    if (!chat.n)
        return (struct sv){0};
    struct sv mac = vault_mac(c->vault, c->arena, "outbox order",
                              arena_fmt(c->arena, "%lld %.*s", (long long)channel_id, SV_ARG(chat)));
    struct buf hex;
    buf_init(&hex, 64);
    buf_hex(&hex, sv_sub(mac, 0, 12));
    struct sv key = arena_sv(c->arena, buf_sv(&hex));
    buf_finish(&hex);
    return key;
}

enum pw_err channel_queue(struct ctx *c, int64_t channel_id, enum out_lane lane, const struct chan_send *s,
                          struct sv subject, int64_t subject_id, int64_t not_before_ms, struct sv idem_key,
                          int64_t *ret_id)
{
    if (s->op >= OP__MAX || s->n_buttons > BUTTONS_MAX)
        return PW_INVALID;
    struct out_new o = {.channel_id = channel_id,
                        .lane = lane,
                        .order_key = channel_order_key(c, channel_id, s->chat),
                        .not_before_ms = not_before_ms,
                        .subject = subject,
                        .subject_id = subject_id,
                        .idem_key = idem_key};
    PW_TRY(sealed_payload(c, channel_id, s, &o.payload));
    return outbox_add(c->db, &o, c->now_ms, ret_id);
}

DB_STMT(chat_window_drop, "DELETE FROM channel_window WHERE channel_id = $1 AND chat = $2");

enum pw_err channel_forget_chat(struct ctx *c, int64_t channel_id, struct sv chat)
{
    struct sv nothing, sealed;
    if (!chat.n)
        return PW_OK;
    PW_TRY(sealed_payload(c, channel_id, &(struct chan_send){0}, &nothing));
    PW_TRY(outbox_forget(c->db, channel_id, channel_order_key(c, channel_id, chat), nothing, c->now_ms));
    PW_TRY(seal_same(c, "channel_window.chat", chat, &sealed));
    return db_exec(c->db, &chat_window_drop, DB_ARGS(DB_I(channel_id), DB_T(sealed)), NULL);
}

static enum pw_err read_buttons(struct ctx *c, const json_t *v, struct chan_send *s)
{
    size_t n = json_array_size(v);
    if (n == 0)
        return PW_OK;
    if (n % 2 || n > 2 * BUTTONS_MAX)
        return PW_INTERNAL;
    struct sv *b = arena_array(c->arena, struct sv, n);
    if (!b)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        b[i] = json_sv(json_array_get(v, i));
    s->buttons = b;
    s->n_buttons = n / 2;
    return PW_OK;
}

enum pw_err channel_unqueue(struct ctx *c, int64_t channel_id, struct sv payload, struct chan_send *ret)
{
    json_t *outer, *o;
    struct sv sealed, plain;
    if (json_read(payload, c->arena, &outer, NULL) != PW_OK || json_member_int(outer, "v", 0) != 1 ||
        !b64_decode(c->arena, json_member_sv(outer, "sealed"), &sealed))
        return PW_INTERNAL;
    PW_TRY(unseal(c, 0, place_of(channel_id), sealed, &plain));
    if (json_read(plain, c->arena, &o, NULL) != PW_OK)
        return PW_INTERNAL;
    struct chan_send s = {.op = OP__MAX,
                          .chat = json_member_sv(o, "chat"),
                          .user = json_member_sv(o, "user"),
                          .message_id = json_member_sv(o, "message_id"),
                          .token = json_member_sv(o, "token"),
                          .text = json_member_sv(o, "text"),
                          .reply_to = json_member_sv(o, "reply_to"),
                          .file_path = json_member_sv(o, "file_path"),
                          .file_name = json_member_sv(o, "file_name"),
                          .file_type = json_member_sv(o, "file_type"),
                          .file_kind = (enum chan_file_kind)json_member_int(o, "file_kind", FILE_NONE),
                          .until_ms = json_member_int(o, "until_ms", 0),
                          .lang = json_member_sv(o, "lang"),
                          .by_person = json_member_bool(o, "by_person"),
                          .list_id = json_member_int(o, "list", 0),
                          .automatic = json_member_int(o, "automatic", 0) != 0,
                          .keyword_answer = json_member_bool(o, "keyword_answer")};
    struct sv op = json_member_sv(o, "op");
    for (int i = 0; i < OP__MAX; i++)
        if (sv_eq_z(op, op_names[i]))
            s.op = (enum chan_op)i;
    if (s.op == OP__MAX)
        return PW_INTERNAL;
    PW_TRY(read_buttons(c, json_object_get(o, "buttons"), &s));
    *ret = s;
    return PW_OK;
}

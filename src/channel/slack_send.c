/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/slack.h"

#include <sys/stat.h>

#include "base/unicode.h"

enum { UPLOAD_MS = 120000, PAIRS_MAX = 10 };

struct sending {
    const struct channel *ch;
    struct net *net;
    struct arena *a;
    const struct chan_send *s;
    struct sv chat; /* a conversation's id */
};

/* "<ts>@<thread>" → the thread to answer in, and the message itself. What a file's upload gives back is the file's id
 * ("F…"), not its message's: nothing can answer it. */
static bool is_file(struct sv id)
{
    return id.n && id.p[0] == 'F';
}

static struct sv thread_of(struct sv id)
{
    struct sv rest = id, own;
    return sv_cut(&rest, '@', &own) && rest.n ? rest : id;
}

static struct sv own_stamp(struct sv id)
{
    struct sv rest = id, own;
    return sv_cut(&rest, '@', &own) ? own : id;
}

/* A private word to a user needs a conversation with them; opening it again is harmless. */
static bool find_chat(struct sending *x, struct send_result *ret)
{
    struct slack_reply r;
    x->chat = x->s->chat;
    if (!x->chat.n || (x->chat.p[0] != 'U' && x->chat.p[0] != 'W'))
        return x->chat.n > 0;
    const struct sv pairs[] = {SV("users"), x->chat};
    slack_call(x->ch, x->net, x->a, "conversations.open", pairs, 1, false, true, false, &r);
    *ret = r.res;
    x->chat = json_member_sv(json_object_get(r.json, "channel"), "id");
    if (r.res.cls == SEND_OK && !x->chat.n)
        send_refuse(ret, SV("no-chat"));
    return x->chat.n > 0;
}

/* ---- texts ---- */

static void put_text(struct json_w *w, const char *key, struct sv text)
{
    json_w_key(w, key);
    json_w_object(w);
    json_w_kv_z(w, "type", "plain_text");
    json_w_kv_sv(w, "text", text);
    json_w_end(w);
}

/* The words, and under them one button for each choice. */
static struct sv blocks(const struct sending *x, struct sv part)
{
    struct json_body b;
    body_begin(&b); /* an object around the array: cut off again below */
    json_w_key(&b.w, "b");
    json_w_array(&b.w);
    json_w_object(&b.w);
    json_w_kv_z(&b.w, "type", "section");
    put_text(&b.w, "text", part);
    json_w_end(&b.w);
    json_w_object(&b.w);
    json_w_kv_z(&b.w, "type", "actions");
    json_w_key(&b.w, "elements");
    json_w_array(&b.w);
    for (size_t i = 0; i < x->s->n_buttons; i++) {
        json_w_object(&b.w);
        json_w_kv_z(&b.w, "type", "button");
        json_w_kv_sv(&b.w, "action_id", arena_fmt(x->a, "choice-%zu", i));
        put_text(&b.w, "text", text_cut(x->a, x->s->buttons[2 * i], SLACK_BUTTON_CHARS));
        json_w_kv_sv(&b.w, "value", x->s->buttons[2 * i + 1]);
        json_w_end(&b.w);
    }
    json_w_end(&b.w);
    json_w_end(&b.w);
    json_w_end(&b.w);
    struct sv all = body_end(&b, x->a);
    return all.n > 6 ? sv_sub(all, 5, all.n - 6) : (struct sv){0}; /* {"b": … } */
}

static void say_part(void *self, struct sv part, bool first, bool last, struct send_result *ret)
{
    const struct sending *x = self;
    struct sv v[2 * PAIRS_MAX];
    size_t n = 0;
    struct slack_reply r;
    (void)first;
#define PUT(name, value) (v[2 * n] = SV(name), v[2 * n + 1] = (value), n++)
    PUT("channel", x->chat);
    PUT("text", slack_escaped(x->a, part));
    PUT("mrkdwn", SV("false"));
    PUT("unfurl_links", SV("false"));
    PUT("unfurl_media", SV("false"));
    if (x->s->reply_to.n && !is_file(x->s->reply_to))
        PUT("thread_ts", thread_of(x->s->reply_to));
    if (last && x->s->n_buttons)
        PUT("blocks", blocks(x, part));
#undef PUT
    slack_call(x->ch, x->net, x->a, "chat.postMessage", v, n, false, false, false, &r);
    *ret = r.res;
    if (r.res.cls == SEND_OK) {
        struct sv ts = json_member_sv(r.json, "ts"), thread = x->s->reply_to;
        ret->provider_id =
            thread.n && !is_file(thread) ? arena_fmt(x->a, "%.*s@%.*s", SV_ARG(ts), SV_ARG(thread_of(thread))) : ts;
    }
}

/* ---- files: the newer flow of three steps (files.upload is retired) ---- */

static bool put_bytes(const struct sending *x, struct sv url, struct send_result *ret)
{
    struct call_answer r;
    const struct net_part part = {.name = "file",
                                  .path = arena_z(x->a, x->s->file_path),
                                  .filename = x->s->file_name.n ? arena_z(x->a, x->s->file_name) : "file",
                                  .type = x->s->file_type.n ? arena_z(x->a, x->s->file_type) : NULL};
    provider_call(
        x->net, x->a,
        &(struct net_request){
            .method = "POST", .url = url, .parts = &part, .n_parts = 1, .total_ms = UPLOAD_MS, .idempotent = true},
        &r);
    bool taken = r.status >= 200 && r.status < 300; /* "OK - 1234", not JSON */
    if (!taken)
        *ret = r.res;
    return taken;
}

static void send_file(const struct sending *x, struct send_result *ret)
{
    const struct chan_send *s = x->s;
    struct sv name = s->file_name.n ? s->file_name : SV("file"), text = sv_trim(s->text);
    struct slack_reply r;
    struct stat st;
    if (!s->file_path.n || stat(arena_z(x->a, s->file_path), &st) != 0 || st.st_size <= 0) {
        send_refuse(ret, SV("no-file"));
        return;
    }
    const struct sv ask[] = {SV("filename"), name, SV("length"), arena_fmt(x->a, "%lld", (long long)st.st_size)};
    slack_call(x->ch, x->net, x->a, "files.getUploadURLExternal", ask, 2, false, true, false, &r);
    *ret = r.res;
    if (r.res.cls != SEND_OK || !put_bytes(x, json_member_sv(r.json, "upload_url"), ret))
        return;
    struct json_body b;
    struct sv file_id = json_member_sv(r.json, "file_id");
    body_begin(&b);
    json_w_kv_sv(&b.w, "id", file_id);
    json_w_kv_sv(&b.w, "title", name);
    struct sv files = arena_fmt(x->a, "[%.*s]", SV_ARG(body_end(&b, x->a)));
    bool comment = text.n && parts_units(text) <= SLACK_TEXT_MAX && !s->n_buttons;
    struct sv v[8] = {SV("files"), files, SV("channel_id"), x->chat};
    size_t n = 2;
    if (comment) {
        v[2 * n] = SV("initial_comment");
        v[2 * n++ + 1] = slack_escaped(x->a, text);
    }
    if (s->reply_to.n && !is_file(s->reply_to)) {
        v[2 * n] = SV("thread_ts");
        v[2 * n++ + 1] = thread_of(s->reply_to);
    }
    slack_call(x->ch, x->net, x->a, "files.completeUploadExternal", v, n, false, false, false, &r);
    *ret = r.res;
    if (r.res.cls == SEND_OK)
        ret->provider_id = file_id;
    if (r.res.cls == SEND_OK && text.n && !comment) {
        struct sending more = *x;
        parts_send(x->a, text, SLACK_TEXT_MAX, true, file_id, say_part, &more, ret);
    }
}

/* ---- deletions ---- */

/* A bot may take away its own messages; those of others only with an administrator's token. */
static void delete_one(const struct sending *x, struct sv id, struct send_result *ret)
{
    const struct sv message[] = {SV("channel"), x->chat, SV("ts"), own_stamp(id)}, file[] = {SV("file"), id};
    struct slack_reply r;
    bool admin = json_member_sv(x->ch->config, "admin_token").n > 0;
    if (is_file(id))
        slack_call(x->ch, x->net, x->a, "files.delete", file, 1, false, true, false, &r);
    else
        slack_call(x->ch, x->net, x->a, "chat.delete", message, 2, false, true, false, &r);
    if (sv_eq_z(r.error, "cant_delete_message") && admin)
        slack_call(x->ch, x->net, x->a, "chat.delete", message, 2, false, true, true, &r);
    *ret = r.res;
    if (is_file(id) && (sv_eq_z(r.error, "file_not_found") || sv_eq_z(r.error, "file_deleted")))
        *ret = (struct send_result){.cls = SEND_OK, .code = SV("already")};
}

/* Part by part; when one will not go the whole may be tried again: what is gone already counts as done. */
static void delete_message(const struct sending *x, struct send_result *ret)
{
    struct sv rest = x->s->message_id, id;
    while (sv_cut(&rest, ' ', &id)) {
        delete_one(x, id, ret);
        if (ret->cls != SEND_OK)
            return;
    }
}

static void mark(const struct sending *x, struct send_result *ret)
{
    const struct sv v[] = {
        SV("channel"), x->chat, SV("ts"), own_stamp(x->s->message_id), SV("text"), slack_escaped(x->a, x->s->text)};
    struct slack_reply r;
    if (x->s->file_kind != FILE_NONE || is_file(x->s->message_id)) {
        send_refuse(ret, SV("is-a-file"));
        return;
    }
    slack_call(x->ch, x->net, x->a, "chat.update", v, 3, false, true, false, &r);
    *ret = r.res;
    if (sv_eq_z(r.error, "message_not_found")) /* nobody reads it any more */
        send_refuse(ret, SV("message_not_found"));
}

static bool buttons_ok(const struct chan_send *s)
{
    for (size_t i = 0; i < s->n_buttons; i++)
        if (!s->buttons[2 * i].n || !s->buttons[2 * i + 1].n || s->buttons[2 * i + 1].n > 2000)
            return false;
    return s->n_buttons <= SLACK_BUTTONS_MAX;
}

void slack_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                struct send_result *ret, struct sv *ret_new_chat)
{
    struct sending x = {.ch = ch, .net = net, .a = a, .s = s};
    *ret_new_chat = (struct sv){0};
    *ret = (struct send_result){.cls = SEND_FAILED, .code = SV("bad-id")};
    if (s->op == OP_QUEUE_JOIN) {
        *ret = (struct send_result){.cls = SEND_OK};
        return;
    }
    if (!find_chat(&x, ret))
        return;
    if (!buttons_ok(s))
        send_refuse(ret, SV("bad-buttons"));
    else if (s->op == OP_TEXT)
        parts_send(a, s->text, s->n_buttons ? SLACK_SECTION_MAX : SLACK_TEXT_MAX, false, (struct sv){0}, say_part, &x,
                   ret);
    else if (s->op == OP_FILE)
        send_file(&x, ret);
    else if (s->op == OP_DELETE)
        delete_message(&x, ret);
    else if (s->op == OP_MARK)
        mark(&x, ret);
    else
        send_refuse(ret, SV("not-here")); /* who is in a workspace is decided in Slack */
}

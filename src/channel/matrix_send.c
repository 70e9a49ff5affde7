/* SPDX-License-Identifier: EUPL-1.2 */
/* Canonical sends as calls of the client-server API. Every call may be made again: what says something carries a
 * transaction id made from the send's key, the rest sets a state. So nothing is ever in doubt. */
#include "channel/matrix.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "channel/provider_call.h"
#include "channel/text_parts.h"
#include "json/json.h"

enum { BODY_MAX = 512 * 1024, MUTED = -1, HASH_BYTES = 12 };

struct sending {
    const struct channel *ch;
    struct net *net;
    struct arena *a;
    const struct chan_send *s;
    struct sv room; /* where it goes: s->chat, or the private room of the person named there */
};

static struct sv taken(struct json_w *w, struct buf *b, struct arena *a)
{
    struct sv out = json_w_ok(w) ? arena_sv(a, buf_sv(b)) : (struct sv){0};
    buf_finish(b);
    return out;
}

static struct sv one_member(struct arena *a, const char *name, struct sv value)
{
    struct buf b;
    struct json_w w;
    buf_init(&b, BODY_MAX);
    json_w_init(&w, &b);
    json_w_object(&w);
    if (name)
        json_w_kv_sv(&w, name, value);
    json_w_end(&w);
    return taken(&w, &b, a);
}

static void room_act(const struct sending *x, const char *pattern, struct sv body, struct matrix_reply *r)
{
    const struct sv args[] = {x->room};
    matrix_call(x->ch, x->net, x->a, "POST", matrix_path(x->a, pattern, args, 1), body, r);
}

/* ---- the private room of a person ---- */

/* Nobody else can know or take this alias: it is made with our token, in a name space of ours. */
static struct sv alias_name(const struct sending *x, struct sv user)
{
    unsigned char h[HASH_BYTES + crypto_generichash_BYTES];
    struct sv token = json_member_sv(x->ch->config, "as_token");
    struct sv plain = arena_fmt(x->a, "private %.*s %.*s", SV_ARG(user), SV_ARG(token));
    struct buf b;
    crypto_generichash(h, crypto_generichash_BYTES, (const unsigned char *)plain.p, plain.n, NULL, 0);
    buf_init(&b, 128);
    buf_z(&b, "passerelle-");
    buf_hex(&b, (struct sv){(const char *)h, HASH_BYTES});
    struct sv out = arena_sv(x->a, buf_sv(&b));
    buf_finish(&b);
    return out;
}

static struct sv private_room_body(const struct sending *x, struct sv alias, struct sv user)
{
    struct buf b;
    struct json_w w;
    buf_init(&b, BODY_MAX);
    json_w_init(&w, &b);
    json_w_object(&w);
    json_w_kv_z(&w, "preset", "private_chat");
    json_w_kv_bool(&w, "is_direct", true);
    json_w_kv_sv(&w, "room_alias_name", alias);
    json_w_key(&w, "invite");
    json_w_array(&w);
    json_w_sv(&w, user);
    json_w_end(&w);
    json_w_end(&w);
    return taken(&w, &b, x->a);
}

/* The room that was made before. */
static bool find_private_room(struct sending *x, struct send_result *ret)
{
    struct matrix_reply r;
    struct sv full = arena_fmt(x->a, "#%.*s:%.*s", SV_ARG(alias_name(x, x->s->chat)),
                               SV_ARG(matrix_server_of(json_member_sv(x->ch->config, "user"))));
    matrix_call(x->ch, x->net, x->a, "GET",
                matrix_path(x->a, "/_matrix/client/v3/directory/room/{}", (const struct sv[]){full}, 1), (struct sv){0},
                &r);
    x->room = arena_sv(x->a, json_member_sv(r.body, "room_id"));
    *ret = r.res;
    if (ret->cls == SEND_OK && !matrix_room_ok(x->room))
        send_refuse(ret, SV("no-room"));
    return ret->cls == SEND_OK;
}

/* Makes the room, or finds the one made before and asks the person back in. */
static bool open_private_room(struct sending *x, struct send_result *ret)
{
    struct sv user = x->s->chat;
    struct matrix_reply r;
    matrix_call(x->ch, x->net, x->a, "POST", SV("/_matrix/client/v3/createRoom"),
                private_room_body(x, alias_name(x, user), user), &r);
    if (r.res.cls == SEND_FAILED && sv_eq_z(r.res.code, "M_ROOM_IN_USE")) {
        if (!find_private_room(x, ret))
            return false;
        struct matrix_reply again; /* refused when the person is inside: just as well */
        room_act(x, "/_matrix/client/v3/rooms/{}/invite", one_member(x->a, "user_id", user), &again);
        return true;
    }
    x->room = arena_sv(x->a, json_member_sv(r.body, "room_id"));
    *ret = r.res;
    if (ret->cls == SEND_OK && !matrix_room_ok(x->room))
        send_refuse(ret, SV("no-room"));
    return ret->cls == SEND_OK;
}

/* ---- words and files ---- */

static void put_message(const struct sending *x, size_t part, struct sv content, struct send_result *ret)
{
    const struct sv args[] = {x->room, arena_fmt(x->a, "p%lld-%zu", (long long)x->s->row_id, part)};
    struct matrix_reply r;
    if (!content.n) {
        send_refuse(ret, SV("too-long"));
        return;
    }
    matrix_call(x->ch, x->net, x->a, "PUT",
                matrix_path(x->a, "/_matrix/client/v3/rooms/{}/send/m.room.message/{}", args, 2), content, &r);
    *ret = r.res;
    ret->provider_id = arena_sv(x->a, json_member_sv(r.body, "event_id"));
}

static void write_reply(struct json_w *w, struct sv to)
{
    if (!to.n || to.p[0] != '$')
        return; /* an answer to something of another channel stands alone */
    json_w_key(w, "m.relates_to");
    json_w_object(w);
    json_w_key(w, "m.in_reply_to");
    json_w_object(w);
    json_w_kv_sv(w, "event_id", to);
    json_w_end(w);
    json_w_end(w);
}

static struct sv text_content(const struct sending *x, struct sv text, bool first)
{
    struct buf b;
    struct json_w w;
    buf_init(&b, BODY_MAX);
    json_w_init(&w, &b);
    json_w_object(&w);
    json_w_kv_z(&w, "msgtype", "m.text");
    json_w_kv_sv(&w, "body", text);
    if (first)
        write_reply(&w, x->s->reply_to);
    json_w_end(&w);
    return taken(&w, &b, x->a);
}

/* What is left of a text, from this part on; ret holds what came of the part before. After a failure the whole is sent
 * again: what the room has already is not said twice. */
static void say_rest(const struct sending *x, struct sv rest, size_t part, struct send_result *ret)
{
    struct sv first_id = ret->provider_id, more_ids = {0};
    for (; sv_trim(rest).n; part++) {
        if (part == PARTS_MAX) {
            send_refuse(ret, SV("too-long"));
            break;
        }
        put_message(x, part, text_content(x, parts_cut(&rest, MX_TEXT_UNITS), part == 0), ret);
        if (ret->cls != SEND_OK)
            return;
        if (part == 0)
            first_id = ret->provider_id;
        else
            more_ids = parts_add_id(x->a, more_ids, ret->provider_id);
    }
    ret->provider_id = first_id;
    ret->more_ids = more_ids;
}

static void send_text(const struct sending *x, struct send_result *ret)
{
    if (sv_trim(x->s->text).n)
        say_rest(x, x->s->text, 0, ret);
    else
        send_refuse(ret, SV("empty"));
}

static struct sv file_content(const struct sending *x, struct sv words, struct sv uri, int64_t size)
{
    static const char *const types[] = {
        [FILE_IMAGE] = "m.image", [FILE_VOICE] = "m.audio", [FILE_AUDIO] = "m.audio", [FILE_VIDEO] = "m.video"};
    const struct chan_send *s = x->s;
    const char *type = s->file_kind >= FILE_IMAGE && s->file_kind <= FILE_VIDEO ? types[s->file_kind] : "m.file";
    struct sv name = s->file_name.n ? s->file_name : SV("file");
    struct buf b;
    struct json_w w;
    buf_init(&b, BODY_MAX);
    json_w_init(&w, &b);
    json_w_object(&w);
    json_w_kv_z(&w, "msgtype", type);
    json_w_kv_sv(&w, "body", words.n ? words : name);
    json_w_kv_sv(&w, "filename", name);
    json_w_kv_sv(&w, "url", uri);
    json_w_key(&w, "info");
    json_w_object(&w);
    json_w_kv_int(&w, "size", size);
    if (s->file_type.n)
        json_w_kv_sv(&w, "mimetype", s->file_type);
    json_w_end(&w);
    if (s->file_kind == FILE_VOICE) { /* MSC3245: apps show it as a voice message */
        json_w_key(&w, "org.matrix.msc3245.voice");
        json_w_object(&w);
        json_w_end(&w);
    }
    write_reply(&w, s->reply_to);
    json_w_end(&w);
    return taken(&w, &b, x->a);
}

static void send_file(const struct sending *x, struct send_result *ret)
{
    struct stat st;
    struct matrix_reply r;
    int fd = x->s->file_path.n ? open(arena_z(x->a, x->s->file_path), O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size <= 0) {
        if (fd >= 0)
            close(fd);
        send_refuse(ret, SV("no-file"));
        return;
    }
    size_t size = (size_t)st.st_size;
    void *bytes = size <= MX_FILE_MAX ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    close(fd);
    if (bytes == MAP_FAILED) {
        send_refuse(ret, SV("too-large"));
        return;
    }
    matrix_upload(x->ch, x->net, x->a, (struct sv){bytes, size}, x->s->file_name.n ? x->s->file_name : SV("file"),
                  x->s->file_type, &r);
    munmap(bytes, size);
    *ret = r.res;
    if (r.res.cls != SEND_OK)
        return;
    struct sv rest = x->s->text, words = parts_cut(&rest, MX_TEXT_UNITS);
    put_message(x, 0, file_content(x, words, json_member_sv(r.body, "content_uri"), (int64_t)size), ret);
    if (ret->cls == SEND_OK)
        say_rest(x, rest, 1, ret);
}

/* ---- acts on members and messages ---- */

/* Part by part; each may be asked again. */
static void redact(const struct sending *x, struct send_result *ret)
{
    struct sv rest = x->s->message_id, id;
    for (size_t part = 0; sv_cut(&rest, ' ', &id); part++) {
        const struct sv args[] = {x->room, id, arena_fmt(x->a, "p%lld-%zu", (long long)x->s->row_id, part)};
        struct matrix_reply r;
        matrix_call(x->ch, x->net, x->a, "PUT", matrix_path(x->a, "/_matrix/client/v3/rooms/{}/redact/{}/{}", args, 3),
                    SV("{}"), &r);
        *ret = r.res;
        if (r.res.cls != SEND_OK)
            return;
    }
}

/* A newer event that replaces the words: apps that know of it show only the new ones, others both. */
static void mark(const struct sending *x, struct send_result *ret)
{
    struct json_body b;
    body_begin(&b);
    json_w_kv_z(&b.w, "msgtype", "m.text");
    json_w_kv_sv(&b.w, "body", arena_fmt(x->a, "* %.*s", SV_ARG(x->s->text)));
    json_w_key(&b.w, "m.new_content");
    json_w_object(&b.w);
    json_w_kv_z(&b.w, "msgtype", "m.text");
    json_w_kv_sv(&b.w, "body", x->s->text);
    json_w_end(&b.w);
    json_w_key(&b.w, "m.relates_to");
    json_w_object(&b.w);
    json_w_kv_z(&b.w, "rel_type", "m.replace");
    json_w_kv_sv(&b.w, "event_id", x->s->message_id);
    json_w_end(&b.w);
    struct sv content = body_end(&b, x->a);
    if (x->s->file_kind == FILE_NONE)
        put_message(x, 0, content, ret);
    else
        send_refuse(ret, SV("is-a-file"));
}

static void get_state(const struct sending *x, const char *type, struct sv key, struct matrix_reply *r)
{
    const struct sv args[] = {x->room, sv_of(type), key};
    matrix_call(x->ch, x->net, x->a, "GET", matrix_path(x->a, "/_matrix/client/v3/rooms/{}/state/{}/{}", args, 3),
                (struct sv){0}, r);
}

struct member_act {
    const char *pattern;
    const char *done[3]; /* memberships in which there is nothing left to do */
};
static const struct member_act member_acts[OP__MAX] = {
    [OP_APPROVE_JOIN] = {"/_matrix/client/v3/rooms/{}/invite", {"join", "invite"}},
    [OP_DECLINE_JOIN] = {"/_matrix/client/v3/rooms/{}/kick", {"leave", "ban"}},
    [OP_BAN] = {"/_matrix/client/v3/rooms/{}/ban", {"ban"}},
    [OP_UNBAN] = {"/_matrix/client/v3/rooms/{}/unban", {"leave", "join", "invite"}},
};

/* A refusal may only mean that it is so already, for instance because the first answer was lost. */
static void send_member_act(const struct sending *x, struct send_result *ret)
{
    const struct member_act *act = &member_acts[x->s->op];
    struct matrix_reply r, state;
    room_act(x, act->pattern, one_member(x->a, "user_id", x->s->user), &r);
    *ret = r.res;
    if (r.res.cls != SEND_FAILED)
        return;
    get_state(x, "m.room.member", x->s->user, &state);
    struct sv now = json_member_sv(state.body, "membership");
    bool absent = state.status == 404 && (x->s->op == OP_DECLINE_JOIN || x->s->op == OP_UNBAN);
    for (size_t i = 0; i < sizeof act->done / sizeof *act->done; i++)
        if (absent || (state.res.cls == SEND_OK && act->done[i] && sv_eq_z(now, act->done[i])))
            *ret = (struct send_result){.cls = SEND_OK, .code = SV("already")};
}

/* A muted person has less power than a message needs. Only that one level changes. */
static void set_level(const struct sending *x, bool mute, struct send_result *ret)
{
    struct matrix_reply r;
    get_state(x, "m.room.power_levels", (struct sv){0}, &r);
    *ret = r.res;
    if (r.res.cls != SEND_OK)
        return;
    json_t *levels = json_deep_copy(r.body);
    json_t *users = levels ? json_object_get(levels, "users") : NULL;
    if (levels && !json_is_object(users)) {
        users = json_object();
        json_object_set_new(levels, "users", users);
    }
    if (!users) {
        json_decref(levels);
        *ret = (struct send_result){.cls = SEND_RETRY, .code = SV("memory")};
        return;
    }
    char *user = arena_z(x->a, x->s->user);
    int64_t own = json_member_int(users, arena_z(x->a, json_member_sv(x->ch->config, "user")), 0);
    int64_t events_default = json_member_int(levels, "events_default", 0);
    int64_t usual = json_member_int(levels, "users_default", 0), theirs = json_member_int(users, user, usual);
    bool muted = theirs < events_default;
    bool needed = mute ? !muted : muted;
    if (needed && theirs >= own) {
        send_refuse(ret, SV("administrator"));
    } else if (needed) {
        if (mute)
            json_object_set_new(users, user, json_integer(events_default + MUTED));
        else
            json_object_del(users, user);
        struct buf b;
        struct json_w w;
        buf_init(&b, BODY_MAX);
        json_w_init(&w, &b);
        json_w_value(&w, levels);
        const struct sv args[] = {x->room};
        matrix_call(x->ch, x->net, x->a, "PUT",
                    matrix_path(x->a, "/_matrix/client/v3/rooms/{}/state/m.room.power_levels/", args, 1),
                    taken(&w, &b, x->a), &r);
        *ret = r.res;
    }
    json_decref(levels);
}

void matrix_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                 struct send_result *ret, struct sv *ret_new_chat)
{
    struct sending x = {.ch = ch, .net = net, .a = a, .s = s, .room = s->chat};
    struct matrix_reply r;
    *ret_new_chat = (struct sv){0};
    *ret = (struct send_result){.cls = SEND_OK};
    bool says = s->op == OP_TEXT || s->op == OP_FILE;
    bool on_own = s->op == OP_DELETE || s->op == OP_MARK;
    bool to_person = (says || on_own) && matrix_user_ok(s->chat);
    bool on_user = member_acts[s->op < OP__MAX ? s->op : 0].pattern || s->op == OP_RESTRICT || s->op == OP_UNRESTRICT;
    if ((!to_person && !matrix_room_ok(s->chat)) || (on_user && !matrix_user_ok(s->user)) ||
        (on_own && (!s->message_id.n || s->message_id.p[0] != '$'))) {
        send_refuse(ret, SV("bad-id"));
        return;
    }
    if ((s->op == OP_BAN || s->op == OP_RESTRICT) && s->until_ms && s->until_ms <= clock_now_ms()) {
        ret->code = SV("over"); /* it waited in the queue past its own end */
        return;
    }
    if (to_person && !(says ? open_private_room(&x, ret) : find_private_room(&x, ret)))
        return;
    switch (s->op) {
    case OP_TEXT:
        send_text(&x, ret);
        return;
    case OP_FILE:
        send_file(&x, ret);
        return;
    case OP_DELETE:
        redact(&x, ret);
        return;
    case OP_MARK:
        mark(&x, ret);
        return;
    case OP_APPROVE_JOIN:
    case OP_DECLINE_JOIN:
    case OP_BAN:
    case OP_UNBAN:
        send_member_act(&x, ret);
        return;
    case OP_RESTRICT:
    case OP_UNRESTRICT:
        set_level(&x, s->op == OP_RESTRICT, ret);
        return;
    case OP_QUEUE_JOIN: /* a knock waits by itself */
        return;
    case OP_LEAVE:
        room_act(&x, "/_matrix/client/v3/rooms/{}/leave", SV("{}"), &r);
        break;
    case OP_ENTER:
        room_act(&x, "/_matrix/client/v3/rooms/{}/join", SV("{}"), &r);
        break;
    default:
        send_refuse(ret, SV("unknown-op"));
        return;
    }
    *ret = r.res;
}

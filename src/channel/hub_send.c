/* SPDX-License-Identifier: EUPL-1.2 */
/* Sends of work/ through the channels of a hub. */
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "channel/file.h"
#include "channel/file_stream.h"
#include "channel/hub_parts.h"
#include "channel/optout.h"
#include "channel/stop_link.h"
#include "channel/take_back.h"
#include "channel/voice_ogg.h"
#include "channel/window.h"
#include "core/people.h"

enum { CHANNEL_OFF_MS = 30000, NO_SESSION_MS = 1000 };

/* ---- a stored file as something a driver can read ---- */

struct opening {
    int64_t id;
    int fd;
    struct file_info info;
};

static enum pw_err copy_file(struct ctx *c, void *arg)
{
    struct opening *t = arg;
    struct file_reader *r;
    struct sv piece;
    if (lseek(t->fd, 0, SEEK_SET) != 0 || ftruncate(t->fd, 0) != 0)
        return PW_UNAVAILABLE;
    PW_TRY(file_get(c, t->id, &t->info));
    PW_TRY(channel_file_open(c, t->id, &r));
    enum pw_err e;
    while ((e = file_reader_next(r, &piece)) == PW_OK && piece.n)
        if (write(t->fd, piece.p, piece.n) != (ssize_t)piece.n) {
            e = PW_UNAVAILABLE;
            break;
        }
    file_reader_close(r);
    return e;
}

/* "file:<id>" → a path in memory. *ret_fd stays open as long as the path is used. */
static enum pw_err stored_file(struct hub *h, struct arena *a, struct chan_send *s, int *ret_fd)
{
    struct opening t = {0};
    struct sv path;
    if (!sv_starts(s->file_path, SV("file:")))
        return PW_OK;
    struct sv text = sv_sub(s->file_path, 5, s->file_path.n);
    if (!id_parse(text, &t.id) && !sv_int(text, &t.id))
        return PW_INVALID;
    t.fd = file_memory(a, &path);
    if (t.fd < 0)
        return PW_UNAVAILABLE;
    *ret_fd = t.fd;
    PW_TRY(hub_read(h, a, clock_now_ms(), copy_file, &t));
    s->file_path = path;
    if (s->file_kind == FILE_NONE)
        s->file_kind = t.info.kind;
    if (!s->file_name.n)
        s->file_name = t.info.name;
    if (!s->file_type.n)
        s->file_type = t.info.type;
    return PW_OK;
}

/* A voice note that a browser recorded, as the app wants it. What cannot be wrapped anew goes out as it is, as a file.
 */
static enum pw_err as_ogg(const struct channel *ch, struct arena *a, struct chan_send *s, int *io_fd)
{
    struct sv path, name = s->file_name, stem;
    struct stat st;
    struct buf b;
    bool webm = s->file_kind == FILE_VOICE && sv_starts(s->file_type, SV("audio/webm"));
    if (!webm || *io_fd < 0 || !(ch->driver->caps & CAP_OGG_VOICE))
        return PW_OK;
    if (fstat(*io_fd, &st) != 0 || st.st_size <= 0)
        return PW_UNAVAILABLE;
    size_t n = (size_t)st.st_size;
    void *p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, *io_fd, 0);
    if (p == MAP_FAILED)
        return PW_UNAVAILABLE;
    buf_init(&b, 2 * n + 4096); /* more than heads of pages ever need */
    enum pw_err e = voice_ogg_of_webm((struct sv){p, n}, &b);
    (void)munmap(p, n);
    int fd = e == PW_OK ? file_memory(a, &path) : -1;
    if (e == PW_OK)
        e = fd >= 0 && write(fd, b.p, b.n) == (ssize_t)b.n ? PW_OK : PW_UNAVAILABLE;
    buf_finish(&b);
    if (e == PW_OK) {
        close(*io_fd);
        *io_fd = fd;
        s->file_path = path;
        s->file_type = SV("audio/ogg");
        stem = sv_ends(name, SV(".webm")) ? sv_sub(name, 0, name.n - 5) : name;
        s->file_name = arena_fmt(a, "%.*s.ogg", SV_ARG(stem.n ? stem : SV("voice")));
    } else if (fd >= 0) {
        close(fd);
    }
    return e == PW_INVALID ? PW_OK : e;
}

/* ---- sending ---- */

/* A chat has a new id: whoever keeps chats learns it now, so that later rows are written with it. */
static void tell_migrated(struct hub *h, const struct channel *ch, struct arena *a, struct sv from, struct sv to)
{
    struct chan_events *ev = arena_new(a, struct chan_events);
    if (!ev)
        return;
    ev->n = 1;
    ev->v[0] = (struct chan_event){.kind = CHAN_MIGRATED,
                                   .provider_id = arena_fmt(a, "migrated:%.*s:%.*s", SV_ARG(from), SV_ARG(to)),
                                   .at_ms = clock_now_ms(),
                                   .chat = from,
                                   .new_chat = to};
    (void)hub_receive(h, ch, ev, a, clock_now_ms(), 0); /* when this fails the next send learns it again */
}

struct looking {
    const struct channel *ch;
    const struct chan_send *s;
    struct chan_window w;
};

static enum pw_err look_at_window(struct ctx *c, void *arg)
{
    struct looking *t = arg;
    return window_look(c, t->ch, t->s->chat, t->s->by_person, t->s->lang, &t->w);
}

/* May free words go to this chat now? False: ret says why not. */
static bool window_lets(struct hub *h, const struct channel *ch, struct arena *a, struct chan_send *s,
                        struct send_result *ret)
{
    struct looking t = {.ch = ch, .s = s};
    if (!ch->driver->window_ms || (s->op != OP_TEXT && s->op != OP_FILE))
        return true;
    if (hub_read(h, a, clock_now_ms(), look_at_window, &t) != PW_OK) {
        *ret = (struct send_result){.cls = SEND_RETRY, .code = SV("no-window-now")};
        return false;
    }
    s->late = t.w.late;
    if (!t.w.applies || t.w.open)
        return true;
    *ret = (struct send_result){.cls = SEND_WAITS, .code = SV("window")};
    return false;
}

/* ---- letters ---- */

struct letter_head {
    struct chan_send *s;
    int64_t channel_id;
};

static struct sv in_words(struct hub *h, struct arena *a, struct sv lang, const char *msgid, const struct sv *args,
                          size_t n)
{
    return h->cf.translate ? h->cf.translate(h->cf.words, a, lang, msgid, args, n) : sv_of(msgid);
}

/* The link that ends it all belongs to the address that the letter goes to. */
static enum pw_err find_stop_link(struct ctx *c, void *arg)
{
    struct letter_head *t = arg;
    struct identity who;
    enum pw_err e = identity_find(c, t->channel_id, t->s->chat, &who);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    struct person p;
    if (!t->s->lang.n && person_get(c, who.person_id, &p) == PW_OK)
        t->s->lang = p.lang;
    t->s->stop_url = stop_link_url(c, who.id, t->s->list_id);
    return PW_OK;
}

/* Neutral words around the letter: whoever looks over the reader's shoulder learns nothing from its subject. */
static enum pw_err dress(struct hub *h, const struct channel *ch, struct arena *a, struct chan_send *s)
{
    struct letter_head t = {s, ch->id};
    PW_TRY(hub_read(h, a, clock_now_ms(), find_stop_link, &t));
    s->subject = in_words(h, a, s->lang, N_("You have a message"), NULL, 0);
    if (s->stop_url.n)
        s->foot = in_words(h, a, s->lang,
                           N_("To write to us, reply to this message. To end these messages, reply with the word stop, "
                              "or open {0}"),
                           &s->stop_url, 1);
    return PW_OK;
}

/* Whoever wrote STOP hears nothing more, whatever was queued before (channels.md §1 rule 9). */
struct stopped {
    int64_t channel_id;
    struct sv address;
    bool is;
};

static enum pw_err look_stopped(struct ctx *c, void *arg)
{
    struct stopped *t = arg;
    return optout_has(c, t->channel_id, t->address, &t->is);
}

static enum pw_err check_stopped(struct hub *h, const struct channel *ch, struct arena *a, const struct chan_send *s)
{
    struct stopped t = {.channel_id = ch->id, .address = s->chat};
    if (!(ch->driver->caps & CAP_METERED) || s->keyword_answer)
        return PW_OK;
    PW_TRY(hub_read(h, a, clock_now_ms(), look_stopped, &t));
    return t.is ? PW_DENIED : PW_OK;
}

static void send_through(struct hub *h, const struct channel *loaded, struct arena *a, const struct out_row *row,
                         struct send_result *ret)
{
    struct channel with_session = *loaded;
    const struct channel *ch = &with_session;
    if (ch->driver->open && !(with_session.session = hub_session_use(h, ch->id))) {
        *ret = (struct send_result){
            .cls = SEND_RETRY, .code = SV("no-connection"), .retry_after_ms = NO_SESSION_MS, .pause_lane = true};
        return;
    }
    struct ctx c;
    struct problems ps = {0};
    struct chan_send s;
    struct sv moved = {0};
    int fd = -1;
    hub_ctx(h, &c, a, &ps, clock_now_ms());
    if (channel_unqueue(&c, ch->id, row->payload, &s) != PW_OK) {
        *ret = (struct send_result){.cls = SEND_FAILED, .code = SV("unreadable-row")};
        goto out;
    }
    s.row_id = row->id;
    s.queued_ms = row->created_ms;
    if (!window_lets(h, ch, a, &s, ret))
        goto out;
    s.bulk = row->lane == LANE_BULK;
    enum pw_err e = check_stopped(h, ch, a, &s);
    if (e == PW_DENIED) {
        *ret = (struct send_result){.cls = SEND_FAILED, .code = SV("opted-out")};
        goto out;
    }
    if (e != PW_OK) {
        *ret = (struct send_result){.cls = SEND_RETRY, .code = SV("database-away")};
        goto out;
    }
    e = stored_file(h, a, &s, &fd);
    if (e == PW_OK)
        e = as_ogg(ch, a, &s, &fd);
    if (e == PW_OK && (ch->driver->caps & CAP_LETTERS))
        e = dress(h, ch, a, &s);
    if (e == PW_OK) {
        ch->driver->send(ch, h->cf.net, a, &s, ret, &moved);
        if (moved.n && ret->cls == SEND_RETRY && !sv_eq(moved, s.chat)) {
            tell_migrated(h, ch, a, s.chat, moved);
            s.chat = moved;
            ch->driver->send(ch, h->cf.net, a, &s, ret, &moved);
        }
    } else if (e == PW_UNAVAILABLE || e == PW_RETRY) {
        *ret = (struct send_result){.cls = SEND_RETRY, .code = SV("no-file-now")};
    } else {
        *ret = (struct send_result){.cls = SEND_FAILED, .code = SV("no-file")};
    }
out:
    if (fd >= 0)
        close(fd);
    if (ch->session)
        hub_session_leave(h, ch->id);
}

void hub_send(void *self, struct arena *a, const struct out_row *row, struct send_result *ret)
{
    struct hub *h = self;
    struct channel_set *set = NULL;
    const struct channel *ch = hub_hold(h, &set) == PW_OK ? set_by_id(set, row->channel_id) : NULL;
    if (!ch || !ch->enabled) { /* perhaps it was switched on this moment: the pause below is long */
        hub_release(set);
        hub_look_again(h);
        ch = hub_hold(h, &set) == PW_OK ? set_by_id(set, row->channel_id) : NULL;
    }
    if (!ch || !ch->enabled)
        *ret = (struct send_result){
            .cls = SEND_RETRY, .code = SV("channel-off"), .retry_after_ms = CHANNEL_OFF_MS, .pause_lane = true};
    else
        send_through(h, ch, a, row, ret);
    hub_release(set);
    /* What stays must not point into the set. */
    ret->code = arena_sv(a, ret->code);
    ret->provider_id = arena_sv(a, ret->provider_id);
    ret->more_ids = arena_sv(a, ret->more_ids);
}

/* ---- recording ---- */

/* The person stopped us: the same news as when the provider says so by itself. */
static enum pw_err tell_blocked(struct hub *h, struct ctx *c, const struct channel *ch, const struct out_row *row)
{
    struct chan_send s;
    if (channel_unqueue(c, ch->id, row->payload, &s) != PW_OK)
        return PW_OK;
    struct chan_event e = {.kind = CHAN_BLOCKED,
                           .provider_id = arena_fmt(c->arena, "blocked:%lld", (long long)row->id),
                           .at_ms = c->now_ms,
                           .private_chat = true,
                           .chat = s.chat,
                           .user = s.user.n ? s.user : s.chat};
    return h->cf.receiver.receive(h->cf.receiver.self, c, ch, &e);
}

enum pw_err hub_sent(void *self, struct db *db, struct arena *a, const struct out_row *row,
                     const struct send_result *res, int64_t now_ms)
{
    struct hub *h = self;
    struct ctx c;
    struct problems ps = {0};
    struct channel_set *set = hub_hold_as_is(h);
    const struct channel *ch = set_by_id(set, row->channel_id);
    enum pw_err e = PW_OK;
    hub_ctx(h, &c, a, &ps, now_ms);
    c.db = db;
    if (ch && res->cls == SEND_BLOCKED)
        e = tell_blocked(h, &c, ch, row);
    /* The provider does not know us: nothing goes out until somebody sets the token right. */
    if (ch && e == PW_OK &&
        (sv_eq_z(res->code, "401") || sv_eq_z(res->code, "404") || sv_eq_z(res->code, "sign-in-refused")))
        e = channel_set_error(&c, ch->id, SV("token-refused"));
    bool waits = res->cls == SEND_WAITS && sv_starts(res->code, SV("window"));
    if (ch && e == PW_OK && waits)
        e = window_wait(&c, ch, &h->cf.receiver, row, res->code);
    else if (ch && e == PW_OK && h->cf.receiver.sent)
        e = h->cf.receiver.sent(h->cf.receiver.self, &c, ch, row, res);
    if (ch && e == PW_OK && res->cls == SEND_FAILED && sv_eq(row->subject, WINDOW_SUBJECT))
        e = window_not_asked(&c, ch, &h->cf.receiver, row);
    if (ch && e == PW_OK && res->cls == SEND_OK && sv_eq(row->subject, MARK))
        e = take_back_marked(&c, row);
    if (ch && e == PW_OK && (res->cls == SEND_OK || res->cls == SEND_IN_DOUBT))
        e = status_recorded(&c, ch, &h->cf.receiver, res->provider_id);
    hub_release(set);
    return e;
}

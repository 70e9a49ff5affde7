/* SPDX-License-Identifier: EUPL-1.2 */
/* New mail of a mailbox, one poller in the whole installation. The cursor moves in the transaction that stored the
 * messages, and only then are they marked: a crash between leads to marking again, never to losing or deleting. */
#include <stdio.h>

#include "base/civil.h"
#include "base/clock.h"
#include "channel/email.h"
#include "net/imap.h"

enum { AT_ONCE = 20, BATCH_BYTES = 12 * 1024 * 1024, LOOK_BACK_DAYS = 7, READ_MAX = 20 * 1024 * 1024 };

struct cursor {
    uint32_t validity, seen, marked; /* of the mailbox; the last UID stored; the last one marked as handled */
};

static bool uint_of(struct sv s, uint32_t *ret)
{
    int64_t v;
    if (!sv_int(s, &v) || v < 0 || v > UINT32_MAX)
        return false;
    *ret = (uint32_t)v;
    return true;
}

static struct cursor cursor_of(struct sv text)
{
    struct cursor c = {0};
    struct sv rest = text, validity, seen;
    if (!sv_cut(&rest, '.', &validity) || !sv_cut(&rest, '.', &seen) || !uint_of(validity, &c.validity) ||
        !uint_of(seen, &c.seen) || !uint_of(rest, &c.marked))
        return (struct cursor){0};
    return c;
}

static bool mailbox_of(const struct channel *ch, struct imap_server *ret)
{
    *ret = (struct imap_server){.user = email_setting(ch, "imap_user"), .password = email_setting(ch, "imap_password")};
    return imap_server_parse(email_setting(ch, "imap_url"), ret);
}

static struct sv folder_of(const struct channel *ch)
{
    struct sv folder = email_setting(ch, "imap_folder");
    return folder.n ? folder : SV("INBOX");
}

enum pw_err email_mailbox_try(const struct channel *ch, struct net *net)
{
    struct imap_server s;
    struct imap *box;
    if (!mailbox_of(ch, &s))
        return PW_INVALID;
    PW_TRY(imap_open(net, &s, folder_of(ch), &box));
    imap_keep(net, ch->id, box);
    return PW_OK;
}

/* A mailbox seen for the first time, or numbered anew: what is unread and not older than a week. */
static enum pw_err begin(struct imap *box, struct arena *a, struct cursor *ret)
{
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil day = civil_of(clock_now_ms() - (int64_t)LOOK_BACK_DAYS * 24 * 3600 * 1000);
    char criteria[48];
    uint32_t *v;
    size_t n;
    snprintf(criteria, sizeof criteria, "UNSEEN SINCE %d-%s-%d", day.day, months[day.month - 1], (int)day.year);
    PW_TRY(imap_search(box, a, criteria, &v, &n));
    uint32_t from = n ? v[0] - 1 : imap_next(box) ? imap_next(box) - 1 : 0;
    *ret = (struct cursor){imap_validity(box), from, from};
    return PW_OK;
}

static enum pw_err read_one(const struct channel *ch, struct imap *box, struct arena *a, uint32_t uid,
                            struct chan_events *ret, size_t *io_bytes)
{
    struct buf raw;
    struct email_in m;
    buf_init(&raw, READ_MAX + 1024);
    enum pw_err e = imap_read(box, uid, READ_MAX, &raw);
    if (e == PW_OK) {
        *io_bytes += raw.n;
        e = email_parse(ch, a, buf_sv(&raw), (struct sv){0}, (struct sv){0}, clock_now_ms(), &m);
        if (e == PW_OK)
            e = email_events(a, &m, ret);
    } else if (e == PW_NOT_FOUND) {
        e = PW_OK; /* somebody deleted it meanwhile */
    }
    buf_finish(&raw);
    return e;
}

static enum pw_err read_new(const struct channel *ch, struct imap *box, struct arena *a, struct cursor *io,
                            struct chan_events *ret)
{
    char criteria[32];
    uint32_t *v;
    size_t n, bytes = 0;
    snprintf(criteria, sizeof criteria, "UID %u:*", (unsigned)(io->seen + 1));
    PW_TRY(imap_search(box, a, criteria, &v, &n));
    for (size_t i = 0; i < n && i < AT_ONCE && bytes < BATCH_BYTES; i++) {
        if (v[i] <= io->seen) /* "n:*" names the last message even when it is older */
            continue;
        if (ret->n + 1 + EMAIL_FILES_MAX > CHAN_EVENTS_MAX)
            break;
        PW_TRY(read_one(ch, box, a, v[i], ret, &bytes));
        io->seen = v[i];
    }
    return PW_OK;
}

static enum pw_err look(const struct channel *ch, struct imap *box, bool fresh, struct arena *a, int wait_s,
                        struct cursor *io, struct chan_events *ret)
{
    bool news = fresh;
    if (io->validity != imap_validity(box)) {
        PW_TRY(begin(box, a, io));
        news = true;
    }
    if (io->seen > io->marked) {
        PW_TRY(imap_mark(box, io->marked + 1, io->seen, email_setting(ch, "imap_done")));
        io->marked = io->seen;
        news = true; /* there may be more than one batch */
    }
    if (!news)
        PW_TRY(imap_wait(box, wait_s, &news));
    return news ? read_new(ch, box, a, io, ret) : PW_OK;
}

enum pw_err email_poll(const struct channel *ch, struct net *net, struct arena *a, int wait_s, struct sv *io_cursor,
                       struct chan_events *ret)
{
    struct imap_server s;
    struct cursor at = cursor_of(*io_cursor);
    ret->n = 0;
    ret->reply = (struct chan_reply){0};
    if (!mailbox_of(ch, &s))
        return PW_INVALID;
    struct imap *box = imap_take(net, ch->id, &s, folder_of(ch));
    bool fresh = box == NULL;
    if (fresh)
        PW_TRY(imap_open(net, &s, folder_of(ch), &box));
    enum pw_err e = look(ch, box, fresh, a, wait_s, &at, ret);
    if (e != PW_OK) {
        imap_close(box);
        ret->n = 0;
        return e == PW_CONFLICT || e == PW_NOT_FOUND ? PW_UNAVAILABLE : e;
    }
    imap_keep(net, ch->id, box);
    *io_cursor = arena_fmt(a, "%u.%u.%u", (unsigned)at.validity, (unsigned)at.seen, (unsigned)at.marked);
    return a->oom ? PW_UNAVAILABLE : PW_OK;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/window.h"

#include "core/vault.h"
#include "json/json.h"

#define DAY_MS INT64_C(86400000)
#define KEEP_MS (30 * DAY_MS)

DB_STMT(window_one, "SELECT heard_ms, asked_ms, shut_ms FROM channel_window WHERE channel_id = $1 AND chat = $2");
DB_STMT(window_hear, "INSERT INTO channel_window (channel_id, chat, heard_ms, asked_ms, shut_ms) "
                     "VALUES ($1, $2, $3, 0, 0) ON CONFLICT (channel_id, chat) DO UPDATE SET heard_ms = CASE WHEN "
                     "excluded.heard_ms > channel_window.heard_ms THEN excluded.heard_ms ELSE channel_window.heard_ms "
                     "END, asked_ms = 0, shut_ms = 0");
DB_STMT(window_note, "INSERT INTO channel_window (channel_id, chat, heard_ms, asked_ms, shut_ms) "
                     "VALUES ($1, $2, 0, $3, $4) ON CONFLICT (channel_id, chat) DO UPDATE SET "
                     "asked_ms = excluded.asked_ms, shut_ms = excluded.shut_ms");
DB_STMT(window_drop, "DELETE FROM channel_window WHERE heard_ms < $1 AND asked_ms < $1");
/* A word about a send and the record of that send must not pass by each other unseen: both hold this row. */
DB_STMT(status_lock, "UPDATE channel_poll SET until_ms = until_ms WHERE channel_id = $1");
DB_STMT(status_put, "INSERT INTO channel_status (channel_id, provider_id, status, code, at_ms) "
                    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (channel_id, provider_id) DO UPDATE SET "
                    "status = excluded.status, code = excluded.code, at_ms = excluded.at_ms "
                    "WHERE excluded.status > channel_status.status");
DB_STMT(status_take, "DELETE FROM channel_status WHERE channel_id = $1 AND provider_id = $2 RETURNING status, code");
DB_STMT(status_drop, "DELETE FROM channel_status WHERE at_ms < $1");

/* ---- the window ---- */

struct kept {
    struct sv chat; /* as stored */
    int64_t heard_ms, asked_ms, shut_ms;
};

static enum pw_err read_kept(struct ctx *c, const struct channel *ch, struct sv chat, struct kept *ret)
{
    struct db_rows r;
    struct kept k = {0};
    PW_TRY(seal_same(c, "channel_window.chat", chat, &k.chat));
    enum pw_err e = db_one(c->db, c->arena, &window_one, DB_ARGS(DB_I(ch->id), DB_T(k.chat)), &r);
    if (e == PW_OK) {
        k.heard_ms = db_int(&r, 0, 0);
        k.asked_ms = db_int(&r, 0, 1);
        k.shut_ms = db_int(&r, 0, 2);
    } else if (e != PW_NOT_FOUND) {
        return e;
    }
    *ret = k;
    return PW_OK;
}

/* "fr=reponse_prete en=answer_waits:en_US": the template's name for a language; empty when there is none. */
static struct sv template_of(const struct channel *ch, struct sv lang)
{
    struct sv rest = json_member_sv(ch->config, "templates"), pair, code;
    if (!(ch->driver->caps & CAP_TEMPLATE) || !lang.n)
        return (struct sv){0};
    while (sv_cut(&rest, ' ', &pair))
        if (sv_cut(&pair, '=', &code) && sv_eq(code, lang))
            return pair;
    return (struct sv){0};
}

static int64_t human_window(const struct channel *ch)
{
    return sv_eq_z(json_member_sv(ch->config, "human_agent"), "yes") ? ch->driver->human_window_ms : 0;
}

static void judge(const struct channel *ch, const struct kept *k, bool by_person, int64_t now_ms, struct chan_window *w)
{
    int64_t plain = ch->driver->window_ms, human = by_person ? human_window(ch) : 0;
    int64_t lasts = human > plain ? human : plain;
    bool heard = k->heard_ms > 0;
    w->closes_ms = heard ? k->heard_ms + lasts : 0;
    if (k->shut_ms && k->shut_ms < w->closes_ms) /* the provider's word */
        w->closes_ms = k->shut_ms;
    w->open = now_ms < w->closes_ms;
    w->late = w->open && now_ms >= k->heard_ms + plain;
}

enum pw_err window_look(struct ctx *c, const struct channel *ch, struct sv chat, bool by_person, struct sv lang,
                        struct chan_window *ret)
{
    struct chan_window w = {.applies = ch->driver->window_ms > 0 && chat.n};
    if (w.applies) {
        struct kept k;
        PW_TRY(read_kept(c, ch, chat, &k));
        judge(ch, &k, by_person, c->now_ms, &w);
        w.template = template_of(ch, lang).n > 0;
        PW_TRY(outbox_waiting(c->db, c->arena, ch->id, channel_order_key(c, ch->id, chat), &w.waiting));
    }
    *ret = w;
    return PW_OK;
}

enum pw_err window_of_chat(struct ctx *c, int64_t channel_id, struct sv chat, struct sv lang, struct chan_window *ret)
{
    struct channel ch;
    enum pw_err e = channel_get(c, channel_id, &ch);
    if (e == PW_OK)
        return window_look(c, &ch, chat, true, lang, ret);
    *ret = (struct chan_window){0};
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err window_heard(struct ctx *c, const struct channel *ch, struct sv chat, int64_t at_ms)
{
    struct sv sealed;
    if (!ch->driver->window_ms || !chat.n)
        return PW_OK;
    int64_t at = at_ms > 0 && at_ms < c->now_ms ? at_ms : c->now_ms;
    PW_TRY(seal_same(c, "channel_window.chat", chat, &sealed));
    PW_TRY(db_exec(c->db, &window_hear, DB_ARGS(DB_I(ch->id), DB_T(sealed), DB_I(at)), NULL));
    if (at + ch->driver->window_ms <= c->now_ms) /* told late: nothing is open any more */
        return PW_OK;
    return outbox_release(c->db, ch->id, channel_order_key(c, ch->id, chat), c->now_ms);
}

static enum pw_err ask(struct ctx *c, const struct channel *ch, const struct chan_send *s, struct sv template,
                       int64_t waits_id)
{
    struct chan_send t = {.op = OP_TEMPLATE, .chat = s->chat, .text = template, .lang = s->lang};
    int64_t id = 0;
    return channel_queue(c, ch->id, LANE_INTERACTIVE, &t, WINDOW_SUBJECT, waits_id, 0, (struct sv){0}, &id);
}

static enum pw_err tell(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                        const struct out_row *row, enum send_class cls, struct sv code)
{
    struct send_result res = {.cls = cls, .code = code};
    return r->sent ? r->sent(r->self, c, ch, row, &res) : PW_OK;
}

enum pw_err window_wait(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                        const struct out_row *row, struct sv code)
{
    struct chan_send s;
    struct kept k;
    struct chan_window w;
    PW_TRY(channel_unqueue(c, ch->id, row->payload, &s));
    PW_TRY(read_kept(c, ch, s.chat, &k));
    judge(ch, &k, s.by_person, c->now_ms, &w);
    bool providers_word = sv_eq_z(code, "window-shut");
    if (w.open && !providers_word) /* they wrote just now */
        return outbox_release(c->db, ch->id, channel_order_key(c, ch->id, s.chat), c->now_ms);
    /* Words of the product itself wait without a sound: no template is spent on them. */
    struct sv template = s.by_person ? template_of(ch, s.lang) : (struct sv){0};
    bool asked = k.asked_ms + DAY_MS > c->now_ms;
    if (template.n && !asked) {
        PW_TRY(ask(c, ch, &s, template, row->id));
        k.asked_ms = c->now_ms;
    }
    PW_TRY(db_exec(c->db, &window_note,
                   DB_ARGS(DB_I(ch->id), DB_T(k.chat), DB_I(k.asked_ms), DB_I(providers_word ? c->now_ms : k.shut_ms)),
                   NULL));
    return tell(c, ch, r, row, SEND_WAITS, template.n || !s.by_person ? SV("window-asked") : SV("window-waits"));
}

/* ---- what providers say of sends ---- */

static enum pw_err apply(struct ctx *c, const struct channel *ch, const struct chan_receiver *r, struct sv provider_id,
                         enum out_state status, struct sv code)
{
    struct out_row row;
    PW_TRY(outbox_by_provider(c->db, c->arena, ch->id, provider_id, &row));
    bool shut = status == OUT_FAILED && sv_eq_z(code, "window-shut");
    if (shut && (row.state == OUT_SENT || row.state == OUT_SENDING || row.state == OUT_IN_DOUBT) &&
        !sv_eq(row.subject, WINDOW_SUBJECT)) { /* it did not arrive: saying it again later says it once */
        PW_TRY(outbox_wait(c->db, row.id, code, c->now_ms));
        return window_wait(c, ch, r, &row, code);
    }
    PW_TRY(outbox_status(c->db, ch->id, provider_id, status, code, c->now_ms));
    if (status != OUT_FAILED || row.state > OUT_SENT)
        return PW_OK;
    if (!sv_eq(row.subject, WINDOW_SUBJECT))
        return tell(c, ch, r, &row, SEND_FAILED, code);
    return window_not_asked(c, ch, r, &row);
}

enum pw_err window_not_asked(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                             const struct out_row *template)
{
    struct out_row waits;
    enum pw_err e = outbox_get(c->db, c->arena, template->subject_id, &waits);
    if (e == PW_NOT_FOUND || (e == PW_OK && waits.state != OUT_HELD))
        return PW_OK;
    PW_TRY(e);
    return tell(c, ch, r, &waits, SEND_WAITS, SV("window-waits"));
}

enum pw_err status_heard(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                         const struct chan_event *e)
{
    PW_TRY(db_exec(c->db, &status_lock, DB_ARGS(DB_I(ch->id)), NULL));
    enum pw_err err = apply(c, ch, r, e->message_id, e->status, e->status_code);
    if (err != PW_NOT_FOUND)
        return err;
    return db_exec(c->db, &status_put,
                   DB_ARGS(DB_I(ch->id), DB_T(e->message_id), DB_I(e->status), DB_T(e->status_code), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err status_recorded(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                            struct sv provider_id)
{
    struct db_rows rows;
    if (!(ch->driver->caps & CAP_STATUS) || !provider_id.n)
        return PW_OK;
    PW_TRY(db_exec(c->db, &status_lock, DB_ARGS(DB_I(ch->id)), NULL));
    enum pw_err e = db_one(c->db, c->arena, &status_take, DB_ARGS(DB_I(ch->id), DB_T(provider_id)), &rows);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    return apply(c, ch, r, provider_id, (enum out_state)db_int(&rows, 0, 0), db_text(&rows, 0, 1));
}

enum pw_err window_forget(struct ctx *c)
{
    int64_t before = c->now_ms - KEEP_MS;
    PW_TRY(db_exec(c->db, &window_drop, DB_ARGS(DB_I(before)), NULL));
    return db_exec(c->db, &status_drop, DB_ARGS(DB_I(before)), NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Winding down (MSG-18): announced, then read-only, then archived, each on a day that members know; undone until the
 * last. Questions and answers stay searchable: read-only for everyone who could, archived for its members and its team.
 */
#include "base/civil.h"
#include "base/tz.h"
#include "core/audit.h"
#include "feature/planning/planning_room.h"

DB_STMT(
    ending_put,
    "INSERT INTO ending (community_id, reason, words, announced_ms, announced_by, read_only_on, archive_on, "
    "read_only_ms, archived_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL) ON CONFLICT (community_id) DO UPDATE "
    "SET reason = excluded.reason, words = excluded.words, announced_ms = excluded.announced_ms, announced_by = "
    "excluded.announced_by, read_only_on = excluded.read_only_on, archive_on = excluded.archive_on, read_only_ms = "
    "NULL, archived_ms = NULL");
DB_STMT(ending_one,
        "SELECT reason, words, read_only_on, archive_on, announced_ms, read_only_ms, archived_ms FROM ending "
        "WHERE community_id = $1");
DB_STMT(ending_set, "UPDATE ending SET read_only_ms = $2, archived_ms = $3 WHERE community_id = $1");
DB_STMT(ending_drop, "DELETE FROM ending WHERE community_id = $1");

static const char timer_kind[] = "planning.ending";

enum pw_err ending_row(struct ctx *c, int64_t community_id, struct ending *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &ending_one, DB_ARGS(DB_I(community_id)), &r));
    *ret = (struct ending){.reason = db_text(&r, 0, 0),
                           .words = db_text(&r, 0, 1),
                           .read_only_on = db_text(&r, 0, 2),
                           .archive_on = db_text(&r, 0, 3),
                           .announced_ms = db_int(&r, 0, 4),
                           .read_only_ms = db_int(&r, 0, 5),
                           .archived_ms = db_int(&r, 0, 6)};
    return PW_OK;
}

/* Midnight at the beginning of a day where the community is. */
static int64_t day_begins(const struct community *com, struct sv day)
{
    const struct tz *tz;
    int64_t d = 0;
    (void)!civil_parse_date(day, &d);
    return tz_find(com->zone, &tz) == PW_OK ? tz_utc_ms(tz, d * CIVIL_DAY_MS, TZ_EARLIER, NULL) : d * CIVIL_DAY_MS;
}

struct telling {
    const struct community *com;
    const char *msgid;
    struct sv day;
};

static enum pw_err tell_one(void *arg, struct ctx *c, const struct membership *m)
{
    const struct telling *t = arg;
    struct community own = *t->com;
    PW_TRY(in_words_of(c, m->lang, &own));
    return tell(c, t->com, m->person_id, t->msgid, own.words.name, t->day, community_path(c, t->com, ""));
}

static enum pw_err tell_all(struct ctx *c, const struct community *com, const char *msgid, struct sv day)
{
    struct telling t = {com, msgid, day};
    return members_each(c, com->id, tell_one, &t);
}

enum pw_err ending_begin(struct ctx *c, int64_t community_id, const struct ending *in)
{
    static const char *const reasons[] = {"purpose-reached", "moved", "no-capacity", "other"};
    struct community com;
    struct ending e = *in;
    int64_t read_only = 0, archive = 0, today;
    size_t before = c->problems->n;
    bool known = false;
    PW_TRY(need_admin(c, community_id, &com));
    if (com.status != COM_LIVE)
        return PW_CONFLICT;
    today = today_of(c, &com);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        known |= sv_eq_z(e.reason, reasons[i]);
    if (!known)
        (void)problem_add(c->problems, "reason", N_("Choose one of the list."));
    NOTED(take_text(c, "words", true, 2000, &e.words));
    if (!civil_parse_date(e.read_only_on, &read_only) || read_only <= today)
        (void)problem_add(c->problems, "read_only_on", N_("A day after today: members need time to ask what is left."));
    if (!civil_parse_date(e.archive_on, &archive) || archive <= read_only)
        (void)problem_add(c->problems, "archive_on", N_("A day after the one on which writing ends."));
    if (c->problems->n > before)
        return PW_INVALID;
    PW_TRY(community_set_status(c, community_id, SV("winding-down"), e.reason));
    PW_TRY(db_exec(c->db, &ending_put,
                   DB_ARGS(DB_I(community_id), DB_T(e.reason), DB_T(e.words), DB_I(c->now_ms),
                           DB_I(c->actor->person_id), DB_T(e.read_only_on), DB_T(e.archive_on)),
                   NULL));
    PW_TRY(timer_set(c->db, sv_of(timer_kind), community_id, day_begins(&com, e.read_only_on)));
    PW_TRY(note_fact(c, "planning.ending", "community", community_id, community_id,
                     arena_fmt(c->arena, "reason=%.*s", SV_ARG(e.reason))));
    return tell_all(c, &com, N_("{0} comes to an end. Questions can be asked until {1}; the answers stay to be read."),
                    e.read_only_on);
}

static enum pw_err step(struct ctx *c, const struct community *com, struct ending *e)
{
    if (com->status == COM_WINDING_DOWN) {
        e->read_only_ms = c->now_ms;
        PW_TRY(community_set_status(c, com->id, SV("read-only"), e->reason));
        PW_TRY(timer_set(c->db, sv_of(timer_kind), com->id, day_begins(com, e->archive_on)));
        PW_TRY(tell_all(c, com,
                        N_("Nothing more is written in {0}. Questions and answers can be read and searched; from {1} "
                           "by its members only."),
                        e->archive_on));
    } else if (com->status == COM_READ_ONLY) {
        e->archived_ms = c->now_ms;
        PW_TRY(community_set_status(c, com->id, SV("archived"), e->reason));
        PW_TRY(tell_all(c, com,
                        N_("{0} is archived. As a member you can still read and search its questions and answers."),
                        (struct sv){0}));
    } else {
        return PW_CONFLICT;
    }
    return db_exec(c->db, &ending_set,
                   DB_ARGS(DB_I(com->id), DB_I_OR_NULL(e->read_only_ms), DB_I_OR_NULL(e->archived_ms)), NULL);
}

enum pw_err ending_step(struct ctx *c, int64_t community_id)
{
    struct community com;
    struct ending e;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(ending_row(c, community_id, &e));
    return step(c, &com, &e);
}

/* A day came. What was undone or done by hand meanwhile is left alone. */
enum pw_err ending_due(struct ctx *c, int64_t community_id)
{
    struct community com;
    struct ending e;
    enum pw_err r = ending_row(c, community_id, &e);
    if (r == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(r);
    PW_TRY(community_get(c, community_id, &com));
    struct sv day = com.status == COM_WINDING_DOWN ? e.read_only_on : e.archive_on;
    if (com.status != COM_WINDING_DOWN && com.status != COM_READ_ONLY)
        return PW_OK;
    return day_begins(&com, day) > c->now_ms ? PW_OK : step(c, &com, &e);
}

enum pw_err ending_undo(struct ctx *c, int64_t community_id)
{
    struct community com;
    struct ending e;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(ending_row(c, community_id, &e));
    if (com.status != COM_WINDING_DOWN && com.status != COM_READ_ONLY)
        return PW_CONFLICT;
    PW_TRY(community_set_status(c, community_id, SV("live"), (struct sv){0}));
    enum pw_err r = timer_clear(c->db, sv_of(timer_kind), community_id);
    if (r != PW_OK && r != PW_NOT_FOUND)
        return r;
    PW_TRY(db_exec(c->db, &ending_drop, DB_ARGS(DB_I(community_id)), NULL));
    PW_TRY(note_fact(c, "planning.ending-undone", "community", community_id, community_id, (struct sv){0}));
    return tell_all(c, &com, N_("{0} goes on after all. You can write and ask as before."), (struct sv){0});
}

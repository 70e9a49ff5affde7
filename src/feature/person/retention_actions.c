/* SPDX-License-Identifier: EUPL-1.2 */
/* How long what is over is kept, per type of record, applied once a day, with a report (CNS-8). */
#include "base/civil.h"
#include "base/id.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/org.h"
#include "feature/person/person_room.h"
#include "work/work.h"

enum { AT_ONCE = 200, BATCHES = 50, RUNS_SHOWN = 60, NIGHT_HOUR = 8 /* UTC: the small hours in Canada */ };

DB_STMT(retention_run_add, "INSERT INTO retention_run (id, kind, days, n, at_ms) VALUES ($1, $2, $3, $4, $5)");
DB_STMT_SCAN(retention_runs, "SELECT kind, days, n, at_ms FROM retention_run ORDER BY id DESC LIMIT $1",
             "walks the primary key from its end, a page of rows");
DB_STMT(erasure_old_count, "SELECT count(*) FROM erasure_request WHERE state IN ('declined', 'done', 'withdrawn') AND "
                           "decided_ms < $1");
DB_STMT(erasure_old_drop, "DELETE FROM erasure_request WHERE state IN ('declined', 'done', 'withdrawn') AND "
                          "decided_ms < $1");

static const struct {
    const char *code, *setting, *field;
} kinds[RETENTION__MAX] = {[RETENTION_JOINS] = {"joins", "retention.joins", "joins"},
                           [RETENTION_EXITS] = {"exits", "retention.exits", "exits"},
                           [RETENTION_THREADS] = {"threads", "retention.threads", "threads"},
                           [RETENTION_REQUESTS] = {"requests", "retention.requests", "requests"}};

const char *retention_code(enum retention_kind k)
{
    return (unsigned)k < RETENTION__MAX ? kinds[k].code : "";
}

const char *retention_label(struct sv code)
{
    static const char *const labels[RETENTION__MAX] = {[RETENTION_JOINS] = N_("Refused and withdrawn join requests"),
                                                       [RETENTION_EXITS] = N_("Why people left, in their own words"),
                                                       [RETENTION_THREADS] =
                                                           N_("Private threads in which nobody writes any more"),
                                                       [RETENTION_REQUESTS] = N_("Decided requests to delete")};
    for (size_t i = 0; i < RETENTION__MAX; i++)
        if (sv_eq_z(code, kinds[i].code))
            return labels[i];
    return "";
}

static enum pw_err rules(struct ctx *c, int64_t days[RETENTION__MAX])
{
    for (size_t i = 0; i < RETENTION__MAX; i++) {
        struct sv text;
        PW_TRY(setting_get(c, kinds[i].setting, &text));
        if (!sv_int(text, &days[i]))
            days[i] = 0;
    }
    return PW_OK;
}

static int64_t before(const struct ctx *c, int64_t days)
{
    return c->now_ms - days * CIVIL_DAY_MS;
}

static enum pw_err count(struct ctx *c, enum retention_kind k, int64_t days, int64_t *ret)
{
    struct db_rows r;
    if (!days) {
        *ret = 0;
        return PW_OK;
    }
    if (k != RETENTION_REQUESTS)
        return old_count(c, (enum old_kind)k, before(c, days), ret);
    PW_TRY(db_one(c->db, c->arena, &erasure_old_count, DB_ARGS(DB_I(before(c, days))), &r));
    *ret = db_int(&r, 0, 0);
    return PW_OK;
}

static enum pw_err empty(struct ctx *c, enum retention_kind k, int64_t days, int64_t *ret)
{
    int64_t all = 0;
    if (k == RETENTION_REQUESTS) {
        PW_TRY(db_exec(c->db, &erasure_old_drop, DB_ARGS(DB_I(before(c, days))), &all));
    } else {
        int64_t n = AT_ONCE;
        for (int i = 0; i < BATCHES && n == AT_ONCE; i++, all += n)
            PW_TRY(old_empty(c, (enum old_kind)k, before(c, days), AT_ONCE, &n));
    }
    *ret = all;
    return PW_OK;
}

/* ---- reading ---- */

enum pw_err retention_get(struct ctx *c, struct retention *ret)
{
    struct retention v = {0};
    struct db_rows r;
    if (!actor_may(c->actor, RIGHT_PRIVACY) && !actor_may(c->actor, RIGHT_ADMIN))
        return PW_NOT_FOUND;
    v.may_change = actor_may(c->actor, RIGHT_ADMIN);
    PW_TRY(rules(c, v.days));
    for (int i = 0; i < RETENTION__MAX; i++)
        PW_TRY(count(c, (enum retention_kind)i, v.days[i], &v.due[i]));
    PW_TRY(db_query(c->db, c->arena, &retention_runs, DB_ARGS(DB_I(RUNS_SHOWN)), &r));
    v.runs = arena_array(c->arena, struct retention_run, r.n + 1);
    if (!v.runs)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v.runs[i] = (struct retention_run){db_text(&r, i, 0), db_int(&r, i, 1), db_int(&r, i, 2), db_int(&r, i, 3)};
    v.n_runs = r.n;
    *ret = v;
    return PW_OK;
}

/* ---- changing ---- */

static int64_t next_night(int64_t now_ms)
{
    int64_t today = now_ms / CIVIL_DAY_MS * CIVIL_DAY_MS + NIGHT_HOUR * INT64_C(3600000);
    return today > now_ms ? today : today + CIVIL_DAY_MS;
}

enum pw_err retention_set(struct ctx *c, const int64_t days[RETENTION__MAX], bool sure, int64_t ret_due[RETENTION__MAX])
{
    int64_t due = 0, kept = 0;
    if (!actor_may(c->actor, RIGHT_ADMIN))
        return PW_NOT_FOUND;
    for (int i = 0; i < RETENTION__MAX; i++) {
        if (days[i] && (days[i] < RETENTION_DAYS_MIN || days[i] > RETENTION_DAYS_MAX))
            (void)!problem_add(c->problems, kinds[i].field, N_("Give a number of days from 30 to 3650, or 0: kept."));
        PW_TRY(count(c, (enum retention_kind)i, days[i], &ret_due[i]));
        due += ret_due[i];
        kept += days[i];
    }
    if (!c->problems->n && due && !sure)
        (void)!problem_add(c->problems, "sure", N_("Tick the box: the records shown below are emptied tonight."));
    if (c->problems->n)
        return PW_INVALID;
    for (int i = 0; i < RETENTION__MAX; i++)
        PW_TRY(setting_set(c, kinds[i].setting, arena_fmt(c->arena, "%lld", (long long)days[i])));
    PW_TRY(audit(c, "retention.set", "setting", 0,
                 arena_fmt(c->arena, "joins=%lld exits=%lld threads=%lld requests=%lld", (long long)days[0],
                           (long long)days[1], (long long)days[2], (long long)days[3])));
    return kept ? timer_set(c->db, RETENTION_TIMER, 1, next_night(c->now_ms)) : timer_clear(c->db, RETENTION_TIMER, 1);
}

/* ---- every night ---- */

enum pw_err retention_run(struct ctx *c)
{
    int64_t days[RETENTION__MAX], kept = 0;
    PW_TRY(rules(c, days));
    for (int i = 0; i < RETENTION__MAX; i++) {
        int64_t n = 0;
        if (!days[i])
            continue;
        kept += days[i];
        PW_TRY(empty(c, (enum retention_kind)i, days[i], &n));
        if (!n)
            continue;
        PW_TRY(db_exec(c->db, &retention_run_add,
                       DB_ARGS(DB_I(id_new()), DB_T(sv_of(kinds[i].code)), DB_I(days[i]), DB_I(n), DB_I(c->now_ms)),
                       NULL));
        PW_TRY(audit(c, "retention.run", "setting", 0,
                     arena_fmt(c->arena, "kind=%s days=%lld n=%lld", kinds[i].code, (long long)days[i], (long long)n)));
    }
    return kept ? timer_set(c->db, RETENTION_TIMER, 1, next_night(c->now_ms)) : PW_OK;
}

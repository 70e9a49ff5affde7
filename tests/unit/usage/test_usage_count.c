/* SPDX-License-Identifier: EUPL-1.2 */
/* The counts of the database against a naive recount of the same random rows (EVAL-1, EVAL-2), by month, language,
 * channel, type and hour; and the identity of members over months. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "feature/usage/usage.h"
#include "unit/community/town.h"

enum { PEOPLE = 40, MESSAGES = 1500, QUESTIONS = 300, SPELLS = 120, FEB = 2026 * 12 + 1 };

static uint64_t seed = 88172645463325252;

static int64_t below(int64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int64_t)(seed % (uint64_t)n);
}

static const char *const langs[] = {"fr", "ar", "en"}, *const kinds[] = {"web", "telegram"},
                         *const types[] = {"event", "information", "workshop"};

struct said {
    int64_t thread, author, role, state, purpose, at;
    int lang, kind, type;
};
struct asked {
    int64_t thread, received, answered, referred, referred_again;
    int lang, kind, closed_as_none;
};
struct stay {
    int64_t joined, ended, state;
    int lang, kind, silent;
};
struct world {
    struct said m[MESSAGES];
    struct asked q[QUESTIONS];
    struct stay s[SPELLS];
    int64_t threads[PEOPLE];
};

DB_STMT(test_add_thread, "INSERT INTO thread (id, community_id, person_id, opened_ms, last_ms, waiting_staff, "
                         "member_read_ms) VALUES ($1, $2, $3, 0, $4, 0, 0)");
DB_STMT(
    test_add_message,
    "INSERT INTO message (id, community_id, thread_id, author, author_role, kind, purpose, state, body, sealed_for, "
    "lang, channel_kind, post_type, written_ms, shown_ms) "
    "VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, 0, $9, $10, $11, $12, $12)");
DB_STMT(
    test_add_question,
    "INSERT INTO question (id, community_id, message_id, author, thread_id, topic, lang, channel_kind, state, is_open, "
    "rank, sort_ms, received_ms, start_ms, answered_ms, close_reason) "
    "VALUES ($1, $2, $3, 1, $4, '', $5, $6, 0, 0, 2, 0, $7, $7, $8, $9)");
DB_STMT(test_add_step, "INSERT INTO question_step (id, question_id, at_ms, by_person, what, from_state, to_state) "
                       "VALUES ($1, $2, $3, 0, 'referred', 0, 5)");
DB_STMT(test_add_member,
        "INSERT INTO membership (id, community_id, person_id, state, lang, source, channel_kind, guidelines_version, "
        "accepted_ms) VALUES ($1, $2, $3, 3, 'fr', '', 'web', 0, 0)");
DB_STMT(test_add_spell,
        "INSERT INTO membership_spell (id, membership_id, community_id, lang, channel_kind, joined_ms, ended_ms, "
        "end_state, end_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

/* From January to May, by the wall clock of Calgary; sometimes exactly at the beginning of a month. */
static int64_t moment(void)
{
    static const char *const edges[] = {"2026-02-01T00:00-07:00", "2026-03-01T00:00-07:00", "2026-04-01T00:00-06:00"};
    if (below(12) == 0)
        return at(edges[below(3)]) - below(2);
    return at("2026-01-10T00:00-07:00") + below(INT64_C(110) * 24 * 3600 * 1000);
}

static void make_world(struct world *w)
{
    for (int i = 0; i < MESSAGES; i++)
        w->m[i] = (struct said){.thread = below(4) == 0 ? 1 + below(PEOPLE) : 0,
                                .author = 1 + below(PEOPLE),
                                .role = below(10) ? below(2) : 2,
                                .state = below(8) ? below(2) : below(4),
                                .purpose = below(6),
                                .at = moment(),
                                .lang = (int)below(3),
                                .kind = (int)below(2),
                                .type = (int)below(3)};
    for (int i = 0; i < QUESTIONS; i++) {
        int64_t received = moment();
        w->q[i] = (struct asked){.thread = below(4) == 0,
                                 .received = received,
                                 .answered = below(3) ? received + below(INT64_C(40) * 24 * 3600 * 1000) : 0,
                                 .referred = below(5) == 0 ? moment() : 0,
                                 .lang = (int)below(3),
                                 .kind = (int)below(2),
                                 .closed_as_none = below(9) == 0};
        w->q[i].referred_again = w->q[i].referred && below(2) ? w->q[i].referred + 1000 : 0;
    }
    for (int i = 0; i < SPELLS; i++) {
        int64_t joined = moment();
        bool ended = below(2);
        w->s[i] = (struct stay){.joined = joined,
                                .ended = ended ? joined + below(INT64_C(60) * 24 * 3600 * 1000) : 0,
                                .state = ended ? MEMBER_LEFT + below(2) : 0,
                                .lang = (int)below(3),
                                .kind = (int)below(2),
                                .silent = (int)below(2)};
    }
}

static enum pw_err add_message(struct ctx *c, int64_t com, const struct world *w, const struct said *m, int64_t *ret)
{
    bool post = !m->thread && m->purpose == FOR_POST;
    *ret = id_new();
    return db_exec(c->db, &test_add_message,
                   DB_ARGS(DB_I(*ret), DB_I(com), m->thread ? DB_I(w->threads[m->thread - 1]) : DB_N, DB_I(m->author),
                           DB_I(m->role), DB_I(m->purpose), DB_I(m->state), DB_B(SV("")), DB_T(sv_of(langs[m->lang])),
                           DB_T(sv_of(kinds[m->kind])), DB_T(post ? sv_of(types[m->type]) : (struct sv){0}),
                           DB_I(m->at)),
                   NULL);
}

static enum pw_err store_world(struct ctx *c, int64_t com, struct world *w)
{
    int64_t id, in_thread, in_group;
    for (int i = 0; i < PEOPLE; i++) {
        w->threads[i] = id_new();
        int64_t last = 0;
        for (int k = 0; k < MESSAGES; k++)
            if (w->m[k].thread == i + 1 && w->m[k].at > last)
                last = w->m[k].at;
        PW_TRY(db_exec(c->db, &test_add_thread, DB_ARGS(DB_I(w->threads[i]), DB_I(com), DB_I(1000 + i), DB_I(last)),
                       NULL));
    }
    for (int i = 0; i < MESSAGES; i++)
        PW_TRY(add_message(c, com, w, &w->m[i], &id));
    for (int i = 0; i < QUESTIONS; i++) {
        const struct asked *q = &w->q[i];
        struct said old = {.thread = q->thread ? 1 : 0, .author = 1, .at = at("2025-01-01T00:00-07:00")};
        PW_TRY(add_message(c, com, w, &old, &in_group));
        in_thread = w->threads[0];
        id = id_new();
        PW_TRY(db_exec(c->db, &test_add_question,
                       DB_ARGS(DB_I(id), DB_I(com), DB_I(in_group), q->thread ? DB_I(in_thread) : DB_N,
                               DB_T(sv_of(langs[q->lang])), DB_T(sv_of(kinds[q->kind])), DB_I(q->received),
                               DB_I_OR_NULL(q->answered), DB_T(q->closed_as_none ? SV("not-a-question") : SV(""))),
                       NULL));
        if (q->referred)
            PW_TRY(db_exec(c->db, &test_add_step, DB_ARGS(DB_I(id_new()), DB_I(id), DB_I(q->referred)), NULL));
        if (q->referred_again)
            PW_TRY(db_exec(c->db, &test_add_step, DB_ARGS(DB_I(id_new()), DB_I(id), DB_I(q->referred_again)), NULL));
    }
    for (int i = 0; i < SPELLS; i++) {
        const struct stay *s = &w->s[i];
        int64_t member = id_new();
        PW_TRY(db_exec(c->db, &test_add_member, DB_ARGS(DB_I(member), DB_I(com), DB_I(5000 + i)), NULL));
        PW_TRY(db_exec(c->db, &test_add_spell,
                       DB_ARGS(DB_I(id_new()), DB_I(member), DB_I(com), DB_T(sv_of(langs[s->lang])),
                               DB_T(sv_of(kinds[s->kind])), DB_I(s->joined), DB_I_OR_NULL(s->ended), DB_I(s->state),
                               DB_T(s->silent ? SV("silent") : SV("on-request"))),
                       NULL));
    }
    return PW_OK;
}

/* ---- the naive recount: everything looked at, for one line and one filter ---- */

static bool in(int64_t x, int64_t from, int64_t to)
{
    return x >= from && x < to;
}

static bool counted(const struct said *m, int64_t from, int64_t to, int lang, int kind)
{
    return in(m->at, from, to) && m->role != AUTHOR_SYSTEM && (m->state == SHOWN || m->state == HIDDEN) &&
           (lang < 0 || m->lang == lang) && (kind < 0 || m->kind == kind);
}

static int64_t recount(const struct world *w, enum activity_line line, int64_t from, int64_t to, int lang, int kind)
{
    int64_t n = 0;
    bool took[PEOPLE + 1] = {false};
    for (int i = 0; i < MESSAGES; i++) {
        const struct said *m = &w->m[i];
        if (!counted(m, from, to, lang, kind))
            continue;
        n += line == DID_PRIVATE && m->thread;
        n += line == DID_SAY && !m->thread;
        n += line == DID_POST && !m->thread && m->purpose == FOR_POST;
        if (line == DID_TAKE_PART && m->role == AUTHOR_MEMBER && !took[m->author]) {
            took[m->author] = true;
            n++;
        }
    }
    for (int i = 0; i < QUESTIONS; i++) {
        const struct asked *q = &w->q[i];
        if ((lang >= 0 && q->lang != lang) || (kind >= 0 && q->kind != kind))
            continue;
        bool real = !q->closed_as_none && !q->thread;
        n += line == DID_ASK && real && in(q->received, from, to);
        n += line == DID_ANSWER && real && q->answered && in(q->answered, from, to);
        n += line == DID_REFER &&
             ((q->referred && in(q->referred, from, to)) || (q->referred_again && in(q->referred_again, from, to)));
    }
    for (int i = 0; i < SPELLS; i++) {
        const struct stay *s = &w->s[i];
        if ((lang >= 0 && s->lang != lang) || (kind >= 0 && s->kind != kind))
            continue;
        bool ended = s->ended && in(s->ended, from, to);
        n += line == DID_JOIN && in(s->joined, from, to);
        n += line == DID_REMOVE && ended && s->state == MEMBER_REMOVED;
        n += line == DID_VANISH && ended && s->state == MEMBER_LEFT && s->silent;
        n += line == DID_LEAVE && ended && s->state == MEMBER_LEFT && !s->silent;
        n += line == DID_MEMBERS && s->joined < to && (!s->ended || s->ended >= to);
    }
    return n;
}

static int64_t part_of(const struct activity_codes *codes, const int64_t v[ACTIVITY_CODES][DID__MAX], const char *code,
                       int line)
{
    for (size_t i = 0; i < codes->n; i++)
        if (sv_eq_z(codes->v[i], code))
            return v[i][line];
    return 0;
}

static void compare(const struct world *w, const struct activity *a, int64_t from, int64_t to)
{
    for (int line = 0; line < DID__MAX; line++) {
        enum activity_line l = (enum activity_line)line;
        if (a->all[line] != recount(w, l, from, to, -1, -1))
            fail_msg("%s: %lld, recounted %lld", usage_line_code(l), (long long)a->all[line],
                     (long long)recount(w, l, from, to, -1, -1));
        for (int k = 0; k < 3; k++)
            assert_int_equal(recount(w, l, from, to, k, -1), part_of(&a->langs, a->by_lang, langs[k], line));
        for (int k = 0; k < 2; k++)
            assert_int_equal(recount(w, l, from, to, -1, k), part_of(&a->kinds, a->by_kind, kinds[k], line));
    }
    int64_t by_type[3] = {0}, hours[ACTIVITY_HOURS] = {0};
    const struct tz *tz;
    assert_int_equal(PW_OK, tz_find(SV("America/Edmonton"), &tz));
    for (int i = 0; i < MESSAGES; i++) {
        const struct said *m = &w->m[i];
        if (!counted(m, from, to, -1, -1))
            continue;
        by_type[m->type] += !m->thread && m->purpose == FOR_POST;
        int64_t local = m->at + (int64_t)tz_offset_s(tz, m->at) * 1000;
        hours[civil_weekday(civil_day_of(local)) * 24 + (int)(local - civil_day_of(local) * CIVIL_DAY_MS) / 3600000]++;
    }
    for (int k = 0; k < 3; k++) {
        int64_t n = 0;
        for (size_t i = 0; i < a->types.n; i++)
            n += sv_eq_z(a->types.v[i], types[k]) ? a->posts[i] : 0;
        assert_int_equal(by_type[k], n);
    }
    assert_memory_equal(hours, a->hours, sizeof hours);
}

static void counts_equal_a_naive_recount(void **state) /* EVAL-1, EVAL-2 */
{
    struct town *t = *state;
    struct community com;
    const struct tz *tz;
    assert_int_equal(PW_OK, tz_find(SV("America/Edmonton"), &tz));
    struct world *w = calloc(1, sizeof *w);
    make_world(w);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, store_world(c, t->com, w)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    struct activity *a = calloc(1, sizeof *a);
    int64_t before = -1;
    for (int64_t month = FEB - 1; month <= FEB + 3; month++) {
        int64_t from, to;
        month_bounds(tz, month, &from, &to);
        assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity_count(c, &com, from, to, a)));
        compare(w, a, from, to);
        if (before >= 0) /* end = previous end + new - left - removed - silently gone */
            assert_int_equal(0, usage_missing(before, a->all[DID_JOIN], a->all[DID_LEAVE], a->all[DID_REMOVE],
                                              a->all[DID_VANISH], a->all[DID_MEMBERS]));
        before = a->all[DID_MEMBERS];
    }
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity_count(c, &com, at("2026-01-20T12:34-07:00"),
                                                           at("2026-04-05T01:02-06:00"), a))); /* any from and to */
    compare(w, a, at("2026-01-20T12:34-07:00"), at("2026-04-05T01:02-06:00"));
    free(a);
    free(w);
}

int main(void)
{
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_equal_a_naive_recount, town_set_up, town_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

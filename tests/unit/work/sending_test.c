/* SPDX-License-Identifier: EUPL-1.2 */
/* How rows leave: order, lanes, pauses, tries. Times are given, nothing sleeps. */
#include <stdio.h>

#include "base/id.h"
#include "work_fix.h"

#define MINUTE INT64_C(60000)

static struct send_result ask_payload(struct fix *f, const struct out_row *row)
{
    (void)f;
    switch (row->payload.n ? row->payload.p[0] : ' ') {
    case 'r':
        return (struct send_result){.cls = SEND_RETRY, .code = SV("busy")};
    case 'f':
        return (struct send_result){.cls = SEND_FAILED, .code = SV("400")};
    case 'd':
        return (struct send_result){.cls = SEND_IN_DOUBT, .code = SV("timeout"), .provider_id = SV("known")};
    case 'b':
        return (struct send_result){.cls = SEND_BLOCKED};
    case 'p':
        return (struct send_result){.cls = SEND_RETRY, .pause_lane = true, .retry_after_ms = 7000, .code = SV("429")};
    default:
        return (struct send_result){.cls = SEND_OK, .provider_id = row->payload};
    }
}

static struct told last_told(struct fix *f)
{
    assert_true(f->n_told > 0);
    return f->told[f->n_told - 1];
}

static void what_is_sent_is_recorded_and_told(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    int64_t ok = add_text(f, "ok", LANE_INTERACTIVE, "");
    assert_state(f, ok, OUT_QUEUED);
    assert_int_equal(run(f, T0 + 10), 1);
    struct out_row row = row_of(f, ok);
    assert_int_equal(row.state, OUT_SENT);
    assert_int_equal(row.attempts, 1);
    assert_int_equal(row.changed_ms, T0 + 10);
    assert_true(sv_eq_z(row.provider_id, "ok"));
    assert_int_equal(last_told(f).state, OUT_SENT);
    assert_int_equal(last_told(f).id, ok);

    int64_t failed = add_text(f, "f", LANE_BULK, "");
    run(f, T0 + 20);
    assert_state(f, failed, OUT_FAILED);
    assert_string_equal(last_told(f).code, "400");
    assert_int_equal(last_told(f).cls, SEND_FAILED);

    int64_t blocked = add_text(f, "b", LANE_BULK, "");
    run(f, T0 + 20);
    assert_state(f, blocked, OUT_FAILED);
    assert_true(sv_eq_z(row_of(f, blocked).error_code, "blocked"));
    assert_int_equal(last_told(f).cls, SEND_BLOCKED);

    sends_are(f, "ok f b");
    run(f, T0 + 24 * 60 * MINUTE);
    sends_are(f, ""); /* nothing of it leaves again */
}

static void in_doubt_is_never_sent_again_by_itself(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    int64_t id = add_text(f, "d", LANE_INTERACTIVE, "");
    run(f, T0);
    assert_state(f, id, OUT_IN_DOUBT);
    assert_int_equal(last_told(f).cls, SEND_IN_DOUBT);
    sends_are(f, "d");
    run(f, T0 + 48 * 60 * MINUTE);
    sends_are(f, "");
    /* the provider's word resolves it */
    assert_int_equal(do_status(f, "known", OUT_DELIVERED, "", T0 + 5), PW_OK);
    assert_state(f, id, OUT_DELIVERED);
    /* or a person does: it arrived */
    int64_t second = add_text(f, "d2", LANE_INTERACTIVE, "");
    run(f, T0 + 6);
    assert_int_equal(do_resolve(f, second, true, T0 + 7), PW_OK);
    assert_state(f, second, OUT_SENT);
    /* or not: it goes out once more */
    int64_t third = add_text(f, "d3", LANE_INTERACTIVE, "");
    run(f, T0 + 8);
    f->n_sends = 0;
    f->answer = answer_ok;
    assert_int_equal(do_resolve(f, third, false, T0 + 9), PW_OK);
    run(f, T0 + 9);
    sends_are(f, "d3");
    assert_state(f, third, OUT_SENT);
}

static void tries_come_later_and_later_and_end(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    int64_t id = add_text(f, "r", LANE_INTERACTIVE, ""), now = T0;
    int64_t wanted = 5000;
    for (int attempt = 1; attempt < 12; attempt++) {
        assert_int_equal(run(f, now), 1);
        struct out_row row = row_of(f, id);
        assert_int_equal(row.state, OUT_QUEUED);
        assert_int_equal(row.attempts, attempt);
        assert_int_equal(last_told(f).cls, SEND_RETRY);
        assert_int_equal(last_told(f).state, OUT_QUEUED);
        int64_t wait = row.not_before_ms - now;
        assert_in_range(wait, wanted - wanted / 5, wanted);
        assert_int_equal(run(f, row.not_before_ms - 1), 0);
        now = row.not_before_ms;
        wanted = wanted * 2 > 15 * MINUTE ? 15 * MINUTE : wanted * 2;
    }
    assert_int_equal(run(f, now), 1);
    struct out_row row = row_of(f, id);
    assert_int_equal(row.state, OUT_FAILED);
    assert_int_equal(row.attempts, 12);
    assert_true(sv_eq_z(row.error_code, "busy"));
    assert_int_equal(last_told(f).cls, SEND_FAILED); /* the subject hears the end, not "again" */
    assert_int_equal(f->n_sends, 12);
    assert_int_equal(run(f, now + 24 * 60 * MINUTE), 0);
}

static struct send_result retry_in_90_s(struct fix *f, const struct out_row *row)
{
    (void)f, (void)row;
    return (struct send_result){.cls = SEND_RETRY, .retry_after_ms = 90000};
}

static void a_given_wait_is_kept(void **state)
{
    struct fix *f = *state;
    f->answer = retry_in_90_s;
    int64_t id = add_text(f, "x", LANE_INTERACTIVE, "");
    run(f, T0);
    assert_int_equal(row_of(f, id).not_before_ms, T0 + 90000);
    /* this row waits, the channel does not */
    add_text(f, "y", LANE_INTERACTIVE, "");
    assert_int_equal(run(f, T0 + 1), 1);
}

static void backoff_stays_in_its_bounds(void **state)
{
    (void)state;
    for (int64_t salt = 0; salt < 500; salt++)
        for (int64_t attempt = 1; attempt < 80; attempt++) {
            int64_t full = attempt > 8 ? BACKOFF_MAX_MS : 5000 * (INT64_C(1) << (attempt - 1));
            full = full > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : full;
            int64_t wait = backoff_ms(5000, attempt, salt);
            assert_in_range(wait, full - full / 5, full);
            assert_int_equal(wait, backoff_ms(5000, attempt, salt));
        }
}

/* 429: the whole channel waits, other channels do not, and it is not a try. */
static void a_429_pauses_the_channel(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    int64_t first = add_text(f, "p", LANE_BULK, "");
    int64_t other = add(f, (struct out_new){.channel_id = 8, .payload = SV("other")}, T0);
    int64_t second = 0;
    run(f, T0);
    second = add_text(f, "second", LANE_INTERACTIVE, "");
    assert_state(f, first, OUT_QUEUED);
    assert_int_equal(row_of(f, first).attempts, 0);
    assert_int_equal(row_of(f, first).not_before_ms, T0 + 7000);
    assert_state(f, other, OUT_SENT);
    run(f, T0 + 6999);
    assert_state(f, second, OUT_QUEUED); /* interactive too */
    f->n_sends = 0;
    /* a second process and a restart know it as well */
    struct work *again = fix_engine(f);
    size_t done = 9;
    assert_int_equal(work_run_once(again, T0 + 6999, &done), PW_OK);
    assert_int_equal(f->n_sends, 0);
    work_close(again);
    f->answer = answer_ok;
    run(f, T0 + 7000);
    sends_are(f, "second p");
    assert_int_equal(row_of(f, first).attempts, 1);
}

static enum pw_err settings_changed(struct db *db, void *arg)
{
    return outbox_try_now(db, *(const int64_t *)arg, T0 + 1);
}

/* Settings were set right: what waited for another try goes now; other channels wait on. */
static void a_changed_channel_tries_at_once(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    int64_t here = add_text(f, "p", LANE_BULK, "");
    int64_t there = add(f, (struct out_new){.channel_id = 8, .payload = SV("p")}, T0);
    int64_t channel = row_of(f, here).channel_id;
    run(f, T0);
    f->answer = answer_ok;
    do_work(f, settings_changed, &channel);
    run(f, T0 + 1);
    run(f, T0 + 1000); /* the pause kept the bucket empty */
    assert_state(f, here, OUT_SENT);
    assert_state(f, there, OUT_QUEUED);
}

static void a_429_may_come_for_ever(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    int64_t id = add_text(f, "p", LANE_BULK, "");
    for (int i = 0; i < 40; i++)
        assert_int_equal(run(f, T0 + i * 7000), 1);
    assert_state(f, id, OUT_QUEUED);
}

static void the_rate_of_a_channel_is_kept(void **state)
{
    struct fix *f = *state;
    char name[8];
    work_set_rate(f->w, CHANNEL, 2, 3);
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "%d", i);
        add_text(f, name, LANE_INTERACTIVE, "");
    }
    run(f, T0);
    sends_are(f, "0 1 2"); /* the burst */
    run(f, T0);
    sends_are(f, "");
    run(f, T0 + 499);
    sends_are(f, "");
    run(f, T0 + 500);
    sends_are(f, "3");
    run(f, T0 + 1500);
    sends_are(f, "4 5");
    run(f, T0 - 100000); /* the clock went back: no tokens out of nothing, no standstill after */
    sends_are(f, "");
    run(f, T0 - 100000 + 500);
    sends_are(f, ""); /* held by not_before */
    run(f, T0 + 100000);
    sends_are(f, "6 7 8");
    work_set_rate(f->w, CHANNEL, 0, 0); /* the default, from now on */
    run(f, T0 + 100500);
    sends_are(f, "9");
}

/* Thousands of posts never take the last tokens: an answer that comes goes at once. */
static void posts_leave_a_part_of_the_rate_to_answers(void **state)
{
    struct fix *f = *state;
    work_set_rate(f->w, CHANNEL, 10, 8);
    for (int i = 0; i < 30; i++)
        add_text(f, "b", LANE_BULK, "");
    run(f, T0);
    sends_are(f, "b b b b b b"); /* two of eight stay */
    add_text(f, "answer", LANE_INTERACTIVE, "");
    add_text(f, "another", LANE_INTERACTIVE, "");
    run(f, T0);
    sends_are(f, "answer another");
    run(f, T0 + 100);
    sends_are(f, ""); /* the bucket fills for answers first */
    run(f, T0 + 300);
    sends_are(f, "b");
    work_set_rate(f->w, CHANNEL, 10, 1); /* nothing to spare: posts must leave all the same */
    run(f, T0 + 400);
    sends_are(f, "b");
}

/* An answer to somebody for whom a post waits does not stand behind that post. */
static void an_answer_overtakes_a_queued_post_to_the_same_chat(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    int64_t post = add(
        f,
        (struct out_new){
            .channel_id = CHANNEL, .payload = SV("x"), .lane = LANE_BULK, .order_key = SV("chat"), .not_before_ms = T0},
        T0);
    add_text(f, "answer", LANE_INTERACTIVE, "chat");
    run(f, T0);
    sends_are(f, "answer x");
    /* also when the post waits for another try; a second post keeps its place behind the first */
    int64_t again = add_text(f, "r", LANE_BULK, "chat");
    add_text(f, "y", LANE_BULK, "chat");
    run(f, T0 + 1);
    add_text(f, "answer2", LANE_INTERACTIVE, "chat");
    run(f, T0 + 2);
    sends_are(f, "r answer2");
    assert_state(f, post, OUT_SENT);
    assert_state(f, again, OUT_QUEUED);
}

static enum pw_err hold_some(struct db *db, void *arg)
{
    return outbox_hold_bulk(db, SV("message"), 5, INT64_MAX, T0, arg);
}

static enum pw_err resume_some(struct db *db, void *arg)
{
    return outbox_resume_bulk(db, SV("message"), 5, T0 + 2000, arg);
}

static enum pw_err cancel_some(struct db *db, void *arg)
{
    return outbox_cancel_bulk(db, SV("message"), 5, T0 + 3000, arg);
}

static enum pw_err count_waiting(struct db *db, void *arg)
{
    return outbox_waiting_bulk(db, SV("message"), 5, CHANNEL, arg);
}

static void sends_of_one_subject_are_held_resumed_and_called_off(void **state)
{
    struct fix *f = *state;
    int64_t n = 0, ids[3];
    for (int i = 0; i < 3; i++)
        ids[i] = add(f,
                     (struct out_new){.channel_id = CHANNEL,
                                      .payload = SV("b"),
                                      .lane = LANE_BULK,
                                      .subject = SV("message"),
                                      .subject_id = 5},
                     T0);
    add(f,
        (struct out_new){.channel_id = CHANNEL,
                         .payload = SV("other"),
                         .lane = LANE_BULK,
                         .subject = SV("message"),
                         .subject_id = 6},
        T0);
    add(f, (struct out_new){.channel_id = CHANNEL, .payload = SV("answer"), .subject = SV("message"), .subject_id = 5},
        T0);
    do_work(f, hold_some, &n);
    assert_int_equal(n, 3);
    run(f, T0 + 1000);
    sends_are(f, "answer other");
    do_work(f, count_waiting, &n);
    assert_int_equal(n, 3);
    do_work(f, resume_some, &n);
    assert_int_equal(n, 3);
    run(f, T0 + 2000);
    sends_are(f, "b b b");
    do_work(f, count_waiting, &n);
    assert_int_equal(n, 0);
    do_work(f, cancel_some, &n);
    assert_int_equal(n, 0); /* what left is not called off */
    assert_state(f, ids[0], OUT_SENT);
}

static void interactive_goes_first(void **state)
{
    struct fix *f = *state;
    add_text(f, "bulk1", LANE_BULK, "");
    add_text(f, "bulk2", LANE_BULK, "");
    add_text(f, "now1", LANE_INTERACTIVE, "");
    add(f, (struct out_new){.channel_id = 8, .payload = SV("now2"), .lane = LANE_INTERACTIVE}, T0);
    run(f, T0);
    assert_string_equal(f->sends[2], "bulk1");
    sends_are(f, strcmp(f->sends[0], "now1") == 0 ? "now1 now2 bulk1 bulk2" : "now2 now1 bulk1 bulk2");
}

static struct send_result answer_question_at_500(struct fix *f, const struct out_row *row)
{
    if (f->n_sends == 500)
        add_text(f, "answer", LANE_INTERACTIVE, "chat");
    return answer_ok(f, row);
}

/* design.md 7: a broadcast does not hold up an answer. */
static void a_broadcast_never_delays_an_answer(void **state)
{
    struct fix *f = *state;
    for (int i = 0; i < 1000; i++)
        add_text(f, "bulk", LANE_BULK, "");
    f->answer = answer_question_at_500;
    assert_int_equal(run(f, T0), 1001);
    assert_string_equal(f->sends[499], "bulk");
    assert_string_equal(f->sends[500], "answer"); /* the very next */
}

static void a_chat_keeps_its_order(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    add_text(f, "r1", LANE_INTERACTIVE, "chat");
    add_text(f, "a2", LANE_INTERACTIVE, "chat");
    add_text(f, "b3", LANE_INTERACTIVE, "other");
    add(f, (struct out_new){.channel_id = 8, .payload = SV("c4"), .order_key = SV("chat")}, T0); /* another chat */
    add_text(f, "x5", LANE_INTERACTIVE, "");
    run(f, T0);
    assert_int_equal(f->n_sends, 4);
    for (int i = 0; i < f->n_sends; i++)
        assert_string_not_equal(f->sends[i], "a2");
    f->n_sends = 0;
    f->answer = answer_ok;
    run(f, T0 + 1000);
    sends_are(f, ""); /* r1 waits for its next try, a2 waits for r1 */
    run(f, T0 + 5000);
    sends_are(f, "r1 a2");
}

static void an_end_of_one_lets_the_next_go(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    add_text(f, "f1", LANE_INTERACTIVE, "k");
    add_text(f, "d2", LANE_INTERACTIVE, "k");
    int64_t held =
        add(f, (struct out_new){.payload = SV("h3"), .order_key = SV("k"), .not_before_ms = T0 + MINUTE}, T0);
    int64_t gone = add_text(f, "g4", LANE_INTERACTIVE, "k");
    add_text(f, "ok5", LANE_INTERACTIVE, "k");
    assert_int_equal(do_cancel(f, gone, T0), PW_OK);
    run(f, T0);
    sends_are(f, "f1 d2 ok5");
    assert_state(f, held, OUT_HELD);
}

/* SLA-5: a held answer waits for its time, then leaves by itself. */
static void held_rows_wait(void **state)
{
    struct fix *f = *state;
    int64_t id = add(f, (struct out_new){.payload = SV("h"), .not_before_ms = T0 + MINUTE}, T0);
    int64_t past = add(f, (struct out_new){.payload = SV("now"), .not_before_ms = T0 - MINUTE}, T0);
    int64_t gone = add(f, (struct out_new){.payload = SV("gone"), .not_before_ms = T0 + MINUTE}, T0);
    run(f, T0 + MINUTE - 1);
    assert_state(f, past, OUT_SENT);
    assert_state(f, id, OUT_HELD);
    assert_int_equal(do_cancel(f, gone, T0), PW_OK);
    run(f, T0 + MINUTE);
    assert_state(f, id, OUT_SENT);
    assert_state(f, gone, OUT_CANCELLED);
    sends_are(f, "now h");
}

static void a_cancelled_row_never_leaves(void **state)
{
    struct fix *f = *state;
    int64_t id = add_text(f, "x", LANE_INTERACTIVE, "");
    assert_int_equal(do_cancel(f, id, T0), PW_OK);
    assert_int_equal(do_cancel(f, id, T0), PW_CONFLICT);
    assert_int_equal(run(f, T0), 0);
    int64_t sent = add_text(f, "y", LANE_INTERACTIVE, "");
    run(f, T0);
    assert_int_equal(do_cancel(f, sent, T0), PW_CONFLICT);
}

static void a_failing_subject_does_not_undo_the_record(void **state)
{
    struct fix *f = *state;
    f->told_fails = PW_INTERNAL;
    int64_t id = add_text(f, "x", LANE_INTERACTIVE, "");
    run(f, T0);
    assert_state(f, id, OUT_SENT);
    run(f, T0 + MINUTE * 100);
    sends_are(f, "x");
}

static struct send_result cancel_too_late(struct fix *f, const struct out_row *row)
{
    assert_int_equal(do_cancel(f, row->id, T0), PW_CONFLICT);
    return answer_ok(f, row);
}

static void sending_is_committed_before_the_call(void **state)
{
    struct fix *f = *state;
    f->answer = cancel_too_late;
    int64_t id = add_text(f, "x", LANE_INTERACTIVE, "");
    run(f, T0);
    assert_state(f, id, OUT_SENT);
}

DB_STMT(test_give_up, "UPDATE outbox SET state = $2, lease_owner = NULL WHERE id = $1");

static struct send_result given_up_meanwhile(struct fix *f, const struct out_row *row)
{
    int64_t to = row->payload.p[1] - '0';
    do_exec(f, &test_give_up, DB_ARGS(DB_I(row->id), DB_I(to)));
    struct send_result r = ask_payload(f, row);
    r.provider_id = SV("late");
    return r;
}

/* Someone took us for dead while we were sending. Our knowledge is better than a doubt, and never doubles a message. */
static void a_late_result_still_counts(void **state)
{
    struct fix *f = *state;
    f->answer = given_up_meanwhile;
    char name[3] = "o?";
    static const enum out_state ok_from[][2] = {{OUT_IN_DOUBT, OUT_SENT},
                                                {OUT_QUEUED, OUT_SENT},
                                                {OUT_SENT, OUT_SENT},
                                                {OUT_DELIVERED, OUT_DELIVERED},
                                                {OUT_CANCELLED, OUT_CANCELLED}};
    for (size_t i = 0; i < sizeof ok_from / sizeof ok_from[0]; i++) {
        name[1] = (char)('0' + ok_from[i][0]);
        int64_t id = add_text(f, name, LANE_INTERACTIVE, "");
        int before = f->n_told;
        assert_int_equal(run(f, T0), 1);
        assert_state(f, id, ok_from[i][1]);
        assert_int_equal(f->n_told, before + (ok_from[i][0] != OUT_CANCELLED));
        if (ok_from[i][0] != OUT_CANCELLED)
            assert_true(sv_eq_z(row_of(f, id).provider_id, "late"));
    }
    /* it did not go out: a try more, or for good */
    name[0] = 'r';
    name[1] = '0' + OUT_IN_DOUBT;
    int64_t id = add_text(f, name, LANE_INTERACTIVE, "");
    run(f, T0);
    assert_state(f, id, OUT_QUEUED);
    assert_int_equal(do_cancel(f, id, T0), PW_OK);
    name[0] = 'f';
    name[1] = '0' + OUT_SENT; /* a person said it arrived */
    id = add_text(f, name, LANE_INTERACTIVE, "");
    run(f, T0);
    assert_state(f, id, OUT_SENT);
}

static bool elsewhere(void *self, int64_t channel_id)
{
    const struct fix *f = self;
    return channel_id != CHANNEL || f->now > T0;
}

/* A channel whose connection lives in another process: its rows are left alone, no try is counted. */
static void what_cannot_leave_here_is_not_claimed(void **state)
{
    struct fix *f = *state;
    f->answer = ask_payload;
    f->now = T0;
    work_on_ready(f->w, elsewhere);
    int64_t waits = add_text(f, "ok", LANE_INTERACTIVE, "");
    int64_t other = add(f, (struct out_new){.channel_id = CHANNEL + 1, .payload = SV("ok")}, T0);
    assert_int_equal(run(f, T0 + 1), 1);
    assert_state(f, other, OUT_SENT);
    assert_state(f, waits, OUT_QUEUED);
    assert_int_equal(row_of(f, waits).attempts, 0);
    f->now = T0 + 2; /* the connection is here now */
    assert_int_equal(run(f, T0 + 2), 1);
    assert_state(f, waits, OUT_SENT);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fix_open, fix_close)
    dbfix_engine();
    const struct CMUnitTest tests[] = {
        T(what_is_sent_is_recorded_and_told),
        T(in_doubt_is_never_sent_again_by_itself),
        T(tries_come_later_and_later_and_end),
        T(a_given_wait_is_kept),
        cmocka_unit_test(backoff_stays_in_its_bounds),
        T(a_429_pauses_the_channel),
        T(a_changed_channel_tries_at_once),
        T(a_429_may_come_for_ever),
        T(the_rate_of_a_channel_is_kept),
        T(posts_leave_a_part_of_the_rate_to_answers),
        T(an_answer_overtakes_a_queued_post_to_the_same_chat),
        T(sends_of_one_subject_are_held_resumed_and_called_off),
        T(interactive_goes_first),
        T(a_broadcast_never_delays_an_answer),
        T(a_chat_keeps_its_order),
        T(an_end_of_one_lets_the_next_go),
        T(held_rows_wait),
        T(a_cancelled_row_never_leaves),
        T(a_failing_subject_does_not_undo_the_record),
        T(sending_is_committed_before_the_call),
        T(a_late_result_still_counts),
        T(what_cannot_leave_here_is_not_claimed),
    };
    return cmocka_run_group_tests_name("sending", tests, NULL, NULL);
}

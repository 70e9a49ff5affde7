/* SPDX-License-Identifier: EUPL-1.2 */
/* What the channel room makes of letters on both engines: how often we answer by ourselves, what proves an address,
 * what a delivery report changes, and the link that ends letters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "channel/channel_schema.h"
#include "channel/email.h"
#include "channel/registry.h"
#include "channel/stop_link.h"
#include "lib/ctxfix.h"
#include "json/json.h"

enum { DAY_MS = 24 * 3600 * 1000 };

struct fix {
    struct ctxfix c;
    int64_t channel;
    size_t answers;      /* automatic answers that the receiver gives to each message */
    bool person_answers; /* and a person's words in the same moment */
    bool last_unproven;
    struct sv last_reply_to;
    size_t ended, told;
    enum send_class last_class;
    int n; /* of keys */
};

static enum pw_err receive(void *self, struct ctx *c, const struct channel *ch, const struct chan_event *e)
{
    struct fix *f = self;
    if (e->kind == CHAN_BLOCKED) {
        f->ended++;
        assert_true(sv_eq_z(e->user, "amal@example.com"));
        return PW_OK;
    }
    f->last_unproven = e->unproven;
    f->last_reply_to = arena_sv(&f->c.arena, e->reply_to);
    for (size_t i = 0; i < f->answers + f->person_answers; i++) {
        struct chan_send s = {.op = OP_TEXT, .chat = e->chat, .text = SV("x"), .automatic = i < f->answers};
        int64_t id;
        PW_TRY(channel_queue(c, ch->id, LANE_INTERACTIVE, &s, SV("join"), 1, 0, (struct sv){0}, &id));
    }
    return PW_OK;
}

static enum pw_err sent(void *self, struct ctx *c, const struct channel *ch, const struct out_row *row,
                        const struct send_result *res)
{
    struct fix *f = self;
    assert_non_null(c->db);
    assert_non_null(ch);
    assert_true(row->id > 0);
    f->told++;
    f->last_class = res->cls;
    return PW_OK;
}

static int set_up(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    ctxfix_open(&f->c);
    ctxfix_migrate(&f->c, channel_migrations, channel_migrations_n);
    json_t *config = json_pack("{s:s,s:s,s:s}", "from_address", "aide@example.org", "secret", "0123456789abcdef",
                               "smtp_url", "smtp://localhost");
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_add(c, SV("mail"), SV("email"), config, &f->channel)));
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_set_enabled(c, f->channel, true)));
    json_decref(config);
    f->answers = 1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fix *f = *state;
    ctxfix_close(&f->c);
    free(f);
    return 0;
}

static enum pw_err take(struct ctx *c, struct fix *f, struct chan_event e)
{
    struct channel ch;
    struct chan_receiver r = {.self = f, .receive = receive, .sent = sent};
    struct chan_events *ev = arena_new(c->arena, struct chan_events);
    PW_TRY(channel_get(c, f->channel, &ch));
    if (!e.provider_id.n)
        e.provider_id = arena_fmt(c->arena, "k%d", f->n++);
    ev->n = 1;
    ev->v[0] = e;
    return channel_receive(c, &ch, &r, ev);
}

static struct chan_event letter(const char *from, bool unproven)
{
    return (struct chan_event){.kind = CHAN_MESSAGE,
                               .private_chat = true,
                               .chat = sv_of(from),
                               .user = sv_of(from),
                               .text = SV("words"),
                               .unproven = unproven};
}

static size_t waiting(struct fix *f)
{
    struct out_row *v;
    size_t n = 0;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_list(c->db, c->arena, f->channel, OUT_QUEUED, 500, &v, &n)));
    return n;
}

static void write_once(struct fix *f, const char *from, bool unproven)
{
    assert_int_equal(PW_OK, CTX_ACT(&f->c, take(c, f, letter(from, unproven))));
}

/* reliability.md §2: none to unverified addresses beyond one a day. */
static void an_address_gets_one_automatic_answer_a_day(void **state)
{
    struct fix *f = *state;
    for (int i = 0; i < 10; i++)
        write_once(f, "victim@example.net", true);
    assert_int_equal(waiting(f), 1);
    write_once(f, "other@example.net", true);
    assert_int_equal(waiting(f), 2);
    f->c.now_ms += DAY_MS - 1;
    write_once(f, "victim@example.net", true);
    assert_int_equal(waiting(f), 2);
    f->c.now_ms += 1;
    write_once(f, "victim@example.net", true);
    assert_int_equal(waiting(f), 3);
    f->answers = 5; /* several at once: the first counts */
    write_once(f, "third@example.net", true);
    assert_int_equal(waiting(f), 4);
}

static void what_a_person_wrote_is_never_held_back(void **state)
{
    struct fix *f = *state;
    f->person_answers = true;
    for (int i = 0; i < 5; i++)
        write_once(f, "victim@example.net", true);
    assert_int_equal(waiting(f), 1 + 5);
}

static void even_a_proven_address_does_not_talk_with_us_for_ever(void **state)
{
    struct fix *f = *state;
    for (int i = 0; i < 60; i++)
        write_once(f, "robot@example.net", false);
    assert_int_equal(waiting(f), 20);
    write_once(f, "robot@example.net", true);
    assert_int_equal(waiting(f), 20);
}

/* A send to amal, recorded as sent with its token. */
static int64_t a_send(struct fix *f, enum out_state state)
{
    int64_t id = 0;
    char token[EMAIL_TOKEN + 1];
    struct channel ch;
    struct chan_send s = {.op = OP_TEXT, .chat = SV("amal@example.com"), .text = SV("hello")};
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_queue(c, f->channel, LANE_INTERACTIVE, &s, SV("message"), 5, 0,
                                                         (struct sv){0}, &id)));
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, channel_get(c, f->channel, &ch)));
    email_token_make(&ch, id, token);
    DB_STMT_SCAN(test_record, "UPDATE outbox SET state = $2, provider_id = $3 WHERE id = $1", "a test");
    assert_int_equal(
        PW_OK, CTX_ACT(&f->c, db_exec(c->db, &test_record, DB_ARGS(DB_I(id), DB_I(state), DB_T(sv_of(token))), NULL)));
    return id;
}

static enum out_state state_of(struct fix *f, int64_t id)
{
    struct out_row row;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_get(c->db, c->arena, id, &row)));
    return row.state;
}

static void only_who_received_a_letter_proves_the_address(void **state)
{
    struct fix *f = *state;
    int64_t id = a_send(f, OUT_SENT);
    struct chan_event e = letter("amal@example.com", true);
    e.out_id = id;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, take(c, f, e)));
    assert_false(f->last_unproven);
    assert_int_equal(f->last_reply_to.n, EMAIL_TOKEN);
    e = letter("omar@example.com", true); /* it was forwarded to him */
    e.out_id = id;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, take(c, f, e)));
    assert_true(f->last_unproven);
    assert_int_equal(f->last_reply_to.n, 0);
    e = letter("amal@example.com", true);
    e.out_id = 123456; /* of another installation */
    assert_int_equal(PW_OK, CTX_ACT(&f->c, take(c, f, e)));
    assert_true(f->last_unproven);
}

static void an_answer_ends_a_doubt(void **state)
{
    struct fix *f = *state;
    int64_t id = a_send(f, OUT_IN_DOUBT);
    struct chan_event e = letter("amal@example.com", true);
    e.out_id = id;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, take(c, f, e)));
    assert_int_equal(state_of(f, id), OUT_DELIVERED);
}

static void a_report_moves_its_send_and_ends_contact_once(void **state)
{
    struct fix *f = *state;
    int64_t id = a_send(f, OUT_SENT);
    struct chan_event e = {.kind = CHAN_STATUS,
                           .provider_id = SV("dsn1"),
                           .out_id = id,
                           .status = OUT_FAILED,
                           .status_code = SV("5.1.1"),
                           .gone = true};
    for (int i = 0; i < 3; i++)
        assert_int_equal(PW_OK, CTX_ACT(&f->c, take(c, f, e)));
    assert_int_equal(state_of(f, id), OUT_FAILED);
    assert_int_equal(f->ended, 1);
    assert_int_equal(f->told, 1);
    assert_int_equal(f->last_class, SEND_FAILED);
    int64_t other = a_send(f, OUT_SENT);
    e = (struct chan_event){.kind = CHAN_STATUS, .provider_id = SV("dsn2"), .out_id = other, .status = OUT_DELIVERED};
    assert_int_equal(PW_OK, CTX_ACT(&f->c, take(c, f, e)));
    assert_int_equal(state_of(f, other), OUT_DELIVERED);
    e = (struct chan_event){
        .kind = CHAN_STATUS, .provider_id = SV("dsn3"), .out_id = 99, .status = OUT_FAILED, .gone = true};
    assert_int_equal(PW_OK, CTX_ACT(&f->c, take(c, f, e)));
    assert_int_equal(f->ended, 1);
}

static void a_report_that_is_faster_than_our_record_is_asked_for_again(void **state)
{
    struct fix *f = *state;
    int64_t id = 0;
    struct chan_send s = {.op = OP_TEXT, .chat = SV("amal@example.com"), .text = SV("hello")};
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_queue(c, f->channel, LANE_INTERACTIVE, &s, SV("message"), 5, 0,
                                                         (struct sv){0}, &id)));
    struct chan_event e = {.kind = CHAN_STATUS, .provider_id = SV("early"), .out_id = id, .status = OUT_FAILED};
    assert_int_equal(PW_UNAVAILABLE, CTX_ACT(&f->c, take(c, f, e)));
}

/* ---- the link ---- */

static enum pw_err try_links(struct ctx *c)
{
    int64_t identity = 0, list = 0;
    c->public_url = SV("https://accueil.example.org");
    struct sv url = stop_link_url(c, 4711, 42);
    assert_true(sv_starts(url, SV("https://accueil.example.org/u/")));
    struct sv token = sv_sub(url, 30, url.n);
    assert_int_equal(token.n, 43);
    assert_true(stop_link_read(c, token, &identity, &list));
    assert_true(identity == 4711 && list == 42);
    for (size_t i = 0; i < token.n; i++) {
        char *wrong = arena_z(c->arena, token);
        wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
        assert_false(stop_link_read(c, sv_of(wrong), &identity, &list));
    }
    assert_false(stop_link_read(c, (struct sv){0}, &identity, &list));
    assert_false(stop_link_read(c, sv_sub(token, 0, 42), &identity, &list));
    /* Years later the same link, made again, is the same. */
    c->now_ms += INT64_C(10) * 365 * DAY_MS;
    assert_true(sv_eq(stop_link_url(c, 4711, 42), url));
    return PW_OK;
}

static void a_link_ends_letters_after_years_and_cannot_be_made_up(void **state)
{
    struct fix *f = *state;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, try_links(c)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_address_gets_one_automatic_answer_a_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_person_wrote_is_never_held_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(even_a_proven_address_does_not_talk_with_us_for_ever, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_who_received_a_letter_proves_the_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_ends_a_doubt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_report_moves_its_send_and_ends_contact_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_report_that_is_faster_than_our_record_is_asked_for_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_link_ends_letters_after_years_and_cannot_be_made_up, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

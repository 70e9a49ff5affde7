/* SPDX-License-Identifier: EUPL-1.2 */
/* MSG-1, invited people only: nobody else sees the community, a code opens the door as often as it was made for, on the
 * web and by text, and it is known by whom somebody came. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "channel/registry.h"
#include "core/audit.h"
#include "feature/community/invitation.h"
#include "unit/community/town.h"

enum { CHANNEL = 4711 };
#define HUDA "+14035550101"

static struct channel sms = {.id = CHANNEL, .name = {"sms", 3}, .driver = &kannel_driver, .enabled = true};

static int set_up(void **state)
{
    struct town *t = calloc(1, sizeof *t);
    struct town_plan plan = {.visibility = SV("invitation")};
    int64_t place = 0;
    town_open(t, &plan);
    sms.config = json_object();
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_add_channel(c, t->com, CHANNEL, SV("sms-kannel"), SV(""), 0,
                                                                 (struct sv){0}, &place)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, keyword_write(c, t->com, SV("fr"), SV("Entraide"))));
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    json_decref(sms.config);
    return town_tear_down(state);
}

static struct invitation make(struct town *t, const char *label, int64_t uses, const char *last_day)
{
    struct invitation_new n = {.label = sv_of(label), .uses_max = uses, .last_day = sv_of(last_day)};
    struct invitation v = {0};
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, invitation_make(c, t->com, &n, &v)));
    return v;
}

static enum pw_err ask(struct town *t, const struct actor *who, struct sv code, int64_t *ret)
{
    struct join_new n = {
        .community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("fr"), .invitation = code};
    *ret = 0;
    town_as(t, who);
    return CTX_ACT(&t->f, join_request_send(c, &n, ret));
}

static enum pw_err sees(struct town *t, const struct actor *who)
{
    struct community com;
    town_as(t, who);
    return CTX_LOOK(&t->f, community_by_slug(c, SV("bienvenue"), &com));
}

static void hear(struct town *t, const char *number, const char *words)
{
    static int64_t minted;
    struct chan_receiver r = community_receiver();
    struct chan_events *all = arena_new(&t->f.arena, struct chan_events);
    all->v[0] = (struct chan_event){.kind = CHAN_MESSAGE,
                                    .provider_id = arena_fmt(&t->f.arena, "sms:%lld", (long long)++minted),
                                    .private_chat = true,
                                    .chat = sv_of(number),
                                    .user = sv_of(number),
                                    .text = arena_sv(&t->f.arena, sv_of(words))};
    all->n = 1;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, channel_receive(c, &sms, &r, all)));
}

static struct chan_send last(struct town *t, const char *number, size_t *ret_n)
{
    static struct chan_send v[60];
    struct chan_send found = {0};
    size_t n = town_outbox(t, v, 60);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (sv_eq_z(v[i].chat, number)) {
            found = v[i];
            (*ret_n)++;
        }
    return found;
}

static void without_a_code_there_is_no_such_community(void **state)
{
    struct town *t = *state;
    int64_t request;
    assert_int_equal(PW_NOT_FOUND, sees(t, &actor_anonymous));
    assert_int_equal(PW_NOT_FOUND, sees(t, t->as_amal));
    assert_int_equal(PW_OK, sees(t, t->as_mod));
    assert_int_equal(PW_NOT_FOUND, ask(t, t->as_amal, (struct sv){0}, &request));
    struct invitation v = make(t, "Harbour group", 2, "");
    assert_int_equal(11, v.code.n);
    struct sv upper = arena_fmt(&t->f.arena, "%.5s-%.5s", v.code.p, v.code.p + 6);
    assert_int_equal(PW_OK, ask(t, t->as_amal, upper, &request));
    assert_int_equal(PW_OK, sees(t, t->as_amal)); /* waits for an answer: may look */
    struct join_request j;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_get(c, request, &j)));
    assert_true(sv_eq(j.source, v.source)); /* counted as the source of the member (MSG-19) */
    struct invitation by;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, invitation_of_source(c, t->com, j.source, &by)));
    assert_true(sv_eq_z(by.label, "Harbour group") && by.made_by == t->admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_refuse(c, request, SV("other"))));
    assert_int_equal(PW_NOT_FOUND, sees(t, t->as_amal));
}

static void it_is_good_for_as_many_as_it_was_made_for(void **state)
{
    struct town *t = *state;
    int64_t request;
    enum membership_state s;
    struct invitation v = make(t, "Two people", 2, ""), *list;
    size_t n;
    assert_int_equal(PW_OK, ask(t, t->as_amal, v.code, &request));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, request, &s)));
    assert_int_equal(PW_OK, ask(t, t->as_badi, v.code, &request));
    assert_int_equal(PW_INVALID, ask(t, t->as_noor, v.code, &request));
    assert_non_null(problem_of(&t->f.problems, "invitation"));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, invitation_list(c, t->com, &list, &n)));
    assert_int_equal(1, n);
    assert_true(list[0].uses == 2 && list[0].accepted == 1 && !list[0].works);
    assert_true(sv_eq(list[0].code, v.code) && sv_eq_z(list[0].by, "Ada"));
    /* who left comes back without another one */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_leave(c, t->com, 0)));
    assert_int_equal(PW_OK, ask(t, t->as_amal, (struct sv){0}, &request));
}

static void it_ends_on_its_day_or_is_taken_back(void **state)
{
    struct town *t = *state;
    int64_t request;
    struct invitation day = make(t, "Until Friday", 0, "2026-02-13"), back = make(t, "Mistake", 0, ""), open;
    struct community com;
    struct audit_row *rows;
    size_t n;
    t->f.now_ms = at("2026-02-13T23:59-07:00");
    town_as(t, &actor_anonymous);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, invitation_open(c, day.code, false, &open, &com)));
    t->f.now_ms = at("2026-02-14T00:00-07:00");
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, invitation_open(c, day.code, false, &open, &com)));
    assert_int_equal(PW_INVALID, ask(t, t->as_amal, day.code, &request));
    town_as(t, t->as_mod); /* moderates, does not administer */
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, invitation_withdraw(c, t->com, back.id)));
    assert_int_equal(PW_DENIED, CTX_LOOK(&t->f, invitation_list(c, t->com, &(struct invitation *){0}, &n)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, invitation_withdraw(c, t->com, back.id)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, invitation_withdraw(c, t->com, back.id)));
    assert_int_equal(PW_INVALID, ask(t, t->as_amal, back.code, &request));
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, audit_list(c, "invitation", back.id, 0, 10, &rows, &n)));
    assert_int_equal(2, n); /* made and taken back */
    static const struct invitation_new wrong[] = {
        {.label = {"", 0}}, {.label = {"x", 1}, .uses_max = -1}, {.label = {"x", 1}, .last_day = {"2026-02-01", 10}}};
    struct invitation v;
    town_as(t, t->as_admin);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(PW_INVALID, CTX_ACT(&t->f, invitation_make(c, t->com, &wrong[i], &v)));
}

static void by_text_the_code_begins_the_talk(void **state)
{
    struct town *t = *state;
    size_t n;
    struct invitation v = make(t, "Ligne", 1, "");
    hear(t, HUDA, "Bonjour"); /* nothing about the community, and only once */
    struct chan_send s = last(t, HUDA, &n);
    assert_true(n == 1 && sv_eq_z(s.text, "To join, send the code of your invitation."));
    hear(t, HUDA, "Entraide"); /* its word is no invitation */
    (void)last(t, HUDA, &n);
    assert_int_equal(1, n);
    hear(t, HUDA, "H8L 1K3-12345"); /* looks a little alike */
    (void)last(t, HUDA, &n);
    assert_int_equal(1, n);
    struct sv said = arena_fmt(&t->f.arena, "/start %.*s", SV_ARG(v.code));
    hear(t, HUDA, arena_z(&t->f.arena, said));
    s = last(t, HUDA, &n);
    assert_true(sv_has(s.text, "Reply YES"));
    hear(t, HUDA, "oui");
    assert_true(sv_has(last(t, HUDA, &n).text, "Your request to join"));
    struct join_request *j;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, join_list(c, t->com, 10, &j, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq(j[0].source, v.source));
    hear(t, "+14035550102", arena_z(&t->f.arena, v.code)); /* used up: said, and nothing else */
    assert_true(sv_has(last(t, "+14035550102", &n).text, "does not work any more"));
    assert_int_equal(1, n);
}

static void codes_are_read_as_people_write_them(void **state)
{
    static const struct {
        const char *text, *code;
    } v[] = {{"ab3de-9xk2m", "ab3de-9xk2m"},
             {"  AB3DE-9XK2M. ", "ab3de-9xk2m"},
             {"Voici mon code\nabOde-9xlIm merci", "ab0de-9x11m"},
             {"/start ab3de-9xk2m", "ab3de-9xk2m"},
             {"613-555-0142", NULL},
             {"peut-etre", NULL},
             {"abéde-9xk2m", NULL},
             {"", NULL}};
    struct arena a;
    (void)state;
    arena_init(&a, 1 << 16);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct sv code = {0};
        bool found = invitation_code_in(&a, sv_of(v[i].text), &code);
        if (found != (v[i].code != NULL) || (found && !sv_eq_z(code, v[i].code)))
            fail_msg("%s: %.*s", v[i].text, SV_ARG(code));
    }
    arena_finish(&a);
}

/* A member may speak of an invitation: the words are a message like any other. */
static void a_member_may_speak_of_a_code(void **state)
{
    struct town *t = *state;
    enum membership_state s;
    struct join_request *j;
    struct question *q;
    struct inbox_filter f = {.state = -1};
    struct invitation v = make(t, "Harbour group", 0, "");
    size_t n;
    char words[80];
    (void)snprintf(words, sizeof words, "%.*s", SV_ARG(v.code));
    hear(t, HUDA, words);
    hear(t, HUDA, "oui");
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, join_list(c, t->com, 10, &j, &n)));
    assert_int_equal(1, n);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, j[0].id, &s)));
    (void)snprintf(words, sizeof words, "Ma soeur peut-elle venir avec %.*s ?", SV_ARG(v.code));
    hear(t, HUDA, words);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &q, &n)));
    assert_int_equal(1, n);
    assert_true(sv_has(q[0].text, "Ma soeur"));
    (void)snprintf(words, sizeof words, "%.*s", SV_ARG(v.code));
    hear(t, HUDA, words); /* the code alone: a member already */
    assert_true(sv_has(last(t, HUDA, &n).text, "You are a member of"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(without_a_code_there_is_no_such_community),
        T(it_is_good_for_as_many_as_it_was_made_for),
        T(it_ends_on_its_day_or_is_taken_back),
        T(by_text_the_code_begins_the_talk),
        T(a_member_may_speak_of_a_code),
        cmocka_unit_test(codes_are_read_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

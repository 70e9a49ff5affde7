/* SPDX-License-Identifier: EUPL-1.2 */
/* LANG-5 on both engines: nobody without an undertaking, nobody twice at a time, who is told what, and whose words came
 * through whom. The town is Calgary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/notify.h"
#include "core/people.h"
#include "feature/interpreting/interpreting_store.h"
#include "feature/person/person.h"
#include "lib/keptword.h"
#include "unit/community/town.h"

struct life {
    struct town t;
    int64_t samira, interpreter; /* a person with an account; her entry */
    const struct actor *as_coord, *as_samira, *as_stranger;
};

static void tables(struct ctxfix *f)
{
    ctxfix_migrate(f, person_migrations, person_migrations_n);
    ctxfix_migrate(f, interpreting_migrations, interpreting_migrations_n);
}

static const struct sv langs[] = {{"ar", 2}, {"fr", 2}}, modes[] = {{"in-person", 9}, {"telephone", 9}};

static int set_up(void **state)
{
    struct life *l = calloc(1, sizeof *l);
    struct town *t = &l->t;
    struct town_plan plan = {.tables = tables};
    town_open(t, &plan);
    interpreting_register(t->work);
    struct grant coordinator = {.role = ROLE_COORDINATOR, .scope = SCOPE_ORG, .scope_id = t->org};
    int64_t coord = ctxfix_person(&t->f, "Cora");
    coordinator.person_id = coord;
    l->as_coord = ctxfix_staff(&t->f, coord, &coordinator, 1);
    l->as_stranger = ctxfix_staff(&t->f, ctxfix_person(&t->f, "Stan"), NULL, 0);
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_amal, t->amal));
    l->samira = ctxfix_person(&t->f, "Samira");
    l->as_samira = ctxfix_staff(&t->f, l->samira, NULL, 0);
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    struct life *l = *state;
    through_set(NULL);
    town_close(&l->t);
    free(l);
    return 0;
}

static enum pw_err add(struct ctx *c, int64_t person, const char *name, int64_t *ret)
{
    struct interpreter_edit e = {.name = sv_of(name),
                                 .kind = SV("outside"),
                                 .service = SV("Banque d’interprètes"),
                                 .reached = SV("403 555-0177"),
                                 .langs = langs,
                                 .n_langs = 2,
                                 .modes = modes,
                                 .n_modes = 2};
    if (!person)
        return interpreter_add(c, &e, ret);
    struct interpreter i = {.id = 99, .person_id = person, .kind = INTERPRETER_VOLUNTEER, .modes = 3};
    *ret = i.id; /* an account's page is not needed here: the row of somebody who has one */
    PW_TRY(interpreter_insert(c, &i));
    return interpreter_save_langs(c, i.id, langs, 2);
}

static int64_t given_interpreter(struct life *l, int64_t person, const char *name)
{
    int64_t id = 0;
    town_as(&l->t, l->as_coord);
    assert_int_equal(PW_OK, CTX_ACT(&l->t.f, add(c, person, name, &id)));
    return id;
}

static enum pw_err sign(struct life *l, int64_t interpreter, const char *from, const char *until)
{
    struct undertaking_new n = {
        .signed_on = sv_of(from), .until_on = sv_of(until), .method = SV("signature"), .lang = SV("ar")};
    town_as(&l->t, l->as_coord);
    return CTX_ACT(&l->t.f, undertaking_record(c, interpreter, &n));
}

static struct booking_edit wish(const struct life *l, int64_t interpreter, const char *start)
{
    return (struct booking_edit){.person_id = l->t.amal,
                                 .interpreter_id = interpreter,
                                 .purpose = SV("intake"),
                                 .lang = SV("ar"),
                                 .with_lang = SV("fr"),
                                 .mode = SV("in-person"),
                                 .place = SV("Bureau 12, canari-lieu"),
                                 .notes = SV("canari-note"),
                                 .start = sv_of(start),
                                 .zone = SV("America/Edmonton"),
                                 .minutes = 60};
}

static enum pw_err ask(struct life *l, int64_t interpreter, const char *start, int64_t *ret)
{
    struct booking_edit e = wish(l, interpreter, start);
    town_as(&l->t, l->t.as_mod);
    return CTX_ACT(&l->t.f, booking_ask(c, &e, ret));
}

static const char *why(struct life *l, const char *field)
{
    const struct problem *p = problem_of(&l->t.f.problems, field);
    return p ? p->msgid : "";
}

static enum pw_err become(struct life *l, const struct actor *who, int64_t booking, enum booking_state to)
{
    town_as(&l->t, who);
    return CTX_ACT(&l->t.f, booking_set_state(c, booking, to));
}

static struct booking read_as(struct life *l, const struct actor *who, int64_t id, enum pw_err expect)
{
    struct booking b = {0};
    town_as(&l->t, who);
    assert_int_equal(expect, CTX_ACT(&l->t.f, booking_read(c, id, &b)));
    return b;
}

/* Nobody can be booked without an undertaking in force on the day of the appointment. */
static void no_appointment_without_undertaking(void **state)
{
    struct life *l = *state;
    int64_t who = given_interpreter(l, 0, "Farid"), id = 0;
    assert_int_equal(PW_INVALID, ask(l, who, "2026-02-12T10:00", &id));
    assert_non_null(strstr(why(l, "interpreter"), "has given no confidentiality undertaking"));
    assert_int_equal(PW_INVALID, sign(l, who, "2026-02-11", ""));
    assert_non_null(strstr(why(l, "signed_on"), "not in the future"));
    assert_int_equal(PW_OK, sign(l, who, "2026-02-10", "2026-02-12"));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-12T10:00", &id));
    assert_int_equal(PW_INVALID, ask(l, who, "2026-02-13T10:00", &id));
    assert_non_null(strstr(why(l, "interpreter"), "has ended by that day"));
    struct booking_edit late = wish(l, who, "2026-02-12T23:30"); /* lasts into the day after the last one */
    town_as(&l->t, l->t.as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&l->t.f, booking_ask(c, &late, &id)));
    assert_non_null(strstr(why(l, "interpreter"), "has ended by that day"));
}

static void ended_undertaking_stops_a_confirmation(void **state)
{
    struct life *l = *state;
    int64_t who = given_interpreter(l, 0, "Farid"), id = 0;
    struct undertaking *u = NULL;
    size_t n = 0;
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-12T10:00", &id));
    town_as(&l->t, l->as_coord);
    assert_int_equal(PW_OK, CTX_LOOK(&l->t.f, undertaking_list(c, who, &u, &n)));
    assert_int_equal(1, n);
    assert_true(u[0].in_force);
    assert_int_equal(1, u[0].doc_version);
    town_as(&l->t, l->t.as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&l->t.f, undertaking_end(c, who, u[0].id)));
    town_as(&l->t, l->as_coord);
    assert_int_equal(PW_OK, CTX_ACT(&l->t.f, undertaking_end(c, who, u[0].id)));
    assert_int_equal(PW_INVALID, become(l, l->t.as_mod, id, BOOKING_CONFIRMED));
    assert_int_equal(BOOKING_ASKED, read_as(l, l->t.as_mod, id, PW_OK).state);
}

static void taken_at_that_time(void **state)
{
    struct life *l = *state;
    int64_t who = given_interpreter(l, 0, "Farid"), other = given_interpreter(l, l->samira, ""), id = 0, again = 0;
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    assert_int_equal(PW_OK, sign(l, other, "2026-02-01", ""));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-12T10:00", &id));
    assert_int_equal(PW_INVALID, ask(l, who, "2026-02-12T10:30", &again));
    assert_non_null(strstr(why(l, "interpreter"), "is taken at that time"));
    assert_true(sv_has(problem_of(&l->t.f.problems, "interpreter")->arg, "11:00"));
    /* nor does the person sit in two places */
    assert_int_equal(PW_INVALID, ask(l, other, "2026-02-12T10:30", &again));
    assert_non_null(strstr(why(l, "start"), "has another appointment"));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-12T11:00", &again)); /* touching */
    /* moved onto itself it is free; cancelled, its time is free for others */
    struct booking_edit e = wish(l, who, "2026-02-12T09:45");
    town_as(&l->t, l->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&l->t.f, booking_move(c, id, &e)));
    assert_int_equal(PW_OK, become(l, l->t.as_mod, id, BOOKING_CANCELLED));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-12T10:00", &id));
}

static void a_time_that_does_not_exist(void **state)
{
    struct life *l = *state;
    int64_t who = given_interpreter(l, 0, "Farid"), id = 0;
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    assert_int_equal(PW_INVALID, ask(l, who, "2026-03-08T02:30", &id));
    assert_true(sv_eq_z(problem_of(&l->t.f.problems, "start")->arg, "03:00"));
    assert_int_equal(PW_OK, ask(l, who, "2026-03-08T03:00", &id));
    assert_int_equal(at("2026-03-08T03:00-06:00"), read_as(l, l->t.as_mod, id, PW_OK).start_ms);
    assert_int_equal(PW_INVALID, ask(l, who, "2026-02-10T09:59", &id)); /* it is ten o'clock */
}

/* The person: once it is sure, what changes, and when it is off; the interpreter and who booked: each step of the
 * other. */
static void who_is_told(void **state)
{
    struct life *l = *state;
    struct town *t = &l->t;
    int64_t who = given_interpreter(l, l->samira, ""), id = 0;
    static const char booked[] =
        "An interpreter will be there for you, in person: {0}, {1} minutes. To cancel or to ask, "
        "write to us here.",
                      off[] =
                          "The appointment with an interpreter does not take place: {0}. Write to us here if you need "
                          "another one.",
                      moved[] =
                          "Your appointment with an interpreter is changed. It is now in person: {0}, {1} minutes. To "
                          "cancel or to ask, write to us here.";
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-17T10:00", &id));
    assert_int_equal(1, town_notices(t, l->samira, "You are asked to interpret: {0}. Please confirm or decline."));
    assert_int_equal(0, town_notices(t, t->amal, booked));
    assert_int_equal(PW_OK, become(l, l->as_samira, id, BOOKING_CONFIRMED)); /* the interpreter herself */
    assert_int_equal(1, town_notices(t, t->amal, booked));
    assert_int_equal(1, town_notices(t, t->mod, "The interpreter comes: {0}, {1}."));
    struct booking_edit e = wish(l, who, "2026-02-18T10:00");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, booking_move(c, id, &e)));
    assert_int_equal(1, town_notices(t, t->amal, moved));
    assert_int_equal(BOOKING_ASKED, read_as(l, t->as_mod, id, PW_OK).state);
    assert_int_equal(PW_OK, become(l, l->as_samira, id, BOOKING_CONFIRMED));
    assert_int_equal(1, town_notices(t, t->amal, booked)); /* told of this time already */
    /* Tuesday the 17th at nine, the day before */
    town_time(t, "2026-02-17T08:59-07:00");
    assert_int_equal(0, town_notices(t, l->samira, "Reminder: you interpret {0}."));
    town_time(t, "2026-02-17T09:01-07:00");
    assert_int_equal(1, town_notices(t, l->samira, "Reminder: you interpret {0}."));
    assert_int_equal(1, town_notices(t, t->mod, "Reminder: an interpreter is booked {0}, {1}."));
    assert_int_equal(PW_OK, become(l, l->as_samira, id, BOOKING_DECLINED));
    assert_int_equal(1, town_notices(t, t->amal, off));
    assert_int_equal(1, town_notices(t, t->mod, "The interpreter cannot come: {0}, {1}. Choose somebody else."));
}

/* Family Day (16 February) is no business day in Alberta: an appointment on Tuesday is reminded of on Friday. */
static void reminder_over_a_holiday(void **state)
{
    struct life *l = *state;
    struct town *t = &l->t;
    int64_t who = given_interpreter(l, l->samira, ""), id = 0;
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-17T10:00", &id));
    town_time(t, "2026-02-13T09:01-07:00");
    assert_int_equal(1, town_notices(t, l->samira, "Reminder: you interpret {0}."));
    town_time(t, "2026-02-17T09:01-07:00");
    assert_int_equal(1, town_notices(t, l->samira, "Reminder: you interpret {0}."));
}

static void each_sees_what_they_need(void **state)
{
    struct life *l = *state;
    struct town *t = &l->t;
    int64_t who = given_interpreter(l, l->samira, ""), id = 0;
    struct interpreter i = {0};
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-12T10:00", &id));
    struct booking b = read_as(l, t->as_mod, id, PW_OK);
    assert_true(b.may_change);
    assert_true(sv_eq_z(b.notes, "canari-note"));
    b = read_as(l, l->as_samira, id, PW_OK);
    assert_true(b.as_interpreter && !b.may_change);
    assert_true(sv_eq_z(b.place, "Bureau 12, canari-lieu"));
    assert_int_equal(0, b.notes.n);
    (void)read_as(l, l->as_stranger, id, PW_NOT_FOUND);
    (void)read_as(l, t->as_amal, id, PW_NOT_FOUND);
    assert_int_equal(PW_NOT_FOUND, become(l, l->as_stranger, id, BOOKING_CONFIRMED));
    assert_int_equal(PW_DENIED, become(l, l->as_samira, id, BOOKING_CANCELLED));
    struct booking_edit e = wish(l, who, "2026-02-12T14:00");
    town_as(t, l->as_samira);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, booking_move(c, id, &e)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, booking_ask(c, &e, &id)));
    town_as(t, l->as_stranger);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, interpreter_read(c, who, &i)));
    town_as(t, l->as_samira);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreter_read(c, who, &i)));
    /* a moderator books only for those they work with */
    e.person_id = t->badi;
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, booking_ask(c, &e, &id)));
}

static void words_through_an_interpreter(void **state)
{
    struct life *l = *state;
    struct town *t = &l->t;
    int64_t who = given_interpreter(l, 0, "Farid"), id = 0;
    struct through_offer *o = NULL;
    size_t n = 0;
    struct sv said[2];
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-10T11:00", &id));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_offers(c, t->amal, &o, &n)));
    assert_int_equal(3, n); /* the appointment, the interpreter, family */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_offers(c, t->badi, &o, &n)));
    assert_int_equal(2, n);
    int64_t question = town_ask(t, t->as_amal, "Où est l’école?");
    int64_t message = town_question(t, question).message_id;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_offers(c, t->amal, &o, &n)));
    struct sv booked = o[0].value, family = o[2].value;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreted_mark(c, "message", message, t->amal, t->com, booked)));
    const int64_t ids[] = {message + 1, message};
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_words(c, "message", ids, 2, said)));
    assert_int_equal(0, said[0].n);
    assert_true(sv_eq_z(said[1], "Through interpreter: Farid"));
    /* somebody else's appointment is refused, so is what is no choice */
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, interpreted_mark(c, "message", message, t->badi, t->com, booked)));
    assert_int_equal(PW_INVALID,
                     CTX_ACT(&t->f, interpreted_mark(c, "message", message, t->amal, t->com, SV("friend"))));
    /* members and strangers see nothing of it */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_words(c, "message", ids, 2, said)));
    assert_int_equal(0, said[1].n);
    town_as(t, l->as_stranger);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_words(c, "message", ids, 2, said)));
    assert_int_equal(0, said[1].n);
    /* changed and taken away */
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreted_mark(c, "message", message, t->amal, t->com, family)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_words(c, "message", ids, 2, said)));
    assert_true(sv_eq_z(said[1], "Through family or a friend"));
    /* the question's page and the inbox say it */
    struct inbox_filter f = {.state = -1};
    struct question *q = NULL;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &q, &n)));
    assert_true(sv_eq_z(q[0].through, "Through family or a friend"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreted_mark(c, "message", message, t->amal, t->com, (struct sv){0})));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_words(c, "message", ids, 2, said)));
    assert_int_equal(0, said[1].n);
}

static int64_t marks_of(struct life *l, int64_t month)
{
    struct interp_month *m;
    size_t n;
    town_as(&l->t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&l->t.f, interpreting_months(c, month, month, &m, &n)));
    return m[0].marks;
}

/* A wrong mark is corrected or taken away by who works there; the month in which the words were said stays theirs. */
static void a_wrong_mark_is_corrected(void **state)
{
    struct life *l = *state;
    struct town *t = &l->t;
    const int64_t feb = 2026 * 12 + 1, mar = feb + 1;
    int64_t who = given_interpreter(l, 0, "Farid");
    struct interpreted x = {0}, was = {0};
    struct through_offer *o = NULL;
    size_t n = 0;
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", "2026-02-20"));
    int64_t question = town_ask(t, t->as_amal, "Où est l’école?");
    int64_t message = town_question(t, question).message_id;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_offers(c, t->amal, &o, &n)));
    struct sv farid = o[0].value;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreted_mark(c, "message", message, t->amal, t->com, farid)));
    assert_int_equal(1, marks_of(l, feb));

    town_time(t, "2026-03-05T10:00-07:00"); /* his undertaking ended: not offered for new words, still his for these */
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreted_look(c, SV("message"), message, &x)));
    assert_true(sv_eq(x.choice, farid) && sv_eq_z(x.said, "Through interpreter: Farid") && x.marked_by == t->mod);
    assert_true(sv_eq_z(x.words, "Où est l’école?") && sv_eq_z(x.person_name, "Amal"));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_offers(c, t->amal, &o, &n)));
    assert_int_equal(1, n);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreted_offers_for(c, &x, &o, &n)));
    assert_int_equal(2, n);
    static const char *const bad[] = {"", "friend", "booking:0000000000000"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(PW_INVALID,
                         CTX_ACT(&t->f, interpreted_correct(c, SV("message"), message, sv_of(bad[i]), &was)));
        assert_string_equal("Choose how the words were passed on from the list.", why(l, "through"));
    }
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreted_correct(c, SV("message"), message, SV("family"), &was)));
    assert_true(sv_eq(was.choice, farid));
    assert_int_equal(1, marks_of(l, feb));
    assert_int_equal(0, marks_of(l, mar));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreted_correct(c, SV("message"), message, SV("self"), &was)));
    assert_int_equal(0, marks_of(l, feb));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreted_look(c, SV("message"), message, &x)));
    assert_true(sv_eq_z(x.choice, "self") && !x.said.n && !x.marked_by);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreted_correct(c, SV("message"), message, was.choice, &was)));
    assert_int_equal(1, marks_of(l, feb)); /* taken back: it counts where it counted */

    /* nobody else, and no other words */
    const struct actor *const strangers[] = {t->as_amal, t->as_badi, l->as_stranger, l->as_samira};
    for (size_t i = 0; i < 4; i++) {
        town_as(t, strangers[i]);
        assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, interpreted_look(c, SV("message"), message, &x)));
        assert_int_equal(PW_NOT_FOUND,
                         CTX_ACT(&t->f, interpreted_correct(c, SV("message"), message, SV("self"), &was)));
    }
    int64_t staff = town_say(t, t->as_mod, "Réponse", 0).message_id;
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, interpreted_look(c, SV("message"), staff, &x)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, interpreted_look(c, SV("answer"), message, &x)));
}

static void numbers_are_counted_and_protected(void **state)
{
    struct life *l = *state;
    struct town *t = &l->t;
    int64_t who = given_interpreter(l, 0, "Farid"), id = 0;
    struct interp_month *m = NULL;
    size_t n = 0;
    const int64_t feb = 2026 * 12 + 1;
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    static const char *const starts[] = {"2026-02-12T09:00", "2026-02-12T11:00", "2026-02-12T13:00"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(PW_OK, ask(l, who, starts[i], &id));
    assert_int_equal(PW_CONFLICT, become(l, t->as_mod, id, BOOKING_DONE)); /* not before it began */
    town_time(t, "2026-02-12T16:00-07:00");
    assert_int_equal(PW_OK, become(l, t->as_mod, id, BOOKING_DONE));
    assert_int_equal(PW_OK, become(l, t->as_mod, id, BOOKING_NO_PERSON)); /* noted wrongly first */
    struct booking_filter f = {.past = true};
    struct booking *b = NULL;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, booking_list(c, &f, &b, &n)));
    assert_int_equal(3, n);
    assert_int_equal(PW_OK, become(l, t->as_mod, b[1].id, BOOKING_DONE));
    assert_int_equal(PW_OK, become(l, t->as_mod, b[2].id, BOOKING_DONE));
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, interpreting_months(c, feb, feb, &m, &n)));
    town_as(t, l->as_coord); /* coordinates, but is not the network's administrator: parts are protected */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreting_months(c, feb, feb, &m, &n)));
    assert_int_equal(2, m[0].held);
    assert_int_equal(120, m[0].minutes);
    assert_int_equal(1, m[0].not_kept);
    assert_int_equal(1, m[0].langs.n);
    assert_true(m[0].langs.v[0].hidden);
    assert_int_equal(0, m[0].langs.v[0].n);
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, interpreting_months(c, feb, feb, &m, &n)));
    assert_int_equal(2, m[0].langs.v[0].n);
    assert_true(sv_eq_z(m[0].purposes.v[0].code, "intake"));
    assert_int_equal(PW_INVALID, CTX_LOOK(&t->f, interpreting_months(c, feb, feb + 24, &m, &n)));
}

/* An erased person leaves the hour, and nothing else; what was to come does not take place. */
static void erased_people(void **state)
{
    struct life *l = *state;
    struct town *t = &l->t;
    int64_t who = given_interpreter(l, l->samira, ""), id = 0;
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    assert_int_equal(PW_OK, ask(l, who, "2026-02-12T10:00", &id));
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_erase(c, t->amal)));
    town_time(t, "2026-02-10T10:05-07:00");
    struct booking b = read_as(l, l->as_samira, id, PW_OK);
    assert_int_equal(BOOKING_CANCELLED, b.state);
    assert_int_equal(0, b.place.n);
    assert_int_equal(0, b.person_name.n);
    assert_int_equal(1, town_notices(t, l->samira, "An appointment to interpret is cancelled: {0}."));
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_set(c, t->badi, &(struct person_new){SV("Badi"), SV("ar"), SV("")})));
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_badi, t->badi));
    struct booking_edit other = wish(l, who, "2026-02-13T10:00");
    other.person_id = t->badi;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, booking_ask(c, &other, &id)));
    town_as(t, &actor_system);
    assert_string_equal("person.display_name", keptword_place(&t->f, "Samira").p);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_erase(c, l->samira)));
    town_time(t, "2026-02-10T10:10-07:00");
    assert_int_equal(0, keptword_place(&t->f, "Samira").n); /* nor in what staff were told about the appointment */
    struct interpreter i = {0};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, interpreter_read(c, who, &i)));
    assert_false(i.active);
    b = read_as(l, t->as_mod, id, PW_OK); /* nobody would come */
    assert_int_equal(BOOKING_DECLINED, b.state);
    assert_int_equal(1, town_notices(t, t->mod, "The interpreter cannot come: {0}, {1}. Choose somebody else."));
}

static void the_text_has_versions(void **state)
{
    struct life *l = *state;
    struct doc_text text = {0};
    int64_t who = given_interpreter(l, 0, "Farid");
    town_as(&l->t, l->as_coord);
    assert_int_equal(PW_OK, CTX_LOOK(&l->t.f, undertaking_text(c, SV("ar"), &text)));
    assert_int_equal(0, text.version);
    assert_true(text.body.n > 100);
    assert_int_equal(PW_OK, sign(l, who, "2026-02-01", ""));
    assert_int_equal(PW_OK,
                     CTX_ACT(&l->t.f, undertaking_write(c, SV("fr"), SV("Engagement"), SV("Je me tais."), true)));
    assert_int_equal(PW_OK, CTX_LOOK(&l->t.f, undertaking_text(c, SV("fr"), &text)));
    assert_int_equal(2, text.version);
    assert_int_equal(PW_OK, CTX_LOOK(&l->t.f, undertaking_text(c, SV("ar"), &text)));
    assert_true(text.out_of_date);
    town_as(&l->t, l->as_stranger);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&l->t.f, undertaking_text(c, SV("fr"), &text)));
    town_as(&l->t, l->t.as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&l->t.f, undertaking_write(c, SV("fr"), SV("x"), SV("x"), true)));
}

#define LIFE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        LIFE(no_appointment_without_undertaking),
        LIFE(ended_undertaking_stops_a_confirmation),
        LIFE(taken_at_that_time),
        LIFE(a_time_that_does_not_exist),
        LIFE(who_is_told),
        LIFE(reminder_over_a_holiday),
        LIFE(each_sees_what_they_need),
        LIFE(words_through_an_interpreter),
        LIFE(a_wrong_mark_is_corrected),
        LIFE(numbers_are_counted_and_protected),
        LIFE(erased_people),
        LIFE(the_text_has_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* programtown: the town of the community tests with the tables of programs and a program whose message space it is:
 * remote and in person are offered, hybrid is not. */
#ifndef PW_TEST_PROGRAMTOWN_H
#define PW_TEST_PROGRAMTOWN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feature/person/person.h"
#include "feature/program/program.h"
#include "unit/community/town.h"

static inline void program_tables(struct ctxfix *f)
{
    ctxfix_migrate(f, person_migrations, person_migrations_n);
    ctxfix_migrate(f, program_migrations, program_migrations_n);
}

static inline int program_set_up(void **state)
{
    struct town *t = calloc(1, sizeof *t);
    struct town_plan usual = {.tables = program_tables};
    town_open(t, &usual);
    program_register(t->work);
    *state = t;
    return 0;
}

static inline bool problem_at(const struct town *t, const char *field)
{
    return problem_of(&t->f.problems, field) != NULL;
}

static inline int64_t make_program(struct town *t, const char *modes)
{
    struct program_edit e = {
        .community_id = t->com, .modes = sv_of(modes), .languages = SV("fr en"), .territory = SV("Calgary")};
    struct program_words w = {.name = SV("Premiers pas"), .purpose = SV("Accompagner la première année.")};
    int64_t id = 0;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_create(c, &e, &w, &id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_set_state(c, id, PROGRAM_OPEN)));
    return id;
}

/* A new member of the message space. */
static inline int64_t newcomer(struct town *t, const char *name)
{
    int64_t id = ctxfix_person(&t->f, name);
    struct membership m = {.person_id = id,
                           .lang = SV("fr"),
                           .source = SV("test"),
                           .channel_kind = SV("web"),
                           .guidelines_version = t->guidelines};
    enum membership_state s;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_enter(c, t->com, &m, &s)));
    return id;
}

static inline enum pw_err enrol(struct town *t, int64_t program, int64_t person, const char *since, const char *prefers,
                                const char *uses)
{
    struct enrol_new n = {
        .persons = &person, .n = 1, .since = sv_of(since), .prefers = sv_of(prefers), .uses = sv_of(uses)};
    int64_t enrolled, already;
    return CTX_ACT(&t->f, program_enrol(c, program, &n, &enrolled, &already));
}

static inline struct enrolment enrolment_now(struct town *t, int64_t program, int64_t person)
{
    struct enrolment_filter f = {.limit = 200};
    struct enrolment *v;
    size_t n = 0;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolment_list(c, program, &f, &v, &n)));
    for (size_t i = 0; i < n; i++)
        if (v[i].person_id == person)
            return v[i];
    return (struct enrolment){0};
}

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* plantown: the town of the community tests with the tables and parts of planning, moderation and programs. */
#ifndef PW_TEST_PLANTOWN_H
#define PW_TEST_PLANTOWN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "feature/moderation/moderation.h"
#include "feature/person/person.h"
#include "feature/planning/planning_room.h"
#include "feature/program/program.h"
#include "unit/community/town.h"

static inline void plan_tables(struct ctxfix *f)
{
    ctxfix_migrate(f, moderation_migrations, moderation_migrations_n);
    ctxfix_migrate(f, planning_migrations, planning_migrations_n);
    ctxfix_migrate(f, person_migrations, person_migrations_n);
    ctxfix_migrate(f, program_migrations, program_migrations_n);
}

static inline int plan_set_up(void **state)
{
    struct town *t = calloc(1, sizeof *t);
    struct town_plan usual = {.tables = plan_tables};
    town_open(t, &usual);
    *state = t;
    moderation_register(t->work);
    planning_register(t->work);
    program_register(t->work); /* presets of programs */
    planning_presets_in(SV(PW_PRESETS));
    return 0;
}

static inline bool said(const struct town *t, const char *field)
{
    return problem_of(&t->f.problems, field) != NULL;
}

/* A draft of a preset, as its maker sees it afterwards: the administrator of the network. */
static inline struct community from_preset(struct town *t, const char *code)
{
    struct community com = {0};
    int64_t id = 0;
    t->f.actor = &actor_system;
    enum pw_err e = CTX_ACT(&t->f, preset_use(c, sv_of(code), (struct sv){0}, &id));
    for (size_t i = 0; i < t->f.problems.n; i++)
        print_error("%s: %s %s\n", code, t->f.problems.v[i].field, t->f.problems.v[i].msgid);
    assert_int_equal(PW_OK, e);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, id, &com)));
    return com;
}

#endif

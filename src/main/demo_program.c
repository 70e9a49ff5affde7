/* SPDX-License-Identifier: EUPL-1.2 */
/* A program whose message space is the Arabic community: members enrolled in every mode, some of whom would prefer
 * another one, changed or ended. Made through the same actions as in life, at times in the past. */
#include "demo.h"
#include "feature/program/program.h"

enum { MEMBERS = 100 };
#define DAY_MS INT64_C(86400000)

static const struct program_words words[] = {
    {SV("fr"), SV("Premiers pas à Ottawa"),
     SV("Une personne de l’équipe accompagne les premiers mois : papiers, école, logement, santé, travail."), false},
    {SV("en"), SV("First steps in Ottawa"),
     SV("Somebody of the team accompanies the first months: papers, school, housing, health, work."), false},
    {SV("ar"), SV("الخطوات الأولى في أوتاوا"),
     SV("يرافقك شخص من الفريق في الأشهر الأولى: الأوراق والمدرسة والسكن والصحة والعمل."), false},
};
static const struct {
    const char *prefers, *uses;
} modes[] = {{"remote", "remote"},    {"in-person", "in-person"},  {"hybrid", "hybrid"}, {"in-person", "remote"},
             {"remote", "in-person"}, {"no-preference", "hybrid"}, {"remote", "remote"}, {"not-asked", "not-set"},
             {"hybrid", "remote"},    {"in-person", "in-person"}};
enum { PATTERNS = sizeof modes / sizeof *modes };

static struct ctx at_time(const struct ctx *c, int64_t at_ms)
{
    struct ctx own = *c;
    own.now_ms = at_ms;
    return own;
}

static enum pw_err make(struct ctx *c, int64_t community, int64_t *ret)
{
    struct program_edit e = {.community_id = community,
                             .modes = SV("remote hybrid in-person"),
                             .languages = SV("fr en ar"),
                             .territory = SV("Ottawa")};
    PW_TRY(program_create(c, &e, &words[0], ret));
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        PW_TRY(program_write_words(c, *ret, &words[i]));
    return program_set_state(c, *ret, PROGRAM_OPEN);
}

enum pw_err demo_program(struct ctx *admin, int64_t community)
{
    struct membership *m;
    struct enrolment *v;
    size_t n, n_enrolled;
    int64_t id, enrolled, already;
    PW_TRY(membership_list(admin, community, MEMBER_ACTIVE, 0, 0, MEMBERS, &m, &n));
    if (!n)
        return PW_OK;
    struct ctx first = at_time(admin, m[0].accepted_ms + DAY_MS);
    PW_TRY(make(&first, community, &id));
    for (size_t i = 0; i + 3 < n; i++) { /* the last ones are not enrolled yet */
        int64_t at_ms = m[i].accepted_ms + 3 * DAY_MS;
        struct ctx c = at_time(admin, at_ms < admin->now_ms ? at_ms : admin->now_ms);
        struct enrol_new one = {.persons = &m[i].person_id,
                                .n = 1,
                                .prefers = sv_of(modes[i % PATTERNS].prefers),
                                .uses = sv_of(modes[i % PATTERNS].uses)};
        PW_TRY(program_enrol(&c, id, &one, &enrolled, &already));
    }
    struct enrolment_filter all = {.limit = MEMBERS};
    PW_TRY(enrolment_list(admin, id, &all, &v, &n_enrolled));
    for (size_t i = 0; i < n_enrolled; i += 6) { /* one in six changes, one in twelve ends */
        struct ctx c = at_time(admin, admin->now_ms - 20 * DAY_MS);
        PW_TRY(i % 12 ? enrolment_end(admin, v[i].id, (struct sv){0}, SV("completed"))
                      : enrolment_set(&c, v[i].id, SV("hybrid"), SV("hybrid")));
    }
    return PW_OK;
}

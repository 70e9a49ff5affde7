/* SPDX-License-Identifier: EUPL-1.2 */
/* The demonstration's persons: languages, levels with a wrong one withdrawn, something that was passed on, and a
 * request to delete that waits. */
#include "base/civil.h"
#include "demo.h"
#include "feature/person/person.h"

struct finding {
    int member;
    const char *scale, *skill;
    int level, days_ago;
    bool self;
};
static const struct finding findings[] = {
    {0, "clb", "listening", 4, 70, false},  {0, "clb", "speaking", 3, 70, false},
    {0, "clb", "reading", 5, 70, false},    {0, "clb", "writing", 4, 70, false},
    {2, "clb", "listening", 8, 200, false}, {2, "clb", "speaking", 7, 200, false},
    {2, "nclc", "listening", 5, 20, true},  {2, "nclc", "reading", 6, 20, true},
    {3, "nclc", "writing", 9, 40, false},
};
static const struct {
    int member;
    const char *lang;
    bool speaks, reads;
} spoken[] = {{0, "ar", true, true},  {0, "ku", true, false}, {2, "ar", true, true},
              {2, "en", true, true},  {2, "fr", true, false}, {3, "fr", true, true},
              {3, "ar", true, false}, {7, "fr", true, true},  {7, "wo", true, false}};

static enum pw_err note(struct ctx *c, int64_t person, const struct finding *f, int64_t *ret_id)
{
    char day[CIVIL_DATE_TEXT];
    struct level_new n = {.scale = sv_of(f->scale),
                          .skill = sv_of(f->skill),
                          .level = f->level,
                          .self = f->self,
                          .assessor = SV("Centre d’évaluation linguistique"),
                          .on_day = arena_sv(c->arena, civil_date_text(c->now_ms / CIVIL_DAY_MS - f->days_ago, day))};
    return level_note(c, person, &n, ret_id);
}

enum pw_err demo_persons(const struct demo_cast *d)
{
    struct actor mods[2], member = {.kind = ACTOR_MEMBER, .person_id = d->members[1], .write = true};
    struct ctx c[2], own = *d->c;
    int64_t id;
    for (int i = 0; i < 2; i++) {
        PW_TRY(d->staff_actor(d->self, d->moderators[i], &mods[i]));
        c[i] = *d->c;
        c[i].actor = &mods[i];
    }
    for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++)
        PW_TRY(lang_note(&c[spoken[i].member == 7], d->members[spoken[i].member], sv_of(spoken[i].lang),
                         spoken[i].speaks, spoken[i].reads));
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++)
        PW_TRY(note(&c[0], d->members[findings[i].member], &findings[i], &id));
    static const struct finding wrong = {0, "clb", "reading", 11, 69, false};
    PW_TRY(note(&c[0], d->members[0], &wrong, &id));
    PW_TRY(level_withdraw(&c[0], d->members[0], id, SV("typing")));
    struct disclosure_new passed = {.what = SV("الاسم ورقم الهاتف"),
                                    .recipient = SV("Conseil scolaire, bureau des admissions"),
                                    .basis = SV("asked")};
    PW_TRY(disclosure_note(&c[0], d->members[0], &passed, &id));
    own.actor = &member;
    return erasure_ask(&own, SV("أنتقل إلى مدينة أخرى ولا أريد أن يبقى شيء."), &id);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* demo: the demonstration network: three communities, people, questions in all states, made through the same actions as
 * in life, at times in the past. Only ever made in an empty installation, marked as a demonstration, removed with one
 * command. */
#ifndef PW_DEMO_H
#define PW_DEMO_H

#include <stdio.h>

#include "core/access.h"
#include "main/app.h"

int demo_ensure(struct app *app,
                const struct cli *cli); /* makes it when the installation is empty; 0 or an exit code */
void demo_say_accounts(FILE *out);

/* ---- what features add (demo_X.c) ---- */

/* News of the first two communities, in the contexts of their moderators. */
PW_MUST_CHECK enum pw_err demo_publish(struct ctx *moderators[], const int64_t *communities);

struct demo_cast { /* the people and communities that were made, in the order of demo_text.c */
    struct ctx *c;
    int64_t now;
    const int64_t *coms, *members;
    int64_t moderators[3]; /* of each community */
    const struct actor *admin;
    void *self;
    enum pw_err (*staff_actor)(void *self, int64_t person, struct actor *ret);
};
/* Its context with another actor, so many hours ago. */
static inline struct ctx demo_as(const struct demo_cast *d, const struct actor *who, int64_t hours_ago)
{
    struct ctx c = *d->c;
    c.actor = who;
    c.now_ms = d->now - hours_ago * INT64_C(3600000);
    return c;
}
/* A program with people enrolled in every mode, from the members of its message space. */
PW_MUST_CHECK enum pw_err demo_program(struct ctx *admin, int64_t community);
PW_MUST_CHECK enum pw_err demo_hand(struct ctx *system, struct ctx *moderator, int64_t community);
/* Twelve months before now, so that statistics have a trend. The community must be that old. */
PW_MUST_CHECK enum pw_err demo_months(struct ctx *moderator, int64_t community, int64_t now_ms);
enum pw_err demo_moderation(const struct demo_cast *d);
enum pw_err demo_interpreting(const struct demo_cast *d);
enum pw_err demo_persons(const struct demo_cast *d);

/* ---- the contents (demo_text.c) ---- */

enum { DEMO_LANGS = 3 };
extern const char *const demo_langs[DEMO_LANGS]; /* fr, en, ar */
struct demo_words {
    const char *name, *purpose, *audience, *topics_in, *topics_out;
};
struct demo_community {
    const char *slug, *languages, *territory, *hours, *calendar, *moderation;
    int standard_hours, owner, partners; /* index into demo_orgs; number of partners from the start of the list */
    struct demo_words words[DEMO_LANGS];
    const char *guidelines_title[DEMO_LANGS], *guidelines[DEMO_LANGS], *welcome[DEMO_LANGS];
    const char *screening[2][DEMO_LANGS];
};
struct demo_member {
    int community;
    const char *name, *lang, *answers[2];
    bool pending; /* the request still waits */
};
enum demo_end {
    END_NEW,
    END_ASSIGNED,
    END_INTERIM,
    END_ANSWERED,
    END_VERIFIED,
    END_REFERRED,
    END_CLOSED,
    END_MEMBER_ANSWER
};
struct demo_question {
    int community, member, hours_ago, answered_after; /* hours */
    bool to_private;
    const char *lang, *text;
    enum demo_end end;
    const char *answer, *source, *topic;
};
struct demo_entry {
    int community;
    const char *topic, *source;
    const char *question[DEMO_LANGS], *answer[DEMO_LANGS];
};
extern const char *const demo_orgs[];
extern const size_t demo_orgs_n;
extern const struct demo_community demo_communities[];
extern const size_t demo_communities_n;
extern const struct demo_member demo_members[];
extern const size_t demo_members_n;
extern const struct demo_question demo_questions[];
extern const size_t demo_questions_n;
extern const struct demo_entry demo_entries[];
extern const size_t demo_entries_n;

#endif

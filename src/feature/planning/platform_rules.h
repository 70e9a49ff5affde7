/* SPDX-License-Identifier: EUPL-1.2 */
/* platform_rules: the fourteen factors of T-3 and how platforms are ranked by them (MSG-5). "Very important" factors
 * are the criteria, "somewhat" ones break ties, "not important" ones are ignored; what the audience is used to beats
 * all. What a platform does is data: from its driver where there is one, and from a dated table. No SQL, no clock. */
#ifndef PW_PLATFORM_RULES_H
#define PW_PLATFORM_RULES_H

#include "channel/channel.h"

enum factor {
    F_AUDIENCE, /* used by many in the audience: from the study, never from a table */
    F_CONFIDENTIAL,
    F_CORRECT,
    F_MODERATE,
    F_AT_ONCE,
    F_PRIVATE,
    F_ANY_PHONE,
    F_LOW_DATA,
    F_VIDEO,
    F_LANGUAGES,
    F_GUIDE,
    F_REMOVE,
    F_USAGE,
    F_STORAGE,
    F__MAX
};
enum { LEVEL_NOT, LEVEL_SOMEWHAT, LEVEL_VERY };
enum { DOES_NOT, DOES_PARTLY, DOES_WELL };
const char *factor_code(enum factor f);
const char *factor_label(enum factor f); /* message id */

struct platform {
    const char *code, *name; /* "telegram", "Telegram" */
    const char *name_msgid;  /* a name that is translated; NULL = name as it is */
    const char *badly;       /* message id: what it does badly */
    int64_t members;         /* most members of a group; 0 = no limit known */
    const char *date, *source;
    int does[F__MAX];                 /* F_AUDIENCE unused */
    const struct chan_driver *driver; /* NULL: the field uses it, this installation cannot speak to it */
};
enum { PLATFORMS_MAX = 32, OWN_MAX = 10 };
/* Those of drivers first, then those without one. */
size_t platform_all(struct platform v[PLATFORMS_MAX]);

struct own_factor {
    int level;
    struct sv does; /* codes of the platforms that do it, with spaces */
};
struct platform_wish {
    int level[F__MAX];
    int64_t at_once; /* users at once that are needed, for F_AT_ONCE */
    const struct own_factor *own;
    size_t n_own;
};
struct platform_rank {
    const struct platform *p;
    int64_t users, asked;                     /* of the study */
    int familiar;                             /* 0 few or unknown, 1 some (from 15 %), 2 many (from half) */
    int very, very_of, somewhat, somewhat_of; /* points reached of points possible: 2 a factor */
};
/* users: parallel to v, from the study. Writes all n ranks, best first. */
void platform_order(const struct platform *v, size_t n, const struct platform_wish *w, const int64_t *users,
                    int64_t asked, struct platform_rank *ret);
/* How well one factor is met, with the wanted number at once. */
int platform_does(const struct platform *p, enum factor f, int64_t at_once);

#endif

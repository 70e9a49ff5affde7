/* SPDX-License-Identifier: EUPL-1.2 */
/* program_rules: modes of delivery, what somebody prefers and uses, states, and the figures of a report. Pure. */
#ifndef PW_PROGRAM_RULES_H
#define PW_PROGRAM_RULES_H

#include "base/err.h"
#include "base/smallcount.h"
#include "base/sv.h"

/* How a program reaches people (EQ-5). In use also "not set yet"; preferred also "no preference" and "not asked". */
enum delivery { DELIVERY_REMOTE, DELIVERY_HYBRID, DELIVERY_IN_PERSON, DELIVERY_UNSET, DELIVERY__MAX };
enum { MODES = DELIVERY_UNSET, ALL_MODES = (1 << MODES) - 1 };
enum wish { WISH_REMOTE, WISH_HYBRID, WISH_IN_PERSON, WISH_NONE, WISH_NOT_ASKED, WISH__MAX };
enum program_state { PROGRAM_DRAFT, PROGRAM_OPEN, PROGRAM_CLOSED, PROGRAM_STATE__MAX };

/* Stable codes, ending with NULL: forms, API, designs, audit details. */
extern const char *const mode_codes[], *const use_codes[], *const wish_codes[], *const program_state_codes[],
                                                                                    *const end_reason_codes[];
const char *delivery_code(enum delivery d);  /* "remote", "hybrid", "in-person", "not-set" */
const char *delivery_label(enum delivery d); /* message id */
bool delivery_parse(struct sv code, enum delivery *ret);
const char *wish_code(enum wish w); /* the same modes, "no-preference", "not-asked" */
const char *wish_label(enum wish w);
bool wish_parse(struct sv code, enum wish *ret);
const char *program_state_code(enum program_state s);
const char *program_state_label(enum program_state s);
bool program_state_parse(struct sv code, enum program_state *ret);
bool program_state_may(enum program_state from, enum program_state to);

/* "remote in-person" and back; false: a word that is no mode, or none at all. */
bool modes_parse(struct sv codes, unsigned *ret);
static inline bool mode_offered(unsigned modes, int mode)
{
    return mode >= 0 && mode < MODES && (modes >> mode & 1);
}

/* Somebody wishes a mode and does not have it: because it is not offered, or although it is. */
enum unmet { WISH_MET, UNMET_NOT_OFFERED, UNMET_OTHER };
enum unmet wish_unmet(unsigned modes, enum wish prefers, enum delivery uses);

const char *end_reason_label(struct sv code); /* message id; NULL = none of them */

/* ---- the report of a period (EQ-5) ---- */

/* One enrolment as it touches the period. */
struct enrolment_span {
    bool at_start;                          /* enrolled before the first day */
    bool ended;                             /* in the period */
    bool counts_person;                     /* of several enrolments of one person, the last */
    enum delivery uses_at_start;            /* when at_start */
    enum delivery uses;                     /* on the last day of the period, or of the enrolment */
    enum wish prefers;                      /* likewise */
    int64_t said, asked, promised, in_time; /* what the person did in the period */
};
struct mode_figures {
    int64_t at_start, began, moved /* in less out */, ended, at_end; /* enrolments */
    int64_t people, took_part;                                       /* persons */
    int64_t asked, promised, in_time;                                /* questions of these persons */
};
struct program_figures {
    struct mode_figures mode[DELIVERY__MAX], all;
    int64_t wants[WISH__MAX][DELIVERY__MAX]; /* persons: preferred by in use */
    int64_t wishes[WISH__MAX];               /* persons by preference */
    int64_t not_offered, other_mode;         /* unmet preferences */
    /* For who only sees results: a mode is shown whole or not at all, so that no line gives another away. */
    enum small_show mode_show[DELIVERY__MAX], wish_show[WISH__MAX];
};
void figures_add(struct program_figures *f, unsigned modes, const struct enrolment_span *s);
/* Fills mode_show and wish_show with base/smallcount.h (decision 0016). */
void figures_protect(struct program_figures *f);

#endif

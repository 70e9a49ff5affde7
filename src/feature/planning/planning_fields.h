/* SPDX-License-Identifier: EUPL-1.2 */
/* planning_fields: what a planning file asks, in one list (MSG-4, T-1). Codes are form names, keys of the design and
 * the field of planning_entry; they never change. */
#ifndef PW_PLANNING_FIELDS_H
#define PW_PLANNING_FIELDS_H

#include "base/err.h"

enum plan_kind {
    PLAN_TEXT,
    PLAN_NUMBER,
    PLAN_DATE,
    PLAN_YNU,   /* yes, no, unsure: a line of the readiness checklist */
    PLAN_TICKS, /* at least one, when the line above is "yes" */
};

#define PLAN_FIELDS(X)                                                                                                 \
    X("objective", "whom", PLAN_TEXT, N_("Whom do we want to help, and with what?"), NULL)                             \
    X("objective", "why", PLAN_TEXT, N_("Why? What will be better for them?"), NULL)                                   \
    X("objective", "gap", PLAN_TEXT, N_("What is missing today, and how do we know?"), NULL)                           \
    X("objective", "exists", PLAN_TEXT, N_("Does somebody do it already?"), NULL)                                      \
    X("objective", "why-messaging", PLAN_TEXT, N_("Why messages? Which other ways were weighed?"), NULL)               \
    X("objective", "direction", PLAN_TEXT, N_("One way only, or a conversation? Why?"), NULL)                          \
    X("objective", "why-us", PLAN_TEXT, N_("Why us, and with which partners?"), NULL)                                  \
    X("objective", "best", PLAN_TEXT, N_("Is it the best for the people it is meant for?"), NULL)                      \
    X("needed", "meetings", PLAN_TEXT, N_("Would meetings do?"), NULL)                                                 \
    X("needed", "service", PLAN_TEXT, N_("Would an existing service do?"), NULL)                                       \
    X("needed", "website", PLAN_TEXT, N_("Would a website do?"), NULL)                                                 \
    X("needed", "shared", PLAN_TEXT, N_("Can several organisations build one service together?"),                      \
      N_("Nobody wants to join five groups for one service."))                                                         \
    X("audience", "methods", PLAN_TEXT, N_("How did we ask?"),                                                         \
      N_("Advisory members, surveys on paper, by phone or online, focus groups, talks, watching other groups."))       \
    X("audience", "asked", PLAN_NUMBER, N_("How many people were asked?"), NULL)                                       \
    X("audience", "findings", PLAN_TEXT, N_("What did we learn?"), NULL)                                               \
    X("checklist", "purpose", PLAN_YNU, N_("The purpose is precise and comes from the needs of the community."), NULL) \
    X("checklist", "purpose-ticks", PLAN_TICKS, N_("What it is for"), N_("At least one."))                             \
    X("checklist", "purpose-details", PLAN_TEXT, N_("Details about the purpose"), NULL)                                \
    X("checklist", "target", PLAN_YNU, N_("The target group is clearly defined and its interest is known."), NULL)     \
    X("checklist", "target-details", PLAN_TEXT, N_("Details about the target group"), NULL)                            \
    X("checklist", "experience", PLAN_YNU, N_("We know which apps the target group uses and prefers, and how well."),  \
      NULL)                                                                                                            \
    X("checklist", "experience-details", PLAN_TEXT, N_("Details about their experience"), NULL)                        \
    X("engagement", "engaged", PLAN_TEXT, N_("How the community is described to others"), NULL)                        \
    X("engagement", "staff", PLAN_TEXT, N_("What staff said"), N_("Fear of extra work, and what was agreed."))         \
    X("engagement", "partners", PLAN_TEXT, N_("What partners said"),                                                   \
      N_("Fear of doing the same twice, and what was agreed."))                                                        \
    X("engagement", "individuals", PLAN_TEXT, N_("What newcomers and volunteers said"), NULL)                          \
    X("engagement", "adjusted", PLAN_TEXT, N_("What we changed because of it"), NULL)                                  \
    X("resources", "supervision", PLAN_TEXT, N_("Supervision"), NULL)                                                  \
    X("resources", "support", PLAN_TEXT, N_("Technical support"), NULL)                                                \
    X("resources", "workspace", PLAN_TEXT, N_("Private place to work"), NULL)                                          \
    X("resources", "stand-in", PLAN_TEXT, N_("Trusted stand-in"), N_("Write the role, not a name."))                   \
    X("resources", "funding", PLAN_TEXT, N_("Funding"), N_("Several years if possible. Members never pay."))           \
    X("resources", "evaluation-money", PLAN_TEXT, N_("Money for the evaluation"), NULL)                                \
    X("evaluation", "questions", PLAN_TEXT, N_("What do we want to know after six to twelve months?"), NULL)           \
    X("evaluation", "indicators", PLAN_TEXT, N_("By which signs will we see it?"), NULL)                               \
    X("evaluation", "evaluator", PLAN_TEXT, N_("Who evaluates, and who sees the results?"),                            \
      N_("A third party if possible. Members see them too."))                                                          \
    X("evaluation", "evaluate-on", PLAN_DATE, N_("First evaluation on"), NULL)

struct plan_field {
    const char *section, *code;
    enum plan_kind kind;
    const char *label, *hint; /* message ids; hint may be NULL */
};
extern const struct plan_field plan_fields[];
extern const size_t plan_fields_n;

/* A list of things with a number: counts of the audience study, resources. */
struct plan_list {
    const char *section, *code, *label, *number_label; /* message ids */
};
extern const struct plan_list plan_lists[];
extern const size_t plan_lists_n;

struct plan_section {
    const char *code, *label, *lead; /* message ids */
};
extern const struct plan_section plan_sections[];
extern const size_t plan_sections_n;

const struct plan_section *plan_section_of(struct sv code); /* NULL when unknown */
const struct plan_field *plan_field_of(struct sv code);
const struct plan_list *plan_list_of(struct sv code);

struct plan_code {
    const char *code, *label;
};
extern const struct plan_code plan_ticks[5], plan_answers[3];

#endif

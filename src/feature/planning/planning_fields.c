/* SPDX-License-Identifier: EUPL-1.2 */
#include "planning_fields.h"

#define ROW(section, code, kind, label, hint) {section, code, kind, label, hint},
const struct plan_field plan_fields[] = {PLAN_FIELDS(ROW)};
const size_t plan_fields_n = sizeof plan_fields / sizeof *plan_fields;

const struct plan_list plan_lists[] = {
    {"audience", "app", N_("Apps used and preferred"), N_("People")},
    {"audience", "device", N_("Devices"), N_("People")},
    {"audience", "language", N_("Languages"), N_("People")},
    {"audience", "worry", N_("Worries about privacy"), N_("People")},
    {"audience", "wish", N_("Topics they want, and what is hardest"), N_("People")},
    {"resources", "people", N_("People and their time"), N_("Share of time, %")},
    {"resources", "equipment", N_("Equipment"), N_("Pieces")},
    {"resources", "money", N_("Money"), N_("Dollars a year")},
};
const size_t plan_lists_n = sizeof plan_lists / sizeof *plan_lists;

const struct plan_section plan_sections[] = {
    {"objective", N_("Objective"), N_("A short case for partners and funders: why this, why so, why us.")},
    {"needed", N_("Is it really needed?"), N_("Setting up is easy; failing to plan is the risk.")},
    {"audience", N_("Audience study"), N_("What the people it is meant for use, want and fear.")},
    {"checklist", N_("Readiness checklist"), N_("Stop while a line is “no” or “unsure”, and find out.")},
    {"engagement", N_("Engagement"), N_("Staff, partners and people were told and heard.")},
    {"resources", N_("Resources"), N_("People’s time, equipment, a stand-in, money for the evaluation.")},
    {"evaluation", N_("Evaluation plan"), N_("Decided before the opening, so that it can be measured.")},
};
const size_t plan_sections_n = sizeof plan_sections / sizeof *plan_sections;

const struct plan_code plan_ticks[5] = {{"information", N_("Exchange of information")},
                                        {"navigation", N_("Finding one’s way in services")},
                                        {"awareness", N_("Knowing the community")},
                                        {"isolation", N_("Less isolation")},
                                        {"other", N_("Something else")}};
const struct plan_code plan_answers[3] = {
    {"yes", N_("Yes")}, {"no", N_("No")}, {"unsure", N_("Unsure: get information")}};

const struct plan_section *plan_section_of(struct sv code)
{
    for (size_t i = 0; i < plan_sections_n; i++)
        if (sv_eq_z(code, plan_sections[i].code))
            return &plan_sections[i];
    return NULL;
}

const struct plan_field *plan_field_of(struct sv code)
{
    for (size_t i = 0; i < plan_fields_n; i++)
        if (sv_eq_z(code, plan_fields[i].code))
            return &plan_fields[i];
    return NULL;
}

const struct plan_list *plan_list_of(struct sv code)
{
    for (size_t i = 0; i < plan_lists_n; i++)
        if (sv_eq_z(code, plan_lists[i].code))
            return &plan_lists[i];
    return NULL;
}

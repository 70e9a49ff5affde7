/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature_table.h"

#include "channel/channel_schema.h"
#include "core/core_schema.h"
#include "feature/assisted/assisted.h"
#include "feature/community/community_api.h"
#include "feature/community/member_pages.h"
#include "feature/community/staff_pages.h"
#include "feature/desk/desk.h"
#include "feature/interpreting/interpreting.h"
#include "feature/moderation/moderation.h"
#include "feature/person/person.h"
#include "feature/planning/planning.h"
#include "feature/program/program.h"
#include "feature/publishing/publishing.h"
#include "feature/usage/usage.h"
#include "main/live.h"
#include "main/machine_routes.h"
#include "work/work.h"

extern const struct migration main_migrations[];
extern const size_t main_migrations_n;

/* In the order of their migrations: a room stands below those whose tables it refers to. */
const struct feature features[] = {
    {.migrations = work_migrations, .n_migrations = &work_migrations_n},
    {.migrations = core_migrations, .n_migrations = &core_migrations_n, .acts = core_acts},
    {.migrations = channel_migrations, .n_migrations = &channel_migrations_n},
    {.migrations = community_migrations,
     .n_migrations = &community_migrations_n,
     .routes = {member_routes, staff_routes, community_api_routes},
     .schemas = community_api_schemas,
     .acts = community_acts,
     .start = community_register},
    {.migrations = moderation_migrations,
     .n_migrations = &moderation_migrations_n,
     .routes = {moderation_routes, moderation_api_routes},
     .schemas = moderation_api_schemas,
     .acts = moderation_acts,
     .start = moderation_register},
    {.migrations = publishing_migrations,
     .n_migrations = &publishing_migrations_n,
     .routes = {publishing_routes, publishing_member_routes, publishing_api_routes},
     .schemas = publishing_api_schemas,
     .acts = publishing_acts,
     .start = publishing_register},
    {.migrations = planning_migrations,
     .n_migrations = &planning_migrations_n,
     .routes = {planning_routes, planning_api_routes},
     .schemas = planning_api_schemas,
     .acts = planning_acts,
     .start = planning_register},
    {.migrations = usage_migrations,
     .n_migrations = &usage_migrations_n,
     .routes = {usage_routes, usage_api_routes},
     .schemas = usage_api_schemas,
     .acts = usage_acts,
     .start = usage_register},
    {.migrations = assisted_migrations,
     .n_migrations = &assisted_migrations_n,
     .routes = {assisted_routes, assisted_api_routes},
     .schemas = assisted_api_schemas,
     .acts = assisted_acts,
     .start = assisted_register},
    {.migrations = person_migrations,
     .n_migrations = &person_migrations_n,
     .routes = {person_routes, person_own_routes, person_api_routes},
     .schemas = person_api_schemas,
     .acts = person_acts,
     .start = person_register},
    {.migrations = interpreting_migrations,
     .n_migrations = &interpreting_migrations_n,
     .routes = {interpreting_routes, interpreting_api_routes},
     .schemas = interpreting_api_schemas,
     .acts = interpreting_acts,
     .start = interpreting_register},
    {.migrations = program_migrations,
     .n_migrations = &program_migrations_n,
     .routes = {program_routes, program_member_routes, program_api_routes},
     .acts = program_acts,
     .schemas = program_api_schemas,
     .start = program_register},
    {.routes = {desk_routes}, .acts = desk_acts},
    {.migrations = main_migrations, .n_migrations = &main_migrations_n, .routes = {machine_routes, live_routes}},
};
const size_t features_n = sizeof features / sizeof *features;

void features_start(struct work *w)
{
    for (size_t i = 0; i < features_n; i++) {
        if (features[i].acts)
            audit_words_add(features[i].acts);
        if (features[i].start)
            features[i].start(w);
    }
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The demonstration's group by hand: a Facebook group of sponsors whose last conversation was pasted, one of its
 * questions answered, and a call that somebody entered. */
#include "channel/registry.h"
#include "demo.h"
#include "feature/assisted/assisted.h"
#include "json/json.h"

static const char conversation[] =
    "Marie L.: Our family lands on Tuesday. Who knows a dentist in Orléans who takes the interim federal health plan?\n"
    "Tom B.: We went to the clinic on St. Joseph, they were kind.\n"
    "Marie L.: Thank you! And does anybody still have winter boots for a boy of nine?\n"
    "Joan (moderator): I will ask the others.\n";

/* The newest open question that came from the group. */
static enum pw_err find_question(struct ctx *c, int64_t community, int64_t *ret)
{
    struct inbox_filter f = {.community_id = community, .state = -1, .limit = 50};
    struct question *v;
    size_t n;
    PW_TRY(inbox_list(c, &f, &v, &n));
    *ret = 0;
    for (size_t i = 0; i < n; i++)
        if (sv_eq_z(v[i].channel_kind, assisted_driver.kind))
            *ret = v[i].id;
    return PW_OK;
}

enum pw_err demo_hand(struct ctx *system, struct ctx *moderator, int64_t community)
{
    int64_t channel, place, question;
    json_t *config = json_pack("{s:s, s:s}", "app", "facebook", "link", "https://www.facebook.com/groups/exemple");
    if (!config)
        return PW_UNAVAILABLE;
    enum pw_err e = channel_add(system, SV("facebook"), sv_of(assisted_driver.kind), config, &channel);
    json_decref(config);
    PW_TRY(e);
    PW_TRY(channel_set_enabled(system, channel, true));
    PW_TRY(community_add_channel(system, community, channel, sv_of(assisted_driver.kind), SV("Sponsors of Ottawa"), 0,
                                 (struct sv){0}, &place));
    const struct sv ours[] = {SV("Joan (moderator)")};
    struct paste_made made;
    PW_TRY(paste_take(moderator, place, sv_of(conversation), ours, 1, &made));
    PW_TRY(find_question(moderator, community, &question));
    struct answer_new a = {
        .text = SV("The list of dentists who take the plan is on the insurer's page; two are in Orléans."),
        .urgent = true};
    struct answer_made answered;
    if (question)
        PW_TRY(question_answer(moderator, question, &a, &answered));
    return PW_OK;
}

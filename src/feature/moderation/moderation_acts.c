/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "feature/moderation/moderation.h"

const struct audit_word moderation_acts[] = {
    {"guarded-name.add", N_("Protected name added")},
    {"guarded-name.drop", N_("Protected name removed")},
    {"moderation.acted", N_("Step of moderation taken")},
    {"moderation.erased", N_("Evidence erased with a person")},
    {"moderation.ladder", N_("Ladder changed")},
    {"moderation.oncall", N_("People on call changed")},
    {"moderation.read", N_("Moderation log opened")},
    {"moderation.settings", N_("Settings of moderation changed")},
    {"moderation.text", N_("Text of moderation written")},
    {"moderation.undone", N_("Step of moderation taken back")},
    {"review.decided", N_("Case of the review queue decided")},
    {"review.note", N_("Note on a case written")},
    {"review.opened", N_("Case put in the review queue")},
    {"review.opened-apart", N_("Case put aside for somebody else")},
    {"review.read", N_("Case of the review queue opened")},
    {0},
};

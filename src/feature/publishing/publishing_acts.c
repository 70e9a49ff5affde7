/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "feature/publishing/publishing.h"

const struct audit_word publishing_acts[] = {
    {"item.adopted", N_("Shared item copied")},
    {"item.detached", N_("Copy parted from its original")},
    {"item.shared", N_("Item offered to the network")},
    {"item.taken-over", N_("Change of the original taken over")},
    {"item.withdrawn", N_("Item no longer offered to the network")},
    {"newsletter.drafted", N_("Newsletter drafted")},
    {"post.arrived", N_("Post has reached everybody")},
    {"post.cancelled", N_("Post cancelled")},
    {"post.changed", N_("Post changed")},
    {"post.created", N_("Post written")},
    {"post.expired", N_("Post expired")},
    {"post.paused", N_("Post paused")},
    {"post.published", N_("Post published")},
    {"post.resumed", N_("Post resumed")},
    {"post.scheduled", N_("Post scheduled")},
    {"post.suggested", N_("Post begun from a member’s words")},
    {"post.taken-back", N_("Copies of a post asked back")},
    {"post.undone", N_("Post taken back")},
    {"publishing.settings", N_("Settings of posts changed")},
    {0},
};

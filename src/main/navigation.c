/* SPDX-License-Identifier: EUPL-1.2 */
#include "navigation.h"

static const struct {
    const char *msgid, *path;
    enum right right;
    bool aside;
} places[] = {
    {N_("Inbox"), "/inbox", RIGHT_MODERATE, false},
    {N_("To review"), "/review", RIGHT_STAFF, false},
    {N_("Join requests"), "/joins", RIGHT_COORDINATE, false},
    {N_("Posts"), "/posts", RIGHT_MODERATE, false},
    {N_("Saved answers"), "/answers", RIGHT_MODERATE, false},
    {N_("Communities"), "/communities", RIGHT_STAFF, false},
    {N_("Programs"), "/programs", RIGHT_STAFF, false},
    {N_("Statistics"), "/statistics", RIGHT_STAFF, false},
    {N_("By hand"), "/by-hand", RIGHT_MODERATE, false},
    {N_("Interpreters"), "/interpreting", RIGHT_STAFF, false},
    {N_("Sends"), "/sends", RIGHT_MODERATE, true},
    {N_("Notices"), "/notices", RIGHT_STAFF, true},
    {N_("People"), "/people", RIGHT_ADMIN, true},
    {N_("Access log"), "/audit", RIGHT_PRIVACY, true},
    {N_("Requests to delete"), "/privacy-requests", RIGHT_PRIVACY, true},
    {N_("Settings"), "/settings", RIGHT_ADMIN, true},
};
enum { PLACES = sizeof places / sizeof *places };

/* Who moderates finds the statistics on the page of the community; who only sees results has no other way in. */
static bool found_elsewhere(const struct actor *actor, const char *path)
{
    return sv_eq_z(sv_of(path), "/statistics") && actor_may(actor, RIGHT_MODERATE);
}

void navigation(const struct actor *actor, const struct http_req *q, struct page_info *info)
{
    if (actor->kind != ACTOR_STAFF)
        return;
    struct page_nav *nav = arena_array(q->arena, struct page_nav, PLACES);
    if (!nav)
        return;
    size_t n = 0;
    for (size_t i = 0; i < PLACES; i++)
        if (actor_may(actor, places[i].right) && !found_elsewhere(actor, places[i].path))
            nav[n++] = (struct page_nav){places[i].msgid, places[i].path, -1, sv_starts(q->path, sv_of(places[i].path)),
                                         places[i].aside};
    info->nav = nav;
    info->n_nav = n;
}

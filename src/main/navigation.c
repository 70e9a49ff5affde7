/* SPDX-License-Identifier: EUPL-1.2 */
#include "navigation.h"

static const struct {
    const char *msgid, *path;
    enum right right;
} places[] = {
    {N_("Inbox"), "/inbox", RIGHT_MODERATE},
    {N_("To review"), "/review", RIGHT_STAFF},
    {N_("Join requests"), "/joins", RIGHT_COORDINATE},
    {N_("Posts"), "/posts", RIGHT_MODERATE},
    {N_("Saved answers"), "/answers", RIGHT_MODERATE},
    {N_("Communities"), "/communities", RIGHT_STAFF},
    {N_("Statistics"), "/statistics", RIGHT_STAFF},
    {N_("By hand"), "/by-hand", RIGHT_MODERATE},
    {N_("Sends"), "/sends", RIGHT_MODERATE},
    {N_("People"), "/people", RIGHT_ADMIN},
    {N_("Access log"), "/audit", RIGHT_PRIVACY},
    {N_("Settings"), "/settings", RIGHT_ADMIN},
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
            nav[n++] =
                (struct page_nav){places[i].msgid, places[i].path, -1, sv_starts(q->path, sv_of(places[i].path))};
    info->nav = nav;
    info->n_nav = n;
}

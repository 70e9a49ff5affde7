/* SPDX-License-Identifier: EUPL-1.2 */
/* What planning adds to communities, and what it does later: the workload alert, the days of winding down, reminders.
 */
#include "base/id.h"
#include "core/notify.h"
#include "feature/planning/planning_room.h"

/* ---- workload (A-31, Q-34) ---- */

enum pw_err workload_of(struct ctx *c, const struct community *com, struct workload *ret)
{
    struct plan p;
    struct workload w = {.members = com->active_members};
    PW_TRY(plan_row(c, com->id, &p));
    PW_TRY(community_active_moderators(c, com, &w.moderators));
    w.per_moderator = p.per_moderator;
    w.on = workload_on(w.members, w.moderators, w.per_moderator);
    *ret = w;
    return PW_OK;
}

enum pw_err workload_look(struct ctx *c, int64_t community_id)
{
    struct community com;
    struct workload w;
    struct plan p;
    enum pw_err e = community_get(c, community_id, &com);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(workload_of(c, &com, &w));
    PW_TRY(plan_row(c, community_id, &p));
    if (w.on == (p.workload_told_ms != 0))
        return PW_OK;
    p.workload_told_ms = w.on ? c->now_ms : 0;
    PW_TRY(plan_save(c, &p));
    if (!w.on)
        return PW_OK;
    struct grant *g;
    size_t n;
    PW_TRY(community_grants(c, community_id, &g, &n));
    for (size_t i = 0; i < n; i++) {
        bool told = g[i].role != ROLE_TECH_ADMIN && g[i].role != ROLE_MODERATOR;
        for (size_t k = 0; k < i; k++)
            told |= g[k].person_id == g[i].person_id && (g[k].role == ROLE_TECH_ADMIN || g[k].role == ROLE_MODERATOR);
        if (!told)
            PW_TRY(
                notify(c, g[i].person_id,
                       N_("{0} has {1} members, more than its active moderators can look after. Find more moderators."),
                       com.words.name, arena_fmt(c->arena, "%lld", (long long)w.members),
                       staff_path(c, community_id, "/planning"), NULL));
    }
    return PW_OK;
}

/* ---- signs ---- */

static enum pw_err signs(void *self, struct ctx *c, const struct community *com, struct community_signs *io)
{
    (void)self;
    struct workload w;
    struct plan p;
    PW_TRY(plan_row(c, com->id, &p));
    PW_TRY(workload_of(c, com, &w));
    if (w.on)
        sign_add(
            io,
            (struct community_sign){
                N_("Workload alert. Members: {0}. Active moderators: {1}. Find more moderators, or raise the limit."),
                say_number(c, w.members), say_number(c, w.moderators), staff_path(c, com->id, "/planning"), true});
    if (com->status <= COM_READY && p.started_ms) {
        struct plan_file f;
        struct readiness r;
        PW_TRY(plan_load(c, com->id, &f));
        PW_TRY(plan_readiness(c, com, &f, &r));
        if (r.open)
            sign_add(io,
                     (struct community_sign){N_("Not ready yet. Lines of the planning file that are not “yes”: {0}."),
                                             say_number(c, (int64_t)r.open), (struct sv){0},
                                             staff_path(c, com->id, "/planning"), true});
    }
    if (p.needs_file)
        sign_add(io, (struct community_sign){N_("Files and consents"), (struct sv){0}, (struct sv){0},
                                             staff_path(c, com->id, "/files"), false});
    static const struct {
        const char *msgid, *rest;
    } links[] = {{N_("Planning file"), "/planning"},
                 {N_("Choice of platform"), "/platforms"},
                 {N_("Promotion kit"), "/promotion"},
                 {N_("Move to another platform"), "/move"},
                 {N_("Wind down"), "/ending"}};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        sign_add(io, (struct community_sign){links[i].msgid, (struct sv){0}, (struct sv){0},
                                             staff_path(c, com->id, links[i].rest), false});
    return PW_OK;
}

/* ---- later ---- */

static enum pw_err remind(struct ctx *c, int64_t id)
{
    int64_t people;
    enum pw_err e = move_remind(c, id, &people);
    return e == PW_NOT_FOUND || e == PW_CONFLICT ? PW_OK : e;
}

static const struct later later[] = {
    {.timer = "planning.ending", .do_it = ending_due},
    {.timer = "planning.move-remind", .do_it = remind},
    {.subscriber = "planning.workload", .event = "member.", .do_it = workload_look, .of_community = true},
    {0}};

void planning_register(struct work *w)
{
    static const struct community_text_part text = {planning_text_write, planning_text_read};
    community_text_add(&text);
    community_gate_add(plan_gate, NULL);
    thread_gate_add(case_gate, NULL);
    community_signer_add(signs, NULL);
    community_starter_set(preset_cards, NULL);
    community_listen(move_ear, NULL);
    later_add(w, later);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The urgent path (SAFE-3): emergency numbers at any hour, who is on call, and how they are alerted. */
#include "channel/registry.h"
#include "core/audit.h"
#include "core/notify.h"
#include "core/people.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/setup_store.h"

/* Canada's; the operator confirms that they answer where the community is, or writes others. */
static const struct {
    const char *number, *what;
} shipped[] = {
    {"911", N_("Police, fire, ambulance: somebody is in danger now")},
    {"988", N_("Suicide crisis helpline, by call or text, day and night")},
    {"211", N_("Community, health and social services near you")},
};
enum { SHIPPED = sizeof shipped / sizeof *shipped, NUMBERS_MAX = 20 };

enum pw_err emergency_numbers(struct ctx *c, int64_t community_id, struct sv lang, struct emergency_number **ret,
                              size_t *ret_n)
{
    struct sv body, line;
    size_t n = 0;
    struct emergency_number *v = arena_array(c->arena, struct emergency_number, NUMBERS_MAX);
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(text_row(c, community_id, "numbers", lang, false, &body));
    while (n < NUMBERS_MAX && sv_cut(&body, '\n', &line)) {
        struct sv number = {0};
        line = sv_trim(line);
        if (line.n && sv_cut(&line, '=', &number))
            v[n++] = (struct emergency_number){sv_trim(number), sv_trim(line)};
    }
    for (size_t i = 0; i < SHIPPED && n == i; i++) /* nothing was written: the shipped ones */
        v[n++] = (struct emergency_number){sv_of(shipped[i].number), say(c, lang, shipped[i].what, NULL, 0)};
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

static bool on_duty(const struct community *com, struct sv hours, int64_t now_ms)
{
    struct worktime w = {.standard_h = 24};
    struct problems none = {0};
    if (!hours.n)
        return true;
    return hours_parse(hours, "hours", &w.hours, &none) != PW_OK || tz_find(com->zone, &w.tz) != PW_OK ||
           work_is_open(&w, now_ms);
}

/* In the product, and by a private word on every channel where this person can be reached. */
static enum pw_err alert_one(struct ctx *c, const struct community *com, int64_t person_id, const char *msgid,
                             struct sv category, struct sv path)
{
    struct channel_info *ch;
    struct person p;
    struct community own = *com;
    size_t n;
    int64_t id = 0;
    PW_TRY(person_get(c, person_id, &p));
    struct sv lang = p.lang.n ? p.lang : lang_main(com->languages);
    PW_TRY(in_words_of(c, lang, &own));
    const struct sv args[] = {own.words.name, category_words(c, lang, category)};
    PW_TRY(notify(c, person_id, msgid, args[0], args[1], path, &id));
    struct sv text =
        arena_fmt(c->arena, "%.*s %.*s%.*s", SV_ARG(say(c, lang, msgid, args, 2)), SV_ARG(c->public_url), SV_ARG(path));
    PW_TRY(channel_list(c, &ch, &n));
    for (size_t i = 0; i < n; i++) {
        struct identity who;
        enum pw_err e = ch[i].enabled ? identity_of_person(c, person_id, ch[i].id, &who) : PW_NOT_FOUND;
        if (e == PW_OK && !who.blocked)
            e = send_to_chat(c, ch[i].id, who.private_chat, text, 0);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
    }
    return PW_OK;
}

/* Whoever has a role in the community, and those who run it. */
static enum pw_err team_of(struct ctx *c, const struct community *com, int64_t **ret, size_t *ret_n)
{
    struct grant *g;
    int64_t *owners;
    size_t n, n_owners, k = 0;
    PW_TRY(grant_list(c, SCOPE_COMMUNITY, com->id, &g, &n));
    PW_TRY(owners_of(c, com, NULL, 0, &owners, &n_owners));
    int64_t *v = arena_array(c->arena, int64_t, n + n_owners + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        v[k++] = g[i].person_id;
    for (size_t i = 0; i < n_owners; i++)
        v[k++] = owners[i];
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

static enum pw_err alert_listed(struct ctx *c, const struct community *com, const char *msgid, struct sv category,
                                struct sv path, int64_t but, size_t *ret_told)
{
    struct oncall *v;
    int64_t *team;
    size_t n, n_team, told = 0;
    PW_TRY(oncall_rows(c, com->id, &v, &n));
    PW_TRY(team_of(c, com, &team, &n_team));
    for (int pass = 0; pass < 2 && !told; pass++) /* those on duty, else everybody of the list */
        for (size_t i = 0; i < n; i++)
            if (v[i].person_id != but && holds_person(team, n_team, v[i].person_id) &&
                (pass || on_duty(com, v[i].hours, c->now_ms))) {
                PW_TRY(alert_one(c, com, v[i].person_id, msgid, category, path));
                told++;
            }
    *ret_told = told;
    return PW_OK;
}

enum pw_err alert_oncall(struct ctx *c, const struct community *com, const char *msgid, struct sv category,
                         struct sv path, int64_t but)
{
    int64_t *mods, *owners;
    size_t told = 0, n_mods, n_owners;
    PW_TRY(alert_listed(c, com, msgid, category, path, but, &told));
    if (told)
        return PW_OK;
    PW_TRY(moderators_of(c, com, &mods, &n_mods));
    PW_TRY(owners_of(c, com, &but, 1, &owners, &n_owners));
    for (size_t i = 0; i < n_mods; i++)
        if (mods[i] != but)
            PW_TRY(alert_one(c, com, mods[i], msgid, category, path));
    for (size_t i = 0; i < n_owners; i++) /* once, also who is both */
        if (!holds_person(mods, n_mods, owners[i]))
            PW_TRY(alert_one(c, com, owners[i], msgid, category, path));
    return PW_OK;
}

enum pw_err urgent_alert(struct ctx *c, int64_t community_id, struct sv words)
{
    struct community com;
    PW_TRY(community_get(c, community_id, &com));
    PW_TRY(need_member_or_staff(c, &com));
    PW_TRY(take_text(c, "words", false, 2000, &words));
    struct mod_item it = {.kind = ITEM_REPORT,
                          .urgent = true,
                          .category = SV("safety"),
                          .from_person = c->actor->person_id,
                          .lang = c->lang.n ? c->lang : lang_main(com.languages),
                          .words = words};
    return item_begin(c, &com, &it);
}

enum pw_err oncall_set(struct ctx *c, int64_t community_id, int64_t person_id, struct sv hours)
{
    struct community com;
    struct hours h = {0};
    int64_t *team;
    size_t n;
    PW_TRY(need_admin(c, community_id, &com));
    if (hours.n)
        PW_TRY(hours_parse(hours, "hours", &h, c->problems));
    PW_TRY(team_of(c, &com, &team, &n));
    if (!person_id || !holds_person(team, n, person_id))
        return problem_add(c->problems, "person", N_("Choose one of the list."));
    PW_TRY(oncall_save(c, community_id, person_id, hours));
    return audit(c, "moderation.oncall", "community", community_id, SV("set"));
}

enum pw_err oncall_remove(struct ctx *c, int64_t community_id, int64_t person_id)
{
    struct community com;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(oncall_drop(c, community_id, person_id));
    return audit(c, "moderation.oncall", "community", community_id, SV("removed"));
}

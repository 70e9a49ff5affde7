/* SPDX-License-Identifier: EUPL-1.2 */
/* Automatic rules at work (channels.md §3): a message is held, a flood is muted, a wave shuts the door for a while.
 * Each act is a sanction with its cause, stands in the review queue with its reason, and is undone only through it.
 * Simulated ones only write there what they would have done. */
#include "base/civil.h"
#include "base/id.h"
#include "base/unicode.h"
#include "core/audit.h"
#include "feature/moderation/auto_store.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/review_store.h"
#include "feature/moderation/sanction_store.h"
#include "feature/moderation/setup_store.h"

static const int64_t minute_ms = 60 * 1000;
static const unsigned enforced = 1u << (AUTO_MARK + AUTO__MAX);

/* ---- before a message is shown ---- */

static enum pw_err fold_lines(struct ctx *c, struct sv lines, struct sv *ret)
{
    struct sv out = {0}, line, folded;
    while (sv_cut(&lines, '\n', &line)) {
        PW_TRY(text_fold(c->arena, line, &folded));
        out = arena_fmt(c->arena, "%.*s%.*s\n", SV_ARG(out), SV_ARG(folded));
    }
    *ret = out;
    return PW_OK;
}

static enum pw_err see(struct ctx *c, const struct words_said *w, const struct auto_set *s, const struct membership *m,
                       struct auto_seen *ret)
{
    const struct message_new *n = w->n;
    int64_t at = n->at_ms > 0 && n->at_ms < c->now_ms ? n->at_ms : c->now_ms;
    struct auto_seen seen = {.image = n->kind == MSG_IMAGE || n->kind == MSG_VIDEO, .forwarded = n->forwarded};
    PW_TRY(text_fold(c->arena, w->text, &seen.folded));
    PW_TRY(fold_lines(c, s->words, &seen.words));
    if (s->flood)
        PW_TRY(member_said(c, w->com->id, w->author, at - minute_ms, &seen.in_minute));
    if (s->first_image && seen.image)
        PW_TRY(member_said(c, w->com->id, w->author, 0, &seen.ever));
    seen.member_days = (c->now_ms - m->accepted_ms) / CIVIL_DAY_MS;
    *ret = seen;
    return PW_OK;
}

static enum pw_err wave_now(struct ctx *c, int64_t community_id, bool *ret_shut, struct wave *ret)
{
    enum pw_err e = wave_last(c, community_id, ret);
    *ret_shut = e == PW_OK && !ret->simulated && ret->until_ms > c->now_ms;
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err automatic_before(struct ctx *c, struct words_said *w, const struct mod_settings *set, bool *io_hide)
{
    const struct auto_set *s = &set->automatic;
    struct membership m;
    struct auto_seen seen;
    struct wave wave;
    enum auto_rule rule;
    if (s->mode == AUTO_OFF || works_in(c, w->com))
        return PW_OK;
    enum pw_err e = membership_of(c, w->com->id, w->author, &m);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_OK : e;
    PW_TRY(see(c, w, s, &m, &seen));
    bool speaks = auto_message(s, &seen, &rule);
    if (!speaks && s->mode == AUTO_ENFORCE && s->wave) {
        PW_TRY(wave_now(c, w->com->id, &speaks, &wave));
        speaks = speaks && m.accepted_ms > wave.began_ms;
        rule = AUTO_WAVE;
    }
    if (!speaks)
        return PW_OK;
    w->marks |= 1u << (AUTO_MARK + rule);
    if (s->mode == AUTO_ENFORCE) {
        w->marks |= enforced;
        *io_hide = true;
    }
    return PW_OK;
}

/* ---- after it was kept ---- */

static enum pw_err tell_held(struct ctx *c, const struct words_said *w, const struct membership *m, enum auto_rule rule,
                             int64_t until)
{
    struct community own = *w->com;
    PW_TRY(in_words_of(c, m->lang, &own));
    const struct sv args[] = {own.words.name, say(c, m->lang, auto_rule_label(rule), NULL, 0)};
    struct sv text = say(c, m->lang,
                         N_("Your message in {0} is not shown yet ({1}). A moderator looks at it; it is shown if it "
                            "belongs there."),
                         args, 2);
    if (until) {
        const struct sv when[] = {say_moment(c, m->lang, w->com->zone, until)};
        text = arena_fmt(c->arena, "%.*s\n\n%.*s", SV_ARG(text),
                         SV_ARG(say(c, m->lang, N_("You can read, but not write to the group, until {0}."), when, 1)));
    }
    return private_word(c, w->com, w->author, text);
}

/* Done in the name of the community; it counts as no breach, because nobody judged. */
static enum pw_err hold(struct ctx *c, const struct words_said *w, const struct message *m, enum auto_rule rule,
                        int64_t *ret_action)
{
    struct mod_settings set;
    struct membership member;
    struct ctx own = as_community(c);
    PW_TRY(setting_row(c, w->com->id, &set));
    PW_TRY(membership_of(&own, w->com->id, w->author, &member));
    int64_t until = rule == AUTO_FLOOD ? c->now_ms + set.automatic.mute_minutes * minute_ms : 0;
    struct mod_action a = {
        .id = id_new(),
        .community_id = w->com->id,
        .person_id = w->author,
        .message_id = m->id,
        .category = sv_of(auto_rule_code(rule)),
        .ladder = SV("automatic"),
        .step = 1,
        .acts = until ? arena_fmt(c->arena, "delete restrict-minutes=%lld", (long long)set.automatic.mute_minutes)
                      : SV("delete"),
        .guidelines_version = member.guidelines_version,
        .at_ms = c->now_ms,
        .expires_ms = c->now_ms,
        .evidence = w->text};
    PW_TRY(action_insert(&own, &a));
    if (until) {
        PW_TRY(penalty_insert(&own, &a, PENALTY_RESTRICT, until));
        PW_TRY(send_restriction(&own, w->com, w->author, until));
    }
    PW_TRY(tell_held(&own, w, &member, rule, until));
    PW_TRY(note_fact(&own, "moderation.acted", "mod_action", a.id, w->com->id,
                     arena_fmt(c->arena, "category=%s ladder=automatic", auto_rule_code(rule))));
    *ret_action = a.id;
    return PW_OK;
}

enum pw_err automatic_after(struct ctx *c, const struct words_said *w, const struct message *m)
{
    bool waits = false;
    int rule = 0;
    while (rule < AUTO__MAX && !(w->marks & (1u << (AUTO_MARK + rule))))
        rule++;
    if (rule == AUTO__MAX)
        return PW_OK;
    struct mod_item it = {.kind = ITEM_AUTOMATIC,
                          .category = sv_of(auto_rule_code((enum auto_rule)rule)),
                          .message_id = m->id,
                          .about = w->author,
                          .lang = m->lang,
                          .copy = w->text};
    if (w->marks & enforced)
        PW_TRY(hold(c, w, m, (enum auto_rule)rule, &it.action_id));
    else /* one line says it: a simulated flood must not become a flood of items */
        PW_TRY(automatic_waits(c, w->com->id, w->author, it.category, &waits));
    struct ctx own = as_community(c);
    return waits ? PW_OK : item_begin(&own, w->com, &it);
}

/* ---- waves ---- */

enum pw_err automatic_joining(struct ctx *c, const struct community *com)
{
    struct mod_settings set;
    struct wave wave;
    bool shut;
    PW_TRY(setting_row(c, com->id, &set));
    if (set.automatic.mode != AUTO_ENFORCE || !set.automatic.wave)
        return PW_OK;
    PW_TRY(wave_now(c, com->id, &shut, &wave));
    return shut ? problem_add_arg(c->problems, "removed",
                                  N_("Very many people ask to join at the moment. Please ask again after {0}."),
                                  say_moment(c, c->lang, com->zone, wave.until_ms))
                : PW_OK;
}

enum pw_err automatic_look_at_joins(struct ctx *c, int64_t community_id)
{
    struct community com;
    struct mod_settings set;
    struct wave last = {0};
    int64_t people;
    PW_TRY(setting_row(c, community_id, &set));
    const struct auto_set *s = &set.automatic;
    if (s->mode == AUTO_OFF || !s->wave)
        return PW_OK;
    enum pw_err e = wave_last(c, community_id, &last);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    if (last.until_ms > c->now_ms)
        return PW_OK;
    int64_t since = c->now_ms - s->wave_minutes * minute_ms;
    PW_TRY(joins_since(c, community_id, since > last.until_ms ? since : last.until_ms, &people));
    if (!auto_wave(s, people))
        return PW_OK;
    PW_TRY(community_get(c, community_id, &com));
    struct mod_item it = {
        .kind = ITEM_AUTOMATIC, .category = sv_of(auto_rule_code(AUTO_WAVE)), .lang = lang_main(com.languages)};
    PW_TRY(item_begin(c, &com, &it));
    struct wave now = {.item_id = it.id,
                       .simulated = s->mode == AUTO_SIMULATE,
                       .began_ms = c->now_ms,
                       .until_ms = c->now_ms + (s->mode == AUTO_SIMULATE ? s->wave_minutes : s->wave_hold) * minute_ms};
    return wave_insert(c, community_id, &now);
}

/* ---- a person looks at it ---- */

enum pw_err automatic_decide(struct ctx *c, int64_t item_id, bool right)
{
    struct mod_item it;
    struct community com;
    struct mod_action a;
    PW_TRY(need_item(c, item_id, &it, &com));
    if (it.kind != ITEM_AUTOMATIC)
        return PW_CONFLICT;
    PW_TRY(item_close(c, &com, &it, right ? ITEM_GRANTED : ITEM_DECLINED, (struct sv){0}));
    if (right)
        return PW_OK;
    if (sv_eq_z(it.category, auto_rule_code(AUTO_WAVE)) && !it.action_id)
        return wave_end(c, it.id);
    if (!it.action_id)
        return PW_OK;
    PW_TRY(action_row(c, it.action_id, &a));
    return a.undone_ms ? PW_OK : undo_action(c, &com, &a, it.id);
}

enum pw_err automatic_taken_back(struct ctx *c, const struct community *com, int64_t action_id)
{
    struct mod_item it;
    int64_t id;
    enum pw_err e = item_of_action(c, ITEM_AUTOMATIC, action_id, &id);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_OK : e;
    PW_TRY(item_row(c, id, &it));
    return it.state == ITEM_OPEN ? item_close(c, com, &it, ITEM_DECLINED, (struct sv){0}) : PW_OK;
}

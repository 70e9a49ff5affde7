/* SPDX-License-Identifier: EUPL-1.2 */
/* Acting on a message (MOD-3 to MOD-7, MOD-12): what would happen, doing it, taking it back. A strike knows its cause
 * and is undone only through it (channels.md rule 7); the words are copied before anything is taken away. */
#include "base/civil.h"
#include "base/id.h"
#include "base/unicode.h"
#include "core/audit.h"
#include "core/document.h"
#include "core/people.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/review_store.h"
#include "feature/moderation/sanction_store.h"
#include "feature/moderation/setup_store.h"

enum { CLAUSES_MAX = 30, EXCERPT_CHARS = 200, LOG_MAX = 200 };
#define CLOSED_BY_US SV("moderated")

/* ---- what is said ---- */

/* Length of "- ", "* ", "1. ", "2) " at the start of a line. */
static size_t list_sign(struct sv line)
{
    size_t i = 0;
    while (i < line.n && line.p[i] >= '0' && line.p[i] <= '9')
        i++;
    bool sign = i < line.n && (i ? line.p[i] == '.' || line.p[i] == ')' : line.p[0] == '-' || line.p[0] == '*');
    return sign && i + 1 < line.n && line.p[i + 1] == ' ' ? i + 2 : 0;
}

/* The lines of a text without headings and list signs. */
enum pw_err moderation_clauses(struct ctx *c, const struct community *com, int64_t version, struct sv lang,
                               struct sv **ret, size_t *ret_n)
{
    struct doc_text doc = {0};
    struct sv *v = arena_array(c->arena, struct sv, CLAUSES_MAX);
    size_t n = 0;
    if (!v)
        return PW_UNAVAILABLE;
    enum pw_err e = com->guidelines_doc ? doc_read(c, com->guidelines_doc, lang, version, &doc) : PW_NOT_FOUND;
    if (e == PW_NOT_FOUND && com->guidelines_doc && version)
        e = doc_read(c, com->guidelines_doc, lang, 0, &doc);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    struct sv rest = doc.body, line;
    while (n < CLAUSES_MAX && sv_cut(&rest, '\n', &line)) {
        line = sv_trim(line);
        bool heading = line.n && line.p[0] == '#';
        line = sv_sub(line, list_sign(line), line.n);
        if (line.n && !heading)
            v[n++] = line;
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

static struct sv add_line(struct ctx *c, struct sv text, struct sv line)
{
    return line.n ? arena_join(c->arena, arena_join(c->arena, text, SV("\n\n")), line) : text;
}

static struct sv warning_text(struct ctx *c, const struct community *com, const struct mod_action *a, struct sv lang)
{
    const struct sv head[] = {com->words.name, category_words(c, lang, a->category)};
    struct sv text = say(c, lang, N_("A message of yours in {0} does not follow the guidelines: {1}."), head, 2);
    if (a->evidence.n) {
        const struct sv words[] = {text_cut(c->arena, a->evidence, EXCERPT_CHARS)};
        text = add_line(c, text, say(c, lang, N_("Your message: “{0}”"), words, 1));
    }
    if (a->clause.n) {
        const struct sv clause[] = {a->clause};
        text = add_line(c, text,
                        say(c, lang,
                            a->guidelines_version ? N_("You accepted this when you joined: “{0}”")
                                                  : N_("The guidelines say: “{0}”"),
                            clause, 1));
    }
    if (sv_eq_z(a->category, "advertising")) {
        const struct sv url[] = {arena_join(c->arena, c->public_url, community_path(c, com, "/opportunity"))};
        text = add_line(c, text,
                        say(c, lang, N_("If it can help others, send it to the moderators instead: {0}"), url, 1));
    }
    return add_line(c, text, a->reason);
}

static struct sv appeal_text(struct ctx *c, const struct community *com, struct sv lang)
{
    const struct sv url[] = {arena_join(c->arena, c->public_url, decisions_path(c, com))};
    return say(c, lang,
               N_("If you think this is a mistake, write /appeal and your reasons here, or use this page: {0} Somebody "
                  "else will decide."),
               url, 1);
}

static struct sv description_text(struct ctx *c, const struct community *com, struct sv lang, struct sv excluded)
{
    struct doc_text doc = {0};
    struct sv text = com->words.purpose, out = com->words.topics_out, rest = excluded, code;
    if (com->description_doc && doc_read(c, com->description_doc, lang, 0, &doc) == PW_OK)
        text = doc.body;
    const struct sv head[] = {com->words.name, text};
    text = say(c, lang, N_("A reminder of what {0} is for: {1}"), head, 2);
    while (sv_cut(&rest, ' ', &code)) {
        struct sv word = code.n ? say(c, lang, excluded_label(code), NULL, 0) : (struct sv){0};
        if (word.n && sv_find(out, word) < 0)
            out = out.n ? arena_fmt(c->arena, "%.*s\n%.*s", SV_ARG(out), SV_ARG(word)) : word;
    }
    if (!out.n)
        return text;
    const struct sv topics[] = {out};
    return add_line(c, text, say(c, lang, N_("Not here:\n{0}"), topics, 1));
}

static struct sv groups_text(struct ctx *c, const struct community *com, struct sv lang, struct sv groups)
{
    const struct sv args[] = {com->words.name, groups};
    return groups.n ? say(c, lang, N_("This topic does not belong in {0}. These groups suit it better:\n{1}"), args, 2)
                    : say(c, lang,
                          N_("This topic does not belong in {0}. A moderator can help you find a better place: "
                             "answer here."),
                          args, 1);
}

/* ---- before ---- */

/* In the moderator's language when both texts have as many clauses, else as the member reads them: the choice is by
 * number. */
static enum pw_err clauses_to_choose(struct ctx *c, struct mod_proposal *p)
{
    struct sv *own, *mine;
    size_t n, n_mine;
    PW_TRY(moderation_clauses(c, &p->com, p->member.guidelines_version, p->member.lang, &own, &n));
    PW_TRY(moderation_clauses(c, &p->com, p->member.guidelines_version, c->lang, &mine, &n_mine));
    p->clauses = n == n_mine ? mine : own;
    p->n_clauses = n;
    return PW_OK;
}

enum pw_err moderation_propose(struct ctx *c, int64_t message_id, struct sv category, struct mod_proposal *ret)
{
    struct mod_proposal p = {0};
    PW_TRY(message_get(c, message_id, &p.message));
    PW_TRY(need_keeper_of(c, p.message.community_id, &p.com));
    PW_TRY(moderation_ladder_of(c, p.com.id, category, &p.ladder));
    enum pw_err e = p.message.author ? membership_of(c, p.com.id, p.message.author, &p.member) : PW_NOT_FOUND;
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    struct sv lang = p.member.lang.n ? p.member.lang : p.message.lang;
    PW_TRY(action_standing(c, message_id, &p.standing));
    PW_TRY(action_weight(c, p.com.id, p.message.author, p.ladder.name, category, &p.weight));
    p.step = ladder_next(&p.ladder.ladder, p.weight);
    PW_TRY(clauses_to_choose(c, &p));
    PW_TRY(text_row(c, p.com.id, "groups", lang, false, &p.groups));
    *ret = p;
    return PW_OK;
}

/* ---- doing it ---- */

/* The chosen clause as the member accepted it, in the member's own language (MOD-4). */
static enum pw_err quote(struct ctx *c, const struct mod_proposal *p, int64_t clause, struct sv *ret)
{
    struct sv *own;
    size_t n;
    PW_TRY(moderation_clauses(c, &p->com, p->member.guidelines_version, p->member.lang, &own, &n));
    *ret = clause >= 1 && clause <= (int64_t)n ? own[clause - 1] : (struct sv){0};
    return PW_OK;
}

static enum pw_err take_away(struct ctx *c, const struct message *m, struct sv category)
{
    struct ctx com_ctx = as_community(c);
    struct question q;
    PW_TRY(message_hide(c, m->id, category));
    if (!m->question_id)
        return PW_OK;
    PW_TRY(question_get(&com_ctx, m->question_id, &q));
    /* A question that is out of view waits for nobody; personal ones go on in private by another action. */
    return q.message_id == m->id && q.open && !sv_eq_z(category, "privacy")
               ? question_close(&com_ctx, q.id, CLOSED_BY_US)
               : PW_OK;
}

static enum pw_err remove_member(struct ctx *c, const struct mod_proposal *p, const struct mod_action *a,
                                 const struct ladder_step *s)
{
    struct ctx com_ctx = as_community(c);
    PW_TRY(penalty_insert(c, a, s->acts & ACT_BLOCK ? PENALTY_BLOCK : PENALTY_REMOVE, 0));
    return p->member.state == MEMBER_ACTIVE || p->member.state == MEMBER_WAITING
               ? membership_remove(&com_ctx, p->com.id, a->person_id, a->category)
               : PW_OK;
}

static enum pw_err group_notice(struct ctx *c, const struct mod_proposal *p, const struct mod_action *a)
{
    struct mod_settings set;
    int64_t id = 0;
    PW_TRY(setting_row(c, p->com.id, &set));
    if (set.notice == NOTICE_NEVER)
        return PW_OK;
    struct sv lang = lang_main(p->com.languages);
    const struct sv args[] = {category_words(c, lang, a->category), p->member.name};
    struct sv text =
        set.notice == NOTICE_NAMED
            ? say(c, lang, N_("{1} was removed because the guidelines were not respected: {0}."), args, 2)
            : say(c, lang, N_("Somebody was removed because the guidelines were not respected: {0}."), args, 1);
    return message_announce(c, &p->com, lang, text, &id);
}

/* In this order: told before removed (MOD-5), and nothing is said to the group before the message is gone. */
static enum pw_err carry_out(struct ctx *c, const struct mod_proposal *p, const struct mod_action *a,
                             const struct ladder_step *s)
{
    struct sv lang = p->member.lang, main_lang = lang_main(p->com.languages);
    struct community own = p->com, group = p->com;
    struct mod_settings set;
    int64_t id = 0, until = s->acts & ACT_RESTRICT ? c->now_ms + s->days * CIVIL_DAY_MS : 0;
    PW_TRY(in_words_of(c, lang, &own));
    PW_TRY(in_words_of(c, main_lang, &group));
    PW_TRY(setting_row(c, p->com.id, &set));
    if (s->acts & ACT_DELETE)
        PW_TRY(take_away(c, &p->message, a->category));
    struct sv text = {0};
    if (s->acts & (ACT_WARN | ACT_RESTRICT | ACT_REMOVE | ACT_BLOCK))
        text = warning_text(c, &own, a, lang);
    else if ((s->acts & ACT_DELETE) && !(s->acts & ACT_SUGGEST))
        text = warning_text(c, &own, a, lang); /* nobody's words disappear without a word */
    if (s->acts & ACT_SUGGEST)
        text =
            text.n ? add_line(c, text, groups_text(c, &own, lang, p->groups)) : groups_text(c, &own, lang, p->groups);
    if (s->acts & ACT_RESTRICT) {
        const struct sv when[] = {say_moment(c, lang, p->com.zone, until)};
        text = add_line(c, text, say(c, lang, N_("You can read, but not write to the group, until {0}."), when, 1));
    }
    if (s->acts & (ACT_REMOVE | ACT_BLOCK))
        text = add_line(c, text, say(c, lang, N_("For this reason you are removed from the community."), NULL, 0));
    if (text.n && p->member.id)
        PW_TRY(private_word(c, &own, a->person_id, add_line(c, text, appeal_text(c, &own, lang))));
    if (s->acts & ACT_REPOST)
        PW_TRY(message_announce(c, &group, main_lang, description_text(c, &group, main_lang, set.excluded), &id));
    if (s->acts & ACT_RESTRICT) {
        PW_TRY(penalty_insert(c, a, PENALTY_RESTRICT, until));
        PW_TRY(send_restriction(c, &p->com, a->person_id, until));
    }
    if (s->acts & (ACT_REMOVE | ACT_BLOCK))
        PW_TRY(remove_member(c, p, a, s));
    return s->acts & ACT_NOTICE ? group_notice(c, p, a) : PW_OK;
}

enum pw_err moderation_act(struct ctx *c, const struct mod_act_new *n, int64_t *ret_action)
{
    struct mod_proposal p;
    struct mod_item it = {0};
    struct community com;
    struct mod_settings set;
    struct mod_act_new in = *n;
    PW_TRY(moderation_propose(c, in.message_id, in.category, &p));
    PW_TRY(take_text(c, "reason", false, 1000, &in.reason));
    if (in.item_id) {
        PW_TRY(need_item(c, in.item_id, &it, &com));
        if (it.message_id != in.message_id)
            return PW_CONFLICT;
    }
    if (p.message.author && p.message.author == c->actor->person_id)
        return PW_DENIED;
    if (p.standing)
        return PW_CONFLICT;
    size_t step = in.step > 0 ? (size_t)in.step - 1 : p.step;
    if (!ladder_offers(&p.ladder.ladder, p.weight, step))
        return problem_add(c->problems, "step", N_("This step comes later: choose the proposed one or a milder one."));
    struct ladder_step s = p.ladder.ladder.v[step];
    if (p.message.state != SHOWN)
        s.acts &= ~(unsigned)ACT_DELETE;
    if (!p.member.id)
        s.acts &= ACT_DELETE | ACT_REPOST;
    if (!s.acts)
        return problem_add(c->problems, "step", N_("Nothing is left to do: the message is out of view already."));
    PW_TRY(setting_row(c, p.com.id, &set));
    struct mod_action a = {.id = id_new(),
                           .community_id = p.com.id,
                           .person_id = p.message.author,
                           .message_id = in.message_id,
                           .item_id = in.item_id,
                           .category = in.category,
                           .ladder = p.ladder.name,
                           .step = (int64_t)step + 1,
                           .acts = ladder_step_text(c->arena, &s),
                           .weight = s.weight,
                           .guidelines_version = p.member.guidelines_version,
                           .by_person = c->actor->person_id,
                           .at_ms = c->now_ms,
                           .expires_ms = c->now_ms + set.strike_days * CIVIL_DAY_MS,
                           .reason = in.reason,
                           .evidence = p.message.body};
    PW_TRY(quote(c, &p, in.clause, &a.clause));
    PW_TRY(action_insert(c, &a)); /* the copy of the words first, then what takes them away */
    PW_TRY(carry_out(c, &p, &a, &s));
    if (it.id)
        PW_TRY(item_close(c, &p.com, &it, ITEM_GRANTED, (struct sv){0}));
    PW_TRY(reports_answered(c, &p.com, in.message_id));
    PW_TRY(note_fact(c, "moderation.acted", "mod_action", a.id, p.com.id,
                     arena_fmt(c->arena, "category=%.*s ladder=%.*s step=%zu", SV_ARG(in.category),
                               SV_ARG(p.ladder.name), step + 1)));
    *ret_action = a.id;
    return PW_OK;
}

/* ---- taking it back ---- */

static bool did(const struct mod_action *a, const char *word)
{
    struct sv rest = a->acts, w, key = sv_of(word);
    while (sv_cut(&rest, ' ', &w))
        if (sv_starts(w, key))
            return true;
    return false;
}

static enum pw_err show_again(struct ctx *c, const struct mod_action *a)
{
    struct ctx com_ctx = as_community(c);
    struct message m;
    struct question q;
    PW_TRY(message_get(&com_ctx, a->message_id, &m));
    if (m.state == HIDDEN)
        PW_TRY(message_show_again(&com_ctx, m.id));
    if (!m.question_id)
        return PW_OK;
    PW_TRY(question_get(&com_ctx, m.question_id, &q));
    return q.message_id == m.id && sv_eq(q.close_reason, CLOSED_BY_US) ? question_reopen(&com_ctx, q.id) : PW_OK;
}

enum pw_err undo_action(struct ctx *c, const struct community *com, const struct mod_action *a, int64_t item_id)
{
    struct penalty *v;
    struct membership m;
    struct person who; /* as they are known now: two records may have become one */
    struct ctx com_ctx = as_community(c);
    size_t n;
    PW_TRY(action_save_undone(c, a->id, item_id));
    PW_TRY(person_get(c, a->person_id, &who));
    PW_TRY(penalty_rows(c, com->id, who.id, &v, &n));
    PW_TRY(penalty_lift(c, a->id));
    if (did(a, "delete"))
        PW_TRY(show_again(c, a));
    if (did(a, "restrict") && !penalty_has(v, n, PENALTY_RESTRICT, a->id))
        PW_TRY(send_restriction(c, com, who.id, 0));
    enum pw_err e = membership_of(&com_ctx, com->id, who.id, &m);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    bool out = penalty_has(v, n, PENALTY_REMOVE, a->id) || penalty_has(v, n, PENALTY_BLOCK, a->id);
    if (e == PW_OK && m.state == MEMBER_REMOVED && !out && (did(a, "remove") || did(a, "block")))
        PW_TRY(membership_restore(c, com, who.id));
    struct community own = *com;
    if (e == PW_OK) {
        PW_TRY(in_words_of(c, m.lang, &own));
        PW_TRY(tell(c, com, who.id, N_("A decision about you in {0} was taken back."), own.words.name, (struct sv){0},
                    decisions_path(c, com)));
    }
    return note_fact(c, "moderation.undone", "mod_action", a->id, com->id, (struct sv){0});
}

enum pw_err moderation_undo(struct ctx *c, int64_t action_id)
{
    struct mod_action a;
    struct community com;
    PW_TRY(action_row(c, action_id, &a));
    PW_TRY(need_keeper_of(c, a.community_id, &com));
    if (a.person_id == c->actor->person_id)
        return PW_DENIED;
    PW_TRY(automatic_taken_back(c, &com, a.id));
    return undo_action(c, &com, &a, 0);
}

/* ---- reading ---- */

static enum pw_err fill_names(struct ctx *c, struct mod_action *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, 2 * n + 1);
    struct person *p = arena_array(c->arena, struct person, 2 * n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        ids[2 * i] = v[i].person_id;
        ids[2 * i + 1] = v[i].by_person;
    }
    PW_TRY(person_get_many(c, ids, 2 * n, p));
    for (size_t i = 0; i < n; i++) {
        v[i].name = p[2 * i].display_name;
        v[i].by_name = p[2 * i + 1].display_name;
    }
    return PW_OK;
}

enum pw_err moderation_log(struct ctx *c, int64_t community_id, int64_t person_id, int64_t before_id, int64_t limit,
                           struct mod_action **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(need_keeper_of(c, community_id, &com));
    if (limit < 1 || limit > LOG_MAX)
        limit = LOG_MAX;
    PW_TRY(action_rows(c, community_id, person_id, before_id, limit, ret, ret_n));
    return fill_names(c, *ret, *ret_n);
}

enum pw_err moderation_mine(struct ctx *c, int64_t community_id, struct mod_action **ret, size_t *ret_n)
{
    struct mod_settings set;
    struct mod_action *v;
    size_t n;
    int64_t me = c->actor->person_id, appeal = 0;
    if (!me)
        return PW_NOT_FOUND;
    PW_TRY(setting_row(c, community_id, &set));
    PW_TRY(action_rows(c, community_id, me, 0, 50, &v, &n));
    for (size_t i = 0; i < n; i++) {
        enum pw_err e = item_of_action(c, ITEM_APPEAL, v[i].id, &appeal);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        v[i].may_appeal = e == PW_NOT_FOUND && appeal_open(v[i].at_ms, set.appeal_days, v[i].undone_ms, c->now_ms);
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err moderation_action(struct ctx *c, int64_t action_id, struct mod_action *ret)
{
    struct mod_action a;
    struct community com;
    PW_TRY(action_row(c, action_id, &a));
    PW_TRY(need_keeper_of(c, a.community_id, &com));
    PW_TRY(audit(c, "moderation.read", "mod_action", action_id, (struct sv){0}));
    PW_TRY(fill_names(c, &a, 1));
    *ret = a;
    return PW_OK;
}

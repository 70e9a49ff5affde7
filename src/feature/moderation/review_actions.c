/* SPDX-License-Identifier: EUPL-1.2 */
/* The review queue: reports, appeals, readmission, private offers, words that look personal (SAFE-1, MOD-6, MOD-8,
 * MOD-11, CNS-6). What involves a moderator goes to another one or to the owner, and is never visible to that person.
 */
#include "base/civil.h"
#include "base/id.h"
#include "core/audit.h"
#include "core/notify.h"
#include "core/people.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/review_store.h"
#include "feature/moderation/sanction_store.h"
#include "feature/moderation/setup_store.h"

enum { WORDS_CHARS = 2000, LIST_MAX = 200 };

/* ---- who ---- */

enum pw_err need_keeper_of(struct ctx *c, int64_t community_id, struct community *ret)
{
    struct community com;
    enum pw_err e = need_moderate(c, community_id, &com);
    if (e == PW_DENIED || e == PW_NOT_FOUND)
        e = need_admin(c, community_id, &com);
    PW_TRY(e);
    *ret = com;
    return PW_OK;
}

struct ctx as_community(const struct ctx *c)
{
    struct ctx own = *c;
    own.actor = &actor_system;
    return own;
}

enum pw_err community_anyway(struct ctx *c, int64_t id, struct community *ret)
{
    struct ctx own = as_community(c);
    return community_get(&own, id, ret);
}

struct sv category_words(struct ctx *c, struct sv lang, struct sv code)
{
    enum mod_category cat;
    return mod_category_parse(code, &cat) ? say(c, lang, mod_category_label(cat), NULL, 0) : code;
}

struct sv item_path(struct ctx *c, int64_t item_id)
{
    char id[ID_TEXT + 1];
    return arena_fmt(c->arena, "/review/%s", id_text(item_id, id).p);
}

struct sv decisions_path(struct ctx *c, const struct community *com)
{
    return community_path(c, com, "/decisions");
}

enum pw_err private_word(struct ctx *c, const struct community *com, int64_t person_id, struct sv text)
{
    struct ctx own = as_community(c);
    struct message_made made;
    return thread_say(&own, com->id, person_id, text, true, &made);
}

enum pw_err owners_of(struct ctx *c, const struct community *com, int64_t **ret, size_t *ret_n)
{
    static const struct {
        enum scope_kind scope;
        enum role role;
    } who[] = {{SCOPE_COMMUNITY, ROLE_TECH_ADMIN}, {SCOPE_ORG, ROLE_COORDINATOR}, {SCOPE_NETWORK, ROLE_NETWORK_ADMIN}};
    const int64_t scopes[] = {com->id, com->owner_org, 0};
    int64_t *v = NULL;
    size_t k = 0;
    for (size_t s = 0; s < 3 && (s < 2 || !k); s++) { /* the network only when nobody is nearer */
        struct grant *g;
        size_t n;
        PW_TRY(grant_list(c, who[s].scope, scopes[s], &g, &n));
        int64_t *more = arena_array(c->arena, int64_t, k + n + 1);
        if (!more)
            return PW_UNAVAILABLE;
        for (size_t i = 0; i < k; i++)
            more[i] = v[i];
        v = more;
        for (size_t i = 0; i < n; i++)
            if (g[i].role == who[s].role)
                v[k++] = g[i].person_id;
    }
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

static bool holds(const int64_t *v, size_t n, int64_t person)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == person)
            return true;
    return false;
}

/* May this actor see the item at all? Administrators see what moderators should not decide alone, and everything where
 * the moderation is light (MOD-12). */
static bool sees(const struct ctx *c, const struct community *com, const struct mod_item *it)
{
    int64_t me = c->actor->person_id;
    if (me && (me == it->hidden_from || me == it->about))
        return false;
    return community_may_moderate(c, com) ||
           (community_may_admin(c, com) && (it->conflict || it->urgent || com->moderation == COM_LIGHT));
}

/* ---- an item begins ---- */

static enum pw_err notify_once(struct ctx *c, const int64_t *v, size_t n, const struct community *com,
                               const struct mod_item *it, const char *msgid)
{
    for (size_t i = 0; i < n; i++) {
        bool out = v[i] == it->hidden_from || v[i] == it->about || v[i] == it->from_person || holds(v, i, v[i]);
        if (!out)
            PW_TRY(notify_of(c, com, v[i], msgid, item_path(c, it->id)));
    }
    return PW_OK;
}

static enum pw_err tell_reviewers(struct ctx *c, const struct community *com, const struct mod_item *it)
{
    static const char *const words[MOD_ITEM__MAX] = {
        [ITEM_REPORT] = N_("A message in {0} was reported."),
        [ITEM_APPEAL] = N_("Somebody appeals against a decision in {0}."),
        [ITEM_READMISSION] = N_("Somebody asks to come back to {0}."),
        [ITEM_PERSONAL] = N_("A message in {0} looks personal."),
        [ITEM_OPPORTUNITY] = N_("Somebody offers something to publish in {0}."),
    };
    int64_t *mods, *owners;
    size_t n, n_owners;
    PW_TRY(moderators_of(c, com, &mods, &n));
    size_t others = 0;
    for (size_t i = 0; i < n; i++)
        others += mods[i] != it->hidden_from && mods[i] != it->about && mods[i] != it->from_person;
    PW_TRY(notify_once(c, mods, n, com, it, words[it->kind]));
    if (others && com->moderation != COM_LIGHT)
        return PW_OK;
    PW_TRY(owners_of(c, com, &owners, &n_owners));
    for (size_t i = 0; i < n_owners; i++) /* told once, also who is both */
        if (holds(mods, n, owners[i]))
            owners[i] = it->from_person;
    return notify_once(c, owners, n_owners, com, it, words[it->kind]);
}

enum pw_err item_begin(struct ctx *c, const struct community *com, struct mod_item *it)
{
    struct community_clock clock;
    struct mod_settings set;
    bool judged = it->kind == ITEM_APPEAL || it->kind == ITEM_READMISSION;
    PW_TRY(community_clock_now(c, com, &clock));
    PW_TRY(setting_row(c, com->id, &set));
    it->id = id_new();
    it->community_id = com->id;
    it->at_ms = c->now_ms;
    it->start_ms = judged || it->urgent || !clock.start_ms ? c->now_ms : clock.start_ms;
    it->due_ms = judged ? c->now_ms + set.decide_days * CIVIL_DAY_MS : clock.due_ms;
    PW_TRY(item_insert(c, it));
    PW_TRY(tell_reviewers(c, com, it));
    if (it->urgent)
        PW_TRY(alert_oncall(c, com, N_("Urgent report in {0}: {1}."), it->category, item_path(c, it->id), it->about));
    /* What is hidden from somebody is not announced on open pages: they would look and find nothing. */
    return note_fact(c, it->conflict ? "review.opened-apart" : "review.opened", "mod_item", it->id, com->id,
                     arena_fmt(c->arena, "kind=%s category=%.*s", mod_item_kind_code(it->kind), SV_ARG(it->category)));
}

enum pw_err need_item(struct ctx *c, int64_t id, struct mod_item *ret, struct community *ret_com)
{
    struct mod_item it;
    struct community com;
    PW_TRY(item_row(c, id, &it));
    PW_TRY(community_anyway(c, it.community_id, &com));
    if (!sees(c, &com, &it))
        return PW_NOT_FOUND;
    if (!may_decide(c->actor->person_id, it.hidden_from, it.about, it.from_person))
        return PW_DENIED;
    if (it.state != ITEM_OPEN)
        return PW_CONFLICT;
    *ret = it;
    *ret_com = com;
    return PW_OK;
}

enum pw_err item_close(struct ctx *c, const struct community *com, const struct mod_item *it, enum mod_item_state to,
                       struct sv reason)
{
    PW_TRY(item_decide(c, it, to, reason));
    PW_TRY(note_fact(c, "review.decided", "mod_item", it->id, com->id,
                     arena_fmt(c->arena, "kind=%s granted=%d", mod_item_kind_code(it->kind), to == ITEM_GRANTED)));
    if (it->kind != ITEM_REPORT || !it->from_person)
        return PW_OK;
    struct community own = *com;
    PW_TRY(in_words_of(c, it->lang, &own));
    return tell(c, com, it->from_person,
                to == ITEM_GRANTED
                    ? N_("Thank you. What you reported in {0} was looked at, and something was done about it.")
                    : N_("Thank you. What you reported in {0} was looked at: it may stay. {1}"),
                own.words.name, to == ITEM_GRANTED ? (struct sv){0} : reason, community_path(c, com, "/decisions"));
}

/* ---- reports (SAFE-1) ---- */

static struct sv lang_of_sender(struct ctx *c, const struct community *com)
{
    struct membership m;
    enum pw_err e = membership_of(c, com->id, c->actor->person_id, &m);
    return e == PW_OK && m.lang.n ? m.lang : c->lang.n ? c->lang : lang_main(com->languages);
}

enum pw_err report_send(struct ctx *c, int64_t community_id, int64_t message_id, struct sv category, struct sv words,
                        int64_t *ret_item)
{
    struct community com;
    struct message m = {0};
    enum mod_category cat;
    int64_t *mods;
    size_t n_mods;
    PW_TRY(community_get(c, community_id, &com));
    PW_TRY(need_member_or_staff(c, &com));
    if (message_id)
        PW_TRY(message_get(c, message_id, &m));
    if (message_id && m.community_id != community_id)
        return PW_NOT_FOUND;
    if (!c->actor->person_id)
        return PW_DENIED;
    if (message_id && m.author == c->actor->person_id)
        return problem_add(c->problems, "category", N_("This is your own message. Write to the moderators instead."));
    if (!mod_category_parse(category, &cat))
        return problem_add(c->problems, "category", N_("Choose one of the list."));
    PW_TRY(take_text(c, "words", !message_id, WORDS_CHARS, &words));
    enum pw_err e = message_id ? item_open_of(c, ITEM_REPORT, c->actor->person_id, message_id, ret_item) : PW_NOT_FOUND;
    if (e != PW_NOT_FOUND)
        return e;
    PW_TRY(moderators_of(c, &com, &mods, &n_mods));
    struct mod_item it = {.kind = ITEM_REPORT,
                          .urgent = mod_category_urgent(cat),
                          .category = category,
                          .message_id = message_id,
                          .about = m.author,
                          .from_person = c->actor->person_id,
                          .hidden_from = m.author,
                          .conflict = m.author && (m.author_role == AUTHOR_STAFF || holds(mods, n_mods, m.author)),
                          .lang = lang_of_sender(c, &com),
                          .words = words,
                          .copy = m.body};
    PW_TRY(item_begin(c, &com, &it));
    *ret_item = it.id;
    return PW_OK;
}

enum pw_err report_close(struct ctx *c, int64_t item_id, bool helped, struct sv reason)
{
    struct mod_item it;
    struct community com;
    PW_TRY(need_item(c, item_id, &it, &com));
    if (it.kind != ITEM_REPORT)
        return PW_CONFLICT;
    PW_TRY(take_text(c, "reason", !helped, 1000, &reason));
    return item_close(c, &com, &it, helped ? ITEM_GRANTED : ITEM_DECLINED, reason);
}

enum pw_err reports_answered(struct ctx *c, const struct community *com, int64_t message_id)
{
    struct mod_item *v;
    size_t n;
    PW_TRY(item_rows(c, com->id, false, c->actor->person_id, LIST_MAX, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].message_id == message_id && v[i].kind == ITEM_REPORT && v[i].from_person != c->actor->person_id)
            PW_TRY(item_close(c, com, &v[i], ITEM_GRANTED, (struct sv){0}));
    return PW_OK;
}

/* ---- appeals and coming back (MOD-6) ---- */

enum pw_err appeal_send(struct ctx *c, int64_t community_id, int64_t action_id, struct sv words, int64_t *ret_item)
{
    struct community com;
    struct mod_action *v;
    size_t n, at = 0;
    PW_TRY(community_anyway(c, community_id, &com));
    PW_TRY(moderation_mine(c, community_id, &v, &n));
    while (at < n && (action_id ? v[at].id != action_id : !v[at].may_appeal))
        at++;
    if (at == n)
        return action_id ? PW_NOT_FOUND : PW_CONFLICT;
    if (!v[at].may_appeal)
        return PW_CONFLICT;
    PW_TRY(take_text(c, "words", true, WORDS_CHARS, &words));
    struct mod_item it = {.kind = ITEM_APPEAL,
                          .category = v[at].category,
                          .message_id = v[at].message_id,
                          .action_id = v[at].id,
                          .from_person = c->actor->person_id,
                          .hidden_from = v[at].by_person,
                          .conflict = true,
                          .lang = lang_of_sender(c, &com),
                          .words = words};
    PW_TRY(item_begin(c, &com, &it));
    *ret_item = it.id;
    return PW_OK;
}

/* The removal the actor may ask to have lifted. PW_DENIED: blocked; PW_CONFLICT: not removed, or asked already. */
static enum pw_err removal_of_actor(struct ctx *c, int64_t community_id, int64_t *ret_action)
{
    struct penalty *v;
    struct mod_item *own;
    size_t n, n_own;
    int64_t cause = 0;
    if (!c->actor->person_id)
        return PW_NOT_FOUND;
    PW_TRY(penalty_rows(c, community_id, c->actor->person_id, &v, &n));
    if (penalty_has(v, n, PENALTY_BLOCK, 0))
        return PW_DENIED;
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == PENALTY_REMOVE)
            cause = v[i].action_id;
    PW_TRY(item_rows_from(c, c->actor->person_id, LIST_MAX, &own, &n_own));
    for (size_t i = 0; i < n_own; i++)
        if (own[i].kind == ITEM_READMISSION && own[i].community_id == community_id && own[i].state == ITEM_OPEN)
            return PW_CONFLICT;
    if (!cause)
        return PW_CONFLICT;
    *ret_action = cause;
    return PW_OK;
}

enum pw_err readmission_open(struct ctx *c, int64_t community_id, bool *ret)
{
    int64_t cause = 0;
    enum pw_err e = removal_of_actor(c, community_id, &cause);
    *ret = e == PW_OK;
    return e == PW_DENIED || e == PW_CONFLICT ? PW_OK : e;
}

enum pw_err readmission_send(struct ctx *c, int64_t community_id, struct sv words, int64_t *ret_item)
{
    struct community com;
    struct mod_action a;
    int64_t cause = 0;
    PW_TRY(community_anyway(c, community_id, &com));
    PW_TRY(removal_of_actor(c, community_id, &cause));
    PW_TRY(take_text(c, "words", true, WORDS_CHARS, &words));
    PW_TRY(action_row(c, cause, &a));
    struct mod_item it = {.kind = ITEM_READMISSION,
                          .category = a.category,
                          .action_id = cause,
                          .from_person = c->actor->person_id,
                          .hidden_from = a.by_person,
                          .conflict = true,
                          .lang = lang_of_sender(c, &com),
                          .words = words};
    PW_TRY(item_begin(c, &com, &it));
    *ret_item = it.id;
    return PW_OK;
}

/* Back in, although the sanction stands: the strike still counts. */
static enum pw_err readmit(struct ctx *c, const struct community *com, const struct mod_item *it)
{
    struct penalty *v;
    size_t n;
    PW_TRY(penalty_rows(c, com->id, it->from_person, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == PENALTY_REMOVE)
            PW_TRY(penalty_lift(c, v[i].action_id));
    return membership_restore(c, com, it->from_person);
}

enum pw_err appeal_decide(struct ctx *c, int64_t item_id, bool granted, struct sv reason)
{
    struct mod_item it;
    struct community com;
    struct mod_action a;
    PW_TRY(need_item(c, item_id, &it, &com));
    if (it.kind != ITEM_APPEAL && it.kind != ITEM_READMISSION)
        return PW_CONFLICT;
    PW_TRY(take_text(c, "reason", true, 1000, &reason));
    PW_TRY(action_row(c, it.action_id, &a));
    if (a.by_person == c->actor->person_id)
        return PW_DENIED;
    PW_TRY(item_close(c, &com, &it, granted ? ITEM_GRANTED : ITEM_DECLINED, reason));
    if (granted && it.kind == ITEM_READMISSION)
        PW_TRY(readmit(c, &com, &it));
    else if (granted && !a.undone_ms)
        PW_TRY(undo_action(c, &com, &a, it.id));
    struct community own = com;
    PW_TRY(in_words_of(c, it.lang, &own));
    const char *msgid =
        it.kind == ITEM_APPEAL
            ? (granted ? N_("Your appeal in {0} was granted: {1}") : N_("Your appeal in {0} was not granted: {1}"))
            : (granted ? N_("You may come back to {0}: {1}") : N_("You cannot come back to {0} yet: {1}"));
    return tell(c, &com, it.from_person, msgid, own.words.name, reason, decisions_path(c, &com));
}

/* ---- private offers (MOD-8) ---- */

enum pw_err opportunity_send(struct ctx *c, int64_t community_id, struct sv words, int64_t *ret_item)
{
    struct community com;
    PW_TRY(community_get(c, community_id, &com));
    PW_TRY(need_member_or_staff(c, &com));
    if (!c->actor->person_id)
        return PW_DENIED;
    PW_TRY(take_text(c, "words", true, WORDS_CHARS, &words));
    struct mod_item it = {
        .kind = ITEM_OPPORTUNITY, .from_person = c->actor->person_id, .lang = lang_of_sender(c, &com), .words = words};
    PW_TRY(item_begin(c, &com, &it));
    *ret_item = it.id;
    return PW_OK;
}

enum pw_err opportunity_decide(struct ctx *c, int64_t item_id, bool publish, struct sv text, struct sv source,
                               struct sv checked_on, struct sv reason)
{
    struct mod_item it;
    struct community com;
    struct message_made made;
    PW_TRY(need_item(c, item_id, &it, &com));
    if (it.kind != ITEM_OPPORTUNITY)
        return PW_CONFLICT;
    PW_TRY(take_text(c, "reason", !publish, 1000, &reason));
    if (publish) {
        struct message_new n = {.community_id = com.id,
                                .text = text,
                                .lang = it.lang,
                                .post_type = SV("job-offer"),
                                .source = source,
                                .checked_on = checked_on};
        PW_TRY(message_post(c, &n, &made));
    }
    PW_TRY(item_close(c, &com, &it, publish ? ITEM_GRANTED : ITEM_DECLINED, reason));
    struct community own = com;
    PW_TRY(in_words_of(c, it.lang, &own));
    return tell(c, &com, it.from_person,
                publish ? N_("Thank you. What you offered is now published in {0}.")
                        : N_("What you offered was not published in {0}: {1}"),
                own.words.name, publish ? (struct sv){0} : reason, community_path(c, &com, "/talk"));
}

/* ---- words that look personal (CNS-6) ---- */

enum pw_err personal_decide(struct ctx *c, int64_t item_id, bool show)
{
    struct mod_item it;
    struct community com;
    struct message m;
    PW_TRY(need_item(c, item_id, &it, &com));
    if (it.kind != ITEM_PERSONAL)
        return PW_CONFLICT;
    PW_TRY(message_get(c, it.message_id, &m));
    if (show && m.state == HIDDEN)
        PW_TRY(message_show_again(c, m.id));
    if (!show && m.state == SHOWN)
        PW_TRY(message_hide(c, m.id, SV("privacy")));
    return item_close(c, &com, &it, show ? ITEM_GRANTED : ITEM_DECLINED, (struct sv){0});
}

/* ---- reading ---- */

static enum pw_err fill_names(struct ctx *c, struct mod_item *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, 3 * n + 1);
    struct person *p = arena_array(c->arena, struct person, 3 * n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        ids[3 * i] = v[i].about;
        ids[3 * i + 1] = v[i].from_person;
        ids[3 * i + 2] = v[i].decided_by;
    }
    PW_TRY(person_get_many(c, ids, 3 * n, p));
    for (size_t i = 0; i < n; i++) {
        v[i].about_name = p[3 * i].display_name;
        v[i].from_name = p[3 * i + 1].display_name;
        v[i].decided_name = p[3 * i + 2].display_name;
    }
    return PW_OK;
}

/* Urgent first, then by due time, across communities. */
static bool comes_first(const struct mod_item *a, const struct mod_item *b)
{
    if (a->urgent != b->urgent)
        return a->urgent;
    int64_t x = a->due_ms ? a->due_ms : INT64_MAX, y = b->due_ms ? b->due_ms : INT64_MAX;
    return x != y ? x < y : a->id < b->id;
}

static enum pw_err gather(struct ctx *c, int64_t community_id, bool done, struct mod_item **ret, size_t *ret_n)
{
    struct community *coms;
    size_t n_coms, k = 0;
    PW_TRY(community_mine(c, &coms, &n_coms));
    struct mod_item *out = arena_array(c->arena, struct mod_item, n_coms * LIST_MAX + 1);
    if (!out)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n_coms; i++) {
        struct mod_item *v;
        size_t n;
        if (community_id && coms[i].id != community_id)
            continue;
        PW_TRY(item_rows(c, coms[i].id, done, c->actor->person_id, LIST_MAX, &v, &n));
        for (size_t x = 0; x < n; x++)
            if (sees(c, &coms[i], &v[x]))
                out[k++] = v[x];
    }
    for (size_t i = 1; i < k; i++) { /* each community's part is in order already: few moves */
        struct mod_item x = out[i];
        size_t j = i;
        while (j > 0 && (done ? x.id > out[j - 1].id : comes_first(&x, &out[j - 1]))) {
            out[j] = out[j - 1];
            j--;
        }
        out[j] = x;
    }
    *ret = out;
    *ret_n = k;
    return PW_OK;
}

enum pw_err review_list(struct ctx *c, const struct review_filter *f, struct mod_item **ret, size_t *ret_n)
{
    struct mod_item *v;
    size_t n, k = 0;
    size_t limit = f->limit < 1 || f->limit > LIST_MAX ? 100 : (size_t)f->limit;
    PW_TRY(gather(c, f->community_id, f->done, &v, &n));
    for (size_t i = 0; i < n && k < limit; i++)
        if (f->kind < 0 || v[i].kind == (enum mod_item_kind)f->kind)
            v[k++] = v[i];
    *ret = v;
    *ret_n = k;
    return fill_names(c, v, k);
}

enum pw_err review_count(struct ctx *c, int64_t community_id, struct review_counts *ret)
{
    struct review_counts r = {0};
    struct mod_item *v;
    size_t n;
    PW_TRY(gather(c, community_id, false, &v, &n));
    for (size_t i = 0; i < n; i++) {
        r.open++;
        r.urgent += v[i].urgent;
        r.overdue += v[i].overdue;
        r.kind[v[i].kind]++;
    }
    *ret = r;
    return PW_OK;
}

enum pw_err moderation_item(struct ctx *c, int64_t id, struct mod_item *ret)
{
    struct mod_item it;
    struct community com;
    PW_TRY(item_row(c, id, &it));
    PW_TRY(community_anyway(c, it.community_id, &com));
    if (!sees(c, &com, &it))
        return PW_NOT_FOUND;
    PW_TRY(audit(c, "review.read", "mod_item", id, (struct sv){0}));
    PW_TRY(fill_names(c, &it, 1));
    *ret = it;
    return PW_OK;
}

enum pw_err moderation_item_note(struct ctx *c, int64_t id, struct sv note)
{
    struct mod_item it;
    struct community com;
    PW_TRY(item_row(c, id, &it));
    PW_TRY(community_anyway(c, it.community_id, &com));
    if (!sees(c, &com, &it))
        return PW_NOT_FOUND;
    PW_TRY(take_text(c, "note", false, 4000, &note));
    PW_TRY(item_save_note(c, &it, note));
    return audit(c, "review.note", "mod_item", id, (struct sv){0});
}

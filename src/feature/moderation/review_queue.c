/* SPDX-License-Identifier: EUPL-1.2 */
/* The review queue itself: who sees and decides an item, how one begins and ends, the list by urgency (SAFE-1, MOD-11).
 * What involves a moderator goes to another one or to the owner, and is never visible to that person. */
#include "base/civil.h"
#include "base/id.h"
#include "core/audit.h"
#include "core/notify.h"
#include "core/people.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/review_store.h"
#include "feature/moderation/setup_store.h"

enum { LIST_MAX = 200 };

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
    enum auto_rule rule;
    if (auto_rule_parse(code, &rule))
        return say(c, lang, auto_rule_label(rule), NULL, 0);
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

static bool involves(const struct mod_item *it, int64_t person)
{
    return person == it->hidden_from || person == it->about || person == it->from_person;
}

bool holds_person(const int64_t *v, size_t n, int64_t person)
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
    bool judged = it->kind == ITEM_APPEAL || it->kind == ITEM_READMISSION; /* what is noted about it is not for them */
    if (me && (me == it->hidden_from || me == it->about || (judged && me == it->from_person)))
        return false;
    return community_may_moderate(c, com) ||
           (community_may_admin(c, com) && (it->conflict || it->urgent || com->moderation == COM_LIGHT));
}

/* ---- an item begins ---- */

static enum pw_err notify_once(struct ctx *c, const int64_t *v, size_t n, const struct community *com,
                               const struct mod_item *it, const char *msgid)
{
    for (size_t i = 0; i < n; i++) {
        if (!involves(it, v[i]) && !holds_person(v, i, v[i]))
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
        [ITEM_AUTOMATIC] = N_("An automatic rule acted in {0}."),
    };
    int64_t *mods, *owners;
    size_t n, n_owners;
    if (it->kind == ITEM_AUTOMATIC && it->message_id && !it->action_id)
        return PW_OK; /* simulated: it stands in the list, and calls nobody */
    PW_TRY(moderators_of(c, com, &mods, &n));
    size_t others = 0;
    for (size_t i = 0; i < n; i++)
        others += !involves(it, mods[i]);
    PW_TRY(notify_once(c, mods, n, com, it, words[it->kind]));
    if (others && com->moderation != COM_LIGHT)
        return PW_OK;
    const int64_t involved[] = {it->hidden_from, it->about, it->from_person};
    PW_TRY(owners_of(c, com, involved, 3, &owners, &n_owners));
    for (size_t i = 0; i < n_owners; i++) /* told once, also who is both */
        if (holds_person(mods, n, owners[i]))
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

static enum pw_err visible_item(struct ctx *c, int64_t id, struct mod_item *ret, struct community *ret_com)
{
    PW_TRY(item_row(c, id, ret));
    PW_TRY(community_anyway(c, ret->community_id, ret_com));
    return sees(c, ret_com, ret) ? PW_OK : PW_NOT_FOUND;
}

enum pw_err need_item(struct ctx *c, int64_t id, struct mod_item *ret, struct community *ret_com)
{
    struct mod_item it;
    struct community com;
    PW_TRY(visible_item(c, id, &it, &com));
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

typedef enum pw_err (*item_fn)(void *arg, struct ctx *c, const struct mod_item *it);

/* Each item the actor sees, of one community or of all. The rows live in memory of their own: a network has many
 * communities, and their lists are long. */
static enum pw_err each_item(struct ctx *c, int64_t community_id, bool done, item_fn fn, void *arg)
{
    enum { SCRATCH = 2 << 20 };
    struct community *coms;
    size_t n_coms;
    enum pw_err e = PW_OK;
    struct arena scratch;
    struct ctx own = *c;
    PW_TRY(community_mine(c, &coms, &n_coms));
    arena_init(&scratch, SCRATCH);
    own.arena = &scratch;
    for (size_t i = 0; e == PW_OK && i < n_coms; i++) {
        struct mod_item *v;
        size_t n = 0;
        if (community_id && coms[i].id != community_id)
            continue;
        e = item_rows(&own, coms[i].id, done, c->actor->person_id, LIST_MAX, &v, &n);
        for (size_t x = 0; e == PW_OK && x < n; x++)
            if (sees(c, &coms[i], &v[x]))
                e = fn(arg, c, &v[x]);
        arena_reset(&scratch);
    }
    arena_finish(&scratch);
    return e;
}

struct best { /* the first `limit` in their order */
    struct mod_item *v;
    size_t n, limit;
    int kind;
    bool done;
};

static bool before(const struct best *b, const struct mod_item *x, const struct mod_item *y)
{
    return b->done ? x->id > y->id : comes_first(x, y);
}

static enum pw_err take_item(void *arg, struct ctx *c, const struct mod_item *it)
{
    struct best *b = arg;
    if ((b->kind >= 0 && it->kind != (enum mod_item_kind)b->kind) ||
        (b->n == b->limit && !before(b, it, &b->v[b->n - 1])))
        return PW_OK;
    size_t at = b->n < b->limit ? b->n++ : b->n - 1;
    for (; at > 0 && before(b, it, &b->v[at - 1]); at--)
        b->v[at] = b->v[at - 1];
    b->v[at] = *it;
    b->v[at].category = arena_sv(c->arena, it->category);
    b->v[at].lang = arena_sv(c->arena, it->lang);
    return PW_OK;
}

enum pw_err review_list(struct ctx *c, const struct review_filter *f, struct mod_item **ret, size_t *ret_n)
{
    struct best b = {
        .limit = f->limit < 1 || f->limit > LIST_MAX ? 100 : (size_t)f->limit, .kind = f->kind, .done = f->done};
    b.v = arena_array(c->arena, struct mod_item, b.limit);
    if (!b.v)
        return PW_UNAVAILABLE;
    PW_TRY(each_item(c, f->community_id, f->done, take_item, &b));
    *ret = b.v;
    *ret_n = b.n;
    return fill_names(c, b.v, b.n);
}

static enum pw_err count_item(void *arg, struct ctx *c, const struct mod_item *it)
{
    struct review_counts *r = arg;
    (void)c;
    r->open++;
    r->urgent += it->urgent;
    r->overdue += it->overdue;
    r->kind[it->kind]++;
    return PW_OK;
}

enum pw_err review_count(struct ctx *c, int64_t community_id, struct review_counts *ret)
{
    struct review_counts r = {0};
    PW_TRY(each_item(c, community_id, false, count_item, &r));
    *ret = r;
    return PW_OK;
}

enum pw_err moderation_item(struct ctx *c, int64_t id, struct mod_item *ret)
{
    struct mod_item it;
    struct community com;
    PW_TRY(visible_item(c, id, &it, &com));
    PW_TRY(audit(c, "review.read", "mod_item", id, (struct sv){0}));
    PW_TRY(fill_names(c, &it, 1));
    *ret = it;
    return PW_OK;
}

enum pw_err moderation_item_note(struct ctx *c, int64_t id, struct sv note)
{
    struct mod_item it;
    struct community com;
    PW_TRY(visible_item(c, id, &it, &com));
    PW_TRY(take_text(c, "note", false, 4000, &note));
    PW_TRY(item_save_note(c, &it, note));
    return audit(c, "review.note", "mod_item", id, (struct sv){0});
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A call for help on a channel (SAFE-3). It is heard before anything else is made of the words: from members and
 * strangers, in the middle of joining, after STOP, at any hour. The numbers come whatever else fails. */
#include "base/unicode.h"
#include "channel/registry.h"
#include "core/people.h"
#include "feature/moderation/moderation_room.h"

enum { REACHED_MAX = 50, LINES_MAX = 40, SENTENCE_BYTES = 4000, WORD_BYTES = 40 };

struct call {
    struct ctx *c;
    const struct channel *ch;
    const struct chan_event *e;
    int64_t person_id;
    struct community reached[REACHED_MAX]; /* whom this channel reaches */
    size_t n_reached;
    int64_t member_of[REACHED_MAX];
    size_t n_member;
    struct sv lang; /* of the person or of the words; empty = not known */
};

/* Communities of the channel that are open, and those in which the person is a member. */
static enum pw_err look_around(struct call *k, const struct community *com)
{
    struct ctx own = as_community(k->c);
    int64_t *ids;
    size_t n = 1;
    if (com)
        ids = (int64_t[]){com->id};
    else
        PW_TRY(communities_of_channel(k->c, k->ch->id, &ids, &n));
    for (size_t i = 0; i < n && k->n_reached < REACHED_MAX; i++) {
        struct community *to = &k->reached[k->n_reached];
        struct membership m;
        PW_TRY(community_get(&own, ids[i], to));
        enum pw_err e = membership_of(&own, ids[i], k->person_id, &m);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        if (e == PW_OK && m.state == MEMBER_ACTIVE) {
            k->member_of[k->n_member++] = ids[i];
            k->lang = m.lang;
        } else if (to->status != COM_LIVE && to->status != COM_WINDING_DOWN && to->status != COM_READ_ONLY) {
            continue;
        }
        k->n_reached++;
    }
    return PW_OK;
}

struct help_line {
    struct sv number, what, where; /* where: territories, when they do not all have this number */
    size_t n;                      /* communities that name it */
};

static enum pw_err add_lines(struct call *k, const struct community *com, struct sv lang, struct help_line *v,
                             size_t *io_n)
{
    struct emergency_number *num;
    size_t n;
    PW_TRY(emergency_numbers(k->c, com ? com->id : 0, lang, &num, &n));
    for (size_t i = 0; i < n; i++) {
        struct help_line *l = NULL;
        for (size_t j = 0; j < *io_n && !l; j++)
            if (sv_eq(v[j].number, num[i].number) && sv_eq(v[j].what, num[i].what))
                l = &v[j];
        if (!l && *io_n == LINES_MAX)
            return PW_OK;
        if (!l) {
            l = &v[(*io_n)++];
            *l = (struct help_line){.number = num[i].number, .what = num[i].what};
        }
        l->n++;
        if (com && com->territory.n && sv_find(l->where, com->territory) < 0)
            l->where = l->where.n ? arena_fmt(k->c->arena, "%.*s, %.*s", SV_ARG(l->where), SV_ARG(com->territory))
                                  : com->territory;
    }
    return PW_OK;
}

/* The union of what the communities give, or what is shipped; a number that not all have says where it is for. */
static enum pw_err numbers_in(struct call *k, struct sv lang, struct sv *io)
{
    struct help_line v[LINES_MAX];
    size_t n = 0, of = 0;
    for (size_t i = 0; i < k->n_reached; i++) {
        bool mine = !k->n_member;
        for (size_t j = 0; j < k->n_member; j++)
            mine |= k->member_of[j] == k->reached[i].id;
        if (!mine)
            continue;
        of++;
        PW_TRY(add_lines(k, &k->reached[i], lang, v, &n));
    }
    if (!of)
        PW_TRY(add_lines(k, NULL, lang, v, &n));
    struct arena *a = k->c->arena;
    struct sv text = say(k->c, lang, N_("If somebody is in danger, call now:"), NULL, 0);
    for (size_t i = 0; i < n; i++) {
        text = arena_fmt(a, "%.*s\n%.*s: %.*s", SV_ARG(text), SV_ARG(v[i].number), SV_ARG(v[i].what));
        if (v[i].n < of && v[i].where.n)
            text = arena_fmt(a, "%.*s (%.*s)", SV_ARG(text), SV_ARG(v[i].where));
    }
    *io = io->n ? arena_fmt(a, "%.*s\n\n%.*s", SV_ARG(*io), SV_ARG(text)) : text;
    return PW_OK;
}

static enum pw_err alert(struct db *db, void *arg)
{
    struct call *k = arg;
    struct problems dropped = {0};
    struct actor actor;
    struct ctx own;
    (void)db; /* the same connection as in k->c->db */
    PW_TRY(act_as_member(k->c, k->person_id, &actor, &own));
    own.lang = k->lang;
    own.problems = &dropped;
    for (size_t i = 0; i < k->n_member; i++)
        PW_TRY(urgent_alert(&own, k->member_of[i], (struct sv){0}));
    return PW_OK;
}

/* To the person alone; where no private chat is known, where the words were said. `once` empty: each time. */
static enum pw_err answer(struct call *k, struct sv text, struct sv once)
{
    struct identity who;
    struct chan_send s = {
        .op = OP_TEXT, .chat = k->e->chat, .text = text, .lang = k->lang, .keyword_answer = true, .automatic = true};
    int64_t out = 0;
    enum pw_err e = k->e->private_chat ? PW_NOT_FOUND : identity_of_person(k->c, k->person_id, k->ch->id, &who);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    if (e == PW_OK && !who.blocked && who.private_chat.n)
        s.chat = who.private_chat;
    return channel_queue(k->c, k->ch->id, LANE_INTERACTIVE, &s, SV("urgent"), k->person_id, 0, once, &out);
}

static enum pw_err tell_numbers(struct call *k, struct sv once)
{
    static const char *const all[] = {"fr", "en", "ar"}; /* nobody knows the language: each must find its own */
    struct sv text = {0};
    if (k->lang.n)
        PW_TRY(numbers_in(k, k->lang, &text));
    for (size_t i = 0; i < sizeof all / sizeof *all && !k->lang.n; i++)
        PW_TRY(numbers_in(k, sv_of(all[i]), &text));
    enum pw_err e = k->n_member ? db_savepoint(k->c->db, alert, k) : PW_NOT_FOUND;
    if (e == PW_OK)
        text =
            arena_fmt(k->c->arena, "%.*s\n%.*s", SV_ARG(text),
                      SV_ARG(say(k->c, k->lang, N_("The person on call of this community was alerted too."), NULL, 0)));
    else if (e != PW_INVALID && e != PW_DENIED && e != PW_NOT_FOUND && e != PW_CONFLICT)
        return e;
    return answer(k, text, once);
}

/* The language of a stranger: of the word, else as the app says, when we speak it. */
static struct sv guess(const struct chan_event *e, struct sv word_lang)
{
    struct sv app = sv_sub(e->user_lang, 0, 2);
    bool ours = sv_eq_z(app, "fr") || sv_eq_z(app, "en") || sv_eq_z(app, "ar");
    return word_lang.n ? word_lang : ours ? app : (struct sv){0};
}

static enum pw_err hear(void *self, struct ctx *c, const struct community *com, int64_t person_id,
                        const struct channel *ch, const struct chan_event *e, bool *ret_used)
{
    struct sv folded, lang = {0};
    (void)self;
    if (!e->text.n || e->text.n > (e->private_chat ? SENTENCE_BYTES : WORD_BYTES) || e->kind != CHAN_MESSAGE ||
        text_fold(c->arena, e->text, &folded) != PW_OK)
        return PW_OK;
    enum urgency how = urgency_of(folded, &lang);
    if (how == URGENT_NOT || (how == URGENT_WITHIN && !e->private_chat))
        return PW_OK;
    struct call *k = arena_new(c->arena, struct call);
    if (!k)
        return PW_UNAVAILABLE;
    *k = (struct call){.c = c, .ch = ch, .e = e, .person_id = person_id};
    PW_TRY(look_around(k, com));
    if (how == URGENT_WITHIN && k->n_member) /* moderators read the sentence of a member */
        return PW_OK;
    if (!k->lang.n)
        k->lang = guess(e, lang);
    *ret_used = how == URGENT_ALONE;
    /* A sentence only mentions it, and may come from a machine: once a day. */
    struct sv once = arena_fmt(c->arena, "urgent:%lld:%lld:%lld", (long long)ch->id, (long long)person_id,
                               (long long)(c->now_ms / (INT64_C(24) * 3600 * 1000)));
    return tell_numbers(k, *ret_used ? (struct sv){0} : once);
}

void urgent_listen(void)
{
    community_listen_first(hear, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "join_talk.h"

#include "base/id.h"
#include "base/unicode.h"
#include "channel/registry.h"
#include "core/document.h"
#include "core/vault.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"
#include "json/json.h"

enum { MISSES_MAX = 2, SHORT_PARTS = 3, STEP_CHOICE = 1000 /* after all screening questions */ };
static const char choice_key[] = "choice";                  /* beside the ids of the screening questions */
static const struct sv choice_token = {"join:choice:", 12}; /* of buttons, before the code */

struct talk {
    int64_t channel_id, person_id, community_id, step, version, misses;
    struct sv lang, answers /* opened JSON */, chat, user_chat, provider_user, invitation;
};

DB_STMT(join_talk_put,
        "INSERT INTO join_talk (channel_id, person_id, community_id, step, guidelines_version, lang, answers, chat, "
        "user_chat, provider_user, changed_ms, misses, invitation) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
        "ON CONFLICT (channel_id, person_id) DO UPDATE SET community_id = excluded.community_id, step = excluded.step, "
        "guidelines_version = excluded.guidelines_version, lang = excluded.lang, answers = excluded.answers, "
        "chat = excluded.chat, user_chat = excluded.user_chat, provider_user = excluded.provider_user, "
        "changed_ms = excluded.changed_ms, misses = excluded.misses, invitation = excluded.invitation");
DB_STMT(join_talk_one, "SELECT community_id, step, guidelines_version, lang, answers, chat, user_chat, provider_user, "
                       "misses, invitation FROM join_talk WHERE channel_id = $1 AND person_id = $2");
/* Held until the end: one message of a person after the other. */
DB_STMT(join_talk_hold, "UPDATE join_talk SET changed_ms = changed_ms WHERE channel_id = $1 AND person_id = $2");
DB_STMT(join_talk_drop, "DELETE FROM join_talk WHERE channel_id = $1 AND person_id = $2");

static struct seal_place answers_of(int64_t person_id)
{
    return (struct seal_place){"join_talk", "answers", person_id};
}

static enum pw_err save(struct ctx *c, const struct talk *t)
{
    struct sv sealed = {0};
    if (t->answers.n)
        PW_TRY(seal(c, t->person_id, answers_of(t->person_id), t->answers, &sealed));
    struct sv user_chat, provider_user, invitation;
    PW_TRY(seal_same(c, "join_talk.invitation", t->invitation, &invitation));
    PW_TRY(seal_same(c, "join_talk.provider", t->user_chat, &user_chat));
    PW_TRY(seal_same(c, "join_talk.provider", t->provider_user, &provider_user));
    return db_exec(c->db, &join_talk_put,
                   DB_ARGS(DB_I(t->channel_id), DB_I(t->person_id), DB_I(t->community_id), DB_I(t->step),
                           DB_I(t->version), DB_T(t->lang), sealed.n ? DB_B(sealed) : DB_N, DB_T(t->chat),
                           DB_T(user_chat), DB_T(provider_user), DB_I(c->now_ms), DB_I(t->misses), DB_T(invitation)),
                   NULL);
}

static enum pw_err load(struct ctx *c, int64_t channel_id, int64_t person_id, struct talk *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &join_talk_one, DB_ARGS(DB_I(channel_id), DB_I(person_id)), &r));
    *ret = (struct talk){.channel_id = channel_id,
                         .person_id = person_id,
                         .community_id = db_int(&r, 0, 0),
                         .step = db_int(&r, 0, 1),
                         .version = db_int(&r, 0, 2),
                         .lang = db_text(&r, 0, 3),
                         .chat = db_text(&r, 0, 5),
                         .misses = db_int(&r, 0, 8)};
    PW_TRY(unseal_same(c, "join_talk.invitation", db_text(&r, 0, 9), &ret->invitation));
    PW_TRY(unseal_same(c, "join_talk.provider", db_text(&r, 0, 6), &ret->user_chat));
    PW_TRY(unseal_same(c, "join_talk.provider", db_text(&r, 0, 7), &ret->provider_user));
    if (db_text(&r, 0, 4).n)
        PW_TRY(unseal(c, person_id, answers_of(person_id), db_text(&r, 0, 4), &ret->answers));
    return PW_OK;
}

static enum pw_err speak(struct ctx *c, const struct talk *t, struct sv text, const struct sv *buttons, size_t n)
{
    struct chan_send s = {.op = OP_TEXT,
                          .chat = t->user_chat,
                          .text = text,
                          .buttons = buttons,
                          .n_buttons = n,
                          .lang = t->lang,
                          .list_id = t->community_id,
                          .automatic = true};
    int64_t out = 0;
    return channel_queue(c, t->channel_id, LANE_INTERACTIVE, &s, SV("join"), t->person_id, 0, (struct sv){0}, &out);
}

enum pw_err talk_once_a_day(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t person_id,
                            const char *what, struct sv text)
{
    struct sv once = arena_fmt(c->arena, "%s:%lld:%lld:%lld", what, (long long)ch->id, (long long)person_id,
                               (long long)(c->now_ms / (INT64_C(24) * 3600 * 1000)));
    struct chan_send s = {
        .op = OP_TEXT, .chat = e->user_chat.n ? e->user_chat : e->chat, .text = text, .automatic = true};
    int64_t out = 0;
    return channel_queue(c, ch->id, LANE_INTERACTIVE, &s, SV("join"), person_id, 0, once, &out);
}

enum pw_err join_talk_end(struct ctx *c, int64_t channel_id, int64_t person_id)
{
    return db_exec(c->db, &join_talk_drop, DB_ARGS(DB_I(channel_id), DB_I(person_id)), NULL);
}

static struct sv lines(struct ctx *c, struct sv a, const char *between, struct sv b)
{
    return b.n ? arena_join(c->arena, arena_join(c->arena, a, sv_of(between)), b) : a;
}

/* Where each part costs: the guidelines themselves when they are short, else their address. */
static struct sv short_guidelines(struct ctx *c, const struct channel *ch, const struct community *com,
                                  const struct talk *t, struct sv body)
{
    const struct sv name[] = {com->words.name};
    struct sv begin = say(c, t->lang, N_("{0}: to join, please accept the guidelines."), name, 1);
    struct sv end = say(c, t->lang, N_("Reply YES to accept, STOP to end."), NULL, 0);
    struct sv text = lines(c, lines(c, begin, "\n", body), "\n", end);
    struct chan_measure m = {.parts = 1};
    if (ch->driver->measure)
        ch->driver->measure(ch, c->arena, text, &m);
    if (m.parts <= SHORT_PARTS)
        return text;
    struct sv path = community_path(c, com, "/guidelines");
    struct sv url = arena_fmt(c->arena, "%.*s%.*s?lang=%.*s", SV_ARG(c->public_url), SV_ARG(path), SV_ARG(t->lang));
    return lines(c, lines(c, begin, " ", url), "\n", end);
}

/* The guidelines as they are now, and a button that accepts exactly this version; without buttons, "yes" does. */
static enum pw_err show_guidelines(struct ctx *c, const struct channel *ch, const struct community *com, struct talk *t)
{
    struct doc_text doc = {0};
    if (com->guidelines_doc)
        PW_TRY(doc_read(c, com->guidelines_doc, t->lang, 0, &doc));
    t->version = doc.version;
    t->step = 0;
    t->answers = (struct sv){0};
    PW_TRY(save(c, t));
    if (ch->driver->caps & CAP_METERED)
        return speak(c, t, short_guidelines(c, ch, com, t, doc.body), NULL, 0);
    const struct sv name[] = {com->words.name};
    struct sv text = say(c, t->lang,
                         N_("You ask to join {0}. Please read the guidelines and accept them. What you write here is "
                            "also seen by the company that runs this app."),
                         name, 1);
    if (ch->driver->sees) /* what the platform learns, before anything is accepted (CNS-9) */
        text = arena_join(c->arena, arena_join(c->arena, text, SV("\n")), say(c, t->lang, ch->driver->sees, NULL, 0));
    text = lines(c, text, "\n\n", doc.body);
    if (!(ch->driver->caps & CAP_BUTTONS))
        return speak(c, t, lines(c, text, "\n\n", say(c, t->lang, N_("Reply YES to accept."), NULL, 0)), NULL, 0);
    struct sv data = arena_fmt(c->arena, "join:accept:%lld", (long long)t->version);
    const struct sv buttons[] = {say(c, t->lang, N_("I accept the guidelines"), NULL, 0), data};
    return speak(c, t, text, buttons, 1);
}

/* No answer, or not yes. Two machines that answer each other must come to an end. */
static enum pw_err show_again(struct ctx *c, const struct channel *ch, const struct community *com, struct talk *t)
{
    if (t->misses >= MISSES_MAX && !(ch->driver->caps & CAP_BUTTONS))
        return PW_OK;
    t->misses++;
    return show_guidelines(c, ch, com, t);
}

struct sv talk_lang(const struct chan_event *e, const struct community *com)
{
    struct sv lang = sv_sub(e->user_lang, 0, 2), text = e->text;
    for (size_t i = 0; com && !lang.n && i + 1 < text.n; i++) {
        unsigned char a = (unsigned char)text.p[i];
        if ((a >= 0xd8 && a <= 0xdb) && lang_in(com->languages, SV("ar")))
            lang = SV("ar");
    }
    return lang;
}

enum pw_err join_talk_begin(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                            const struct community *com, int64_t person_id, struct sv lang, struct sv invitation)
{
    struct community own = *com;
    struct talk t = {.channel_id = ch->id,
                     .person_id = person_id,
                     .community_id = com->id,
                     .lang = lang_in(com->languages, lang) ? lang : lang_main(com->languages),
                     .chat = e->kind == CHAN_JOIN_REQUEST ? e->chat : (struct sv){0},
                     .user_chat = e->user_chat.n ? e->user_chat : e->chat,
                     .provider_user = e->user,
                     .invitation = invitation};
    PW_TRY(in_words_of(c, t.lang, &own));
    if (e->token.n) { /* the app wants to hear in time that a person will decide */
        struct chan_send s = {.op = OP_QUEUE_JOIN, .chat = e->chat, .user = e->user, .token = e->token};
        int64_t out = 0;
        PW_TRY(channel_queue(c, ch->id, LANE_INTERACTIVE, &s, SV("join"), person_id, 0, (struct sv){0}, &out));
    }
    return show_guidelines(c, ch, &own, &t);
}

static enum pw_err add_answer(struct ctx *c, struct talk *t, struct sv name, struct sv text)
{
    json_t *doc = NULL;
    if (t->answers.n)
        PW_TRY(json_read(t->answers, c->arena, &doc, NULL));
    struct buf b;
    struct json_w w;
    buf_init(&b, 64 * 1024);
    json_w_init(&w, &b);
    json_w_object(&w);
    const char *key;
    json_t *value;
    if (doc)
        json_object_foreach(doc, key, value) json_w_kv_sv(&w, key, json_sv(value));
    json_w_key_sv(&w, name);
    json_w_sv(&w, text);
    json_w_end(&w);
    bool ok = json_w_ok(&w);
    if (ok)
        t->answers = arena_sv(c->arena, buf_sv(&b));
    buf_finish(&b);
    return ok ? PW_OK : PW_INTERNAL;
}

/* All asked: a request like any other. The guidelines may have changed meanwhile: then they are shown again. */
static enum pw_err finish(struct ctx *c, const struct channel *ch, const struct community *com, struct talk *t,
                          const struct screening *q, size_t n_q)
{
    json_t *doc = NULL;
    struct join_answer *v = arena_array(c->arena, struct join_answer, n_q + 1);
    if (!v)
        return PW_UNAVAILABLE;
    if (t->answers.n)
        PW_TRY(json_read(t->answers, c->arena, &doc, NULL));
    for (size_t i = 0; i < n_q; i++) {
        char id[ID_TEXT + 1];
        (void)id_text(q[i].id, id);
        v[i] = (struct join_answer){q[i].id, {0}, doc ? json_member_sv(doc, id) : (struct sv){0}};
    }
    struct actor who;
    struct ctx own;
    PW_TRY(act_as_member(c, t->person_id, &who, &own));
    struct join_new n = {.community_id = com->id,
                         .guidelines_version = t->version,
                         .lang = t->lang,
                         .source = sv_of(ch->driver->kind),
                         .invitation = t->invitation,
                         .answers = v,
                         .n_answers = n_q,
                         .choice = doc ? json_member_sv(doc, choice_key) : (struct sv){0},
                         .channel_id = ch->id,
                         .channel_kind = sv_of(ch->driver->kind),
                         .chat = t->chat,
                         .user_chat = t->user_chat,
                         .provider_user = t->provider_user};
    int64_t id = 0;
    size_t before = c->problems->n;
    enum pw_err e = join_request_send(&own, &n, &id);
    const struct problem *final = e == PW_INVALID ? problem_of(c->problems, "removed") : NULL;
    if (e == PW_INVALID && !final)
        final = problem_of(c->problems, "invitation");
    if (e == PW_INVALID && !final)
        return show_guidelines(c, ch, com, t);
    if (final) { /* kept out, or invited too late: no use in asking again and again */
        struct sv why = say(c, t->lang, final->msgid, &final->arg, 1);
        c->problems->n = before;
        PW_TRY(join_talk_end(c, t->channel_id, t->person_id));
        return speak(c, t, why, NULL, 0);
    }
    if (e != PW_OK && e != PW_CONFLICT)
        return e;
    PW_TRY(join_talk_end(c, t->channel_id, t->person_id));
    const struct sv name[] = {com->words.name};
    const char *msgid = community_takes_members(com->status)
                            ? N_("Thank you. Your request to join {0} was sent; you will be told here.")
                            : N_("{0} takes no new members now.");
    return speak(c, t, say(c, t->lang, msgid, name, 1), NULL, 0);
}

static enum pw_err choices_of(struct ctx *c, const struct community *com, const struct talk *t,
                              struct join_choices *ret)
{
    struct ctx own = *c;
    own.lang = t->lang;
    return join_choices(&own, com, ret);
}

/* What a feature asks besides (EQ-5): by buttons, or by numbers. */
static enum pw_err ask_choice(struct ctx *c, const struct channel *ch, struct talk *t, const struct join_choices *k)
{
    struct sv *buttons = arena_array(c->arena, struct sv, 2 * k->n + 2), list = {0};
    if (!buttons)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < k->n; i++) {
        buttons[2 * i] = k->v[i].label;
        buttons[2 * i + 1] = arena_join(c->arena, choice_token, k->v[i].code);
        list = arena_join(c->arena, list, arena_fmt(c->arena, "\n%zu %.*s", i + 1, SV_ARG(k->v[i].label)));
    }
    buttons[2 * k->n] = say(c, t->lang, N_("Go on without an answer"), NULL, 0);
    buttons[2 * k->n + 1] = choice_token;
    t->step = STEP_CHOICE;
    PW_TRY(save(c, t));
    if (ch->driver->caps & CAP_BUTTONS)
        return speak(c, t, k->question, buttons, k->n + 1);
    struct sv how = say(c, t->lang, N_("Reply with a number. You need not answer: 0 goes on."), NULL, 0);
    return speak(c, t, lines(c, arena_join(c->arena, k->question, list), "\n", how), NULL, 0);
}

/* Which choice was pressed, numbered or named; false: none of them. `ret` is empty for "go on". */
static bool chosen_in(struct ctx *c, const struct chan_event *e, const struct join_choices *k, struct sv *ret)
{
    struct sv text, label;
    bool button = e->kind == CHAN_BUTTON;
    int64_t n = button ? -1 : number_said(c, e->text);
    *ret = (struct sv){0};
    if (n == 0 || (button && sv_eq(e->token, choice_token)))
        return true;
    for (size_t i = 0; i < k->n; i++) {
        bool pressed = button && sv_eq(e->token, arena_join(c->arena, choice_token, k->v[i].code));
        bool named = !button && text_fold(c->arena, e->text, &text) == PW_OK &&
                     text_fold(c->arena, k->v[i].label, &label) == PW_OK && sv_eq(sv_trim(text), label);
        if (pressed || named || n == (int64_t)i + 1) {
            *ret = k->v[i].code;
            return true;
        }
    }
    return false;
}

static enum pw_err ask_next(struct ctx *c, const struct channel *ch, const struct community *com, struct talk *t)
{
    struct screening *q;
    struct join_choices k = {.n = 0};
    size_t n;
    PW_TRY(screening_rows(c, com->id, t->lang, lang_main(com->languages), &q, &n));
    if ((size_t)t->step < n) {
        t->step++;
        PW_TRY(save(c, t));
        return speak(c, t, q[t->step - 1].text, NULL, 0);
    }
    if (t->step < STEP_CHOICE)
        PW_TRY(choices_of(c, com, t, &k));
    return k.n ? ask_choice(c, ch, t, &k) : finish(c, ch, com, t, q, n);
}

/* Who answers something else is asked once more, then goes on without. */
static enum pw_err hear_choice(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                               const struct community *com, struct talk *t)
{
    struct join_choices k;
    struct sv code;
    PW_TRY(choices_of(c, com, t, &k));
    bool understood = chosen_in(c, e, &k, &code);
    if (!understood && e->kind == CHAN_BUTTON) /* another one, pressed twice */
        return PW_OK;
    if (!understood && t->misses < MISSES_MAX && k.n) {
        t->misses = MISSES_MAX;
        return ask_choice(c, ch, t, &k);
    }
    if (code.n)
        PW_TRY(add_answer(c, t, sv_of(choice_key), code));
    return ask_next(c, ch, com, t);
}

/* Somebody without buttons (SMS) writes yes or no. */
static const char *const yes[] = {"oui",   "yes",   "ok", "نعم", "j'accepte", "accept", "i accept",
                                  "اوافق", "موافق", "y",  "o",   "d'accord",  "si",     "1"};
static const char *const no[] = {"non", "no", "لا", "n", "0"};

static bool says(struct ctx *c, struct sv text, const char *const *words, size_t n)
{
    struct sv folded, word;
    if (text.n > 40 || text_fold(c->arena, text, &folded) != PW_OK)
        return false;
    folded = sv_trim(folded);
    while (folded.n &&
           (folded.p[folded.n - 1] == '.' || folded.p[folded.n - 1] == '!' || folded.p[folded.n - 1] == ','))
        folded = sv_trim(sv_sub(folded, 0, folded.n - 1));
    for (size_t i = 0; i < n; i++)
        if (text_fold(c->arena, sv_of(words[i]), &word) == PW_OK && sv_eq(folded, word))
            return true;
    return false;
}

bool says_yes(struct ctx *c, struct sv text)
{
    return says(c, text, yes, sizeof yes / sizeof *yes);
}

enum pw_err join_talk_hear(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t person_id,
                           bool *ret_used)
{
    struct talk t;
    struct community com;
    PW_TRY(db_exec(c->db, &join_talk_hold, DB_ARGS(DB_I(ch->id), DB_I(person_id)), NULL));
    enum pw_err r = load(c, ch->id, person_id, &t);
    *ret_used = r == PW_OK;
    if (r == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(r);
    struct membership m;
    r = membership_row(c, t.community_id, person_id, &m);
    if (r == PW_OK && m.state == MEMBER_ACTIVE) { /* came in by another way meanwhile: nothing is left to ask */
        *ret_used = false;
        return join_talk_end(c, t.channel_id, t.person_id);
    }
    if (r != PW_OK && r != PW_NOT_FOUND)
        return r;
    PW_TRY(community_row(c, t.community_id, &com));
    PW_TRY(in_words_of(c, t.lang, &com));
    if (t.step == 0) {
        struct sv want = arena_fmt(c->arena, "join:accept:%lld", (long long)t.version);
        bool accepted = e->kind == CHAN_BUTTON ? sv_eq(e->token, want) : says_yes(c, e->text);
        if (accepted)
            return ask_next(c, ch, &com, &t);
        if (e->kind == CHAN_BUTTON || !says(c, e->text, no, sizeof no / sizeof *no))
            return show_again(c, ch, &com, &t);
        PW_TRY(join_talk_end(c, t.channel_id, t.person_id));
        return speak(c, &t, say(c, t.lang, N_("All right, nothing was sent. You are welcome at any time."), NULL, 0),
                     NULL, 0);
    }
    if (t.step == STEP_CHOICE)
        return hear_choice(c, ch, e, &com, &t);
    if (e->kind == CHAN_BUTTON) /* pressed twice */
        return PW_OK;
    struct screening *q;
    size_t n;
    struct sv text = e->text;
    struct problems none = {0};
    struct ctx quiet = *c;
    quiet.problems = &none;
    PW_TRY(screening_rows(c, com.id, t.lang, lang_main(com.languages), &q, &n));
    if ((size_t)t.step <= n) {
        const struct screening *asked = &q[t.step - 1];
        r = take_text(&quiet, "answer", asked->required, 1000, &text);
        if (r == PW_INVALID)
            return speak(c, &t, asked->text, NULL, 0);
        PW_TRY(r);
        char id[ID_TEXT + 1];
        PW_TRY(add_answer(c, &t, id_text(asked->id, id), text));
    }
    return ask_next(c, ch, &com, &t);
}

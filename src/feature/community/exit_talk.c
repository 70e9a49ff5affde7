/* SPDX-License-Identifier: EUPL-1.2 */
#include "exit_talk.h"

#include "base/id.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/keyword_store.h"
#include "feature/community/membership_store.h"

enum { WORDS_CHARS = 500 };
static const int64_t open_ms = INT64_C(7) * 24 * 3600 * 1000;

static const struct {
    const char *code, *label;
} reasons[] = {
    {"found", N_("I found what I needed")},
    {"too-many", N_("Too many messages")},
    {"not-useful", N_("It was not useful to me")},
    {"not-welcome", N_("I did not feel at ease")},
};
enum { REASONS = sizeof reasons / sizeof *reasons };

size_t exit_reasons(void)
{
    return REASONS;
}

const char *exit_reason_code(size_t i)
{
    return i < REASONS ? reasons[i].code : "";
}

const char *exit_reason_label(struct sv code)
{
    for (size_t i = 0; i < REASONS; i++)
        if (sv_eq_z(code, reasons[i].code))
            return reasons[i].label;
    return N_("In own words");
}

static bool has_buttons(struct sv kind)
{
    const struct chan_driver *d = chan_driver_of(kind);
    return d && (d->caps & CAP_BUTTONS);
}

enum pw_err exit_ask(struct ctx *c, const struct community *com, const struct membership *m)
{
    bool ask = false;
    PW_TRY(ask_exit_row(c, com->id, &ask));
    if (!ask)
        return PW_OK;
    struct exit_row x = {m->id, com->id, m->person_id};
    PW_TRY(exit_put(c, &x, m->channel_id));
    if (!m->channel_id)
        return PW_OK; /* the web page asks */
    struct sv buttons[2 * REASONS], list = {0};
    char id[ID_TEXT + 1];
    (void)id_text(m->id, id);
    for (size_t i = 0; i < REASONS; i++) {
        buttons[2 * i] = say(c, m->lang, reasons[i].label, NULL, 0);
        buttons[2 * i + 1] = arena_fmt(c->arena, "exit:%s:%s", reasons[i].code, id);
        list = arena_join(c->arena, list, arena_fmt(c->arena, "\n%zu %.*s", i + 1, SV_ARG(buttons[2 * i])));
    }
    struct letter l = {.lang = m->lang};
    if (has_buttons(m->channel_kind)) {
        l.text =
            say(c, m->lang, N_("May we ask why you leave? Press a reason or write it in your own words."), NULL, 0);
        l.buttons = buttons;
        l.n_buttons = REASONS;
    } else {
        l.text = say(c, m->lang, N_("May we ask why? Reply with a number or in your own words:"), NULL, 0);
        l.text = arena_join(c->arena, l.text, list);
    }
    return send_to_person(c, com, m->person_id, &l);
}

/* ---- the answer ---- */

static bool reason_known(struct sv code)
{
    for (size_t i = 0; i < REASONS; i++)
        if (sv_eq_z(code, reasons[i].code))
            return true;
    return false;
}

static enum pw_err take(struct ctx *c, const struct exit_row *x, struct sv code, struct sv words)
{
    PW_TRY(exit_save(c, x, code, words));
    return note_fact(c, "member.exit-answered", "membership", x->membership_id, x->community_id,
                     arena_fmt(c->arena, "code=%.*s", SV_ARG(code)));
}

enum pw_err exit_answer(struct ctx *c, int64_t community_id, struct sv code, struct sv words)
{
    struct exit_row x;
    if (!c->actor->person_id)
        return PW_DENIED;
    PW_TRY(exit_open_row(c, c->actor->person_id, community_id, 0, 0, &x));
    PW_TRY(take_text(c, "words", false, WORDS_CHARS, &words));
    if (code.n && !reason_known(code))
        return problem_add(c->problems, "reason", N_("Choose one of the list."));
    if (!code.n && !words.n)
        return problem_add(c->problems, "reason", N_("Choose a reason or write your own words."));
    return take(c, &x, code, words);
}

enum pw_err exit_asked(struct ctx *c, int64_t community_id, bool *ret)
{
    struct exit_row x;
    enum pw_err e = exit_open_row(c, c->actor->person_id, community_id, 0, 0, &x);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    *ret = e == PW_OK && c->actor->person_id;
    return PW_OK;
}

/* Empty when it is no number of the list. */
static struct sv code_of_number(struct ctx *c, struct sv text)
{
    int64_t n = number_said(c, text);
    return n >= 1 && n <= REASONS ? sv_of(reasons[n - 1].code) : (struct sv){0};
}

static enum pw_err thank(struct ctx *c, const struct exit_row *x)
{
    struct community com;
    struct membership m;
    PW_TRY(community_row(c, x->community_id, &com));
    PW_TRY(membership_row(c, x->community_id, x->person_id, &m));
    struct letter l = {.lang = m.lang,
                       .text =
                           say(c, m.lang, N_("Thank you for telling us. You are welcome back at any time."), NULL, 0)};
    return send_to_person(c, &com, x->person_id, &l);
}

/* "exit:<code>:<membership>" */
static bool code_of_button(struct sv token, const struct exit_row *x, struct sv *ret)
{
    struct sv rest = token, piece = {0}, code = {0};
    int64_t id = 0;
    if (!sv_cut(&rest, ':', &piece) || !sv_eq_z(piece, "exit") || !sv_cut(&rest, ':', &code) || !id_parse(rest, &id))
        return false;
    *ret = code;
    return id == x->membership_id && reason_known(code);
}

enum pw_err exit_hear(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t person_id,
                      bool numbers_only, bool *ret_used)
{
    struct exit_row x;
    struct sv code = {0}, words = {0};
    struct problems dropped = {0};
    struct ctx quiet = *c;
    quiet.problems = &dropped;
    *ret_used = false;
    enum pw_err r = exit_open_row(c, person_id, 0, ch->id, c->now_ms - open_ms, &x);
    if (r != PW_OK)
        return r == PW_NOT_FOUND ? PW_OK : r;
    if (e->kind == CHAN_BUTTON) {
        if (!code_of_button(e->token, &x, &code))
            return PW_OK;
    } else {
        code = code_of_number(c, e->text);
        words = code.n ? (struct sv){0} : e->text;
        /* A question is not an answer; neither are own words of somebody who is still a member of another community. */
        if (!code.n && (numbers_only || !words.n || text_asks(words) || sv_starts(words, SV("/"))))
            return PW_OK;
        if (!code.n && take_text(&quiet, "words", true, WORDS_CHARS, &words) != PW_OK)
            return PW_OK;
    }
    *ret_used = true;
    PW_TRY(take(c, &x, code, words));
    return thank(c, &x);
}

/* ---- reading ---- */

enum pw_err exit_list(struct ctx *c, int64_t community_id, int64_t limit, struct exit_answer **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(need_moderate(c, community_id, &com));
    PW_TRY(exit_rows(c, community_id, limit > 0 && limit <= 200 ? limit : 50, ret, ret_n));
    for (size_t i = 0; i < *ret_n; i++) {
        struct person p;
        PW_TRY(person_get_many(c, &(*ret)[i].person_id, 1, &p));
        (*ret)[i].name = p.display_name;
    }
    return PW_OK;
}

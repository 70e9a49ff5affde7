/* SPDX-License-Identifier: EUPL-1.2 */
/* What people say on the telephone or when they come by: a question, or that they want to join (EQ-2, A-70). */
#include "base/civil.h"
#include "base/tz.h"
#include "base/unicode.h"
#include "channel/registry.h"
#include "core/audit.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/assisted/assisted_store.h"
#include "json/json.h"

enum { CALL_DAYS = 30 };

/* The community's telephone: a channel by hand that carries what is to be said to those who only call. Made at the
 * first call. */
static enum pw_err telephone_of(struct ctx *c, const struct community *com, int64_t *ret_channel)
{
    struct hand_place *v;
    size_t n;
    PW_TRY(hand_places(c, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].community_id == com->id && sv_eq_z(v[i].app, "phone")) {
            *ret_channel = v[i].channel_id;
            return PW_OK;
        }
    struct ctx system = *c;
    system.actor = &actor_system;
    json_t *config = json_pack("{s:s}", "app", "phone");
    int64_t place;
    struct sv name = arena_fmt(c->arena, "tel-%.*s", SV_ARG(sv_sub(com->slug, 0, 36)));
    if (!config)
        return PW_UNAVAILABLE;
    enum pw_err e = channel_add(&system, name, sv_of(assisted_driver.kind), config, ret_channel);
    json_decref(config);
    PW_TRY(e);
    PW_TRY(channel_set_enabled(&system, *ret_channel, true));
    return community_add_channel(&system, com->id, *ret_channel, sv_of(assisted_driver.kind), (struct sv){0}, 0,
                                 (struct sv){0}, &place);
}

static struct sv digits_of(struct arena *a, struct sv phone)
{
    struct sv folded; /* digits of every script become ASCII */
    if (text_fold(a, phone, &folded) != PW_OK)
        return (struct sv){0};
    char *p = arena_array(a, char, folded.n + 1);
    size_t n = 0;
    for (size_t i = 0; p && i < folded.n; i++)
        if (folded.p[i] >= '0' && folded.p[i] <= '9')
            p[n++] = folded.p[i];
    return (struct sv){p, n};
}

/* A telephone is shared and a name is borne by two: whose words these are is said by who heard them, never guessed. */
static enum pw_err same_person(struct ctx *c, int64_t person_id, struct sv name, bool by_number)
{
    struct person p;
    struct sv said, known;
    if (!by_number)
        return problem_add(c->problems, "name",
                           N_("Somebody of this name came before. If it is the same person, choose them in the list of "
                              "members; else add what tells them apart, such as a family name."));
    PW_TRY(person_get(c, person_id, &p));
    PW_TRY(text_fold(c->arena, name, &said));
    PW_TRY(text_fold(c->arena, p.display_name, &known));
    return sv_eq(said, known)
               ? PW_OK
               : problem_add_arg(
                     c->problems, "phone",
                     N_("This number is known here as that of {0}. If it is the same person, choose them in "
                        "the list of members. If somebody else shares the telephone, leave the number empty "
                        "and write in the question how to reach them."),
                     p.display_name);
}

static enum pw_err caller_of(struct ctx *c, const struct call_new *n, int64_t channel_id, int64_t *ret_person)
{
    if (n->person_id) {
        struct membership m; /* nobody is made a member of a community they never came near */
        *ret_person = n->person_id;
        enum pw_err e = membership_of(c, n->community_id, n->person_id, &m);
        return e == PW_NOT_FOUND ? problem_add(c->problems, "person", N_("Choose a member of this community.")) : e;
    }
    struct sv name = n->name, phone = n->phone;
    PW_TRY(take_line(c, "name", true, 80, &name));
    PW_TRY(take_line(c, "phone", false, 40, &phone));
    struct sv digits = digits_of(c->arena, phone), folded;
    if (phone.n && (digits.n < 7 || digits.n > 15))
        return problem_add(c->problems, "phone",
                           N_("A telephone number has 7 to 15 digits. Leave it empty for a visit."));
    PW_TRY(text_fold(c->arena, name, &folded));
    struct identity who;
    struct person_new p = {.display_name = name, .lang = n->lang};
    struct sv key = digits.n ? digits : arena_fmt(c->arena, "visit %.*s", SV_ARG(folded));
    enum pw_err e = identity_find(c, channel_id, key, &who);
    if (e == PW_OK)
        PW_TRY(same_person(c, who.person_id, name, digits.n > 0));
    else if (e == PW_NOT_FOUND)
        e = identity_ensure(c, channel_id, key, &p, &who);
    PW_TRY(e);
    PW_TRY(identity_set_private_chat(c, who.id, phone.n ? phone : name));
    *ret_person = who.person_id;
    return PW_OK;
}

static enum pw_err time_of_call(struct ctx *c, const struct community *com, struct sv at, int64_t *ret_ms)
{
    *ret_ms = c->now_ms;
    if (!at.n)
        return PW_OK;
    const struct tz *tz;
    int64_t day, ms;
    int minutes;
    PW_TRY(tz_find(com->zone, &tz));
    if (!civil_parse_rfc3339(at, &ms)) {
        if (at.n < 16 || at.p[10] != 'T' || !civil_parse_date(sv_sub(at, 0, 10), &day) ||
            !civil_parse_minutes(sv_sub(at, 11, 5), &minutes))
            return problem_add(c->problems, "at", N_("Give day and time, such as 2026-03-04 15:30."));
        ms = tz_utc_ms(tz, day * CIVIL_DAY_MS + minutes * INT64_C(60000), TZ_EARLIER, NULL);
    }
    if (ms > c->now_ms || ms < c->now_ms - CALL_DAYS * CIVIL_DAY_MS)
        return problem_add(c->problems, "at", N_("The call was at most 30 days ago, and not in the future."));
    /* The day on which it was set up counts: its figures begin with that month. */
    int64_t born = civil_day_of(tz_local_ms(tz, com->created_ms));
    if (civil_day_of(tz_local_ms(tz, ms)) < born) {
        char first[CIVIL_DATE_TEXT];
        return problem_add_arg(c->problems, "at", N_("The community exists since {0}: give that day or a later one."),
                               arena_sv(c->arena, civil_date_text(born, first)));
    }
    *ret_ms = ms;
    return PW_OK;
}

/* A caller who is not yet a member becomes one. */
static enum pw_err member_of(struct ctx *c, const struct call_new *n, const struct community *com, int64_t person_id,
                             int64_t channel_id, struct sv kind)
{
    struct membership m;
    enum pw_err e = membership_of(c, com->id, person_id, &m);
    if (e == PW_OK && m.state == MEMBER_ACTIVE)
        return PW_OK;
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    m = (struct membership){.person_id = person_id,
                            .lang = lang_in(com->languages, n->lang) ? n->lang : lang_main(com->languages),
                            .source = kind,
                            .channel_id = channel_id,
                            .channel_kind = kind};
    if (n->accepted)
        PW_TRY(guidelines_version(c, com, m.lang, &m.guidelines_version));
    enum membership_state state;
    e = membership_enter(c, com->id, &m, &state);
    if (e == PW_CONFLICT)
        return problem_add(c->problems, n->person_id ? "person" : "name",
                           N_("This community takes in nobody new any more: choose one of its members."));
    PW_TRY(e);
    return state == MEMBER_ACTIVE ? PW_OK
                                  : problem_add(c->problems, "name",
                                                N_("The community is full. Raise its limit, or admit somebody else."));
}

enum pw_err call_enter(struct ctx *c, const struct call_new *n, struct message_made *ret)
{
    struct community com;
    int64_t channel_id, person_id, at;
    PW_TRY(need_moderate(c, n->community_id, &com));
    struct sv kind = n->visit ? SV("visit") : SV("phone"), text = n->text;
    NOTED(time_of_call(c, &com, n->at, &at));
    NOTED(take_text(c, "text", true, 4000, &text));
    if (c->problems->n)
        return PW_INVALID;
    PW_TRY(telephone_of(c, &com, &channel_id));
    PW_TRY(caller_of(c, n, channel_id, &person_id));
    PW_TRY(member_of(c, n, &com, person_id, channel_id, kind));
    struct message_new m = {.community_id = com.id,
                            .ask = true,
                            .to_private = !n->to_public,
                            .text = text,
                            .lang = n->lang,
                            .at_ms = at,
                            .for_person = person_id,
                            .channel_kind = kind};
    PW_TRY(message_post(c, &m, ret));
    PW_TRY(through_mark(c, "message", ret->message_id, person_id, com.id, n->through));
    return audit(c, "call.enter", "question", ret->question_id, kind);
}

/* ---- somebody who wants to join, entered with their answers (MSG-6, EQ-2) ---- */

enum pw_err intake_enter(struct ctx *c, const struct call_new *n, const struct join_answer *answers, size_t n_answers,
                         int64_t *ret_id)
{
    struct community com;
    int64_t channel_id, person_id;
    PW_TRY(need_moderate(c, n->community_id, &com));
    PW_TRY(telephone_of(c, &com, &channel_id));
    PW_TRY(caller_of(c, n, channel_id, &person_id));
    struct sv lang = lang_in(com.languages, n->lang) ? n->lang : lang_main(com.languages);
    struct join_new j = {.community_id = com.id,
                         .person_id = person_id,
                         .lang = lang,
                         .source = n->visit ? SV("visit") : SV("phone"),
                         .channel_kind = n->visit ? SV("visit") : SV("phone"),
                         .channel_id = channel_id,
                         .answers = answers,
                         .n_answers = n_answers,
                         .choice = n->choice};
    if (n->accepted)
        PW_TRY(guidelines_version(c, &com, lang, &j.guidelines_version));
    enum pw_err e = join_request_send(c, &j, ret_id);
    if (e == PW_CONFLICT)
        return problem_add(c->problems, "name", N_("This person belongs to the community already, or has asked to."));
    PW_TRY(e);
    PW_TRY(through_mark(c, "join", *ret_id, person_id, com.id, n->through));
    return audit(c, "intake.enter", "join_request", *ret_id, j.channel_kind);
}

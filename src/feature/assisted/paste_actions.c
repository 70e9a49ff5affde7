/* SPDX-License-Identifier: EUPL-1.2 */
/* What was said in a group by hand, and what people say on the telephone or when they come by. */
#include "base/b64.h"
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

/* ---- a pasted conversation ---- */

static enum pw_err own_place(struct ctx *c, int64_t place_id, struct hand_place *ret)
{
    struct hand_place *v;
    size_t n;
    PW_TRY(hand_places(c, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].id == place_id) {
            *ret = v[i];
            return PW_OK;
        }
    return PW_NOT_FOUND;
}

static enum pw_err read_paste(struct ctx *c, const struct hand_place *p, struct sv text, struct paste *ret)
{
    const struct tz *tz;
    PW_TRY(tz_find(p->zone, &tz));
    if (!paste_parse(c->arena, text, tz_local_ms(tz, c->now_ms), ret))
        return problem_add(
            c->problems, "text",
            N_("No message was found in this text. Each message begins with the name of its writer and a "
               "colon, with or without a date in front: Amal: Where do I find a doctor?"));
    return PW_OK;
}

enum pw_err paste_preview(struct ctx *c, int64_t place_id, struct sv text, struct paste *ret, bool ret_ours[PASTE_MAX])
{
    struct hand_place p;
    PW_TRY(own_place(c, place_id, &p));
    PW_TRY(read_paste(c, &p, text, ret));
    for (size_t i = 0; i < ret->n; i++)
        PW_TRY(own_name_is(c, place_id, ret->v[i].author, &ret_ours[i]));
    return PW_OK;
}

/* The same words of the same person at the same minute are the same message, however often they are pasted. The id says
 * nothing about them to who reads the database. */
static enum pw_err paste_id(struct ctx *c, const struct hand_place *p, const struct paste_line *l, struct sv *ret)
{
    struct sv who, words;
    struct buf b;
    PW_TRY(text_fold(c->arena, l->author, &who));
    PW_TRY(text_fold(c->arena, l->text, &words));
    int64_t minute = l->dated ? l->local_ms / 60000 : 0;
    struct sv all =
        arena_fmt(c->arena, "%lld|%lld|%.*s|%.*s", (long long)p->id, (long long)minute, SV_ARG(who), SV_ARG(words));
    struct sv blind = blind_index(c->vault, c->arena, "channel_inbound.paste", all);
    if (!blind.n)
        return PW_UNAVAILABLE;
    buf_init(&b, 100);
    buf_z(&b, "paste:");
    b64url_encode(&b, blind);
    *ret = arena_sv(c->arena, buf_sv(&b));
    buf_finish(&b);
    return ret->n ? PW_OK : PW_UNAVAILABLE;
}

static enum pw_err event_of(struct ctx *c, const struct hand_place *p, const struct tz *tz, const struct paste_line *l,
                            struct chan_event *e)
{
    struct sv name;
    PW_TRY(text_clean_line(c->arena, l->author, &name));
    int64_t at = l->dated ? tz_utc_ms(tz, l->local_ms, TZ_EARLIER, NULL) : c->now_ms;
    *e = (struct chan_event){.kind = CHAN_MESSAGE,
                             .at_ms = at < c->now_ms ? at : c->now_ms,
                             .private_chat = !p->chat.n,
                             .chat = p->chat.n ? p->chat : name,
                             .user = name,
                             .user_chat = name, /* a private word to them is written by hand, too */
                             .user_name = name,
                             .text = l->text};
    PW_TRY(paste_id(c, p, l, &e->provider_id));
    e->message_id = e->provider_id;
    return PW_OK;
}

enum pw_err paste_take(struct ctx *c, int64_t place_id, struct sv text, const struct sv *own_names, size_t n_own,
                       struct paste_made *ret)
{
    struct hand_place p;
    const struct tz *tz;
    struct paste *paste = arena_new(c->arena, struct paste);
    struct chan_events *events = arena_new(c->arena, struct chan_events);
    struct paste_made made = {0};
    if (!paste || !events)
        return PW_UNAVAILABLE;
    PW_TRY(own_place(c, place_id, &p));
    PW_TRY(tz_find(p.zone, &tz));
    PW_TRY(read_paste(c, &p, text, paste));
    for (size_t i = 0; i < n_own; i++)
        PW_TRY(own_name_add(c, place_id, own_names[i]));
    for (size_t i = 0; i < paste->n; i++) {
        bool ours;
        PW_TRY(own_name_is(c, place_id, paste->v[i].author, &ours));
        if (ours)
            made.ours++;
        else
            PW_TRY(event_of(c, &p, tz, &paste->v[i], &events->v[events->n++]));
    }
    struct channel ch;
    struct ctx system = *c;
    system.actor = &actor_system;
    struct chan_receiver r = community_receiver();
    PW_TRY(channel_get(c, p.channel_id, &ch));
    PW_TRY(channel_receive(&system, &ch, &r, events));
    PW_TRY(audit(c, "hand.paste", "community", p.community_id, arena_fmt(c->arena, "n=%zu", events->n)));
    made.taken = (int64_t)events->n;
    *ret = made;
    return PW_OK;
}

/* ---- a call or a visit ---- */

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

static enum pw_err caller_of(struct ctx *c, const struct call_new *n, int64_t channel_id, int64_t *ret_person)
{
    if (n->person_id) {
        struct membership m; /* nobody is made a member of a community they never came near */
        *ret_person = n->person_id;
        enum pw_err e = membership_of(c, n->community_id, n->person_id, &m);
        return e == PW_NOT_FOUND
                   ? problem_add(c->problems, "person", N_("Choose a member of this community."))
                   : e;
    }
    struct sv name = n->name, phone = n->phone;
    PW_TRY(take_line(c, "name", true, 80, &name));
    PW_TRY(take_line(c, "phone", false, 40, &phone));
    struct sv digits = digits_of(c->arena, phone);
    if (phone.n && (digits.n < 7 || digits.n > 15))
        return problem_add(c->problems, "phone",
                           N_("A telephone number has 7 to 15 digits. Leave it empty for a visit."));
    struct identity who;
    struct person_new p = {.display_name = name, .lang = n->lang};
    struct sv key = digits.n ? digits : arena_fmt(c->arena, "visit %.*s", SV_ARG(name));
    PW_TRY(identity_ensure(c, channel_id, key, &p, &who));
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
    if (!civil_parse_rfc3339(at, &ms)) {
        if (at.n < 16 || at.p[10] != 'T' || !civil_parse_date(sv_sub(at, 0, 10), &day) ||
            !civil_parse_minutes(sv_sub(at, 11, 5), &minutes))
            return problem_add(c->problems, "at", N_("Give day and time, such as 2026-03-04 15:30."));
        PW_TRY(tz_find(com->zone, &tz));
        ms = tz_utc_ms(tz, day * CIVIL_DAY_MS + minutes * INT64_C(60000), TZ_EARLIER, NULL);
    }
    if (ms > c->now_ms || ms < c->now_ms - CALL_DAYS * CIVIL_DAY_MS)
        return problem_add(c->problems, "at", N_("The call was at most 30 days ago, and not in the future."));
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
    PW_TRY(membership_enter(c, com->id, &m, &state));
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
    return audit(c, "call.enter", "question", ret->question_id, kind);
}

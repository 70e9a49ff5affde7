/* SPDX-License-Identifier: EUPL-1.2 */
/* What was said in a group by hand. */
#include "base/b64.h"
#include "base/civil.h"
#include "base/tz.h"
#include "base/unicode.h"
#include "channel/registry.h"
#include "core/audit.h"
#include "core/vault.h"
#include "feature/assisted/assisted_store.h"
#include "json/json.h"

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

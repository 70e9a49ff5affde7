/* SPDX-License-Identifier: EUPL-1.2 */
/* A post on its way to many: few sends at a time for each channel, so that the one writer of the database is never held
 * for long, a pause or an end touches little, and a channel that waits (429) holds up no other. Queuing a batch and
 * moving the cursor are one transaction; each send carries a key of message and chat: nobody gets a post twice. */
#include "core/people.h"
#include "feature/publishing/publishing_room.h"

enum { BATCH = 100, AHEAD = 200, AGAIN_MS = 250 };

bool has_group_on(const struct community_channel *v, size_t n, int64_t channel_id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].channel_id == channel_id && v[i].chat.n)
            return true;
    return false;
}

struct run {
    struct ctx *c;
    struct community com;
    struct post p;
    struct community_channel *places;
    size_t n_places;
    struct {
        struct sv lang, text;
    } said[POST_LANGS_MAX + 4]; /* texts of this batch, by language of the reader */
    size_t n_said;
};

static enum pw_err text_for(struct run *r, struct sv lang, struct sv kind, struct sv *ret)
{
    for (size_t i = 0; i < r->n_said; i++)
        if (sv_eq(r->said[i].lang, lang)) {
            *ret = r->said[i].text;
            return PW_OK;
        }
    PW_TRY(post_text(r->c, &r->com, &r->p, lang, kind, ret));
    if (r->n_said < POST_LANGS_MAX + 4) {
        r->said[r->n_said].lang = lang;
        r->said[r->n_said++].text = *ret;
    }
    return PW_OK;
}

/* Who reads alone does not see where it comes from: the community's name stands first. */
static enum pw_err text_alone(struct run *r, struct sv lang, struct sv kind, struct sv *ret)
{
    struct community own = r->com;
    struct sv text;
    PW_TRY(text_for(r, lang, kind, &text));
    PW_TRY(in_words_of(r->c, lang, &own));
    *ret = arena_fmt(r->c->arena, "%.*s: %.*s", SV_ARG(own.words.name), SV_ARG(text));
    return PW_OK;
}

static bool takes_files(struct sv kind)
{
    const struct chan_driver *d = chan_driver_of(kind);
    return d && d->caps & CAP_FILES;
}

static enum pw_err to_groups(struct run *r, struct lane *l)
{
    struct sv main = lang_main(r->com.languages);
    bool wanted = !r->p.only_lang.n || sv_eq(r->p.only_lang, main);
    struct letter letter = {.message_id = r->p.message_id,
                            .lang = main,
                            .author = r->p.author,
                            .kind = r->p.file_kind,
                            .file_id = r->p.file_id, /* a link where the channel takes no files */
                            .lane = LANE_BULK,
                            .only_channel = l->channel_id};
    l->groups_done = true;
    if (!wanted || !has_group_on(r->places, r->n_places, l->channel_id))
        return PW_OK;
    PW_TRY(text_for(r, main, l->kind, &letter.text));
    return send_to_group(r->c, &r->com, &letter);
}

/* EQ-3: who pays for each megabyte gets the words, and the file as a link. */
static enum pw_err light_ones(struct run *r, const struct audience_member *v, size_t n, bool *ret_light)
{
    int64_t *ids = arena_array(r->c->arena, int64_t, n + 1);
    struct person *p = arena_array(r->c->arena, struct person, n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].person_id;
    PW_TRY(person_get_many(r->c, ids, n, p));
    for (size_t i = 0; i < n; i++)
        ret_light[i] = p[i].limited_data;
    return PW_OK;
}

static enum pw_err to_people(struct run *r, struct lane *l)
{
    struct audience_member *v;
    size_t n;
    bool light[BATCH] = {0};
    bool group = has_group_on(r->places, r->n_places, l->channel_id);
    bool files = takes_files(l->kind);
    PW_TRY(audience_page(r->c, r->com.id, l->channel_id, l->cursor, BATCH, &v, &n));
    if (r->p.file_id && files)
        PW_TRY(light_ones(r, v, n, light));
    for (size_t i = 0; i < n; i++) {
        enum reach how = reach_of(false, group, v[i].lang, lang_main(r->com.languages), r->p.only_lang);
        bool queued = false;
        l->cursor = v[i].membership_id;
        l->in_group += how == REACH_GROUP;
        if (how != REACH_ALONE)
            continue;
        struct letter letter = {.message_id = r->p.message_id,
                                .lang = v[i].lang,
                                .kind = r->p.file_kind,
                                .file_id = r->p.file_id,
                                .lane = LANE_BULK,
                                .uncopied = true};
        PW_TRY(text_alone(r, v[i].lang, l->kind, &letter.text));
        if (!files || light[i])
            PW_TRY(letter_as_link(r->c, &letter));
        PW_TRY(send_alone(r->c, r->com.id, l->channel_id, v[i].person_id, &letter, &queued));
        l->alone += queued;
        l->skipped += !queued;
    }
    l->done = n < BATCH;
    return PW_OK;
}

/* The lane with the least before it, of those that have room; NULL when all are done or full. */
static enum pw_err next_lane(struct run *r, struct lane *v, size_t n, struct lane **ret, int64_t *ret_waiting,
                             bool *ret_more)
{
    int64_t least = AHEAD;
    *ret = NULL;
    *ret_waiting = 0;
    *ret_more = false;
    for (size_t i = 0; i < n; i++) {
        int64_t waiting = 0;
        PW_TRY(outbox_waiting_bulk(r->c->db, SV("message"), r->p.message_id, v[i].channel_id, &waiting));
        *ret_waiting += waiting;
        *ret_more |= !v[i].done;
        if (v[i].done || waiting >= least)
            continue;
        least = waiting;
        *ret = &v[i];
    }
    return PW_OK;
}

enum pw_err quiet_until_ms(struct ctx *c, const struct community *com, const struct post *p, int64_t *ret_ms)
{
    struct publishing_setting s;
    const struct tz *tz;
    *ret_ms = 0;
    if (p->urgent || tz_find(com->zone, &tz) != PW_OK)
        return PW_OK;
    PW_TRY(press_setting_row(c, com->id, &s));
    int minute = (int)(tz_local_ms(tz, c->now_ms) % CIVIL_DAY_MS / 60000);
    int wait = quiet_wait((int)s.quiet_from, (int)s.quiet_until, minute);
    if (wait)
        *ret_ms = c->now_ms - c->now_ms % 60000 + wait * INT64_C(60000);
    return PW_OK;
}

static enum pw_err finish(struct ctx *c, struct post *p)
{
    PW_TRY(post_next(p->state, POST_FINISH, &p->state));
    p->changed_ms = c->now_ms;
    PW_TRY(post_save(c, p, POST_PUBLISHING));
    return note_fact(c, "post.arrived", "post", p->id, p->community_id, (struct sv){0});
}

enum pw_err post_run(struct ctx *c, int64_t id)
{
    struct run r = {.c = c};
    struct lane *v, *next;
    size_t n;
    int64_t waiting, quiet;
    bool more;
    enum pw_err e = post_row(c, id, &r.p);
    if (e == PW_NOT_FOUND || (e == PW_OK && (r.p.state != POST_PUBLISHING || r.p.paused)))
        return PW_OK;
    PW_TRY(e);
    PW_TRY(community_get(c, r.p.community_id, &r.com));
    PW_TRY(lane_rows(c, id, &v, &n));
    PW_TRY(quiet_until_ms(c, &r.com, &r.p, &quiet));
    if (quiet && n) {
        PW_TRY(outbox_hold_bulk(c->db, SV("message"), r.p.message_id, quiet, c->now_ms, NULL));
        return timer_set(c->db, TIMER_RUN, id, quiet);
    }
    PW_TRY(next_lane(&r, v, n, &next, &waiting, &more));
    if (!more && !waiting)
        return finish(c, &r.p);
    if (!next)
        return timer_set(c->db, TIMER_RUN, id, c->now_ms + AGAIN_MS);
    PW_TRY(community_channels(c, r.com.id, &r.places, &r.n_places));
    if (!next->groups_done)
        PW_TRY(to_groups(&r, next));
    PW_TRY(to_people(&r, next));
    PW_TRY(lane_save(c, next));
    return timer_set(c->db, TIMER_RUN, id, c->now_ms);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What happens without anybody asking: posts leave and end, silence is noticed (MSG-15), the monthly newsletter is
 * drafted (KB-5), copies learn of their original (KB-7); and what this room adds to the pages of communities. */
#include "base/id.h"
#include "base/unicode.h"
#include "feature/publishing/publishing_room.h"

enum { MORNING_HOUR = 9, NOTE_CHARS = 200, DAYS_LATE = 7 };

/* ---- once a day ---- */

static struct civil local_of(const struct community *com, int64_t at_ms)
{
    const struct tz *tz;
    return civil_of(tz_find(com->zone, &tz) == PW_OK ? tz_local_ms(tz, at_ms) : at_ms);
}

static int64_t instant(const struct community *com, int64_t local_ms)
{
    const struct tz *tz;
    return tz_find(com->zone, &tz) == PW_OK ? tz_utc_ms(tz, local_ms, TZ_EARLIER, NULL) : local_ms;
}

enum pw_err day_timer(struct ctx *c, const struct community *com)
{
    struct civil now = local_of(com, c->now_ms);
    int64_t today = civil_day(now.year, now.month, now.day) * CIVIL_DAY_MS + MORNING_HOUR * INT64_C(3600000);
    int64_t due = instant(com, today);
    if (due <= c->now_ms)
        due = instant(com, today + CIVIL_DAY_MS);
    return timer_set(c->db, TIMER_DAY, com->id, due);
}

/* MSG-15: told once for each silence; what moderators say does not end it, a member's word does. */
static enum pw_err notice_silence(struct ctx *c, const struct community *com, struct publishing_setting *s)
{
    int64_t last;
    PW_TRY(member_spoke_ms(c, com->id, &last));
    bool silent = is_silent(last, com->created_ms, s->silence_days, c->now_ms);
    bool news = silent && s->silent_ms <= last;
    if (!news)
        return PW_OK;
    s->silent_ms = c->now_ms;
    PW_TRY(press_setting_put(c, s));
    char id[ID_TEXT + 1];
    return tell_moderators(c, com, N_("It is quiet in {0}: post a question or a topic."), (struct sv){0},
                           arena_fmt(c->arena, "/communities/%s/prompts", id_text(com->id, id).p));
}

static enum pw_err is_drafted(struct ctx *c, const struct community *com, int64_t from_ms, int64_t to_ms, bool *ret)
{
    struct post_filter f = {.community_id = com->id, .type = SV("newsletter"), .state = -1, .limit = 20};
    struct post *v;
    size_t n;
    *ret = false;
    PW_TRY(post_rows(c, &f, &v, &n));
    for (size_t i = 0; i < n; i++)
        *ret |= v[i].period_from_ms == from_ms && v[i].period_to_ms == to_ms;
    return PW_OK;
}

/* On the first, or on the first morning of the week after it: the server may have been away. */
static enum pw_err monthly(struct ctx *c, const struct community *com, const struct publishing_setting *s)
{
    struct civil now = local_of(com, c->now_ms);
    if (!s->monthly || now.day > DAYS_LATE)
        return PW_OK;
    int64_t first = civil_day(now.year, now.month, 1), id, to = instant(com, first * CIVIL_DAY_MS),
            from = instant(com, civil_add_months(first, -1) * CIVIL_DAY_MS);
    bool drafted;
    PW_TRY(is_drafted(c, com, from, to, &drafted));
    if (drafted)
        return PW_OK;
    PW_TRY(newsletter_draft(c, com->id, from, to, &id));
    return tell_moderators(c, com, N_("The monthly newsletter of {0} is ready as a draft."), (struct sv){0},
                           post_staff_path(c, id));
}

enum pw_err community_day(struct ctx *c, int64_t community_id)
{
    struct community com;
    struct publishing_setting s;
    enum pw_err e = community_get(c, community_id, &com);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(press_setting_row(c, community_id, &s));
    if (com.status == COM_LIVE) {
        PW_TRY(notice_silence(c, &com, &s));
        PW_TRY(monthly(c, &com, &s));
    }
    return com.status == COM_ARCHIVED ? PW_OK : day_timer(c, &com);
}

/* ---- registration ---- */

/* A community opens, or is found for the first time: its mornings begin. */
static enum pw_err first_day(struct ctx *c, int64_t community_id)
{
    struct community com;
    enum pw_err e = community_get(c, community_id, &com);
    return e == PW_OK ? day_timer(c, &com) : e == PW_NOT_FOUND ? PW_OK : e;
}

static enum pw_err entry_changed(struct ctx *c, int64_t entry_id)
{
    return original_changed(c, ITEM_ENTRY, entry_id);
}

static const struct later later[] = {
    {.timer = "publishing.begin", .do_it = post_begin},
    {.timer = "publishing.run", .do_it = post_run},
    {.timer = "publishing.back", .do_it = post_back_run},
    {.timer = "publishing.mark", .do_it = post_mark_run},
    {.timer = "publishing.expire", .do_it = post_expire},
    {.timer = "publishing.day", .do_it = community_day},
    {.subscriber = "publishing.days", .event = "community.status", .do_it = first_day},
    /* a moderator hid or deleted a post in the conversation: what has not left yet stays */
    {.subscriber = "publishing.hidden", .event = "message.hidden", .do_it = post_taken_away},
    {.subscriber = "publishing.deleted", .event = "message.deleted", .do_it = post_taken_away},
    {.subscriber = "publishing.entries", .event = "kb.", .do_it = entry_changed},
    {0}};

void publishing_register(struct work *w)
{
    community_publisher_set(post_at_once);
    later_add(w, later);
    community_invite(&publishing_guest);
}

/* ---- what this room adds to pages of communities ---- */

/* Posts in the reader's language; what a correction corrects says so (KB-6, LANG-4). */
static enum pw_err dress(void *self, struct ctx *c, struct message *v, size_t n)
{
    (void)self;
    for (size_t i = 0; i < n; i++) {
        struct post p;
        struct community com;
        if (v[i].thread_id || v[i].state == DELETED)
            continue;
        enum pw_err e = v[i].purpose == FOR_POST ? post_by_message(c, v[i].id, &p) : PW_NOT_FOUND;
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        if (e == PW_OK) {
            v[i].body = p.title.n ? arena_fmt(c->arena, "%.*s\n\n%.*s", SV_ARG(p.title), SV_ARG(p.body)) : p.body;
            v[i].lang = p.lang;
        }
        bool letter = e == PW_OK && sv_eq_z(p.type, "newsletter");
        if (!letter)
            e = correction_of(c, v[i].id, &p);
        if (e == PW_NOT_FOUND)
            continue;
        PW_TRY(e);
        PW_TRY(community_get(c, p.community_id, &com));
        const struct sv args[] = {p.title.n ? p.title : text_cut(c->arena, p.body, 80)};
        v[i].note = letter ? say(c, c->lang, N_("Open the newsletter"), NULL, 0)
                           : say(c, c->lang, N_("Corrected, see: {0}"), args, 1);
        v[i].note_path = post_path(c, &com, p.id);
    }
    return PW_OK;
}

static enum pw_err on_place(void *self, struct ctx *c, const struct community *com, bool inside, struct place_note *v,
                            size_t *io_n)
{
    (void)self;
    (void)inside;
    struct post *posts;
    size_t n;
    enum pw_err e = post_shown_list(c, com, (struct sv){0}, 0, 0, 50, &posts, &n);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    for (size_t i = 0; i < n && *io_n < PLACE_NOTES_MAX; i++)
        if (posts[i].pinned_until_ms > c->now_ms)
            v[(*io_n)++] = (struct place_note){
                .label = say(c, c->lang, post_kind_label(posts[i].type), NULL, 0),
                .title = posts[i].title.n ? posts[i].title : text_cut(c->arena, posts[i].body, 80),
                .text = posts[i].title.n ? text_cut(c->arena, posts[i].body, NOTE_CHARS) : (struct sv){0},
                .path = post_path(c, com, posts[i].id),
                .warns = sv_eq_z(posts[i].type, "correction")};
    return PW_OK;
}

static enum pw_err on_inbox(void *self, struct ctx *c, const struct community *com, struct place_note *v, size_t *io_n)
{
    (void)self;
    struct publishing_setting s;
    int64_t last;
    char id[ID_TEXT + 1];
    PW_TRY(press_setting_row(c, com->id, &s));
    if (!s.silent_ms || !s.silence_days || *io_n == PLACE_NOTES_MAX)
        return PW_OK;
    PW_TRY(member_spoke_ms(c, com->id, &last));
    if (last >= s.silent_ms)
        return PW_OK; /* somebody spoke since */
    const struct sv args[] = {com->words.name};
    v[(*io_n)++] =
        (struct place_note){.title = say(c, c->lang, N_("It is quiet in {0}: post a question or a topic."), args, 1),
                            .path = arena_fmt(c->arena, "/communities/%s/prompts", id_text(com->id, id).p)};
    return PW_OK;
}

const struct community_guest publishing_guest = {.dress = dress, .on_place = on_place, .on_inbox = on_inbox};

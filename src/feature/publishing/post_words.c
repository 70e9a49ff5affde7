/* SPDX-License-Identifier: EUPL-1.2 */
/* Posts as words: moments as people type them, and what leaves to whom in which language. */
#include "base/id.h"
#include "base/unicode.h"
#include "feature/publishing/publishing_room.h"

enum { PART_CHARS = 300 };

static enum pw_err wall(struct ctx *c, const struct community *com, const char *field, int64_t local_ms,
                        int64_t *ret_ms)
{
    const struct tz *tz;
    if (tz_find(com->zone, &tz) != PW_OK)
        return problem_add(c->problems, field, N_("The community's time zone is not known here."));
    *ret_ms = tz_utc_ms(tz, local_ms, TZ_EARLIER, NULL);
    return PW_OK;
}

enum pw_err take_moment(struct ctx *c, const struct community *com, const char *field, struct sv text, int64_t *ret_ms)
{
    int64_t day;
    int minutes;
    *ret_ms = 0;
    if (!text.n || civil_parse_rfc3339(text, ret_ms))
        return PW_OK;
    if (text.n < 16 || !civil_parse_date(sv_sub(text, 0, 10), &day) || text.p[10] != 'T' ||
        !civil_parse_minutes(sv_sub(text, 11, 5), &minutes))
        return problem_add(c->problems, field, N_("Give a day and a time, like 2026-09-01T14:30."));
    return wall(c, com, field, day * CIVIL_DAY_MS + minutes * INT64_C(60000), ret_ms);
}

enum pw_err take_day_end(struct ctx *c, const struct community *com, const char *field, struct sv text, int64_t *ret_ms)
{
    int64_t day;
    *ret_ms = 0;
    if (!text.n)
        return PW_OK;
    if (!civil_parse_date(text, &day))
        return problem_add(c->problems, field, N_("Give a day, like 2026-09-01."));
    return wall(c, com, field, (day + 1) * CIVIL_DAY_MS, ret_ms);
}

struct sv post_path(struct ctx *c, const struct community *com, int64_t post_id)
{
    char id[ID_TEXT + 1];
    return arena_fmt(c->arena, "/c/%.*s/posts/%s", SV_ARG(com->slug), id_text(post_id, id).p);
}

struct sv post_staff_path(struct ctx *c, int64_t post_id)
{
    char id[ID_TEXT + 1];
    return arena_fmt(c->arena, "/posts/%s", id_text(post_id, id).p);
}

/* ---- what leaves ---- */

static struct sv add_line(struct ctx *c, struct sv text, struct sv line, const char *between)
{
    return text.n && line.n ? arena_join(c->arena, arena_join(c->arena, text, sv_of(between)), line)
           : line.n         ? line
                            : text;
}

static enum pw_err newsletter_text(struct ctx *c, const struct community *com, const struct post *p, struct sv *io)
{
    struct newsletter_part *v;
    size_t n;
    PW_TRY(newsletter_parts(c, com, p, &v, &n));
    for (size_t i = 0; i < n; i++) {
        struct sv part = add_line(c, v[i].title, text_cut(c->arena, v[i].text, PART_CHARS), "\n");
        part = add_line(c, part, arena_join(c->arena, c->public_url, v[i].path), "\n");
        *io = add_line(c, *io, part, "\n\n");
    }
    return PW_OK;
}

enum pw_err post_text(struct ctx *c, const struct community *com, const struct post *p, struct sv lang, struct sv kind,
                      struct sv *ret)
{
    struct ctx reader = *c;
    struct post in = *p;
    reader.lang = lang;
    PW_TRY(post_words_of(&reader, &in));
    bool letter = sv_eq_z(p->type, "newsletter");
    struct sv text = letter && !sv_eq_z(kind, "email") ? in.title : add_line(c, in.title, in.body, "\n\n");
    if (letter && sv_eq_z(kind, "email"))
        PW_TRY(newsletter_text(&reader, com, p, &text));
    else if (letter)
        text = add_line(c, text, arena_join(c->arena, c->public_url, post_path(c, com, p->id)), "\n");
    if (p->source.n) {
        const struct sv args[] = {p->source, p->checked_on};
        text = add_line(c, text, say(c, in.lang, N_("Source: {0} (checked on {1})"), args, 2), "\n\n");
    }
    *ret = text;
    return PW_OK;
}

enum pw_err post_preview(struct ctx *c, const struct community *com, const struct post *p, struct sv lang,
                         struct sv channel_kind, struct sv *ret)
{
    return post_text(c, com, p, lang, channel_kind, ret);
}

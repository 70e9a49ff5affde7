/* SPDX-License-Identifier: EUPL-1.2 */
/* Automatic rules: their settings, and what a person decides about an act of one. */
#include "base/id.h"
#include "feature/moderation/moderation_pages.h"
#include "feature/moderation/moderation_view.h"
#include "ui/web.h"
#include "views_moderation.h"

static const char *const modes[] = {"off", "simulate", "enforce", NULL};
const struct field automatic_fields[] = {
    {"mode", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, modes, "Off, only tried out, or on."},
    {"flood", FIELD_INT, FIELD_REQUIRED, 0, 0, NULL, "More messages of one person in a minute; 0 = off."},
    {"mute_minutes", FIELD_INT, FIELD_REQUIRED, 0, 0, NULL, "So long that person cannot write."},
    {"wave", FIELD_INT, FIELD_REQUIRED, 0, 0, NULL, "People who ask to join; 0 = off."},
    {"wave_minutes", FIELD_INT, FIELD_REQUIRED, 0, 0, NULL, "Within so many minutes."},
    {"wave_hold", FIELD_INT, FIELD_REQUIRED, 0, 0, NULL, "So many minutes nobody new can ask."},
    {"new_days", FIELD_INT, FIELD_REQUIRED, 0, 0, NULL, "Who is a new member; 0 = nobody."},
    {"mentions", FIELD_INT, FIELD_REQUIRED, 0, 0, NULL, "More people called by name; 0 = off."},
    {"links", FIELD_BOOL, 0, 0, 0, NULL, "Links of new members are held."},
    {"forwarded", FIELD_BOOL, 0, 0, 0, NULL, "Forwarded messages of new members are held."},
    {"first_image", FIELD_BOOL, 0, 0, 0, NULL, "A picture as the first message is held."},
    {"words", FIELD_LINES, 0, 0, AUTO_WORDS_CHARS, NULL, "Watched words, one a line."},
    {0}};
static const char *const yes_no[] = {"yes", "no", NULL};
const struct field automatic_decide_fields[] = {
    {"right", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, yes_no, "It was right, or it is taken back."}, {0}};

struct auto_set automatic_typed(const struct http_req *q)
{
    struct auto_set s = {.flood = http_int(q, "flood"),
                         .mute_minutes = http_int(q, "mute_minutes"),
                         .wave = http_int(q, "wave"),
                         .wave_minutes = http_int(q, "wave_minutes"),
                         .wave_hold = http_int(q, "wave_hold"),
                         .new_days = http_int(q, "new_days"),
                         .mentions = http_int(q, "mentions"),
                         .links = http_int(q, "links") != 0,
                         .forwarded = http_int(q, "forwarded") != 0,
                         .first_image = http_int(q, "first_image") != 0,
                         .words = http_text(q, "words")};
    (void)auto_mode_parse(http_text(q, "mode"), &s.mode);
    return s;
}

static enum pw_err show(struct http_req *q, struct http_res *r, struct automatic_view *v)
{
    struct page pg;
    PW_TRY(need_admin(q->ctx, q->arg[0], &v->com));
    page_begin(&pg, q, r, FACE_STAFF, N_("Automatic rules"));
    view_automatic(&pg, v);
    return page_end(&pg, r);
}

enum pw_err automatic_get(struct http_req *q, struct http_res *r)
{
    struct automatic_view v = {0};
    struct mod_settings set;
    PW_TRY(moderation_settings(q->ctx, q->arg[0], &set));
    v.s = set.automatic;
    return show(q, r, &v);
}

enum pw_err automatic_post(struct http_req *q, struct http_res *r)
{
    struct automatic_view v = {.s = automatic_typed(q)};
    char id[ID_TEXT + 1];
    enum pw_err e = q->problems.n ? PW_INVALID : automatic_set(q->ctx, q->arg[0], &v.s);
    if (e == PW_INVALID && q->problems.n)
        return show(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, arena_fmt(q->arena, "/communities/%s/automatic", id_text(q->arg[0], id).p), N_("Saved."));
}

enum pw_err review_automatic_post(struct http_req *q, struct http_res *r)
{
    bool right = sv_eq_z(http_text(q, "right"), "yes");
    enum pw_err e = q->problems.n ? PW_INVALID : automatic_decide(q->ctx, q->arg[0], right);
    if (e == PW_CONFLICT)
        return page_done(q, r, SV("/review"), N_("Somebody else decided this first."));
    PW_TRY(e);
    return page_done(q, r, SV("/review"), right ? N_("Decided.") : N_("It is taken back."));
}

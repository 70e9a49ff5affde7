/* SPDX-License-Identifier: EUPL-1.2 */
/* What a community sets up for its moderation: ladders, settings, texts, who is on call (MOD-2, SAFE-2, SAFE-3, Q-6).
 */
#include "base/id.h"
#include "core/people.h"
#include "feature/moderation/moderation_pages.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/moderation_view.h"
#include "ui/web.h"
#include "views_moderation.h"

static enum pw_err names_of_oncall(struct ctx *c, struct oncall *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct person p;
        PW_TRY(person_get(c, v[i].person_id, &p));
        v[i].name = p.display_name;
    }
    return PW_OK;
}

/* Whoever has a role in the community can be put on call. */
static enum pw_err people_of(struct ctx *c, int64_t community_id, struct ladders_view *v)
{
    struct grant *g;
    size_t n, k = 0;
    PW_TRY(community_grants(c, community_id, &g, &n));
    struct oncall_person *p = arena_array(c->arena, struct oncall_person, n + 1);
    if (!p)
        return PW_INTERNAL;
    for (size_t i = 0; i < n; i++) {
        struct person who;
        bool known = false;
        for (size_t x = 0; x < k; x++)
            known |= p[x].id == g[i].person_id;
        if (known)
            continue;
        PW_TRY(person_get(c, g[i].person_id, &who));
        p[k++] = (struct oncall_person){g[i].person_id, who.display_name};
    }
    v->people = p;
    v->n_people = k;
    return PW_OK;
}

static enum pw_err show(struct http_req *q, struct http_res *r, struct ladders_view *v)
{
    struct ctx *c = q->ctx;
    struct oncall *oncall;
    struct sv groups = v->groups, numbers = v->numbers;
    PW_TRY(need_admin(c, q->arg[0], &v->com));
    if (!v->set.strike_days)
        PW_TRY(moderation_settings(c, v->com.id, &v->set));
    for (int i = 0; i < CAT__MAX; i++)
        if (mod_category_breach((enum mod_category)i))
            PW_TRY(moderation_ladder_of(c, v->com.id, sv_of(mod_category_code((enum mod_category)i)),
                                        &v->ladders[v->n_ladders++]));
    if (!lang_in(v->com.languages, v->lang))
        v->lang = lang_main(v->com.languages);
    if (!groups.n)
        PW_TRY(moderation_text_of(c, v->com.id, "groups", v->lang, true, &v->groups));
    if (!numbers.n)
        PW_TRY(moderation_text_of(c, v->com.id, "numbers", v->lang, true, &v->numbers));
    PW_TRY(oncall_rows(c, v->com.id, &oncall, &v->n_oncall));
    PW_TRY(names_of_oncall(c, oncall, v->n_oncall));
    v->oncall = oncall;
    PW_TRY(people_of(c, v->com.id, v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Ladders and settings"));
    pg.zone = v->com.zone;
    view_ladders(&pg, v);
    return page_end(&pg, r);
}

static enum pw_err saved(struct http_req *q, struct http_res *r, const char *msgid)
{
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/communities/%s/ladders", id_text(q->arg[0], id).p), msgid);
}

/* The part whose problems are shown keeps what was typed; `e` decides. */
static enum pw_err done(struct http_req *q, struct http_res *r, enum pw_err e, struct ladders_view *typed)
{
    if (e == PW_INVALID && q->problems.n)
        return show(q, r, typed);
    PW_TRY(e);
    return saved(q, r, N_("Saved."));
}

enum pw_err ladders_get(struct http_req *q, struct http_res *r)
{
    struct ladders_view *v = arena_new(q->arena, struct ladders_view);
    if (!v)
        return PW_INTERNAL;
    v->lang = http_text(q, "lang_of");
    return show(q, r, v);
}

enum pw_err ladders_post(struct http_req *q, struct http_res *r)
{
    struct ladders_view *v = arena_new(q->arena, struct ladders_view);
    struct sv category = http_text(q, "category"), name = http_text(q, "ladder"), steps = http_text(q, "steps");
    if (!v)
        return PW_INTERNAL;
    v->typed_category = category;
    v->typed_steps = steps;
    enum pw_err e = q->problems.n ? PW_INVALID
                    : name.n      ? moderation_set_ladder(q->ctx, q->arg[0], category, name)
                                  : moderation_write_ladder(q->ctx, q->arg[0], category, steps);
    return done(q, r, e, v);
}

enum pw_err mod_settings_post(struct http_req *q, struct http_res *r)
{
    struct ladders_view *v = arena_new(q->arena, struct ladders_view);
    if (!v)
        return PW_INTERNAL;
    const struct http_value *ex = http_value(q, "excluded");
    v->set = (struct mod_settings){.strike_days = http_int(q, "strike_days"),
                                   .appeal_days = http_int(q, "appeal_days"),
                                   .decide_days = http_int(q, "decide_days")};
    (void)mod_notice_parse(http_text(q, "removal_notice"), &v->set.notice);
    (void)mod_personal_parse(http_text(q, "personal"), &v->set.personal);
    for (size_t i = 0; ex && i < ex->n_many; i++)
        v->set.excluded = v->set.excluded.n
                              ? arena_fmt(q->arena, "%.*s %.*s", SV_ARG(v->set.excluded), SV_ARG(ex->many[i]))
                              : ex->many[i];
    return done(q, r, q->problems.n ? PW_INVALID : moderation_set(q->ctx, q->arg[0], &v->set), v);
}

enum pw_err mod_texts_post(struct http_req *q, struct http_res *r)
{
    struct ladders_view *v = arena_new(q->arena, struct ladders_view);
    if (!v)
        return PW_INTERNAL;
    v->lang = http_text(q, "lang_of");
    v->groups = http_text(q, "groups");
    v->numbers = http_text(q, "numbers");
    enum pw_err e = q->problems.n ? PW_INVALID : moderation_write_text(q->ctx, q->arg[0], "groups", v->lang, v->groups);
    if (e == PW_OK)
        e = moderation_write_text(q->ctx, q->arg[0], "numbers", v->lang, v->numbers);
    return done(q, r, e, v);
}

enum pw_err oncall_post(struct http_req *q, struct http_res *r)
{
    struct ladders_view *v = arena_new(q->arena, struct ladders_view);
    if (!v)
        return PW_INTERNAL;
    v->typed_hours = http_text(q, "hours");
    enum pw_err e = q->problems.n ? PW_INVALID : oncall_set(q->ctx, q->arg[0], http_int(q, "person"), v->typed_hours);
    return done(q, r, e, v);
}

enum pw_err oncall_remove_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(oncall_remove(q->ctx, q->arg[0], q->arg[1]));
    return saved(q, r, N_("Saved."));
}

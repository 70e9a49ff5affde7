/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/planning/planning_input.h"

#include "base/id.h"

const char *const plan_factor_names[F__MAX] = {
    "f-audience", "f-confidential", "f-correct",   "f-moderate", "f-at-once", "f-private", "f-any-phone",
    "f-low-data", "f-video",        "f-languages", "f-guide",    "f-remove",  "f-usage",   "f-storage"};

struct sv plan_codes(struct http_req *q, const char *name)
{
    const struct http_value *v = http_value(q, name);
    struct sv out = {0};
    for (size_t i = 0; v && i < v->n_many; i++)
        out = out.n ? arena_join(q->arena, arena_join(q->arena, out, SV(" ")), v->many[i]) : v->many[i];
    return out;
}

struct sv plan_typed_value(struct http_req *q, const struct plan_field *f)
{
    return f->kind == PLAN_TICKS ? plan_codes(q, f->code) : http_kept(q, f->code);
}

int64_t plan_level(struct sv code)
{
    return sv_eq_z(code, "very") ? LEVEL_VERY : sv_eq_z(code, "somewhat") ? LEVEL_SOMEWHAT : LEVEL_NOT;
}

size_t plan_typed_platform(struct http_req *q, struct plan_typed v[F__MAX + 3])
{
    static const struct {
        const char *name, *field;
    } rest[] = {{"at_once", "at-once-number"}, {"platform", "platform"}, {"why", "platform-why"}};
    size_t n = 0;
    for (int f = F_AUDIENCE + 1; f < F__MAX; f++)
        if (http_given(q, plan_factor_names[f]))
            v[n++] = (struct plan_typed){arena_fmt(q->arena, "factor.%s", factor_code((enum factor)f)),
                                         http_text(q, plan_factor_names[f])};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (http_given(q, rest[i].name))
            v[n++] = (struct plan_typed){sv_of(rest[i].field), http_text(q, rest[i].name)};
    return n;
}

struct move_new move_typed(struct http_req *q)
{
    struct move_new n = {.from_kind = http_text(q, "from"), .address = http_text(q, "address")};
    if (!sv_eq_z(http_text(q, "to"), "web") && !id_parse(http_text(q, "to"), &n.to_channel))
        problem_add(&q->problems, "to", N_("Choose one of the list."));
    return n;
}

struct promo_place_new promo_typed(struct http_req *q)
{
    return (struct promo_place_new){.place = http_text(q, "place"),
                                    .item = http_text(q, "item"),
                                    .lang = http_text(q, "lang_of"),
                                    .placed_on = http_text(q, "placed_on"),
                                    .uses = http_int(q, "uses"),
                                    .last_day = http_text(q, "last_day")};
}

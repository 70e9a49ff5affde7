/* SPDX-License-Identifier: EUPL-1.2 */
/* The planning file as the platform choice sees it (MSG-5): levels, own factors, who uses what. */
#include "base/unicode.h"
#include "feature/planning/planning_room.h"

static int level_of(struct sv v)
{
    return sv_eq_z(v, "very") ? LEVEL_VERY : sv_eq_z(v, "somewhat") ? LEVEL_SOMEWHAT : LEVEL_NOT;
}

/* "WhatsApp", "whatsapp (groups)" and "WhatsApp group" all count for both of WhatsApp's rows. */
static bool same_app(struct ctx *c, struct sv what, const struct platform *p)
{
    struct sv folded, name = sv_of(p->name ? p->name : p->code);
    if (text_fold(c->arena, what, &folded) != PW_OK || text_fold(c->arena, name, &name) != PW_OK)
        return false;
    struct sv code = sv_of(p->code), head;
    sv_cut(&code, '-', &head); /* "whatsapp-group" → "whatsapp" */
    return sv_find(folded, head) >= 0 || sv_find(folded, name) >= 0;
}

enum pw_err platform_load(struct ctx *c, const struct plan_file *f, struct platform_view *v)
{
    *v = (struct platform_view){.chosen = plan_value(f, "platform"), .why = plan_value(f, "platform-why")};
    v->n = platform_all(v->all);
    for (int k = 0; k < F__MAX; k++)
        v->wish.level[k] =
            level_of(plan_value(f, arena_z(c->arena, arena_fmt(c->arena, "factor.%s", factor_code((enum factor)k)))));
    (void)!sv_int(plan_value(f, "asked"), &v->asked);
    (void)!sv_int(plan_value(f, "at-once-number"), &v->wish.at_once);
    for (size_t i = 0; i < f->n_lines; i++) {
        const struct plan_line *l = &f->lines[i];
        if (sv_eq_z(l->list, "factor") && v->wish.n_own < OWN_MAX)
            v->own[v->wish.n_own++] = (struct own_factor){(int)(l->number > 2 ? 2 : l->number), l->note};
        for (size_t k = 0; sv_eq_z(l->list, "app") && k < v->n; k++)
            if (same_app(c, l->what, &v->all[k]))
                v->users[k] = l->number > v->users[k] ? l->number : v->users[k];
    }
    v->wish.own = v->own;
    platform_order(v->all, v->n, &v->wish, v->users, v->asked, v->ranks);
    return PW_OK;
}

/* As the file will stand: typed now, else saved before. */
static struct sv will_be(const struct plan_file *f, const struct plan_typed *v, size_t n, const char *field)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq_z(v[i].field, field))
            return v[i].value;
    return plan_value(f, field);
}

enum pw_err platform_write(struct ctx *c, int64_t community_id, const struct plan_typed *v, size_t n, int64_t seen)
{
    struct community com;
    struct plan_file f;
    PW_TRY(plan_open(c, community_id, &com, &f));
    if (will_be(&f, v, n, "platform").n && !will_be(&f, v, n, "platform-why").n)
        problem_add(c->problems, "why", N_("Say why: partners and funders will ask."));
    PW_TRY(c->problems->n ? PW_INVALID : PW_OK);
    return plan_write(c, community_id, v, n, seen);
}

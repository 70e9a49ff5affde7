/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/moderation/moderation_view.h"
#include "ui/format.h"

enum { PARTS = 12 };

static struct sv word(struct page *pg, const char *msgid, const struct sv *arg)
{
    return text_t(pg->cat, pg->arena, msgid, arg, arg ? 1 : 0);
}

static struct sv act_words(struct page *pg, struct sv code)
{
    static const struct {
        const char *code, *label;
    } v[] = {
        {"delete", N_("out of view")},           {"repost", N_("description again")}, {"warn", N_("private warning")},
        {"suggest", N_("better-suited groups")}, {"remove", N_("removal")},           {"block", N_("no return")},
        {"notice", N_("notice to the group")}};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        if (sv_eq_z(code, v[i].code))
            return word(pg, v[i].label, NULL);
    const struct sv restricted = SV("restrict="), muted = SV("restrict-minutes="), weight = SV("weight=");
    struct sv n = sv_sub(code, muted.n, code.n);
    if (sv_starts(code, muted))
        return word(pg, N_("cannot write (minutes: {0})"), &n);
    n = sv_sub(code, restricted.n, code.n);
    if (sv_starts(code, restricted))
        return word(pg, N_("cannot write (days: {0})"), &n);
    n = sv_sub(code, weight.n, code.n);
    return sv_starts(code, weight) ? word(pg, N_("counts {0} times"), &n) : code;
}

struct sv acts_words(struct page *pg, struct sv acts)
{
    struct sv v[PARTS], rest = acts, one;
    size_t n = 0;
    while (n < PARTS && sv_cut(&rest, ' ', &one))
        if (one.n)
            v[n++] = act_words(pg, one);
    return format_list(pg->cat, pg->arena, v, n);
}

struct sv category_label(struct page *pg, struct sv code)
{
    enum mod_category cat;
    enum auto_rule rule;
    if (auto_rule_parse(code, &rule))
        return word(pg, auto_rule_label(rule), NULL);
    return mod_category_parse(code, &cat) ? word(pg, mod_category_label(cat), NULL) : code;
}

struct sv excluded_words(struct page *pg, struct sv codes)
{
    struct sv v[PARTS], rest = codes, one;
    size_t n = 0;
    while (n < PARTS && sv_cut(&rest, ' ', &one))
        if (one.n)
            v[n++] = word(pg, excluded_label(one), NULL);
    return format_list(pg->cat, pg->arena, v, n);
}

enum ui_tone item_tone(const struct mod_item *it)
{
    return it->urgent || it->overdue ? TONE_LATE : it->kind == ITEM_REPORT ? TONE_WAIT : TONE_NEWS;
}

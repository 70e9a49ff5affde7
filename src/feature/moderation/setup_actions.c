/* SPDX-License-Identifier: EUPL-1.2 */
/* What a community sets up: ladders, settings, the moderation part of its design as text (MOD-2, SAFE-2, Q-6). */
#include "core/audit.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/setup_store.h"

const char *const *moderation_ladder_names(void)
{
    return ladder_shipped_names();
}

static enum pw_err need_category(struct ctx *c, struct sv category, enum mod_category *ret)
{
    if (!mod_category_parse(category, ret) || !mod_category_breach(*ret))
        return problem_add(c->problems, "category", N_("Choose one of the list."));
    return PW_OK;
}

static enum pw_err keep_ladder(struct ctx *c, int64_t community_id, struct sv category, struct sv name, struct sv steps)
{
    struct community com;
    enum mod_category cat;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(need_category(c, category, &cat));
    PW_TRY(ladder_save(c, community_id, category, name, steps));
    return audit(c, "moderation.ladder", "community", community_id,
                 arena_fmt(c->arena, "category=%.*s ladder=%.*s", SV_ARG(category), SV_ARG(name)));
}

enum pw_err moderation_set_ladder(struct ctx *c, int64_t community_id, struct sv category, struct sv ladder_name)
{
    struct sv steps = ladder_shipped(ladder_name);
    if (!steps.n)
        return problem_add(c->problems, "ladder", N_("Choose one of the list."));
    return keep_ladder(c, community_id, category, ladder_name, steps);
}

enum pw_err moderation_write_ladder(struct ctx *c, int64_t community_id, struct sv category, struct sv steps)
{
    struct ladder l;
    struct sv text = {0}, name = SV("own");
    PW_TRY(ladder_parse(steps, "steps", &l, c->problems));
    for (size_t i = 0; i < l.n; i++) {
        text = i ? arena_join(c->arena, text, SV("\n")) : text;
        text = arena_join(c->arena, text, ladder_step_text(c->arena, &l.v[i]));
    }
    for (const char *const *p = ladder_shipped_names(); *p; p++) {
        struct ladder s;
        struct sv same = {0};
        struct problems none = {0};
        if (ladder_parse(ladder_shipped(sv_of(*p)), "steps", &s, &none) != PW_OK)
            return PW_INTERNAL;
        for (size_t i = 0; i < s.n; i++) {
            same = i ? arena_join(c->arena, same, SV("\n")) : same;
            same = arena_join(c->arena, same, ladder_step_text(c->arena, &s.v[i]));
        }
        if (sv_eq(same, text))
            name = sv_of(*p);
    }
    return keep_ladder(c, community_id, category, name, text);
}

enum pw_err moderation_ladder_of(struct ctx *c, int64_t community_id, struct sv category, struct ladder_of *ret)
{
    struct ladder_of l = {.name = SV("toolkit"), .set = true};
    struct problems none = {0};
    PW_TRY(need_category(c, category, &l.category));
    enum pw_err e = ladder_row(c, community_id, category, &l.name, &l.steps);
    if (e == PW_NOT_FOUND) {
        l.set = false;
        l.steps = ladder_shipped(l.name);
    } else if (e != PW_OK) {
        return e;
    }
    if (ladder_parse(l.steps, "steps", &l.ladder, &none) != PW_OK)
        return PW_INTERNAL;
    *ret = l;
    return PW_OK;
}

enum pw_err moderation_settings(struct ctx *c, int64_t community_id, struct mod_settings *ret)
{
    return setting_row(c, community_id, ret);
}

static void check_days(struct ctx *c, const char *field, int64_t days, int64_t max)
{
    if (days < 1 || days > max)
        problem_add_arg(c->problems, field, N_("Write a number of days from 1 to {0}."),
                        arena_fmt(c->arena, "%lld", (long long)max));
}

enum pw_err moderation_set(struct ctx *c, int64_t community_id, const struct mod_settings *s)
{
    struct community com;
    PW_TRY(need_admin(c, community_id, &com));
    size_t before = c->problems->n;
    check_days(c, "strike_days", s->strike_days, 3650);
    check_days(c, "appeal_days", s->appeal_days, 365);
    check_days(c, "decide_days", s->decide_days, 60);
    if (!excluded_ok(s->excluded))
        problem_add(c->problems, "excluded", N_("Choose from the list."));
    if (c->problems->n != before)
        return PW_INVALID;
    struct mod_settings now, all = *s;
    PW_TRY(setting_row(c, community_id, &now));
    all.automatic = now.automatic;
    PW_TRY(setting_save(c, community_id, &all));
    return audit(c, "moderation.settings", "community", community_id,
                 arena_fmt(c->arena, "notice=%s personal=%s strike=%lld appeal=%lld decide=%lld excluded=%.*s",
                           mod_notice_code(s->notice), mod_personal_code(s->personal), (long long)s->strike_days,
                           (long long)s->appeal_days, (long long)s->decide_days, SV_ARG(s->excluded)));
}

/* ---- the design as text ---- */

void moderation_put(struct buf *out, const char *key, struct sv value)
{
    buf_fmt(out, "%s =", key);
    if (sv_find(value, SV("\n")) < 0) {
        if (value.n)
            buf_c(out, ' ');
        buf_add(out, value);
        buf_c(out, '\n');
        return;
    }
    struct sv rest = value, line;
    while (sv_cut(&rest, '\n', &line)) {
        buf_z(out, "\n  ");
        buf_add(out, line);
    }
    buf_c(out, '\n');
}

enum pw_err moderation_text_write(struct ctx *c, int64_t community_id, struct buf *out)
{
    struct mod_settings s;
    struct community com;
    PW_TRY(setting_row(c, community_id, &s));
    PW_TRY(community_get(c, community_id, &com));
    for (int i = 0; i < CAT__MAX; i++) {
        struct ladder_of l;
        struct sv code = sv_of(mod_category_code((enum mod_category)i));
        if (!mod_category_breach((enum mod_category)i))
            continue;
        PW_TRY(moderation_ladder_of(c, community_id, code, &l));
        if (l.set)
            moderation_put(out, arena_z(c->arena, arena_fmt(c->arena, "ladder.%.*s", SV_ARG(code))),
                           sv_eq_z(l.name, "own") ? l.steps : l.name);
    }
    moderation_put(out, "removal_notice", sv_of(mod_notice_code(s.notice)));
    moderation_put(out, "personal_words", sv_of(mod_personal_code(s.personal)));
    moderation_put(out, "strike_days", arena_fmt(c->arena, "%lld", (long long)s.strike_days));
    moderation_put(out, "appeal_days", arena_fmt(c->arena, "%lld", (long long)s.appeal_days));
    moderation_put(out, "decide_days", arena_fmt(c->arena, "%lld", (long long)s.decide_days));
    moderation_put(out, "excluded", s.excluded);
    if (!auto_is_default(&s.automatic))
        automatic_text_write(c, &s.automatic, out);
    struct sv rest = com.languages, lang;
    while (sv_cut(&rest, ' ', &lang)) {
        struct sv body;
        PW_TRY(text_row(c, community_id, "groups", lang, true, &body));
        if (body.n)
            moderation_put(out, arena_z(c->arena, arena_fmt(c->arena, "groups.%.*s", SV_ARG(lang))), body);
        PW_TRY(text_row(c, community_id, "numbers", lang, true, &body));
        if (body.n)
            moderation_put(out, arena_z(c->arena, arena_fmt(c->arena, "numbers.%.*s", SV_ARG(lang))), body);
    }
    return buf_ok(out) ? PW_OK : PW_INTERNAL;
}

static enum pw_err read_setting(struct ctx *c, int64_t community_id, struct sv key, struct sv value)
{
    struct mod_settings s;
    bool ok = true;
    PW_TRY(setting_row(c, community_id, &s));
    if (sv_eq_z(key, "removal_notice"))
        ok = mod_notice_parse(value, &s.notice);
    else if (sv_eq_z(key, "personal_words"))
        ok = mod_personal_parse(value, &s.personal);
    else if (sv_eq_z(key, "excluded"))
        s.excluded = value;
    else
        ok = sv_int(value, sv_eq_z(key, "strike_days")   ? &s.strike_days
                           : sv_eq_z(key, "appeal_days") ? &s.appeal_days
                                                         : &s.decide_days);
    if (!ok)
        return problem_add(c->problems, arena_z(c->arena, key), N_("Choose from the list."));
    return moderation_set(c, community_id, &s);
}

enum pw_err moderation_text_read(struct ctx *c, int64_t community_id, struct sv key, struct sv value, bool *ret_known)
{
    static const char *const settings[] = {"removal_notice", "personal_words", "strike_days",
                                           "appeal_days",    "decide_days",    "excluded"};
    const struct sv ladder = SV("ladder."), groups = SV("groups."), numbers = SV("numbers.");
    *ret_known = true;
    if (sv_starts(key, ladder)) {
        struct sv category = sv_sub(key, ladder.n, key.n);
        return ladder_shipped(value).n ? moderation_set_ladder(c, community_id, category, value)
                                       : moderation_write_ladder(c, community_id, category, value);
    }
    if (sv_starts(key, SV("automatic")))
        return automatic_text_read(c, community_id, key, value, ret_known);
    if (sv_starts(key, groups))
        return moderation_write_text(c, community_id, "groups", sv_sub(key, groups.n, key.n), value);
    if (sv_starts(key, numbers))
        return moderation_write_text(c, community_id, "numbers", sv_sub(key, numbers.n, key.n), value);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (sv_eq_z(key, settings[i]))
            return read_setting(c, community_id, key, value);
    *ret_known = false;
    return PW_OK;
}

/* ---- texts: better-suited groups (MOD-7), emergency numbers (SAFE-3) ---- */

enum pw_err moderation_write_text(struct ctx *c, int64_t community_id, const char *kind, struct sv lang, struct sv body)
{
    struct community com;
    PW_TRY(need_admin(c, community_id, &com));
    if (!lang_in(com.languages, lang))
        return problem_add(c->problems, "lang_of", N_("The community does not use this language."));
    PW_TRY(take_text(c, kind, false, 2000, &body));
    if (sv_eq_z(sv_of(kind), "numbers")) {
        struct sv rest = body, line;
        while (sv_cut(&rest, '\n', &line)) {
            struct sv number = {0};
            line = sv_trim(line);
            if (line.n && (!sv_cut(&line, '=', &number) || !sv_trim(number).n || !sv_trim(line).n))
                return problem_add(c->problems, kind, N_("Write one number a line: 911 = Police, fire, ambulance"));
        }
    }
    PW_TRY(text_save(c, community_id, kind, lang, body));
    return audit(c, "moderation.text", "community", community_id,
                 arena_fmt(c->arena, "kind=%s lang=%.*s", kind, SV_ARG(lang)));
}

enum pw_err moderation_text_of(struct ctx *c, int64_t community_id, const char *kind, struct sv lang, bool only_lang,
                               struct sv *ret)
{
    return text_row(c, community_id, kind, lang, only_lang, ret);
}

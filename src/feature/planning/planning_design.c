/* SPDX-License-Identifier: EUPL-1.2 */
/* The planning part of a community's design as text (CONF-2): settings, the planning file, key messages, the text of
 * the consent. What a preset says about itself (`preset.…`) is read by preset.c and is not kept. */
#include "core/document.h"
#include "feature/planning/planning_store.h"

static void put(struct ctx *c, struct buf *out, const char *prefix, struct sv rest, struct sv value)
{
    design_put(out, arena_fmt(c->arena, "%s%.*s", prefix, SV_ARG(rest)), value);
}

/* The first line is the title. */
static enum pw_err write_consent(struct ctx *c, int64_t community_id, struct buf *out)
{
    int64_t doc;
    struct doc_text *v, t;
    size_t n;
    enum pw_err e = doc_find(c, DOC_CONSENT, SV("community"), community_id, &doc);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(doc_langs(c, doc, &v, &n));
    for (int pass = 0; pass < 2; pass++) /* the source first: it is what the others translate */
        for (size_t i = 0; i < n; i++) {
            bool source = sv_eq(v[i].lang, v[i].source_lang);
            if (source != (pass == 0))
                continue;
            PW_TRY(doc_read(c, doc, v[i].lang, 0, &t));
            put(c, out, "consent.", t.lang, arena_fmt(c->arena, "%.*s\n%.*s", SV_ARG(t.title), SV_ARG(t.body)));
        }
    return PW_OK;
}

static int by_field(const void *x, const void *y)
{
    return sv_cmp(((const struct plan_entry *)x)->field, ((const struct plan_entry *)y)->field);
}

enum pw_err planning_text_write(struct ctx *c, int64_t community_id, struct buf *out)
{
    struct plan_file f;
    PW_TRY(plan_load(c, community_id, &f));
    if (f.plan.needs_file)
        design_put(out, SV("needs_file"), SV("yes"));
    if (f.plan.partner_admins)
        design_put(out, SV("partner_admins"), SV("yes"));
    if (f.plan.per_moderator != MEMBERS_PER_MODERATOR)
        design_put(out, SV("members_per_moderator"), arena_fmt(c->arena, "%lld", (long long)f.plan.per_moderator));
    PW_TRY(write_consent(c, community_id, out));
    qsort(f.entries, f.n_entries, sizeof *f.entries, by_field); /* not in the order of writing: the same each time */
    for (size_t i = 0; i < f.n_entries; i++)
        if (f.entries[i].value.n)
            put(c, out, "plan.", f.entries[i].field, f.entries[i].value);
    struct sv list = {0};
    size_t at = 0;
    for (size_t i = 0; i < f.n_lines; i++) {
        const struct plan_line *l = &f.lines[i];
        at = sv_eq(list, l->list) ? at + 1 : 1;
        list = l->list;
        design_put(out, arena_fmt(c->arena, "plan_line.%.*s.%zu", SV_ARG(l->list), at),
                   arena_fmt(c->arena, "%lld | %.*s | %.*s", (long long)l->number, SV_ARG(l->what), SV_ARG(l->note)));
    }
    return PW_OK;
}

static enum pw_err read_line(struct ctx *c, int64_t id, struct sv rest, struct sv value)
{
    struct sv list, number, what;
    int64_t n;
    if (!sv_cut(&rest, '.', &list) || !sv_cut(&value, '|', &number) || !sv_int(sv_trim(number), &n) ||
        !sv_cut(&value, '|', &what))
        return problem_add(c->problems, "plan_line", N_("Write: plan_line.list.1 = number | what | note"));
    return plan_line_write(c, id, list, sv_trim(what), n, sv_trim(value));
}

enum pw_err consent_write(struct ctx *c, int64_t community_id, struct sv lang, struct sv title, struct sv body,
                          bool is_source)
{
    struct community com;
    int64_t doc, version;
    PW_TRY(need_admin(c, community_id, &com));
    if (!lang_in(com.languages, lang))
        return problem_add(c->problems, "lang_of", N_("The community does not use this language."));
    PW_TRY(take_line(c, "title", true, 120, &title));
    PW_TRY(take_text(c, "body", true, 20000, &body));
    enum pw_err e = doc_find(c, DOC_CONSENT, SV("community"), community_id, &doc);
    if (e == PW_NOT_FOUND) {
        is_source = true;
        e = doc_create(c, DOC_CONSENT, SV("community"), community_id, true, &doc);
    }
    PW_TRY(e);
    return doc_write(c, doc, lang, title, body, is_source, &version);
}

static enum pw_err read_flag(struct ctx *c, int64_t id, struct sv key, struct sv value)
{
    struct plan p;
    PW_TRY(plan_row(c, id, &p));
    struct plan_settings s = {p.needs_file, p.partner_admins, p.per_moderator};
    if (sv_eq_z(key, "needs_file"))
        s.needs_file = sv_eq_z(value, "yes");
    else if (sv_eq_z(key, "partner_admins"))
        s.partner_admins = sv_eq_z(value, "yes");
    else if (!sv_int(value, &s.per_moderator))
        return problem_add(c->problems, "members_per_moderator", N_("Write a whole number."));
    return plan_set(c, id, &s);
}

enum pw_err planning_text_read(struct ctx *c, int64_t id, struct sv key, struct sv value, bool *ret_known)
{
    const struct sv preset = SV("preset."), consent = SV("consent."), plan = SV("plan."), line = SV("plan_line.");
    *ret_known = true;
    if (sv_starts(key, preset))
        return PW_OK;
    if (sv_starts(key, consent)) {
        struct sv body = value, title = {0};
        sv_cut(&body, '\n', &title);
        return consent_write(c, id, sv_sub(key, consent.n, key.n), title, body, false);
    }
    if (sv_starts(key, plan)) {
        struct plan_typed t = {sv_sub(key, plan.n, key.n), value};
        *ret_known = plan_key_known(t.field);
        return *ret_known ? plan_write(c, id, &t, 1, INT64_MAX) : PW_OK;
    }
    if (sv_starts(key, line))
        return read_line(c, id, sv_sub(key, line.n, key.n), value);
    if (sv_eq_z(key, "needs_file") || sv_eq_z(key, "partner_admins") || sv_eq_z(key, "members_per_moderator"))
        return read_flag(c, id, key, value);
    *ret_known = false;
    return PW_OK;
}

/* A field of the file, a factor, or a key message in a language. */
bool plan_key_known(struct sv field)
{
    struct sv rest = field, head;
    if (plan_field_of(field) || sv_eq_z(field, "platform") || sv_eq_z(field, "platform-why") ||
        sv_eq_z(field, "at-once-number"))
        return true;
    sv_cut(&rest, '.', &head);
    if (sv_eq_z(head, "factor"))
        for (int f = 0; f < F__MAX; f++)
            if (sv_eq_z(rest, factor_code((enum factor)f)))
                return true;
    for (size_t i = 0; promo_lengths[i]; i++)
        if (sv_starts(head, SV("message-")) && sv_eq_z(sv_sub(head, 8, head.n), promo_lengths[i]))
            return lang_code_ok(rest);
    return false;
}

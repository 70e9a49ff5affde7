/* SPDX-License-Identifier: EUPL-1.2 */
/* A program in the design of its message space (CONF-2): `program.modes`, `.languages`, `.territory`, `.starts_on`,
 * `.ends_on` and `program.words.LANG.name|purpose`. Reading makes the program as a draft, with the community; people
 * are never part of a design. */
#include "base/buf.h"
#include "feature/program/program_store.h"

static struct sv modes_text(struct ctx *c, unsigned modes)
{
    struct sv out = {0};
    for (int i = 0; i < MODES; i++)
        if (mode_offered(modes, i))
            out = arena_fmt(c->arena, "%.*s%s%s", SV_ARG(out), out.n ? " " : "", delivery_code((enum delivery)i));
    return out;
}

static enum pw_err text_write(struct ctx *c, int64_t community_id, struct buf *out)
{
    struct program p;
    struct program_words *w;
    size_t n;
    enum pw_err e = program_row_of_space(c, community_id, &p);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    design_put(out, SV("program.modes"), modes_text(c, p.modes));
    design_put(out, SV("program.languages"), p.languages);
    design_put(out, SV("program.territory"), p.territory);
    design_put(out, SV("program.starts_on"), p.starts_on);
    design_put(out, SV("program.ends_on"), p.ends_on);
    PW_TRY(program_words_list(c, &p, &w, &n));
    for (size_t i = 0; i < n; i++) {
        if (!w[i].name.n)
            continue;
        design_put(out, arena_fmt(c->arena, "program.words.%.*s.name", SV_ARG(w[i].lang)), w[i].name);
        design_put(out, arena_fmt(c->arena, "program.words.%.*s.purpose", SV_ARG(w[i].lang)), w[i].purpose);
    }
    return PW_OK;
}

static struct sv value(struct ctx *c, struct design *d, struct sv lang, const char *what)
{
    return design_take(d, arena_fmt(c->arena, "program.words.%.*s.%s", SV_ARG(lang), what));
}

static enum pw_err text_take(struct ctx *c, int64_t community_id, struct design *d)
{
    if (!design_count(d, SV("program.")))
        return PW_OK;
    struct program_edit e = {.community_id = community_id,
                             .modes = design_take(d, SV("program.modes")),
                             .languages = design_take(d, SV("program.languages")),
                             .territory = design_take(d, SV("program.territory")),
                             .starts_on = design_take(d, SV("program.starts_on")),
                             .ends_on = design_take(d, SV("program.ends_on"))};
    struct sv source = lang_main(e.languages), rest = e.languages, lang;
    struct program_words w = {source, value(c, d, source, "name"), value(c, d, source, "purpose"), false};
    int64_t id;
    PW_TRY(program_create(c, &e, &w, &id));
    while (sv_cut(&rest, ' ', &lang)) {
        w = (struct program_words){lang, value(c, d, lang, "name"), value(c, d, lang, "purpose"), false};
        if (w.name.n && !sv_eq(lang, source))
            PW_TRY(program_write_words(c, id, &w));
    }
    return PW_OK;
}

const struct community_text_part program_text = {.write = text_write, .take = text_take};

/* SPDX-License-Identifier: EUPL-1.2 */
/* What programs add to communities, and what they learn from events. */
#include "base/id.h"
#include "feature/program/program_store.h"
#include "work/work.h"

/* ---- two records of one person (PPL-2): {"keep":1,"drop":2,"merge":3} ---- */

static int64_t number_of(struct sv data, const char *key)
{
    ptrdiff_t at = sv_find(data, sv_of(key));
    struct sv rest = at < 0 ? (struct sv){0} : sv_sub(data, (size_t)at + sv_of(key).n, data.n), digits;
    int64_t n = 0;
    sv_cut(&rest, ',', &digits);
    return sv_int(digits, &n) ? n : 0;
}

static enum pw_err on_person(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    struct ctx c;
    struct problems ps = {0};
    int64_t keep = number_of(e->data, "\"keep\":"), drop = number_of(e->data, "\"drop\":");
    (void)self;
    system_ctx(&c, db, a, &ps, now_ms);
    if (keep && drop && sv_eq_z(e->name, "person.merged"))
        return enrolments_merge(&c, keep, drop);
    if (keep && drop && sv_eq_z(e->name, "person.unmerged"))
        return enrolments_unmerge(&c, keep, drop);
    return PW_OK;
}

/* ---- on the pages of the message space ---- */

static struct sv modes_words(struct ctx *c, unsigned modes)
{
    struct sv out = {0};
    for (int i = 0; i < MODES; i++)
        if (mode_offered(modes, i)) {
            struct sv mode = say(c, c->lang, delivery_label((enum delivery)i), NULL, 0);
            out = out.n ? arena_join(c->arena, arena_join(c->arena, out, SV(" · ")), mode) : mode;
        }
    return out;
}

static enum pw_err on_place(void *self, struct ctx *c, const struct community *com, bool inside, struct place_note *v,
                            size_t *io_n)
{
    struct program p;
    (void)self;
    enum pw_err e = program_of_space(c, com->id, &p);
    if (e == PW_NOT_FOUND || (e == PW_OK && (p.state != PROGRAM_OPEN || *io_n == PLACE_NOTES_MAX)))
        return PW_OK;
    PW_TRY(e);
    v[(*io_n)++] = (struct place_note){.label = say(c, c->lang, N_("Program"), NULL, 0),
                                       .title = p.name,
                                       .text = modes_words(c, p.modes),
                                       .path = inside ? community_path(c, com, "/program") : (struct sv){0}};
    return PW_OK;
}

static enum pw_err signs(void *self, struct ctx *c, const struct community *com, struct community_signs *io)
{
    struct program p;
    char id[ID_TEXT + 1];
    (void)self;
    enum pw_err e = program_of_space(c, com->id, &p);
    if (e == PW_NOT_FOUND || (e == PW_OK && p.sight == SIGHT_NONE))
        return PW_OK;
    PW_TRY(e);
    sign_add(io, (struct community_sign){.msgid = N_("Program: {0}"),
                                         .arg0 = p.name,
                                         .path = arena_fmt(c->arena, "/programs/%s", id_text(p.id, id).p)});
    return PW_OK;
}

void program_register(struct work *w)
{
    static const struct community_guest guest = {.on_place = on_place};
    community_text_add(&program_text);
    community_signer_add(signs, NULL);
    community_invite(&guest);
    work_on_event(w, "program.persons", "person.", on_person, NULL);
}

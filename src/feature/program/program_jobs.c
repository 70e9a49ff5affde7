/* SPDX-License-Identifier: EUPL-1.2 */
/* What programs add to communities, and to the pages of a person; and what goes with a person who is erased. */
#include "base/id.h"
#include "feature/person/person.h"
#include "feature/program/program_store.h"

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

/* ---- asked with the request to join (EQ-5) ---- */

/* The modes of the program, when there is a choice. */
static enum pw_err ask_mode(struct ctx *c, const struct community *com, struct join_choices *ret)
{
    struct program p;
    struct join_choice *v = arena_array(c->arena, struct join_choice, MODES + 1);
    size_t n = 0;
    enum pw_err e = v ? program_of_space(c, com->id, &p) : PW_UNAVAILABLE;
    if (e == PW_NOT_FOUND || (e == PW_OK && p.state != PROGRAM_OPEN))
        return PW_OK;
    PW_TRY(e);
    for (int i = 0; i <= MODES; i++)
        if (i == (int)WISH_NONE || mode_offered(p.modes, i))
            v[n++] = (struct join_choice){sv_of(wish_code((enum wish)i)),
                                          say(c, c->lang, wish_label((enum wish)i), NULL, 0)};
    if (n > 2)
        *ret = (struct join_choices){
            .question = say(c, c->lang, N_("How would you like to take part?"), NULL, 0),
            .hint = say(c, c->lang, N_("The team of this program sees your answer. Other members do not."), NULL, 0),
            .v = v,
            .n = n};
    return PW_OK;
}

/* Nothing, when the program was closed meanwhile. */
static enum pw_err mode_chosen(struct ctx *c, const struct community *com, int64_t person_id, struct sv code)
{
    struct actor who;
    struct ctx own;
    struct problems none = {0};
    PW_TRY(act_as_member(c, person_id, &who, &own));
    own.problems = &none;
    enum pw_err e = program_own_wish(&own, com->id, code);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

/* ---- on the pages of a person (PPL-1: one person, many enrolments) ---- */

static struct sv line_note(struct ctx *c, const struct enrolment *e)
{
    const struct sv prefers[] = {say(c, c->lang, wish_label(e->prefers), NULL, 0)},
                    uses[] = {say(c, c->lang, delivery_label(e->uses), NULL, 0)};
    struct sv ended = e->ended ? say(c, c->lang, N_("No longer enrolled"), NULL, 0) : (struct sv){0};
    return arena_fmt(c->arena, "%.*s · %.*s%s%.*s", SV_ARG(say(c, c->lang, N_("prefers: {0}"), prefers, 1)),
                     SV_ARG(say(c, c->lang, N_("uses: {0}"), uses, 1)), ended.n ? " · " : "", SV_ARG(ended));
}

static enum pw_err own_path(struct ctx *c, const struct program *p, struct sv *ret)
{
    struct community com;
    enum pw_err e =
        p->community_id && p->state == PROGRAM_OPEN ? community_get(c, p->community_id, &com) : PW_NOT_FOUND;
    *ret = e == PW_OK ? community_path(c, &com, "/program") : (struct sv){0};
    return e == PW_NOT_FOUND ? PW_OK : e;
}

/* Staff see the programs whose people they may read; the person sees all of their own. */
static enum pw_err panel(void *self, struct ctx *c, const struct person *p, enum person_side side,
                         struct person_panel *ret)
{
    struct enrolment *v;
    struct program *open, of;
    char id[ID_TEXT + 1];
    size_t n, n_open = 0;
    (void)self;
    PW_TRY(side == PERSON_OWN ? enrolment_rows_of_person(c, p->id, &v, &n) : enrolments_of_person(c, p->id, &v, &n));
    if (side == PERSON_STAFF)
        PW_TRY(program_writable(c, &open, &n_open));
    if (!n && !n_open)
        return PW_OK;
    struct person_line *lines = arena_array(c->arena, struct person_line, n + 1);
    if (!lines)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        lines[i] = (struct person_line){.text = v[i].program,
                                        .note = line_note(c, &v[i]),
                                        .path = arena_fmt(c->arena, "/enrolments/%s", id_text(v[i].id, id).p)};
        if (side == PERSON_OWN) {
            PW_TRY(program_named(c, v[i].program_id, &of));
            lines[i].text = of.name;
            PW_TRY(own_path(c, &of, &lines[i].path));
        }
    }
    *ret = (struct person_panel){.title = say(c, c->lang, N_("Programs"), NULL, 0),
                                 .empty = say(c, c->lang, N_("Not enrolled in a program that you see."), NULL, 0),
                                 .lines = lines,
                                 .n = n};
    if (n_open) {
        ret->link = say(c, c->lang, N_("Enrol in a program"), NULL, 0);
        ret->path = arena_fmt(c->arena, "/persons/%s/enrol", id_text(p->id, id).p);
    }
    return PW_OK;
}

void program_register(struct work *w)
{
    static const struct later later[] = {
        {.subscriber = "program.erased", .event = "person.erased", .do_it = enrolments_forget}, {0}};
    static const struct community_guest guest = {.on_place = on_place};
    static const struct join_asker asker = {ask_mode, mode_chosen};
    community_text_add(&program_text);
    community_signer_add(signs, NULL);
    community_invite(&guest);
    join_asker_set(&asker);
    person_panel_add(panel, NULL);
    later_add(w, later);
}

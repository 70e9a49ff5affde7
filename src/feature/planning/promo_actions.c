/* SPDX-License-Identifier: EUPL-1.2 */
/* The promotion kit (MSG-19): where something was placed, and how many asked to join from there; posters and cards. */
#include "base/civil.h"
#include "base/id.h"
#include "core/audit.h"
#include "core/people.h"
#include "feature/planning/planning_room.h"
#include "paper/paper.h"

const char *const promo_items[] = {"poster", "card",  "leaflet", "newsletter", "website",
                                   "social", "email", "radio",   NULL};
const char *const promo_labels[] = {N_("Poster"),
                                    N_("Cards"),
                                    N_("Leaflet"),
                                    N_("Newsletter"),
                                    N_("Website"),
                                    N_("Another group or network"),
                                    N_("E-mail of a partner"),
                                    N_("Radio or newspaper")};
const char *const promo_lengths[] = {"short", "medium", "long", NULL};

DB_STMT(promo_add, "INSERT INTO promo_place (id, community_id, code, place, item, lang, placed_on, placed_by) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
DB_STMT(promo_end, "UPDATE promo_place SET removed_ms = $3 WHERE id = $1 AND community_id = $2 AND removed_ms IS NULL");
DB_STMT(promo_all, "SELECT id, code, place, item, lang, placed_on, placed_by FROM promo_place "
                   "WHERE community_id = $1 AND removed_ms IS NULL ORDER BY id DESC LIMIT 500");

static int item_index(struct sv code)
{
    for (int i = 0; promo_items[i]; i++)
        if (sv_eq_z(code, promo_items[i]))
            return i;
    return -1;
}

const char *promo_item_label(struct sv code)
{
    int i = item_index(code);
    return promo_labels[i < 0 ? 0 : i];
}

static struct sv message_field(struct ctx *c, int length, struct sv lang)
{
    return arena_fmt(c->arena, "message-%s.%.*s", promo_lengths[length], SV_ARG(lang));
}

struct sv promo_message(struct ctx *c, const struct plan_file *f, int length, struct sv lang)
{
    return plan_value(f, arena_z(c->arena, message_field(c, length, lang)));
}

enum pw_err promo_messages_write(struct ctx *c, int64_t community_id, struct sv lang, const struct sv words[3],
                                 int64_t seen)
{
    struct community com;
    struct plan_typed v[3];
    PW_TRY(need_admin(c, community_id, &com));
    if (!lang_in(com.languages, lang))
        return problem_add(c->problems, "lang_of", N_("The community does not use this language."));
    for (int i = 0; i < 3; i++)
        v[i] = (struct plan_typed){message_field(c, i, lang), words[i]};
    return plan_write(c, community_id, v, 3, seen);
}

enum pw_err promo_places(struct ctx *c, const struct community *com, struct promo_place **ret, size_t *ret_n)
{
    struct join_source *sources;
    struct db_rows r;
    size_t n;
    PW_TRY(join_sources(c, com->id, &sources, &n));
    PW_TRY(db_query(c->db, c->arena, &promo_all, DB_ARGS(DB_I(com->id)), &r));
    struct promo_place *v = arena_array(c->arena, struct promo_place, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        struct person p = {0};
        v[i] = (struct promo_place){.id = db_int(&r, i, 0),
                                    .code = db_text(&r, i, 1),
                                    .place = db_text(&r, i, 2),
                                    .item = db_text(&r, i, 3),
                                    .lang = db_text(&r, i, 4),
                                    .placed_on = db_text(&r, i, 5),
                                    .placed_by = db_int(&r, i, 6)};
        if (v[i].placed_by && person_get(c, v[i].placed_by, &p) == PW_OK)
            v[i].name = p.display_name;
        PW_TRY(promo_link(c, com, v[i].code, &v[i].link));
        for (size_t k = 0; k < n; k++)
            if (sv_eq(sources[k].source, v[i].code)) {
                v[i].requests = sources[k].requests;
                v[i].accepted = sources[k].accepted;
            }
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err promo_place_add(struct ctx *c, int64_t community_id, const struct promo_place_new *in, struct sv *ret_code)
{
    struct community com;
    struct promo_place_new p = *in;
    struct sv code;
    int64_t day, id = id_new();
    size_t before = c->problems->n;
    PW_TRY(need_admin(c, community_id, &com));
    NOTED(take_line(c, "place", true, 160, &p.place));
    if (item_index(p.item) < 0)
        (void)problem_add(c->problems, "item", N_("Choose one of the list."));
    if (!lang_in(com.languages, p.lang))
        (void)problem_add(c->problems, "lang_of", N_("The community does not use this language."));
    if (!civil_parse_date(p.placed_on, &day))
        (void)problem_add(c->problems, "placed_on", N_("Give a day, like 2026-09-01."));
    if (c->problems->n > before)
        return PW_INVALID;
    char tail[7];
    id_random_text(tail, 6);
    code = arena_fmt(c->arena, "%.*s-%s", SV_ARG(p.item), tail);
    if (com.visibility == COM_INVITATION) {
        struct invitation_new n = {.label = p.place, .uses_max = p.uses, .last_day = p.last_day, .source = code};
        struct invitation made;
        PW_TRY(invitation_make(c, community_id, &n, &made));
    }
    PW_TRY(db_exec(c->db, &promo_add,
                   DB_ARGS(DB_I(id), DB_I(community_id), DB_T(code), DB_T(p.place), DB_T(p.item), DB_T(p.lang),
                           DB_T(p.placed_on), DB_I(c->actor->person_id)),
                   NULL));
    PW_TRY(audit(c, "planning.place", "community", community_id, code));
    *ret_code = code;
    return PW_OK;
}

enum pw_err promo_place_remove(struct ctx *c, int64_t community_id, int64_t id)
{
    struct community com;
    int64_t changed = 0;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(db_exec(c->db, &promo_end, DB_ARGS(DB_I(id), DB_I(community_id), DB_I(c->now_ms)), &changed));
    if (!changed)
        return PW_NOT_FOUND;
    return audit(c, "planning.place", "community", community_id, SV("removed"));
}

enum pw_err promo_link(struct ctx *c, const struct community *com, struct sv code, struct sv *ret)
{
    struct invitation by = {0};
    enum pw_err e = code.n ? invitation_of_source(c, com->id, code, &by) : PW_NOT_FOUND;
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    if (by.works)
        *ret = arena_fmt(c->arena, "%.*s/i/%.*s", SV_ARG(c->public_url), SV_ARG(by.code));
    else if (com->visibility == COM_INVITATION)
        *ret = (struct sv){0};
    else
        *ret = arena_fmt(c->arena, "%.*s/c/%.*s/join%s%.*s", SV_ARG(c->public_url), SV_ARG(com->slug),
                         code.n ? "?from=" : "", SV_ARG(code));
    return PW_OK;
}

/* ---- printing ---- */

struct sheet_words {
    struct sv name, message, long_message, scan, address, promise, free, link;
};

static enum pw_err words_of(struct ctx *c, struct community *com, struct sv lang, struct sv code, struct sheet_words *w)
{
    struct plan_file f;
    PW_TRY(in_words_of(c, lang, com));
    PW_TRY(plan_load(c, com->id, &f));
    struct sv link, bare;
    PW_TRY(promo_link(c, com, code, &link));
    if (!link.n)
        return PW_NOT_FOUND;
    bare = link;
    ptrdiff_t scheme = sv_find(bare, SV("://"));
    if (scheme >= 0)
        bare = sv_sub(bare, (size_t)scheme + 3, bare.n);
    const struct sv hours[] = {arena_fmt(c->arena, "%lld", (long long)com->standard_hours)};
    *w = (struct sheet_words){
        .name = com->words.name,
        .message = promo_message(c, &f, 0, lang),
        .long_message = promo_message(c, &f, 1, lang),
        .scan = say(c, lang, N_("Point your phone’s camera at the square, or open this address:"), NULL, 0),
        .address = bare,
        .promise = com->standard_hours ? say(c, lang, N_("An answer within {0} hours, in your language."), hours, 1)
                                       : (struct sv){0},
        .free = say(c, lang, N_("Free of charge. Nobody is obliged to take part."), NULL, 0),
        .link = link};
    if (!w->message.n)
        w->message = com->words.purpose;
    if (!w->long_message.n)
        w->long_message = com->words.audience;
    return PW_OK;
}

/* An address stays left to right in every document. */
static struct sv ltr(struct ctx *c, struct sv text)
{
    return arena_fmt(c->arena, "\xE2\x81\xA6%.*s\xE2\x81\xA9", SV_ARG(text));
}

/* scale: of the words that people write; what they are to do keeps its size. */
static void poster(struct ctx *c, struct paper *p, const struct sheet_words *w, double scale)
{
    paper_space(p, 12);
    paper_text(
        p,
        &(struct paper_style){.pt = 40 * scale, .bold = true, .align = PAPER_CENTER, .ink = INK_ACCENT, .after_mm = 8},
        w->name);
    paper_text(p, &(struct paper_style){.pt = 22 * scale, .align = PAPER_CENTER, .after_mm = 6}, w->message);
    paper_text(p, &(struct paper_style){.pt = 15 * scale, .align = PAPER_CENTER, .ink = INK_SOFT, .after_mm = 6},
               w->long_message);
    paper_text(p, &(struct paper_style){.pt = 16, .bold = true, .align = PAPER_CENTER, .after_mm = 4}, w->promise);
    paper_qr(p, 80, PAPER_CENTER, w->link);
    paper_text(p, &(struct paper_style){.pt = 13, .align = PAPER_CENTER, .after_mm = 2}, w->scan);
    paper_text(p, &(struct paper_style){.pt = 13, .bold = true, .align = PAPER_CENTER, .after_mm = 4},
               ltr(c, w->address));
    paper_text(p, &(struct paper_style){.pt = 12, .align = PAPER_CENTER, .ink = INK_SOFT}, w->free);
}

/* Ten cards of 85 × 54 mm, two in a row, to be cut along the frames: words, the square beside them, the address below.
 */
static void cards(struct ctx *c, struct paper *p, const struct sheet_words *w)
{
    double left = (paper_width_mm(p) - 2 * 85) / 2, top = (paper_height_mm(p) - 5 * 54) / 2;
    for (int i = 0; i < 10; i++) {
        paper_box_begin(p, left + (i % 2) * 85, top + (i / 2) * 54, 85, 54);
        paper_part(p, 0, 0, 46, 39);
        paper_text(p,
                   &(struct paper_style){
                       .pt = 12, .least_pt = 8, .keep_mm = 20, .bold = true, .ink = INK_ACCENT, .after_mm = 1.5},
                   w->name);
        paper_text(p, &(struct paper_style){.pt = 8.5, .least_pt = 5}, w->message);
        paper_part(p, 47, 4, 30, 30);
        paper_qr(p, 30, PAPER_END, w->link);
        paper_part(p, 0, 40, 77, 6);
        paper_text(p, &(struct paper_style){.pt = 7, .least_pt = 4.5, .align = PAPER_CENTER, .ink = INK_SOFT},
                   ltr(c, w->address));
        paper_box_end(p);
    }
}

enum pw_err promo_print(struct ctx *c, const struct community *in, enum promo_sheet sheet, bool letter, struct sv lang,
                        struct sv code, struct buf *out)
{
    struct community com = *in;
    struct sheet_words w;
    struct paper *p;
    if (!lang_in(com.languages, lang))
        lang = lang_main(com.languages);
    if (!code_ok(code))
        return PW_NOT_FOUND;
    PW_TRY(words_of(c, &com, lang, code, &w));
    struct paper_config cf = {.size = letter ? PAPER_LETTER : PAPER_A4,
                              .rtl = lang_is_rtl(lang),
                              .lang = lang,
                              .title = w.name,
                              .margin_mm = sheet == SHEET_CARDS ? 8 : 18};
    PW_TRY(paper_open(c->arena, &cf, &p));
    if (sheet == SHEET_CARDS) {
        cards(c, p, &w);
        return paper_finish(p, out);
    }
    poster(c, p, &w, 1);
    for (int tenths = 9; paper_pages(p) > 1 && tenths >= 3; tenths--) { /* one page, whatever was written */
        PW_TRY(paper_open(c->arena, &cf, &p));
        poster(c, p, &w, tenths / 10.0);
    }
    return paper_finish(p, out);
}

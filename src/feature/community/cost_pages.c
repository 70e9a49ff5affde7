/* SPDX-License-Identifier: EUPL-1.2 */
/* The line that says what a text takes by SMS: on the page, and for the page's script while somebody types. */
#include "feature/community/inbox_pages.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/format.h"
#include "ui/web.h"
#include "json/json.h"

static struct sv price_words(struct page *pg, const struct text_cost *t)
{
    struct sv amount = format_decimal(pg->cat, pg->arena, (double)t->cost_micro / 1e6, t->cost_micro < 1000000 ? 4 : 2);
    return arena_fmt(pg->arena, "%.*s\xc2\xa0%.*s", SV_ARG(amount), SV_ARG(t->currency));
}

struct sv cost_words(struct page *pg, const struct text_cost *t)
{
    if (!t->parts)
        return page_say(pg, N_("By SMS: 160 characters a part; 70 in Arabic or with ê, œ, ç."));
    struct sv words = text_n(pg->cat, pg->arena, N_("By SMS: one part|By SMS: {0} parts"), t->parts);
    words = arena_fmt(pg->arena, "%.*s · %.*s", SV_ARG(words), SV_ARG(page_say(pg, t->alphabet)));
    if (t->people > 1)
        words = arena_fmt(pg->arena, "%.*s · %.*s", SV_ARG(words),
                          SV_ARG(text_n(pg->cat, pg->arena, N_("to one person|to {0} people"), t->people)));
    if (t->cost_micro)
        words = arena_fmt(pg->arena, "%.*s · %.*s", SV_ARG(words), SV_ARG(price_words(pg, t)));
    return words;
}

/* {"line":"By SMS: …"} */
static enum pw_err answer_line(struct http_req *q, struct http_res *r, const struct text_cost *t)
{
    struct page pg;
    struct json_w w;
    page_begin(&pg, q, r, FACE_STAFF, NULL);
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_sv(&w, "line", cost_words(&pg, t));
    json_w_end(&w);
    r->type = SV("application/json");
    return json_w_ok(&w) ? PW_OK : PW_INTERNAL;
}

/* With a script only the line; without one the whole page again, with what was typed and its line. */
enum pw_err question_measure_post(struct http_req *q, struct http_res *r)
{
    struct question question;
    struct text_cost t;
    if (!http_int(q, "line_only"))
        return inbox_show_question(q, r);
    PW_TRY(question_get(q->ctx, q->arg[0], &question));
    PW_TRY(text_cost_person(q->ctx, question.community_id, question.author, http_text(q, "text"), &t));
    return answer_line(q, r, &t);
}

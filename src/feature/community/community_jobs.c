/* SPDX-License-Identifier: EUPL-1.2 */
/* What happens later without anybody asking: 75 % and overdue marks with the stand-in (SLA-6, SLA-8), held replies at
 * opening (SLA-5), review dates (KB-4). Each runs again without harm. */
#include "base/id.h"
#include "core/document.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/guidelines_again.h"
#include "feature/community/kb_store.h"
#include "feature/community/question_room.h"

static enum pw_err review_due(struct ctx *c, int64_t id)
{
    struct kb_entry k;
    struct community com;
    enum pw_err e = kb_row(c, id, c->lang, &k);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    if (k.state != KB_PUBLISHED || k.review_ms > c->now_ms)
        return PW_OK;
    PW_TRY(community_row(c, k.community_id, &com));
    PW_TRY(kb_save_review_due(c, id));
    PW_TRY(event_append(c->db, SV("kb.review-due"), id, SV("{}"), c->now_ms));
    return tell_moderators(c, &com, N_("A saved answer in {0} is past its review date."), (struct sv){0},
                           SV("/answers"));
}

/* A text was written in its source language: whoever can translate it learns which community waits (LANG-4, A-68). */
static enum pw_err text_changed(struct ctx *c, int64_t doc_id)
{
    struct doc_text *langs;
    struct community *coms;
    size_t n_langs, n_coms, old = 0;
    PW_TRY(doc_langs(c, doc_id, &langs, &n_langs));
    for (size_t i = 0; i < n_langs; i++)
        old += langs[i].out_of_date;
    if (!old)
        return PW_OK;
    PW_TRY(community_mine(c, &coms, &n_coms));
    for (size_t i = 0; i < n_coms; i++) {
        const struct community *com = &coms[i];
        char id[ID_TEXT + 1];
        if (com->guidelines_doc == doc_id || com->welcome_doc == doc_id || com->description_doc == doc_id)
            PW_TRY(tell_moderators(c, com, N_("A text of {0} was changed: its translations are out of date."),
                                   (struct sv){0}, arena_fmt(c->arena, "/communities/%s", id_text(com->id, id).p)));
    }
    return PW_OK;
}

static enum pw_err on_text(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    (void)self;
    struct ctx c;
    struct problems ps = {0};
    if (sv_find(e->data, SV("\"source\":true")) < 0)
        return PW_OK;
    system_ctx(&c, db, a, &ps, now_ms);
    return text_changed(&c, e->subject_id);
}

static const struct later timers[] = {{.timer = "community.again", .do_it = guidelines_again_batch},
                                      {.timer = "community.q75", .do_it = question_warn},
                                      {.timer = "community.due", .do_it = question_overdue},
                                      {.timer = "community.release", .do_it = held_release},
                                      {.timer = "community.kb-review", .do_it = review_due},
                                      {0}};

void community_register(struct work *w)
{
    later_add(w, timers);
    work_on_event(w, "community.texts", "document.changed", on_text, NULL);
}

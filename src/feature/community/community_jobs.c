/* SPDX-License-Identifier: EUPL-1.2 */
/* What happens later without anybody asking: 75 % and overdue marks with the stand-in (SLA-6, SLA-8), held replies at
 * opening (SLA-5), review dates (KB-4). Each runs again without harm. */
#include "base/id.h"
#include "core/document.h"
#include "feature/community/guidelines_again.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/kb_store.h"
#include "feature/community/question_room.h"

typedef enum pw_err (*by_id_fn)(struct ctx *c, int64_t id);

static enum pw_err as_system(struct db *db, struct arena *a, int64_t id, int64_t now_ms, by_id_fn fn)
{
    struct ctx c;
    struct problems ps = {0};
    system_ctx(&c, db, a, &ps, now_ms);
    return fn(&c, id);
}

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
    bool source = sv_find(e->data, SV("\"source\":true")) >= 0;
    return source ? as_system(db, a, e->subject_id, now_ms, text_changed) : PW_OK;
}

static enum pw_err on_warn(void *self, struct db *db, struct arena *a, int64_t id, int64_t now_ms)
{
    (void)self;
    return as_system(db, a, id, now_ms, question_warn);
}

static enum pw_err on_due(void *self, struct db *db, struct arena *a, int64_t id, int64_t now_ms)
{
    (void)self;
    return as_system(db, a, id, now_ms, question_overdue);
}

static enum pw_err on_release(void *self, struct db *db, struct arena *a, int64_t id, int64_t now_ms)
{
    (void)self;
    return as_system(db, a, id, now_ms, held_release);
}

static enum pw_err on_review(void *self, struct db *db, struct arena *a, int64_t id, int64_t now_ms)
{
    (void)self;
    return as_system(db, a, id, now_ms, review_due);
}

static enum pw_err on_again(void *self, struct db *db, struct arena *a, int64_t id, int64_t now_ms)
{
    (void)self;
    return as_system(db, a, id, now_ms, guidelines_again_batch);
}

void community_register(struct work *w)
{
    work_on_timer(w, "community.again", on_again, NULL);
    work_on_timer(w, "community.q75", on_warn, NULL);
    work_on_timer(w, "community.due", on_due, NULL);
    work_on_timer(w, "community.release", on_release, NULL);
    work_on_timer(w, "community.kb-review", on_review, NULL);
    work_on_event(w, "community.texts", "document.changed", on_text, NULL);
}

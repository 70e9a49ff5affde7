/* SPDX-License-Identifier: EUPL-1.2 */
/* Moving to another platform, winding down, files and consents as JSON. */
#include "feature/planning/planning_api.h"

static enum pw_err changed(struct http_req *q, struct http_res *r, enum pw_err e, http_handler show)
{
    PW_TRY(e);
    return show(q, r);
}

/* ---- a move (MSG-16) ---- */

static void write_move(struct json_w *w, const struct move *m)
{
    json_w_kv_id(w, "id", m->id);
    json_w_kv_sv(w, "from", m->from_kind);
    json_w_kv_sv(w, "to", m->to_kind);
    json_w_kv_id(w, "channel", m->to_channel);
    json_w_kv_sv(w, "address", m->address);
    json_w_kv_time(w, "started", m->started_ms);
    json_w_kv_time(w, "reminded", m->reminded_ms);
    json_w_kv_int(w, "reminders", m->reminders);
    json_w_kv_time(w, "ended", m->ended_ms);
    for (int s = 0; s < MOVE__MAX; s++)
        json_w_kv_int(w, move_state_code((enum move_state)s), m->counts[s]);
}

/* People only for who administers, as on the page. */
enum pw_err api_move(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct community com;
    struct move m;
    struct move_person *v = NULL;
    size_t n = 0;
    struct json_w w;
    PW_TRY(community_get(c, q->arg[0], &com));
    PW_TRY(move_last(c, com.id, &m));
    if (community_may_admin(c, &com))
        PW_TRY(move_people(c, &m, &v, &n));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    write_move(&w, &m);
    json_w_key(&w, "people");
    json_w_array(&w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_id(&w, "person", v[i].person_id);
        json_w_kv_sv(&w, "name", v[i].name);
        json_w_kv_z(&w, "state", move_state_code(v[i].state));
        json_w_kv_time(&w, "changed", v[i].changed_ms);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return api_done(&w);
}

enum pw_err api_move_begin(struct http_req *q, struct http_res *r)
{
    struct move_new n = move_typed(q);
    int64_t people;
    return changed(q, r, q->problems.n ? PW_INVALID : move_begin(q->ctx, q->arg[0], &n, &people), api_move);
}

enum pw_err api_move_remind(struct http_req *q, struct http_res *r)
{
    int64_t people;
    return changed(q, r, move_remind(q->ctx, q->arg[0], &people), api_move);
}

enum pw_err api_move_close(struct http_req *q, struct http_res *r)
{
    int64_t lost;
    return changed(q, r, move_close(q->ctx, q->arg[0], &lost), api_move);
}

enum pw_err api_move_mark(struct http_req *q, struct http_res *r)
{
    enum move_state to = sv_eq_z(http_text(q, "state"), "declined") ? MOVE_DECLINED : MOVE_MOVED;
    return changed(q, r, move_mark(q->ctx, q->arg[0], q->arg[1], to), api_move);
}

/* ---- winding down (MSG-18) ---- */

enum pw_err api_ending(struct http_req *q, struct http_res *r)
{
    struct community com;
    struct ending e = {0};
    struct json_w w;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    if (!works_in(q->ctx, &com))
        return PW_NOT_FOUND;
    enum pw_err found = ending_row(q->ctx, com.id, &e);
    if (found != PW_OK && found != PW_NOT_FOUND)
        return found;
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "community", com.id);
    json_w_kv_z(&w, "status", community_status_code(com.status));
    json_w_kv_sv(&w, "reason", e.reason);
    json_w_kv_sv(&w, "words", e.words);
    json_w_kv_sv(&w, "read_only_on", e.read_only_on);
    json_w_kv_sv(&w, "archive_on", e.archive_on);
    json_w_kv_time(&w, "announced", e.announced_ms);
    json_w_kv_time(&w, "read_only", e.read_only_ms);
    json_w_kv_time(&w, "archived", e.archived_ms);
    json_w_end(&w);
    return api_done(&w);
}

enum pw_err api_ending_begin(struct http_req *q, struct http_res *r)
{
    struct ending e = {.reason = http_text(q, "reason"),
                       .words = http_text(q, "words"),
                       .read_only_on = http_text(q, "read_only_on"),
                       .archive_on = http_text(q, "archive_on")};
    return changed(q, r, ending_begin(q->ctx, q->arg[0], &e), api_ending);
}

enum pw_err api_ending_step(struct http_req *q, struct http_res *r)
{
    return changed(q, r, ending_step(q->ctx, q->arg[0]), api_ending);
}

enum pw_err api_ending_undo(struct http_req *q, struct http_res *r)
{
    return changed(q, r, ending_undo(q->ctx, q->arg[0]), api_ending);
}

/* ---- files and consents (A-33, CNS-9) ---- */

enum pw_err api_files(struct http_req *q, struct http_res *r)
{
    struct case_row *v;
    size_t n;
    struct json_w w;
    PW_TRY(case_list(q->ctx, q->arg[0], &v, &n));
    api_list_begin(&w, r, "files");
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_id(&w, "person", v[i].person_id);
        json_w_kv_sv(&w, "name", v[i].name);
        json_w_kv_sv(&w, "file_number", v[i].file_number);
        json_w_kv_bool(&w, "consent", v[i].consent);
        json_w_kv_time(&w, "consented", v[i].consent_ms);
        json_w_end(&w);
    }
    return api_list_whole(&w);
}

enum pw_err api_files_record(struct http_req *q, struct http_res *r)
{
    struct case_edit e = {.person_id = http_int(q, "person"),
                          .file_number = http_text(q, "file_number"),
                          .consent = http_int(q, "consent") != 0,
                          .method = http_text(q, "method")};
    return changed(q, r, case_record(q->ctx, q->arg[0], &e), api_files);
}

enum pw_err api_files_withdraw(struct http_req *q, struct http_res *r)
{
    return changed(q, r, case_withdraw(q->ctx, q->arg[0], q->arg[1]), api_files);
}

enum pw_err api_consent(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct community com;
    struct doc_text *v = NULL;
    size_t n = 0;
    int64_t doc;
    struct json_w w;
    PW_TRY(community_get(c, q->arg[0], &com));
    if (!works_in(c, &com))
        return PW_NOT_FOUND;
    enum pw_err e = doc_find(c, DOC_CONSENT, SV("community"), com.id, &doc);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    if (e == PW_OK)
        PW_TRY(doc_langs(c, doc, &v, &n));
    api_list_begin(&w, r, "texts");
    for (size_t i = 0; i < n; i++) {
        struct doc_text t;
        PW_TRY(doc_read(c, doc, v[i].lang, 0, &t));
        json_w_object(&w);
        json_w_kv_sv(&w, "lang", t.lang);
        json_w_kv_bool(&w, "source", sv_eq(t.lang, t.source_lang));
        json_w_kv_bool(&w, "out_of_date", v[i].out_of_date);
        json_w_kv_int(&w, "version", t.version);
        json_w_kv_sv(&w, "title", t.title);
        json_w_kv_sv(&w, "body", t.body);
        json_w_end(&w);
    }
    return api_list_whole(&w);
}

enum pw_err api_consent_write(struct http_req *q, struct http_res *r)
{
    return changed(q, r,
                   consent_write(q->ctx, q->arg[0], http_text(q, "lang_of"), http_text(q, "title"),
                                 http_text(q, "body"), http_int(q, "is_source") != 0),
                   api_consent);
}

enum pw_err api_private_word(struct http_req *q, struct http_res *r)
{
    struct message_made made = {0};
    struct json_w w;
    PW_TRY(thread_say(q->ctx, q->arg[0], q->arg[1], http_text(q, "text"), false, &made));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "message", made.message_id);
    json_w_kv_id(&w, "thread", made.thread_id);
    json_w_kv_bool(&w, "held", made.held);
    json_w_end(&w);
    r->status = 201;
    return api_done(&w);
}

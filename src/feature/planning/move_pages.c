/* SPDX-License-Identifier: EUPL-1.2 */
/* Moving to another platform (MSG-16), winding down (MSG-18), files and consents. */
#include "base/civil.h"
#include "base/csv.h"
#include "base/id.h"
#include "base/tz.h"
#include "feature/planning/planning_input.h"
#include "feature/planning/planning_pages.h"
#include "ui/markdown.h"
#include "views_planning.h"

/* ---- move ---- */

static enum pw_err show_move(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct move_view v = {.from = http_kept(q, "from"), .to = http_kept(q, "to"), .address = http_kept(q, "address")};
    struct community_channel *channels;
    struct move_person *people = NULL;
    PW_TRY(community_get(c, q->arg[0], &v.com));
    PW_TRY(community_channels(c, v.com.id, &channels, &v.n_channels));
    v.channels = channels;
    v.may_admin = community_may_admin(c, &v.com);
    enum pw_err e = move_last(c, v.com.id, &v.move);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    v.any = e == PW_OK;
    if (v.any && v.may_admin)
        PW_TRY(move_people(c, &v.move, &people, &v.n_people));
    v.people = people;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Move to another platform"));
    pg.zone = v.com.zone;
    view_move(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err move_get(struct http_req *q, struct http_res *r)
{
    return show_move(q, r);
}

enum pw_err move_post(struct http_req *q, struct http_res *r)
{
    struct move_new n = move_typed(q);
    int64_t people = 0;
    enum pw_err e = q->problems.n ? PW_INVALID : move_begin(q->ctx, q->arg[0], &n, &people);
    return planning_ended(q, r, e, show_move, "/move", N_("The members there are invited, each with a personal link."));
}

enum pw_err move_remind_post(struct http_req *q, struct http_res *r)
{
    int64_t people;
    return planning_ended(q, r, move_remind(q->ctx, q->arg[0], &people), show_move, "/move",
                          N_("Those who had not answered are reminded."));
}

enum pw_err move_close_post(struct http_req *q, struct http_res *r)
{
    int64_t lost;
    return planning_ended(q, r, move_close(q->ctx, q->arg[0], &lost), show_move, "/move", N_("The move is closed."));
}

enum pw_err move_mark_post(struct http_req *q, struct http_res *r)
{
    enum move_state to = sv_eq_z(http_text(q, "state"), "declined") ? MOVE_DECLINED : MOVE_MOVED;
    return planning_ended(q, r, move_mark(q->ctx, q->arg[0], q->arg[1], to), show_move, "/move", N_("Noted."));
}

enum pw_err move_csv_get(struct http_req *q, struct http_res *r)
{
    struct community com;
    struct move m;
    struct move_person *v;
    size_t n;
    struct csv w;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    if (!community_may_admin(q->ctx, &com))
        return PW_NOT_FOUND;
    PW_TRY(move_last(q->ctx, com.id, &m));
    PW_TRY(move_people(q->ctx, &m, &v, &n));
    csv_init(&w, &r->body, ',', true);
    csv_z(&w, "name");
    csv_z(&w, "state");
    csv_z(&w, "changed");
    csv_end_row(&w);
    for (size_t i = 0; i < n; i++) {
        char day[CIVIL_DATE_TEXT];
        csv_text(&w, v[i].name);
        csv_z(&w, move_state_code(v[i].state));
        csv_text(&w, civil_date_text(v[i].changed_ms / CIVIL_DAY_MS, day));
        csv_end_row(&w);
    }
    r->type = SV("text/csv; charset=utf-8");
    http_set_download(q, r, arena_fmt(q->arena, "%.*s-move.csv", SV_ARG(com.slug)));
    return buf_ok(&r->body) ? PW_OK : PW_INTERNAL;
}

/* A personal link: what moves, where to, what the new platform sees (CNS-9), and a choice. Opens nothing by itself. */
enum pw_err move_link_get(struct http_req *q, struct http_res *r)
{
    struct move_answer_view v = {.token = q->arg_text[0]};
    PW_TRY(move_open(q->ctx, v.token, &v.v));
    const struct chan_driver *d = chan_driver_of(v.v.move.to_kind);
    v.link = v.v.move.address;
    v.sees = d ? d->sees : NULL;
    v.to_name = d ? sv_of(d->label) : v.v.move.to_kind;
    if (sv_starts(v.link, SV("https://t.me/")) && sv_find(v.link, SV("?")) < 0 && sv_find(v.link, SV("+")) < 0)
        v.link = arena_fmt(q->arena, "%.*s?start=move-%.*s", SV_ARG(v.link), SV_ARG(v.token));
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, NULL);
    view_move_answer(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err move_link_post(struct http_req *q, struct http_res *r)
{
    bool moves = sv_eq_z(http_text(q, "answer"), "moved");
    enum pw_err e =
        q->problems.n ? PW_INVALID : move_answer(q->ctx, q->arg_text[0], moves ? MOVE_MOVED : MOVE_DECLINED);
    if (e == PW_INVALID && q->problems.n)
        return move_link_get(q, r);
    PW_TRY(e);
    return page_done(q, r, q->path,
                     moves ? N_("Thank you. You are counted as moved.") : N_("Thank you. You are not asked again."));
}

/* ---- winding down ---- */

static enum pw_err show_ending(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct ending_view v = {.reason = http_kept(q, "reason"),
                            .words = http_kept(q, "words"),
                            .read_only_on = http_kept(q, "read_only_on"),
                            .archive_on = http_kept(q, "archive_on")};
    PW_TRY(community_get(c, q->arg[0], &v.com));
    if (!works_in(c, &v.com))
        return PW_NOT_FOUND;
    v.may_admin = community_may_admin(c, &v.com);
    enum pw_err e = ending_row(c, v.com.id, &v.e);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    v.any = e == PW_OK;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Wind down"));
    pg.zone = v.com.zone;
    view_ending(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err ending_get(struct http_req *q, struct http_res *r)
{
    return show_ending(q, r);
}

enum pw_err ending_post(struct http_req *q, struct http_res *r)
{
    struct ending e = {.reason = http_text(q, "reason"),
                       .words = http_text(q, "words"),
                       .read_only_on = http_text(q, "read_only_on"),
                       .archive_on = http_text(q, "archive_on")};
    return planning_ended(q, r, q->problems.n ? PW_INVALID : ending_begin(q->ctx, q->arg[0], &e), show_ending,
                          "/ending", N_("It is announced: every member is told in their language."));
}

enum pw_err ending_step_post(struct http_req *q, struct http_res *r)
{
    return planning_ended(q, r, ending_step(q->ctx, q->arg[0]), show_ending, "/ending",
                          N_("The next step is taken, and members are told."));
}

enum pw_err ending_undo_post(struct http_req *q, struct http_res *r)
{
    return planning_ended(q, r, ending_undo(q->ctx, q->arg[0]), show_ending, "/ending",
                          N_("The community goes on, and members are told."));
}

/* ---- files and consents ---- */

static enum pw_err load_consent(struct http_req *q, struct files_view *v)
{
    struct ctx *c = q->ctx;
    struct doc_text *texts;
    int64_t doc;
    struct sv lang = http_kept(q, "lang_of");
    enum pw_err e = doc_find(c, DOC_CONSENT, SV("community"), v->com.id, &doc);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(doc_langs(c, doc, &texts, &v->n_consents));
    v->consents = texts;
    PW_TRY(doc_read(c, doc, lang.n ? lang : c->lang, 0, &v->consent));
    return markdown_html(c->arena, v->consent.body, &v->consent_html);
}

static enum pw_err show_files(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct files_view v = {.file_number = http_kept(q, "file_number"), .person = 0};
    struct case_row *rows;
    PW_TRY(community_get(c, q->arg[0], &v.com));
    PW_TRY(plan_row(c, v.com.id, &v.plan));
    PW_TRY(case_list(c, v.com.id, &rows, &v.n));
    v.rows = rows;
    v.may_admin = community_may_admin(c, &v.com);
    PW_TRY(load_consent(q, &v));
    bool typed = q->problems.n && q->route->fn == consent_post;
    v.lang = typed ? http_kept(q, "lang_of") : v.consent.version ? v.consent.lang : lang_main(v.com.languages);
    v.title = typed ? http_kept(q, "title") : v.consent.title;
    v.body = typed ? http_kept(q, "body") : v.consent.body;
    if (q->problems.n && q->route->fn == files_post)
        v.person = http_int(q, "person");
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Files and consents"));
    pg.zone = v.com.zone;
    view_files(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err files_get(struct http_req *q, struct http_res *r)
{
    return show_files(q, r);
}

enum pw_err files_post(struct http_req *q, struct http_res *r)
{
    struct case_edit e = {.person_id = http_int(q, "person"),
                          .file_number = http_text(q, "file_number"),
                          .consent = http_int(q, "consent") != 0,
                          .method = http_text(q, "method")};
    return planning_ended(q, r, q->problems.n ? PW_INVALID : case_record(q->ctx, q->arg[0], &e), show_files, "/files",
                          N_("The file is recorded."));
}

enum pw_err files_withdraw_post(struct http_req *q, struct http_res *r)
{
    return planning_ended(q, r, case_withdraw(q->ctx, q->arg[0], q->arg[1]), show_files, "/files",
                          N_("The consent is withdrawn: no private message can be sent any more."));
}

enum pw_err consent_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : consent_write(q->ctx, q->arg[0], http_text(q, "lang_of"), http_text(q, "title"),
                                                  http_text(q, "body"), http_int(q, "is_source") != 0);
    return planning_ended(q, r, e, show_files, "/files", N_("The text of the consent is saved."));
}

enum pw_err consent_print_get(struct http_req *q, struct http_res *r)
{
    struct files_view v = {0};
    PW_TRY(community_get(q->ctx, q->arg[0], &v.com));
    if (!works_in(q->ctx, &v.com))
        return PW_NOT_FOUND;
    PW_TRY(load_consent(q, &v));
    if (!v.consent.version)
        return PW_NOT_FOUND;
    struct page pg;
    page_begin(&pg, q, r, FACE_BARE, N_("Consent"));
    view_consent_print(&pg, &v);
    return page_end(&pg, r);
}

/* ---- a private word to one member ---- */

static enum pw_err show_write(struct http_req *q, struct http_res *r)
{
    struct write_view v = {.text = http_kept(q, "text")};
    struct plan p;
    PW_TRY(need_moderate(q->ctx, q->arg[0], &v.com));
    PW_TRY(membership_of(q->ctx, v.com.id, q->arg[1], &v.member));
    PW_TRY(plan_row(q->ctx, v.com.id, &p));
    v.needs_file = p.needs_file;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Write privately"));
    pg.zone = v.com.zone;
    view_write(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err write_get(struct http_req *q, struct http_res *r)
{
    return show_write(q, r);
}

enum pw_err write_post(struct http_req *q, struct http_res *r)
{
    struct message_made made = {0};
    enum pw_err e =
        q->problems.n ? PW_INVALID : thread_say(q->ctx, q->arg[0], q->arg[1], http_text(q, "text"), false, &made);
    if (e == PW_INVALID && q->problems.n)
        return show_write(q, r);
    PW_TRY(e);
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/threads/%s", id_text(made.thread_id, id).p),
                     made.held ? N_("The message is ready and goes out when you open.")
                               : N_("The message is on its way."));
}

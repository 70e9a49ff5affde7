/* SPDX-License-Identifier: EUPL-1.2 */
/* Interpreters and appointments as JSON. Whoever only interprets gets the own appointments, with what that needs. */
#include "base/id.h"
#include "base/month.h"
#include "feature/interpreting/interpreting_pages.h"
#include "http/api.h"

/* ---- interpreters ---- */

static void write_interpreter(struct json_w *w, const struct interpreter *i)
{
    json_w_object(w);
    json_w_kv_id(w, "id", i->id);
    json_w_kv_id(w, "person", i->person_id);
    json_w_kv_sv(w, "name", i->name);
    json_w_kv_z(w, "kind", interpreter_kind_code(i->kind));
    json_w_kv_sv(w, "service", i->service);
    json_w_key(w, "langs");
    json_w_array(w);
    for (size_t k = 0; k < i->n_langs; k++)
        json_w_sv(w, i->langs[k]);
    json_w_end(w);
    json_w_key(w, "modes");
    json_w_array(w);
    for (int m = 0; m < INTERP_MODE__MAX; m++)
        if (interpreter_does(i, (enum interp_mode)m))
            json_w_z(w, interp_mode_code((enum interp_mode)m));
    json_w_end(w);
    json_w_kv_bool(w, "active", i->active);
    json_w_kv_bool(w, "undertaking", i->cover == PROMISE_HOLDS);
    json_w_kv_int(w, "upcoming", i->upcoming);
    json_w_kv_sv(w, "availability", i->availability);
    json_w_kv_sv(w, "reached", i->reached);
    json_w_end(w);
}

static enum pw_err one_interpreter(struct http_req *q, struct http_res *r, int64_t id)
{
    struct interpreter i;
    struct json_w w;
    PW_TRY(interpreter_read(q->ctx, id, &i));
    json_w_init(&w, &r->body);
    write_interpreter(&w, &i);
    return api_done(&w);
}

static enum pw_err interpreters(struct http_req *q, struct http_res *r)
{
    struct interpreter *v;
    size_t n;
    struct json_w w;
    PW_TRY(interpreter_list(q->ctx, http_text(q, "lang"), &v, &n));
    api_list_begin(&w, r, "interpreters");
    for (size_t i = 0; i < n; i++)
        write_interpreter(&w, &v[i]);
    return api_list_whole(&w);
}

static enum pw_err interpreter_one(struct http_req *q, struct http_res *r)
{
    return one_interpreter(q, r, q->arg[0]);
}

static enum pw_err interpreter_made(struct http_req *q, struct http_res *r)
{
    struct interpreter_edit e = interpreter_typed(q);
    int64_t id;
    PW_TRY(interpreter_add(q->ctx, &e, &id));
    r->status = 201;
    return one_interpreter(q, r, id);
}

static enum pw_err interpreter_changed(struct http_req *q, struct http_res *r)
{
    struct interpreter_edit e = interpreter_typed(q);
    PW_TRY(interpreter_change(q->ctx, q->arg[0], &e));
    return one_interpreter(q, r, q->arg[0]);
}

static enum pw_err interpreter_offered(struct http_req *q, struct http_res *r)
{
    PW_TRY(interpreter_set_active(q->ctx, q->arg[0], http_int(q, "active") != 0));
    return one_interpreter(q, r, q->arg[0]);
}

/* ---- undertakings ---- */

static void write_day(struct json_w *w, const char *name, int64_t day)
{
    char text[CIVIL_DATE_TEXT];
    json_w_key(w, name);
    if (day)
        json_w_sv(w, civil_date_text(day, text));
    else
        json_w_null(w);
}

static enum pw_err undertakings(struct http_req *q, struct http_res *r)
{
    struct undertaking *v;
    size_t n;
    struct json_w w;
    PW_TRY(undertaking_list(q->ctx, q->arg[0], &v, &n));
    api_list_begin(&w, r, "undertakings");
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_id(&w, "id", v[i].id);
        json_w_kv_int(&w, "version", v[i].doc_version);
        json_w_kv_sv(&w, "lang", v[i].lang);
        json_w_kv_z(&w, "method", undertaking_method_code(v[i].method));
        write_day(&w, "signed_on", v[i].signed_day);
        write_day(&w, "until_on", v[i].until_day);
        json_w_kv_bool(&w, "in_force", v[i].in_force);
        json_w_kv_id(&w, "recorded_by", v[i].recorded_by);
        json_w_kv_time(&w, "recorded", v[i].recorded_ms);
        json_w_end(&w);
    }
    return api_list_whole(&w);
}

static enum pw_err undertaking_made(struct http_req *q, struct http_res *r)
{
    struct undertaking_new n = {.signed_on = http_text(q, "signed_on"),
                                .until_on = http_text(q, "until_on"),
                                .method = http_text(q, "method"),
                                .lang = http_text(q, "lang")};
    PW_TRY(undertaking_record(q->ctx, q->arg[0], &n));
    r->status = 201;
    return undertakings(q, r);
}

static enum pw_err undertaking_ended(struct http_req *q, struct http_res *r)
{
    PW_TRY(undertaking_end(q->ctx, q->arg[0], q->arg[1]));
    return undertakings(q, r);
}

static enum pw_err undertaking_words(struct http_req *q, struct http_res *r)
{
    struct doc_text t;
    struct sv lang = http_text(q, "lang");
    struct json_w w;
    PW_TRY(undertaking_text(q->ctx, lang.n ? lang : q->ctx->lang, &t));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_int(&w, "version", t.version);
    json_w_kv_sv(&w, "lang", t.lang);
    json_w_kv_sv(&w, "original_lang", t.source_lang);
    json_w_kv_sv(&w, "title", t.title);
    json_w_kv_sv(&w, "body", t.body);
    json_w_kv_bool(&w, "out_of_date", t.out_of_date);
    json_w_end(&w);
    return api_done(&w);
}

static enum pw_err undertaking_written(struct http_req *q, struct http_res *r)
{
    struct doc_text now;
    struct sv lang = http_text(q, "lang");
    PW_TRY(undertaking_text(q->ctx, lang, &now));
    PW_TRY(undertaking_write(q->ctx, lang, http_text(q, "title"), http_text(q, "body"), sv_eq(lang, now.source_lang)));
    return undertaking_words(q, r);
}

/* ---- appointments ---- */

static void write_booking(struct json_w *w, const struct booking *b)
{
    json_w_object(w);
    json_w_kv_id(w, "id", b->id);
    json_w_kv_id(w, "person", b->person_id);
    json_w_kv_id(w, "interpreter", b->interpreter_id);
    json_w_kv_z(w, "purpose", booking_purpose_code(b->purpose));
    json_w_kv_sv(w, "purpose_words", b->purpose_words);
    json_w_kv_sv(w, "lang", b->lang);
    json_w_kv_sv(w, "with_lang", b->with_lang);
    json_w_kv_z(w, "mode", interp_mode_code(b->mode));
    json_w_kv_sv(w, "place", b->place);
    json_w_kv_sv(w, "notes", b->notes);
    json_w_kv_time(w, "start", b->start_ms);
    json_w_kv_sv(w, "zone", b->zone);
    json_w_kv_int(w, "minutes", b->minutes);
    json_w_kv_z(w, "state", booking_state_code(b->state));
    json_w_kv_time(w, "told", b->told_ms);
    json_w_kv_id(w, "asked_by", b->asked_by);
    json_w_kv_time(w, "asked", b->asked_ms);
    json_w_end(w);
}

static enum pw_err one_booking(struct http_req *q, struct http_res *r, int64_t id)
{
    struct booking b;
    struct json_w w;
    PW_TRY(booking_read(q->ctx, id, &b));
    json_w_init(&w, &r->body);
    write_booking(&w, &b);
    return api_done(&w);
}

static enum pw_err bookings(struct http_req *q, struct http_res *r)
{
    struct booking_filter f = {.person_id = http_int(q, "person"),
                               .interpreter_id = http_int(q, "interpreter"),
                               .past = http_int(q, "past") != 0,
                               .limit = API_PAGE_MAX};
    struct booking *v;
    size_t n;
    struct json_w w;
    PW_TRY(booking_list(q->ctx, &f, &v, &n));
    api_list_begin(&w, r, "bookings");
    for (size_t i = 0; i < n; i++)
        write_booking(&w, &v[i]);
    return api_list_whole(&w);
}

static enum pw_err booking_one(struct http_req *q, struct http_res *r)
{
    return one_booking(q, r, q->arg[0]);
}

static struct booking_edit wish_of(const struct http_req *q)
{
    return (struct booking_edit){.person_id = http_int(q, "person"),
                                 .interpreter_id = http_int(q, "interpreter"),
                                 .purpose = http_kept(q, "purpose"),
                                 .purpose_words = http_kept(q, "purpose_words"),
                                 .lang = http_text(q, "lang"),
                                 .with_lang = http_text(q, "with_lang"),
                                 .mode = http_text(q, "mode"),
                                 .place = http_kept(q, "place"),
                                 .notes = http_kept(q, "notes"),
                                 .start = http_text(q, "start"),
                                 .zone = http_text(q, "zone"),
                                 .minutes = http_int(q, "minutes")};
}

static enum pw_err booking_made(struct http_req *q, struct http_res *r)
{
    struct booking_edit e = wish_of(q);
    int64_t id;
    PW_TRY(booking_ask(q->ctx, &e, &id));
    r->status = 201;
    return one_booking(q, r, id);
}

static enum pw_err booking_moved(struct http_req *q, struct http_res *r)
{
    struct booking_edit e = wish_of(q);
    PW_TRY(booking_move(q->ctx, q->arg[0], &e));
    return one_booking(q, r, q->arg[0]);
}

static enum pw_err booking_now(struct http_req *q, struct http_res *r)
{
    enum booking_state to;
    if (!booking_state_parse(http_text(q, "to"), &to))
        return problem_add(&q->problems, "to", N_("Choose one of the list."));
    PW_TRY(booking_set_state(q->ctx, q->arg[0], to));
    return one_booking(q, r, q->arg[0]);
}

static enum pw_err candidates(struct http_req *q, struct http_res *r)
{
    struct booking_edit e = wish_of(q);
    struct person who;
    struct interp_candidate *v;
    size_t n;
    struct json_w w;
    PW_TRY(person_need(q->ctx, e.person_id, &who));
    PW_TRY(booking_candidates(q->ctx, &e, 0, &v, &n));
    api_list_begin(&w, r, "candidates");
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_id(&w, "interpreter", v[i].who.id);
        json_w_kv_bool(&w, "can", interp_can(&v[i].fit));
        json_w_kv_bool(&w, "speaks", v[i].fit.speaks);
        json_w_kv_bool(&w, "mode", v[i].fit.does_mode);
        json_w_kv_bool(&w, "undertaking", v[i].fit.promised);
        json_w_kv_bool(&w, "free", v[i].fit.free);
        json_w_kv_time(&w, "next_free", v[i].next_free_ms);
        json_w_end(&w);
    }
    return api_list_whole(&w);
}

/* ---- numbers ---- */

static void write_split(struct json_w *w, const char *name, const struct interp_split *s)
{
    json_w_key(w, name);
    json_w_array(w);
    for (size_t i = 0; i < s->n; i++) {
        const struct interp_part *p = &s->v[i];
        json_w_object(w);
        json_w_kv_sv(w, "code", p->code);
        json_w_key(w, "n");
        if (p->hidden)
            json_w_null(w);
        else
            json_w_int(w, p->n);
        json_w_key(w, "minutes");
        if (p->hidden)
            json_w_null(w);
        else
            json_w_int(w, p->minutes);
        json_w_kv_z(w, "hidden", p->fewer ? "fewer" : p->hidden ? "hidden" : "");
        json_w_end(w);
    }
    json_w_end(w);
}

static enum pw_err months(struct http_req *q, struct http_res *r)
{
    struct interp_month *v;
    enum interp_sight see;
    int64_t from, to;
    size_t n;
    struct json_w w;
    if (!month_parse(http_text(q, "from"), &from))
        return problem_add(&q->problems, "from", N_("Write a month as year and number: 2026-03."));
    if (!month_parse(http_text(q, "to"), &to))
        return problem_add(&q->problems, "to", N_("Write a month as year and number: 2026-03."));
    PW_TRY(interpreting_see(q->ctx, &see));
    PW_TRY(interpreting_months(q->ctx, from, to, &v, &n));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_bool(&w, "protected", see == INTERP_PROTECTED);
    json_w_key(&w, "months");
    json_w_array(&w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_sv(&w, "month", month_text(q->arena, v[i].month));
        json_w_kv_int(&w, "held", v[i].held);
        json_w_kv_int(&w, "minutes", v[i].minutes);
        json_w_kv_int(&w, "open", v[i].to_come);
        json_w_kv_int(&w, "cancelled", v[i].cancelled);
        json_w_kv_int(&w, "not_kept", v[i].not_kept);
        json_w_kv_int(&w, "marks", v[i].marks);
        write_split(&w, "by_language", &v[i].langs);
        write_split(&w, "by_purpose", &v[i].purposes);
        write_split(&w, "by_mode", &v[i].modes);
        write_split(&w, "marks_by_how", &v[i].hows);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return api_done(&w);
}

/* ---- routes ---- */

static const char *const purposes[] = {"meeting", "intake", "survey", "other", NULL};
static const char *const modes[] = {"in-person", "telephone", "video", NULL};
static const char *const kinds[] = {"staff", "volunteer", "outside", NULL};
static const char *const methods[] = {"signature", "voice", "witnessed", NULL};
static const char *const states[] = {"confirmed", "declined", "cancelled", "done", "no-interpreter", "no-person", NULL};

static const struct field interpreters_query[] = {
    {"lang", FIELD_TEXT, 0, 0, 16, NULL, "Only who interprets this language."}, {0}};
static const struct field interpreter_fields[] = {
    {"person", FIELD_ID, 0, 0, 0, NULL, "An account's person; none = a new record by name."},
    {"name", FIELD_TEXT, 0, 0, 100, NULL, "Name of somebody without an account."},
    {"kind", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, kinds, "Staff, volunteer or outside service."},
    {"service", FIELD_TEXT, 0, 0, 120, NULL, "Organisation or service; needed for an outside one."},
    {"langs", FIELD_CHOICES, FIELD_REQUIRED, 0, INTERPRETER_LANGS_MAX, NULL,
     "Languages interpreted between each other."},
    {"modes", FIELD_CHOICES, FIELD_REQUIRED, 0, 3, modes, "In person, by telephone, by video."},
    {"availability", FIELD_TEXT, 0, 0, 300, NULL, "Usual hours, in words."},
    {"reached", FIELD_TEXT, 0, 0, 300, NULL, "How they are reached."},
    {0}};
static const struct field active_fields[] = {
    {"active", FIELD_BOOL, FIELD_REQUIRED, 0, 0, NULL, "Offered, or not any more."}, {0}};
static const struct field record_fields[] = {
    {"signed_on", FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, "Day on which it was given."},
    {"until_on", FIELD_DATE, 0, 0, 0, NULL, "Last day; none = no end."},
    {"method", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, methods, "How it was given."},
    {"lang", FIELD_TEXT, 0, 0, 16, NULL, "Language in which it was read."},
    {0}};
static const struct field text_query[] = {{"lang", FIELD_TEXT, 0, 0, 16, NULL, "Language of the text."}, {0}};
static const struct field text_fields[] = {{"lang", FIELD_TEXT, FIELD_REQUIRED, 2, 16, NULL, "Language of the text."},
                                           {"title", FIELD_TEXT, FIELD_REQUIRED, 1, 150, NULL, "Title."},
                                           {"body", FIELD_LINES, FIELD_REQUIRED, 1, 20000, NULL, "Text, Markdown."},
                                           {0}};
static const struct field bookings_query[] = {
    {"person", FIELD_ID, 0, 0, 0, NULL, "Only for this person."},
    {"interpreter", FIELD_ID, 0, 0, 0, NULL, "Only with this interpreter."},
    {"past", FIELD_BOOL, 0, 0, 0, NULL, "Those that are over, the latest first."},
    {0}};
#define WHEN_AND_HOW                                                                                                   \
    {"lang", FIELD_TEXT, FIELD_REQUIRED, 2, 16, NULL, "The person's language."},                                       \
        {"with_lang", FIELD_TEXT, FIELD_REQUIRED, 2, 16, NULL, "The other language."},                                 \
        {"mode", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, modes, "In person, by telephone or by video."},                   \
        {"start", FIELD_TIME, FIELD_REQUIRED, 0, 0, NULL, "Wall clock: 2026-03-04T15:30."},                            \
        {"zone", FIELD_TEXT, FIELD_REQUIRED, 1, 64, NULL, "Time zone of that clock."},                                 \
    {                                                                                                                  \
        "minutes", FIELD_INT, FIELD_REQUIRED, BOOKING_MINUTES_MIN, BOOKING_MINUTES_MAX, NULL, "How long."              \
    }
#define WHO_AND_WHERE                                                                                                  \
    {"interpreter", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Who interprets."},                                          \
        {"place", FIELD_TEXT, 0, 0, 300, NULL, "Place, number or link."},                                              \
    {                                                                                                                  \
        "notes", FIELD_LINES, 0, 0, 2000, NULL, "For staff only."                                                      \
    }
static const struct field ask_fields[] = {
    {"person", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "For whom."},
    {"purpose", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, purposes, "Meeting, intake, survey or something else."},
    {"purpose_words", FIELD_TEXT, 0, 0, 150, NULL, "What for, in words: needed for something else."},
    WHEN_AND_HOW,
    WHO_AND_WHERE,
    {0}};
static const struct field move_fields[] = {
    {"person", FIELD_ID, 0, 0, 0, NULL, "Stays as it is."}, WHEN_AND_HOW, WHO_AND_WHERE, {0}};
static const struct field candidates_query[] = {{"person", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "For whom."},
                                                {"interpreter", FIELD_ID, 0, 0, 0, NULL, "Not used."},
                                                WHEN_AND_HOW,
                                                {0}};
static const struct field state_fields[] = {{"to", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, states, "What comes of it."},
                                            {0}};
static const struct field months_query[] = {
    {"from", FIELD_TEXT, FIELD_REQUIRED, 7, 7, NULL, "First month, 2026-01."},
    {"to", FIELD_TEXT, FIELD_REQUIRED, 7, 7, NULL, "Last month, at most 24 in all."},
    {0}};

#define READ RIGHT_API_READ
#define WRITE RIGHT_API_WRITE
const struct route interpreting_api_routes[] = {
    {HTTP_GET, "/api/v1/interpreting/interpreters", READ, interpreters, interpreters_query, "The list of interpreters.",
     ROUTE_API, NULL, "Interpreters"},
    {HTTP_POST, "/api/v1/interpreting/interpreters", WRITE, interpreter_made, interpreter_fields,
     "Adds an interpreter.", ROUTE_API, NULL, "Interpreter"},
    {HTTP_GET, "/api/v1/interpreting/interpreters/{i}", READ, interpreter_one, NULL,
     "One interpreter, with how to reach them.", ROUTE_API | ROUTE_TRACED, NULL, "Interpreter"},
    {HTTP_POST, "/api/v1/interpreting/interpreters/{i}", WRITE, interpreter_changed, interpreter_fields,
     "Changes an interpreter.", ROUTE_API, NULL, "Interpreter"},
    {HTTP_POST, "/api/v1/interpreting/interpreters/{i}/active", WRITE, interpreter_offered, active_fields,
     "Offers an interpreter, or not any more.", ROUTE_API, NULL, "Interpreter"},
    {HTTP_GET, "/api/v1/interpreting/interpreters/{i}/undertakings", READ, undertakings, NULL,
     "Confidentiality undertakings.", ROUTE_API, NULL, "Undertakings"},
    {HTTP_POST, "/api/v1/interpreting/interpreters/{i}/undertakings", WRITE, undertaking_made, record_fields,
     "Records a confidentiality undertaking.", ROUTE_API, NULL, "Undertakings"},
    {HTTP_POST, "/api/v1/interpreting/interpreters/{i}/undertakings/{i}/end", WRITE, undertaking_ended, NULL,
     "Ends a confidentiality undertaking.", ROUTE_API, NULL, "Undertakings"},
    {HTTP_GET, "/api/v1/interpreting/undertaking", READ, undertaking_words, text_query, "The text of the undertaking.",
     ROUTE_API, NULL, "UndertakingText"},
    {HTTP_POST, "/api/v1/interpreting/undertaking", WRITE, undertaking_written, text_fields,
     "Writes a version of the text.", ROUTE_API, NULL, "UndertakingText"},
    {HTTP_GET, "/api/v1/interpreting/bookings", READ, bookings, bookings_query,
     "Appointments, at most 200, without place and notes.", ROUTE_API, NULL, "Bookings"},
    {HTTP_POST, "/api/v1/interpreting/bookings", WRITE, booking_made, ask_fields, "Asks for an interpreter.", ROUTE_API,
     NULL, "Booking"},
    {HTTP_GET, "/api/v1/interpreting/bookings/{i}", READ, booking_one, NULL, "One appointment.",
     ROUTE_API | ROUTE_TRACED, NULL, "Booking"},
    {HTTP_POST, "/api/v1/interpreting/bookings/{i}/move", WRITE, booking_moved, move_fields,
     "Another time, place or interpreter.", ROUTE_API, NULL, "Booking"},
    {HTTP_POST, "/api/v1/interpreting/bookings/{i}/state", WRITE, booking_now, state_fields,
     "Confirms, ends or notes the outcome.", ROUTE_API, NULL, "Booking"},
    {HTTP_GET, "/api/v1/interpreting/candidates", READ, candidates, candidates_query,
     "Who could interpret, the best suited first.", ROUTE_API, NULL, "InterpreterCandidates"},
    {HTTP_GET, "/api/v1/messages/{i}/through", READ, message_through_json_get, NULL,
     "Who passed a message on, and what may be chosen instead.", ROUTE_API | ROUTE_TRACED, NULL, "Interpreted"},
    {HTTP_POST, "/api/v1/messages/{i}/through", WRITE, message_through_json_post, interp_through_fields,
     "Marks a message as passed on by somebody else, corrects or takes the mark away.", ROUTE_API, NULL, "Interpreted"},
    {HTTP_GET, "/api/v1/join-requests/{i}/through", READ, join_through_json_get, NULL,
     "Who passed the answers of a join request on.", ROUTE_API | ROUTE_TRACED, NULL, "Interpreted"},
    {HTTP_POST, "/api/v1/join-requests/{i}/through", WRITE, join_through_json_post, interp_through_fields,
     "The same for the answers of a join request.", ROUTE_API, NULL, "Interpreted"},
    {HTTP_GET, "/api/v1/interpreting/months", READ, months, months_query, "Numbers by month.", ROUTE_API, NULL,
     "InterpretingMonths"},
    {0},
};

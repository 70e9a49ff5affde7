/* SPDX-License-Identifier: EUPL-1.2 */
/* Programs, enrolments and results by mode as JSON. Parts that small numbers hide are null and named in "hidden". */
#include "base/civil.h"
#include "base/id.h"
#include "feature/program/program_pages.h"
#include "http/api.h"

/* ---- programs ---- */

static void write_modes(struct json_w *w, unsigned modes)
{
    json_w_key(w, "modes");
    json_w_array(w);
    for (int i = 0; i < MODES; i++)
        if (mode_offered(modes, i))
            json_w_z(w, delivery_code((enum delivery)i));
    json_w_end(w);
}

static void write_program(struct json_w *w, const struct program *p)
{
    json_w_object(w);
    json_w_kv_id(w, "id", p->id);
    json_w_kv_id(w, "owner_org", p->owner_org);
    json_w_key(w, "community");
    json_w_id(w, p->community_id);
    json_w_kv_z(w, "state", program_state_code(p->state));
    write_modes(w, p->modes);
    json_w_kv_sv(w, "languages", p->languages);
    json_w_kv_sv(w, "territory", p->territory);
    json_w_kv_sv(w, "zone", p->zone);
    json_w_kv_sv(w, "starts_on", p->starts_on);
    json_w_kv_sv(w, "ends_on", p->ends_on);
    json_w_kv_sv(w, "lang", p->lang);
    json_w_kv_sv(w, "name", p->name);
    json_w_kv_sv(w, "purpose", p->purpose);
    json_w_kv_bool(w, "out_of_date", p->words_old);
    json_w_end(w);
}

static enum pw_err one(struct http_req *q, struct http_res *r, int64_t id)
{
    struct program p;
    struct json_w w;
    PW_TRY(program_get(q->ctx, id, &p));
    json_w_init(&w, &r->body);
    write_program(&w, &p);
    return api_done(&w);
}

static enum pw_err programs_read(struct http_req *q, struct http_res *r)
{
    struct program *v;
    size_t n;
    struct json_w w;
    PW_TRY(program_list(q->ctx, &v, &n));
    api_list_begin(&w, r, "programs");
    for (size_t i = 0; i < n; i++)
        write_program(&w, &v[i]);
    return api_list_whole(&w);
}

static enum pw_err program_read(struct http_req *q, struct http_res *r)
{
    return one(q, r, q->arg[0]);
}

static enum pw_err program_add(struct http_req *q, struct http_res *r)
{
    struct program_edit e = {.owner_org = http_int(q, "owner_org"),
                             .community_id = http_int(q, "community"),
                             .modes = codes_of(q, "modes"),
                             .languages = http_text(q, "languages"),
                             .territory = http_text(q, "territory"),
                             .starts_on = http_text(q, "starts_on"),
                             .ends_on = http_text(q, "ends_on")};
    struct program_words words = {.name = http_text(q, "name"), .purpose = http_text(q, "purpose")};
    int64_t id;
    PW_TRY(program_create(q->ctx, &e, &words, &id));
    r->status = 201;
    return one(q, r, id);
}

static struct sv given_or(const struct http_req *q, const char *name, struct sv otherwise)
{
    return http_given(q, name) ? http_text(q, name) : otherwise;
}

/* What is not given stays. */
static enum pw_err program_change(struct http_req *q, struct http_res *r)
{
    struct program p;
    struct sv modes = {0};
    PW_TRY(program_get(q->ctx, q->arg[0], &p));
    for (int i = 0; i < MODES; i++)
        if (mode_offered(p.modes, i))
            modes = arena_fmt(q->arena, "%.*s %s", SV_ARG(modes), delivery_code((enum delivery)i));
    struct program_edit e = {.owner_org = http_int(q, "owner_org"),
                             .community_id = http_given(q, "community") ? http_int(q, "community") : p.community_id,
                             .modes = http_given(q, "modes") ? codes_of(q, "modes") : modes,
                             .languages = given_or(q, "languages", p.languages),
                             .territory = given_or(q, "territory", p.territory),
                             .starts_on = given_or(q, "starts_on", p.starts_on),
                             .ends_on = given_or(q, "ends_on", p.ends_on)};
    PW_TRY(program_update(q->ctx, p.id, &e));
    return one(q, r, p.id);
}

static enum pw_err program_say(struct http_req *q, struct http_res *r)
{
    struct program_words words = {http_text(q, "lang_of"), http_text(q, "name"), http_text(q, "purpose"), false};
    PW_TRY(program_write_words(q->ctx, q->arg[0], &words));
    return one(q, r, q->arg[0]);
}

static enum pw_err program_state_set(struct http_req *q, struct http_res *r)
{
    enum program_state to;
    if (!program_state_parse(http_text(q, "state"), &to))
        return PW_INTERNAL; /* declared as a choice */
    PW_TRY(program_set_state(q->ctx, q->arg[0], to));
    return one(q, r, q->arg[0]);
}

/* ---- enrolments ---- */

static void write_day(struct json_w *w, const char *name, bool known, int64_t day)
{
    char text[CIVIL_DATE_TEXT];
    json_w_key(w, name);
    if (known)
        json_w_sv(w, civil_date_text(day, text));
    else
        json_w_null(w);
}

static void write_enrolment(struct json_w *w, const struct enrolment *e)
{
    static const char *const unmet[] = {"none", "not-offered", "other-mode"};
    json_w_object(w);
    json_w_kv_id(w, "id", e->id);
    json_w_kv_id(w, "program", e->program_id);
    json_w_kv_id(w, "person", e->person_id);
    json_w_kv_sv(w, "name", e->name);
    write_day(w, "since", true, e->since_day);
    write_day(w, "until", e->ended, e->ended_day);
    json_w_kv_sv(w, "end_reason", e->end_reason);
    json_w_kv_z(w, "prefers", wish_code(e->prefers));
    json_w_kv_z(w, "uses", delivery_code(e->uses));
    json_w_kv_z(w, "unmet", unmet[e->unmet]);
    json_w_end(w);
}

static enum pw_err people_read(struct http_req *q, struct http_res *r)
{
    struct enrolment_filter f = {.limit = api_page_size(q)};
    struct enrolment *v;
    size_t n;
    struct json_w w;
    int64_t at[API_CURSOR_PARTS];
    f.ended = sv_eq_z(http_text(q, "show"), "ended");
    f.unmet_only = sv_eq_z(http_text(q, "show"), "unmet");
    PW_TRY(api_cursor(q, at));
    f.after_id = at[0];
    PW_TRY(enrolment_list(q->ctx, q->arg[0], &f, &v, &n));
    api_list_begin(&w, r, "enrolments");
    for (size_t i = 0; i < n; i++)
        write_enrolment(&w, &v[i]);
    return api_list_end(&w, q->arena, (int64_t)n == f.limit, n ? v[n - 1].id : 0, 0, 0);
}

static enum pw_err people_add(struct http_req *q, struct http_res *r)
{
    struct enrol_new n = {
        .since = http_text(q, "since"), .prefers = http_text(q, "prefers"), .uses = http_text(q, "uses")};
    int64_t enrolled, already;
    struct json_w w;
    PW_TRY(ids_of(q, "persons", &n.persons, &n.n));
    PW_TRY(program_enrol(q->ctx, q->arg[0], &n, &enrolled, &already));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_int(&w, "enrolled", enrolled);
    json_w_kv_int(&w, "already", already);
    json_w_end(&w);
    r->status = 201;
    return api_done(&w);
}

static enum pw_err enrolment_read(struct http_req *q, struct http_res *r)
{
    struct enrolment e;
    struct program p;
    struct enrolment_step *steps;
    size_t n;
    struct json_w w;
    PW_TRY(enrolment_get(q->ctx, q->arg[0], &e, &p, &steps, &n));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_key(&w, "enrolment");
    write_enrolment(&w, &e);
    json_w_key(&w, "history");
    json_w_array(&w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_time(&w, "at", steps[i].at_ms);
        json_w_key(&w, "by");
        json_w_id(&w, steps[i].by_person);
        json_w_kv_sv(&w, "what", steps[i].what);
        write_day(&w, "on", true, steps[i].on_day);
        json_w_kv_z(&w, "prefers", wish_code(steps[i].prefers));
        json_w_kv_z(&w, "uses", delivery_code(steps[i].uses));
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return api_done(&w);
}

static enum pw_err enrolment_change(struct http_req *q, struct http_res *r)
{
    PW_TRY(enrolment_set(q->ctx, q->arg[0], http_text(q, "prefers"), http_text(q, "uses")));
    return enrolment_read(q, r);
}

static enum pw_err enrolment_stop(struct http_req *q, struct http_res *r)
{
    PW_TRY(enrolment_end(q->ctx, q->arg[0], http_text(q, "on"), http_text(q, "reason")));
    return enrolment_read(q, r);
}

static enum pw_err enrolment_again(struct http_req *q, struct http_res *r)
{
    PW_TRY(enrolment_take_back(q->ctx, q->arg[0]));
    return enrolment_read(q, r);
}

/* ---- the report ---- */

static void write_number(struct json_w *w, const char *name, int64_t n, bool shown)
{
    json_w_key(w, name);
    if (shown)
        json_w_int(w, n);
    else
        json_w_null(w);
}

static void write_figures(struct json_w *w, const char *code, const struct mode_figures *m, bool flows, bool shown)
{
    json_w_object(w);
    json_w_kv_z(w, "mode", code);
    json_w_kv_bool(w, "hidden", !shown);
    write_number(w, "at_start", m->at_start, flows);
    write_number(w, "new", m->began, flows);
    write_number(w, "changed_mode", m->moved, flows);
    write_number(w, "ended", m->ended, flows);
    write_number(w, "at_end", m->at_end, flows);
    write_number(w, "people", m->people, shown);
    write_number(w, "took_part", m->took_part, shown);
    write_number(w, "asked", m->asked, shown);
    write_number(w, "promised", m->promised, shown);
    write_number(w, "in_time", m->in_time, shown);
    json_w_end(w);
}

static void write_wishes(struct json_w *w, const struct program_report *r)
{
    json_w_key(w, "preferences");
    json_w_array(w);
    for (int i = 0; i < WISH__MAX; i++) {
        json_w_object(w);
        json_w_kv_z(w, "prefers", wish_code((enum wish)i));
        write_number(w, "people", r->f.wishes[i], !r->protect || r->f.wish_show[i] == SMALL_SHOWN);
        json_w_key(w, "by_use");
        json_w_object(w);
        for (int d = 0; d < DELIVERY__MAX; d++)
            write_number(w, delivery_code((enum delivery)d), r->f.wants[i][d], !r->protect);
        json_w_end(w);
        json_w_end(w);
    }
    json_w_end(w);
}

static enum pw_err report_read(struct http_req *q, struct http_res *res)
{
    struct program_report *r = arena_new(q->arena, struct program_report);
    struct json_w w;
    if (!r)
        return PW_UNAVAILABLE;
    PW_TRY(report_load(q, r));
    json_w_init(&w, &res->body);
    json_w_object(&w);
    json_w_kv_id(&w, "program", r->p.id);
    json_w_kv_sv(&w, "from", month_text(q->arena, r->first));
    json_w_kv_sv(&w, "to", month_text(q->arena, r->last));
    json_w_kv_bool(&w, "protected", r->protect);
    json_w_key(&w, "modes");
    json_w_array(&w);
    for (int i = 0; i < DELIVERY__MAX; i++)
        write_figures(&w, delivery_code((enum delivery)i), &r->f.mode[i], !r->protect,
                      !r->protect || r->f.mode_show[i] == SMALL_SHOWN);
    json_w_end(&w);
    json_w_key(&w, "all");
    write_figures(&w, "all", &r->f.all, true, true);
    write_wishes(&w, r);
    write_number(&w, "unmet_not_offered", r->f.not_offered, !r->protect);
    write_number(&w, "unmet_other_mode", r->f.other_mode, !r->protect);
    json_w_end(&w);
    return api_done(&w);
}

/* ---- routes ---- */

static const char *const state_acts[] = {"open", "closed", NULL};
static const char *const show_codes[] = {"now", "ended", "unmet", NULL};

#define SETTINGS(need)                                                                                                 \
    {"modes", FIELD_CHOICES, need, 0, 0, mode_codes, "Modes offered, at least one."},                                  \
        {"languages", FIELD_TEXT, need, 0, 60, NULL, "Language codes with spaces; the first is the source."},          \
        {"territory", FIELD_TEXT, 0, 0, 120, NULL, "Where it works, in words."},                                       \
        {"starts_on", FIELD_DATE, 0, 0, 0, NULL, "First day."}, {"ends_on", FIELD_DATE, 0, 0, 0, NULL, "Last day."},   \
        {"owner_org", FIELD_ID, 0, 0, 0, NULL, "The organisation; none: that of the message space, or as it is."},     \
    {                                                                                                                  \
        "community", FIELD_ID, 0, 0, 0, NULL, "Its message space."                                                     \
    }
#define WORDS                                                                                                          \
    {"name", FIELD_TEXT, FIELD_REQUIRED, 1, 120, NULL, "Its name."},                                                   \
    {                                                                                                                  \
        "purpose", FIELD_LINES, FIELD_REQUIRED, 1, 2000, NULL, "What it is for."                                       \
    }
#define MODES_OF                                                                                                       \
    {"prefers", FIELD_CHOICE, 0, 0, 0, wish_codes, "The mode preferred, offered or not."},                             \
    {                                                                                                                  \
        "uses", FIELD_CHOICE, 0, 0, 0, use_codes, "The mode in use."                                                   \
    }
static const struct field add_fields[] = {SETTINGS(FIELD_REQUIRED), WORDS, {0}};
static const struct field change_fields[] = {SETTINGS(0), {0}};
static const struct field words_fields[] = {
    {"lang_of", FIELD_TEXT, FIELD_REQUIRED, 2, 8, NULL, "Language of the words."}, WORDS, {0}};
static const struct field state_fields[] = {
    {"state", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, state_acts, "Open or closed; closing ends the enrolments."}, {0}};
static const struct field people_query[] = {
    {"show", FIELD_CHOICE, 0, 0, 0, show_codes, "Enrolled now (none), ended, or with an unmet preference."},
    API_PAGE_FIELDS,
    {0}};
static const struct field enrol_fields[] = {
    {"persons", FIELD_CHOICES, FIELD_REQUIRED, 0, 500, NULL, "Ids of persons: members of the message space."},
    {"since", FIELD_DATE, 0, 0, 0, NULL, "First day; none = today."},
    MODES_OF,
    {0}};
static const struct field modes_fields[] = {MODES_OF, {0}};
static const struct field end_fields[] = {{"on", FIELD_DATE, 0, 0, 0, NULL, "Last day; none = today."},
                                          {"reason", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, end_reason_codes, "Why."},
                                          {0}};
static const struct field report_query[] = {
    {"from", FIELD_TEXT, 0, 0, 7, NULL, "First month, as 2026-01; none = the last one."},
    {"to", FIELD_TEXT, 0, 0, 7, NULL, "Last month; none = the running one."},
    {0}};

#define READ RIGHT_API_READ
#define WRITE RIGHT_API_WRITE
const struct route program_api_routes[] = {
    {HTTP_GET, "/api/v1/programs", READ, programs_read, NULL, "Programs of which the account sees something.",
     ROUTE_API, NULL, "Programs"},
    {HTTP_POST, "/api/v1/programs", WRITE, program_add, add_fields, "Makes a draft.", ROUTE_API, NULL, "Program"},
    {HTTP_GET, "/api/v1/programs/{i}", READ, program_read, NULL, "One program.", ROUTE_API, NULL, "Program"},
    {HTTP_POST, "/api/v1/programs/{i}", WRITE, program_change, change_fields, "Changes settings; the others stay.",
     ROUTE_API, NULL, "Program"},
    {HTTP_POST, "/api/v1/programs/{i}/words", WRITE, program_say, words_fields, "Name and purpose in one language.",
     ROUTE_API, NULL, "Program"},
    {HTTP_POST, "/api/v1/programs/{i}/state", WRITE, program_state_set, state_fields, "Opens or closes it.", ROUTE_API,
     NULL, "Program"},
    {HTTP_GET, "/api/v1/programs/{i}/enrolments", READ, people_read, people_query, "Who is enrolled.", ROUTE_API, NULL,
     "Enrolments"},
    {HTTP_POST, "/api/v1/programs/{i}/enrolments", WRITE, people_add, enrol_fields, "Enrols one or several people.",
     ROUTE_API, NULL, "Enrolled"},
    {HTTP_GET, "/api/v1/enrolments/{i}", READ, enrolment_read, NULL, "One enrolment with its history.", ROUTE_API, NULL,
     "EnrolmentHistory"},
    {HTTP_POST, "/api/v1/enrolments/{i}", WRITE, enrolment_change, modes_fields, "Preferred mode and mode in use.",
     ROUTE_API, NULL, "EnrolmentHistory"},
    {HTTP_POST, "/api/v1/enrolments/{i}/end", WRITE, enrolment_stop, end_fields, "Ends an enrolment.", ROUTE_API, NULL,
     "EnrolmentHistory"},
    {HTTP_POST, "/api/v1/enrolments/{i}/take-back", WRITE, enrolment_again, NULL, "Takes an end back.", ROUTE_API, NULL,
     "EnrolmentHistory"},
    {HTTP_GET, "/api/v1/programs/{i}/report", READ, report_read, report_query, "Results by mode of a period.",
     ROUTE_API, NULL, "ProgramReport"},
    {0},
};

/* SPDX-License-Identifier: EUPL-1.2 */
/* Persons as JSON: the record, languages, levels, disclosures, records of the same person; one's own data; requests to
 * delete. Times RFC 3339 UTC, ids 13 characters. */
#include "core/access.h"
#include "feature/person/person_fields.h"
#include "feature/person/person_pages.h"
#include "http/api.h"

/* ---- for staff ---- */

static enum pw_err person_one(struct http_req *q, struct http_res *r)
{
    struct person_record rec;
    struct json_w w;
    PW_TRY(record_read(q->ctx, q->arg[0], &rec));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "id", rec.p.id);
    record_write(&w, &rec);
    json_w_end(&w);
    return api_done(&w);
}

static enum pw_err language_add(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_need(q->ctx, q->arg[0], &p));
    PW_TRY(lang_note(q->ctx, p.id, http_text(q, "lang"), http_int(q, "speaks") != 0, http_int(q, "reads") != 0));
    return person_one(q, r);
}

static enum pw_err preferred_set(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_need(q->ctx, q->arg[0], &p));
    PW_TRY(lang_prefer(q->ctx, p.id, http_text(q, "preferred")));
    return person_one(q, r);
}

static enum pw_err data_set(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_need(q->ctx, q->arg[0], &p));
    PW_TRY(limited_set(q->ctx, p.id, http_int(q, "limited") != 0));
    return person_one(q, r);
}

static enum pw_err level_add(struct http_req *q, struct http_res *r)
{
    struct level_new n = {.scale = http_text(q, "scale"),
                          .skill = http_text(q, "skill"),
                          .level = http_int(q, "level"),
                          .self = sv_eq_z(http_text(q, "known"), "self"),
                          .assessor = http_text(q, "assessor"),
                          .on_day = http_text(q, "on_day")};
    int64_t id;
    PW_TRY(level_note(q->ctx, q->arg[0], &n, &id));
    r->status = 201;
    return person_one(q, r);
}

static enum pw_err level_end(struct http_req *q, struct http_res *r)
{
    PW_TRY(level_withdraw(q->ctx, q->arg[0], q->arg[1], http_text(q, "why")));
    return person_one(q, r);
}

static enum pw_err disclosure_add(struct http_req *q, struct http_res *r)
{
    struct disclosure_new n = {.what = http_text(q, "what"),
                               .recipient = http_text(q, "recipient"),
                               .basis = http_text(q, "basis"),
                               .reason = http_text(q, "reason"),
                               .on_day = http_text(q, "on_day")};
    int64_t id;
    PW_TRY(disclosure_note(q->ctx, q->arg[0], &n, &id));
    r->status = 201;
    return person_one(q, r);
}

static enum pw_err ask_for(struct http_req *q, struct http_res *r)
{
    int64_t id;
    PW_TRY(erasure_ask_for(q->ctx, q->arg[0], http_text(q, "words"), &id));
    r->status = 201;
    return person_one(q, r);
}

static enum pw_err twins_list(struct http_req *q, struct http_res *r)
{
    struct twins t;
    struct json_w w;
    PW_TRY(twins_find(q->ctx, q->arg[0], &t));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_key(&w, "twins");
    json_w_array(&w);
    for (size_t i = 0; i < t.n; i++) {
        json_w_object(&w);
        json_w_kv_id(&w, "id", t.v[i].p.id);
        json_w_kv_sv(&w, "name", t.v[i].p.display_name);
        json_w_kv_bool(&w, "same_name", t.v[i].same_name);
        json_w_kv_bool(&w, "same_number", t.v[i].same_number);
        json_w_kv_bool(&w, "may_merge", t.v[i].may_merge);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_kv_bool(&w, "more", t.more);
    json_w_end(&w);
    return api_done(&w);
}

static enum pw_err twin_merge(struct http_req *q, struct http_res *r)
{
    PW_TRY(twins_merge(q->ctx, q->arg[0], q->arg[1]));
    return person_one(q, r);
}

static enum pw_err twin_part(struct http_req *q, struct http_res *r)
{
    PW_TRY(twins_part(q->ctx, q->arg[0]));
    return person_one(q, r);
}

/* ---- one's own ---- */

static enum pw_err own_one(struct http_req *q, struct http_res *r)
{
    return record_file(q->ctx, &r->body);
}

static enum pw_err own_language(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_own(q->ctx, &p));
    PW_TRY(lang_note(q->ctx, p.id, http_text(q, "lang"), http_int(q, "speaks") != 0, http_int(q, "reads") != 0));
    return own_one(q, r);
}

static enum pw_err own_preferred(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_own(q->ctx, &p));
    PW_TRY(lang_prefer(q->ctx, p.id, http_text(q, "preferred")));
    return own_one(q, r);
}

static enum pw_err own_data(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_own(q->ctx, &p));
    PW_TRY(limited_set(q->ctx, p.id, http_int(q, "limited") != 0));
    return own_one(q, r);
}

static enum pw_err own_consent(struct http_req *q, struct http_res *r)
{
    PW_TRY(consent_own_withdraw(q->ctx, q->arg[0]));
    return own_one(q, r);
}

static void write_request(struct json_w *w, const struct erasure *e)
{
    json_w_object(w);
    json_w_kv_id(w, "id", e->id);
    json_w_kv_id(w, "person", e->person_id);
    json_w_kv_sv(w, "name", e->name);
    json_w_kv_sv(w, "state", e->state);
    json_w_kv_sv(w, "words", e->words);
    json_w_kv_sv(w, "reason", e->reason);
    json_w_kv_time(w, "asked", e->asked_ms);
    json_w_kv_time(w, "decided", e->decided_ms);
    json_w_end(w);
}

static enum pw_err own_request(struct http_req *q, struct http_res *r)
{
    struct erasure e;
    struct json_w w;
    PW_TRY(erasure_own(q->ctx, &e));
    json_w_init(&w, &r->body);
    write_request(&w, &e);
    return api_done(&w);
}

static enum pw_err own_ask(struct http_req *q, struct http_res *r)
{
    int64_t id;
    PW_TRY(erasure_ask(q->ctx, http_text(q, "words"), &id));
    r->status = 201;
    return own_request(q, r);
}

static enum pw_err own_take_back(struct http_req *q, struct http_res *r)
{
    PW_TRY(erasure_take_back(q->ctx));
    return own_request(q, r);
}

/* ---- for privacy officers ---- */

static enum pw_err requests_list(struct http_req *q, struct http_res *r)
{
    struct erasure *v;
    size_t n;
    struct json_w w;
    PW_TRY(erasure_list(q->ctx, &v, &n));
    api_list_begin(&w, r, "requests");
    for (size_t i = 0; i < n; i++)
        write_request(&w, &v[i]);
    return api_list_whole(&w);
}

static enum pw_err request_now(struct http_req *q, struct http_res *r)
{
    struct erasure e;
    struct person_traces t;
    struct json_w w;
    PW_TRY(erasure_get(q->ctx, q->arg[0], &e, &t));
    json_w_init(&w, &r->body);
    write_request(&w, &e);
    return api_done(&w);
}

static enum pw_err request_erase(struct http_req *q, struct http_res *r)
{
    PW_TRY(erasure_do(q->ctx, q->arg[0], http_int(q, "sure") != 0));
    return request_now(q, r);
}

static enum pw_err request_decline(struct http_req *q, struct http_res *r)
{
    PW_TRY(erasure_decline(q->ctx, q->arg[0], http_text(q, "reason")));
    return request_now(q, r);
}

/* ---- routes ---- */

static const struct field language_fields[] = {
    {"lang", FIELD_TEXT, FIELD_REQUIRED, 1, 12, NULL, "Code of the language."},
    {"speaks", FIELD_BOOL, 0, 0, 0, NULL, "The person speaks it."},
    {"reads", FIELD_BOOL, 0, 0, 0, NULL, "The person reads it; neither takes it off the list."},
    {0}};
static const struct field level_fields[] = {
    {"scale", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, person_scale_codes, "English (CLB) or French (NCLC)."},
    {"skill", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, person_skill_codes, "The skill."},
    {"level", FIELD_INT, FIELD_REQUIRED, LEVEL_MIN, LEVEL_MAX, NULL, "1 to 12."},
    {"known", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, person_known_codes, "Assessed, or the person says so."},
    {"assessor", FIELD_TEXT, 0, 0, 120, NULL, "Who assessed it; needed when it was."},
    {"on_day", FIELD_DATE, 0, 0, 0, NULL, "Day of the assessment; none = today."},
    {0}};

#define READ RIGHT_API_READ
#define WRITE RIGHT_API_WRITE
const struct route person_api_routes[] = {
    {HTTP_GET, "/api/v1/persons/{i}", READ, person_one, NULL, "What is recorded once about a person.",
     ROUTE_API | ROUTE_TRACED, NULL, "Person"},
    {HTTP_POST, "/api/v1/persons/{i}/languages", WRITE, language_add, language_fields,
     "Notes, changes or takes off a language.", ROUTE_API, NULL, "Person"},
    {HTTP_POST, "/api/v1/persons/{i}/preferred", WRITE, preferred_set, person_preferred_fields,
     "Chooses the language of messages.", ROUTE_API, NULL, "Person"},
    {HTTP_POST, "/api/v1/persons/{i}/limited-data", WRITE, data_set, person_limited_fields,
     "Text only, or files as they are.", ROUTE_API, NULL, "Person"},
    {HTTP_POST, "/api/v1/persons/{i}/levels", WRITE, level_add, level_fields, "Notes a level of English or French.",
     ROUTE_API, NULL, "Person"},
    {HTTP_POST, "/api/v1/persons/{i}/levels/{i}/withdraw", WRITE, level_end, person_why_fields,
     "Withdraws a wrong finding; it stays visible.", ROUTE_API, NULL, "Person"},
    {HTTP_POST, "/api/v1/persons/{i}/disclosures", WRITE, disclosure_add, person_disclosure_fields,
     "Notes what was passed on outside the service.", ROUTE_API, NULL, "Person"},
    {HTTP_POST, "/api/v1/persons/{i}/erasure", WRITE, ask_for, person_ask_for_fields,
     "Writes down that the person asks to have everything deleted.", ROUTE_API, NULL, "Person"},
    {HTTP_GET, "/api/v1/persons/{i}/twins", READ, twins_list, NULL, "Records that may be of the same person.",
     ROUTE_API | ROUTE_TRACED, NULL, "Twins"},
    {HTTP_POST, "/api/v1/persons/{i}/twins/{i}/merge", WRITE, twin_merge, NULL,
     "Puts the second record into the first.", ROUTE_API, NULL, "Person"},
    {HTTP_POST, "/api/v1/persons/{i}/part", WRITE, twin_part, NULL, "Takes the newest merge back.", ROUTE_API, NULL,
     "Person"},
    {HTTP_GET, "/api/v1/my-data", RIGHT_PERSON, own_one, NULL, "All that is recorded about the person who asks.",
     ROUTE_API | ROUTE_TRACED, NULL, "MyData"},
    {HTTP_POST, "/api/v1/my-data/languages", RIGHT_PERSON, own_language, language_fields,
     "Notes, changes or takes off one's own language.", ROUTE_API, NULL, "MyData"},
    {HTTP_POST, "/api/v1/my-data/preferred", RIGHT_PERSON, own_preferred, person_preferred_fields,
     "Chooses the language of messages to oneself.", ROUTE_API, NULL, "MyData"},
    {HTTP_POST, "/api/v1/my-data/limited-data", RIGHT_PERSON, own_data, person_limited_fields,
     "Text only, or files as they are.", ROUTE_API, NULL, "MyData"},
    {HTTP_POST, "/api/v1/my-data/consents/{i}/withdraw", RIGHT_PERSON, own_consent, NULL,
     "Withdraws one's own consent at once.", ROUTE_API, NULL, "MyData"},
    {HTTP_GET, "/api/v1/my-data/erasure", RIGHT_PERSON, own_request, NULL, "One's own request to delete, the newest.",
     ROUTE_API, NULL, "ErasureRequest"},
    {HTTP_POST, "/api/v1/my-data/erasure", RIGHT_PERSON, own_ask, person_erasure_fields,
     "Asks to have everything deleted.", ROUTE_API, NULL, "ErasureRequest"},
    {HTTP_POST, "/api/v1/my-data/erasure/take-back", RIGHT_PERSON, own_take_back, NULL, "Takes the request back.",
     ROUTE_API, NULL, "ErasureRequest"},
    {HTTP_GET, "/api/v1/retention", RIGHT_STAFF, retention_json_get, NULL,
     "How long what is over is kept, how much is due, and what went.", ROUTE_API, NULL, "Retention"},
    {HTTP_POST, "/api/v1/retention", RIGHT_ADMIN, retention_json_post, person_retention_fields,
     "Changes how long it is kept; what is not named stays.", ROUTE_API, NULL, "Retention"},
    {HTTP_GET, "/api/v1/privacy-requests", RIGHT_STAFF, requests_list, NULL,
     "Requests to delete, for privacy officers and the administrator.", ROUTE_API, NULL, "ErasureRequests"},
    {HTTP_POST, "/api/v1/privacy-requests/{i}/erase", RIGHT_STAFF, request_erase, person_erase_fields,
     "Erases the person.", ROUTE_API, NULL, "ErasureRequest"},
    {HTTP_POST, "/api/v1/privacy-requests/{i}/decline", RIGHT_STAFF, request_decline, person_decline_fields,
     "Declines with a reason.", ROUTE_API, NULL, "ErasureRequest"},
    {0},
};

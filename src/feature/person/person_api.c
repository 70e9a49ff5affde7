/* SPDX-License-Identifier: EUPL-1.2 */
/* Persons as JSON: the record, languages, levels, disclosures, records of the same person; one's own data; requests to
 * delete. Times RFC 3339 UTC, ids 13 characters. */
#include "core/access.h"
#include "feature/person/person_fields.h"
#include "feature/person/person_pages.h"
#include "json/json.h"

static enum pw_err finish(const struct json_w *w)
{
    return json_w_ok(w) ? PW_OK : PW_INTERNAL;
}

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
    return finish(&w);
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
    return finish(&w);
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
    return finish(&w);
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
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_key(&w, "requests");
    json_w_array(&w);
    for (size_t i = 0; i < n; i++)
        write_request(&w, &v[i]);
    json_w_end(&w);
    json_w_end(&w);
    return finish(&w);
}

static enum pw_err request_now(struct http_req *q, struct http_res *r)
{
    struct erasure e;
    struct person_traces t;
    struct json_w w;
    PW_TRY(erasure_get(q->ctx, q->arg[0], &e, &t));
    json_w_init(&w, &r->body);
    write_request(&w, &e);
    return finish(&w);
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

#define S API_S
#define S_N "{\"type\":[\"string\",\"null\"]}"
#define I API_I
#define B API_B
#define ID_S API_ID
#define TIME_N API_TIME_N
#define P API_P
#define LAST(name, type) "\"" name "\":" type
#define OBJECT(members) "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{" members "}}"
#define ARRAY API_ARRAY
#define LANGUAGE OBJECT(P("language", S) P("speaks", B) LAST("reads", B))
#define LEVEL                                                                                                          \
    OBJECT(P("id", ID_S) P("scale", S) P("skill", S) P("level", I) P("known", S) P("assessor", S) P("day", S)          \
               P("noted_by", S) LAST("withdrawn", TIME_N))
#define APP OBJECT(P("kind", S) P("since", TIME_N) LAST("wants_no_messages", B))
#define PLACE                                                                                                          \
    OBJECT(P("community", ID_S) P("name", S) P("membership", S_N) P("request", S_N) P("asked", TIME_N)                 \
               P("joined", TIME_N) P("ended", TIME_N) P("language_of_messages", S) P("reached_by", S)                  \
                   LAST("guidelines_version_accepted", I))
#define CONSENT                                                                                                        \
    OBJECT(P("id", ID_S) P("purpose", S) P("organisation", S) P("given", TIME_N) P("expires", TIME_N)                  \
               P("withdrawn", TIME_N) LAST("in_force", B))
#define DISCLOSURE OBJECT(P("what", S) P("to", S) P("basis", S) P("reason", S) P("given", TIME_N) LAST("by", S))
#define PANEL OBJECT(P("about", S) LAST("lines", ARRAY(OBJECT(P("text", S) LAST("note", S)))))
#define MESSAGE OBJECT(P("at", TIME_N) P("community", S) P("from", S) P("text", S) LAST("with_file", B))
#define RECORD                                                                                                         \
    P("name", S)                                                                                                       \
    P("preferred_language", S)                                                                                         \
    P("text_only", B)                                                                                                  \
    P("known_since", TIME_N)                                                                                           \
    P("languages", ARRAY(LANGUAGE))                                                                                    \
    P("language_levels", ARRAY(LEVEL))                                                                                 \
    P("apps", ARRAY(APP))                                                                                              \
    P("communities", ARRAY(PLACE))                                                                                     \
    P("consents", ARRAY(CONSENT)) P("disclosures", ARRAY(DISCLOSURE))

const struct api_schema person_api_schemas[] = {
    {"Person", OBJECT(P("id", ID_S) RECORD LAST("more", ARRAY(PANEL)))},
    {"MyData", OBJECT(P("written", TIME_N) RECORD P("more", ARRAY(PANEL)) P("said_in_communities", ARRAY(MESSAGE))
                          P("private_messages", ARRAY(MESSAGE)) LAST("older_messages_left_out", B))},
    {"Twins", OBJECT(P("twins", ARRAY(OBJECT(P("id", ID_S) P("name", S) P("same_name", B) P("same_number", B)
                                                 LAST("may_merge", B)))) LAST("more", B))},
    {"ErasureRequest", OBJECT(P("id", ID_S) P("person", ID_S) P("name", S) P("state", S) P("words", S) P("reason", S)
                                  P("asked", TIME_N) LAST("decided", TIME_N))},
    {"Retention", OBJECT(P("rules", ARRAY(OBJECT(P("kind", S) P("days", I) LAST("due", I)))) LAST(
                      "runs", ARRAY(OBJECT(P("kind", S) P("days", I) P("records", I) LAST("at", TIME_N)))))},
    {"ErasureRequests", OBJECT(LAST("requests", ARRAY("{\"$ref\":\"#/components/schemas/ErasureRequest\"}")))},
    {0},
};

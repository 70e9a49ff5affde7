/* SPDX-License-Identifier: EUPL-1.2 */
/* Reports and what was done about them, for machines: codes, ids and times, never the words of persons. */
#include "base/id.h"
#include "core/access.h"
#include "feature/moderation/moderation_pages.h"
#include "feature/moderation/review_store.h"
#include "http/api.h"

static void write_item(struct json_w *w, const struct mod_item *it)
{
    static const char *const states[] = {"open", "granted", "declined"};
    json_w_object(w);
    json_w_kv_id(w, "id", it->id);
    json_w_kv_id(w, "community", it->community_id);
    json_w_kv_z(w, "kind", mod_item_kind_code(it->kind));
    json_w_kv_z(w, "state", states[it->state]);
    json_w_kv_sv(w, "category", it->category);
    json_w_kv_bool(w, "urgent", it->urgent);
    json_w_kv_bool(w, "overdue", it->overdue);
    json_w_kv_id(w, "message", it->message_id);
    json_w_kv_id(w, "sanction", it->action_id);
    json_w_kv_time(w, "at", it->at_ms);
    json_w_kv_time(w, "start", it->start_ms);
    json_w_kv_time(w, "due", it->due_ms);
    json_w_kv_time(w, "decided", it->decided_ms);
    json_w_end(w);
}

static enum pw_err review_list_api(struct http_req *q, struct http_res *r)
{
    enum mod_item_kind kind;
    struct mod_item *v;
    size_t n;
    struct review_filter f = {
        .community_id = http_int(q, "community"), .kind = -1, .done = http_int(q, "done") != 0, .limit = API_PAGE_MAX};
    if (mod_item_kind_parse(http_text(q, "kind"), &kind))
        f.kind = (int)kind;
    PW_TRY(review_list(q->ctx, &f, &v, &n));
    struct json_w w;
    api_list_begin(&w, r, "items");
    for (size_t i = 0; i < n; i++)
        write_item(&w, &v[i]);
    return api_list_whole(&w);
}

static enum pw_err report_add(struct http_req *q, struct http_res *r)
{
    struct message m;
    struct mod_item it;
    int64_t id = 0;
    PW_TRY(message_get(q->ctx, q->arg[0], &m));
    PW_TRY(report_send(q->ctx, m.community_id, m.id, http_text(q, "category"), http_text(q, "words"), &id));
    PW_TRY(item_row(q->ctx, id, &it));
    struct json_w w;
    json_w_init(&w, &r->body);
    write_item(&w, &it);
    r->status = 201;
    return api_done(&w);
}

static enum pw_err sanctions_list(struct http_req *q, struct http_res *r)
{
    struct mod_action *v;
    size_t n;
    int64_t at[API_CURSOR_PARTS], size = api_page_size(q);
    PW_TRY(api_cursor(q, at));
    PW_TRY(moderation_log(q->ctx, q->arg[0], 0, at[0], size, &v, &n));
    struct json_w w;
    api_list_begin(&w, r, "sanctions");
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_id(&w, "id", v[i].id);
        json_w_kv_id(&w, "person", v[i].person_id);
        json_w_kv_id(&w, "message", v[i].message_id);
        json_w_kv_sv(&w, "category", v[i].category);
        json_w_kv_sv(&w, "ladder", v[i].ladder);
        json_w_kv_int(&w, "step", v[i].step);
        json_w_kv_sv(&w, "acts", v[i].acts);
        json_w_kv_id(&w, "by", v[i].by_person);
        json_w_kv_time(&w, "at", v[i].at_ms);
        json_w_kv_time(&w, "expires", v[i].expires_ms);
        json_w_kv_time(&w, "taken_back", v[i].undone_ms);
        json_w_end(&w);
    }
    return api_list_end(&w, q->arena, (int64_t)n == size, n ? v[n - 1].id : 0, 0, 0);
}

static enum pw_err automatic_one(struct http_req *q, struct http_res *r)
{
    struct community com;
    struct mod_settings set;
    const struct auto_set *s = &set.automatic;
    struct json_w w;
    PW_TRY(need_admin(q->ctx, q->arg[0], &com));
    PW_TRY(moderation_settings(q->ctx, com.id, &set));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "community", com.id);
    json_w_kv_z(&w, "mode", auto_mode_code(s->mode));
    json_w_kv_int(&w, "flood", s->flood);
    json_w_kv_int(&w, "mute_minutes", s->mute_minutes);
    json_w_kv_int(&w, "wave", s->wave);
    json_w_kv_int(&w, "wave_minutes", s->wave_minutes);
    json_w_kv_int(&w, "wave_hold", s->wave_hold);
    json_w_kv_int(&w, "new_days", s->new_days);
    json_w_kv_int(&w, "mentions", s->mentions);
    json_w_kv_bool(&w, "links", s->links);
    json_w_kv_bool(&w, "forwarded", s->forwarded);
    json_w_kv_bool(&w, "first_image", s->first_image);
    json_w_kv_sv(&w, "words", s->words);
    json_w_end(&w);
    return api_done(&w);
}

static enum pw_err automatic_save(struct http_req *q, struct http_res *r)
{
    struct auto_set s = automatic_typed(q);
    PW_TRY(automatic_set(q->ctx, q->arg[0], &s));
    return automatic_one(q, r);
}

static enum pw_err automatic_decided(struct http_req *q, struct http_res *r)
{
    struct mod_item it;
    struct json_w w;
    PW_TRY(automatic_decide(q->ctx, q->arg[0], sv_eq_z(http_text(q, "right"), "yes")));
    PW_TRY(item_row(q->ctx, q->arg[0], &it));
    json_w_init(&w, &r->body);
    write_item(&w, &it);
    return api_done(&w);
}

static const char *const kinds[] = {"report", "appeal", "readmission", "personal", "opportunity", "automatic", NULL};
static const char *const categories[] = {"off-topic",         "offensive",  "advertising", "privacy",
                                         "false-information", "disrespect", "illegal",     "harassment",
                                         "violence",          "self-harm",  NULL};
static const struct field review_query[] = {{"community", FIELD_ID, 0, 0, 0, NULL, "Only this community."},
                                            {"kind", FIELD_CHOICE, 0, 0, 0, kinds, "Only this kind."},
                                            {"done", FIELD_BOOL, 0, 0, 0, NULL, "Those already decided."},
                                            {0}};
static const struct field report_fields[] = {
    {"category", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, categories, "What is wrong with it."},
    {"words", FIELD_LINES, 0, 0, 2000, NULL, "Anything to add."},
    {0}};
static const struct field page_query[] = {API_PAGE_FIELDS, {0}};

const struct route moderation_api_routes[] = {
    {HTTP_GET, "/api/v1/review", RIGHT_API_READ, review_list_api, review_query,
     "What waits for a decision, by urgency; at most 200.", ROUTE_API, NULL, "ReviewItems"},
    {HTTP_POST, "/api/v1/messages/{i}/reports", RIGHT_API_WRITE, report_add, report_fields, "Reports a message.",
     ROUTE_API, NULL, "ReviewItem"},
    {HTTP_GET, "/api/v1/communities/{i}/sanctions", RIGHT_API_READ, sanctions_list, page_query,
     "The moderation log, newest first.", ROUTE_API, NULL, "Sanctions"},
    {HTTP_GET, "/api/v1/communities/{i}/automatic-rules", RIGHT_API_READ, automatic_one, NULL,
     "Automatic rules against floods.", ROUTE_API, NULL, "AutomaticRules"},
    {HTTP_POST, "/api/v1/communities/{i}/automatic-rules", RIGHT_API_WRITE, automatic_save, automatic_fields,
     "Saves the automatic rules.", ROUTE_API, NULL, "AutomaticRules"},
    {HTTP_POST, "/api/v1/review/{i}/automatic", RIGHT_API_WRITE, automatic_decided, automatic_decide_fields,
     "Keeps what an automatic rule did, or takes it back.", ROUTE_API, NULL, "ReviewItem"},
    {0},
};

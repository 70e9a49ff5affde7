/* SPDX-License-Identifier: EUPL-1.2 */
/* What has to be done by hand, what was said there, and calls, as JSON. Tasks carry the words to copy: whoever reads
 * them must be able to act on them, and reading them is on record. */
#include "base/civil.h"
#include "base/id.h"
#include "core/access.h"
#include "feature/assisted/assisted.h"
#include "http/api.h"

static const char *const state_codes[] = {"by-hand", "done", "failed", NULL};
static const enum out_state states[] = {OUT_BY_HAND, OUT_SENT, OUT_FAILED};

/* ---- tasks ---- */

static void write_task(struct json_w *w, const struct hand_task *t)
{
    json_w_object(w);
    json_w_kv_id(w, "id", t->outbox_id);
    json_w_kv_id(w, "community", t->community_id);
    json_w_kv_sv(w, "app", t->app);
    json_w_kv_sv(w, "channel", t->channel_name);
    json_w_kv_sv(w, "link", t->link);
    json_w_kv_z(w, "act", hand_op_code(t->op));
    json_w_kv_bool(w, "private", t->private_word);
    json_w_kv_bool(w, "bulk", t->bulk);
    json_w_kv_sv(w, "who", t->who);
    json_w_kv_sv(w, "text", t->text);
    json_w_kv_id(w, "file_of", t->file_of);
    json_w_kv_time(w, "created", t->created_ms);
    json_w_kv_time(w, "due", t->due_ms);
    json_w_kv_time(w, "until", t->until_ms);
    json_w_kv_sv(w, "reason", t->reason);
    json_w_end(w);
}

static enum pw_err tasks_list(struct http_req *q, struct http_res *r)
{
    enum out_state state = OUT_BY_HAND;
    struct hand_task *v;
    size_t n;
    struct json_w w;
    for (size_t i = 0; state_codes[i]; i++)
        if (sv_eq_z(http_text(q, "state"), state_codes[i]))
            state = states[i];
    PW_TRY(hand_tasks(q->ctx, http_int(q, "community"), state, &v, &n));
    api_list_begin(&w, r, "tasks");
    for (size_t i = 0; i < n; i++)
        write_task(&w, &v[i]);
    return api_list_whole(&w);
}

static enum pw_err now_is(struct http_req *q, struct http_res *r, enum pw_err e, const char *state)
{
    struct json_w w;
    PW_TRY(e);
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "id", q->arg[0]);
    json_w_kv_z(&w, "state", state);
    json_w_end(&w);
    return api_done(&w);
}

static enum pw_err task_done(struct http_req *q, struct http_res *r)
{
    return now_is(q, r, hand_done(q->ctx, q->arg[0], true, (struct sv){0}), "done");
}

static enum pw_err task_could_not(struct http_req *q, struct http_res *r)
{
    return now_is(q, r, hand_done(q->ctx, q->arg[0], false, http_text(q, "reason")), "failed");
}

static enum pw_err task_back(struct http_req *q, struct http_res *r)
{
    return now_is(q, r, hand_take_back(q->ctx, q->arg[0]), "by-hand");
}

static enum pw_err acts_list(struct http_req *q, struct http_res *r)
{
    struct hand_act *v;
    size_t n;
    int64_t at[API_CURSOR_PARTS], size = api_page_size(q);
    struct json_w w;
    PW_TRY(api_cursor(q, at));
    PW_TRY(hand_log(q->ctx, q->arg[0], at[0], at[1], size, &v, &n));
    api_list_begin(&w, r, "acts");
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_id(&w, "id", v[i].id);
        json_w_kv_id(&w, "task", v[i].outbox_id);
        json_w_kv_sv(&w, "act", v[i].op);
        json_w_kv_sv(&w, "result", v[i].result);
        json_w_kv_sv(&w, "reason", v[i].reason);
        json_w_kv_id(&w, "by", v[i].by_person);
        json_w_kv_time(&w, "at", v[i].at_ms);
        json_w_end(&w);
    }
    return api_list_end(&w, q->arena, (int64_t)n == size, n ? v[n - 1].at_ms : 0, n ? v[n - 1].id : 0, 0);
}

/* ---- what was said there ---- */

static enum pw_err groups_list(struct http_req *q, struct http_res *r)
{
    struct hand_place *v;
    size_t n;
    struct json_w w;
    PW_TRY(hand_places(q->ctx, &v, &n));
    api_list_begin(&w, r, "groups");
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_id(&w, "id", v[i].id);
        json_w_kv_id(&w, "community", v[i].community_id);
        json_w_kv_sv(&w, "app", v[i].app);
        json_w_kv_sv(&w, "channel", v[i].channel_name);
        json_w_kv_sv(&w, "group", v[i].chat);
        json_w_end(&w);
    }
    return api_list_whole(&w);
}

static enum pw_err paste_read(struct http_req *q, struct http_res *r)
{
    struct paste *p = arena_new(q->arena, struct paste);
    bool *ours = arena_array(q->arena, bool, PASTE_MAX);
    struct json_w w;
    if (!p || !ours)
        return PW_UNAVAILABLE;
    PW_TRY(paste_preview(q->ctx, q->arg[0], http_text(q, "text"), p, ours));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_key(&w, "messages");
    json_w_array(&w);
    for (size_t i = 0; i < p->n; i++) {
        char day[CIVIL_DATE_TEXT];
        int64_t minutes = p->v[i].local_ms % CIVIL_DAY_MS / 60000;
        json_w_object(&w);
        json_w_kv_sv(&w, "author", p->v[i].author);
        json_w_kv_sv(&w, "text", p->v[i].text);
        json_w_key(&w, "at");
        if (p->v[i].dated)
            json_w_sv(&w, arena_fmt(q->arena, "%.*sT%02lld:%02lld",
                                    SV_ARG(civil_date_text(p->v[i].local_ms / CIVIL_DAY_MS, day)),
                                    (long long)(minutes / 60), (long long)(minutes % 60)));
        else
            json_w_null(&w);
        json_w_kv_bool(&w, "ours", ours[i]);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_kv_int(&w, "notices", (int64_t)p->notices);
    json_w_kv_bool(&w, "more", p->more);
    json_w_end(&w);
    return api_done(&w);
}

static enum pw_err paste_add(struct http_req *q, struct http_res *r)
{
    const struct http_value *ours = http_value(q, "ours");
    struct paste_made made;
    struct json_w w;
    PW_TRY(paste_take(q->ctx, q->arg[0], http_text(q, "text"), ours->many, ours->n_many, &made));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_int(&w, "messages", made.taken);
    json_w_kv_int(&w, "ours", made.ours);
    json_w_end(&w);
    return api_done(&w);
}

/* ---- calls and visits ---- */

static enum pw_err call_add(struct http_req *q, struct http_res *r)
{
    struct call_new n = {.community_id = q->arg[0],
                         .person_id = http_int(q, "person"),
                         .name = http_text(q, "name"),
                         .phone = http_text(q, "phone"),
                         .lang = http_text(q, "lang"),
                         .accepted = http_int(q, "accepted") != 0,
                         .visit = sv_eq_z(http_text(q, "kind"), "visit"),
                         .to_public = http_int(q, "public") != 0,
                         .at = http_text(q, "at"),
                         .text = http_text(q, "text"),
                         .through = http_text(q, "through")};
    struct message_made made;
    struct question asked;
    struct json_w w;
    PW_TRY(call_enter(q->ctx, &n, &made));
    PW_TRY(question_get(q->ctx, made.question_id, &asked));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "question", asked.id);
    json_w_kv_id(&w, "message", asked.message_id);
    json_w_kv_id(&w, "person", asked.author);
    json_w_kv_time(&w, "start", asked.start_ms);
    json_w_kv_time(&w, "due", asked.due_ms);
    json_w_end(&w);
    r->status = 201;
    return api_done(&w);
}

/* ---- routes ---- */

static const struct field tasks_query[] = {{"community", FIELD_ID, 0, 0, 0, NULL, "Only this community."},
                                           {"state", FIELD_CHOICE, 0, 0, 0, state_codes, "by-hand when absent."},
                                           {0}};
static const char *const reason_codes[] = {"no-right", "not-there", "not-reached", "other", NULL};
static const struct field could_not_fields[] = {
    {"reason", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, reason_codes, "Why it could not be done."}, {0}};
static const struct field page_query[] = {API_PAGE_FIELDS, {0}};
#define PASTED                                                                                                         \
    {                                                                                                                  \
        "text", FIELD_LINES, FIELD_REQUIRED, 1, 60000, NULL, "The copied conversation."                                \
    }
static const struct field read_fields[] = {PASTED, {0}};
static const struct field take_fields[] = {
    PASTED, {"ours", FIELD_CHOICES, 0, 0, 200, NULL, "Names in the group that are ours."}, {0}};
static const char *const call_kinds[] = {"phone", "visit", NULL};
static const struct field call_fields[] = {
    {"person", FIELD_ID, 0, 0, 0, NULL, "A member; none = a new person."},
    {"name", FIELD_TEXT, 0, 0, 80, NULL, "Name of a new person."},
    {"phone", FIELD_TEXT, 0, 0, 40, NULL, "Number to call back."},
    {"lang", FIELD_TEXT, 0, 0, 12, NULL, "Language of the person."},
    {"kind", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, call_kinds, "Call or visit."},
    {"at", FIELD_TIME, 0, 0, 0, NULL, "When it was, by the community's clock; none = now."},
    {"text", FIELD_LINES, FIELD_REQUIRED, 1, 4000, NULL, "What the person asks."},
    {"accepted", FIELD_BOOL, 0, 0, 0, NULL, "The person accepts the guidelines."},
    {"public", FIELD_BOOL, 0, 0, 0, NULL, "The community may see it."},
    {"through", FIELD_TEXT, 0, 0, 40, NULL, "Who passed the words on: booking:ID, interpreter:ID, family; none."},
    {0}};

#define READ RIGHT_API_READ
#define WRITE RIGHT_API_WRITE
const struct route assisted_api_routes[] = {
    {HTTP_GET, "/api/v1/by-hand", READ, tasks_list, tasks_query, "What has to be done by hand, as it falls due.",
     ROUTE_API | ROUTE_TRACED, NULL, "HandTasks"},
    {HTTP_POST, "/api/v1/by-hand/{i}/done", WRITE, task_done, NULL, "It is done in the app.", ROUTE_API, NULL,
     "HandState"},
    {HTTP_POST, "/api/v1/by-hand/{i}/could-not", WRITE, task_could_not, could_not_fields, "It could not be done.",
     ROUTE_API, NULL, "HandState"},
    {HTTP_POST, "/api/v1/by-hand/{i}/back", WRITE, task_back, NULL, "Said too soon: back on the list.", ROUTE_API, NULL,
     "HandState"},
    {HTTP_GET, "/api/v1/communities/{i}/by-hand", READ, acts_list, page_query, "Who did what by hand, newest first.",
     ROUTE_API, NULL, "HandActs"},
    {HTTP_GET, "/api/v1/by-hand/groups", READ, groups_list, NULL, "Groups by hand.", ROUTE_API, NULL, "HandGroups"},
    {HTTP_POST, "/api/v1/by-hand/groups/{i}/read", WRITE, paste_read, read_fields,
     "Shows what is read in a copied conversation; keeps nothing.", ROUTE_API, NULL, "PastedMessages"},
    {HTTP_POST, "/api/v1/by-hand/groups/{i}/messages", WRITE, paste_add, take_fields, "Takes a conversation in.",
     ROUTE_API, NULL, "PasteTaken"},
    {HTTP_POST, "/api/v1/communities/{i}/calls", WRITE, call_add, call_fields,
     "Enters a call or a visit; a new person becomes a member.", ROUTE_API, NULL, "CallEntered"},
    {0},
};

/* SPDX-License-Identifier: EUPL-1.2 */
/* Posts and their progress as JSON, and saved answers that resemble a text (KB-3). Times RFC 3339 UTC, ids 13
 * characters. */
#include "base/id.h"
#include "feature/publishing/publishing_pages.h"

enum { SIMILAR = 3 };

static void write_post(struct json_w *w, const struct post *p)
{
    json_w_object(w);
    json_w_kv_id(w, "id", p->id);
    json_w_kv_id(w, "community", p->community_id);
    json_w_kv_sv(w, "type", p->type);
    json_w_kv_z(w, "state", post_state_code(p->state));
    json_w_kv_bool(w, "paused", p->paused);
    json_w_kv_sv(w, "lang", p->lang);
    json_w_kv_sv(w, "title", p->title);
    json_w_kv_sv(w, "body", p->body);
    json_w_kv_bool(w, "out_of_date", p->out_of_date);
    json_w_kv_sv(w, "source", p->source);
    json_w_kv_sv(w, "checked_on", p->checked_on);
    json_w_kv_sv(w, "only_lang", p->only_lang);
    json_w_kv_sv(w, "only_channel", p->only_channel);
    json_w_kv_time(w, "starts", p->starts_ms);
    json_w_kv_time(w, "expires", p->expires_ms);
    json_w_kv_time(w, "published", p->published_ms);
    json_w_kv_time(w, "ended", p->ended_ms);
    json_w_key(w, "message");
    json_w_id(w, p->message_id);
    json_w_end(w);
}

static enum pw_err one(struct http_req *q, struct http_res *r, int64_t id)
{
    struct post p;
    struct json_w w;
    PW_TRY(post_get(q->ctx, id, &p));
    json_w_init(&w, &r->body);
    write_post(&w, &p);
    return api_done(&w);
}

static enum pw_err posts_list(struct http_req *q, struct http_res *r)
{
    struct post_filter f = {
        .community_id = q->arg[0], .type = http_text(q, "type"), .state = -1, .limit = api_page_size(q)};
    enum post_state s;
    int64_t at[API_CURSOR_PARTS];
    struct post *v;
    struct post_count *counts;
    size_t n, n_counts;
    struct json_w w;
    if (post_state_parse(http_text(q, "state"), &s))
        f.state = (int)s;
    PW_TRY(api_cursor(q, at));
    f.before_ms = at[0];
    f.before_id = at[1];
    PW_TRY(post_list(q->ctx, &f, &v, &n));
    PW_TRY(post_counts(q->ctx, f.community_id, &counts, &n_counts));
    api_list_begin(&w, r, "posts");
    for (size_t i = 0; i < n; i++)
        write_post(&w, &v[i]);
    api_rows_end(&w);
    json_w_key(&w, "counts");
    json_w_array(&w);
    for (size_t i = 0; i < n_counts; i++) {
        json_w_object(&w);
        json_w_kv_sv(&w, "type", counts[i].type);
        json_w_kv_int(&w, "all", counts[i].n);
        json_w_kv_int(&w, "shown", counts[i].shown);
        json_w_end(&w);
    }
    json_w_end(&w);
    bool more = (int64_t)n == f.limit;
    return api_end(&w, q->arena, more, more ? v[n - 1].created_ms : 0, more ? v[n - 1].id : 0, 0);
}

static enum pw_err calendar(struct http_req *q, struct http_res *r)
{
    struct post_date *v;
    size_t n;
    struct json_w w;
    PW_TRY(post_calendar(q->ctx, q->arg[0], &v, &n));
    api_list_begin(&w, r, "dates");
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_time(&w, "at", v[i].at_ms);
        json_w_kv_z(&w, "what", v[i].ends ? "ends" : "leaves");
        json_w_kv_id(&w, "post", v[i].post.id);
        json_w_kv_sv(&w, "type", v[i].post.type);
        json_w_kv_sv(&w, "title", v[i].post.title);
        json_w_end(&w);
    }
    return api_list_whole(&w);
}

static enum pw_err post_one(struct http_req *q, struct http_res *r)
{
    return one(q, r, q->arg[0]);
}

/* The words live in `words`. */
static struct post_edit given(struct http_req *q, struct post_words *words)
{
    *words =
        (struct post_words){.lang = http_text(q, "lang"), .title = http_text(q, "title"), .body = http_text(q, "body")};
    return post_edit_of(q, words, 1);
}

static enum pw_err posts_add(struct http_req *q, struct http_res *r)
{
    struct post_words words;
    int64_t id, corrects = http_int(q, "corrects");
    struct post_edit e = given(q, &words);
    e.corrects = &corrects;
    e.n_corrects = corrects ? 1 : 0;
    PW_TRY(post_create(q->ctx, q->arg[0], &e, &id));
    r->status = 201;
    return one(q, r, id);
}

static enum pw_err post_again(struct http_req *q, struct http_res *r)
{
    struct post_words words;
    struct post_edit e = given(q, &words);
    PW_TRY(post_write(q->ctx, q->arg[0], &e));
    return one(q, r, q->arg[0]);
}

static enum pw_err post_back(struct http_req *q, struct http_res *r)
{
    PW_TRY(post_undo(q->ctx, q->arg[0]));
    return one(q, r, q->arg[0]);
}

static enum pw_err post_add_language(struct http_req *q, struct http_res *r)
{
    PW_TRY(post_translate(q->ctx, q->arg[0], http_text(q, "lang"), http_text(q, "title"), http_text(q, "body")));
    return one(q, r, q->arg[0]);
}

static enum pw_err post_leave(struct http_req *q, struct http_res *r)
{
    PW_TRY(post_publish(q->ctx, q->arg[0], http_int(q, "people")));
    return one(q, r, q->arg[0]);
}

static enum pw_err post_hold(struct http_req *q, struct http_res *r)
{
    PW_TRY(post_pause(q->ctx, q->arg[0], http_int(q, "paused") != 0));
    return one(q, r, q->arg[0]);
}

static enum pw_err post_stop(struct http_req *q, struct http_res *r)
{
    PW_TRY(post_cancel(q->ctx, q->arg[0]));
    return one(q, r, q->arg[0]);
}

static enum pw_err post_far(struct http_req *q, struct http_res *r)
{
    struct post p;
    struct community com;
    struct progress g = {0};
    struct audience a;
    struct json_w w;
    PW_TRY(post_get(q->ctx, q->arg[0], &p));
    PW_TRY(community_get(q->ctx, p.community_id, &com));
    PW_TRY(post_audience(q->ctx, &com, &p, &a));
    if (p.message_id)
        PW_TRY(post_progress(q->ctx, &com, &p, &g));
    if (p.message_id && !g.ended)
        PW_TRY(post_can_take_back(q->ctx, &com, &p, &g));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_z(&w, "state", post_state_code(p.state));
    json_w_kv_bool(&w, "paused", p.paused);
    json_w_kv_int(&w, "people", a.people);
    json_w_kv_int(&w, "total", g.total);
    json_w_kv_int(&w, "settled", g.settled);
    json_w_kv_time(&w, "quiet_until", g.quiet_until_ms);
    json_w_key(&w, "channels");
    json_w_array(&w);
    for (size_t i = 0; i < g.n; i++) {
        const struct progress_line *l = &g.v[i];
        json_w_object(&w);
        json_w_kv_id(&w, "channel", l->channel_id);
        json_w_kv_sv(&w, "kind", l->kind);
        json_w_kv_int(&w, "to_come", l->to_come);
        json_w_kv_int(&w, "waiting", l->waiting);
        json_w_kv_int(&w, "by_hand", l->by_hand);
        json_w_kv_int(&w, "until_they_write", l->shut);
        json_w_kv_int(&w, "sent", l->sent);
        json_w_kv_int(&w, "failed", l->failed);
        json_w_kv_int(&w, "in_doubt", l->in_doubt);
        json_w_kv_int(&w, "cancelled", l->cancelled);
        json_w_kv_int(&w, "skipped", l->skipped);
        json_w_kv_int(&w, "in_group", l->in_group);
        json_w_kv_int(&w, "can_take_back", l->can);
        json_w_kv_int(&w, "taking_back", l->backing);
        json_w_kv_int(&w, "taken_back", l->back);
        json_w_kv_int(&w, "stays", l->stays);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return api_done(&w);
}

/* Offered while somebody types: what anyone may read there anyhow, so a right on the record is enough. */
static enum pw_err similar(struct http_req *q, struct http_res *r)
{
    struct community com;
    struct kb_entry *v = NULL;
    size_t n = 0;
    struct json_w w;
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &com));
    if (http_text(q, "text").n)
        PW_TRY(kb_similar(q->ctx, com.id, http_text(q, "text"), SIMILAR, &v, &n));
    api_list_begin(&w, r, "answers");
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_id(&w, "id", v[i].id);
        json_w_kv_sv(&w, "lang", v[i].lang);
        json_w_kv_sv(&w, "question", v[i].question);
        json_w_kv_sv(&w, "answer", v[i].answer);
        json_w_kv_sv(&w, "source", v[i].source);
        json_w_kv_sv(&w, "checked_on", v[i].checked_on);
        json_w_end(&w);
    }
    return api_list_whole(&w);
}

/* ---- routes ---- */

static const char *const state_codes[] = {"draft",   "scheduled", "publishing", "published",
                                          "expired", "cancelled", NULL};
static const struct field list_query[] = {{"type", FIELD_TEXT, 0, 0, 40, NULL, "Only this kind."},
                                          {"state", FIELD_CHOICE, 0, 0, 0, state_codes, "Only this state."},
                                          API_PAGE_FIELDS,
                                          {0}};
#define WORDS                                                                                                          \
    {"lang", FIELD_TEXT, FIELD_REQUIRED, 2, 8, NULL, "Language of the text."},                                         \
        {"title", FIELD_TEXT, 0, 0, 150, NULL, "Title."},                                                              \
    {                                                                                                                  \
        "body", FIELD_LINES, FIELD_REQUIRED, 1, 6000, NULL, "Text."                                                    \
    }
static const struct field words_fields[] = {WORDS, {0}};
#define FACTS_AND_WORDS                                                                                                \
    {"type", FIELD_TEXT, FIELD_REQUIRED, 1, 40, NULL, "Kind of post: information, event, job-offer, …"}, WORDS,        \
        {"source", FIELD_TEXT, 0, 0, 300, NULL, "Source; facts need it before they are published."},                   \
        {"checked_on", FIELD_DATE, 0, 0, 0, NULL, "Day of the check."},                                                \
        {"only_lang", FIELD_TEXT, 0, 0, 8, NULL, "Only members of this language."},                                    \
        {"only_channel", FIELD_TEXT, 0, 0, 40, NULL, "Only members on this kind of channel."},                         \
        {"starts", FIELD_TIME, 0, 0, 0, NULL, "When it leaves; none = ten seconds after it is published."},            \
        {"expires", FIELD_TIME, 0, 0, 0, NULL, "When it is taken down."},                                              \
        {"pinned", FIELD_DATE, 0, 0, 0, NULL, "Last day on top of the community's page."},                             \
        {"urgent", FIELD_BOOL, 0, 0, 0, NULL, "Leaves also in quiet hours."},                                          \
    {                                                                                                                  \
        "delete_there", FIELD_BOOL, 0, 0, 0, NULL, "At its end also deleted where the app allows it."                  \
    }
static const struct field add_fields[] = {
    FACTS_AND_WORDS, {"corrects", FIELD_ID, 0, 0, 0, NULL, "Message that it corrects."}, {0}};
static const struct field again_fields[] = {FACTS_AND_WORDS, {0}};
static const struct field publish_fields[] = {
    {"people", FIELD_INT, FIELD_REQUIRED, 0, 10000000, NULL, "How many people it goes to, as the progress says."}, {0}};
static const struct field pause_fields[] = {{"paused", FIELD_BOOL, 0, 0, 0, NULL, "Pause, or go on."}, {0}};
static const struct field similar_query[] = {{"text", FIELD_LINES, 0, 0, 1000, NULL, "Words being typed."}, {0}};

#define READ RIGHT_API_READ
#define WRITE RIGHT_API_WRITE
const struct route publishing_api_routes[] = {
    {HTTP_GET, "/api/v1/communities/{i}/posts", READ, posts_list, list_query, "Posts, newest first, counted by kind.",
     ROUTE_API, NULL, "Posts"},
    {HTTP_POST, "/api/v1/communities/{i}/posts", WRITE, posts_add, add_fields, "Makes a draft.", ROUTE_API, NULL,
     "Post"},
    {HTTP_GET, "/api/v1/communities/{i}/posts/calendar", READ, calendar, NULL,
     "What leaves and what is taken down by itself, soonest first.", ROUTE_API, NULL, "PostCalendar"},
    {HTTP_GET, "/api/v1/posts/{i}", READ, post_one, NULL, "One post.", ROUTE_API, NULL, "Post"},
    {HTTP_POST, "/api/v1/posts/{i}", WRITE, post_again, again_fields,
     "Writes a draft again: all facts, and the words of this language.", ROUTE_API, NULL, "Post"},
    {HTTP_POST, "/api/v1/posts/{i}/undo", WRITE, post_back, NULL, "Takes it back before it leaves: a draft again.",
     ROUTE_API, NULL, "Post"},
    {HTTP_POST, "/api/v1/posts/{i}/languages", WRITE, post_add_language, words_fields, "Adds a translation.", ROUTE_API,
     NULL, "Post"},
    {HTTP_POST, "/api/v1/posts/{i}/publish", WRITE, post_leave, publish_fields,
     "Lets it leave, in ten seconds or at its time.", ROUTE_API, NULL, "Post"},
    {HTTP_POST, "/api/v1/posts/{i}/pause", WRITE, post_hold, pause_fields, "Pauses sending, or goes on.", ROUTE_API,
     NULL, "Post"},
    {HTTP_POST, "/api/v1/posts/{i}/cancel", WRITE, post_stop, NULL,
     "Stops it, takes it down and takes back what has left, where the app allows it.", ROUTE_API, NULL, "Post"},
    {HTTP_GET, "/api/v1/posts/{i}/progress", READ, post_far, NULL, "How far it is on each channel.", ROUTE_API, NULL,
     "PostProgress"},
    {HTTP_GET, "/api/v1/communities/{s}/similar", RIGHT_ANYONE, similar, similar_query,
     "Saved answers that resemble a text, of a community by its short name.", ROUTE_API, NULL, "SimilarAnswers"},
    {0},
};

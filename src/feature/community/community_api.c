/* SPDX-License-Identifier: EUPL-1.2 */
/* Lists are read page by page: "next" of an answer is the "cursor" of the next call. Times RFC 3339 UTC, ids 13
 * characters. */
#include "community_api.h"

#include "base/id.h"
#include "feature/community/community.h"

/* ---- communities ---- */

static void write_community(struct json_w *w, const struct community *m)
{
    json_w_object(w);
    json_w_kv_id(w, "id", m->id);
    json_w_kv_sv(w, "slug", m->slug);
    json_w_kv_sv(w, "name", m->words.name);
    json_w_kv_sv(w, "purpose", m->words.purpose);
    json_w_kv_sv(w, "lang", m->words.lang);
    json_w_kv_sv(w, "languages", m->languages);
    json_w_kv_z(w, "status", community_status_code(m->status));
    json_w_kv_z(w, "mode", community_mode_code(m->mode));
    json_w_kv_z(w, "visibility", community_visibility_code(m->visibility));
    json_w_kv_z(w, "moderation", community_moderation_code(m->moderation));
    json_w_kv_sv(w, "hours", m->hours);
    json_w_kv_sv(w, "zone", m->zone);
    json_w_kv_sv(w, "calendar", m->calendar);
    json_w_kv_int(w, "standard_hours", m->standard_hours);
    json_w_kv_z(w, "clock_mode", work_mode_code(m->clock_mode));
    json_w_kv_int(w, "members", m->active_members);
    json_w_kv_int(w, "member_limit", m->member_limit);
    json_w_end(w);
}

static enum pw_err communities_list(struct http_req *q, struct http_res *r)
{
    struct community *v;
    size_t n;
    PW_TRY(community_mine(q->ctx, &v, &n));
    struct json_w w;
    api_list_begin(&w, r, "communities");
    for (size_t i = 0; i < n; i++)
        write_community(&w, &v[i]);
    return api_list_end(&w, q->arena, false, 0, 0, 0);
}

static enum pw_err community_one(struct http_req *q, struct http_res *r)
{
    struct community m;
    PW_TRY(community_get(q->ctx, q->arg[0], &m));
    if (!community_may_moderate(q->ctx, &m) && !community_may_admin(q->ctx, &m))
        return PW_NOT_FOUND; /* as in the list: only those the account works in */
    struct json_w w;
    json_w_init(&w, &r->body);
    write_community(&w, &m);
    return api_done(&w);
}

static void write_membership(struct json_w *w, const struct membership *m)
{
    json_w_object(w);
    json_w_kv_id(w, "id", m->id);
    json_w_kv_id(w, "community", m->community_id);
    json_w_kv_id(w, "person", m->person_id);
    json_w_kv_sv(w, "name", m->name);
    json_w_kv_z(w, "state", membership_state_code(m->state));
    json_w_kv_sv(w, "lang", m->lang);
    json_w_kv_sv(w, "channel", m->channel_kind);
    json_w_kv_int(w, "guidelines_version", m->guidelines_version);
    json_w_kv_int(w, "asked_version", m->asked_version);
    json_w_kv_time(w, "accepted", m->accepted_ms);
    json_w_kv_time(w, "joined", m->joined_ms);
    json_w_kv_time(w, "ended", m->ended_ms);
    json_w_end(w);
}

static enum pw_err memberships_list(struct http_req *q, struct http_res *r)
{
    int64_t at[3], size = api_page_size(q);
    struct membership *v;
    size_t n;
    enum membership_state state = MEMBER_ACTIVE;
    static const enum membership_state states[] = {MEMBER_WAITING, MEMBER_ACTIVE, MEMBER_LEFT, MEMBER_REMOVED};
    for (size_t i = 0; i < 4; i++)
        if (sv_eq_z(http_text(q, "state"), membership_state_code(states[i])))
            state = states[i];
    PW_TRY(api_cursor(q, at));
    struct community m;
    PW_TRY(community_get(q->ctx, q->arg[0], &m));
    if (!community_may_moderate(q->ctx, &m) && !community_may_admin(q->ctx, &m))
        return PW_NOT_FOUND;
    PW_TRY(http_int(q, "older") ? membership_list_older(q->ctx, q->arg[0], at[0], at[1], size, &v, &n)
                                : membership_list(q->ctx, q->arg[0], state, at[0], at[1], size, &v, &n));
    struct json_w w;
    api_list_begin(&w, r, "memberships");
    for (size_t i = 0; i < n; i++)
        write_membership(&w, &v[i]);
    return api_list_end(&w, q->arena, (int64_t)n == size, n ? v[n - 1].accepted_ms : 0, n ? v[n - 1].id : 0, 0);
}

static enum pw_err guidelines_again(struct http_req *q, struct http_res *r)
{
    int64_t n;
    struct json_w w;
    PW_TRY(guidelines_ask_again(q->ctx, q->arg[0], &n));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_int(&w, "people", n);
    json_w_end(&w);
    return api_done(&w);
}

/* ---- join requests ---- */

static void write_join(struct json_w *w, const struct join_request *j)
{
    json_w_object(w);
    json_w_kv_id(w, "id", j->id);
    json_w_kv_id(w, "community", j->community_id);
    json_w_kv_id(w, "person", j->person_id);
    json_w_kv_sv(w, "name", j->name);
    json_w_kv_z(w, "state", join_state_code(j->state));
    json_w_kv_sv(w, "lang", j->lang);
    json_w_kv_sv(w, "channel", j->channel_kind);
    json_w_kv_int(w, "guidelines_version", j->guidelines_version);
    json_w_kv_sv(w, "through", j->through);
    json_w_kv_time(w, "asked", j->asked_ms);
    json_w_kv_time(w, "decided", j->decided_ms);
    json_w_end(w);
}

static enum pw_err joins_list(struct http_req *q, struct http_res *r)
{
    int64_t at[3], size = api_page_size(q);
    struct join_request *v;
    size_t n;
    PW_TRY(api_cursor(q, at));
    PW_TRY(join_list_after(q->ctx, q->arg[0], at[0], at[1], size, &v, &n));
    struct json_w w;
    api_list_begin(&w, r, "join_requests");
    for (size_t i = 0; i < n; i++)
        write_join(&w, &v[i]);
    return api_list_end(&w, q->arena, (int64_t)n == size, n ? v[n - 1].asked_ms : 0, n ? v[n - 1].id : 0, 0);
}

static enum pw_err join_decide(struct http_req *q, struct http_res *r)
{
    bool accept = sv_eq_z(http_text(q, "decision"), "accept");
    enum membership_state state = MEMBER_NONE;
    struct sv reason = http_text(q, "reason");
    if (!accept && !reason.n)
        return problem_add(&q->problems, "reason", N_("Say why: not-audience, no-answer, incomplete or other."));
    PW_TRY(accept ? join_accept(q->ctx, q->arg[0], &state) : join_refuse(q->ctx, q->arg[0], reason));
    struct join_request j;
    PW_TRY(join_get(q->ctx, q->arg[0], &j));
    struct json_w w;
    json_w_init(&w, &r->body);
    write_join(&w, &j);
    return api_done(&w);
}

/* ---- invitations (MSG-1) ---- */

static void write_invitation(struct json_w *w, struct http_req *q, const struct invitation *x)
{
    json_w_object(w);
    json_w_kv_id(w, "id", x->id);
    json_w_kv_id(w, "community", x->community_id);
    json_w_kv_sv(w, "label", x->label);
    json_w_kv_sv(w, "code", x->code);
    json_w_kv_sv(w, "link", arena_fmt(q->arena, "%.*s/i/%.*s", SV_ARG(q->ctx->public_url), SV_ARG(x->code)));
    json_w_kv_sv(w, "source", x->source);
    json_w_kv_bool(w, "works", x->works);
    json_w_kv_int(w, "uses", x->uses);
    json_w_kv_int(w, "uses_max", x->uses_max);
    json_w_kv_int(w, "accepted", x->accepted);
    json_w_kv_id(w, "by", x->made_by);
    json_w_kv_time(w, "made", x->made_ms);
    json_w_kv_time(w, "expires", x->expires_ms);
    json_w_kv_time(w, "withdrawn", x->withdrawn_ms);
    json_w_end(w);
}

static enum pw_err invitations_list(struct http_req *q, struct http_res *r)
{
    struct invitation *v;
    size_t n;
    struct json_w w;
    PW_TRY(invitation_list(q->ctx, q->arg[0], &v, &n));
    api_list_begin(&w, r, "invitations");
    for (size_t i = 0; i < n; i++)
        write_invitation(&w, q, &v[i]);
    return api_list_end(&w, q->arena, false, 0, 0, 0);
}

static enum pw_err invitation_add(struct http_req *q, struct http_res *r)
{
    struct invitation_new n = {
        .label = http_text(q, "label"), .uses_max = http_int(q, "uses"), .last_day = http_text(q, "last_day")};
    struct invitation made;
    struct json_w w;
    PW_TRY(invitation_make(q->ctx, q->arg[0], &n, &made));
    json_w_init(&w, &r->body);
    write_invitation(&w, q, &made);
    r->status = 201;
    return api_done(&w);
}

static enum pw_err invitation_end(struct http_req *q, struct http_res *r)
{
    struct invitation *v;
    size_t n;
    struct json_w w;
    PW_TRY(invitation_withdraw(q->ctx, q->arg[0], q->arg[1]));
    PW_TRY(invitation_list(q->ctx, q->arg[0], &v, &n));
    json_w_init(&w, &r->body);
    for (size_t i = 0; i < n; i++)
        if (v[i].id == q->arg[1])
            write_invitation(&w, q, &v[i]);
    return api_done(&w);
}

/* ---- questions ---- */

static void write_answer(struct json_w *w, const struct answer *a)
{
    json_w_object(w);
    json_w_kv_id(w, "id", a->id);
    json_w_kv_sv(w, "text", a->text);
    json_w_kv_z(w, "verification", verification_code(a->verification));
    json_w_kv_bool(w, "by_staff", a->by_staff);
    json_w_kv_sv(w, "source", a->source);
    json_w_kv_sv(w, "checked_on", a->checked_on);
    json_w_kv_id(w, "entry", a->kb_entry);
    json_w_kv_time(w, "at", a->at_ms);
    json_w_end(w);
}

static void write_question(struct json_w *w, const struct question *x, const struct answer *answers, size_t n)
{
    json_w_object(w);
    json_w_kv_id(w, "id", x->id);
    json_w_kv_id(w, "community", x->community_id);
    json_w_kv_id(w, "message", x->message_id);
    json_w_kv_id(w, "author", x->author);
    json_w_kv_sv(w, "text", x->text);
    json_w_kv_sv(w, "lang", x->lang);
    json_w_kv_sv(w, "channel", x->channel_kind);
    json_w_kv_sv(w, "topic", x->topic);
    json_w_kv_sv(w, "through", x->through);
    json_w_kv_z(w, "state", question_state_code(x->state));
    json_w_kv_z(w, "rank", question_rank_code(x->rank));
    json_w_kv_bool(w, "open", x->open);
    json_w_kv_bool(w, "overdue", x->open && x->rank == RANK_OVERDUE);
    json_w_kv_bool(w, "private", x->thread_id != 0);
    json_w_kv_bool(w, "urgent", x->urgent);
    json_w_kv_time(w, "received", x->received_ms);
    json_w_kv_time(w, "start", x->start_ms);
    json_w_kv_time(w, "due", x->due_ms);
    json_w_kv_time(w, "interim", x->interim_ms);
    json_w_kv_time(w, "answered", x->answered_ms);
    json_w_kv_id(w, "assigned_to", x->assigned_to);
    json_w_kv_int(w, "answer_count", x->answers);
    json_w_key(w, "answers");
    json_w_array(w);
    for (size_t i = 0; i < n; i++)
        write_answer(w, &answers[i]);
    json_w_end(w);
    json_w_end(w);
}

static enum pw_err questions_list(struct http_req *q, struct http_res *r)
{
    int64_t at[3], size = api_page_size(q);
    PW_TRY(api_cursor(q, at));
    struct inbox_filter f = {.community_id = http_int(q, "community"),
                             .state = -1,
                             .lang = http_text(q, "language"),
                             .overdue = http_int(q, "overdue") != 0,
                             .after_rank = at[0],
                             .after_sort = at[1],
                             .after_id = at[2],
                             .limit = size};
    enum question_state state;
    if (http_text(q, "state").n && question_state_parse(http_text(q, "state"), &state))
        f.state = (int)state;
    struct question *v;
    size_t n;
    PW_TRY(inbox_list(q->ctx, &f, &v, &n));
    struct json_w w;
    api_list_begin(&w, r, "questions");
    for (size_t i = 0; i < n; i++)
        write_question(&w, &v[i], NULL, 0);
    return api_list_end(&w, q->arena, (int64_t)n == size, n ? (int64_t)v[n - 1].rank : 0, n ? v[n - 1].sort_ms : 0,
                        n ? v[n - 1].id : 0);
}

static enum pw_err write_whole_question(struct http_req *q, struct http_res *r, int64_t id)
{
    struct question_view *v = arena_new(q->arena, struct question_view);
    if (!v)
        return PW_INTERNAL;
    PW_TRY(question_view(q->ctx, id, v));
    struct json_w w;
    json_w_init(&w, &r->body);
    write_question(&w, &v->q, v->answers, v->n_answers);
    return api_done(&w);
}

static enum pw_err question_one(struct http_req *q, struct http_res *r)
{
    return write_whole_question(q, r, q->arg[0]);
}

static enum pw_err question_answer_api(struct http_req *q, struct http_res *r)
{
    struct answer_new n = {.text = http_text(q, "text"),
                           .source = http_text(q, "source"),
                           .checked_on = http_text(q, "checked_on"),
                           .kb_entry = http_int(q, "entry"),
                           .urgent = http_int(q, "urgent") != 0};
    struct answer_made made;
    if (!n.text.n && !n.kb_entry)
        return problem_add(&q->problems, "text",
                           N_("Give the text of the answer, or the id of a saved answer in \"entry\"."));
    PW_TRY(question_answer(q->ctx, q->arg[0], &n, &made));
    r->status = 201;
    return write_whole_question(q, r, q->arg[0]);
}

static enum pw_err question_assign_api(struct http_req *q, struct http_res *r)
{
    PW_TRY(question_assign(q->ctx, q->arg[0], http_int(q, "person")));
    return write_whole_question(q, r, q->arg[0]);
}

static enum pw_err question_interim_api(struct http_req *q, struct http_res *r)
{
    PW_TRY(question_interim(q->ctx, q->arg[0], http_text(q, "text")));
    return write_whole_question(q, r, q->arg[0]);
}

/* ---- messages ---- */

static void write_message(struct json_w *w, const struct message *m)
{
    bool shown = m->state == SHOWN && !m->answered_privately;
    json_w_object(w);
    json_w_kv_id(w, "id", m->id);
    json_w_kv_id(w, "community", m->community_id);
    json_w_kv_id(w, "author", m->author);
    json_w_kv_sv(w, "name", m->name);
    json_w_kv_z(w, "kind", message_kind_code(m->kind));
    json_w_kv_z(w, "state", message_state_code(m->state));
    json_w_kv_sv(w, "text", shown ? m->body : (struct sv){0});
    json_w_kv_sv(w, "lang", m->lang);
    json_w_kv_sv(w, "channel", m->channel_kind);
    json_w_kv_id(w, "question", m->question_id);
    json_w_kv_id(w, "reply_to", m->reply_to);
    json_w_kv_time(w, "at", m->shown_ms);
    json_w_end(w);
}

static enum pw_err messages_list(struct http_req *q, struct http_res *r)
{
    int64_t at[3], size = api_page_size(q);
    struct message *v;
    size_t n;
    PW_TRY(api_cursor(q, at));
    PW_TRY(message_stream(q->ctx, q->arg[0], at[0], at[1], size, &v, &n));
    struct json_w w;
    api_list_begin(&w, r, "messages");
    for (size_t i = 0; i < n; i++)
        write_message(&w, &v[i]);
    return api_list_end(&w, q->arena, (int64_t)n == size, n ? v[n - 1].shown_ms : 0, n ? v[n - 1].id : 0, 0);
}

static enum pw_err message_add(struct http_req *q, struct http_res *r)
{
    struct community com;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    struct message_new n = {.community_id = com.id,
                            .text = http_text(q, "text"),
                            .lang = http_text(q, "lang").n ? http_text(q, "lang") : lang_main(com.languages),
                            .source = http_text(q, "source"),
                            .checked_on = http_text(q, "checked_on"),
                            .post_type = http_text(q, "type"),
                            .sure = http_int(q, "sure") != 0,
                            .channel_kind = SV("web")};
    struct message_made made;
    struct message m;
    PW_TRY(message_post(q->ctx, &n, &made));
    PW_TRY(message_get(q->ctx, made.message_id, &m));
    struct json_w w;
    json_w_init(&w, &r->body);
    write_message(&w, &m);
    r->status = 201;
    return api_done(&w);
}

/* ---- routes ---- */

static const char *const states[] = {"new",      "assigned", "researching", "answered",
                                     "verified", "referred", "closed",      NULL};
static const char *const member_states[] = {"waiting", "active", "left", "removed", NULL};
static const char *const decisions[] = {"accept", "refuse", NULL};
static const char *const said_types[] = {"information",   "event",  "job-offer", "workshop",
                                         "policy-update", "prompt", "other",     NULL};

static const struct field page_query[] = {API_PAGE_FIELDS, {0}};
static const struct field membership_query[] = {
    {"state", FIELD_CHOICE, 0, 0, 0, member_states, "Only this state; none = active."},
    {"older", FIELD_BOOL, 0, 0, 0, NULL, "Only active members who accepted older guidelines."},
    API_PAGE_FIELDS,
    {0}};
static const struct field question_query[] = {
    {"community", FIELD_ID, 0, 0, 0, NULL, "Only this community."},
    {"state", FIELD_CHOICE, 0, 0, 0, states, "Only this state; none = open ones by urgency."},
    {"language", FIELD_TEXT, 0, 0, 8, NULL, "Only this language."},
    {"overdue", FIELD_BOOL, 0, 0, 0, NULL, "Only overdue ones."},
    API_PAGE_FIELDS,
    {0}};
static const struct field decide_fields[] = {
    {"decision", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, decisions, "Accept or refuse."},
    {"reason", FIELD_TEXT, 0, 0, 60, NULL, "Code of the reason of a refusal."},
    {0}};
static const struct field invitation_fields[] = {
    {"label", FIELD_TEXT, FIELD_REQUIRED, 1, 160, NULL, "For whom: a person, a sponsor group."},
    {"uses", FIELD_INT, 0, 0, 10000, NULL, "How many requests it is good for; 0 = any number."},
    {"last_day", FIELD_DATE, 0, 0, 0, NULL, "Its last day; none = no end."},
    {0}};
static const struct field answer_fields[] = {
    {"text", FIELD_LINES, 0, 0, 8000, NULL, "The answer."},
    {"source", FIELD_TEXT, 0, 0, 300, NULL, "Where it was checked; with it the answer counts as verified."},
    {"checked_on", FIELD_DATE, 0, 0, 0, NULL, "Day of the check."},
    {"entry", FIELD_ID, 0, 0, 0, NULL, "Saved answer to use."},
    {"urgent", FIELD_BOOL, 0, 0, 0, NULL, "Send now, also outside hours."},
    {0}};
static const struct field assign_fields[] = {{"person", FIELD_ID, 0, 0, 0, NULL, "Who takes it; none = nobody."}, {0}};
static const struct field interim_fields[] = {
    {"text", FIELD_LINES, 0, 0, 1000, NULL, "Own words; none = the standard sentence."}, {0}};
static const struct field message_fields[] = {
    {"text", FIELD_LINES, FIELD_REQUIRED, 1, 8000, NULL, "The message."},
    {"type", FIELD_CHOICE, 0, 0, 0, said_types, "Kind of post, for posts of staff."},
    {"source", FIELD_TEXT, 0, 0, 300, NULL, "Source; information needs it."},
    {"checked_on", FIELD_DATE, 0, 0, 0, NULL, "Day of the check."},
    {"lang", FIELD_TEXT, 0, 0, 8, NULL, "Language of the text."},
    {"sure", FIELD_BOOL, 0, 0, 0, NULL, "Publish although it looks personal."},
    {0}};

#define READ RIGHT_API_READ
#define WRITE RIGHT_API_WRITE
const struct route community_api_routes[] = {
    {HTTP_GET, "/api/v1/communities", READ, communities_list, NULL, "Communities the account works in.", ROUTE_API,
     NULL, "Communities"},
    {HTTP_GET, "/api/v1/communities/{i}", READ, community_one, NULL, "One community.", ROUTE_API, NULL, "Community"},
    {HTTP_GET, "/api/v1/communities/{i}/memberships", READ, memberships_list, membership_query,
     "Memberships, oldest acceptance first.", ROUTE_API, NULL, "Memberships"},
    {HTTP_POST, "/api/v1/communities/{i}/memberships/ask-again", WRITE, guidelines_again, NULL,
     "Asks members who accepted older guidelines to accept the newest.", ROUTE_API, NULL, "AskedAgain"},
    {HTTP_GET, "/api/v1/communities/{i}/join-requests", READ, joins_list, page_query,
     "Pending join requests, oldest first.", ROUTE_API, NULL, "JoinRequests"},
    {HTTP_POST, "/api/v1/join-requests/{i}/decision", WRITE, join_decide, decide_fields,
     "Accepts or refuses a request.", ROUTE_API, NULL, "JoinRequest"},
    {HTTP_GET, "/api/v1/communities/{i}/invitations", READ, invitations_list, NULL,
     "Invitations, newest first, for who administers; at most 500.", ROUTE_API, NULL, "Invitations"},
    {HTTP_POST, "/api/v1/communities/{i}/invitations", WRITE, invitation_add, invitation_fields, "Makes an invitation.",
     ROUTE_API, NULL, "Invitation"},
    {HTTP_POST, "/api/v1/communities/{i}/invitations/{i}/withdraw", WRITE, invitation_end, NULL,
     "Takes an invitation back.", ROUTE_API, NULL, "Invitation"},
    {HTTP_GET, "/api/v1/questions", READ, questions_list, question_query, "Questions, open ones by urgency.", ROUTE_API,
     NULL, "Questions"},
    {HTTP_GET, "/api/v1/questions/{i}", READ, question_one, NULL, "One question with its answers.",
     ROUTE_API | ROUTE_TRACED, NULL, "Question"},
    {HTTP_POST, "/api/v1/questions/{i}/answers", WRITE, question_answer_api, answer_fields, "Answers a question.",
     ROUTE_API, NULL, "Question"},
    {HTTP_POST, "/api/v1/questions/{i}/assignment", WRITE, question_assign_api, assign_fields,
     "Gives a question to someone.", ROUTE_API, NULL, "Question"},
    {HTTP_POST, "/api/v1/questions/{i}/interim", WRITE, question_interim_api, interim_fields,
     "Says that someone is looking.", ROUTE_API, NULL, "Question"},
    {HTTP_GET, "/api/v1/communities/{i}/messages", READ, messages_list, page_query,
     "The conversation, newest message first.", ROUTE_API, NULL, "Messages"},
    {HTTP_POST, "/api/v1/communities/{i}/messages", WRITE, message_add, message_fields, "Publishes a post.", ROUTE_API,
     NULL, "Message"},
    {0},
};

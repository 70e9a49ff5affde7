/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking to join and the answer (MSG-6, MSG-7): screening answers sealed, the accepted version of the guidelines on
 * record, the applicant told in the own language. */
#include "base/id.h"
#include "core/audit.h"
#include "core/document.h"
#include "core/notify.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/invitation.h"
#include "feature/community/member_actions.h"
#include "feature/community/membership_store.h"
#include "json/json.h"

enum { ANSWER_CHARS = 1000, ANSWERS_BYTES = 64 * 1024 };
static const char choice_key[] = "choice"; /* beside the ids of the screening questions */

/* ---- questions at the door ---- */

enum pw_err screening_list(struct ctx *c, int64_t community_id, struct screening **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(community_get(c, community_id, &com));
    return screening_rows(c, community_id, c->lang, lang_main(com.languages), ret, ret_n);
}

/* A new question comes last, one that is written again keeps its place. */
static enum pw_err screening_place(struct ctx *c, const struct community *com, int64_t id, int64_t *io_position)
{
    struct screening *v;
    size_t n;
    int64_t last = 0, own = 0;
    PW_TRY(screening_rows(c, com->id, c->lang, lang_main(com->languages), &v, &n));
    for (size_t i = 0; i < n; i++) {
        last = v[i].position > last ? v[i].position : last;
        own = v[i].id == id ? v[i].position : own;
    }
    if (!id && n >= SCREENING_MAX)
        return problem_add(c->problems, "text", N_("At most eight questions: stop asking one first."));
    if (!*io_position)
        *io_position = own ? own : last + 1;
    return PW_OK;
}

enum pw_err screening_write(struct ctx *c, int64_t community_id, int64_t id, int64_t position, bool required,
                            struct sv lang, struct sv text, int64_t *ret_id)
{
    struct community com;
    PW_TRY(need_admin(c, community_id, &com));
    int64_t of = 0;
    if (id)
        PW_TRY(screening_community(c, id, &of));
    if (id && of != community_id)
        return PW_NOT_FOUND;
    if (!lang_in(com.languages, lang))
        return problem_add(c->problems, "lang", N_("The community does not use this language."));
    PW_TRY(take_line(c, "text", true, 300, &text));
    PW_TRY(screening_place(c, &com, id, &position));
    if (!id)
        id = id_new();
    PW_TRY(screening_save(c, community_id, id, position, required));
    PW_TRY(screening_save_text(c, id, lang, text));
    PW_TRY(audit(c, "screening.write", "community", community_id, (struct sv){0}));
    *ret_id = id;
    return PW_OK;
}

enum pw_err screening_retire(struct ctx *c, int64_t id)
{
    struct community com;
    int64_t of = 0;
    PW_TRY(screening_community(c, id, &of));
    PW_TRY(need_admin(c, of, &com));
    PW_TRY(screening_save_retired(c, id));
    return audit(c, "screening.retire", "community", of, (struct sv){0});
}

/* ---- asking ---- */

static const char *answer_field(struct ctx *c, int64_t question_id)
{
    char id[ID_TEXT + 1];
    return arena_z(c->arena, arena_fmt(c->arena, "answer_%.*s", SV_ARG(id_text(question_id, id))));
}

static enum pw_err check_choice(struct ctx *c, const struct community *com, struct sv code)
{
    struct join_choices k;
    PW_TRY(join_choices(c, com, &k));
    for (size_t i = 0; i < k.n; i++)
        if (sv_eq(k.v[i].code, code))
            return PW_OK;
    return code.n ? problem_add(c->problems, "choice", N_("Choose one of the list.")) : PW_OK;
}

/* Answers as {"<question id>":"words"}; a required one that is missing is a problem beside its question. */
static enum pw_err take_answers(struct ctx *c, const struct community *com, const struct join_new *n, struct buf *out)
{
    struct screening *q;
    size_t n_q, before = c->problems->n;
    PW_TRY(screening_rows(c, com->id, n->lang, lang_main(com->languages), &q, &n_q));
    struct json_w w;
    json_w_init(&w, out);
    json_w_object(&w);
    for (size_t i = 0; i < n_q; i++) {
        struct sv text = {0};
        for (size_t k = 0; k < n->n_answers; k++)
            if (n->answers[k].question_id == q[i].id)
                text = n->answers[k].answer;
        enum pw_err e = take_text(c, answer_field(c, q[i].id), q[i].required, ANSWER_CHARS, &text);
        if (e != PW_OK && e != PW_INVALID)
            return e;
        char id[ID_TEXT + 1];
        json_w_key_sv(&w, id_text(q[i].id, id));
        json_w_sv(&w, text);
    }
    NOTED(check_choice(c, com, n->choice));
    if (n->choice.n)
        json_w_kv_sv(&w, choice_key, n->choice);
    json_w_end(&w);
    if (c->problems->n > before)
        return PW_INVALID;
    return json_w_ok(&w) ? PW_OK : PW_INTERNAL;
}

enum pw_err guidelines_version(struct ctx *c, const struct community *com, struct sv lang, int64_t *ret_version)
{
    struct doc_text now = {0};
    if (com->guidelines_doc)
        PW_TRY(doc_read(c, com->guidelines_doc, lang, 0, &now));
    *ret_version = now.version;
    return PW_OK;
}

static enum pw_err check_guidelines(struct ctx *c, const struct community *com, const struct join_new *n)
{
    int64_t now = 0;
    PW_TRY(guidelines_version(c, com, n->lang, &now));
    if (!now)
        return PW_OK;
    if (!n->guidelines_version)
        return problem_add(c->problems, "guidelines", N_("Please read the guidelines and accept them to join."));
    if (n->guidelines_version != now)
        return problem_add(c->problems, "guidelines",
                           N_("The guidelines have changed meanwhile. Please read them again."));
    return PW_OK;
}

static enum pw_err not_yet_member(struct ctx *c, int64_t community_id, int64_t person_id)
{
    struct membership m;
    int64_t pending = 0;
    enum pw_err e = membership_row(c, community_id, person_id, &m);
    if (e == PW_OK && (m.state == MEMBER_ACTIVE || m.state == MEMBER_WAITING))
        return PW_CONFLICT;
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    e = join_pending_of(c, community_id, person_id, &pending);
    return e == PW_OK ? PW_CONFLICT : e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err join_request_send(struct ctx *c, const struct join_new *in, int64_t *ret_id)
{
    struct join_new n = *in;
    struct community com;
    PW_TRY(n.invitation.n ? community_row(c, n.community_id, &com) : community_get(c, n.community_id, &com));
    if (!n.person_id)
        n.person_id = c->actor->person_id;
    if (!n.person_id)
        return PW_DENIED;
    if (n.person_id != c->actor->person_id && !works_in(c, &com))
        return PW_DENIED;
    if (!community_takes_members(com.status))
        return PW_CONFLICT;
    PW_TRY(not_yet_member(c, com.id, n.person_id));
    PW_TRY(check_join(c, &com, n.person_id));
    if (!lang_code_ok(n.lang))
        n.lang = lang_main(com.languages);
    struct buf answers;
    buf_init(&answers, ANSWERS_BYTES);
    enum pw_err e = take_answers(c, &com, &n, &answers);
    enum pw_err g = check_guidelines(c, &com, &n);
    struct sv json = arena_sv(c->arena, buf_sv(&answers));
    buf_finish(&answers);
    PW_TRY(e);
    PW_TRY(g);
    if (!code_ok(n.source))
        return problem_add(c->problems, "source", N_("Choose one of the list."));
    if (n.invitation.n)
        PW_TRY(invitation_take(c, &com, n.invitation, &n.source));

    struct join_row j = {.r = {.id = id_new(),
                               .community_id = com.id,
                               .person_id = n.person_id,
                               .guidelines_version = n.guidelines_version,
                               .asked_ms = c->now_ms,
                               .lang = n.lang,
                               .channel_kind = n.channel_kind.n ? n.channel_kind : SV("web"),
                               .source = n.source},
                         .guidelines_doc = com.guidelines_doc,
                         .channel_id = n.channel_id,
                         .chat = n.chat,
                         .user_chat = n.user_chat,
                         .provider_user = n.provider_user};
    PW_TRY(seal(c, n.person_id, (struct seal_place){"join_request", "answers", j.r.id}, json, &j.answers));
    PW_TRY(join_insert(c, &j));
    struct sv detail =
        arena_fmt(c->arena, "guidelines=%lld/%lld", (long long)j.guidelines_doc, (long long)n.guidelines_version);
    PW_TRY(note_fact(c, "join.requested", "join_request", j.r.id, com.id, detail));
    int64_t *who;
    size_t n_who;
    PW_TRY(owners_of(c, &com, NULL, 0, &who, &n_who));
    for (size_t i = 0; i < n_who; i++)
        PW_TRY(notify_of(c, &com, who[i], N_("Someone asks to join {0}."), SV("/joins")));
    *ret_id = j.r.id;
    return PW_OK;
}

enum pw_err join_withdraw(struct ctx *c, int64_t id)
{
    struct join_row j;
    PW_TRY(join_row(c, id, &j));
    if (!j.r.person_id || j.r.person_id != c->actor->person_id)
        return PW_NOT_FOUND;
    PW_TRY(join_decide(c, id, JOIN_WITHDRAWN, (struct sv){0}));
    return audit(c, "join.withdrawn", "join_request", id, (struct sv){0});
}

enum pw_err join_mine(struct ctx *c, int64_t community_id, int64_t *ret_id, enum join_state *ret_state)
{
    struct join_row j;
    if (!c->actor->person_id)
        return PW_NOT_FOUND;
    PW_TRY(join_last_of(c, community_id, c->actor->person_id, &j));
    *ret_id = j.r.id;
    *ret_state = j.r.state;
    return PW_OK;
}

/* ---- deciding ---- */

enum pw_err join_accept(struct ctx *c, int64_t id, enum membership_state *ret_state)
{
    struct join_row j;
    struct community com;
    PW_TRY(join_row(c, id, &j));
    PW_TRY(need_admin(c, j.r.community_id, &com));
    if (!community_takes_members(com.status))
        return problem_add(c->problems, "status",
                           N_("This community takes no new members now: refuse the request, or open the community."));
    PW_TRY(join_decide(c, id, JOIN_ACCEPTED, (struct sv){0}));
    if (j.channel_id && j.user_chat.n) { /* so that a private word reaches the new member */
        struct identity who;
        enum pw_err e = identity_of_person(c, j.r.person_id, j.channel_id, &who);
        if (e == PW_OK && !who.private_chat.n)
            e = identity_set_private_chat(c, who.id, j.user_chat);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
    }
    struct membership m = {.person_id = j.r.person_id,
                           .guidelines_version = j.r.guidelines_version,
                           .lang = j.r.lang,
                           .source = j.r.source,
                           .channel_id = j.channel_id,
                           .channel_kind = j.r.channel_kind};
    enum membership_state state;
    PW_TRY(admit(c, &com, &m, &state));
    if (state == MEMBER_ACTIVE) {
        PW_TRY(send_admission(c, &com, j.channel_id, j.chat, j.provider_user));
        PW_TRY(join_choice_tell(c, &com, &j));
    }
    PW_TRY(
        audit(c, "join.accepted", "join_request", id, arena_fmt(c->arena, "state=%s", membership_state_code(state))));
    *ret_state = state;
    return PW_OK;
}

enum pw_err join_refuse(struct ctx *c, int64_t id, struct sv reason)
{
    struct join_row j;
    struct community com;
    PW_TRY(join_row(c, id, &j));
    PW_TRY(need_admin(c, j.r.community_id, &com));
    if (!code_ok(reason))
        return problem_add(c->problems, "reason", N_("Choose one of the list."));
    PW_TRY(join_decide(c, id, JOIN_REFUSED, reason));
    PW_TRY(in_words_of(c, j.r.lang, &com));
    static const char msgid[] = N_("Your request to join {0} could not be accepted.");
    int64_t notice = 0;
    PW_TRY(notify(c, j.r.person_id, msgid, com.words.name, (struct sv){0}, community_path(c, &com, ""), &notice));
    const struct sv args[] = {com.words.name};
    PW_TRY(send_to_chat(c, j.channel_id, j.user_chat, say(c, j.r.lang, msgid, args, 1), 0));
    PW_TRY(send_join_decision(c, j.channel_id, j.chat, j.provider_user, false));
    return note_fact(c, "join.refused", "join_request", id, com.id, arena_fmt(c->arena, "reason=%.*s", SV_ARG(reason)));
}

/* ---- reading ---- */

/* NULL: there are none, or the person was erased and they are gone. */
static enum pw_err read_answers(struct ctx *c, const struct join_row *j, json_t **ret)
{
    struct sv json;
    *ret = NULL;
    if (!j->answers.n)
        return PW_OK;
    enum pw_err e =
        unseal(c, j->r.person_id, (struct seal_place){"join_request", "answers", j->r.id}, j->answers, &json);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    return json_read(json, c->arena, ret, NULL);
}

enum pw_err join_choice_tell(struct ctx *c, const struct community *com, const struct join_row *j)
{
    json_t *doc;
    PW_TRY(read_answers(c, j, &doc));
    struct sv code = doc ? json_member_sv(doc, choice_key) : (struct sv){0};
    return code.n ? join_chosen(c, com, j->r.person_id, code) : PW_OK;
}

/* The choice in words; what is not offered any more has none. */
static enum pw_err add_choice(struct ctx *c, const struct community *com, struct sv code, struct join_answer *v,
                              size_t *io_n)
{
    struct join_choices k;
    PW_TRY(join_choices(c, com, &k));
    for (size_t i = 0; i < k.n; i++)
        if (sv_eq(k.v[i].code, code))
            v[(*io_n)++] = (struct join_answer){0, k.question, k.v[i].label};
    return PW_OK;
}

static enum pw_err open_answers(struct ctx *c, const struct community *com, const struct join_row *j,
                                struct join_request *ret)
{
    json_t *doc;
    PW_TRY(read_answers(c, j, &doc));
    if (!doc)
        return PW_OK;
    struct join_answer *v = arena_array(c->arena, struct join_answer, json_object_size(doc) + 1);
    if (!v)
        return PW_UNAVAILABLE;
    size_t n = 0;
    const char *key;
    json_t *value;
    json_object_foreach(doc, key, value)
    {
        if (!id_parse(sv_of(key), &v[n].question_id))
            continue;
        v[n].answer = json_sv(value);
        PW_TRY(screening_text_of(c, v[n].question_id, c->lang, lang_main(com->languages), &v[n].question));
        n++;
    }
    PW_TRY(add_choice(c, com, json_member_sv(doc, choice_key), v, &n));
    ret->answers = v;
    ret->n_answers = n;
    return PW_OK;
}

enum pw_err join_get(struct ctx *c, int64_t id, struct join_request *ret)
{
    struct join_row j;
    struct community com;
    PW_TRY(join_row(c, id, &j));
    PW_TRY(community_row(c, j.r.community_id, &com));
    bool own = j.r.person_id == c->actor->person_id;
    if (!own && !community_may_admin(c, &com))
        return PW_NOT_FOUND;
    struct join_request r = j.r;
    struct person p;
    PW_TRY(person_get_many(c, &r.person_id, 1, &p));
    r.name = p.display_name;
    PW_TRY(open_answers(c, &com, &j, &r));
    PW_TRY(through_words(c, "join", &id, 1, &r.through));
    if (!own)
        r.through_path = through_path(c, &com, "join", id, r.through, r.channel_kind);
    if (!own && !db_is_read_only(c->db))
        PW_TRY(audit(c, "join.read", "join_request", id, (struct sv){0}));
    *ret = r;
    return PW_OK;
}

enum pw_err join_list_after(struct ctx *c, int64_t community_id, int64_t after_ms, int64_t after_id, int64_t limit,
                            struct join_request **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(community_row(c, community_id, &com));
    if (!community_may_admin(c, &com))
        return works_in(c, &com) ? PW_DENIED : PW_NOT_FOUND;
    struct join_request *v;
    size_t n;
    PW_TRY(join_rows_pending(c, community_id, after_ms, after_id, limit > 0 && limit <= 200 ? limit : 50, &v, &n));
    int64_t *ids = arena_array(c->arena, int64_t, n ? n : 1);
    struct person *p = arena_array(c->arena, struct person, n ? n : 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].person_id;
    PW_TRY(person_get_many(c, ids, n, p));
    struct sv *through = arena_array(c->arena, struct sv, n + 1);
    if (!through)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        v[i].name = p[i].display_name;
        ids[i] = v[i].id;
    }
    PW_TRY(through_words(c, "join", ids, n, through));
    for (size_t i = 0; i < n; i++)
        v[i].through = through[i];
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err join_list(struct ctx *c, int64_t community_id, int64_t limit, struct join_request **ret, size_t *ret_n)
{
    return join_list_after(c, community_id, 0, 0, limit, ret, ret_n);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What has to be done by hand: the list, and what people say came of it. */
#include "channel/registry.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/people.h"
#include "feature/assisted/assisted_store.h"
#include "json/json.h"

enum { TASKS_AT_ONCE = 200, TASKS_MAX = 1000 };

static const char *const op_codes[OP__MAX] = {
    [OP_TEXT] = "text",
    [OP_FILE] = "file",
    [OP_DELETE] = "delete",
    [OP_APPROVE_JOIN] = "approve",
    [OP_DECLINE_JOIN] = "decline",
    [OP_QUEUE_JOIN] = "queue",
    [OP_RESTRICT] = "restrict",
    [OP_UNRESTRICT] = "unrestrict",
    [OP_BAN] = "remove",
    [OP_UNBAN] = "readmit",
    [OP_LEAVE] = "leave",
};

const char *hand_op_code(enum chan_op op)
{
    return op_codes[op];
}

/* ---- whose groups ---- */

static bool may(const struct ctx *c, const struct community *com)
{
    return community_may_moderate(c, com) || community_may_admin(c, com);
}

/* The settings of a channel hold no words of persons; still only the app and the link leave this room. */
static enum pw_err channel_words(struct ctx *c, int64_t channel_id, struct sv *app, struct sv *link, struct sv *name)
{
    struct channel ch;
    PW_TRY(channel_get(c, channel_id, &ch));
    *app = json_member_sv(ch.config, "app");
    *link = json_member_sv(ch.config, "link");
    *name = ch.name;
    return PW_OK;
}

static enum pw_err add_places(struct ctx *c, const struct community *com, struct hand_place *v, size_t *io_n)
{
    struct community_channel *p;
    size_t n;
    PW_TRY(community_channels(c, com->id, &p, &n));
    for (size_t i = 0; i < n && *io_n < TASKS_MAX; i++) {
        if (!sv_eq_z(p[i].kind, assisted_driver.kind))
            continue;
        struct sv link;
        struct hand_place *to = &v[*io_n];
        *to = (struct hand_place){.id = p[i].id,
                                  .community_id = com->id,
                                  .channel_id = p[i].channel_id,
                                  .community_name = com->words.name,
                                  .chat = p[i].chat,
                                  .zone = com->zone};
        PW_TRY(channel_words(c, p[i].channel_id, &to->app, &link, &to->channel_name));
        (*io_n)++;
    }
    return PW_OK;
}

enum pw_err hand_places(struct ctx *c, struct hand_place **ret, size_t *ret_n)
{
    struct community *coms;
    size_t n_coms, n = 0;
    struct hand_place *v = arena_array(c->arena, struct hand_place, TASKS_MAX);
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(community_mine(c, &coms, &n_coms));
    for (size_t i = 0; i < n_coms; i++)
        if (may(c, &coms[i]))
            PW_TRY(add_places(c, &coms[i], v, &n));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

/* ---- the list ---- */

static enum pw_err fill_words(struct ctx *c, const struct out_row *row, const struct chan_send *s, struct hand_task *t)
{
    t->who = s->user.n ? s->user : t->private_word ? s->chat : (struct sv){0};
    t->text = s->text;
    if (!row->subject_id || (!sv_eq_z(row->subject, "message") && !sv_eq_z(row->subject, "delete")))
        return PW_OK;
    if (s->op == OP_FILE)
        t->file_of = row->subject_id;
    struct message m;
    struct ctx system = *c; /* deleted and hidden ones too; who may act on the task may know what it is about */
    system.actor = &actor_system;
    enum pw_err e = message_as_written(&system, row->subject_id, &m);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_OK : e;
    if (s->op == OP_DELETE) {
        t->text = m.body;
        t->who = m.name;
    }
    if (!m.question_id)
        return PW_OK;
    struct question q;
    e = question_get(&system, m.question_id, &q);
    if (e == PW_OK && !q.answered_ms)
        t->due_ms = q.due_ms;
    return e == PW_NOT_FOUND ? PW_OK : e;
}

static enum pw_err task_of(struct ctx *c, const struct hand_place *p, const struct out_row *row, struct hand_task *ret)
{
    struct chan_send s;
    struct sv name;
    PW_TRY(channel_unqueue(c, row->channel_id, row->payload, &s));
    *ret = (struct hand_task){.outbox_id = row->id,
                              .community_id = p->community_id,
                              .channel_id = p->channel_id,
                              .created_ms = row->created_ms,
                              .changed_ms = row->changed_ms,
                              .until_ms = s.until_ms,
                              .op = s.op,
                              .state = row->state,
                              .bulk = row->lane == LANE_BULK,
                              .private_word = (s.op == OP_TEXT || s.op == OP_FILE) && !sv_eq(s.chat, p->chat),
                              .app = p->app,
                              .community_name = p->community_name,
                              .reason = row->error_code};
    PW_TRY(channel_words(c, p->channel_id, &ret->app, &ret->link, &name));
    ret->channel_name = name;
    return fill_words(c, row, &s, ret);
}

/* By hand: what falls due first, then the oldest; broadcasts after single words. Others: newest first. */
static bool before(const struct hand_task *a, const struct hand_task *b)
{
    if (a->state != OUT_BY_HAND)
        return a->changed_ms > b->changed_ms;
    if (a->bulk != b->bulk)
        return b->bulk;
    if ((a->due_ms != 0) != (b->due_ms != 0))
        return a->due_ms != 0;
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->outbox_id < b->outbox_id;
}

static void insert_sorted(struct hand_task *v, size_t n, const struct hand_task *t)
{
    size_t i = n;
    for (; i > 0 && before(t, &v[i - 1]); i--)
        v[i] = v[i - 1];
    v[i] = *t;
}

enum pw_err hand_tasks(struct ctx *c, int64_t community_id, enum out_state state, struct hand_task **ret, size_t *ret_n)
{
    struct hand_place *places;
    size_t n_places, n = 0;
    struct hand_task *v = arena_array(c->arena, struct hand_task, TASKS_MAX);
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(hand_places(c, &places, &n_places));
    for (size_t i = 0; i < n_places; i++) {
        struct out_row *rows;
        size_t n_rows;
        if (community_id && places[i].community_id != community_id)
            continue;
        PW_TRY(outbox_list(c->db, c->arena, places[i].channel_id, (int)state, TASKS_AT_ONCE, &rows, &n_rows));
        for (size_t k = 0; k < n_rows && n < TASKS_MAX; k++) {
            struct hand_task t;
            enum pw_err e = task_of(c, &places[i], &rows[k], &t);
            if (e == PW_NOT_FOUND || e == PW_INTERNAL)
                continue; /* the person was erased: nothing left to say */
            PW_TRY(e);
            insert_sorted(v, n++, &t);
        }
    }
    PW_TRY(audit(c, "hand.list", "community", community_id, arena_fmt(c->arena, "n=%zu", n)));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

/* ---- what came of it ---- */

static enum pw_err own_row(struct ctx *c, int64_t outbox_id, struct out_row *row, struct hand_place *ret)
{
    struct hand_place *v;
    size_t n;
    PW_TRY(outbox_get(c->db, c->arena, outbox_id, row));
    PW_TRY(hand_places(c, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].channel_id == row->channel_id) {
            *ret = v[i];
            return PW_OK;
        }
    return PW_NOT_FOUND;
}

static enum pw_err note_act(struct ctx *c, const struct hand_place *p, const struct out_row *row, struct sv result,
                            struct sv reason)
{
    struct chan_send s;
    PW_TRY(channel_unqueue(c, row->channel_id, row->payload, &s));
    struct hand_act_row act = {.community_id = p->community_id,
                               .channel_id = row->channel_id,
                               .outbox_id = row->id,
                               .subject_id = row->subject_id,
                               .op = sv_of(op_codes[s.op]),
                               .subject = row->subject,
                               .result = result,
                               .reason = reason};
    PW_TRY(hand_act_insert(c, &act));
    return audit(c, "hand.act", "outbox", row->id,
                 arena_fmt(c->arena, "op=%s result=%.*s", op_codes[s.op], SV_ARG(result)));
}

static bool reason_ok(struct sv reason)
{
    return sv_eq_z(reason, "no-right") || sv_eq_z(reason, "not-there") || sv_eq_z(reason, "not-reached") ||
           sv_eq_z(reason, "other");
}

enum pw_err hand_done(struct ctx *c, int64_t outbox_id, bool done, struct sv reason)
{
    struct out_row row;
    struct hand_place p;
    if (!done && !reason_ok(reason))
        return problem_add(c->problems, "reason", N_("Say why it could not be done: choose one of the list."));
    PW_TRY(own_row(c, outbox_id, &row, &p));
    /* What stands there now has no id of the app's: ours stands for it, so that it can be replied to and taken away. */
    struct sv there = arena_fmt(c->arena, "hand:%lld", (long long)outbox_id);
    PW_TRY(outbox_done(c->db, outbox_id, done, done ? there : (struct sv){0}, reason, c->now_ms));
    PW_TRY(note_act(c, &p, &row, done ? SV("done") : SV("could-not"), done ? (struct sv){0} : reason));
    if (!done)
        return PW_OK;
    struct channel ch;
    struct ctx system = *c;
    system.actor = &actor_system;
    PW_TRY(channel_get(c, row.channel_id, &ch));
    struct send_result res = {.cls = SEND_OK, .provider_id = there};
    struct chan_receiver r = community_receiver();
    row.state = OUT_SENT;
    row.provider_id = there;
    return r.sent(r.self, &system, &ch, &row, &res);
}

enum pw_err hand_take_back(struct ctx *c, int64_t outbox_id)
{
    struct out_row row;
    struct hand_place p;
    PW_TRY(own_row(c, outbox_id, &row, &p));
    PW_TRY(outbox_not_done(c->db, outbox_id, c->now_ms));
    return note_act(c, &p, &row, SV("taken-back"), (struct sv){0});
}

enum pw_err hand_log(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id, int64_t limit,
                     struct hand_act **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(community_get(c, community_id, &com));
    if (!may(c, &com))
        return PW_NOT_FOUND;
    struct hand_act *v;
    size_t n;
    PW_TRY(hand_act_rows(c, community_id, before_ms, before_id, limit, &v, &n));
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct person *who = arena_array(c->arena, struct person, n + 1);
    if (!ids || !who)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].by_person;
    PW_TRY(person_get_many(c, ids, n, who));
    for (size_t i = 0; i < n; i++)
        v[i].name = who[i].display_name;
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

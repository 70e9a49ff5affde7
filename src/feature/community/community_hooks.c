/* SPDX-License-Identifier: EUPL-1.2 */
/* What features that stand on communities add to them: gates, signs, parts of the design, ears. */
#include <stdlib.h>

#include "base/id.h"
#include "channel/registry.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"

enum { HOOKS_MAX = 8 };

/* Declared cache: filled at start, before the first request. */
static struct {
    struct {
        community_gate fn;
        void *self;
    } gates[HOOKS_MAX];
    struct {
        thread_gate fn;
        void *self;
    } threads[HOOKS_MAX];
    struct {
        community_signer fn;
        void *self;
    } signers[HOOKS_MAX];
    community_starter starter;
    void *starter_self;
    community_publisher publisher;
    size_t n_gates, n_threads, n_signers;
} hooks;

/* Too many is a defect: registration happens once, at start. */
static size_t next(size_t *n)
{
    if (*n == HOOKS_MAX)
        abort();
    return (*n)++;
}

void community_gate_add(community_gate gate, void *self)
{
    for (size_t i = 0; i < hooks.n_gates; i++)
        if (hooks.gates[i].fn == gate && hooks.gates[i].self == self)
            return; /* started again in the same process */
    size_t i = next(&hooks.n_gates);
    hooks.gates[i].fn = gate;
    hooks.gates[i].self = self;
}

void thread_gate_add(thread_gate gate, void *self)
{
    for (size_t i = 0; i < hooks.n_threads; i++)
        if (hooks.threads[i].fn == gate && hooks.threads[i].self == self)
            return; /* started again in the same process */
    size_t i = next(&hooks.n_threads);
    hooks.threads[i].fn = gate;
    hooks.threads[i].self = self;
}

void community_signer_add(community_signer signer, void *self)
{
    for (size_t i = 0; i < hooks.n_signers; i++)
        if (hooks.signers[i].fn == signer && hooks.signers[i].self == self)
            return; /* started again in the same process */
    size_t i = next(&hooks.n_signers);
    hooks.signers[i].fn = signer;
    hooks.signers[i].self = self;
}

enum pw_err community_gates_ask(struct ctx *c, const struct community *com, enum community_status to)
{
    for (size_t i = 0; i < hooks.n_gates; i++)
        PW_TRY(hooks.gates[i].fn(hooks.gates[i].self, c, com, to));
    return PW_OK;
}

enum pw_err thread_gates_ask(struct ctx *c, const struct community *com, int64_t person_id)
{
    for (size_t i = 0; i < hooks.n_threads; i++)
        PW_TRY(hooks.threads[i].fn(hooks.threads[i].self, c, com, person_id));
    return PW_OK;
}

void sign_add(struct community_signs *io, struct community_sign s)
{
    if (io->n < sizeof io->v / sizeof *io->v)
        io->v[io->n++] = s;
}

/* The design keeps its words; whoever looks after it is told where one of them reaches somebody else. */
static enum pw_err sign_clashes(struct ctx *c, const struct community *com, struct community_signs *io)
{
    struct keyword_clash *v;
    struct channel_info *all;
    size_t n, n_all;
    PW_TRY(keyword_clashes(c, com->id, &v, &n));
    if (!n)
        return PW_OK;
    PW_TRY(channel_list(c, &all, &n_all));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_all; k++)
            if (all[k].id == v[i].channel_id)
                sign_add(io, (struct community_sign){.msgid = N_("The word {0} reaches another community on {1}, which "
                                                                 "had it before. Choose another word."),
                                                     .arg0 = v[i].word,
                                                     .arg1 = all[k].name,
                                                     .warning = true});
    return PW_OK;
}

static enum pw_err sign_older(struct ctx *c, const struct community *com, struct community_signs *io)
{
    char id[ID_TEXT + 1];
    int64_t n;
    PW_TRY(guidelines_older_count(c, com, &n));
    if (n)
        sign_add(io, (struct community_sign){
                         .msgid = N_("Members who have not accepted the newest guidelines: {0}"),
                         .arg0 = say_number(c, n),
                         .path = arena_fmt(c->arena, "/communities/%s/members?older=1", id_text(com->id, id).p)});
    return PW_OK;
}

enum pw_err community_signs(struct ctx *c, const struct community *com, struct community_signs *ret)
{
    ret->n = 0;
    if (!works_in(c, com))
        return PW_NOT_FOUND;
    PW_TRY(sign_clashes(c, com, ret));
    PW_TRY(sign_older(c, com, ret));
    for (size_t i = 0; i < hooks.n_signers; i++)
        PW_TRY(hooks.signers[i].fn(hooks.signers[i].self, c, com, ret));
    return PW_OK;
}

enum pw_err community_active_moderators(struct ctx *c, const struct community *com, int64_t *ret_n)
{
    struct absence *away;
    int64_t *ids, here = 0;
    size_t n, n_away;
    PW_TRY(moderators_of(c, com, &ids, &n));
    PW_TRY(absence_rows(c, com->id, &away, &n_away));
    for (size_t i = 0; i < n; i++)
        here += !absent_at(away, n_away, ids[i], c->now_ms);
    *ret_n = here;
    return PW_OK;
}

void community_starter_set(community_starter starter, void *self)
{
    hooks.starter = starter;
    hooks.starter_self = self;
}

enum pw_err community_starts(struct ctx *c, struct community_start **ret, size_t *ret_n)
{
    *ret = NULL;
    *ret_n = 0;
    return hooks.starter ? hooks.starter(hooks.starter_self, c, ret, ret_n) : PW_OK;
}

void community_publisher_set(community_publisher publisher)
{
    hooks.publisher = publisher;
}

enum pw_err community_publish(struct ctx *c, const struct community *com, int64_t author, const struct message_new *n,
                              int64_t *ret_message)
{
    return hooks.publisher ? hooks.publisher(c, com, n, ret_message) : post_put(c, com, author, n, ret_message);
}

/* ---- who hears words before they become messages ---- */

enum { EARS_MAX = 8 };
/* Declared cache: set once at start, before the first request. */
static struct {
    community_ear ear;
    void *self;
    enum hears hears;
} ears[EARS_MAX];
static size_t n_ears; /* Declared cache, as above. */

static void add_ear(community_ear ear, void *self, enum hears hears)
{
    for (size_t i = 0; i < n_ears; i++)
        if (ears[i].ear == ear && ears[i].self == self && ears[i].hears == hears)
            return; /* started again in the same process */
    if (n_ears == EARS_MAX)
        abort(); /* a defect: registration happens once, at start */
    ears[n_ears].ear = ear;
    ears[n_ears].hears = hears;
    ears[n_ears++].self = self;
}

void community_listen(community_ear ear, void *self)
{
    add_ear(ear, self, HEAR_PRIVATE);
}

void community_listen_in_group(community_ear ear, void *self)
{
    add_ear(ear, self, HEAR_GROUP);
}

void community_listen_first(community_ear ear, void *self)
{
    add_ear(ear, self, HEAR_FIRST);
}

enum pw_err ears_ask(enum hears hears, struct ctx *c, const struct community *com, int64_t person_id,
                     const struct channel *ch, const struct chan_event *e, bool *ret_used)
{
    *ret_used = false;
    for (size_t i = 0; i < n_ears && !*ret_used; i++)
        if (ears[i].hears == hears)
            PW_TRY(ears[i].ear(ears[i].self, c, com, person_id, ch, e, ret_used));
    return PW_OK;
}

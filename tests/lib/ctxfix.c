/* SPDX-License-Identifier: EUPL-1.2 */
#include "lib/ctxfix.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core_schema.h"
#include "core/people.h"
#include "core/vault.h"
#include "work/work.h"

enum { CTXFIX_ARENA = 256 * 1024 * 1024 };

/* The transaction runs on a thread of its own that waits inside it while the test speaks to its connection: so a test
 * reads line by line, without a function for each act. */
struct ctxfix_open_tx {
    struct ctxfix *f;
    struct ctx c;
    bool write, began;
    pthread_t thread;
    sem_t ready, done;
    enum pw_err wanted, result;
};

static void fail(const char *what, const char *words)
{
    (void)fprintf(stderr, "ctxfix: %s: %s\n", what, words);
    abort();
}

static void open_vault(struct ctxfix *f)
{
    struct sv why = {0};
    if (vault_open(sv_of(f->key_file), true, &f->arena, &f->vault, NULL, &why) != PW_OK)
        fail("vault_open", arena_z(&f->arena, why));
    vault_set_recheck(f->vault, 0);
}

void ctxfix_open(struct ctxfix *f)
{
    memset(f, 0, sizeof *f);
    arena_init(&f->arena, CTXFIX_ARENA);
    dbfix_open(&f->db, dbfix_engine());
    dbfix_migrate(&f->db, work_migrations, work_migrations_n);
    dbfix_migrate(&f->db, core_migrations, core_migrations_n);
    (void)snprintf(f->key_file, sizeof f->key_file, "%s/keys/installation.key", f->db.folder);
    open_vault(f);
    f->actor = &actor_system;
    f->now_ms = CTXFIX_NOW;
}

void ctxfix_migrate(struct ctxfix *f, const struct migration *m, size_t n)
{
    dbfix_migrate(&f->db, m, n);
}

void ctxfix_reopen(struct ctxfix *f)
{
    vault_close(f->vault);
    dbfix_reopen(&f->db);
    open_vault(f);
}

void ctxfix_close(struct ctxfix *f)
{
    if (f->open)
        (void)ctxfix_end(f, PW_INTERNAL);
    vault_close(f->vault);
    dbfix_close(&f->db);
    arena_finish(&f->arena);
}

static enum pw_err inside(struct db *db, void *arg)
{
    struct ctxfix_open_tx *t = arg;
    if (t->began) /* run again: the test cannot be, so it keeps its word */
        return t->wanted == PW_OK ? PW_INTERNAL : t->wanted;
    t->began = true;
    t->c.db = db;
    sem_post(&t->ready);
    while (sem_wait(&t->done) != 0)
        continue;
    return t->wanted;
}

static void *run(void *arg)
{
    struct ctxfix_open_tx *t = arg;
    t->result = t->write ? db_transact(t->f->db.s, inside, t) : db_read(t->f->db.s, inside, t);
    if (!t->began)
        fail("the transaction did not begin", err_name(t->result));
    return NULL;
}

struct ctx *ctxfix_begin(struct ctxfix *f, bool write)
{
    if (f->open)
        fail("ctxfix_begin", "the last one was not ended");
    struct ctxfix_open_tx *t = calloc(1, sizeof *t);
    if (!t)
        fail("ctxfix_begin", "no memory");
    f->problems.n = 0;
    t->f = f;
    t->write = write;
    t->c = (struct ctx){.arena = &f->arena,
                        .store = f->db.s,
                        .vault = f->vault,
                        .actor = f->actor,
                        .problems = &f->problems,
                        .now_ms = f->now_ms,
                        .request_id = ++f->acts,
                        .lang = SV("fr"),
                        .data_dir = sv_of(f->db.folder),
                        .public_url = SV("https://example.org")};
    sem_init(&t->ready, 0, 0);
    sem_init(&t->done, 0, 0);
    if (pthread_create(&t->thread, NULL, run, t) != 0)
        fail("ctxfix_begin", "no thread");
    while (sem_wait(&t->ready) != 0)
        continue;
    f->open = t;
    return &t->c;
}

enum pw_err ctxfix_end(struct ctxfix *f, enum pw_err result)
{
    struct ctxfix_open_tx *t = f->open;
    if (!t)
        fail("ctxfix_end", "nothing was begun");
    f->open = NULL;
    t->wanted = result;
    sem_post(&t->done);
    pthread_join(t->thread, NULL);
    enum pw_err e = t->result;
    sem_destroy(&t->ready);
    sem_destroy(&t->done);
    free(t);
    return e;
}

int64_t ctxfix_person(struct ctxfix *f, const char *name)
{
    int64_t id = 0;
    const struct actor *was = f->actor;
    struct person_new n = {.display_name = sv_of(name), .lang = SV("ar"), .zone = SV("America/Toronto")};
    f->actor = &actor_system;
    enum pw_err e = CTX_ACT(f, person_create(c, &n, &id));
    f->actor = was;
    if (e != PW_OK)
        fail("ctxfix_person", err_name(e));
    return id;
}

static const struct actor *actor_of(struct ctxfix *f, struct actor a, const struct grant *grants, size_t n)
{
    struct actor *copy = arena_new(&f->arena, struct actor);
    struct grant *own = arena_array(&f->arena, struct grant, n + 1);
    if (!copy || !own)
        fail("ctxfix actor", "no memory");
    for (size_t i = 0; i < n; i++)
        own[i] = grants[i];
    *copy = a;
    copy->grants = own;
    copy->n_grants = n;
    return copy;
}

const struct actor *ctxfix_staff(struct ctxfix *f, int64_t person_id, const struct grant *grants, size_t n)
{
    return actor_of(f,
                    (struct actor){.kind = ACTOR_STAFF,
                                   .person_id = person_id,
                                   .account_id = person_id + 1, /* no row: for rights only */
                                   .write = true,
                                   .name = SV("Staff")},
                    grants, n);
}

const struct actor *ctxfix_member(struct ctxfix *f, int64_t person_id)
{
    return actor_of(f, (struct actor){.kind = ACTOR_MEMBER, .person_id = person_id, .name = SV("Member")}, NULL, 0);
}

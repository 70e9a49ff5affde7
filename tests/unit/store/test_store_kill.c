/* SPDX-License-Identifier: EUPL-1.2 */
/* A process that writes and acknowledges is killed at any moment: nothing it acknowledged may be missing. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/dbfix.h"

enum { ROUNDS = 50, WRITERS = 6, ACKS_MOST = 20000 };

static const char schema[] = "CREATE TABLE entry (id INTEGER PRIMARY KEY, twin INTEGER NOT NULL UNIQUE) STRICT;\n"
                             "CREATE TABLE other (id INTEGER PRIMARY KEY REFERENCES entry (id)) STRICT;\n";
DB_STMT(k_put, "INSERT INTO entry (id, twin) VALUES ($1, $2)");
DB_STMT(k_put_other, "INSERT INTO other (id) VALUES ($1)");
DB_STMT(k_get, "SELECT entry.id FROM entry JOIN other ON other.id = entry.id WHERE entry.id = $1");
DB_STMT_SCAN(k_halves, "SELECT (SELECT count(*) FROM entry) - (SELECT count(*) FROM other)", "a test counts all");

static enum pw_err put_both(struct db *db, void *arg)
{
    int64_t id = *(int64_t *)arg;
    PW_TRY(db_exec(db, &k_put, DB_ARGS(DB_I(id), DB_I(-id)), NULL));
    return db_exec(db, &k_put_other, DB_ARGS(DB_I(id)), NULL);
}

struct writer {
    struct store *s;
    int fd;
    int64_t from;
};

static void *write_on(void *arg)
{
    struct writer *w = arg;
    for (int64_t id = w->from;; id++) {
        if (db_transact(w->s, put_both, &id) != PW_OK) {
            char words[200];
            store_last_error(w->s, words, sizeof words);
            print_error("%s\n", words);
            _exit(3);
        }
        if (write(w->fd, &id, sizeof id) != sizeof id)
            _exit(4);
    }
}

static void child_main(const char *url, int fd, int64_t from)
{
    struct arena a;
    struct store *s;
    struct writer w[WRITERS];
    pthread_t t;
    arena_init(&a, 1 << 20);
    if (store_open(&(struct store_config){.url = sv_of(url)}, &a, &s, NULL) != PW_OK)
        _exit(5);
    for (int i = 0; i < WRITERS; i++) {
        w[i] = (struct writer){s, fd, from + (int64_t)i * 1000000};
        if (i == WRITERS - 1)
            (void)write_on(&w[i]);
        if (pthread_create(&t, NULL, write_on, &w[i]) != 0)
            _exit(6);
    }
}

struct acked {
    int64_t id[ACKS_MOST];
    size_t n;
};

static enum pw_err all_there(struct db *db, void *arg)
{
    const struct acked *acked = arg;
    struct arena a;
    struct db_rows rows;
    enum pw_err e = PW_OK;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < acked->n && e == PW_OK; i++) {
        e = db_one(db, &a, &k_get, DB_ARGS(DB_I(acked->id[i])), &rows);
        arena_reset(&a);
    }
    if (e == PW_OK)
        e = db_one(db, &a, &k_halves, DB_NOARGS, &rows);
    if (e == PW_OK && db_int(&rows, 0, 0) != 0)
        e = PW_CONFLICT; /* half a transaction */
    arena_finish(&a);
    return e;
}

static void killed_writer_loses_nothing(void **state)
{
    (void)state;
    struct dbfix f;
    static struct acked acked;
    size_t total = 0;
    dbfix_open(&f, dbfix_engine());
    dbfix_schema(&f, schema);
    srandom(4711);
    for (int round = 0; round < ROUNDS; round++) {
        int fd[2];
        store_close(f.s); /* no thread and no lock may cross the fork */
        f.s = NULL;
        assert_int_equal(pipe(fd), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)close(fd[0]);
            child_main(f.url, fd[1], (round + 1) * INT64_C(100000000));
            _exit(7);
        }
        (void)close(fd[1]);
        /* Kill after some number of acknowledgements; what was acknowledged before the blow counts too. */
        acked.n = 0;
        size_t blow = (size_t)(random() % 300);
        while (acked.n < ACKS_MOST) {
            if (acked.n == blow)
                (void)kill(child, SIGKILL);
            if (read(fd[0], &acked.id[acked.n], sizeof acked.id[0]) != sizeof acked.id[0])
                break;
            acked.n++;
        }
        (void)kill(child, SIGKILL);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFSIGNALED(status))
            print_error("the writer ended by itself: %d\n", WEXITSTATUS(status));
        assert_true(WIFSIGNALED(status));
        (void)close(fd[0]);
        struct sv why = {0};
        assert_int_equal(store_open(&(struct store_config){.url = sv_of(f.url)}, &f.a, &f.s, &why), PW_OK);
        assert_int_equal(db_read(f.s, all_there, &acked), PW_OK);
        total += acked.n;
    }
    print_message("%d kills, %zu acknowledged, none lost\n", ROUNDS, total);
    assert_true(total > ROUNDS);
    dbfix_close(&f);
}

int main(void)
{
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {cmocka_unit_test(killed_writer_loses_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

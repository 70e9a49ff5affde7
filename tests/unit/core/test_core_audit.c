/* SPDX-License-Identifier: EUPL-1.2 */
/* the audit chain: whatever is done to it behind our back is found (CNS-7, reliability.md goal 29). On SQLite each
 * state is also put before an independent verifier (tests/oracle/audit_verify.py), which must agree. */
#include "core_test.h"

#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/audit.h"
#include "core/audit_chain.h"
#include "core/vault.h"

enum { ROWS = 40, TAMPERS = 100 };

/* The same numbers at each run. */
static uint32_t dice(uint32_t *seed, uint32_t n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % n;
}

static void fill(struct ctxfix *f, int n)
{
    static const char *const what[] = {"question.answer", "person.read", "member.remove", "consent.give"};
    struct ctx *tx = ctxfix_begin(f, true);
    for (int i = 0; i < n; i++) {
        tx->now_ms++;
        struct sv detail = arena_fmt(tx->arena, "from=%d to=%d", i, i + 1);
        assert_int_equal(PW_OK, audit(tx, what[i % 4], "thing", 1000 + i, detail));
    }
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
}

static struct audit_report verify(struct ctxfix *f, const char *heads)
{
    struct audit_report r;
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_verify(c, sv_of(heads), &r)));
    return r;
}

static bool has(const struct audit_report *r, const char *kind)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->v[i].kind, kind) == 0)
            return true;
    return false;
}

/* Number of findings of the independent verifier; -1 where it cannot look (PostgreSQL). */
static int oracle(struct ctxfix *f, bool with_key, const char *heads)
{
    const char *script = getenv("PW_AUDIT_ORACLE");
    if (f->db.engine != DB_SQLITE || !script)
        return -1;
    int pipefd[2];
    assert_int_equal(0, pipe(pipefd));
    pid_t pid = fork();
    if (pid == 0) {
        const char *argv[8];
        size_t n = 0;
        argv[n++] = "python3";
        argv[n++] = script;
        argv[n++] = f->db.url + strlen("file:");
        if (with_key) {
            argv[n++] = "--key";
            argv[n++] = f->key_file;
        }
        if (*heads) {
            argv[n++] = "--heads";
            argv[n++] = heads;
        }
        argv[n] = NULL;
        dup2(pipefd[1], 1);
        close(pipefd[0]);
        execv("/usr/bin/python3", (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(pipefd[1]);
    int findings = 0, status = 0;
    FILE *out = fdopen(pipefd[0], "r");
    char line[256], last[256] = "";
    while (fgets(line, sizeof line, out))
        memcpy(last, line, sizeof last);
    (void)fclose(out);
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    struct sv rest = sv_of(last), word, prev = {0};
    while (sv_cut(&rest, ' ', &word)) {
        if (sv_starts(word, SV("findings"))) {
            int64_t n = -1;
            assert_true(sv_int(prev, &n));
            findings = (int)n;
        }
        prev = word;
    }
    assert_int_equal(findings ? 1 : 0, WEXITSTATUS(status));
    return findings;
}

static void an_untouched_log_verifies(void **state)
{
    struct ctxfix *f = *state;
    struct audit_report r = verify(f, "");
    assert_int_equal(0, r.rows);
    assert_int_equal(0, r.n);
    fill(f, ROWS);
    fill(f, ROWS);
    ctxfix_reopen(f);
    fill(f, 3);
    r = verify(f, "");
    assert_int_equal(2 * ROWS + 3, r.rows);
    assert_int_equal(0, r.n);
    assert_true(r.lanes >= 1);
    int seen = oracle(f, true, "");
    assert_true(seen <= 0);
    if (f->db.engine == DB_SQLITE && getenv("PW_AUDIT_ORACLE"))
        assert_int_equal(0, seen);
}

static void a_row_says_who_what_and_when(void **state)
{
    struct ctxfix *f = *state;
    struct actor who = {.kind = ACTOR_STAFF, .person_id = 11, .account_id = 12};
    f->actor = &who;
    f->now_ms = 1234567890123;
    f->acts = 76;
    assert_int_equal(PW_OK, CTX_ACT(f, audit(c, "file.open", "person", 99, SV("reason=intake"))));
    f->actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(f, audit(c, "other", "person", 98, SV(""))));
    assert_int_equal(PW_OK, CTX_ACT(f, audit(c, "third", "thing", 99, SV("name=\xd9\x86\xd9\x88\xd8\xb1\nx"))));
    struct audit_row *v;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_list(c, "person", 99, 0, 10, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(11, v[0].actor_person);
    assert_int_equal(12, v[0].actor_account);
    assert_int_equal(77, v[0].request_id);
    assert_int_equal(1234567890123, v[0].at_ms);
    assert_sv(v[0].what, "file.open");
    assert_sv(v[0].detail, "reason=intake");
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_list(c, NULL, 0, 0, 2, &v, &n)));
    assert_int_equal(2, n);
    assert_sv(v[0].what, "third");
    assert_sv(v[0].detail, "name=???????x"); /* codes only: no words in any script, no line ends */
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_list(c, NULL, 0, v[1].id, 10, &v, &n)));
    assert_int_equal(1, n);
    assert_sv(v[0].what, "file.open");
    assert_int_equal(PW_INVALID, CTX_LOOK(f, audit_list(c, NULL, 0, 0, 0, &v, &n)));
    char many[2000];
    memset(many, 'x', sizeof many);
    assert_int_equal(PW_OK, CTX_ACT(f, audit(c, "long", "thing", 1, (struct sv){many, sizeof many})));
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_list(c, "thing", 1, 0, 1, &v, &n)));
    assert_int_equal(500, v[0].detail.n);
    assert_int_equal(0, verify(f, "").n);
}

/* CNS-7: the privacy officer asks who opened what, and when. */
static void the_log_is_searched(void **state)
{
    struct ctxfix *f = *state;
    struct actor first = {.kind = ACTOR_STAFF, .person_id = 11}, second = {.kind = ACTOR_STAFF, .person_id = 22};
    struct audit_row *v;
    size_t n;
    f->actor = &first;
    assert_int_equal(PW_OK, CTX_ACT(f, audit(c, "thread.read", "thread", 1, SV(""))));
    assert_int_equal(PW_OK, CTX_ACT(f, audit(c, "join.read", "join", 1, SV(""))));
    f->actor = &second;
    assert_int_equal(PW_OK, CTX_ACT(f, audit(c, "thread.read", "thread", 2, SV(""))));
    struct audit_filter who = {.actor_person = 11}, what = {.what = SV("thread.read")},
                        record = {.object = SV("thread"), .object_id = 2},
                        both = {.actor_person = 22, .what = SV("join.read")}, all = {0};
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_search(c, &who, 10, &v, &n)));
    assert_int_equal(2, n);
    assert_sv(v[0].what, "join.read");
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_search(c, &what, 10, &v, &n)));
    assert_int_equal(2, n);
    assert_int_equal(22, v[0].actor_person);
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_search(c, &record, 10, &v, &n)));
    assert_int_equal(1, n);
    record.actor_person = 11;
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_search(c, &record, 10, &v, &n)));
    assert_int_equal(0, n);
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_search(c, &both, 10, &v, &n)));
    assert_int_equal(0, n);
    /* days are bounds of ids: the time an id was minted */
    all.from_ms = clock_now_ms() - 3600000;
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_search(c, &all, 2, &v, &n)));
    assert_int_equal(2, n);
    all.before_id = v[1].id;
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_search(c, &all, 2, &v, &n)));
    assert_int_equal(1, n);
    all = (struct audit_filter){.until_ms = clock_now_ms() - 3600000};
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_search(c, &all, 10, &v, &n)));
    assert_int_equal(0, n);
}

/* The row is there exactly when the act is. */
static void an_act_that_is_rolled_back_leaves_no_row(void **state)
{
    struct ctxfix *f = *state;
    fill(f, 3);
    struct ctx *tx = ctxfix_begin(f, true);
    assert_int_equal(PW_OK, audit(tx, "never", "thing", 1, SV("")));
    assert_int_equal(PW_CONFLICT, ctxfix_end(f, PW_CONFLICT));
    fill(f, 3);
    struct audit_report r = verify(f, "");
    assert_int_equal(6, r.rows);
    assert_int_equal(0, r.n);
}

/* Makes one change behind the back of the log, verifies, and takes the change back by not committing. */
typedef const char *(*tamper_fn)(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows);

static void run_tampers(struct ctxfix *f, tamper_fn tamper, bool show_oracle)
{
    fill(f, ROWS);
    struct ctx *tx = ctxfix_begin(f, false);
    int64_t lane = raw_int(tx, "SELECT lane FROM audit LIMIT 1", DB_NOARGS);
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
    uint32_t seed = 20261120;
    for (int i = 0; i < TAMPERS; i++) {
        struct audit_report r = {0};
        tx = ctxfix_begin(f, true);
        const char *kind = tamper(tx, &seed, lane, ROWS);
        assert_int_equal(PW_OK, audit_verify(tx, SV(""), &r));
        if (r.n == 0)
            fail_msg("tamper %d (%s) was not found", i, kind);
        if (!has(&r, kind))
            fail_msg("tamper %d was taken for \"%s\", not \"%s\"", i, r.v[0].kind, kind);
        assert_int_equal(PW_CONFLICT, ctxfix_end(f, PW_CONFLICT));
    }
    assert_int_equal(0, verify(f, "").n);
    /* once for good, for the independent verifier */
    tx = ctxfix_begin(f, true);
    tamper(tx, &seed, lane, ROWS);
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
    size_t mine = verify(f, "").n;
    assert_true(mine > 0);
    int theirs = oracle(f, true, "");
    if (show_oracle && theirs >= 0)
        assert_int_equal(mine, theirs);
}

static const char *edit(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows)
{
    static const char *const sql[] = {
        "UPDATE audit SET detail = detail || '!' WHERE lane = $1 AND seq = $2",
        "UPDATE audit SET at_ms = at_ms + 1 WHERE lane = $1 AND seq = $2",
        "UPDATE audit SET actor_person = actor_person + 1 WHERE lane = $1 AND seq = $2",
        "UPDATE audit SET actor_account = actor_account + 1 WHERE lane = $1 AND seq = $2",
        "UPDATE audit SET actor_kind = actor_kind - 1 WHERE lane = $1 AND seq = $2",
        "UPDATE audit SET request_id = 0 WHERE lane = $1 AND seq = $2",
        "UPDATE audit SET what = 'x' WHERE lane = $1 AND seq = $2",
        "UPDATE audit SET object = object || what, what = '' WHERE lane = $1 AND seq = $2",
        "UPDATE audit SET object_id = object_id - 1 WHERE lane = $1 AND seq = $2",
        "UPDATE audit SET hash = (SELECT o.hash FROM audit o WHERE o.lane = $1 AND o.seq = 1 + $2 % 40) WHERE lane = "
        "$1 AND "
        "seq = $2",
    };
    enum { N = sizeof sql / sizeof sql[0] };
    int64_t seq = 1 + dice(seed, (uint32_t)rows);
    assert_int_equal(PW_OK, raw_exec(c, sql[dice(seed, N)], DB_ARGS(DB_I(lane), DB_I(seq))));
    return "edited";
}

static const char *delete_one(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows)
{
    int64_t seq = 1 + dice(seed, (uint32_t)rows - 1); /* not the last: that is a cut end */
    assert_int_equal(PW_OK,
                     raw_exec(c, "DELETE FROM audit WHERE lane = $1 AND seq = $2", DB_ARGS(DB_I(lane), DB_I(seq))));
    return "missing";
}

/* The rows behind close up, so that no number is missing. */
static const char *delete_and_close_up(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows)
{
    delete_one(c, seed, lane, rows);
    int64_t gap = 1;
    while (raw_int(c, "SELECT count(*) FROM audit WHERE lane = $1 AND seq = $2", DB_ARGS(DB_I(lane), DB_I(gap))) == 1)
        gap++;
    for (int64_t s = gap + 1; s <= rows; s++)
        assert_int_equal(PW_OK, raw_exec(c, "UPDATE audit SET seq = seq - 1 WHERE lane = $1 AND seq = $2",
                                         DB_ARGS(DB_I(lane), DB_I(s))));
    return "edited";
}

static const char *insert(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows)
{
    bool at_end = dice(seed, 2) == 0;
    int64_t seq = at_end ? rows + 1 : 1 + dice(seed, (uint32_t)rows);
    for (int64_t s = rows; !at_end && s >= seq; s--)
        assert_int_equal(PW_OK, raw_exec(c, "UPDATE audit SET seq = seq + 1 WHERE lane = $1 AND seq = $2",
                                         DB_ARGS(DB_I(lane), DB_I(s))));
    assert_int_equal(PW_OK,
                     raw_exec(c,
                              "INSERT INTO audit SELECT $3, lane, $2, at_ms, actor_kind, actor_person, "
                              "actor_account, request_id, what, object, object_id, detail, hash FROM audit WHERE "
                              "lane = $1 AND seq = (SELECT max(seq) FROM audit WHERE lane = $1)",
                              DB_ARGS(DB_I(lane), DB_I(seq), DB_I(id_new()))));
    return "inserted"; /* one more than the head says, wherever it stands */
}

static const char *reorder(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows)
{
    int64_t a = 1 + dice(seed, (uint32_t)rows), b = a;
    while (b == a)
        b = 1 + dice(seed, (uint32_t)rows);
    static const char move[] = "UPDATE audit SET seq = $3 WHERE lane = $1 AND seq = $2";
    assert_int_equal(PW_OK, raw_exec(c, move, DB_ARGS(DB_I(lane), DB_I(a), DB_I(-1))));
    assert_int_equal(PW_OK, raw_exec(c, move, DB_ARGS(DB_I(lane), DB_I(b), DB_I(a))));
    assert_int_equal(PW_OK, raw_exec(c, move, DB_ARGS(DB_I(lane), DB_I(-1), DB_I(b))));
    return "reordered";
}

static const char *truncate_end(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows)
{
    int64_t seq = 1 + dice(seed, (uint32_t)rows);
    assert_int_equal(PW_OK,
                     raw_exec(c, "DELETE FROM audit WHERE lane = $1 AND seq >= $2", DB_ARGS(DB_I(lane), DB_I(seq))));
    return "truncated";
}

/* The end is cut and the head moved to fit, by somebody without the key. */
static const char *truncate_with_head(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows)
{
    int64_t seq = 2 + dice(seed, (uint32_t)rows - 1);
    assert_int_equal(PW_OK,
                     raw_exec(c, "DELETE FROM audit WHERE lane = $1 AND seq >= $2", DB_ARGS(DB_I(lane), DB_I(seq))));
    assert_int_equal(PW_OK,
                     raw_exec(c,
                              "UPDATE audit_head SET seq = $2, hash = (SELECT a.hash FROM audit a WHERE a.lane = $1 "
                              "AND a.seq = $2) WHERE lane = $1",
                              DB_ARGS(DB_I(lane), DB_I(seq - 1))));
    return "head-forged";
}

/* Everything from one row on is recomputed, the head too; only the MAC is out of reach. */
static const char *recompute(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows)
{
    int64_t from = 1 + dice(seed, (uint32_t)rows);
    static const char select[] =
        "SELECT id, lane, seq, at_ms, actor_kind, actor_person, actor_account, request_id, what, "
        "object, object_id, detail, hash FROM audit WHERE lane = $1 ORDER BY seq";
    struct db_stmt *st = arena_new(c->arena, struct db_stmt);
    *st = (struct db_stmt){"walk", select, DB_SCAN_OK, "test"};
    struct db_rows r;
    assert_int_equal(PW_OK, db_query(c->db, c->arena, st, DB_ARGS(DB_I(lane)), &r));
    unsigned char before[32] = {0};
    for (size_t i = 0; i < r.n; i++) {
        struct audit_row row = {db_int(&r, i, 0),  db_int(&r, i, 1),  db_int(&r, i, 2),  db_int(&r, i, 3),
                                db_int(&r, i, 5),  db_int(&r, i, 6),  db_int(&r, i, 7),  db_int(&r, i, 10),
                                db_text(&r, i, 8), db_text(&r, i, 9), db_text(&r, i, 11)};
        if (row.seq == from)
            row.actor_person += 500; /* somebody else did it */
        if (row.seq < from) {
            memcpy(before, db_text(&r, i, 12).p, 32);
            continue;
        }
        unsigned char hash[32];
        audit_row_hash(before, &row, db_int(&r, i, 4), hash);
        memcpy(before, hash, 32);
        assert_int_equal(PW_OK,
                         raw_exec(c, "UPDATE audit SET actor_person = $3, hash = $4 WHERE lane = $1 AND seq = $2",
                                  DB_ARGS(DB_I(lane), DB_I(row.seq), DB_I(row.actor_person),
                                          DB_B(((struct sv){(const char *)hash, 32})))));
    }
    assert_int_equal(PW_OK, raw_exec(c, "UPDATE audit_head SET hash = $2 WHERE lane = $1",
                                     DB_ARGS(DB_I(lane), DB_B(((struct sv){(const char *)before, 32})))));
    return "head-forged";
}

static const char *drop_head(struct ctx *c, uint32_t *seed, int64_t lane, int64_t rows)
{
    (void)seed, (void)rows;
    assert_int_equal(PW_OK, raw_exec(c, "DELETE FROM audit_head WHERE lane = $1", DB_ARGS(DB_I(lane))));
    return "head-forged";
}

#define TAMPER_TEST(name, fn)                                                                                          \
    static void name(void **state)                                                                                     \
    {                                                                                                                  \
        run_tampers(*state, fn, true);                                                                                 \
    }
TAMPER_TEST(edited_rows_are_found, edit)
TAMPER_TEST(deleted_rows_are_found, delete_one)
TAMPER_TEST(deleted_rows_that_close_up_are_found, delete_and_close_up)
TAMPER_TEST(inserted_rows_are_found, insert)
TAMPER_TEST(reordered_rows_are_found, reorder)
TAMPER_TEST(a_cut_end_is_found, truncate_end)
TAMPER_TEST(a_cut_end_with_its_head_is_found, truncate_with_head)
TAMPER_TEST(a_recomputed_chain_is_found, recompute)
TAMPER_TEST(a_missing_head_is_found, drop_head)

/* A whole older database, put back with its own signed head: only the file of heads shows it. */
static void an_older_state_is_found_by_the_noted_heads(void **state)
{
    struct ctxfix *f = *state;
    const char *heads = arena_fmt(&f->arena, "%s/audit.heads", f->db.folder).p;
    assert_int_equal(0, verify(f, heads).n); /* no file yet */
    fill(f, ROWS);
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_checkpoint(c, sv_of(heads))));
    struct audit_report r = verify(f, heads);
    assert_int_equal(0, r.n);
    assert_true(r.noted >= 1);

    struct ctx *tx = ctxfix_begin(f, false);
    struct db_stmt *st = arena_new(&f->arena, struct db_stmt);
    *st = (struct db_stmt){"heads", "SELECT lane, seq, hash, mac FROM audit_head", DB_SCAN_OK, "test"};
    struct db_rows old;
    assert_int_equal(PW_OK, db_query(tx->db, tx->arena, st, DB_NOARGS, &old));
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
    fill(f, ROWS);
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_checkpoint(c, sv_of(heads))));
    assert_int_equal(0, verify(f, heads).n);

    tx = ctxfix_begin(f, true);
    assert_int_equal(PW_OK, raw_exec(tx, "DELETE FROM audit_head", DB_NOARGS));
    assert_int_equal(PW_OK, raw_exec(tx, "DELETE FROM audit WHERE id > 0 AND seq > $1", DB_ARGS(DB_I(ROWS))));
    for (size_t i = 0; i < old.n; i++)
        assert_int_equal(PW_OK, raw_exec(tx, "INSERT INTO audit_head VALUES ($1, $2, $3, $4, 0)",
                                         DB_ARGS(DB_I(db_int(&old, i, 0)), DB_I(db_int(&old, i, 1)),
                                                 DB_B(db_text(&old, i, 2)), DB_B(db_text(&old, i, 3)))));
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
    if (f->db.engine == DB_SQLITE)
        assert_int_equal(0, verify(f, "").n); /* by itself it looks whole */
    r = verify(f, heads);
    assert_true(has(&r, "truncated"));
    int theirs = oracle(f, true, heads);
    if (theirs >= 0)
        assert_int_equal(r.n, theirs);
}

static void noted_heads_that_were_changed_are_found(void **state)
{
    struct ctxfix *f = *state;
    const char *heads = arena_fmt(&f->arena, "%s/audit.heads", f->db.folder).p;
    fill(f, 5);
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_checkpoint(c, sv_of(heads))));
    char text[4096];
    FILE *file = fopen(heads, "r+");
    size_t n = fread(text, 1, sizeof text, file);
    assert_true(n > 100);
    for (size_t i = 0; i + 1 < n; i++) {
        char was = text[i];
        if (was == '\n')
            continue;
        text[i] = was == '0' ? '1' : '0';
        rewind(file);
        assert_int_equal(n, fwrite(text, 1, n, file));
        (void)fflush(file);
        struct sv line = {text, n};
        bool time_digit = i >= strlen("passerelle-audit-head 1 ") && i < strlen("passerelle-audit-head 1 ") + 13;
        if (sv_find(line, SV("\n")) == (ptrdiff_t)n - 1 && !time_digit) /* the time is for people, not for proof */
            assert_true(verify(f, heads).n > 0);
        text[i] = was;
    }
    (void)fclose(file);
    /* a head of an open transaction may never be noted */
    assert_int_equal(PW_INTERNAL, CTX_ACT(f, audit_checkpoint(c, sv_of(heads))));
}

/* Without the key the independent verifier still finds all but a complete recomputation. */
static void the_oracle_without_the_key(void **state)
{
    struct ctxfix *f = *state;
    if (!getenv("PW_AUDIT_ORACLE"))
        skip();
    uint32_t seed = 7;
    fill(f, ROWS);
    assert_int_equal(0, oracle(f, false, ""));
    struct ctx *tx = ctxfix_begin(f, true);
    recompute(tx, &seed, 0, ROWS);
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
    assert_int_equal(0, oracle(f, false, ""));
    assert_true(oracle(f, true, "") > 0);
    tx = ctxfix_begin(f, true);
    edit(tx, &seed, 0, ROWS);
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
    assert_true(oracle(f, false, "") > 0);
}

int main(void)
{
    enum { ONLY_SQLITE = 1 }; /* the last one: the verifier reads the file */
    const struct CMUnitTest tests[] = {
        CORE_TEST(every_statement_is_well),
        CORE_TEST(an_untouched_log_verifies),
        CORE_TEST(a_row_says_who_what_and_when),
        CORE_TEST(the_log_is_searched),
        CORE_TEST(an_act_that_is_rolled_back_leaves_no_row),
        CORE_TEST(edited_rows_are_found),
        CORE_TEST(deleted_rows_are_found),
        CORE_TEST(deleted_rows_that_close_up_are_found),
        CORE_TEST(inserted_rows_are_found),
        CORE_TEST(reordered_rows_are_found),
        CORE_TEST(a_cut_end_is_found),
        CORE_TEST(a_cut_end_with_its_head_is_found),
        CORE_TEST(a_recomputed_chain_is_found),
        CORE_TEST(a_missing_head_is_found),
        CORE_TEST(an_older_state_is_found_by_the_noted_heads),
        CORE_TEST(noted_heads_that_were_changed_are_found),
        CORE_TEST(the_oracle_without_the_key),
    };
    size_t n = sizeof tests / sizeof *tests - (dbfix_engine() == DB_SQLITE ? 0 : ONLY_SQLITE);
    return _cmocka_run_group_tests("core audit", tests, n, NULL, NULL);
}

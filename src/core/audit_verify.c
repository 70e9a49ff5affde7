/* SPDX-License-Identifier: EUPL-1.2 */
/* audit_verify: reads every chain from its start and compares it with its head, and with heads noted outside the
 * database. What the chain itself can show: a changed, missing, added or moved row. What only the MAC shows: a chain
 * recomputed from some row on. What only the file of heads shows: a database put back to an older state. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "core/audit_chain.h"

enum { FINDINGS_MAX = 1000, LANES_MAX = 64 };

DB_STMT_SCAN(
    audit_walk,
    "SELECT id, lane, seq, at_ms, actor_kind, actor_person, actor_account, request_id, what, object, object_id, "
    "detail, hash FROM audit ORDER BY lane, seq, id",
    "verification reads the whole log on purpose");
DB_STMT_SCAN(audit_heads, "SELECT lane, seq, hash, mac FROM audit_head ORDER BY lane", "one row a lane");
DB_STMT(audit_hash_at, "SELECT hash FROM audit WHERE lane = $1 AND seq = $2");

struct walk {
    struct ctx *c;
    struct audit_report report;
    int64_t lane, seq, last_id; /* of the row before; lane -1 before the first */
    unsigned char before[AUDIT_HASH];
    struct {
        int64_t lane, seq;
        unsigned char hash[AUDIT_HASH];
    } ends[LANES_MAX];
    size_t n_ends;
};

static void find(struct walk *w, int64_t lane, int64_t seq, const char *kind)
{
    if (w->report.n < FINDINGS_MAX)
        w->report.v[w->report.n++] = (struct audit_finding){lane, seq, kind};
}

static void end_lane(struct walk *w)
{
    if (w->lane < 0)
        return;
    w->report.lanes++;
    if (w->n_ends == LANES_MAX)
        return;
    w->ends[w->n_ends].lane = w->lane;
    w->ends[w->n_ends].seq = w->seq;
    memcpy(w->ends[w->n_ends++].hash, w->before, AUDIT_HASH);
}

/* After a finding the walk goes on from the hash that the row says, so one change is one finding. */
static enum pw_err step(void *arg, const struct db_rows *r)
{
    struct walk *w = arg;
    struct audit_row row = {.id = db_int(r, 0, 0),
                            .lane = db_int(r, 0, 1),
                            .seq = db_int(r, 0, 2),
                            .at_ms = db_int(r, 0, 3),
                            .actor_person = db_int(r, 0, 5),
                            .actor_account = db_int(r, 0, 6),
                            .request_id = db_int(r, 0, 7),
                            .what = db_text(r, 0, 8),
                            .object = db_text(r, 0, 9),
                            .object_id = db_int(r, 0, 10),
                            .detail = db_text(r, 0, 11)};
    struct sv stored = db_text(r, 0, 12);
    if (row.lane != w->lane) {
        end_lane(w);
        w->lane = row.lane;
        w->seq = 0;
        w->last_id = 0;
        memset(w->before, 0, sizeof w->before);
    }
    w->report.rows++;
    bool gap = false;
    if (row.seq <= w->seq) {
        find(w, row.lane, row.seq, "inserted");
    } else if (row.seq > w->seq + 1) {
        find(w, row.lane, w->seq + 1, "missing");
        gap = true;
    }
    if (stored.n != AUDIT_HASH) {
        find(w, row.lane, row.seq, "edited");
        stored = (struct sv){(const char *)w->before, AUDIT_HASH};
    } else if (!gap && row.seq > w->seq) { /* behind a gap there is nothing to compare with */
        unsigned char hash[AUDIT_HASH];
        audit_row_hash(w->before, &row, db_int(r, 0, 4), hash);
        if (memcmp(hash, stored.p, AUDIT_HASH) != 0)
            find(w, row.lane, row.seq, row.id < w->last_id ? "reordered" : "edited");
    }
    if (row.seq > w->seq)
        w->seq = row.seq;
    w->last_id = row.id;
    memmove(w->before, stored.p, AUDIT_HASH);
    return PW_OK;
}

static bool same(struct sv a, const void *p, size_t n)
{
    return a.n == n && sodium_memcmp(a.p, p, n) == 0;
}

static enum pw_err check_heads(struct walk *w)
{
    struct ctx *c = w->c;
    struct db_rows r;
    bool seen[LANES_MAX] = {false};
    PW_TRY(db_query(c->db, c->arena, &audit_heads, DB_NOARGS, &r));
    for (size_t i = 0; i < r.n; i++) {
        int64_t lane = db_int(&r, i, 0), seq = db_int(&r, i, 1);
        struct sv hash = db_text(&r, i, 2), mac = audit_head_mac(c->vault, c->arena, lane, seq, hash);
        if (!mac.n || !same(db_text(&r, i, 3), mac.p, mac.n))
            find(w, lane, seq, "head-forged");
        size_t e = 0;
        while (e < w->n_ends && w->ends[e].lane != lane)
            e++;
        if (e == w->n_ends) {
            if (seq != 0)
                find(w, lane, 1, "truncated");
            continue;
        }
        seen[e] = true;
        if (w->ends[e].seq < seq)
            find(w, lane, w->ends[e].seq + 1, "truncated");
        else if (w->ends[e].seq > seq)
            find(w, lane, seq + 1, "inserted");
        else if (!same(hash, w->ends[e].hash, AUDIT_HASH))
            find(w, lane, seq, "edited");
    }
    for (size_t e = 0; e < w->n_ends; e++)
        if (!seen[e])
            find(w, w->ends[e].lane, w->ends[e].seq, "head-forged");
    return PW_OK;
}

/* ---- heads noted outside ---- */

/* "passerelle-audit-head 1 <at_ms> <lane> <seq> <hash> <mac>" */
static bool parse_head(struct arena *a, struct sv line, int64_t *lane, int64_t *seq, struct sv *hash, struct sv *mac)
{
    struct sv word[7];
    size_t n = 0;
    while (n < 7 && sv_cut(&line, ' ', &word[n]))
        n++;
    if (n != 7 || line.n || !sv_eq_z(word[0], "passerelle-audit-head") || !sv_eq_z(word[1], "1"))
        return false;
    struct sv *const hex[] = {hash, mac};
    for (int i = 0; i < 2; i++) {
        char *out = arena_alloc(a, AUDIT_HASH, 1);
        size_t got = 0;
        if (!out || word[5 + i].n != 2 * AUDIT_HASH ||
            sodium_hex2bin((unsigned char *)out, AUDIT_HASH, word[5 + i].p, word[5 + i].n, NULL, &got, NULL) != 0 ||
            got != AUDIT_HASH)
            return false;
        *hex[i] = (struct sv){out, AUDIT_HASH};
    }
    return sv_int(word[3], lane) && sv_int(word[4], seq);
}

static enum pw_err check_noted(struct walk *w, struct arena *a, struct sv line)
{
    int64_t lane = 0, seq = 0;
    struct sv hash, mac;
    if (!parse_head(a, line, &lane, &seq, &hash, &mac)) {
        find(w, -1, 0, "head-forged");
        return PW_OK;
    }
    struct sv right = audit_head_mac(w->c->vault, a, lane, seq, hash);
    if (!right.n || !same(mac, right.p, right.n)) {
        find(w, lane, seq, "head-forged");
        return PW_OK;
    }
    if (seq == 0)
        return PW_OK;
    struct db_rows r;
    enum pw_err e = db_one(w->c->db, a, &audit_hash_at, DB_ARGS(DB_I(lane), DB_I(seq)), &r);
    if (e == PW_NOT_FOUND)
        find(w, lane, seq, "truncated"); /* the database is older than what was noted */
    else if (e != PW_OK)
        return e;
    else if (!same(db_text(&r, 0, 0), hash.p, hash.n))
        find(w, lane, seq, "edited");
    return PW_OK;
}

static enum pw_err check_file(struct walk *w, FILE *f, off_t size)
{
    struct arena small;
    arena_init(&small, 64 * 1024);
    char text[512];
    enum pw_err e = PW_OK;
    while (e == PW_OK && ftello(f) < size && fgets(text, sizeof text, f)) {
        struct sv line = sv_of(text);
        w->report.noted++;
        if (sv_ends(line, SV("\n")))
            line.n--;
        if (line.n)
            e = check_noted(w, &small, line);
        arena_reset(&small);
    }
    if (e == PW_OK && ferror(f))
        e = PW_UNAVAILABLE;
    arena_finish(&small);
    return e;
}

enum pw_err audit_verify(struct ctx *c, struct sv heads_file, struct audit_report *ret)
{
    struct walk *w = arena_new(c->arena, struct walk);
    struct audit_finding *v = arena_array(c->arena, struct audit_finding, FINDINGS_MAX);
    if (!w || !v)
        return PW_INTERNAL;
    w->c = c;
    w->report.v = v;
    w->lane = -1;
    /* measured before the first look at the database: heads noted while we read belong to a newer state of it */
    FILE *f = heads_file.n ? fopen(arena_z(c->arena, heads_file), "re") : NULL;
    struct stat st = {0};
    if (heads_file.n && !f && errno != ENOENT)
        return PW_UNAVAILABLE;
    enum pw_err e = f && fstat(fileno(f), &st) != 0 ? PW_UNAVAILABLE : PW_OK;
    if (e == PW_OK)
        e = db_each(c->db, &audit_walk, DB_NOARGS, step, w);
    if (e == PW_OK) {
        end_lane(w);
        e = check_heads(w);
    }
    if (e == PW_OK && f)
        e = check_file(w, f, st.st_size);
    if (f)
        (void)fclose(f);
    if (e == PW_OK)
        *ret = w->report;
    return e;
}

/* Only committed heads may be noted: a head that is rolled back later would look like tampering for ever. */
enum pw_err audit_checkpoint(struct ctx *c, struct sv heads_file)
{
    struct db_rows r;
    if (!db_is_read_only(c->db))
        return PW_INTERNAL;
    PW_TRY(db_query(c->db, c->arena, &audit_heads, DB_NOARGS, &r));
    struct buf b;
    buf_init(&b, 64 * 1024);
    for (size_t i = 0; i < r.n; i++) {
        buf_fmt(&b, "passerelle-audit-head 1 %lld %lld %lld ", (long long)c->now_ms, (long long)db_int(&r, i, 0),
                (long long)db_int(&r, i, 1));
        buf_hex(&b, db_text(&r, i, 2));
        buf_c(&b, ' ');
        buf_hex(&b, db_text(&r, i, 3));
        buf_c(&b, '\n');
    }
    enum pw_err e = buf_ok(&b) ? PW_OK : PW_INTERNAL;
    struct sv text = buf_sv(&b);
    int fd = e == PW_OK ? open(arena_z(c->arena, heads_file), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640) : -1;
    if (e == PW_OK && (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || fsync(fd) != 0))
        e = PW_UNAVAILABLE;
    if (fd >= 0)
        close(fd);
    buf_finish(&b);
    return e;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* persons and identities: found again, merged and unmerged, erased; and no name in clear anywhere in the database. */
#include "core_test.h"

#include <dirent.h>

#include "core/access.h"
#include "core/audit.h"
#include "core/notify.h"
#include "core/people.h"
#include "core/vault.h"

/* PPL-1, LANG-3 */
static void a_person_is_kept_as_typed(void **state)
{
    struct ctxfix *f = *state;
    int64_t id = 0;
    struct person p;
    struct person_new n = {SV("  Noor أمل O'Brien "), SV("ar"), SV("America/Edmonton")};
    assert_int_equal(PW_OK, CTX_ACT(f, person_create(c, &n, &id)));
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, id, &p)));
    assert_sv(p.display_name, "Noor أمل O'Brien");
    assert_sv(p.lang, "ar");
    assert_sv(p.zone, "America/Edmonton");
    assert_int_equal(CTXFIX_NOW, p.created_ms);
    assert_int_equal(0, p.erased_ms);
    assert_false(p.limited_data);
    assert_int_equal(PW_OK, CTX_ACT(f, person_set_limited(c, id, true)));
    n = (struct person_new){SV("Nour"), SV("fr"), SV("")};
    assert_int_equal(PW_OK, CTX_ACT(f, person_set(c, id, &n)));
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, id, &p)));
    assert_sv(p.display_name, "Nour");
    assert_true(p.limited_data);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, person_get(c, id + 1, &p)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, person_set(c, id + 1, &n)));
}

static void bad_input_is_named_field_by_field(void **state)
{
    struct ctxfix *f = *state;
    int64_t id = 7;
    char many[4 * 121];
    memset(many, 'x', sizeof many);
    struct person_new n = {{many, sizeof many}, SV("no such language!"), SV("../../etc/passwd;")};
    assert_int_equal(PW_INVALID, CTX_ACT(f, person_create(c, &n, &id)));
    assert_int_equal(7, id);
    assert_non_null(problem_of(&f->problems, "display_name"));
    assert_non_null(problem_of(&f->problems, "lang"));
    assert_non_null(problem_of(&f->problems, "zone"));
    n = (struct person_new){SV("bad \xff byte"), SV("fr"), SV("")};
    assert_int_equal(PW_INVALID, CTX_ACT(f, person_create(c, &n, &id)));
}

static void many_names_come_in_the_order_asked(void **state)
{
    struct ctxfix *f = *state;
    enum { N = 75 };
    int64_t ids[N + 2];
    struct person got[N + 2];
    for (int i = 0; i < N; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "Person %d", i);
        ids[i] = ctxfix_person(f, name);
    }
    int64_t first = ids[0];
    ids[0] = ids[N - 1];
    ids[N - 1] = first;
    ids[N] = 12345; /* missing */
    ids[N + 1] = ids[3];
    assert_int_equal(PW_OK, CTX_ACT(f, person_erase(c, ids[5])));
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get_many(c, ids, N + 2, got)));
    assert_sv(got[0].display_name, "Person 74");
    assert_sv(got[N - 1].display_name, "Person 0");
    for (int i = 1; i < N - 1; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "Person %d", i);
        assert_sv(got[i].display_name, i == 5 ? "" : name);
    }
    assert_sv(got[N].display_name, "");
    assert_int_equal(12345, got[N].id);
    assert_sv(got[N + 1].display_name, "Person 3");
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get_many(c, ids, 0, got)));
}

/* PPL-1: many identities, one person; never keyed by phone */
static void an_identity_leads_to_one_person(void **state)
{
    struct ctxfix *f = *state;
    struct identity a, b;
    struct person_new n = {SV("Amal"), SV("ar"), SV("")};
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, identity_find(c, 4, SV("tg-100"), &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 4, SV("tg-100"), &n, &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 4, SV("tg-100"), &n, &b)));
    assert_int_equal(a.id, b.id);
    assert_int_equal(a.person_id, b.person_id);
    assert_sv(b.provider_user, "tg-100");
    /* the same id in another app is somebody else */
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 5, SV("tg-100"), &n, &b)));
    assert_true(a.person_id != b.person_id);
    assert_int_equal(PW_OK, CTX_ACT(f, identity_set_private_chat(c, a.id, SV("chat-77"))));
    assert_int_equal(PW_OK, CTX_ACT(f, identity_set_blocked(c, a.id, true)));
    assert_int_equal(PW_OK, CTX_LOOK(f, identity_of_person(c, a.person_id, 4, &b)));
    assert_sv(b.private_chat, "chat-77");
    assert_true(b.blocked);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, identity_of_person(c, a.person_id, 5, &b)));
    /* the app changes its id of the person; the old one is free again */
    assert_int_equal(PW_OK, CTX_ACT(f, identity_set_provider_user(c, a.id, SV("tg-200"))));
    assert_int_equal(PW_OK, CTX_LOOK(f, identity_find(c, 4, SV("tg-200"), &b)));
    assert_int_equal(a.id, b.id);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, identity_find(c, 4, SV("tg-100"), &b)));
}

static void a_strange_name_from_an_app_loses_no_message(void **state)
{
    struct ctxfix *f = *state;
    struct identity a;
    struct person p;
    char many[5000];
    memset(many, 'y', sizeof many);
    struct person_new n = {{many, sizeof many}, SV("fr"), SV("")};
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 4, SV("1"), &n, &a)));
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, a.person_id, &p)));
    assert_true(p.display_name.n > 0 && p.display_name.n <= 4 * 120);
    n.display_name = SV("\xff\xfe");
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 4, SV("2"), &n, &a)));
    n.display_name = SV("gpj.\xe2\x80\xae"
                        "exe"); /* right-to-left override */
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 4, SV("3"), &n, &a)));
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, a.person_id, &p)));
    assert_sv(p.display_name, "gpj.exe");
    assert_int_equal(PW_INVALID, CTX_ACT(f, identity_ensure(c, 4, SV(""), &n, &a)));
}

/* PPL-2: merges are reversible */
static void a_merge_moves_what_a_person_is_found_by_and_back(void **state)
{
    struct ctxfix *f = *state;
    struct identity a, b, got;
    struct person p;
    int64_t merge = 0, grant = 0;
    struct person_new n = {SV("Amal"), SV("ar"), SV("")}, n2 = {SV("Amal H."), SV("ar"), SV("")};
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 4, SV("one"), &n, &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 5, SV("two"), &n2, &b)));
    int64_t keep = a.person_id, drop = b.person_id;
    struct grant g = {.person_id = drop, .role = ROLE_MODERATOR, .scope = SCOPE_COMMUNITY, .scope_id = 9};
    assert_int_equal(PW_OK, CTX_ACT(f, grant_give(c, &g, &grant)));
    assert_int_equal(PW_OK, CTX_ACT(f, notify(c, drop, "Hello {0}", SV("you"), SV(""), SV("/"), NULL)));
    struct sv sealed;
    struct seal_place at = {"message", "text", 1};
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, drop, at, SV("their words"), &sealed)));

    assert_int_equal(PW_OK, CTX_ACT(f, person_merge(c, keep, drop, &merge)));
    assert_int_equal(PW_OK, CTX_LOOK(f, identity_find(c, 5, SV("two"), &got)));
    assert_int_equal(keep, got.person_id);
    assert_int_equal(PW_OK, CTX_LOOK(f, identity_of_person(c, drop, 5, &got)));
    assert_sv(got.provider_user, "two");
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, drop, &p)));
    assert_int_equal(keep, p.id);
    assert_sv(p.display_name, "Amal");
    struct grant *grants;
    size_t n_grants;
    assert_int_equal(PW_OK, CTX_LOOK(f, grant_of_person(c, keep, &grants, &n_grants)));
    assert_int_equal(1, n_grants);
    struct notice *notices;
    size_t n_notices;
    assert_int_equal(PW_OK, CTX_LOOK(f, notice_list(c, keep, 0, 10, &notices, &n_notices)));
    assert_int_equal(1, n_notices);
    assert_sv(notices[0].arg0, "you");
    /* what other rooms sealed for the dropped record opens for the kept one, and under its own id */
    struct sv plain;
    assert_int_equal(PW_OK, CTX_LOOK(f, unseal(c, keep, at, sealed, &plain)));
    assert_sv(plain, "their words");
    assert_int_equal(PW_OK, CTX_LOOK(f, unseal(c, drop, at, sealed, &plain)));
    /* a record merged away is neither merged again nor erased on its own */
    int64_t third = ctxfix_person(f, "Third"), again = 0;
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, person_merge(c, third, drop, &again)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, person_merge(c, drop, third, &again)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, person_merge(c, keep, keep, &again)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, person_erase(c, drop)));
    /* written while merged, for the kept record */
    assert_int_equal(PW_OK, CTX_LOOK(f, identity_find(c, 5, SV("two"), &got)));
    assert_int_equal(PW_OK, CTX_ACT(f, identity_set_private_chat(c, got.id, SV("later"))));

    assert_int_equal(PW_OK, CTX_ACT(f, person_unmerge(c, merge)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, person_unmerge(c, merge)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, person_unmerge(c, merge + 1)));
    assert_int_equal(PW_OK, CTX_LOOK(f, identity_find(c, 5, SV("two"), &got)));
    assert_int_equal(drop, got.person_id);
    assert_sv(got.private_chat, "later");
    assert_int_equal(PW_OK, CTX_LOOK(f, identity_find(c, 4, SV("one"), &got)));
    assert_int_equal(keep, got.person_id);
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, drop, &p)));
    assert_sv(p.display_name, "Amal H.");
    assert_int_equal(PW_OK, CTX_LOOK(f, grant_of_person(c, drop, &grants, &n_grants)));
    assert_int_equal(1, n_grants);
    assert_int_equal(PW_OK, CTX_LOOK(f, notice_list(c, drop, 0, 10, &notices, &n_notices)));
    assert_int_equal(1, n_notices);
    assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal(c, keep, at, sealed, &plain)));
}

static void merges_of_merges_stay_flat(void **state)
{
    struct ctxfix *f = *state;
    int64_t a = ctxfix_person(f, "A"), b = ctxfix_person(f, "B"), d = ctxfix_person(f, "D"), m1 = 0, m2 = 0;
    struct person p;
    assert_int_equal(PW_OK, CTX_ACT(f, person_merge(c, b, d, &m1)));
    assert_int_equal(PW_OK, CTX_ACT(f, person_merge(c, a, b, &m2)));
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, d, &p)));
    assert_int_equal(a, p.id);
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, person_unmerge(c, m1))); /* newest first */
    assert_int_equal(PW_OK, CTX_ACT(f, person_unmerge(c, m2)));
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, d, &p)));
    assert_int_equal(b, p.id);
    assert_int_equal(PW_OK, CTX_ACT(f, person_unmerge(c, m1)));
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, d, &p)));
    assert_int_equal(d, p.id);
}

/* CNS-8 */
static void erasing_ends_everything_and_frees_the_app_id(void **state)
{
    struct ctxfix *f = *state;
    struct identity a, b;
    struct person p;
    struct sv sealed, plain;
    int64_t merge = 0;
    struct person_new n = {SV("Amal"), SV("ar"), SV("America/Toronto")};
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 4, SV("one"), &n, &a)));
    int64_t dropped = ctxfix_person(f, "Amal again");
    struct seal_place at = {"message", "text", 1};
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, dropped, at, SV("words"), &sealed)));
    assert_int_equal(PW_OK, CTX_ACT(f, person_merge(c, a.person_id, dropped, &merge)));
    assert_int_equal(PW_OK, CTX_LOOK(f, unseal(c, a.person_id, at, sealed, &plain)));
    f->now_ms += 1000;
    assert_int_equal(PW_OK, CTX_ACT(f, person_erase(c, a.person_id)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, person_erase(c, a.person_id)));
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, a.person_id, &p)));
    assert_int_equal(f->now_ms, p.erased_ms);
    assert_sv(p.display_name, "");
    assert_sv(p.zone, "");
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, unseal(c, a.person_id, at, sealed, &plain)));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, unseal(c, dropped, at, sealed, &plain)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, seal(c, a.person_id, at, SV("more"), &sealed)));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, identity_find(c, 4, SV("one"), &b)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, person_set(c, a.person_id, &n)));
    /* the same app user is a new person when they write again */
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 4, SV("one"), &n, &b)));
    assert_true(a.person_id != b.person_id);
    struct audit_report r;
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_verify(c, SV(""), &r)));
    assert_int_equal(0, r.n); /* the chain holds after an erasure */
}

/* ---- no canary in any byte of the database ---- */

static size_t count_in(struct sv hay, struct sv needle)
{
    size_t n = 0;
    for (const char *p = hay.p; p && (p = memmem(p, (size_t)(hay.p + hay.n - p), needle.p, needle.n)); p++)
        n++;
    return n;
}

static size_t scan_folder(const char *folder, struct sv needle, size_t *ret_bytes)
{
    DIR *d = opendir(folder);
    size_t hits = 0;
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_type != DT_REG)
            continue;
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        struct buf b;
        buf_init(&b, 64 * 1024 * 1024);
        char part[65536];
        for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
            buf_add(&b, (struct sv){part, n});
        (void)fclose(file);
        assert_true(buf_ok(&b));
        *ret_bytes += b.n;
        hits += count_in(buf_sv(&b), needle);
        buf_finish(&b);
    }
    closedir(d);
    return hits;
}

/* reliability.md goal 27 */
static void no_name_stands_in_clear_in_the_database(void **state)
{
    struct ctxfix *f = *state;
    struct identity a;
    struct person_new n = {SV("CanaryNoorHaddad"), SV("ar"), SV("")};
    assert_int_equal(PW_OK, CTX_ACT(f, identity_ensure(c, 4, SV("CanaryProvider613"), &n, &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, identity_set_private_chat(c, a.id, SV("CanaryChat77"))));
    n.display_name = SV("CanaryNoorSecond");
    assert_int_equal(PW_OK, CTX_ACT(f, person_set(c, a.person_id, &n)));
    assert_int_equal(PW_OK,
                     CTX_ACT(f, notify(c, a.person_id, "x", SV("CanaryNotice"), SV("CanaryOther"), SV("/"), NULL)));
    int64_t drop = ctxfix_person(f, "CanaryThird"), merge = 0;
    assert_int_equal(PW_OK, CTX_ACT(f, person_merge(c, a.person_id, drop, &merge)));
    /* plain text that must be found, or the search is broken */
    assert_int_equal(PW_OK, CTX_ACT(f, audit(c, "witness.seen", "witness", 1, SV("PlainWitness"))));

    if (f->db.engine == DB_SQLITE) {
        size_t bytes = 0;
        assert_int_equal(0, scan_folder(f->db.folder, SV("Canary"), &bytes));
        assert_true(scan_folder(f->db.folder, SV("PlainWitness"), &bytes) > 0);
        ctxfix_reopen(f); /* written back from the log, and once more */
        assert_int_equal(0, scan_folder(f->db.folder, SV("Canary"), &bytes));
        assert_true(bytes > 0);
    } else {
        static const char *const tables[] = {"person", "identity",     "notice",
                                             "audit",  "person_merge", "person_merge_row"};
        for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
            char sql[200];
            (void)snprintf(sql, sizeof sql,
                           "SELECT count(*) FROM %s t WHERE CAST(t AS TEXT) LIKE '%%Canary%%' OR CAST(t AS TEXT) LIKE "
                           "'%%43616e617279%%'",
                           tables[i]);
            struct ctx *tx = ctxfix_begin(f, false);
            int64_t hits = raw_int(tx, sql, DB_NOARGS);
            assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
            assert_int_equal(0, hits);
        }
    }
    struct person p;
    assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, a.person_id, &p)));
    assert_sv(p.display_name, "CanaryNoorSecond");
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
        CORE_TEST(every_statement_is_well),
        CORE_TEST(a_person_is_kept_as_typed),
        CORE_TEST(bad_input_is_named_field_by_field),
        CORE_TEST(many_names_come_in_the_order_asked),
        CORE_TEST(an_identity_leads_to_one_person),
        CORE_TEST(a_strange_name_from_an_app_loses_no_message),
        CORE_TEST(a_merge_moves_what_a_person_is_found_by_and_back),
        CORE_TEST(merges_of_merges_stay_flat),
        CORE_TEST(erasing_ends_everything_and_frees_the_app_id),
        CORE_TEST(no_name_stands_in_clear_in_the_database),
    };
    return cmocka_run_group_tests_name("core people", tests, NULL, NULL);
}

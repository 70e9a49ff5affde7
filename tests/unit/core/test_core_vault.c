/* SPDX-License-Identifier: EUPL-1.2 */
/* the vault: what it seals opens only in its place, with its key, while that key lives; and the key file. */
#include "core_test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/people.h"
#include "core/vault.h"

static const struct seal_place at = {"message", "text", 42};

static struct sv flipped(struct ctxfix *f, struct sv s, size_t i)
{
    struct sv copy = arena_sv(&f->arena, s);
    ((char *)(uintptr_t)copy.p)[i] ^= 1;
    return copy;
}

/* CNS-9: a provider's id can be looked up, opened with the key, and read by nobody else */
static void the_same_seal_shows_equality_only(void **state)
{
    struct ctxfix *f = *state;
    struct sv a, b, other, plain;
    static const char *const ids[] = {"7", "7700123456789", "-1001234567890",
                                      "a chat id of more than thirty-two bytes!"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        assert_int_equal(PW_OK, CTX_ACT(f, seal_same(c, "t.chat", sv_of(ids[i]), &a)));
        assert_int_equal(PW_OK, CTX_ACT(f, seal_same(c, "t.chat", sv_of(ids[i]), &b)));
        assert_int_equal(PW_OK, CTX_ACT(f, seal_same(c, "t.user", sv_of(ids[i]), &other)));
        assert_true(sv_eq(a, b));
        assert_false(sv_eq(a, other));
        assert_int_equal(PW_OK, CTX_LOOK(f, unseal_same(c, "t.chat", a, &plain)));
        assert_sv(plain, ids[i]);
        assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal_same(c, "t.user", a, &plain)));
        for (size_t k = 0; k < a.n; k++) {
            struct sv bad = flipped(f, a, k);
            assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal_same(c, "t.chat", bad, &plain)));
        }
        for (size_t n = 1; n < a.n; n++)
            assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal_same(c, "t.chat", sv_sub(a, 0, n), &plain)));
    }
    assert_int_equal(PW_OK, CTX_ACT(f, seal_same(c, "t.chat", SV(""), &a)));
    assert_int_equal(0, a.n);
    assert_int_equal(PW_OK, CTX_LOOK(f, unseal_same(c, "t.chat", SV(""), &plain)));
    char long_id[201];
    memset(long_id, 'x', sizeof long_id);
    struct sv too_long = {long_id, sizeof long_id};
    assert_int_equal(PW_INVALID, CTX_ACT(f, seal_same(c, "t.chat", too_long, &a)));
}

/* reliability.md goal 27: swapped row, changed byte, cut end: 100 % refused */
static void a_sealed_value_opens_only_in_its_place(void **state)
{
    struct ctxfix *f = *state;
    int64_t noor = ctxfix_person(f, "Noor"), amal = ctxfix_person(f, "Amal");
    for (int own = 0; own < 2; own++) {
        int64_t who = own ? 0 : noor;
        struct sv sealed, plain;
        assert_int_equal(PW_OK, CTX_ACT(f, seal(c, who, at, SV("a private word"), &sealed)));
        assert_int_equal(-1, sv_find(sealed, SV("private")));
        assert_int_equal(PW_OK, CTX_LOOK(f, unseal(c, who, at, sealed, &plain)));
        assert_sv(plain, "a private word");
        assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal(c, amal, at, sealed, &plain)));
        assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal(c, own ? noor : 0, at, sealed, &plain)));
        const struct seal_place wrong[] = {
            {"message", "text", 43}, {"message", "note", 42}, {"massage", "text", 42}, {"messaget", "ext", 42}};
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal(c, who, wrong[i], sealed, &plain)));
        for (size_t i = 0; i < sealed.n; i++) {
            struct sv bad = flipped(f, sealed, i);
            assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal(c, who, at, bad, &plain)));
        }
        for (size_t n = 1; n < sealed.n; n++)
            assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal(c, who, at, sv_sub(sealed, 0, n), &plain)));
    }
}

static void two_seals_of_one_text_differ(void **state)
{
    struct ctxfix *f = *state;
    int64_t noor = ctxfix_person(f, "Noor");
    struct sv a, b, plain = SV("untouched");
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, noor, at, SV("yes"), &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, noor, at, SV("yes"), &b)));
    assert_false(sv_eq(a, b));
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, noor, at, SV(""), &a)));
    assert_true(a.n > 0);
    assert_int_equal(PW_OK, CTX_LOOK(f, unseal(c, noor, at, a, &plain)));
    assert_int_equal(0, plain.n);
    assert_int_equal(PW_OK, CTX_LOOK(f, unseal(c, noor, at, SV(""), &plain))); /* blanked */
    assert_int_equal(0, plain.n);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, seal(c, noor + 1, at, SV("yes"), &b)));
}

/* CNS-8: erased in this process and in every other */
static void a_destroyed_key_opens_nothing_anywhere(void **state)
{
    struct ctxfix *f = *state;
    int64_t noor = ctxfix_person(f, "Noor"), amal = ctxfix_person(f, "Amal");
    struct sv sealed, plain;
    struct vault *mine = f->vault, *other;
    assert_int_equal(PW_OK, vault_open(sv_of(f->key_file), false, &f->arena, &other, NULL, NULL));
    vault_set_recheck(other, 0);
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, noor, at, SV("word"), &sealed)));
    for (int i = 0; i < 2; i++) { /* both hold a copy of the key now */
        f->vault = i ? other : mine;
        assert_int_equal(PW_OK, CTX_LOOK(f, unseal(c, noor, at, sealed, &plain)));
    }
    f->vault = mine;
    assert_int_equal(PW_OK, CTX_ACT(f, vault_person_key_destroy(c, noor)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, vault_person_key_destroy(c, noor)));
    for (int i = 0; i < 2; i++) {
        f->vault = i ? other : mine;
        assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, unseal(c, noor, at, sealed, &plain)));
        assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, seal(c, noor, at, SV("more"), &plain)));
        struct person p;
        assert_int_equal(PW_OK, CTX_LOOK(f, person_get(c, amal, &p))); /* others are not touched */
        assert_sv(p.display_name, "Amal");
    }
    f->vault = mine;
    vault_close(other);
}

static void a_destruction_that_is_rolled_back_did_not_happen(void **state)
{
    struct ctxfix *f = *state;
    int64_t noor = ctxfix_person(f, "Noor");
    struct sv sealed, plain;
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, noor, at, SV("word"), &sealed)));
    struct ctx *tx = ctxfix_begin(f, true);
    assert_int_equal(PW_OK, vault_person_key_destroy(tx, noor));
    assert_int_equal(PW_NOT_FOUND, unseal(tx, noor, at, sealed, &plain));
    assert_int_equal(PW_CONFLICT, ctxfix_end(f, PW_CONFLICT));
    assert_int_equal(PW_OK, CTX_LOOK(f, unseal(c, noor, at, sealed, &plain)));
    assert_sv(plain, "word");
    assert_int_equal(PW_OK, CTX_ACT(f, vault_person_key_destroy(c, noor)));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, unseal(c, noor, at, sealed, &plain)));
}

struct destroy {
    struct ctxfix *f;
    int64_t person;
};
static enum pw_err destroy_elsewhere(struct db *db, void *arg)
{
    struct destroy *d = arg;
    struct ctx c = {.arena = &d->f->arena, .db = db, .vault = d->f->vault, .actor = &actor_system, .now_ms = 5};
    return vault_person_key_destroy(&c, d->person);
}
struct look {
    struct ctxfix *f;
    int64_t person;
    struct sv sealed, plain;
};
static enum pw_err look_elsewhere(struct db *db, void *arg)
{
    struct look *l = arg;
    struct ctx c = {.arena = &l->f->arena, .db = db, .vault = l->f->vault, .actor = &actor_system, .now_ms = 5};
    return unseal(&c, l->person, at, l->sealed, &l->plain);
}

/* A reader that began before the destruction still reads its own moment, but hands nothing of it to others. */
static void an_old_reader_brings_no_key_back(void **state)
{
    struct ctxfix *f = *state;
    int64_t noor = ctxfix_person(f, "Noor"), amal = ctxfix_person(f, "Amal");
    struct person p;
    struct look l = {.f = f, .person = noor}, other = {.f = f, .person = amal};
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, noor, at, SV("word"), &l.sealed)));
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, amal, at, SV("word"), &other.sealed)));
    vault_set_recheck(f->vault, 1000000000);
    assert_int_equal(PW_OK, db_read(f->db.s, look_elsewhere, &other)); /* the epoch was looked at, for a long time */
    struct ctx *old = ctxfix_begin(f, false);
    assert_int_equal(PW_OK, person_get(old, noor, &p));
    assert_sv(p.display_name, "Noor");
    struct destroy d = {f, noor};
    assert_int_equal(PW_OK, db_transact(f->db.s, destroy_elsewhere, &d));
    assert_int_equal(PW_OK, db_read(f->db.s, look_elsewhere, &other)); /* somebody looks at the newer state */
    assert_int_equal(PW_OK, person_get(old, noor, &p));
    assert_sv(p.display_name, "Noor");
    assert_int_equal(PW_NOT_FOUND, db_read(f->db.s, look_elsewhere, &l));
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
    assert_int_equal(PW_NOT_FOUND, db_read(f->db.s, look_elsewhere, &l));
    assert_int_equal(PW_OK, db_read(f->db.s, look_elsewhere, &other));
}

/* More persons than the vault remembers: every one still opens with their own key. */
static void more_persons_than_slots(void **state)
{
    struct ctxfix *f = *state;
    enum { N = 5000 };
    int64_t *ids = calloc(N, sizeof *ids);
    struct sv *sealed = calloc(N, sizeof *sealed);
    struct ctx *tx = ctxfix_begin(f, true);
    for (int i = 0; i < N; i++) {
        ids[i] = id_new();
        assert_int_equal(PW_OK, vault_person_key_make(tx, ids[i]));
        assert_int_equal(PW_OK, seal(tx, ids[i], at, arena_fmt(tx->arena, "%d", i), &sealed[i]));
    }
    for (int i = 0; i < N; i++) {
        struct sv plain;
        char want[16];
        (void)snprintf(want, sizeof want, "%d", i);
        assert_int_equal(PW_OK, unseal(tx, ids[i], at, sealed[i], &plain));
        assert_sv(plain, want);
    }
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
    free(ids);
    free(sealed);
}

static void blind_indexes_and_macs_are_kept_apart(void **state)
{
    struct ctxfix *f = *state;
    struct vault *other;
    struct sv a = blind_index(f->vault, &f->arena, "identity.user", SV("613"));
    assert_int_equal(16, a.n);
    assert_true(sv_eq(a, blind_index(f->vault, &f->arena, "identity.user", SV("613"))));
    assert_false(sv_eq(a, blind_index(f->vault, &f->arena, "identity.phone", SV("613"))));
    assert_false(sv_eq(a, blind_index(f->vault, &f->arena, "identity.user6", SV("13"))));
    struct sv m = vault_mac(f->vault, &f->arena, "csrf", SV("x"));
    assert_int_equal(32, m.n);
    assert_false(sv_eq(m, vault_mac(f->vault, &f->arena, "reply", SV("x"))));
    assert_false(sv_eq(m, vault_mac(f->vault, &f->arena, "csr", SV("fx"))));
    struct sv key2 = arena_fmt(&f->arena, "%s/second.key", f->db.folder);
    assert_int_equal(PW_OK, vault_open(key2, true, &f->arena, &other, NULL, NULL));
    assert_false(sv_eq(m, vault_mac(other, &f->arena, "csrf", SV("x"))));
    assert_false(sv_eq(a, blind_index(other, &f->arena, "identity.user", SV("613"))));
    vault_close(other);
}

static void another_key_file_opens_nothing_and_is_told_apart(void **state)
{
    struct ctxfix *f = *state;
    int64_t noor = ctxfix_person(f, "Noor");
    struct sv sealed, plain;
    struct person p;
    struct vault *mine = f->vault, *other;
    assert_int_equal(PW_OK, CTX_ACT(f, vault_claim(c)));
    assert_int_equal(PW_OK, CTX_ACT(f, vault_claim(c)));
    assert_int_equal(PW_OK, CTX_ACT(f, seal(c, noor, at, SV("word"), &sealed)));
    struct sv key2 = arena_fmt(&f->arena, "%s/second.key", f->db.folder);
    assert_int_equal(PW_OK, vault_open(key2, true, &f->arena, &other, NULL, NULL));
    f->vault = other;
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, vault_claim(c)));
    assert_int_equal(PW_INTERNAL, CTX_LOOK(f, unseal(c, noor, at, sealed, &plain)));
    assert_int_equal(PW_INTERNAL, CTX_LOOK(f, person_get(c, noor, &p)));
    f->vault = mine;
    vault_close(other);
}

static void put_file(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(strlen(text), write(fd, text, strlen(text)));
    assert_int_equal(0, fchmod(fd, mode));
    close(fd);
}

static void the_key_file_is_private_and_strict(void **state)
{
    struct ctxfix *f = *state;
    struct stat st;
    struct vault *v = NULL;
    bool made = false;
    struct sv why = {0};
    const char *path = arena_fmt(&f->arena, "%s/deep/a.key", f->db.folder).p;
    assert_int_equal(PW_NOT_FOUND, vault_open(sv_of(path), false, &f->arena, &v, &made, &why));
    assert_true(why.n > 0);
    assert_int_equal(PW_OK, vault_open(sv_of(path), true, &f->arena, &v, &made, &why));
    assert_true(made);
    assert_int_equal(0, stat(path, &st));
    assert_int_equal(0400, st.st_mode & 0777);
    assert_int_equal(0, stat(arena_fmt(&f->arena, "%s/deep", f->db.folder).p, &st));
    assert_int_equal(0700, st.st_mode & 0777);
    struct sv mac = vault_mac(v, &f->arena, "x", SV("y"));
    vault_close(v);
    assert_int_equal(PW_OK, vault_open(sv_of(path), true, &f->arena, &v, &made, &why));
    assert_false(made);
    assert_true(sv_eq(mac, vault_mac(v, &f->arena, "x", SV("y"))));
    vault_close(v);

    assert_int_equal(0, chmod(path, 0440));
    assert_int_equal(PW_DENIED, vault_open(sv_of(path), true, &f->arena, &v, &made, &why));
#define KEY64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    static const char *const bad[] = {
        "",
        "passerelle-key 1\n",
        "passerelle-key 2\nid 1\nkey " KEY64 "\n",
        "passerelle-key 1\nid 0\nkey " KEY64 "\n",
        "passerelle-key 1\nid -5\nkey " KEY64 "\n",
        "passerelle-key 1\nid 1\nkey " KEY64 "00\n",
        "passerelle-key 1\nid 1\nkey 0011\n",
        "passerelle-key 1\nid 1\nkey zz112233445566778899aabbccddeeff00112233445566778899a"
        "abbccddeeff\n",
        "passerelle-key 1\nid 1\nkey " KEY64 "\nmore\n"};
    const char *other = arena_fmt(&f->arena, "%s/bad.key", f->db.folder).p;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put_file(other, bad[i], 0400);
        assert_int_equal(PW_INVALID, vault_open(sv_of(other), true, &f->arena, &v, &made, &why));
        unlink(other);
    }
    put_file(other, "passerelle-key 1\nid 1\nkey " KEY64 "\n", 0400);
    assert_int_equal(PW_OK, vault_open(sv_of(other), true, &f->arena, &v, &made, &why));
    vault_close(v);
    vault_close(NULL);
    assert_int_equal(0, symlink(other, arena_fmt(&f->arena, "%s/link.key", f->db.folder).p));
    assert_int_not_equal(
        PW_OK, vault_open(arena_fmt(&f->arena, "%s/link.key", f->db.folder), true, &f->arena, &v, &made, &why));
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
        CORE_TEST(a_sealed_value_opens_only_in_its_place),
        CORE_TEST(two_seals_of_one_text_differ),
        CORE_TEST(the_same_seal_shows_equality_only),
        CORE_TEST(a_destroyed_key_opens_nothing_anywhere),
        CORE_TEST(a_destruction_that_is_rolled_back_did_not_happen),
        CORE_TEST(an_old_reader_brings_no_key_back),
        CORE_TEST(more_persons_than_slots),
        CORE_TEST(blind_indexes_and_macs_are_kept_apart),
        CORE_TEST(another_key_file_opens_nothing_and_is_told_apart),
        CORE_TEST(the_key_file_is_private_and_strict),
    };
    return cmocka_run_group_tests_name("core vault", tests, NULL, NULL);
}

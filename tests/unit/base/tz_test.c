/* SPDX-License-Identifier: EUPL-1.2 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/tz.h"

#define NEW_TREE SV(PW_TEST_DATA "/tz/law_2026f")
#define OLD_TREE SV(PW_TEST_DATA "/tz/law_2025b")
#define ODD_TREE SV(PW_TEST_DATA "/tz/odd")
#define MIN INT64_C(60000)

static int64_t when(const char *rfc3339)
{
    int64_t ms = 0;
    assert_true(civil_parse_rfc3339(sv_of(rfc3339), &ms));
    return ms;
}

/* The reading of a wall clock: the text without a zone. */
static int64_t wall(const char *local)
{
    char z[64];
    snprintf(z, sizeof z, "%sZ", local);
    return when(z);
}

static struct tz *zone(struct sv dir, const char *name)
{
    struct tz *tz = NULL;
    assert_int_equal(PW_OK, tz_load(dir, sv_of(name), &tz));
    return tz;
}

static void assert_shows(const struct tz *tz, const char *instant, const char *shown, const char *abbrev)
{
    struct tz_at at;
    char out[CIVIL_TIME_TEXT];
    tz_at(tz, when(instant), &at);
    assert_string_equal(shown, civil_rfc3339(when(instant), at.offset_s, out).p);
    assert_string_equal(abbrev, at.abbrev);
}

static void names_cannot_leave_the_tree(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "/etc/passwd",
                                      "../../etc/passwd",
                                      "America/../../x",
                                      "America//Toronto",
                                      "America/",
                                      "/America/Toronto",
                                      ".",
                                      "zone.tab",
                                      "tzdata.zi",
                                      "-x",
                                      "America/-x",
                                      "America/Tor onto",
                                      "America/Toronto\n",
                                      "right/UTC",
                                      "posix/UTC",
                                      "Am\xc3\xa9rique"};
    struct tz *tz = NULL;
    const struct tz *shared = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(tz_name_ok(sv_of(bad[i])));
        assert_int_equal(PW_INVALID, tz_load(NEW_TREE, sv_of(bad[i]), &tz));
        assert_int_equal(PW_INVALID, tz_find(sv_of(bad[i]), &shared));
    }
    assert_false(tz_name_ok((struct sv){"America\0Toronto", 15}));
    char lengthy[TZ_NAME_MAX + 2];
    memset(lengthy, 'a', sizeof lengthy);
    assert_true(tz_name_ok((struct sv){lengthy, TZ_NAME_MAX}));
    assert_false(tz_name_ok((struct sv){lengthy, TZ_NAME_MAX + 1}));
    assert_true(tz_name_ok(SV("America/Argentina/Buenos_Aires")));
    assert_true(tz_name_ok(SV("Etc/GMT+5")));
    assert_int_equal(PW_NOT_FOUND, tz_load(NEW_TREE, SV("America/Nowhere"), &tz));
    assert_int_equal(PW_NOT_FOUND, tz_load(NEW_TREE, SV("America/Toronto/x"), &tz));
    assert_int_equal(PW_NOT_FOUND, tz_load(NEW_TREE, SV("America"), &tz)); /* a folder */
    assert_int_equal(PW_NOT_FOUND, tz_load(SV("/nowhere"), SV("UTC"), &tz));
    assert_null(tz);
}

static void toronto_over_its_changes(void **state)
{
    (void)state;
    struct tz *tz = zone(NEW_TREE, "America/Toronto");
    assert_shows(tz, "2026-03-08T06:59:59Z", "2026-03-08T01:59:59-05:00", "EST");
    assert_shows(tz, "2026-03-08T07:00:00Z", "2026-03-08T03:00:00-04:00", "EDT");
    assert_shows(tz, "2026-11-01T05:59:59Z", "2026-11-01T01:59:59-04:00", "EDT");
    assert_shows(tz, "2026-11-01T06:00:00Z", "2026-11-01T01:00:00-05:00", "EST");
    assert_shows(tz, "2400-07-01T12:00:00Z", "2400-07-01T08:00:00-04:00", "EDT"); /* far behind the table: the footer */
    assert_shows(tz, "2400-01-01T04:59:59.999Z", "2399-12-31T23:59:59.999-05:00", "EST");
    tz_free(tz);
}

/* reliability.md 4: the same instant in both trees. */
static void the_law_of_2026(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *old, *now;
    } v[] = {{"America/Vancouver", "2026-11-20T07:56:00-08:00", "2026-11-20T08:56:00-07:00"},
             {"America/Edmonton", "2026-11-20T08:56:00-07:00", "2026-11-20T09:56:00-06:00"},
             {"America/Winnipeg", "2026-11-20T09:56:00-06:00", "2026-11-20T10:56:00-05:00"},
             {"America/Yellowknife", "2026-11-20T08:56:00-07:00", "2026-11-20T09:56:00-06:00"},
             {"America/Toronto", "2026-11-20T10:56:00-05:00", "2026-11-20T10:56:00-05:00"}};
    int64_t t = when("2026-11-20T15:56:00Z");
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
        struct tz *old = zone(OLD_TREE, v[i].zone), *now = zone(NEW_TREE, v[i].zone);
        char out[CIVIL_TIME_TEXT];
        assert_string_equal(v[i].old, civil_rfc3339(t, tz_offset_s(old, t), out).p);
        assert_string_equal(v[i].now, civil_rfc3339(t, tz_offset_s(now, t), out).p);
        tz_free(old);
        tz_free(now);
    }
}

static const struct tz_stale *stale_of(const struct tz_stale *v, size_t n, const char *zone_name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].zone, zone_name) == 0)
            return &v[i];
    return NULL;
}

static void an_old_tree_is_noticed(void **state)
{
    (void)state;
    struct tz_stale v[TZ_STALE_MAX];
    assert_int_equal(0, tz_check_known(NEW_TREE, v));
    size_t n = tz_check_known(OLD_TREE, v);
    assert_int_equal(5, n); /* Winnipeg, Edmonton, Yellowknife, Inuvik, Vancouver */
    const struct tz_stale *s = stale_of(v, n, "America/Vancouver");
    assert_non_null(s);
    assert_int_equal(-8 * 3600, s->have_s);
    assert_int_equal(-7 * 3600, s->should_be_s);
    assert_false(s->missing);
    assert_non_null(stale_of(v, n, "America/Winnipeg"));
    assert_null(stale_of(v, n, "America/Toronto"));
    n = tz_check_known(SV("/nowhere"), v);
    assert_int_equal(24, n);
    assert_true(v[0].missing);
    char out[TZ_RELEASE_MAX + 1];
    assert_string_equal("2026f", tz_release(NEW_TREE, out).p); /* tzdata.zi */
    assert_string_equal("2025b", tz_release(OLD_TREE, out).p); /* +VERSION */
    assert_string_equal("", tz_release(SV("/nowhere"), out).p);
}

static void assert_utc(const struct tz *tz, const char *local, enum tz_pick pick, const char *utc, enum tz_kind kind)
{
    enum tz_kind got;
    assert_int_equal(when(utc), tz_utc_ms(tz, wall(local), pick, &got));
    assert_int_equal(kind, got);
}

/* The rule stated in tz.h. */
static void gaps_go_forward_and_folds_take_the_earlier(void **state)
{
    (void)state;
    struct tz *tz = zone(NEW_TREE, "America/Toronto");
    assert_utc(tz, "2026-03-08T01:59:59.999", TZ_EARLIER, "2026-03-08T06:59:59.999Z", TZ_UNIQUE);
    assert_utc(tz, "2026-03-08T02:00:00", TZ_EARLIER, "2026-03-08T07:00:00Z", TZ_GAP);
    assert_utc(tz, "2026-03-08T02:59:59.999", TZ_LATER, "2026-03-08T07:00:00Z", TZ_GAP);
    assert_utc(tz, "2026-03-08T03:00:00", TZ_EARLIER, "2026-03-08T07:00:00Z", TZ_UNIQUE);
    assert_utc(tz, "2026-11-01T00:59:59", TZ_EARLIER, "2026-11-01T04:59:59Z", TZ_UNIQUE);
    assert_utc(tz, "2026-11-01T01:00:00", TZ_EARLIER, "2026-11-01T05:00:00Z", TZ_FOLD);
    assert_utc(tz, "2026-11-01T01:59:59.999", TZ_LATER, "2026-11-01T06:59:59.999Z", TZ_FOLD);
    assert_utc(tz, "2026-11-01T02:00:00", TZ_EARLIER, "2026-11-01T07:00:00Z", TZ_UNIQUE);
    tz_free(tz);
    tz = zone(NEW_TREE, "America/Vancouver"); /* the change that was abolished: 2:00 comes once, under another name */
    assert_utc(tz, "2026-11-01T01:30:00", TZ_LATER, "2026-11-01T08:30:00Z", TZ_UNIQUE);
    int64_t change = 0;
    assert_true(tz_next_change(tz, when("2026-10-01T00:00:00Z"), &change)); /* PDT to MST, same offset */
    assert_int_equal(when("2026-11-01T09:00:00Z"), change);
    assert_false(tz_next_change(tz, change, &change));
    tz_free(tz);
}

static void odd_zones(void **state)
{
    (void)state;
    struct tz *tz = zone(ODD_TREE, "Odd/Midnight"); /* 00:00 does not exist on 2026-03-08; 23:00 of 10-31 comes twice */
    assert_utc(tz, "2026-03-08T00:00:00", TZ_EARLIER, "2026-03-08T05:00:00Z", TZ_GAP);
    assert_utc(tz, "2026-10-31T23:30:00", TZ_EARLIER, "2026-11-01T03:30:00Z", TZ_FOLD);
    assert_utc(tz, "2026-10-31T23:30:00", TZ_LATER, "2026-11-01T04:30:00Z", TZ_FOLD);
    tz_free(tz);
    tz = zone(ODD_TREE, "Odd/SkippedDay"); /* no 30 December 2011 */
    assert_utc(tz, "2011-12-30T12:00:00", TZ_EARLIER, "2011-12-30T10:00:00Z", TZ_GAP);
    assert_utc(tz, "2011-12-29T23:59:59", TZ_EARLIER, "2011-12-30T09:59:59Z", TZ_UNIQUE);
    assert_utc(tz, "2011-12-31T00:00:00", TZ_EARLIER, "2011-12-30T10:00:00Z", TZ_UNIQUE);
    tz_free(tz);
    tz = zone(ODD_TREE, "Odd/Fixed");
    assert_utc(tz, "2026-01-01T05:45:00", TZ_EARLIER, "2026-01-01T00:00:00Z", TZ_UNIQUE);
    tz_free(tz);
    tz = zone(ODD_TREE, "Odd/Negative"); /* changes on Saturday 22:00 and 00:00 local */
    assert_shows(tz, "2027-03-28T00:59:59Z", "2027-03-27T21:59:59-03:00", "GST");
    assert_shows(tz, "2027-03-28T01:00:00Z", "2027-03-27T23:00:00-02:00", "GDT");
    tz_free(tz);
    tz = zone(ODD_TREE, "Odd/HalfHour"); /* the south: summer time over New Year */
    assert_shows(tz, "2026-12-31T13:00:00Z", "2027-01-01T00:00:00+11:00", "LDT");
    assert_shows(tz, "2026-07-01T00:00:00Z", "2026-07-01T10:30:00+10:30", "LST");
    tz_free(tz);
    tz = zone(ODD_TREE, "Odd/Winter"); /* "summer" time that goes back: dst is told by the file, not by the sign */
    assert_shows(tz, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00", "IWT");
    assert_shows(tz, "2026-07-01T00:00:00Z", "2026-07-01T01:00:00+01:00", "IST");
    tz_free(tz);
}

/* Every half hour of twelve years: what the clock shows leads back to the instant, or to the twin in a fold. */
static void round_trips(void **state)
{
    (void)state;
    static const struct {
        struct sv dir;
        const char *name;
    } v[] = {{NEW_TREE, "America/Toronto"},    {NEW_TREE, "America/Vancouver"}, {NEW_TREE, "America/St_Johns"},
             {ODD_TREE, "Odd/OldStJohns"},     {ODD_TREE, "Odd/HalfHour"},      {ODD_TREE, "Odd/Negative"},
             {ODD_TREE, "Fat/America/Toronto"}};
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
        struct tz *tz = zone(v[i].dir, v[i].name);
        int folds = 0;
        for (int64_t t = when("2020-01-01T00:00:00Z"); t < when("2032-01-01T00:00:00Z"); t += 30 * MIN) {
            enum tz_kind kind;
            int64_t local = tz_local_ms(tz, t), early = tz_utc_ms(tz, local, TZ_EARLIER, &kind);
            assert_int_not_equal(TZ_GAP, kind);
            if (kind == TZ_FOLD) {
                folds++;
                assert_true(early == t || tz_utc_ms(tz, local, TZ_LATER, NULL) == t);
            } else if (early != t) {
                assert_int_equal(t, early);
            }
        }
        assert_true(folds > 0);
        tz_free(tz);
    }
}

static struct sv slurp(const char *path, char *bytes, size_t max)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, max, f);
    fclose(f);
    return (struct sv){bytes, n};
}

/* Version 1 has 32-bit times and no footer: its table ends in 2037. */
static void reads_version_1(void **state)
{
    (void)state;
    char bytes[16384];
    struct sv fat = slurp(PW_TEST_DATA "/tz/odd/Fat/America/Toronto", bytes, sizeof bytes);
    struct tz *v2 = NULL, *v1 = NULL;
    assert_int_equal(PW_OK, tz_parse(fat, &v2));
    bytes[4] = 0; /* the first block alone is a file of version 1 */
    assert_int_equal(PW_OK, tz_parse(fat, &v1));
    for (int64_t t = when("2008-01-01T00:00:00Z"); t < when("2037-01-01T00:00:00Z"); t += 6 * 60 * MIN)
        assert_int_equal(tz_offset_s(v2, t), tz_offset_s(v1, t));
    assert_shows(v2, "2050-07-01T00:00:00Z", "2050-06-30T20:00:00-04:00", "EDT");
    tz_free(v1);
    tz_free(v2);
}

static void hostile_files(void **state)
{
    (void)state;
    static const char *const files[] = {PW_TEST_DATA "/tz/odd/Fat/America/Toronto",
                                        PW_TEST_DATA "/tz/law_2026f/America/Winnipeg"};
    for (size_t f = 0; f < 2; f++) {
        char bytes[16384];
        struct sv whole = slurp(files[f], bytes, sizeof bytes);
        for (size_t n = 0; n < whole.n; n++) { /* every cut is refused */
            char *tight = malloc(n ? n : 1);
            assert_non_null(tight);
            memcpy(tight, bytes, n);
            struct tz *tz = NULL;
            assert_int_equal(PW_INVALID, tz_parse((struct sv){tight, n}, &tz));
            free(tight);
        }
        for (size_t at = 0; at < whole.n; at++) { /* any damaged byte: refused, or a zone that still answers */
            for (int bit = 0; bit < 8; bit++) {
                struct tz *tz = NULL;
                bytes[at] = (char)(bytes[at] ^ (1 << bit));
                if (tz_parse(whole, &tz) == PW_OK) {
                    struct tz_at out;
                    int64_t next = 0;
                    tz_at(tz, INT64_MIN, &out);
                    tz_at(tz, INT64_MAX, &out);
                    (void)tz_utc_ms(tz, INT64_MIN, TZ_EARLIER, NULL);
                    (void)tz_utc_ms(tz, INT64_MAX, TZ_LATER, NULL);
                    (void)tz_utc_ms(tz, INT64_C(1795190160000), TZ_LATER, NULL);
                    (void)tz_next_change(tz, 0, &next);
                    (void)tz_next_change(tz, INT64_MAX, &next);
                    tz_free(tz);
                }
                bytes[at] = (char)(bytes[at] ^ (1 << bit));
            }
        }
    }
    struct tz *tz = NULL;
    assert_int_equal(PW_INVALID, tz_parse(SV(""), &tz));
    assert_int_equal(PW_INVALID, tz_parse(SV("TZif"), &tz));
    assert_int_equal(PW_INVALID, tz_load(OLD_TREE, SV("+VERSION"), &tz)); /* a file of the tree, but no zone */
}

static void *find_many(void *arg)
{
    const struct tz **out = arg;
    static const char *const names[] = {"America/Toronto", "America/Edmonton", "America/Halifax"};
    for (int i = 0; i < 300; i++)
        if (tz_find(sv_of(names[i % 3]), &out[i % 3]) != PW_OK)
            return NULL;
    return arg;
}

static void threads_share_zones(void **state)
{
    (void)state;
    tz_set_dir(NEW_TREE);
    pthread_t t[6];
    const struct tz *got[6][3] = {0};
    for (int i = 0; i < 6; i++)
        assert_int_equal(0, pthread_create(&t[i], NULL, find_many, got[i]));
    for (int i = 0; i < 6; i++) {
        void *r = NULL;
        pthread_join(t[i], &r);
        assert_non_null(r);
        for (int k = 0; k < 3; k++)
            assert_ptr_equal(got[0][k], got[i][k]);
    }
    assert_false(tz_refresh()); /* same release: nothing changes */
    const struct tz *old = got[0][1], *now = NULL;
    tz_set_dir(OLD_TREE);
    assert_true(tz_refresh());
    assert_int_equal(PW_OK, tz_find(SV("America/Edmonton"), &now));
    assert_ptr_not_equal(old, now);
    int64_t at = when("2026-11-20T15:56:00Z");
    assert_int_equal(-6 * 3600, tz_offset_s(old, at)); /* still valid for those who hold it */
    assert_int_equal(-7 * 3600, tz_offset_s(now, at));
    tz_set_dir(SV(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_cannot_leave_the_tree),
        cmocka_unit_test(toronto_over_its_changes),
        cmocka_unit_test(the_law_of_2026),
        cmocka_unit_test(an_old_tree_is_noticed),
        cmocka_unit_test(gaps_go_forward_and_folds_take_the_earlier),
        cmocka_unit_test(odd_zones),
        cmocka_unit_test(round_trips),
        cmocka_unit_test(reads_version_1),
        cmocka_unit_test(hostile_files),
        cmocka_unit_test(threads_share_zones),
    };
    return cmocka_run_group_tests_name("tz", tests, NULL, NULL);
}

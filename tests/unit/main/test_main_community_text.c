/* SPDX-License-Identifier: EUPL-1.2 */
/* A community's design as one readable text that another installation reads. */
#include "unit/core/core_test.h"

#include "feature/community/community_rules.h"
#include "feature/community/community_text.h"
#include "unit/community/town.h"

static int set_up(void **state)
{
    (void)town_set_up(state);
    struct town *t = *state;
    t->f.actor = &actor_system;
    return 0;
}

static struct sv written(struct town *t, int64_t community)
{
    struct buf out;
    buf_init(&out, 1024 * 1024);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_text_write(c, community, &out)));
    struct sv text = arena_sv(&t->f.arena, buf_sv(&out));
    buf_finish(&out);
    return text;
}

static struct sv replaced(struct town *t, struct sv text, const char *from, const char *to)
{
    ptrdiff_t at = sv_find(text, sv_of(from));
    if (at < 0)
        fail_msg("no \"%s\" in:\n%.*s", from, SV_ARG(text));
    struct arena *a = &t->f.arena;
    size_t end = (size_t)at + strlen(from);
    return arena_join(a, arena_join(a, sv_sub(text, 0, (size_t)at), sv_of(to)), sv_sub(text, end, text.n));
}

static int64_t read_back(struct town *t, struct sv text, const char *slug)
{
    int64_t id = 0;
    enum pw_err e = CTX_ACT(&t->f, community_text_read(c, text, sv_of(slug), &id));
    if (e != PW_OK)
        fail_msg("%s: %s (%.*s)", err_name(e), t->f.problems.n ? t->f.problems.v[0].msgid : "",
                 SV_ARG(t->f.problems.v[0].arg));
    return id;
}

static void assert_same(struct sv a, struct sv b)
{
    if (!sv_eq(a, b))
        fail_msg("first:\n%.*s\nsecond:\n%.*s", SV_ARG(a), SV_ARG(b));
}

/* CONF-2 */
static void what_was_written_reads_back_the_same(void **state)
{
    struct town *t = *state;
    struct community_words ar = {.lang = SV("ar"), .name = SV("أهلا = وسهلا"), .purpose = SV("سطر\nسطر ثان")};
    struct community_words en = {.lang = SV("en"),
                                 .name = SV("# Not a comment"),
                                 .purpose = SV("one\n\n  three, indented\n# four"),
                                 .audience = SV("key = value"),
                                 .topics_in = SV("a; b = c"),
                                 .topics_out = SV("é à ü")};
    int64_t version, question = 0;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_words(c, t->com, &ar)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_words(c, t->com, &en)));
    assert_int_equal(
        PW_OK, CTX_ACT(&t->f, community_write_document(c, t->com, DOC_GUIDELINES, SV("en"), SV("Rules"),
                                                       SV("# Rules\n\n- be kind\n  - always\n"), false, &version)));
    assert_int_equal(
        PW_OK, CTX_ACT(&t->f, screening_write(c, t->com, 0, 1, false, SV("fr"), SV("Où vivez-vous ?"), &question)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, screening_write(c, t->com, question, 1, false, SV("en"),
                                                           SV("Where do you live?"), &question)));
    struct sv first = written(t, t->com);
    int64_t copy = read_back(t, first, "copie");
    assert_same(written(t, copy), replaced(t, first, "slug = bienvenue\n", "slug = copie\n"));
    /* And once more from the copy. */
    int64_t again = read_back(t, written(t, copy), "encore");
    assert_same(written(t, again), replaced(t, first, "slug = bienvenue\n", "slug = encore\n"));
    struct community m;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, copy, &m)));
    assert_int_not_equal(m.status, COM_LIVE); /* a draft: somebody looks at it first */
    assert_int_equal(m.active_members, 0);
}

/* CONF-2 */
static void no_member_and_no_message_leaves(void **state)
{
    struct town *t = *state;
    (void)town_join(t, t->as_amal, t->amal);
    (void)town_ask(t, t->as_amal, "Une question tres privee 613-555-0100");
    t->f.actor = &actor_system;
    struct sv text = written(t, t->com);
    static const char *const never[] = {"Amal", "tres privee", "613-555", "Mona"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_int_equal(sv_find(text, sv_of(never[i])), -1);
}

static void carriage_returns_and_a_missing_last_line_end_do_not_matter(void **state)
{
    struct town *t = *state;
    struct sv first = written(t, t->com), rest = first, line;
    struct buf crlf;
    buf_init(&crlf, 1024 * 1024);
    while (sv_cut(&rest, '\n', &line)) {
        buf_add(&crlf, line);
        if (rest.p)
            buf_z(&crlf, "\r\n");
    }
    int64_t copy = read_back(t, buf_sv(&crlf), "copie");
    assert_same(written(t, copy), replaced(t, first, "slug = bienvenue\n", "slug = copie\n"));
    buf_finish(&crlf);
}

/* One message that names the line, and nothing was made. */
static void refused(struct town *t, struct sv text, const char *field, const char *line, const char *msgid)
{
    int64_t id = 0;
    size_t before, after;
    struct community *v;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_mine(c, &v, &before)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_text_read(c, text, SV("copie"), &id)));
    assert_int_equal(id, 0);
    const struct problem *p = problem_of(&t->f.problems, field);
    if (!p)
        fail_msg("nothing about \"%s\" but about \"%s\": %s", field,
                 t->f.problems.n && t->f.problems.v[0].field ? t->f.problems.v[0].field : "",
                 t->f.problems.n ? t->f.problems.v[0].msgid : "");
    if (line)
        assert_sv(p->arg, line);
    if (msgid)
        assert_non_null(strstr(p->msgid, msgid));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_mine(c, &v, &after)));
    assert_int_equal(before, after);
}

static void what_is_wrong_is_named_with_its_line(void **state)
{
    struct town *t = *state;
    struct sv good = written(t, t->com);
    refused(t, replaced(t, good, "territory = ", "colour = red\nterritory = "), "line", "4", "not known");
    refused(t, replaced(t, good, "territory = ", "just words\nterritory = "), "line", "4", "key = value");
    refused(t, SV("\n\n  indented first\n"), "line", "3", "indented line");
    refused(t, replaced(t, good, "standard_hours = 24", "standard_hours = soon"), "standard_hours", NULL,
            "whole number");
    refused(t, replaced(t, good, "standard_hours = 24", "standard_hours = -1"), "standard_hours", NULL, NULL);
    refused(t, replaced(t, good, "member_limit = 0", "member_limit = 12x"), "member_limit", NULL, "whole number");
    refused(t, replaced(t, good, "zone = America/Edmonton", "zone = Mars/Olympus"), "zone", NULL, NULL);
    refused(t, replaced(t, good, "mode = interactive", "mode = loud"), "mode", NULL, NULL);
    refused(t, replaced(t, good, "calendar = CA-AB", "calendar = XX-YY"), "calendar", NULL, NULL);
    /* A language the community does not have. */
    refused(t, replaced(t, good, "territory = ", "words.de.name = Hallo\nterritory = "), "line", "4", "not known");
    /* The same key a second time: which one counts would be a guess. */
    refused(t, replaced(t, good, "territory = ", "zone = America/Toronto\nterritory = "), "line", NULL, "not known");
}

static void an_empty_or_endless_text_is_refused(void **state)
{
    struct town *t = *state;
    int64_t id = 0;
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_text_read(c, SV(""), SV(""), &id)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_text_read(c, SV("slug = x\n"), SV(""), &id)));
    struct buf many;
    buf_init(&many, 1024 * 1024);
    for (int i = 0; i < 20000; i++)
        buf_z(&many, "a = b\n");
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_text_read(c, buf_sv(&many), SV("x"), &id)));
    assert_sv(problem_of(&t->f.problems, "line")->arg, "1501");
    buf_finish(&many);
    assert_int_equal(id, 0);
}

static void a_name_that_is_taken_is_refused(void **state)
{
    struct town *t = *state;
    struct sv text = written(t, t->com);
    int64_t id = 0;
    enum pw_err e = CTX_ACT(&t->f, community_text_read(c, text, (struct sv){0}, &id));
    assert_true(e == PW_INVALID || e == PW_CONFLICT);
    assert_int_equal(id, 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, town_tear_down)
int main(void)
{
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        TEST(what_was_written_reads_back_the_same),
        TEST(no_member_and_no_message_leaves),
        TEST(carriage_returns_and_a_missing_last_line_end_do_not_matter),
        TEST(what_is_wrong_is_named_with_its_line),
        TEST(an_empty_or_endless_text_is_refused),
        TEST(a_name_that_is_taken_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/main/main_test.h"

#include "base/id.h"
#include "main/errorpage.h"
#include "ui/web.h"
#include "json/json.h"

struct asking {
    struct arena a;
    struct catalogs *words;
    struct page_info info;
    struct http_req q;
    struct http_res r;
};

static int set_up(void **state)
{
    struct asking *k = calloc(1, sizeof *k);
    struct sv why = {0};
    arena_init(&k->a, 16 * 1024 * 1024);
    struct sv share = sv_of(getenv("PASSERELLE_SHARE"));
    assert_int_equal(PW_OK, catalogs_load(arena_join(&k->a, share, SV("/locale")), &k->words, &why, &k->a));
    k->info = (struct page_info){
        .catalogs = k->words, .lang = SV("en"), .zone = SV("America/Toronto"), .static_base = SV("/static/t")};
    k->q = (struct http_req){
        .arena = &k->a, .method = HTTP_GET, .path = SV("/x"), .page = &k->info, .id = INT64_C(123456789012345)};
    buf_init(&k->r.body, 1024 * 1024);
    *state = k;
    return 0;
}

static int tear_down(void **state)
{
    struct asking *k = *state;
    buf_finish(&k->r.body);
    catalogs_free(k->words);
    arena_finish(&k->a);
    free(k);
    return 0;
}

static bool says(struct asking *k, const char *part)
{
    return memmem(k->r.body.p, k->r.body.n, part, strlen(part)) != NULL;
}

static const json_t *machine(struct asking *k, enum pw_err e)
{
    json_t *v = NULL;
    k->q.json = true;
    http_res_clear(&k->r);
    error_answer(&k->q, &k->r, e);
    assert_sv(k->r.type, "application/problem+json");
    assert_int_equal(PW_OK, json_read(buf_sv(&k->r.body), &k->a, &v, NULL));
    assert_int_equal(json_member_int(v, "status", 0), k->r.status);
    return v;
}

static void a_page_in_the_readers_language(void **state)
{
    struct asking *k = *state;
    char id[ID_TEXT + 1];
    static const struct {
        enum pw_err e;
        int status;
    } kinds[] = {{PW_NOT_FOUND, 404}, {PW_DENIED, 403}, {PW_CONFLICT, 409}, {PW_UNAVAILABLE, 503}, {PW_INTERNAL, 500}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        http_res_clear(&k->r);
        error_answer(&k->q, &k->r, kinds[i].e);
        assert_int_equal(k->r.status, kinds[i].status);
        assert_true(says(k, id_text(k->q.id, id).p)); /* what the person can tell the operator */
        assert_true(says(k, "<html lang=\"en\""));
    }
    k->info.lang = SV("ar");
    http_res_clear(&k->r);
    error_answer(&k->q, &k->r, PW_NOT_FOUND);
    assert_true(says(k, "dir=\"rtl\""));
    assert_false(says(k, err_message(PW_NOT_FOUND)));
}

static void what_was_half_written_is_gone(void **state)
{
    struct asking *k = *state;
    buf_z(&k->r.body, "half a page with a name");
    http_set_header(&k->r, SV("X-Half"), SV("1"));
    error_answer(&k->q, &k->r, PW_INTERNAL);
    assert_false(says(k, "half a page"));
    assert_int_equal(k->r.n_headers, 0);
}

static void a_status_already_chosen_stays(void **state)
{
    struct asking *k = *state;
    k->r.status = 413;
    error_answer(&k->q, &k->r, PW_INVALID);
    assert_int_equal(k->r.status, 413);
    k->r.status = 201; /* of the act that then failed */
    error_answer(&k->q, &k->r, PW_CONFLICT);
    assert_int_equal(k->r.status, 409);
    k->r.status = 0;
    k->q.method = HTTP_POST;
    error_answer(&k->q, &k->r, PW_DENIED);
    assert_int_equal(k->r.status, 403);
}

static void problems_for_machines(void **state)
{
    struct asking *k = *state;
    (void)!problem_add(&k->q.problems, "text", "Write a whole number.");
    (void)!problem_add_arg(&k->q.problems, NULL, "Write: key = value (line {0}).", SV("\"7\" <b>"));
    const json_t *v = machine(k, PW_INVALID), *errors = json_object_get(v, "errors");
    assert_int_equal(k->r.status, 422);
    assert_sv(json_member_sv(v, "type"), "/problems/invalid");
    assert_int_equal(json_member_sv(v, "instance").n, ID_TEXT);
    assert_int_equal(json_array_size(errors), 2);
    assert_sv(json_member_sv(json_array_get(errors, 0), "field"), "text");
    assert_sv(json_member_sv(json_array_get(errors, 0), "message"), "Write a whole number.");
    assert_null(json_object_get(json_array_get(errors, 1), "field"));
    struct sv second = json_member_sv(json_array_get(errors, 1), "message");
    assert_non_null(memmem(second.p, second.n, "\"7\" <b>", 7)); /* a value comes back as it is, JSON escapes it */
}

static void machines_hear_no_problem_list_without_problems(void **state)
{
    struct asking *k = *state;
    const json_t *v = machine(k, PW_NOT_FOUND);
    assert_null(json_object_get(v, "errors"));
    assert_sv(json_member_sv(v, "title"), err_message(PW_NOT_FOUND));
    k->info.lang = SV("fr");
    v = machine(k, PW_NOT_FOUND);
    assert_true(json_member_sv(v, "title").n > 0);
    assert_false(sv_eq_z(json_member_sv(v, "title"), err_message(PW_NOT_FOUND)));
}

static void a_value_of_a_problem_is_escaped_on_a_page(void **state)
{
    struct asking *k = *state;
    (void)!problem_add_arg(&k->q.problems, "line", "Write: key = value (line {0}).", SV("<script>x</script>"));
    error_answer(&k->q, &k->r, PW_INVALID);
    assert_false(says(k, "<script>x"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_in_the_readers_language),
        TEST(what_was_half_written_is_gone),
        TEST(a_status_already_chosen_stays),
        TEST(problems_for_machines),
        TEST(machines_hear_no_problem_list_without_problems),
        TEST(a_value_of_a_problem_is_escaped_on_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

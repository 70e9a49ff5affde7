/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/main/main_test.h"

#include "http/api.h"
#include "main/openapi.h"
#include "main/serve.h"
#include "json/json.h"

struct fixture {
    struct arena a;
    struct buf text;
    const json_t *root; /* of the product's own description */
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    arena_init(&f->a, 64 * 1024 * 1024);
    buf_init(&f->text, 8 * 1024 * 1024);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    buf_finish(&f->text);
    arena_finish(&f->a);
    free(f);
    return 0;
}

static const json_t *describe(struct fixture *f, const struct route *const *tables, size_t n,
                              const struct api_schema *const *schemas, size_t n_schemas)
{
    json_t *root = NULL;
    struct sv where = {0};
    buf_clear(&f->text);
    assert_int_equal(PW_OK, openapi_write(tables, n, schemas, n_schemas, &f->a, &f->text));
    /* The reader refuses a member that comes twice: one path, one method, one schema, once. */
    if (json_read(buf_sv(&f->text), &f->a, &root, &where) != PW_OK)
        fail_msg("not JSON: %.*s", SV_ARG(where));
    return root;
}

static const json_t *describe_product(struct fixture *f)
{
    size_t n, n_schemas;
    const struct route *const *tables = serve_routes(&n);
    const struct api_schema *const *schemas = serve_schemas(&n_schemas);
    return describe(f, tables, n, schemas, n_schemas);
}

static const json_t *member(const json_t *v, const char *name)
{
    const json_t *m = json_object_get(v, name);
    if (!m)
        fail_msg("no member \"%s\"", name);
    return m;
}

/* "{i}" and "{s}" become "{id1}" and "{name2}". */
static const char *shown(const char *path, char *out, size_t size)
{
    size_t k = 0;
    int n = 0;
    for (const char *p = path; *p && k + 16 < size; p++) {
        if (*p != '{') {
            out[k++] = *p;
            continue;
        }
        k += (size_t)snprintf(out + k, size - k, "{%s%d}", p[1] == 'i' ? "id" : "name", ++n);
        p += 2;
    }
    out[k] = 0;
    return out;
}

static void check_parameters(const struct route *r, const json_t *op)
{
    char path[300];
    const json_t *ps = member(op, "parameters"), *p;
    size_t i, in_path = 0, wanted = 0;
    shown(r->path, path, sizeof path);
    for (const char *c = r->path; *c; c++)
        wanted += *c == '{';
    json_array_foreach((json_t *)(uintptr_t)ps, i, p)
    {
        char piece[80];
        assert_non_null(json_object_get(p, "schema"));
        if (strcmp(json_string_value(member(p, "in")), "path") != 0)
            continue;
        in_path++;
        (void)snprintf(piece, sizeof piece, "{%s}", json_string_value(member(p, "name")));
        assert_non_null(strstr(path, piece));
        assert_true(json_is_true(member(p, "required")));
    }
    assert_int_equal(in_path, wanted);
}

static void check_body(const struct route *r, const json_t *op)
{
    const json_t *body = json_object_get(op, "requestBody");
    if (r->method == HTTP_GET || !r->fields) {
        assert_null(body);
        return;
    }
    const json_t *schema = member(member(member(body, "content"), "application/json"), "schema");
    assert_true(json_is_false(member(schema, "additionalProperties"))); /* undeclared input does not exist */
    size_t n = 0;
    for (const struct field *f = r->fields; f->name; f++, n++) {
        const json_t *p = member(member(schema, "properties"), f->name);
        assert_true(strlen(json_string_value(member(p, "description"))) > 3);
    }
    assert_int_equal(json_object_size(member(schema, "properties")), n);
}

static void every_row_of_the_api_is_described(void **state)
{
    struct fixture *f = *state;
    static const char *const methods[] = {"get", "post", "put", "delete"};
    const json_t *paths = member(describe_product(f), "paths");
    size_t n_tables, rows = 0, described = 0;
    const struct route *const *tables = serve_routes(&n_tables);
    for (size_t t = 0; t < n_tables; t++)
        for (const struct route *r = tables[t]; r->path; r++) {
            char path[300];
            const json_t *op =
                json_object_get(json_object_get(paths, shown(r->path, path, sizeof path)), methods[r->method]);
            if (!(r->flags & ROUTE_API)) {
                assert_null(op); /* pages are not the API */
                continue;
            }
            rows++;
            if (!op)
                fail_msg("%s %s is not described", methods[r->method], r->path);
            assert_string_equal(json_string_value(member(op, "summary")), r->help);
            assert_true(strlen(r->help) > 8);
            if (!r->reply)
                fail_msg("%s %s names no reply", methods[r->method], r->path);
            check_parameters(r, op);
            check_body(r, op);
            const json_t *answers = member(op, "responses");
            member(answers, "default");
            member(answers, r->method == HTTP_POST ? "2XX" : "200");
        }
    const char *path;
    const json_t *of;
    json_object_foreach((json_t *)(uintptr_t)paths, path, of) described += json_object_size(of);
    assert_int_equal(described, rows); /* and nothing that does not exist */
    assert_true(rows >= 10);
}

static void follow(const json_t *v, const json_t *schemas, size_t *n)
{
    const char *key;
    const json_t *m;
    size_t i;
    if (json_is_array(v))
        json_array_foreach((json_t *)(uintptr_t)v, i, m) follow(m, schemas, n);
    if (!json_is_object(v))
        return;
    json_object_foreach((json_t *)(uintptr_t)v, key, m)
    {
        if (strcmp(key, "$ref") == 0) {
            static const char place[] = "#/components/schemas/";
            const char *ref = json_string_value(m);
            assert_non_null(ref);
            assert_memory_equal(ref, place, sizeof place - 1);
            if (!json_object_get(schemas, ref + sizeof place - 1))
                fail_msg("%s leads nowhere", ref);
            ++*n;
        } else {
            follow(m, schemas, n);
        }
    }
}

static void every_reference_leads_somewhere(void **state)
{
    struct fixture *f = *state;
    const json_t *root = describe_product(f);
    size_t n = 0;
    follow(root, member(member(root, "components"), "schemas"), &n);
    assert_true(n > 20);
    assert_string_equal(json_string_value(member(root, "openapi")), "3.1.0");
    assert_string_equal(json_string_value(member(member(root, "info"), "version")), PW_VERSION);
}

static enum pw_err nothing(struct http_req *q, struct http_res *r)
{
    (void)q;
    (void)r;
    return PW_OK;
}

static void fields_become_types(void **state)
{
    struct fixture *f = *state;
    static const char *const colours[] = {"red", "blue", NULL};
    static const struct field fields[] = {{"words", FIELD_LINES, FIELD_REQUIRED, 1, 80, NULL, "Some words."},
                                          {"colour", FIELD_CHOICE, 0, 0, 0, colours, "A \"colour\"."},
                                          {"many", FIELD_CHOICES, 0, 0, 0, NULL, "Some tags."},
                                          {"n", FIELD_INT, 0, 2, 9, NULL, "A number."},
                                          {"who", FIELD_ID, 0, 0, 0, NULL, "A person."},
                                          {0}};
    static const struct route rows[] = {
        {HTTP_POST, "/api/v1/b/{s}/{i}", 1, nothing, fields, "Makes one.", ROUTE_API, NULL, "Thing"},
        {HTTP_GET, "/api/v1/b/{s}/{i}", 1, nothing, fields, "Reads one.", ROUTE_API, NULL, "Thing"},
        {HTTP_GET, "/page", 0, nothing, NULL, "A page.", 0},
        {HTTP_GET, "/api/v1/a", 1, nothing, NULL, "First.", ROUTE_API, NULL, "Thing"},
        {0}};
    static const struct api_schema things[] = {{"Thing", "{\"type\":\"object\"}"}, {0}};
    static const struct route *const tables[] = {rows};
    static const struct api_schema *const schemas[] = {things};
    const json_t *paths = member(describe(f, tables, 1, schemas, 1), "paths");
    assert_int_equal(json_object_size(paths), 2);
    const json_t *b = member(paths, "/api/v1/b/{name1}/{id2}");
    assert_int_equal(json_object_size(b), 2);
    const json_t *schema =
        member(member(member(member(member(b, "post"), "requestBody"), "content"), "application/json"), "schema");
    assert_int_equal(json_array_size(member(schema, "required")), 1);
    const json_t *p = member(schema, "properties");
    assert_int_equal(json_integer_value(member(member(p, "words"), "maxLength")), 80);
    assert_int_equal(json_array_size(member(member(p, "colour"), "enum")), 2);
    assert_string_equal(json_string_value(member(member(p, "colour"), "description")), "A \"colour\".");
    assert_string_equal(json_string_value(member(member(p, "many"), "type")), "array");
    assert_int_equal(json_integer_value(member(member(p, "n"), "minimum")), 2);
    assert_non_null(json_object_get(member(p, "who"), "pattern"));
    assert_int_equal(json_array_size(member(member(b, "get"), "parameters")), 2 + 5);  /* path and query */
    assert_int_equal(json_array_size(member(member(b, "post"), "parameters")), 2 + 1); /* path and Idempotency-Key */
}

static void a_schema_that_is_no_json_is_refused(void **state)
{
    struct fixture *f = *state;
    static const struct api_schema broken[] = {{"Thing", "{\"type\":"}, {0}};
    static const struct api_schema *const schemas[] = {broken};
    static const struct route none[] = {{0}};
    static const struct route *const tables[] = {none};
    assert_int_not_equal(PW_OK, openapi_write(tables, 1, schemas, 1, &f->a, &f->text));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_row_of_the_api_is_described),
        TEST(every_reference_leads_somewhere),
        TEST(fields_become_types),
        TEST(a_schema_that_is_no_json_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "openapi.h"

#include <stdlib.h>
#include <string.h>

#include "main/version.h"
#include "json/json.h"

static const char *const methods[] = {
    [HTTP_GET] = "get", [HTTP_POST] = "post", [HTTP_PUT] = "put", [HTTP_DELETE] = "delete"};

/* "/api/v1/questions/{i}/answers/{i}" becomes "/api/v1/questions/{id1}/answers/{id2}". */
static struct sv shown_path(struct arena *a, const char *path)
{
    struct buf b;
    buf_init(&b, 512);
    int n = 0;
    for (const char *p = path; *p; p++) {
        if (p[0] == '{') {
            n++;
            buf_fmt(&b, "{%s%d}", p[1] == 'i' ? "id" : "name", n);
            p += 2;
        } else {
            buf_c(&b, *p);
        }
    }
    struct sv out = arena_sv(a, buf_sv(&b));
    buf_finish(&b);
    return out;
}

static void write_type(struct json_w *w, const struct field *f)
{
    static const char *const types[] = {
        [FIELD_TEXT] = "string", [FIELD_LINES] = "string", [FIELD_SECRET] = "string", [FIELD_INT] = "integer",
        [FIELD_ID] = "string",   [FIELD_BOOL] = "boolean", [FIELD_CHOICE] = "string", [FIELD_CHOICES] = "array",
        [FIELD_TIME] = "string", [FIELD_FILE] = "string",  [FIELD_DATE] = "string",
    };
    json_w_object(w);
    json_w_kv_z(w, "type", types[f->kind]);
    if (f->kind == FIELD_ID)
        json_w_kv_z(w, "pattern", "^[0-9a-hjkmnp-tv-zA-HJKMNP-TV-Z]{13}$");
    if (f->kind == FIELD_DATE)
        json_w_kv_z(w, "format", "date");
    if (f->kind == FIELD_TEXT || f->kind == FIELD_LINES || f->kind == FIELD_SECRET) {
        if (f->min > 0)
            json_w_kv_int(w, "minLength", f->min);
        json_w_kv_int(w, "maxLength", f->max ? f->max : f->kind == FIELD_LINES ? 4000 : 200);
    }
    if (f->kind == FIELD_INT && (f->min || f->max)) {
        json_w_kv_int(w, "minimum", f->min);
        json_w_kv_int(w, "maximum", f->max);
    }
    if (f->kind == FIELD_CHOICES) {
        json_w_key(w, "items");
        json_w_object(w);
        json_w_kv_z(w, "type", "string");
        json_w_end(w);
    } else if (f->choices) {
        json_w_key(w, "enum");
        json_w_array(w);
        for (size_t i = 0; f->choices[i]; i++)
            json_w_z(w, f->choices[i]);
        json_w_end(w);
    }
    json_w_kv_z(w, "description", f->help);
    json_w_end(w);
}

static void write_parameter(struct json_w *w, const char *name, const char *in, bool required, const struct field *f)
{
    json_w_object(w);
    json_w_kv_z(w, "name", name);
    json_w_kv_z(w, "in", in);
    json_w_kv_bool(w, "required", required);
    json_w_key(w, "schema");
    if (f) {
        write_type(w, f);
    } else {
        json_w_object(w);
        json_w_kv_z(w, "type", "string");
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_parameters(struct json_w *w, const struct route *r)
{
    json_w_key(w, "parameters");
    json_w_array(w);
    int n = 0;
    for (const char *p = r->path; *p; p++)
        if (p[0] == '{') {
            char name[16];
            n++;
            struct sv text = p[1] == 'i' ? SV("id") : SV("name");
            memcpy(name, text.p, text.n);
            name[text.n] = (char)('0' + n);
            name[text.n + 1] = 0;
            write_parameter(w, name, "path", true, NULL);
        }
    for (const struct field *f = r->fields; r->method == HTTP_GET && f && f->name; f++)
        write_parameter(w, f->name, "query", (f->flags & FIELD_REQUIRED) != 0, f);
    if (r->method != HTTP_GET) {
        static const struct field key = {"Idempotency-Key",
                                         FIELD_TEXT,
                                         0,
                                         1,
                                         200,
                                         NULL,
                                         "The same key with the same request changes nothing a second time."};
        write_parameter(w, key.name, "header", false, &key);
    }
    json_w_end(w);
}

static void write_body(struct json_w *w, const struct route *r)
{
    if (r->method == HTTP_GET || !r->fields)
        return;
    json_w_key(w, "requestBody");
    json_w_object(w);
    json_w_kv_bool(w, "required", true);
    json_w_key(w, "content");
    json_w_object(w);
    json_w_key(w, "application/json");
    json_w_object(w);
    json_w_key(w, "schema");
    json_w_object(w);
    json_w_kv_z(w, "type", "object");
    json_w_kv_bool(w, "additionalProperties", false);
    json_w_key(w, "properties");
    json_w_object(w);
    for (const struct field *f = r->fields; f->name; f++) {
        json_w_key(w, f->name);
        write_type(w, f);
    }
    json_w_end(w);
    json_w_key(w, "required");
    json_w_array(w);
    for (const struct field *f = r->fields; f->name; f++)
        if (f->flags & FIELD_REQUIRED)
            json_w_z(w, f->name);
    json_w_end(w);
    for (int i = 0; i < 4; i++) /* schema, application/json, content, requestBody */
        json_w_end(w);
}

static void write_content(struct json_w *w, const char *type, struct sv ref)
{
    json_w_key(w, "content");
    json_w_object(w);
    json_w_key(w, type);
    json_w_object(w);
    json_w_key(w, "schema");
    json_w_object(w);
    json_w_kv_sv(w, "$ref", ref);
    for (int i = 0; i < 3; i++)
        json_w_end(w);
}

static void write_operation(struct json_w *w, struct arena *a, const struct route *r)
{
    json_w_key(w, methods[r->method]);
    json_w_object(w);
    json_w_kv_z(w, "summary", r->help);
    write_parameters(w, r);
    write_body(w, r);
    json_w_key(w, "responses");
    json_w_object(w);
    json_w_key(w, r->method == HTTP_POST ? "2XX" : "200");
    json_w_object(w);
    json_w_kv_z(w, "description", "Done.");
    if (r->reply)
        write_content(w, "application/json", arena_fmt(a, "#/components/schemas/%s", r->reply));
    json_w_end(w);
    json_w_key(w, "default");
    json_w_object(w);
    json_w_kv_z(w, "description", "A problem (RFC 9457).");
    write_content(w, "application/problem+json", SV("#/components/schemas/Problem"));
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

static enum pw_err write_schemas(struct json_w *w, struct arena *a, const struct api_schema *s)
{
    for (; s->name; s++) {
        json_t *v;
        PW_TRY(json_read(sv_of(s->json), a, &v, NULL));
        json_w_key(w, s->name);
        json_w_value(w, v);
    }
    return PW_OK;
}

/* API rows of all tables, by path and then method, so that one path is one object. */
static int by_path(const void *x, const void *y)
{
    const struct route *a = *(const struct route *const *)x, *b = *(const struct route *const *)y;
    int c = strcmp(a->path, b->path);
    return c ? c : (int)a->method - (int)b->method;
}

enum pw_err openapi_write(const struct route *const *tables, size_t n_tables, const struct api_schema *const *schemas,
                          size_t n_schemas, struct arena *a, struct buf *out)
{
    size_t n = 0, max = 0;
    for (size_t t = 0; t < n_tables; t++)
        for (const struct route *r = tables[t]; r->path; r++)
            max++;
    const struct route **rows = arena_array(a, const struct route *, max + 1);
    if (!rows)
        return PW_INTERNAL;
    for (size_t t = 0; t < n_tables; t++)
        for (const struct route *r = tables[t]; r->path; r++)
            if (r->flags & ROUTE_API)
                rows[n++] = r;
    qsort(rows, n, sizeof *rows, by_path);

    struct json_w w;
    json_w_init(&w, out);
    json_w_object(&w);
    json_w_kv_z(&w, "openapi", "3.1.0");
    json_w_key(&w, "info");
    json_w_object(&w);
    json_w_kv_z(&w, "title", "Passerelle");
    json_w_kv_z(&w, "version", PW_VERSION);
    json_w_kv_z(
        &w, "description",
        "Times are RFC 3339 in UTC, ids 13 characters. Lists are read page by page: pass `next` back as `cursor`.");
    json_w_end(&w);
    json_w_key(&w, "security");
    json_w_array(&w);
    json_w_object(&w);
    json_w_key(&w, "token");
    json_w_array(&w);
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    json_w_key(&w, "paths");
    json_w_object(&w);
    for (size_t i = 0; i < n; i++) {
        bool first = i == 0 || strcmp(rows[i]->path, rows[i - 1]->path) != 0;
        if (first && i)
            json_w_end(&w);
        if (first) {
            json_w_key_sv(&w, shown_path(a, rows[i]->path));
            json_w_object(&w);
        }
        write_operation(&w, a, rows[i]);
    }
    if (n)
        json_w_end(&w);
    json_w_end(&w);
    json_w_key(&w, "components");
    json_w_object(&w);
    json_w_key(&w, "securitySchemes");
    json_w_object(&w);
    json_w_key(&w, "token");
    json_w_object(&w);
    json_w_kv_z(&w, "type", "http");
    json_w_kv_z(&w, "scheme", "bearer");
    json_w_end(&w);
    json_w_end(&w);
    json_w_key(&w, "schemas");
    json_w_object(&w);
    PW_TRY(write_schemas(&w, a, main_api_schemas));
    for (size_t i = 0; i < n_schemas; i++)
        PW_TRY(write_schemas(&w, a, schemas[i]));
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    return json_w_ok(&w) ? PW_OK : PW_INTERNAL;
}

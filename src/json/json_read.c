/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "base/id.h"
#include "json/json.h"

static void drop(void *v)
{
    json_decref(v);
}

/* jansson allows 2048 levels and any number of values. Counted here before anything is built. */
static bool within_limits(struct sv text, size_t *ret_at)
{
    size_t depth = 0, values = 1;
    bool in_string = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        *ret_at = i;
        if (c == 0)
            return false;
        if (in_string) {
            if (c == '\\' && i + 1 < text.n && text.p[i + 1] != 0)
                i++;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == '"')
            in_string = true;
        else if (c == '[' || c == '{') {
            if (++depth > JSON_DEPTH_MAX)
                return false;
            values++;
        } else if (c == ']' || c == '}') {
            if (depth > 0)
                depth--;
        } else if (c == ',') {
            values++;
        }
        if (values > JSON_VALUES_MAX)
            return false;
    }
    return true;
}

static struct sv place_of(struct sv text, size_t at, struct arena *a)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at && i < text.n; i++) {
        column++;
        if (text.p[i] == '\n') {
            line++;
            column = 1;
        }
    }
    return arena_fmt(a, "line %zu column %zu", line, column);
}

enum pw_err json_read(struct sv text, struct arena *a, json_t **ret, struct sv *ret_path_error)
{
    size_t at = 0;
    json_error_t e = {0};
    json_t *v = NULL;

    if (text.n > JSON_TEXT_MAX) {
        if (ret_path_error)
            *ret_path_error = arena_fmt(a, "longer than %d bytes", JSON_TEXT_MAX);
        return PW_INVALID;
    }
    bool small = within_limits(text, &at);
    if (small) {
        v = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &e);
        at = e.position > 0 ? (size_t)e.position - 1 : 0;
    }
    if (!v) {
        if (ret_path_error)
            *ret_path_error = place_of(text, at, a);
        return small && json_error_code(&e) == json_error_out_of_memory ? PW_UNAVAILABLE : PW_INVALID;
    }
    if (!arena_defer(a, drop, v))
        return PW_UNAVAILABLE;
    *ret = v;
    return PW_OK;
}

/* ---- looking ---- */

struct sv json_sv(const json_t *v)
{
    if (!json_is_string(v))
        return (struct sv){0};
    return (struct sv){json_string_value(v), json_string_length(v)};
}

struct sv json_member_sv(const json_t *object, const char *name)
{
    return json_sv(json_object_get(object, name));
}

int64_t json_member_int(const json_t *object, const char *name, int64_t otherwise)
{
    const json_t *v = json_object_get(object, name);
    return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

bool json_member_bool(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

struct sv json_id_sv(const json_t *v, struct arena *a)
{
    if (json_is_integer(v))
        return arena_fmt(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    return json_sv(v);
}

/* ---- places ---- */

void json_in_init(struct json_in *in, struct arena *a)
{
    *in = (struct json_in){.a = a};
}

bool json_ok(const struct json_in *in)
{
    return in->msgid == NULL;
}

struct json_at json_root(const json_t *v)
{
    return (struct json_at){.v = v};
}

struct json_at json_item(const struct json_at *array, size_t i)
{
    return (struct json_at){.v = json_array_get(array->v, i), .up = array, .index = i};
}

size_t json_count(const struct json_at *array)
{
    return json_array_size(array->v);
}

/* A member's name comes from the input: only plain short names are repeated in an error. */
static struct sv shown_name(const char *name)
{
    struct sv s = sv_of(name);
    if (s.n > 64)
        return SV("(long name)");
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return SV("(odd name)");
    }
    return s;
}

static struct sv path_of(const struct json_at *at, struct arena *a)
{
    if (!at->up)
        return SV("$");
    struct sv up = path_of(at->up, a);
    if (at->name)
        return arena_fmt(a, "%.*s.%.*s", SV_ARG(up), SV_ARG(shown_name(at->name)));
    return arena_fmt(a, "%.*s[%zu]", SV_ARG(up), at->index);
}

enum pw_err json_wrong(struct json_in *in, const struct json_at *at, const char *name, const char *msgid)
{
    if (!in->msgid) {
        struct json_at member = {.up = at, .name = name};
        in->where = path_of(name ? &member : at, in->a);
        in->msgid = msgid;
    }
    return PW_INVALID;
}

/* The wanted value in *ret_v, or NULL when it is optional and not there. */
static enum pw_err find(struct json_in *in, const struct json_at *at, const char *name, enum json_need need,
                        const json_t **ret_v)
{
    const json_t *v = at->v;
    if (name) {
        if (!json_is_object(at->v))
            return json_wrong(in, at, NULL, N_("This must be an object."));
        v = json_object_get(at->v, name);
    }
    if (!v || json_is_null(v)) {
        if (need == JSON_REQUIRED)
            return json_wrong(in, at, name, N_("This is required."));
        v = NULL;
    }
    *ret_v = v;
    return PW_OK;
}

enum pw_err json_text(struct json_in *in, const struct json_at *at, const char *name, enum json_need need,
                      size_t max_bytes, struct sv *ret)
{
    const json_t *v = NULL;
    PW_TRY(find(in, at, name, need, &v));
    if (!v)
        return PW_OK;
    if (!json_is_string(v))
        return json_wrong(in, at, name, N_("This must be a text."));
    struct sv s = json_sv(v);
    if (s.n > max_bytes)
        return json_wrong(in, at, name, N_("This text is too long."));
    if (need == JSON_REQUIRED && s.n == 0)
        return json_wrong(in, at, name, N_("This is required."));
    *ret = s;
    return PW_OK;
}

enum pw_err json_int(struct json_in *in, const struct json_at *at, const char *name, enum json_need need, int64_t min,
                     int64_t max, int64_t *ret)
{
    const json_t *v = NULL;
    PW_TRY(find(in, at, name, need, &v));
    if (!v)
        return PW_OK;
    if (!json_is_integer(v))
        return json_wrong(in, at, name, N_("This must be a whole number."));
    int64_t i = json_integer_value(v);
    if (i < min || i > max)
        return json_wrong(in, at, name, N_("This number is out of range."));
    *ret = i;
    return PW_OK;
}

enum pw_err json_id(struct json_in *in, const struct json_at *at, const char *name, enum json_need need, int64_t *ret)
{
    const json_t *v = NULL;
    int64_t id = 0;
    PW_TRY(find(in, at, name, need, &v));
    if (!v)
        return PW_OK;
    if (json_is_integer(v))
        id = json_integer_value(v);
    else if (!json_is_string(v) || !id_parse(json_sv(v), &id))
        id = 0;
    if (id <= 0)
        return json_wrong(in, at, name, N_("This must be an identifier of 13 letters and digits."));
    *ret = id;
    return PW_OK;
}

enum pw_err json_bool_at(struct json_in *in, const struct json_at *at, const char *name, enum json_need need, bool *ret)
{
    const json_t *v = NULL;
    PW_TRY(find(in, at, name, need, &v));
    if (!v)
        return PW_OK;
    if (!json_is_boolean(v))
        return json_wrong(in, at, name, N_("This must be true or false."));
    *ret = json_is_true(v);
    return PW_OK;
}

enum pw_err json_object_at(struct json_in *in, const struct json_at *at, const char *name, enum json_need need,
                           struct json_at *ret)
{
    const json_t *v = NULL;
    PW_TRY(find(in, at, name, need, &v));
    if (!v)
        return PW_OK;
    if (!json_is_object(v))
        return json_wrong(in, at, name, N_("This must be an object."));
    *ret = name ? (struct json_at){.v = v, .up = at, .name = name} : *at;
    return PW_OK;
}

enum pw_err json_array_at(struct json_in *in, const struct json_at *at, const char *name, enum json_need need,
                          size_t max_items, struct json_at *ret)
{
    const json_t *v = NULL;
    PW_TRY(find(in, at, name, need, &v));
    if (!v)
        return PW_OK;
    if (!json_is_array(v))
        return json_wrong(in, at, name, N_("This must be a list."));
    if (json_array_size(v) > max_items)
        return json_wrong(in, at, name, N_("This list is too long."));
    *ret = name ? (struct json_at){.v = v, .up = at, .name = name} : *at;
    return PW_OK;
}

enum pw_err json_only(struct json_in *in, const struct json_at *object, const char *const *names)
{
    const char *key;
    json_t *v;
    if (!json_is_object(object->v))
        return json_wrong(in, object, NULL, N_("This must be an object."));
    json_object_foreach((json_t *)(uintptr_t)object->v, key, v)
    {
        size_t i = 0;
        while (names[i] && strcmp(names[i], key) != 0)
            i++;
        if (!names[i])
            return json_wrong(in, object, key, N_("This is not known here."));
    }
    return PW_OK;
}

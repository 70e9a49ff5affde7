/* SPDX-License-Identifier: EUPL-1.2 */
/* A JSON body becomes the same pairs as a form, after its types were checked, so that one set of rules (fields.c) holds
 * for people and machines. */
#include <inttypes.h>
#include <string.h>

#include "base/unicode.h"
#include "http/fields.h"
#include "json/json.h"

static const struct field *declared(const struct field *fields, const char *name)
{
    for (const struct field *f = fields; f && f->name; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

static const char *wanted(enum field_kind kind)
{
    switch (kind) {
    case FIELD_INT:
        return N_("This must be a whole JSON number.");
    case FIELD_BOOL:
        return N_("This must be true or false.");
    case FIELD_CHOICES:
        return N_("This must be a JSON array of strings.");
    case FIELD_FILE:
        return N_("A file is sent as multipart/form-data.");
    default:
        return N_("This must be a JSON string.");
    }
}

/* PW_INVALID: not of the field's type. */
static enum pw_err member(struct arena *a, const struct field *f, json_t *v, struct form *form)
{
    struct form_pair p = {.name = sv_of(f->name)};
    size_t i;
    json_t *item;
    switch (f->kind) {
    case FIELD_INT:
        if (!json_is_integer(v))
            return PW_INVALID;
        p.value = arena_fmt(a, "%" PRId64, (int64_t)json_integer_value(v));
        return form_add(a, form, p);
    case FIELD_BOOL:
        if (!json_is_boolean(v))
            return PW_INVALID;
        p.value = json_is_true(v) ? SV("1") : SV("0");
        return form_add(a, form, p);
    case FIELD_FILE:
        return PW_INVALID;
    case FIELD_CHOICES:
        if (!json_is_array(v))
            return PW_INVALID;
        if (!json_array_size(v)) {
            p.kind = FORM_EMPTY_LIST;
            return form_add(a, form, p);
        }
        json_array_foreach(v, i, item)
        {
            if (!json_is_string(item))
                return PW_INVALID;
            p.value = json_sv(item);
            PW_TRY(form_add(a, form, p));
        }
        return PW_OK;
    default:
        if (!json_is_string(v))
            return PW_INVALID;
        p.value = json_sv(v);
        return form_add(a, form, p);
    }
}

enum pw_err fields_of_json(struct arena *a, const struct field *fields, struct sv body, struct problems *problems,
                           struct form *ret)
{
    struct form form = {0};
    json_t *root = NULL;
    struct sv where = {0};
    *ret = form;
    if (!sv_trim(body).n)
        return PW_OK;
    enum pw_err e = json_read(body, a, &root, &where);
    if (e == PW_UNAVAILABLE)
        return e;
    if (e != PW_OK) {
        problem_add_arg(problems, NULL, N_("The body must be one JSON object in UTF-8. It cannot be read at: {0}."),
                        where);
        return PW_OK;
    }
    if (!json_is_object(root)) {
        problem_add(problems, NULL, N_("The body must be one JSON object in UTF-8."));
        return PW_OK;
    }
    const char *name;
    json_t *v;
    json_object_foreach(root, name, v)
    {
        const struct field *f = declared(fields, name);
        if (!f) {
            struct sv shown = text_cut(a, sv_of(name), 64);
            problem_add_arg(problems, arena_z(a, shown), N_("There is no such field here: {0}."), shown);
            continue;
        }
        if (json_is_null(v))
            continue;
        e = member(a, f, v, &form);
        if (e == PW_INVALID)
            problem_add(problems, f->name, wanted(f->kind));
        else if (e != PW_OK)
            return e;
    }
    *ret = form;
    return a->oom ? PW_UNAVAILABLE : PW_OK;
}

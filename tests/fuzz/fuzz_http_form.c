/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/buf.h"
#include "base/unicode.h"
#include "fuzz/fuzz.h"
#include "http/fields.h"

static const char *const choices[] = {"red", "green", NULL};
static const struct field fields[] = {
    {"t", FIELD_TEXT, FIELD_REQUIRED, 2, 50, NULL, ""},
    {"l", FIELD_LINES, 0, 0, 0, NULL, ""},
    {"s", FIELD_SECRET, 0, 0, 0, NULL, ""},
    {"n", FIELD_INT, 0, -5, 99, NULL, ""},
    {"i", FIELD_ID, 0, 0, 0, NULL, ""},
    {"b", FIELD_BOOL, 0, 0, 0, NULL, ""},
    {"c", FIELD_CHOICE, 0, 0, 0, choices, ""},
    {"m", FIELD_CHOICES, 0, 0, 3, NULL, ""},
    {"w", FIELD_TIME, 0, 0, 0, NULL, ""},
    {"d", FIELD_DATE, 0, 0, 0, NULL, ""},
    {"f", FIELD_FILE, 0, 0, 10, NULL, ""},
    {0},
};

static bool no_control(struct sv s, bool lines)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' && !(lines && s.p[i] == '\n'))
            return false;
    return true;
}

static void checked(struct arena *a, const struct form *form)
{
    struct problems ps = {0};
    struct http_value *v;
    if (fields_check(a, fields, form, 100, &ps, &v) != PW_OK)
        return;
    for (size_t i = 0; fields[i].name; i++) {
        FUZZ_HOLDS(text_valid(v[i].text) && no_control(v[i].text, fields[i].kind == FIELD_LINES));
        FUZZ_HOLDS(fields[i].kind != FIELD_INT || problem_of(&ps, "n") || !v[i].given ||
                   (v[i].i >= -5 && v[i].i <= 99));
        for (size_t k = 0; k < v[i].n_many; k++)
            FUZZ_HOLDS(text_valid(v[i].many[k]) && v[i].n_many <= 3);
    }
}

/* Pairs written and read again are the same; whatever they are, checked texts are clean. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct form form, again;
    struct sv in = {(const char *)data, size};
    if (size > 1 << 16)
        return 0;
    arena_init(&a, 32 << 20);
    if (form_urlencoded(&a, in, &form) == PW_OK) {
        struct buf b;
        buf_init(&b, 1 << 22);
        for (size_t i = 0; i < form.n; i++) {
            buf_url(&b, form.v[i].name);
            buf_c(&b, '=');
            buf_url(&b, form.v[i].value);
            buf_c(&b, '&');
        }
        FUZZ_HOLDS(form_urlencoded(&a, buf_sv(&b), &again) == PW_OK && again.n == form.n);
        for (size_t i = 0; i < form.n; i++)
            FUZZ_HOLDS(sv_eq(again.v[i].name, form.v[i].name) && sv_eq(again.v[i].value, form.v[i].value));
        checked(&a, &form);
        buf_finish(&b);
    }
    struct problems ps = {0};
    if (fields_of_json(&a, fields, in, &ps, &form) == PW_OK)
        checked(&a, &form);
    arena_finish(&a);
    return 0;
}

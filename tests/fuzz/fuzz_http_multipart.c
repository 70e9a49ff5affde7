/* SPDX-License-Identifier: EUPL-1.2 */
#include "fuzz/fuzz.h"
#include "http/form.h"

/* First line: a content type; the rest: a body. Values lie inside the body and hold no whole delimiter. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct form form;
    struct sv body = {(const char *)data, size}, type;
    sv_cut(&body, '\n', &type);
    arena_init(&a, 16 << 20);
    struct sv boundary = form_boundary(&a, type);
    if (boundary.n && form_multipart(&a, body, boundary, &form) == PW_OK) {
        struct sv line = arena_fmt(&a, "\r\n--%.*s\r\n", SV_ARG(boundary));
        struct sv last = arena_fmt(&a, "\r\n--%.*s--", SV_ARG(boundary));
        for (size_t i = 0; i < form.n; i++) {
            const struct form_pair *p = &form.v[i];
            FUZZ_HOLDS(p->name.n > 0 && p->name.n <= FORM_NAME_MAX);
            FUZZ_HOLDS(!p->value.n || (p->value.p >= body.p && p->value.p + p->value.n <= body.p + body.n));
            FUZZ_HOLDS(sv_find(p->value, line) < 0 && sv_find(p->value, last) < 0);
        }
    }
    arena_finish(&a);
    return 0;
}

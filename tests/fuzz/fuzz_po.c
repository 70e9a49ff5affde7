/* SPDX-License-Identifier: EUPL-1.2 */
/* Catalogues that somebody adds: read whole, or refused with the line that is wrong. */
#include "fuzz/fuzz.h"
#include "ui/po.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct po_file f;
    int64_t line = 0;
    const char *why = NULL;
    if (size > 1 << 18)
        return 0;
    arena_init(&a, 64 << 20);
    enum pw_err e = po_read(&a, (struct sv){(const char *)data, size}, &f, &line, &why);
    if (e == PW_OK) {
        for (size_t i = 0; i < f.n; i++)
            FUZZ_HOLDS(f.v[i].n_form <= PO_FORMS);
        (void)po_header(&f, "Language");
    } else {
        FUZZ_HOLDS(e == PW_UNAVAILABLE || (e == PW_INVALID && line >= 0 && why));
    }
    arena_finish(&a);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "channel/voice_ogg.h"

/* Whatever a browser or a stranger uploaded becomes whole Ogg pages, or nothing that leaves. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf b;
    char *tight = malloc(size ? size : 1);
    if (!tight)
        return 0;
    memcpy(tight, data, size);
    buf_init(&b, 2 * size + 4096);
    enum pw_err e = voice_ogg_of_webm((struct sv){tight, size}, &b);
    FUZZ_HOLDS(e == PW_OK || e == PW_INVALID || e == PW_UNAVAILABLE);
    FUZZ_HOLDS(e != PW_OK || (b.n > 4 && memcmp(b.p, "OggS", 4) == 0));
    buf_finish(&b);
    free(tight);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz: the entry point of every fuzz target (libFuzzer's name), and the check that ends one. */
#ifndef PW_FUZZ_H
#define PW_FUZZ_H

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input. */
#define FUZZ_HOLDS(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            abort();                                                                                                   \
    } while (0)

#endif

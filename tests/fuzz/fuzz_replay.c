/* SPDX-License-Identifier: EUPL-1.2 */
/* Runs a fuzz target over files without a fuzzing engine: every file below the folders named as arguments, each cut at
 * every length of a small one, and with a few hundred small damages from a fixed seed. A find is a crash or an abort.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

enum { FILE_MAX = 1 << 20, DAMAGES = 300, CUTS = 256 };

/* A block of exactly the right size each time, so that the sanitizer sees one byte too far. */
static void run(const char *bytes, size_t n)
{
    char *tight = malloc(n ? n : 1);
    if (!tight)
        abort();
    memcpy(tight, bytes, n);
    (void)LLVMFuzzerTestOneInput((const uint8_t *)tight, n);
    free(tight);
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void damage(char *bytes, size_t n, uint32_t *seed)
{
    for (uint32_t k = 1 + next(seed) % 3; k > 0 && n; k--) {
        size_t at = next(seed) % n;
        switch (next(seed) % 4) {
        case 0:
            bytes[at] = (char)(bytes[at] ^ (1 << next(seed) % 8));
            break;
        case 1:
            bytes[at] = (char)next(seed);
            break;
        case 2:
            bytes[at] = "\0\xff\x7f\x80'\"\r\n"[next(seed) % 8];
            break;
        default:
            memmove(bytes, bytes + at, n - at); /* a piece is there twice, another is gone */
            break;
        }
    }
}

static int run_file(const char *path, char *bytes, char *copy)
{
    FILE *f = fopen(path, "rb");
    uint32_t seed = 2166136261u;
    if (!f)
        return 0;
    size_t n = fread(bytes, 1, FILE_MAX, f);
    fclose(f);
    run(bytes, n);
    for (size_t cut = 0; cut < n && cut < CUTS; cut++)
        run(bytes, cut);
    for (int i = 0; i < DAMAGES && n; i++) {
        memcpy(copy, bytes, n);
        damage(copy, n, &seed);
        run(copy, n);
    }
    return 1;
}

int main(int argc, char **argv)
{
    char *bytes = malloc(FILE_MAX), *copy = malloc(FILE_MAX);
    int files = 0;
    if (!bytes || !copy)
        return 1;
    for (int i = 1; i < argc; i++) {
        DIR *d = opendir(argv[i]);
        if (!d) {
            files += run_file(argv[i], bytes, copy);
            continue;
        }
        for (struct dirent *e = readdir(d); e; e = readdir(d)) {
            char path[4096];
            int n = snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
            if (e->d_name[0] != '.' && n > 0 && n < (int)sizeof path)
                files += run_file(path, bytes, copy);
        }
        closedir(d);
    }
    free(bytes);
    free(copy);
    printf("%d files\n", files);
    return files == 0; /* an empty corpus proves nothing */
}

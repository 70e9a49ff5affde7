/* SPDX-License-Identifier: EUPL-1.2 */
#include "id.h"

#include <pthread.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { SEQ_BITS = 14, NODE_BITS = 8 };
#define EPOCH_MS INT64_C(1704067200000)
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* Declared cache: the last id minted by this process, and its node number. */
static struct {
    pthread_mutex_t lock;
    int64_t last;
    int64_t node; /* 0 until first use, then 1 + number */
} mint = {PTHREAD_MUTEX_INITIALIZER, 0, 0};

static uint64_t random64(void)
{
    uint64_t r = 0;
    char *p = (char *)&r;
    size_t have = 0;
    while (have < sizeof r) {
        ssize_t n = getrandom(p + have, sizeof r - have, 0);
        if (n > 0)
            have += (size_t)n;
    }
    return r;
}

int64_t id_new(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    int64_t ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 - EPOCH_MS;
    pthread_mutex_lock(&mint.lock);
    if (!mint.node)
        mint.node = 1 + (int64_t)(random64() & ((1u << NODE_BITS) - 1));
    int64_t step = INT64_C(1) << (NODE_BITS + SEQ_BITS);
    int64_t node = (mint.node - 1) << SEQ_BITS;
    int64_t id;
    if (ms > mint.last / step) {
        /* the lower half only, so that a busy millisecond has room to count upwards */
        id = ms * step + node + (int64_t)(random64() & ((1u << (SEQ_BITS - 1)) - 1));
    } else {
        id = mint.last + 1;
        if ((id & ((1 << SEQ_BITS) - 1)) == 0) /* sequence used up: borrow the next millisecond */
            id = (mint.last / step + 1) * step + node;
    }
    mint.last = id;
    pthread_mutex_unlock(&mint.lock);
    return id;
}

int64_t id_first_at(int64_t ms)
{
    return ms > EPOCH_MS ? (ms - EPOCH_MS) << (SEQ_BITS + NODE_BITS) : 0;
}

int64_t id_time_ms(int64_t id)
{
    return (id >> (NODE_BITS + SEQ_BITS)) + EPOCH_MS;
}

struct sv id_text(int64_t id, char out[ID_TEXT + 1])
{
    uint64_t v = (uint64_t)id;
    for (int i = ID_TEXT - 1; i >= 0; i--) {
        out[i] = alphabet[v & 31];
        v >>= 5;
    }
    out[ID_TEXT] = 0;
    return (struct sv){out, ID_TEXT};
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        c = (char)(c - 'A' + 'a');
    if (c == 'o')
        c = '0';
    if (c == 'i' || c == 'l')
        c = '1';
    for (int i = 0; i < 32; i++)
        if (alphabet[i] == c)
            return i;
    return -1;
}

bool id_parse(struct sv text, int64_t *ret)
{
    if (text.n != ID_TEXT)
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < text.n; i++) {
        int d = digit(text.p[i]);
        if (d < 0 || (i == 0 && d > 7))
            return false;
        v = v << 5 | (uint64_t)d;
    }
    if (v == 0 || v > INT64_MAX)
        return false;
    *ret = (int64_t)v;
    return true;
}

void id_random_text(char *out, size_t n)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++) {
        if (i % 12 == 0)
            bits = random64();
        out[i] = alphabet[bits & 31];
        bits >>= 5;
    }
    out[n] = 0;
}

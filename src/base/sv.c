/* SPDX-License-Identifier: EUPL-1.2 */
#include "sv.h"

#include <string.h>

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct sv sv_of(const char *z)
{
    return (struct sv){z, z ? strlen(z) : 0};
}

bool sv_eq(struct sv a, struct sv b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool sv_eq_z(struct sv a, const char *z)
{
    return sv_eq(a, sv_of(z));
}

bool sv_ieq(struct sv a, struct sv b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int sv_cmp(struct sv a, struct sv b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool sv_starts(struct sv s, struct sv prefix)
{
    return s.n >= prefix.n && sv_eq(sv_sub(s, 0, prefix.n), prefix);
}

bool sv_ends(struct sv s, struct sv suffix)
{
    return s.n >= suffix.n && sv_eq(sv_sub(s, s.n - suffix.n, suffix.n), suffix);
}

struct sv sv_trim(struct sv s)
{
    while (s.n && blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct sv sv_sub(struct sv s, size_t from, size_t n)
{
    if (from >= s.n)
        return (struct sv){s.p ? s.p + s.n : NULL, 0};
    size_t left = s.n - from;
    return (struct sv){s.p + from, n < left ? n : left};
}

bool sv_cut(struct sv *rest, char sep, struct sv *ret_head)
{
    if (!rest->p)
        return false;
    const char *hit = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
    if (!hit) {
        *ret_head = *rest;
        *rest = (struct sv){0};
        return true;
    }
    size_t head = (size_t)(hit - rest->p);
    *ret_head = (struct sv){rest->p, head};
    *rest = (struct sv){hit + 1, rest->n - head - 1};
    return true;
}

ptrdiff_t sv_find(struct sv s, struct sv needle)
{
    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return -1;
    const char *hit = memmem(s.p, s.n, needle.p, needle.n);
    return hit ? hit - s.p : -1;
}

bool sv_int(struct sv s, int64_t *ret)
{
    bool neg = s.n && s.p[0] == '-';
    size_t i = neg ? 1 : 0;
    if (i == s.n)
        return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        int64_t d = s.p[i] - '0';
        if (__builtin_mul_overflow(v, (int64_t)10, &v) || __builtin_sub_overflow(v, d, &v))
            return false;
    }
    if (!neg && __builtin_sub_overflow((int64_t)0, v, &v))
        return false;
    *ret = v;
    return true;
}

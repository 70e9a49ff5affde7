/* SPDX-License-Identifier: EUPL-1.2 */
/* Authentication-Results (RFC 8601), as far as it says whose mail this is. Only the operator's own server is believed:
 * anybody may write such a header. */
#include <string.h>

#include "channel/email.h"

/* Is `name` the domain itself or one above it with at least two labels? */
static bool aligned(struct sv name, struct sv domain)
{
    while (name.n && (name.p[0] == '@' || name.p[0] == '"'))
        name = sv_sub(name, 1, name.n);
    if (sv_ends(name, SV("\"")))
        name.n--;
    if (sv_ieq(name, domain))
        return true;
    return name.n + 1 < domain.n && sv_find(name, SV(".")) > 0 && domain.p[domain.n - name.n - 1] == '.' &&
           sv_ieq(sv_sub(domain, domain.n - name.n, name.n), name);
}

/* Comments in parentheses say nothing to us. In place of them a space. */
static struct sv without_comments(struct sv in, char *out, size_t max)
{
    size_t n = 0;
    int depth = 0;
    for (size_t i = 0; i < in.n && n < max; i++) {
        char c = in.p[i];
        if (c == '(')
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
        else if (depth == 0)
            out[n++] = c == '\r' || c == '\n' || c == '\t' ? ' ' : c;
    }
    return (struct sv){out, n};
}

static struct sv property(struct sv words, const char *name)
{
    struct sv rest = words, one;
    size_t n = strlen(name);
    while (sv_cut(&rest, ' ', &one))
        if (one.n > n && one.p[n] == '=' && sv_ieq(sv_sub(one, 0, n), sv_of(name)))
            return sv_sub(one, n + 1, one.n);
    return (struct sv){0};
}

static struct sv domain_part(struct sv address)
{
    for (size_t i = address.n; i > 0; i--)
        if (address.p[i - 1] == '@')
            return sv_sub(address, i, address.n);
    return address;
}

bool email_vouches(struct sv value, struct sv server, struct sv domain)
{
    char plain[4096];
    if (!server.n || !domain.n || value.n > sizeof plain)
        return false;
    struct sv rest = without_comments(value, plain, sizeof plain), one, id;
    if (!sv_cut(&rest, ';', &one))
        return false;
    struct sv head = sv_trim(one);
    if (!sv_cut(&head, ' ', &id) || !sv_ieq(id, server))
        return false;
    while (sv_cut(&rest, ';', &one)) {
        struct sv words = sv_trim(one), method;
        struct sv tail = words;
        if (!sv_cut(&tail, ' ', &method))
            continue;
        if (sv_ieq(method, SV("dmarc=pass")) && sv_ieq(property(words, "header.from"), domain))
            return true;
        if (sv_ieq(method, SV("dkim=pass")) &&
            (aligned(property(words, "header.d"), domain) || aligned(domain_part(property(words, "header.i")), domain)))
            return true;
        if (sv_ieq(method, SV("spf=pass")) && sv_ieq(domain_part(property(words, "smtp.mailfrom")), domain))
            return true;
    }
    return false;
}

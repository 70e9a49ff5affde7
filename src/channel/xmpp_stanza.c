/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading and building stanzas. What is missing reads as empty. */
#include <string.h>

#include "base/id.h"
#include "channel/provider_call.h"
#include "channel/xmpp.h"

/* ---- reading ---- */

struct sv xmpp_attr(xmpp_stanza_t *s, const char *name)
{
    return s ? sv_of(xmpp_stanza_get_attribute(s, name)) : (struct sv){0};
}

xmpp_stanza_t *xmpp_child(xmpp_stanza_t *s, const char *name, const char *ns)
{
    size_t seen = 0;
    for (xmpp_stanza_t *c = s ? xmpp_stanza_get_children(s) : NULL; c && seen < XM_CHILDREN_MAX;
         c = xmpp_stanza_get_next(c), seen++) {
        if (!xmpp_stanza_is_tag(c) || (name && strcmp(xmpp_stanza_get_name(c), name) != 0))
            continue;
        const char *own = xmpp_stanza_get_ns(c);
        if (!ns || (own && strcmp(own, ns) == 0))
            return c;
    }
    return NULL;
}

static struct sv text_of(xmpp_stanza_t *c, struct arena *a)
{
    char *text = c ? xmpp_stanza_get_text(c) : NULL;
    if (!text)
        return (struct sv){0};
    struct sv out = arena_sv(a, clip_text(sv_of(text), XM_BODY_MAX));
    xmpp_free(xmpp_stanza_get_context(c), text);
    return out;
}

struct sv xmpp_child_text(xmpp_stanza_t *s, const char *name, const char *ns, struct arena *a)
{
    return text_of(xmpp_child(s, name, ns), a);
}

struct sv xmpp_bare(struct sv jid)
{
    ptrdiff_t slash = sv_find(jid, SV("/"));
    return slash < 0 ? jid : sv_sub(jid, 0, (size_t)slash);
}

struct sv xmpp_resource(struct sv jid)
{
    ptrdiff_t slash = sv_find(jid, SV("/"));
    return slash < 0 ? (struct sv){0} : sv_sub(jid, (size_t)slash + 1, jid.n);
}

bool xmpp_bare_ok(struct sv jid, bool local_needed)
{
    ptrdiff_t at = sv_find(jid, SV("@"));
    if (jid.n == 0 || jid.n > XM_JID_MAX || at == 0 || (local_needed && at < 0) || jid.p[jid.n - 1] == '@')
        return false;
    for (size_t i = 0; i < jid.n; i++)
        if ((unsigned char)jid.p[i] <= ' ' || strchr("/\"&'<>", jid.p[i]) || ((ptrdiff_t)i != at && jid.p[i] == '@'))
            return false;
    return true;
}

/* ---- building ---- */

xmpp_stanza_t *xmpp_grow(xmpp_stanza_t *parent, const char *name, const char *ns, const char *text,
                         const char *const *attrs)
{
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(parent);
    xmpp_stanza_t *c = xmpp_stanza_new(ctx);
    xmpp_stanza_set_name(c, name);
    if (ns)
        xmpp_stanza_set_ns(c, ns);
    for (size_t i = 0; attrs && attrs[i]; i += 2)
        xmpp_stanza_set_attribute(c, attrs[i], attrs[i + 1]);
    if (text) {
        xmpp_stanza_t *t = xmpp_stanza_new(ctx);
        xmpp_stanza_set_text(t, text);
        xmpp_stanza_add_child_ex(c, t, 0);
    }
    xmpp_stanza_add_child_ex(parent, c, 0);
    return c;
}

xmpp_stanza_t *xmpp_new(struct xmpp_session *s, const char *name, const char *type, const char *to, const char *id)
{
    xmpp_stanza_t *x = xmpp_stanza_new(s->ctx);
    xmpp_stanza_set_name(x, name);
    xmpp_stanza_set_from(x, s->address);
    xmpp_stanza_set_to(x, to);
    if (type)
        xmpp_stanza_set_type(x, type);
    if (id)
        xmpp_stanza_set_id(x, id);
    return x;
}

xmpp_stanza_t *xmpp_field(xmpp_stanza_t *form, const char *var, const char *value)
{
    xmpp_stanza_t *f = xmpp_grow(form, "field", NULL, NULL, (const char *const[]){"var", var, NULL});
    xmpp_grow(f, "value", NULL, value, NULL);
    return f;
}

void xmpp_new_id(char out[40], const char *prefix)
{
    size_t n = strlen(prefix);
    memcpy(out, prefix, n);
    id_random_text(out + n, 20); /* nobody can guess it: whoever answers it was asked */
}

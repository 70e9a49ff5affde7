/* SPDX-License-Identifier: EUPL-1.2 */
/* The only file of this room that sees libxml2. */
#include <libxml/parser.h>
#include <pthread.h>

#include "channel/wechat.h"

enum { TEXT_BYTES = 64 * 1024, BODY_BYTES = 1024 * 1024 };

static void start_parser(void)
{
    xmlInitParser();
}

/* Whatever begins a declaration could define entities: it is not even parsed. */
static bool declares(struct sv body)
{
    return sv_find(body, SV("<!D")) >= 0 || sv_find(body, SV("<!E")) >= 0 || sv_find(body, SV("<!d")) >= 0;
}

static struct sv text_of(xmlNode *e, struct arena *a)
{
    struct buf b;
    buf_init(&b, TEXT_BYTES);
    for (xmlNode *c = e->children; c; c = c->next)
        if ((c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE) && c->content)
            buf_z(&b, (const char *)c->content);
    struct sv out = buf_ok(&b) ? arena_sv(a, buf_sv(&b)) : (struct sv){0};
    buf_finish(&b);
    return out;
}

enum pw_err wechat_xml_read(struct sv body, struct arena *a, struct wechat_xml ret[WECHAT_XML_MAX], size_t *ret_n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT; /* declared cache: libxml2's own */
    size_t n = 0;
    if (!body.n || body.n > BODY_BYTES || declares(body))
        return PW_INVALID;
    pthread_once(&once, start_parser);
    xmlDoc *doc = xmlReadMemory(body.p, (int)body.n, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
    xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    bool ok = root && xmlStrEqual(root->name, BAD_CAST "xml") && !doc->intSubset;
    for (xmlNode *e = ok ? root->children : NULL; e && n < WECHAT_XML_MAX; e = e->next)
        if (e->type == XML_ELEMENT_NODE) {
            ret[n].name = arena_sv(a, sv_of((const char *)e->name));
            ret[n++].text = text_of(e, a);
        }
    xmlFreeDoc(doc);
    if (!ok)
        return PW_INVALID;
    if (a->oom)
        return PW_UNAVAILABLE;
    *ret_n = n;
    return PW_OK;
}

struct sv wechat_xml_get(const struct wechat_xml *v, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq_z(v[i].name, name))
            return v[i].text;
    return (struct sv){0};
}

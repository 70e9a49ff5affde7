/* SPDX-License-Identifier: EUPL-1.2 */
/* People's documents: whatever is typed, no tag comes out that the renderer does not make, and no address but those it
 * allows. */
#include "fuzz/fuzz.h"
#include "ui/markdown.h"

static void only_known_tags(struct sv html)
{
    static const char *const known[] = {"h2",    "h3",     "h4",    "h5", "h6", "p",    "ul",  "ol",         "li",
                                        "em",    "strong", "a",     "br", "hr", "code", "pre", "blockquote", "del",
                                        "table", "thead",  "tbody", "tr", "th", "td",   "bdi", "u",          "div"};
    for (size_t i = 0; i < html.n; i++) {
        if (html.p[i] != '<')
            continue;
        size_t from = i + 1 + (i + 1 < html.n && html.p[i + 1] == '/'), to = from;
        while (to < html.n && ((html.p[to] >= 'a' && html.p[to] <= 'z') || (html.p[to] >= '0' && html.p[to] <= '9')))
            to++;
        struct sv name = {html.p + from, to - from};
        bool found = false;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            found = found || sv_eq_z(name, known[k]);
        FUZZ_HOLDS(found);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct html html;
    struct sv plain, text = {(const char *)data, size};
    if (size > 1 << 16)
        return 0;
    arena_init(&a, 256 << 20);
    if (markdown_html(&a, text, &html) == PW_OK) {
        only_known_tags(html.s);
        FUZZ_HOLDS(sv_find(html.s, SV("href=\"javascript")) < 0);
        FUZZ_HOLDS(sv_find(html.s, SV("<script")) < 0);
    }
    (void)!markdown_plain(&a, text, &plain);
    arena_finish(&a);
    return 0;
}

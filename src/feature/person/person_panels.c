/* SPDX-License-Identifier: EUPL-1.2 */
/* What other features add to a person's pages. */
#include <stdlib.h>

#include "feature/person/person_room.h"

/* Declared cache: filled at start, before the first request. */
static struct {
    person_panel_fn fn;
    void *self;
} sources[PANELS_MAX];
static size_t n_sources;

void person_panel_add(person_panel_fn fn, void *self)
{
    for (size_t i = 0; i < n_sources; i++)
        if (sources[i].fn == fn && sources[i].self == self)
            return; /* started again in the same process */
    if (n_sources == PANELS_MAX)
        abort(); /* a defect: registration happens once, at start */
    sources[n_sources].fn = fn;
    sources[n_sources++].self = self;
}

enum pw_err person_panels(struct ctx *c, const struct person *p, enum person_side side,
                          struct person_panel ret[PANELS_MAX], size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < n_sources; i++) {
        struct person_panel one = {0};
        PW_TRY(sources[i].fn(sources[i].self, c, p, side, &one));
        if (one.title.n)
            ret[n++] = one;
    }
    *ret_n = n;
    return PW_OK;
}

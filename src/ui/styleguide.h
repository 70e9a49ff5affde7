/* SPDX-License-Identifier: EUPL-1.2 */
/* styleguide: every part with invented content, as a page of the desk and a page of members. Rendered by
 * tests/unit/ui/render_styleguide.c for eyes, axe-core and screenshots; not routed in the product. */
#ifndef PW_STYLEGUIDE_H
#define PW_STYLEGUIDE_H

#include "ui/component.h"

struct styleguide {
    struct sv person, other;           /* names */
    struct sv question, answer, reply; /* people's words, in their own languages */
    struct sv note, phone, link;
    struct html document;
    const struct ui_chart *bars, *line;
    const struct ui_table *table;
};

#endif

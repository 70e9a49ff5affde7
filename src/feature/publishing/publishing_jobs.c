/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/publishing/publishing.h"

void publishing_register(struct work *w)
{
    (void)w;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/planning/planning.h"

void planning_register(struct work *w)
{
    (void)w;
}

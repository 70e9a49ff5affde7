/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/assisted/assisted.h"

void assisted_register(struct work *w)
{
    (void)w;
}

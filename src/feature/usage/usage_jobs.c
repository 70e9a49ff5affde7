/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/usage/usage.h"

void usage_register(struct work *w)
{
    (void)w;
}

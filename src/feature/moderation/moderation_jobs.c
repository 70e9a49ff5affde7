/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/moderation/moderation.h"

void moderation_register(struct work *w)
{
    (void)w;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/moderation/moderation.h"

static const struct community_text_part text_part = {moderation_text_write, moderation_text_read};

void moderation_register(struct work *w)
{
    (void)w;
    community_text_add(&text_part);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/moderation/moderation_room.h"

void moderation_register(struct work *w)
{
    (void)w; /* penalties end by their date, strikes by theirs: nothing has to run */
    moderation_listen();
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/person/person_room.h"

void person_register(struct work *w)
{
    (void)w;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* `passerelle compute due` alone, without the rest of the product. PW_TZDIR names another tree of time zones. */
#include <stdio.h>
#include <stdlib.h>

#include "base/tz.h"
#include "main/commands.h"

int main(void)
{
    const char *dir = getenv("PW_TZDIR");
    if (dir)
        tz_set_dir(sv_of(dir));
    return cmd_compute_due(stdin, stdout);
}

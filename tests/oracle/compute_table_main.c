/* SPDX-License-Identifier: EUPL-1.2 */
#include <locale.h>
#include <stdio.h>

#include "main/commands.h"

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    return cmd_compute_table(stdin, stdout);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* All statements of all rooms (linked whole into this program), against their tables, on the engine of the run.
 * Ends with how many are wrong; each is named on standard error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/stmtcheck.h"
#include "main/feature_table.h"

static void every_statement_is_well(void **state)
{
    (void)state;
    struct dbfix f;
    dbfix_open(&f, dbfix_engine());
    static const struct migration none = {"store/0", ""};
    dbfix_migrate(&f, &none, 1); /* makes the table of the store itself */
    for (size_t i = 0; i < features_n; i++)
        if (features[i].n_migrations)
            dbfix_migrate(&f, features[i].migrations, *features[i].n_migrations);
    assert_int_equal(stmtcheck_all(&f), 0);
    dbfix_close(&f);
}

int main(void)
{
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_statement_is_well)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

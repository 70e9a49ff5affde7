/* SPDX-License-Identifier: EUPL-1.2 */
/* All statements of all rooms that are linked whole into this program, against their tables, on the engine of the run.
 * Ends with how many are wrong; each is named on standard error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/stmtcheck.h"

/* Weak: a room that is not linked has no tables. In the order in which the program makes them. */
#define ROOM(name)                                                                                                     \
    extern const struct migration name##_migrations[] __attribute__((weak));                                           \
    extern const size_t name##_migrations_n __attribute__((weak));
ROOM(core)
ROOM(work)
ROOM(channel)
ROOM(community)
ROOM(publishing)
ROOM(main)

static void every_statement_is_well(void **state)
{
    (void)state;
    static const struct {
        const struct migration *m;
        const size_t *n;
    } rooms[] = {{core_migrations, &core_migrations_n},
                 {work_migrations, &work_migrations_n},
                 {channel_migrations, &channel_migrations_n},
                 {community_migrations, &community_migrations_n},
                 {publishing_migrations, &publishing_migrations_n},
                 {main_migrations, &main_migrations_n}};
    struct dbfix f;
    dbfix_open(&f, dbfix_engine());
    static const struct migration none = {"store/0", ""};
    dbfix_migrate(&f, &none, 1); /* makes the table of the store itself */
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        if (rooms[i].n)
            dbfix_migrate(&f, rooms[i].m, *rooms[i].n);
    }
    assert_int_equal(stmtcheck_all(&f), 0);
    dbfix_close(&f);
}

int main(void)
{
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_statement_is_well)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

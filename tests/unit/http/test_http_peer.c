/* SPDX-License-Identifier: EUPL-1.2 */
/* Connections that take too long are hung up; jobs of the crew run in order and all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "http/crew.h"
#include "http/peer.h"

static bool is_open(int fd)
{
    char c;
    return recv(fd, &c, 1, MSG_DONTWAIT) < 0; /* would block; an ended one gives 0 */
}

static void late_ones_are_hung_up(void **state)
{
    struct peers ps;
    struct peer *p[3];
    int fd[3][2];
    int64_t now = clock_mono_ms();
    (void)state;
    peers_init(&ps);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd[i]), 0);
        p[i] = peer_add(&ps, fd[i][0], NULL, 60000);
        assert_non_null(p[i]);
    }
    peer_deadline(p[1], 600000);
    peer_deadline(p[2], 0); /* a stream: none */
    peers_hang_up_late(&ps, now + 50000);
    assert_true(is_open(fd[0][1]) && is_open(fd[1][1]) && is_open(fd[2][1]));
    peers_hang_up_late(&ps, now + 120000);
    assert_true(!is_open(fd[0][1]) && is_open(fd[1][1]) && is_open(fd[2][1]));
    peer_drop(&ps, p[1]);
    peers_hang_up_late(&ps, now + 9000000);
    assert_true(is_open(fd[1][1]) && is_open(fd[2][1]));
    peer_drop(&ps, NULL);
    peer_deadline(NULL, 1);
    peers_finish(&ps);
    for (int i = 0; i < 3; i++) {
        close(fd[i][0]);
        close(fd[i][1]);
    }
}

enum { JOBS = 2000 };
struct job {
    struct crew_job job;
    int index;
};
static int order[JOBS], done; /* declared cache: written by the one thread of the test's crew */

static void note(struct crew_job *job)
{
    order[done++] = ((struct job *)job)->index;
}

static void the_crew_finishes_what_it_took(void **state)
{
    static struct job job[JOBS];
    struct job late = {.job.run = note};
    (void)state;
    struct crew *c = crew_new(1, 1024 * 1024);
    assert_non_null(c);
    for (int i = 0; i < JOBS; i++) {
        job[i] = (struct job){.job.run = note, .index = i};
        assert_true(crew_add(c, &job[i].job));
    }
    crew_stop(c);
    assert_int_equal(done, JOBS);
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(order[i], i);
    assert_false(crew_add(c, &late.job));
    crew_free(c);
    crew_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_ones_are_hung_up),
        cmocka_unit_test(the_crew_finishes_what_it_took),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

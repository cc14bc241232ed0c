/* What the program puts in the place of the C library for libmicrohttpd's sake (http/tap). */
#include "support.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "http/tap.h"

/* Both MHD_quiesce_daemon and a worker do it when a server stops; the library ends the program otherwise. */
static void taking_a_socket_out_twice_is_no_failure(void **state)
{
    (void)state;
    int epoll = epoll_create1(0), pipes[2];
    assert_int_equal(pipe(pipes), 0);
    struct epoll_event event = {.events = EPOLLIN};
    assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_ADD, pipes[0], &event), 0);
    assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_DEL, pipes[0], NULL), 0);
    assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_DEL, pipes[0], NULL), 0);
    /* Everything else that goes wrong is still told. */
    assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_MOD, pipes[0], &event), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_DEL, -1, NULL), -1);
    assert_int_equal(errno, EBADF);
    close(epoll);
    close(pipes[0]);
    close(pipes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taking_a_socket_out_twice_is_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

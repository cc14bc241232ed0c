/* Which addresses the server itself does not connect to. */
#include "support.h"

#include <arpa/inet.h>

#include "event/address.h"

static bool is_private(const char *text)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return address_is_private((const struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return address_is_private((const struct sockaddr *)&v6);
}

static void loopback_and_the_world_are_open(void **state)
{
    (void)state;
    static const char *const open[] = {
        "127.0.0.1",   "127.8.9.10",    "::1",         "8.8.8.8",          "172.15.0.1",
        "172.32.0.1",  "11.0.0.1",      "192.169.0.1", "100.63.0.1",       "100.128.0.1",
        "169.253.0.1", "223.255.255.1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:1.1.1.1"};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        assert_false(is_private(open[i]));
}

static void private_networks_are_not(void **state)
{
    (void)state;
    static const char *const closed[] = {"10.0.0.1",
                                         "10.255.255.255",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.168.1.1",
                                         "169.254.169.254",
                                         "100.64.0.1",
                                         "0.0.0.0",
                                         "224.0.0.1",
                                         "255.255.255.255",
                                         "fc00::1",
                                         "fdff::1",
                                         "fe80::1",
                                         "::",
                                         "ff02::1",
                                         "::ffff:10.0.0.1",
                                         "::ffff:169.254.169.254"};
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        assert_true(is_private(closed[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_and_the_world_are_open),
        cmocka_unit_test(private_networks_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

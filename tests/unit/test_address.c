/* Which addresses the server itself does not connect to. */
#include "support.h"

#include <arpa/inet.h>

#include "portal/chain.h"
#include "send/address.h"
#include "send/subscription.h"

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
    static const char *const open[] = {"127.0.0.1",       "127.8.9.10",       "::1",
                                       "8.8.8.8",         "172.15.0.1",       "172.32.0.1",
                                       "11.0.0.1",        "192.169.0.1",      "100.63.0.1",
                                       "100.128.0.1",     "169.253.0.1",      "223.255.255.1",
                                       "2606:4700::1111", "::ffff:127.0.0.1", "::ffff:1.1.1.1"};
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

/* Forms of IPv6 that lead to an IPv4 address in the end, each with an address of the world inside and
 * with local ones. */
static void an_address_inside_counts(void **state)
{
    (void)state;
    static const char *const open[] = {"64:ff9b::8.8.8.8",
                                       "::ffff:0:8.8.8.8",
                                       "::8.8.8.8",
                                       "2002:808:808::1",
                                       "2001:0:808:808::f7f7:f7f7",
                                       "2606:4700::5efe:8.8.8.8",
                                       "2606:4700::200:5efe:8.8.8.8"};
    static const char *const closed[] = {"64:ff9b::10.0.0.1",
                                         "64:ff9b::127.0.0.1",
                                         "64:ff9b::169.254.169.254",
                                         "64:ff9b:1::8.8.8.8",
                                         "::ffff:0:192.168.0.1",
                                         "::ffff:0:127.0.0.1",
                                         "::10.0.0.1",
                                         "::127.0.0.1",
                                         "::2",
                                         "2002:a00:1::1",
                                         "2002:7f00:1::1",
                                         "2002:c0a8:101::1",
                                         "2002:a9fe:a9fe::",
                                         "2001:0:a00:1::f7f7:f7f7",
                                         "2001:0:808:808::f5ff:fffe",
                                         "2001:0:808:808::80ff:fffe",
                                         "2606:4700::5efe:10.0.0.1",
                                         "2606:4700::200:5efe:127.0.0.1",
                                         "2002:808:808::5efe:10.0.0.1"};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        assert_false(is_private(open[i]));
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        assert_true(is_private(closed[i]));
}

static void special_networks_are_closed(void **state)
{
    (void)state;
    static const char *const closed[] = {
        "0.1.2.3",     "192.0.0.1",   "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "240.0.0.1",   "100::1",    "2001:db8::1", "2001:2::1",  "2001:10::1",
        "2001:20::1",  "2001:1ff::1", "3fff::1",   "5f00::1",     "fec0::1",    "4000::1"};
    static const char *const open[] = {"192.0.1.1",   "198.20.0.1", "203.0.114.1",
                                       "2001:200::1", "3ffe::1",    "2a00:1450::1"};
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        assert_true(is_private(closed[i]));
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        assert_false(is_private(open[i]));
}

static bool is_here(const char *text, int port)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(8024)};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(8024)};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return address_is_here((const struct sockaddr *)&v4, port);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return address_is_here((const struct sockaddr *)&v6, port);
}

static void the_own_port_is_known_on_this_machine(void **state)
{
    (void)state;
    static const char *const here[] = {"127.0.0.1", "127.9.9.9",        "::1",
                                       "0.0.0.0",   "::ffff:127.0.0.1", "::"};
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++) {
        assert_true(is_here(here[i], 8024));
        assert_false(is_here(here[i], 8025));
    }
    assert_false(is_here("8.8.8.8", 8024));
}

static void an_own_handler_is_known_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *handler, *base;
        bool own;
    } cases[] = {{"https://crm.example.com/rest/1/x/y", "https://crm.example.com", true},
                 {"https://CRM.example.com.:443/", "https://crm.example.com", true},
                 {"http://crm.example.com/", "https://crm.example.com", false},
                 {"https://crm.example.com:8443/", "https://crm.example.com", false},
                 {"https://x@crm.example.com?a=b", "https://crm.example.com", true},
                 {"https://crm.example.com@evil.example/", "https://crm.example.com", false},
                 {"http://localhost:8024/rest/1/x/y", NULL, true},
                 {"http://[::1]:8024/", "http://10.0.0.1:8024", true},
                 {"http://127.1.1.1:8024/", NULL, true},
                 {"http://127.0.0.1:9000/", "http://127.0.0.1:8024", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(handler_is_own(cases[i].handler, cases[i].base, 8024), cases[i].own);
}

static void a_chain_is_read_from_its_token(void **state)
{
    (void)state;
    const struct secret_key key = {.bytes = "a key"}, other_key = {.bytes = "another"};
    char mark[CHAIN_MARK], token[100];
    int64_t depth;
    chain_mark(&key, "AbCdEf", 4, mark);
    snprintf(token, sizeof token, "AbCdEf%s", mark);
    assert_int_equal(chain_read(&key, token, &depth), 6);
    assert_int_equal(depth, 5);
    /* Nobody makes one himself, or takes it to another token. */
    assert_int_equal(chain_read(&other_key, token, &depth), strlen(token));
    assert_int_equal(depth, 0);
    token[0] = 'x';
    assert_int_equal(chain_read(&key, token, &depth), strlen(token));
    token[0] = 'A';
    token[8] = '9'; /* the depth */
    assert_int_equal(chain_read(&key, token, &depth), strlen(token));
    token[8] = '5';
    assert_int_equal(chain_read(&key, token, &depth), 6);
    memcpy(token + strlen(mark) + 6, "0", 2);
    assert_int_equal(chain_read(&key, token, &depth), strlen(token));
    static const char *const others[] = {"AbCdEf",
                                         "AbC.dEf",
                                         "A.e7",
                                         "A.e7.",
                                         "A.e7.17x",
                                         "A.e-1.17",
                                         "A.e7.1700000000",
                                         "A.e7.1700000000.0123456789abcdef"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(chain_read(&key, others[i], &depth), strlen(others[i]));
        assert_int_equal(depth, 0);
    }
    assert_true(chain_pause(CHAIN_FREE) <= 0);
    assert_true(chain_pause(CHAIN_FREE + 1) > 0);
    assert_true(chain_pause(CHAIN_FREE + 2) > chain_pause(CHAIN_FREE + 1));
    assert_true(chain_pause(1000000) <= CHAIN_PAUSE_MAX_S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_and_the_world_are_open),
        cmocka_unit_test(private_networks_are_not),
        cmocka_unit_test(an_address_inside_counts),
        cmocka_unit_test(special_networks_are_closed),
        cmocka_unit_test(the_own_port_is_known_on_this_machine),
        cmocka_unit_test(an_own_handler_is_known_by_name),
        cmocka_unit_test(a_chain_is_read_from_its_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

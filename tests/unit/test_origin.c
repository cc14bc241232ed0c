/* Whose word on the client, the scheme and the host is taken. */
#include "support.h"

#include "http/origin.h"

struct given {
    const char *peer, *host, *forwarded_for, *proto, *forwarded_host, *forwarded;
    const char *client, *url;
};

static struct net_address address_of(const char *text)
{
    struct net_address address;
    assert_true(net_from_text(text, strlen(text), &address));
    return address;
}

static void check_with(const struct origin_rules *rules, const struct given *g)
{
    struct arena arena;
    char client[NET_TEXT];
    arena_init(&arena);
    struct origin_words words = {.peer = address_of(g->peer),
                                 .host = g->host,
                                 .forwarded = g->forwarded,
                                 .forwarded_for = g->forwarded_for,
                                 .forwarded_proto = g->proto,
                                 .forwarded_host = g->forwarded_host};
    struct origin origin = origin_tell(rules, &arena, &words);
    net_text(&origin.client, client);
    assert_string_equal(client, g->client);
    assert_string_equal(origin.url, g->url);
    assert_int_equal(origin.is_https, rules->secure || !strncmp(g->url, "https", 5));
    arena_clear(&arena);
}

#define P "10.0.0.1" /* a trusted proxy, as is 10.0.0.2, fd00::1; P2's word is believed by P only */

static void test_words(void **state)
{
    (void)state;
    static const struct given cases[] = {
        /* Nobody else's word is taken. */
        {"192.0.2.9", "h", "1.1.1.1", "https", "evil", "for=2.2.2.2;proto=https;host=evil",
         "192.0.2.9", "http://h"},
        {"11.0.0.1", "h", "1.1.1.1", "https", "evil", NULL, "11.0.0.1", "http://h"},
        /* A name of the authorization server is not the portal's. */
        {"192.0.2.9", "oauth.bitrix.info", NULL, NULL, NULL, NULL, "192.0.2.9",
         "http://listening:1"},
        {"192.0.2.9", "OAuth.Bitrix24.Tech:443", NULL, NULL, NULL, NULL, "192.0.2.9",
         "http://listening:1"},
        {P, "h", "192.0.2.9", NULL, "oauth.bitrix.info", NULL, "192.0.2.9", "http://listening:1"},
        {"192.0.2.9", "oauth.bitrix.info.example", NULL, NULL, NULL, NULL, "192.0.2.9",
         "http://oauth.bitrix.info.example"},
        /* The usual proxy. */
        {P, "h", "192.0.2.9", "https", "crm.example.com", NULL, "192.0.2.9",
         "https://crm.example.com"},
        {P, "h", "192.0.2.9", "http", NULL, NULL, "192.0.2.9", "http://h"},
        {P, "h", NULL, "https", NULL, NULL, P, "https://h"},
        {P, "h", NULL, NULL, NULL, NULL, P, "http://h"},
        {P, NULL, NULL, NULL, NULL, NULL, P, "http://listening:1"},
        {P, "", NULL, NULL, NULL, NULL, P, "http://listening:1"},
        {"fd00::1", "h", "2001:db8::9", "HTTPS", NULL, NULL, "2001:db8::9", "https://h"},
        {"::ffff:10.0.0.1", "h", "192.0.2.9", NULL, NULL, NULL, "192.0.2.9", "http://h"},
        /* What the client sent before it stands further left, and is not believed. */
        {P, "h", "1.1.1.1, 192.0.2.9", NULL, NULL, NULL, "192.0.2.9", "http://h"},
        {P, "h", "1.1.1.1, 10.0.0.2, 192.0.2.9", NULL, NULL, NULL, "192.0.2.9", "http://h"},
        {P, "h", "10.0.0.2,192.0.2.9", NULL, NULL, NULL, "192.0.2.9", "http://h"},
        /* A chain of trusted ones. */
        {P, "h", "1.1.1.1, 192.0.2.9 , 10.0.0.2", NULL, NULL, NULL, "192.0.2.9", "http://h"},
        {P, "h", "10.0.0.2", NULL, NULL, NULL, "10.0.0.2", "http://h"},
        {P, "h", "192.0.2.9, fd00::2, 10.0.0.2", NULL, NULL, NULL, "192.0.2.9", "http://h"},
        /* Ports, brackets, and what is no address. */
        {P, "h", "192.0.2.9:4711", NULL, NULL, NULL, "192.0.2.9", "http://h"},
        {P, "h", "[2001:db8::9]:4711", NULL, NULL, NULL, "2001:db8::9", "http://h"},
        {P, "h", "[2001:db8::9]", NULL, NULL, NULL, "2001:db8::9", "http://h"},
        {P, "h", "unknown", NULL, NULL, NULL, P, "http://h"},
        {P, "h", "", NULL, NULL, NULL, P, "http://h"},
        {P, "h", ",", NULL, NULL, NULL, P, "http://h"},
        {P, "h", "192.0.2.9,", NULL, NULL, NULL, P, "http://h"},
        {P, "h", ",192.0.2.9", NULL, NULL, NULL, "192.0.2.9", "http://h"},
        {P, "h", "192.0.2.9, unknown, 10.0.0.2", NULL, NULL, NULL, "10.0.0.2", "http://h"},
        {P, "h", "[2001:db8::9", NULL, NULL, NULL, P, "http://h"},
        {P, "h", "192.0.2.256", NULL, NULL, NULL, P, "http://h"},
        /* Lists of the others: the last is the proxy's own. */
        {P, "h", "192.0.2.9", "http, https", "evil, good", NULL, "192.0.2.9", "https://good"},
        {P, "h", "192.0.2.9", "ftp", "a/b", NULL, "192.0.2.9", "http://h"},
        {P, "h", "192.0.2.9", NULL, "a b", NULL, "192.0.2.9", "http://h"},
        /* RFC 7239. */
        {P, "h", NULL, NULL, NULL, "for=192.0.2.9;proto=https;host=crm.example.com", "192.0.2.9",
         "https://crm.example.com"},
        {P, "h", NULL, NULL, NULL, "For=\"[2001:db8::9]:4711\";PROTO=https", "2001:db8::9",
         "https://h"},
        {P, "h", NULL, NULL, NULL, "for=1.1.1.1;proto=https, for=192.0.2.9;proto=http", "192.0.2.9",
         "http://h"},
        {P, "h", NULL, NULL, NULL, "for=192.0.2.9;proto=https, for=10.0.0.2;proto=http",
         "192.0.2.9", "https://h"},
        {P, "h", NULL, NULL, NULL, "for=\"a,b\";x=\"\\\"\", for=\"192.0.2.9\"", "192.0.2.9",
         "http://h"},
        {P, "h", NULL, NULL, NULL, "for=_hidden;proto=https", P, "http://h"},
        {P, "h", NULL, NULL, NULL, "proto=https", P, "http://h"},
        {P, "h", NULL, NULL, NULL, ";;for=192.0.2.9;", "192.0.2.9", "http://h"},
        {P, "h", NULL, NULL, NULL, "for=\"192.0.2.9", P, "http://h"},
        /* A quote that the client left open does not take the proxy's word with it. */
        {P, "h", NULL, NULL, NULL, "for=\"x, for=192.0.2.9;proto=https", "192.0.2.9", "https://h"},
        {P, "h", NULL, NULL, NULL, "for=\"x\\, for=\"[2001:db8::9]:1\"", "2001:db8::9", "http://h"},
        {P, "h", NULL, NULL, NULL, "\\\", for=192.0.2.9", "192.0.2.9", "http://h"},
        /* Both kinds: the same client, or neither is believed. */
        {P, "h", "192.0.2.9", NULL, NULL, "for=192.0.2.9;proto=https;host=good", "192.0.2.9",
         "https://good"},
        {P, "h", "192.0.2.9", "http", NULL, "for=192.0.2.9;proto=https", "192.0.2.9", "http://h"},
        {P, "h", "192.0.2.9", "https", "a", "for=1.1.1.1;proto=https;host=b", P, "http://h"},
    };
    struct origin_rules rules = {.listening = "http://listening:1"};
    assert_true(net_ranges_add(&rules.trusted, "10.0.0.0/30"));
    assert_true(net_ranges_add(&rules.trusted, "fd00::/8"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_with(&rules, &cases[i]);
    net_ranges_clear(&rules.trusted);
}

static void test_url_wins(void **state)
{
    (void)state;
    struct origin_rules rules = {.url = "https://crm.example.com",
                                 .listening = "http://listening:1"};
    assert_true(net_ranges_add(&rules.trusted, "10.0.0.1"));
    struct arena arena;
    arena_init(&arena);
    struct origin_words words = {.peer = address_of(P),
                                 .host = "h",
                                 .forwarded_host = "other",
                                 .forwarded_proto = "http",
                                 .forwarded_for = "192.0.2.9"};
    struct origin origin = origin_tell(&rules, &arena, &words);
    assert_string_equal(origin.url, "https://crm.example.com");
    assert_false(origin.is_https);
    assert_string_equal(origin_url(&rules), "https://crm.example.com");
    rules.url = NULL;
    assert_string_equal(origin_url(&rules), "http://listening:1");
    arena_clear(&arena);
    net_ranges_clear(&rules.trusted);
}

static void test_ranges(void **state)
{
    (void)state;
    static const char *const good[] = {"10.0.0.0/8", "0.0.0.0/0",     "192.0.2.1", "192.0.2.1/32",
                                       "::/0",       "2001:db8::/32", "::1"};
    static const char *const bad[] = {
        "",          "10.0.0.1/8", "10.0.0.0/33",    "10.0.0.0/-1", "10.0.0.0/",  "10.0.0/24",
        "localhost", "::1/129",    "2001:db8::1/64", "/8",          "10.0.0.0/8x"};
    struct net_ranges ranges = {0};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(net_ranges_add(&ranges, good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(net_ranges_add(&ranges, bad[i]));
    assert_int_equal(ranges.count, sizeof good / sizeof good[0]);
    net_ranges_clear(&ranges);

    assert_true(net_ranges_add(&ranges, "172.16.0.0/12"));
    struct net_address in[] = {address_of("172.16.0.0"), address_of("172.31.255.255"),
                               address_of("::ffff:172.20.1.1")};
    struct net_address out[] = {address_of("172.15.255.255"), address_of("172.32.0.0"),
                                address_of("::172.20.1.1"), address_of("fd00::1")};
    for (size_t i = 0; i < 3; i++)
        assert_true(net_ranges_hold(&ranges, &in[i]));
    for (size_t i = 0; i < 4; i++)
        assert_false(net_ranges_hold(&ranges, &out[i]));
    net_ranges_clear(&ranges);
}

static void test_subscribers(void **state)
{
    (void)state;
    struct net_address a = address_of("2001:db8:1:2:3::4"), b = address_of("2001:db8:1:2::"),
                       c = address_of("2001:db8:1:3::"), d = address_of("192.0.2.1"),
                       e = address_of("192.0.2.2");
    struct net_address of_a = net_subscriber(&a), of_c = net_subscriber(&c),
                       of_d = net_subscriber(&d), of_e = net_subscriber(&e);
    assert_memory_equal(&of_a, &b, sizeof b);
    assert_memory_not_equal(&of_a, &of_c, sizeof b);
    assert_memory_not_equal(&of_d, &of_e, sizeof b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words), cmocka_unit_test(test_url_wins),
        cmocka_unit_test(test_ranges), cmocka_unit_test(test_subscribers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

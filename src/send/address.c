#include "send/address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum reach { WORLD, LOOPBACK, LOCAL };

/* IANA's registry of special-purpose addresses: what is not reachable from everywhere. */
static enum reach reach_v4(uint32_t a)
{
    static const struct {
        uint32_t network, mask;
    } networks[] = {
        {0x00000000, 0xff000000}, /* 0.0.0.0/8, this network */
        {0x0a000000, 0xff000000}, /* 10.0.0.0/8 */
        {0x64400000, 0xffc00000}, /* 100.64.0.0/10, carrier-grade NAT */
        {0xa9fe0000, 0xffff0000}, /* 169.254.0.0/16, link-local and metadata services */
        {0xac100000, 0xfff00000}, /* 172.16.0.0/12 */
        {0xc0000000, 0xffffff00}, /* 192.0.0.0/24, protocol assignments */
        {0xc0000200, 0xffffff00}, /* 192.0.2.0/24, documentation */
        {0xc0586300, 0xffffff00}, /* 192.88.99.0/24, relays of 6to4 */
        {0xc0a80000, 0xffff0000}, /* 192.168.0.0/16 */
        {0xc6120000, 0xfffe0000}, /* 198.18.0.0/15, benchmarks */
        {0xc6336400, 0xffffff00}, /* 198.51.100.0/24, documentation */
        {0xcb007100, 0xffffff00}, /* 203.0.113.0/24, documentation */
        {0xe0000000, 0xe0000000}, /* multicast, reserved, broadcast */
    };
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        if ((a & networks[i].mask) == networks[i].network)
            return LOCAL;
    }
    return a >> 24 == 127 ? LOOPBACK : WORLD;
}

static uint32_t v4_at(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool begins(const unsigned char *address, const char *prefix, size_t bytes)
{
    return memcmp(address, prefix, bytes) == 0;
}

/* An IPv4 address inside, behind a translator or a tunnel: that one is connected to in the end. Its
 * loopback would be the translator's. */
static enum reach carried(const unsigned char *v4)
{
    return reach_v4(v4_at(v4)) == WORLD ? WORLD : LOCAL;
}

static enum reach reach_tunnel(const unsigned char *b)
{
    unsigned char client[4];
    if (begins(b, "\x20\x02", 2)) /* 2002::/16, 6to4 */
        return carried(b + 2);
    if (!begins(b, "\x20\x01\x00\x00",
                4)) /* 2001::/32, Teredo: a server, and a client turned over */
        return WORLD;
    for (int i = 0; i < 4; i++)
        client[i] = b[12 + i] ^ 0xff;
    return carried(b + 4) == WORLD && carried(client) == WORLD ? WORLD : LOCAL;
}

static enum reach reach_v6(const unsigned char *b)
{
    static const char zeros[16];
    if (begins(b, zeros, 10) && begins(b + 10, "\xff\xff", 2)) /* ::ffff:0:0/96 is IPv4 itself */
        return reach_v4(v4_at(b + 12));
    if (begins(b, zeros, 15) && b[15] == 1)
        return LOOPBACK;
    if (begins(b, zeros, 12) ||                                    /* ::/96, compatible */
        begins(b, "\0\x64\xff\x9b\0\0\0\0\0\0\0", 12) ||           /* 64:ff9b::/96, NAT64 */
        (begins(b, zeros, 8) && begins(b + 8, "\xff\xff\0\0", 4))) /* ::ffff:0:0:0/96, SIIT */
        return carried(b + 12);
    if ((b[0] & 0xe0) != 0x20) /* outside of 2000::/3 nothing is reachable from everywhere */
        return LOCAL;
    if (begins(b, "\x20\x01\x0d\xb8", 4) ||                                    /* documentation */
        (begins(b, "\x20\x01", 2) && b[2] < 2 && !begins(b + 2, "\0\0", 2)) || /* 2001::/23 */
        (begins(b, "\x3f\xff", 2) && (b[2] & 0xf0) == 0) || reach_tunnel(b) == LOCAL)
        return LOCAL;
    /* ISATAP: an interface whose number is an IPv4 address. */
    if ((b[8] & 0xfd) == 0 && begins(b + 9, "\0\x5e\xfe", 3))
        return carried(b + 12);
    return WORLD;
}

static enum reach reach_of(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return reach_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return LOCAL;
    memcpy(&v6, address, sizeof v6);
    return reach_v6(v6.sin6_addr.s6_addr);
}

bool address_is_private(const struct sockaddr *address)
{
    return reach_of(address) == LOCAL;
}

/* As 16 bytes, IPv4 as ::ffff:0:0/96 has it. */
static bool as_v6(const struct sockaddr *address, unsigned char bytes[16], int *port)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        memcpy(bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
        memcpy(bytes + 12, &v4.sin_addr, 4);
        *port = ntohs(v4.sin_port);
        return true;
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&v6, address, sizeof v6);
    memcpy(bytes, v6.sin6_addr.s6_addr, 16);
    *port = ntohs(v6.sin6_port);
    return true;
}

bool address_is_here(const struct sockaddr *address, int port)
{
    static const unsigned char any[16], any_v4[16] = {[10] = 0xff, [11] = 0xff};
    unsigned char bytes[16], own[16];
    struct ifaddrs *all = NULL;
    int its_port, unused;
    if (!as_v6(address, bytes, &its_port) || its_port != port)
        return false;
    bool here =
        reach_of(address) == LOOPBACK || !memcmp(bytes, any, 16) || !memcmp(bytes, any_v4, 16);
    if (!here && getifaddrs(&all) != 0)
        return false;
    for (const struct ifaddrs *at = all; at && !here; at = at->ifa_next)
        here = at->ifa_addr && as_v6(at->ifa_addr, own, &unused) && !memcmp(bytes, own, 16);
    if (all)
        freeifaddrs(all);
    return here;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct address_guard *guard = context;
    if (guard->port && address_is_here(&address->addr, guard->port)) {
        guard->own = true;
        return CURL_SOCKET_BAD;
    }
    if (!guard->private_networks && address_is_private(&address->addr)) {
        guard->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void address_guard_set(CURL *easy, struct address_guard *guard)
{
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, guard);
}

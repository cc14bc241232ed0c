#include "event/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static bool ipv4_is_private(uint32_t a)
{
    static const struct {
        uint32_t network, mask;
    } networks[] = {
        {0x00000000, 0xff000000}, /* 0.0.0.0/8 */
        {0x0a000000, 0xff000000}, /* 10.0.0.0/8 */
        {0x64400000, 0xffc00000}, /* 100.64.0.0/10, carrier-grade NAT */
        {0xa9fe0000, 0xffff0000}, /* 169.254.0.0/16, link-local and metadata services */
        {0xac100000, 0xfff00000}, /* 172.16.0.0/12 */
        {0xc0a80000, 0xffff0000}, /* 192.168.0.0/16 */
        {0xe0000000, 0xe0000000}, /* multicast, reserved, broadcast */
    };
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        if ((a & networks[i].mask) == networks[i].network)
            return true;
    }
    return false;
}

static bool ipv6_is_private(const struct in6_addr *a)
{
    const unsigned char *b = a->s6_addr;
    if (IN6_IS_ADDR_V4MAPPED(a))
        return ipv4_is_private((uint32_t)b[12] << 24 | (uint32_t)b[13] << 16 |
                               (uint32_t)b[14] << 8 | b[15]);
    return IN6_IS_ADDR_UNSPECIFIED(a) || IN6_IS_ADDR_LINKLOCAL(a) || IN6_IS_ADDR_SITELOCAL(a) ||
           IN6_IS_ADDR_MULTICAST(a) || (b[0] & 0xfe) == 0xfc;
}

bool address_is_private(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return ipv4_is_private(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return true;
    memcpy(&v6, address, sizeof v6);
    return ipv6_is_private(&v6.sin6_addr);
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct address_guard *guard = context;
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

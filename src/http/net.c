#include "http/net.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/value.h"

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const struct net_address *address)
{
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

bool net_from_sockaddr(const struct sockaddr *from, struct net_address *to)
{
    if (from && from->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, from, sizeof in);
        memcpy(to->bytes, mapped, sizeof mapped);
        memcpy(to->bytes + 12, &in.sin_addr, 4);
        return true;
    }
    if (from && from->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, from, sizeof in);
        memcpy(to->bytes, &in.sin6_addr, 16);
        return true;
    }
    return false;
}

bool net_from_text(const char *text, size_t len, struct net_address *to)
{
    char copy[NET_TEXT];
    if (len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    memcpy(to->bytes, mapped, sizeof mapped);
    return strlen(copy) == len && (inet_pton(AF_INET, copy, to->bytes + 12) == 1 ||
                                   inet_pton(AF_INET6, copy, to->bytes) == 1);
}

void net_text(const struct net_address *address, char text[NET_TEXT])
{
    if (is_v4(address))
        inet_ntop(AF_INET, address->bytes + 12, text, NET_TEXT);
    else
        inet_ntop(AF_INET6, address->bytes, text, NET_TEXT);
}

struct net_address net_subscriber(const struct net_address *address)
{
    struct net_address subscriber = *address;
    if (!is_v4(address))
        memset(subscriber.bytes + 8, 0, 8);
    return subscriber;
}

static bool same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    return memcmp(a, b, whole) == 0 && (!rest || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

bool net_ranges_add(struct net_ranges *ranges, const char *text)
{
    struct net_range range;
    size_t len = strcspn(text, "/");
    if (!net_from_text(text, len, &range.address))
        return false;
    int64_t most = memchr(text, ':', len) ? 128 : 32, bits = most;
    if (text[len] &&
        (!text_to_int(text + len + 1, strlen(text + len + 1), &bits) || bits < 0 || bits > most))
        return false;
    range.bits = (unsigned)(bits + 128 - most);
    for (unsigned i = range.bits; i < 128; i++) {
        if (range.address.bytes[i / 8] & 0x80U >> i % 8)
            return false;
    }
    ranges->list = xrealloc(ranges->list, (ranges->count + 1) * sizeof *ranges->list);
    ranges->list[ranges->count++] = range;
    return true;
}

bool net_ranges_hold(const struct net_ranges *ranges, const struct net_address *address)
{
    for (size_t i = 0; i < ranges->count; i++) {
        const struct net_range *range = &ranges->list[i];
        if (same_bits(range->address.bytes, address->bytes, range->bits))
            return true;
    }
    return false;
}

void net_ranges_clear(struct net_ranges *ranges)
{
    free(ranges->list);
    *ranges = (struct net_ranges){0};
}

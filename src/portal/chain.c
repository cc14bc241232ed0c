#include "portal/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

#define SIGNATURE 16 /* hexadecimal digits */

static void write_mark(const struct secret_key *key, const char *token, size_t len, int64_t depth,
                       int64_t sent, char mark[CHAIN_MARK])
{
    char hash[SECRET_HASH_HEX];
    struct buf text = {0};
    buf_printf(&text, "chain %" PRId64 " %" PRId64 " ", depth, sent);
    buf_add(&text, token, len);
    secret_hash(key, buf_text(&text), text.len, hash);
    buf_clear(&text);
    snprintf(mark, CHAIN_MARK, ".e%" PRId64 ".%" PRId64 ".%.*s", depth, sent, SIGNATURE, hash);
}

void chain_mark(const struct secret_key *key, const char *token, int64_t depth,
                char mark[CHAIN_MARK])
{
    write_mark(key, token, strlen(token), depth + 1, (int64_t)clock_real(), mark);
}

size_t chain_read(const struct secret_key *key, const char *token, int64_t *depth)
{
    size_t len = strcspn(token, ".");
    char wanted[CHAIN_MARK];
    int64_t links, sent;
    *depth = 0;
    if (!token[len] || sscanf(token + len, ".e%8" SCNd64 ".%12" SCNd64 ".", &links, &sent) != 2)
        return strlen(token);
    write_mark(key, token, len, links, sent, wanted);
    if (!secret_equal(token + len, wanted))
        return strlen(token);
    double age = clock_real() - (double)sent;
    if (age <= CHAIN_FRESH_S && age >= -CHAIN_FRESH_S)
        *depth = links;
    return len;
}

double chain_pause(int64_t depth)
{
    double pause = CHAIN_PAUSE_S;
    if (depth <= CHAIN_FREE)
        return 0;
    for (int64_t i = CHAIN_FREE + 1; i < depth && pause < CHAIN_PAUSE_MAX_S; i++)
        pause *= 2;
    return pause < CHAIN_PAUSE_MAX_S ? pause : CHAIN_PAUSE_MAX_S;
}

#include "rest/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

void chain_mark(char mark[CHAIN_MARK], int64_t depth)
{
    snprintf(mark, CHAIN_MARK, ".e%" PRId64 ".%" PRId64, depth + 1, (int64_t)clock_real());
}

size_t chain_read(const char *token, int64_t *depth)
{
    size_t len = strcspn(token, ".");
    int64_t links, sent;
    int end = 0;
    *depth = 0;
    if (!token[len] ||
        sscanf(token + len, ".e%8" SCNd64 ".%12" SCNd64 "%n", &links, &sent, &end) != 2 ||
        token[len + (size_t)end] || links < 0)
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

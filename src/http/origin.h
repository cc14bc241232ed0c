/* origin - who calls, and by which address this server is known to him.
 *
 * What:    the one function that tells the public address: `--url` when it was given, else what a
 *          trusted proxy says, else the Host of the request (unless that is the vendor's authorization server), else
 *          where the server listens. The client's
 *          address and whether he came by HTTPS are a trusted proxy's word likewise
 *          (X-Forwarded-For, -Proto, -Host; Forwarded, RFC 7239). Nobody else's word is taken.
 * Used by: http/server (each request), app/serve (the lines of a start, handlers).
 * Memory:  texts in the arena given, or the caller's own.
 * Threads: any.
 */
#ifndef RAPPORT_HTTP_ORIGIN_H
#define RAPPORT_HTTP_ORIGIN_H

#include "base/arena.h"
#include "http/net.h"

struct origin_rules {
    const char *url;       /* of --url; NULL: none */
    const char *listening; /* "http://127.0.0.1:8024" */
    bool secure;           /* it speaks TLS itself */
    struct net_ranges trusted;
};

/* What a request brought; NULL: not there. Lists of the same name are joined by commas. */
struct origin_words {
    struct net_address peer;
    const char *host;
    const char *forwarded, *forwarded_for, *forwarded_proto, *forwarded_host;
};

struct origin {
    struct net_address client;
    bool is_https;
    const char *url; /* "https://crm.example.com" */
};

/* Is it a host with or without a port, as it may stand in an address? */
bool origin_host_valid(const char *host);
struct origin origin_tell(const struct origin_rules *rules, struct arena *arena,
                          const struct origin_words *words);
/* Without a request. */
const char *origin_url(const struct origin_rules *rules);

#endif

/* wire - what a client sends, read as RFC 9112 has it, before libmicrohttpd reads it.
 *
 * What:    libmicrohttpd 0.9.75 is generous: it joins folded lines to a header's name, ends lines at
 *          a bare LF, lets a NUL cut a value. A proxy in front may understand such bytes in another
 *          way, and that is how requests are smuggled. This reader takes only what can be read in
 *          one way: request line, header lines, length or chunks, trailers. At the first byte that
 *          does not fit it says why, and gives an ending that makes the request a complete one, so
 *          that it can be refused with an answer. Chunk extensions are left out of what it passes on.
 * Used by: http/tap (feeds it), http/server (asks whether the request it got is the one read here).
 * Memory:  none of its own.
 * Threads: the connection's.
 * Errors:  `why`, a sentence for the client.
 */
#ifndef RAPPORT_HTTP_WIRE_H
#define RAPPORT_HTTP_WIRE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
    uint8_t state, field, name_len, digits;
    bool host, sized, chunked, old; /* of the request being read; old: HTTP/1.0 */
    char name[20];
    uint64_t left;      /* bytes of the body or chunk that are to come */
    unsigned skipped;   /* of a chunk's extension */
    uint32_t requests;  /* whose headers were read whole */
    uint32_t bad;       /* the number of the request that is refused, counted from 1 */
    const char *why;    /* not NULL: nothing more is read */
    const char *ending; /* what is still to be passed on after that */
    bool too_large;     /* a length beyond all limits rather than a wrong one */
    _Atomic bool busy;  /* in the middle of a request; for any thread to look at */
};

/* Reads the next bytes. Returns how many are to be passed on; they stand at the beginning of
 * `bytes`. When `why` was set, `ending` comes after them. */
size_t wire_read(struct wire *wire, char *bytes, size_t len);
#endif

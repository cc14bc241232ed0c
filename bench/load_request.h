/* load_request - requests made from a template, each with ids and texts of its own.
 *
 * What:    places in a template: {id} of an activity, {owner_type} and {owner_id} of an owner,
 *          {text} a description (needs no escaping in JSON), {urltext} the same for a query, {n} a
 *          number that counts up, {parts} the part template as often as asked, comma between; there
 *          {id}, {text} ... are new each time and {part} counts from 0.
 * Used by: load.c.
 * Memory:  request_make writes into the caller's buffers.
 * Errors:  request_check says which place is unknown.
 */
#ifndef RAPPORT_BENCH_LOAD_REQUEST_H
#define RAPPORT_BENCH_LOAD_REQUEST_H

#include <stdbool.h>

#include "base/buf.h"
#include "common.h"

struct request_template {
    const char *path, *host, *type; /* type: of the body */
    const char *body, *part, *has;  /* has: what the answer holds, may use the request's places */
    int64_t parts, ids, rows;       /* ids: {id} is from 1 to this */
};

struct request_maker {
    const struct request_template *template;
    struct chance chance;
    int64_t count;
    struct buf body;
};

/* NULL, or the place that is not known. */
const char *request_check(const char *text);
/* The whole request into `out`; what its answer must hold into `has`. */
void request_make(struct request_maker *maker, struct buf *out, struct buf *has);

#endif

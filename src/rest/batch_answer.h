/* batch_answer - a batch while it runs: what its commands left, and the answer of five parts made of it.
 *
 * Used by: rest/batch.
 * Memory:  rest/batch's; the answer goes to req->out.
 * Threads: the lane's.
 */
#ifndef RAPPORT_REST_BATCH_ANSWER_H
#define RAPPORT_REST_BATCH_ANSWER_H

#include "rest/batch_parse.h"
#include "rest/dispatch.h"

/* What one command left: its JSON stands in `results` from `from` to `to`. */
struct outcome {
    enum { NOT_RUN, SUCCEEDED, FAILED } state;
    size_t from, to;
    struct value *parsed; /* made when a later command refers to it */
    struct api_error error;
    struct timing timing;
    int64_t total, next;
};

struct batch_run {
    struct request *req;
    const struct batch *batch;
    struct outcome *outcomes;
    struct buf results;
    struct arena parsed; /* results that were referred to */
    size_t parsed_bytes; /* of JSON */
    bool too_much;       /* more than LIMIT_BATCH_PARSED */
    bool writes;         /* some command does: all others wait for the one writer meanwhile */
    double reading;      /* seconds that reads have taken there */
    bool halted;
    size_t kept_bytes; /* of results: what earlier parts left */
};

/* What the answer has beside the results: keys five times at most, times, errors. */
size_t batch_bytes_beside(const struct batch *batch);
enum api_rc batch_write_answer(struct batch_run *run);

#endif

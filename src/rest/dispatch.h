/* dispatch - one command, whether alone or inside a batch: check, run, keep or undo.
 *
 * What:    scope, access and parameters are checked here and nowhere else, so a command of a batch
 *          passes through exactly what a call of its own does.
 * Used by: rest/pipeline, rest/batch.
 * Memory:  the request's arena.
 * Threads: the lane's.
 */
#ifndef RAPPORT_REST_DISPATCH_H
#define RAPPORT_REST_DISPATCH_H

#include "model/method.h"
#include "portal/operating.h"

struct timing {
    double start, finish; /* of this command */
    double processing;
    struct operating operating;
};

/* Runs req->method (NULL: unknown) with req->params. A write method runs inside a savepoint of the
 * transaction that the lane opened; what fails leaves nothing behind. */
enum api_rc dispatch(struct request *req, bool in_batch, struct timing *timing);
/* INSUFFICIENT_SCOPE, in the words that fit the caller's credential. */
enum api_rc dispatch_out_of_scope(struct request *req);
/* The members of a `time` object: {"start": ...}. */
void timing_write(struct request *req, const struct timing *timing);
/* {"error": CODE, "error_description": TEXT} of req->error. */
void error_write(struct writer *out, const struct api_error *error);

#endif

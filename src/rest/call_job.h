/* call_job - a call as a job of a lane.
 *
 * What:    what a lane needs to know of a call: how it is run, whose turn it is, what follows its
 *          commit, and what it is told when it was not done.
 * Used by: http/server, tests.
 * Memory:  the call's owner keeps call and job until `done` was called.
 * Threads: the lane's.
 * Errors:  the store's trouble is answered as INTERNAL_SERVER_ERROR (API_STORE), a full queue with
 *          OVERLOAD_LIMIT.
 */
#ifndef RAPPORT_REST_CALL_JOB_H
#define RAPPORT_REST_CALL_JOB_H

#include "lane/lane.h"
#include "rest/pipeline.h"

/* A prepared call. `context` is the submitter's own, for `done`. */
struct job call_job(struct call *call, void (*done)(struct job *job), void *context);

#endif

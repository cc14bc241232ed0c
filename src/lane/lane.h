/* lane - who runs a job, and when its change is on disk.
 *
 * What:    the write lane: one thread that takes all jobs that wait, runs them in one transaction,
 *          commits once, and only then tells that they are done. The read lane: where
 *          the store answers without a network, the HTTP thread itself; else a pool of threads.
 *          The slow lane: a few threads that give way to all others, for reads that were not done in
 *          the time that the read lane has for one (PATIENCE_*), and for what else would hold up an
 *          HTTP thread: `work` of a job.
 *          What a job does is told by its `runner`: a call (rest/call_job), what became of events
 *          and e-mails (send/).
 * Used by: http/server, send/, tests.
 * Memory:  a job belongs to its submitter, who keeps it until `done` was called.
 * Threads: lane_submit from any; a runner's functions and `done` are called on a lane's thread.
 * Errors:  lane_submit returns false when the queue is full (then `done` is not called). Trouble of
 *          the store is logged here, once, and told to the job as `failed`; a job is run again, once
 *          and alone, after a serialization failure, a deadlock or a lost connection.
 *
 * Fairness: each client (credential and address) has a queue of its own and they take turns, so a
 * flood of one waits for itself. One client may fill at most three quarters of the queue, and have
 * half of the slow lane's threads. Half of these take what is not done in a second by the others, so that
 * even many clients with endless reads keep another's short one waiting for their seconds only.
 */
#ifndef RAPPORT_LANE_LANE_H
#define RAPPORT_LANE_LANE_H

#include "lane/job.h"
#include "portal/portal.h"

#define PATIENCE_INLINE 0.005 /* seconds that a read may hold an HTTP thread */
#define PATIENCE_FLOOD 0.0005 /* the same of a client who has many in the slow lane */
#define PATIENCE_POOL 0.05    /* and a thread of the reading pool, which has several */
#define PATIENCE_SLOW 1.0     /* and a thread of the first half of the slow lane */

enum lane { LANE_READ, LANE_WRITE, LANE_SLOW };

struct lanes;

struct lane_options {
    int readers;     /* threads of the reading pool; 0: reads run inline */
    int slow;        /* threads of the slow lane; 0: there is none, every read has all the time */
    int commit_jobs; /* jobs that may share a commit; 0: LIMIT_COMMIT_JOBS */
};

struct lanes *lanes_start(struct portal *portal, const struct lane_options *options,
                          struct buf *why);
/* Of the slow lane: what waits is not begun any more, and refused like what comes later. */
void lanes_refuse_slow(struct lanes *lanes);
/* Finishes what is queued, then ends the threads. */
void lanes_stop(struct lanes *lanes);
/* Stops them if need be. Until then a late lane_submit is simply refused. */
void lanes_free(struct lanes *lanes);
bool lane_submit(struct lanes *lanes, enum lane lane, struct job *job);
/* Of a job that was not taken. */
void lane_refuse(struct job *job);

/* How long a read of this client may hold an HTTP thread: less when several of its reads wait in the
 * slow lane already, or a flood of them would hold all threads one after the other. */
double lane_patience(struct lanes *lanes, uint64_t client);

/* Runs one prepared job on the caller's thread, with its own connection and commit. For tests and
 * for reads that run inline. False: it was not done in `patience` seconds (0: no such bound), and is
 * to be submitted to the slow lane. */
bool lane_run_read(struct job *job, struct db *db, double patience);
void lane_run_write(struct job **jobs, size_t count, struct db *db);

/* Commits so far: what a reader compares its snapshot with. */
uint64_t lane_commits(struct lanes *lanes);

/* Counters for tests: groups that were written, and the calls in them. */
struct lane_stats {
    uint64_t commits, calls;
};
struct lane_stats lane_stats(struct lanes *lanes);

#endif

/* job - what waits for a thread, and what a lane has to know of it.
 *
 * Used by: lane/lane and its queues; rest/call_job, send/settle, send/mailer (their runners).
 * Memory:  a job belongs to its submitter, who keeps it until `done` was called.
 * Threads: a runner's functions and `done` are called on a lane's thread.
 */
#ifndef RAPPORT_LANE_JOB_H
#define RAPPORT_LANE_JOB_H

#include "db/db.h"

struct job;
struct portal;

/* What a line in the log calls a job. */
struct job_name {
    const char *name, *id;
    int name_len;
};

/* What a job's `subject` is to a lane. */
struct runner {
    /* DB_OK: done, with whatever answer; else the store's trouble. `patience` is how long this thread
     * has for it, in seconds (0: as long as it needs); *slow: it was not done in that time. */
    enum db_rc (*run)(void *subject, struct db *db, double patience, bool *slow);
    /* Each may be NULL: nothing is to be done. */
    void (*begins)(void *subject);              /* before the transaction it is a part of */
    void (*kept)(void *subject, struct db *db); /* after its commit */
    bool (*more)(
        void *subject); /* then, of one that runs alone: there is another part of it to run */
    void (*failed)(void *subject, enum db_rc rc); /* nothing of it was kept */
    void (*refused)(void *subject);               /* it was not taken */
    void (*name)(const void *subject, struct job_name *name);
};

struct job {
    const struct runner *runner;
    void *subject;
    struct portal *portal;
    uint64_t client; /* whose turn it is in the queues */
    void (*done)(struct job *job);
    void *context;
    /* On the slow lane: what to do instead of running the subject. NULL: run it. */
    void (*work)(struct job *job, struct db *db);
    bool alone;   /* on the write lane: shares no transaction with others, and may have several */
    bool refused; /* it was not done: its runner was told so, unless there is `work` */
    struct job *next; /* the lane's own */
};

#endif

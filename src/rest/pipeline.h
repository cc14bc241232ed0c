/* pipeline - the way of every request. Read pipeline.c first of all files.
 *
 * What:    pipeline_prepare brings a call to where it needs a lane; pipeline_execute runs it there;
 *          pipeline_answer makes the answer. Exactly one answer, whatever happened.
 * Used by: http/server, rest/call_job (on a lane), tests.
 * Memory:  the call's.
 * Threads: prepare and answer on the HTTP thread or, where that takes long, in the slow lane; execute
 *          on the lane's.
 */
#ifndef RAPPORT_REST_PIPELINE_H
#define RAPPORT_REST_PIPELINE_H

#include "portal/portal.h"
#include "rest/call.h"

enum pipeline_next {
    PIPELINE_READ,   /* execute with a reader connection, in no transaction of its own */
    PIPELINE_WRITE,  /* execute inside a write transaction, answer only after its commit */
    PIPELINE_ANSWER, /* refused on the way: answer now */
    PIPELINE_PREPARE /* of a hurried call: pipeline_prepare_files, on a thread that has time */
};

enum pipeline_look {
    LOOK_REFUSED, /* answer now: pipeline_answer */
    LOOK_KNOWN,   /* the caller is known */
    LOOK_UNKNOWN  /* the body must tell who calls */
};

/* Before the body is read: a credential that stands in the address, the query or a header is looked
 * at. The same call goes through pipeline_prepare when its body is there. */
enum pipeline_look pipeline_look(struct call *call, struct portal *portal, struct db *db);
/* True when pipeline_prepare would hold up an HTTP thread: by the size of the body, or by what its page
 * does first. */
bool pipeline_takes_long(const struct call *call);
/* Route, parameters, authentication, method. `db` is a reader's connection. */
enum pipeline_next pipeline_prepare(struct call *call, struct portal *portal, struct db *db);
/* Stores the files of a call that was hurried. */
enum pipeline_next pipeline_prepare_files(struct call *call, struct db *db);
/* Runs the method or the batch. API_STORE: the store's trouble, in call->req.store; the lane may
 * call again after undoing the transaction. `patience` is how long this thread has for it, in seconds
 * (0: as long as the call itself); what is not done by then fails with call->is_slow. */
enum api_rc pipeline_execute(struct call *call, struct db *db, double patience);
/* Does it change the schema, so that it shares no transaction? Then, of a batch, it is executed part by part:
 * as long as pipeline_more says so after a commit. */
bool pipeline_alone(const struct call *call);
bool pipeline_more(struct call *call);
/* Nothing was kept of what pipeline_execute ran last, and it is not run again. */
void pipeline_failed(struct call *call, enum db_rc rc);
/* Makes status and answer from what execute left, and writes the log line. */
void pipeline_answer(struct call *call);
/* An answer without a call having got that far: a request too large, wrong verb. */
void pipeline_refuse(struct call *call, struct portal *portal, enum api_code code,
                     const char *text);

#endif

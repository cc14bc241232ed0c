/* call_log - the last calls this server received, for the tests of its users.
 *
 * What:    a ring of the last CALL_LOG_SIZE calls, each as one JSON object: what was asked, by whom, what
 *          was answered, and how that answer begins. Credentials are named by their id; parameters that are secrets are
 *          left out.
 * Used by: rest/pipeline (adds), rest/control (shows, clears). There only with --control.
 * Memory:  heap; a call's parameters up to CALL_LOG_PARAMS bytes, its answer up to CALL_LOG_ANSWER.
 * Threads: any; locked inside.
 */
#ifndef RAPPORT_REST_CALL_LOG_H
#define RAPPORT_REST_CALL_LOG_H

#include "rest/call.h"

#define CALL_LOG_SIZE 1000
#define CALL_LOG_PARAMS 8192
#define CALL_LOG_ANSWER 4096

/* From now on the portal's calls are kept. */
void call_log_open(struct portal *portal);
/* After the call's status is known. */
void call_log_add(struct call_log *log, const struct call *call);
/* A list, oldest first, of those with an id above `after`, the last `most` of them; `method` "": of every method;
 * `own`: those of the page for people, too. */
void call_log_write(struct call_log *log, struct writer *out, int64_t after, const char *method,
                    bool own, size_t most);
/* The id of the last call; 0: there was none. */
int64_t call_log_last(struct call_log *log);
/* Returns how many went; ids go on. */
size_t call_log_clear(struct call_log *log);

#endif

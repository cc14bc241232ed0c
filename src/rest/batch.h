/* batch - up to 50 commands in one call.
 *
 * What:    parses `cmd`, runs each command through rest/dispatch, lets later ones refer to earlier
 *          results by $result[name][field][0], assembles the five parts of the answer. Page:
 *          settings/how-to-call-rest-api/batch.
 * Used by: rest/pipeline.
 * Memory:  the call's arena.
 * Threads: batch_parse on any, batch_run on the lane's.
 * Errors:  a command's error stands in result_error; batch_run fails only with API_STORE, or when
 *          `cmd` is no list of commands.
 *
 * One batch is not one transaction: each command stands alone.
 */
#ifndef RAPPORT_REST_BATCH_H
#define RAPPORT_REST_BATCH_H

#include "rest/batch_parse.h"
#include "rest/batch_reference.h"

/* Forgets the parts that ran. */
void batch_clear(struct batch *batch);
/* Runs the next part of the commands (again, where the last one was not kept) and, with the last one,
 * writes `result`. */
enum api_rc batch_run(struct request *req, struct batch *batch);
/* Is it a change of the schema? */
bool batch_part_changes(const struct batch *batch);
/* The part was kept: is there another one? */
bool batch_more(struct batch *batch);
/* It was not, and will not be run again: its commands and those behind it are told `code`, and `result` is
 * written. False: no part before it was kept, so all of the call failed. */
bool batch_give_up(struct request *req, struct batch *batch, enum api_code code, enum api_rc *rc);

#endif

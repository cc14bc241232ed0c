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

#include "model/method.h"
#include "portal/fault.h"

struct batch_command {
    const char *key;
    size_t key_len;
    const char *name; /* as given */
    const struct method *method;
    struct value *params;
    const struct fault_hit *fault; /* what is to happen to it on purpose; NULL: nothing */
    const char *broken;            /* not NULL: the command does not parse, and why */
    struct value *left_out;        /* as request.left_out, once it ran */
};

struct batch {
    struct batch_command *commands; /* of the first LIMIT_BATCH_COMMANDS */
    size_t count;
    const struct value *beyond; /* the `cmd` array, when it holds more than that */
    bool halt;
};

/* Reads cmd and halt. */
enum api_rc batch_parse(struct request *req, struct batch *batch);
/* Which faults the commands meet. Returns the longest delay; *other is the first hit that is no error
 * of its command, so happens to the whole call, or left alone. */
double batch_meet_faults(struct request *req, struct batch *batch, const struct fault_hit **other);
/* True when a command writes, so that the call belongs on the write lane. */
bool batch_writes(const struct batch *batch);
/* Calls the commands' prepare hooks. */
void batch_prepare(struct request *req, const struct batch *batch);
/* Runs the commands and writes `result`. */
enum api_rc batch_run(struct request *req, const struct batch *batch);

/* Replaces references in values and keys of a tree; `lookup` gives the result of a command or NULL.
 * NULL when the result would hold more than LIMIT_BATCH_TEXT bytes of referred text, or nest deeper than
 * LIMIT_PARAM_DEPTH.
 * Exposed for the fuzz target and the unit tests. */
typedef const struct value *batch_lookup(void *context, const char *key, size_t len);
struct value *batch_resolve(struct arena *arena, const struct value *value, batch_lookup *lookup,
                            void *context);

#endif

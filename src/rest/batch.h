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
    /* Where it was cut: a command that changes the schema is a part of its own. */
    size_t from, upto;     /* the part that runs, or ran last */
    struct batch_run *run; /* while there are parts to come; NULL: it has not begun, or is over */
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
/* Forgets the parts that ran. */
void batch_clear(struct batch *batch);
/* True when a command changes the portal's schema: the parts before, of and behind it are transactions. */
bool batch_cuts(const struct batch *batch);
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

/* Replaces references in values and keys of a tree; `lookup` gives the result of a command or NULL.
 * NULL when the result would hold more than LIMIT_BATCH_TEXT bytes of referred text, or nest deeper than
 * LIMIT_PARAM_DEPTH.
 * Exposed for the fuzz target and the unit tests. */
typedef const struct value *batch_lookup(void *context, const char *key, size_t len);
struct value *batch_resolve(struct arena *arena, const struct value *value, batch_lookup *lookup,
                            void *context);

#endif

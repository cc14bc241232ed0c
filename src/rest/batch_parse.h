/* batch_parse - the commands of a batch, as they were sent.
 *
 * What:    parses `cmd`, and tells what lane, faults and preparation its commands ask for.
 * Used by: rest/batch, rest/pipeline, rest/call_log.
 * Memory:  the call's arena.
 * Threads: any.
 * Errors:  a command that cannot be read says so in `broken`; batch_parse fails where `cmd` is no list of commands.
 */
#ifndef RAPPORT_REST_BATCH_PARSE_H
#define RAPPORT_REST_BATCH_PARSE_H

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
/* Does the command change the portal's schema? */
bool batch_command_changes(const struct batch_command *command);
/* True when a command changes the portal's schema: the parts before, of and behind it are transactions. */
bool batch_cuts(const struct batch *batch);

#endif

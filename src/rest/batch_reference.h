/* batch_reference - $result[name][field][0] in the parameters of a batch's later commands.
 *
 * Used by: rest/batch, tests.
 * Memory:  the arena given.
 * Threads: any.
 */
#ifndef RAPPORT_REST_BATCH_REFERENCE_H
#define RAPPORT_REST_BATCH_REFERENCE_H

#include "base/value.h"

/* Replaces references in values and keys of a tree; `lookup` gives the result of a command or NULL.
 * NULL when the result would hold more than LIMIT_BATCH_TEXT bytes of referred text, or nest deeper than
 * LIMIT_PARAM_DEPTH. */
typedef const struct value *batch_lookup(void *context, const char *key, size_t len);
struct value *batch_resolve(struct arena *arena, const struct value *value, batch_lookup *lookup,
                            void *context);

#endif

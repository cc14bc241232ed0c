/* json - JSON text into the value tree.
 *
 * Used by: base/params (bodies), rest/batch (references to earlier results), crm/ (stored objects).
 * Memory:  the tree lives in the arena.
 * Threads: any.
 * Errors:  NULL for anything that is not one JSON value: wrong syntax, invalid UTF-8, a NUL in a
 *          string, deeper than LIMIT_PARAM_DEPTH, more than LIMIT_PARAM_COUNT values. `why` (not
 *          NULL) then points at a sentence for the caller, without any of the input in it.
 */
#ifndef RAPPORT_BASE_JSON_H
#define RAPPORT_BASE_JSON_H

#include "base/value.h"

struct value *json_parse(struct arena *arena, const char *text, size_t len, const char **why);
/* JSON that this program wrote itself: as large and deep as an answer is. */
struct value *json_parse_own(struct arena *arena, const char *text, size_t len);

#endif

/* shown - parameters as logs and trails may show them: without what is secret.
 *
 * What:    an object as JSON; keys that name a credential are left out at any depth.
 * Used by: rest/call_log, rest/audit_note.
 * Memory:  the writer's.
 * Threads: any.
 * Errors:  none.
 */
#ifndef RAPPORT_REST_SHOWN_H
#define RAPPORT_REST_SHOWN_H

#include "base/value.h"
#include "base/writer.h"

void shown_params(struct writer *out, const struct value *params);

#endif

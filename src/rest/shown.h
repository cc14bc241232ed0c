/* shown - parameters as logs and trails may show them: without what is secret.
 *
 * What:    an object as JSON; its keys that name a credential are left out.
 * Used by: rest/call_log, rest/audit_note.
 * Memory:  the writer's.
 * Threads: any.
 * Errors:  none.
 */
#ifndef RAPPORT_REST_SHOWN_H
#define RAPPORT_REST_SHOWN_H

#include "base/value.h"
#include "base/writer.h"

/* Have they room in about so many bytes of JSON? Looked at before they are written: a file among them may have 100 MiB. */
bool shown_fits(const struct value *params, size_t bytes);
void shown_params(struct writer *out, const struct value *params);

#endif

/* reference - the methods as a page of Markdown and as JSON, for docs/generate and for programs.
 *
 * What:    both are written from the JSON Schema of a method (model/schema) and the errors of its page
 *          (data/texts.tsv).
 * Used by: app/command_methods.
 * Memory:  its own arena for each method.
 */
#ifndef RAPPORT_APP_REFERENCE_H
#define RAPPORT_APP_REFERENCE_H

#include "base/writer.h"
#include "model/method.h"

void reference_json(struct writer *out, const struct method *method);
/* To stdout. */
void reference_markdown(const struct method *method);

#endif

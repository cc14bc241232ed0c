/* schema - what methods take and give, as JSON Schema.
 *
 * What:    the one writer behind the reference, `rapport methods --json`, and whatever else describes the methods to a
 *          program. It reads specs (model/method) and descriptors (model/entity). Values are described as
 *          JSON would have them; as everywhere in the protocol an empty object is [], and a caller may write
 *          scalars as text.
 * Used by: app/command_methods, tests/schema.
 * Memory:  the writer's.
 * Threads: any, after method_registry_init.
 */
#ifndef RAPPORT_MODEL_SCHEMA_H
#define RAPPORT_MODEL_SCHEMA_H

#include "base/writer.h"
#include "model/entity.h"
#include "model/method.h"

/* An object with a property for each parameter. */
void schema_params(struct writer *out, const struct method *method);
/* What `result` is. */
void schema_result(struct writer *out, const struct method *method);
/* A row as answers show it. */
void schema_row(struct writer *out, const struct entity *entity);
/* Values for fields: of a row that is added, or is there. */
void schema_fields(struct writer *out, const struct entity *entity, bool of_new);

#endif

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

/* Schemas of rows and fields that stand once and are pointed at: {"$ref": "#/components/schemas/DealRow"}. Begins
 * zeroed but for `req`: with a catalog, what a portal has of its own is told, too; NULL: what the program has. */
struct schema_part;
struct schema_parts {
    struct request *req;
    struct schema_part *list;
    size_t count, room;
};

/* What `req` may be told of an entity: `req`, or NULL where only what the program itself has (its caller may read none of its rows). */
struct request *schema_own(struct request *req, const struct entity *entity);
/* The entity as he is told of it: that of the program where he may not read its rows, so without custom fields; NULL: a type of the
 * portal's own, of which he is told nothing. */
const struct entity *schema_told(struct request *req, const struct entity *entity);
/* An object with a property for each parameter. */
void schema_params(struct writer *out, const struct method *method);
void schema_params_by(struct writer *out, const struct method *method, struct schema_parts *parts);
/* What `result` is. */
void schema_result(struct writer *out, const struct method *method);
void schema_result_by(struct writer *out, const struct method *method, struct schema_parts *parts);
/* What was pointed at, as properties of an object that is open. */
void schema_parts_write(struct writer *out, const struct schema_parts *parts);
void schema_parts_clear(struct schema_parts *parts);
/* A row in the words of crm.item.*. `req` NULL: of an entity of the program. */
void schema_item(struct writer *out, struct request *req, const struct entity *entity);
/* A row as answers show it. */
void schema_row(struct writer *out, const struct entity *entity);
/* Values for fields: of a row that is added, or is there. */
void schema_fields(struct writer *out, const struct entity *entity, bool of_new);

#endif

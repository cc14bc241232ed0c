/* several - the type of a custom field that may have several values.
 *
 * Used by: model/catalog_custom (who makes such fields), model/side (who keeps the values for filters), model/query.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  none.
 */
#ifndef RAPPORT_MODEL_TYPE_SEVERAL_H
#define RAPPORT_MODEL_TYPE_SEVERAL_H

#include "model/user_field.h"

extern const struct field_type type_several;

/* The field as if it had one value. */
struct field several_one(const struct field *field);
/* The values of a list as it is stored. */
void several_cells(struct request *req, const struct field *field, const struct cell *list,
                   struct cell **cells, size_t *count);

#endif

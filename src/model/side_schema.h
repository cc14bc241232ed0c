/* side_schema - the columns of custom fields, as tables have them.
 *
 * Used by: model/side (its functions that make and remove fields), model/side_keeper.
 * Memory:  the request's arena.
 * Threads: whoever has the connection.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_SIDE_SCHEMA_H
#define RAPPORT_MODEL_SIDE_SCHEMA_H

#include "model/entity.h"
#include "model/user_type.h"

/* What is made of a row of user_field. */
struct side_made {
    int64_t id;
    const char *entity_id;
    const struct entity *entity; /* NULL: there is none (any more) */
    const struct user_type *type;
    bool multiple, shown, indexed, keyed;
};

/* Also of a removed field. */
enum api_rc side_made_read(struct request *req, int64_t field_id, struct side_made *made);
/* "CREATE INDEX NAME ON ...", "DROP INDEX NAME": `verb` is what stands before the name. */
const char *side_index_line(struct request *req, const struct side_made *made, const char *verb);
/* The index is there: it is written down. */
enum api_rc side_index_made(struct request *req, const struct side_made *made);
enum api_rc side_index_drop(struct request *req, const struct side_made *made);

#endif

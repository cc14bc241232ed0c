/* side - where the values of custom fields stand: a table TABLE_uf beside the entity's own.
 *
 * What:    a column f<ID> per field, never the name that a user gave it, and f<ID>_key with the folded key of a text.
 *          A row is there when the entity's row has (or had) a value in it: who has none costs nothing. What a field
 *          of several values holds stands in its column as a list, and in the table uf_list for filters.
 * Used by: the methods that make and remove fields, model/change (a step), model/entity_write.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_SIDE_H
#define RAPPORT_MODEL_SIDE_H

#include "model/entity.h"

#define SIDE_COLUMN "f%lld"
#define SIDE_TABLE "%s_uf"
/* Fields that an entity has at a time, and that it ever had: PostgreSQL counts columns of old towards its 1,600. */
#define SIDE_FIELDS 300
#define SIDE_COLUMNS 700

/* In a method with `.schema`: the row of user_field was written, its column is made, with an index where its
 * filter or search is shown. The catalog changes. */
enum api_rc side_field_added(struct request *req, int64_t field_id);
/* The field was marked as removed: its column and its values stay until the sweep, a day later. */
enum api_rc side_field_removed(struct request *req, int64_t field_id);

/* Refuses a change that leaves a mandatory field empty: an added row, or one whose field the caller empties. */
enum api_rc side_check(struct change *change);
/* The custom fields of a row that was written: those that changed. */
enum api_rc side_store(struct change *change);
/* Of a row that goes. */
enum api_rc side_remove(struct request *req, const struct entity *entity, int64_t id);
/* Reads them into cells that are indexed like entity->fields. */
enum api_rc side_read(struct request *req, const struct entity *entity, int64_t id,
                      struct cell *cells);

#endif

/* merge - several rows of one entity become one of them.
 *
 * What:    the first is the one that stays. What a field of it lacks the others give it, in their order; two
 *          different values of a field are for people to choose from, and nothing is done then. Not compared is
 *          what every row has of its own accord: id, dates and authors, the responsible person, flags, and what other
 *          rows say of it: they stay as they are. What relations hold is put together (relation_kind.move), and rows
 *          that named one of the others name the first.
 * Used by: crm/merge (crm.entity.mergeBatch).
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h. Whether the caller may do it has been asked.
 */
#ifndef RAPPORT_MODEL_MERGE_H
#define RAPPORT_MODEL_MERGE_H

#include "model/entity.h"

/* `rows[i]` is what entity_row read of `ids[i]`, all different; *conflict: nothing was done. */
enum api_rc merge_rows(struct request *req, const struct entity *entity, const int64_t *ids,
                       struct cell *const *rows, size_t count, bool *conflict);

#endif

/* choose - which fields of a row an answer shows.
 *
 * Used by: model/entity_read.
 * Memory:  none.
 * Threads: the lane's.
 * Errors:  as portal/request.h: a name that the portal does not leave out (model/unknown).
 */
#ifndef RAPPORT_MODEL_CHOOSE_H
#define RAPPORT_MODEL_CHOOSE_H

#include "model/entity.h"

/* Sets chosen[i] of what "*" means. It is indexed like entity->fields, all false. */
void choose_all(const struct request *req, const struct entity *entity, bool *chosen);
/* `select`: names and "*"; nothing known means "*". */
enum api_rc choose_select(struct request *req, const struct entity *entity, bool *chosen);

#endif

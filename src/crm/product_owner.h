/* product_owner - what product rows belong to: a lead, a deal ..., and what follows for its amount.
 *
 * What:    an entity that may have such rows lists the relation product_rows. Its OPPORTUNITY and TAX_VALUE are
 *          the sums of its rows, as long as there are some and IS_MANUAL_OPPORTUNITY is N. Rows go with it.
 * Used by: descriptors of owners; crm/product_account, crm/product_row_all, the methods of product rows.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h. Who may do something with rows is who may do it with their owner: the methods ask.
 */
#ifndef RAPPORT_CRM_PRODUCT_OWNER_H
#define RAPPORT_CRM_PRODUCT_OWNER_H

#include "model/permit.h"
#include "model/relation.h"

/* Of an owner to its rows. */
extern const struct relation product_rows;

/* "D": the entity with that short code, if it may have rows; NULL. */
const struct entity *product_owner(const struct request *req, const char *short_code);

/* Is there such an owner, and may the caller do that with it? Where he changes it, it is held. */
enum api_rc product_owner_sight(struct request *req, const struct entity *owner, int64_t id,
                                enum access_action action, enum permit_sight *sight);

/* Its rows were changed: its amounts follow, and it was changed itself. */
enum api_rc product_owner_changed(struct request *req, const struct entity *owner, int64_t id);

#endif

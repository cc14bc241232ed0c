/* import - a row from elsewhere, with the dates and people of its history.
 *
 * What:    what crm.item.import takes that crm.item.add does not: createdTime, updatedTime, movedTime. They must
 *          follow each other, lie in the past, and not be before the last row's.
 * Used by: model/change.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  CRM_FIELD_ERROR_VALUE_NOT_VALID with the field's caption.
 */
#ifndef RAPPORT_MODEL_IMPORT_H
#define RAPPORT_MODEL_IMPORT_H

#include "model/entity.h"

/* Of a change with `imports`, in the item dialect: checks and completes its times. */
enum api_rc import_times(struct change *change);

#endif

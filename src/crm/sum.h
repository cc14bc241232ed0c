/* sum - an amount with its currency, one text: "100|USD". Without a currency it is in the base one.
 *
 * Used by: crm/custom_types (custom fields of type money), crm/property_type (properties of products).
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  what is no such text, or has a currency that is not there, is refused as a value.
 */
#ifndef RAPPORT_CRM_SUM_H
#define RAPPORT_CRM_SUM_H

#include "model/entity.h"

extern const struct field_type type_sum;

#endif

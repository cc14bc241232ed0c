/* product_code - the symbolic code of a product, made of its name.
 *
 * Used by: crm/product.
 * Memory:  the arena's.
 * Threads: any.
 */
#ifndef RAPPORT_CRM_PRODUCT_CODE_H
#define RAPPORT_CRM_PRODUCT_CODE_H

#include "base/arena.h"

/* Small Latin letters, digits and "_" for all else, Cyrillic in Latin letters; at most 100. */
const char *product_code_of(struct arena *arena, const char *name);

#endif

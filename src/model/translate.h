/* translate - what a call of crm.item.* gives, in the names of the descriptor.
 *
 * What:    camelCase becomes the field's own name, in `fields`, `select`, `filter` and `order`, and what the pages
 *          refuse is refused. Behind it the engine works as for any call.
 * Used by: method/crm_item.
 * Memory:  new values, in the request's arena; texts are shared with the given ones.
 * Threads: the lane's; translate_fields the slow lane's too.
 * Errors:  INVALID_ARG_VALUE "Invalid filter: ...", "Invalid order: ..."; 100 for a field of several values
 *          that is given one. Unknown names: model/unknown.
 */
#ifndef RAPPORT_MODEL_TRANSLATE_H
#define RAPPORT_MODEL_TRANSLATE_H

#include "model/dialect.h"

/* Puts `select`, `filter` and `order` in other words: the request's parameters are others then. */
enum api_rc translate_list(struct request *req);
/* Of `fields`. */
enum api_rc translate_fields(struct request *req, const struct value *given,
                             const struct value **fields);
/* Of an import's: what a history is made of is an administrator's to give, and PHONE, EMAIL ... are taken as other
 * methods have them. */
enum api_rc translate_import(struct request *req, const struct value *given,
                             const struct value **fields);

#endif

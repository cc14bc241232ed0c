/* codes - fields whose value is a code of something: a directory's entry, a funnel, a currency, a user.
 *
 * What:    a field's descriptor says what its values are codes of, and a change asks it about what was given
 *          and is not what stood there before. A code that does not exist is refused, never replaced.
 * Used by: model/entity_write (the step before `check`); crm/directory, crm/category, crm/currency and user/user
 *          define kinds of codes.
 * Memory:  static.
 * Threads: the write lane's.
 * Errors:  as portal/request.h; codes_refuse has the text.
 */
#ifndef RAPPORT_MODEL_CODES_H
#define RAPPORT_MODEL_CODES_H

#include "model/entity.h"

struct field_codes {
    /* Is the cell's value, which is not empty, a code for this row? It may be brought into its one spelling.
     * What is found stays as it is until the commit. */
    enum api_rc (*known)(struct change *change, const struct field *field, struct cell *cell,
                         bool *known);
    /* Which directory `fields` names where it is not always the same one (NULL: none is named). */
    enum api_rc (*directory)(struct request *req, const struct entity *entity, const char **name);
};

enum api_rc codes_check(struct change *change);
enum api_rc codes_refuse(struct request *req, const struct field *field);

#endif

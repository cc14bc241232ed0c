/* shape - what several methods answer, as tables of parameters: descriptions of fields, mostly.
 *
 * Used by: method/, crm/, model/crud: `.gives` of their methods.
 * Memory:  everything static.
 * Threads: any.
 */
#ifndef RAPPORT_MODEL_SHAPE_H
#define RAPPORT_MODEL_SHAPE_H

#include "model/method.h"

/* One field, as crm.*.fields describe it. */
extern const struct param shape_field[];
/* All of them by name: SHAPE_OBJECT. */
extern const struct param shape_fields[];
/* The same under `fields`, as the universal methods have it. */
extern const struct param shape_fields_key[];
/* What each field is called, by name: SHAPE_OBJECT. */
extern const struct param shape_captions[];
/* A custom field, as crm.*.userfield.get and .list show it. */
extern const struct param shape_user_field[];

#endif

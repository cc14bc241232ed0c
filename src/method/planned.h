/* planned - how a method is named that is known but not implemented yet.
 *
 * What:    such a method answers 501 instead of "not found", and the reference lists it, so that
 *          whoever tries an integration here sees at once what is missing.
 * Used by: method/planned*.c.
 */
#ifndef RAPPORT_METHOD_PLANNED_H
#define RAPPORT_METHOD_PLANNED_H

#include "rest/method.h"

/* `where` is the page below api-reference/. */
#define PLANNED(method, about, scope_name, where)                                                  \
    {                                                                                              \
        .name = method, .summary = about, .scope = scope_name, .planned = true,                    \
        .page = "api-reference/" where                                                             \
    }

#endif

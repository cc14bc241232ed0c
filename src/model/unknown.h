/* unknown - names in a call that mean nothing here: what happens to them, in one place.
 *
 * What:    the portal's mode (--unknown-fields) decides. UNKNOWN_PORTAL: a custom field that is not there
 *          (UF_...) is refused where leaving it out would do harm (a filter without it finds everything,
 *          a value is lost), all other names are left out. UNKNOWN_IGNORE: all are left out. UNKNOWN_REFUSE:
 *          all are refused. What is left out is noted for the log of calls (`left_out`).
 * Used by: whoever reads names that a caller chose: model/entity_*, model/query, user/user*, rest/dispatch.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  INVALID_ARG_VALUE with the name and its place.
 */
#ifndef RAPPORT_MODEL_UNKNOWN_H
#define RAPPORT_MODEL_UNKNOWN_H

#include "portal/portal.h"

enum name_place { IN_FIELDS, IN_FILTER, IN_ORDER, IN_SELECT, IN_PARAMETERS };

/* "portal", "ignore", "refuse". */
bool unknown_mode_find(const char *name, enum unknown_mode *mode);

/* A name that nothing is known by. API_OK: leave it out. */
enum api_rc unknown_name(struct request *req, enum name_place place, const char *name);
/* Something known that cannot be taken as it was given, and that the original leaves out: refused by
 * UNKNOWN_REFUSE alone, with `why`. */
enum api_rc unknown_value(struct request *req, enum name_place place, const char *name,
                          const char *why);
/* A condition on a known field that cannot be kept, and `why`: left out by UNKNOWN_IGNORE alone, since a filter
 * without its condition finds everything. */
enum api_rc unknown_condition(struct request *req, const char *name, const char *why);
/* Is it the name of a custom field, of the portal's own? */
bool unknown_is_custom(const char *name);
/* Something known that is left out in every mode: a read-only field. */
void unknown_note(struct request *req, enum name_place place, const char *name);
/* The keys of `given` that are not in `known`, which ends with NULL. */
enum api_rc unknown_keys(struct request *req, enum name_place place, const struct value *given,
                         const char *const *known);

/* The request's own parameters: what its method does not have. */
enum api_rc unknown_params(struct request *req);
/* A parameter of the method, or one that every call may have: a credential, telemetry. */
bool unknown_is_param(const struct request *req, const char *name);

#endif

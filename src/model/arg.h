/* arg - required parameters, as the protocol's newer methods bind them: by name and type, in order.
 *
 * What:    reads one parameter; an absent one is error 100 with its name, one of another type too.
 * Used by: model/spec, which binds what a method's table says; handlers that need more than that.
 * Memory:  texts in the request's arena.
 * Threads: the lane's.
 * Errors:  PARAMETER ("100").
 */
#ifndef RAPPORT_MODEL_ARG_H
#define RAPPORT_MODEL_ARG_H

#include "portal/request.h"

/* True when the caller gave it, and not as null. */
bool arg_given(const struct request *req, const char *name);
enum api_rc arg_int(struct request *req, const char *name, int64_t *integer);
enum api_rc arg_text(struct request *req, const char *name, const char **text);
enum api_rc arg_array(struct request *req, const char *name, const struct value **array);
enum api_rc arg_missing(struct request *req, const char *name);
/* What a value of the wrong type is answered with. */
enum api_rc arg_mismatch(struct request *req, const char *name, const char *type);

#endif

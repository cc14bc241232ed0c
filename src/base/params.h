/* params - the parameters of a request, from any encoding into one value tree.
 *
 * What:    query strings, forms, multipart bodies and JSON, with PHP's rules for names, because the
 *          protocol's clients are written against a PHP server:
 *            a=1&a=2          the last wins
 *            a[b][c]=1        nested arrays;  a[]=1 adds at the next index;  a[0]=1
 *            a[b=1            an unclosed bracket becomes '_':  a_b
 *            a.b=1, "a b"=1   '.' and ' ' in the first part of a name become '_'
 *            a=1&a[b]=2       the array replaces the scalar, and the other way round
 *            a  (no '=')      empty text;   =1 (no name) ignored;   a&&b empty parts ignored
 *          '+' is a space, %XX a byte; a '%' that starts no byte stays as it is.
 * Used by: http/server (requests), rest/batch (the command strings).
 * Memory:  everything in the arena; the input is not kept.
 * Threads: any.
 * Errors:  false, with `why` set to a sentence for the caller (no input in it): text that is not
 *          UTF-8 or holds a NUL, more than LIMIT_PARAM_COUNT values, deeper than LIMIT_PARAM_DEPTH
 *          (base/limits.h), a multipart body that does not parse, JSON as in base/json.h.
 *          Pages: settings/how-to-call-rest-api/data-encoding, general-principles.
 */
#ifndef RAPPORT_BASE_PARAMS_H
#define RAPPORT_BASE_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"

/* Adds the parameters of "a=1&b[c]=2" to `into` (a VALUE_ARRAY). */
bool params_from_form(struct arena *arena, const char *text, size_t len, struct value *into,
                      const char **why);

/* Adds the parameters of a request body to `into`, over what is there (a body parameter replaces a
 * query parameter of the same name as a whole). `content_type` may be NULL. application/json: must
 * be an object or array (an empty body counts as none). multipart/form-data: fields by name; a file
 * part becomes ["file name", "Base64 of its bytes"], the shape file fields take. Form: as above.
 * Any other or missing type: JSON if it parses as an object or array, else form. */
bool params_from_body(struct arena *arena, const char *content_type, const char *body, size_t len,
                      struct value *into, const char **why);

#endif

/* schema - does a value fit the JSON Schema of its method?
 *
 * What:    the part of JSON Schema that model/schema writes: type, enum, pattern, properties, required,
 *          additionalProperties, items, anyOf. An unknown word is a failure. In both ways an empty list is an empty
 *          object, as PHP has it. SCHEMA_LOOSE is how the protocol takes parameters: scalars as text, null and ""
 *          as nothing, names of parameters in any case.
 * Used by: tests/answer (results), tests/scenario_runner (parameters of calls that succeed).
 * Errors:  false, with a sentence in `why`.
 */
#ifndef RAPPORT_TESTS_SCHEMA_H
#define RAPPORT_TESTS_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "model/method.h"

#define SCHEMA_WHY 300

enum schema_way { SCHEMA_STRICT, SCHEMA_LOOSE };

bool schema_fits(const json_t *schema, const json_t *value, enum schema_way way,
                 char why[SCHEMA_WHY]);

/* Those of a method, made when first asked for; they stay. */
const json_t *schema_of_params(const struct method *method);
const json_t *schema_of_result(const struct method *method);

#endif

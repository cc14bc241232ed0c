/* answer - an answer as a strict client reads it.
 *
 * What:    JSON by the letter (UTF-8, no key twice, nothing behind it, no number that is none), and
 *          the frame that every answer has: a result with its time, or an error with its text and a
 *          status that says so. The result has the shape its method declares, in a batch too.
 * Used by: tests/scenario_runner, tests/matrix.
 * Memory:  answer_read gives a tree to release with json_decref.
 * Errors:  NULL, with a sentence in `why`.
 */
#ifndef RAPPORT_TESTS_ANSWER_H
#define RAPPORT_TESTS_ANSWER_H

#include <jansson.h>

#include "model/method.h"

#define ANSWER_WHY 300

/* `call` is "crm.lead.get?id=1"; `body` the JSON parameters or NULL: a batch's commands are found
 * there, so that each result is held against its own method. */
json_t *answer_read(const char *call, const char *body, int status, const char *text, size_t len,
                    char why[ANSWER_WHY]);
/* Whether a result of the method was read and had its shape. */
bool answer_covered(const struct method *method);

#endif

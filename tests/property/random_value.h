/* random_value - values that clients send, sensible ones and others, by a seed.
 *
 * Used by: tests/property/property_runner.c.
 * Memory:  none kept; values go to the writer.
 * Threads: one.
 */
#ifndef RAPPORT_TESTS_RANDOM_VALUE_H
#define RAPPORT_TESTS_RANDOM_VALUE_H

#include "base/writer.h"
#include "model/entity.h"

extern uint64_t random_seed;

size_t random_below(size_t bound);
bool random_one_in(size_t many);

void random_text(struct writer *w);
/* The same text with letters of another case, in any script. */
void random_case(struct writer *w, const char *text, size_t len);
void random_number(struct writer *w);
/* Mostly of that kind. */
const struct field_type *random_type(void);
void random_scalar(struct writer *w, const struct field_type *type);
/* Or a list of such, or an object; `depth` is 0. */
void random_value(struct writer *w, const struct field_type *type, int depth);

#endif

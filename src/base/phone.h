/* phone - when two phone numbers are the same.
 *
 * What:    numbers are written in many ways. Two are the same when these digits are: all of them, but those of an
 *          extension (behind a comma, a semicolon, a #, an x, "ext" or "доб" that follows digits), without the 00 of an
 *          international number; and 8 in front of ten digits, the trunk prefix of Russia and Kazakhstan, is their
 *          country's 7 where no + stands before it.
 * Used by: crm/multifield (keys, duplicates), portal/schema_step.
 * Memory:  the arena's.
 * Threads: any.
 */
#ifndef RAPPORT_BASE_PHONE_H
#define RAPPORT_BASE_PHONE_H

#include "base/arena.h"

/* The digits that count, at most PHONE_DIGITS of them; "" when the text has none. */
#define PHONE_DIGITS 40
const char *phone_number(struct arena *arena, const char *text, size_t len);
/* What is stored to find the number by: its digits, or where it has none the text's own key (base/fold). Texts that
 * are equal without regard to case have the same. */
const char *phone_key(struct arena *arena, const char *text, size_t len, size_t *key_len);

#endif

/* utf8 - checks and case folding of text.
 *
 * Used by: base/params (every text that comes in), whoever cuts a text or has it from elsewhere, db/ (the fold that substring filters compare).
 * Memory:  utf8_fold allocates from the arena or the heap as said at each function.
 * Threads: any.
 */
#ifndef RAPPORT_BASE_UTF8_H
#define RAPPORT_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Strict: no overlong forms, no surrogates, nothing above U+10FFFF, no NUL. */
bool utf8_valid(const char *text, size_t len);
/* Takes out what is not valid: the rest of a letter that was cut, bytes of another program's encoding. */
void utf8_mend(char *text);
/* Appends text with the case of every letter in every script taken away (one code point stays one
 * code point: simple lower-case mapping; the two small sigmas are one). Text must be valid. */
void utf8_fold(struct buf *out, const char *text, size_t len);
int32_t utf8_fold_point(int32_t point);
/* Number of code points of valid text. */
size_t utf8_length(const char *text, size_t len);
/* How many bytes its first `points` characters have: all of it when there are no more. */
size_t utf8_prefix(const char *text, size_t len, size_t points);

#endif

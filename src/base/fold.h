/* fold - texts compared without regard to the case of letters.
 *
 * What:    everything here says what utf8_fold says: two texts are the same when they are equal folded. Case only:
 *          accents, width and spaces count, and no language has letters of its own. utf8proc decides, on
 *          both stores, so that no locale and no version of another library shows.
 * Used by: db/ (the expressions that compare), model/ (filters, keys), whoever looks a text up.
 * Memory:  as said at each function.
 * Threads: any.
 */
#ifndef RAPPORT_BASE_FOLD_H
#define RAPPORT_BASE_FOLD_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

/* Below, at or above 0 as `a` sorts folded. Texts are valid UTF-8, or are compared by bytes from where they
 * are not. */
int fold_compare(const char *a, size_t a_len, const char *b, size_t b_len);

/* What is stored beside a text that is looked up by an index: the folded text, or of a long one its beginning
 * and a hash, so that the index has short entries. Equal keys: equal folded texts, and the other way round. */
#define FOLD_KEY_MAX 256
const char *fold_key(struct arena *arena, const char *text, size_t len, size_t *key_len);

/* Appends to `from` the letters beyond ASCII that fold to one of `folded`, and what each becomes to `to`.
 * With these, and no others, taken away, a text equals `folded` (or is like it) exactly when its own folded form
 * does: a store that replaces letters one by one needs no table of all scripts. */
void fold_letters(struct buf *from, struct buf *to, const char *folded, size_t len);

#endif

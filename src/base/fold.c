#include "base/fold.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/check.h"
#include "base/utf8.h"

#define CASED_END 0x20000 /* no script with capitals lies behind it */
#define KEY_WHOLE                                                                                  \
    200 /* bytes of a folded text that is its own key; a longer text's key is longer, too */
#define KEY_HASH 16

_Static_assert(KEY_WHOLE + 2 * KEY_HASH + 1 <= FOLD_KEY_MAX, "keys fit");

/* ---- comparing ---- */

static unsigned char fold_byte(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

/* The folded code point at *at, which moves on; a byte that begins none stands for itself. */
static int32_t next_point(const unsigned char **at, const unsigned char *end)
{
    utf8proc_int32_t point;
    utf8proc_ssize_t used = utf8proc_iterate(*at, end - *at, &point);
    if (used <= 0)
        return -1 - *(*at)++;
    *at += used;
    return utf8_fold_point(point);
}

int fold_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
    const unsigned char *x = (const unsigned char *)a, *x_end = x + a_len;
    const unsigned char *y = (const unsigned char *)b, *y_end = y + b_len;
    while (x < x_end && y < y_end) {
        int32_t left, right;
        if (*x < 0x80 && *y < 0x80) {
            left = fold_byte(*x++);
            right = fold_byte(*y++);
        } else {
            left = next_point(&x, x_end);
            right = next_point(&y, y_end);
        }
        if (left != right)
            return left < right ? -1 : 1;
    }
    return (x < x_end) - (y < y_end);
}

/* ---- keys ---- */

const char *fold_key(struct arena *arena, const char *text, size_t len, size_t *key_len)
{
    struct buf folded = {0};
    utf8_fold(&folded, text, len);
    if (folded.len > KEY_WHOLE) {
        unsigned char hash[KEY_HASH];
        char hex[2 * KEY_HASH + 1];
        crypto_generichash(hash, sizeof hash, (const unsigned char *)folded.data, folded.len, NULL,
                           0);
        sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
        folded.len = KEY_WHOLE;
        while (((unsigned char)folded.data[folded.len] & 0xC0) == 0x80)
            folded.len--;
        buf_add(&folded, hex, sizeof hex - 1);
    }
    const char *key = arena_strndup(arena, folded.len ? folded.data : "", folded.len);
    *key_len = folded.len;
    buf_clear(&folded);
    return key;
}

/* ---- letters ---- */

/* All letters beyond ASCII that fold to another, in the order of what they become. */
static struct cased {
    int32_t folded, letter;
} * cased;
static size_t cased_count;
static pthread_once_t cased_once = PTHREAD_ONCE_INIT;

static int by_folded(const void *a, const void *b)
{
    const struct cased *x = a, *y = b;
    return x->folded != y->folded ? (x->folded < y->folded ? -1 : 1)
                                  : (x->letter > y->letter) - (x->letter < y->letter);
}

static void find_cased(void)
{
    size_t cap = 2048;
    cased = xcalloc(cap, sizeof *cased);
    for (int32_t point = 0x80; point < CASED_END; point++) {
        int32_t folded = utf8_fold_point(point);
        if (folded == point)
            continue;
        if (cased_count == cap)
            cased = xrealloc(cased, (cap *= 2) * sizeof *cased);
        cased[cased_count++] = (struct cased){.folded = folded, .letter = point};
    }
    qsort(cased, cased_count, sizeof *cased, by_folded);
}

/* The first entry of what becomes `folded`. */
static size_t first_cased(int32_t folded)
{
    size_t low = 0, high = cased_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cased[middle].folded < folded)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_point(struct buf *out, int32_t point)
{
    unsigned char bytes[4];
    utf8proc_ssize_t made = utf8proc_encode_char(point, bytes);
    buf_add(out, (const char *)bytes, (size_t)made);
}

void fold_letters(struct buf *from, struct buf *to, const char *folded, size_t len)
{
    pthread_once(&cased_once, find_cased);
    const unsigned char *at = (const unsigned char *)folded, *end = at + len;
    unsigned char *seen = xcalloc(cased_count, 1);
    while (at < end) {
        int32_t point = next_point(&at, end);
        for (size_t i = first_cased(point); i < cased_count && cased[i].folded == point && !seen[i];
             i++) {
            seen[i] = 1;
            add_point(from, cased[i].letter);
            add_point(to, point);
        }
    }
    free(seen);
}

/* value - the parameter tree of a request.
 *
 * What:    null, boolean, integer, double, string, array. An array is PHP's: an ordered map from
 *          string keys to values which counts as a list when its keys are 0, 1, 2 ... in sequence.
 *          The clients of this protocol are written against a PHP server, so this one rule decides
 *          {} or [] everywhere: an empty array is always [], {"0":"a"} is ["a"].
 * Used by: base/params (parameters in), method/ and crm/ (reading them), rest/batch (references).
 * Memory:  everything lives in the arena it was made with.
 * Threads: one owner at a time; reading a finished tree is safe from anywhere.
 */
#ifndef RAPPORT_BASE_VALUE_H
#define RAPPORT_BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum value_type { VALUE_NULL, VALUE_BOOL, VALUE_INT, VALUE_DOUBLE, VALUE_STRING, VALUE_ARRAY };

struct value;

struct value_item {
    const char *key; /* NUL-terminated; decimal for list positions */
    size_t key_len;
    struct value *value;
};

struct value_array {
    struct value_item *items;
    size_t count, cap;
    int64_t next_index;  /* the key that `[]` would get */
    uint32_t *buckets;   /* hash of keys, made when the array is large */
    size_t bucket_count; /* power of two, or 0 */
};

struct value {
    enum value_type type;
    union {
        bool boolean;
        int64_t integer;
        double real;
        struct {
            const char *text; /* NUL-terminated, valid UTF-8 without NUL inside */
            size_t len;
        } string;
        struct value_array array;
    };
};

struct value *value_null(struct arena *arena);
struct value *value_bool(struct arena *arena, bool boolean);
struct value *value_int(struct arena *arena, int64_t integer);
struct value *value_double(struct arena *arena, double real);
/* Keeps the text by reference: it must live as long as the arena and end with NUL. */
struct value *value_string(struct arena *arena, const char *text, size_t len);
struct value *value_array(struct arena *arena);

/* Sets key (kept by reference), replacing what was there. A decimal key moves next_index. */
void value_set(struct arena *arena, struct value *array, const char *key, size_t key_len,
               struct value *item);
/* Adds at the next free index, as PHP's $a[] = does. */
void value_push(struct arena *arena, struct value *array, struct value *item);
/* Takes key out of the array if it is there. */
void value_unset(struct value *array, const char *key);

/* NULL when `array` is no array (or NULL) or has no such key. */
struct value *value_get(const struct value *array, const char *key);
struct value *value_get_n(const struct value *array, const char *key, size_t key_len);
/* The same without regard to the case of ASCII letters, exact match first. */
struct value *value_get_nocase(const struct value *array, const char *key);

bool value_is_list(const struct value *value);
static inline bool value_is_array(const struct value *value)
{
    return value && value->type == VALUE_ARRAY;
}
/* Null, absent, "" or an empty array. */
bool value_is_empty(const struct value *value);

/* Scalar readings, as PHP's weak typing reads request parameters.
 * value_to_int: integer, integral double, boolean, or a string that is an optional sign and
 *   decimal digits with white space around it; false for anything else and beyond 64 bits.
 * value_to_double: the same with a fraction and exponent; never NaN or infinite.
 * value_to_flag: "Y", "1", "true", 1, true / "N", "0", "false", 0, "", false, in any case. */
bool value_to_int(const struct value *value, int64_t *integer);
bool value_to_double(const struct value *value, double *real);
bool value_to_flag(const struct value *value, bool *flag);
/* Text of any scalar: "1" and "" for booleans, "" for null; NULL for arrays. */
const char *value_to_text(struct arena *arena, const struct value *value, size_t *len);

bool text_to_int(const char *text, size_t len, int64_t *integer);
/* Shortest decimal that reads back as the same double; size at least 32. Returns its length. */
size_t double_to_text(double real, char *out, size_t size);

#endif

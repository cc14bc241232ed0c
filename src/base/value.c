#include "base/value.h"

#include <errno.h>
#include <math.h>
#include <sodium/crypto_shorthash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "base/check.h"
#include "base/format.h"

#define HASH_FROM 16 /* smaller arrays are searched in order */

static struct value *make(struct arena *arena, enum value_type type)
{
    struct value *value = arena_alloc(arena, sizeof *value);
    value->type = type;
    return value;
}

struct value *value_null(struct arena *arena)
{
    return make(arena, VALUE_NULL);
}

struct value *value_bool(struct arena *arena, bool boolean)
{
    struct value *value = make(arena, VALUE_BOOL);
    value->boolean = boolean;
    return value;
}

struct value *value_int(struct arena *arena, int64_t integer)
{
    struct value *value = make(arena, VALUE_INT);
    value->integer = integer;
    return value;
}

struct value *value_double(struct arena *arena, double real)
{
    struct value *value = make(arena, VALUE_DOUBLE);
    value->real = real;
    return value;
}

struct value *value_string(struct arena *arena, const char *text, size_t len)
{
    struct value *value = make(arena, VALUE_STRING);
    value->string.text = text;
    value->string.len = len;
    return value;
}

struct value *value_array(struct arena *arena)
{
    struct value *value = make(arena, VALUE_ARRAY);
    memset(&value->array, 0, sizeof value->array);
    return value;
}

/* Keys come from requests: with a fixed hash a caller could choose 20,000 that all collide. */
static unsigned char hash_secret[crypto_shorthash_KEYBYTES];

__attribute__((constructor)) static void make_hash_secret(void)
{
    CHECK(getrandom(hash_secret, sizeof hash_secret, 0) == sizeof hash_secret);
}

static uint64_t hash_key(const char *key, size_t len)
{
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key, len, hash_secret);
    return hash;
}

/* A key as PHP turns into an integer: no sign but '-', no leading zero, fits 64 bits. */
static bool index_key(const char *key, size_t len, int64_t *index)
{
    if (!len || len > 20)
        return false;
    size_t digits = key[0] == '-' ? 1 : 0;
    if (digits == len || (key[digits] == '0' && len > digits + 1) || (digits && key[1] == '0'))
        return false;
    for (size_t i = digits; i < len; i++) {
        if (key[i] < '0' || key[i] > '9')
            return false;
    }
    return text_to_int(key, len, index);
}

static size_t find(const struct value_array *array, const char *key, size_t len)
{
    if (array->bucket_count) {
        size_t mask = array->bucket_count - 1;
        for (size_t at = hash_key(key, len) & mask; array->buckets[at]; at = (at + 1) & mask) {
            const struct value_item *item = &array->items[array->buckets[at] - 1];
            if (item->key_len == len && !memcmp(item->key, key, len))
                return array->buckets[at] - 1;
        }
        return SIZE_MAX;
    }
    for (size_t i = 0; i < array->count; i++) {
        if (array->items[i].key_len == len && !memcmp(array->items[i].key, key, len))
            return i;
    }
    return SIZE_MAX;
}

static void rehash(struct arena *arena, struct value_array *array)
{
    size_t size = 64;
    while (size < array->cap * 2)
        size *= 2;
    array->buckets = arena_zalloc(arena, size * sizeof *array->buckets);
    array->bucket_count = size;
    for (size_t i = 0; i < array->count; i++) {
        size_t at = hash_key(array->items[i].key, array->items[i].key_len) & (size - 1);
        while (array->buckets[at])
            at = (at + 1) & (size - 1);
        array->buckets[at] = (uint32_t)(i + 1);
    }
}

static void append(struct arena *arena, struct value_array *array, struct value_item item)
{
    if (array->count == array->cap) {
        size_t cap = array->cap ? array->cap * 2 : 4;
        struct value_item *items = arena_alloc(arena, cap * sizeof *items);
        if (array->count)
            memcpy(items, array->items, array->count * sizeof *items);
        array->items = items;
        array->cap = cap;
        array->items[array->count++] = item;
        if (cap > HASH_FROM)
            rehash(arena, array);
        return;
    }
    array->items[array->count++] = item;
    if (array->bucket_count) {
        size_t mask = array->bucket_count - 1;
        size_t at = hash_key(item.key, item.key_len) & mask;
        while (array->buckets[at])
            at = (at + 1) & mask;
        array->buckets[at] = (uint32_t)array->count;
    }
}

void value_set(struct arena *arena, struct value *array, const char *key, size_t key_len,
               struct value *item)
{
    CHECK(array->type == VALUE_ARRAY);
    size_t at = find(&array->array, key, key_len);
    if (at != SIZE_MAX) {
        array->array.items[at].value = item;
        return;
    }
    int64_t index;
    if (index_key(key, key_len, &index) && index >= array->array.next_index && index < INT64_MAX)
        array->array.next_index = index + 1;
    append(arena, &array->array, (struct value_item){key, key_len, item});
}

void value_push(struct arena *arena, struct value *array, struct value *item)
{
    CHECK(array->type == VALUE_ARRAY);
    char digits[24];
    int64_t index = array->array.next_index;
    size_t len = format_text(digits, sizeof digits, "%lld", (long long)index);
    if (index < INT64_MAX)
        array->array.next_index++;
    else if (find(&array->array, digits, len) != SIZE_MAX)
        return; /* no index is left; PHP drops the value too */
    char *key = arena_strndup(arena, digits, len);
    append(arena, &array->array, (struct value_item){key, len, item});
}

void value_unset(struct value *array, const char *key)
{
    if (!value_is_array(array))
        return;
    size_t at = find(&array->array, key, strlen(key));
    if (at == SIZE_MAX)
        return;
    struct value_array *a = &array->array;
    memmove(a->items + at, a->items + at + 1, (a->count - at - 1) * sizeof *a->items);
    a->count--;
    a->bucket_count = 0; /* rare, so later look-ups in this array go in order */
}

struct value *value_get_n(const struct value *array, const char *key, size_t key_len)
{
    if (!value_is_array(array))
        return NULL;
    size_t at = find(&array->array, key, key_len);
    return at == SIZE_MAX ? NULL : array->array.items[at].value;
}

struct value *value_get(const struct value *array, const char *key)
{
    return value_get_n(array, key, strlen(key));
}

struct value *value_get_nocase(const struct value *array, const char *key)
{
    struct value *exact = value_get(array, key);
    if (exact || !value_is_array(array))
        return exact;
    size_t len = strlen(key);
    for (size_t i = 0; i < array->array.count; i++) {
        const struct value_item *item = &array->array.items[i];
        if (item->key_len == len && !strncasecmp(item->key, key, len))
            return item->value;
    }
    return NULL;
}

bool value_is_list(const struct value *value)
{
    if (!value_is_array(value))
        return false;
    for (size_t i = 0; i < value->array.count; i++) {
        int64_t index;
        const struct value_item *item = &value->array.items[i];
        if (!index_key(item->key, item->key_len, &index) || index != (int64_t)i)
            return false;
    }
    return true;
}

bool value_is_empty(const struct value *value)
{
    return !value || value->type == VALUE_NULL ||
           (value->type == VALUE_STRING && !value->string.len) ||
           (value->type == VALUE_ARRAY && !value->array.count);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool text_to_int(const char *text, size_t len, int64_t *integer)
{
    while (len && is_space(*text))
        text++, len--;
    while (len && is_space(text[len - 1]))
        len--;
    bool negative = len && *text == '-';
    if (len && (*text == '-' || *text == '+'))
        text++, len--;
    if (!len)
        return false;
    int64_t sum = 0; /* counted downwards, since -2^63 has no positive twin */
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        if (__builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_sub_overflow(sum, text[i] - '0', &sum))
            return false;
    }
    if (!negative && sum == INT64_MIN)
        return false;
    *integer = negative ? sum : -sum;
    return true;
}

bool value_to_int(const struct value *value, int64_t *integer)
{
    if (!value)
        return false;
    switch (value->type) {
    case VALUE_INT:
        *integer = value->integer;
        return true;
    case VALUE_BOOL:
        *integer = value->boolean;
        return true;
    case VALUE_DOUBLE:
        if (!(fabs(value->real) < 9.2e18) || value->real != trunc(value->real))
            return false;
        *integer = (int64_t)value->real;
        return true;
    case VALUE_STRING:
        return text_to_int(value->string.text, value->string.len, integer);
    case VALUE_NULL:
    case VALUE_ARRAY:
        break;
    }
    return false;
}

static bool text_to_double(const char *text, double *real)
{
    while (is_space(*text))
        text++;
    const char *at = text + (*text == '-' || *text == '+');
    if (!((*at >= '0' && *at <= '9') || *at == '.') || (at[0] == '0' && (at[1] | 32) == 'x'))
        return false; /* no "inf", "nan" or hexadecimal, which strtod would take */
    char *end;
    errno = 0;
    double parsed = strtod(text, &end);
    while (is_space(*end))
        end++;
    if (end == text || *end || !isfinite(parsed))
        return false;
    *real = parsed;
    return true;
}

bool value_to_double(const struct value *value, double *real)
{
    if (!value)
        return false;
    int64_t integer;
    switch (value->type) {
    case VALUE_DOUBLE:
        *real = value->real;
        return true;
    case VALUE_INT:
    case VALUE_BOOL:
        value_to_int(value, &integer);
        *real = (double)integer;
        return true;
    case VALUE_STRING:
        return text_to_double(value->string.text, real);
    case VALUE_NULL:
    case VALUE_ARRAY:
        break;
    }
    return false;
}

bool value_to_flag(const struct value *value, bool *flag)
{
    int64_t integer;
    if (!value || value->type == VALUE_ARRAY || value->type == VALUE_NULL)
        return false;
    if (value->type == VALUE_STRING) {
        const char *text = value->string.text;
        if (!strcasecmp(text, "Y") || !strcmp(text, "1") || !strcasecmp(text, "true")) {
            *flag = true;
            return true;
        }
        if (!*text || !strcasecmp(text, "N") || !strcmp(text, "0") || !strcasecmp(text, "false")) {
            *flag = false;
            return true;
        }
        return false;
    }
    if (!value_to_int(value, &integer) || (integer != 0 && integer != 1))
        return false;
    *flag = integer == 1;
    return true;
}

size_t double_to_text(double real, char *out, size_t size)
{
    size_t len = 0;
    for (int digits = 15; digits <= 17; digits++) {
        len = format_text(out, size, "%.*g", digits, real);
        if (strtod(out, NULL) == real)
            break;
    }
    return len;
}

const char *value_to_text(struct arena *arena, const struct value *value, size_t *len)
{
    char digits[40];
    size_t written = 0;
    switch (value ? value->type : VALUE_NULL) {
    case VALUE_STRING:
        *len = value->string.len;
        return value->string.text;
    case VALUE_NULL:
        *len = 0;
        return "";
    case VALUE_BOOL:
        *len = value->boolean;
        return value->boolean ? "1" : "";
    case VALUE_INT:
        written = format_text(digits, sizeof digits, "%lld", (long long)value->integer);
        break;
    case VALUE_DOUBLE:
        written = double_to_text(value->real, digits, sizeof digits);
        break;
    case VALUE_ARRAY:
        return NULL;
    }
    *len = written;
    return arena_strndup(arena, digits, written);
}

#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/limits.h"

static const char too_many[] = "The JSON holds too many values";

struct convert {
    struct arena *arena;
    bool own; /* our own answer: no limits */
    size_t count;
    const char *why;
};

static struct value *convert(struct convert *c, const json_t *json, int depth);

static struct value *convert_object(struct convert *c, const json_t *json, int depth)
{
    struct value *array = value_array(c->arena);
    const char *key;
    json_t *item;
    json_object_foreach((json_t *)(uintptr_t)json, key, item)
    {
        struct value *value = convert(c, item, depth + 1);
        if (!value)
            return NULL;
        size_t len = strlen(key);
        value_set(c->arena, array, arena_strndup(c->arena, key, len), len, value);
    }
    return array;
}

static struct value *convert_list(struct convert *c, const json_t *json, int depth)
{
    struct value *array = value_array(c->arena);
    size_t i;
    json_t *item;
    json_array_foreach(json, i, item)
    {
        struct value *value = convert(c, item, depth + 1);
        if (!value)
            return NULL;
        value_push(c->arena, array, value);
    }
    return array;
}

static struct value *convert(struct convert *c, const json_t *json, int depth)
{
    if (depth > LIMIT_PARAM_DEPTH && !c->own) {
        c->why = "The JSON is nested too deeply";
        return NULL;
    }
    if (++c->count > LIMIT_PARAM_COUNT && !c->own) {
        c->why = too_many;
        return NULL;
    }
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return convert_object(c, json, depth);
    case JSON_ARRAY:
        return convert_list(c, json, depth);
    case JSON_STRING: {
        size_t len = json_string_length(json);
        return value_string(c->arena, arena_strndup(c->arena, json_string_value(json), len), len);
    }
    case JSON_INTEGER:
        return value_int(c->arena, json_integer_value(json));
    case JSON_REAL:
        return value_double(c->arena, json_real_value(json));
    case JSON_TRUE:
        return value_bool(c->arena, true);
    case JSON_FALSE:
        return value_bool(c->arena, false);
    case JSON_NULL:
        return value_null(c->arena);
    }
    return NULL;
}

/* An integer beyond 64 bits is a double in PHP; jansson refuses it. Read the text again with every
 * number as a double and turn back those that are exact integers. */
static void demote(struct value *value)
{
    if (value->type == VALUE_DOUBLE && value->real == trunc(value->real) &&
        fabs(value->real) <= 9007199254740992.0) {
        value->integer = (int64_t)value->real;
        value->type = VALUE_INT;
    } else if (value->type == VALUE_ARRAY) {
        for (size_t i = 0; i < value->array.count; i++)
            demote(value->array.items[i].value);
    }
}

/* The position behind the string that opens at text[at]. */
static size_t skip_string(const char *text, size_t len, size_t at)
{
    for (at++; at < len && text[at] != '"'; at++) {
        if (text[at] == '\\')
            at++;
    }
    return at + 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Whether the text, if it is JSON, holds too many values: one, and in each array and object that is
 * not empty one more than commas. jansson makes some 50 bytes of "1,", so 100 MB of them must not
 * get that far. */
static bool has_too_many(const char *text, size_t len)
{
    size_t count = 1, at = 0;
    while (at < len && count <= LIMIT_PARAM_COUNT) {
        char c = text[at];
        at = c == '"' ? skip_string(text, len, at) : at + 1;
        if (c == '[' || c == '{') {
            while (at < len && is_blank(text[at]))
                at++;
            c = at < len && text[at] != ']' && text[at] != '}' ? ',' : c;
        }
        count += c == ',';
    }
    return count > LIMIT_PARAM_COUNT;
}

static struct value *parse(struct convert *c, const char *text, size_t len)
{
    json_error_t error;
    json_t *json = json_loadb(text, len, JSON_DECODE_ANY, &error);
    bool wide = false;
    if (!json && json_error_code(&error) == json_error_numeric_overflow) {
        json = json_loadb(text, len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
        wide = true;
    }
    struct value *value = NULL;
    if (json) {
        value = convert(c, json, 0);
        if (value && wide)
            demote(value);
        json_decref(json);
    } else if (json_error_code(&error) == json_error_stack_overflow) {
        c->why = "The JSON is nested too deeply";
    } else {
        c->why = "The JSON is not valid";
    }
    return value;
}

struct value *json_parse(struct arena *arena, const char *text, size_t len, const char **why)
{
    struct convert c = {.arena = arena};
    struct value *value = NULL;
    if (len > LIMIT_PARAM_COUNT && has_too_many(text, len))
        c.why = too_many;
    else
        value = parse(&c, text, len);
    if (!value && why)
        *why = c.why;
    return value;
}

struct value *json_parse_own(struct arena *arena, const char *text, size_t len)
{
    struct convert c = {.arena = arena, .own = true};
    return parse(&c, text, len);
}

#include "schema.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "model/schema.h"

struct check {
    enum schema_way way;
    const char *name; /* of what is looked at */
    char *why;
};

static bool fits(const struct check *check, const json_t *schema, const json_t *value);

static bool wrong(const struct check *check, const json_t *schema, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    char *wanted = json_dumps(schema, JSON_COMPACT);
    snprintf(check->why, SCHEMA_WHY, "\"%.40s\" is %.80s, which is not %.120s", check->name,
             text ? text : "nothing", wanted ? wanted : "");
    free(text);
    free(wanted);
    return false;
}

/* ---- scalars as text ---- */

static bool is_number(const char *text)
{
    char *end;
    text += strspn(text, " ");
    if (!*text)
        return false;
    strtod(text, &end);
    return !end[strspn(end, " ")];
}

static bool is_flag(const json_t *value)
{
    static const char *const texts[] = {"Y", "N", "1", "0", "true", "false"};
    const char *text = json_string_value(value);
    for (size_t i = 0; text && i < sizeof texts / sizeof texts[0]; i++) {
        if (!strcasecmp(texts[i], text))
            return true;
    }
    return json_is_boolean(value) || (json_is_integer(value) && (json_integer_value(value) == 0 ||
                                                                 json_integer_value(value) == 1));
}

static bool loosely(const char *type, const json_t *value)
{
    const char *text = json_string_value(value);
    if (json_is_null(value) || (text && !*text))
        return true;
    if (!strcmp(type, "integer") || !strcmp(type, "number"))
        return json_is_number(value) || (text && is_number(text));
    if (!strcmp(type, "boolean"))
        return is_flag(value);
    if (!strcmp(type, "string"))
        return text || json_is_number(value) || json_is_boolean(value);
    return !strcmp(type, "array") && json_is_object(value);
}

/* ---- words of a schema ---- */

static bool has_type(const struct check *check, const char *type, const json_t *value)
{
    bool good = (!strcmp(type, "null") && json_is_null(value)) ||
                (!strcmp(type, "boolean") && json_is_boolean(value)) ||
                (!strcmp(type, "integer") && json_is_integer(value)) ||
                (!strcmp(type, "number") && json_is_number(value)) ||
                (!strcmp(type, "string") && json_is_string(value)) ||
                (!strcmp(type, "array") && json_is_array(value)) ||
                (!strcmp(type, "object") &&
                 (json_is_object(value) || (json_is_array(value) && !json_array_size(value))));
    return good || (check->way == SCHEMA_LOOSE && loosely(type, value));
}

static bool fits_type(const struct check *check, const json_t *type, const json_t *value)
{
    size_t i;
    json_t *one;
    if (json_is_string(type))
        return has_type(check, json_string_value(type), value);
    json_array_foreach((json_t *)(uintptr_t)type, i, one)
    {
        if (has_type(check, json_string_value(one), value))
            return true;
    }
    return false;
}

static bool fits_enum(const struct check *check, const json_t *choice, const json_t *value)
{
    size_t i;
    json_t *one;
    bool flag = false;
    char number[32] = "";
    if (json_is_integer(value))
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
    json_array_foreach((json_t *)(uintptr_t)choice, i, one)
    {
        const char *text = json_string_value(one);
        if (json_equal(one, value) || (check->way == SCHEMA_LOOSE && text && !strcmp(text, number)))
            return true;
        flag = flag || (text && !strcmp(text, "Y"));
    }
    if (check->way != SCHEMA_LOOSE)
        return false;
    const char *text = json_string_value(value);
    return json_is_null(value) || (text && !*text) || (flag && is_flag(value));
}

static bool matches(const char *pattern, const char *text)
{
    regex_t regex;
    CHECK(!regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB));
    bool good = !regexec(&regex, text, 0, NULL, 0);
    regfree(&regex);
    return good;
}

static bool fits_pattern(const json_t *pattern, const json_t *value)
{
    return !json_is_string(value) || matches(json_string_value(pattern), json_string_value(value));
}

static const json_t *property(const struct check *check, const json_t *properties, const char *key)
{
    const char *name;
    json_t *schema;
    const json_t *exact = json_object_get(properties, key);
    if (exact || check->way != SCHEMA_LOOSE || strcmp(check->name, "params") != 0)
        return exact;
    json_object_foreach((json_t *)(uintptr_t)properties, name, schema)
    {
        if (!strcasecmp(name, key))
            return schema;
    }
    return NULL;
}

/* What is said of a key: by its name, its pattern, or of any other one. */
static const json_t *said_of(const struct check *check, const json_t *schema, const char *key)
{
    const json_t *said = property(check, json_object_get(schema, "properties"), key);
    const char *pattern;
    json_t *one;
    json_object_foreach(json_object_get(schema, "patternProperties"), pattern, one)
    {
        if (!said && matches(pattern, key))
            said = one;
    }
    return said ? said : json_object_get(schema, "additionalProperties");
}

static bool fits_keys(const struct check *check, const json_t *schema, const json_t *value)
{
    const char *key;
    json_t *item;
    json_object_foreach((json_t *)(uintptr_t)value, key, item)
    {
        const struct check inside = {check->way, key, check->why};
        const json_t *wanted = said_of(check, schema, key);
        if (json_is_false(wanted)) {
            snprintf(check->why, SCHEMA_WHY,
                     "\"%.40s\" has the key \"%.60s\", which is not described", check->name, key);
            return false;
        }
        if (wanted && !fits(&inside, wanted, item))
            return false;
    }
    return true;
}

static bool has_required(const struct check *check, const json_t *required, const json_t *value)
{
    size_t i;
    json_t *name;
    json_array_foreach((json_t *)(uintptr_t)required, i, name)
    {
        bool there = json_object_get(value, json_string_value(name)) != NULL;
        const char *key;
        json_t *item;
        json_object_foreach((json_t *)(uintptr_t)value, key, item)
        {
            there =
                there || (check->way == SCHEMA_LOOSE && !strcasecmp(key, json_string_value(name)));
        }
        if (!there) {
            snprintf(check->why, SCHEMA_WHY, "\"%.40s\" has no key \"%.60s\"", check->name,
                     json_string_value(name));
            return false;
        }
    }
    return true;
}

static bool fits_items(const struct check *check, const json_t *items, const json_t *value)
{
    size_t i;
    json_t *item;
    const char *key;
    json_array_foreach((json_t *)(uintptr_t)value, i, item)
    {
        if (!fits(check, items, item))
            return false;
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, item)
    {
        if (!fits(check, items, item))
            return false;
    }
    return true;
}

static bool fits_any(const struct check *check, const json_t *choices, const json_t *value)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)choices, i, one)
    {
        if (fits(check, one, value))
            return true;
    }
    return false;
}

static bool fits_word(const struct check *check, const json_t *schema, const char *word,
                      const json_t *said, const json_t *value)
{
    bool empty_list = json_is_array(value) && !json_array_size(value);
    if (!strcmp(word, "type"))
        return fits_type(check, said, value) || wrong(check, schema, value);
    if (!strcmp(word, "enum"))
        return fits_enum(check, said, value) || wrong(check, schema, value);
    if (!strcmp(word, "pattern"))
        return fits_pattern(said, value) || wrong(check, schema, value);
    if (!strcmp(word, "anyOf"))
        return fits_any(check, said, value);
    if (!strcmp(word, "items")) /* a form has a list as an object of 0, 1, 2 ... */
        return !(json_is_array(value) || (json_is_object(value) && check->way == SCHEMA_LOOSE)) ||
               fits_items(check, said, value);
    if (!strcmp(word, "maxItems"))
        return json_array_size(value) <= (size_t)json_integer_value(said) ||
               wrong(check, schema, value);
    if (!strcmp(word, "required"))
        return !(json_is_object(value) || empty_list) || has_required(check, said, value);
    if (!strcmp(word, "properties") || !strcmp(word, "additionalProperties") ||
        !strcmp(word, "patternProperties"))
        return !json_is_object(value) || fits_keys(check, schema, value);
    if (!strcmp(word, "title") || !strcmp(word, "description") || !strcmp(word, "format"))
        return true;
    snprintf(check->why, SCHEMA_WHY, "a schema with the word %.60s", word);
    return false;
}

static bool fits(const struct check *check, const json_t *schema, const json_t *value)
{
    const char *word;
    json_t *said;
    if (json_is_false(schema))
        return wrong(check, schema, value);
    json_object_foreach((json_t *)(uintptr_t)schema, word, said)
    {
        if (!fits_word(check, schema, word, said, value))
            return false;
    }
    return true;
}

bool schema_fits(const json_t *schema, const json_t *value, enum schema_way way,
                 char why[SCHEMA_WHY])
{
    const struct check check = {way, way == SCHEMA_LOOSE ? "params" : "result", why};
    return fits(&check, schema, value);
}

/* ---- of a method ---- */

static struct schemas {
    const struct method *method;
    json_t *params, *result;
} * all;
static size_t all_count;

static json_t *read_schema(const struct method *method,
                           void write(struct writer *out, const struct method *method))
{
    struct buf text = {0};
    struct writer out;
    json_error_t error;
    writer_init(&out, &text);
    write(&out, method);
    json_t *schema = json_loads(buf_text(&text), JSON_REJECT_DUPLICATES, &error);
    if (!schema)
        fprintf(stderr, "%s: its schema is no JSON: %s\n%s\n", method->name, error.text,
                buf_text(&text));
    CHECK(schema);
    buf_clear(&text);
    return schema;
}

static const struct schemas *schemas_of(const struct method *method)
{
    for (size_t i = 0; i < all_count; i++) {
        if (all[i].method == method)
            return &all[i];
    }
    all = xrealloc(all, (all_count + 1) * sizeof *all);
    all[all_count] = (struct schemas){.method = method,
                                      .params = read_schema(method, schema_params),
                                      .result = read_schema(method, schema_result)};
    return &all[all_count++];
}

const json_t *schema_of_params(const struct method *method)
{
    return schemas_of(method)->params;
}

const json_t *schema_of_result(const struct method *method)
{
    return schemas_of(method)->result;
}

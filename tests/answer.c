#include "answer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/utf8.h"
#include "schema.h"

static bool wrong(char why[ANSWER_WHY], const char *what, const char *detail)
{
    snprintf(why, ANSWER_WHY, "%s%.200s", what, detail);
    return false;
}

/* ---- the shape of a result ---- */

static const char *const shape_names[] = {
    [SHAPE_ANY] = "anything",  [SHAPE_INT] = "an integer",     [SHAPE_BOOL] = "a bool",
    [SHAPE_STRING] = "a text", [SHAPE_OBJECT] = "an object",   [SHAPE_LIST] = "a list",
    [SHAPE_NULL] = "null",     [SHAPE_EMPTY] = "an empty list"};

/* PHP has one empty array, and it is a list. */
static bool has_shape(const json_t *value, const struct method *method)
{
    if (method->result_null && json_is_null(value))
        return true;
    switch (method->result) {
    case SHAPE_ANY:
        return true;
    case SHAPE_INT:
        return json_is_integer(value);
    case SHAPE_BOOL:
        return json_is_boolean(value);
    case SHAPE_STRING:
        return json_is_string(value);
    case SHAPE_OBJECT:
        return json_is_object(value) ? json_object_size(value) > 0
                                     : json_is_array(value) && !json_array_size(value);
    case SHAPE_LIST:
        return json_is_array(value);
    case SHAPE_NULL:
        return json_is_null(value);
    case SHAPE_EMPTY:
        return json_is_array(value) && !json_array_size(value);
    }
    return false;
}

/* An empty object and one with the keys 0, 1, 2 ... cannot come from PHP, however deep. */
static bool is_php(const json_t *value, char why[ANSWER_WHY])
{
    const char *key;
    const json_t *item;
    size_t i, in_sequence = 0;
    if (json_is_array(value)) {
        json_array_foreach((json_t *)(uintptr_t)value, i, item)
        {
            if (!is_php(item, why))
                return false;
        }
    }
    if (!json_is_object(value))
        return true;
    json_object_foreach((json_t *)(uintptr_t)value, key, item)
    {
        char number[24];
        snprintf(number, sizeof number, "%zu", in_sequence);
        in_sequence += !strcmp(key, number);
        if (!is_php(item, why))
            return false;
    }
    if (in_sequence == json_object_size(value))
        return wrong(why, "an object that PHP would say as a list", "");
    return true;
}

static const struct method **covered;
static size_t covered_count;

bool answer_covered(const struct method *method)
{
    size_t i = 0;
    while (i < covered_count && covered[i] != method)
        i++;
    return i < covered_count;
}

static void cover(const struct method *method)
{
    if (answer_covered(method))
        return;
    covered = xrealloc(covered, (covered_count + 1) * sizeof *covered);
    covered[covered_count++] = method;
}

static bool check_shape(const char *call, const json_t *result, char why[ANSWER_WHY])
{
    char text[ANSWER_WHY];
    int name = (int)strcspn(call, "?");
    const struct method *method = method_find(call, (size_t)name);
    if (!method)
        return wrong(why, "a result of a method that does not exist: ", call);
    if (!has_shape(result, method)) {
        snprintf(text, sizeof text, "%.*s must be %s", name, call, shape_names[method->result]);
        return wrong(why, "the result of ", text);
    }
    if (!is_php(result, why))
        return false;
    if (!schema_fits(schema_of_result(method), result, SCHEMA_STRICT, text)) {
        snprintf(why, ANSWER_WHY, "the result of %.80s: %.200s", method->name, text);
        return false;
    }
    cover(method);
    return true;
}

/* ---- the frame ---- */

static bool is_date(const json_t *value)
{
    const char *text = json_string_value(value);
    return text && strlen(text) == 25 && text[10] == 'T' && text[22] == ':';
}

static bool check_time(const json_t *time, char why[ANSWER_WHY])
{
    static const char *const numbers[] = {"start",      "finish",    "duration",
                                          "processing", "operating", "operating_reset_at"};
    bool good = json_object_size(time) == 8 && is_date(json_object_get(time, "date_start")) &&
                is_date(json_object_get(time, "date_finish"));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const json_t *number = json_object_get(time, numbers[i]);
        good = good && json_is_number(number) && json_number_value(number) >= 0;
    }
    return good || wrong(why, "the time block is not complete", "");
}

static bool is_count(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

/* Exactly `known` members of these names may be there. */
static bool only(const json_t *object, const char *const *names, size_t count, char why[ANSWER_WHY])
{
    const char *key;
    const json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t i = 0;
        while (i < count && strcmp(names[i], key) != 0)
            i++;
        if (i == count)
            return wrong(why, "an unknown part: ", key);
    }
    return true;
}

static bool check_error(const json_t *error, char why[ANSWER_WHY])
{
    static const char *const names[] = {"error", "error_description", "argument"};
    const json_t *argument = json_object_get(error, "argument");
    if (!json_is_string(json_object_get(error, "error")) ||
        !json_is_string(json_object_get(error, "error_description")) ||
        (argument && !json_is_string(argument)))
        return wrong(why, "an error is a code and a text", "");
    const char *code = json_string_value(json_object_get(error, "error"));
    bool known = !*code;
    for (size_t i = 0; i < API_ERROR_COUNT && !known; i++)
        known = !strcmp(api_errors[i].code, code);
    return known ? only(error, names, 3, why) : wrong(why, "an unknown error code: ", code);
}

/* ---- a batch ---- */

/* The member of one of the five parts; each is a list or an object. */
static const json_t *part_get(const json_t *part, const char *key)
{
    size_t at;
    char end;
    if (json_is_object(part))
        return json_object_get(part, key);
    return sscanf(key, "%zu%c", &at, &end) == 1 ? json_array_get(part, at) : NULL;
}

static size_t part_size(const json_t *part)
{
    return json_is_object(part) ? json_object_size(part) : json_array_size(part);
}

static const char *command_call(const json_t *command)
{
    const json_t *method = json_object_get(command, "method");
    return json_string_value(method ? method : command);
}

static bool check_command(const char *key, const json_t *command, const json_t *batch,
                          size_t *results, size_t *errors, char why[ANSWER_WHY])
{
    const json_t *result = part_get(json_object_get(batch, "result"), key);
    const json_t *error = part_get(json_object_get(batch, "result_error"), key);
    const json_t *time = part_get(json_object_get(batch, "result_time"), key);
    const json_t *total = part_get(json_object_get(batch, "result_total"), key);
    const json_t *next = part_get(json_object_get(batch, "result_next"), key);
    *results += result != NULL;
    *errors += error != NULL;
    if (result && error)
        return wrong(why, "a command with a result and an error: ", key);
    if ((total && !is_count(total)) || (next && !is_count(next)))
        return wrong(why, "a total or a next that is no number: ", key);
    if (error)
        return check_error(error, why);
    if (!result) /* halted */
        return true;
    if (!time || !check_time(time, why))
        return wrong(why, "a result without its time: ", key);
    const char *call = command_call(command);
    return call ? check_shape(call, result, why) : wrong(why, "a result of no method: ", key);
}

static bool check_parts(const json_t *batch, char why[ANSWER_WHY])
{
    static const char *const names[] = {"result", "result_error", "result_total", "result_next",
                                        "result_time"};
    for (size_t i = 0; i < 5; i++) {
        const json_t *part = json_object_get(batch, names[i]);
        if (!json_is_object(part) && !json_is_array(part))
            return wrong(why, "a batch without its part ", names[i]);
    }
    return only(batch, names, 5, why);
}

/* Every result and every error belongs to a command that was given. */
static bool check_batch(const char *body, const json_t *batch, char why[ANSWER_WHY])
{
    size_t results = 0, errors = 0, i;
    bool good = check_parts(batch, why);
    json_t *params = body ? json_loads(body, 0, NULL) : NULL;
    const json_t *cmd = json_object_get(params, "cmd"), *command;
    const char *key;
    if (json_is_array(cmd)) {
        json_array_foreach((json_t *)(uintptr_t)cmd, i, command)
        {
            char number[24];
            snprintf(number, sizeof number, "%zu", i);
            good = good && check_command(number, command, batch, &results, &errors, why);
        }
    } else if (json_is_object(cmd)) {
        json_object_foreach((json_t *)(uintptr_t)cmd, key, command)
        {
            good = good && check_command(key, command, batch, &results, &errors, why);
        }
    }
    if (good && cmd &&
        (results != part_size(json_object_get(batch, "result")) ||
         errors != part_size(json_object_get(batch, "result_error"))))
        good = wrong(why, "a result or an error of no command", "");
    json_decref(params);
    if (good)
        cover(method_find("batch", 5));
    return good;
}

/* ---- all of it ---- */

static bool check_success(const char *call, const char *body, const json_t *answer,
                          char why[ANSWER_WHY])
{
    static const char *const names[] = {"result", "next", "total", "time"};
    const json_t *result = json_object_get(answer, "result");
    const json_t *next = json_object_get(answer, "next"), *total = json_object_get(answer, "total");
    if (!result)
        return wrong(why, "neither a result nor an error", "");
    if ((next && !is_count(next)) || (total && !is_count(total)))
        return wrong(why, "a total or a next that is no number", "");
    if (!only(answer, names, 4, why) || !check_time(json_object_get(answer, "time"), why))
        return false;
    if (strcspn(call, "?") == 5 && !strncasecmp(call, "batch", 5))
        return check_batch(body, result, why);
    return check_shape(call, result, why);
}

json_t *answer_read(const char *call, const char *body, int status, const char *text, size_t len,
                    char why[ANSWER_WHY])
{
    json_error_t error;
    if (!utf8_valid(text, len)) {
        wrong(why, "not UTF-8", "");
        return NULL;
    }
    json_t *answer = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (!answer) {
        wrong(why, "no JSON: ", error.text);
        return NULL;
    }
    bool is_error = json_object_get(answer, "error") != NULL, good;
    if (!json_is_object(answer))
        good = wrong(why, "no object", "");
    else if (is_error != (status >= 400))
        good = wrong(why, is_error ? "an error with status 200" : "a result with a status of error",
                     "");
    else
        good = is_error ? check_error(answer, why) : check_success(call, body, answer, why);
    if (!good) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

#include "model/arg.h"

#define SHOWN_BYTES 100 /* of a wrong value */

bool arg_given(const struct request *req, const char *name)
{
    const struct value *value = param_get(req, name);
    return value && value->type != VALUE_NULL;
}

enum api_rc arg_missing(struct request *req, const char *name)
{
    return api_fail(req, API_ERR_PARAMETER, "Could not find value for parameter {%s}", name);
}

enum api_rc arg_mismatch(struct request *req, const char *name, const char *type)
{
    size_t len = 0;
    const struct value *value = param_get(req, name);
    const char *text = value ? value_to_text(req->arena, value, &len) : "";
    if (!text)
        text = "Array";
    if (len > SHOWN_BYTES) { /* whole characters only */
        for (len = SHOWN_BYTES; len && ((unsigned char)text[len] & 0xC0) == 0x80;)
            len--;
        text = arena_strndup(req->arena, text, len);
    }
    return api_fail(req, API_ERR_PARAMETER,
                    "Invalid value {%s} to match with parameter {%s}. Should be value of type %s.",
                    text, name, type);
}

enum api_rc arg_int(struct request *req, const char *name, int64_t *integer)
{
    if (!arg_given(req, name))
        return arg_missing(req, name);
    return param_int(req, name, integer) ? API_OK : arg_mismatch(req, name, "int");
}

enum api_rc arg_text(struct request *req, const char *name, const char **text)
{
    size_t len;
    if (!arg_given(req, name))
        return arg_missing(req, name);
    *text = value_to_text(req->arena, param_get(req, name), &len);
    return *text ? API_OK : arg_mismatch(req, name, "string");
}

enum api_rc arg_array(struct request *req, const char *name, const struct value **array)
{
    if (!arg_given(req, name))
        return arg_missing(req, name);
    *array = param_get(req, name);
    return (*array)->type == VALUE_ARRAY ? API_OK : arg_mismatch(req, name, "array");
}

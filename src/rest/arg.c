#include "rest/arg.h"

bool arg_given(const struct request *req, const char *name)
{
    const struct value *value = param_get(req, name);
    return value && value->type != VALUE_NULL;
}

static enum api_rc missing(struct request *req, const char *name)
{
    return api_fail(req, API_ERR_PARAMETER, "Could not find value for parameter {%s}", name);
}

enum api_rc arg_mismatch(struct request *req, const char *name, const char *type)
{
    return api_fail(req, API_ERR_PARAMETER,
                    "Invalid value to match with parameter {%s}. Should be value of type %s.", name,
                    type);
}

enum api_rc arg_int(struct request *req, const char *name, int64_t *integer)
{
    if (!arg_given(req, name))
        return missing(req, name);
    return param_int(req, name, integer) ? API_OK : arg_mismatch(req, name, "int");
}

enum api_rc arg_text(struct request *req, const char *name, const char **text)
{
    size_t len;
    if (!arg_given(req, name))
        return missing(req, name);
    *text = value_to_text(req->arena, param_get(req, name), &len);
    return *text ? API_OK : arg_mismatch(req, name, "string");
}

enum api_rc arg_array(struct request *req, const char *name, const struct value **array)
{
    if (!arg_given(req, name))
        return missing(req, name);
    *array = param_get(req, name);
    return (*array)->type == VALUE_ARRAY ? API_OK : arg_mismatch(req, name, "array");
}

#include "model/spec.h"

#include "model/arg.h"
#include "model/method.h"

/* How a value of each type is read: what error 100 calls it, and into what. */
static enum api_rc bind_int(struct request *req, const struct param *p, void *at)
{
    return arg_int(req, p->name, at);
}

static enum api_rc bind_text(struct request *req, const struct param *p, void *at)
{
    return arg_text(req, p->name, at);
}

static enum api_rc bind_array(struct request *req, const struct param *p, void *at)
{
    return arg_array(req, p->name, at);
}

static enum api_rc bind_number(struct request *req, const struct param *p, void *at)
{
    return value_to_double(param_get(req, p->name), at) ? API_OK
                                                        : arg_mismatch(req, p->name, "float");
}

/* Anything is true or false. */
static enum api_rc bind_flag(struct request *req, const struct param *p, void *at)
{
    bool *flag = at;
    const struct value *value = param_get(req, p->name);
    if (!value_to_flag(value, flag))
        *flag = !value_is_empty(value);
    return API_OK;
}

static enum api_rc bind_any(struct request *req, const struct param *p, void *at)
{
    const struct value **value = at;
    *value = param_get(req, p->name);
    return API_OK;
}

typedef enum api_rc bind_fn(struct request *req, const struct param *p, void *at);

static bind_fn *const binders[] = {
    [PARAM_INT] = bind_int,       [PARAM_NUMBER] = bind_number, [PARAM_STRING] = bind_text,
    [PARAM_DATETIME] = bind_text, [PARAM_FLAG] = bind_flag,     [PARAM_BOOL] = bind_flag,
    [PARAM_ARRAY] = bind_array,   [PARAM_LIST] = bind_array,    [PARAM_ANY] = bind_any,
    [PARAM_FIELDS] = bind_array,  [PARAM_ITEM] = bind_array,    [PARAM_ROW] = bind_array,
    [PARAM_SELECT] = bind_array,  [PARAM_FILTER] = bind_array,  [PARAM_ORDER] = bind_array,
};

static bool is_array(enum param_type type)
{
    return binders[type] == bind_array;
}

/* Of a method without error 100: what no reading makes sense of. */
static enum api_rc readable(struct request *req, const struct param *p)
{
    const struct value *value = param_get(req, p->name);
    if (!value || p->type == PARAM_SELECT) /* one name may be given as a text */
        return API_OK;
    if (is_array(p->type) && !p->asked && !value_is_empty(value) && value->type != VALUE_ARRAY)
        return api_fail(req, API_ERR_METHOD, "Parameter '%s' must be array.", p->name);
    if ((p->type == PARAM_INT || p->type == PARAM_STRING) && !p->asked && value_is_array(value) &&
        value->array.count)
        return api_fail(req, API_ERR_METHOD, "Parameter '%s' must not be an array.", p->name);
    return API_OK;
}

static enum api_rc bind_one(struct request *req, const struct param *p, void *at)
{
    enum api_rc rc = req->method->binds ? API_OK : readable(req, p);
    if (rc != API_OK || !p->bind)
        return rc;
    if (!arg_given(req, p->name))
        return req->method->binds && p->required && !p->asked ? arg_missing(req, p->name) : API_OK;
    struct api_error before = req->error;
    rc = binders[p->type](req, p, at);
    if (rc == API_FAIL && !req->method->binds) {
        req->error = before; /* as if it were not given */
        rc = API_OK;
    }
    return rc;
}

enum api_rc spec_bind(struct request *req)
{
    const struct method *method = req->method;
    char *args = method->args_size ? arena_zalloc(req->arena, method->args_size) : NULL;
    req->args = args;
    for (const struct param *p = method->params; p && p->type != PARAM_END; p++) {
        enum api_rc rc = bind_one(req, p, p->bind ? args + p->bind - 1 : NULL);
        if (rc != API_OK)
            return rc;
    }
    return API_OK;
}

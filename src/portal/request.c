#include "portal/request.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"

const struct api_error_info api_errors[API_ERROR_COUNT] = {
#define API_ERROR(name, code, status, text) [API_ERR_##name] = {code, status, text},
#include "portal/error.def"
#undef API_ERROR
};

const char *api_error_code(const struct api_error *error)
{
    return error->other ? error->other : api_errors[error->code].code;
}

enum api_rc api_fail(struct request *req, enum api_code code, const char *format, ...)
{
    char text[512];
    req->error.code = code;
    req->error.text = NULL;
    req->error.status = 0;
    req->error.other = NULL;
    req->error.argument = NULL;
    if (format) {
        va_list args;
        va_start(args, format);
        vsnprintf(text, sizeof text, format, args);
        va_end(args);
        utf8_mend(text); /* a client's name may have been cut in the middle of a letter */
        req->error.text = arena_strdup(req->arena, text);
    }
    return API_FAIL;
}

enum api_rc api_fail_text(struct request *req, const char *text)
{
    req->error.code = API_ERR_METHOD;
    req->error.text = text;
    req->error.status = 0;
    req->error.other = NULL;
    req->error.argument = NULL;
    return API_FAIL;
}

enum api_rc api_keep_text(struct request *req, const char *text)
{
    api_fail_text(req, text);
    return API_KEPT;
}

enum api_rc api_db(struct request *req, enum db_rc rc)
{
    if (rc == DB_OK || rc == DB_ROW || rc == DB_NONE)
        return API_OK;
    req->store = rc;
    return API_STORE;
}

enum api_rc api_settle(struct request *req, enum api_rc rc)
{
    if (!req->budget || req->budget->state == BUDGET_GOOD || rc == API_FAIL || rc == API_KEPT ||
        (rc == API_STORE && req->store != DB_OVER))
        return rc;
    if (req->budget->state == BUDGET_POOL)
        return api_fail(req, API_ERR_OVERLOAD_LIMIT, NULL);
    api_fail(req, API_ERR_ANSWER_TOO_LARGE, NULL);
    req->error.text = req->too_large;
    return API_FAIL;
}

const struct value *param_get(const struct request *req, const char *name)
{
    return value_get_nocase(req->params, name);
}

const char *param_text(const struct request *req, const char *name)
{
    const struct value *value = param_get(req, name);
    size_t len;
    const char *text = value ? value_to_text(req->arena, value, &len) : NULL;
    return text ? text : "";
}

bool param_int(const struct request *req, const char *name, int64_t *integer)
{
    return value_to_int(param_get(req, name), integer);
}

int64_t param_start(const struct request *req)
{
    double real;
    const struct value *value = param_get(req, "start");
    if (!value_to_double(value, &real))
        return 0;
    if (real < 0)
        return -1;
    int64_t start = 0;
    if (!value_to_int(value, &start) && real < LIMIT_START)
        start = (int64_t)real;
    return real < LIMIT_START ? start : LIMIT_START;
}

const char *request_text(struct request *req, struct db_stmt *stmt, int column, size_t *len)
{
    size_t size;
    const char *text = db_text(stmt, column, &size);
    if (len)
        *len = size;
    return arena_strndup(req->arena, text, size);
}

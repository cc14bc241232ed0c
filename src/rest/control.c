#include "rest/control.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "model/method.h"
#include "portal/event.h"
#include "portal/fault.h"
#include "portal/portal.h"
#include "portal/scope.h"
#include "rest/call_log.h"
#include "rest/page.h"
#include "rest/audit_note.h"
#include "rest/reset.h"

/* ---- parameters ---- */

static enum api_rc wrong(struct request *req, const char *what)
{
    return api_fail(req, API_ERR_INVALID_ARG_VALUE, "%s", what);
}

/* Absent is no mistake: the text then is "". */
static bool get_text(struct request *req, const char *name, char *out, size_t size)
{
    const struct value *value = param_get(req, name);
    size_t len = 0;
    const char *text = value ? value_to_text(req->arena, value, &len) : "";
    if (!text || len >= size)
        return false;
    memcpy(out, text, len);
    out[len] = '\0';
    return true;
}

static bool get_number(struct request *req, const char *name, int64_t least, int64_t most,
                       int64_t *number)
{
    const struct value *value = param_get(req, name);
    *number = 0;
    return value_is_empty(value) ||
           (value_to_int(value, number) && *number >= least && *number <= most);
}

bool control_duration(const char *text, size_t len, double *seconds)
{
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    double unit = 1;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t size = strlen(units[i].name);
        if (len > size && !strncasecmp(text + len - size, units[i].name, size)) {
            unit = units[i].seconds;
            len -= size;
            break;
        }
    }
    char digits[40];
    struct value value = {.type = VALUE_STRING, .string = {digits, len}};
    if (!len || len >= sizeof digits)
        return false;
    memcpy(digits, text, len);
    digits[len] = '\0';
    if (!value_to_double(&value, seconds))
        return false;
    *seconds *= unit;
    return true;
}

static bool get_duration(struct request *req, const char *name, double *seconds)
{
    char text[40];
    *seconds = 0;
    return get_text(req, name, text, sizeof text) &&
           (!text[0] || control_duration(text, strlen(text), seconds));
}

/* ---- faults ---- */

static bool own_code(const char *text, bool exactly, enum api_code *code)
{
    for (int i = 0; i < API_ERROR_COUNT; i++) {
        const char *key = api_errors[i].code;
        if (key[0] && !(exactly ? strcmp : strcasecmp)(key, text)) {
            *code = (enum api_code)i;
            return true;
        }
    }
    return false;
}

static bool line_name(const char *text, enum api_code *code)
{
    static const char *const names[] = {
#define API_ERROR(name, code, status, text) #name,
#include "portal/error.def"
#undef API_ERROR
    };
    for (int i = 0; i < API_ERROR_COUNT; i++) {
        if (!strcasecmp(names[i], text)) {
            *code = (enum api_code)i;
            return true;
        }
    }
    return false;
}

/* By a code that is answered here, by one that is only known, or by the name of a line in error.def, since
 * several lines share a code. Exactly first: invalid_request of OAuth is another error than
 * INVALID_REQUEST. */
static bool find_code(const char *text, struct fault *fault)
{
    for (int exactly = 1; exactly >= 0; exactly--) {
        if (own_code(text, exactly, &fault->code))
            return true;
        fault->known = known_error_find(text, exactly);
        if (fault->known)
            return true;
    }
    return line_name(text, &fault->code);
}

static bool told_before(int at)
{
    for (int i = 0; i < at; i++) {
        if (!strcmp(api_errors[i].code, api_errors[at].code))
            return true;
    }
    return !api_errors[at].code[0];
}

static enum api_rc refuse_code(struct request *req, const char *text)
{
    struct buf list = {0};
    for (int i = 0; i < API_ERROR_COUNT; i++) {
        if (!told_before(i))
            buf_printf(&list, "%s%s", list.len ? ", " : "", api_errors[i].code);
    }
    for (size_t i = 0; i < known_error_count; i++)
        buf_printf(&list, ", %s", known_errors[i].code);
    req->error.code = API_ERR_INVALID_ARG_VALUE;
    req->error.text = arena_printf(
        req->arena,
        "There is no error %s. There are: %s; and METHOD, a method's own with an empty "
        "code and the given text",
        text, buf_text(&list));
    req->error.status = 0;
    buf_clear(&list);
    return API_FAIL;
}

/* None of the control API, and none of the page for people. */
static bool is_met(const char *path)
{
    const struct page *page = page_find(path);
    return page && page->access != PAGE_CONTROL && !page->of_console;
}

/* A name nobody calls would be a fault that never comes: a slip of the pen is told at once. */
static bool method_known(const char *text)
{
    size_t len = strlen(text);
    if (text[0] == '/')
        return is_met(text);
    if (text[len - 1] != '*')
        return method_find(text, len) != NULL;
    for (size_t i = 0; i < method_count(); i++) {
        if (!strncasecmp(method_at(i)->name, text, len - 1))
            return true;
    }
    return false;
}

static enum api_rc read_kind(struct request *req, struct fault *fault)
{
    char kind[20], error[80];
    if (!get_text(req, "kind", kind, sizeof kind) || !get_text(req, "error", error, sizeof error))
        return wrong(req, "kind and error are short texts");
    if (error[0] && !find_code(error, fault))
        return refuse_code(req, error);
    if (!kind[0] && !error[0] && fault->delay <= 0)
        return wrong(req, "What is to go wrong? Give error, kind or delay");
    if (!kind[0])
        snprintf(kind, sizeof kind, "%s", error[0] ? "error" : "delay");
    for (int i = 0; i < FAULT_KINDS; i++) {
        if (strcmp(kind, fault_kinds[i]) != 0)
            continue;
        fault->kind = (enum fault_kind)i;
        if ((fault->kind == FAULT_ERROR) != (error[0] != '\0'))
            return wrong(req, "error goes with kind error, and with no other");
        if (fault->kind == FAULT_DELAY && fault->delay <= 0)
            return wrong(req, "kind delay needs delay, a time as 800ms or 2s");
        return API_OK;
    }
    return wrong(req, "kind is error, delay, drop, lost, html, truncate or drip");
}

static enum api_rc read_fault(struct request *req, struct fault *fault)
{
    int64_t status;
    if (!get_duration(req, "delay", &fault->delay) || fault->delay < 0 ||
        fault->delay > FAULT_DELAY_MAX)
        return wrong(req, "delay is a time as 800ms or 2s, at most 4m");
    enum api_rc rc = read_kind(req, fault);
    if (rc != API_OK)
        return rc;
    if (!get_text(req, "method", fault->method, sizeof fault->method))
        return wrong(req, "method is a name");
    if (!strcmp(fault->method, "*"))
        fault->method[0] = '\0';
    if (fault->method[0] && !method_known(fault->method))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "There is no method %s%s", fault->method,
                        known_find(fault->method, strlen(fault->method)) ? " yet" : "");
    if (fault->method[0] == '/') /* by the name that a call to it has */
        snprintf(fault->method, sizeof fault->method, "%s", page_find(fault->method)->path);
    if (!get_text(req, "text", fault->text, sizeof fault->text))
        return wrong(req, "text has at most 255 bytes");
    if (!get_number(req, "count", 1, INT64_MAX, &fault->count) ||
        !get_number(req, "every", 1, INT64_MAX, &fault->every))
        return wrong(req, "count and every are numbers from 1");
    if (!get_number(req, "status", 400, 599, &status))
        return wrong(req, "status is a number from 400 to 599");
    if (!get_number(req, "credential", INT64_MIN, INT64_MAX, &fault->credential))
        return wrong(req, "credential is the id of a webhook");
    fault->status = (int)status;
    return API_OK;
}

static void write_number(struct writer *out, const char *key, int64_t number)
{
    writer_keyz(out, key);
    writer_int(out, number);
}

static void write_text(struct writer *out, const char *key, const char *text)
{
    writer_keyz(out, key);
    writer_stringz(out, text);
}

static void write_fault(struct writer *out, const struct fault *fault)
{
    const struct api_error_info *info = &api_errors[fault->code];
    writer_begin_object(out);
    write_number(out, "id", fault->id);
    write_text(out, "kind", fault_kinds[fault->kind]);
    write_text(out, "method", fault->method[0] ? fault->method : "*");
    if (fault->kind == FAULT_ERROR) {
        const struct known_error *known = fault->known;
        int status = known ? known->status : info->status;
        const char *text = known ? known->text : info->text;
        write_text(out, "error", known ? known->code : info->code);
        write_number(out, "status", fault->status ? fault->status : status);
        write_text(out, "text", fault->text[0] ? fault->text : text);
    }
    writer_keyz(out, "delay");
    writer_double(out, fault->delay);
    writer_keyz(out, "credential");
    fault->credential ? writer_int(out, fault->credential) : writer_null(out);
    writer_keyz(out, "count");
    fault->count ? writer_int(out, fault->count) : writer_null(out);
    write_number(out, "every", fault->every ? fault->every : 1);
    write_number(out, "seen", fault->seen);
    write_number(out, "hits", fault->hits);
    writer_end_object(out);
}

static enum api_rc faults_list(struct request *req)
{
    struct fault *list;
    size_t count = fault_list(req->portal->faults, req->arena, &list);
    writer_begin_list(req->out);
    for (size_t i = 0; i < count; i++)
        write_fault(req->out, &list[i]);
    writer_end_list(req->out);
    return API_OK;
}

static enum api_rc faults_add(struct request *req)
{
    struct fault fault = {0};
    enum api_rc rc = read_fault(req, &fault);
    if (rc != API_OK)
        return rc;
    fault.id = fault_add(req->portal->faults, &fault);
    if (!fault.id)
        return wrong(req, "There are 1000 faults already; clear some");
    write_fault(req->out, &fault);
    return API_OK;
}

static enum api_rc faults_clear(struct request *req)
{
    int64_t id;
    if (!get_number(req, "id", 1, INT64_MAX, &id))
        return wrong(req, "id is the number of a fault");
    size_t cleared = fault_clear(req->portal->faults, id);
    if (id && !cleared)
        return api_fail(req, API_ERR_NOT_FOUND, "There is no fault %lld", (long long)id);
    writer_begin_object(req->out);
    write_number(req->out, "cleared", (int64_t)cleared);
    writer_end_object(req->out);
    return API_OK;
}

/* ---- the clock ---- */

#define CLOCK_LAST 253402300799.0 /* the last second of the year 9999 */

static enum api_rc clock_show(struct request *req)
{
    double now = portal_now(req->portal);
    char date[DATETIME_SIZE];
    datetime_format(req->zone, (int64_t)now, date);
    writer_begin_object(req->out);
    writer_keyz(req->out, "now");
    writer_double(req->out, now);
    write_text(req->out, "date", date);
    writer_keyz(req->out, "frozen");
    writer_bool(req->out, clock_is_frozen(&req->portal->clock));
    writer_keyz(req->out, "ahead");
    writer_double(req->out, clock_is_frozen(&req->portal->clock)
                                ? now - clock_real()
                                : clock_ahead(&req->portal->clock));
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc clock_freeze_action(struct request *req)
{
    const struct value *at = param_get(req, "at");
    double seconds = portal_now(req->portal);
    int64_t instant;
    if (!value_is_empty(at) && !value_to_double(at, &seconds)) {
        if (at->type != VALUE_STRING || datetime_parse(req->zone, at->string.text, at->string.len,
                                                       &instant) == DATETIME_INVALID)
            return wrong(req, "at is a date as 2026-01-31T12:00:00+03:00, or seconds since 1970");
        seconds = (double)instant;
    }
    if (seconds < 1 || seconds > CLOCK_LAST)
        return wrong(req, "at is a time from 1970 to 9999");
    clock_freeze(&req->portal->clock, seconds);
    event_wake(req->portal);
    return clock_show(req);
}

static enum api_rc clock_move_action(struct request *req)
{
    double by;
    if (value_is_empty(param_get(req, "by")) || !get_duration(req, "by", &by) ||
        portal_now(req->portal) + by < 1 || portal_now(req->portal) + by > CLOCK_LAST)
        return wrong(req, "by is a time as 90s, 10m, 2h, -1d; it stays from 1970 to 9999");
    clock_move(&req->portal->clock, by);
    event_wake(req->portal);
    return clock_show(req);
}

static enum api_rc clock_resume_action(struct request *req)
{
    clock_resume(&req->portal->clock);
    event_wake(req->portal);
    return clock_show(req);
}

/* ---- the calls received ---- */

static enum api_rc calls_show(struct request *req)
{
    char method[FAULT_METHOD_SIZE];
    int64_t after;
    /* The page for people shows its own when it is asked to, and hides them itself. */
    bool own = req->caller && req->caller->is_console;
    value_to_flag(param_get(req, "console"), &own);
    if (!get_number(req, "after", 0, INT64_MAX, &after) ||
        !get_text(req, "method", method, sizeof method))
        return wrong(req, "after is the id of a call, method a name");
    if (!req->portal->calls)
        return api_fail(req, API_ERR_NOT_FOUND, "Calls are kept with serve --control only");
    call_log_write(req->portal->calls, req->out, after, method, own, CALL_LOG_SIZE);
    return API_OK;
}

static enum api_rc calls_clear(struct request *req)
{
    if (!req->portal->calls)
        return api_fail(req, API_ERR_NOT_FOUND, "Calls are kept with serve --control only");
    writer_begin_object(req->out);
    write_number(req->out, "cleared", (int64_t)call_log_clear(req->portal->calls));
    writer_end_object(req->out);
    return API_OK;
}

/* ---- the portal ---- */

/* It has no transaction that an entry of the trail could stand in. */
static enum api_rc note_reset(struct request *req)
{
    struct buf why = {0};
    struct db *read = req->db;
    req->db = portal_connect(req->portal, DB_WRITER, &why);
    req->now = portal_now(req->portal);
    enum api_rc rc =
        req->db ? audit_note(req, "reset", req->caller ? req->caller->user_id : 0, req->params)
                : api_fail(req, API_ERR_INTERNAL, "%s", buf_text(&why));
    db_close(req->db);
    req->db = read;
    buf_clear(&why);
    return rc;
}

static enum api_rc portal_reset(struct request *req)
{
    char to[20];
    struct buf why = {0};
    if (!get_text(req, "to", to, sizeof to) ||
        (strcmp(to, "demo") != 0 && strcmp(to, "empty") != 0))
        return wrong(req, "to is demo or empty");
    const struct value *hooks_param = param_get(req, "hooks");
    bool hooks = false;
    if (!value_is_empty(hooks_param) && !value_to_flag(hooks_param, &hooks))
        return wrong(req, "hooks is 1 or 0: whether outgoing webhooks are part of it");
    double began = clock_monotonic();
    bool good =
        reset_portal(req->portal, strcmp(to, "demo") ? RESET_EMPTY : RESET_DEMO, hooks, &why);
    enum api_rc rc = good ? API_OK : api_fail(req, API_ERR_INTERNAL, "%s", buf_text(&why));
    buf_clear(&why);
    if (rc == API_OK)
        rc = note_reset(req);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    write_text(req->out, "to", to);
    writer_keyz(req->out, "seconds");
    writer_double(req->out, clock_monotonic() - began);
    writer_end_object(req->out);
    return API_OK;
}

/* The command wrote the setting; here is where the running server takes it up. */
static enum api_rc portal_take_up(struct request *req)
{
    if (!portal_read_closed(req->portal))
        return api_fail(req, API_ERR_INTERNAL, NULL);
    writer_begin_object(req->out);
    writer_keyz(req->out, "closed");
    writer_bool(req->out, req->portal->closed);
    writer_end_object(req->out);
    return API_OK;
}

/* ---- the table ---- */

static const struct action {
    const char *name;
    enum api_rc (*run)(struct request *req);
    const char *params; /* "method,error": what it takes; any other is a slip of the pen */
} actions[] = {
    {"faults", faults_list, ""},
    {"faults/add", faults_add, "method,error,kind,text,status,count,every,delay,credential"},
    {"faults/clear", faults_clear, "id"},
    {"clock", clock_show, ""},
    {"clock/freeze", clock_freeze_action, "at"},
    {"clock/move", clock_move_action, "by"},
    {"clock/resume", clock_resume_action, ""},
    {"calls", calls_show, "after,method,console"},
    {"calls/clear", calls_clear, ""},
    {"portal", portal_take_up, ""},
    {"reset", portal_reset, "to,hooks"},
};

static bool takes(const char *params, const struct value_item *item)
{
    char name[32];
    size_t len = item->key_len;
    if (len >= sizeof name)
        return false;
    for (size_t i = 0; i < len; i++)
        name[i] = (char)tolower((unsigned char)item->key[i]);
    return scope_listed_n(params, ',', name, len);
}

/* A fault with `cuont=1` would fire for ever. */
static enum api_rc check_params(struct request *req, const struct action *action)
{
    for (size_t i = 0; i < req->params->array.count; i++) {
        const struct value_item *item = &req->params->array.items[i];
        if (!takes(action->params, item) && !takes("auth,access_token", item))
            return api_fail(req, API_ERR_INVALID_ARG_VALUE, "There is no parameter %.60s; %s%s",
                            item->key, action->params[0] ? "there are " : "there is none here",
                            action->params);
    }
    return API_OK;
}

enum api_rc control_run(struct request *req, const char *name)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, name) != 0)
            continue;
        enum api_rc rc = check_params(req, &actions[i]);
        return rc == API_OK ? actions[i].run(req) : rc;
    }
    return api_fail(req, API_ERR_NOT_FOUND, NULL);
}

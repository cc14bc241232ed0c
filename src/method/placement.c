/* placement.bind, unbind, get, list - an application fills places of the page for people.
 *
 * Pages: api-reference/widgets/placement-bind, placement-unbind, placement-get, placement-list.
 */
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "crm/placement.h"
#include "model/arg.h"
#include "model/method.h"
#include "portal/scope.h"
#include "send/subscription.h"

/* ---- who may ---- */

static enum api_rc needs_app(struct request *req)
{
    return req->caller->app_id
               ? API_OK
               : api_fail(req, API_ERR_WRONG_AUTH_TYPE,
                          "Current authorization type is denied for this method Application "
                          "context required");
}

static enum api_rc needs_admin(struct request *req)
{
    enum api_rc rc = needs_app(req);
    return rc != API_OK || req->caller->is_admin ? rc : api_fail(req, API_ERR_ACCESS_DENIED, NULL);
}

static bool in_scope(const struct request *req, const struct placement *place)
{
    return !place->scope || scope_listed(req->caller->scopes, ',', place->scope);
}

/* ---- what is given ---- */

static enum api_rc missing(struct request *req, const char *name)
{
    api_fail(req, API_ERR_ARGUMENT, "Argument '%s' is null or empty", name);
    req->error.argument = name;
    return API_FAIL;
}

static enum api_rc text(struct request *req, const char *name, bool required, size_t most,
                        const char **out)
{
    const struct value *value = param_get(req, name);
    if (value_is_array(value)) {
        api_fail(req, API_ERR_ARGUMENT, "The value of an argument '%s' must be of type string",
                 name);
        req->error.argument = name;
        return API_FAIL;
    }
    *out = param_text(req, name);
    if (required && !**out)
        return missing(req, name);
    if (strlen(*out) > most) {
        api_fail(req, API_ERR_ARGUMENT, "Argument '%s' is too long", name);
        req->error.argument = name;
        return API_FAIL;
    }
    return API_OK;
}

struct given {
    struct placement place;
    const char *code, *handler, *title, *description, *group, *languages, *options;
    int64_t user_id;
};

static const char *json_of(struct request *req, const struct value *value)
{
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_value(&w, value_is_array(value) ? value : value_array(req->arena));
    const char *copy = arena_strndup(req->arena, json.data, json.len);
    buf_clear(&json);
    return copy;
}

/* Of one language, where no LANG_ALL says more. */
static const char *own_language(struct request *req, const struct given *given)
{
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_keyz(&w, "en");
    writer_begin_object(&w);
    writer_text(&w, "TITLE", given->title);
    writer_text(&w, "DESCRIPTION", given->description);
    writer_text(&w, "GROUP_NAME", given->group);
    writer_end_object(&w);
    writer_end_object(&w);
    const char *copy = arena_strndup(req->arena, json.data, json.len);
    buf_clear(&json);
    return copy;
}

static enum api_rc take_place(struct request *req, struct given *given)
{
    enum api_rc rc = text(req, "PLACEMENT", true, LIMIT_LINE_BYTES, &given->code);
    if (rc == API_OK &&
        (!placement_find(req, given->code, &given->place) || !in_scope(req, &given->place)))
        rc = api_fail(req, API_ERR_PLACEMENT_NOT_FOUND, NULL);
    return rc;
}

static enum api_rc take_handler(struct request *req, struct given *given)
{
    enum api_rc rc = text(req, "HANDLER", true, LIMIT_LINE_BYTES, &given->handler);
    if (rc != API_OK)
        return rc;
    const char *scheme = strstr(given->handler, "://");
    if (scheme && strncasecmp(given->handler, "http", 4) != 0)
        return api_fail(req, API_ERR_PLACEMENT_PROTOCOL, NULL);
    return handler_valid(given->handler) ? API_OK : api_fail(req, API_ERR_PLACEMENT_HANDLER, NULL);
}

/* USER_ID 0 is everybody; the official PHP SDK says null. */
static enum api_rc take_user(struct request *req, struct given *given)
{
    bool says = arg_given(req, "USER_ID") &&
                (!param_int(req, "USER_ID", &given->user_id) || given->user_id);
    if (!says)
        return API_OK;
    if (!given->place.personal)
        return api_fail(req, API_ERR_PLACEMENT_USER, NULL);
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT 1 FROM member WHERE id = $1 AND active = 'Y'");
    db_bind_int(stmt, 1, given->user_id);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    return rc == DB_NONE ? api_fail(req, API_ERR_ARGUMENT, "USER_ID is no active user")
                         : api_db(req, rc);
}

static enum api_rc take_options(struct request *req, struct given *given)
{
    const struct value *options = param_get(req, "OPTIONS");
    const struct value *languages = param_get(req, "LANG_ALL");
    const char *wanted = given->place.option;
    const struct value *option =
        wanted && value_is_array(options) ? value_get(options, wanted) : NULL;
    if (wanted && (!option || option->type != VALUE_STRING || !option->string.len)) {
        if (!strcmp(wanted, "errorHandlerUrl"))
            return api_fail(req, API_ERR_PLACEMENT_ERROR_URL, NULL);
        return missing(req, arena_printf(req->arena, "OPTIONS[%s]", wanted));
    }
    given->options = json_of(req, options);
    given->languages = value_is_array(languages) && languages->array.count
                           ? json_of(req, languages)
                           : own_language(req, given);
    if (strlen(given->options) > LIMIT_OBJECT_BYTES ||
        strlen(given->languages) > LIMIT_OBJECT_BYTES)
        return api_fail(req, API_ERR_ARGUMENT, "OPTIONS or LANG_ALL is too long");
    return API_OK;
}

static enum api_rc take(struct request *req, struct given *given)
{
    enum api_rc rc = take_place(req, given);
    if (rc == API_OK)
        rc = take_handler(req, given);
    if (rc == API_OK)
        rc = take_user(req, given);
    if (rc == API_OK)
        rc = text(req, "TITLE", false, LIMIT_LINE_BYTES, &given->title);
    if (rc == API_OK)
        rc = text(req, "DESCRIPTION", false, LIMIT_LINE_BYTES, &given->description);
    if (rc == API_OK)
        rc = text(req, "GROUP_NAME", false, LIMIT_LINE_BYTES, &given->group);
    return rc == API_OK ? take_options(req, given) : rc;
}

/* ---- placement.bind ---- */

/* Two calls at once wait for each other. */
static enum api_rc check_free(struct request *req, const struct given *given)
{
    struct db_stmt *stmt = db_prepare_hold(
        req->db,
        "SELECT handler FROM placement WHERE placement = $1 AND app_id = $2 AND user_id = "
        "$3",
        NULL);
    enum db_rc rc;
    bool same = false, any = false;
    db_bind_textz(stmt, 1, given->place.code);
    db_bind_int(stmt, 2, req->caller->app_id);
    db_bind_int(stmt, 3, given->user_id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        any = true;
        same = same || !strcmp(db_text(stmt, 0, NULL), given->handler);
    }
    db_finish(stmt);
    if (rc != DB_NONE)
        return api_db(req, rc);
    if (any && given->place.once)
        return api_fail(req, API_ERR_PLACEMENT_COUNT, NULL);
    return same ? api_fail(req, API_ERR_CORE,
                           "Unable to set placement handler: Handler already binded")
                : API_OK;
}

static enum api_rc placement_bind(struct request *req)
{
    struct given given = {0};
    enum api_rc rc = needs_admin(req);
    if (rc == API_OK)
        rc = take(req, &given);
    if (rc == API_OK)
        rc = api_db(req, db_hold_rule(req->db, "placement"));
    if (rc == API_OK)
        rc = check_free(req, &given);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO placement (app_id, placement, user_id, handler, title, description, "
                 "group_name, lang_all, options, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
                 "$9, $10)");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_textz(stmt, 2, given.place.code);
    db_bind_int(stmt, 3, given.user_id);
    db_bind_textz(stmt, 4, given.handler);
    db_bind_textz(stmt, 5, given.title);
    db_bind_textz(stmt, 6, given.description);
    db_bind_textz(stmt, 7, given.group);
    db_bind_textz(stmt, 8, given.languages);
    db_bind_textz(stmt, 9, given.options);
    db_bind_int(stmt, 10, (int64_t)req->now);
    rc = api_db(req, db_run(stmt));
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* ---- placement.unbind ---- */

/* `count` is 2 for each handler: the page counts it when it is found and when it is gone. */
static enum api_rc placement_unbind(struct request *req)
{
    const char *code, *handler;
    struct placement place;
    int64_t user_id = -1;
    enum api_rc rc = needs_admin(req);
    if (rc == API_OK)
        rc = text(req, "PLACEMENT", true, LIMIT_LINE_BYTES, &code);
    if (rc == API_OK)
        rc = text(req, "HANDLER", false, LIMIT_LINE_BYTES, &handler);
    if (rc == API_OK && arg_given(req, "USER_ID") && !param_int(req, "USER_ID", &user_id))
        rc = api_fail(req, API_ERR_ARGUMENT, "USER_ID is no number");
    if (rc != API_OK)
        return rc;
    /* A type that went leaves what was bound to it. */
    if (placement_find(req, code, &place))
        code = place.code;
    struct db_stmt *stmt = db_prepare(
        req->db, "DELETE FROM placement WHERE app_id = $1 AND placement = $2 AND ($3 = '' OR "
                 "handler = $4) AND ($5 = -1 OR user_id = $6)");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_textz(stmt, 2, code);
    db_bind_textz(stmt, 3, handler);
    db_bind_textz(stmt, 4, handler);
    db_bind_int(stmt, 5, user_id);
    db_bind_int(stmt, 6, user_id);
    rc = api_db(req, db_run(stmt));
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_number(req->out, "count", 2 * db_changes(req->db));
    writer_end_object(req->out);
    return API_OK;
}

/* ---- placement.get, placement.list ---- */

static void write_json(struct writer *out, const char *key, struct db_stmt *stmt, int column)
{
    size_t len;
    const char *json = db_text(stmt, column, &len);
    writer_keyz(out, key);
    writer_raw(out, json, len);
}

static enum api_rc placement_get(struct request *req)
{
    struct writer *out = req->out;
    enum db_rc rc;
    enum api_rc may = needs_admin(req);
    if (may != API_OK)
        return may;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT placement, user_id, handler, options, title, description, lang_all FROM "
                 "placement WHERE app_id = $1 ORDER BY id");
    db_bind_int(stmt, 1, req->caller->app_id);
    writer_begin_list(out);
    while ((rc = db_step(stmt)) == DB_ROW) {
        writer_begin_object(out);
        writer_text(out, "placement", db_text(stmt, 0, NULL));
        writer_number(out, "userId", db_int(stmt, 1));
        writer_text(out, "handler", db_text(stmt, 2, NULL));
        write_json(out, "options", stmt, 3);
        writer_text(out, "title", db_text(stmt, 4, NULL));
        writer_text(out, "description", db_text(stmt, 5, NULL));
        write_json(out, "langAll", stmt, 6);
        writer_end_object(out);
    }
    writer_end_list(out);
    db_finish(stmt);
    return api_db(req, rc);
}

static void write_place(struct request *req, const struct placement *place)
{
    const char *scope = param_text(req, "SCOPE");
    bool full = false;
    value_to_flag(param_get(req, "FULL"), &full);
    bool chosen = *scope ? !strcasecmp(scope, place->scope ? place->scope : "placement")
                         : full || in_scope(req, place);
    if (chosen)
        writer_stringz(req->out, place->code);
}

static enum api_rc placement_list(struct request *req)
{
    enum api_rc rc = needs_app(req);
    if (rc != API_OK)
        return rc;
    writer_begin_list(req->out);
    placement_each(req, write_place);
    writer_end_list(req->out);
    return API_OK;
}

static const struct param bind_params[] = {
    {"PLACEMENT", PARAM_STRING, true, "The place, as CRM_DEAL_DETAIL_TAB.", .asked = true},
    {"HANDLER", PARAM_STRING, true, "The address of the page that stands there.", .asked = true},
    {"TITLE", PARAM_STRING, false, "What it is called there."},
    {"DESCRIPTION", PARAM_STRING, false, "What it is."},
    {"GROUP_NAME", PARAM_STRING, false, "Under which handlers of one place stand together."},
    {"LANG_ALL", PARAM_ARRAY, false, "TITLE, DESCRIPTION, GROUP_NAME by language."},
    {"OPTIONS", PARAM_ARRAY, false, "What the place asks for beside."},
    {"USER_ID", PARAM_INT, false, "For whom; PAGE_BACKGROUND_WORKER alone."},
    {0}};

static const struct param unbind_params[] = {
    {"PLACEMENT", PARAM_STRING, true, "The place.", .asked = true},
    {"HANDLER", PARAM_STRING, false, "Only this handler; without it all of the application."},
    {"USER_ID", PARAM_INT, false, "Only what this user has."},
    {0}};

static const struct param list_params[] = {
    {"SCOPE", PARAM_STRING, false, "Only places of this scope."},
    {"FULL", PARAM_FLAG, false, "Also places that the application's scope does not cover."},
    {0}};

static const struct param count_keys[] = {
    {"count", PARAM_INT, true, "2 for each handler that went"}, {0}};
static const struct param language_texts[] = {{"TITLE", PARAM_STRING},
                                              {"DESCRIPTION", PARAM_STRING},
                                              {"GROUP_NAME", PARAM_STRING},
                                              {"*", PARAM_ANY, .summary = "What else was given"},
                                              {0}};
static const struct param languages[] = {{"*", PARAM_ARRAY, false, NULL, language_texts}, {0}};
static const struct param placement_keys[] = {{"placement", PARAM_STRING, true},
                                              {"userId", PARAM_INT, true},
                                              {"handler", PARAM_STRING, true},
                                              {"options", PARAM_ANY, true, "As they were given"},
                                              {"title", PARAM_STRING, true},
                                              {"description", PARAM_STRING, true},
                                              {"langAll", PARAM_ARRAY, true, NULL, languages},
                                              {0}};
static const struct param names[] = {{"", PARAM_STRING}, {0}};

#define PAGE(name) "api-reference/widgets/placement-" name

static const struct method methods[] = {
    {.name = "placement.bind",
     .summary = "Put a page of the application into a place.",
     .scope = "placement",
     .lane = LANE_WRITE,
     .params = bind_params,
     .result = SHAPE_BOOL,
     .page = PAGE("bind"),
     .handle = placement_bind},
    {.name = "placement.unbind",
     .summary = "Take pages of the application out of a place.",
     .scope = "placement",
     .lane = LANE_WRITE,
     .params = unbind_params,
     .result = SHAPE_OBJECT,
     .gives = count_keys,
     .page = PAGE("unbind"),
     .handle = placement_unbind},
    {.name = "placement.get",
     .summary = "List the places that the application fills.",
     .scope = "placement",
     .lane = LANE_READ,
     .result = SHAPE_LIST,
     .gives = placement_keys,
     .page = PAGE("get"),
     .handle = placement_get},
    {.name = "placement.list",
     .summary = "List the places that there are.",
     .scope = "placement",
     .lane = LANE_READ,
     .params = list_params,
     .result = SHAPE_LIST,
     .gives = names,
     .page = PAGE("list"),
     .handle = placement_list},
};

MODULE(placement, METHODS(methods));

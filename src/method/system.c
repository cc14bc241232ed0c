/* server.time, scope, methods, method.get, feature.get, app.info - the protocol on itself.
 *
 * Used by: the registry.
 * Pages:   api-reference/common/system/.
 */
#include <string.h>
#include <strings.h>

#include "model/method.h"
#include "people/app.h"
#include "portal/scope.h"

static enum api_rc server_time(struct request *req)
{
    char text[DATETIME_SIZE];
    writer_string(req->out, text, datetime_format(req->zone, (int64_t)req->now, text));
    return API_OK;
}

static bool flag_param(const struct request *req, const char *name)
{
    bool flag = false;
    return value_to_flag(param_get(req, name), &flag) && flag;
}

/* ---- scopes ---- */

static void write_scopes(struct request *req)
{
    const char *at = req->caller->scopes;
    writer_begin_list(req->out);
    while (*at) {
        size_t len = strcspn(at, ",");
        if (len)
            writer_string(req->out, at, len);
        at += len + (at[len] == ',');
    }
    writer_end_list(req->out);
}

static enum api_rc scope(struct request *req)
{
    if (!flag_param(req, "full")) {
        write_scopes(req);
        return API_OK;
    }
    writer_begin_list(req->out);
    for (const char *const *name = scope_names; *name; name++)
        writer_stringz(req->out, *name);
    writer_end_list(req->out);
    return API_OK;
}

/* An incoming webhook is no application: it has rights and a plan, and nothing else to tell. The
 * documentation has an error here; portals answer this. */
#define LICENSE "en_selfhosted"

static void write_texts(struct writer *out, const char *const texts[][2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        writer_keyz(out, texts[i][0]);
        writer_stringz(out, texts[i][1]);
    }
}

static void write_install(struct writer *out, const struct request *req, const struct app *app)
{
    char member[APP_MARK_SIZE];
    portal_member_id(req->portal, member);
    const char *const texts[][2] = {
        {"status", APP_STATUS},
        {"scope", app->scope},
        {"domain", base_url_domain(req->base_url)},
        {"uri", req->base_url},
        {"client_endpoint", arena_printf(req->arena, "%s/rest/", req->base_url)},
        {"member_id", member},
        {"member_type", "user"}};
    writer_keyz(out, "install");
    writer_begin_object(out);
    writer_keyz(out, "installed");
    writer_bool(out, app->installed);
    writer_keyz(out, "version");
    writer_int(out, app->version);
    write_texts(out, texts, sizeof texts / sizeof texts[0]);
    writer_end_object(out);
}

/* In an application: what the portal and, after it, what the authorization server tells; here they
 * are one host. */
static enum api_rc app_info_of(struct request *req, const struct app *app)
{
    struct writer *out = req->out;
    writer_begin_object(out);
    writer_keyz(out, "ID");
    writer_int(out, app->id);
    writer_keyz(out, "VERSION");
    writer_int(out, app->version);
    writer_keyz(out, "INSTALLED");
    writer_bool(out, app->installed);
    writer_keyz(out, "DAYS");
    writer_null(out);
    const char *const texts[][2] = {{"CODE", app->client_id},
                                    {"STATUS", APP_STATUS},
                                    {"PAYMENT_EXPIRED", app->payment_expired ? "Y" : "N"},
                                    {"LANGUAGE_ID", "en"},
                                    {"LICENSE", LICENSE},
                                    {"LICENSE_TYPE", "selfhosted"},
                                    {"LICENSE_FAMILY", "selfhosted"},
                                    {"client_id", app->client_id},
                                    {"scope", app->scope}};
    write_texts(out, texts, sizeof texts / sizeof texts[0]);
    writer_keyz(out, "expires");
    char expires[DATETIME_SIZE];
    writer_string(out, expires, datetime_format(req->zone, req->caller->expires, expires));
    writer_keyz(out, "user_id");
    writer_int(out, req->caller->user_id);
    write_install(out, req, app);
    writer_end_object(out);
    return API_OK;
}

static enum api_rc app_info(struct request *req)
{
    struct app app;
    if (req->caller->app_id) {
        enum db_rc rc = app_find(req->db, req->arena, req->caller->app_id, &app);
        return rc == DB_ROW ? app_info_of(req, &app) : api_db(req, rc == DB_NONE ? DB_ERROR : rc);
    }
    writer_begin_object(req->out);
    writer_keyz(req->out, "SCOPE");
    write_scopes(req);
    writer_keyz(req->out, "LICENSE");
    writer_stringz(req->out, LICENSE);
    writer_end_object(req->out);
    return API_OK;
}

/* ---- methods ---- */

enum choice { CHOOSE_CALLABLE, CHOOSE_ALL, CHOOSE_SCOPE };

static bool chosen(const struct request *req, const struct method *method, enum choice choice,
                   const char *scope_name)
{
    if (choice == CHOOSE_SCOPE)
        return method->scope ? scope_listed(method->scope, '|', scope_name) : !*scope_name;
    return choice == CHOOSE_ALL || method_in_scope(method, req->caller);
}

static enum api_rc methods_list(struct request *req)
{
    const struct value *given = param_get(req, "scope");
    const char *scope_name = "";
    size_t len;
    enum choice choice = flag_param(req, "full") ? CHOOSE_ALL : CHOOSE_CALLABLE;
    if (given && choice != CHOOSE_ALL && (scope_name = value_to_text(req->arena, given, &len)))
        choice = CHOOSE_SCOPE;
    writer_begin_list(req->out);
    for (size_t i = 0; i < method_count(); i++) {
        if (chosen(req, method_at(i), choice, scope_name))
            writer_stringz(req->out, method_at(i)->name);
    }
    writer_end_list(req->out);
    return API_OK;
}

static enum api_rc method_get(struct request *req)
{
    size_t len = 0;
    const struct value *name = param_get(req, "name");
    const char *text = name ? value_to_text(req->arena, name, &len) : NULL;
    const struct method *method = text && len ? method_find(text, len) : NULL;
    writer_begin_object(req->out);
    writer_keyz(req->out, "isExisting");
    writer_bool(req->out, method != NULL);
    writer_keyz(req->out, "isAvailable");
    writer_bool(req->out, method && method_in_scope(method, req->caller));
    writer_end_object(req->out);
    return API_OK;
}

/* Both documented features, rest_offline_extended and rest_auth_connector, belong to events, which
 * are not implemented here; a code nobody knows is answered the same way. */
static enum api_rc feature_get(struct request *req)
{
    static const char *const here[] = {"rest_offline_extended", "rest_auth_connector"};
    const char *code = param_text(req, "CODE");
    bool found = false;
    if (value_is_empty(param_get(req, "CODE")))
        return api_fail(req, API_ERR_CODE_EMPTY, NULL);
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++)
        found = found || !strcmp(here[i], code);
    writer_begin_object(req->out);
    writer_keyz(req->out, "value");
    writer_stringz(req->out, found ? "Y" : "N");
    writer_end_object(req->out);
    return API_OK;
}

/* ---- the table ---- */

static const struct param batch_params[] = {
    {"cmd", PARAM_ARRAY, false, "Commands by key: method?parameter=value, or {method, params}"},
    {"halt", PARAM_FLAG, false, "True: stop at the first command that fails"},
    {NULL, PARAM_END, false, NULL},
};

static const struct param scope_params[] = {
    {"full", PARAM_FLAG, false, "True: every scope there is"},
    {NULL, PARAM_END, false, NULL},
};
static const struct param methods_params[] = {
    {"full", PARAM_FLAG, false, "True: every method there is"},
    {"scope", PARAM_STRING, false, "Only methods of this scope; empty: those without one"},
    {NULL, PARAM_END, false, NULL},
};
static const struct param method_get_params[] = {
    {"name", PARAM_STRING, false, "Name of the method"},
    {NULL, PARAM_END, false, NULL},
};
static const struct param feature_params[] = {
    {"CODE", PARAM_STRING, true, "The feature: rest_offline_extended or rest_auth_connector"},
    {NULL, PARAM_END, false, NULL},
};

static const struct param names[] = {{"", PARAM_STRING}, {0}};

static const struct param exists_keys[] = {
    {"isExisting", PARAM_BOOL, true}, {"isAvailable", PARAM_BOOL, true}, {0}};
static const struct param feature_keys[] = {{"value", PARAM_STRING, true}, {0}};
static const struct param install_keys[] = {
    {"installed", PARAM_BOOL, true},         {"version", PARAM_INT, true},
    {"status", PARAM_STRING, true},          {"scope", PARAM_STRING, true},
    {"domain", PARAM_STRING, true},          {"uri", PARAM_STRING, true},
    {"client_endpoint", PARAM_STRING, true}, {"member_id", PARAM_STRING, true},
    {"member_type", PARAM_STRING, true},     {0}};
static const struct param info_keys[] = {
    {"SCOPE", PARAM_LIST, false, "Of a webhook", .keys = names},
    {"LICENSE", PARAM_STRING, true},
    {"ID", PARAM_INT, false, "Of an application, as the following"},
    {"CODE", PARAM_STRING},
    {"VERSION", PARAM_INT},
    {"STATUS", PARAM_STRING},
    {"INSTALLED", PARAM_BOOL},
    {"PAYMENT_EXPIRED", PARAM_FLAG},
    {"DAYS", PARAM_INT, .null = true},
    {"LANGUAGE_ID", PARAM_STRING},
    {"LICENSE_TYPE", PARAM_STRING},
    {"LICENSE_FAMILY", PARAM_STRING},
    {"client_id", PARAM_STRING},
    {"scope", PARAM_STRING},
    {"expires", PARAM_STRING},
    {"user_id", PARAM_INT},
    {"install", PARAM_ARRAY, .keys = install_keys},
    {0}};
/* What the commands answered stands under their keys; a list where they had none. */
static const struct param of_commands[] = {{"*", PARAM_ANY, .summary = "By the key of the command"},
                                           {0}};
static const struct param outcomes[] = {
    {"result", PARAM_ARRAY, true, "What each answered", .keys = of_commands},
    {"result_error", PARAM_ARRAY, true, "Or why it was refused", .keys = of_commands},
    {"result_total", PARAM_ARRAY, true, "Of lists", .keys = of_commands},
    {"result_next", PARAM_ARRAY, true, "Of lists", .keys = of_commands},
    {"result_time", PARAM_ARRAY, true, "When each ran", .keys = of_commands},
    {0}};

static const struct method methods[] = {
    {.name = "batch",
     .summary = "Run up to 50 commands in one call.",
     .no_batch = true,
     .params = batch_params,
     .result = SHAPE_OBJECT,
     .gives = outcomes,
     .page = "settings/how-to-call-rest-api/batch",
     /* The pipeline runs it: its commands decide the lane. */
     .handle = NULL},
    {.name = "server.time",
     .summary = "Return the server's time.",
     .lane = LANE_READ,
     .result = SHAPE_STRING,
     .page = "api-reference/common/system/server-time",
     .handle = server_time},
    {.name = "scope",
     .summary = "List the scopes of the credential.",
     .lane = LANE_READ,
     .params = scope_params,
     .result = SHAPE_LIST,
     .gives = names,
     .page = "api-reference/common/system/scope",
     .handle = scope},
    {.name = "methods",
     .summary = "List the methods that can be called.",
     .lane = LANE_READ,
     .params = methods_params,
     .result = SHAPE_LIST,
     .gives = names,
     .page = "api-reference/common/system/methods",
     .handle = methods_list},
    {.name = "method.get",
     .summary = "Tell whether a method exists and can be called.",
     .lane = LANE_READ,
     .params = method_get_params,
     .result = SHAPE_OBJECT,
     .gives = exists_keys,
     .page = "api-reference/common/system/method-get",
     .handle = method_get},
    {.name = "feature.get",
     .summary = "Tell whether the portal has a feature.",
     .lane = LANE_READ,
     .params = feature_params,
     .result = SHAPE_OBJECT,
     .gives = feature_keys,
     .page = "api-reference/common/system/feature-get",
     .handle = feature_get},
    {.name = "app.info",
     .summary = "Describe the credential: its scopes and the portal's plan.",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = info_keys,
     .page = "api-reference/common/system/app-info",
     .handle = app_info},
};
MODULE(system, METHODS(methods));

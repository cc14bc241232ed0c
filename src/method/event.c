/* event.bind, event.unbind, event.get, events, event.test - who hears of what.
 *
 * Used by: the registry.
 * Pages:   api-reference/events/: event-bind, event-unbind, event-get, events, test-handler.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "model/event_kind.h"
#include "model/method.h"
#include "people/auth.h"
#include "portal/portal.h"
#include "portal/scope.h"
#include "send/subscription.h"

static enum api_rc needs_app(struct request *req)
{
    return req->caller->app_id ? API_OK : api_fail(req, API_ERR_WRONG_AUTH_TYPE, NULL);
}

static bool in_scope(const struct request *req, const struct event_kind *kind)
{
    return !kind->scope || scope_listed(req->caller->scopes, ',', kind->scope);
}

/* auth_type: absent or a user's id. */
static enum api_rc auth_type_param(struct request *req, int64_t absent, const char *doing,
                                   int64_t *auth_type)
{
    const char *text = param_text(req, "auth_type");
    *auth_type = absent;
    if (!param_get(req, "auth_type"))
        return API_OK;
    if (*text && !text_to_int(text, strlen(text), auth_type))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "auth_type must be the id of a user");
    if (!*text)
        *auth_type = 0;
    if (*auth_type && *auth_type != req->caller->user_id && !req->caller->is_admin)
        return api_fail(req, API_ERR_ACCESS_DENIED,
                        "Access denied! Event %s with AUTH_TYPE requires administrator access "
                        "rights",
                        doing);
    return API_OK;
}

/* event_type: *offline is set for "offline", which only an administrator may use. */
static enum api_rc event_type_param(struct request *req, const char *doing, bool *offline)
{
    const char *type = param_text(req, "event_type");
    *offline = !strcasecmp(type, "offline");
    if (!*offline && *type && strcasecmp(type, "online") != 0)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "event_type must be online or offline");
    if (*offline && !req->caller->is_admin)
        return api_fail(req, API_ERR_ACCESS_DENIED,
                        "Access denied! Offline events %s requires administrator access rights",
                        doing);
    return API_OK;
}

static enum api_rc min_timeout_param(struct request *req, int64_t *seconds)
{
    const struct value *options = param_get(req, "options");
    const struct value *given =
        value_is_array(options) ? value_get_nocase(options, "minTimeout") : NULL;
    size_t len;
    const char *text =
        given && !value_is_array(given) ? value_to_text(req->arena, given, &len) : NULL;
    *seconds = 1;
    if (given && (!text || !text_to_int(text, len, seconds) || *seconds < 0 || *seconds > 86400))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "minTimeout must be 0 to 86400 seconds");
    return API_OK;
}

/* Does the user whose tokens would be sent exist? */
static enum api_rc check_user(struct request *req, int64_t user_id)
{
    if (!user_id)
        return API_OK;
    struct db_stmt *stmt = db_prepare(req->db, "SELECT 1 FROM member WHERE id = $1 AND active = "
                                               "'Y'");
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    return rc == DB_NONE
               ? api_fail(req, API_ERR_INVALID_ARG_VALUE, "auth_type must be the id of a user")
               : api_db(req, rc);
}

static enum api_rc bind_given(struct request *req, const struct subscription *s)
{
    enum db_rc rc = subscription_add(req->db, s, NULL);
    if (rc == DB_CONFLICT)
        return api_fail(req, API_ERR_CORE, "Unable to set event handler: Handler already binded");
    if (rc != DB_OK)
        return api_db(req, rc);
    event_subscriptions_changed(req->portal);
    writer_bool(req->out, true);
    return API_OK;
}

static enum api_rc event_bind(struct request *req)
{
    const char *name = param_text(req, "event"), *handler = param_text(req, "handler");
    const struct event_kind *kind = event_kind_find(req, name);
    struct subscription s = {.kind = SUBSCRIBER_APP,
                             .subscriber_id = req->caller->app_id,
                             .connector = param_text(req, "auth_connector")};
    bool offline;
    enum api_rc rc = needs_app(req);
    if (rc == API_OK && !*name)
        rc = api_fail(req, API_ERR_ARGUMENT, "Argument 'EVENT' is null or empty");
    if (rc == API_OK && (!kind || !in_scope(req, kind)))
        rc = api_fail(req, API_ERR_EVENT_NOT_FOUND, NULL);
    if (rc == API_OK)
        rc = event_type_param(req, "binding", &offline);
    if (rc == API_OK)
        rc = auth_type_param(req, req->caller->is_admin ? 0 : req->caller->user_id, "binding",
                             &s.auth_type);
    if (rc == API_OK)
        rc = min_timeout_param(req, &s.min_timeout);
    if (rc == API_OK)
        rc = check_user(req, s.auth_type);
    if (rc != API_OK)
        return rc;
    if (!req->caller->is_admin)
        s.auth_type = req->caller->user_id;
    s.event = kind->name;
    if (!offline && !*handler)
        return api_fail(req, API_ERR_ARGUMENT, "Argument 'HANDLER' is null or empty");
    if (!offline && !handler_valid(handler))
        return api_fail(
            req, API_ERR_CORE,
            "Unable to set event handler: the handler must be an http or https address");
    if (!offline && handler_is_own(handler, req->base_url, atomic_load(&req->portal->port)))
        return api_fail(req, API_ERR_CORE,
                        "Unable to set event handler: the handler is this server's own address");
    if (offline && !strcmp(s.event, "ONOFFLINEEVENT"))
        return api_fail(req, API_ERR_EVENT_NOT_FOUND, NULL);
    if (strlen(s.connector) > 255)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "auth_connector is too long");
    s.handler = offline ? NULL : handler;
    if (!offline)
        s.connector = "";
    return bind_given(req, &s);
}

static enum api_rc event_unbind(struct request *req)
{
    const char *name = param_text(req, "event");
    struct subscription_match match = {.kind = SUBSCRIBER_APP,
                                       .subscriber_id = req->caller->app_id,
                                       .handler = param_text(req, "handler"),
                                       .connector = param_text(req, "auth_connector"),
                                       .auth_type = -1};
    const struct event_kind *kind = event_kind_find(req, name);
    int64_t count = 0;
    enum api_rc rc = needs_app(req);
    if (rc == API_OK && *name && !kind)
        rc = api_fail(req, API_ERR_EVENT_NOT_FOUND, NULL);
    if (rc == API_OK)
        rc = event_type_param(req, "unbinding", &match.offline);
    if (rc == API_OK)
        rc = auth_type_param(req, -1, "unbinding", &match.auth_type);
    if (rc != API_OK)
        return rc;
    if (!req->caller->is_admin)
        match.auth_type = req->caller->user_id;
    match.event = kind ? kind->name : NULL;
    enum db_rc done = subscription_remove(req->db, &match, &count);
    if (done != DB_OK)
        return api_db(req, done);
    event_subscriptions_changed(req->portal);
    writer_begin_object(req->out);
    writer_keyz(req->out, "count");
    writer_int(req->out, count);
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc event_get(struct request *req)
{
    char auth_type[24];
    enum db_rc rc;
    if (needs_app(req) != API_OK)
        return API_FAIL;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT h.event, t.handler, h.auth_type, h.offline FROM event_handler h LEFT JOIN "
                 "event_target t ON t.id = h.target_id WHERE h.kind = 'A' AND h.subscriber_id = $1 "
                 "AND ($2 = 1 OR h.auth_type = $3) ORDER BY h.id");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_int(stmt, 2, req->caller->is_admin);
    db_bind_int(stmt, 3, req->caller->user_id);
    writer_begin_list(req->out);
    while ((rc = db_step(stmt)) == DB_ROW) {
        writer_begin_object(req->out);
        writer_keyz(req->out, "event");
        writer_stringz(req->out, db_text(stmt, 0, NULL));
        writer_keyz(req->out, "handler");
        writer_stringz(req->out, db_text(stmt, 1, NULL));
        writer_keyz(req->out, "auth_type");
        snprintf(auth_type, sizeof auth_type, "%lld", (long long)db_int(stmt, 2));
        writer_stringz(req->out, auth_type);
        writer_keyz(req->out, "offline");
        writer_int(req->out, db_int(stmt, 3));
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc events(struct request *req)
{
    const char *scope = param_text(req, "scope");
    bool full = false, has_scope = param_get(req, "scope") != NULL;
    if (needs_app(req) != API_OK)
        return API_FAIL;
    value_to_flag(param_get(req, "full"), &full);
    writer_begin_list(req->out);
    const struct event_kinds *all = event_kinds_of(req);
    for (size_t i = 0; i < all->count; i++) {
        const struct event_kind *kind = all->kinds[i];
        bool chosen = has_scope ? !strcasecmp(kind->scope ? kind->scope : "", scope)
                                : full || in_scope(req, kind);
        if (chosen)
            writer_stringz(req->out, kind->name);
    }
    writer_end_list(req->out);
    return API_OK;
}

EVENT_KIND(app_test, "ONAPPTEST", NULL);

static enum api_rc event_test(struct request *req)
{
    struct buf data = {0};
    struct value *query = value_array(req->arena);
    if (needs_app(req) != API_OK)
        return API_FAIL;
    for (size_t i = 0; i < req->params->array.count; i++) {
        const char *key = req->params->array.items[i].key;
        if (!credential_param(key)) /* the credential is no data */
            value_set(req->arena, query, key, strlen(key), req->params->array.items[i].value);
    }
    event_data_add(req, &data, "data%5BQUERY%5D", query);
    if (data.len > LIMIT_OBJECT_BYTES) {
        buf_clear(&data);
        return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                        "The parameters are longer than %lu bytes as an event tells them",
                        LIMIT_OBJECT_BYTES);
    }
    struct event_news news = {.kind = &app_test,
                              .data = buf_text(&data),
                              .app_id = req->caller->app_id,
                              .user_id = req->caller->user_id,
                              .now = (int64_t)req->now};
    enum api_rc rc = event_tell_now(req, &news);
    buf_clear(&data);
    if (rc != API_OK)
        return rc;
    writer_int(req->out, 1);
    return API_OK;
}

static const struct param bind_params[] = {
    {"event", PARAM_STRING, true, "the event, as ONCRMACTIVITYUPDATE"},
    {"handler", PARAM_STRING, false, "the address that hears of it; none for offline events"},
    {"auth_type", PARAM_STRING, false, "the user whose token is sent; 0: who made the change"},
    {"event_type", PARAM_STRING, false, "online or offline"},
    {"auth_connector", PARAM_STRING, false, "offline: source key; its own calls are not told"},
    {"options", PARAM_ARRAY, false, "minTimeout of ONOFFLINEEVENT, seconds"},
    {NULL, PARAM_END, false, NULL}};

static const struct param unbind_params[] = {
    {"event", PARAM_STRING, false, "the event; without it all"},
    {"handler", PARAM_STRING, false, "the address; without it all"},
    {"auth_type", PARAM_STRING, false, "only those of this user; 0: only those without"},
    {"event_type", PARAM_STRING, false, "online or offline"},
    {"auth_connector", PARAM_STRING, false, "offline: only this source"},
    {NULL, PARAM_END, false, NULL}};

static const struct param events_params[] = {
    {"scope", PARAM_STRING, false, "only events of this scope"},
    {"full", PARAM_FLAG, false, "also events that the application's scope does not cover"},
    {NULL, PARAM_END, false, NULL}};

static const struct param names[] = {{"", PARAM_STRING}, {0}};
static const struct param subscription[] = {{"event", PARAM_STRING, true},
                                            {"handler", PARAM_STRING, true},
                                            {"auth_type", PARAM_STRING, true},
                                            {"offline", PARAM_INT, true},
                                            {0}};

static const struct param count_keys[] = {{"count", PARAM_INT, true}, {0}};

static const struct method methods[] = {
    {.name = "event.bind",
     .summary = "Subscribe the application to an event.",
     .lane = LANE_WRITE,
     .params = bind_params,
     .result = SHAPE_BOOL,
     .page = "api-reference/events/event-bind",
     .handle = event_bind},
    {.name = "event.unbind",
     .summary = "End subscriptions of the application.",
     .lane = LANE_WRITE,
     .params = unbind_params,
     .result = SHAPE_OBJECT,
     .gives = count_keys,
     .page = "api-reference/events/event-unbind",
     .handle = event_unbind},
    {.name = "event.get",
     .summary = "List the application's subscriptions.",
     .lane = LANE_READ,
     .result = SHAPE_LIST,
     .gives = subscription,
     .page = "api-reference/events/event-get",
     .handle = event_get},
    {.name = "events",
     .summary = "List the events that can be subscribed to.",
     .lane = LANE_READ,
     .params = events_params,
     .result = SHAPE_LIST,
     .gives = names,
     .page = "api-reference/events/events",
     .handle = events},
    {.name = "event.test",
     .summary = "Send ONAPPTEST with the call's parameters to the application's handlers.",
     .lane = LANE_WRITE,
     .result = SHAPE_INT,
     .page = "api-reference/events/test-handler",
     .handle = event_test},
};

MODULE(event, METHODS(methods));

/* /console/admin: what an administrator sees and changes of credentials and deliveries, in the page as by the commands.
 *
 * POST with a JSON body {"action": ...}, with the cookie of an administrator's session, as /console/session:
 *   webhooks                         {scopes: [...], webhooks: [{id, user_id, scope, created, revoked}]}: incoming ones
 *   webhook_add {user_id, scope}     {id, url}: the address is told this once
 *   webhook_revoke {id}              true
 *   apps                             {scopes: [...], apps: [{id, client_id, name, handler, install_url, redirect_uri, scope, users,
 *                                    server_side, installed, revoked, tokens}]}: tokens: pairs that are in force
 *   app_add {name, handler, install_url, redirect_uri, scope, users, server_side}
 *                                    {id, client_id, client_secret, application_token}: the secret is told this once
 *   app_set {id, users}, app_revoke {id}    true
 *   deliveries                       {events: [{id, event, handler, created, attempts, gave_up, last_error}], mails: [the same
 *                                    with activity_id], subscriptions: [{id, event, handler, offline, kind, subscriber_id}],
 *                                    waiting, given_up}: the newest 200 of each, those that were given up first
 *   delivery_retry {kind, id}, delivery_drop {kind, id}    kind: event or mail; id 0: all that were given up: how many
 * Times are seconds since 1970, 0: never. What is refused has a text for people in error_description: 400 it is not so, 403 no
 * administrator, 404 it is not there.
 */
#include <stdio.h>
#include <string.h>

#include "people/auth.h"
#include "people/token.h"
#include "portal/event.h"
#include "portal/portal.h"
#include "portal/scope.h"
#include "rest/admin_page.h"
#include "rest/page.h"
#include "send/subscription.h"

#define SHOWN 200

static void write_scopes(struct writer *out)
{
    writer_keyz(out, "scopes");
    writer_begin_list(out);
    for (const char *const *scope = scope_names; *scope; scope++)
        writer_stringz(out, *scope);
    writer_end_list(out);
}

/* ---- incoming webhooks ---- */

static enum api_rc webhooks(struct call *call)
{
    static const struct admin_column columns[] = {
        {"id", ADMIN_NUMBER},      {"user_id", ADMIN_NUMBER}, {"scope", ADMIN_TEXT},
        {"created", ADMIN_NUMBER}, {"revoked", ADMIN_FLAG},   {0}};
    writer_begin_object(&call->out);
    write_scopes(&call->out);
    enum api_rc rc = admin_rows(
        call, "webhooks",
        "SELECT id, user_id, scope, created, revoked FROM webhook ORDER BY id DESC", columns);
    writer_end_object(&call->out);
    return rc;
}

static enum api_rc webhook_make(struct call *call)
{
    char code[SECRET_CODE_LEN + 1], bad[80];
    int64_t whose = 0, id;
    const char *scope = param_text(&call->req, "scope");
    param_int(&call->req, "user_id", &whose);
    if (!scope_valid(scope, bad, sizeof bad))
        return own_page_refuse(call, 400,
                               arena_printf(call->req.arena, "There is no scope %s.", bad));
    secret_code(code, SECRET_CODE_LEN);
    enum db_rc rc = webhook_add(call->req.db, call->req.portal, whose, code, scope,
                                (int64_t)call->req.now, &id);
    if (rc == DB_NONE)
        return own_page_refuse(call, 400, "There is no such active user.");
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    writer_begin_object(&call->out);
    writer_number(&call->out, "id", id);
    writer_text(
        &call->out, "url",
        arena_printf(call->req.arena, "%s/rest/%lld/%s/", call->base_url, (long long)whose, code));
    writer_end_object(&call->out);
    return API_OK;
}

static enum api_rc webhook_end(struct call *call)
{
    return admin_done(call, webhook_revoke(call->req.db, admin_id(call), (int64_t)call->req.now),
                      "There is no such webhook.");
}

/* ---- applications ---- */

static enum api_rc apps(struct call *call)
{
    static const struct admin_column columns[] = {{"id", ADMIN_NUMBER},
                                                  {"client_id", ADMIN_TEXT},
                                                  {"name", ADMIN_TEXT},
                                                  {"handler", ADMIN_TEXT},
                                                  {"install_url", ADMIN_TEXT},
                                                  {"redirect_uri", ADMIN_TEXT},
                                                  {"scope", ADMIN_TEXT},
                                                  {"users", ADMIN_TEXT},
                                                  {"server_side", ADMIN_FLAG},
                                                  {"installed", ADMIN_FLAG},
                                                  {"revoked", ADMIN_FLAG},
                                                  {"tokens", ADMIN_NUMBER},
                                                  {0}};
    const char *sql = arena_printf(
        call->req.arena,
        "SELECT a.id, a.client_id, a.name, a.handler, a.install_url, a.redirect_uri, a.scope, "
        "a.users, nullif(a.server_side, 'N'), nullif(a.installed, 0), a.revoked, (SELECT count(*) "
        "FROM oauth_token t WHERE t.app_id = a.id AND t.ended IS NULL AND t.refresh_expires > "
        "%lld) FROM app a ORDER BY a.id DESC",
        (long long)call->req.now);
    writer_begin_object(&call->out);
    write_scopes(&call->out);
    enum api_rc rc = admin_rows(call, "apps", sql, columns);
    writer_end_object(&call->out);
    return rc;
}

/* NULL: the list is one of people that are there, or empty: everybody. */
static const char *check_users(struct call *call, const char *users)
{
    for (const char *at = users; *at;) {
        int64_t id = 0;
        size_t len = strcspn(at, ",");
        bool there = false;
        if (value_to_int(value_string(call->req.arena, at, len), &id)) {
            struct db_stmt *stmt = db_prepare(call->req.db, "SELECT 1 FROM member WHERE id = $1");
            db_bind_int(stmt, 1, id);
            there = db_step(stmt) == DB_ROW;
            db_finish(stmt);
        }
        if (!there)
            return "Who may use it is a list of users' ids, as 1,5; empty: everybody.";
        at += len + (at[len] == ',');
    }
    return NULL;
}

static const char *check_app(struct call *call, const struct app *app)
{
    char bad[80];
    const char *const addresses[] = {app->handler, app->install_url, app->redirect_uri};
    if (!*app->name)
        return "It needs a name.";
    for (int i = 0; i < 3; i++) {
        if (*addresses[i] && !address_valid(addresses[i]))
            return "An address begins with http:// or https://.";
    }
    if (app->server_side && !*app->install_url && !*app->handler)
        return "Without a page it needs an address that its tokens go to.";
    if (!scope_valid(app->scope, bad, sizeof bad))
        return arena_printf(call->req.arena, "There is no scope %s.", bad);
    return check_users(call, app->users);
}

static enum api_rc app_make(struct call *call)
{
    struct request *req = &call->req;
    struct app_secret secret;
    char mark[APP_MARK_SIZE];
    bool server_side = false;
    value_to_flag(param_get(req, "server_side"), &server_side);
    struct app app = {.name = param_text(req, "name"),
                      .redirect_uri = param_text(req, "redirect_uri"),
                      .handler = param_text(req, "handler"),
                      .install_url = param_text(req, "install_url"),
                      .scope = param_text(req, "scope"),
                      .users = param_text(req, "users"),
                      .server_side = server_side,
                      .installer_id = call->caller.user_id};
    const char *wrong = check_app(call, &app);
    if (wrong)
        return own_page_refuse(call, 400, wrong);
    enum db_rc rc = app_add(req->db, req->portal, &app, (int64_t)req->now, &secret);
    app.id = secret.id;
    if (rc == DB_OK)
        rc = app_installed(req->db, &app, (int64_t)req->now);
    if (rc != DB_OK)
        return api_db(req, rc);
    event_subscriptions_changed(req->portal);
    app_mark(req->portal, "app", secret.id, mark);
    writer_begin_object(&call->out);
    writer_number(&call->out, "id", secret.id);
    writer_text(&call->out, "client_id", secret.client_id);
    writer_text(&call->out, "client_secret", secret.client_secret);
    writer_text(&call->out, "application_token", mark);
    writer_end_object(&call->out);
    return API_OK;
}

#define NO_APP "There is no such application."

static enum api_rc app_change(struct call *call)
{
    const char *users = param_text(&call->req, "users"), *wrong = check_users(call, users);
    if (!param_get(&call->req,
                   "users")) /* an empty list is everybody: that is said, not left out */
        return own_page_refuse(call, 400, "Who may use it is not said.");
    return wrong ? own_page_refuse(call, 400, wrong)
                 : admin_done(call, app_set(call->req.db, admin_id(call), users, NULL), NO_APP);
}

static enum api_rc app_end(struct call *call)
{
    struct request *req = &call->req;
    int64_t id = admin_id(call), now = (int64_t)req->now;
    enum db_rc rc = app_revoke(req->db, id, now);
    if (rc == DB_OK)
        rc = app_uninstalled(req->db, id, now);
    if (rc == DB_OK)
        event_subscriptions_changed(req->portal);
    return admin_done(call, rc, NO_APP);
}

/* ---- deliveries ---- */

static enum api_rc count_of(struct call *call, const char *key, const char *sql)
{
    struct db_stmt *stmt = db_prepare(call->req.db, sql);
    enum db_rc rc = db_step(stmt);
    writer_number(&call->out, key, rc == DB_ROW ? db_int(stmt, 0) : 0);
    db_finish(stmt);
    return api_db(&call->req, rc);
}

#define OUTBOX(columns, table, joins)                                                              \
    "SELECT " columns ", o.created, o.attempts, o.gave_up, o.last_error FROM " table " o" joins    \
    " ORDER BY (o.gave_up IS NULL), o.id DESC LIMIT 200"
_Static_assert(SHOWN == 200, "as in the statement, and in the header");

static enum api_rc deliveries(struct call *call)
{
    static const struct admin_column events[] = {
        {"id", ADMIN_NUMBER},       {"event", ADMIN_TEXT},
        {"handler", ADMIN_TEXT},    {"created", ADMIN_NUMBER},
        {"attempts", ADMIN_NUMBER}, {"gave_up", ADMIN_NUMBER},
        {"last_error", ADMIN_TEXT}, {0}};
    static const struct admin_column mails[] = {{"id", ADMIN_NUMBER},
                                                {"activity_id", ADMIN_NUMBER},
                                                {"created", ADMIN_NUMBER},
                                                {"attempts", ADMIN_NUMBER},
                                                {"gave_up", ADMIN_NUMBER},
                                                {"last_error", ADMIN_TEXT},
                                                {0}};
    static const struct admin_column bound[] = {{"id", ADMIN_NUMBER},
                                                {"event", ADMIN_TEXT},
                                                {"handler", ADMIN_TEXT},
                                                {"offline", ADMIN_NUMBER},
                                                {"kind", ADMIN_TEXT},
                                                {"subscriber_id", ADMIN_NUMBER},
                                                {0}};
    writer_begin_object(&call->out);
    enum api_rc rc = admin_rows(call, "events",
                                OUTBOX("o.id, o.event, t.handler", "event_outbox",
                                       " LEFT JOIN event_target t ON t.id = o.target_id"),
                                events);
    if (rc == API_OK)
        rc = admin_rows(call, "mails", OUTBOX("o.id, o.activity_id", "mail_outbox", ""), mails);
    if (rc == API_OK)
        rc = admin_rows(call, "subscriptions",
                        "SELECT h.id, h.event, t.handler, h.offline, h.kind, h.subscriber_id FROM "
                        "event_handler h LEFT JOIN event_target t ON t.id = h.target_id ORDER BY "
                        "h.id",
                        bound);
    if (rc == API_OK)
        rc = count_of(call, "waiting",
                      "SELECT (SELECT count(*) FROM event_outbox WHERE gave_up IS NULL) + (SELECT "
                      "count(*) FROM mail_outbox WHERE gave_up IS NULL)");
    if (rc == API_OK)
        rc = count_of(call, "given_up",
                      "SELECT (SELECT count(*) FROM event_outbox WHERE gave_up IS NOT NULL) + "
                      "(SELECT count(*) FROM mail_outbox WHERE gave_up IS NOT NULL)");
    writer_end_object(&call->out);
    return rc;
}

/* One, or with id 0 all that were given up. What is being sent at this moment is left alone. */
static enum api_rc deliver(struct call *call, const char *event_sql, const char *mail_sql)
{
    const char *kind = param_text(&call->req, "kind");
    bool mail = !strcmp(kind, "mail");
    int64_t id = admin_id(call);
    if (!mail && strcmp(kind, "event") != 0)
        return own_page_refuse(call, 400, "kind is event or mail.");
    struct db_stmt *stmt = db_prepare(call->req.db, mail ? mail_sql : event_sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_run(stmt);
    int64_t count = rc == DB_OK ? db_changes(call->req.db) : 0;
    if (rc == DB_OK && id && !count)
        return own_page_refuse(call, 404, "It is not there any more.");
    if (rc == DB_OK)
        writer_int(&call->out, count);
    event_wake(call->req.portal);
    return api_db(&call->req, rc);
}

static enum api_rc delivery_retry(struct call *call)
{
    return deliver(call,
                   "UPDATE event_outbox SET gave_up = NULL, attempts = 0, last_error = '' WHERE "
                   "gave_up IS NOT NULL AND ($1 = 0 OR id = $1)",
                   "UPDATE mail_outbox SET gave_up = NULL, attempts = 0, last_error = '', due = 0 "
                   "WHERE gave_up IS NOT NULL AND ($1 = 0 OR id = $1)");
}

static enum api_rc delivery_drop(struct call *call)
{
    return deliver(call,
                   "DELETE FROM event_outbox WHERE ($1 = 0 AND gave_up IS NOT NULL) OR id = $1",
                   "DELETE FROM mail_outbox WHERE sending IS NULL AND (($1 = 0 AND gave_up IS NOT "
                   "NULL) OR id = $1)");
}

/* ---- the page ---- */

static enum api_rc admin(struct call *call)
{
    static const struct admin_action actions[] = {{"webhooks", true, webhooks},
                                                  {"webhook_add", false, webhook_make},
                                                  {"webhook_revoke", false, webhook_end},
                                                  {"apps", true, apps},
                                                  {"app_add", false, app_make},
                                                  {"app_set", false, app_change},
                                                  {"app_revoke", false, app_end},
                                                  {"deliveries", true, deliveries},
                                                  {"delivery_retry", false, delivery_retry},
                                                  {"delivery_drop", false, delivery_drop},
                                                  {0}};
    return admin_run(call, actions);
}

static const struct page pages[] = {
    {.path = "/console/admin",
     .of_console = true,
     .summary = "credentials and deliveries, for administrators",
     .lane = LANE_WRITE,
     .handle = admin},
};

PAGE_FAMILY(console_admin, pages);

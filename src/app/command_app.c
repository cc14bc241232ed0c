/* app, token: applications and their tokens from the command line. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "base/clock.h"
#include "base/writer.h"
#include "people/token.h"
#include "portal/scope.h"
#include "send/subscription.h"

struct app_options {
    const char *data, *store, *name, *redirect, *handler, *install, *scope, *user, *users, *id,
        *payment;
    bool json, server_side;
};

/* "1,5,7" */
static bool ids_valid(const char *list)
{
    int64_t id;
    while (*list) {
        size_t len = strcspn(list, ",");
        if (!text_to_int(list, len, &id) || id < 1)
            return false;
        list += len + (list[len] == ',');
    }
    return true;
}

/* 0, or the exit code of a list that names somebody who is not there. `list` is valid. */
static int check_users(struct db *db, const char *list)
{
    int64_t id;
    while (*list) {
        size_t len = strcspn(list, ",");
        text_to_int(list, len, &id);
        struct db_stmt *stmt = db_prepare(db, "SELECT 1 FROM member WHERE id = $1");
        db_bind_int(stmt, 1, id);
        enum db_rc rc = db_step(stmt);
        db_finish(stmt);
        if (rc == DB_NONE) {
            args_error("there is no user %lld; see rapport user list", (long long)id);
            return 1;
        }
        if (rc != DB_ROW)
            return command_trouble(db, "cannot read the users");
        list += len + (list[len] == ',');
    }
    return 0;
}

/* ---- app ---- */

static int check_new(const struct app_options *o)
{
    char bad[80];
    const char *const addresses[] = {o->redirect, o->handler, o->install};
    static const char *const names[] = {"--redirect-uri", "--handler", "--install-url"};
    if (!o->name || !*o->name)
        return command_usage("app add needs --name TEXT");
    for (int i = 0; i < 3; i++) {
        if (addresses[i] && !address_valid(addresses[i])) {
            args_error("%s takes http://... or https://...", names[i]);
            return 2;
        }
    }
    if (o->server_side && !o->install && !o->handler)
        return command_usage("--server-side needs --install-url or --handler: there the tokens go");
    if (!scope_valid(o->scope, bad, sizeof bad)) {
        args_error("unknown scope %s; scopes are a list as crm,user", bad);
        return 2;
    }
    return ids_valid(o->users ? o->users : "") ? 0 : command_usage("--users takes ids, as 1,5");
}

/* The application and its ONAPPINSTALL, both or none. */
static enum db_rc add(struct portal *portal, struct db *db, struct app *app,
                      struct app_secret *secret)
{
    int64_t now = (int64_t)portal_now(portal);
    enum db_rc rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = app_add(db, portal, app, now, secret);
    if (rc == DB_OK) {
        app->id = secret->id;
        rc = app_installed(db, app, now);
    }
    if (rc == DB_OK)
        return db_commit(db);
    db_rollback(db);
    return rc;
}

static int app_make(struct portal *portal, struct db *db, const struct app_options *o)
{
    struct app app = {.name = o->name,
                      .redirect_uri = o->redirect ? o->redirect : "",
                      .handler = o->handler ? o->handler : "",
                      .install_url = o->install ? o->install : "",
                      .scope = o->scope,
                      .users = o->users ? o->users : "",
                      .server_side = o->server_side,
                      .installer_id = 1};
    struct app_secret secret;
    int bad = check_new(o);
    if (!bad)
        bad = check_users(db, app.users);
    if (bad)
        return bad;
    if (o->user && !command_id(o->user, &app.installer_id))
        return command_usage("--user takes the id of a user");
    enum db_rc rc = add(portal, db, &app, &secret);
    if (rc == DB_NONE) {
        args_error("there is no active user %lld; see rapport user list",
                   (long long)app.installer_id);
        return 1;
    }
    if (rc != DB_OK)
        return command_trouble(db, "cannot add the application");
    char mark[APP_MARK_SIZE];
    app_mark(portal, "app", secret.id, mark);
    if (!o->json) {
        printf("application %lld is added, scope %s; the secret is shown this once:\n"
               "client_id         %s\nclient_secret     %s\napplication_token %s\n",
               (long long)secret.id, *o->scope ? o->scope : "(none)", secret.client_id,
               secret.client_secret, mark);
        return 0;
    }
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_keyz(&w, "id");
    writer_int(&w, secret.id);
    writer_text(&w, "client_id", secret.client_id);
    writer_text(&w, "client_secret", secret.client_secret);
    writer_text(&w, "application_token", mark);
    writer_text(&w, "scope", o->scope);
    writer_end_object(&w);
    command_print_json(&json);
    return 0;
}

static void write_app(const struct app *app, struct writer *w)
{
    if (!w) {
        printf("%6lld  %-34s %-20s %s%s%s\n", (long long)app->id, app->client_id, app->name,
               app->scope, app->payment_expired ? "  payment expired" : "",
               app->revoked ? "  revoked" : "");
        return;
    }
    writer_begin_object(w);
    writer_keyz(w, "id");
    writer_int(w, app->id);
    writer_text(w, "client_id", app->client_id);
    writer_text(w, "name", app->name);
    writer_text(w, "redirect_uri", app->redirect_uri);
    writer_text(w, "handler", app->handler);
    writer_text(w, "install_url", app->install_url);
    writer_text(w, "scope", app->scope);
    writer_text(w, "users", app->users);
    writer_keyz(w, "server_side");
    writer_bool(w, app->server_side);
    writer_keyz(w, "payment_expired");
    writer_bool(w, app->payment_expired);
    writer_keyz(w, "revoked");
    writer_bool(w, app->revoked);
    writer_end_object(w);
}

static int app_print(struct db *db, const struct app_options *o)
{
    struct buf json = {0};
    struct arena arena;
    struct writer w;
    struct app app = {0};
    enum db_rc rc;
    arena_init(&arena);
    writer_init(&w, &json);
    writer_begin_list(&w);
    command_header(o->json,
                   "    ID  CLIENT_ID                          NAME                 SCOPE");
    while ((rc = app_next(db, &arena, app.id, &app)) == DB_ROW)
        write_app(&app, o->json ? &w : NULL);
    writer_end_list(&w);
    arena_clear(&arena);
    if (o->json && rc == DB_NONE)
        command_print_json(&json);
    buf_clear(&json);
    return rc == DB_NONE ? 0 : command_trouble(db, "cannot list the applications");
}

static int app_done(struct db *db, enum db_rc rc, int64_t id, bool json, const char *what)
{
    if (rc == DB_NONE) {
        args_error("there is no application %lld in force; see rapport app list", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return command_trouble(db, "cannot change the application");
    printf(json ? "{\"id\":%lld,\"%s\":true}\n" : "application %lld: %s\n", (long long)id, what);
    return 0;
}

static enum db_rc revoke(const struct portal *portal, struct db *db, int64_t id)
{
    int64_t now = (int64_t)portal_now(portal);
    enum db_rc rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = app_revoke(db, id, now);
    if (rc == DB_OK)
        rc = app_uninstalled(db, id, now);
    if (rc == DB_OK)
        return db_commit(db);
    db_rollback(db);
    return rc;
}

/* Its installation is told again, with fresh tokens. */
static enum db_rc reinstall(const struct portal *portal, struct db *db, int64_t id)
{
    struct arena arena;
    struct app app;
    arena_init(&arena);
    enum db_rc rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = app_find(db, &arena, id, &app);
    if (rc == DB_ROW)
        rc = app.revoked ? DB_NONE : app_installed(db, &app, (int64_t)portal_now(portal));
    rc = rc == DB_OK ? db_commit(db) : rc;
    if (rc != DB_OK)
        db_rollback(db);
    arena_clear(&arena);
    return rc;
}

static int app_change(const struct portal *portal, struct db *db, const struct app_options *o,
                      const char *what)
{
    int64_t id;
    bool expired = o->payment && !strcmp(o->payment, "Y");
    if (!command_id(o->id, &id))
        return command_usage("which application? --id ID; see rapport app list");
    if (!strcmp(what, "revoke"))
        return app_done(db, revoke(portal, db, id), id, o->json, "revoked");
    if (!strcmp(what, "reinstall"))
        return app_done(db, reinstall(portal, db, id), id, o->json, "installed");
    if (!o->users && !o->payment)
        return command_usage("app set takes --users LIST or --payment-expired Y|N");
    if (o->payment && !expired && strcmp(o->payment, "N") != 0)
        return command_usage("--payment-expired takes Y or N");
    if (!ids_valid(o->users ? o->users : ""))
        return command_usage("--users takes ids, as 1,5; an empty list opens it to everybody");
    int bad = check_users(db, o->users ? o->users : "");
    if (bad)
        return bad;
    return app_done(db, app_set(db, id, o->users, o->payment ? &expired : NULL), id, o->json,
                    "changed");
}

/* Where people open it. */
static int app_address(struct portal *portal, struct db *db, const struct app_options *o)
{
    char address[512];
    struct arena arena;
    struct app app;
    int64_t id;
    if (!command_id(o->id, &id))
        return command_usage("which application? --id ID; see rapport app list");
    arena_init(&arena);
    enum db_rc rc = app_find(db, &arena, id, &app);
    bool opens =
        rc == DB_ROW && !app.revoked && !app.server_side && (*app.handler || *app.install_url);
    arena_clear(&arena);
    if (rc != DB_ROW && rc != DB_NONE)
        return command_trouble(db, "cannot read the applications");
    if (!opens) {
        args_error("application %lld is not there, or has no page of its own", (long long)id);
        return 1;
    }
    command_address(portal, address, sizeof address);
    if (o->json)
        printf("{\"id\":%lld,\"address\":\"%s/#/app/%lld\"}\n", (long long)id, address,
               (long long)id);
    else
        printf("%s/#/app/%lld\n", address, (long long)id);
    return 0;
}

int command_app(int argc, char **argv)
{
    struct app_options o = {.data = DEFAULT_DATA, .scope = "crm,user"};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--name", "TEXT", "add: what people read when it asks for access", &o.name, NULL},
        {"--redirect-uri", "URL", "add: where /oauth/authorize/ sends the code", &o.redirect, NULL},
        {"--handler", "URL", "add: the application's own address", &o.handler, NULL},
        {"--install-url", "URL", "add: where its installation is told (the handler)", &o.install,
         NULL},
        {"--scope", "LIST", "add: what it may call (crm,user)", &o.scope, NULL},
        {"--server-side", NULL, "add: it has no page of its own, it uses the API only", NULL,
         &o.server_side},
        {"--user", "ID", "add: who installs it (1)", &o.user, NULL},
        {"--users", "LIST", "add, set: who may use it, ids (everybody)", &o.users, NULL},
        {"--payment-expired", "Y|N", "set: whether its paid time is over", &o.payment, NULL},
        {"--id", "ID", "set, open, reinstall, revoke: which one", &o.id, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[2] = {NULL, NULL};
    bool help;
    int count;
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport app add|list|open|set|reinstall|revoke [options]\n\nLocal applications "
            "of a "
            "data directory's portal, also while its server runs. The\nclient_secret is "
            "shown once, by add; only a hash of it is kept. A running server takes\na "
            "change up within a second. open prints the address of its page in the console.",
            &help, what, 2, &count))
        return 2;
    if (help)
        return 0;
    if (count == 2 && !o.id)
        o.id = what[1];
    const char *verb = what[0] ? what[0] : "";
    bool add = !strcmp(verb, "add"), list = !strcmp(verb, "list"), open = !strcmp(verb, "open");
    if (!add && !list && !open && strcmp(verb, "set") != 0 && strcmp(verb, "revoke") != 0 &&
        strcmp(verb, "reinstall") != 0)
        return command_usage(
            "app add, list, open, set, reinstall or revoke? See rapport app --help");
    struct db *db;
    struct portal *portal =
        command_open(o.data, o.store, list || open ? DB_READER : DB_WRITER, &db);
    if (!portal)
        return 1;
    int code = add    ? app_make(portal, db, &o)
               : list ? app_print(db, &o)
               : open ? app_address(portal, db, &o)
                      : app_change(portal, db, &o, verb);
    db_close(db);
    portal_close(portal);
    return code;
}

/* ---- token ---- */

/* --app takes an id or a client_id. */
static enum db_rc find_app(struct db *db, struct arena *arena, const char *name, struct app *app)
{
    int64_t id;
    enum db_rc rc = command_id(name, &id) ? app_find(db, arena, id, app)
                                          : app_find_client(db, arena, name, app);
    return rc == DB_ROW && app->revoked ? DB_NONE : rc;
}

static int token_make(struct portal *portal, struct db *db, const char *name, int64_t user_id,
                      int64_t lifetime, bool json)
{
    struct arena arena;
    struct app app;
    struct token_pair pair;
    struct buf out = {0};
    struct writer w;
    char address[256];
    arena_init(&arena);
    enum db_rc rc = find_app(db, &arena, name, &app);
    const char *missing =
        rc == DB_NONE ? "there is no such application; see rapport app list" : NULL;
    if (rc == DB_ROW) {
        rc = token_issue(db, portal, &app, user_id, (int64_t)portal_now(portal), lifetime, &pair);
        missing = rc == DB_NONE ? "there is no such active user; see rapport user list" : NULL;
    }
    if (rc == DB_OK && json) {
        command_address(portal, address, sizeof address);
        writer_init(&w, &out);
        token_write(&w, portal, address, &app, &pair);
        command_print_json(&out);
    } else if (rc == DB_OK) {
        printf("tokens of user %lld for %s, shown this once:\naccess_token  %s\n"
               "refresh_token %s\n",
               (long long)user_id, app.name, pair.access, pair.refresh);
    }
    arena_clear(&arena);
    if (missing)
        args_error("%s", missing);
    else if (rc != DB_OK)
        return command_trouble(db, "cannot issue the tokens");
    return rc == DB_OK ? 0 : 1;
}

int command_token(int argc, char **argv)
{
    const char *data = DEFAULT_DATA, *store = NULL, *app = NULL, *user = "1", *expires = NULL;
    bool json = false, help;
    int64_t user_id, lifetime = TOKEN_ACCESS_S;
    int count;
    const struct arg args[] = {
        COMMAND_PLACE(data, store),
        {"--app", "ID", "the application, its id or client_id", &app, NULL},
        {"--user", "ID", "in whose name it acts (1)", &user, NULL},
        {"--expires", "SECONDS", "life of the access token (3600); -1: it has run out", &expires,
         NULL},
        {"--json", NULL, "print what /oauth/token/ would answer", NULL, &json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[1] = {NULL};
    if (!args_parse(argc, argv, args,
                    "Usage: rapport token issue --app ID [options]\n\nMakes a pair of tokens "
                    "without a browser, for tests and for getting started.",
                    &help, what, 1, &count))
        return 2;
    if (help)
        return 0;
    if (!what[0] || strcmp(what[0], "issue") != 0 || !app)
        return command_usage("token issue --app ID; see rapport token --help");
    if (!command_id(user, &user_id))
        return command_usage("--user takes the id of a user");
    if (expires && (!text_to_int(expires, strlen(expires), &lifetime) || lifetime < -31536000 ||
                    lifetime > 31536000))
        return command_usage("--expires takes seconds, at most a year");
    struct db *db;
    struct portal *portal = command_open(data, store, DB_WRITER, &db);
    if (!portal)
        return 1;
    int code = token_make(portal, db, app, user_id, lifetime, json);
    db_close(db);
    portal_close(portal);
    return code;
}

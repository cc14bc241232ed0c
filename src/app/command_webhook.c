/* rapport webhook: incoming webhooks. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "base/clock.h"
#include "people/auth.h"
#include "portal/scope.h"

struct webhook_options {
    const char *data, *store, *user, *scope, *id, *code;
    bool json;
};

static int webhook_make(struct portal *portal, struct db *db, const struct webhook_options *o)
{
    char code[129], bad[80], address[256];
    int64_t user, id;
    if (!o->user || !text_to_int(o->user, strlen(o->user), &user) || user < 1) {
        args_error("webhook add needs --user ID");
        return 2;
    }
    if (!scope_valid(o->scope, bad, sizeof bad)) {
        args_error("unknown scope %s; scopes are a list as crm,user", bad);
        return 2;
    }
    secret_code(code, SECRET_CODE_LEN);
    enum db_rc rc = webhook_add(db, portal, user, code, o->scope, (int64_t)portal_now(portal), &id);
    if (rc == DB_NONE) {
        args_error("there is no active user %lld; see rapport user list", (long long)user);
        return 1;
    }
    if (rc != DB_OK)
        return command_trouble(db, "cannot add the webhook");
    command_address(portal, address, sizeof address);
    if (!o->json) {
        printf("webhook %lld for user %lld, scope %s; the address is shown this once:\n"
               "%s/rest/%lld/%s/\n",
               (long long)id, (long long)user, *o->scope ? o->scope : "(none)", address,
               (long long)user, code);
        return 0;
    }
    struct buf json = {0};
    struct writer w;
    char url[512];
    snprintf(url, sizeof url, "%s/rest/%lld/%s/", address, (long long)user, code);
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_keyz(&w, "id");
    writer_int(&w, id);
    writer_keyz(&w, "user");
    writer_int(&w, user);
    writer_keyz(&w, "scope");
    writer_stringz(&w, o->scope);
    writer_keyz(&w, "code");
    writer_stringz(&w, code);
    writer_keyz(&w, "url");
    writer_stringz(&w, url);
    writer_end_object(&w);
    command_print_json(&json);
    return 0;
}

static void write_webhook(const struct portal *portal, struct db_stmt *stmt, struct writer *w)
{
    char created[DATETIME_SIZE];
    datetime_format(portal->zone, db_int(stmt, 3), created);
    if (!w) {
        printf("%6lld  user %-6lld %-24s %s%s\n", (long long)db_int(stmt, 0),
               (long long)db_int(stmt, 1), db_text(stmt, 2, NULL), created,
               db_is_null(stmt, 4) ? "" : "  revoked");
        return;
    }
    writer_begin_object(w);
    writer_keyz(w, "id");
    writer_int(w, db_int(stmt, 0));
    writer_keyz(w, "user");
    writer_int(w, db_int(stmt, 1));
    writer_keyz(w, "scope");
    writer_stringz(w, db_text(stmt, 2, NULL));
    writer_keyz(w, "created");
    writer_stringz(w, created);
    writer_keyz(w, "revoked");
    writer_bool(w, !db_is_null(stmt, 4));
    writer_end_object(w);
}

static const char webhooks_sql[] =
    "SELECT id, user_id, scope, created, revoked FROM webhook ORDER BY id";

static int webhook_end(const struct portal *portal, struct db *db, const struct webhook_options *o)
{
    int64_t id;
    if (!o->id || !text_to_int(o->id, strlen(o->id), &id)) {
        args_error("webhook revoke needs --id ID; see rapport webhook list");
        return 2;
    }
    enum db_rc rc = webhook_revoke(db, id, (int64_t)portal_now(portal));
    if (rc == DB_NONE) {
        args_error("there is no webhook %lld in force", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return command_trouble(db, "cannot revoke the webhook");
    printf(o->json ? "{\"id\":%lld,\"revoked\":true}\n"
                   : "webhook %lld is revoked; a running server stops taking it within a second\n",
           (long long)id);
    return 0;
}

int command_webhook(int argc, char **argv)
{
    struct webhook_options o = {.data = DEFAULT_DATA, .scope = "crm,user"};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--user", "ID", "add: whose rights it has", &o.user, NULL},
        {"--scope", "LIST", "add: what it may call (crm,user)", &o.scope, NULL},
        {"--id", "ID", "revoke: which one", &o.id, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[2] = {NULL, NULL};
    bool help;
    int count;
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport webhook add|list|revoke [options]\n\nIncoming webhooks of a data "
            "directory, also while its server runs. The code is shown\nonce, by add; only a "
            "hash of it is kept.",
            &help, what, 2, &count))
        return 2;
    if (help)
        return 0;
    if (count == 2 && !o.id)
        o.id = what[1];
    bool add = what[0] && !strcmp(what[0], "add"), list = what[0] && !strcmp(what[0], "list");
    if (!add && !list && (!what[0] || strcmp(what[0], "revoke") != 0)) {
        args_error("webhook add, list or revoke? See rapport webhook --help");
        return 2;
    }
    struct db *db;
    struct portal *portal = command_open(o.data, o.store, list ? DB_READER : DB_WRITER, &db);
    if (!portal)
        return 1;
    int code = add    ? webhook_make(portal, db, &o)
               : list ? command_print_rows(portal, db, webhooks_sql, o.json,
                                           "    ID  FOR         SCOPE                    CREATED",
                                           write_webhook)
                      : webhook_end(portal, db, &o);
    db_close(db);
    portal_close(portal);
    return code;
}

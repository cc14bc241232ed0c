/* rapport openapi: the methods, described for programs. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "base/clock.h"
#include "model/catalog.h"
#include "rest/openapi.h"

static int print(struct request *req, const char *url, bool own)
{
    struct buf out = {0};
    struct writer w;
    writer_init(&w, &out);
    openapi_write(&w, req, url, own);
    fwrite(buf_text(&out), 1, out.len, stdout);
    putchar('\n');
    buf_clear(&out);
    return 0;
}

/* With what the portal has of its own. */
static int print_own(struct request *req, const char *data, const char *store, const char *url)
{
    struct db *db;
    int code = 1;
    struct portal *portal = command_open(data, store, DB_READER, &db);
    if (!portal)
        return 1;
    req->db = db;
    req->portal = portal;
    req->zone = portal->zone;
    if (db_begin_read(db) == DB_OK && catalog_pin(req) == API_OK)
        code = print(req, url, true);
    else
        code = command_trouble(db, "reading the catalog");
    db_rollback(db);
    db_close(db);
    portal_close(portal);
    return code;
}

int command_openapi(int argc, char **argv)
{
    const char *data = NULL, *store = NULL, *url = NULL;
    bool help;
    int count;
    const struct arg args[] = {
        {"--data", "DIR", "with the custom fields and types of this portal", &data, NULL},
        {"--store", "URL", "its PostgreSQL, where it has one", &store, NULL},
        {"--url", "URL", "where the server is (http://127.0.0.1:8024)", &url, NULL},
        {NULL, NULL, NULL, NULL, NULL},
    };
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport openapi [options]\n\nPrints an OpenAPI 3.1 document of the methods "
            "that are there, as a server has it at /openapi.json.",
            &help, NULL, 0, &count))
        return 2;
    if (help)
        return 0;
    struct arena arena;
    arena_init(&arena);
    struct caller caller = {.user_id = 1, .is_admin = true, .scopes = ""};
    struct request req = {
        .arena = &arena, .caller = &caller, .params = value_array(&arena), .now = clock_real()};
    int code = data || store ? print_own(&req, data, store, url) : print(&req, url, false);
    arena_clear(&arena);
    return code;
}

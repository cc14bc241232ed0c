/* hook, events, mail: outgoing webhooks, and what still waits to be sent. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "base/clock.h"
#include "base/writer.h"
#include "model/catalog.h"
#include "model/event_kind.h"
#include "people/app.h"
#include "send/subscription.h"

#define EVENTS_MAX 64

/* ---- hook out ---- */

struct hook_options {
    const char *data, *store, *handler, *events, *title, *id;
    bool json;
};

/* "onCrmActivityAdd,ONCRMDEALUPDATE" -> names of event kinds. */
static bool read_events(const struct request *req, const char *list,
                        const char *names[EVENTS_MAX + 1])
{
    size_t count = 0;
    while (*list) {
        char name[64];
        size_t len = strcspn(list, ", ");
        snprintf(name, sizeof name, "%.*s", (int)len, list);
        const struct event_kind *kind = event_kind_find(req, name);
        if (len && (!kind || !kind->scope || count == EVENTS_MAX)) {
            struct buf known = {0};
            const struct event_kinds *all = event_kinds_of(req);
            for (size_t i = 0; i < all->count; i++) {
                if (all->kinds[i]->scope)
                    buf_printf(&known, " %s", all->kinds[i]->name);
            }
            args_error("unknown event %s; the events are%s", name, buf_text(&known));
            buf_clear(&known);
            return false;
        }
        if (len)
            names[count++] = kind->name;
        list += len + strspn(list + len, ", ");
    }
    names[count] = NULL;
    if (!count)
        command_usage("hook out add needs --event NAME[,NAME]");
    return count > 0;
}

static int hook_make(struct portal *portal, struct db *db, const struct hook_options *o)
{
    const char *names[EVENTS_MAX + 1];
    char mark[APP_MARK_SIZE], address[512];
    int64_t id;
    if (!o->handler || !handler_valid(o->handler))
        return command_usage("hook out add needs --handler http://... or https://...");
    command_address(portal, address, sizeof address);
    if (handler_is_own(o->handler, address, 0))
        return command_usage("hook out add: the handler is this server's own address");
    struct request req = {.portal = portal, .db = db};
    if (catalog_pin(&req) != API_OK)
        return command_trouble(db, "cannot read the catalog");
    if (!read_events(&req, o->events ? o->events : "", names))
        return 2;
    enum db_rc rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = hook_out_add(db, o->handler, o->title ? o->title : "", names,
                          (int64_t)portal_now(portal), &id);
    rc = rc == DB_OK ? db_commit(db) : rc;
    if (rc != DB_OK)
        return command_trouble(db, "cannot add the outgoing webhook");
    app_mark(portal, "hook", id, mark);
    if (!o->json) {
        printf("outgoing webhook %lld is added\napplication_token %s\n", (long long)id, mark);
        return 0;
    }
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_number(&w, "id", id);
    writer_text(&w, "handler", o->handler);
    writer_text(&w, "application_token", mark);
    writer_end_object(&w);
    command_print_json(&json);
    return 0;
}

static void write_hook(const struct portal *portal, struct db_stmt *stmt, struct writer *w)
{
    char mark[APP_MARK_SIZE];
    int64_t id = db_int(stmt, 0);
    if (!w) {
        printf("%6lld  %-24s %s  %s\n", (long long)id, db_text(stmt, 3, NULL),
               db_text(stmt, 2, NULL), db_text(stmt, 1, NULL));
        return;
    }
    app_mark(portal, "hook", id, mark);
    writer_begin_object(w);
    writer_number(w, "id", id);
    writer_text(w, "title", db_text(stmt, 1, NULL));
    writer_text(w, "handler", db_text(stmt, 2, NULL));
    writer_text(w, "event", db_text(stmt, 3, NULL));
    writer_text(w, "application_token", mark);
    writer_end_object(w);
}

static const char hooks_sql[] =
    "SELECT o.id, o.title, t.handler, h.event FROM outgoing_hook o JOIN event_handler h ON "
    "h.kind = 'H' AND h.subscriber_id = o.id JOIN event_target t ON t.id = h.target_id "
    "ORDER BY o.id, h.id";

static int hook_end(struct db *db, const struct hook_options *o)
{
    int64_t id;
    if (!command_id(o->id, &id))
        return command_usage("hook out remove needs --id ID; see rapport hook out list");
    enum db_rc rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = hook_out_remove(db, id);
    rc = rc == DB_OK ? db_commit(db) : rc;
    if (rc == DB_NONE) {
        args_error("there is no outgoing webhook %lld", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return command_trouble(db, "cannot remove the outgoing webhook");
    printf(o->json ? "{\"id\":%lld,\"removed\":true}\n" : "outgoing webhook %lld is removed\n",
           (long long)id);
    return 0;
}

int command_hook(int argc, char **argv)
{
    struct hook_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--handler", "URL", "add: who is told", &o.handler, NULL},
        {"--event", "LIST", "add: of what, as ONCRMACTIVITYADD,ONCRMDEALUPDATE", &o.events, NULL},
        {"--title", "TEXT", "add: a name for people", &o.title, NULL},
        {"--id", "ID", "remove: which one", &o.id, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[3] = {NULL, NULL, NULL};
    bool help;
    int count;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport hook out add|list|remove [options]\n\nOutgoing webhooks: a "
                    "handler is told of events, also added while the server runs. The\n"
                    "application_token comes with each event, so that the handler knows the "
                    "sender.",
                    &help, what, 3, &count))
        return 2;
    if (help)
        return 0;
    if (count == 3 && !o.id)
        o.id = what[2];
    const char *verb = what[1] ? what[1] : "";
    bool add = !strcmp(verb, "add"), list = !strcmp(verb, "list");
    if (!what[0] || strcmp(what[0], "out") != 0 || (!add && !list && strcmp(verb, "remove") != 0))
        return command_usage("hook out add, list or remove? See rapport hook --help");
    struct db *db;
    struct portal *portal = command_open(o.data, o.store, list ? DB_READER : DB_WRITER, &db);
    if (!portal)
        return 1;
    int code =
        add    ? hook_make(portal, db, &o)
        : list ? command_print_rows(portal, db, hooks_sql, o.json,
                                    "    ID  EVENT                    HANDLER  TITLE", write_hook)
               : hook_end(db, &o);
    db_close(db);
    portal_close(portal);
    return code;
}

/* ---- events ---- */

static void write_target(const struct portal *portal, struct db_stmt *stmt, struct writer *w)
{
    char oldest[DATETIME_SIZE] = "";
    const char *kind = db_text(stmt, 1, NULL)[0] == 'A' ? "application" : "webhook";
    if (!db_is_null(stmt, 6))
        datetime_format(portal->zone, db_int(stmt, 6), oldest);
    if (!w) {
        printf("%6lld  %s %lld  %s\n        waiting %lld, given up %lld%s%s%s%s\n",
               (long long)db_int(stmt, 0), kind, (long long)db_int(stmt, 2), db_text(stmt, 3, NULL),
               (long long)db_int(stmt, 4), (long long)db_int(stmt, 5), *oldest ? ", since " : "",
               oldest, *db_text(stmt, 7, NULL) ? "; last error: " : "", db_text(stmt, 7, NULL));
        return;
    }
    writer_begin_object(w);
    writer_number(w, "target", db_int(stmt, 0));
    writer_text(w, "kind", kind);
    writer_number(w, "subscriber", db_int(stmt, 2));
    writer_text(w, "handler", db_text(stmt, 3, NULL));
    writer_number(w, "waiting", db_int(stmt, 4));
    writer_number(w, "given_up", db_int(stmt, 5));
    writer_text(w, "waiting_since", oldest);
    writer_text(w, "last_error", db_text(stmt, 7, NULL));
    writer_end_object(w);
}

static const char events_sql[] =
    "SELECT t.id, t.kind, t.subscriber_id, t.handler, "
    "(SELECT COUNT(*) FROM event_outbox o WHERE o.target_id = t.id AND o.gave_up IS NULL), "
    "(SELECT COUNT(*) FROM event_outbox o WHERE o.target_id = t.id AND o.gave_up IS NOT "
    "NULL), "
    "(SELECT MIN(o.created) FROM event_outbox o WHERE o.target_id = t.id AND o.gave_up IS "
    "NULL), "
    "COALESCE((SELECT o.last_error FROM event_outbox o WHERE o.target_id = t.id AND "
    "o.last_error <> '' ORDER BY o.id DESC LIMIT 1), '') FROM event_target t ORDER BY "
    "t.id";

/* ---- what both outboxes can be asked ---- */

struct outbox_options {
    bool list, again, json;
    struct portal *portal;
    struct db *db;
};

/* -1: go on, the portal is open; else the exit code. */
static int outbox_args(int argc, char **argv, const char *usage, struct outbox_options *o)
{
    const char *data = DEFAULT_DATA, *store = NULL, *what[1] = {NULL};
    bool help;
    int count;
    memset(o, 0, sizeof *o);
    const struct arg args[] = {
        COMMAND_PLACE(data, store),
        {"--json", NULL, "print JSON", NULL, &o->json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    if (!args_parse(argc, argv, args, usage, &help, what, 1, &count))
        return 2;
    if (help)
        return 0;
    const char *verb = what[0] ? what[0] : "list";
    o->list = !strcmp(verb, "list");
    o->again = !strcmp(verb, "retry");
    if (!o->list && !o->again && strcmp(verb, "drop") != 0)
        return command_usage("list, retry or drop? See --help");
    o->portal = command_open(data, store, o->list ? DB_READER : DB_WRITER, &o->db);
    return o->portal ? -1 : 1;
}

static void outbox_close(struct outbox_options *o)
{
    db_close(o->db);
    portal_close(o->portal);
}

/* What was given up waits again, or goes. */
static int outbox_change(struct db *db, const char *sql, bool again, bool json)
{
    if (db_exec(db, sql) != DB_OK)
        return command_trouble(db, "cannot change the outbox");
    printf(json ? "{\"%s\":%lld}\n" : "%s: %lld\n", again ? "retried" : "dropped",
           (long long)db_changes(db));
    return 0;
}

int command_events(int argc, char **argv)
{
    struct outbox_options o;
    int code = outbox_args(argc, argv,
                           "Usage: rapport events [list|retry|drop] [options]\n\nlist: the "
                           "handlers, how many events wait for each and how many were given up. "
                           "retry: what\nwas given up is sent again. drop: it is forgotten.",
                           &o);
    if (code >= 0)
        return code;
    code = o.list ? command_print_rows(o.portal, o.db, events_sql, o.json,
                                       "    ID  SUBSCRIBER  HANDLER", write_target)
                  : outbox_change(o.db,
                                  o.again ? "UPDATE event_outbox SET gave_up = NULL, attempts "
                                            "= 0 WHERE gave_up IS NOT NULL"
                                          : "DELETE FROM event_outbox WHERE gave_up IS NOT NULL",
                                  o.again, o.json);
    outbox_close(&o);
    return code;
}

/* ---- mail ---- */

static void write_mail(const struct portal *portal, struct db_stmt *stmt, struct writer *w)
{
    char created[DATETIME_SIZE];
    bool over = !db_is_null(stmt, 4);
    datetime_format(portal->zone, db_int(stmt, 2), created);
    if (!w) {
        printf("%6lld  activity %lld, %s, %lld attempts%s  %s\n", (long long)db_int(stmt, 0),
               (long long)db_int(stmt, 1), created, (long long)db_int(stmt, 3),
               over                   ? ", given up"
               : !db_is_null(stmt, 6) ? ", on its way"
                                      : "",
               db_text(stmt, 5, NULL));
        return;
    }
    writer_begin_object(w);
    writer_number(w, "id", db_int(stmt, 0));
    writer_number(w, "activity", db_int(stmt, 1));
    writer_text(w, "created", created);
    writer_number(w, "attempts", db_int(stmt, 3));
    writer_keyz(w, "given_up");
    writer_bool(w, over);
    writer_keyz(w, "on_its_way");
    writer_bool(w, !db_is_null(stmt, 6));
    writer_text(w, "last_error", db_text(stmt, 5, NULL));
    writer_end_object(w);
}

static const char mail_sql[] = "SELECT id, activity_id, created, attempts, gave_up, last_error, "
                               "sending FROM mail_outbox ORDER BY id";

int command_mail(int argc, char **argv)
{
    struct outbox_options o;
    int code = outbox_args(argc, argv,
                           "Usage: rapport mail [list|retry|drop] [options]\n\nlist: the e-mails "
                           "that wait for the relay or were given up. retry: what was given up\n"
                           "is sent again. drop: it is forgotten.",
                           &o);
    if (code >= 0)
        return code;
    code = o.list ? command_print_rows(o.portal, o.db, mail_sql, o.json,
                                       "    ID  ACTIVITY, SINCE, ATTEMPTS  LAST ERROR", write_mail)
                  : outbox_change(o.db,
                                  o.again ? "UPDATE mail_outbox SET gave_up = NULL, attempts "
                                            "= 0, due = created WHERE gave_up IS NOT NULL"
                                          : "DELETE FROM mail_outbox WHERE gave_up IS NOT NULL",
                                  o.again, o.json);
    outbox_close(&o);
    return code;
}

/* hook, events, mail: outgoing webhooks, and what still waits to be sent. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/commands.h"
#include "base/clock.h"
#include "base/writer.h"
#include "event/subscription.h"
#include "rest/app.h"

#define EVENTS_MAX 64

static int say(const char *text)
{
    fprintf(stderr, "rapport: %s\n", text);
    return 2;
}

static int trouble(struct db *db, const char *what)
{
    fprintf(stderr, "rapport: %s: %s\n", what, db_message(db));
    return 1;
}

static void print_json(struct buf *json)
{
    printf("%s\n", buf_text(json));
    buf_clear(json);
}

static void write_text(struct writer *w, const char *key, const char *text)
{
    writer_keyz(w, key);
    writer_stringz(w, text);
}

static void write_int(struct writer *w, const char *key, int64_t integer)
{
    writer_keyz(w, key);
    writer_int(w, integer);
}

/* ---- hook out ---- */

struct hook_options {
    const char *data, *store, *handler, *events, *title, *id;
    bool json;
};

/* "onCrmActivityAdd,ONCRMDEALUPDATE" -> names of event_kinds. */
static bool read_events(const char *list, const char *names[EVENTS_MAX + 1])
{
    size_t count = 0;
    while (*list) {
        char name[64];
        size_t len = strcspn(list, ", ");
        snprintf(name, sizeof name, "%.*s", (int)len, list);
        const struct event_kind *kind = event_kind_find(name);
        if (len && (!kind || !kind->scope || count == EVENTS_MAX)) {
            fprintf(stderr, "rapport: unknown event %s; the events are", name);
            for (const struct event_kind *k = event_kinds; k->name; k++) {
                if (k->scope)
                    fprintf(stderr, " %s", k->name);
            }
            fprintf(stderr, "\n");
            return false;
        }
        if (len)
            names[count++] = kind->name;
        list += len + strspn(list + len, ", ");
    }
    names[count] = NULL;
    if (!count)
        say("hook out add needs --event NAME[,NAME]");
    return count > 0;
}

static int hook_make(struct portal *portal, struct db *db, const struct hook_options *o)
{
    const char *names[EVENTS_MAX + 1];
    char mark[APP_MARK_SIZE];
    int64_t id;
    if (!o->handler || !handler_valid(o->handler))
        return say("hook out add needs --handler http://... or https://...");
    if (!read_events(o->events ? o->events : "", names))
        return 2;
    enum db_rc rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = hook_out_add(db, o->handler, o->title ? o->title : "", names, (int64_t)clock_now(),
                          &id);
    rc = rc == DB_OK ? db_commit(db) : rc;
    if (rc != DB_OK)
        return trouble(db, "cannot add the outgoing webhook");
    app_mark(portal, "hook", id, mark);
    if (!o->json) {
        printf("outgoing webhook %lld is added\napplication_token %s\n", (long long)id, mark);
        return 0;
    }
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    write_int(&w, "id", id);
    write_text(&w, "handler", o->handler);
    write_text(&w, "application_token", mark);
    writer_end_object(&w);
    print_json(&json);
    return 0;
}

static int hook_print(struct portal *portal, struct db *db, const struct hook_options *o)
{
    struct buf json = {0};
    struct writer w;
    char mark[APP_MARK_SIZE];
    enum db_rc rc;
    writer_init(&w, &json);
    writer_begin_list(&w);
    struct db_stmt *stmt = db_prepare(
        db, "SELECT o.id, o.title, t.handler, h.event FROM outgoing_hook o JOIN event_handler h ON "
            "h.kind = 'H' AND h.subscriber_id = o.id JOIN event_target t ON t.id = h.target_id "
            "ORDER BY o.id, h.id");
    while ((rc = db_step(stmt)) == DB_ROW) {
        int64_t id = db_int(stmt, 0);
        app_mark(portal, "hook", id, mark);
        if (!o->json) {
            printf("%6lld  %-24s %s  %s\n", (long long)id, db_text(stmt, 3, NULL),
                   db_text(stmt, 2, NULL), db_text(stmt, 1, NULL));
            continue;
        }
        writer_begin_object(&w);
        write_int(&w, "id", id);
        write_text(&w, "title", db_text(stmt, 1, NULL));
        write_text(&w, "handler", db_text(stmt, 2, NULL));
        write_text(&w, "event", db_text(stmt, 3, NULL));
        write_text(&w, "application_token", mark);
        writer_end_object(&w);
    }
    db_finish(stmt);
    writer_end_list(&w);
    if (o->json && rc == DB_NONE)
        print_json(&json);
    buf_clear(&json);
    return rc == DB_NONE ? 0 : trouble(db, "cannot list the outgoing webhooks");
}

static int hook_end(struct db *db, const struct hook_options *o)
{
    int64_t id;
    if (!o->id || !text_to_int(o->id, strlen(o->id), &id))
        return say("hook out remove needs --id ID; see rapport hook out list");
    enum db_rc rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = hook_out_remove(db, id);
    rc = rc == DB_OK ? db_commit(db) : rc;
    if (rc == DB_NONE) {
        fprintf(stderr, "rapport: there is no outgoing webhook %lld\n", (long long)id);
        return 1;
    }
    if (rc != DB_OK)
        return trouble(db, "cannot remove the outgoing webhook");
    printf(o->json ? "{\"id\":%lld,\"removed\":true}\n" : "outgoing webhook %lld is removed\n",
           (long long)id);
    return 0;
}

int command_hook(int argc, char **argv)
{
    struct hook_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        {"--data", "DIR", "the data directory (./" DEFAULT_DATA ")", &o.data, NULL},
        {"--store", "URL", "the store, when it is not the data directory's own", &o.store, NULL},
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
        return say("hook out add, list or remove? See rapport hook --help");
    struct db *db;
    struct portal *portal = command_open(o.data, o.store, list ? DB_READER : DB_WRITER, &db);
    if (!portal)
        return 1;
    int code = add    ? hook_make(portal, db, &o)
               : list ? hook_print(portal, db, &o)
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
    write_int(w, "target", db_int(stmt, 0));
    write_text(w, "kind", kind);
    write_int(w, "subscriber", db_int(stmt, 2));
    write_text(w, "handler", db_text(stmt, 3, NULL));
    write_int(w, "waiting", db_int(stmt, 4));
    write_int(w, "given_up", db_int(stmt, 5));
    write_text(w, "waiting_since", oldest);
    write_text(w, "last_error", db_text(stmt, 7, NULL));
    writer_end_object(w);
}

static int events_print(struct portal *portal, struct db *db, bool as_json)
{
    struct buf json = {0};
    struct writer w;
    enum db_rc rc;
    writer_init(&w, &json);
    writer_begin_list(&w);
    struct db_stmt *stmt = db_prepare(
        db, "SELECT t.id, t.kind, t.subscriber_id, t.handler, "
            "(SELECT COUNT(*) FROM event_outbox o WHERE o.target_id = t.id AND o.gave_up IS NULL), "
            "(SELECT COUNT(*) FROM event_outbox o WHERE o.target_id = t.id AND o.gave_up IS NOT "
            "NULL), "
            "(SELECT MIN(o.created) FROM event_outbox o WHERE o.target_id = t.id AND o.gave_up IS "
            "NULL), "
            "COALESCE((SELECT o.last_error FROM event_outbox o WHERE o.target_id = t.id AND "
            "o.last_error <> '' ORDER BY o.id DESC LIMIT 1), '') FROM event_target t ORDER BY "
            "t.id");
    while ((rc = db_step(stmt)) == DB_ROW)
        write_target(portal, stmt, as_json ? &w : NULL);
    db_finish(stmt);
    writer_end_list(&w);
    if (as_json && rc == DB_NONE)
        print_json(&json);
    buf_clear(&json);
    return rc == DB_NONE ? 0 : trouble(db, "cannot list the events");
}

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
        {"--data", "DIR", "the data directory (./" DEFAULT_DATA ")", &data, NULL},
        {"--store", "URL", "the store, when it is not the data directory's own", &store, NULL},
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
        return say("list, retry or drop? See --help");
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
        return trouble(db, "cannot change the outbox");
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
    code = o.list ? events_print(o.portal, o.db, o.json)
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
               over ? ", given up" : "", db_text(stmt, 5, NULL));
        return;
    }
    writer_begin_object(w);
    write_int(w, "id", db_int(stmt, 0));
    write_int(w, "activity", db_int(stmt, 1));
    write_text(w, "created", created);
    write_int(w, "attempts", db_int(stmt, 3));
    writer_keyz(w, "given_up");
    writer_bool(w, over);
    write_text(w, "last_error", db_text(stmt, 5, NULL));
    writer_end_object(w);
}

static int mail_print(struct portal *portal, struct db *db, bool as_json)
{
    struct buf json = {0};
    struct writer w;
    enum db_rc rc;
    writer_init(&w, &json);
    writer_begin_list(&w);
    struct db_stmt *stmt = db_prepare(db, "SELECT id, activity_id, created, attempts, gave_up, "
                                          "last_error FROM mail_outbox ORDER BY id");
    while ((rc = db_step(stmt)) == DB_ROW)
        write_mail(portal, stmt, as_json ? &w : NULL);
    db_finish(stmt);
    writer_end_list(&w);
    if (as_json && rc == DB_NONE)
        print_json(&json);
    buf_clear(&json);
    return rc == DB_NONE ? 0 : trouble(db, "cannot list the e-mails");
}

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
    code = o.list ? mail_print(o.portal, o.db, o.json)
                  : outbox_change(o.db,
                                  o.again ? "UPDATE mail_outbox SET gave_up = NULL, attempts "
                                            "= 0, due = created WHERE gave_up IS NOT NULL"
                                          : "DELETE FROM mail_outbox WHERE gave_up IS NOT NULL",
                                  o.again, o.json);
    outbox_close(&o);
    return code;
}

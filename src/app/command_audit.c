/* rapport audit: who changed rights, credentials and settings. */
#include <stdio.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "base/datetime.h"
#include "base/utf8.h"

struct audit_options {
    const char *data, *store, *since, *until, *user, *action, *last;
    bool json;
};

struct wanted {
    int64_t since, until, user_id, last;
    const char *action;
};

static bool read_time(const struct portal *portal, const char *option, const char *text,
                      int64_t *time)
{
    if (!text)
        return true;
    if (datetime_parse(portal->zone, text, strlen(text), time) == DATETIME_INVALID) {
        args_error("%s takes a date, as 2026-11-27 or 2026-11-27T10:00:00", option);
        return false;
    }
    return true;
}

static bool read_wanted(const struct portal *portal, const struct audit_options *o,
                        struct wanted *wanted)
{
    *wanted = (struct wanted){.until = INT64_MAX, .user_id = -1, .last = 100};
    wanted->action = o->action ? o->action : "";
    if (o->user && !text_to_int(o->user, strlen(o->user), &wanted->user_id)) {
        args_error("--user takes an id; 0: the commands");
        return false;
    }
    if (o->last && !command_id(o->last, &wanted->last)) {
        args_error("--last takes a number from 1");
        return false;
    }
    return read_time(portal, "--since", o->since, &wanted->since) &&
           read_time(portal, "--until", o->until, &wanted->until);
}

static void write_entry(const struct portal *portal, struct db_stmt *stmt, struct writer *w)
{
    static const char *const numbers[] = {"user_id", "credential_id", "app_id"};
    static const char *const texts[] = {"action", "client", "request_id"};
    char date[DATETIME_SIZE];
    datetime_format(portal->zone, db_int(stmt, 1), date);
    if (!w) {
        printf("%s  %-8s %-16s %s%s %s\n", date, db_int(stmt, 2) ? db_text(stmt, 9, NULL) : "-",
               db_text(stmt, 6, NULL), db_text(stmt, 5, NULL), db_int(stmt, 10) ? " (failed)" : "",
               db_text(stmt, 8, NULL));
        return;
    }
    writer_begin_object(w);
    writer_number(w, "id", db_int(stmt, 0));
    writer_text(w, "date", date);
    for (int i = 0; i < 3; i++)
        writer_number(w, numbers[i], db_int(stmt, 2 + i));
    for (int i = 0; i < 3; i++)
        writer_text(w, texts[i], db_text(stmt, 5 + i, NULL));
    writer_keyz(w, "failed");
    writer_bool(w, db_int(stmt, 10) != 0);
    size_t len;
    const char *what = db_text(stmt, 8, &len);
    writer_keyz(w, "what");
    writer_raw(w, what, len);
    writer_end_object(w);
}

static int show(const struct portal *portal, struct db *db, const struct audit_options *o)
{
    struct buf json = {0};
    struct writer w;
    struct wanted wanted;
    enum db_rc rc;
    if (!read_wanted(portal, o, &wanted))
        return 2;
    struct db_stmt *stmt = db_prepare(
        db, "SELECT * FROM (SELECT a.id AS id, a.made, a.user_id, a.credential_id, a.app_id, "
            "a.action, a.client, a.request_id, a.what, coalesce(m.login, ''), a.failed FROM audit "
            "a LEFT "
            "JOIN member m ON m.id = a.user_id WHERE a.made >= $1 AND a.made < $2 AND ($3 < 0 OR "
            "a.user_id = $3) AND substr(a.action, 1, $4) = $5 ORDER BY a.id DESC LIMIT $6) l "
            "ORDER BY l.id");
    db_bind_int(stmt, 1, wanted.since);
    db_bind_int(stmt, 2, wanted.until);
    db_bind_int(stmt, 3, wanted.user_id);
    db_bind_int(stmt, 4, (int64_t)utf8_length(wanted.action, strlen(wanted.action)));
    db_bind_textz(stmt, 5, wanted.action);
    db_bind_int(stmt, 6, wanted.last);
    writer_init(&w, &json);
    writer_begin_list(&w);
    command_header(o->json, "WHEN                       WHO      FROM             WHAT");
    while ((rc = db_step(stmt)) == DB_ROW)
        write_entry(portal, stmt, o->json ? &w : NULL);
    db_finish(stmt);
    writer_end_list(&w);
    if (o->json && rc == DB_NONE)
        command_print_json(&json);
    buf_clear(&json);
    return rc == DB_NONE ? 0 : command_trouble(db, "cannot read the trail");
}

int command_audit(int argc, char **argv)
{
    struct audit_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--since", "DATE", "what was done then or later", &o.since, NULL},
        {"--until", "DATE", "what was done before", &o.until, NULL},
        {"--user", "ID", "what this user did; 0: the commands", &o.user, NULL},
        {"--action", "TEXT", "what begins so: crm.status, rapport role ...", &o.action, NULL},
        {"--last", "N", "so many, the newest (100)", &o.last, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    struct db *db;
    bool help;
    int count;
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport audit [options]\n\nWho changed rights, credentials and settings, when, "
            "by which credential, from which\naddress: by REST methods, by the page for people, by "
            "these commands. Changes of rows\n(deals, activities ...) are told where the server "
            "runs with --audit-rows.",
            &help, NULL, 0, &count))
        return 2;
    if (help)
        return 0;
    struct portal *portal = command_open(o.data, o.store, DB_READER, &db);
    if (!portal)
        return 1;
    int code = show(portal, db, &o);
    db_close(db);
    portal_close(portal);
    return code;
}

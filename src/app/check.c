/* rapport check: is what is on disk whole? */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/args.h"
#include "app/command.h"
#include "base/log.h"
#include "base/writer.h"
#include "crm/file_store.h"

/* Statements that must find nothing. */
static const struct rule {
    const char *says, *sql;
} rules[] = {
    {"activities without a binding to their owner",
     "SELECT count(*) FROM activity a WHERE NOT EXISTS (SELECT 1 FROM activity_binding b WHERE "
     "b.activity_id = a.id AND b.owner_type_id = a.owner_type_id AND b.owner_id = a.owner_id)"},
    {"bindings that do not know their owner's responsible person",
     "SELECT count(*) FROM activity_binding b WHERE b.assigned_by_id <> coalesce(CASE "
     "b.owner_type_id WHEN 1 THEN (SELECT o.assigned_by_id FROM lead o WHERE o.id = b.owner_id) "
     "WHEN 2 THEN (SELECT o.assigned_by_id FROM deal o WHERE o.id = b.owner_id) WHEN 3 THEN "
     "(SELECT "
     "o.assigned_by_id FROM contact o WHERE o.id = b.owner_id) WHEN 4 THEN (SELECT "
     "o.assigned_by_id "
     "FROM company o WHERE o.id = b.owner_id) END, 0)"},
    {"bindings of no activity", "SELECT count(*) FROM activity_binding b WHERE NOT EXISTS (SELECT "
                                "1 FROM activity a WHERE a.id "
                                "= b.activity_id)"},
    {"communications of no activity",
     "SELECT count(*) FROM activity_communication c WHERE NOT EXISTS (SELECT 1 FROM activity a "
     "WHERE a.id = c.activity_id)"},
    {"files of no activity",
     "SELECT count(*) FROM activity_file f WHERE NOT EXISTS (SELECT 1 FROM activity a WHERE a.id = "
     "f.activity_id)"},
    {"transcripts of no call",
     "SELECT count(*) FROM activity_transcript t WHERE NOT EXISTS (SELECT 1 FROM activity a WHERE "
     "a.id = t.activity_id)"},
    {"content blocks of no activity", "SELECT count(*) FROM activity_block b WHERE NOT EXISTS "
                                      "(SELECT 1 FROM activity a WHERE a.id = "
                                      "b.activity_id)"},
    {"applications of no activity",
     "SELECT count(*) FROM activity_app p WHERE NOT EXISTS (SELECT 1 FROM activity a WHERE a.id = "
     "p.activity_id)"},
    {"configurable activities without a layout",
     "SELECT count(*) FROM activity a WHERE a.provider_id = 'CONFIGURABLE_REST_APP' AND NOT EXISTS "
     "(SELECT 1 FROM activity_app p WHERE p.activity_id = a.id AND p.layout IS NOT NULL)"},
    {"activities whose COMPLETED and STATUS disagree",
     "SELECT count(*) FROM activity WHERE (completed = 'Y') <> (status IN (2, 3))"},
    {"activities that end before they start",
     "SELECT count(*) FROM activity WHERE end_time < start_time"},
};

struct report {
    struct buf problems; /* a line each */
    int64_t activities, files;
};

static bool check_rules(struct db *db, struct report *report)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct db_stmt *stmt = db_prepare(db, rules[i].sql);
        enum db_rc rc = db_step(stmt);
        int64_t count = rc == DB_ROW ? db_int(stmt, 0) : 0;
        db_finish(stmt);
        if (rc != DB_ROW)
            return false;
        if (count)
            buf_printf(&report->problems, "%lld %s\n", (long long)count, rules[i].says);
    }
    return true;
}

/* The bytes must be what their name says. */
static bool content_good(const struct portal *portal, const char *hash)
{
    crypto_generichash_state state;
    unsigned char chunk[65536], digest[32];
    char hex[FILE_HASH_HEX];
    ssize_t got;
    int fd = file_open(portal, hash);
    if (fd < 0)
        return false;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    while ((got = read(fd, chunk, sizeof chunk)) > 0)
        crypto_generichash_update(&state, chunk, (unsigned long long)got);
    close(fd);
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return got == 0 && !strcmp(hex, hash);
}

static bool check_icons(const struct portal *portal, struct db *db, struct report *report)
{
    struct db_stmt *stmt =
        db_prepare(db, "SELECT icon, id FROM activity_type WHERE icon IS NOT NULL ORDER BY id");
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        report->files++;
        if (!content_good(portal, db_text(stmt, 0, NULL)))
            buf_printf(&report->problems,
                       "the icon %s of activity type %lld is missing or damaged\n",
                       db_text(stmt, 0, NULL), (long long)db_int(stmt, 1));
    }
    db_finish(stmt);
    return rc == DB_NONE;
}

static bool check_files(const struct portal *portal, struct db *db, struct report *report)
{
    struct db_stmt *stmt =
        db_prepare(db, "SELECT content, min(activity_id) FROM activity_file GROUP BY content");
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        report->files++;
        if (!content_good(portal, db_text(stmt, 0, NULL)))
            buf_printf(&report->problems, "the file %s of activity %lld is missing or damaged\n",
                       db_text(stmt, 0, NULL), (long long)db_int(stmt, 1));
    }
    db_finish(stmt);
    return rc == DB_NONE;
}

static bool count_activities(struct db *db, int64_t *count)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT count(*) FROM activity");
    bool good = db_step(stmt) == DB_ROW;
    *count = good ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return good;
}

static void print_report(const struct report *report, bool json)
{
    const char *lines = report->problems.len ? report->problems.data : "";
    size_t len = report->problems.len;
    if (!json) {
        fwrite(lines, 1, len, stdout);
        printf(len ? "not clean\n" : "clean: %lld activities, %lld files\n",
               (long long)report->activities, (long long)report->files);
        return;
    }
    struct buf out = {0};
    struct writer w;
    writer_init(&w, &out);
    writer_begin_object(&w);
    writer_keyz(&w, "clean");
    writer_bool(&w, !len);
    writer_keyz(&w, "activities");
    writer_int(&w, report->activities);
    writer_keyz(&w, "files");
    writer_int(&w, report->files);
    writer_keyz(&w, "problems");
    writer_begin_list(&w);
    for (const char *at = lines; at < lines + len;) {
        const char *end = memchr(at, '\n', (size_t)(lines + len - at));
        writer_string(&w, at, (size_t)(end - at));
        at = end + 1;
    }
    writer_end_list(&w);
    writer_end_object(&w);
    printf("%s\n", buf_text(&out));
    buf_clear(&out);
}

int command_check(int argc, char **argv)
{
    const char *data = DEFAULT_DATA, *store = NULL;
    bool json = false, help;
    int count;
    const struct arg args[] = {
        COMMAND_PLACE(data, store),
        {"--json", NULL, "print JSON", NULL, &json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport check [options]\n\nReads everything and checks that it is whole, "
            "also while the server runs.\nEnds with 0 when clean, 1 when not.",
            &help, NULL, 0, &count))
        return 2;
    if (help)
        return 0;
    struct db *db;
    struct portal *portal = command_open(data, store, DB_READER, &db);
    if (!portal)
        return 1;
    struct report report = {0};
    bool read = db_check(db, &report.problems) == DB_OK && db_begin_read(db) == DB_OK &&
                check_rules(db, &report) && check_files(portal, db, &report) &&
                check_icons(portal, db, &report) && count_activities(db, &report.activities);
    if (read)
        print_report(&report, json);
    else
        fprintf(stderr, "rapport: cannot read the store: %s\n", db_message(db));
    int code = read && !report.problems.len ? 0 : 1;
    if (db_in_transaction(db))
        db_rollback(db);
    buf_clear(&report.problems);
    db_close(db);
    portal_close(portal);
    return code;
}

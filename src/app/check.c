/* rapport check: is what is on disk whole? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/args.h"
#include "app/command.h"
#include "base/log.h"
#include "base/writer.h"
#include "crm/owner.h"
#include "db/copy.h"
#include "model/catalog.h"
#include "model/picture.h"
#include "model/registry.h"
#include "portal/file_store.h"

/* What no row may be: what is wrong, what to do about it, whose id tells which, and the rows. */
static const struct rule {
    const char *says, *advice, *id, *from;
} rules[] = {
    {"activities without a binding to their owner",
     "bind each to its owner with crm.activity.binding.add", "id",
     "FROM activity x WHERE NOT EXISTS (SELECT 1 FROM activity_binding b WHERE "
     "b.activity_id = x.id AND b.owner_type_id = x.owner_type_id AND b.owner_id = x.owner_id)"},
    {"configurable activities without a layout",
     "give each one with crm.activity.configurable.update of its application, or delete it", "id",
     "FROM activity x WHERE x.provider_id = 'CONFIGURABLE_REST_APP' AND NOT EXISTS "
     "(SELECT 1 FROM activity_app p WHERE p.activity_id = x.id AND p.layout IS NOT NULL)"},
    {"activities whose COMPLETED and STATUS disagree",
     "write COMPLETED of each with crm.activity.update: STATUS follows", "id",
     "FROM activity x WHERE (x.completed = 'Y') <> (x.status IN (2, 3))"},
    {"bindings that do not know whether their activity is completed",
     "complete each one with crm.activity.update, or open it again: that writes them anew",
     "activity_id",
     "FROM activity_binding x JOIN activity a ON a.id = x.activity_id WHERE x.planned <> CASE WHEN "
     "a.completed = 'N' THEN 1 ELSE 0 END"},
    {"activities that end before they start",
     "write START_TIME and END_TIME of each with crm.activity.update", "id",
     "FROM activity x WHERE x.end_time < x.start_time"},
};

struct report {
    struct buf problems; /* a line each */
    int64_t activities, files;
};

static bool check_rule(struct db *db, const struct rule *rule, struct report *report)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT count(*), min(x.%s) %s", rule->id, rule->from);
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW && db_int(stmt, 0) > 0)
        buf_printf(&report->problems, "%lld %s (the first: %s %lld); %s\n",
                   (long long)db_int(stmt, 0), rule->says, rule->id, (long long)db_int(stmt, 1),
                   rule->advice);
    db_finish(stmt);
    buf_clear(&sql);
    return rc == DB_ROW;
}

/* ---- what belongs to a row that is not there ---- */

static bool check_parts(struct db *db, const struct entity *entity, const struct relation *relation,
                        struct report *report)
{
    struct buf says = {0}, advice = {0}, from = {0};
    buf_printf(&says, "%s of no %s", relation->rows, entity->name);
    buf_printf(&advice,
               "they are in nobody's way; to be rid of them, in the database: DELETE FROM %s WHERE "
               "%s NOT IN (SELECT id FROM %s)",
               relation->table, relation->own, entity->table);
    buf_printf(&from, "FROM %s x WHERE NOT EXISTS (SELECT 1 FROM %s a WHERE a.id = x.%s)",
               relation->table, entity->table, relation->own);
    const struct rule rule = {buf_text(&says), buf_text(&advice), relation->own, buf_text(&from)};
    bool good = check_rule(db, &rule, report);
    buf_clear(&says);
    buf_clear(&advice);
    buf_clear(&from);
    return good;
}

static bool check_relations(const struct request *req, struct report *report)
{
    bool good = true;
    for (const struct entity *const *e = entity_all(req); *e && good; e++) {
        for (const struct relation *const *r = (*e)->relations; r && *r && good; r++)
            good = !(*r)->rows || check_parts(req->db, *e, *r, report);
    }
    return good;
}

static bool check_pictures(const struct request *req, struct report *report)
{
    struct buf from = {0};
    buf_adds(&from, "FROM picture x WHERE NOT EXISTS (SELECT 1 FROM member m WHERE x.owner_type_id "
                    "= 0 AND m.id = x.owner_id");
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if (relation_has(*e, &pictures))
            buf_printf(&from,
                       " UNION ALL SELECT 1 FROM %s o WHERE x.owner_type_id = %d AND o.id = "
                       "x.owner_id",
                       (*e)->table, picture_kept_as(*e));
    }
    buf_addc(&from, ')');
    const struct rule rule = {"pictures of nobody",
                              "they are in nobody's way; to be rid of them, delete these rows of "
                              "the table picture in the database",
                              "id", buf_text(&from)};
    bool good = check_rule(req->db, &rule, report);
    buf_clear(&from);
    return good;
}

static bool check_bindings(const struct request *req, struct report *report)
{
    struct buf from = {0};
    buf_adds(&from, "FROM activity_binding x WHERE x.assigned_by_id <> coalesce(CASE "
                    "x.owner_type_id ");
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if (relation_of_kind(*e, &relation_activities))
            buf_printf(&from,
                       "WHEN %d THEN (SELECT o.assigned_by_id FROM %s o WHERE o.id = x.owner_id) ",
                       (*e)->type_id, (*e)->table);
    }
    buf_adds(&from, "END, 0) OR x.category_id <> coalesce(CASE x.owner_type_id ");
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if (relation_of_kind(*e, &relation_activities) && (*e)->category)
            buf_printf(&from, "WHEN %d THEN (SELECT o.%s FROM %s o WHERE o.id = x.owner_id) ",
                       (*e)->type_id, entity_field(*e, (*e)->category)->column, (*e)->table);
    }
    buf_adds(&from, "END, 0)");
    const struct rule rule = {
        "bindings that do not know their owner's responsible person, or funnel",
        "hand each owner over to somebody else and back (ASSIGNED_BY_ID): that writes them anew",
        "owner_id", buf_text(&from)};
    bool good = check_rule(req->db, &rule, report);
    buf_clear(&from);
    return good;
}

/* Every custom field has its column. */
static bool check_columns(const struct request *req, const struct entity *entity,
                          struct report *report)
{
    struct buf columns = {0};
    bool good = db_columns(req->db, entity->side, &columns) == DB_OK;
    buf_adds(&columns, ", ");
    for (size_t i = entity->side_from; i < entity->field_count && good; i++) {
        const struct field *field = &entity->fields[i];
        const char *name = arena_printf(req->arena, " %s,", field->column);
        if (!strstr(buf_text(&columns), name))
            buf_printf(
                &report->problems,
                "the custom field %s of a %s has no column %s in %s; take this portal from a "
                "backup: rapport restore FILE --data NEW-DIRECTORY\n",
                field->name, entity->name, field->column, entity->side);
    }
    buf_clear(&columns);
    return good;
}

static bool check_custom(const struct request *req, struct report *report)
{
    bool good = true;
    for (const struct entity *const *e = entity_all(req); *e && good; e++) {
        const struct relation values = {
            .rows = "values of custom fields", .table = (*e)->side, .own = "id"};
        if ((*e)->side)
            good = check_columns(req, *e, report) && check_parts(req->db, *e, &values, report);
    }
    return good;
}

/* By the portal's own entities, smart processes included. */
static bool check_entities(struct portal *portal, struct db *db, struct report *report)
{
    struct arena arena;
    arena_init(&arena);
    struct request req = {.arena = &arena, .db = db, .portal = portal, .zone = portal->zone};
    bool good = catalog_pin(&req) == API_OK && check_bindings(&req, report) &&
                check_relations(&req, report) && check_custom(&req, report) &&
                check_pictures(&req, report);
    arena_clear(&arena);
    return good;
}

static bool check_rules(struct db *db, struct report *report)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!check_rule(db, &rules[i], report))
            return false;
    }
    return true;
}

/* What rows name must be there and whole. */
static bool check_content(const struct portal *portal, struct db *db,
                          const struct file_reference *reference, struct report *report)
{
    struct buf sql = {0};
    enum db_rc rc;
    buf_printf(&sql, "SELECT %s, min(%s) FROM %s WHERE %s IS NOT NULL GROUP BY %s ORDER BY 2",
               reference->column, reference->owner_column, reference->table, reference->column,
               reference->column);
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    while ((rc = db_step(stmt)) == DB_ROW) {
        const char *hash = db_text(stmt, 0, NULL);
        report->files++;
        if (!*hash || file_is_whole(portal, hash))
            continue;
        buf_printf(
            &report->problems,
            "the %s %s of %s %lld is missing or damaged; put it back as %s/files/%.2s/%s, from "
            "a backup, or replace it in the %s\n",
            reference->kind, hash, reference->owner, (long long)db_int(stmt, 1), portal->data_dir,
            hash, hash, reference->owner);
    }
    db_finish(stmt);
    buf_clear(&sql);
    return rc == DB_NONE;
}

static bool check_files(const struct portal *portal, struct db *db, struct report *report)
{
    for (const struct file_reference *const *r = file_references; *r; r++) {
        if (!check_content(portal, db, *r, report))
            return false;
    }
    return true;
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
                check_rules(db, &report) && check_entities(portal, db, &report) &&
                check_files(portal, db, &report) && count_activities(db, &report.activities);
    if (read)
        print_report(&report, json);
    else
        args_error("cannot read the store: %s", db_message(db));
    int code = read && !report.problems.len ? 0 : 1;
    if (db_in_transaction(db))
        db_rollback(db);
    buf_clear(&report.problems);
    db_close(db);
    portal_close(portal);
    return code;
}

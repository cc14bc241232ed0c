#include "rest/portal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/migrate.h"
#include "rest/auth.h"
#include "rest/call_log.h"
#include "rest/fault.h"
#include "rest/reset.h"

#define PG_SCHEMA "portal_1" /* the first portal; the table rapport.portal names the others */

static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = xmalloc(size);
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

/* ---- the data directory ---- */

static bool make_folder(const struct portal_options *options, struct buf *why)
{
    struct stat info;
    if (options->create && mkdir(options->data_dir, 0700) != 0 && errno != EEXIST) {
        buf_printf(why, "cannot make the data directory %s: %s", options->data_dir,
                   strerror(errno));
        return false;
    }
    if (stat(options->data_dir, &info) == 0 && S_ISDIR(info.st_mode))
        return true;
    buf_printf(why, "there is no data directory %s; `rapport serve --data DIR` makes one",
               options->data_dir);
    return false;
}

/* The lock is held as long as the descriptor is open, and goes with the process however it ends. */
static bool lock_folder(struct portal *portal, struct buf *why)
{
    char *path = join(portal->data_dir, "lock");
    portal->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool good = portal->lock_fd >= 0 && flock(portal->lock_fd, LOCK_EX | LOCK_NB) == 0;
    if (!good && portal->lock_fd >= 0 && errno == EWOULDBLOCK)
        buf_printf(
            why,
            "another server is using the data directory %s; stop it first, or choose another "
            "directory with --data",
            portal->data_dir);
    else if (!good)
        buf_printf(why, "cannot lock %s: %s", path, strerror(errno));
    free(path);
    return good;
}

/* Which store a data directory belongs to is remembered, so that the commands need no --store. */
static bool find_store(struct portal *portal, const struct portal_options *options, struct buf *why)
{
    char *path = join(portal->data_dir, "store"), line[1024] = "";
    FILE *file = fopen(path, "r");
    if (file) {
        if (!fgets(line, sizeof line, file))
            line[0] = '\0';
        fclose(file);
        line[strcspn(line, "\n")] = '\0';
    }
    const char *wanted = options->store ? options->store : line;
    if (strstr(wanted, "://") && !db_is_postgres(wanted)) {
        buf_adds(why,
                 "--store takes postgresql://user:password@host/database or the path of a file");
        free(path);
        return false;
    }
    if (*wanted && db_is_postgres(wanted)) {
        portal->store = xstrdup(wanted);
        portal->schema = xstrdup(PG_SCHEMA);
    } else if (*wanted) {
        portal->store = xstrdup(wanted);
    } else {
        portal->store = join(portal->data_dir, "portal.db");
    }
    bool good = true;
    if (options->store && options->create && strcmp(line, options->store) != 0) {
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        good = fd >= 0 && dprintf(fd, "%s\n", options->store) > 0 && fsync(fd) == 0;
        if (!good)
            buf_printf(why, "cannot write %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
    }
    free(path);
    return good;
}

/* ---- the schema ---- */

/* PostgreSQL: the global table of portals, and the schema of the first one. */
static bool prepare_postgres(struct portal *portal, struct buf *why)
{
    struct db *db = db_open(portal->store, NULL, DB_WRITER, why);
    if (!db)
        return false;
    enum db_rc rc = db_exec(
        db, "CREATE SCHEMA IF NOT EXISTS rapport;"
            "CREATE TABLE IF NOT EXISTS rapport.portal (domain TEXT PRIMARY KEY, address TEXT NOT "
            "NULL, schema_name TEXT NOT NULL);"
            "INSERT INTO rapport.portal (domain, address, schema_name) VALUES ('*', '', '" PG_SCHEMA
            "') ON CONFLICT DO NOTHING;"
            "CREATE SCHEMA IF NOT EXISTS " PG_SCHEMA);
    if (rc != DB_OK)
        buf_printf(why, "cannot prepare the database: %s", db_message(db));
    db_close(db);
    return rc == DB_OK;
}

bool portal_setting(struct db *db, const char *name, struct buf *value)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT value FROM setting WHERE name = $1");
    db_bind_textz(stmt, 1, name);
    bool found = db_step(stmt) == DB_ROW;
    value->len = 0;
    if (found)
        buf_adds(value, db_text(stmt, 0, NULL));
    db_finish(stmt);
    return found;
}

enum db_rc portal_setting_set(struct db *db, const char *name, const char *value)
{
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO "
                       "UPDATE SET value = EXCLUDED.value");
    db_bind_textz(stmt, 1, name);
    db_bind_textz(stmt, 2, value);
    return db_run(stmt);
}

/* The root department and user 1, and the settings a portal keeps for life. */
static enum db_rc create_portal(struct db *db, const char *time_zone, int64_t now)
{
    enum db_rc rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = portal_setting_set(db, "time_zone", time_zone);
    if (rc == DB_OK)
        rc = db_exec(db, "INSERT INTO department (name, sort) VALUES ('Company', 500)");
    if (rc == DB_OK) {
        struct db_stmt *stmt =
            db_prepare(db, "INSERT INTO member (login, name, email, is_admin, date_register, "
                           "updated) VALUES ('admin', 'Administrator', 'admin@localhost', 'Y', $1, "
                           "$2)");
        db_bind_int(stmt, 1, now);
        db_bind_int(stmt, 2, now);
        rc = db_run(stmt);
    }
    if (rc == DB_OK)
        rc = db_exec(db, "INSERT INTO member_department (user_id, department_id) SELECT m.id, d.id "
                         "FROM member m CROSS JOIN department d");
    return rc == DB_OK ? db_commit(db) : rc;
}

bool portal_create(struct portal *portal, const char *time_zone, struct buf *why)
{
    struct db *db = portal_connect(portal, DB_WRITER, why);
    struct buf zone = {0};
    int ran;
    if (!db)
        return false;
    const char *wanted = time_zone ? time_zone : "UTC";
    bool good = migrate_run(db, schema_migrations, (int64_t)clock_now(), &ran, why);
    if (good && ran)
        log_info("the schema took %d step%s", ran, ran == 1 ? "" : "s");
    if (good && !portal_setting(db, "time_zone", &zone)) {
        good = create_portal(db, wanted, (int64_t)clock_now()) == DB_OK;
        portal->is_new = good;
        if (!good)
            buf_printf(why, "cannot create the portal: %s", db_message(db));
    }
    buf_clear(&zone);
    db_close(db);
    return good;
}

static bool load_settings(struct portal *portal, struct buf *why)
{
    struct db *db = portal_connect(portal, DB_READER, why);
    struct buf value = {0};
    if (!db)
        return false;
    bool good = portal_setting(db, "time_zone", &value);
    if (!good) {
        buf_printf(why, "this store holds no portal yet; start `rapport serve` on it first");
    } else {
        portal->zone = zone_load(buf_text(&value));
        good = portal->zone != NULL;
        if (!good)
            buf_printf(why, "the portal's time zone %s is not known here; install tzdata",
                       buf_text(&value));
    }
    buf_clear(&value);
    db_close(db);
    return good;
}

bool portal_read_closed(struct portal *portal)
{
    struct buf why = {0}, value = {0};
    struct db *db = portal_connect(portal, DB_READER, &why);
    if (db) {
        bool found = portal_setting(db, "closed", &value);
        atomic_store(&portal->closed, found && !strcmp(buf_text(&value), "Y"));
    } else {
        log_error("store: %s", buf_text(&why));
    }
    db_close(db);
    buf_clear(&value);
    buf_clear(&why);
    return db != NULL;
}

/* ---- open and close ---- */

static bool open_steps(struct portal *portal, const struct portal_options *options, struct buf *why)
{
    struct zone *zone = options->time_zone ? zone_load(options->time_zone) : NULL;
    if (options->time_zone && !zone) {
        buf_printf(why, "unknown time zone %s; use a name like Europe/Berlin or +03:00",
                   options->time_zone);
        return false;
    }
    zone_free(zone);
    if (!make_folder(options, why) || (options->exclusive && !lock_folder(portal, why)) ||
        !find_store(portal, options, why))
        return false;
    char *key = join(portal->data_dir, "secret.key");
    bool good = secret_key_load(&portal->key, key, why);
    free(key);
    if (good && options->create && portal->schema)
        good = prepare_postgres(portal, why);
    if (good && options->create)
        good = portal_create(portal, options->time_zone, why);
    return good && load_settings(portal, why) && portal_read_closed(portal);
}

struct portal *portal_open(const struct portal_options *options, struct buf *why)
{
    struct portal *portal = xcalloc(1, sizeof *portal);
    portal->lock_fd = -1;
    portal->data_dir = xstrdup(options->data_dir);
    portal->operating = operating_new();
    portal->plan = *limit_plan_find("unlimited");
    portal->buckets = limit_table_new();
    portal->faults = fault_table_new();
    portal->reset = reset_new();
    portal->credentials = credential_cache_new();
    if (open_steps(portal, options, why))
        return portal;
    portal_close(portal);
    return NULL;
}

void portal_close(struct portal *portal)
{
    if (!portal)
        return;
    if (portal->lock_fd >= 0)
        close(portal->lock_fd);
    operating_free(portal->operating);
    limit_table_free(portal->buckets);
    fault_table_free(portal->faults);
    call_log_free(portal->calls);
    reset_free(portal->reset);
    credential_cache_free(portal->credentials);
    zone_free(portal->zone);
    free(portal->schema);
    free(portal->store);
    free(portal->data_dir);
    free(portal);
}

struct db *portal_connect(const struct portal *portal, enum db_mode mode, struct buf *why)
{
    struct db *db = db_open(portal->store, portal->schema, mode, why);
    if (!db || portal->plan.time <= 0 || db_limit_time(db, portal->plan.time) == DB_OK)
        return db;
    buf_printf(why, "cannot limit the time of requests: %s", db_message(db));
    db_close(db);
    return NULL;
}

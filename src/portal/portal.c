#include "portal/portal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/trouble.h"
#include "portal/data_dir.h"
#include "portal/fault.h"
#include "portal/kept_table.h"
#include "portal/migrate.h"

KEPT_TABLE(setting);

#define KEY_FINGERPRINT "key_fingerprint"
#define XML_GROWS 16 /* and more: what a tree of values takes for each byte of JSON */
#define XML_LEAST (1UL << 20)
#define ANSWERS_IN_FLIGHT 8  /* the largest that fit into the memory of all */
#define PG_SCHEMA "portal_1" /* the first portal; the table rapport.portal names the others */

/* ---- the store ---- */

/* The store that is asked for, or the data directory's own. */
static bool find_store(struct portal *portal, const struct portal_options *options, struct buf *why)
{
    if (options->store && strstr(options->store, "://") && !db_is_postgres(options->store)) {
        buf_adds(why,
                 "--store takes postgresql://user:password@host/database or the path of a file");
        return false;
    }
    portal->store = options->store ? xstrdup(options->store) : data_dir_store(portal->data_dir);
    if (db_is_postgres(portal->store))
        portal->schema = xstrdup(PG_SCHEMA);
    return true;
}

/* A file that is not there or holds nothing is no store yet. */
static bool has_file(const struct portal *portal)
{
    struct stat info;
    return portal->schema || (stat(portal->store, &info) == 0 && info.st_size > 0);
}

static void describe_store(const struct portal *portal, struct buf *out)
{
    buf_adds(out, "the store ");
    db_describe(portal->store, out);
}

static bool refuse_key(const struct portal *portal, struct buf *why)
{
    buf_printf(why, "%s/secret.key is not the key of the portal in ", portal->data_dir);
    describe_store(portal, why);
    buf_adds(why, "; put back the key that is, from a backup or from another server that serves "
                  "this portal, or choose another --store or --data");
    return false;
}

/* What a store holds, before anything is written to it. */
struct store_look {
    bool has_portal;
    struct buf fingerprint; /* empty: a portal of a version that kept none */
};

static bool look_at_store(const struct portal *portal, struct store_look *look, struct buf *why)
{
    struct buf zone = {0};
    bool has = false;
    if (!has_file(portal))
        return true;
    struct db *db = portal_connect(portal, DB_READER, why);
    bool good = db && db_has_table(db, "setting", &has) == DB_OK;
    if (good && has) {
        look->has_portal = portal_setting(db, "time_zone", &zone);
        portal_setting(db, KEY_FINGERPRINT, &look->fingerprint);
    } else if (db && !good) {
        buf_printf(why, "cannot read the store %s: %s", portal->store, db_message(db));
    }
    if (!good && !portal->schema)
        buf_adds(why,
                 "; take this portal from a backup: rapport restore FILE --data NEW-DIRECTORY");
    db_close(db);
    buf_clear(&zone);
    return good;
}

/* ---- the schema ---- */

/* PostgreSQL: the global table of portals, and the schema of the first one. */
static bool prepare_postgres(struct portal *portal, struct buf *why)
{
    struct db *db = db_open(portal->store, NULL, DB_WRITER, why);
    if (!db)
        return false;
    enum db_rc rc = DB_CONFLICT;
    for (int again = 0; again < 5 && rc == DB_CONFLICT; again++) /* two servers make it at once */
        rc = db_exec(
            db,
            "CREATE SCHEMA IF NOT EXISTS rapport;"
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
static enum db_rc create_portal(const struct portal *portal, struct db *db, const char *time_zone,
                                int64_t now)
{
    char fingerprint[SECRET_HASH_HEX];
    secret_fingerprint(&portal->key, fingerprint);
    struct buf zone = {0};
    enum db_rc rc = migrate_hold(db);
    bool done = rc == DB_OK && portal_setting(db, "time_zone", &zone); /* by another server */
    buf_clear(&zone);
    if (done)
        return db_commit(db);
    if (rc == DB_OK)
        rc = db_ids_again(db);
    if (rc == DB_OK)
        rc = portal_setting_set(db, "time_zone", time_zone);
    if (rc == DB_OK)
        rc = portal_setting_set(db, KEY_FINGERPRINT, fingerprint);
    if (rc == DB_OK)
        rc = db_exec(db, "INSERT INTO department (name, sort) VALUES ('Company', 500)");
    if (rc == DB_OK) {
        struct db_stmt *stmt =
            db_prepare(db, "INSERT INTO member (login, login_key, name, email, email_key, "
                           "is_admin, date_register, updated) VALUES ('admin', 'admin', "
                           "'Administrator', 'admin@localhost', 'admin@localhost', 'Y', $1, $2)");
        db_bind_int(stmt, 1, now);
        db_bind_int(stmt, 2, now);
        rc = db_run(stmt);
    }
    if (rc == DB_OK)
        rc = db_exec(db, "INSERT INTO member_department (user_id, department_id) SELECT m.id, d.id "
                         "FROM member m CROSS JOIN department d");
    return rc == DB_OK ? db_commit(db) : rc;
}

/* A portal of a version that kept no fingerprint gets it, but not over one that another server has just
 * written. */
static bool mark_store(const struct portal *portal, struct db *db, struct buf *why)
{
    char wanted[SECRET_HASH_HEX];
    struct buf kept = {0};
    secret_fingerprint(&portal->key, wanted);
    bool good = portal_setting(db, KEY_FINGERPRINT, &kept);
    if (!good) {
        struct db_stmt *stmt = db_prepare(
            db, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING");
        db_bind_textz(stmt, 1, KEY_FINGERPRINT);
        db_bind_textz(stmt, 2, wanted);
        good = db_run(stmt) == DB_OK && portal_setting(db, KEY_FINGERPRINT, &kept);
    }
    if (!good)
        buf_printf(why, "cannot mark the store: %s", db_message(db));
    else if (strcmp(buf_text(&kept), wanted) != 0)
        good = refuse_key(portal, why);
    buf_clear(&kept);
    return good;
}

bool portal_create(struct portal *portal, const char *time_zone, struct buf *why)
{
    struct db *db = portal_connect(portal, DB_WRITER, why);
    struct buf zone = {0};
    int ran;
    if (!db)
        return false;
    const char *wanted = time_zone ? time_zone : "UTC";
    bool good = migrate_run(db, schema_migrations, (int64_t)portal_now(portal), &ran, why);
    if (good && db_settle(db) != DB_OK) {
        buf_printf(why, "the store cannot be made sure of: %s", db_message(db));
        good = false;
    }
    if (good && !portal_setting(db, "time_zone", &zone)) {
        good = create_portal(portal, db, wanted, (int64_t)portal_now(portal)) == DB_OK;
        portal->is_new = good;
        if (!good)
            buf_printf(why, "cannot create the portal: %s", db_message(db));
    }
    if (good && ran && !portal->is_new)
        log_info("the store's schema is brought up to date (%d step%s)", ran, ran == 1 ? "" : "s");
    good = good && mark_store(portal, db, why);
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

/* ---- the key ---- */

/* The key that a portal in the store needs, or a new one for a store without a portal. */
static bool find_key(struct portal *portal, const struct portal_options *options, bool *is_new,
                     struct buf *why)
{
    const char *dir = portal->data_dir;
    struct store_look look = {0};
    struct buf unused = {0};
    char have[SECRET_HASH_HEX];
    if (!look_at_store(portal, &look, why))
        return false;
    enum secret_key_state state = data_dir_key(dir, &portal->key, &unused);
    bool good = state == SECRET_KEY_GOOD;
    /* A first start that was killed has left its key, and perhaps its portal. */
    if (state == SECRET_KEY_ABSENT && options->create)
        *is_new = good = data_dir_new_key(dir, &portal->key) == SECRET_KEY_GOOD &&
                         (!look.has_portal || look.fingerprint.len);
    secret_fingerprint(&portal->key, have);
    if (state == SECRET_KEY_BAD) {
        buf_printf(why,
                   "%s; put back the key of this portal, from a backup or from another server "
                   "that serves it",
                   buf_text(&unused));
    } else if (look.has_portal && !good) {
        buf_printf(why,
                   "%s/secret.key is missing, and no webhook, token or signature of the portal "
                   "is good without it; put it back, from a backup or from another server "
                   "that serves this portal",
                   dir);
    } else if (look.fingerprint.len && strcmp(buf_text(&look.fingerprint), have) != 0) {
        good = refuse_key(portal, why);
    } else if (!look.has_portal && state == SECRET_KEY_GOOD) {
        good = false; /* said to every command: `rapport serve` would say it too */
        buf_printf(why, "%s/secret.key is the key of a portal, and ", dir);
        describe_store(portal, why);
        buf_adds(why, has_file(portal) ? " holds none" : " is missing or empty");
        buf_adds(why, "; put the store back or take it from a backup (rapport restore), or choose "
                      "an empty directory with --data for a new portal");
    } else if (!look.has_portal && !options->create) {
        good = false;
        buf_adds(why, "this store holds no portal yet; start `rapport serve` on it first");
    } else if (!good) {
        *is_new = good = data_dir_make_key(dir, &portal->key, why);
    }
    buf_clear(&unused);
    buf_clear(&look.fingerprint);
    return good;
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
    const char *dir = portal->data_dir;
    if (!data_dir_open(dir, options->create, why) ||
        (options->exclusive && !data_dir_lock(dir, &portal->lock_fd, why)))
        return false;
    if (options->exclusive)
        data_dir_tighten(dir);
    bool is_new = false;
    if (!find_store(portal, options, why) || !find_key(portal, options, &is_new, why))
        return false;
    bool good = !options->create || !portal->schema || prepare_postgres(portal, why);
    if (good && options->create)
        good = portal_create(portal, options->time_zone, why);
    if (good && portal->is_new)
        log_info("a new portal is made in %s", portal->data_dir);
    if (good && is_new)
        good = data_dir_keep_key(dir, why);
    good = good && load_settings(portal, why) && portal_read_closed(portal);
    /* Only a store that works is written down: else a slip of the pen would lead astray for good. */
    return good && (!options->create || !options->store ||
                    data_dir_store_set(portal->data_dir, portal->store, why));
}

static struct portal *portal_new(const char *data_dir)
{
    struct portal *portal = xcalloc(1, sizeof *portal);
    portal->lock_fd = -1;
    portal->data_dir = xstrdup(data_dir);
    portal->operating = operating_new();
    portal->plan = *limit_plan_find("unlimited");
    portal->buckets = limit_table_new();
    portal->faults = fault_table_new();
    portal->stop = stop_new();
    portal->writing = trouble_new("store: writing");
    portal->reading = trouble_new("store: reading");
    portal->keeping = trouble_new("files");
    portal_bound_answers(portal, LIMIT_ANSWER_BYTES);
    return portal;
}

struct portal *portal_open(const struct portal_options *options, struct buf *why)
{
    struct portal *portal = portal_new(options->data_dir);
    if (options->frozen_at > 0)
        clock_freeze(&portal->clock, options->frozen_at);
    if (open_steps(portal, options, why))
        return portal;
    portal_close(portal);
    return NULL;
}

struct portal *portal_open_empty(const char *data_dir, const char *store,
                                 const struct secret_key *key, struct buf *why)
{
    struct portal *portal = portal_new(data_dir);
    struct store_look look = {0};
    portal->key = *key;
    bool good = find_store(portal, &(struct portal_options){.store = store}, why) &&
                look_at_store(portal, &look, why);
    if (good && look.has_portal) {
        good = false;
        describe_store(portal, why);
        buf_adds(why, " holds a portal already; a restore makes a new one, in an empty store");
    }
    buf_clear(&look.fingerprint);
    if (good && (!portal->schema || prepare_postgres(portal, why)))
        return portal;
    portal_close(portal);
    return NULL;
}

static char *too_large(size_t bytes, const char *as)
{
    struct buf text = {0};
    buf_printf(
        &text,
        "The answer is larger than %zu MiB%s: name the fields you need in 'select', and read the "
        "rest page by page with 'start'",
        bytes >> 20, as);
    return buf_take(&text, NULL);
}

void portal_bound_answers(struct portal *portal, size_t bytes)
{
    free(portal->answer_text);
    free(portal->xml_text);
    portal->max_answer = bytes;
    portal->max_xml = bytes / XML_GROWS > XML_LEAST ? bytes / XML_GROWS : XML_LEAST;
    portal->answer_text = too_large(portal->max_answer, "");
    portal->xml_text = too_large(portal->max_xml, " of JSON, which XML is made from");
    portal->memory.most = bytes * ANSWERS_IN_FLIGHT;
    portal->memory.share = portal->memory.most / 2;
}

struct portal_part {
    struct portal_part *next;
    void *part;
    void (*release)(void *part);
};

void portal_attach(struct portal *portal, void *part, void (*release)(void *part))
{
    struct portal_part *one = xcalloc(1, sizeof *one);
    *one = (struct portal_part){atomic_load(&portal->parts), part, release};
    while (!atomic_compare_exchange_weak(&portal->parts, &one->next, one))
        ;
}

static void release_parts(struct portal *portal)
{
    for (struct portal_part *one = atomic_load(&portal->parts), *next; one; one = next) {
        next = one->next;
        one->release(one->part);
        free(one);
    }
}

void portal_close(struct portal *portal)
{
    if (!portal)
        return;
    release_parts(portal);
    if (portal->lock_fd >= 0)
        close(portal->lock_fd);
    operating_free(portal->operating);
    limit_table_free(portal->buckets);
    fault_table_free(portal->faults);
    stop_free(portal->stop);
    trouble_free(portal->writing);
    trouble_free(portal->reading);
    trouble_free(portal->keeping);
    zone_free(portal->zone);
    buf_clear(&portal->subscribed.names);
    free(portal->subscribed.bound);
    free(portal->answer_text);
    free(portal->xml_text);
    free(portal->schema);
    free(portal->store);
    free(portal->data_dir);
    free(portal);
}

struct db *portal_connect(const struct portal *portal, enum db_mode mode, struct buf *why)
{
    struct db *db = db_open(portal->store, portal->schema, mode, why);
    if (db)
        db_watch(db, portal->stop);
    if (!db || portal->plan.time <= 0 || db_limit_time(db, portal->plan.time) == DB_OK)
        return db;
    buf_printf(why, "cannot limit the time of requests: %s", db_message(db));
    db_close(db);
    return NULL;
}

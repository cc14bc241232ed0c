#include "model/catalog.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/catalog_part.h"
#include "model/entity.h"
#include "portal/event.h"
#include "portal/kept_table.h"
#include "portal/portal.h"

KEPT_TABLE(catalog);

/* A reader of a store that is a network away has no snapshot for long: it looks at the version as seldom as one
 * of a file does (lane/reader). What this process changes it sees at once. */
#define LOOK_S 0.02

struct catalogs {
    pthread_mutex_t lock;
    struct catalog *_Atomic newest; /* NULL: none was read yet */
    _Atomic double looked;          /* at the version, of clock_monotonic */
};

/* What a connection holds. */
struct pinned {
    struct catalog *catalog;
    bool is_own; /* of a transaction that had changed the schema, and may have been rolled back */
    uint64_t transaction; /* that it belongs to; 0: none any more */
    uint64_t changed;     /* the transaction that raises the version; 0: none */
};

static struct catalog *hold(struct catalog *catalog)
{
    atomic_fetch_add(&catalog->holders, 1);
    return catalog;
}

static void let_go(struct catalog *catalog)
{
    if (catalog && atomic_fetch_sub(&catalog->holders, 1) == 1)
        catalog_free(catalog);
}

/* ---- the portal's ---- */

static void release_catalogs(void *part)
{
    struct catalogs *catalogs = part;
    let_go(atomic_load(&catalogs->newest));
    pthread_mutex_destroy(&catalogs->lock);
    free(catalogs);
}

static struct catalogs *catalogs_of(struct portal *portal)
{
    struct catalogs *there = atomic_load(&portal->catalogs), *none = NULL;
    if (there)
        return there;
    struct catalogs *made = xcalloc(1, sizeof *made);
    pthread_mutex_init(&made->lock, NULL);
    if (atomic_compare_exchange_strong(&portal->catalogs, &none, made)) {
        portal_attach(portal, made, release_catalogs);
        return made;
    }
    release_catalogs(made);
    return none;
}

/* The newest, if it is of this version; held. */
static struct catalog *newest_of(struct catalogs *catalogs, int64_t version)
{
    pthread_mutex_lock(&catalogs->lock);
    struct catalog *newest = atomic_load(&catalogs->newest);
    newest = newest && newest->version == version ? hold(newest) : NULL;
    pthread_mutex_unlock(&catalogs->lock);
    return newest;
}

/* `always`: the store itself says that it is the newest. */
static void publish(struct catalogs *catalogs, struct catalog *catalog, bool always)
{
    pthread_mutex_lock(&catalogs->lock);
    struct catalog *before = atomic_load(&catalogs->newest);
    bool newer = !before || always || before->version < catalog->version;
    if (newer)
        atomic_store(&catalogs->newest, hold(catalog));
    pthread_mutex_unlock(&catalogs->lock);
    if (newer)
        let_go(before);
}

/* ---- a connection's ---- */

static void release_pinned(void *beside)
{
    struct pinned *pinned = beside;
    let_go(pinned->catalog);
    free(pinned);
}

static struct pinned *pinned_of(struct db *db)
{
    struct pinned *pinned = db_beside(db);
    if (!pinned) {
        pinned = xcalloc(1, sizeof *pinned);
        db_keep_beside(db, pinned, release_pinned);
    }
    return pinned;
}

static void keep(struct pinned *pinned, struct catalog *catalog, bool is_own)
{
    let_go(pinned->catalog);
    pinned->catalog = catalog;
    pinned->is_own = is_own;
}

enum way { LOOK, SHARE, CHANGE };

/* `bound`: has any event a handler? Who writes asks for both in one go; NULL: he does not write. */
static enum db_rc read_version(struct db *db, enum way way, int64_t *version, bool *bound)
{
    static const char look[] = "SELECT c.version FROM catalog c WHERE c.id = 1";
    static const char both[] =
        "SELECT c.version, (SELECT count(*) FROM (SELECT 1 FROM event_handler LIMIT 1) AS h) FROM "
        "catalog c WHERE c.id = 1";
    struct db_stmt *stmt = way == LOOK    ? db_prepare(db, look)
                           : way == SHARE ? db_prepare_share(db, both, "c")
                                          : db_prepare_hold(db, both, "c");
    enum db_rc rc = db_step(stmt);
    *version = rc == DB_ROW ? db_int(stmt, 0) : 0;
    if (bound)
        *bound = way == LOOK || rc != DB_ROW || db_int(stmt, 1);
    db_finish(stmt);
    return rc == DB_ROW || rc == DB_NONE ? DB_OK : rc;
}

/* One that is there already. */
static bool take(struct catalogs *catalogs, struct pinned *pinned, int64_t version)
{
    if (pinned->catalog && !pinned->is_own && pinned->catalog->version == version)
        return true;
    struct catalog *newest = newest_of(catalogs, version);
    if (newest)
        keep(pinned, newest, false);
    return newest != NULL;
}

/* In a transaction. What this one itself has changed is nobody else's before its commit, and may be changed
 * once more. */
static enum db_rc pin_inside(struct portal *portal, struct db *db, enum way way)
{
    struct catalogs *catalogs = catalogs_of(portal);
    struct pinned *pinned = pinned_of(db);
    int64_t version;
    bool is_own = pinned->changed == db_transaction(db);
    bool bound;
    enum db_rc rc = read_version(db, way, &version, &bound);
    if (rc == DB_OK && !bound)
        event_none_bound(portal);
    if (rc != DB_OK || (!is_own && take(catalogs, pinned, version)))
        return rc;
    struct catalog *made = catalog_load(db, version, &rc);
    if (!made)
        return rc;
    if (!is_own)
        publish(catalogs, made, way != LOOK);
    keep(pinned, made, is_own);
    return DB_OK;
}

/* Each statement sees what is committed when it runs. */
static enum db_rc pin_alone(struct portal *portal, struct db *db)
{
    struct catalogs *catalogs = catalogs_of(portal);
    struct pinned *pinned = pinned_of(db);
    double now = clock_monotonic();
    struct catalog *newest = atomic_load(&catalogs->newest);
    bool fresh = !db_reads_inline(db) && now - atomic_load(&catalogs->looked) < LOOK_S;
    int64_t version;
    if (fresh && pinned->catalog && pinned->catalog == newest)
        return DB_OK;
    enum db_rc rc = read_version(db, LOOK, &version, NULL);
    if (rc == DB_OK && !take(catalogs, pinned, version)) {
        rc = db_begin_read(db);
        if (rc == DB_OK)
            rc = pin_inside(portal, db, LOOK);
        if (db_in_transaction(db))
            db_rollback(db);
    }
    if (rc == DB_OK)
        atomic_store(&catalogs->looked, now);
    return rc;
}

static enum api_rc pin(struct request *req, enum way way)
{
    struct db *db = req->db;
    struct pinned *pinned = pinned_of(db);
    uint64_t transaction = db_transaction(db);
    enum db_rc rc = DB_OK;
    if (!transaction)
        rc = pin_alone(req->portal, db);
    else if (pinned->transaction != transaction || way == CHANGE)
        rc = pin_inside(req->portal, db, way);
    pinned->transaction = rc == DB_OK && pinned->changed != transaction ? transaction : 0;
    req->catalog = pinned->catalog;
    return api_db(req, rc);
}

enum api_rc catalog_pin(struct request *req)
{
    return pin(req, db_may_write(req->db) ? SHARE : LOOK);
}

enum api_rc catalog_pin_change(struct request *req)
{
    enum api_rc rc = pin(req, CHANGE);
    return rc == API_OK ? api_db(req, db_hurry_locks(req->db)) : rc;
}

enum api_rc catalog_changed(struct request *req)
{
    struct pinned *pinned = pinned_of(req->db);
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE catalog SET version = version + 1 WHERE id = 1");
    pinned->changed = db_transaction(req->db);
    pinned->transaction = 0;
    return api_db(req, db_run(stmt));
}

void catalog_refresh(struct portal *portal, struct db *db)
{
    struct catalogs *catalogs = catalogs_of(portal);
    struct pinned *pinned = pinned_of(db);
    keep(pinned, NULL, false);
    pinned->changed = pinned->transaction = 0;
    atomic_store(&catalogs->looked, 0);
    if (pin_alone(portal, db) != DB_OK)
        log_warn("the catalog is read again later: %s", db_message(db));
}

void catalog_kept(struct portal *portal, struct db *db)
{
    struct pinned *pinned = db_beside(db);
    if (pinned && pinned->changed && !db_in_transaction(db))
        catalog_refresh(portal, db);
}

bool catalog_outdated(struct request *req)
{
    int64_t version;
    if (!req->catalog || db_in_transaction(req->db) ||
        read_version(req->db, LOOK, &version, NULL) != DB_OK || version == req->catalog->version)
        return false;
    atomic_store(&catalogs_of(req->portal)->looked, 0);
    return true;
}

int64_t catalog_version(const struct request *req)
{
    return req->catalog ? req->catalog->version : 0;
}

/* ---- what is in it ---- */

const struct entity *catalog_entity(const struct request *req, const struct entity *base)
{
    const struct catalog_entry *entry = req->catalog ? catalog_entry(req->catalog, base) : NULL;
    CHECK((entry || !req->catalog || !base->event) &&
          "its events are on no list: ENTITY is missing");
    return entry ? entry->entity : base;
}

const char *catalog_select(const struct request *req, const struct entity *entity,
                           enum row_select what)
{
    const struct catalog_entry *entry = req->catalog ? catalog_entry(req->catalog, entity) : NULL;
    if (entry && entry->entity == entity)
        return entry->select[what];
    struct buf sql = {0};
    row_select(&sql, entity, what);
    const char *text = arena_strndup(req->arena, buf_text(&sql), sql.len);
    buf_clear(&sql);
    return text;
}

const void *catalog_find(const struct request *req, const struct catalog_part *part)
{
    return req->catalog ? req->catalog->parts[part->index] : NULL;
}

/* schema_step - what a migration does that SQL cannot: the steps that src/portal/schema names by "@step". */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/datetime.h"
#include "portal/migrate.h"

#define DAY 86400

/* Which day was meant. A date was stored as the instant that had been midnight if the offset of midnight UTC held
 * then, or as local midnight; both show the day, but for the first where the offset changed in between. */
static int64_t meant(const struct zone *zone, int64_t instant)
{
    int64_t shown = day_of(zone, instant);
    static const int nearby[] = {0, 1, -1};
    for (size_t i = 0; i < sizeof nearby / sizeof nearby[0]; i++) {
        int64_t day = shown + nearby[i];
        if (day * DAY - zone_offset(zone, day * DAY) == instant)
            return day;
    }
    return shown;
}

static struct zone *portal_zone(struct db *db, struct buf *why)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT value FROM setting WHERE name = 'time_zone'");
    char name[128] = "UTC"; /* a new portal: it has no dates yet, nor a zone */
    if (db_step(stmt) == DB_ROW)
        strncpy(name, db_text(stmt, 0, NULL), sizeof name - 1);
    db_finish(stmt);
    struct zone *zone = zone_load(name);
    if (!zone)
        buf_printf(why, "the portal's time zone %s is not known here; install tzdata", name);
    return zone;
}

static enum db_rc store_day(struct db *db, int64_t instant, int64_t day)
{
    struct db_stmt *stmt = db_prepare(db, "UPDATE day_of_instant SET day = $1 WHERE instant = $2");
    db_bind_int(stmt, 1, day);
    db_bind_int(stmt, 2, instant);
    return db_run(stmt);
}

static enum db_rc days_of_instants(struct db *db, struct buf *why)
{
    struct zone *zone = portal_zone(db, why);
    int64_t *instants = NULL;
    size_t count = 0, cap = 0;
    if (!zone)
        return DB_ERROR;
    struct db_stmt *stmt = db_prepare(db, "SELECT instant FROM day_of_instant");
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (count == cap) {
            cap = cap ? cap * 2 : 256;
            instants = xrealloc(instants, cap * sizeof *instants);
        }
        instants[count++] = db_int(stmt, 0);
    }
    db_finish(stmt);
    rc = rc == DB_NONE ? DB_OK : rc;
    for (size_t i = 0; i < count && rc == DB_OK; i++)
        rc = store_day(db, instants[i], meant(zone, instants[i]));
    free(instants);
    zone_free(zone);
    return rc;
}

const struct migration_step schema_steps[] = {{"days_of_instants", days_of_instants}, {NULL, NULL}};

/* migrate - the numbered steps of the schema, run at start.
 *
 * What:    each file of src/portal/schema is one migration, named NNN_what, embedded by the build. The
 *          table `migration` remembers which ran. A step and its mark are one transaction, so an
 *          interrupted one leaves the old state.
 * Used by: app/ (serve and the commands), tests.
 * Threads: any; several servers may start on one PostgreSQL.
 * Errors:  false, with one sentence in `why`: a newer database than this program, or SQL failed.
 */
#ifndef RAPPORT_PORTAL_MIGRATE_H
#define RAPPORT_PORTAL_MIGRATE_H

#include "db/db.h"

struct migration {
    const char *name; /* "001_core" */
    /* Lines as db_sql_ddl takes them; "--" begins a comment line, "@step NAME WORDS" is one of schema_steps. */
    const char *sql;
};

/* What SQL cannot do. It runs where its line stands, inside the step's transaction, with what follows its name
 * there; `why` is for trouble that is not the store's. One that may take long tells of itself: migrate_tell. */
struct migration_step {
    const char *name;
    enum db_rc (*run)(struct db *db, const char *words, struct buf *why);
};

/* In portal/schema_step.c; ends with a NULL name. */
extern const struct migration_step schema_steps[];

/* Generated from src/portal/schema; ends with a NULL name. */
extern const struct migration schema_migrations[];

/* Begins a write transaction that waits for those of other servers that start on the same store, and for
 * one that was killed and whose statement still runs there. Needs the table `migration`. */
enum db_rc migrate_hold(struct db *db);
/* Tells the log how far a long step is, every other second: "multifield: 240000 of 1000000 rows". *told: when it
 * last did, 0 at first. */
void migrate_tell(double *told, const char *what, int64_t done, int64_t of);
/* Runs what is missing of `list`; *ran counts them. A portal that is brought up to date tells the log of each step that takes
 * more than a moment. */
bool migrate_run(struct db *db, const struct migration *list, int64_t now, int *ran,
                 struct buf *why);

#endif

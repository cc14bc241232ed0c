/* scenario_ids - ids of custom fields in scenarios, "~1" for the first one.
 *
 * What:    PostgreSQL gives no id twice, also not after a rollback, and the type of a field is the type of a column:
 *          so each scenario has ids of its own for custom fields, their items and their files. "~1", "~2" ... in its
 *          texts stand for them.
 * Used by: tests/scenario_runner.c.
 * Memory:  the arena given.
 * Threads: one.
 * Errors:  false: the store's.
 */
#ifndef RAPPORT_TESTS_SCENARIO_IDS_H
#define RAPPORT_TESTS_SCENARIO_IDS_H

#include "base/arena.h"
#include "db/db.h"
#include "method/scenario.h"

/* Once, in a transaction: SQLite counts the ids of tables that had a row. */
bool ids_prepare(struct db *db);
/* The next ids follow on `*base`. */
bool ids_begin(struct db *db, int64_t *base);
/* The scenario with those ids in its texts. */
struct scenario ids_filled(const struct scenario *s, int64_t base, struct arena *arena);

/* Events of the first smart process that a scenario makes. */
#define SCENARIO_MADE 6
extern const char *const scenario_made_events[SCENARIO_MADE];

#endif

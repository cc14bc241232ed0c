/* role - the roles of a portal: what they allow, and who has them.
 *
 * What:    writes the tables that people/access reads. A running server follows within a second, as it
 *          does with credentials.
 * Used by: app/command_role, page/console_role, tests.
 * Memory:  none.
 * Threads: that of the connection.
 * Errors:  enum db_rc: DB_NONE when there is no such role, user or department, DB_CONFLICT for a name
 *          in use; else the store's trouble.
 */
#ifndef RAPPORT_PEOPLE_ROLE_H
#define RAPPORT_PEOPLE_ROLE_H

#include "people/access.h"

enum role_kind { ROLE_USER, ROLE_DEPARTMENT, ROLE_ALL, ROLE_KINDS };

/* "user", "department" and "all", as stored. */
const char *role_kind_name(enum role_kind kind);

#define ROLE_NAME_BYTES 200
/* A role that allows nothing yet. */
enum db_rc role_add(struct db *db, const char *name, int64_t *id);
/* With all it allows, and away from everybody who has it. */
enum db_rc role_remove(struct db *db, int64_t id);
#define ROLE_ALL_TYPES (-1)
/* Of a type, of those that the role does not name (ACCESS_OTHERS), or of all; action ACCESS_ACTIONS: all five. */
#define ROLE_NO_LEVEL (-1)
/* ROLE_NO_LEVEL, of a type: what the role says of those that it does not name again. */
enum db_rc role_set(struct db *db, int64_t id, int type_id, int action, int level);
/* Of one funnel; ROLE_NO_LEVEL: what the role says of the type again. DB_NONE when there is no such funnel, too. */
enum db_rc role_set_funnel(struct db *db, int64_t id, int type_id, int64_t category_id, int action,
                           int level);
/* `member`: a user's or a department's id; not looked at for ROLE_ALL. Giving twice is no error. */
enum db_rc role_give(struct db *db, int64_t id, enum role_kind kind, int64_t member);
/* DB_NONE when they did not have it. */
enum db_rc role_take(struct db *db, int64_t id, enum role_kind kind, int64_t member);

#endif

/* kept_table - tables that a reset to the state of a backup leaves as they are: credentials, what commands set up, and what
 * the portal itself is.
 *
 * What:    KEPT_TABLE(webhook); in the file that writes the table; the build makes the list of them.
 * Used by: rest/reset; whoever owns such a table.
 * Memory:  static.
 * Threads: any.
 * Errors:  none.
 */
#ifndef RAPPORT_PORTAL_KEPT_TABLE_H
#define RAPPORT_PORTAL_KEPT_TABLE_H

struct kept_table {
    const char *name;
};

#define KEPT_TABLE(name)                                                                           \
    extern const struct kept_table kept_##name;                                                    \
    const struct kept_table kept_##name = {#name}

extern const struct kept_table *const kept_tables[]; /* ends with NULL */

#endif

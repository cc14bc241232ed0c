/* audit - the trail: who changed rights, credentials and settings, when, by which credential, from which address.
 *
 * What:    an entry stands in the transaction of the change that it tells of: there is none without the other. A command's stands before it begins, and is told to have failed. Nothing else changes
 *          an entry; it goes when it is old (portal/age). A reset leaves the trail as it is.
 * Used by: rest/audit_note (calls, the page for people), app/trail, app/command_audit (commands, `rapport audit`).
 * Memory:  the caller's.
 * Threads: any; the connection's.
 * Errors:  enum db_rc: the store's trouble, which undoes the change, too.
 */
#ifndef RAPPORT_PORTAL_AUDIT_H
#define RAPPORT_PORTAL_AUDIT_H

#include "portal/portal.h"

#define AUDIT_WHAT 4096

struct audit_entry {
    int64_t made;       /* seconds since 1970 */
    const char *action; /* a method's name, "/console/role role_set", "rapport role set" */
    int64_t user_id;    /* 0: nobody of the portal; a command's */
    int64_t credential_id, app_id; /* as struct caller has them */
    const char *client;            /* an address; of a command "uid 1000" */
    const char *request_id;        /* as in X-Request-Id; "": there was no request */
    const char *
        what; /* JSON: what it was called with, without secrets; beyond AUDIT_WHAT bytes {"cut":true} is kept */
};

/* *id (or NULL): the entry's. */
enum db_rc audit_add(struct db *db, const struct audit_entry *entry, int64_t *id);

/* A command's, which stood before it began. */
enum db_rc audit_failed(struct db *db, int64_t id);

#endif

/* admin_page - what pages of the console share that are an administrator's alone.
 *
 * What:    who asks, which action, and answers made of rows. Requests as rest/own_page says.
 * Used by: page/console_admin, page/console_hook, page/console_role.
 * Memory:  the call's.
 * Threads: the write lane's.
 * Errors:  as portal/request.h; 403 with a text for whoever is no administrator.
 */
#ifndef RAPPORT_REST_ADMIN_PAGE_H
#define RAPPORT_REST_ADMIN_PAGE_H

#include "rest/own_page.h"

/* A list of them ends with a NULL name. The caller of the call is the administrator. */
struct admin_action {
    const char *action;
    bool reads; /* what it does not change is not noted in the trail */
    enum api_rc (*run)(struct call *call);
};

/* The one that the parameter `action` names, for an administrator who is signed in. */
enum api_rc admin_run(struct call *call, const struct admin_action *actions);
/* The parameter `id`; 0: there is none; -1, which is nothing's: it is no number. */
int64_t admin_id(struct call *call);
/* true; 404 with that text for DB_NONE. */
enum api_rc admin_done(struct call *call, enum db_rc rc, const char *missing);

/* What a row's column is: a name, and how it is told. */
struct admin_column {
    const char *name;
    enum { ADMIN_NUMBER, ADMIN_TEXT, ADMIN_FLAG } kind; /* ADMIN_FLAG: is it not null? */
};
/* A list of what the statement finds, under `key`; the columns end with a NULL name. */
enum api_rc admin_rows(struct call *call, const char *key, const char *sql,
                       const struct admin_column *columns);

#endif

/* app - local applications: what is registered, and what a portal tells them.
 *
 * What:    the rows of table app. Pages: settings/app-installation/local-apps, local-integrations/
 *          local-apps, api-reference/events/safe-event-handlers (application_token).
 * Used by: page/oauth, method/system, people/token, people/auth, send/, app/ (rapport app).
 * Memory:  texts of struct app live in the arena given.
 * Threads: that of the connection.
 * Errors:  enum db_rc; DB_NONE when there is no such application.
 *
 * The secret is kept as a keyed hash. application_token and member_id are derived from the data
 * directory's key, so they stay the same for life and are stored nowhere.
 */
#ifndef RAPPORT_PEOPLE_APP_H
#define RAPPORT_PEOPLE_APP_H

#include "portal/portal.h"
#include "portal/request.h"

#define APP_CLIENT_ID_SIZE 32
#define APP_SECRET_LEN 50
#define APP_MARK_SIZE 33 /* application_token, member_id: 32 hex digits and a NUL */
/* The row of a token that was ended (people/token) stays for a week, so that an access token is told to be expired, or its
 * application gone, and not to be unknown. */
#define TOKEN_MEMORY_S 604800
#define APP_STATUS "L" /* a local application; the other kinds come from a market */

struct app {
    int64_t id;
    const char *client_id, *name;
    const char *redirect_uri; /* "" when it has none: it cannot take part in /oauth/authorize/ */
    const char *handler, *install_url;
    const char *scope; /* comma list */
    const char *users; /* who may use it, comma list of ids; "": everybody */
    int64_t version, installer_id, created;
    bool server_side; /* no page of its own */
    bool payment_expired, revoked;
    bool installed; /* false: its installer's page has not said that it is done */
};

/* What `rapport app add` shows once. */
struct app_secret {
    int64_t id;
    char client_id[APP_CLIENT_ID_SIZE];
    char client_secret[APP_SECRET_LEN + 1];
};

/* Adds the application (id, client_id, version, created of `app` are not read) and installs it in the
 * name of app->installer_id, who must be an active user: else DB_NONE. */
enum db_rc app_add(struct db *db, const struct portal *portal, const struct app *app, int64_t now,
                   struct app_secret *secret);
enum db_rc app_find(struct db *db, struct arena *arena, int64_t id, struct app *app);
/* Also one that was revoked. */
enum db_rc app_find_client(struct db *db, struct arena *arena, const char *client_id,
                           struct app *app);
/* Steps through all, by id: DB_ROW with *app filled for each id above `after`. */
enum db_rc app_next(struct db *db, struct arena *arena, int64_t after, struct app *app);
/* In constant time. */
enum db_rc app_check_secret(struct db *db, const struct portal *portal, int64_t id,
                            const char *secret, bool *right);
/* Ends the application: its tokens open nothing more; its codes, consents, options and sets of content
 * blocks go. */
enum db_rc app_revoke(struct db *db, int64_t id, int64_t now);
/* Sets who may use it and whether its paid time is over; NULL leaves either alone. */
enum db_rc app_set(struct db *db, int64_t id, const char *users, const bool *payment_expired);
/* Its installer's page is done with it. */
enum db_rc app_finish(struct db *db, int64_t id);
/* Has this user opened it before? app_ran: he has, from now on. */
enum db_rc app_is_new_to(struct db *db, int64_t id, int64_t user_id, bool *is_new);
enum db_rc app_ran(struct db *db, int64_t id, int64_t user_id);
/* May this user use it? */
bool app_allows(const char *users, int64_t user_id);

/* The application_token of an application, of a webhook's event handler, and so on. */
void app_mark(const struct portal *portal, const char *kind, int64_t id, char mark[APP_MARK_SIZE]);
void portal_member_id(const struct portal *portal, char mark[APP_MARK_SIZE]);
/* "127.0.0.1:8024" of "http://127.0.0.1:8024". */
const char *base_url_domain(const char *base_url);

#endif

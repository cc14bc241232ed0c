/* subscription - who hears of which events: applications and outgoing webhooks.
 *
 * What:    the rows of event_handler and event_target. Pages: api-reference/events/event-bind,
 *          event-unbind, event-get; local-integrations/local-webhooks (outgoing).
 * Used by: method/event, app/ (rapport hook out, rapport app), send/delivery reads the rows.
 * Memory:  nothing is kept.
 * Threads: that of the connection.
 * Errors:  enum db_rc; DB_CONFLICT when the same subscription is there already.
 */
#ifndef RAPPORT_SEND_SUBSCRIPTION_H
#define RAPPORT_SEND_SUBSCRIPTION_H

#include "portal/event.h"

#define SUBSCRIBER_APP "A"
#define SUBSCRIBER_HOOK "H"

struct subscription {
    const char *event;   /* a name of an event kind */
    const char *handler; /* the address; NULL: an offline event */
    const char *kind;    /* SUBSCRIBER_... */
    int64_t subscriber_id;
    int64_t auth_type;     /* the user whose tokens are sent; 0: who made the change */
    const char *connector; /* offline: its source key; "" for none */
    int64_t min_timeout;   /* ONOFFLINEEVENT: seconds between notifications */
};

/* http or https with a host, at most 2,000 bytes without white space. */
bool handler_valid(const char *handler);
/* The same, of an address that a server or a browser is sent to: nothing in it could be more than an address in a header. */
bool address_valid(const char *address);
/* Does it lead to the address that clients know as `base_url` ("https://host:port"), or to this port of
 * this machine by its usual names? A reverse proxy or another name may hide it still: see portal/chain. */
bool handler_is_own(const char *handler, const char *base_url, int port);

enum db_rc subscription_add(struct db *db, const struct subscription *subscription, int64_t *id);

/* Which subscriptions go. NULL and -1: any. */
struct subscription_match {
    const char *kind;
    int64_t subscriber_id;
    const char *event, *handler, *connector;
    int64_t auth_type; /* -1: any */
    bool offline;
};
/* Removes them and what still waits for them. */
enum db_rc subscription_remove(struct db *db, const struct subscription_match *match,
                               int64_t *count);

/* An outgoing webhook with its events (a list that ends with NULL). */
enum db_rc hook_out_add(struct db *db, const char *handler, const char *title,
                        const char *const *events, int64_t now, int64_t *id);
/* DB_NONE: there is none. */
enum db_rc hook_out_remove(struct db *db, int64_t id);

/* An application is installed: it hears ONAPPINSTALL at its install address, in the transaction of the
 * caller. DB_OK also when it has no address. */
struct app;
enum db_rc app_installed(struct db *db, const struct app *app, int64_t now);
/* It goes: its handlers with what waits for them, but for ONAPPUNINSTALL, which is told. */
enum db_rc app_uninstalled(struct db *db, int64_t app_id, int64_t now);

#endif

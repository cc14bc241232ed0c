/* event - a change is told to whoever subscribed.
 *
 * What:    writes the rows of an event in the transaction of the change: one per handler into the
 *          outbox, and into the queues of offline events. What is rolled back was never told.
 *          Pages: api-reference/events/index, api-reference/events/offline-events.
 * Used by: model/entity_write, crm/activity, method/event, app/ (installing); send/delivery sends.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_PORTAL_EVENT_H
#define RAPPORT_PORTAL_EVENT_H

#include "portal/request.h"

/* An event that can be bound. Those of an entity follow from its descriptor (model/event_kind); any other is made
 * by EVENT_KIND in the file that tells it, which puts it on the list of the program's own. */
struct event_kind {
    const char *name;  /* "ONCRMLEADADD" */
    const char *scope; /* that an application needs; NULL: none */
    const struct event_kind *next;
};

/* Before main. */
void event_kind_add(struct event_kind *kind);
/* The first one of the list, which goes on by `next`. */
const struct event_kind *event_kinds_own(void);

#define EVENT_KIND(kind, event_name, event_scope)                                                  \
    static struct event_kind kind = {.name = event_name, .scope = event_scope};                    \
    __attribute__((constructor)) static void kind##_add(void)                                      \
    {                                                                                              \
        event_kind_add(&(kind));                                                                   \
    }                                                                                              \
    _Static_assert(sizeof event_name <= EVENT_NAME_SIZE,                                           \
                   "the name is longer than that of any event")

#define EVENT_NAME_SIZE 64

/* Users for whom handlers are bound that are not to hear of an event (model/hearing). */
struct event_deaf {
    int64_t *users;
    size_t count;
    const char *key; /* what the object is called by, when that is not its id; else NULL */
    /* Whose event is that of several types: data[FIELDS][ENTITY_TYPE_ID] says which, and there is one of
     * this type alone, ONCRM<entity><what>_<type>. 0: it is no such one. */
    int64_t type_id;
};

/* Tells that the object `id` was changed: event `ONCRM<entity><what>`, data[FIELDS][ID]. */
enum api_rc event_raise(struct request *req, const char *entity, const char *what, int64_t id,
                        const struct event_deaf *deaf);
/* The users for whom handlers of that event are bound, in the arena; each once. */
enum api_rc event_users(struct request *req, const char *entity, const char *what, int64_t type_id,
                        int64_t **users, size_t *count);

/* The same of any event. `data` is form-encoded ("data%5BX%5D=1") or empty. `subscriber` 0: all;
 * else only the handlers of this application. */
struct event_news {
    const struct event_kind *kind;
    const char *data;
    int64_t app_id;  /* 0: every subscriber */
    int64_t user_id; /* whose change it is */
    int64_t now;
    int64_t depth;         /* portal/chain; of a request: event_tell_now sets it */
    const char *connector; /* auth_connector of the call: its own queue does not hear of it */
    const struct event_deaf *deaf; /* NULL: everybody hears */
};
enum db_rc event_tell(struct db *db, const struct event_news *news);

/* Of an event that somebody was to hear, newest first; of a request whose `told` is set. In its arena. */
struct event_note {
    const struct event_note *before;
    const char *event, *data; /* as event_news has them */
    bool queued;              /* for offline handlers, too */
    int64_t handlers;         /* how many are to be called */
};
/* The same in a request: the delivery is woken after the commit. Which events have handlers is read
 * once per transaction: whoever changes that in a request calls event_subscriptions_changed. */
enum api_rc event_tell_now(struct request *req, const struct event_news *news);
void event_subscriptions_changed(struct portal *portal);
/* It is known already, in this transaction, that no event has a handler: nobody need look. */
void event_none_bound(struct portal *portal);
/* Before a transaction of the write lane: another process may have changed the handlers, and nothing
 * is told yet. */
void event_group_begins(struct portal *portal);
/* After its commit, on the write lane: wakes the delivery when something was told. */
void event_group_kept(struct portal *portal);
/* Wakes the delivery, if there is one. Threads: any. */
void event_wake(struct portal *portal);

/* data[FIELDS][ID]= as event_news takes it. */
/* Appends the values below `prefix`, percent-encoded: "data%5BQUERY%5D" gives data[QUERY][...]. */
void event_data_add(struct request *req, struct buf *data, const char *prefix,
                    const struct value *values);
#define EVENT_DATA_ID "data%5BFIELDS%5D%5BID%5D="

#endif

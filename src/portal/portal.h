/* portal - one tenant: its store, its zone, its secrets, what is counted for it.
 *
 * What:    everything a request needs to know of where it runs. A portal is one SQLite file or one
 *          PostgreSQL schema.
 * Used by: every layer above.
 * Memory:  portal_open to portal_close, by the program.
 * Threads: read-only after portal_open, but for the parts that lock inside.
 * Errors:  portal_open: NULL with a sentence in `why`.
 */
#ifndef RAPPORT_PORTAL_PORTAL_H
#define RAPPORT_PORTAL_PORTAL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/datetime.h"
#include "base/secret.h"
#include "db/db.h"
#include "portal/age.h"
#include "portal/limit.h"
#include "portal/operating.h"
#include "portal/request.h"

struct fault_table;
struct portal_part;
struct stop;
/* What layers above keep of a portal: see portal_attach. */
struct call_log;
struct catalogs;
struct credential_cache;
struct feed;
struct hearing;
struct reset;
struct trouble;

/* An event that has handlers. */
struct event_bound {
    size_t name; /* where it stands in `names` */
    bool online, offline;
    bool personal; /* one of those online is bound for a user */
};

/* Which events have some, as portal/event reads it once per transaction of the write lane. */
struct event_subscribed {
    bool known;
    bool told;                 /* in this transaction: the delivery is woken when it is committed */
    struct event_bound *bound; /* by name */
    size_t count, cap;
    struct buf names;
};

/* What names in a call that nothing is known by come to: see model/unknown. */
enum unknown_mode { UNKNOWN_PORTAL, UNKNOWN_IGNORE, UNKNOWN_REFUSE };

/* Who sends events, to be woken when there are some. */
struct event_sender {
    void (*wake)(struct event_sender *sender);
};

struct portal {
    char *data_dir;
    char *store;  /* url of PostgreSQL, or the file of SQLite */
    char *schema; /* PostgreSQL: the portal's schema; else NULL */
    struct zone *zone;
    struct secret_key key;
    struct operating_table *operating;
    struct limit_plan plan; /* unlimited, unless changed before the server starts */
    struct limit_table *buckets;
    struct fault_table *faults;
    _Atomic(struct portal_part *) parts;   /* to be released with it */
    struct credential_cache *credentials;  /* auth_open */
    _Atomic(struct catalogs *) catalogs;   /* model/catalog; NULL: nobody asked yet */
    _Atomic int64_t index_wanted;          /* a custom field's id (model/side_keeper); 0: none */
    _Atomic(struct event_sender *) sender; /* or NULL */
    struct event_subscribed subscribed;    /* the write lane's */
    _Atomic bool events_told;              /* since it was woken last */
    const char *smtp;  /* url of the relay for e-mail activities; NULL: none is sent */
    size_t max_answer; /* bytes of one answer */
    size_t max_xml;    /* and of the JSON that one in XML is made from: its tree is large */
    char *answer_text, *xml_text; /* what a call is told whose answer would be larger */
    struct budget_pool memory;    /* what all requests in flight take together */
    struct clock clock;           /* its time of day: portal_now */
    bool require_https;
    enum unknown_mode unknown; /* --unknown-fields */
    bool mcp_open;             /* /mcp takes calls without a credential, from this machine */
    int64_t keep[AGE_KINDS];   /* days after which they go; 0: never (portal/age) */
    double slow_request;       /* seconds after which one is told of in the log; 0: never */
    bool audit_rows;           /* the trail tells of changes of rows, too (portal/audit) */
    bool control;              /* the pages of the control API are there */
    struct feed *feed;         /* feed_open */
    struct metrics *metrics;   /* metrics_open; NULL: nothing is counted */
    struct hearing *hearing;   /* model/hearing, the write lane's; NULL: nobody followed yet */
    struct call_log *calls;    /* the last ones (call_log_open), or NULL: not kept */
    struct reset *reset;       /* reset_open */
    _Atomic int port;          /* where this server listens; 0: it does not */
    struct stop *stop;         /* this server is to end */
    struct trouble *writing, *reading, *keeping; /* of rows; of files: what is said of it */
    /* Fills an empty portal inside of a write transaction (app/setup); NULL: there is no demo. */
    enum api_rc (*fill_demo)(struct portal *portal, struct db *db);
    _Atomic uint64_t outside_commits; /* made by this process, but not by the lanes */
    _Atomic bool closed;              /* for maintenance: the setting of the same name */
    _Atomic bool leaving;             /* its server ends: what is new goes elsewhere */
    bool is_new;                      /* portal_open created it */
    int lock_fd;                      /* of the data directory's lock, or -1 */
};

struct portal_options {
    const char *data_dir;
    const char *store;     /* NULL: SQLite inside the data directory */
    const char *time_zone; /* of a new portal; NULL: UTC */
    bool exclusive;        /* take the data directory's lock: a server */
    bool create;           /* make the data directory and the schema when absent */
    double frozen_at;      /* its clock stands there; 0: it runs */
};

/* Opens or creates. A server takes the lock, migrates, and creates a new portal's administrator. */
struct portal *portal_open(const struct portal_options *options, struct buf *why);
/* The bound of an answer, and with it of the memory of all; before the server starts. */
void portal_bound_answers(struct portal *portal, size_t bytes);
/* Brings the store to this program's schema, and a new one to its first state. */
bool portal_create(struct portal *portal, const char *time_zone, struct buf *why);
/* For a restore: a portal of that key that is still to be put into the store, which must hold none. */
struct portal *portal_open_empty(const char *data_dir, const char *store,
                                 const struct secret_key *key, struct buf *why);
void portal_close(struct portal *portal);
/* Its time of day, in seconds since 1970: dates, deadlines, tokens and limits go by it. */
static inline double portal_now(const struct portal *portal)
{
    return clock_now(&portal->clock);
}
/* What a layer above keeps of this portal is released with it, the last one first. Threads: any. */
void portal_attach(struct portal *portal, void *part, void (*release)(void *part));
/* A connection to the portal's store. */
struct db *portal_connect(const struct portal *portal, enum db_mode mode, struct buf *why);

/* Takes `closed` up from the store. False: it cannot be read, and stays. */
bool portal_read_closed(struct portal *portal);

/* Settings of the portal by name. false: absent or failed. */
bool portal_setting(struct db *db, const char *name, struct buf *value);
enum db_rc portal_setting_set(struct db *db, const char *name, const char *value);

#endif

/* request - what a method's handler sees of a call, and how it answers.
 *
 * What:    struct request: one call, alone or a command of a batch.
 * Used by: every handler in method/ and every rule in crm/; made by rest/pipeline.
 * Memory:  req->arena holds all of the call and is released after the answer left.
 * Threads: the thread of the lane that runs the method; a handler never knows which.
 * Errors:  a handler returns API_OK after writing exactly one value to req->out, or the result of
 *          api_fail (the caller's mistake) or api_db (the store's trouble).
 */
#ifndef RAPPORT_PORTAL_REQUEST_H
#define RAPPORT_PORTAL_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/datetime.h"
#include "base/value.h"
#include "base/writer.h"
#include "db/db.h"

enum api_code {
#define API_ERROR(name, code, status, text) API_ERR_##name,
#include "portal/error.def"
#undef API_ERROR
    API_ERROR_COUNT
};

struct api_error_info {
    const char *code;
    int status;
    const char *text;
};

extern const struct api_error_info api_errors[API_ERROR_COUNT];

struct api_error;
/* The code it is told by. */
const char *api_error_code(const struct api_error *error);

struct api_error {
    enum api_code code;
    const char *text;     /* for the caller; NULL: the table's */
    int status;           /* 0: the table's */
    const char *other;    /* a code that is none of the table's (portal/known); NULL: the table's */
    const char *argument; /* beside the text where a page shows it; NULL: not there */
};

/* API_KEPT: refused, but what was done stays, with its events: an activity whose e-mail cannot be sent.
 * API_STORE: the store failed; the lane decides whether to run the call again or to give up. */
enum api_rc { API_OK, API_FAIL, API_KEPT, API_STORE };

/* Does what the call changed stay? */
static inline bool api_stays(enum api_rc rc)
{
    return rc == API_OK || rc == API_KEPT;
}

struct access;

/* Who calls: the result of authentication (people/auth). */
struct caller {
    int64_t user_id;
    bool is_admin;
    int64_t credential_id; /* of the webhook, or -app_id: for limits and logs */
    int64_t app_id;        /* the application whose token it is; 0: a webhook */
    int64_t expires;       /* when the token runs out; 0: never */
    bool is_console;       /* the page for people: no limit, fault or closing meets it */
    const char *scopes;    /* "crm,user", in the call's arena; "": none */
    /* What it may do (people/access), in the call's arena. NULL: everything. */
    const struct access *access;
};

struct portal;
struct method;
struct dialect;
struct catalog;

struct request {
    struct arena *arena;
    struct db *db; /* the lane's connection */
    struct portal *portal;
    const struct catalog
        *catalog;            /* the portal's own schema (model/catalog); NULL: nothing of its own */
    const struct zone *zone; /* of the portal */
    const struct caller *caller;
    const struct method *method;
    const struct dialect *dialect; /* how values and names are written; NULL: the classic one */
    const struct value *params;    /* a VALUE_ARRAY */
    const void *args; /* they, as the method's spec binds them (model/spec); NULL: it binds none */
    struct writer *out;
    double now;    /* portal_now at the start of the call */
    int64_t depth; /* of the events it causes: see portal/chain */
    const char *client,
        *request_id;      /* whence it came, and how it is called; NULL: no request did */
    const char *base_url; /* "http://host:port", as the client named it, for addresses in answers */
    struct budget *budget; /* of memory; NULL: without bound */
    bool *postponed; /* in a prepare hook: not NULL says that this thread has no time for a file */
    const char *too_large; /* what is told when its answer passes the bound */
    struct api_error error;
    enum db_rc store;       /* with API_STORE */
    int64_t total, next;    /* of list methods; -1: not in the answer */
    struct value *left_out; /* names this call was told and took no notice of; NULL: nobody asks */
    struct event_note *
        *told; /* the events that its change tells are noted here; NULL: nobody asks */
    struct file_drop *drops; /* content to remove after the commit, if unused (portal/file_store) */
    struct file_ready *ready; /* content that a prepare hook stored already (crm/activity_file) */
};

/* Records the caller's mistake and returns API_FAIL. Without a format the table's text is used. */
enum api_rc api_fail(struct request *req, enum api_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The method's own error: empty code, status 400. */
enum api_rc api_fail_text(struct request *req, const char *text);
/* The same for what is done and stays: returns API_KEPT. The last thing a handler does. */
enum api_rc api_keep_text(struct request *req, const char *text);
/* API_OK for DB_OK, DB_ROW and DB_NONE; else remembers the store's error and returns API_STORE. */
enum api_rc api_db(struct request *req, enum db_rc rc);

/* What a handler came to, when its budget of memory may have failed under it: then it is refused. */
enum api_rc api_settle(struct request *req, enum api_rc rc);

/* Parameters by name without regard to case, as the protocol's CRM methods read them. */
const struct value *param_get(const struct request *req, const char *name);
/* "" when absent or no scalar. */
const char *param_text(const struct request *req, const char *name);
/* False when absent or no integer. */
bool param_int(const struct request *req, const char *name, int64_t *integer);
/* Where a page begins: 0 when absent or no number, -1 for any negative one; so far below 2^63 that
 * pages may be added to it. */
int64_t param_start(const struct request *req);
/* Copies a column's text to the arena. */
const char *request_text(struct request *req, struct db_stmt *stmt, int column, size_t *len);

#endif

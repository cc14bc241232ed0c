/* fault - what is to go wrong on purpose, and for which calls.
 *
 * What:    a list of faults in the order in which they were asked for. A call meets the first one that
 *          is for its method and credential, is not used up, and whose turn it is.
 * Used by: rest/control (adds, lists, clears), rest/pipeline and rest/batch (meet), http/server
 *          (delays, and what goes wrong on the socket).
 * Memory:  one table per portal, on the heap; a hit lives in the call's arena.
 * Threads: any; locked inside. Without faults a call passes with one relaxed read.
 *
 * Faults are not kept on disk: a server that starts has none.
 */
#ifndef RAPPORT_PORTAL_FAULT_H
#define RAPPORT_PORTAL_FAULT_H

#include "portal/known.h"
#include "portal/request.h"

#define FAULT_METHOD_SIZE 96
#define FAULT_TEXT_SIZE 256
#define FAULT_LIMIT 1000      /* in one table */
#define FAULT_DELAY_MAX 240.0 /* below TIMEOUT_REQUEST_S */

enum fault_kind {
    FAULT_ERROR,    /* the protocol error `code`; nothing is done */
    FAULT_DELAY,    /* late, and otherwise good */
    FAULT_DROP,     /* the connection ends without an answer; nothing is done */
    FAULT_LOST,     /* the same, but all is done and kept */
    FAULT_HTML,     /* the 502 page of a proxy; nothing is done */
    FAULT_TRUNCATE, /* done; the connection ends in the middle of the answer */
    FAULT_DRIP,     /* done; the answer comes byte by byte */
    FAULT_KINDS
};

/* "error", "delay", "drop", "lost", "html", "truncate", "drip" */
extern const char *const fault_kinds[FAULT_KINDS];

struct fault {
    int64_t id; /* given by fault_add */
    enum fault_kind kind;
    enum api_code code;
    const struct known_error *known; /* instead of it; NULL: none */
    int status;                      /* 0: the code's own */
    char text[FAULT_TEXT_SIZE];      /* "": the code's own */
    char method[FAULT_METHOD_SIZE];  /* "": every call; "crm.activity.*": all that begin so */
    int64_t credential;              /* 0: of anyone */
    int64_t count;                   /* fires so often; 0: until it is cleared */
    int64_t every;                   /* fires at every so-many-th matching call; 0 and 1: at each */
    double delay;                    /* seconds before anything else */
    int64_t seen, hits;              /* matching calls, and how often it fired */
};

/* What happens to one call. */
struct fault_hit {
    enum fault_kind kind;
    enum api_code code;
    const struct known_error *known;
    int status;
    const char *text; /* NULL: the code's own */
    double delay;
};

struct fault_table *fault_table_new(void);
void fault_table_free(struct fault_table *table);
/* The id; 0: the table is full. */
int64_t fault_add(struct fault_table *table, const struct fault *fault);
/* A copy of up to FAULT_LIMIT of them, in order; returns their number. */
size_t fault_list(struct fault_table *table, struct arena *arena, struct fault **list);
/* Takes one away, or all with id 0; returns how many went. */
size_t fault_clear(struct fault_table *table, int64_t id);

/* NULL: none. A command of a batch meets only faults that name a method. */
const struct fault_hit *fault_meet(struct fault_table *table, struct arena *arena,
                                   const char *method, size_t len, int64_t credential,
                                   bool in_batch);
/* The error of a hit, as API_FAIL. */
enum api_rc fault_fail(struct request *req, const struct fault_hit *hit);

#endif

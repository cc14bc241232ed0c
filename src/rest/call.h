/* call - one HTTP request on its way down and its answer on the way up, without a socket.
 *
 * What:    what http/ knows of a request, what rest/ made of it, and the finished answer.
 * Used by: http/server (fills and sends), rest/pipeline (works on it), tests (both).
 * Memory:  call_init to call_clear by whoever owns the connection. `arena` holds the rest.
 * Threads: one owner at a time; it moves to a lane and back.
 */
#ifndef RAPPORT_REST_CALL_H
#define RAPPORT_REST_CALL_H

#include "portal/request.h"
#include "rest/batch.h"
#include "rest/dispatch.h"
#include "rest/page.h"

enum call_format { CALL_JSON, CALL_XML };

#define REQUEST_ID_MAX 64

struct reply_header {
    struct reply_header *next;
    const char *name, *value;
};

/* What a page sets beside the body. All zero: 200, JSON. */
struct reply {
    int status;
    const char *type; /* of the content, "text/html; charset=utf-8" */
    bool packed;      /* the body is gzip already: only where the call takes_gzip */
    bool varies;      /* there is a packed form of it and another one, whichever is sent */
    struct reply_header *headers;
};

struct call {
    struct arena arena;
    struct budget budget;   /* of memory, from pipeline_execute until the call is freed */
    struct arena_mark mark; /* where the arena stood before it ran; block NULL: it did not yet */
    /* From the wire. Texts in the arena; NULL when the header was not there. */
    const char *path;  /* decoded, "/rest/1/abc/crm.activity.get.json" */
    const char *query; /* raw, without '?' */
    const char *content_type, *authorization, *cookie, *base_url;
    const char *origin, *if_none_match, *user_agent;
    const char *mcp_version, *mcp_method, *mcp_name; /* headers of rest/mcp */
    const char *event; /* CHAIN_HEADER: the call is an event that some portal delivers */
    const char *body;
    size_t body_len;
    bool is_https, is_post, takes_gzip;
    char client[48]; /* address of the peer */
    char request_id[REQUEST_ID_MAX + 1];

    /* Made by the pipeline. */
    enum call_format format;
    int64_t path_user; /* 0: not named */
    const char *path_code;
    const char *method_name;
    size_t method_len;
    bool is_batch;
    const struct page *page; /* NULL: a method */
    bool rehearses;          /* its change is undone when it has answered: a dry run */
    void *envelope;          /* what a page's unwrap leaves; NULL: the call came in none */
    void (*wrap)(
        struct call *); /* puts the answer of the method into that envelope; NULL: there is none */
    void *prepared;     /* what a page's prepare hook leaves for its handler */
    struct batch batch;
    struct caller caller;
    struct request req;
    struct writer out;
    struct timing timing;
    const struct fault_hit *fault; /* what is to happen to it on purpose; NULL: nothing */
    bool hurried, postponed; /* prepared on an HTTP thread; the prepare hooks are still to run */
    bool is_slow;            /* not done in the time its thread had: to be run elsewhere */
    bool signs_out; /* credentials end with its commit: none of them is believed from before */
    double delay;   /* seconds to wait before it runs, or is refused */
    enum api_rc rc;
    struct {
        double seconds;
        uint64_t statements;
        int runs;
    } work;         /* what it did so far (rest/slow) */
    double started; /* portal_now when the request was complete */
    double clock;   /* clock_monotonic then */

    /* The answer. */
    int status;
    struct buf answer;
    struct reply reply;
    int file;                 /* an open file to send instead of `answer`, or -1 */
    struct follower *follows; /* what an answer that is good goes on with (portal/feed), or NULL */
    const char *file_name;
};

void call_init(struct call *call);
void call_clear(struct call *call);
/* Gives the budget back: the answer is sent. The arena and the answer's buffer may be used again. */
void call_release(struct call *call);
/* Whose turn it is in queues, and whose part of the memory it takes: credential and address. */
uint64_t call_client(const struct call *call);
/* Is it the page for people that calls, or is asked for? */
bool call_of_console(const struct call *call);
/* One more header of a page's reply; both texts must live as long as the call. */
void call_reply_header(struct call *call, const char *name, const char *value);

#endif

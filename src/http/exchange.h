/* exchange - one request and its answer on a connection of libmicrohttpd.
 *
 * Used by: http/server only; apart from it so that the socket's life and the request's are told in
 *          two files.
 * Memory:  exchange_new when the request line is read, exchange_free when the answer is sent.
 * Threads: the connection's HTTP thread, but while its job is on a lane.
 */
#ifndef RAPPORT_HTTP_EXCHANGE_H
#define RAPPORT_HTTP_EXCHANGE_H

#include <microhttpd.h>

#include "http/intake.h"
#include "http/origin.h"
#include "http/timer.h"
#include "rest/call_job.h"

struct exchange {
    enum {
        EX_HEADERS,
        EX_BODY,
        EX_PREPARING, /* on the slow lane */
        EX_DELAYED,
        EX_ON_LANE,
        EX_PACKING, /* on the slow lane */
        EX_ANSWERED
    } state;
    struct call call;
    struct job job;
    struct MHD_Connection *connection;
    struct buf body;
    struct intake_ticket ticket; /* for the memory of the body */
    struct net_address client;
    double began;
    /* While a fault holds it back: */
    struct timer timer;
    struct timers *timers;
    enum pipeline_next next;
    bool due; /* the next byte of a slow drip may go */
    /* Of the headers: */
    const char *authority; /* of an absolute address */
    const char *request_headers;
    struct origin_words words;
    uint64_t length;
    bool chunked, gzip, odd_target, is_asterisk;
    /* How to answer: */
    bool refused, is_head, close_after, packed, streams; /* streams: no request any more */
    enum api_code refusal;
    const char *refusal_text;
};

struct exchange *exchange_new(const char *uri);
void exchange_free(struct exchange *x);
/* Takes the headers of interest; sets `refused` for what must not be served. */
void exchange_read_headers(struct exchange *x, const char *verb, size_t max_body);
/* The first refusal counts; the connection ends with it. */
void exchange_refuse(struct exchange *x, enum api_code code, const char *text);
/* True when what is still to do with the answer would hold up the thread: packing, XML. */
bool exchange_is_large(const struct exchange *x);
/* On any thread, behind pipeline_answer: compresses the answer where the client takes that. */
void exchange_pack(struct exchange *x);
/* Sends call.answer, or the file. */
enum MHD_Result exchange_send(struct exchange *x, bool closing);
/* Sends this instead; NULL ends the connection. */
enum MHD_Result exchange_send_response(struct exchange *x, struct MHD_Response *response,
                                       bool closing);
/* The 502 page of a proxy instead of an answer. */
enum MHD_Result exchange_send_html(struct exchange *x, bool closing);
/* The answer cut off in its middle, or byte by byte. */
enum MHD_Result exchange_send_truncated(struct exchange *x);
enum MHD_Result exchange_send_dripping(struct exchange *x, struct timers *timers, bool closing);
/* Suspends the connection for that time; on_request then sees it in the state it left it in. */
void exchange_wait(struct exchange *x, struct timers *timers, double seconds);
/* OPTIONS: what a browser asks before a call from a page. */
enum MHD_Result exchange_send_options(struct exchange *x);

#endif

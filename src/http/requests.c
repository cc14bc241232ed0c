#include "http/requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/server_state.h"
#include "http/stream.h"

#define NO_ROOM "Too many large requests at once; try again later"
#define RATE_SINGLE (8 * RATE_BODY) /* of the one large body beside the others (http/intake) */
#define LARGE_BODY 65536            /* not kept beside its parameters */

/* ---- requests ---- */

static void lane_done(struct job *job)
{
    struct exchange *x = job->context;
    MHD_resume_connection(x->connection);
}

/* One that counted among those that a stop waits for. */
static void request_is_over(struct server *server)
{
    if (atomic_fetch_sub(&server->active, 1) != 1 || !atomic_load(&server->stopping))
        return;
    pthread_mutex_lock(&server->lock);
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

/* A large answer has the time that its size needs. */
static void allow_for_size(struct exchange *x)
{
    struct peer *peer =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    if (x->call.follows)
        peer_ends_at(peer, clock_monotonic() + TIMEOUT_STREAM_S);
    struct stat info = {0};
    size_t size = x->call.answer.len;
    if (x->call.file >= 0 && fstat(x->call.file, &info) == 0)
        size = (size_t)info.st_size;
    if (size < RATE_BODY * 10UL)
        return;
    peer_ends_at(peer, clock_monotonic() + TIMEOUT_REQUEST_S + (double)size / RATE_BODY);
}

/* MHD_NO ends the connection without an answer. */
static enum MHD_Result send_answer(struct server *server, struct exchange *x)
{
    const struct fault_hit *fault = x->call.fault;
    bool closing = atomic_load(&server->stopping), file = x->call.file >= 0;
    allow_for_size(x);
    if (x->call.follows && x->call.rc == API_OK) {
        x->streams = true;
        request_is_over(server);
        return exchange_send_response(x, stream_response(x), closing);
    }
    switch (fault && (!file || fault->kind == FAULT_LOST) ? fault->kind : FAULT_DELAY) {
    case FAULT_LOST:
        return MHD_NO;
    case FAULT_TRUNCATE:
        return exchange_send_truncated(x);
    case FAULT_DRIP:
        return exchange_send_dripping(x, server->timers, closing);
    default:
        return exchange_send(x, closing);
    }
}

static enum MHD_Result refuse(struct server *server, struct exchange *x, enum api_code code,
                              const char *text)
{
    pipeline_refuse(&x->call, server->portal, code, text);
    return exchange_send(x, atomic_load(&server->stopping));
}

/* `work` NULL: to run the call. */
static enum MHD_Result submit(struct server *server, struct exchange *x, enum lane lane,
                              void (*work)(struct job *job, struct db *db))
{
    x->job = call_job(&x->call, lane_done, x);
    x->job.work = work;
    MHD_suspend_connection(x->connection);
    if (!lane_submit(server->lanes, lane, &x->job)) {
        lane_refuse(&x->job);
        MHD_resume_connection(x->connection);
    }
    return MHD_YES;
}

static enum MHD_Result hand_over(struct server *server, struct exchange *x, enum lane lane)
{
    x->state = EX_ON_LANE;
    return submit(server, x, lane, NULL);
}

/* What a fault does instead of running the call. */
static enum MHD_Result go_wrong(struct server *server, struct exchange *x)
{
    x->call.rc = api_fail(&x->call.req, API_ERR_UNEXPECTED_ANSWER, NULL);
    x->call.req.error.status = 502;
    pipeline_answer(&x->call); /* for the log only */
    if (x->call.fault->kind == FAULT_DROP)
        return MHD_NO;
    return exchange_send_html(x, atomic_load(&server->stopping));
}

static bool goes_wrong(const struct call *call)
{
    return call->fault && (call->fault->kind == FAULT_DROP || call->fault->kind == FAULT_HTML);
}

/* ---- what would hold up the HTTP thread goes to the slow lane ---- */

static void prepare_slowly(struct job *job, struct db *db)
{
    struct exchange *x = job->context;
    x->next = pipeline_prepare(&x->call, x->call.req.portal, db);
}

static void store_slowly(struct job *job, struct db *db)
{
    struct exchange *x = job->context;
    x->next = pipeline_prepare_files(&x->call, db);
}

static void pack_slowly(struct job *job, struct db *db)
{
    struct exchange *x = job->context;
    (void)db;
    pipeline_answer(&x->call);
    exchange_pack(x);
}

static enum MHD_Result answer(struct server *server, struct exchange *x)
{
    if (exchange_is_large(x)) {
        x->state = EX_PACKING;
        return submit(server, x, LANE_SLOW, pack_slowly);
    }
    pipeline_answer(&x->call);
    return send_answer(server, x);
}

static enum MHD_Result packed(struct server *server, struct exchange *x)
{
    if (x->job.refused) {
        x->gzip = false;
        pipeline_answer(&x->call);
    }
    return send_answer(server, x);
}

/* ---- running ---- */

/* On the spot where the store allows it, as long as the thread has time for one. */
static enum MHD_Result run_read(struct server *server, struct exchange *x)
{
    if (!server->reads_inline)
        return hand_over(server, x, LANE_READ);
    struct reader *reader = readers_own(server->readers);
    if (!reader)
        return refuse(server, x, API_ERR_INTERNAL, NULL);
    struct db *db = reader_begin(reader, lane_commits(server->lanes));
    x->job = call_job(&x->call, NULL, NULL);
    bool done = lane_run_read(&x->job, db, lane_patience(server->lanes, x->job.client));
    reader_end(reader);
    return done ? answer(server, x) : hand_over(server, x, LANE_SLOW);
}

/* What the wire found wrong with this request. */
static void object(struct exchange *x, const struct peer *peer, const char *why)
{
    if (why)
        exchange_refuse(x, peer->wire.too_large ? API_ERR_BODY_TOO_LARGE : API_ERR_INVALID_REQUEST,
                        why);
}

/* Nothing holds the call back (any more). */
static enum MHD_Result run(struct server *server, struct exchange *x)
{
    x->state = EX_BODY;
    if (x->next == PIPELINE_ANSWER)
        return answer(server, x);
    if (goes_wrong(&x->call))
        return go_wrong(server, x);
    if (x->next == PIPELINE_WRITE)
        return hand_over(server, x, LANE_WRITE);
    return run_read(server, x);
}

static enum MHD_Result prepared(struct server *server, struct exchange *x)
{
    if (x->call.caller.user_id)
        intake_know(server->intake, &x->ticket);
    if (x->body.cap > LARGE_BODY) /* its parameters are all in the arena */
        buf_clear(&x->body);
    bool changes = x->next == PIPELINE_WRITE || x->next == PIPELINE_PREPARE;
    if (changes && x->is_head) /* HEAD promises to change nothing */
        return refuse(server, x, API_ERR_HTTP_METHOD, NULL);
    if (x->next == PIPELINE_PREPARE) {
        x->state = EX_PREPARING;
        return submit(server, x, LANE_SLOW, store_slowly);
    }
    if (x->call.delay > 0) {
        x->state = EX_DELAYED;
        exchange_wait(x, server->timers, x->call.delay);
        return MHD_YES;
    }
    return run(server, x);
}

/* The whole request is here. */
static enum MHD_Result serve(struct server *server, struct exchange *x, struct peer *peer)
{
    struct call *call = &x->call;
    double now = x->ticket.bytes ? clock_monotonic() : x->began;
    peer_phase(peer, PEER_SERVED, now + TIMEOUT_REQUEST_S);
    if (x->refused)
        return refuse(server, x, x->refusal, x->refusal_text);
    call->body = x->body.data;
    call->body_len = x->body.len;
    call->req.portal = server->portal;
    if (pipeline_takes_long(call)) {
        x->state = EX_PREPARING;
        return submit(server, x, LANE_SLOW, prepare_slowly);
    }
    struct reader *reader = readers_own(server->readers);
    if (!reader)
        return refuse(server, x, API_ERR_INTERNAL, NULL);
    call->hurried = true;
    x->next =
        pipeline_prepare(call, server->portal, reader_begin(reader, lane_commits(server->lanes)));
    reader_end(reader);
    return prepared(server, x);
}

/* ---- the body ---- */

/* False: the call is refused, and its answer can be made. */
static bool look(struct server *server, struct exchange *x)
{
    struct reader *reader = readers_own(server->readers);
    if (!reader) {
        exchange_refuse(x, API_ERR_INTERNAL, NULL);
        return false;
    }
    struct db *db = reader_begin(reader, lane_commits(server->lanes));
    enum pipeline_look found = pipeline_look(&x->call, server->portal, db);
    reader_end(reader);
    if (found == LOOK_KNOWN)
        intake_know(server->intake, &x->ticket);
    x->close_after |= found == LOOK_REFUSED;
    return found != LOOK_REFUSED;
}

/* Before the body is read: who sends it, unless it is small and came with the headers, and is there
 * room for it? */
static enum MHD_Result take_body(struct server *server, struct exchange *x, struct peer *peer)
{
    size_t length = x->chunked ? LIMIT_SMALL_BODY : (size_t)x->length;
    if (!length)
        return MHD_YES;
    bool small = length <= LIMIT_SMALL_BODY, ahead = !small || peer_sends_body(peer);
    bool room = small && !ahead && intake_take_small(server->intake, &x->ticket, length);
    if (!room && !look(server, x) && !x->refused)
        return answer(server, x);
    room = room || x->refused || (small && intake_take_small(server->intake, &x->ticket, length)) ||
           intake_take(server->intake, &x->ticket, &x->client, length);
    if (!room)
        exchange_refuse(x, API_ERR_OVERLOAD_LIMIT, NO_ROOM);
    if (x->refused)
        return refuse(server, x, x->refusal, x->refusal_text);
    buf_reserve(&x->body, length < 65536 ? length : 65536);
    return MHD_YES;
}

/* A part of the body. What is refused in its middle is read to its end, and thrown away. */
static void take_part(struct server *server, struct exchange *x, struct peer *peer,
                      const char *data, size_t size)
{
    size_t after = x->body.len + size;
    if (x->refused)
        return;
    if (after > server->options.max_body)
        exchange_refuse(x, API_ERR_BODY_TOO_LARGE, NULL);
    else if (after > x->ticket.bytes &&
             !intake_take(server->intake, &x->ticket, &x->client, after + after / 8))
        exchange_refuse(x, API_ERR_OVERLOAD_LIMIT, NO_ROOM);
    if (x->refused) {
        buf_clear(&x->body);
        intake_give(server->intake, &x->ticket);
        return;
    }
    buf_add(&x->body, data, size);
    double rate = x->ticket.single ? RATE_SINGLE : RATE_BODY;
    peer_ends_at(peer, x->began + TIMEOUT_BODY_S + (double)after / rate);
}

static void tell_origin(const struct server *server, struct exchange *x, const struct peer *peer)
{
    x->words.peer = peer->address;
    struct origin origin = origin_tell(&server->origin, &x->call.arena, &x->words);
    x->client = origin.client;
    x->call.is_https = origin.is_https;
    x->call.base_url = origin.url;
    if (peer->trusted)
        net_text(&x->client, x->call.client);
    else
        memcpy(x->call.client, peer->text, sizeof x->call.client);
}

static enum MHD_Result begin(struct server *server, struct exchange *x, struct peer *peer,
                             const char *verb)
{
    atomic_fetch_add(&server->active, 1);
    x->state = EX_BODY;
    if (atomic_load(&server->drained))
        return MHD_NO; /* too late, nothing was done: as if the connection had been closed before */
    x->began = clock_monotonic();
    peer_phase(peer, PEER_SENDS, x->began + TIMEOUT_BODY_S);
    object(x, peer, peer_takes_request(peer));
    exchange_read_headers(x, verb, server->options.max_body);
    tell_origin(server, x, peer);
    if (x->refused)
        return refuse(server, x, x->refusal, x->refusal_text);
    return take_body(server, x, peer);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *verb, const char *version, const char *data,
                                  size_t *size, void **request)
{
    struct server *server = context;
    struct exchange *x = *request;
    (void)url, (void)version;
    struct peer *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    if (x->state == EX_HEADERS) {
        x->connection = connection;
        return begin(server, x, peer, verb);
    }
    switch (x->state) {
    case EX_PREPARING:
        return x->job.refused ? refuse(server, x, API_ERR_OVERLOAD_LIMIT, NULL)
                              : prepared(server, x);
    case EX_DELAYED:
        return run(server, x);
    case EX_ON_LANE:
        return answer(server, x);
    case EX_PACKING:
        return packed(server, x);
    default:
        break;
    }
    if (*size) {
        take_part(server, x, peer, data, *size);
        *size = 0;
        return MHD_YES;
    }
    object(x, peer, peer_objection(peer));
    if (!x->refused && !strcmp(verb, "OPTIONS"))
        return exchange_send_options(x);
    return serve(server, x, peer);
}

static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    (void)context, (void)connection;
    return exchange_new(uri);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code)
{
    struct server *server = context;
    struct exchange *x = *request;
    (void)code;
    if (!x)
        return;
    if (x->state != EX_HEADERS) {
        struct peer *peer =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
        peer->refused = x->close_after;
        intake_give(server->intake, &x->ticket);
        peer_waits(peer);
        if (!x->streams)
            request_is_over(server);
    }
    exchange_free(x);
    *request = NULL;
}

void requests_hooks(struct daemon_hooks *hooks)
{
    hooks->uri = on_uri;
    hooks->request = on_request;
    hooks->completed = on_completed;
}

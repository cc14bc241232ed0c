#include "http/server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/daemon.h"
#include "http/exchange.h"
#include "http/listen.h"
#include "http/peer.h"
#include "http/stream.h"
#include "http/tls.h"
#include "lane/reader.h"
#include "portal/feed.h"
#include "portal/metrics.h"

#define LIVES_S 10        /* a second late is no death */
#define DRAIN_S 8         /* how long server_stop waits for requests in flight */
#define DRAIN_STEP_MS 100 /* how often it looks for those that were cut off */
#define POSTGRES_READERS 8
#define NO_ROOM "Too many large requests at once; try again later"
#define RATE_SINGLE (8 * RATE_BODY) /* of the one large body beside the others (http/intake) */
#define LARGE_BODY 65536            /* not kept beside its parameters */
#define SLOW_READERS 4

struct server {
    struct portal *portal;
    struct lanes *lanes;
    struct timers *timers;
    struct MHD_Daemon *daemon;
    struct server_options options;
    char url[128]; /* where it listens */
    struct origin_rules origin;
    struct tls *tls;
    bool reads_inline;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned places; /* for connections */
    struct peers *peers;
    struct intake *intake;
    struct readers *readers;
    _Atomic int active; /* requests from complete headers to the answer sent */
    _Atomic bool stopping, drained;
    bool sweeping;
    pthread_t sweeper;
    _Atomic double swept; /* when, by clock_monotonic */
};

/* ---- connections and their time ---- */

static void on_connection(void *context, struct MHD_Connection *connection, void **peer,
                          enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *peer = peer_opened(server->peers, connection);
    else if (*peer)
        peer_closed(server->peers, *peer);
}

/* Once a second: what must end, and snapshots that nobody reads. */
static void *sweep(void *context)
{
    struct server *server = context;
    pthread_mutex_lock(&server->lock);
    while (!atomic_load(&server->stopping)) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&server->changed, &server->lock, &until);
        atomic_store(&server->swept, clock_monotonic());
        peers_sweep(server->peers);
        feed_beat(server->portal->feed);
        readers_rest(server->readers, lane_commits(server->lanes));
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

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

/* ---- start and stop ---- */

static void write_metrics(void *context, struct buf *out)
{
    struct server *server = context;
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    if (info)
        metrics_number(out, "rapport_open_connections", "gauge", "Of clients.",
                       info->num_connections);
    metrics_number(out, "rapport_requests_in_flight", "gauge",
                   "From their headers to the answer sent.", atomic_load(&server->active));
}

static bool start_daemon(struct server *server, int fd, struct buf *why)
{
    struct daemon_hooks hooks = {on_uri, on_request, on_completed, on_connection, server};
    server->daemon =
        daemon_start(fd, server->tls != NULL, server->options.threads, server->places, &hooks);
    if (!server->daemon)
        buf_adds(why, "cannot start the HTTP server");
    return server->daemon != NULL;
}

struct server *server_start(struct portal *portal, const struct server_options *options,
                            struct buf *why)
{
    struct server *server = xcalloc(1, sizeof *server);
    server->portal = portal;
    server->options = *options;
    server->origin = (struct origin_rules){options->url, server->url, options->tls_cert != NULL,
                                           options->trusted};
    server->places = listen_places(why);
    server->intake =
        intake_new(options->max_bodies, options->max_unknown_bodies, options->max_body);
    server->peers = peers_new(server->places, &server->origin.trusted);
    server->reads_inline = !db_is_postgres(portal->store);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    struct lane_options lanes = {.readers = server->reads_inline ? 0 : POSTGRES_READERS,
                                 .slow = SLOW_READERS,
                                 .commit_jobs = options->commit_jobs};
    server->timers = timers_start();
    server->readers = readers_new(portal);
    bool secure = options->tls_cert != NULL;
    if (secure)
        server->tls = tls_load(options->tls_cert, options->tls_key, why);
    int fd =
        server->places && !secure == !server->tls
            ? options->socket > 0 ? options->socket : listen_open(options->host, options->port, why)
            : -1;
    if (fd >= 0)
        listen_url(fd, options->socket > 0 ? NULL : options->host, secure, server->url,
                   sizeof server->url);
    if (fd >= 0 && (server->lanes = lanes_start(portal, &lanes, why)) &&
        start_daemon(server, fd, why)) {
        CHECK(pthread_create(&server->sweeper, NULL, sweep, server) == 0);
        server->sweeping = true;
        atomic_store(&server->swept, clock_monotonic());
        metrics_watch(portal->metrics, write_metrics, server);
        return server;
    }
    if (fd >= 0)
        close(fd);
    server_stop(server);
    return NULL;
}

/* Waits until nothing is in flight; false when the time is over. */
static bool wait_for_active(struct server *server, double deadline)
{
    pthread_mutex_lock(&server->lock);
    pthread_cond_broadcast(&server->changed);
    while (atomic_load(&server->active) > 0 && clock_monotonic() < deadline) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += DRAIN_STEP_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&server->changed, &server->lock, &until) != 0)
            peers_end_cut_off(server->peers);
    }
    pthread_mutex_unlock(&server->lock);
    return atomic_load(&server->active) == 0;
}

/* Connections that were open before may bring more requests until the end. One that comes after the
 * first wait either sees `drained`, or is seen by the second wait. */
static void drain(struct server *server)
{
    double deadline = clock_monotonic() + DRAIN_S;
    lanes_refuse_slow(server->lanes);
    wait_for_active(server, deadline);
    atomic_store(&server->drained, true);
    if (!wait_for_active(server, deadline))
        log_warn("%d requests were still coming in or going out", atomic_load(&server->active));
}

void server_leave(struct server *server)
{
    atomic_store(&server->portal->leaving, true);
    atomic_store(&server->stopping, true);
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    server_leave(server);
    metrics_forget(server->portal->metrics, server);
    int fd = server->daemon ? MHD_quiesce_daemon(server->daemon) : -1;
    if (fd >= 0)
        shutdown(fd, SHUT_RDWR); /* refused from now on; a worker may still look at it */
    feed_close(server->portal->feed);
    timers_flush(server->timers); /* nobody waits for a delay that was asked for */
    if (server->daemon)
        drain(server);
    lanes_stop(server->lanes);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    if (fd >= 0)
        close(fd);
    if (server->sweeping)
        pthread_join(server->sweeper, NULL);
    lanes_free(server->lanes);
    timers_stop(server->timers);
    readers_free(server->readers);
    peers_free(server->peers);
    intake_free(server->intake);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->changed);
    tls_free(server->tls);
    free(server);
}

bool server_reload(struct server *server, struct buf *why)
{
    return !server->tls || tls_reload(server->tls, why);
}

bool server_lives(const struct server *server)
{
    return clock_monotonic() - atomic_load(&server->swept) < LIVES_S;
}

const char *server_url(const struct server *server)
{
    return server->url;
}

const char *server_public_url(const struct server *server)
{
    return origin_url(&server->origin);
}

struct lanes *server_lanes(struct server *server)
{
    return server->lanes;
}

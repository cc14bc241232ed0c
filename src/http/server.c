#include "http/server.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/exchange.h"
#include "http/peer.h"
#include "rest/reader.h"

#define DRAIN_S 30        /* how long server_stop waits for requests in flight */
#define DRAIN_STEP_MS 100 /* how often it looks for those that were cut off */
#define POSTGRES_READERS 8
#define MOST_PLACES 20000 /* for connections */
#define OWN_FILES 150     /* open files of other kinds */
#define LEAST_FILES 64

/* The reader of one HTTP thread. */
struct thread_reader {
    struct thread_reader *next;
    struct reader *reader;
};

struct server {
    struct portal *portal;
    struct lanes *lanes;
    struct timers *timers;
    struct MHD_Daemon *daemon;
    struct server_options options;
    char url[128];
    char *cert, *key;
    bool reads_inline;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned places; /* for connections */
    struct peers *peers;
    struct thread_reader *readers;
    _Atomic int active; /* requests from complete headers to the answer sent */
    _Atomic bool stopping, drained;
    bool sweeping;
    pthread_t sweeper;
};

static _Thread_local struct {
    const struct server *server;
    struct reader *reader;
} this_thread;

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
        peers_sweep(server->peers);
        for (struct thread_reader *r = server->readers; r; r = r->next)
            reader_rest(r->reader, lane_commits(server->lanes));
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

/* ---- requests ---- */

static struct reader *this_reader(struct server *server)
{
    if (this_thread.server == server)
        return this_thread.reader;
    struct buf why = {0};
    struct reader *reader = reader_open(server->portal, &why);
    if (!reader) {
        log_error("store: %s", buf_text(&why));
        buf_clear(&why);
        return NULL;
    }
    struct thread_reader *entry = xcalloc(1, sizeof *entry);
    entry->reader = reader;
    pthread_mutex_lock(&server->lock);
    entry->next = server->readers;
    server->readers = entry;
    pthread_mutex_unlock(&server->lock);
    this_thread.server = server;
    this_thread.reader = reader;
    return reader;
}

static void lane_done(struct job *job)
{
    struct exchange *x = job->context;
    MHD_resume_connection(x->connection);
}

/* MHD_NO ends the connection without an answer. */
static enum MHD_Result answer(struct server *server, struct exchange *x)
{
    const struct fault_hit *fault = x->call.fault;
    bool closing = atomic_load(&server->stopping), file = x->call.file >= 0;
    pipeline_answer(&x->call);
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

static enum MHD_Result hand_over(struct server *server, struct exchange *x, enum lane lane)
{
    x->state = EX_ON_LANE;
    x->job = (struct job){.call = &x->call, .done = lane_done, .context = x};
    MHD_suspend_connection(x->connection);
    if (!lane_submit(server->lanes, lane, &x->job)) {
        x->call.rc = api_fail(&x->call.req, API_ERR_OVERLOAD_LIMIT, NULL);
        MHD_resume_connection(x->connection);
    }
    return MHD_YES;
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

/* After the time that a fault held the call back: what serve would have done at once. */
static enum MHD_Result serve_late(struct server *server, struct exchange *x)
{
    struct call *call = &x->call;
    x->state = EX_BODY;
    if (x->next == PIPELINE_ANSWER)
        return answer(server, x);
    if (goes_wrong(call))
        return go_wrong(server, x);
    if (x->next == PIPELINE_WRITE || !server->reads_inline)
        return hand_over(server, x, x->next == PIPELINE_WRITE ? LANE_WRITE : LANE_READ);
    struct reader *reader = this_reader(server);
    if (!reader)
        return refuse(server, x, API_ERR_INTERNAL, NULL);
    lane_run_read(call, reader_begin(reader, lane_commits(server->lanes)));
    reader_end(reader);
    return answer(server, x);
}

/* What the wire found wrong with this request. */
static void object(struct exchange *x, const struct peer *peer, const char *why)
{
    if (why)
        exchange_refuse(x, peer->wire.too_large ? API_ERR_BODY_TOO_LARGE : API_ERR_INVALID_REQUEST,
                        why);
}

/* The whole request is here. A read is answered on the spot where the store allows it. */
static enum MHD_Result serve(struct server *server, struct exchange *x, struct peer *peer)
{
    struct call *call = &x->call;
    peer_may_take(peer, PEER_SERVED, TIMEOUT_REQUEST_S);
    if (x->refused)
        return refuse(server, x, x->refusal, x->refusal_text);
    call->body = x->body.data;
    call->body_len = x->body.len;
    struct reader *reader = this_reader(server);
    if (!reader)
        return refuse(server, x, API_ERR_INTERNAL, NULL);
    struct db *db = reader_begin(reader, lane_commits(server->lanes));
    enum pipeline_next next = pipeline_prepare(call, server->portal, db);
    bool held_back = call->delay > 0 || goes_wrong(call);
    if (next == PIPELINE_READ && server->reads_inline && !held_back) {
        lane_run_read(call, db);
        next = PIPELINE_ANSWER;
    }
    reader_end(reader);
    if (next == PIPELINE_WRITE && x->is_head) /* HEAD promises to change nothing */
        return refuse(server, x, API_ERR_HTTP_METHOD, NULL);
    x->next = next;
    if (call->delay > 0) {
        x->state = EX_DELAYED;
        exchange_wait(x, server->timers, call->delay);
        return MHD_YES;
    }
    if (held_back)
        return serve_late(server, x);
    if (next == PIPELINE_ANSWER)
        return answer(server, x);
    return hand_over(server, x, next == PIPELINE_WRITE ? LANE_WRITE : LANE_READ);
}

static enum MHD_Result begin(struct server *server, struct exchange *x, struct peer *peer,
                             const char *verb)
{
    atomic_fetch_add(&server->active, 1);
    x->state = EX_BODY;
    if (atomic_load(&server->drained))
        return MHD_NO; /* too late, nothing was done: as if the connection had been closed before */
    peer_may_take(peer, PEER_SENDS, TIMEOUT_REQUEST_S);
    memcpy(x->call.client, peer->text, sizeof x->call.client);
    x->call.is_https = server->options.tls_cert != NULL;
    x->call.base_url = server->url;
    object(x, peer, peer_takes_request(peer));
    exchange_read_headers(x, verb, server->options.max_body);
    if (x->refused && x->refusal != API_ERR_HTTP_METHOD)
        return refuse(server, x, x->refusal, x->refusal_text);
    if (!x->chunked && x->length)
        buf_reserve(&x->body, x->length < 65536 ? x->length : 65536);
    return MHD_YES;
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
    if (x->state == EX_ON_LANE)
        return answer(server, x);
    if (x->state == EX_DELAYED)
        return serve_late(server, x);
    if (*size) {
        if (x->body.len + *size > server->options.max_body) {
            buf_clear(&x->body);
            x->refused = x->close_after = true;
            x->refusal = API_ERR_BODY_TOO_LARGE;
        }
        if (!x->refused)
            buf_add(&x->body, data, *size);
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
        peer_waits(peer);
        if (atomic_fetch_sub(&server->active, 1) == 1 && atomic_load(&server->stopping)) {
            pthread_mutex_lock(&server->lock);
            pthread_cond_broadcast(&server->changed);
            pthread_mutex_unlock(&server->lock);
        }
    }
    exchange_free(x);
    *request = NULL;
}

/* ---- start and stop ---- */

static size_t keep_raw(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text); /* http/params decodes, by PHP's rules */
}

__attribute__((format(printf, 2, 0))) static void on_log(void *context, const char *format,
                                                         va_list args)
{
    char line[512];
    (void)context;
    vsnprintf(line, sizeof line, format, args);
    log_debug("http: %s", line);
}

static int bind_socket(const struct server_options *options, struct buf *why)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    char port[16];
    snprintf(port, sizeof port, "%d", options->port);
    int code = getaddrinfo(options->host, port, &hints, &found);
    if (code != 0) {
        buf_printf(why, "cannot listen on %s: %s", options->host, gai_strerror(code));
        return -1;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1024) != 0) {
        buf_printf(why, "cannot listen on %s port %s: %s", options->host, port, strerror(errno));
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static void make_url(struct server *server, int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char port[16] = "0";
    getsockname(fd, (struct sockaddr *)&address, &size);
    getnameinfo((struct sockaddr *)&address, size, NULL, 0, port, sizeof port, NI_NUMERICSERV);
    bool bracket = strchr(server->options.host, ':') != NULL;
    snprintf(server->url, sizeof server->url, "http%s://%s%s%s:%s",
             server->options.tls_cert ? "s" : "", bracket ? "[" : "", server->options.host,
             bracket ? "]" : "", port);
}

static char *read_file(const char *path, struct buf *why)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        buf_printf(why, "cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    char *text = xcalloc(1, 65536);
    size_t len = fread(text, 1, 65535, file);
    fclose(file);
    if (!len)
        buf_printf(why, "%s is empty", path);
    if (!len) {
        free(text);
        return NULL;
    }
    return text;
}

static bool load_tls(struct server *server, struct buf *why)
{
    if (!server->options.tls_cert)
        return true;
    server->cert = read_file(server->options.tls_cert, why);
    server->key = server->cert ? read_file(server->options.tls_key, why) : NULL;
    return server->key != NULL;
}

/* How many connections there may be: the soft limit of open files is raised to the hard one, and some
 * of it is for the store, files of answers and handlers. 0: too few to work with. */
static unsigned count_places(struct buf *why)
{
    struct rlimit files = {1024, 1024};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        struct rlimit most = {files.rlim_max, files.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &most) == 0)
            files = most;
    }
    rlim_t limit = files.rlim_cur, own = limit < 2 * OWN_FILES ? limit / 2 : OWN_FILES;
    if (limit < LEAST_FILES) {
        buf_printf(why, "at most %lu files may be open (ulimit -n); at least %d are needed",
                   (unsigned long)limit, LEAST_FILES);
        return 0;
    }
    return (unsigned)(limit - own < MOST_PLACES ? limit - own : MOST_PLACES);
}

static bool start_daemon(struct server *server, int fd, struct buf *why)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ERROR_LOG | (server->cert ? MHD_USE_TLS : 0);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = server->options.threads > 0 ? (unsigned)server->options.threads
                       : cores > 2                 ? (unsigned)cores
                                                   : 2;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, server->cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, server->places, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TIMEOUT_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_QUERY_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_uri, server,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_raw, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_ARRAY,
        server->cert ? tls : none, MHD_OPTION_END);
    if (!server->daemon)
        buf_adds(why, server->cert ? "cannot start HTTPS: is the certificate with its key good?"
                                   : "cannot start the HTTP server");
    return server->daemon != NULL;
}

struct server *server_start(struct portal *portal, const struct server_options *options,
                            struct buf *why)
{
    struct server *server = xcalloc(1, sizeof *server);
    server->portal = portal;
    server->options = *options;
    server->places = count_places(why);
    server->peers = peers_new(server->places, &server->options.trusted);
    server->reads_inline = !db_is_postgres(portal->store);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    struct lane_options lanes = {.readers = server->reads_inline ? 0 : POSTGRES_READERS,
                                 .commit_jobs = options->commit_jobs};
    server->timers = timers_start();
    int fd = server->places && load_tls(server, why) ? bind_socket(options, why) : -1;
    if (fd >= 0)
        make_url(server, fd);
    if (fd >= 0 && (server->lanes = lanes_start(portal, &lanes, why)) &&
        start_daemon(server, fd, why)) {
        CHECK(pthread_create(&server->sweeper, NULL, sweep, server) == 0);
        server->sweeping = true;
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
    wait_for_active(server, deadline);
    atomic_store(&server->drained, true);
    if (!wait_for_active(server, deadline))
        log_warn("%d requests were still coming in or going out", atomic_load(&server->active));
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    atomic_store(&server->stopping, true);
    int fd = server->daemon ? MHD_quiesce_daemon(server->daemon) : -1;
    if (fd >= 0)
        close(fd);
    timers_flush(server->timers); /* nobody waits for a delay that was asked for */
    if (server->daemon)
        drain(server);
    lanes_stop(server->lanes);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    if (server->sweeping)
        pthread_join(server->sweeper, NULL);
    lanes_free(server->lanes);
    timers_stop(server->timers);
    while (server->readers) {
        struct thread_reader *next = server->readers->next;
        reader_close(server->readers->reader);
        free(server->readers);
        server->readers = next;
    }
    peers_free(server->peers);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->changed);
    free(server->cert);
    free(server->key);
    free(server);
}

const char *server_url(const struct server *server)
{
    return server->url;
}

struct lanes *server_lanes(struct server *server)
{
    return server->lanes;
}

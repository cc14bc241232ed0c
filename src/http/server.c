#include "http/server.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/listen.h"
#include "http/requests.h"
#include "http/server_state.h"
#include "portal/feed.h"
#include "portal/metrics.h"

#define LIVES_S 10        /* a second late is no death */
#define DRAIN_S 8         /* how long server_stop waits for requests in flight */
#define DRAIN_STEP_MS 100 /* how often it looks for those that were cut off */
#define POSTGRES_READERS 8
#define SLOW_READERS 4

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
    struct daemon_hooks hooks = {.connection = on_connection, .context = server};
    requests_hooks(&hooks);
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

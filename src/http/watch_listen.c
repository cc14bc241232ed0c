#include "http/watch_listen.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "http/listen.h"
#include "rest/watch.h"

#define PLACES 32
#define IDLE_S 30
#define PATIENCE_S 5 /* for the store */

struct watch_listen {
    struct portal *portal;
    struct MHD_Daemon *daemon;
    struct db *db; /* its thread's; NULL: not had yet, or lost */
    char url[128];
};

/* A connection that was lost is made again: a store that came back is found. */
static struct db *store_of(struct watch_listen *watch)
{
    struct buf why = {0};
    if (!watch->db)
        watch->db = portal_connect(watch->portal, DB_READER, &why);
    buf_clear(&why);
    if (watch->db)
        db_deadline(watch->db, clock_monotonic() + PATIENCE_S);
    return watch->db;
}

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status,
                                 const char *type, struct buf *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text->len, text->data, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result sent = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    buf_clear(text);
    return sent;
}

static unsigned ready(struct watch_listen *watch, struct buf *text)
{
    if (watch_ready(watch->portal, store_of(watch), text)) {
        buf_adds(text, "ready\n");
        return MHD_HTTP_OK;
    }
    /* What it asked may have been lost with the connection. */
    db_close(watch->db);
    watch->db = NULL;
    return MHD_HTTP_SERVICE_UNAVAILABLE;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *verb, const char *version, const char *data,
                                  size_t *size, void **request)
{
    static int seen;
    struct watch_listen *watch = context;
    struct buf text = {0};
    (void)version, (void)data;
    if (!*request) { /* the headers; what follows is the request's end */
        *request = &seen;
        return MHD_YES;
    }
    if (*size) {
        *size = 0;
        return MHD_YES;
    }
    if (strcmp(verb, "GET") != 0 && strcmp(verb, "HEAD") != 0) {
        buf_adds(&text, "GET is what there is\n");
        return send_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, WATCH_HEALTH_TYPE, &text);
    }
    if (!strcmp(url, "/healthz")) {
        buf_adds(&text, "ok\n");
        return send_text(connection, MHD_HTTP_OK, WATCH_HEALTH_TYPE, &text);
    }
    if (!strcmp(url, "/readyz")) {
        unsigned status = ready(watch, &text);
        return send_text(connection, status, WATCH_HEALTH_TYPE, &text);
    }
    if (!strcmp(url, "/metrics")) {
        ready(watch, &text);
        text.len = 0;
        watch_metrics(watch->portal, store_of(watch), &text);
        return send_text(connection, MHD_HTTP_OK, WATCH_METRICS_TYPE, &text);
    }
    buf_adds(&text, "/metrics, /healthz and /readyz are what there is\n");
    return send_text(connection, MHD_HTTP_NOT_FOUND, WATCH_HEALTH_TYPE, &text);
}

struct watch_listen *watch_listen_start(struct portal *portal, const char *host, int port,
                                        struct buf *why)
{
    struct watch_listen *watch = xcalloc(1, sizeof *watch);
    watch->portal = portal;
    int fd = listen_open(host, port, why);
    if (fd < 0) {
        free(watch);
        return NULL;
    }
    listen_url(fd, host, false, watch->url, sizeof watch->url);
    watch->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, on_request, watch,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)PLACES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    if (watch->daemon)
        return watch;
    buf_adds(why, "cannot start the server of --metrics-listen");
    close(fd);
    free(watch);
    return NULL;
}

const char *watch_listen_url(const struct watch_listen *watch)
{
    return watch->url;
}

void watch_listen_stop(struct watch_listen *watch)
{
    if (!watch)
        return;
    MHD_stop_daemon(watch->daemon);
    db_close(watch->db);
    free(watch);
}

/* rapport serve */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/args.h"
#include "app/command.h"
#include "app/config.h"
#include "app/control_socket.h"
#include "app/serve_options.h"
#include "app/service.h"
#include "app/setup.h"
#include "page/console.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/stop.h"
#include "http/server.h"
#include "http/watch_listen.h"
#include "model/side_keeper.h"
#include "model/unknown.h"
#include "people/auth.h"
#include "portal/feed.h"
#include "portal/file_sweep.h"
#include "portal/metrics.h"
#include "portal/scope.h"
#include "rest/call_log.h"
#include "rest/reset.h"
#include "send/delivery.h"
#include "send/mailer.h"
#include "send/subscription.h"

/* Other commands tell addresses with it. */
static void remember_address(const struct portal *portal, const char *url)
{
    char path[1024], temp[1040];
    snprintf(path, sizeof path, "%s/address", portal->data_dir);
    snprintf(temp, sizeof temp, "%s.new", path);
    FILE *file = fopen(temp, "w");
    if (!file)
        return;
    fprintf(file, "%s\n", url);
    if (fclose(file) == 0 && rename(temp, path) != 0)
        unlink(temp);
}

/* What is printed there is kept, and read by others. */
static bool in_a_journal(void)
{
    return getenv("JOURNAL_STREAM") || getenv("NOTIFY_SOCKET");
}

/* A link that signs the administrator in, once. */
static bool show_console(struct portal *portal, const struct server *server, struct buf *why)
{
    char link[TOKEN_LEN + 1];
    if (!console_files[0].path)
        return true;
    if (!setup_console(portal, 1, link, why))
        return false;
    printf("console %s" CONSOLE_SIGNIN "%s\n", server_public_url(server), link);
    return true;
}

/* NULL with nothing in `why`: nobody asked for it. */
static struct watch_listen *start_watch(const struct serve_options *o, struct portal *portal,
                                        struct buf *why)
{
    char host[80];
    int port;
    if (!o->metrics || !serve_split_listen("--metrics-listen", o->metrics, host, &port, why))
        return NULL;
    struct watch_listen *watch = watch_listen_start(portal, host, port, why);
    if (watch)
        printf("metrics %s/metrics\n", watch_listen_url(watch));
    return watch;
}

/* What a first start shows, then `ready`. The code is marked as shown only when it was. */
static bool announce(struct portal *portal, const struct server *server, const char *code,
                     struct buf *why)
{
    bool shows = code[0] && !in_a_journal();
    if (shows)
        printf("webhook %s/rest/1/%s/\n", server_public_url(server), code);
    if (shows && (fflush(stdout) != 0 || !setup_shown(portal, why)))
        return false;
    if (shows && !show_console(portal, server, why))
        return false;
    printf("ready %s/\n", server_url(server));
    fflush(stdout);
    service_tell("READY=1");
    return true;
}

/* What the configuration says of the log now. What else stands there holds from the next start. */
static void reload_log(const char *config)
{
    struct serve_options o;
    struct arg args[SERVE_ARGS];
    enum config_from from[SERVE_ARGS];
    struct buf why = {0};
    serve_options_init(&o, args);
    bool good = config_fill(args, config, from, &why);
    for (int i = 0; good && args[i].name; i++) {
        if (args[i].text == &o.log && from[i] != CONFIG_COMMAND)
            good = serve_set_log(o.log, &why);
        else if (args[i].text == &o.log_format && from[i] != CONFIG_COMMAND)
            good = serve_set_log_format(o.log_format, &why);
    }
    if (!good)
        log_error("SIGHUP: the log stays as it was: %s", buf_text(&why));
    buf_clear(&why);
}

static void reload(struct server *server, bool secure, const char *config)
{
    struct buf why = {0};
    service_tell_reloading();
    reload_log(config);
    if (!secure)
        log_info("SIGHUP: there is no certificate to read again");
    else if (server_reload(server, &why))
        log_info("SIGHUP: new connections get the certificate as it now is");
    else
        log_error("SIGHUP: the certificate stays as it was: %s", buf_text(&why));
    service_tell("READY=1");
    buf_clear(&why);
}

/* Until a signal to end. */
static void run(struct server *server, bool secure, const char *config, const sigset_t *signals)
{
    double beat = service_watchdog();
    struct timespec pause = {(time_t)beat, (long)((beat - floor(beat)) * 1e9)};
    for (;;) {
        int received = beat > 0 ? sigtimedwait(signals, NULL, &pause) : sigwaitinfo(signals, NULL);
        if (received < 0 && server_lives(server)) /* who is stuck is silent, and started anew */
            service_tell("WATCHDOG=1");
        if (received == SIGTERM || received == SIGINT) {
            service_tell("STOPPING=1");
            server_leave(server); /* before it is told: who reads it may count on it */
            log_info("%s: finishing what is in flight",
                     received == SIGTERM ? "SIGTERM" : "interrupted");
            return;
        }
        if (received == SIGHUP)
            reload(server, secure, config);
    }
}

static int serve(const struct serve_options *o, struct server_options *options,
                 const struct limit_plan *plan, sigset_t *signals)
{
    struct buf why = {0};
    char code[SETUP_CODE_SIZE];
    struct portal_options place = {.data_dir = o->data,
                                   .store = o->store,
                                   .time_zone = o->zone,
                                   .exclusive = true,
                                   .create = true};
    struct setup first = {
        .demo = o->demo, .code = o->code, .scope = o->scope, .time_zone = o->zone};
    struct portal *portal = portal_open(&place, &why);
    if (!portal)
        return command_fail(&why);
    portal->require_https = o->require_https;
    portal->smtp = o->smtp;
    unknown_mode_find(o->unknown, &portal->unknown);
    portal->plan = *plan;
    int64_t max_answer;
    if (o->max_answer && text_to_int(o->max_answer, strlen(o->max_answer), &max_answer))
        portal_bound_answers(portal, (size_t)max_answer << 20);
    portal->control = o->control;
    portal->audit_rows = o->audit_rows;
    CHECK(serve_options_keep(o, portal->keep, &portal->slow_request, &why)); /* was checked */
    portal->mcp_open = o->mcp_open;
    portal->fill_demo = setup_demo;
    auth_open(portal);
    feed_open(portal);
    metrics_open(portal);
    reset_open(portal);
    if (o->control)
        call_log_open(portal);
    struct control_socket *control = NULL;
    struct server *server = NULL;
    /* All that a first start makes is there before anybody can ask for it. */
    bool good = setup_portal(portal, &first, code, &why);
    /* A start may be ended at any moment; from here on it is done in order. Before any thread: all
     * inherit it. */
    sigprocmask(SIG_BLOCK, signals, NULL);
    signal(SIGHUP, SIG_DFL);
    good = good && (server = server_start(portal, options, &why)) &&
           (control = control_socket_start(portal, &why));
    struct watch_listen *watch = good ? start_watch(o, portal, &why) : NULL;
    good = good && !why.len;
    int64_t refusals = 0;
    if (o->attempts)
        text_to_int(o->attempts, strlen(o->attempts), &refusals);
    const char *listens = good ? strrchr(server_url(server), ':') : NULL;
    atomic_store(&portal->port, listens ? (int)strtol(listens + 1, NULL, 10) : 0);
    struct delivery_options sending = {.port = atomic_load(&portal->port),
                                       .base_url = good ? server_public_url(server) : "",
                                       .refusals = (int)refusals,
                                       .private_networks = o->private_handlers};
    struct delivery *delivery =
        good ? delivery_start(portal, server_lanes(server), &sending, &why) : NULL;
    struct mailer *mailer = NULL;
    good = good && delivery;
    if (good && o->smtp)
        good = (mailer = mailer_start(portal, server_lanes(server), delivery, &why)) != NULL;
    if (good) {
        remember_address(portal, server_public_url(server));
        good = announce(portal, server, code, &why);
    }
    struct file_sweeper *sweeper = good ? file_sweeper_start(portal) : NULL;
    struct side_keeper *keeper = good ? side_keeper_start(portal) : NULL;
    if (good)
        run(server, o->cert != NULL, o->config, signals);
    stop_ask(portal->stop, STOP_STORE_S);
    file_sweeper_stop(sweeper);
    side_keeper_stop(keeper);
    control_socket_stop(control);
    mailer_stop(mailer);
    delivery_stop(delivery);
    server_stop(server);
    watch_listen_stop(watch); /* it said that the server ends as long as that took */
    delivery_free(delivery);
    reset_forget(portal);
    portal_close(portal);
    return good ? 0 : command_fail(&why);
}

int command_serve(int argc, char **argv)
{
    struct serve_options o;
    struct arg args[SERVE_ARGS];
    enum config_from from[SERVE_ARGS];
    serve_options_init(&o, args);
    struct server_options options = {0};
    struct limit_plan plan;
    struct buf why = {0};
    char host[80];
    bool help;
    int rest;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport serve [options]\n\nRuns the server until SIGTERM or SIGINT. "
                    "Prints `ready URL` when it takes requests, and\nat the first start of a data "
                    "directory `webhook URL`, the administrator's webhook, once. What is not said "
                    "here is taken from\n"
                    "RAPPORT_NAME of the environment (--tls-cert: RAPPORT_TLS_CERT), then from the "
                    "file of\n"
                    "--config; `rapport config` shows what holds.",
                    &help, NULL, 0, &rest))
        return 2;
    if (help)
        return 0;
    if (!config_fill(args, o.config, from, &why) ||
        !serve_options_check(&o, &options, &plan, host, &why)) {
        net_ranges_clear(&options.trusted);
        command_fail(&why);
        return 2;
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    signal(SIGHUP, SIG_IGN); /* until it is waited for */
    signal(SIGPIPE, SIG_IGN);
    int socket = service_take_socket();
    options.socket = socket > 0 ? socket : 0;
    int ended = serve(&o, &options, &plan, &signals);
    net_ranges_clear(&options.trusted);
    return ended;
}

/* rapport serve */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/args.h"
#include "app/command.h"
#include "app/control_socket.h"
#include "app/setup.h"
#include "page/console.h"
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

struct serve_options {
    const char *listen, *data, *store, *cert, *key, *plan, *code, *zone, *log, *max_body,
        *max_bodies, *max_unknown_bodies, *max_answer, *threads, *commit_jobs, *url, *attempts,
        *scope, *smtp, *rate, *burst, *operating, *time, *unknown, *metrics, *log_format;
    const char *proxies[ARG_MOST + 1];
    bool demo, require_https, control, private_handlers, mcp_open;
};

static bool fail(struct buf *why, const char *text)
{
    buf_adds(why, text);
    return false;
}

/* "127.0.0.1:8024", "[::1]:0", ":8024". */
static bool split_listen(const char *option, const char *text, char host[80], int *port,
                         struct buf *why)
{
    const char *colon = strrchr(text, ':');
    int64_t number;
    if (!colon || !text_to_int(colon + 1, strlen(colon + 1), &number) || number < 0 ||
        number > 65535 || colon - text >= 80) {
        buf_printf(why, "%s takes HOST:PORT, for example " DEFAULT_LISTEN, option);
        return false;
    }
    size_t len = (size_t)(colon - text);
    if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    }
    snprintf(host, 80, "%.*s", len ? (int)len : 9, len ? text : "127.0.0.1");
    *port = (int)number;
    return true;
}

/* 0 takes a limit away; without the option the plan's own number stays. */
static bool read_limit(const char *name, const char *text, double *number, struct buf *why)
{
    struct value value = {.type = VALUE_STRING};
    double real;
    if (!text)
        return true;
    value.string.text = text;
    value.string.len = strlen(text);
    if (!value_to_double(&value, &real) || real < 0 || real > 1e9) {
        buf_printf(why, "%s takes a number from 0", name);
        return false;
    }
    *number = real;
    return true;
}

static bool choose_plan(const struct serve_options *o, struct limit_plan *plan, struct buf *why)
{
    const struct limit_plan *named = limit_plan_find(o->plan);
    if (!named)
        return fail(why, "--plan takes unlimited, standard, enterprise, onpremise or free");
    *plan = *named;
    if (plan->time <= 0)
        plan->time = LIMIT_TIME_S;
    if (!read_limit("--limit-rate", o->rate, &plan->rate, why) ||
        !read_limit("--limit-burst", o->burst, &plan->burst, why) ||
        !read_limit("--limit-operating", o->operating, &plan->operating, why) ||
        !read_limit("--limit-time", o->time, &plan->time, why))
        return false;
    if (plan->burst > 0 && !(plan->rate > 0) && !o->rate)
        return fail(why, "--limit-burst needs --limit-rate");
    return true;
}

static bool read_mib(const char *name, const char *text, size_t without, size_t *bytes,
                     struct buf *why)
{
    int64_t number;
    *bytes = without;
    if (!text)
        return true;
    if (!text_to_int(text, strlen(text), &number) || number < 1 || number > 1048576) {
        buf_printf(why, "%s takes MiB, 1 to 1048576", name);
        return false;
    }
    *bytes = (size_t)number * 1024 * 1024;
    return true;
}

static bool check_options(const struct serve_options *o, struct server_options *server,
                          struct limit_plan *plan, char host[80], struct buf *why)
{
    int64_t number;
    if (!split_listen("--listen", o->listen, host, &server->port, why))
        return false;
    server->host = host;
    if (!o->cert != !o->key)
        return fail(why, "--tls-cert and --tls-key go together");
    server->tls_cert = o->cert;
    server->tls_key = o->key;
    if (!choose_plan(o, plan, why))
        return false;
    server->max_body = LIMIT_BODY_BYTES;
    if (o->max_body) {
        if (!text_to_int(o->max_body, strlen(o->max_body), &number) || number < 1 || number > 2048)
            return fail(why, "--max-body takes MiB, 1 to 2048");
        server->max_body = (size_t)number * 1024 * 1024;
    }
    if (!read_mib("--max-bodies", o->max_bodies, LIMIT_BODIES_BYTES, &server->max_bodies, why) ||
        !read_mib("--max-unknown-bodies", o->max_unknown_bodies, LIMIT_UNKNOWN_BODIES_BYTES,
                  &server->max_unknown_bodies, why))
        return false;
    if (server->max_bodies < 2 * server->max_body && o->max_bodies)
        return fail(why, "--max-bodies takes at least twice --max-body");
    if (server->max_bodies < 2 * server->max_body)
        server->max_bodies = 2 * server->max_body;
    if (o->max_answer && (!text_to_int(o->max_answer, strlen(o->max_answer), &number) ||
                          number < 1 || number > 1024))
        return fail(why, "--max-answer takes MiB, 1 to 1024");
    if (o->threads) {
        if (!text_to_int(o->threads, strlen(o->threads), &number) || number < 1 || number > 256)
            return fail(why, "--threads takes 1 to 256");
        server->threads = (int)number;
    }
    if (o->commit_jobs) {
        if (!text_to_int(o->commit_jobs, strlen(o->commit_jobs), &number) || number < 1 ||
            number > LIMIT_COMMIT_JOBS)
            return fail(why, "--commit-jobs takes 1 to 256");
        server->commit_jobs = (int)number;
    }
    if (!unknown_mode_find(o->unknown, &(enum unknown_mode){0}))
        return fail(why, "--unknown-fields takes portal, ignore or refuse");
    if (o->smtp && !smtp_url_valid(o->smtp))
        return fail(why, "--smtp takes smtp://[user:password@]host[:port] or smtps://...");
    if (o->attempts &&
        (!text_to_int(o->attempts, strlen(o->attempts), &number) || number < 1 || number > 100))
        return fail(why, "--event-attempts takes 1 to 100");
    if (o->url && (!handler_valid(o->url) || strchr(strstr(o->url, "://") + 3, '/')))
        return fail(why, "--url takes http://HOST[:PORT] or https://HOST[:PORT], without a path");
    server->url = o->url;
    for (const char *const *proxy = o->proxies; *proxy; proxy++) {
        if (net_ranges_add(&server->trusted, *proxy))
            continue;
        buf_printf(why, "--trusted-proxy takes an address or a network, as 10.0.0.0/8: not %s",
                   *proxy);
        return false;
    }
    char bad[80];
    if (o->scope && !scope_valid(o->scope, bad, sizeof bad)) {
        buf_printf(why, "--webhook-scope: unknown scope %s; scopes are a list as crm,user", bad);
        return false;
    }
    if (o->code) {
        size_t len = strlen(o->code);
        if (len < 8 || len > 128 ||
            strspn(o->code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") !=
                len)
            return fail(why, "--webhook-code takes 8 to 128 letters and digits");
    }
    return true;
}

/* Whoever reaches this machine's own address is its user; through a proxy anybody would be. */
static bool check_mcp_open(const struct serve_options *o, const char *host, struct buf *why)
{
    bool local = !strcmp(host, "localhost") || !strcmp(host, "::1") || !strncmp(host, "127.", 4);
    if (!o->mcp_open || (local && !o->proxies[0] && !o->url))
        return true;
    return fail(why, "--mcp-open is for a server that listens on this machine alone (--listen "
                     "127.0.0.1:PORT), without --trusted-proxy or --url");
}

/* In a journal lines are for it, unless somebody says otherwise. */
static bool set_log_format(const char *name, struct buf *why)
{
    if (!name)
        log_set_format(log_to_journal() ? LOG_JOURNAL : LOG_TEXT);
    else if (!strcmp(name, "json"))
        log_set_format(LOG_JSON);
    else if (!strcmp(name, "text"))
        log_set_format(LOG_TEXT);
    else
        return fail(why, "--log-format takes text or json");
    return true;
}

static bool set_log(const char *name, struct buf *why)
{
    static const char *const names[] = {"debug", "info", "warn", "error", "off"};
    for (int i = 0; i < 5; i++) {
        if (!strcmp(name, names[i])) {
            log_set_level((enum log_level)i);
            return true;
        }
    }
    return fail(why, "--log takes debug, info, warn, error or off");
}

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
    if (!o->metrics || !split_listen("--metrics-listen", o->metrics, host, &port, why))
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
    return true;
}

static void reload(struct server *server, bool secure)
{
    struct buf why = {0};
    if (!secure)
        log_info("SIGHUP: there is no certificate to read again");
    else if (server_reload(server, &why))
        log_info("SIGHUP: new connections get the certificate as it now is");
    else
        log_error("SIGHUP: the certificate stays as it was: %s", buf_text(&why));
    buf_clear(&why);
}

/* Until a signal to end. */
static void run(struct server *server, bool secure, const sigset_t *signals)
{
    for (;;) {
        int received = sigwaitinfo(signals, NULL);
        if (received == SIGTERM || received == SIGINT) {
            server_leave(server); /* before it is told: who reads it may count on it */
            log_info("%s: finishing what is in flight",
                     received == SIGTERM ? "SIGTERM" : "interrupted");
            return;
        }
        if (received == SIGHUP)
            reload(server, secure);
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
        run(server, o->cert != NULL, signals);
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
    struct serve_options o = {.listen = DEFAULT_LISTEN,
                              .data = DEFAULT_DATA,
                              .plan = "unlimited",
                              .log = "info",
                              .unknown = "portal"};
    char metrics_host[80];
    int metrics_port;
    const struct arg args[] = {
        {"--listen", "HOST:PORT", "where to listen; port 0 takes a free one (" DEFAULT_LISTEN ")",
         &o.listen, NULL},
        {"--data", "DIR", "the data directory, made when absent (./" DEFAULT_DATA ")", &o.data,
         NULL},
        {"--store", "URL", "postgresql://... instead of SQLite in the data directory", &o.store,
         NULL},
        {"--tls-cert", "FILE", "certificate chain, PEM: serve HTTPS", &o.cert, NULL},
        {"--tls-key", "FILE", "its private key, PEM", &o.key, NULL},
        {"--require-https", NULL, "answer INVALID_REQUEST to calls over plain HTTP", NULL,
         &o.require_https},
        {"--url", "URL", "the address clients and handlers know, as https://crm.example.com",
         &o.url, NULL},
        {"--trusted-proxy", "CIDR...",
         "whose X-Forwarded-... and Forwarded to believe; may come several times", o.proxies, NULL},
        {"--smtp", "URL",
         "relay for e-mail activities, as smtp://user:password@mail.example.com:587", &o.smtp,
         NULL},
        {"--event-attempts", "N", "how often a handler that refuses an event is asked (12)",
         &o.attempts, NULL},
        {"--private-handlers", NULL, "let event handlers be in private networks", NULL,
         &o.private_handlers},
        {"--plan", "NAME", "unlimited (the default), standard, enterprise, onpremise or free",
         &o.plan, NULL},
        {"--limit-rate", "N", "requests a second that an address may make for ever", &o.rate, NULL},
        {"--limit-burst", "N", "requests it may make at once beyond that", &o.burst, NULL},
        {"--limit-operating", "SECONDS", "work per method and credential in ten minutes",
         &o.operating, NULL},
        {"--limit-time", "SECONDS", "how long one request may take (30); 0: for ever", &o.time,
         NULL},
        {"--unknown-fields", "MODE",
         "portal (a custom field that is not there is refused), ignore, or refuse", &o.unknown,
         NULL},
        {"--control", NULL, "the control API under /_rapport/, for tests; see docs/testing.md",
         NULL, &o.control},
        {"--mcp-open", NULL, "let assistants on this machine use /mcp without a credential", NULL,
         &o.mcp_open},
        {"--demo", NULL, "fill a new portal with a small data set", NULL, &o.demo},
        {"--webhook-code", "CODE", "code of the first webhook instead of a random one, for CI",
         &o.code, NULL},
        {"--webhook-scope", "LIST", "what the first webhook may call, as crm,user (all there is)",
         &o.scope, NULL},
        {"--time-zone", "NAME", "zone of a new portal, as Europe/Berlin or +03:00 (UTC)", &o.zone,
         NULL},
        {"--max-body", "MIB", "largest request body in MiB (100)", &o.max_body, NULL},
        {"--max-bodies", "MIB", "memory for all request bodies together in MiB (512)",
         &o.max_bodies, NULL},
        {"--max-unknown-bodies", "MIB",
         "of it for those whose credential is still to come, in the body (64)",
         &o.max_unknown_bodies, NULL},
        {"--max-answer", "MIB", "largest answer in MiB (64); all together take eight times as much",
         &o.max_answer, NULL},
        {"--threads", "N", "HTTP threads (one per core, at least 2)", &o.threads, NULL},
        {"--commit-jobs", "N", "requests that may share one commit (256); 1 is for measuring",
         &o.commit_jobs, NULL},
        {"--metrics-listen", "HOST:PORT",
         "where /metrics, /healthz and /readyz are told without a credential", &o.metrics, NULL},
        {"--log-format", "NAME", "text or json (text; in systemd's journal with its levels)",
         &o.log_format, NULL},
        {"--log", "LEVEL", "debug, info, warn, error or off (info: a line per request)", &o.log,
         NULL},
        {NULL, NULL, NULL, NULL, NULL},
    };
    struct server_options options = {0};
    struct limit_plan plan;
    struct buf why = {0};
    char host[80];
    bool help;
    int rest;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport serve [options]\n\nRuns the server until SIGTERM or SIGINT. "
                    "Prints `ready URL` when it takes requests, and\nat the first start of a data "
                    "directory `webhook URL`, the administrator's webhook, once.",
                    &help, NULL, 0, &rest))
        return 2;
    if (help)
        return 0;
    if (!check_options(&o, &options, &plan, host, &why) || !check_mcp_open(&o, host, &why) ||
        (o.metrics &&
         !split_listen("--metrics-listen", o.metrics, metrics_host, &metrics_port, &why)) ||
        !set_log(o.log, &why) || !set_log_format(o.log_format, &why)) {
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
    int ended = serve(&o, &options, &plan, &signals);
    net_ranges_clear(&options.trusted);
    return ended;
}

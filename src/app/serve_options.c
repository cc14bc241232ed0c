#include "app/serve_options.h"

#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/limits.h"
#include "base/log.h"
#include "model/unknown.h"
#include "portal/scope.h"
#include "send/mailer.h"
#include "send/subscription.h"

static bool fail(struct buf *why, const char *text)
{
    buf_adds(why, text);
    return false;
}

/* "127.0.0.1:8024", "[::1]:0", ":8024". */
bool serve_split_listen(const char *option, const char *text, char host[80], int *port,
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

static bool read_days(const char *name, const char *text, int64_t *days, struct buf *why)
{
    if (text_to_int(text, strlen(text), days) && *days >= 0 && *days <= 36500)
        return true;
    buf_printf(why, "%s takes days, 0 to 36500", name);
    return false;
}

bool serve_options_keep(const struct serve_options *o, int64_t keep[AGE_KINDS], double *slow,
                        struct buf *why)
{
    static const char *const ages[AGE_KINDS] = {[AGE_AUDIT] = "--keep-audit",
                                                [AGE_EVENTS] = "--keep-events",
                                                [AGE_HISTORY] = "--keep-history",
                                                [AGE_TOKENS] = "--keep-tokens"};
    for (int i = 0; i < AGE_KINDS; i++) {
        if (!read_days(ages[i], o->keep[i], &keep[i], why))
            return false;
    }
    return read_limit("--slow-request", o->slow, slow, why);
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

static bool check_server(const struct serve_options *o, struct server_options *server,
                         struct limit_plan *plan, char host[80], struct buf *why)
{
    int64_t number;
    if (!serve_split_listen("--listen", o->listen, host, &server->port, why))
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
bool serve_set_log_format(const char *name, struct buf *why)
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

bool serve_set_log(const char *name, struct buf *why)
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

bool serve_options_check(const struct serve_options *o, struct server_options *server,
                         struct limit_plan *plan, char host[80], struct buf *why)
{
    char beside[80];
    int port;
    int64_t keep[AGE_KINDS];
    double slow;
    return serve_options_keep(o, keep, &slow, why) && check_server(o, server, plan, host, why) &&
           check_mcp_open(o, host, why) &&
           (!o->metrics ||
            serve_split_listen("--metrics-listen", o->metrics, beside, &port, why)) &&
           serve_set_log(o->log, why) && serve_set_log_format(o->log_format, why);
}

void serve_options_init(struct serve_options *o, struct arg *args)
{
    const struct arg all[] = {
        {"--listen", "HOST:PORT", "where to listen; port 0 takes a free one (" DEFAULT_LISTEN ")",
         &o->listen, NULL},
        {"--data", "DIR", "the data directory, made when absent (./" DEFAULT_DATA ")", &o->data,
         NULL},
        {"--store", "URL", "postgresql://... instead of SQLite in the data directory", &o->store,
         NULL},
        {"--tls-cert", "FILE", "certificate chain, PEM: serve HTTPS", &o->cert, NULL},
        {"--tls-key", "FILE", "its private key, PEM", &o->key, NULL},
        {"--require-https", NULL, "answer INVALID_REQUEST to calls over plain HTTP", NULL,
         &o->require_https},
        {"--url", "URL", "the address clients and handlers know, as https://crm.example.com",
         &o->url, NULL},
        {"--trusted-proxy", "CIDR...",
         "whose X-Forwarded-... and Forwarded to believe; may come several times", o->proxies,
         NULL},
        {"--smtp", "URL",
         "relay for e-mail activities, as smtp://user:password@mail.example.com:587", &o->smtp,
         NULL},
        {"--event-attempts", "N", "how often a handler that refuses an event is asked (12)",
         &o->attempts, NULL},
        {"--private-handlers", NULL, "let event handlers be in private networks", NULL,
         &o->private_handlers},
        {"--plan", "NAME", "unlimited (the default), standard, enterprise, onpremise or free",
         &o->plan, NULL},
        {"--limit-rate", "N", "requests a second that an address may make for ever", &o->rate,
         NULL},
        {"--limit-burst", "N", "requests it may make at once beyond that", &o->burst, NULL},
        {"--limit-operating", "SECONDS", "work per method and credential in ten minutes",
         &o->operating, NULL},
        {"--limit-time", "SECONDS", "how long one request may take (30); 0: for ever", &o->time,
         NULL},
        {"--unknown-fields", "MODE",
         "portal (a custom field that is not there is refused), ignore, or refuse", &o->unknown,
         NULL},
        {"--control", NULL, "the control API under /_rapport/, for tests; see docs/testing.md",
         NULL, &o->control},
        {"--mcp-open", NULL, "let assistants on this machine use /mcp without a credential", NULL,
         &o->mcp_open},
        {"--demo", NULL, "fill a new portal with a small data set", NULL, &o->demo},
        {"--webhook-code", "CODE", "code of the first webhook instead of a random one, for CI",
         &o->code, NULL},
        {"--webhook-scope", "LIST", "what the first webhook may call, as crm,user (all there is)",
         &o->scope, NULL},
        {"--time-zone", "NAME", "zone of a new portal, as Europe/Berlin or +03:00 (UTC)", &o->zone,
         NULL},
        {"--max-body", "MIB", "largest request body in MiB (100)", &o->max_body, NULL},
        {"--max-bodies", "MIB", "memory for all request bodies together in MiB (512)",
         &o->max_bodies, NULL},
        {"--max-unknown-bodies", "MIB",
         "of it for those whose credential is still to come, in the body (64)",
         &o->max_unknown_bodies, NULL},
        {"--max-answer", "MIB", "largest answer in MiB (64); all together take eight times as much",
         &o->max_answer, NULL},
        {"--threads", "N", "HTTP threads (one per core, at least 2)", &o->threads, NULL},
        {"--commit-jobs", "N", "requests that may share one commit (256); 1 is for measuring",
         &o->commit_jobs, NULL},
        {"--metrics-listen", "HOST:PORT",
         "where /metrics, /healthz and /readyz are told without a credential", &o->metrics, NULL},
        {"--log-format", "NAME", "text or json (text; in systemd's journal with its levels)",
         &o->log_format, NULL},
        {"--log", "LEVEL", "debug, info, warn, error or off (info: a line per request)", &o->log,
         NULL},
        {"--slow-request", "SECONDS",
         "a request that takes as long is told in the log with what it did (1); 0: none", &o->slow,
         NULL},
        {"--audit-rows", NULL, "the trail tells of changes of rows, too; see rapport audit --help",
         NULL, &o->audit_rows},
        {"--keep-audit", "DAYS",
         "how long the trail is kept (730); 0: for ever, as of the next three", &o->keep[AGE_AUDIT],
         NULL},
        {"--keep-events", "DAYS",
         "how long deliveries that were given up and offline events nobody took are kept (90)",
         &o->keep[AGE_EVENTS], NULL},
        {"--keep-history", "DAYS", "how long the history of stages is kept (0)",
         &o->keep[AGE_HISTORY], NULL},
        {"--keep-tokens", "DAYS", "how long what no longer opens anything is kept (30)",
         &o->keep[AGE_TOKENS], NULL},
        {"--config", "FILE", "what is said neither here nor by RAPPORT_... of the environment",
         &o->config, NULL},
        {NULL, NULL, NULL, NULL, NULL},
    };
    *o = (struct serve_options){.listen = DEFAULT_LISTEN,
                                .data = DEFAULT_DATA,
                                .plan = "unlimited",
                                .slow = "1",
                                .keep = {"730", "90", "0", "30"},
                                .log = "info",
                                .unknown = "portal"};
    _Static_assert(sizeof all / sizeof all[0] == SERVE_ARGS, "a row for each, and the end");
    memcpy(args, all, sizeof all);
}

/* load - a small HTTP/1.1 client that keeps N connections busy and measures.
 *
 * One thread, epoll, keep-alive; each connection sends its next request when the answer to the last
 * one is whole. Every answer's status and length are checked, every answer's first bytes (--begin),
 * and one in SAMPLE against what that very request must bring (--has). Prints one line of
 * name=value:
 *
 *   count rps        answers within the measured time, and per second
 *   p50 p90 p99 max  latency in microseconds, from the first byte sent to the last one read
 *   cpu              CPU of the processes --pid in microseconds per answer (/proc/PID/stat)
 *   self             CPU of this program, the same way: what the machine gave to measuring
 *   bad              answers with another status than 200, or that failed a check
 *   broken           connections that ended in the middle
 *   sampled          answers that --has was held against
 *   bytes            mean length of a body
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "app/args.h"
#include "base/check.h"
#include "base/value.h"
#include "load_request.h"

#define CONNECTIONS_MOST 4096
#define SAMPLE 16
#define DRAIN_NS 10000000000u /* how long answers under way are waited for at the end */
#define BROKEN_MOST 1000      /* then something is wrong with the server */
#define PIDS_MOST 64

struct options {
    struct request_template template;
    struct sockaddr_in address;
    const char *begin;
    int64_t times, connections, most;
    double seconds, warm;
    int pids[PIDS_MOST], pid_count;
    uint64_t seed;
};

struct conn {
    int fd;
    bool busy, sampled, writing;
    struct buf out, in, has;
    size_t sent, head, whole; /* of the answer: its head and all of it; 0 as long as unknown */
    int status;
    uint64_t begun;
};

struct totals {
    uint64_t count, bad, broken, sampled, bytes;
    struct latencies latencies;
};

struct load {
    const struct options *options;
    struct conn *conns;
    int epoll;
    struct request_maker maker;
    struct totals totals;
    uint64_t sent;
    bool stopping;
    int64_t busy;
    char shown[200]; /* the first bad answer */
};

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "bench_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- CPU ---- */

/* User and system time of a process with all its threads, in seconds. */
static double cpu_of(int pid)
{
    char path[64], line[1024] = "";
    unsigned long long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, sizeof line, file))
        die(path);
    fclose(file);
    const char *rest = strrchr(line, ')'); /* the name may hold anything */
    CHECK(rest);
    if (sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user,
               &system) != 2)
        die(path);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double cpu_of_all(const struct options *o)
{
    double seconds = 0;
    for (int i = 0; i < o->pid_count; i++)
        seconds += cpu_of(o->pids[i]);
    return seconds;
}

static double cpu_of_self(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* ---- connections ---- */

static void watch(struct load *load, struct conn *conn, int how, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = conn};
    if (epoll_ctl(load->epoll, how, conn->fd, &event) != 0)
        die("epoll_ctl");
}

static void open_conn(struct load *load, struct conn *conn)
{
    int one = 1;
    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (conn->fd < 0 || connect(conn->fd, (const struct sockaddr *)&load->options->address,
                                sizeof load->options->address) != 0)
        die("connecting");
    setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(conn->fd, F_SETFL, O_NONBLOCK);
    watch(load, conn, EPOLL_CTL_ADD, EPOLLIN);
}

static void end_request(struct load *load, struct conn *conn)
{
    load->busy -= conn->busy;
    conn->busy = conn->writing = false;
}

/* The server closed it, or it failed. */
static void lose_conn(struct load *load, struct conn *conn)
{
    load->totals.broken += conn->busy;
    end_request(load, conn);
    close(conn->fd);
    if (load->totals.broken > BROKEN_MOST) {
        fprintf(stderr, "bench_load: %d connections broke; giving up\n", BROKEN_MOST);
        exit(1);
    }
    open_conn(load, conn);
}

static bool send_rest(struct load *load, struct conn *conn)
{
    while (conn->sent < conn->out.len) {
        ssize_t n =
            send(conn->fd, conn->out.data + conn->sent, conn->out.len - conn->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN) {
            if (!conn->writing)
                watch(load, conn, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            conn->writing = true;
            return true;
        }
        if (n < 0)
            return false;
        conn->sent += (size_t)n;
    }
    if (conn->writing)
        watch(load, conn, EPOLL_CTL_MOD, EPOLLIN);
    conn->writing = false;
    return true;
}

static void next_request(struct load *load, struct conn *conn)
{
    if (load->stopping || load->sent >= (uint64_t)load->options->most)
        return;
    request_make(&load->maker, &conn->out, &conn->has);
    conn->sampled = conn->has.len && load->sent % SAMPLE == 0;
    conn->sent = conn->head = conn->whole = conn->in.len = 0;
    conn->busy = true;
    load->busy++;
    load->sent++;
    conn->begun = nanoseconds();
    if (!send_rest(load, conn))
        lose_conn(load, conn);
}

/* ---- answers ---- */

/* Fills head, whole and status when the head is complete. False: no HTTP this program knows. */
static bool read_head(struct conn *conn)
{
    char *end = memmem(conn->in.data, conn->in.len, "\r\n\r\n", 4);
    int64_t length = -1;
    if (!end)
        return conn->in.len < 65536;
    conn->head = (size_t)(end - conn->in.data) + 4;
    if (sscanf(conn->in.data, "HTTP/1.1 %3d", &conn->status) != 1)
        return false;
    for (char *line = conn->in.data; line < end; line = strstr(line, "\r\n") + 2) {
        if (!strncasecmp(line, "Content-Length:", 15))
            text_to_int(line + 15, strcspn(line + 15, "\r"), &length);
    }
    conn->whole = conn->head + (size_t)length;
    return length >= 0;
}

static bool holds(const struct load *load, struct conn *conn, const char *body, size_t len)
{
    int64_t times = 0;
    const char *end = body + len;
    for (; (body = memmem(body, (size_t)(end - body), conn->has.data, conn->has.len));
         body += conn->has.len)
        times++;
    return load->options->times ? times == load->options->times : times > 0;
}

static void count_answer(struct load *load, struct conn *conn)
{
    struct totals *totals = &load->totals;
    const char *body = conn->in.data + conn->head;
    size_t len = conn->whole - conn->head, begin = strlen(load->options->begin);
    bool good =
        conn->status == 200 && len >= begin && memcmp(body, load->options->begin, begin) == 0;
    if (good && conn->sampled) {
        good = holds(load, conn, body, len);
        totals->sampled++;
    }
    totals->count++;
    totals->bytes += len;
    totals->bad += !good;
    if (!good && !load->shown[0])
        snprintf(load->shown, sizeof load->shown, "%d %.*s", conn->status,
                 (int)(len > 180 ? 180 : len), body);
    latency_add(&totals->latencies, nanoseconds() - conn->begun);
}

static void on_readable(struct load *load, struct conn *conn)
{
    for (;;) {
        buf_reserve(&conn->in, 65536);
        ssize_t n = recv(conn->fd, conn->in.data + conn->in.len, 65536, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0 || !conn->busy) {
            lose_conn(load, conn);
            break;
        }
        conn->in.len += (size_t)n;
        conn->in.data[conn->in.len] = '\0';
        if (!conn->whole && !read_head(conn)) {
            lose_conn(load, conn);
            break;
        }
        if (conn->whole && conn->in.len >= conn->whole) {
            count_answer(load, conn);
            end_request(load, conn);
            break;
        }
        if (n < 65536)
            return;
    }
    if (!conn->busy)
        next_request(load, conn);
}

/* ---- the run ---- */

static void serve_events(struct load *load, int timeout)
{
    struct epoll_event events[256];
    int count = epoll_wait(load->epoll, events, 256, timeout);
    if (count < 0 && errno != EINTR)
        die("epoll_wait");
    for (int i = 0; i < count; i++) {
        struct conn *conn = events[i].data.ptr;
        if (events[i].events & EPOLLOUT && !send_rest(load, conn))
            lose_conn(load, conn);
        else if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            on_readable(load, conn);
    }
}

static void run_until(struct load *load, uint64_t end)
{
    while (nanoseconds() < end && (load->busy || load->sent < (uint64_t)load->options->most))
        serve_events(load, 50);
}

static void report(const struct load *load, double seconds, double cpu, double self)
{
    const struct totals *t = &load->totals;
    double each = t->count ? 1e6 / (double)t->count : 0;
    printf("count=%llu rps=%.1f p50=%.1f p90=%.1f p99=%.1f max=%.1f cpu=%.2f self=%.2f bad=%llu "
           "broken=%llu sampled=%llu bytes=%.0f seconds=%.2f\n",
           (unsigned long long)t->count, (double)t->count / seconds, latency_at(&t->latencies, 0.5),
           latency_at(&t->latencies, 0.9), latency_at(&t->latencies, 0.99),
           (double)t->latencies.most / 1000, cpu * each, self * each, (unsigned long long)t->bad,
           (unsigned long long)t->broken, (unsigned long long)t->sampled,
           t->count ? (double)t->bytes / (double)t->count : 0, seconds);
    if (load->shown[0])
        fprintf(stderr, "bench_load: the first bad answer: %s\n", load->shown);
}

static int run(const struct options *o)
{
    static struct load load;
    load.options = o;
    load.maker = (struct request_maker){.template = &o->template, .chance = {o->seed}};
    load.conns = xcalloc((size_t)o->connections, sizeof *load.conns);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int64_t i = 0; i < o->connections; i++)
        open_conn(&load, &load.conns[i]);
    for (int64_t i = 0; i < o->connections; i++)
        next_request(&load, &load.conns[i]);
    run_until(&load, nanoseconds() + (uint64_t)(o->warm * 1e9));
    memset(&load.totals, 0, sizeof load.totals);
    double cpu = cpu_of_all(o), self = cpu_of_self();
    uint64_t begun = nanoseconds();
    run_until(&load, begun + (uint64_t)(o->seconds * 1e9));
    double seconds = (double)(nanoseconds() - begun) / 1e9;
    cpu = cpu_of_all(o) - cpu;
    self = cpu_of_self() - self;
    report(&load, seconds, cpu, self);
    bool good = load.totals.count && !load.totals.bad && !load.totals.broken;
    load.stopping = true;
    for (uint64_t end = nanoseconds() + DRAIN_NS; load.busy && nanoseconds() < end;)
        serve_events(&load, 50);
    return good ? 0 : 1;
}

/* ---- options ---- */

static void read_address(struct options *o, const char *url)
{
    char host[64];
    int64_t port;
    const char *at = url && !strncmp(url, "http://", 7) ? url + 7 : NULL;
    const char *colon = at ? strchr(at, ':') : NULL;
    size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
    o->address.sin_family = AF_INET;
    if (colon && colon - at < 64 && text_to_int(colon + 1, digits, &port) && port < 65536) {
        snprintf(host, sizeof host, "%.*s", (int)(colon - at), at);
        o->address.sin_port = htons((uint16_t)port);
        if (inet_pton(AF_INET, host, &o->address.sin_addr) == 1)
            return;
    }
    fprintf(stderr, "bench_load: --url takes http://IPV4:PORT\n");
    exit(2);
}

static void read_pids(struct options *o, const char *text)
{
    while (text && *text && o->pid_count < PIDS_MOST) {
        char *end;
        long pid = strtol(text, &end, 10);
        if (end == text || pid <= 0)
            break;
        o->pids[o->pid_count++] = (int)pid;
        text = end + (*end == ',');
    }
    if (text && *text) {
        fprintf(stderr, "bench_load: --pid takes process ids, comma between\n");
        exit(2);
    }
}

static void check_template(const struct request_template *t)
{
    const char *texts[] = {t->path, t->body, t->part, t->has};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *bad = texts[i] ? request_check(texts[i]) : NULL;
        if (bad) {
            fprintf(stderr, "bench_load: what is %.20s?\n", bad);
            exit(2);
        }
    }
}

int main(int argc, char **argv)
{
    struct options o = {.begin = "",
                        .template = {.type = "application/json", .part = "", .host = "127.0.0.1"}};
    const char *url = NULL, *connections = "64", *seconds = "3", *warm = "0.5", *parts = "1";
    const char *ids = NULL, *rows = "1", *pid = NULL, *seed = "1", *times = "0";
    const char *most = "1000000000";
    const struct arg args[] = {
        {"--url", "URL", "http://IPV4:PORT", &url, NULL},
        {"--path", "TEMPLATE", "path and query", &o.template.path, NULL},
        {"--body", "TEMPLATE", "body of a POST; without it GET", &o.template.body, NULL},
        {"--type", "TYPE", "content type of the body (application/json)", &o.template.type, NULL},
        {"--part", "TEMPLATE", "what {parts} repeats", &o.template.part, NULL},
        {"--parts", "N", "how often (1)", &parts, NULL},
        {"--begin", "TEXT", "how every body begins", &o.begin, NULL},
        {"--has", "TEMPLATE", "what a body holds", &o.template.has, NULL},
        {"--times", "N", "how often it holds it (at least once)", &times, NULL},
        {"--rows", "N", "activities in the store", &rows, NULL},
        {"--ids", "N", "take {id} from 1 to this (as --rows)", &ids, NULL},
        {"--connections", "N", "(64)", &connections, NULL},
        {"--seconds", "S", "how long to measure (3)", &seconds, NULL},
        {"--warm", "S", "how long to run before that (0.5)", &warm, NULL},
        {"--most", "N", "requests at most", &most, NULL},
        {"--pid", "PIDS", "processes whose CPU is counted", &pid, NULL},
        {"--seed", "N", "of chance (1)", &seed, NULL},
        {NULL, NULL, NULL, NULL, NULL},
    };
    bool help;
    int rest;
    if (!args_parse(argc - 1, argv + 1, args,
                    "Usage: bench_load --url URL --path TEMPLATE [options]", &help, NULL, 0, &rest))
        return 2;
    if (help)
        return 0;
    if (!o.template.path) {
        fprintf(stderr, "bench_load: --path is needed\n");
        return 2;
    }
    read_address(&o, url);
    read_pids(&o, pid);
    check_template(&o.template);
    o.connections = number_option("--connections", connections, 1, CONNECTIONS_MOST);
    o.times = number_option("--times", times, 0, 1000000);
    o.most = number_option("--most", most, 1, 1000000000);
    o.template.parts = number_option("--parts", parts, 1, 10000);
    o.template.rows = number_option("--rows", rows, 1, INT64_MAX / 2);
    o.template.ids = number_option("--ids", ids ? ids : rows, 1, INT64_MAX / 2);
    o.seed = (uint64_t)number_option("--seed", seed, 0, INT64_MAX / 2);
    o.seconds = seconds_option("--seconds", seconds);
    o.warm = seconds_option("--warm", warm);
    return run(&o);
}

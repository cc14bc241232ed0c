#include "http/exchange.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/limits.h"
#include "base/pack.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "portal/chain.h"
#include "portal/feed.h"

#define GZIP_FROM 1024 /* smaller answers fit one packet anyway */
#define ALLOW "GET, POST, HEAD, OPTIONS"

/* ---- life ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The path with %XX decoded; the query stays raw, its own parser decodes it. NULL: a '%' that starts no byte,
 * or bytes that no path holds: a control character, or what is not UTF-8. */
static const char *decode_path(struct arena *arena, const char *uri, size_t len)
{
    if (!memchr(uri, '%', len)) /* http/wire let no control character pass */
        return utf8_valid(uri, len) ? arena_strndup(arena, uri, len) : NULL;
    char *path = arena_alloc(arena, len + 1);
    size_t out = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)uri[i];
        if (c == '%') {
            int high = i + 2 < len ? hex_digit(uri[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(uri[i + 2]) : -1;
            if (low < 0)
                return NULL;
            c = (unsigned char)(high * 16 + low);
            i += 2;
        }
        if (c < ' ' || c == 127)
            return NULL;
        path[out++] = (char)c;
    }
    path[out] = '\0';
    return utf8_valid(path, out) ? path : NULL;
}

/* A thread keeps a few exchanges with their memory for the next requests: most of the time of a
 * small request is otherwise spent in malloc. */
#define SPARES 64
#define SPARE_BYTES 65536 /* what a kept buffer may hold on to */

static _Thread_local struct {
    struct exchange *list[SPARES];
    size_t count;
} spares;

static pthread_key_t spares_key;

static void free_spares(void *unused)
{
    (void)unused;
    while (spares.count) {
        struct exchange *x = spares.list[--spares.count];
        call_clear(&x->call);
        buf_clear(&x->body);
        free(x);
    }
}

static void make_spares_key(void)
{
    CHECK(pthread_key_create(&spares_key, free_spares) == 0);
}

static struct exchange *take_spare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!spares.count) {
        pthread_once(&once, make_spares_key);
        pthread_setspecific(spares_key, &spares); /* so that the end of the thread frees them */
        struct exchange *x = xcalloc(1, sizeof *x);
        call_init(&x->call);
        return x;
    }
    struct exchange *x = spares.list[--spares.count];
    struct arena arena = x->call.arena;
    struct buf answer = x->call.answer, body = x->body;
    memset(x, 0, sizeof *x);
    x->call.arena = arena;
    x->call.file = -1;
    x->call.answer = answer;
    x->body = body;
    x->call.answer.len = x->body.len = 0;
    return x;
}

struct exchange *exchange_new(const char *uri)
{
    struct exchange *x = take_spare();
    /* An absolute address (as to a proxy) names the host, whatever the header says. */
    if (!strncasecmp(uri, "http://", 7) || !strncasecmp(uri, "https://", 8)) {
        const char *host = strchr(uri, ':') + 3;
        size_t size = strcspn(host, "/?");
        x->authority = arena_strndup(&x->call.arena, host, size);
        uri = host[size] == '/' ? host + size : "/";
    }
    x->is_asterisk = !strcmp(uri, "*");
    x->odd_target = uri[0] != '/';
    size_t len = strcspn(uri, "?");
    x->call.path = decode_path(&x->call.arena, uri, len);
    if (!x->call.path)
        x->call.path = "/rest/"; /* which leads nowhere */
    if (uri[len] == '?')
        x->call.query = arena_strdup(&x->call.arena, uri + len + 1);
    return x;
}

void exchange_free(struct exchange *x)
{
    if (!x)
        return;
    if (x->call.file >= 0)
        close(x->call.file);
    if (x->call.follows)
        feed_leave(x->call.follows);
    x->call.follows = NULL;
    if (spares.count < SPARES) {
        call_release(&x->call);
        if (x->call.answer.cap > SPARE_BYTES)
            buf_clear(&x->call.answer);
        if (x->body.cap > SPARE_BYTES)
            buf_clear(&x->body);
        arena_reset(&x->call.arena);
        spares.list[spares.count++] = x;
        return;
    }
    call_clear(&x->call);
    buf_clear(&x->body);
    free(x);
}

/* ---- headers ---- */

void exchange_refuse(struct exchange *x, enum api_code code, const char *text)
{
    if (x->refused)
        return;
    x->refused = true;
    x->refusal = code;
    x->refusal_text = text;
    x->close_after = true;
}

static bool accepts_gzip(const char *value)
{
    for (const char *at = strcasestr(value, "gzip"); at; at = strcasestr(at + 4, "gzip")) {
        const char *rest = at + 4 + strspn(at + 4, " ");
        if (*rest == ';') {
            const char *q = strcasestr(rest, "q=");
            return !q || strtod(q + 2, NULL) > 0;
        }
        return true;
    }
    return false;
}

static bool id_fits(const char *id)
{
    size_t len = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
    return len && !id[len] && len <= REQUEST_ID_MAX;
}

/* A header that comes twice is one list. */
static void add_word(struct exchange *x, const char **word, const char *value)
{
    *word = *word ? arena_printf(&x->call.arena, "%s,%s", *word, value) : value;
}

static enum MHD_Result read_header(void *context, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct exchange *x = context;
    (void)kind;
    if (!value)
        return MHD_YES;
    switch (key[0] | 32) {
    case 'a':
        if (!strcasecmp(key, "Authorization"))
            x->call.authorization = value;
        else if (!strcasecmp(key, "Accept-Encoding"))
            x->gzip = x->call.takes_gzip = accepts_gzip(value);
        else if (!strcasecmp(key, "Access-Control-Request-Headers"))
            x->request_headers = value;
        break;
    case 'c':
        if (!strcasecmp(key, "Content-Type")) {
            x->call.content_type = value;
        } else if (!strcasecmp(key, "Content-Length")) {
            x->length = strtoull(value, NULL, 10); /* http/wire saw that it is one */
        } else if (!strcasecmp(key, "Cookie")) {
            x->call.cookie = value;
        }
        break;
    case 'i':
        if (!strcasecmp(key, "If-None-Match"))
            x->call.if_none_match = value;
        break;
    case 'h':
        if (!strcasecmp(key, "Host"))
            x->words.host = value;
        break;
    case 'f':
        if (!strcasecmp(key, "Forwarded"))
            add_word(x, &x->words.forwarded, value);
        break;
    case 'm':
        if (!strcasecmp(key, "MCP-Protocol-Version"))
            x->call.mcp_version = value;
        else if (!strcasecmp(key, "Mcp-Method"))
            x->call.mcp_method = value;
        else if (!strcasecmp(key, "Mcp-Name"))
            x->call.mcp_name = value;
        break;
    case 'o':
        if (!strcasecmp(key, "Origin"))
            x->call.origin = value;
        break;
    case 't':
        if (!strcasecmp(key, "Transfer-Encoding"))
            x->chunked = true;
        break;
    case 'x':
        if (!strcasecmp(key, "X-Request-Id") && id_fits(value))
            snprintf(x->call.request_id, sizeof x->call.request_id, "%s", value);
        else if (!strcasecmp(key, CHAIN_HEADER))
            x->call.event = value;
        else if (!strcasecmp(key, "X-Forwarded-For"))
            add_word(x, &x->words.forwarded_for, value);
        else if (!strcasecmp(key, "X-Forwarded-Proto"))
            add_word(x, &x->words.forwarded_proto, value);
        else if (!strcasecmp(key, "X-Forwarded-Host"))
            add_word(x, &x->words.forwarded_host, value);
        break;
    default:
        break;
    }
    return MHD_YES;
}

/* Unique without asking the kernel for random bytes each time. */
static void make_request_id(char *out)
{
    static _Thread_local uint64_t prefix, count;
    if (!prefix)
        secret_random(&prefix, sizeof prefix);
    static const char hex[] = "0123456789abcdef";
    uint64_t halves[] = {prefix, ++count};
    for (size_t i = 0; i < 24; i++)
        out[i] = hex[halves[i / 16] >> (i < 16 ? 60 - 4 * i : 28 - 4 * (i - 16)) & 15];
    out[24] = '\0';
}

void exchange_read_headers(struct exchange *x, const char *verb, size_t max_body)
{
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, read_header, x);
    x->is_head = !strcmp(verb, "HEAD");
    x->call.is_post = !strcmp(verb, "POST");
    if (!x->call.request_id[0])
        make_request_id(x->call.request_id);
    if (x->authority)
        x->words.host = x->authority;
    if (x->words.host && (*x->words.host || x->authority) && !origin_host_valid(x->words.host))
        exchange_refuse(x, API_ERR_INVALID_REQUEST, "The host is no name and no address");
    bool is_options = !strcmp(verb, "OPTIONS");
    if (x->length > max_body)
        exchange_refuse(x, API_ERR_BODY_TOO_LARGE, NULL);
    if (strcmp(verb, "GET") != 0 && !x->call.is_post && !x->is_head && !is_options)
        exchange_refuse(x, API_ERR_HTTP_METHOD, NULL);
    if (x->odd_target && !(x->is_asterisk && is_options))
        exchange_refuse(x, API_ERR_INVALID_REQUEST, "The address of the request is no path");
}

/* ---- sending ---- */

void exchange_pack(struct exchange *x)
{
    if (x->call.reply.packed)
        x->packed = true;
    if (x->gzip && !x->packed && x->call.file < 0 && x->call.answer.len >= GZIP_FROM)
        x->packed = pack(&x->call.answer);
}

bool exchange_is_large(const struct exchange *x)
{
    return x->call.rc == API_OK && x->call.answer.len > LIMIT_INLINE_BYTES &&
           (x->gzip || x->call.format == CALL_XML);
}

static void add_headers(struct exchange *x, struct MHD_Response *response)
{
    MHD_add_response_header(response, "X-Request-Id", x->call.request_id);
    MHD_add_response_header(response, "Access-Control-Allow-Origin", "*");
    if (x->call.origin)
        MHD_add_response_header(response, "Access-Control-Expose-Headers", "X-Request-Id");
    for (const struct reply_header *h = x->call.reply.headers; h; h = h->next)
        MHD_add_response_header(response, h->name, h->value);
}

static struct MHD_Response *file_response(struct exchange *x)
{
    struct stat info;
    CHECK(fstat(x->call.file, &info) == 0);
    struct MHD_Response *response =
        MHD_create_response_from_fd64((uint64_t)info.st_size, x->call.file);
    x->call.file = -1;
    if (!response)
        return NULL;
    /* Never shown by the browser as a page of this host: it is somebody's upload. */
    struct buf disposition = {0};
    buf_adds(&disposition, "attachment; filename*=UTF-8''");
    buf_add_percent(&disposition, x->call.file_name, strlen(x->call.file_name));
    MHD_add_response_header(response, "Content-Disposition", buf_text(&disposition));
    MHD_add_response_header(response, "Content-Type", "application/octet-stream");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Cache-Control", "private");
    buf_clear(&disposition);
    return response;
}

/* `reader` NULL: all of the answer at once. */
static struct MHD_Response *text_response(struct exchange *x, MHD_ContentReaderCallback reader)
{
    struct call *call = &x->call;
    bool large = call->answer.len >= GZIP_FROM || x->packed;
    exchange_pack(x);
    /* The bytes stay the exchange's: it is freed only when all is sent. */
    struct MHD_Response *response =
        reader ? MHD_create_response_from_callback(call->answer.len, 4096, reader, x, NULL)
               : MHD_create_response_from_buffer(call->answer.len, call->answer.data,
                                                 MHD_RESPMEM_PERSISTENT);
    if (!response)
        return NULL;
    MHD_add_response_header(response, "Content-Type",
                            call->reply.type           ? call->reply.type
                            : call->format == CALL_XML ? "text/xml; charset=utf-8"
                                                       : "application/json; charset=utf-8");
    if (large)
        MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (x->packed)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    return response;
}

static enum MHD_Result queue(struct exchange *x, struct MHD_Response *response, int status,
                             bool closing)
{
    if (!response)
        return MHD_NO;
    add_headers(x, response);
    if (status == 405)
        MHD_add_response_header(response, "Allow", ALLOW);
    if (x->call.rc != API_OK && x->call.req.error.code == API_ERR_OVERLOAD_LIMIT && status == 503)
        MHD_add_response_header(response, "Retry-After", "2");
    if (closing || x->close_after)
        MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)status, response);
    MHD_destroy_response(response);
    x->state = EX_ANSWERED;
    return queued;
}

enum MHD_Result exchange_send_response(struct exchange *x, struct MHD_Response *response,
                                       bool closing)
{
    return queue(x, response, x->call.status, closing);
}

enum MHD_Result exchange_send(struct exchange *x, bool closing)
{
    return queue(x, x->call.file >= 0 ? file_response(x) : text_response(x, NULL), x->call.status,
                 closing);
}

/* ---- going wrong on purpose ---- */

#define DRIP_S 0.01 /* between two bytes */

enum MHD_Result exchange_send_html(struct exchange *x, bool closing)
{
    static const char page[] = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
                               "<center><h1>502 Bad Gateway</h1></center>\r\n"
                               "<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n";
    x->call.answer.len = 0;
    buf_adds(&x->call.answer, page);
    x->call.status = 502;
    x->call.reply.type = "text/html";
    return exchange_send(x, closing);
}

static ssize_t read_half(void *context, uint64_t at, char *out, size_t size)
{
    const struct buf *answer = &((struct exchange *)context)->call.answer;
    size_t half = answer->len / 2;
    if (at >= half)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t part = half - (size_t)at < size ? half - (size_t)at : size;
    memcpy(out, answer->data + at, part);
    return (ssize_t)part;
}

enum MHD_Result exchange_send_truncated(struct exchange *x)
{
    return queue(x, text_response(x, read_half), x->call.status, true);
}

static void wait_is_over(struct timer *timer)
{
    struct exchange *x = timer->context;
    x->due = true;
    MHD_resume_connection(x->connection);
}

void exchange_wait(struct exchange *x, struct timers *timers, double seconds)
{
    x->due = false;
    x->timer.fire = wait_is_over;
    x->timer.context = x;
    MHD_suspend_connection(x->connection);
    timers_add(timers, &x->timer, seconds);
}

static ssize_t read_drop(void *context, uint64_t at, char *out, size_t size)
{
    struct exchange *x = context;
    if (!size)
        return 0;
    if (!x->due) {
        exchange_wait(x, x->timers, DRIP_S);
        return 0;
    }
    x->due = false;
    out[0] = x->call.answer.data[at];
    return 1;
}

enum MHD_Result exchange_send_dripping(struct exchange *x, struct timers *timers, bool closing)
{
    x->timers = timers;
    x->due = true;
    return queue(x, text_response(x, read_drop), x->call.status, closing);
}

/* ---- OPTIONS ---- */

enum MHD_Result exchange_send_options(struct exchange *x)
{
    static char empty[1];
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, empty, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Allow", ALLOW);
    MHD_add_response_header(response, "Access-Control-Allow-Methods", ALLOW);
    MHD_add_response_header(response, "Access-Control-Allow-Headers",
                            x->request_headers ? x->request_headers : "*");
    MHD_add_response_header(response, "Access-Control-Max-Age", "86400");
    MHD_add_response_header(response, "Vary", "Access-Control-Request-Headers");
    return queue(x, response, 204, false);
}

#include "http/wire.h"

#include <string.h>
#include <strings.h>

#include "http/bytes.h"

#define EXTENSION_BYTES 256U /* of one chunk; they mean nothing here */
#define LENGTH_DIGITS 18     /* more would not fit 64 bits, and is beyond any limit */
#define CHUNK_DIGITS 15

enum state {
    START, /* empty lines are allowed before a request */
    START_LF,
    METHOD,
    TARGET,
    VERSION, /* `digits` counts its characters */
    VERSION_CR,
    VERSION_LF,
    LINE, /* the first byte of a header's line */
    NAME,
    SPACE, /* before a value */
    VALUE,
    SPECIAL, /* the value of a field that matters here */
    SPECIAL_END,
    VALUE_LF,
    HEADERS_LF,
    BODY,
    SIZE, /* of a chunk */
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    TRAILERS_LF,
};

enum field { FIELD_OTHER, FIELD_HOST, FIELD_LENGTH, FIELD_CODING };

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ---- refusing ---- */

/* What makes a whole request of what was passed on so far. Where that cannot be, libmicrohttpd
 * refuses by itself what it then sees. */
static const char *ending_of(const struct wire *w)
{
    static const char version[] = "HTTP/1.1\r\nHost: x\r\n\r\n";
    switch ((enum state)w->state) {
    case START:
        return "X / HTTP/1.1\r\nHost: x\r\n\r\n";
    case START_LF:
        return "\nX / HTTP/1.1\r\nHost: x\r\n\r\n";
    case METHOD:
        return " / HTTP/1.1\r\nHost: x\r\n\r\n";
    case TARGET:
        return w->digits ? " HTTP/1.1\r\nHost: x\r\n\r\n" : "/ HTTP/1.1\r\nHost: x\r\n\r\n";
    case VERSION:
        return version + w->digits;
    case VERSION_CR:
        return version + 8;
    case VERSION_LF:
        return version + 9;
    case LINE:
        return "Host: x\r\n\r\n";
    case NAME:
        return "x:\r\nHost: x\r\n\r\n";
    case SPACE:
    case SPECIAL:
    case SPECIAL_END:
        if (w->field == FIELD_LENGTH && !w->digits)
            return "0\r\nHost: x\r\n\r\n";
        return "\r\nHost: x\r\n\r\n";
    case VALUE:
        return "\r\nHost: x\r\n\r\n";
    case VALUE_LF:
        return "\nHost: x\r\n\r\n";
    case SIZE:
        return !w->digits ? "0\r\n\r\n" : w->too_large ? "ffffffffffffffffff\r\n" : "z\r\n";
    case TRAILER:
        return "\r\n";
    case TRAILER_NAME:
        return "x:\r\n\r\n";
    case TRAILER_VALUE:
        return "\r\n\r\n";
    case TRAILER_LF:
        return "\n\r\n";
    case HEADERS_LF:
    case TRAILERS_LF:
        return "\n";
    default:
        return "zz\r\n";
    }
}

static bool refuse(struct wire *w, const char *why)
{
    bool in_headers = w->state < BODY;
    w->why = why;
    w->ending = ending_of(w);
    w->bad = w->requests + in_headers;
    w->requests = w->bad; /* the ending completes it */
    return false;
}

/* ---- the request line and the headers ---- */

static void begin(struct wire *w)
{
    w->state = METHOD;
    w->digits = 0;
    w->host = w->sized = w->chunked = w->old = false;
    w->left = 0;
}

static bool read_version(struct wire *w, char c)
{
    static const char form[] = "HTTP/d.d";
    bool fits = form[w->digits] == 'd' ? c >= '0' && c <= '9' : c == form[w->digits];
    if (!fits)
        return refuse(w, "The request line does not end with a version of HTTP");
    if (w->digits == 7)
        w->old = c == '0';
    if (++w->digits == 8)
        w->state = VERSION_CR;
    return true;
}

static bool end_headers(struct wire *w)
{
    if (!w->host && !w->old)
        return refuse(w, "A request of HTTP/1.1 names its host");
    if (w->sized && w->chunked)
        return refuse(w, "The length of the body is given twice");
    if (w->chunked && w->old)
        return refuse(w, "HTTP/1.0 has no Transfer-Encoding");
    w->state = HEADERS_LF;
    return true;
}

static void begin_body(struct wire *w)
{
    w->requests++;
    w->digits = 0;
    w->state = w->chunked ? SIZE : w->left ? BODY : START;
    if (w->chunked)
        w->left = 0;
}

static enum field field_of(const char *name, size_t len)
{
    if (len == 4 && !strncasecmp(name, "Host", 4))
        return FIELD_HOST;
    if (len == 14 && !strncasecmp(name, "Content-Length", 14))
        return FIELD_LENGTH;
    if (len == 17 && !strncasecmp(name, "Transfer-Encoding", 17))
        return FIELD_CODING;
    return FIELD_OTHER;
}

static bool end_name(struct wire *w)
{
    w->field = (uint8_t)field_of(w->name, w->name_len);
    if (w->field == FIELD_HOST && w->host)
        return refuse(w, "The host is given twice");
    if (w->field == FIELD_LENGTH && w->sized)
        return refuse(w, "The length of the body is given twice");
    if (w->field == FIELD_CODING && w->chunked)
        return refuse(w, "The only Transfer-Encoding is chunked");
    w->host |= w->field == FIELD_HOST;
    w->sized |= w->field == FIELD_LENGTH;
    w->chunked |= w->field == FIELD_CODING;
    w->digits = 0;
    w->state = SPACE;
    return true;
}

/* One byte of a Host, a Content-Length or a Transfer-Encoding. */
static bool read_special(struct wire *w, char c)
{
    static const char coding[] = "chunked";
    switch ((enum field)w->field) {
    case FIELD_HOST:
        if (!(bytes_class[(unsigned char)c] & IS_HOST))
            return refuse(w, "The host is no name and no address");
        return true;
    case FIELD_LENGTH:
        if (c < '0' || c > '9')
            return refuse(w, "Content-Length is not a number");
        if (w->digits == LENGTH_DIGITS) {
            w->too_large = true;
            return refuse(w, "The request is too large");
        }
        w->digits++;
        w->left = w->left * 10 + (uint64_t)(c - '0');
        return true;
    default:
        if (w->digits >= 7 || (c | 32) != coding[w->digits])
            return refuse(w, "The only Transfer-Encoding is chunked");
        w->digits++;
        return true;
    }
}

static bool end_special(struct wire *w)
{
    if (w->field == FIELD_LENGTH && !w->digits)
        return refuse(w, "Content-Length is not a number");
    if (w->field == FIELD_CODING && w->digits != 7)
        return refuse(w, "The only Transfer-Encoding is chunked");
    w->state = VALUE_LF;
    return true;
}

/* Every byte of these states on its own. */
static bool read_head(struct wire *w, char c)
{
    switch ((enum state)w->state) {
    case VERSION:
        return read_version(w, c);
    case VERSION_CR:
        if (c != '\r')
            return refuse(w, "The request line does not end with a version of HTTP");
        w->state = VERSION_LF;
        return true;
    case VERSION_LF:
    case VALUE_LF:
        if (c != '\n')
            return refuse(w, "A line ends with CR and LF");
        w->state = LINE;
        return true;
    case LINE:
        if (c == '\r')
            return end_headers(w);
        if (c == ' ' || c == '\t')
            return refuse(w, "A header's line is folded");
        if (!(bytes_class[(unsigned char)c] & IS_TOKEN))
            return refuse(w, "A header's name holds what no name may hold");
        w->state = NAME;
        w->name[0] = c;
        w->name_len = 1;
        return true;
    case SPECIAL:
        if (c == '\r')
            return end_special(w);
        if (c == ' ' || c == '\t')
            w->state = SPECIAL_END;
        else
            return read_special(w, c);
        return true;
    case SPECIAL_END:
        if (c == '\r')
            return end_special(w);
        return c == ' ' || c == '\t' || refuse(w, "A header holds two values where one may be");
    case HEADERS_LF:
        if (c != '\n')
            return refuse(w, "A line ends with CR and LF");
        begin_body(w);
        return true;
    default:
        return refuse(w, "A header holds a control character");
    }
}

/* ---- chunks and trailers ---- */

static bool read_size(struct wire *w, char c)
{
    int digit = hex(c);
    if (digit >= 0) {
        if (w->digits == CHUNK_DIGITS) {
            w->too_large = true;
            return refuse(w, "The request is too large");
        }
        w->digits++;
        w->left = w->left * 16 + (uint64_t)digit;
        return true;
    }
    if (!w->digits || (c != '\r' && c != ';'))
        return refuse(w, "A chunk's size is not a number");
    w->state = c == ';' ? EXTENSION : SIZE_LF;
    w->skipped = 0;
    return true;
}

static bool read_body(struct wire *w, char c)
{
    switch ((enum state)w->state) {
    case SIZE:
        return read_size(w, c);
    case SIZE_LF:
        if (c != '\n')
            return refuse(w, "A line ends with CR and LF");
        w->state = w->left ? DATA : TRAILER;
        w->digits = 0;
        return true;
    case DATA_CR:
    case DATA_LF:
        if (c != (w->state == DATA_CR ? '\r' : '\n'))
            return refuse(w, "A chunk is longer than its size");
        w->state = w->state == DATA_CR ? DATA_LF : SIZE;
        w->left = 0;
        return true;
    case EXTENSION:
        if (c != '\r')
            return refuse(w, "A chunk's extension holds a control character");
        w->state = SIZE_LF;
        return true;
    case TRAILER:
        if (c == '\r')
            w->state = TRAILERS_LF;
        else if (bytes_class[(unsigned char)c] & IS_TOKEN)
            w->state = TRAILER_NAME;
        else
            return refuse(w, "A trailer's name holds what no name may hold");
        return true;
    case TRAILER_NAME:
        if (c == ':')
            w->state = TRAILER_VALUE;
        else if (!(bytes_class[(unsigned char)c] & IS_TOKEN))
            return refuse(w, "A trailer's name holds what no name may hold");
        return true;
    case TRAILER_VALUE:
        if (c == '\r')
            w->state = TRAILER_LF;
        else if (!(bytes_class[(unsigned char)c] & IS_VALUE))
            return refuse(w, "A trailer holds a control character");
        return true;
    case TRAILER_LF:
    case TRAILERS_LF:
        if (c != '\n')
            return refuse(w, "A line ends with CR and LF");
        w->state = w->state == TRAILER_LF ? TRAILER : START;
        return true;
    default:
        return refuse(w, "A body does not fit its length");
    }
}

/* ---- the usual request ---- */

static char *over_digits(struct wire *w, char *at)
{
    w->left = 0;
    char *from = at;
    for (; *at >= '0' && *at <= '9' && at - from < LENGTH_DIGITS; at++)
        w->left = w->left * 10 + (uint64_t)(*at - '0');
    return at > from ? at : NULL;
}

/* The value of a header, up to its end; NULL: not here. */
static char *quick_value(struct wire *w, const char *name, size_t len, char *at, const char *last)
{
    bool may_matter = len == 4 || len == 14 || len == 17;
    enum field field = may_matter ? field_of(name, len) : FIELD_OTHER;
    if (field == FIELD_OTHER)
        return bytes_skip_value(at, last);
    while (*at == ' ' || *at == '\t')
        at++;
    if (field == FIELD_HOST && !w->host) {
        w->host = true;
        return bytes_over(at, IS_HOST);
    }
    if (field == FIELD_LENGTH && !w->sized) {
        w->sized = true;
        return over_digits(w, at);
    }
    return NULL;
}

/* A whole head with nothing unusual in it, which nearly all are, is read without a look at the state
 * for each byte. Returns `from`, and nothing is changed, when it is another one. */
static char *quick_head(struct wire *wire, char *from, const char *end)
{
    static const char version[] = " HTTP/1.1\r\n";
    const char *last = memrchr(from, '\n', (size_t)(end - from));
    struct wire w = {0};
    if (!last)
        return from;
    char *target = bytes_over(from, IS_TOKEN) + 1, *at = target;
    if (target == from + 1 || target[-1] != ' ' || target >= last)
        return from;
    at = bytes_skip_target(target, last);
    if (at == target || last - at < 10 || memcmp(at, version, 11) != 0)
        return from;
    for (at += 11; at < last && *at != '\r'; at += 2) {
        char *name = at;
        at = bytes_over(name, IS_TOKEN);
        if (at == name || *at != ':')
            return from;
        at = quick_value(&w, name, (size_t)(at - name), at + 1, last);
        if (!at || at[0] != '\r' || at[1] != '\n')
            return from;
    }
    if (at >= last || at[1] != '\n' || !w.host)
        return from;
    begin(wire);
    wire->left = w.left;
    begin_body(wire);
    return at + 2;
}

/* ---- the way through ---- */

static bool read_start(struct wire *w, char c)
{
    if (w->state == START_LF) {
        if (c != '\n')
            return refuse(w, "A line ends with CR and LF");
        w->state = START;
    } else if (c == '\r') {
        w->state = START_LF;
    } else if (bytes_class[(unsigned char)c] & IS_TOKEN) {
        begin(w);
    } else {
        return refuse(w, "A request begins with the name of its method");
    }
    return true;
}

/* Reads a run of bytes of the same kind at once; returns where it ended. */
static char *read_run(struct wire *w, char *at, const char *end)
{
    char *from = at;
    size_t len = (size_t)(end - at);
    switch ((enum state)w->state) {
    case START:
        return quick_head(w, at, end);
    case SPECIAL:
        return w->field == FIELD_HOST ? bytes_skip(at, end, IS_HOST) : at;
    case METHOD:
        return bytes_skip(at, end, IS_TOKEN);
    case TARGET:
        at = bytes_skip_target(at, end);
        if (at > from)
            w->digits = 1;
        return at;
    case NAME:
        at = bytes_skip(at, end, IS_TOKEN);
        len = (size_t)(at - from);
        if (len > sizeof w->name - w->name_len)
            len = sizeof w->name - w->name_len;
        memcpy(w->name + w->name_len, from, len);
        w->name_len = (uint8_t)(w->name_len + len);
        return at;
    case SPACE:
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        if (at < end)
            w->state = w->field == FIELD_OTHER ? VALUE : SPECIAL;
        return at;
    case VALUE:
        return bytes_skip_value(at, end);
    case EXTENSION:
        at = bytes_skip(at, end, IS_VALUE);
        w->skipped += (unsigned)(at - from);
        if (w->skipped > EXTENSION_BYTES)
            refuse(w, "A chunk's extension is too long");
        return at;
    case BODY:
    case DATA:
        if (len > w->left)
            len = (size_t)w->left;
        w->left -= len;
        if (!w->left)
            w->state = w->state == BODY ? START : DATA_CR;
        return at + len;
    default:
        return at;
    }
}

/* The byte that ended a run. */
static bool end_run(struct wire *w, char c)
{
    switch ((enum state)w->state) {
    case START:
    case START_LF:
        return read_start(w, c);
    case METHOD:
        if (c != ' ')
            return refuse(w, "A request begins with the name of its method");
        w->state = TARGET;
        return true;
    case TARGET:
        if (c != ' ' || !w->digits)
            return refuse(w, "The address of the request holds what no address may hold");
        w->state = VERSION;
        w->digits = 0;
        return true;
    case NAME:
        if (c != ':')
            return refuse(w, "A header's name holds what no name may hold");
        return end_name(w);
    case VALUE:
        if (c != '\r')
            return refuse(w, "A header holds a control character");
        w->state = VALUE_LF;
        return true;
    default:
        return w->state < BODY ? read_head(w, c) : read_body(w, c);
    }
}

/* Not passed on: libmicrohttpd would skip an extension, and need not see what is in it; and it takes
 * a length with white space after it for a wrong one. */
static bool is_dropped(const struct wire *w)
{
    return w->state == EXTENSION || w->state == SPECIAL_END;
}

size_t wire_read(struct wire *w, char *bytes, size_t len)
{
    char *at = bytes, *out = bytes;
    const char *end = bytes + len;
    while (at < end && !w->why) {
        uint8_t state = w->state;
        char *next = read_run(w, at, end);
        bool dropped = state == EXTENSION;
        if (next == at && w->state == state) {
            if (!end_run(w, *at))
                break;
            next = at + 1;
            dropped = is_dropped(w);
        }
        if (!dropped) {
            if (out != at)
                memmove(out, at, (size_t)(next - at));
            out += next - at;
        }
        at = next;
    }
    bool busy = w->state != START || w->why;
    if (busy != atomic_load_explicit(&w->busy, memory_order_relaxed))
        atomic_store_explicit(&w->busy, busy, memory_order_relaxed);
    return (size_t)(out - bytes);
}

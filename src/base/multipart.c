#include "base/multipart.h"

#include <string.h>
#include <strings.h>

struct span {
    const char *at, *end;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct span *s)
{
    while (s->at < s->end && is_blank(*s->at))
        s->at++;
}

static bool span_is(struct span s, const char *word)
{
    size_t len = strlen(word);
    return (size_t)(s.end - s.at) == len && !strncasecmp(s.at, word, len);
}

/* A word up to a blank or one of `stops`. */
static struct span take_word(struct span *s, const char *stops)
{
    struct span word = {s->at, s->at};
    while (s->at < s->end && !is_blank(*s->at) && *s->at && !strchr(stops, *s->at))
        s->at++;
    word.end = s->at;
    return word;
}

/* The rest of a quoted text, its opening quote being read; NULL when it is not closed. Only \" and
 * \\ are escapes, as in PHP: old browsers send file names with bare backslashes. */
static char *take_quoted(struct arena *arena, struct span *s, size_t *len)
{
    const char *close = s->at;
    while (close < s->end && *close != '"')
        close +=
            *close == '\\' && s->end - close > 1 && (close[1] == '"' || close[1] == '\\') ? 2 : 1;
    if (close == s->end)
        return NULL;
    char *text = arena_alloc(arena, (size_t)(close - s->at) + 1), *out = text;
    for (const char *at = s->at; at < close; at++) {
        if (*at == '\\' && (at[1] == '"' || at[1] == '\\') && at + 1 < close)
            at++;
        *out++ = *at;
    }
    *out = '\0';
    *len = (size_t)(out - text);
    s->at = close + 1;
    return text;
}

struct attribute {
    struct span key;
    char *text; /* in the arena, unescaped; NULL without '=' */
    size_t len;
};

enum attribute_step { ATTRIBUTE_FOUND, ATTRIBUTE_NONE, ATTRIBUTE_BAD };

/* The next `; key=value` or `; key="value"` of a header. */
static enum attribute_step next_attribute(struct arena *arena, struct span *s,
                                          struct attribute *out)
{
    skip_blanks(s);
    while (s->at < s->end && *s->at == ';') {
        s->at++;
        skip_blanks(s);
    }
    if (s->at == s->end)
        return ATTRIBUTE_NONE;
    *out = (struct attribute){.key = take_word(s, "=;")};
    skip_blanks(s);
    if (s->at == s->end || *s->at == ';')
        return ATTRIBUTE_FOUND;
    if (*s->at++ != '=')
        return ATTRIBUTE_BAD;
    skip_blanks(s);
    if (s->at < s->end && *s->at == '"') {
        s->at++;
        out->text = take_quoted(arena, s, &out->len);
        return out->text ? ATTRIBUTE_FOUND : ATTRIBUTE_BAD;
    }
    struct span word = take_word(s, ";");
    out->len = (size_t)(word.end - word.at);
    out->text = arena_strndup(arena, word.at, out->len);
    return ATTRIBUTE_FOUND;
}

bool multipart_init(struct multipart *m, struct arena *arena, const char *content_type,
                    const char *body, size_t len)
{
    struct span s = {content_type, content_type + strlen(content_type)};
    struct attribute attribute;
    enum attribute_step step;
    *m = (struct multipart){.arena = arena, .at = body, .end = body + len};
    take_word(&s, ";");
    do {
        step = next_attribute(arena, &s, &attribute);
    } while (step == ATTRIBUTE_FOUND && !span_is(attribute.key, "boundary"));
    if (step != ATTRIBUTE_FOUND || !attribute.text || !attribute.len)
        return false;
    m->delimiter = arena_printf(arena, "\n--%s", attribute.text);
    m->delimiter_len = strlen(m->delimiter);
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* filename*=UTF-8''a%20b (RFC 5987), in place. RFC 7578 forbids it, but Python's libraries send
 * names with letters beyond ASCII this way. False for another charset or form. */
static bool decode_extended(struct attribute *a)
{
    char *start = a->text && a->len > 6 && !strncasecmp(a->text, "utf-8'", 6)
                      ? memchr(a->text + 6, '\'', a->len - 6)
                      : NULL;
    if (!start)
        return false;
    char *out = a->text;
    const char *end = a->text + a->len;
    for (const char *at = start + 1; at < end; at++) {
        int high = *at == '%' && end - at > 2 ? hex_value(at[1]) : -1;
        int low = high >= 0 ? hex_value(at[2]) : -1;
        *out++ = low >= 0 ? (char)(high * 16 + low) : *at;
        at += low >= 0 ? 2 : 0;
    }
    *out = '\0';
    a->len = (size_t)(out - a->text);
    return true;
}

static bool read_disposition(struct multipart *m, struct span s, struct multipart_part *part)
{
    bool extended = false;
    struct attribute a;
    enum attribute_step step;
    skip_blanks(&s);
    if (!span_is(take_word(&s, ";"), "form-data"))
        return false;
    while ((step = next_attribute(m->arena, &s, &a)) == ATTRIBUTE_FOUND) {
        if (a.text && span_is(a.key, "name")) {
            part->name = a.text;
            part->name_len = a.len;
        } else if (span_is(a.key, "filename*")) {
            if (!decode_extended(&a))
                return false;
            part->file_name = a.text;
            part->file_name_len = a.len;
            extended = true;
        } else if (a.text && span_is(a.key, "filename") && !extended) {
            part->file_name = a.text;
            part->file_name_len = a.len;
        }
    }
    return step == ATTRIBUTE_NONE && part->name;
}

/* One header with its continuation lines, without the line's end; false when its end is missing. */
static bool take_header(struct span *s, struct span *header)
{
    header->at = s->at;
    do {
        const char *newline = memchr(s->at, '\n', (size_t)(s->end - s->at));
        if (!newline)
            return false;
        header->end = newline > header->at && newline[-1] == '\r' ? newline - 1 : newline;
        s->at = newline + 1;
    } while (header->end > header->at && s->at < s->end && (*s->at == ' ' || *s->at == '\t'));
    return true;
}

static bool read_headers(struct multipart *m, struct multipart_part *part)
{
    size_t rest = (size_t)(m->end - m->at);
    bool cut = rest > MULTIPART_HEADER_BYTES;
    struct span s = {m->at, m->at + (cut ? MULTIPART_HEADER_BYTES : rest)}, header;
    *part = (struct multipart_part){0};
    while (take_header(&s, &header)) {
        if (header.at == header.end) {
            /* The line feed of the empty line may open the delimiter of a part without data. */
            m->at = s.at - 1;
            if (!part->name)
                m->why = "A part of the multipart body has no name";
            return part->name != NULL;
        }
        struct span key = take_word(&header, ":");
        if (!span_is(key, "Content-Disposition"))
            continue;
        if (header.at == header.end || *header.at++ != ':' || !read_disposition(m, header, part)) {
            m->why = "A part of the multipart body has a Content-Disposition that is not valid";
            return false;
        }
    }
    m->why = cut ? "The headers of a part of the multipart body are too long"
                 : "A part of the multipart body is cut off";
    return false;
}

/* What stands behind the boundary's text decides whether it was a delimiter at all. */
enum delimiter { DELIMITER_NONE, DELIMITER_PART, DELIMITER_LAST };

static enum delimiter delimiter_kind(const char *at, const char *end, const char **next)
{
    if (end - at >= 2 && at[0] == '-' && at[1] == '-')
        return DELIMITER_LAST;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (at < end && *at == '\r')
        at++;
    if (at == end || *at != '\n')
        return DELIMITER_NONE;
    *next = at + 1;
    return DELIMITER_PART;
}

/* From m->at to the next delimiter, which m->at then stands behind. `data_end`: where it begins. */
static enum delimiter find_delimiter(struct multipart *m, const char **data_end)
{
    const char *at = m->at;
    if (!m->started && (size_t)(m->end - at) >= m->delimiter_len - 1 &&
        !memcmp(at, m->delimiter + 1, m->delimiter_len - 1)) {
        /* The first one needs no line before it. */
        enum delimiter kind = delimiter_kind(at + m->delimiter_len - 1, m->end, &m->at);
        if (kind != DELIMITER_NONE)
            return kind;
    }
    while ((at = memmem(at, (size_t)(m->end - at), m->delimiter, m->delimiter_len))) {
        enum delimiter kind = delimiter_kind(at + m->delimiter_len, m->end, &m->at);
        if (kind != DELIMITER_NONE) {
            *data_end = at;
            return kind;
        }
        at += m->delimiter_len;
    }
    return DELIMITER_NONE;
}

/* Skips the preamble. */
static void start(struct multipart *m)
{
    const char *preamble_end;
    enum delimiter first = find_delimiter(m, &preamble_end);
    m->started = true;
    m->done = first == DELIMITER_LAST;
    if (first == DELIMITER_NONE)
        m->why = "The multipart body does not hold its boundary";
}

enum multipart_step multipart_next(struct multipart *m, struct multipart_part *part)
{
    if (!m->started)
        start(m);
    if (m->done)
        return MULTIPART_END;
    if (m->why || !read_headers(m, part))
        return MULTIPART_BAD;
    const char *data = m->at + 1, *data_end = NULL;
    enum delimiter kind = find_delimiter(m, &data_end);
    if (kind == DELIMITER_NONE) {
        m->why = "The multipart body does not end with its boundary";
        return MULTIPART_BAD;
    }
    m->done = kind == DELIMITER_LAST;
    if (data_end > data && data_end[-1] == '\r')
        data_end--;
    part->data = data;
    part->len = data_end > data ? (size_t)(data_end - data) : 0;
    return MULTIPART_PART;
}

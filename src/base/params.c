#include "base/params.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/multipart.h"
#include "base/utf8.h"

static const char not_utf8[] = "The parameters are not valid UTF-8 or hold a NUL";
static const char too_many[] = "The request holds too many parameters";
static const char too_deep[] = "A parameter is nested too deeply";

struct reader {
    struct arena *arena;
    size_t count;   /* values made so far, those replaced since included */
    bool check_all; /* the raw text is not UTF-8, so each piece must be looked at */
    const char *why;
};

/* A key of an array; text is NULL for `[]`. */
struct key {
    char *text;
    size_t len;
};

static bool fail(struct reader *r, const char *why)
{
    r->why = why;
    return false;
}

static bool count_value(struct reader *r)
{
    return ++r->count <= LIMIT_PARAM_COUNT || fail(r, too_many);
}

static void put(struct reader *r, struct value *into, struct key key, struct value *item)
{
    if (key.text)
        value_set(r->arena, into, key.text, key.len, item);
    else
        value_push(r->arena, into, item);
}

/* The array under `key`, made when there is none; NULL at the limit. */
static struct value *step_into(struct reader *r, struct value *into, struct key key)
{
    struct value *there = key.text ? value_get_n(into, key.text, key.len) : NULL;
    if (value_is_array(there))
        return there;
    if (!count_value(r))
        return NULL;
    there = value_array(r->arena);
    put(r, into, key, there);
    return there;
}

static void underscore(char *at, const char *end, const char *set)
{
    for (; at < end; at++) {
        if (strchr(set, *at))
            *at = '_';
    }
}

/* `[]`, and as in PHP one white space between the brackets. */
static bool is_next_index(const char *key, size_t len)
{
    return !len || (len == 1 && (*key == ' ' || (*key >= '\t' && *key <= '\r')));
}

/* Puts item where the name says. The name ends with NUL, holds no other, and is cut up in place:
 * its pieces become the keys. What follows a closed bracket, but another bracket, is ignored. */
static bool add_named(struct reader *r, struct value *into, char *name, size_t len,
                      struct value *item)
{
    const char *end = name + len;
    while (*name == ' ')
        name++;
    char *at = name + strcspn(name, "[");
    underscore(name, at, " .");
    if (at == name)
        return true;
    struct key key = {name, (size_t)(at - name)};
    for (int depth = 2; *at == '['; depth++) {
        char *start = at + 1, *close = memchr(start, ']', (size_t)(end - start));
        if (!close) {
            if (depth == 2) { /* in the first part of the name: the bracket belongs to it */
                underscore(at, end, " .[");
                key.len = (size_t)(end - name);
            }
            break;
        }
        if (depth > LIMIT_PARAM_DEPTH - (item->type == VALUE_ARRAY))
            return fail(r, too_deep);
        *at = *close = '\0';
        into = step_into(r, into, key);
        if (!into)
            return false;
        size_t key_len = (size_t)(close - start);
        key = (struct key){is_next_index(start, key_len) ? NULL : start, key_len};
        at = close + 1;
    }
    if (!count_value(r))
        return false;
    put(r, into, key, item);
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes [text, end) in place and ends it with NUL, which must fit at `end`. False when an escape
 * made the text something else than UTF-8 without NUL. */
static bool decode(const struct reader *r, char *text, char *end, size_t *len)
{
    char *in = text;
    bool check = r->check_all;
    while (in < end && *in != '%' && *in != '+')
        in++;
    char *out = in;
    while (in < end) {
        char c = *in++;
        int high = c == '%' && end - in >= 2 ? hex_value(in[0]) : -1;
        int low = high >= 0 ? hex_value(in[1]) : -1;
        if (low >= 0) {
            c = (char)(high * 16 + low);
            in += 2;
            check = check || high >= 8 || !c;
        } else if (c == '+') {
            c = ' ';
        }
        *out++ = c;
    }
    *out = '\0';
    *len = (size_t)(out - text);
    return !check || utf8_valid(text, *len);
}

/* One `name=value` in [at, end); *end may be overwritten. */
static bool add_pair(struct reader *r, struct value *into, char *at, char *end)
{
    char *equals = memchr(at, '=', (size_t)(end - at)), *text = equals ? equals + 1 : end;
    size_t name_len, len;
    /* The value first: without '=' it is the empty text at `end`, which the name then ends at. */
    if (!decode(r, text, end, &len) || !decode(r, at, equals ? equals : end, &name_len))
        return fail(r, not_utf8);
    return add_named(r, into, at, name_len, value_string(r->arena, text, len));
}

static bool read_form(struct reader *r, const char *text, size_t len, struct value *into)
{
    /* Names and values stay where they are in this one copy. Cut at ASCII characters, the pieces
     * of a valid text are valid, so one fast look at the whole is enough for most requests. */
    char *at = arena_strndup(r->arena, text, len), *end = at + len;
    r->check_all = !utf8_valid(text, len);
    while (at < end) {
        char *stop = memchr(at, '&', (size_t)(end - at));
        if (!stop)
            stop = end;
        if (stop > at && !add_pair(r, into, at, stop))
            return false;
        at = stop + 1;
    }
    return true;
}

bool params_from_form(struct arena *arena, const char *text, size_t len, struct value *into,
                      const char **why)
{
    struct reader r = {.arena = arena};
    bool ok = read_form(&r, text, len, into);
    if (!ok && why)
        *why = r.why;
    return ok;
}

/* ["file name", "Base64"]; NULL at the limit. */
static struct value *file_value(struct reader *r, const struct multipart_part *part)
{
    if (!utf8_valid(part->file_name, part->file_name_len)) {
        fail(r, not_utf8);
        return NULL;
    }
    if (!count_value(r) || !count_value(r))
        return NULL;
    size_t size = sodium_base64_encoded_len(part->len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(r->arena, size);
    sodium_bin2base64(text, size, (const unsigned char *)part->data, part->len,
                      sodium_base64_VARIANT_ORIGINAL);
    struct value *file = value_array(r->arena);
    value_push(r->arena, file, value_string(r->arena, part->file_name, part->file_name_len));
    value_push(r->arena, file, value_string(r->arena, text, size - 1));
    return file;
}

static struct value *field_value(struct reader *r, const struct multipart_part *part)
{
    if (!utf8_valid(part->data, part->len)) {
        fail(r, not_utf8);
        return NULL;
    }
    char *text = arena_strndup(r->arena, part->data, part->len);
    return value_string(r->arena, text, part->len);
}

static bool read_multipart(struct reader *r, const char *content_type, const char *body, size_t len,
                           struct value *into)
{
    struct multipart m;
    struct multipart_part part;
    enum multipart_step step;
    if (!multipart_init(&m, r->arena, content_type, body, len))
        return fail(r, "The content type names no boundary");
    while ((step = multipart_next(&m, &part)) == MULTIPART_PART) {
        if (!utf8_valid(part.name, part.name_len))
            return fail(r, not_utf8);
        struct value *item = part.file_name ? file_value(r, &part) : field_value(r, &part);
        if (!item || !add_named(r, into, part.name, part.name_len, item))
            return false;
    }
    return step == MULTIPART_END || fail(r, m.why);
}

/* 0 for a body of white space only. */
static char first_char(const char *body, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r' && body[i] != '\n')
            return body[i];
    }
    return '\0';
}

static struct value *read_json(struct reader *r, const char *body, size_t len)
{
    char first = first_char(body, len);
    if (!first && !memchr(body, '\0', len))
        return value_array(r->arena);
    struct value *tree = json_parse(r->arena, body, len, &r->why);
    if (tree && tree->type != VALUE_ARRAY) {
        r->why = "The JSON body must be an object or an array";
        return NULL;
    }
    return tree;
}

static bool media_type_is(const char *content_type, const char *type)
{
    if (!content_type)
        return false;
    size_t len = strlen(type);
    content_type += strspn(content_type, " \t");
    return !strncasecmp(content_type, type, len) && strchr("; \t", content_type[len]);
}

/* The body as a tree of its own; NULL when it does not parse. */
static struct value *read_body(struct reader *r, const char *content_type, const char *body,
                               size_t len)
{
    if (media_type_is(content_type, "application/json"))
        return read_json(r, body, len);
    struct value *fresh = value_array(r->arena);
    if (media_type_is(content_type, "multipart/form-data"))
        return read_multipart(r, content_type, body, len, fresh) ? fresh : NULL;
    if (!media_type_is(content_type, "application/x-www-form-urlencoded")) {
        char first = first_char(body, len);
        struct value *tree = first == '{' || first == '[' ? read_json(r, body, len) : NULL;
        if (tree)
            return tree;
    }
    return read_form(r, body, len, fresh) ? fresh : NULL;
}

bool params_from_body(struct arena *arena, const char *content_type, const char *body, size_t len,
                      struct value *into, const char **why)
{
    struct reader r = {.arena = arena};
    struct value *fresh = read_body(&r, content_type, body, len);
    if (!fresh) {
        if (why)
            *why = r.why;
        return false;
    }
    for (size_t i = 0; i < fresh->array.count; i++) {
        const struct value_item *item = &fresh->array.items[i];
        value_set(arena, into, item->key, item->key_len, item->value);
    }
    return true;
}

#include "load_request.h"

#include <stdio.h>

struct drawn {
    int64_t id, part, number;
    struct owner_ref owner;
    char text[TEXT_SIZE];
    bool has_text;
};

static void add_url(struct buf *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            buf_addc(out, *text);
        } else {
            buf_addc(out, '%');
            buf_addc(out, hex[c >> 4]);
            buf_addc(out, hex[c & 15]);
        }
    }
}

static void add_int(struct buf *out, int64_t number)
{
    buf_printf(out, "%lld", (long long)number);
}

static const char *text_of(struct request_maker *maker, struct drawn *drawn)
{
    if (!drawn->has_text)
        text_description(&maker->chance, drawn->number, drawn->text);
    drawn->has_text = true;
    return drawn->text;
}

static void draw(struct request_maker *maker, int64_t part, struct drawn *drawn)
{
    const struct request_template *t = maker->template;
    drawn->id = 1 + chance_below(&maker->chance, t->ids);
    drawn->owner = owner_at(chance_below(&maker->chance, owner_count(t->rows)));
    drawn->part = part;
    drawn->number = maker->count++;
    drawn->has_text = false;
}

static void fill(struct request_maker *maker, const char *template, struct drawn *drawn,
                 struct buf *out);

static void add_parts(struct request_maker *maker, struct buf *out)
{
    struct drawn drawn;
    for (int64_t i = 0; i < maker->template->parts; i++) {
        draw(maker, i, &drawn);
        if (i)
            buf_addc(out, ',');
        fill(maker, maker->template->part, &drawn, out);
    }
}

static const char *const places[] = {"{id}",      "{owner_type}", "{owner_id}", "{text}",
                                     "{urltext}", "{n}",          "{part}",     "{parts}"};

static int place_at(const char *text, size_t *len)
{
    for (int i = 0; i < (int)(sizeof places / sizeof places[0]); i++) {
        *len = strlen(places[i]);
        if (!strncmp(text, places[i], *len))
            return i;
    }
    return -1;
}

static void fill(struct request_maker *maker, const char *template, struct drawn *drawn,
                 struct buf *out)
{
    while (*template) {
        size_t len = strcspn(template, "{");
        buf_add(out, template, len);
        template += len;
        int place = *template ? place_at(template, &len) : -1;
        if (place < 0 && *template)
            buf_addc(out, *template ++);
        if (place < 0)
            continue;
        template += len;
        switch (place) {
        case 0:
            add_int(out, drawn->id);
            break;
        case 1:
            add_int(out, drawn->owner.type);
            break;
        case 2:
            add_int(out, drawn->owner.id);
            break;
        case 3:
            buf_adds(out, text_of(maker, drawn));
            break;
        case 4:
            add_url(out, text_of(maker, drawn));
            break;
        case 5:
            add_int(out, drawn->number);
            break;
        case 6:
            add_int(out, drawn->part);
            break;
        default:
            add_parts(maker, out);
            break;
        }
    }
}

/* A "{" that begins a word in lower case is meant for a place; JSON's own stand before a quote. */
const char *request_check(const char *text)
{
    size_t len;
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        if (at[1] >= 'a' && at[1] <= 'z' && place_at(at, &len) < 0)
            return at;
    }
    return NULL;
}

void request_make(struct request_maker *maker, struct buf *out, struct buf *has)
{
    const struct request_template *t = maker->template;
    struct drawn drawn;
    draw(maker, 0, &drawn);
    maker->body.len = out->len = has->len = 0;
    if (t->body)
        fill(maker, t->body, &drawn, &maker->body);
    buf_adds(out, t->body ? "POST " : "GET ");
    fill(maker, t->path, &drawn, out);
    buf_printf(out, " HTTP/1.1\r\nHost: %s\r\n", t->host);
    if (t->body)
        buf_printf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n", t->type, maker->body.len);
    buf_adds(out, "\r\n");
    buf_add(out, maker->body.data ? maker->body.data : "", maker->body.len);
    if (t->has)
        fill(maker, t->has, &drawn, has);
}

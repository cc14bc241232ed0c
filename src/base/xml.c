#include "base/xml.h"

#include <inttypes.h>

#define TEXT(literal) literal, sizeof literal - 1

/* What a byte becomes; NULL when it stays. U+FFFE and U+FFFF, the only characters beyond ASCII that
 * XML cannot hold, are the caller's to find. */
static const char *escape_of(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;"; /* a reader turns a bare one into a line feed */
    case '\t':
    case '\n':
        return NULL;
    default:
        return c < 0x20 ? "" : NULL;
    }
}

static bool is_noncharacter(const char *at, size_t left)
{
    return left >= 3 && !memcmp(at, "\xEF\xBF", 2) && (unsigned char)at[2] >= 0xBE;
}

static void add_text(struct buf *out, const char *text, size_t len)
{
    size_t done = 0;
    for (size_t at = 0; at < len; at++) {
        unsigned char c = (unsigned char)text[at];
        size_t skip = 1;
        const char *instead = escape_of(c);
        if (c == 0xEF && is_noncharacter(text + at, len - at)) {
            instead = "";
            skip = 3;
        }
        if (!instead)
            continue;
        buf_add(out, text + done, at - done);
        buf_adds(out, instead);
        done = at + skip;
        at = done - 1;
    }
    buf_add(out, text + done, len - done);
}

/* An attribute's tab and line feed would come back as spaces. */
static void add_attribute(struct buf *out, const char *text, size_t len)
{
    size_t done = 0;
    for (size_t at = 0; at < len; at++) {
        if (text[at] != '\t' && text[at] != '\n')
            continue;
        add_text(out, text + done, at - done);
        buf_adds(out, text[at] == '\t' ? "&#9;" : "&#10;");
        done = at + 1;
    }
    add_text(out, text + done, len - done);
}

/* Only ASCII names pass: every XML reader takes them. A colon would mean a namespace. */
static bool is_name(const char *key, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = key[i], lower = (char)(c | 32);
        bool letter = (lower >= 'a' && lower <= 'z') || c == '_';
        bool later = (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (!letter && !(i && later))
            return false;
    }
    return len > 0;
}

static void add_content(struct buf *out, const struct value *value);

static void add_items(struct buf *out, const struct value *array)
{
    bool list = value_is_list(array);
    for (size_t i = 0; i < array->array.count; i++) {
        const struct value_item *item = &array->array.items[i];
        bool named = !list && is_name(item->key, item->key_len);
        const char *name = named ? item->key : "item";
        size_t len = named ? item->key_len : 4;
        buf_addc(out, '<');
        buf_add(out, name, len);
        if (!list && !named) {
            buf_add(out, TEXT(" key=\""));
            add_attribute(out, item->key, item->key_len);
            buf_addc(out, '"');
        }
        buf_addc(out, '>');
        add_content(out, item->value);
        buf_add(out, TEXT("</"));
        buf_add(out, name, len);
        buf_addc(out, '>');
    }
}

static void add_content(struct buf *out, const struct value *value)
{
    char digits[40];
    switch (value ? value->type : VALUE_NULL) {
    case VALUE_NULL:
        break;
    case VALUE_BOOL:
        if (value->boolean)
            buf_addc(out, '1');
        break;
    case VALUE_INT:
        buf_printf(out, "%" PRId64, value->integer);
        break;
    case VALUE_DOUBLE:
        buf_add(out, digits, double_to_text(value->real, digits, sizeof digits));
        break;
    case VALUE_STRING:
        add_text(out, value->string.text, value->string.len);
        break;
    case VALUE_ARRAY:
        add_items(out, value);
        break;
    }
}

void xml_from_value(struct buf *out, const struct value *answer)
{
    buf_add(out, TEXT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response>"));
    add_content(out, answer);
    buf_add(out, TEXT("</response>\n"));
}

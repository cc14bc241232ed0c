/* writer - JSON out, as it goes.
 *
 * What:    writes one JSON value after another into a buf; knows where commas belong.
 * Used by: handlers (through req->out), rest/pipeline, batch. XML answers are made from the finished
 *          JSON (base/xml.h): they are rare, and so handlers know one interface only.
 * Memory:  the buf belongs to the caller.
 * Threads: one owner at a time.
 * Errors:  none. Unbalanced begin and end is a bug.
 *
 * writer_mark and writer_rewind take back what a failed handler wrote.
 */
#ifndef RAPPORT_BASE_WRITER_H
#define RAPPORT_BASE_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/value.h"

struct writer {
    struct buf *buf;
    bool comma; /* a comma is due before the next key or value */
};

struct writer_mark {
    size_t len;
    bool comma;
};

void writer_init(struct writer *w, struct buf *buf);
struct writer_mark writer_mark(const struct writer *w);
void writer_rewind(struct writer *w, struct writer_mark mark);

void writer_begin_object(struct writer *w);
void writer_end_object(struct writer *w);
void writer_begin_list(struct writer *w);
void writer_end_list(struct writer *w);
void writer_key(struct writer *w, const char *key, size_t len);
void writer_string(struct writer *w, const char *text, size_t len);
void writer_int(struct writer *w, int64_t integer);
void writer_double(struct writer *w, double real);
void writer_bool(struct writer *w, bool boolean);
void writer_null(struct writer *w);
/* PHP's rule: an empty array or one with keys 0..n-1 is a list, any other an object. */
void writer_value(struct writer *w, const struct value *value);
/* Bytes that are one JSON value already. */
void writer_raw(struct writer *w, const char *json, size_t len);
/* An integer as the old-style CRM methods give it: "15". */
void writer_int_string(struct writer *w, int64_t integer);

static inline void writer_keyz(struct writer *w, const char *key)
{
    writer_key(w, key, strlen(key));
}

static inline void writer_stringz(struct writer *w, const char *text)
{
    writer_string(w, text, strlen(text));
}
/* A key and its value. */
static inline void writer_text(struct writer *w, const char *key, const char *text)
{
    writer_keyz(w, key);
    writer_stringz(w, text);
}
static inline void writer_number(struct writer *w, const char *key, int64_t integer)
{
    writer_keyz(w, key);
    writer_int(w, integer);
}

#endif

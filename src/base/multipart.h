/* multipart - the parts of a multipart/form-data body (RFC 7578), one after another.
 *
 * What:    a reader over the body: each call gives the next part. Lines may end with CRLF or, as
 *          PHP takes it, with LF alone; preamble and epilogue are skipped.
 * Used by: base/params.
 * Memory:  a part's data points into the body; names are in the arena and NUL-terminated.
 * Threads: one owner at a time.
 * Errors:  MULTIPART_BAD, with `why` set to a sentence for the caller. Time and memory are linear
 *          in the body, whatever it holds.
 */
#ifndef RAPPORT_BASE_MULTIPART_H
#define RAPPORT_BASE_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define MULTIPART_HEADER_BYTES 8192UL /* the headers of one part together */

struct multipart {
    struct arena *arena;
    const char *at, *end;
    char *delimiter; /* "\n--" and the boundary */
    size_t delimiter_len;
    bool started, done;
    const char *why;
};

struct multipart_part {
    char *name; /* as sent: brackets are for the caller to read; UTF-8 is not checked */
    size_t name_len;
    char *file_name; /* NULL when the part is a field */
    size_t file_name_len;
    const char *data;
    size_t len;
};

enum multipart_step { MULTIPART_PART, MULTIPART_END, MULTIPART_BAD };

/* False when the content type names no boundary. The body must outlive the reader. */
bool multipart_init(struct multipart *m, struct arena *arena, const char *content_type,
                    const char *body, size_t len);
enum multipart_step multipart_next(struct multipart *m, struct multipart_part *part);

#endif

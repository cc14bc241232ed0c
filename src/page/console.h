/* console - the files of the page for people, embedded by the build (console/build.mjs).
 *
 * Used by: page/console.c; the generated table.
 * Memory:  everything static.
 */
#ifndef RAPPORT_PAGE_CONSOLE_H
#define RAPPORT_PAGE_CONSOLE_H

#include <stddef.h>

struct console_file {
    const char *path; /* "/", "/console/app-AB12CD.js" */
    const char *type; /* of the content */
    const char *tag;  /* ETag, in quotes */
    const char *data; /* gzipped */
    size_t len, plain_len;
};

/* Ends with a NULL path; without a console there is none. */
extern const struct console_file console_files[];

/* The path of the file that is called so but for its hash: "/console/frame-", ".js"; NULL without a console. */
const char *console_file_named(const char *start, const char *end);

#endif

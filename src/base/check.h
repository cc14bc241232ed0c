/* check - a programmer's mistake ends the process with a message.
 *
 * What:    CHECK(condition): true always, in release builds too.
 * Used by: everything.
 * Errors:  a failed CHECK prints file, line and condition to stderr and aborts. It is for bugs and
 *          for memory running out, never for what a caller or the environment can cause.
 */
#ifndef RAPPORT_BASE_CHECK_H
#define RAPPORT_BASE_CHECK_H

#include <stddef.h>

_Noreturn void check_failed(const char *file, int line, const char *what);

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            check_failed(__FILE__, __LINE__, #condition);                                          \
    } while (0)

/* Heap memory for what lives as long as the process or a connection. Never returns NULL. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);

#endif

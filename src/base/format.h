/* format - printf into memory of a fixed size, whose length cannot run past it.
 *
 * What:    snprintf answers the length it wanted; whoever passes that on sends what lies behind the
 *          buffer. So where a length is used it comes from here (tests/style.sh looks for others).
 * Used by: everything that needs the length of a formatted text.
 * Memory:  the caller's.
 * Threads: any.
 * Errors:  what does not fit is cut; format_whole says so.
 */
#ifndef RAPPORT_BASE_FORMAT_H
#define RAPPORT_BASE_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Returns the length of what stands in `out`: less than `size`, with a NUL behind it. */
size_t format_text(char *out, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
size_t format_list(char *out, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
/* False when it was cut. */
bool format_whole(char *out, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif

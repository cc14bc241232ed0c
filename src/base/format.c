#include "base/format.h"

#include <stdio.h>

#include "base/check.h"

static size_t put(char *out, size_t size, const char *format, va_list args, bool *whole)
{
    CHECK(size);
    int wanted = vsnprintf(out, size, format, args);
    CHECK(wanted >= 0);
    *whole = (size_t)wanted < size;
    return *whole ? (size_t)wanted : size - 1;
}

size_t format_list(char *out, size_t size, const char *format, va_list args)
{
    bool whole;
    return put(out, size, format, args, &whole);
}

size_t format_text(char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t len = format_list(out, size, format, args);
    va_end(args);
    return len;
}

bool format_whole(char *out, size_t size, const char *format, ...)
{
    bool whole;
    va_list args;
    va_start(args, format);
    put(out, size, format, args, &whole);
    va_end(args);
    return whole;
}

#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/format.h"

static _Atomic int least = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&least, (int)level);
}

enum log_level log_level(void)
{
    return (enum log_level)atomic_load_explicit(&least, memory_order_relaxed);
}

void log_line(enum log_level level, const char *format, ...)
{
    static const char *const names[] = {"debug", "info ", "warn ", "error"};
    if (level < log_level() || level >= LOG_OFF)
        return;
    char line[2048];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t len = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &utc);
    len += format_text(line + len, sizeof line - len, ".%03ldZ %s ", now.tv_nsec / 1000000,
                       names[level]);
    va_list args;
    va_start(args, format);
    len += format_list(line + len, sizeof line - len - 1, format, args);
    va_end(args);
    for (size_t i = 0; i < len; i++) { /* one event, one line: input cannot forge another */
        if ((unsigned char)line[i] < 0x20)
            line[i] = ' ';
    }
    line[len++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, len);
    (void)written;
}

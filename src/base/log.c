#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/format.h"
#include "base/utf8.h"

static _Atomic int least = LOG_INFO;
static _Atomic int format_now = LOG_TEXT;

void log_set_level(enum log_level level)
{
    atomic_store(&least, (int)level);
}

enum log_level log_level(void)
{
    return (enum log_level)atomic_load_explicit(&least, memory_order_relaxed);
}

void log_set_format(enum log_format wanted)
{
    atomic_store(&format_now, (int)wanted);
}

bool log_is_json(void)
{
    return atomic_load_explicit(&format_now, memory_order_relaxed) == LOG_JSON;
}

/* systemd tells the device and inode of the journal's socket: a service may have sent stderr elsewhere. */
bool log_to_journal(void)
{
    const char *journal = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat own;
    return journal && sscanf(journal, "%llu:%llu", &device, &inode) == 2 &&
           fstat(STDERR_FILENO, &own) == 0 && own.st_dev == device && own.st_ino == inode;
}

/* ---- a line ---- */

#define LINE 2048
#define END 8 /* kept free for what closes it */

struct line {
    char text[LINE];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void put(struct line *line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    line->len += format_list(line->text + line->len, LINE - END - line->len, format, args);
    va_end(args);
}

/* Bytes of the letter that begins the text; 0: none does. */
static size_t letter_len(const char *text)
{
    for (size_t len = 1; len <= 4; len++) {
        if (utf8_valid(text, len))
            return len;
        if (!text[len - 1])
            break;
    }
    return 0;
}

/* As the content of a JSON string; what has no room is left out whole, and what is no letter (a text may be
 * cut) is told as U+FFFD, so that the line stays JSON. */
static void put_json(struct line *line, const char *text)
{
    while (*text && line->len < LINE - END - 8) {
        size_t len = letter_len(text);
        unsigned char c = (unsigned char)*text;
        if (!len)
            put(line, "\\ufffd");
        else if (c == '"' || c == '\\')
            put(line, "\\%c", c);
        else if (c < 0x20)
            put(line, "\\u%04x", c);
        else
            put(line, "%.*s", (int)len, text);
        text += len ? len : 1;
    }
}

static void put_head(struct line *line, enum log_level level, enum log_format format)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    static const int priorities[] = {7, 6, 4, 3};
    struct timespec now;
    struct tm utc;
    char time[32];
    if (format == LOG_JOURNAL) {
        put(line, "<%d>", priorities[level]);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &utc);
    put(line,
        format == LOG_JSON ? "{\"time\":\"%s.%03ldZ\",\"level\":\"%s\",\"message\":\""
                           : "%s.%03ldZ %-5s ",
        time, now.tv_nsec / 1000000, names[level]);
}

/* One event, one line, in one piece: input cannot forge another. */
static void write_line(struct line *line)
{
    for (size_t i = 0; i < line->len; i++) {
        if ((unsigned char)line->text[i] < 0x20)
            line->text[i] = ' ';
    }
    line->text[line->len++] = '\n';
    ssize_t written = write(STDERR_FILENO, line->text, line->len);
    (void)written;
}

static bool is_wanted(enum log_level level)
{
    return level >= log_level() && level < LOG_OFF;
}

static void put_field(struct line *line, const struct log_field *field)
{
    if (line->len + strlen(field->key) + 40 > LINE - END)
        return;
    put(line, ",\"%s\":", field->key);
    if (!field->text) {
        put(line, "%.12g", field->number);
        return;
    }
    put(line, "\"");
    put_json(line, field->text);
    line->text[line->len++] = '"';
}

void log_fields(enum log_level level, const struct log_field *fields, size_t count,
                const char *words)
{
    struct line line;
    line.len = 0;
    if (!is_wanted(level))
        return;
    put_head(&line, level, LOG_JSON);
    put_json(&line, words);
    line.text[line.len++] = '"';
    for (size_t i = 0; i < count; i++)
        put_field(&line, &fields[i]);
    line.text[line.len++] = '}';
    write_line(&line);
}

void log_line(enum log_level level, const char *format, ...)
{
    va_list args;
    if (!is_wanted(level))
        return;
    va_start(args, format);
    if (log_is_json()) {
        char words[LINE];
        format_list(words, sizeof words, format, args);
        log_fields(level, NULL, 0, words);
    } else {
        struct line line;
        line.len = 0;
        put_head(&line, level,
                 (enum log_format)atomic_load_explicit(&format_now, memory_order_relaxed));
        line.len += format_list(line.text + line.len, LINE - END - line.len, format, args);
        write_line(&line);
    }
    va_end(args);
}

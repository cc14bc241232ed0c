/* log - lines to stderr.
 *
 * What:    one line per event: time, level, message, machine-readable `key=value` at its end; or as a JSON object; or for systemd's
 *          journal, which has a time and takes the level from "<6>" at the line's head.
 * Used by: everything. Never given a secret: no webhook code, token or body.
 * Threads: any; a line is written in one piece.
 */
#ifndef RAPPORT_BASE_LOG_H
#define RAPPORT_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_OFF };

/* Lines below this level are dropped; LOG_INFO at start. */
void log_set_level(enum log_level level);
enum log_level log_level(void);
enum log_format { LOG_TEXT, LOG_JSON, LOG_JOURNAL };
/* LOG_TEXT at start. */
void log_set_format(enum log_format format);
/* Does stderr lead to the journal of systemd? */
bool log_to_journal(void);

bool log_is_json(void);

/* What belongs to an object beside its words: of a request. */
struct log_field {
    const char *key;
    const char *text; /* NULL: the number */
    double number;
};
/* A line of LOG_JSON. */
void log_fields(enum log_level level, const struct log_field *fields, size_t count,
                const char *words);
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_debug(...)                                                                             \
    do {                                                                                           \
        if (log_level() <= LOG_DEBUG)                                                              \
            log_line(LOG_DEBUG, __VA_ARGS__);                                                      \
    } while (0)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

#endif

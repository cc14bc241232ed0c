/* log - lines to stderr.
 *
 * What:    one line per event: time, level, message. Machine-readable `key=value` at its end.
 * Used by: everything. Never given a secret: no webhook code, token or body.
 * Threads: any; a line is written in one piece.
 */
#ifndef RAPPORT_BASE_LOG_H
#define RAPPORT_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_OFF };

/* Lines below this level are dropped; LOG_INFO at start. */
void log_set_level(enum log_level level);
enum log_level log_level(void);
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

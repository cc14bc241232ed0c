#include "http/daemon.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "http/tls.h"

static size_t keep_raw(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text); /* base/params decodes, by PHP's rules */
}

__attribute__((format(printf, 2, 0))) static void on_log(void *context, const char *format,
                                                         va_list args)
{
    char line[512];
    (void)context;
    vsnprintf(line, sizeof line, format, args);
    log_debug("http: %s", line);
}

struct MHD_Daemon *daemon_start(int fd, bool secure, int wanted, unsigned places,
                                const struct daemon_hooks *hooks)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ERROR_LOG | (secure ? MHD_USE_TLS : 0);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = wanted > 0 ? (unsigned)wanted : cores > 2 ? (unsigned)cores : 2;
    gnutls_certificate_retrieve_function3 *retrieve = tls_retrieve;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    memcpy(&tls[0].ptr_value, &retrieve, sizeof retrieve);
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(
        flags, 0, NULL, NULL, hooks->request, hooks->context, MHD_OPTION_EXTERNAL_LOGGER, on_log,
        NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, places, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TIMEOUT_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_QUERY_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, hooks->uri, hooks->context,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_raw, NULL, MHD_OPTION_NOTIFY_COMPLETED, hooks->completed,
        hooks->context, MHD_OPTION_NOTIFY_CONNECTION, hooks->connection, hooks->context,
        MHD_OPTION_ARRAY, secure ? tls : none, MHD_OPTION_END);
}

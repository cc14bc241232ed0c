/* service - what a server and the manager of services (systemd) tell each other, without its library.
 *
 * What:    readiness, reloading, stopping and signs of life to NOTIFY_SOCKET (sd_notify), and a socket that was opened for us
 *          (LISTEN_FDS). Without those nothing is done.
 * Used by: app/serve.
 * Memory:  none is kept.
 * Threads: any; service_take_socket from the first, before others begin.
 * Errors:  a manager that does not listen is nobody's trouble.
 */
#ifndef RAPPORT_APP_SERVICE_H
#define RAPPORT_APP_SERVICE_H

#include <stdbool.h>

/* "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=..."; several with newlines between them. */
void service_tell(const char *state);
/* "RELOADING=1" with the time that is wanted beside it; READY=1 ends it. */
void service_tell_reloading(void);
/* How often a sign of life is due: seconds, half of what the manager waits; 0: it does not. */
double service_watchdog(void);
/* The socket to listen on; -1: none was opened for this process. */
int service_take_socket(void);

#endif

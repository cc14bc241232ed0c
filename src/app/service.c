#include "app/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#define LEAST_BEAT 0.05 /* seconds: a limit that is too short makes no busy loop */
#define FIRST_SOCKET 3  /* by the manager's rule */

void service_tell(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = path ? strlen(path) : 0;
    if (!len || len >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, len);
    if (path[0] == '@') /* the name of one that is in no folder */
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, size) < 0)
        log_debug("NOTIFY_SOCKET: %s", strerror(errno));
    close(fd);
}

void service_tell_reloading(void)
{
    char state[80];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld",
             (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    service_tell(state);
}

static bool is_ours(const char *pid)
{
    return !pid || strtol(pid, NULL, 10) == (long)getpid();
}

double service_watchdog(void)
{
    const char *limit = getenv("WATCHDOG_USEC");
    double seconds = limit && is_ours(getenv("WATCHDOG_PID")) ? strtod(limit, NULL) / 1e6 : 0;
    return seconds <= 0 ? 0 : seconds / 2 > LEAST_BEAT ? seconds / 2 : LEAST_BEAT;
}

int service_take_socket(void)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    int listens = 0, fd = FIRST_SOCKET;
    socklen_t size = sizeof listens;
    if (!pid || !is_ours(pid) || !count || strtol(count, NULL, 10) < 1)
        return -1;
    if (strtol(count, NULL, 10) > 1)
        log_warn("LISTEN_FDS: of %s sockets the first is taken", count);
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens) {
        log_error("LISTEN_FDS: what was given is no socket that listens");
        return -1;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    return fd;
}

#include "http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_PLACES 20000
#define OWN_FILES 150 /* open files of other kinds */
#define LEAST_FILES 64

int listen_open(const char *host, int number, struct buf *why)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    char port[16];
    snprintf(port, sizeof port, "%d", number);
    int code = getaddrinfo(host, port, &hints, &found);
    if (code != 0) {
        buf_printf(why, "cannot listen on %s: %s", host, gai_strerror(code));
        return -1;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1024) != 0) {
        buf_printf(why, "cannot listen on %s port %s: %s; --listen takes another", host, port,
                   strerror(errno));
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

void listen_url(int fd, const char *host, bool secure, char *url, size_t size)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    char port[16] = "0", own[80] = "localhost";
    getsockname(fd, (struct sockaddr *)&address, &len);
    getnameinfo((struct sockaddr *)&address, len, own, sizeof own, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    host = host ? host : own;
    bool bracket = strchr(host, ':') != NULL;
    snprintf(url, size, "http%s://%s%s%s:%s", secure ? "s" : "", bracket ? "[" : "", host,
             bracket ? "]" : "", port);
}

/* How many connections there may be: the soft limit of open files is raised to the hard one, and some
 * of it is for the store, files of answers and handlers. 0: too few to work with. */
unsigned listen_places(struct buf *why)
{
    struct rlimit files = {1024, 1024};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        struct rlimit most = {files.rlim_max, files.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &most) == 0)
            files = most;
    }
    rlim_t limit = files.rlim_cur, own = limit < 2 * OWN_FILES ? limit / 2 : OWN_FILES;
    if (limit < LEAST_FILES) {
        buf_printf(why, "at most %lu files may be open (ulimit -n); at least %d are needed",
                   (unsigned long)limit, LEAST_FILES);
        return 0;
    }
    return (unsigned)(limit - own < MOST_PLACES ? limit - own : MOST_PLACES);
}

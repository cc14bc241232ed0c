/* faulty - a disk that goes wrong, for tests/crash/run --trouble.
 *
 * Loaded into the server by LD_PRELOAD. The first byte of the file FAULTY_CONTROL says what fails for
 * files below FAULTY_ROOT: 'f' writing with ENOSPC, 'e' writing with EIO, 's' fsync with EIO; anything
 * else: nothing. The test changes the byte while the server runs.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static const volatile char *control;
static char root[4096];

__attribute__((constructor)) static void load(void)
{
    const char *path = getenv("FAULTY_CONTROL"), *below = getenv("FAULTY_ROOT");
    int fd = path && below ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    snprintf(root, sizeof root, "%s/", below);
    void *page = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (page != MAP_FAILED)
        control = page;
}

static int is_below(int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    if (len < 0)
        return 0;
    path[len] = '\0';
    return strncmp(path, root, strlen(root)) == 0;
}

/* The error this kind of call has now; 0: none. */
static int fault(int fd, int syncs)
{
    char now = control ? *control : '0';
    int error = now == 'f' && !syncs   ? ENOSPC
                : now == 'e' && !syncs ? EIO
                : now == 's' && syncs  ? EIO
                                       : 0;
    return error && is_below(fd) ? error : 0;
}

/* Defines the function of this name: fails when it is to, else the C library's own. */
#define FAULTY(type, name, syncs, parameters, arguments)                                           \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        static type(*real) parameters;                                                             \
        int error = fault(fd, syncs);                                                              \
        if (error) {                                                                               \
            errno = error;                                                                         \
            return -1;                                                                             \
        }                                                                                          \
        if (!real)                                                                                 \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                                             \
        return real arguments;                                                                     \
    }

FAULTY(ssize_t, write, 0, (int fd, const void *bytes, size_t size), (fd, bytes, size))
FAULTY(ssize_t, pwrite, 0, (int fd, const void *bytes, size_t size, off_t at),
       (fd, bytes, size, at))
FAULTY(ssize_t, pwrite64, 0, (int fd, const void *bytes, size_t size, off_t at),
       (fd, bytes, size, at))
FAULTY(ssize_t, writev, 0, (int fd, const struct iovec *parts, int count), (fd, parts, count))
FAULTY(int, fsync, 1, (int fd), (fd))
FAULTY(int, fdatasync, 1, (int fd), (fd))

/* cut - a power cut, for tests/crash/run --power.
 *
 * Loaded into the server by LD_PRELOAD. Of every file below CUT_ROOT it remembers what was written since the
 * last sync (the old content of each 512 byte block), and of every directory what was created, renamed or removed since
 * the directory was synced. At the chosen moment it leaves on the disk what a cut of the power could leave, and ends
 * the process: all that was synced, and of the rest nothing, everything, or a part by chance. Of a directory's changes
 * those up to some moment stay, as a journal keeps them. Nothing is really synced: the kernel's cache is the disk here.
 *
 *   CUT_ROOT    the data directory
 *   CUT_AFTER   calls below it after which the power goes (0: never)
 *   CUT_SEED    of chance
 *   CUT_LEAVE   none | all | part: of what was not synced
 *   CUT_SKIP    wal | file | dir: a sync of these is left out, to show that the test notices
 *
 * What is not seen: writes through a mapping (SQLite's -shm, which is made anew after a cut) and those that the C
 * library makes itself (dprintf), of which only the length is known. One lock holds all calls: they happen one after the other.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cut.h"

/* The absolute path of a name whose folder exists. */
static int absolute(const char *name, char *path)
{
    char copy[PATHS], copy2[PATHS], folder[PATHS];
    snprintf(copy, sizeof copy, "%s", name);
    snprintf(copy2, sizeof copy2, "%s", name);
    if (!realpath(dirname(copy), folder))
        return 0;
    const char *own = basename(copy2);
    if (strlen(folder) + strlen(own) + 2 > PATHS)
        return 0;
    memcpy(path, folder, strlen(folder));
    path[strlen(folder)] = '/';
    memcpy(path + strlen(folder) + 1, own, strlen(own) + 1);
    return 1;
}

static int descriptor_matters(int fd, char *path)
{
    return cut_root_len && cut_path_of(fd, path) && cut_matters(path);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at)
{
    char path[PATHS];
    if (!descriptor_matters(fd, path))
        return real.pwrite64(fd, bytes, size, at);
    cut_lock();
    cut_counted();
    cut_remember(fd, path, at, (int64_t)size);
    ssize_t done = real.pwrite64(fd, bytes, size, at);
    cut_unlock();
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    return pwrite64(fd, bytes, size, at);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    char path[PATHS];
    struct stat st;
    if (!descriptor_matters(fd, path) || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return real.write(fd, bytes, size);
    cut_lock();
    cut_counted();
    int64_t at = fcntl(fd, F_GETFL) & O_APPEND ? st.st_size : lseek(fd, 0, SEEK_CUR);
    cut_remember(fd, path, at, (int64_t)size);
    ssize_t done = real.write(fd, bytes, size);
    cut_unlock();
    return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    char path[PATHS];
    if (descriptor_matters(fd, path))
        abort(); /* nothing in a data directory is written so */
    return real.writev(fd, parts, count);
}

int ftruncate64(int fd, off_t size)
{
    char path[PATHS];
    if (!descriptor_matters(fd, path))
        return real.ftruncate64(fd, size);
    cut_lock();
    cut_counted();
    int64_t synced = cut_synced_size(fd);
    if (size < synced)
        cut_remember(fd, path, size, synced - size);
    int done = real.ftruncate64(fd, size);
    cut_unlock();
    return done;
}

int ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}

static int ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);
    return len >= tail && !strcmp(text + len - tail, end);
}

static int sync_of(int fd)
{
    char path[PATHS], inside[PATHS + 1];
    struct stat st;
    if (!cut_root_len || !cut_path_of(fd, path))
        return real.fsync(fd);
    snprintf(inside, sizeof inside, "%s/", path);
    if (!cut_matters(path) && strcmp(inside, cut_root) != 0)
        return real.fsync(fd);
    cut_lock();
    cut_counted();
    int is_folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    int left_out = is_folder ? cut_skip == SKIP_DIR
                             : (cut_skip == SKIP_WAL && ends_with(path, "-wal")) ||
                                   (cut_skip == SKIP_FILE && strstr(path + cut_root_len, "files/"));
    if (!left_out && is_folder)
        cut_synced_folder(&st);
    else if (!left_out)
        cut_synced_file(fd);
    cut_unlock();
    return 0;
}

int fsync(int fd)
{
    return sync_of(fd);
}

int fdatasync(int fd)
{
    return sync_of(fd);
}

int syncfs(int fd)
{
    (void)fd;
    cut_lock();
    cut_synced_all();
    cut_unlock();
    return 0;
}

int open64(const char *name, int flags, ...)
{
    char path[PATHS];
    mode_t mode = 0;
    va_list args;
    va_start(args, flags);
    if (flags & (O_CREAT | __O_TMPFILE))
        mode = va_arg(args, mode_t);
    va_end(args);
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    if (!cut_root_len || !writes || !absolute(name, path) || !cut_matters(path))
        return real.open64(name, flags, mode);
    cut_lock();
    struct stat st;
    int is_new = lstat(path, &st) != 0;
    if (!is_new && flags & O_TRUNC && st.st_size) {
        int fd = real.open64(path, O_RDWR | O_CLOEXEC);
        if (fd >= 0)
            cut_remember(fd, path, 0, st.st_size);
        if (fd >= 0)
            close(fd);
    }
    if (is_new)
        cut_counted();
    int fd = real.open64(name, flags, mode);
    if (fd >= 0 && is_new) {
        cut_begin_file(fd);
        cut_note(CREATED, path, NULL, NULL);
    }
    cut_unlock();
    return fd;
}

int open(const char *name, int flags, ...)
{
    mode_t mode = 0;
    va_list args;
    va_start(args, flags);
    if (flags & (O_CREAT | __O_TMPFILE))
        mode = va_arg(args, mode_t);
    va_end(args);
    return open64(name, flags, mode);
}

int rename(const char *old, const char *new)
{
    char from[PATHS], to[PATHS];
    if (!cut_root_len || !absolute(old, from) || !absolute(new, to) || !cut_matters(to))
        return real.rename(old, new);
    cut_lock();
    cut_counted();
    char *stash = cut_stash(to);
    int done = real.rename(old, new);
    if (done == 0)
        cut_note(RENAMED, to, from, stash);
    cut_unlock();
    return done;
}

static int removed(const char *path, int (*how)(const char *), const char *name)
{
    cut_lock();
    cut_counted();
    char *stash = cut_stash(path);
    int done = how(name);
    if (done == 0)
        cut_note(REMOVED, path, NULL, stash);
    cut_unlock();
    return done;
}

int unlink(const char *name)
{
    char path[PATHS];
    if (!cut_root_len || !absolute(name, path) || !cut_matters(path))
        return real.unlink(name);
    return removed(path, real.unlink, name);
}

int unlinkat(int folder, const char *name, int flags)
{
    char path[PATHS], whole[PATHS + 300];
    if (!cut_root_len || flags || folder == AT_FDCWD || !cut_path_of(folder, path))
        return real.unlinkat(folder, name, flags);
    snprintf(whole, sizeof whole, "%s/%s", path, name);
    return cut_matters(whole) ? removed(whole, real.unlink, whole)
                              : real.unlinkat(folder, name, flags);
}

int mkdir(const char *name, mode_t mode)
{
    char path[PATHS];
    if (!cut_root_len || !absolute(name, path) || !cut_matters(path))
        return real.mkdir(name, mode);
    cut_lock();
    cut_counted();
    int done = real.mkdir(name, mode);
    if (done == 0)
        cut_note(MADE, path, NULL, NULL);
    cut_unlock();
    return done;
}

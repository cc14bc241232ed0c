/* cut - a power cut, for tests/crash/run --power: what the two files of cut.so share.
 *
 * cut_disk.c knows what is not synced and makes the cut; cut.c has the calls of the C library that stand in front of
 * the real ones. Everything but the real functions is called with cut_lock held.
 */
#ifndef RAPPORT_TESTS_CRASH_CUT_H
#define RAPPORT_TESTS_CRASH_CUT_H

#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

#define PATHS 4096

enum cut_skip { SKIP_NOTHING, SKIP_WAL, SKIP_FILE, SKIP_DIR };
enum cut_change { CREATED, MADE, RENAMED, REMOVED };

/* The C library's own. */
struct cut_real {
    ssize_t (*pwrite64)(int, const void *, size_t, off_t);
    ssize_t (*write)(int, const void *, size_t);
    ssize_t (*writev)(int, const struct iovec *, int);
    int (*ftruncate64)(int, off_t);
    int (*open64)(const char *, int, ...);
    int (*rename)(const char *, const char *);
    int (*unlink)(const char *);
    int (*unlinkat)(int, const char *, int);
    int (*mkdir)(const char *, mode_t);
    int (*fsync)(int);
};
extern struct cut_real real;

extern char cut_root[PATHS]; /* ends with a slash; empty: nothing is watched */
extern size_t cut_root_len;
extern enum cut_skip cut_skip;

void cut_lock(void);
void cut_unlock(void);
/* Before each call that matters: the power may go now. */
void cut_counted(void);

/* Below the root, and no shared memory of SQLite's. */
int cut_matters(const char *path);
int cut_path_of(int fd, char *path);

/* Before [at, at + len) of a file is written: its blocks as they were synced. */
void cut_remember(int fd, const char *path, int64_t at, int64_t len);
/* A file that begins, whose number may have been another's. */
void cut_begin_file(int fd);
/* Its length when it was synced. */
int64_t cut_synced_size(int fd);
void cut_synced_file(int fd);

/* A change of the directory that `path` is in; `stash`: what was there before, from cut_stash. */
void cut_note(enum cut_change kind, const char *path, const char *from, char *stash);
char *cut_stash(const char *path);
/* NULL: all of them. */
void cut_synced_folder(const struct stat *st);
void cut_synced_all(void);

#endif

/* cut_disk - what is not on the disk yet, and what of it a power cut leaves. See cut.h. */
#include "cut.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 512
#define EXIT_CUT 86

struct block {
    struct block *next;
    int64_t number;
    size_t len; /* of the old content; 0: there was none */
    unsigned char old[BLOCK];
};

/* A file with something unsynced. */
struct file {
    struct file *next;
    dev_t dev;
    ino_t ino;
    int64_t size; /* when it was synced */
    struct block **blocks;
    size_t slots, count;
};

/* A change of a directory that is not synced; newest first. */
struct change {
    struct change *next;
    enum cut_change kind;
    dev_t dev;
    ino_t ino; /* of the directory */
    char *path, *from;
    char *stash; /* what was removed, or written over; NULL: nothing */
    int undone;
};

struct cut_real real;
char cut_root[PATHS];
size_t cut_root_len;
enum cut_skip cut_skip;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char stash_folder[PATHS];
static long calls, cut_after;
static uint64_t chance;
static enum { LEAVE_NONE, LEAVE_ALL, LEAVE_PART } leave;
static struct file *files;
static struct change *changes;
static unsigned stashed;

static int word(const char *name, const char *const *words)
{
    const char *value = getenv(name);
    for (int i = 0; words[i]; i++) {
        if (value && !strcmp(words[i], value))
            return i + 1;
    }
    return 0;
}

__attribute__((constructor)) static void load(void)
{
    const struct {
        const char *name;
        void *function;
    } functions[] = {{"pwrite64", &real.pwrite64}, {"write", &real.write},
                     {"writev", &real.writev},     {"ftruncate64", &real.ftruncate64},
                     {"open64", &real.open64},     {"rename", &real.rename},
                     {"unlink", &real.unlink},     {"unlinkat", &real.unlinkat},
                     {"mkdir", &real.mkdir},       {"fsync", &real.fsync}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        *(void **)functions[i].function = dlsym(RTLD_NEXT, functions[i].name);
    const char *below = getenv("CUT_ROOT"), *after = getenv("CUT_AFTER"),
               *seed = getenv("CUT_SEED");
    if (!below)
        return;
    snprintf(cut_root, sizeof cut_root, "%s/", below);
    cut_root_len = strlen(cut_root);
    snprintf(stash_folder, sizeof stash_folder, "%s.stash", below);
    cut_after = after ? atol(after) : 0;
    chance = seed ? strtoull(seed, NULL, 10) : 1;
    leave = word("CUT_LEAVE", (const char *const[]){"all", "part", NULL});
    cut_skip = (enum cut_skip)word("CUT_SKIP", (const char *const[]){"wal", "file", "dir", NULL});
    real.mkdir(stash_folder, 0700);
}

void cut_lock(void)
{
    pthread_mutex_lock(&lock);
}

void cut_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

static uint64_t next_chance(void)
{
    uint64_t z = chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* ---- paths ---- */

int cut_path_of(int fd, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, PATHS - 1);
    if (len < 0)
        return 0;
    path[len] = '\0';
    return 1;
}

int cut_matters(const char *path)
{
    size_t len = strlen(path);
    return cut_root_len && !strncmp(path, cut_root, cut_root_len) &&
           !(len > 4 && !strcmp(path + len - 4, "-shm"));
}

static int folder_of(const char *path, struct stat *st)
{
    char copy[PATHS];
    snprintf(copy, sizeof copy, "%s", path);
    return stat(dirname(copy), st) == 0;
}

/* ---- what is not synced ---- */

static struct file *file_of(int fd, int make)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return NULL;
    for (struct file *file = files; file; file = file->next) {
        if (file->ino == st.st_ino && file->dev == st.st_dev)
            return file;
    }
    if (!make)
        return NULL;
    struct file *file = calloc(1, sizeof *file);
    *file = (struct file){
        .next = files, .dev = st.st_dev, .ino = st.st_ino, .size = st.st_size, .slots = 256};
    file->blocks = calloc(file->slots, sizeof *file->blocks);
    return files = file;
}

static void forget_blocks(struct file *file)
{
    for (size_t i = 0; i < file->slots; i++) {
        for (struct block *block = file->blocks[i], *next; block; block = next) {
            next = block->next;
            free(block);
        }
        file->blocks[i] = NULL;
    }
    file->count = 0;
}

static void grow(struct file *file)
{
    size_t slots = file->slots * 4;
    struct block **blocks = calloc(slots, sizeof *blocks);
    for (size_t i = 0; i < file->slots; i++) {
        for (struct block *block = file->blocks[i], *next; block; block = next) {
            next = block->next;
            block->next = blocks[(size_t)block->number % slots];
            blocks[(size_t)block->number % slots] = block;
        }
    }
    free(file->blocks);
    file->blocks = blocks;
    file->slots = slots;
}

/* Before [at, at + len) is written: the blocks as they were synced. */
static void remember(int fd, struct file *file, int64_t at, int64_t len)
{
    for (int64_t n = at / BLOCK; len > 0 && n <= (at + len - 1) / BLOCK; n++) {
        struct block **slot = &file->blocks[(size_t)n % file->slots], *block = *slot;
        while (block && block->number != n)
            block = block->next;
        if (block)
            continue;
        block = malloc(sizeof *block);
        int64_t most = file->size - n * BLOCK;
        ssize_t got =
            most > 0 ? pread(fd, block->old, most < BLOCK ? (size_t)most : BLOCK, n * BLOCK) : 0;
        block->number = n;
        block->len = got > 0 ? (size_t)got : 0;
        block->next = *slot;
        *slot = block;
        if (++file->count > file->slots * 4)
            grow(file);
    }
}

/* A descriptor of a file that was opened for writing only cannot be read. */
static int readable(int fd, const char *path, int *own)
{
    *own = -1;
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_WRONLY)
        return fd;
    return *own = real.open64(path, O_RDONLY | O_CLOEXEC);
}

void cut_remember(int fd, const char *path, int64_t at, int64_t len)
{
    int own, from = readable(fd, path, &own);
    struct file *file = file_of(fd, 1);
    if (file && from >= 0)
        remember(from, file, at, len);
    if (own >= 0)
        close(own);
}

char *cut_stash(const char *path)
{
    char *stash = NULL;
    if (asprintf(&stash, "%s/%u", stash_folder, stashed++) < 0 ||
        linkat(AT_FDCWD, path, AT_FDCWD, stash, 0) != 0) {
        free(stash);
        return NULL;
    }
    return stash;
}

void cut_note(enum cut_change kind, const char *path, const char *from, char *stash)
{
    struct stat st;
    if (!folder_of(path, &st))
        return;
    struct change *change = calloc(1, sizeof *change);
    *change = (struct change){.next = changes,
                              .kind = kind,
                              .dev = st.st_dev,
                              .ino = st.st_ino,
                              .path = strdup(path),
                              .from = from ? strdup(from) : NULL,
                              .stash = stash};
    changes = change;
}

void cut_synced_folder(const struct stat *st)
{
    for (struct change **at = &changes; *at;) {
        struct change *change = *at;
        if (st && (change->ino != st->st_ino || change->dev != st->st_dev)) {
            at = &change->next;
            continue;
        }
        *at = change->next;
        if (change->stash)
            real.unlink(change->stash);
        free(change->stash);
        free(change->path);
        free(change->from);
        free(change);
    }
}

void cut_synced_file(int fd)
{
    struct stat st;
    struct file *file = file_of(fd, 0);
    if (!file || fstat(fd, &st) != 0)
        return;
    forget_blocks(file);
    file->size = st.st_size;
}

/* ---- the cut ---- */

/* Each block as it was or as it is, and of the length what follows from that. */
static void undo_blocks(int fd, struct file *file, int keep_share)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return;
    int64_t end = file->size;
    for (size_t i = 0; i < file->slots; i++) {
        for (struct block *block = file->blocks[i]; block; block = block->next) {
            if ((int)(next_chance() % 100) < keep_share) {
                int64_t to = (block->number + 1) * BLOCK;
                if (to > st.st_size)
                    to = st.st_size;
                if (to > end)
                    end = to;
                continue;
            }
            static const unsigned char nothing[BLOCK];
            const unsigned char *old = block->len ? block->old : nothing;
            if (real.pwrite64(fd, old, block->len ? block->len : BLOCK, block->number * BLOCK) < 0)
                abort();
        }
    }
    if (real.ftruncate64(fd, end) != 0)
        abort();
}

static void undo_file(const char *path, const struct stat *st)
{
    struct file *file = files;
    while (file && (file->ino != st->st_ino || file->dev != st->st_dev))
        file = file->next;
    int share = leave == LEAVE_ALL ? 100 : leave == LEAVE_NONE ? 0 : (int)(next_chance() % 101);
    int fd = file && share < 100 ? real.open64(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    undo_blocks(fd, file, share);
    forget_blocks(file); /* it may be found under another name */
    close(fd);
}

/* Calls one of these for each entry below a folder; the folders come after what is in them. */
static void each_below(const char *path, void (*of_file)(const char *, const struct stat *),
                       void (*of_folder)(const char *))
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        char name[PATHS + 300];
        struct stat st;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || lstat(name, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            each_below(name, of_file, of_folder);
        else
            of_file(name, &st);
    }
    if (folder)
        closedir(folder);
    if (of_folder)
        of_folder(path);
}

static void remove_file(const char *path, const struct stat *st)
{
    (void)st;
    real.unlink(path);
}

static void remove_folder(const char *path)
{
    rmdir(path);
}

static void undo_change(struct change *change)
{
    switch (change->kind) {
    case CREATED:
        real.unlink(change->path);
        break;
    case MADE:
        each_below(change->path, remove_file, remove_folder);
        break;
    case RENAMED:
        if (real.rename(change->path, change->from) == 0 && change->stash)
            real.rename(change->stash, change->path);
        break;
    case REMOVED:
        if (change->stash)
            real.rename(change->stash, change->path);
        break;
    }
    change->undone = 1;
}

/* Of each directory the changes after some moment. The list has the newest first, the order to undo in. */
static void undo_changes(void)
{
    for (struct change *first = changes; first; first = first->next) {
        if (first->undone)
            continue;
        long count = 0, kept;
        for (struct change *c = first; c; c = c->next)
            count += c->ino == first->ino && c->dev == first->dev && !c->undone;
        kept = leave == LEAVE_ALL    ? count
               : leave == LEAVE_NONE ? 0
                                     : (long)(next_chance() % (uint64_t)(count + 1));
        for (struct change *c = first; c; c = c->next) {
            if (c->ino != first->ino || c->dev != first->dev || c->undone)
                continue;
            c->undone = count-- > kept ? 2 : 3;
        }
    }
    for (struct change *c = changes; c; c = c->next) {
        if (c->undone == 2)
            undo_change(c);
    }
}

static void cut(void)
{
    char top[PATHS];
    snprintf(top, sizeof top, "%.*s", (int)cut_root_len - 1, cut_root);
    each_below(top, undo_file, NULL);
    each_below(stash_folder, undo_file, NULL);
    undo_changes();
    each_below(stash_folder, remove_file, remove_folder);
    _exit(EXIT_CUT);
}

void cut_counted(void)
{
    if (cut_after && ++calls >= cut_after)
        cut();
}

void cut_begin_file(int fd)
{
    struct file *file = file_of(fd, 1);
    if (!file)
        return;
    forget_blocks(file);
    file->size = 0;
}

int64_t cut_synced_size(int fd)
{
    const struct file *file = file_of(fd, 1);
    return file ? file->size : 0;
}

void cut_synced_all(void)
{
    for (struct file *file = files; file; file = file->next) {
        forget_blocks(file);
        file->size = INT64_MAX; /* the rest of its life is not looked at */
    }
    cut_synced_folder(NULL);
}

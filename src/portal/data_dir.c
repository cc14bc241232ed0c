#include "portal/data_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/log.h"
#include "db/db.h"

#define OTHERS (S_IRWXG | S_IRWXO)

char *data_dir_path(const char *dir, const char *name)
{
    size_t size = strlen(dir) + strlen(name) + 2;
    char *path = xmalloc(size);
    snprintf(path, size, "%s/%s", dir, name);
    return path;
}

bool data_dir_open(const char *dir, bool create, struct buf *why)
{
    struct stat info;
    if (create && mkdir(dir, 0700) != 0 && errno != EEXIST) {
        buf_printf(why, "cannot make the data directory %s: %s", dir, strerror(errno));
        return false;
    }
    bool there = stat(dir, &info) == 0;
    if (there && !S_ISDIR(info.st_mode)) {
        buf_printf(why, "the data directory %s is no directory; choose another with --data", dir);
        return false;
    }
    if (!there) {
        buf_printf(why, "there is no data directory %s; `rapport serve --data DIR` makes one", dir);
        return false;
    }
    char *restoring = data_dir_path(dir, DATA_DIR_RESTORING);
    bool whole = access(restoring, F_OK) != 0;
    if (!whole)
        buf_printf(why, "a restore into %s did not come to its end; run it again", dir);
    free(restoring);
    return whole;
}

/* ---- who may read it ---- */

static bool tighten(const char *path, mode_t mode)
{
    if (!(mode & OTHERS) || S_ISLNK(mode))
        return false;
    if (chmod(path, mode & S_IRWXU) == 0)
        return true;
    log_warn("%s can be read by others, and that cannot be changed: %s", path, strerror(errno));
    return false;
}

/* One look at the directory and what stands right in it; only where something is open to others is
 * everything looked at. */
static bool is_loose(FTS *tree)
{
    bool loose = false;
    FTSENT *entry;
    while ((entry = fts_read(tree))) {
        loose |= entry->fts_statp->st_mode & OTHERS && !S_ISLNK(entry->fts_statp->st_mode);
        if (entry->fts_level > 0)
            fts_set(tree, entry, FTS_SKIP);
    }
    return loose;
}

void data_dir_tighten(const char *dir)
{
    char *root = xstrdup(dir), *const roots[] = {root, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    bool loose = tree && is_loose(tree);
    size_t count = 0;
    FTSENT *entry;
    if (tree)
        fts_close(tree);
    tree = loose ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
    while (tree && (entry = fts_read(tree))) {
        if (entry->fts_info == FTS_D || entry->fts_info == FTS_F)
            count += tighten(entry->fts_path, entry->fts_statp->st_mode);
    }
    if (tree)
        fts_close(tree);
    if (count)
        log_warn("%s could be read by others, in %zu place%s; it no longer can", dir, count,
                 count == 1 ? "" : "s");
    free(root);
}

bool data_dir_lock(const char *dir, int *fd, struct buf *why)
{
    char *path = data_dir_path(dir, "lock");
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool good = *fd >= 0 && flock(*fd, LOCK_EX | LOCK_NB) == 0;
    if (!good && *fd >= 0 && errno == EWOULDBLOCK)
        buf_printf(
            why,
            "another server is using the data directory %s; stop it first, or choose another "
            "directory with --data",
            dir);
    else if (!good)
        buf_printf(why, "cannot lock %s: %s", path, strerror(errno));
    free(path);
    return good;
}

bool data_dir_sync(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

/* ---- the store ---- */

char *data_dir_store(const char *dir)
{
    char *path = data_dir_path(dir, "store"), *line = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    if (file && getline(&line, &size, file) > 0)
        line[strcspn(line, "\n")] = '\0';
    if (file)
        fclose(file);
    free(path);
    if (line && *line)
        return line;
    free(line);
    return data_dir_path(dir, "portal.db");
}

static bool write_store(const char *dir, const char *store, struct buf *why)
{
    char *path = data_dir_path(dir, "store"), *temp = data_dir_path(dir, "store.new");
    int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && dprintf(fd, "%s\n", store) > 0 && fsync(fd) == 0 &&
                rename(temp, path) == 0 && data_dir_sync(dir);
    if (!good)
        buf_printf(why, "cannot write %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    free(temp);
    free(path);
    return good;
}

bool data_dir_store_set(const char *dir, const char *store, struct buf *why)
{
    /* A path must mean the same to a command that is run elsewhere. */
    char *whole = db_is_postgres(store) ? NULL : realpath(store, NULL);
    char *kept = data_dir_store(dir);
    const char *wanted = whole ? whole : store;
    bool good = !strcmp(kept, wanted) || write_store(dir, wanted, why);
    free(kept);
    free(whole);
    return good;
}

/* ---- the key ---- */

enum secret_key_state data_dir_key(const char *dir, struct secret_key *key, struct buf *why)
{
    char *path = data_dir_path(dir, "secret.key");
    enum secret_key_state state = secret_key_read(key, path, why);
    free(path);
    return state;
}

enum secret_key_state data_dir_new_key(const char *dir, struct secret_key *key)
{
    struct buf unused = {0};
    char *path = data_dir_path(dir, "secret.key.new");
    enum secret_key_state state = secret_key_read(key, path, &unused);
    buf_clear(&unused);
    free(path);
    return state;
}

bool data_dir_make_key(const char *dir, struct secret_key *key, struct buf *why)
{
    char *path = data_dir_path(dir, "secret.key.new");
    secret_random(key->bytes, sizeof key->bytes);
    bool good = secret_key_write(key, path, why);
    if (good && !data_dir_sync(dir)) {
        buf_printf(why, "cannot write %s: %s", dir, strerror(errno));
        good = false;
    }
    free(path);
    return good;
}

bool data_dir_keep_key(const char *dir, struct buf *why)
{
    char *from = data_dir_path(dir, "secret.key.new"), *path = data_dir_path(dir, "secret.key");
    bool good = rename(from, path) == 0 && data_dir_sync(dir);
    if (!good)
        buf_printf(why, "cannot write %s: %s", path, strerror(errno));
    free(from);
    free(path);
    return good;
}

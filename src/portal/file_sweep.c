#include "portal/file_sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "portal/file_store.h"

#define FIRST_S 60 /* after the start */
#define EVERY_S 3600
#define YOUNG_S 3600         /* SQLite: this process alone writes */
#define YOUNG_SHARED_S 86400 /* PostgreSQL: another process may be slow */

struct sweep {
    struct portal *portal;
    struct db *db;
    double old; /* files changed before this */
    int removed;
};

static bool is_old(const struct sweep *sweep, int folder, const char *name)
{
    struct stat info;
    return fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode) &&
           (double)info.st_mtime < sweep->old;
}

/* Looked at twice: without the lock to find it, then under the lock to be sure. */
static void sweep_content(struct sweep *sweep, int folder, const char *name)
{
    if (!file_unused(sweep->db, name) || db_begin_write(sweep->db) != DB_OK)
        return;
    int removal = file_removal_begin(sweep->portal);
    if (removal >= 0 && is_old(sweep, folder, name) && file_unused(sweep->db, name) &&
        unlinkat(folder, name, 0) == 0)
        sweep->removed++;
    if (removal >= 0)
        close(removal);
    db_rollback(sweep->db);
}

static void sweep_folder(struct sweep *sweep, const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && !stop_asked(sweep->portal->stop) && (entry = readdir(folder))) {
        const char *name = entry->d_name;
        if (!strcmp(name, ".") || !strcmp(name, "..") || !is_old(sweep, dirfd(folder), name))
            continue;
        if (name[0] == '.' && unlinkat(dirfd(folder), name, 0) == 0)
            sweep->removed++;
        else if (name[0] != '.')
            sweep_content(sweep, dirfd(folder), name);
    }
    if (folder)
        closedir(folder);
}

/* Rows that are old go in the same round. */
static void age_all(const struct sweep *sweep)
{
    int64_t gone;
    enum db_rc rc =
        age_sweep(sweep->db, sweep->portal->keep, (int64_t)portal_now(sweep->portal), &gone);
    if (rc != DB_OK)
        log_warn("what is old does not go: %s", db_message(sweep->db));
    if (gone)
        log_info("%lld rows went by their age", (long long)gone);
}

static bool sweep_all(struct portal *portal, struct backoff *pause)
{
    struct buf why = {0};
    struct sweep sweep = {.portal = portal, .db = portal_connect(portal, DB_WRITER, &why)};
    char path[1024];
    sweep.old = clock_real() - (portal->schema ? YOUNG_SHARED_S : YOUNG_S);
    if (!sweep.db) {
        backoff_failed(pause, "connect", buf_text(&why));
        buf_clear(&why);
        return false;
    }
    for (int i = 0; i < 256 && !stop_asked(portal->stop); i++) {
        path[0] = '\0';
        snprintf(path, sizeof path, "%s/files/%02x", portal->data_dir, (unsigned)i);
        sweep_folder(&sweep, path);
    }
    if (sweep.removed)
        log_info("files: removed %d that nothing refers to", sweep.removed);
    age_all(&sweep);
    db_close(sweep.db);
    return true;
}

void file_sweep(struct portal *portal)
{
    struct backoff pause;
    backoff_init(&pause, "files are not swept", 0, 0);
    sweep_all(portal, &pause);
    backoff_clear(&pause);
}

struct file_sweeper {
    struct portal *portal;
    pthread_t thread;
};

static void *run(void *context)
{
    struct file_sweeper *sweeper = context;
    struct portal *portal = sweeper->portal;
    struct backoff pause;
    backoff_init(&pause, "files are not swept", FIRST_S, EVERY_S);
    backoff_rest(&pause, FIRST_S);
    while (backoff_sleep(&pause, portal->stop)) {
        if (sweep_all(portal, &pause)) {
            backoff_worked(&pause);
            backoff_rest(&pause, EVERY_S);
        }
    }
    backoff_clear(&pause);
    return NULL;
}

struct file_sweeper *file_sweeper_start(struct portal *portal)
{
    struct file_sweeper *sweeper = xcalloc(1, sizeof *sweeper);
    sweeper->portal = portal;
    CHECK(pthread_create(&sweeper->thread, NULL, run, sweeper) == 0);
    return sweeper;
}

void file_sweeper_stop(struct file_sweeper *sweeper)
{
    if (!sweeper)
        return;
    pthread_join(sweeper->thread, NULL);
    free(sweeper);
}

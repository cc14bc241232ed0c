#include "crm/file_sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "crm/file_store.h"

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
    if (is_old(sweep, folder, name) && file_unused(sweep->db, name) &&
        unlinkat(folder, name, 0) == 0)
        sweep->removed++;
    db_rollback(sweep->db);
}

static void sweep_folder(struct sweep *sweep, const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
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

void file_sweep(struct portal *portal)
{
    struct buf why = {0};
    struct sweep sweep = {.portal = portal, .db = portal_connect(portal, DB_WRITER, &why)};
    char path[1024];
    sweep.old = clock_real() - (portal->schema ? YOUNG_SHARED_S : YOUNG_S);
    if (!sweep.db) {
        log_warn("files: not swept: %s", buf_text(&why));
        buf_clear(&why);
        return;
    }
    for (int i = 0; i < 256; i++) {
        snprintf(path, sizeof path, "%s/files/%02x", portal->data_dir, (unsigned)i);
        sweep_folder(&sweep, path);
    }
    if (sweep.removed)
        log_info("files: removed %d that nothing refers to", sweep.removed);
    db_close(sweep.db);
}

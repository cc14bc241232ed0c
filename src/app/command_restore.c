/* rapport restore: a portal out of a backup. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/args.h"
#include "app/backup.h"
#include "app/command.h"
#include "portal/data_dir.h"

struct restore_options {
    const char *file, *data, *store, *key;
    bool json;
};

/* ---- the key ---- */

/* 64 hexadecimal digits, or the path of a file. */
static bool take_key(struct secret_key *key, const char *text, struct buf *why)
{
    size_t len = 0;
    if (strlen(text) == 2 * SECRET_KEY_BYTES &&
        sodium_hex2bin(key->bytes, sizeof key->bytes, text, strlen(text), NULL, &len, NULL) == 0 &&
        len == SECRET_KEY_BYTES)
        return true;
    return secret_key_read(key, text, why) == SECRET_KEY_GOOD;
}

static bool ask_for_key(struct secret_key *key, struct buf *why)
{
    char line[1024];
    if (!isatty(STDIN_FILENO)) {
        buf_adds(why, "the backup was made without its key; name the file with --key FILE");
        return false;
    }
    fprintf(stderr, "The backup was made without its key. The file of the key, or its digits: ");
    if (!fgets(line, sizeof line, stdin))
        line[0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    bool good = take_key(key, line, why);
    sodium_memzero(line, sizeof line);
    return good;
}

static bool find_key(const struct restore_options *o, struct backup_image *image, struct buf *why)
{
    char have[SECRET_HASH_HEX];
    if (o->key ? !take_key(&image->key, o->key, why)
               : !image->has_key && !ask_for_key(&image->key, why))
        return false;
    secret_fingerprint(&image->key, have);
    if (!image->fingerprint[0] || !strcmp(have, image->fingerprint))
        return true;
    buf_adds(why, "that is not the key of this portal");
    return false;
}

/* ---- the directory ---- */

static bool is_known(const char *name)
{
    static const char *const known[] = {".",
                                        "..",
                                        "lost+found",
                                        "lock",
                                        DATA_DIR_RESTORING,
                                        "portal.db",
                                        "portal.db-wal",
                                        "portal.db-shm",
                                        "portal.db-journal",
                                        "secret.key",
                                        "store",
                                        "store.new",
                                        "files"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!strcmp(known[i], name))
            return true;
    }
    return false;
}

/* Empty; or with a restore in it that did not come to its end, which is begun anew. */
static bool is_empty(const char *dir, bool again)
{
    DIR *folder = opendir(dir);
    struct dirent *entry;
    bool empty = folder != NULL;
    while (empty && (entry = readdir(folder)))
        empty = again                     ? is_known(entry->d_name)
                : entry->d_name[0] == '.' ? is_known(entry->d_name)
                                          : !strcmp(entry->d_name, "lost+found");
    if (folder)
        closedir(folder);
    return empty;
}

static void remove_earlier(const char *dir)
{
    static const char *const names[] = {"portal.db",         "portal.db-wal", "portal.db-shm",
                                        "portal.db-journal", "secret.key",    "store"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = data_dir_path(dir, names[i]);
        unlink(path);
        free(path);
    }
}

/* What there was before: leave() brings it back. */
enum before { WAS_MISSING, WAS_EMPTY, WAS_BEGUN };

static bool begin_in(const char *dir, int *lock, enum before *before, struct buf *why)
{
    char *marker = data_dir_path(dir, DATA_DIR_RESTORING);
    bool made = mkdir(dir, 0700) == 0, good = made || errno == EEXIST;
    bool again = good && access(marker, F_OK) == 0;
    *before = made ? WAS_MISSING : again ? WAS_BEGUN : WAS_EMPTY;
    if (!good) {
        buf_printf(why, "cannot make the data directory %s: %s", dir, strerror(errno));
    } else if (!is_empty(dir, again)) {
        buf_printf(why,
                   "%s is not an empty directory; a restore makes a new portal, it never writes "
                   "over one",
                   dir);
        good = false;
    }
    int fd = good ? open(marker, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (good && (fd < 0 || !data_dir_sync(dir))) {
        buf_printf(why, "cannot write %s: %s", marker, strerror(errno));
        good = false;
    }
    if (fd >= 0)
        close(fd);
    free(marker);
    good = good && data_dir_lock(dir, lock, why);
    if (good && again)
        remove_earlier(dir);
    if (good)
        chmod(dir, 0700);
    return good;
}

static bool end_in(const struct restore_options *o, const struct secret_key *key, struct buf *why)
{
    char *marker = data_dir_path(o->data, DATA_DIR_RESTORING),
         *path = data_dir_path(o->data, "secret.key");
    bool good = secret_key_write(key, path, why) &&
                (!o->store || data_dir_store_set(o->data, o->store, why));
    if (good && (!data_dir_sync(o->data) || unlink(marker) != 0 || !data_dir_sync(o->data))) {
        buf_printf(why, "cannot write %s: %s", o->data, strerror(errno));
        good = false;
    }
    free(marker);
    free(path);
    return good;
}

/* Nothing was done yet: the directory is as it was. */
static void leave(const char *dir, enum before before)
{
    char *marker = data_dir_path(dir, DATA_DIR_RESTORING), *lock = data_dir_path(dir, "lock");
    if (before != WAS_BEGUN) {
        unlink(marker);
        unlink(lock);
    }
    if (before == WAS_MISSING)
        rmdir(dir);
    free(marker);
    free(lock);
}

/* ---- all of it ---- */

static bool load(const struct restore_options *o, struct backup_image *image,
                 struct backup_totals *totals, struct buf *why)
{
    int lock = -1;
    enum before before;
    if (!begin_in(o->data, &lock, &before, why)) {
        if (lock >= 0)
            close(lock);
        return false;
    }
    struct portal *portal = portal_open_empty(o->data, o->store, &image->key, why);
    bool good = false;
    if (!portal)
        leave(o->data, before);
    else
        good = backup_load(o->file, image, portal, totals, why) &&
               portal_create(portal, NULL, why) && end_in(o, &image->key, why);
    portal_close(portal);
    close(lock);
    return good;
}

static void print_totals(const struct restore_options *o, const struct backup_image *image,
                         const struct backup_totals *totals)
{
    if (!o->json) {
        printf("%s is the portal of %s: %lld rows of %lld tables, %lld files\n", o->data,
               image->made, (long long)totals->rows, (long long)totals->tables,
               (long long)totals->files);
        if (image->missing_count)
            printf("%zu files were missing when the backup was made; `rapport check` tells which\n",
                   image->missing_count);
        return;
    }
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_text(&w, "data", o->data);
    writer_text(&w, "made", image->made);
    writer_text(&w, "version", image->version);
    writer_number(&w, "tables", totals->tables);
    writer_number(&w, "rows", totals->rows);
    writer_number(&w, "files", totals->files);
    writer_number(&w, "bytes", totals->bytes);
    writer_number(&w, "missing", (int64_t)image->missing_count);
    writer_end_object(&w);
    command_print_json(&json);
}

int command_restore(int argc, char **argv)
{
    struct restore_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        {"--data", "DIR", "the data directory to make (./" DEFAULT_DATA ")", &o.data, NULL},
        {"--store", "URL", "postgresql://... instead of SQLite in the data directory", &o.store,
         NULL},
        {"--key", "FILE", "the secret.key of a backup that was made without it", &o.key, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    bool help;
    int count;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport restore FILE [options]\n\nMakes the portal of a backup, in an "
                    "empty data directory and an empty store, of\neither kind. The whole backup is "
                    "verified first; a portal that exists is never\nwritten over.",
                    &help, &o.file, 1, &count))
        return 2;
    if (help)
        return 0;
    if (!count)
        return command_usage("restore needs the FILE of a backup");
    if (!strcmp(o.file, "-"))
        return command_usage("restore reads the backup twice, to verify it first: give a FILE");
    struct backup_image image = {0};
    struct backup_totals totals = {0};
    struct buf why = {0};
    bool good = backup_verify(o.file, &image, &why) && find_key(&o, &image, &why) &&
                load(&o, &image, &totals, &why);
    if (good)
        print_totals(&o, &image, &totals);
    backup_image_clear(&image);
    return good ? 0 : command_fail(&why);
}

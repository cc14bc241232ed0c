#include "portal/file_store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/format.h"
#include "base/trouble.h"
#include "portal/portal.h"

#define PATH_SIZE 1024

static bool path_of(const struct portal *portal, const char *hash, char folder[PATH_SIZE],
                    char path[PATH_SIZE])
{
    return format_whole(folder, PATH_SIZE, "%s/files/%.2s", portal->data_dir, hash) &&
           format_whole(path, PATH_SIZE, "%s/files/%.2s/%s", portal->data_dir, hash, hash);
}

static enum db_rc fail(const struct portal *portal, const char *what, const char *path)
{
    int error = errno;
    char kind[32];
    snprintf(kind, sizeof kind, "%d %s", error, what);
    trouble_failed(portal->keeping, kind, "cannot %s %s: %s", what, path, strerror(error));
    if (error == ENOSPC || error == EDQUOT)
        return DB_FULL;
    return error == EROFS || error == EACCES || error == EPERM ? DB_READONLY : DB_ERROR;
}

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool good = fsync(fd) == 0;
    close(fd);
    return good;
}

static bool make_folders(const struct portal *portal, const char *folder)
{
    char root[PATH_SIZE];
    snprintf(root, sizeof root, "%s/files", portal->data_dir);
    if (mkdir(folder, 0700) == 0)
        return sync_folder(root);
    if (errno == EEXIST)
        return true;
    if (errno != ENOENT || (mkdir(root, 0700) != 0 && errno != EEXIST))
        return false;
    return sync_folder(portal->data_dir) && mkdir(folder, 0700) == 0 && sync_folder(root);
}

static bool write_whole(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t written = write(fd, bytes, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        len -= (size_t)written;
    }
    return fsync(fd) == 0;
}

/* Under a name of its own first, so that a file with its final name is always whole. */
static enum db_rc write_new(const struct portal *portal, const char *folder, const char *path,
                            const void *bytes, size_t len)
{
    char temp[PATH_SIZE + 32];
    unsigned char random[8];
    char suffix[17];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(suffix, sizeof suffix, random, sizeof random);
    snprintf(temp, sizeof temp, "%s/.%s", folder, suffix);
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(portal, "create", temp);
    bool good = write_whole(fd, bytes, len);
    enum db_rc rc = good ? DB_OK : fail(portal, "write", temp);
    close(fd);
    if (rc == DB_OK && rename(temp, path) != 0)
        rc = fail(portal, "keep", path);
    if (rc != DB_OK)
        unlink(temp);
    /* A name that may not be on the disk must not be found by the next one that stores the same. */
    if (rc == DB_OK && !sync_folder(folder)) {
        rc = fail(portal, "keep", path);
        unlink(path);
    }
    if (rc == DB_OK)
        trouble_over(portal->keeping);
    return rc;
}

bool file_exists(const struct portal *portal, const char *hash, size_t size)
{
    char folder[PATH_SIZE], path[PATH_SIZE];
    struct stat have;
    /* Touched, so that a sweep takes it for young: a row is about to name it. */
    return path_of(portal, hash, folder, path) && stat(path, &have) == 0 &&
           (size_t)have.st_size == size && utimensat(AT_FDCWD, path, NULL, 0) == 0;
}

enum db_rc file_put(struct portal *portal, const void *bytes, size_t len, char hash[FILE_HASH_HEX])
{
    unsigned char digest[32];
    char folder[PATH_SIZE], path[PATH_SIZE];
    crypto_generichash(digest, sizeof digest, bytes, len, NULL, 0);
    sodium_bin2hex(hash, FILE_HASH_HEX, digest, sizeof digest);
    errno = ENAMETOOLONG;
    if (!path_of(portal, hash, folder, path))
        return fail(portal, "name a file in", portal->data_dir);
    /* Its name may be from a server that was killed before it was on the disk. */
    if (file_exists(portal, hash, len))
        return sync_folder(folder) ? DB_OK : fail(portal, "sync", folder);
    if (!make_folders(portal, folder))
        return fail(portal, "make", folder);
    return write_new(portal, folder, path, bytes, len);
}

int file_open(const struct portal *portal, const char *hash)
{
    char folder[PATH_SIZE], path[PATH_SIZE];
    if (!path_of(portal, hash, folder, path))
        return -1;
    return open(path, O_RDONLY | O_CLOEXEC);
}

void file_drop_add(struct request *req, const char *hash)
{
    struct file_drop *drop = arena_alloc(req->arena, sizeof *drop);
    snprintf(drop->hash, sizeof drop->hash, "%s", hash);
    drop->next = req->drops;
    req->drops = drop;
}

/* ---- which rows name content ---- */

bool file_unused(struct db *db, const char *hash)
{
    struct buf sql = {0};
    for (const struct file_reference *const *r = file_references; *r; r++)
        buf_printf(&sql, "%sSELECT 1 FROM %s WHERE %s = $1", sql.len ? " UNION ALL " : "",
                   (*r)->table, (*r)->column);
    buf_adds(&sql, " LIMIT 1");
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    db_bind_textz(stmt, 1, hash);
    bool none = db_step(stmt) == DB_NONE;
    db_finish(stmt);
    buf_clear(&sql);
    return none;
}

bool file_is_whole(const struct portal *portal, const char *hash)
{
    crypto_generichash_state state;
    unsigned char chunk[65536], digest[32];
    char hex[FILE_HASH_HEX];
    ssize_t got;
    int fd = file_open(portal, hash);
    if (fd < 0)
        return false;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    while ((got = read(fd, chunk, sizeof chunk)) > 0)
        crypto_generichash_update(&state, chunk, (unsigned long long)got);
    close(fd);
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return got == 0 && !strcmp(hex, hash);
}

bool file_place(const struct portal *portal, const char *hash, char *path, size_t size)
{
    char folder[PATH_SIZE], whole[PATH_SIZE];
    errno = ENAMETOOLONG;
    return path_of(portal, hash, folder, whole) && make_folders(portal, folder) &&
           format_whole(path, size, "%s", whole);
}

/* ---- removal ---- */

static int lock_files(const struct portal *portal, int how)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/files.lock", portal->data_dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, how) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

int file_hold(const struct portal *portal)
{
    return lock_files(portal, LOCK_SH);
}

int file_removal_begin(const struct portal *portal)
{
    return lock_files(portal, LOCK_EX | LOCK_NB);
}

static void drop_unused(struct portal *portal, struct db *db, const char *hash)
{
    char folder[PATH_SIZE], path[PATH_SIZE];
    int removal = portal->schema || !file_unused(db, hash) ? -1 : file_removal_begin(portal);
    if (removal < 0)
        return;
    if (path_of(portal, hash, folder, path) && unlink(path) != 0 && errno != ENOENT)
        fail(portal, "remove", path);
    close(removal);
}

void file_drops_run(struct portal *portal, struct db *db, const struct file_drop *drops)
{
    for (; drops; drops = drops->next)
        drop_unused(portal, db, drops->hash);
}

void file_ready_run(struct portal *portal, struct db *db, const struct file_ready *ready)
{
    for (; ready; ready = ready->next)
        drop_unused(portal, db, ready->hash);
}

/* What a byte of Base64 stands for. */
enum { BLANK = 64, PAD = 65, NO_LETTER = 66 };

static void base64_table(unsigned char table[256])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    memset(table, NO_LETTER, 256);
    for (unsigned i = 0; i < 64; i++)
        table[(unsigned char)letters[i]] = (unsigned char)i;
    for (const char *c = " \t\n\r"; *c; c++)
        table[(unsigned char)*c] = BLANK;
    table['='] = PAD;
}

size_t file_base64_size(const char *text, size_t len)
{
    unsigned char table[256];
    size_t letters = 0, pads = 0;
    base64_table(table);
    for (size_t i = 0; i < len; i++) {
        unsigned char kind = table[(unsigned char)text[i]];
        if (kind == NO_LETTER || (kind < 64 && pads))
            return 0;
        letters += kind < 64;
        pads += kind == PAD;
    }
    if (letters % 4 == 1 || (pads && (pads > 2 || (letters + pads) % 4 != 0)))
        return 0;
    return letters / 4 * 3 + (letters % 4 ? letters % 4 - 1 : 0);
}

unsigned char *file_decode(struct arena *arena, const char *text, size_t len, size_t *out_len)
{
    unsigned char table[256];
    size_t size = file_base64_size(text, len), written = 0;
    unsigned group = 0, bits = 0;
    if (!size)
        return NULL;
    base64_table(table);
    unsigned char *out = arena_alloc(arena, size);
    for (size_t i = 0; i < len; i++) {
        unsigned char six = table[(unsigned char)text[i]];
        if (six >= 64)
            continue;
        group = group << 6 | six;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[written++] = (unsigned char)(group >> bits);
        }
    }
    *out_len = written;
    return out;
}

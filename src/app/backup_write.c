#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/backup.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/writer.h"
#include "db/copy.h"
#include "portal/file_store.h"

#define CHUNK (4u << 20) /* of a table's rows in one member */
#define NAMES 1000       /* of content that are read at once */

struct output {
    struct portal *portal;
    struct db *db;
    struct archive *tar;
    time_t now;
    struct backup_totals *totals;
    struct backup_progress progress;
    struct buf manifest;
    struct writer w;
    struct buf *why;
    /* the table that is being written */
    const char *table;
    struct buf chunk;
    crypto_generichash_state hash;
    int64_t rows, bytes, chunks;
};

void backup_progress(struct backup_progress *p, const char *what, bool ends)
{
    double now = clock_monotonic();
    if (!isatty(STDERR_FILENO) || (!ends && now - p->told < 0.1))
        return;
    p->told = now;
    fprintf(stderr, "\r\033[K");
    if (!ends)
        fprintf(stderr, "%s: %lld rows, %lld files, %.1f MiB", what, (long long)p->rows,
                (long long)p->files, (double)p->bytes / (1 << 20));
    fflush(stderr);
}

/* ---- members ---- */

static bool tar_failed(struct output *out)
{
    const char *text = archive_error_string(out->tar);
    buf_printf(out->why, "cannot write the backup: %s", text ? text : strerror(errno));
    return false;
}

static bool begin_member(struct output *out, const char *name, int64_t size)
{
    struct archive_entry *entry = archive_entry_new();
    CHECK(entry);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, size);
    archive_entry_set_mtime(entry, out->now, 0);
    bool good = archive_write_header(out->tar, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    return good || tar_failed(out);
}

static bool write_member(struct output *out, const char *name, const void *bytes, size_t len)
{
    return begin_member(out, name, (int64_t)len) &&
           (archive_write_data(out->tar, bytes, len) == (la_ssize_t)len || tar_failed(out));
}

/* ---- what it is ---- */

static bool write_head(struct output *out)
{
    struct buf json = {0}, fingerprint = {0};
    struct writer w;
    enum db_rc rc;
    char made[DATETIME_SIZE];
    datetime_format(out->portal->zone, out->now, made);
    portal_setting(out->db, "key_fingerprint", &fingerprint);
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_number(&w, "format", BACKUP_FORMAT);
    writer_text(&w, "version", RAPPORT_VERSION);
    writer_text(&w, "store", out->portal->schema ? "postgresql" : "sqlite");
    writer_text(&w, "made", made);
    writer_text(&w, "key_fingerprint", buf_text(&fingerprint));
    writer_keyz(&w, "schema");
    writer_begin_list(&w);
    struct db_stmt *stmt = db_prepare(out->db, "SELECT name FROM migration ORDER BY name");
    while ((rc = db_step(stmt)) == DB_ROW)
        writer_stringz(&w, db_text(stmt, 0, NULL));
    db_finish(stmt);
    writer_end_list(&w);
    writer_end_object(&w);
    bool good = rc == DB_NONE && write_member(out, BACKUP_HEAD, json.data, json.len);
    if (rc != DB_NONE)
        buf_printf(out->why, "cannot read the store: %s", db_message(out->db));
    buf_clear(&json);
    buf_clear(&fingerprint);
    return good;
}

/* ---- tables ---- */

static bool end_chunk(struct output *out)
{
    char name[120];
    if (!out->chunk.len)
        return true;
    snprintf(name, sizeof name, "tables/%s/%06lld", out->table, (long long)++out->chunks);
    crypto_generichash_update(&out->hash, (const unsigned char *)out->chunk.data, out->chunk.len);
    bool good = write_member(out, name, out->chunk.data, out->chunk.len);
    out->bytes += (int64_t)out->chunk.len;
    out->progress.bytes += (int64_t)out->chunk.len;
    out->chunk.len = 0;
    backup_progress(&out->progress, out->table, false);
    return good;
}

static bool take_line(void *context, const char *line, size_t len)
{
    struct output *out = context;
    if (out->chunk.len && out->chunk.len + len > CHUNK && !end_chunk(out))
        return false;
    buf_add(&out->chunk, line, len);
    out->rows++;
    out->progress.rows++;
    return true;
}

static void tell_table(struct output *out, const char *columns, bool gives_ids, int64_t last)
{
    unsigned char digest[32];
    char hex[65];
    crypto_generichash_final(&out->hash, digest, sizeof digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    writer_begin_object(&out->w);
    writer_text(&out->w, "name", out->table);
    writer_text(&out->w, "columns", columns);
    writer_number(&out->w, "rows", out->rows);
    writer_number(&out->w, "bytes", out->bytes);
    writer_number(&out->w, "chunks", out->chunks);
    writer_text(&out->w, "hash", hex);
    writer_number(&out->w, "last", gives_ids ? last : -1);
    writer_end_object(&out->w);
}

static bool write_table(struct output *out, const char *name, const char *keys,
                        const char *sequence)
{
    struct buf columns = {0};
    int64_t last = 0;
    out->table = name;
    out->rows = out->bytes = out->chunks = 0;
    crypto_generichash_init(&out->hash, NULL, 0, 32);
    enum db_rc rc = db_columns(out->db, name, &columns);
    if (rc == DB_OK && sequence)
        rc = db_last_id(out->db, name, sequence, &last);
    if (rc == DB_OK)
        rc = db_copy_out(out->db, name, buf_text(&columns), keys, take_line, out);
    bool good = rc == DB_OK && end_chunk(out);
    if (!good && !out->why->len)
        buf_printf(out->why, "cannot read the table %s: %s", name, db_message(out->db));
    if (good)
        tell_table(out, buf_text(&columns), sequence != NULL, last);
    out->totals->tables++;
    out->totals->rows += out->rows;
    out->totals->bytes += out->bytes;
    buf_clear(&columns);
    return good;
}

/* Name, keys, sequence ("" for none) of each table, each with a NUL behind it. */
static bool list_tables(struct output *out, struct buf *list)
{
    enum db_rc rc;
    struct db_stmt *stmt = db_prepare(out->db, db_sql_tables(out->db));
    while ((rc = db_step(stmt)) == DB_ROW) {
        for (int i = 0; i < 3; i++) {
            buf_adds(list, db_text(stmt, i, NULL));
            buf_addc(list, '\0');
        }
    }
    db_finish(stmt);
    if (rc != DB_NONE)
        buf_printf(out->why, "cannot read the store: %s", db_message(out->db));
    return rc == DB_NONE;
}

static bool write_tables(struct output *out)
{
    struct buf list = {0};
    bool good = list_tables(out, &list);
    writer_keyz(&out->w, "tables");
    writer_begin_list(&out->w);
    for (const char *at = list.data, *end = at + list.len; good && at < end;) {
        const char *keys = at + strlen(at) + 1, *sequence = keys + strlen(keys) + 1;
        good = write_table(out, at, keys, *sequence ? sequence : NULL);
        at = sequence + strlen(sequence) + 1;
    }
    writer_end_list(&out->w);
    buf_clear(&list);
    return good;
}

/* ---- files ---- */

static bool copy_bytes(struct output *out, int fd, int64_t size)
{
    static char part[1 << 16];
    while (size > 0) {
        ssize_t got = read(fd, part, sizeof part);
        if (got <= 0) {
            buf_printf(out->why, "cannot read a file of the portal: %s",
                       got ? strerror(errno) : "it has become shorter");
            return false;
        }
        if (archive_write_data(out->tar, part, (size_t)got) != got)
            return tar_failed(out);
        size -= got;
    }
    return true;
}

static bool write_file(struct output *out, const char *hash)
{
    char name[80];
    struct stat info;
    int fd = file_is_whole(out->portal, hash) ? file_open(out->portal, hash) : -1;
    if (fd < 0 || fstat(fd, &info) != 0) {
        buf_printf(&out->totals->missing, "%s\n", hash);
        return true;
    }
    snprintf(name, sizeof name, "files/%s", hash);
    bool good = begin_member(out, name, info.st_size) && copy_bytes(out, fd, info.st_size);
    close(fd);
    out->totals->files++;
    out->totals->bytes += info.st_size;
    out->progress.files++;
    out->progress.bytes += info.st_size;
    backup_progress(&out->progress, "files", false);
    return good;
}

/* Equal content that another kind of row names as well is in the backup already. */
static bool named_before(struct output *out, const struct file_reference *reference,
                         const char *hash)
{
    struct buf sql = {0};
    bool found = false;
    for (const struct file_reference *const *r = file_references; *r != reference && !found; r++) {
        sql.len = 0;
        buf_printf(&sql, "SELECT 1 FROM %s WHERE %s = $1 LIMIT 1", (*r)->table, (*r)->column);
        struct db_stmt *stmt = db_prepare(out->db, buf_text(&sql));
        db_bind_textz(stmt, 1, hash);
        found = db_step(stmt) == DB_ROW;
        db_finish(stmt);
    }
    buf_clear(&sql);
    return found;
}

/* The next names behind `after`; by an index, and never all of them at once. */
static enum db_rc next_names(struct output *out, const struct file_reference *reference,
                             const char *after, char (*names)[FILE_HASH_HEX], size_t *count)
{
    struct buf sql = {0};
    enum db_rc rc;
    *count = 0;
    buf_printf(&sql, "SELECT DISTINCT %s FROM %s WHERE %s > $1 ORDER BY %s LIMIT %d",
               reference->column, reference->table, reference->column, reference->column, NAMES);
    struct db_stmt *stmt = db_prepare(out->db, buf_text(&sql));
    db_bind_textz(stmt, 1, after);
    while ((rc = db_step(stmt)) == DB_ROW && *count < NAMES)
        snprintf(names[(*count)++], FILE_HASH_HEX, "%s", db_text(stmt, 0, NULL));
    db_finish(stmt);
    buf_clear(&sql);
    return rc == DB_ROW || rc == DB_NONE ? DB_OK : rc;
}

static bool write_files(struct output *out)
{
    char(*names)[FILE_HASH_HEX] = xcalloc(NAMES, sizeof *names), after[FILE_HASH_HEX];
    bool good = true, has;
    for (const struct file_reference *const *r = file_references; *r && good; r++) {
        size_t count = 0;
        enum db_rc rc = db_has_table(out->db, (*r)->table, &has); /* an older portal has fewer */
        after[0] = '\0';
        while (rc == DB_OK && has && good &&
               (rc = next_names(out, *r, after, names, &count)) == DB_OK && count) {
            for (size_t i = 0; i < count && good; i++)
                good = named_before(out, *r, names[i]) || write_file(out, names[i]);
            memcpy(after, names[count - 1], sizeof after);
        }
        if (rc != DB_OK)
            buf_printf(out->why, "cannot read the store: %s", db_message(out->db));
        good = good && rc == DB_OK;
    }
    free(names);
    return good;
}

/* How the tables were made that no migration makes. An older portal has none. */
static bool write_own(struct output *out)
{
    bool has;
    enum db_rc rc = db_has_table(out->db, "own_table", &has);
    writer_keyz(&out->w, "own");
    writer_begin_list(&out->w);
    struct db_stmt *stmt =
        has ? db_prepare(out->db, "SELECT line FROM own_table ORDER BY id") : NULL;
    while (stmt && (rc = db_step(stmt)) == DB_ROW)
        writer_stringz(&out->w, db_text(stmt, 0, NULL));
    if (stmt)
        db_finish(stmt);
    writer_end_list(&out->w);
    if (rc != DB_OK && rc != DB_NONE)
        buf_printf(out->why, "cannot read the store: %s", db_message(out->db));
    return rc == DB_OK || rc == DB_NONE;
}

static bool write_manifest(struct output *out)
{
    writer_number(&out->w, "files", out->totals->files);
    writer_number(&out->w, "bytes", out->totals->bytes);
    writer_keyz(&out->w, "missing");
    writer_begin_list(&out->w);
    for (const char *at = buf_text(&out->totals->missing); *at; at += FILE_HASH_HEX)
        writer_string(&out->w, at, FILE_HASH_HEX - 1);
    writer_end_list(&out->w);
    writer_end_object(&out->w);
    return write_member(out, BACKUP_MANIFEST, out->manifest.data, out->manifest.len);
}

/* ---- all of it ---- */

static bool write_all(struct output *out, bool with_key)
{
    writer_init(&out->w, &out->manifest);
    writer_begin_object(&out->w);
    const struct secret_key *key = &out->portal->key;
    bool good = write_head(out) &&
                (!with_key || write_member(out, BACKUP_KEY, key->bytes, sizeof key->bytes)) &&
                write_tables(out) && write_files(out) && write_own(out) && write_manifest(out);
    if (good && archive_write_close(out->tar) != ARCHIVE_OK)
        good = tar_failed(out);
    backup_progress(&out->progress, "", true);
    return good;
}

bool backup_write(struct portal *portal, struct db *db, int fd, bool with_key,
                  struct backup_totals *totals, struct buf *why)
{
    struct output out = {.portal = portal,
                         .db = db,
                         .tar = archive_write_new(),
                         .now = (time_t)clock_real(),
                         .totals = totals,
                         .why = why};
    CHECK(out.tar);
    /* Before the snapshot: what it names is then not removed any more. */
    int hold = file_hold(portal);
    bool good = hold >= 0;
    if (!good)
        buf_printf(why, "cannot lock %s/files.lock: %s", portal->data_dir, strerror(errno));
    if (good && (archive_write_set_format_pax_restricted(out.tar) != ARCHIVE_OK ||
                 archive_write_open_fd(out.tar, fd) != ARCHIVE_OK))
        good = tar_failed(&out);
    if (good && (db_limit_time(db, 0) != DB_OK || db_begin_read(db) != DB_OK)) {
        buf_printf(why, "cannot read the store: %s", db_message(db));
        good = false;
    }
    good = good && write_all(&out, with_key);
    if (db_in_transaction(db))
        db_rollback(db);
    archive_write_free(out.tar);
    if (hold >= 0)
        close(hold);
    buf_clear(&out.chunk);
    buf_clear(&out.manifest);
    return good;
}

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/backup.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "db/copy.h"
#include "portal/file_store.h"
#include "portal/migrate.h"

#define MEMBER_MAX (1LL << 30) /* of what is read into memory */

/* One pass over a backup's members. */
struct input {
    struct archive *tar;
    struct archive_entry *entry;
    const char *name;
    int64_t size;
    struct buf bytes; /* of a member that is read whole */
    struct buf *why;
};

static bool damaged(struct input *in, const char *what)
{
    const char *text = archive_error_string(in->tar);
    buf_printf(in->why, "this is no whole backup of Rapport: %s%s%s%s", what, text ? " (" : "",
               text ? text : "", text ? ")" : "");
    return false;
}

static bool open_backup(struct input *in, const char *file)
{
    in->tar = archive_read_new();
    CHECK(in->tar);
    archive_read_support_format_tar(in->tar);
    archive_read_support_filter_gzip(in->tar);
    archive_read_support_filter_xz(in->tar);
    archive_read_support_filter_zstd(in->tar);
    if (archive_read_open_filename(in->tar, file, 1 << 16) == ARCHIVE_OK)
        return true;
    bool there = access(file, R_OK) == 0; /* libarchive's own text does not say why not */
    buf_printf(in->why, "cannot read %s: %s", file,
               there ? archive_error_string(in->tar) : strerror(errno));
    return false;
}

static void close_backup(struct input *in)
{
    archive_read_free(in->tar);
    buf_clear(&in->bytes);
}

static bool next_member(struct input *in)
{
    int code = archive_read_next_header(in->tar, &in->entry);
    if (code != ARCHIVE_OK)
        return damaged(in, code == ARCHIVE_EOF ? "it ends too early" : "it cannot be read on");
    in->name = archive_entry_pathname(in->entry);
    in->size = archive_entry_size(in->entry);
    if (in->name && archive_entry_filetype(in->entry) == AE_IFREG && in->size >= 0)
        return true;
    return damaged(in, "it holds something else than files");
}

static bool read_member(struct input *in)
{
    if (in->size > MEMBER_MAX)
        return damaged(in, "a member is too large");
    in->bytes.len = 0;
    buf_reserve(&in->bytes, (size_t)in->size);
    la_ssize_t got;
    while ((got = archive_read_data(in->tar, in->bytes.data + in->bytes.len,
                                    (size_t)in->size - in->bytes.len)) > 0)
        in->bytes.len += (size_t)got;
    return (got == 0 && in->bytes.len == (size_t)in->size) || damaged(in, "a member is cut off");
}

/* Streams a file's content to `fd` (-1: nowhere); its hash must be its name. */
static bool read_file(struct input *in, const char *hash, int fd)
{
    static char part[1 << 16];
    crypto_generichash_state state;
    unsigned char digest[32];
    char hex[65];
    la_ssize_t got;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    while ((got = archive_read_data(in->tar, part, sizeof part)) > 0) {
        crypto_generichash_update(&state, (unsigned char *)part, (unsigned long long)got);
        for (la_ssize_t at = 0, put; fd >= 0 && at < got; at += put) {
            put = write(fd, part + at, (size_t)(got - at));
            if (put <= 0) {
                buf_printf(in->why, "cannot write a file of the portal: %s", strerror(errno));
                return false;
            }
        }
    }
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return (got == 0 && !strcmp(hex, hash)) || damaged(in, "a file is not what its name says");
}

/* ---- names: nothing else than these is ever taken ---- */

static bool made_of(const char *text, const char *letters)
{
    return *text && !text[strspn(text, letters)];
}

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

static const char *file_hash(const char *name)
{
    const char *hash = !strncmp(name, "files/", 6) ? name + 6 : "";
    return strlen(hash) == FILE_HASH_HEX - 1 && made_of(hash, "0123456789abcdef") ? hash : NULL;
}

/* "tables/NAME/NNNNNN" */
static bool table_chunk(const char *name, char table[64], int64_t *chunk)
{
    long long number;
    char end;
    if (sscanf(name, "tables/%63[a-z0-9_]/%lld%c", table, &number, &end) != 2)
        return false;
    *chunk = number;
    return true;
}

/* ---- what it says of itself ---- */

static const char *get_text(const struct value *from, const char *key)
{
    const struct value *value = value_get(from, key);
    return value && value->type == VALUE_STRING ? value->string.text : NULL;
}

static bool get_number(const struct value *from, const char *key, int64_t *number)
{
    return value_to_int(value_get(from, key), number);
}

/* A list of texts, ending with NULL; NULL when it is none. */
static const char **get_texts(struct arena *arena, const struct value *from, const char *key,
                              size_t *count)
{
    const struct value *list = value_get(from, key);
    if (!list || !value_is_list(list))
        return NULL;
    *count = list->array.count;
    const char **texts = arena_alloc(arena, (*count + 1) * sizeof *texts);
    for (size_t i = 0; i < *count; i++) {
        const struct value *item = list->array.items[i].value;
        if (item->type != VALUE_STRING)
            return NULL;
        texts[i] = item->string.text;
    }
    texts[*count] = NULL;
    return texts;
}

static bool schema_known(struct input *in, const char **schema)
{
    for (; *schema; schema++) {
        const struct migration *m = schema_migrations;
        while (m->name && strcmp(m->name, *schema) != 0)
            m++;
        if (!m->name) {
            buf_printf(in->why,
                       "the backup is of a newer Rapport (it has the step %s); use that version",
                       *schema);
            return false;
        }
    }
    return true;
}

static bool read_head(struct input *in, struct backup_image *image)
{
    int64_t format;
    size_t count;
    if (!next_member(in))
        return false;
    if (strcmp(in->name, BACKUP_HEAD) != 0)
        return damaged(in, "it does not begin with " BACKUP_HEAD);
    if (!read_member(in))
        return false;
    char *copy = arena_strndup(&image->arena, in->bytes.data, in->bytes.len);
    const struct value *head = json_parse_own(&image->arena, copy, in->bytes.len);
    if (!get_number(head, "format", &format))
        return damaged(in, BACKUP_HEAD " cannot be read");
    if (format != BACKUP_FORMAT) {
        buf_printf(in->why, "the backup has format %lld, and this version knows %d",
                   (long long)format, BACKUP_FORMAT);
        return false;
    }
    image->version = get_text(head, "version");
    image->made = get_text(head, "made");
    image->fingerprint = get_text(head, "key_fingerprint");
    image->schema = get_texts(&image->arena, head, "schema", &count);
    if (!image->version || !image->made || !image->fingerprint || !image->schema)
        return damaged(in, BACKUP_HEAD " cannot be read");
    return schema_known(in, image->schema);
}

static bool read_table(const struct value *item, struct backup_table *table)
{
    table->name = get_text(item, "name");
    table->columns = get_text(item, "columns");
    table->hash = get_text(item, "hash");
    return table->name && table->columns && table->hash && made_of(table->name, NAME_LETTERS) &&
           made_of(table->columns, NAME_LETTERS ", ") && get_number(item, "rows", &table->rows) &&
           get_number(item, "bytes", &table->bytes) && get_number(item, "chunks", &table->chunks) &&
           get_number(item, "last", &table->last);
}

static bool read_manifest(struct input *in, struct backup_image *image)
{
    if (!read_member(in))
        return false;
    char *copy = arena_strndup(&image->arena, in->bytes.data, in->bytes.len);
    const struct value *manifest = json_parse_own(&image->arena, copy, in->bytes.len);
    const struct value *tables = value_get(manifest, "tables");
    image->missing = get_texts(&image->arena, manifest, "missing", &image->missing_count);
    image->own = get_texts(&image->arena, manifest, "own", &(size_t){0});
    if (!tables || !value_is_list(tables) || !image->missing ||
        !get_number(manifest, "files", &image->files) ||
        !get_number(manifest, "bytes", &image->bytes))
        return damaged(in, BACKUP_MANIFEST " cannot be read");
    image->table_count = tables->array.count;
    image->tables = arena_alloc(&image->arena, (image->table_count + 1) * sizeof *image->tables);
    for (size_t i = 0; i < image->table_count; i++) {
        if (!read_table(tables->array.items[i].value, &image->tables[i]))
            return damaged(in, BACKUP_MANIFEST " cannot be read");
    }
    return true;
}

/* ---- the first pass ---- */

/* What was counted of a table on the way, to compare with the manifest behind it. */
struct seen {
    char name[64];
    int64_t rows, bytes, chunks;
    crypto_generichash_state hash;
};

struct verifier {
    struct seen *tables;
    size_t count, room;
    int64_t files, bytes;
};

static bool see_chunk(struct input *in, struct verifier *v, const char *name, int64_t chunk)
{
    if (!v->count || strcmp(v->tables[v->count - 1].name, name) != 0) {
        if (v->count == v->room) {
            v->room = v->room ? 2 * v->room : 64;
            v->tables = xrealloc(v->tables, v->room * sizeof *v->tables);
        }
        v->tables[v->count] = (struct seen){0};
        snprintf(v->tables[v->count].name, sizeof v->tables->name, "%s", name);
        crypto_generichash_init(&v->tables[v->count++].hash, NULL, 0, 32);
    }
    struct seen *seen = &v->tables[v->count - 1];
    if (chunk != ++seen->chunks)
        return damaged(in, "a part of a table is missing");
    if (!read_member(in))
        return false;
    crypto_generichash_update(&seen->hash, (unsigned char *)in->bytes.data, in->bytes.len);
    seen->bytes += (int64_t)in->bytes.len;
    v->bytes += (int64_t)in->bytes.len;
    for (const char *at = in->bytes.data, *end = at + in->bytes.len;
         (at = memchr(at, '\n', (size_t)(end - at))); at++)
        seen->rows++;
    return true;
}

static bool see_member(struct input *in, struct verifier *v, struct backup_image *image)
{
    char table[64];
    int64_t chunk;
    const char *hash = file_hash(in->name);
    if (hash) {
        v->files++;
        v->bytes += in->size;
        return read_file(in, hash, -1);
    }
    if (table_chunk(in->name, table, &chunk))
        return see_chunk(in, v, table, chunk);
    if (strcmp(in->name, BACKUP_KEY) != 0 || in->size != SECRET_KEY_BYTES)
        return damaged(in, "it holds what is not of a backup");
    if (!read_member(in))
        return false;
    memcpy(image->key.bytes, in->bytes.data, SECRET_KEY_BYTES);
    image->has_key = true;
    return true;
}

static bool fits(const struct backup_table *table, struct verifier *v)
{
    unsigned char digest[32];
    char hex[65];
    struct seen none = {0}, *seen = &none;
    crypto_generichash_init(&none.hash, NULL, 0, 32);
    for (size_t i = 0; i < v->count; i++) {
        if (!strcmp(v->tables[i].name, table->name))
            seen = &v->tables[i];
    }
    crypto_generichash_final(&seen->hash, digest, sizeof digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return seen->rows == table->rows && seen->bytes == table->bytes &&
           seen->chunks == table->chunks && !strcmp(hex, table->hash);
}

static bool compare(struct input *in, struct verifier *v, const struct backup_image *image)
{
    size_t filled = 0;
    for (size_t i = 0; i < image->table_count; i++) {
        if (!fits(&image->tables[i], v)) {
            buf_printf(in->why, "the backup is damaged: the table %s is not what was written",
                       image->tables[i].name);
            return false;
        }
        filled += image->tables[i].chunks > 0;
    }
    return (filled == v->count && v->files == image->files && v->bytes == image->bytes) ||
           damaged(in, "not all of it is there");
}

bool backup_verify(const char *file, struct backup_image *image, struct buf *why)
{
    struct input in = {.why = why};
    struct verifier v = {0};
    struct backup_progress progress = {0};
    arena_init(&image->arena);
    bool good = open_backup(&in, file) && read_head(&in, image);
    while (good && (good = next_member(&in)) && strcmp(in.name, BACKUP_MANIFEST) != 0) {
        good = see_member(&in, &v, image);
        progress.files = v.files;
        progress.bytes = v.bytes;
        backup_progress(&progress, "verifying", false);
    }
    good = good && read_manifest(&in, image) && compare(&in, &v, image);
    backup_progress(&progress, "", true);
    close_backup(&in);
    free(v.tables);
    return good;
}

void backup_image_clear(struct backup_image *image)
{
    sodium_memzero(&image->key, sizeof image->key);
    arena_clear(&image->arena);
}

/* ---- the second pass ---- */

struct load {
    struct input in;
    const struct backup_image *image;
    struct portal *portal;
    struct db *db;
    struct backup_totals *totals;
    struct backup_progress progress;
};

static bool load_failed(struct load *load, const char *what)
{
    buf_printf(load->in.why, "%s: %s", what, db_message(load->db));
    return false;
}

/* The schema that the backup had; what is newer comes when its rows are in. */
static bool make_schema(struct load *load)
{
    struct migration *list = NULL;
    size_t count = 0;
    int ran;
    for (const struct migration *m = schema_migrations; m->name; m++) {
        const char **name = load->image->schema;
        while (*name && strcmp(*name, m->name) != 0)
            name++;
        list = xrealloc(list, (count + 2) * sizeof *list);
        if (*name)
            list[count++] = *m;
        list[count] = (struct migration){NULL, NULL};
    }
    bool good = migrate_run(load->db, list, (int64_t)clock_real(), &ran, load->in.why);
    free(list);
    return good;
}

/* A backup may make tables, and do nothing else. */
static bool makes_table(const char *line)
{
    static const char *const begins[] = {"CREATE TABLE ", "ALTER TABLE ", "CREATE INDEX ",
                                         "CREATE UNIQUE INDEX "};
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        if (!strncmp(line, begins[i], strlen(begins[i])))
            return !strpbrk(line, ";@");
    }
    return false;
}

/* And the tables that the portal had by itself. */
static bool make_own(struct load *load)
{
    struct buf ddl = {0};
    bool good = true;
    for (const char *const *line = load->image->own; line && *line && good; line++) {
        ddl.len = 0;
        db_sql_ddl(load->db, &ddl, *line);
        if (!makes_table(*line))
            good = damaged(&load->in, "it makes what is no table");
        else
            good = db_exec(load->db, buf_text(&ddl)) == DB_OK || load_failed(load, *line);
    }
    buf_clear(&ddl);
    return good;
}

static const struct backup_table *find_table(const struct backup_image *image, const char *name)
{
    for (size_t i = 0; i < image->table_count; i++) {
        if (!strcmp(image->tables[i].name, name))
            return &image->tables[i];
    }
    return NULL;
}

static int count_columns(const char *columns)
{
    int count = 1;
    for (; *columns; columns++)
        count += *columns == ',';
    return count;
}

/* A table that only one side has, or another number of columns, would be left out in silence. The rows
 * that the schema itself brings go: the backup has them as they became. */
static bool empty_table(struct load *load, const char *name)
{
    struct buf text = {0};
    const struct backup_table *table = find_table(load->image, name);
    bool good = table && db_columns(load->db, name, &text) == DB_OK &&
                count_columns(buf_text(&text)) == count_columns(table->columns);
    if (!good)
        buf_printf(load->in.why, "the table %s of the backup does not fit its schema", name);
    text.len = 0;
    buf_printf(&text, "DELETE FROM %s", name);
    if (good && db_exec(load->db, buf_text(&text)) != DB_OK)
        good = load_failed(load, name);
    buf_clear(&text);
    return good;
}

/* Does to each table what is to be done; `last`: sets the ids that it goes on with. */
static bool each_table(struct load *load, bool last)
{
    struct buf list = {0};
    size_t count = 0;
    enum db_rc rc;
    bool good = true;
    struct db_stmt *stmt = db_prepare(load->db, db_sql_tables(load->db));
    while ((rc = db_step(stmt)) == DB_ROW) {
        buf_adds(&list, db_text(stmt, 0, NULL));
        buf_addc(&list, '\0');
        buf_adds(&list, db_text(stmt, 2, NULL));
        buf_addc(&list, '\0');
    }
    db_finish(stmt);
    for (const char *at = list.data; good && at < list.data + list.len; count++) {
        const char *sequence = at + strlen(at) + 1;
        const struct backup_table *table = find_table(load->image, at);
        if (!last)
            good = empty_table(load, at);
        else if (*sequence && table->last >= 0 &&
                 db_set_last_id(load->db, at, sequence, table->last) != DB_OK)
            good = load_failed(load, at);
        at = sequence + strlen(sequence) + 1;
    }
    if (good && (rc != DB_NONE || count != load->image->table_count)) {
        buf_adds(load->in.why, "the tables of the backup are not those of its schema");
        good = false;
    }
    buf_clear(&list);
    return good;
}

static bool load_file(struct load *load, const char *hash)
{
    char path[1024], temp[1040];
    if (!file_place(load->portal, hash, path, sizeof path)) {
        buf_printf(load->in.why, "cannot make %s/files: %s", load->portal->data_dir,
                   strerror(errno));
        return false;
    }
    snprintf(temp, sizeof temp, "%s.new", path);
    int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && read_file(&load->in, hash, fd);
    if (fd >= 0)
        close(fd);
    if (good && rename(temp, path) != 0)
        good = false;
    if (!good && !load->in.why->len)
        buf_printf(load->in.why, "cannot write %s: %s", path, strerror(errno));
    load->totals->files++;
    load->totals->bytes += load->in.size;
    return good;
}

static bool load_member(struct load *load)
{
    char name[64];
    int64_t chunk;
    const char *hash = file_hash(load->in.name);
    if (hash)
        return load_file(load, hash);
    if (!table_chunk(load->in.name, name, &chunk))
        return true; /* the key, which its file holds */
    const struct backup_table *table = find_table(load->image, name);
    if (!read_member(&load->in))
        return false;
    load->totals->bytes += (int64_t)load->in.bytes.len;
    return (table && db_copy_in(load->db, name, table->columns, load->in.bytes.data,
                                load->in.bytes.len) == DB_OK) ||
           load_failed(load, name);
}

static bool load_members(struct load *load)
{
    bool good = true;
    while (good && (good = next_member(&load->in)) && strcmp(load->in.name, BACKUP_MANIFEST) != 0) {
        good = load_member(load);
        load->progress.files = load->totals->files;
        load->progress.bytes = load->totals->bytes;
        backup_progress(&load->progress, "restoring", false);
    }
    backup_progress(&load->progress, "", true);
    return good;
}

static bool sync_files(struct load *load)
{
    int fd = open(load->portal->data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && syncfs(fd) == 0;
    if (!good)
        buf_printf(load->in.why, "cannot write %s: %s", load->portal->data_dir, strerror(errno));
    if (fd >= 0)
        close(fd);
    return good;
}

bool backup_load(const char *file, const struct backup_image *image, struct portal *portal,
                 struct backup_totals *totals, struct buf *why)
{
    struct load load = {.in = {.why = why}, .image = image, .portal = portal, .totals = totals};
    bool good = open_backup(&load.in, file);
    load.db = good ? portal_connect(portal, DB_WRITER, why) : NULL;
    good = load.db && make_schema(&load);
    if (good && db_begin_write(load.db) != DB_OK)
        good = load_failed(&load, "cannot write the store");
    good = good && make_own(&load) && each_table(&load, false) && load_members(&load) &&
           each_table(&load, true) && sync_files(&load);
    if (good && db_commit(load.db) != DB_OK)
        good = load_failed(&load, "cannot write the store");
    for (size_t i = 0; i < image->table_count; i++)
        totals->rows += image->tables[i].rows;
    totals->tables = (int64_t)image->table_count;
    if (load.db && db_in_transaction(load.db))
        db_rollback(load.db);
    db_close(load.db);
    close_backup(&load.in);
    return good;
}

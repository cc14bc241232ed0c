#include "crm/timeline_file.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "people/signature.h"
#include "portal/file_given.h"

const struct file_reference timeline_file_content = {"timeline_file", "content", "file", "comment",
                                                     "entry_id"};
FILE_COLUMN(timeline_file_content);

/* ---- as given ---- */

/* A single file stands for a list of one. */
static const struct value *as_list(struct request *req, const struct value *files)
{
    if (!value_is_array(files) || value_get_nocase(files, "fileData") || file_given_pair(files) ||
        value_get_nocase(files, "id")) {
        struct value *list = value_array(req->arena);
        value_push(req->arena, list, (struct value *)(uintptr_t)files);
        return list;
    }
    return files;
}

static bool kept_id(const struct value *item, int64_t *id)
{
    const struct value *inner = value_is_array(item) ? value_get_nocase(item, "id") : item;
    return value_to_int(inner, id) && *id > 0;
}

void timeline_files_prepare(struct request *req)
{
    const struct value *files = value_get(param_get(req, "fields"), "FILES");
    if (value_is_empty(files))
        return;
    files = as_list(req, files);
    for (size_t i = 0; i < files->array.count && i < LIMIT_FILES; i++)
        file_given_prepare(req, file_given_pair(files->array.items[i].value));
}

static enum api_rc invalid(struct request *req)
{
    return api_fail(req, API_ERR_INVALID_ARG_VALUE, "The field FILES is not defined or invalid");
}

enum api_rc timeline_files_check(struct request *req, const struct value *files)
{
    int64_t id;
    if (value_is_empty(files))
        return API_OK;
    files = as_list(req, files);
    if (files->array.count > LIMIT_FILES)
        return invalid(req);
    for (size_t i = 0; i < files->array.count; i++) {
        const struct value *item = files->array.items[i].value;
        const struct value *pair = file_given_pair(item);
        if (pair ? !file_given_good(req, pair) : !kept_id(item, &id))
            return invalid(req);
    }
    return API_OK;
}

/* ---- storing ---- */

static enum api_rc add_file(struct request *req, int64_t entry_id, const struct value *pair)
{
    struct file_given file;
    enum api_rc rc = file_given_store(req, &timeline_file_content, pair, &file);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "INSERT INTO timeline_file (entry_id, name, size, created, author_id, "
                            "content) VALUES ($1, $2, $3, $4, $5, $6)");
    db_bind_int(stmt, 1, entry_id);
    db_bind_textz(stmt, 2, file.name);
    db_bind_int(stmt, 3, (int64_t)file.size);
    db_bind_int(stmt, 4, (int64_t)req->now);
    db_bind_int(stmt, 5, req->caller->user_id);
    db_bind_textz(stmt, 6, file.content);
    return api_db(req, db_run(stmt));
}

/* Those whose ids are not in `kept` go; NULL: all. *found: how many of `kept` there were. */
static enum api_rc remove_rest(struct request *req, int64_t entry_id, const struct value *kept,
                               size_t *found)
{
    struct buf sql = {0};
    struct db_stmt *stmt;
    enum db_rc rc;
    size_t count = kept ? kept->array.count : 0, places = 0;
    buf_adds(&sql, "DELETE FROM timeline_file WHERE entry_id = $1 AND id NOT IN (0");
    for (size_t i = 0; i < count; i++)
        buf_printf(&sql, ",$%zu", i + 2);
    buf_adds(&sql, ") RETURNING content");
    stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, entry_id);
    for (size_t i = 0; i < count; i++)
        db_bind_int(stmt, (int)i + 2, kept->array.items[i].value->integer);
    while ((rc = db_step(stmt)) == DB_ROW)
        file_drop_add(req, db_text(stmt, 0, NULL));
    db_finish(stmt);
    if (rc != DB_NONE || !found)
        return api_db(req, rc);
    stmt = db_prepare(req->db, "SELECT count(*) FROM timeline_file WHERE entry_id = $1");
    db_bind_int(stmt, 1, entry_id);
    rc = db_step(stmt);
    places = rc == DB_ROW ? (size_t)db_int(stmt, 0) : 0;
    db_finish(stmt);
    *found = places;
    return api_db(req, rc);
}

/* FILES given replaces the set: pairs are added, ids stay, what is not named goes. */
enum api_rc timeline_files_store(struct request *req, int64_t entry_id, const struct value *files)
{
    struct value *kept = value_array(req->arena);
    size_t found = 0;
    if (!files)
        return API_OK;
    files = value_is_empty(files) ? kept : as_list(req, files);
    for (size_t i = 0; i < files->array.count; i++) {
        int64_t id;
        if (!file_given_pair(files->array.items[i].value) &&
            kept_id(files->array.items[i].value, &id))
            value_push(req->arena, kept, value_int(req->arena, id));
    }
    enum api_rc rc = remove_rest(req, entry_id, kept, &found);
    if (rc == API_OK && found != kept->array.count)
        rc = invalid(req); /* one that is none of its files would be lost in silence */
    for (size_t i = 0; i < files->array.count && rc == API_OK; i++) {
        const struct value *pair = file_given_pair(files->array.items[i].value);
        if (pair)
            rc = add_file(req, entry_id, pair);
    }
    return rc;
}

enum api_rc timeline_files_delete(struct request *req, int64_t entry_id)
{
    return remove_rest(req, entry_id, NULL, NULL);
}

/* ---- answering ---- */

/* Columns of a file's row. */
enum { FILE_ID, FILE_CREATED, FILE_NAME, FILE_SIZE, FILE_AUTHOR, FILE_FIRST, FILE_LAST, COLUMNS };

enum api_rc timeline_files_load(struct request *req, const int64_t *ids, size_t count,
                                struct relation_page **page)
{
    return relation_page_load(req,
                              "SELECT f.entry_id, f.id, f.created, f.name, f.size, f.author_id, "
                              "m.name, m.last_name FROM timeline_file f LEFT JOIN member m ON m.id "
                              "= f.author_id WHERE f.entry_id IN (",
                              "f.id", COLUMNS, ids, count, page);
}

static bool is_image(const char *name)
{
    static const char *const ends[] = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"};
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t end = strlen(ends[i]);
        if (len > end && !strcasecmp(name + len - end, ends[i]))
            return true;
    }
    return false;
}

static void write_file(struct request *req, const struct relation_row *row, int64_t entry_id)
{
    struct writer *out = req->out;
    char date[40];
    int64_t id = relation_int(row, FILE_ID);
    const struct signed_param params[] = {{"fileId", id}, {"ownerId", entry_id}, {NULL, 0}};
    const char *address = signature_address(req, TIMELINE_FILE_PATH, params);
    const char *first = row->text[FILE_FIRST], *last = row->text[FILE_LAST];
    bool image = is_image(row->text[FILE_NAME]);
    writer_begin_object(out);
    writer_number(out, "id", id);
    writer_keyz(out, "date");
    writer_string(out, date, datetime_format(req->zone, relation_int(row, FILE_CREATED), date));
    writer_text(out, "type", image ? "image" : "file");
    writer_text(out, "name", row->text[FILE_NAME]);
    writer_number(out, "size", relation_int(row, FILE_SIZE));
    writer_number(out, "authorId", relation_int(row, FILE_AUTHOR));
    writer_text(out, "authorName",
                arena_printf(req->arena, "%s%s%s", first, *first && *last ? " " : "", last));
    if (image)
        writer_text(out, "urlPreview", address);
    writer_text(out, "urlShow", address);
    writer_text(out, "urlDownload", address);
    writer_end_object(out);
}

/* By their ids; an empty one is a list, as everywhere. */
void timeline_files_write(struct request *req, struct relation_page *page, int64_t entry_id)
{
    const struct relation_row *row = relation_page_first(page, entry_id);
    if (!row) {
        writer_raw(req->out, "[]", 2);
        return;
    }
    writer_begin_object(req->out);
    for (; row; row = row->next) {
        writer_keyz(req->out, row->text[FILE_ID]);
        write_file(req, row, entry_id);
    }
    writer_end_object(req->out);
}

enum api_rc timeline_file_read(struct request *req, int64_t entry_id, int64_t file_id,
                               const char **hash, const char **name)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT content, name FROM timeline_file WHERE id = $1 AND entry_id = $2");
    db_bind_int(stmt, 1, file_id);
    db_bind_int(stmt, 2, entry_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        *hash = request_text(req, stmt, 0, NULL);
        *name = request_text(req, stmt, 1, NULL);
    }
    db_finish(stmt);
    return rc == DB_NONE ? api_fail(req, API_ERR_NOT_FOUND, NULL) : api_db(req, rc);
}

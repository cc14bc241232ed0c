/* Files of an activity. Pages: api-reference/files/how-to-upload-files (fileData),
 * crm-activity-list (reading attachments: id and url). */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "crm/activity_file.h"
#include "crm/activity_parts.h"
#include "crm/activity_permit.h"
#include "people/signature.h"
#include "portal/file_given.h"
#include "portal/portal.h"

const struct file_reference activity_file_content = {"activity_file", "content", "file", "activity",
                                                     "activity_id"};
FILE_COLUMN(activity_file_content);

/* ---- reading what was given ---- */

static enum api_rc invalid(struct request *req, const char *name)
{
    return api_fail_text(req,
                         arena_printf(req->arena, "The field %s is not defined or invalid", name));
}

/* FILES, or WEBDAV_ELEMENTS of older clients. */
static const struct value *given_files(const struct change *change, const char **name)
{
    const struct value *files = value_get(change->given, "FILES");
    *name = files ? "FILES" : "WEBDAV_ELEMENTS";
    return files ? files : value_get(change->given, "WEBDAV_ELEMENTS");
}

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

static enum api_rc parse(struct change *change, const struct relation *relation, void **slot)
{
    (void)relation, (void)slot;
    const char *name;
    int64_t id;
    const struct value *files = given_files(change, &name);
    if (value_is_empty(files))
        return API_OK;
    files = as_list(change->req, files);
    if (files->array.count > LIMIT_FILES)
        return invalid(change->req, name);
    for (size_t i = 0; i < files->array.count; i++) {
        const struct value *item = files->array.items[i].value;
        const struct value *pair = file_given_pair(item);
        if (pair ? !file_given_good(change->req, pair) : !kept_id(item, &id))
            return invalid(change->req, name);
    }
    return API_OK;
}

/* ---- storing ---- */

static void prepare(struct request *req, const struct entity *entity,
                    const struct relation *relation, const struct value *fields)
{
    const struct change change = {.req = req, .given = fields};
    const char *name;
    const struct value *files = given_files(&change, &name);
    (void)entity, (void)relation;
    if (value_is_empty(files))
        return;
    files = as_list(req, files);
    for (size_t i = 0; i < files->array.count && i < LIMIT_FILES; i++)
        file_given_prepare(req, file_given_pair(files->array.items[i].value));
}

static enum api_rc add_file(struct change *change, const struct value *pair)
{
    struct request *req = change->req;
    struct file_given file;
    enum api_rc rc = file_given_store(req, &activity_file_content, pair, &file);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "INSERT INTO activity_file (activity_id, name, size, content) VALUES "
                            "($1, $2, $3, $4)");
    db_bind_int(stmt, 1, change->id);
    db_bind_textz(stmt, 2, file.name);
    db_bind_int(stmt, 3, (int64_t)file.size);
    db_bind_textz(stmt, 4, file.content);
    return api_db(req, db_run(stmt));
}

struct stored {
    int64_t id;
    char content[FILE_HASH_HEX];
};

static enum api_rc read_stored(struct request *req, int64_t activity_id, struct stored **files,
                               size_t *count)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT id, content FROM activity_file WHERE activity_id = $1 ORDER BY id");
    db_bind_int(stmt, 1, activity_id);
    size_t cap = 0;
    enum db_rc rc;
    *files = NULL;
    for (*count = 0; (rc = db_step(stmt)) == DB_ROW; ++*count) {
        if (*count == cap) {
            cap = cap ? cap * 2 : 8;
            struct stored *more = arena_alloc(req->arena, cap * sizeof *more);
            if (*count)
                memcpy(more, *files, *count * sizeof *more);
            *files = more;
        }
        (*files)[*count].id = db_int(stmt, 0);
        snprintf((*files)[*count].content, FILE_HASH_HEX, "%s", db_text(stmt, 1, NULL));
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc remove_file(struct request *req, const struct stored *file)
{
    struct db_stmt *stmt = db_prepare(req->db, "DELETE FROM activity_file WHERE id = $1");
    db_bind_int(stmt, 1, file->id);
    file_drop_add(req, file->content);
    return api_db(req, db_run(stmt));
}

static bool listed(const struct value *files, int64_t id)
{
    int64_t kept;
    for (size_t i = 0; files && i < files->array.count; i++) {
        const struct value *item = files->array.items[i].value;
        if (!file_given_pair(item) && kept_id(item, &kept) && kept == id)
            return true;
    }
    return false;
}

/* An id that is none of the activity's files would be a file that is lost in silence. */
static bool all_stored(const struct value *files, const struct stored *stored, size_t count)
{
    for (size_t i = 0; files && i < files->array.count; i++) {
        const struct value *item = files->array.items[i].value;
        int64_t id = 0;
        size_t at = 0;
        if (file_given_pair(item) || !kept_id(item, &id))
            continue;
        while (at < count && stored[at].id != id)
            at++;
        if (at == count)
            return false;
    }
    return true;
}

/* FILES given replaces the set: pairs are added, ids stay, what is not named goes. */
static enum api_rc store(struct change *change, const struct relation *relation, void *slot)
{
    struct request *req = change->req;
    const char *name;
    const struct value *files = given_files(change, &name);
    struct stored *stored = NULL;
    size_t count = 0;
    (void)relation, (void)slot;
    if (!files)
        return API_OK;
    files = value_is_empty(files) ? NULL : as_list(req, files);
    enum api_rc rc = change->is_add ? API_OK : read_stored(req, change->id, &stored, &count);
    if (rc == API_OK && !all_stored(files, stored, count))
        rc = invalid(req, name);
    for (size_t i = 0; files && i < files->array.count && rc == API_OK; i++) {
        const struct value *pair = file_given_pair(files->array.items[i].value);
        if (pair)
            rc = add_file(change, pair);
    }
    for (size_t i = 0; i < count && rc == API_OK; i++) {
        if (!listed(files, stored[i].id))
            rc = remove_file(req, &stored[i]);
    }
    return rc;
}

static enum api_rc remove_all(struct request *req, const struct entity *entity,
                              const struct relation *relation, int64_t activity_id)
{
    struct stored *stored;
    size_t count;
    (void)entity, (void)relation;
    enum api_rc rc = read_stored(req, activity_id, &stored, &count);
    for (size_t i = 0; i < count && rc == API_OK; i++)
        rc = remove_file(req, &stored[i]);
    return rc;
}

/* ---- addresses ---- */

enum api_rc activity_file_find(struct request *req, const char **hash, const char **name)
{
    int64_t file_id, activity_id, type = ACTIVITY_TYPE;
    if (!param_int(req, "fileId", &file_id) || !param_int(req, "ownerId", &activity_id) ||
        (param_get(req, "ownerTypeId") && !param_int(req, "ownerTypeId", &type)) ||
        type != ACTIVITY_TYPE)
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    enum permit_sight sight;
    enum api_rc may = activity_permit_sight(req, activity_id, ACCESS_READ, &sight);
    if (may != API_OK)
        return may;
    if (sight != PERMIT_FREE)
        return api_fail(req, sight == PERMIT_REFUSED ? API_ERR_ACCESS_DENIED : API_ERR_NOT_FOUND,
                        NULL);
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT content, name FROM activity_file WHERE id = $1 AND activity_id = $2");
    db_bind_int(stmt, 1, file_id);
    db_bind_int(stmt, 2, activity_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        *hash = request_text(req, stmt, 0, NULL);
        *name = request_text(req, stmt, 1, NULL);
    }
    db_finish(stmt);
    if (rc == DB_NONE)
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    return api_db(req, rc);
}

/* ---- answering ---- */

static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    struct relation_page *page;
    (void)entity, (void)field;
    enum api_rc rc =
        relation_page_load(req, "SELECT activity_id, id FROM activity_file WHERE activity_id IN (",
                           "id", 1, ids, count, &page);
    *loaded = page;
    return rc;
}

/* STORAGE_ELEMENT_IDS, which is hidden, shows as the list it is about. */
static void write(struct request *req, const struct field *field, const char *key, void *loaded,
                  int64_t id)
{
    struct writer *out = req->out;
    writer_keyz(out, field->flags & FIELD_HIDDEN ? "FILES" : key);
    writer_begin_list(out);
    for (const struct relation_row *row = relation_page_first(loaded, id); row; row = row->next) {
        int64_t file_id = relation_int(row, 0);
        const struct signed_param params[] = {
            {"fileId", file_id}, {"ownerTypeId", ACTIVITY_TYPE}, {"ownerId", id}, {NULL, 0}};
        writer_begin_object(out);
        writer_keyz(out, "id");
        writer_int(out, file_id);
        writer_keyz(out, "url");
        writer_stringz(out, signature_address(req, ACTIVITY_FILE_PATH, params));
        writer_end_object(out);
    }
    writer_end_list(out);
}

static const struct relation_kind kind = {
    .schema =
        "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\""
        "integer\"},\"url\":{\"type\":\"string\"}},\"required\":[\"id\",\"url\"],\"additionalPr"
        "operties\":false}}",
    .takes = FILE_TAKES("A list of {fileData: [name, Base64]}, and ids of those that stay"),
    .parse = parse,
    .store = store,
    .remove = remove_all,
    .load = load,
    .write = write,
    .prepare = prepare};
const struct relation activity_files = {.kind = &kind,
                                        .name = "FILES",
                                        .rows = "files",
                                        .table = "activity_file",
                                        .own = "activity_id"};

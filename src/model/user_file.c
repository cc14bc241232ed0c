#include "model/user_file.h"

#include <string.h>

#include "model/permit.h"
#include "model/registry.h"
#include "model/row.h"
#include "people/signature.h"
#include "portal/file_given.h"

const struct file_reference user_field_content = {"user_field_file", "content", "file",
                                                  "custom field", "field_id"};
FILE_COLUMN(user_field_content);

/* ---- what was given ---- */

/* ["5", "6"] of a multiple field are ids, and no file "5". */
static bool are_ids(const struct value *pair)
{
    int64_t id;
    return value_to_int(value_get(pair, "0"), &id) && value_to_int(value_get(pair, "1"), &id);
}

enum user_file_wish user_file_wish(const struct value *given, int64_t *id,
                                   const struct value **pair)
{
    bool remove = false;
    *pair = NULL;
    if (value_is_empty(given))
        return USER_FILE_NONE;
    if (!value_is_array(given))
        return value_to_int(given, id) && *id > 0 ? USER_FILE_KEPT : USER_FILE_WRONG;
    *pair = file_given_pair(given);
    if (*pair && !are_ids(*pair))
        return USER_FILE_NEW;
    if (value_to_flag(value_get_nocase(given, "remove"), &remove) && remove)
        return USER_FILE_NONE;
    return value_to_int(value_get_nocase(given, "id"), id) && *id > 0 ? USER_FILE_KEPT
                                                                      : USER_FILE_WRONG;
}

/* Content that takes long to decode and sync, wherever it stands. */
static void prepare(struct request *req, const struct value *given, int depth)
{
    enum { LONG_BYTES = 4096 };
    const struct value *pair = value_is_array(given) ? file_given_pair(given) : NULL;
    if (pair && value_get(pair, "1")->string.len >= LONG_BYTES)
        file_given_prepare(req, pair);
    for (size_t i = 0; !pair && depth && value_is_array(given) && i < given->array.count; i++)
        prepare(req, given->array.items[i].value, depth - 1);
}

void user_file_prepare(struct request *req)
{
    const struct value *fields = param_get(req, "fields");
    for (size_t i = 0; value_is_array(fields) && i < fields->array.count; i++) {
        const struct value_item *item = &fields->array.items[i];
        if (!strncmp(item->key, "UF_", 3) || !strncmp(item->key, "ufCrm", 5))
            prepare(req, item->value, 1);
    }
}

/* ---- storing ---- */

enum api_rc user_file_store(struct request *req, const struct field *field,
                            const struct value *pair, int64_t *id)
{
    struct file_given file;
    enum api_rc rc = file_given_store(req, &user_field_content, pair, &file);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "INSERT INTO user_field_file (field_id, name, size, content) VALUES "
                            "($1, $2, $3, $4) RETURNING id");
    db_bind_int(stmt, 1, field->custom->id);
    db_bind_textz(stmt, 2, file.name);
    db_bind_int(stmt, 3, (int64_t)file.size);
    db_bind_textz(stmt, 4, file.content);
    enum db_rc step = db_step(stmt);
    *id = step == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, step);
}

/* A file is one row's: another's cannot be named. */
static enum api_rc take(struct request *req, const struct field *field, int64_t row_id,
                        const struct cell *cell)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "UPDATE user_field_file SET row_id = $1 WHERE id = $2 AND field_id = $3 "
                 "AND (row_id IS NULL OR row_id = $4)");
    db_bind_int(stmt, 1, row_id);
    db_bind_int(stmt, 2, cell->integer);
    db_bind_int(stmt, 3, field->custom->id);
    db_bind_int(stmt, 4, row_id);
    enum api_rc rc = api_db(req, db_run(stmt));
    if (rc == API_OK && !db_changes(req->db))
        rc = row_refuse(req, API_ERR_METHOD, field, cell);
    return rc;
}

static bool is_kept(const struct cell *cells, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (cells[i].integer == id)
            return true;
    }
    return false;
}

static enum api_rc drop(struct request *req, int64_t id)
{
    struct db_stmt *stmt = db_prepare(req->db, "DELETE FROM user_field_file WHERE id = $1");
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

enum api_rc user_file_settle(struct request *req, const struct field *field, int64_t row_id,
                             const struct cell *cells, size_t count)
{
    struct gone {
        struct gone *next;
        int64_t id;
    } *gone = NULL;
    enum api_rc rc = API_OK;
    enum db_rc step;
    for (size_t i = 0; i < count && rc == API_OK; i++)
        rc = take(req, field, row_id, &cells[i]);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT id, content FROM user_field_file WHERE field_id = $1 AND row_id = $2");
    db_bind_int(stmt, 1, field->custom->id);
    db_bind_int(stmt, 2, row_id);
    while ((step = db_step(stmt)) == DB_ROW) {
        if (is_kept(cells, count, db_int(stmt, 0)))
            continue;
        struct gone *one = arena_zalloc(req->arena, sizeof *one);
        *one = (struct gone){gone, db_int(stmt, 0)};
        gone = one;
        file_drop_add(req, db_text(stmt, 1, NULL));
    }
    db_finish(stmt);
    rc = api_db(req, step);
    for (; gone && rc == API_OK; gone = gone->next)
        rc = drop(req, gone->id);
    return rc;
}

/* ---- addresses ---- */

const char *user_file_address(struct request *req, int64_t id)
{
    const struct signed_param params[] = {{"fileId", id}, {NULL, 0}};
    return signature_address(req, USER_FILE_PATH, params);
}

static const struct entity *entity_with(const struct request *req, const char *entity_id)
{
    for (const struct entity *const *entity = entity_all(req); *entity; entity++) {
        if ((*entity)->user_fields && !strcmp((*entity)->user_fields, entity_id))
            return *entity;
    }
    return NULL;
}

/* Whoever may read the row may read its files. */
static enum api_rc may_read(struct request *req, int64_t field_id, int64_t row_id)
{
    const struct user_field *field = user_field_find(req, field_id);
    const struct entity *entity = field ? entity_with(req, field->entity_id) : NULL;
    bool may = false;
    if (!entity || !row_id)
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    enum api_rc rc = permit_reads(req, entity, row_id, &may);
    return rc == API_OK && !may ? api_fail(req, API_ERR_ACCESS_DENIED, NULL) : rc;
}

enum api_rc user_file_find(struct request *req, const char **hash, const char **name)
{
    int64_t id, field_id = 0, row_id = 0;
    if (!param_int(req, "fileId", &id))
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT content, name, field_id, row_id FROM user_field_file WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        *hash = request_text(req, stmt, 0, NULL);
        *name = request_text(req, stmt, 1, NULL);
        field_id = db_int(stmt, 2);
        row_id = db_int(stmt, 3);
    }
    db_finish(stmt);
    if (rc == DB_NONE)
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    return rc == DB_ROW ? may_read(req, field_id, row_id) : api_db(req, rc);
}

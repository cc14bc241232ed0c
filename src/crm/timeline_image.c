#include "crm/timeline_image.h"

#include <string.h>

#include "people/signature.h"
#include "portal/file_given.h"

#define CODE_BYTES 100

const struct file_reference timeline_image_content = {"timeline_image", "content", "image",
                                                      "timeline image", "id"};
FILE_COLUMN(timeline_image_content);

static enum api_rc missing(struct request *req, const struct timeline_image_kind *kind,
                           const char *code)
{
    return api_fail(req, API_ERR_ITEM_NOT_FOUND, "%s not found for code `%.100s`", kind->title,
                    code);
}

/* ---- writing ---- */

static bool is_png(struct request *req, const struct value *content)
{
    static const unsigned char mark[] = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
    size_t len;
    if (!content || content->type != VALUE_STRING)
        return false;
    const unsigned char *bytes =
        file_decode(req->arena, content->string.text, content->string.len, &len);
    return bytes && len > sizeof mark && !memcmp(bytes, mark, sizeof mark);
}

static enum api_rc remove_image(struct request *req, const struct timeline_image_kind *kind,
                                const char *code, bool *found)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "DELETE FROM timeline_image WHERE kind = $1 AND code = $2 RETURNING content");
    enum db_rc rc;
    *found = false;
    db_bind_textz(stmt, 1, kind->kind);
    db_bind_textz(stmt, 2, code);
    while ((rc = db_step(stmt)) == DB_ROW) {
        file_drop_add(req, db_text(stmt, 0, NULL));
        *found = true;
    }
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc timeline_image_put(struct request *req, const struct timeline_image_kind *kind,
                               const char *code, const struct value *content)
{
    struct value *pair = value_array(req->arena);
    struct file_given file;
    bool replaced;
    if (!is_png(req, content))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "Invalid fileContent parameter specified");
    if (strlen(code) > CODE_BYTES)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "The code is longer than %d bytes",
                        CODE_BYTES);
    value_push(req->arena, pair, value_string(req->arena, kind->kind, strlen(kind->kind)));
    value_push(req->arena, pair, (struct value *)(uintptr_t)content);
    enum api_rc rc = file_given_store(req, &timeline_image_content, pair, &file);
    if (rc == API_OK)
        rc = remove_image(req, kind, code, &replaced);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO timeline_image (kind, code, size, content) VALUES ($1, $2, "
                 "$3, $4)");
    db_bind_textz(stmt, 1, kind->kind);
    db_bind_textz(stmt, 2, code);
    db_bind_int(stmt, 3, (int64_t)file.size);
    db_bind_textz(stmt, 4, file.content);
    return api_db(req, db_run(stmt));
}

enum api_rc timeline_image_delete(struct request *req, const struct timeline_image_kind *kind,
                                  const char *code)
{
    bool found;
    enum api_rc rc = remove_image(req, kind, code, &found);
    return rc == API_OK && !found ? missing(req, kind, code) : rc;
}

/* ---- reading ---- */

static void write_image(struct request *req, struct db_stmt *stmt)
{
    const struct signed_param params[] = {{"fileId", db_int(stmt, 0)}, {NULL, 0}};
    size_t len;
    const char *code = db_text(stmt, 1, &len);
    writer_begin_object(req->out);
    writer_keyz(req->out, "code");
    writer_string(req->out, code, len);
    writer_keyz(req->out, "isSystem");
    writer_bool(req->out, false);
    writer_text(req->out, "fileUri", signature_address(req, TIMELINE_IMAGE_PATH, params));
    writer_end_object(req->out);
}

enum api_rc timeline_image_show(struct request *req, const struct timeline_image_kind *kind,
                                const char *code)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT id, code FROM timeline_image WHERE kind = $1 AND code = $2");
    db_bind_textz(stmt, 1, kind->kind);
    db_bind_textz(stmt, 2, code);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        writer_begin_object(req->out);
        writer_keyz(req->out, kind->kind);
        write_image(req, stmt);
        writer_end_object(req->out);
    }
    db_finish(stmt);
    return rc == DB_NONE ? missing(req, kind, code) : api_db(req, rc);
}

enum api_rc timeline_image_list(struct request *req, const struct timeline_image_kind *kind)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT id, code FROM timeline_image WHERE kind = $1 ORDER BY code");
    enum db_rc rc;
    req->total = 0;
    db_bind_textz(stmt, 1, kind->kind);
    writer_begin_object(req->out);
    writer_keyz(req->out, kind->many);
    writer_begin_list(req->out);
    while ((rc = db_step(stmt)) == DB_ROW) {
        req->total++;
        write_image(req, stmt);
    }
    writer_end_list(req->out);
    writer_end_object(req->out);
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc timeline_image_find(struct request *req, const char **hash, const char **name)
{
    int64_t id;
    if (!param_int(req, "fileId", &id))
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT content, code FROM timeline_image WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        *hash = request_text(req, stmt, 0, NULL);
        *name = arena_printf(req->arena, "%s.png", request_text(req, stmt, 1, NULL));
    }
    db_finish(stmt);
    return rc == DB_NONE ? api_fail(req, API_ERR_NOT_FOUND, NULL) : api_db(req, rc);
}

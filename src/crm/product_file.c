#include "crm/product_file.h"

#include <string.h>

#include "model/permit.h"
#include "model/registry.h"
#include "model/type/common.h"
#include "model/user_file.h"
#include "people/signature.h"
#include "portal/file_given.h"
#include "portal/migrate.h"

/* product_id is null until the product has its values: a new one has its id only then. */
MIGRATION(085_product_file,
          "CREATE TABLE product_file (\n"
          "  id {ID},\n"
          "  property_id {INT} NOT NULL,\n"
          "  product_id {INT},\n"
          "  name {TEXT} NOT NULL,\n"
          "  size {INT} NOT NULL,\n"
          "  content {TEXT} NOT NULL\n"
          ");\n"
          "CREATE INDEX product_file_product ON product_file (product_id, property_id);\n"
          "CREATE INDEX product_file_property ON product_file (property_id);\n"
          "CREATE INDEX product_file_content ON product_file (content);\n");

const struct file_reference product_file_content = {"product_file", "content", "file",
                                                    "property of products", "property_id"};
FILE_COLUMN(product_file_content);

/* ---- values ---- */

/* What is given is read by crm/property_value, which knows the property. */
static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    (void)req, (void)field;
    return value_to_int(value, &cell->integer);
}

static void write(struct request *req, const struct field *field, const struct cell *cell)
{
    const struct signed_param params[] = {{"fileId", cell->integer}, {NULL, 0}};
    const char *address = signature_address(req, PRODUCT_FILE_PATH, params);
    (void)field;
    writer_begin_object(req->out);
    writer_number(req->out, "id", cell->integer);
    writer_text(req->out, "showUrl", address);
    writer_text(req->out, "downloadUrl", address);
    writer_end_object(req->out);
}

#define SCHEMA                                                                                     \
    "{\"type\":[\"object\",\"null\"],\"properties\":{\"id\":{\"type\":\"integer\"},\"showUrl\":{"  \
    "\"type\":\"string\"},\"downloadUrl\":{\"type\":\"string\"}}}"

const struct field_type type_product_file = {
    .name = "file of a product",
    .storage = STORE_INT,
    .classic = {write, type_none_null, SCHEMA},
    .item = {write, type_none_null, SCHEMA},
    .take = take,
    .asks_empty = type_asks_zero,
    .empty = "0",
    .bind = type_bind_int,
    .sql_text = type_sql_int,
};

bool product_file_is_one(const struct value *given)
{
    return file_given_pair(given) || value_get_nocase(given, "remove") ||
           value_get_nocase(given, "id");
}

enum api_rc product_file_store(struct request *req, int64_t property_id, const struct value *pair,
                               int64_t *id)
{
    struct file_given file;
    enum api_rc rc = file_given_store(req, &product_file_content, pair, &file);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "INSERT INTO product_file (property_id, name, size, content) VALUES "
                            "($1, $2, $3, $4) RETURNING id");
    db_bind_int(stmt, 1, property_id);
    db_bind_textz(stmt, 2, file.name);
    db_bind_int(stmt, 3, (int64_t)file.size);
    db_bind_textz(stmt, 4, file.content);
    enum db_rc step = db_step(stmt);
    *id = step == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, step);
}

/* The statement ends with RETURNING content. */
static enum api_rc drop(struct request *req, const char *sql, int64_t first, int64_t second)
{
    struct db_stmt *stmt = db_prepare(req->db, sql);
    enum db_rc rc;
    db_bind_int(stmt, 1, first);
    if (second)
        db_bind_int(stmt, 2, second);
    while ((rc = db_step(stmt)) == DB_ROW)
        file_drop_add(req, db_text(stmt, 0, NULL));
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc product_file_settle(struct request *req, int64_t product_id, int64_t property_id)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "UPDATE product_file SET product_id = $1 WHERE property_id = $2 AND product_id IS "
                 "NULL AND id IN (SELECT CAST(number AS BIGINT) FROM product_property_value WHERE "
                 "product_id = $1 AND property_id = $2)");
    db_bind_int(stmt, 1, product_id);
    db_bind_int(stmt, 2, property_id);
    enum api_rc rc = api_db(req, db_run(stmt));
    return rc != API_OK
               ? rc
               : drop(req,
                      "DELETE FROM product_file WHERE product_id = $1 AND property_id = $2 AND id "
                      "NOT IN (SELECT CAST(number AS BIGINT) FROM product_property_value WHERE "
                      "product_id = $1 AND property_id = $2) RETURNING content",
                      product_id, property_id);
}

/* ---- before the lane, and when a row goes ---- */

static void prepare_one(struct request *req, const struct value *given, int depth)
{
    const struct value *pair = value_is_array(given) ? file_given_pair(given) : NULL;
    if (pair && !value_get(given, "value"))
        file_given_prepare(req, pair);
    for (size_t i = 0; !pair && depth && value_is_array(given) && i < given->array.count; i++)
        prepare_one(req, given->array.items[i].value, depth - 1);
}

/* The portal's properties are not known here: what looks like a file of one is. PROPERTY_12: [{value: {fileData}}]. */
static void prepare(struct request *req, const struct entity *entity,
                    const struct relation *relation, const struct value *fields)
{
    (void)entity, (void)relation;
    for (size_t i = 0; value_is_array(fields) && i < fields->array.count; i++) {
        if (!strncmp(fields->array.items[i].key, "PROPERTY_", 9))
            prepare_one(req, fields->array.items[i].value, 2);
    }
}

static enum api_rc remove_of_product(struct request *req, const struct entity *entity,
                                     const struct relation *relation, int64_t id)
{
    (void)entity, (void)relation;
    return drop(req, "DELETE FROM product_file WHERE product_id = $1 RETURNING content", id, 0);
}

static enum api_rc remove_of_property(struct request *req, const struct entity *entity,
                                      const struct relation *relation, int64_t id)
{
    (void)entity, (void)relation;
    return drop(req, "DELETE FROM product_file WHERE property_id = $1 RETURNING content", id, 0);
}

const struct relation product_files = {
    .kind = &(const struct relation_kind){.prepare = prepare, .remove = remove_of_product},
    .table = "product_file"};
const struct relation property_files = {
    .kind = &(const struct relation_kind){.remove = remove_of_property}, .table = "product_file"};

/* ---- the page ---- */

static const struct entity *entity_of_products(const struct request *req)
{
    const struct entity *const *entity = entity_all(req);
    while (*entity && !relation_has(*entity, &product_files))
        entity++;
    return *entity;
}

/* Whoever may read the product may read its files. */
enum api_rc product_file_find(struct request *req, const char **hash, const char **name)
{
    int64_t id, product_id = 0;
    bool may = false;
    if (!param_int(req, "fileId", &id))
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    struct db_stmt *stmt = db_prepare(req->db, "SELECT content, name, product_id FROM product_file "
                                               "WHERE id = $1 AND product_id IS NOT NULL");
    db_bind_int(stmt, 1, id);
    enum db_rc step = db_step(stmt);
    if (step == DB_ROW) {
        *hash = request_text(req, stmt, 0, NULL);
        *name = request_text(req, stmt, 1, NULL);
        product_id = db_int(stmt, 2);
    }
    db_finish(stmt);
    if (step != DB_ROW)
        return step == DB_NONE ? api_fail(req, API_ERR_NOT_FOUND, NULL) : api_db(req, step);
    enum api_rc rc = permit_reads(req, entity_of_products(req), product_id, &may);
    return rc == API_OK && !may ? api_fail(req, API_ERR_ACCESS_DENIED, NULL) : rc;
}

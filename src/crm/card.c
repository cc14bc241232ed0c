#include "crm/card.h"

#include <string.h>

#include "base/limits.h"

/* ---- what was given ---- */

/* A text that is not empty; NULL: there is none. */
static const char *text_of(struct request *req, const struct value *array, const char *name)
{
    size_t len = 0;
    const struct value *value = value_get(array, name);
    const char *text = value_is_empty(value) ? NULL : value_to_text(req->arena, value, &len);
    return len ? text : NULL;
}

static enum api_rc element_json(struct request *req, struct writer *w, const struct value *element,
                                size_t section, size_t at)
{
    const char *name = text_of(req, element, "name");
    const struct value *options = value_get(element, "options");
    int64_t flags = 0;
    if (!name)
        return api_fail(req, API_ERR_METHOD,
                        "Element at index %zu in section at index %zu does not have name.", at,
                        section);
    value_to_int(value_get(element, "optionFlags"), &flags);
    writer_begin_object(w);
    writer_text(w, "name", name);
    writer_text(w, "optionFlags", flags ? "1" : "0");
    if (value_is_array(options) && options->array.count) {
        writer_keyz(w, "options");
        writer_value(w, options);
    }
    writer_end_object(w);
    return API_OK;
}

static enum api_rc section_json(struct request *req, struct writer *w, const struct value *section,
                                size_t at)
{
    const char *type = text_of(req, section, "type");
    const char *name = text_of(req, section, "name"), *title = text_of(req, section, "title");
    const struct value *elements = value_get(section, "elements");
    enum api_rc rc = API_OK;
    if (!type || strcmp(type, "section") != 0)
        return api_fail(req, API_ERR_METHOD,
                        "Section at index %zu have type %.100s. The expected type is 'section'.",
                        at, type ? type : "");
    if (!name)
        return api_fail(req, API_ERR_METHOD, "Section at index %zu does not have name.", at);
    if (!title)
        return api_fail(req, API_ERR_METHOD, "Section at index %zu does not have title.", at);
    writer_begin_object(w);
    writer_text(w, "name", name);
    writer_text(w, "title", title);
    writer_text(w, "type", type);
    writer_keyz(w, "elements");
    writer_begin_list(w);
    for (size_t i = 0; value_is_array(elements) && i < elements->array.count && rc == API_OK; i++)
        rc = element_json(req, w, elements->array.items[i].value, at, i);
    writer_end_list(w);
    writer_end_object(w);
    return rc;
}

static enum api_rc sections_json(struct request *req, const struct value *data, struct buf *json)
{
    struct writer w;
    enum api_rc rc = API_OK;
    if (!value_is_array(data))
        return api_fail_text(req, "Parameter 'data' must be array.");
    if (!data->array.count)
        return api_fail_text(req, "There are no data to write.");
    if (!value_is_list(data))
        return api_fail_text(req, "The data must be indexed array.");
    writer_init(&w, json);
    writer_begin_list(&w);
    for (size_t i = 0; i < data->array.count && rc == API_OK; i++)
        rc = section_json(req, &w, data->array.items[i].value, i);
    writer_end_list(&w);
    if (rc == API_OK && json->len > LIMIT_OBJECT_BYTES)
        rc = api_fail(req, API_ERR_METHOD, "The data is longer than %zu bytes",
                      (size_t)LIMIT_OBJECT_BYTES);
    return rc;
}

/* ---- the table ---- */

static struct db_stmt *prepare_for(struct request *req, const char *sql, const struct card *card)
{
    struct db_stmt *stmt = db_prepare(req->db, sql);
    db_bind_int(stmt, 1, card->type_id);
    db_bind_int(stmt, 2, card->variant);
    return stmt;
}

enum api_rc card_find(struct request *req, const struct card *card, const char **json)
{
    struct db_stmt *stmt =
        prepare_for(req,
                    "SELECT data FROM card_configuration WHERE entity_type_id = $1 AND variant = "
                    "$2 AND user_id = $3",
                    card);
    db_bind_int(stmt, 3, card->user_id);
    enum db_rc rc = db_step(stmt);
    *json = rc == DB_ROW ? request_text(req, stmt, 0, NULL) : NULL;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc card_set(struct request *req, const struct card *card, const struct value *data)
{
    struct buf json = {0};
    enum api_rc rc = sections_json(req, data, &json);
    if (rc == API_OK) {
        struct db_stmt *stmt = prepare_for(
            req,
            "INSERT INTO card_configuration (entity_type_id, variant, user_id, data) VALUES ($1, "
            "$2, $3, $4) ON CONFLICT (entity_type_id, variant, user_id) DO UPDATE SET data = "
            "EXCLUDED.data",
            card);
        db_bind_int(stmt, 3, card->user_id);
        db_bind_text(stmt, 4, json.data, json.len);
        rc = api_db(req, db_run(stmt));
    }
    buf_clear(&json);
    return rc;
}

enum api_rc card_reset(struct request *req, const struct card *card)
{
    struct db_stmt *stmt =
        prepare_for(req,
                    "DELETE FROM card_configuration WHERE entity_type_id = $1 AND variant = $2 AND "
                    "user_id = $3",
                    card);
    db_bind_int(stmt, 3, card->user_id);
    return api_db(req, db_run(stmt));
}

enum api_rc card_force_common(struct request *req, const struct card *card)
{
    return api_db(req, db_run(prepare_for(req,
                                          "DELETE FROM card_configuration WHERE entity_type_id = "
                                          "$1 AND variant = $2 AND user_id <> 0",
                                          card)));
}

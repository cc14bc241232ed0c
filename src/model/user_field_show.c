#include "model/user_field_show.h"

#include <string.h>

#include "model/query.h"

#define LINE(NAME, KIND, COLUMN)                                                                   \
    {                                                                                              \
        .name = NAME, .type = "string", .title = NAME, .kind = KIND, .column = COLUMN              \
    }

static const struct field fields[] = {
    LINE("ID", FIELD_INT, "id"),
    LINE("ENTITY_ID", FIELD_TEXT, "entity_id"),
    LINE("FIELD_NAME", FIELD_TEXT, "field_name"),
    LINE("USER_TYPE_ID", FIELD_TEXT, "user_type_id"),
    LINE("XML_ID", FIELD_TEXT, "xml_id"),
    LINE("SORT", FIELD_INT, "sort"),
    LINE("MULTIPLE", FIELD_FLAG, "multiple"),
    LINE("MANDATORY", FIELD_FLAG, "mandatory"),
    LINE("SHOW_FILTER", FIELD_TEXT, "show_filter"),
    LINE("SHOW_IN_LIST", FIELD_FLAG, "show_in_list"),
    LINE("EDIT_IN_LIST", FIELD_FLAG, "edit_in_list"),
    LINE("IS_SEARCHABLE", FIELD_FLAG, "is_searchable"),
};

const struct entity user_field_entity = {.name = "custom field",
                                         .table = "user_field",
                                         .fields = fields,
                                         .field_count = sizeof fields / sizeof fields[0],
                                         .default_order = "SORT"};

/* ---- search ---- */

static void push(struct request *req, struct user_field_page *page, int64_t id)
{
    if (!(page->count & (page->count + 1))) { /* full: 0, 1, 3, 7 ... places */
        int64_t *ids = arena_alloc(req->arena, (2 * page->count + 1) * sizeof *ids);
        if (page->count)
            memcpy(ids, page->ids, page->count * sizeof *ids);
        page->ids = ids;
    }
    page->ids[page->count++] = id;
}

static enum api_rc read_ids(struct query *query, struct user_field_page *page)
{
    struct request *req = query->req;
    struct buf sql = {0};
    buf_adds(&sql, "SELECT t.id FROM user_field t");
    query_sql_where(query, &sql);
    query_sql_order(&sql, query->entity, page->order);
    int at = query->bind_count + 1;
    if (page->limit)
        buf_printf(&sql, " LIMIT $%d OFFSET $%d", at, at + 1);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    query_bind_all(query, stmt);
    if (page->limit) {
        db_bind_int(stmt, at, page->limit);
        db_bind_int(stmt, at + 1, page->start > 0 ? page->start : 0);
    }
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW)
        push(req, page, db_int(stmt, 0));
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc user_field_search(struct request *req, struct user_field_page *page)
{
    struct query query;
    query_init(&query, req, &user_field_entity);
    query_and(&query);
    buf_adds(&query.where, "t.removed IS NULL");
    if (page->entity_id) {
        query_and(&query);
        buf_printf(&query.where, "t.entity_id = $%d",
                   query_bind_text(&query, page->entity_id, strlen(page->entity_id)));
    }
    enum api_rc rc = query_filter(&query, page->filter);
    if (rc == API_OK)
        rc = read_ids(&query, page);
    page->total = (int64_t)page->count;
    if (rc == API_OK && page->limit && page->start >= 0)
        rc = query_count(&query, &page->total);
    query_clear(&query);
    return rc;
}

/* ---- show ---- */

static void write_number(struct writer *out, const char *key, int64_t number)
{
    writer_keyz(out, key);
    writer_int_string(out, number);
}

static void write_flag(struct writer *out, const char *key, bool flag)
{
    writer_text(out, key, flag ? "Y" : "N");
}

void user_field_write_members(struct writer *out, const struct user_field *field)
{
    write_number(out, "ID", field->id);
    writer_text(out, "ENTITY_ID", field->entity_id);
    writer_text(out, "FIELD_NAME", field->name);
    writer_text(out, "USER_TYPE_ID", field->type_id);
    writer_keyz(out, "XML_ID");
    if (field->xml_id)
        writer_stringz(out, field->xml_id);
    else
        writer_null(out);
    write_number(out, "SORT", field->sort);
    write_flag(out, "MULTIPLE", field->multiple);
    write_flag(out, "MANDATORY", field->mandatory);
    writer_keyz(out, "SHOW_FILTER");
    writer_string(out, &field->show_filter, 1);
    write_flag(out, "SHOW_IN_LIST", field->show_in_list);
    write_flag(out, "EDIT_IN_LIST", field->edit_in_list);
    write_flag(out, "IS_SEARCHABLE", field->is_searchable);
    writer_keyz(out, "SETTINGS");
    writer_value(out, field->settings);
}

void user_field_write_list(struct writer *out, const struct user_field *field)
{
    if (!field->type->listed)
        return;
    writer_keyz(out, "LIST");
    writer_begin_list(out);
    for (size_t i = 0; i < field->item_count; i++) {
        const struct user_field_item *item = &field->items[i];
        writer_begin_object(out);
        write_number(out, "ID", item->id);
        write_number(out, "SORT", item->sort);
        writer_text(out, "VALUE", item->value);
        write_flag(out, "DEF", item->def);
        writer_text(out, "XML_ID", item->xml_id);
        writer_end_object(out);
    }
    writer_end_list(out);
}

void user_field_write_labels(struct request *req, const struct user_field *field,
                             const char *language)
{
    for (size_t i = 0; i < USER_LABEL_COUNT; i++) {
        writer_keyz(req->out, user_label_names[i]);
        const char *text = language ? user_label(req->arena, field, i, language) : "";
        if (language && *text) {
            writer_stringz(req->out, text);
        } else if (language) {
            writer_null(req->out);
        } else {
            writer_begin_object(req->out);
            for (const char *const *one = user_languages; *one; one++)
                writer_text(req->out, *one, user_label(req->arena, field, i, *one));
            writer_end_object(req->out);
        }
    }
}

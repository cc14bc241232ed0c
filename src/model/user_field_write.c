#include "model/user_field_write.h"

#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "model/catalog.h"
#include "model/event_kind.h"
#include "model/side.h"
#include "model/user_field_list.h"
#include "model/user_type_app.h"

/* What is written into the row; of a change, what stands there and what was given. */
struct draft {
    const struct user_field_owner *owner;
    const struct user_field *old; /* NULL: it is made */
    const char *name, *type_id;
    const struct user_type *type;
    const char *xml_id;
    int64_t sort;
    const char *multiple, *mandatory, *show_filter, *show_in_list, *edit_in_list, *is_searchable;
    struct value *settings;
    const char *settings_text, *labels;
    bool items_given;
};

/* ---- names ---- */

static const char *upper(struct request *req, const char *text)
{
    char *copy = arena_strndup(req->arena, text, strlen(text));
    for (char *at = copy; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return copy;
}

const char *user_field_name(struct request *req, const struct user_field_owner *owner,
                            const char *given)
{
    const char *name = upper(req, given);
    if (!strncmp(name, owner->prefix, strlen(owner->prefix)))
        return name;
    if (!strncmp(name, "UF_", 3))
        name += 3;
    return arena_printf(req->arena, "%s%s", owner->prefix, name);
}

static const char *given_text(struct request *req, const struct value *fields, const char *key)
{
    size_t len = 0;
    const char *text = value_to_text(req->arena, value_get(fields, key), &len);
    return text && len ? text : NULL;
}

static enum api_rc no_field(struct request *req, const char *name)
{
    return api_fail_text(req, arena_printf(req->arena, "The '%s' field is not found.", name));
}

static enum api_rc name_free(struct request *req, const struct draft *draft)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT sum(CASE WHEN field_name = $1 THEN 1 ELSE 0 END), count(*) FROM "
                 "user_field WHERE entity_id = $2 AND removed IS NULL");
    db_bind_textz(stmt, 1, draft->name);
    db_bind_textz(stmt, 2, draft->owner->entity_id);
    enum db_rc rc = db_step(stmt);
    int64_t same = rc == DB_ROW ? db_int(stmt, 0) : 0, all = rc == DB_ROW ? db_int(stmt, 1) : 0;
    db_finish(stmt);
    if (rc != DB_ROW)
        return api_db(req, rc);
    if (same)
        return api_fail(req, API_ERR_CORE, "The field %s for the %s object already exists.",
                        draft->name, draft->owner->entity_id);
    if (all >= USER_FIELD_MOST)
        return api_fail(req, API_ERR_CORE,
                        "The object %s has %d custom fields, and cannot have more.",
                        draft->owner->entity_id, USER_FIELD_MOST);
    return API_OK;
}

static enum api_rc take_name(struct request *req, struct draft *draft, const struct value *fields)
{
    const char *given = given_text(req, fields, "FIELD_NAME");
    if (!given)
        return no_field(req, "FIELD_NAME");
    draft->name = user_field_name(req, draft->owner, given);
    if (utf8_length(draft->name, strlen(draft->name)) > USER_FIELD_NAME_CHARS)
        return api_fail(req, API_ERR_CORE, "Field name is too long (more than %d characters).",
                        USER_FIELD_NAME_CHARS);
    if (draft->name[strspn(draft->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")])
        return api_fail(req, API_ERR_CORE,
                        "Field name contains invalid characters. Allowed characters are: A-Z, 0-9 "
                        "and _.");
    return API_OK;
}

/* ---- flags and numbers ---- */

/* "Y" or "N": as given, else as it is, else `fallback`. */
static const char *take_flag(const struct value *fields, const char *key, const bool *old,
                             bool fallback)
{
    bool flag;
    if (!value_to_flag(value_get(fields, key), &flag))
        flag = old ? *old : fallback;
    return flag ? "Y" : "N";
}

/* N, or how the filter compares: I exactly, E by a mask, S by a part. "Y" leaves that to us. */
static const char *take_show_filter(struct request *req, const struct value *fields,
                                    const struct user_field *old)
{
    bool flag;
    const struct value *given = value_get(fields, "SHOW_FILTER");
    if (given && given->type == VALUE_STRING && given->string.len == 1 &&
        strchr("IES", toupper((unsigned char)*given->string.text)))
        return upper(req, given->string.text);
    if (value_to_flag(given, &flag))
        return flag ? "E" : "N";
    return old ? arena_strndup(req->arena, &old->show_filter, 1) : "N";
}

static void take_flags(struct request *req, struct draft *draft, const struct value *fields)
{
    const struct user_field *old = draft->old;
    bool several = old ? old->multiple : !draft->type->single;
    int64_t sort;
    /* What it holds one or many of is told once. */
    draft->multiple =
        take_flag(several && !old ? fields : NULL, "MULTIPLE", old ? &several : NULL, false);
    draft->mandatory = take_flag(fields, "MANDATORY", old ? &old->mandatory : NULL, false);
    draft->show_filter = take_show_filter(req, fields, old);
    draft->show_in_list = take_flag(fields, "SHOW_IN_LIST", old ? &old->show_in_list : NULL, true);
    draft->edit_in_list = take_flag(fields, "EDIT_IN_LIST", old ? &old->edit_in_list : NULL, true);
    draft->is_searchable =
        take_flag(fields, "IS_SEARCHABLE", old ? &old->is_searchable : NULL, false);
    draft->sort = old ? old->sort : 100;
    if (value_to_int(value_get(fields, "SORT"), &sort) && sort > 0)
        draft->sort = sort;
    draft->xml_id = old ? old->xml_id : NULL;
    if (value_get(fields, "XML_ID"))
        draft->xml_id = given_text(req, fields, "XML_ID");
}

/* ---- settings ---- */

static const char *json_text(struct request *req, const struct value *value)
{
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_value(&w, value);
    const char *text = arena_strndup(req->arena, json.data, json.len);
    buf_clear(&json);
    return text;
}

/* What a new row gets must be something that the field takes. The items of a list are none of its settings. */
static bool fallback_fits(struct request *req, const struct draft *draft)
{
    struct user_field custom = {.name = draft->name,
                                .type_id = draft->type_id,
                                .type = draft->type,
                                .multiple = *draft->multiple == 'Y',
                                .settings = draft->settings};
    struct field field;
    struct cell *cells;
    size_t count;
    user_field_make(&custom, &field);
    const struct value *value = draft->type->listed ? NULL : user_field_fallback(req, &field);
    return !value || user_field_take(req, &field, value, &cells, &count);
}

static enum api_rc take_settings(struct request *req, struct draft *draft,
                                 const struct value *fields)
{
    const struct value *given = value_get(fields, "SETTINGS");
    draft->settings = user_type_settings(req->arena, draft->type, given,
                                         draft->old ? draft->old->settings : NULL);
    enum api_rc rc = draft->type->check ? draft->type->check(req, draft->settings) : API_OK;
    if (rc != API_OK)
        return rc;
    draft->settings_text = json_text(req, draft->settings);
    if (strlen(draft->settings_text) > LIMIT_OBJECT_BYTES)
        return api_fail(req, API_ERR_CORE, "The settings are longer than %lu bytes.",
                        LIMIT_OBJECT_BYTES);
    if (!fallback_fits(req, draft))
        return api_fail(req, API_ERR_CORE, "The default value is none of the field's type.");
    return API_OK;
}

/* ---- labels: of all languages together ("") and of those that differ ---- */

static void put(struct request *req, struct value *array, const char *key, struct value *value)
{
    value_set(req->arena, array, key, strlen(key), value);
}

static struct value *text_value(struct request *req, const char *text)
{
    return value_string(req->arena, text, strlen(text));
}

static struct value *take_label(struct request *req, const struct value *given,
                                const char *elsewhere)
{
    struct value *texts = value_array(req->arena);
    size_t len;
    if (!value_is_array(given)) {
        const char *text = value_to_text(req->arena, given, &len);
        put(req, texts, "", text_value(req, text && len ? text : elsewhere));
        return texts;
    }
    put(req, texts, "", text_value(req, elsewhere));
    for (const char *const *language = user_languages; *language; language++) {
        const char *text = value_to_text(req->arena, value_get(given, *language), &len);
        if (value_get(given, *language) && text)
            put(req, texts, *language, text_value(req, text));
    }
    return texts;
}

static enum api_rc take_labels(struct request *req, struct draft *draft, const struct value *fields)
{
    struct value *labels = value_array(req->arena);
    const struct value *old =
        draft->old ? json_parse_own(req->arena, draft->old->labels, strlen(draft->old->labels))
                   : NULL;
    const char *common = old ? "" : given_text(req, fields, "LABEL");
    for (size_t i = 0; i < USER_LABEL_COUNT; i++) {
        const char *name = user_label_names[i];
        const struct value *given = value_get(fields, name);
        struct value *kept = given ? NULL : value_get(old, name);
        put(req, labels, name, kept ? kept : take_label(req, given, common ? common : ""));
    }
    draft->labels = json_text(req, labels);
    if (strlen(draft->labels) > LIMIT_OBJECT_BYTES)
        return api_fail(req, API_ERR_CORE, "The labels are longer than %lu bytes.",
                        LIMIT_OBJECT_BYTES);
    return API_OK;
}

/* ---- the row ---- */

static enum api_rc take(struct request *req, struct draft *draft, const struct value *fields)
{
    take_flags(req, draft, fields);
    enum api_rc rc = take_settings(req, draft, fields);
    return rc == API_OK ? take_labels(req, draft, fields) : rc;
}

static void bind_draft(struct db_stmt *stmt, const struct draft *draft)
{
    db_bind_textz(stmt, 1, draft->xml_id);
    db_bind_int(stmt, 2, draft->sort);
    db_bind_textz(stmt, 3, draft->mandatory);
    db_bind_textz(stmt, 4, draft->show_filter);
    db_bind_textz(stmt, 5, draft->show_in_list);
    db_bind_textz(stmt, 6, draft->edit_in_list);
    db_bind_textz(stmt, 7, draft->is_searchable);
    db_bind_textz(stmt, 8, draft->settings_text);
    db_bind_textz(stmt, 9, draft->labels);
}

static enum api_rc insert(struct request *req, const struct draft *draft, int64_t *id)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO user_field (xml_id, sort, mandatory, show_filter, show_in_list, "
                 "edit_in_list, is_searchable, settings, labels, entity_id, field_name, "
                 "user_type_id, multiple, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                 "$10, $11, $12, $13, $14) RETURNING id");
    bind_draft(stmt, draft);
    db_bind_textz(stmt, 10, draft->owner->entity_id);
    db_bind_textz(stmt, 11, draft->name);
    db_bind_textz(stmt, 12, draft->type_id);
    db_bind_textz(stmt, 13, draft->multiple);
    db_bind_int(stmt, 14, (int64_t)req->now);
    enum db_rc rc = db_step(stmt);
    *id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc update(struct request *req, const struct draft *draft)
{
    struct db_stmt *stmt = db_prepare(
        req->db,
        "UPDATE user_field SET xml_id = $1, sort = $2, mandatory = $3, show_filter = $4, "
        "show_in_list = $5, edit_in_list = $6, is_searchable = $7, settings = $8, labels = "
        "$9 WHERE id = $10");
    bind_draft(stmt, draft);
    db_bind_int(stmt, 10, draft->old->id);
    return api_db(req, db_run(stmt));
}

/* ---- events ---- */

static void add_pair(struct buf *data, const char *key, const char *text)
{
    buf_printf(data, "%sdata%%5BFIELDS%%5D%%5B%s%%5D=", data->len ? "&" : "", key);
    buf_add_percent(data, text, strlen(text));
}

static enum api_rc tell(struct request *req, const struct user_field_owner *owner, const char *what,
                        int64_t id, const char *name)
{
    const char *event =
        owner->event ? arena_printf(req->arena, "ONCRM%sUSERFIELD%s", owner->event, what) : NULL;
    struct event_news news = {.kind = event ? event_kind_find(req, event) : NULL,
                              .user_id = req->caller->user_id,
                              .now = (int64_t)req->now,
                              .connector = param_text(req, "auth_connector")};
    if (!news.kind)
        return API_OK;
    struct buf data = {0};
    add_pair(&data, "ID", arena_printf(req->arena, "%lld", (long long)id));
    add_pair(&data, "ENTITY_ID", owner->entity_id);
    add_pair(&data, "FIELD_NAME", name);
    news.data = buf_text(&data);
    enum api_rc rc = event_tell_now(req, &news);
    buf_clear(&data);
    return rc;
}

/* ---- the three ---- */

enum api_rc user_field_add(struct request *req, const struct user_field_owner *owner,
                           const struct value *fields, int64_t *id)
{
    struct draft draft = {.owner = owner};
    bool listed = false;
    draft.type_id = given_text(req, fields, "USER_TYPE_ID");
    if (!draft.type_id)
        return no_field(req, "USER_TYPE_ID");
    enum api_rc rc = take_name(req, &draft, fields);
    if (rc == API_OK)
        rc = user_type_of(req, draft.type_id, &draft.type);
    if (rc == API_OK && !draft.type)
        rc = api_fail(req, API_ERR_CORE, "Incorrect custom type specified.");
    if (rc == API_OK)
        rc = name_free(req, &draft);
    if (rc == API_OK)
        rc = take(req, &draft, fields);
    if (rc == API_OK)
        rc = insert(req, &draft, id);
    if (rc == API_OK && draft.type->listed)
        rc = user_field_list_add(req, *id, *draft.multiple == 'Y', value_get(fields, "LIST"),
                                 &listed);
    if (rc == API_OK)
        rc = side_field_added(req, *id);
    if (rc == API_OK)
        rc = tell(req, owner, "ADD", *id, draft.name);
    return rc == API_OK && listed ? tell(req, owner, "SETENUMVALUES", *id, draft.name) : rc;
}

enum api_rc user_field_update(struct request *req, const struct user_field_owner *owner,
                              const struct user_field *field, const struct value *fields)
{
    struct draft draft = {.owner = owner,
                          .old = field,
                          .name = field->name,
                          .type_id = field->type_id,
                          .type = field->type};
    bool listed = false;
    enum api_rc rc = take(req, &draft, fields);
    if (rc == API_OK)
        rc = update(req, &draft);
    if (rc == API_OK && draft.type->listed)
        rc = user_field_list_update(req, field, value_get(fields, "LIST"), &listed);
    if (rc == API_OK)
        rc = catalog_changed(req);
    if (rc == API_OK)
        rc = tell(req, owner, "UPDATE", field->id, field->name);
    return rc == API_OK && listed ? tell(req, owner, "SETENUMVALUES", field->id, field->name) : rc;
}

enum api_rc user_field_remove(struct request *req, const struct user_field_owner *owner,
                              const struct user_field *field)
{
    struct db_stmt *stmt = db_prepare(req->db, "UPDATE user_field SET removed = $1 WHERE id = $2");
    db_bind_int(stmt, 1, (int64_t)req->now);
    db_bind_int(stmt, 2, field->id);
    enum api_rc rc = api_db(req, db_run(stmt));
    if (rc == API_OK)
        rc = side_field_removed(req, field->id);
    return rc == API_OK ? tell(req, owner, "DELETE", field->id, field->name) : rc;
}

/* user_write - user.add and user.update: the caller's values by the table of fields in user/user.
 * Pages: api-reference/user/user-add, user-update. */
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/mail_address.h"
#include "base/fold.h"
#include "model/hearing.h"
#include "model/catalog.h"
#include "model/picture.h"
#include "model/row.h"
#include "model/side.h"
#include "model/unknown.h"
#include "model/user_field.h"
#include "portal/feed.h"
#include "portal/event.h"
#include "user/user.h"
#include "user/user_filter.h"

/* A column to write. */
struct part {
    const struct field *field;
    struct cell cell;
};

struct edit {
    struct request *req;
    const struct entity *entity; /* with the custom fields of the portal */
    struct change custom;        /* what of them changes */
    int64_t id;                  /* 0: add */
    struct part *parts;
    size_t count;
    int64_t *departments; /* NULL: not given */
    size_t department_count;
    const char *email; /* NULL: not given */
};

static enum api_rc core(struct request *req, const char *text)
{
    return api_fail(req, API_ERR_CORE, "%s", text);
}

/* As the page shows it, with an empty `argument`. */
static enum api_rc wrong_argument(struct request *req, const char *text)
{
    api_fail(req, API_ERR_ARGUMENT, "%s", text);
    req->error.argument = "";
    return API_FAIL;
}

/* ---- what was given ---- */

/* What the portal keeps itself; ACTIVE only once there is a user. */
static bool is_writable(const struct edit *edit, const struct field *field)
{
    static const char *const own[] = {"ID",          "LAST_LOGIN",         "DATE_REGISTER",
                                      "TIMESTAMP_X", "LAST_ACTIVITY_DATE", "USER_TYPE"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (!strcmp(field->name, own[i]))
            return false;
    }
    if (field->relation == &pictures || !strcmp(field->name, "UF_DEPARTMENT"))
        return true; /* not by take_fields */
    return field->kind != FIELD_VIRTUAL && (edit->id || strcmp(field->name, "ACTIVE") != 0);
}

static enum api_rc take_field(struct edit *edit, const struct field *field,
                              const struct value *value)
{
    struct part *part = &edit->parts[edit->count];
    part->field = field;
    if (!cell_from_value(edit->req, field, value, &part->cell) ||
        (part->cell.null && field->kind == FIELD_FLAG))
        return row_refuse(edit->req, API_ERR_CORE, field, &part->cell);
    if (part->cell.null && field->kind == FIELD_TEXT)
        cell_set_text(&part->cell, "");
    edit->count++;
    return API_OK;
}

/* Fields stand among the parameters, in any case. */
static enum api_rc names_known(struct edit *edit)
{
    struct request *req = edit->req;
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < req->params->array.count && rc == API_OK; i++) {
        const char *name = req->params->array.items[i].key;
        const struct field *field = entity_field(edit->entity, user_key(req->arena, name));
        if (!field && !unknown_is_param(req, name))
            rc = unknown_name(req, IN_FIELDS, name);
        else if (field && !is_writable(edit, field) && !unknown_is_param(req, name))
            unknown_note(req, IN_FIELDS, field->name);
    }
    return rc;
}

/* The values that stand, those that are given over them; of a new person the fields' own defaults. */
static enum api_rc take_custom(struct edit *edit)
{
    struct request *req = edit->req;
    const struct entity *entity = edit->entity;
    struct change *custom = &edit->custom;
    size_t size = entity->field_count * sizeof *custom->now;
    struct cell *old = arena_zalloc(req->arena, size);
    *custom = (struct change){.req = req, .entity = entity, .id = edit->id, .is_add = !edit->id};
    if (!entity->side)
        return API_OK;
    for (size_t i = entity->side_from; !edit->id && i < entity->field_count; i++)
        old[i].null = true;
    enum api_rc rc = edit->id ? side_read(req, entity, edit->id, old) : API_OK;
    custom->old = edit->id ? old : NULL;
    custom->now = arena_alloc(req->arena, size);
    memcpy(custom->now, old, size);
    for (size_t i = entity->side_from; i < entity->field_count && rc == API_OK; i++) {
        const struct field *field = &entity->fields[i];
        const struct value *value = param_get(req, field->name);
        if (!value && !edit->id)
            value = user_field_fallback(req, field);
        if (value && !cell_from_value(req, field, value, &custom->now[i]))
            rc = row_refuse(req, API_ERR_CORE, field, &custom->now[i]);
    }
    return rc == API_OK ? side_check(custom) : rc;
}

static enum api_rc take_fields(struct edit *edit)
{
    const struct entity *entity = &user_entity;
    enum api_rc known = names_known(edit);
    if (known != API_OK)
        return known;
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct value *value = param_get(edit->req, entity->fields[i].name);
        if (!value || entity->fields[i].kind == FIELD_VIRTUAL ||
            !is_writable(edit, &entity->fields[i]))
            continue;
        enum api_rc rc = take_field(edit, &entity->fields[i], value);
        if (rc != API_OK)
            return rc;
    }
    return API_OK;
}

static enum api_rc department_exists(struct request *req, int64_t id, bool *found)
{
    struct db_stmt *stmt =
        db_prepare_share(req->db, "SELECT 1 FROM department WHERE id = $1", NULL);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *found = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

/* One id or a list of them; each must be there, and at least one. */
static enum api_rc take_departments(struct edit *edit, const struct value *value)
{
    struct request *req = edit->req;
    size_t count = value_is_array(value) ? value->array.count : 1;
    if (count > LIMIT_FILTER_TERMS)
        return core(req, "UF_DEPARTMENT: too many departments");
    edit->departments = arena_alloc(req->arena, (count + 1) * sizeof *edit->departments);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_is_array(value) ? value->array.items[i].value : value;
        int64_t id;
        bool found = false;
        enum api_rc rc = API_OK;
        if (value_to_int(item, &id))
            rc = department_exists(req, id, &found);
        if (rc == API_OK && !found)
            rc = core(req, "Department not found");
        if (rc != API_OK)
            return rc;
        edit->departments[edit->department_count++] = id;
    }
    return count ? API_OK : core(req, "Department not found");
}

static enum api_rc check_email(struct edit *edit, const struct value *value)
{
    struct request *req = edit->req;
    size_t len = 0;
    const char *email = value ? value_to_text(req->arena, value, &len) : NULL;
    if (!email || !mail_address_fits(email, len))
        return wrong_argument(req, "wrong_email");
    enum db_rc rc = db_hold_rule(req->db, "member");
    if (rc != DB_OK)
        return api_db(req, rc);
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT 1 FROM member WHERE id <> $2 AND email_key = $1 AND email_key <> '' UNION "
                 "ALL SELECT 1 FROM member WHERE id <> $2 AND login_key = $1 LIMIT 1");
    const char *key = fold_key(req->arena, email, len, &len);
    db_bind_text(stmt, 1, key, len);
    db_bind_int(stmt, 2, edit->id);
    rc = db_step(stmt);
    db_finish(stmt);
    edit->email = email;
    if (rc == DB_ROW)
        return wrong_argument(req, "A user with this email already exists");
    return api_db(req, rc);
}

/* ---- storing ---- */

/* From parameter `at` on; answers the next free one. */
static int bind_parts(const struct edit *edit, struct db_stmt *stmt, int at)
{
    for (size_t i = 0; i < edit->count; i++)
        at = field_bind(edit->req, stmt, at, edit->parts[i].field, &edit->parts[i].cell);
    return at;
}

static enum api_rc insert(struct edit *edit)
{
    struct request *req = edit->req;
    struct buf sql = {0}, values = {0};
    int64_t now = (int64_t)req->now;
    buf_adds(&sql, "INSERT INTO member (login, login_key, date_register, updated");
    buf_adds(&values, "$1, $2, $3, $4");
    int at = 5;
    for (size_t i = 0; i < edit->count; i++) {
        const struct field *field = edit->parts[i].field;
        buf_printf(&sql, ", %s", field->column);
        buf_printf(&values, ", $%d", at++);
        if (field->flags & FIELD_KEYED) {
            buf_printf(&sql, ", %s_key", field->column);
            buf_printf(&values, ", $%d", at++);
        }
    }
    buf_printf(&sql, ") VALUES (%s) RETURNING id", buf_text(&values));
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    buf_clear(&values);
    size_t len;
    const char *key = fold_key(req->arena, edit->email, strlen(edit->email), &len);
    db_bind_textz(stmt, 1, edit->email); /* one signs in by the address one was invited with */
    db_bind_text(stmt, 2, key, len);
    db_bind_int(stmt, 3, day_begin(req->zone, day_of(req->zone, now)));
    db_bind_int(stmt, 4, now);
    bind_parts(edit, stmt, 5);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        edit->id = db_int(stmt, 0);
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc update(struct edit *edit)
{
    struct buf sql = {0};
    buf_adds(&sql, "UPDATE member SET updated = $1");
    int at = 2;
    for (size_t i = 0; i < edit->count; i++) {
        const struct field *field = edit->parts[i].field;
        buf_printf(&sql, ", %s = $%d", field->column, at++);
        if (field->flags & FIELD_KEYED)
            buf_printf(&sql, ", %s_key = $%d", field->column, at++);
    }
    buf_printf(&sql, " WHERE id = $%d", at);
    struct db_stmt *stmt = db_prepare(edit->req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, (int64_t)edit->req->now);
    db_bind_int(stmt, bind_parts(edit, stmt, 2), edit->id);
    return api_db(edit->req, db_run(stmt));
}

static enum api_rc each_picture(struct edit *edit, bool stores)
{
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < user_entity.field_count && rc == API_OK; i++) {
        const struct field *field = &user_entity.fields[i];
        const struct value *given = param_get(edit->req, field->name);
        if (field->relation == &pictures)
            rc = stores ? picture_store_person(edit->req, edit->id, field->name, given)
                        : picture_check_person(edit->req, field->name, given);
    }
    return rc;
}

static enum api_rc store(struct edit *edit)
{
    enum api_rc rc = take_fields(edit);
    if (rc == API_OK)
        rc = take_custom(edit);
    if (rc == API_OK)
        rc = each_picture(edit, false);
    if (rc == API_OK)
        rc = edit->id ? update(edit) : insert(edit);
    edit->custom.id = edit->id;
    if (rc == API_OK)
        rc = side_store(&edit->custom);
    if (rc == API_OK && edit->departments)
        rc = api_db(edit->req, user_departments_set(edit->req->db, edit->id, edit->departments,
                                                    edit->department_count));
    return rc == API_OK ? each_picture(edit, true) : rc;
}

/* ---- the methods ---- */

/* There are no workgroups, so a person from outside has none to belong to. */
static enum api_rc check_place(struct edit *edit)
{
    struct request *req = edit->req;
    const struct value *departments = param_get(req, "UF_DEPARTMENT");
    bool extranet = false;
    value_to_flag(param_get(req, "EXTRANET"), &extranet);
    if (extranet && value_is_empty(param_get(req, "SONET_GROUP_ID")))
        return api_fail(req, API_ERR_GROUP_ID, NULL);
    if (extranet)
        return api_fail(req, API_ERR_NO_GROUP, NULL);
    if (value_is_empty(departments))
        return wrong_argument(req, "no_extranet_field");
    return take_departments(edit, departments);
}

static struct edit *edit_new(struct request *req)
{
    struct edit *edit = arena_zalloc(req->arena, sizeof *edit);
    edit->req = req;
    edit->entity = catalog_entity(req, &user_entity);
    edit->parts = arena_zalloc(req->arena, user_entity.field_count * sizeof *edit->parts);
    return edit;
}

/* ---- ONUSERADD ---- */

EVENT_KIND(user_added, "ONUSERADD", "user");

static void add_pair(struct buf *data, const char *key, const char *text, size_t len)
{
    buf_printf(data, "%sdata%%5B%s%%5D=", data->len ? "&" : "", key);
    buf_add_percent(data, text, len);
}

/* "[1,5]" -> data[UF_DEPARTMENT][0]=1 ... */
static void add_departments(struct buf *data, const char *text)
{
    static const char digits[] = "0123456789";
    size_t count = 0;
    for (text += strcspn(text, digits); *text; text += strcspn(text, digits)) {
        size_t len = strspn(text, digits);
        buf_printf(data, "&data%%5BUF_DEPARTMENT%%5D%%5B%zu%%5D=", count++);
        buf_add(data, text, len);
        text += len;
    }
}

static void add_time(struct request *req, struct buf *data, const char *key, struct db_stmt *stmt,
                     int column)
{
    char text[DATETIME_SIZE] = "";
    size_t len = 0;
    if (!db_is_null(stmt, column))
        len = datetime_format(req->zone, db_int(stmt, column), text);
    add_pair(data, key, text, len);
}

static void add_day(struct request *req, struct buf *data, const char *key, struct db_stmt *stmt,
                    int column)
{
    char text[DATETIME_SIZE] = "";
    if (!db_is_null(stmt, column))
        day_format(req->zone, db_int(stmt, column), text);
    add_pair(data, key, text, strcspn(text, "T"));
}

/* With what the person is from the start. */
static enum api_rc tell_added(struct request *req, int64_t id)
{
    static const char *const keys[] = {"ID",        "ACTIVE",        "EMAIL",          "NAME",
                                       "LAST_NAME", "WORK_POSITION", "PERSONAL_GENDER"};
    struct buf data = {0};
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT id, active, email, name, last_name, work_position, personal_gender, "
                 "uf_department, date_register, personal_birthday, uf_employment_date FROM member "
                 "WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    for (int i = 0; rc == DB_ROW && i < 7; i++) {
        size_t len;
        const char *text = db_text(stmt, i, &len);
        add_pair(&data, keys[i], text, len);
    }
    if (rc == DB_ROW) {
        add_departments(&data, db_text(stmt, 7, NULL));
        add_time(req, &data, "DATE_REGISTER", stmt, 8);
        add_day(req, &data, "PERSONAL_BIRTHDAY", stmt, 9);
        add_day(req, &data, "UF_EMPLOYMENT_DATE", stmt, 10);
    }
    db_finish(stmt);
    struct event_news news = {.kind = &user_added,
                              .data = buf_text(&data),
                              .user_id = req->caller->user_id,
                              .now = (int64_t)req->now};
    enum api_rc done = rc == DB_ROW ? event_tell_now(req, &news) : api_db(req, rc);
    buf_clear(&data);
    return done;
}

/* ---- the methods ---- */

enum api_rc user_add(struct request *req)
{
    struct edit *edit = edit_new(req);
    if (!req->caller->is_admin)
        return core(req, "access_denied");
    enum api_rc rc = check_email(edit, param_get(req, "EMAIL"));
    if (rc == API_OK)
        rc = check_place(edit);
    if (rc == API_OK)
        rc = store(edit);
    if (rc == API_OK)
        rc = tell_added(req, edit->id);
    if (rc == API_OK)
        rc = hearing_follow(req, &user_entity, "add", edit->id, NULL);
    if (rc == API_OK)
        writer_int(req->out, edit->id);
    return rc;
}

enum api_rc user_update(struct request *req)
{
    const struct value *email = param_get(req, "EMAIL");
    const struct value *departments = param_get(req, "UF_DEPARTMENT");
    struct edit *edit = edit_new(req);
    bool exists = false;
    if (!req->caller->is_admin || !param_int(req, "ID", &edit->id) || edit->id <= 0)
        return core(req, "access_denied");
    enum api_rc rc = entity_hold(req, &user_entity, edit->id, &exists);
    if (rc == API_OK && !exists)
        rc = core(req, "");
    if (rc == API_OK && email)
        rc = check_email(edit, email);
    if (rc == API_OK && departments)
        rc = take_departments(edit, departments);
    if (rc == API_OK)
        rc = store(edit);
    /* Who was dismissed is told nothing more; who was not asks again. */
    if (rc == API_OK && param_get(req, "ACTIVE"))
        feed_note_end(req->portal->feed, edit->id, NULL);
    if (rc == API_OK)
        rc = hearing_follow(req, &user_entity, "update", edit->id, NULL);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* user - see user.h.
 *
 * The table of fields is an entity's, so that filters become SQL by the same whitelist as
 * everywhere (model/query); the rows have a shape of their own and are written here. Pages:
 * api-reference/user/user-get, user-search, user-current, user-fields, user-scope.
 */
#include "user/user.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "model/picture.h"
#include "model/catalog.h"
#include "model/permit.h"
#include "model/query.h"
#include "model/registry.h"
#include "model/row.h"
#include "model/unknown.h"
#include "model/user_field.h"
#include "portal/scope.h"
#include "user/user_filter.h"

/* A field's rights and presence, beside the engine's flags. */
enum user_flag {
    IN_BRIEF = 1 << 20, /* seen with user_brief */
    IN_BASIC = 1 << 21, /* seen with user_basic */
    IN_BOTH = IN_BRIEF | IN_BASIC,
    STEADY = 1 << 22 /* in every row; other fields only when filled in */
};

#define TEXT(name, title, column, flags)                                                           \
    FIELD_ROW(name, "string", title, FIELD_TEXT, column, flags, NULL)
#define DATE(kind, name, title, column, flags)                                                     \
    FIELD_ROW(name, "datetime", title, kind, column, flags, NULL)
#define VIRTUAL(name, title, flags, hooks) FIELD_PART(name, "string", title, flags, hooks)

/* In the order of user.fields. */
static const struct field fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", STEADY | IN_BOTH, NULL),
    TEXT("XML_ID", "External code", "xml_id", STEADY | IN_BOTH),
    FIELD_ROW("ACTIVE", "boolean", "Activity", FIELD_FLAG, "active", STEADY | IN_BOTH, NULL),
    TEXT("NAME", "First Name", "name", STEADY | IN_BOTH),
    TEXT("LAST_NAME", "Last Name", "last_name", STEADY | IN_BOTH),
    TEXT("SECOND_NAME", "Middle Name", "second_name", STEADY | IN_BOTH),
    TEXT("TITLE", "User List", "title", IN_BOTH),
    TEXT("EMAIL", "E-Mail", "email", STEADY | IN_BASIC | FIELD_KEYED),
    DATE(FIELD_DATETIME, "LAST_LOGIN", "Last Authorization", "last_login", STEADY),
    DATE(FIELD_DATETIME, "DATE_REGISTER", "Registration Date", "date_register", STEADY | IN_BOTH),
    TEXT("TIME_ZONE", "TIME_ZONE", "time_zone", STEADY | IN_BOTH | FIELD_CODE),
    VIRTUAL("IS_ONLINE", "IS_ONLINE", STEADY | IN_BOTH, &user_online_filter),
    DATE(FIELD_DATETIME, "TIMESTAMP_X", "TIMESTAMP_X", "updated", STEADY | IN_BOTH),
    DATE(FIELD_DATETIME, "LAST_ACTIVITY_DATE", "LAST_ACTIVITY_DATE", "last_activity",
         STEADY | IN_BOTH),
    TEXT("PERSONAL_GENDER", "Gender", "personal_gender", STEADY | IN_BOTH | FIELD_CODE),
    TEXT("PERSONAL_PROFESSION", "Profession", "personal_profession", IN_BOTH),
    TEXT("PERSONAL_WWW", "Homepage", "personal_www", STEADY),
    DATE(FIELD_DATE, "PERSONAL_BIRTHDAY", "Date of Birth", "personal_birthday", STEADY | IN_BOTH),
    VIRTUAL("PERSONAL_PHOTO", "Photo", IN_BOTH, &pictures),
    TEXT("PERSONAL_ICQ", "ICQ", "personal_icq", 0),
    TEXT("PERSONAL_PHONE", "Personal Phone", "personal_phone", IN_BASIC),
    TEXT("PERSONAL_FAX", "Fax", "personal_fax", IN_BASIC),
    TEXT("PERSONAL_MOBILE", "Personal Mobile", "personal_mobile", STEADY | IN_BASIC),
    TEXT("PERSONAL_PAGER", "Pager", "personal_pager", IN_BASIC),
    TEXT("PERSONAL_STREET", "Residential Street", "personal_street", IN_BASIC),
    TEXT("PERSONAL_CITY", "Residential City", "personal_city", STEADY | IN_BOTH),
    TEXT("PERSONAL_STATE", "State / Region", "personal_state", IN_BOTH),
    TEXT("PERSONAL_ZIP", "Zip Code", "personal_zip", IN_BASIC),
    TEXT("PERSONAL_COUNTRY", "Country", "personal_country", IN_BOTH),
    TEXT("PERSONAL_MAILBOX", "P.O. Box", "personal_mailbox", IN_BASIC),
    TEXT("PERSONAL_NOTES", "Additional Notes", "personal_notes", IN_BASIC | FIELD_LONG),
    TEXT("WORK_PHONE", "Company Phone", "work_phone", STEADY | IN_BASIC),
    TEXT("WORK_COMPANY", "Company", "work_company", IN_BASIC),
    TEXT("WORK_POSITION", "Job Title", "work_position", STEADY | IN_BOTH),
    TEXT("WORK_DEPARTMENT", "Department", "work_department", IN_BASIC),
    TEXT("WORK_WWW", "Company Website", "work_www", IN_BASIC),
    TEXT("WORK_FAX", "WORK_FAX", "work_fax", IN_BASIC),
    TEXT("WORK_PAGER", "WORK_PAGER", "work_pager", IN_BASIC),
    TEXT("WORK_STREET", "WORK_STREET", "work_street", IN_BASIC),
    TEXT("WORK_MAILBOX", "WORK_MAILBOX", "work_mailbox", IN_BASIC),
    TEXT("WORK_CITY", "Work City", "work_city", IN_BOTH),
    TEXT("WORK_STATE", "WORK_STATE", "work_state", IN_BOTH),
    TEXT("WORK_ZIP", "WORK_ZIP", "work_zip", IN_BASIC),
    TEXT("WORK_COUNTRY", "WORK_COUNTRY", "work_country", IN_BOTH),
    TEXT("WORK_PROFILE", "WORK_PROFILE", "work_profile", IN_BASIC),
    VIRTUAL("WORK_LOGO", "WORK_LOGO", IN_BASIC, &pictures),
    TEXT("WORK_NOTES", "WORK_NOTES", "work_notes", IN_BASIC | FIELD_LONG),
    TEXT("UF_SKYPE_LINK", "Skype Chat Link", "uf_skype_link", IN_BASIC),
    TEXT("UF_ZOOM", "Zoom", "uf_zoom", IN_BASIC),
    DATE(FIELD_DATE, "UF_EMPLOYMENT_DATE", "Hire Date", "uf_employment_date", STEADY | IN_BOTH),
    TEXT("UF_TIMEMAN", "Time Tracking", "uf_timeman", IN_BOTH),
    VIRTUAL("UF_DEPARTMENT", "Units", STEADY | IN_BOTH, &user_department_filter),
    TEXT("UF_INTERESTS", "Interests", "uf_interests", IN_BOTH),
    TEXT("UF_SKILLS", "Skills", "uf_skills", IN_BOTH),
    TEXT("UF_WEB_SITES", "Other Websites", "uf_web_sites", IN_BASIC),
    TEXT("UF_XING", "Xing", "uf_xing", IN_BASIC),
    TEXT("UF_LINKEDIN", "LinkedIn", "uf_linkedin", IN_BASIC),
    TEXT("UF_FACEBOOK", "Facebook", "uf_facebook", IN_BASIC),
    TEXT("UF_TWITTER", "Twitter", "uf_twitter", IN_BASIC),
    TEXT("UF_SKYPE", "Skype", "uf_skype", IN_BASIC),
    TEXT("UF_DISTRICT", "District", "uf_district", IN_BASIC),
    TEXT("UF_PHONE_INNER", "Extension", "uf_phone_inner", IN_BOTH),
    TEXT("USER_TYPE", "USER_TYPE", "user_type", STEADY | FIELD_CODE),
    /* For filters only. */
    VIRTUAL("NAME_SEARCH", "", FIELD_HIDDEN | IN_BOTH, &user_words_filter),
    VIRTUAL("UF_DEPARTMENT_NAME", "", FIELD_HIDDEN | IN_BOTH, &user_department_name_filter),
};

#define FIELD_COUNT (sizeof fields / sizeof fields[0])

const struct entity user_entity = {
    .name = "user",
    .table = "member",
    .fields = fields,
    .field_count = FIELD_COUNT,
    .not_found = "Not found",
    .permit = &permit_everybody,
    .user_fields = "USER",
    .stays = true,
};
ENTITY(user_entity);

/* With the custom fields of the portal behind them. */
static const struct entity *people(const struct request *req)
{
    return catalog_entity(req, &user_entity);
}

/* ---- what the caller may see ---- */

/* The flag a field must carry for this caller; 0: every field will do. */
static unsigned needed_flag(const struct caller *caller)
{
    if (scope_listed(caller->scopes, ',', "user"))
        return 0;
    return scope_listed(caller->scopes, ',', "user_basic") ? IN_BASIC : IN_BRIEF;
}

static bool visible(const struct field *field, unsigned needed)
{
    return !(field->flags & FIELD_HIDDEN) && (field->flags & needed) == needed;
}

enum api_rc user_captions(struct request *req)
{
    unsigned needed = needed_flag(req->caller);
    const struct entity *entity = people(req);
    writer_begin_object(req->out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        const char *label = field->custom ? field->custom->label[USER_LABEL_FORM] : "";
        if (visible(field, needed))
            writer_text(req->out, field->name, *label ? label : field->title);
    }
    writer_end_object(req->out);
    return API_OK;
}

/* ---- rows ---- */

/* What a row shows: each field, and whether the caller named it. */
struct choice {
    const struct entity *entity;
    bool *shown, *named;
};

static void choose_one(struct choice *choice, const struct field *field, unsigned needed,
                       bool named)
{
    size_t at = (size_t)(field - choice->entity->fields);
    if (visible(field, needed)) {
        choice->shown[at] = true;
        choice->named[at] = choice->named[at] || named;
    }
}

static enum api_rc choose_text(struct request *req, struct choice *choice, const char *text,
                               unsigned needed)
{
    const struct entity *entity = choice->entity;
    const struct field *field = entity_field(entity, text);
    if (field)
        choose_one(choice, field, needed, true);
    bool all = !strcmp(text, "*"), custom = !strcmp(text, "UF_*");
    if (!field && !all && !custom)
        return unknown_name(req, IN_SELECT, text);
    for (size_t i = 0; i < entity->field_count && (all || custom); i++) {
        if (all || !strncmp(entity->fields[i].name, "UF_", 3))
            choose_one(choice, &entity->fields[i], needed, false);
    }
    return API_OK;
}

/* `select` takes names and the masks "*" and "UF_*"; what is unknown or out of scope is skipped. */
static enum api_rc choose(struct request *req, struct choice *choice, const struct value *select)
{
    unsigned needed = needed_flag(req->caller);
    enum api_rc rc = API_OK;
    choice->entity = people(req);
    choice->shown = arena_zalloc(req->arena, choice->entity->field_count * sizeof *choice->shown);
    choice->named = arena_zalloc(req->arena, choice->entity->field_count * sizeof *choice->named);
    if (value_is_empty(select))
        rc = choose_text(req, choice, "*", needed);
    else if (select->type == VALUE_STRING)
        rc = choose_text(req, choice, select->string.text, needed);
    for (size_t i = 0; value_is_array(select) && i < select->array.count && rc == API_OK; i++) {
        const struct value *item = select->array.items[i].value;
        if (item->type == VALUE_STRING)
            rc = choose_text(req, choice, item->string.text, needed);
    }
    return rc;
}

/* The columns a row is written from: those of all real fields in order, then the departments. */
static void sql_select(struct buf *sql, const struct entity *entity)
{
    buf_adds(sql, "SELECT ");
    row_columns(sql, entity, NULL);
    /* The two pictures behind it, in the order of the table. */
    buf_adds(sql, ", t.uf_department, (SELECT p.id FROM picture p WHERE p.owner_type_id = 0 AND "
                  "p.owner_id = t.id AND p.field = 'PERSONAL_PHOTO'), (SELECT p.id FROM picture p "
                  "WHERE p.owner_type_id = 0 AND p.owner_id = t.id AND p.field = 'WORK_LOGO') FROM "
                  "member t");
    if (entity->side)
        row_join_side(sql, entity);
}

/* This one date has a form of its own: "2024-07-23 08:08:50". */
static void write_activity_date(struct request *req, const struct cell *cell)
{
    char text[DATETIME_SIZE];
    if (cell->null) {
        writer_string(req->out, "", 0);
        return;
    }
    datetime_format(req->zone, cell->integer, text);
    text[10] = ' ';
    writer_string(req->out, text, 19);
}

static void write_cell(struct request *req, const struct field *field, const struct cell *cell)
{
    writer_keyz(req->out, field->name);
    if (field->kind == FIELD_FLAG)
        writer_bool(req->out, cell->len == 1 && cell->text[0] == 'Y');
    else if (!strcmp(field->column, "last_activity"))
        write_activity_date(req, cell);
    else
        cell_write(req, field, cell);
}

static void write_virtual(struct request *req, const struct field *field, bool online,
                          const char *departments, size_t len)
{
    bool is_online = !strcmp(field->name, "IS_ONLINE");
    if (!is_online && strcmp(field->name, "UF_DEPARTMENT") != 0)
        return; /* for filters only */
    writer_keyz(req->out, field->name);
    if (is_online)
        writer_stringz(req->out, online ? "Y" : "N");
    else
        writer_raw(req->out, departments, len);
}

/* There only when there is one. */
static void write_picture(struct request *req, const struct field *field, int64_t user_id,
                          int64_t picture_id)
{
    if (picture_id)
        writer_text(req->out, field->name, picture_address(req, user_id, picture_id));
}

static void write_row(struct request *req, struct db_stmt *stmt, const struct choice *choice)
{
    const struct entity *entity = choice->entity;
    struct cell *cells = arena_alloc(req->arena, entity->field_count * sizeof *cells);
    int column = 0, picture = 0;
    size_t len;
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].kind != FIELD_VIRTUAL)
            cell_read(stmt, column++, entity->fields[i].kind, &cells[i]);
    }
    const char *departments = db_text(stmt, column++, &len);
    const struct cell *seen = &cells[entity_at(&user_entity, "LAST_ACTIVITY_DATE")];
    bool online = cells[0].integer == req->caller->user_id ||
                  (!seen->null && seen->integer >= (int64_t)req->now - USER_ONLINE_SECONDS);
    writer_begin_object(req->out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        bool is_picture = field->relation == &pictures;
        int at = column + (is_picture ? picture++ : 0);
        if (!choice->shown[i])
            continue;
        if (is_picture)
            write_picture(req, field, cells[0].integer,
                          db_is_null(stmt, at) ? 0 : db_int(stmt, at));
        else if (field->kind == FIELD_VIRTUAL)
            write_virtual(req, field, online, departments, len);
        else if (field->flags & STEADY || field->custom || choice->named[i] || cells[i].len)
            write_cell(req, field, &cells[i]);
    }
    writer_end_object(req->out);
}

enum api_rc user_current(struct request *req)
{
    struct choice choice;
    struct buf sql = {0};
    choose(req, &choice, NULL);
    sql_select(&sql, choice.entity);
    buf_adds(&sql, " WHERE t.id = $1");
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, req->caller->user_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        write_row(req, stmt, &choice);
    else if (rc == DB_NONE)
        writer_raw(req->out, "[]", 2);
    db_finish(stmt);
    return api_db(req, rc);
}

/* ---- the list ---- */

/* `sort` and `order` are one name and one direction; the {"FIELD": "ASC"} of other list methods is
 * taken as well. NULL: neither names a field. */
static const char *sort_name(struct request *req, const struct value **way)
{
    const struct value *sort = param_get(req, "sort");
    *way = param_get(req, "order");
    if (sort && sort->type == VALUE_STRING)
        return sort->string.text;
    if (!value_is_array(*way) || !(*way)->array.count)
        return NULL;
    const struct value_item *first = &(*way)->array.items[0];
    *way = first->value;
    return first->key;
}

static enum api_rc sort_known(struct request *req)
{
    const struct value *way;
    const char *name = sort_name(req, &way);
    if (!name || !*name || entity_field(people(req), user_key(req->arena, name)))
        return API_OK;
    return unknown_name(req, IN_ORDER, name);
}

static void sql_order(struct request *req, struct buf *sql)
{
    const struct value *order;
    const char *name = sort_name(req, &order);
    bool descending =
        order && order->type == VALUE_STRING && !strncasecmp(order->string.text, "desc", 4);
    const struct field *field = name ? entity_field(people(req), user_key(req->arena, name)) : NULL;
    bool by_id = field && !strcmp(field->name, "ID");
    buf_adds(sql, " ORDER BY ");
    if (field && !by_id && field->kind->orders && visible(field, needed_flag(req->caller)))
        buf_printf(sql, "%c.%s %s, t.id", field->flags & FIELD_SIDE ? 'u' : 't', field->column,
                   descending ? "DESC NULLS LAST" : "ASC NULLS FIRST");
    else
        buf_printf(sql, "t.id%s", descending && (!name || by_id) ? " DESC" : "");
}

/* The same totals as every list has: model/entity_read. */
static enum api_rc finish_page(struct query *query, int64_t start, int64_t rows)
{
    struct request *req = query->req;
    req->total = 0;
    if (start < 0)
        return API_OK;
    if (rows < LIMIT_PAGE && (rows > 0 || start == 0)) {
        req->total = start + rows;
        return API_OK;
    }
    enum api_rc rc = query_count(query, &req->total);
    if (rc == API_OK && start + LIMIT_PAGE < req->total)
        req->next = start + LIMIT_PAGE;
    return rc;
}

static enum api_rc write_page(struct query *query, const struct choice *choice, int64_t start,
                              int64_t *rows)
{
    struct request *req = query->req;
    struct buf sql = {0};
    sql_select(&sql, choice->entity);
    query_sql_where(query, &sql);
    sql_order(req, &sql);
    int at = query->bind_count + 1;
    buf_printf(&sql, " LIMIT $%d OFFSET $%d", at, at + 1);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    query_bind_all(query, stmt);
    db_bind_int(stmt, at, LIMIT_PAGE);
    db_bind_int(stmt, at + 1, start > 0 ? start : 0);
    enum db_rc rc;
    writer_begin_list(req->out);
    for (*rows = 0; (rc = db_step(stmt)) == DB_ROW; ++*rows)
        write_row(req, stmt, choice);
    writer_end_list(req->out);
    db_finish(stmt);
    return api_db(req, rc);
}

/* Takes out of the caller's conditions those on fields it may not see: what cannot be read must not
 * be found out by asking either. */
static void drop_hidden(struct request *req, struct value *filter)
{
    unsigned needed = needed_flag(req->caller);
    for (size_t i = 0; i < filter->array.count;) {
        const char *name, *key = filter->array.items[i].key;
        filter_key(key, &name);
        const struct field *field = entity_field(people(req), name);
        bool allowed = !field || (field->flags & needed) == needed || !strcmp(name, "USER_TYPE");
        if (allowed)
            i++;
        else
            value_unset(filter, key);
    }
}

enum api_rc user_list(struct request *req, bool search)
{
    struct choice choice;
    struct query query;
    int64_t start = param_start(req), rows = 0;
    enum api_rc rc = choose(req, &choice, param_get(req, "select"));
    if (rc == API_OK)
        rc = sort_known(req);
    if (rc != API_OK)
        return rc;
    query_init(&query, req, choice.entity);
    struct value *filter = user_filter_value(req, choice.entity, search);
    drop_hidden(req, filter);
    rc = user_filter(&query, filter);
    if (rc == API_OK)
        rc = write_page(&query, &choice, start, &rows);
    if (rc == API_OK)
        rc = finish_page(&query, start, rows);
    query_clear(&query);
    return rc;
}

/* ---- single values ---- */

enum api_rc user_read(struct request *req, int64_t id, struct user *user, bool *found)
{
    struct db_stmt *stmt = db_prepare(req->db, "SELECT active, is_admin, name, last_name,"
                                               " personal_gender, time_zone FROM member"
                                               " WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *found = rc == DB_ROW;
    if (*found)
        *user = (struct user){.id = id,
                              .active = db_text(stmt, 0, NULL)[0] == 'Y',
                              .is_admin = db_text(stmt, 1, NULL)[0] == 'Y',
                              .name = request_text(req, stmt, 2, NULL),
                              .last_name = request_text(req, stmt, 3, NULL),
                              .gender = request_text(req, stmt, 4, NULL),
                              .time_zone = request_text(req, stmt, 5, NULL)};
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc user_exists(struct request *req, int64_t id, bool *exists)
{
    return entity_exists(req, &user_entity, id, exists);
}

static enum api_rc known_user(struct change *change, const struct field *field, struct cell *cell,
                              bool *known)
{
    (void)field;
    return user_exists(change->req, cell->integer, known);
}

const struct field_codes codes_user = {.known = known_user};

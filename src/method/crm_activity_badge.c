/* crm.activity.badge.* - badges that configurable activities put on a card of the kanban.
 * Pages: api-reference/crm/timeline/activities/configurable/badges. */
#include <string.h>

#include "base/limits.h"
#include "model/arg.h"
#include "model/method.h"
#include "portal/scope.h"

#define PAGE(name) "api-reference/crm/timeline/activities/configurable/badges/" name

#define TYPES "success|failure|warning|primary|secondary"

enum { TITLE, VALUE };

struct badge_args {
    const char *code, *type;
    const struct value *title, *value;
};

/* A text, or texts by language; NULL when it is neither, "" when there is none. */
static const char *badge_text(struct request *req, const struct value *value)
{
    struct buf json = {0};
    struct writer w;
    size_t len;
    if (value_is_empty(value))
        return "";
    for (size_t i = 0; value->type == VALUE_ARRAY && i < value->array.count; i++) {
        const struct value *text = value->array.items[i].value;
        if (text->type == VALUE_ARRAY || i == LIMIT_LANGUAGES)
            return NULL;
    }
    writer_init(&w, &json);
    if (value->type == VALUE_ARRAY) {
        writer_value(&w, value);
    } else {
        const char *text = value_to_text(req->arena, value, &len);
        writer_string(&w, text, len);
    }
    const char *copy = arena_strndup(req->arena, json.data, json.len);
    buf_clear(&json);
    return copy;
}

static bool type_exists(const char *type)
{
    return scope_listed_n(TYPES, '|', type, strlen(type));
}

static void write_badge(struct writer *out, const char *code, const char *const *texts,
                        const char *type)
{
    static const char *const keys[] = {"title", "value"};
    writer_begin_object(out);
    writer_keyz(out, "code");
    writer_stringz(out, code);
    for (int i = TITLE; i <= VALUE; i++) {
        writer_keyz(out, keys[i]);
        writer_raw(out, texts[i], strlen(texts[i]));
    }
    writer_keyz(out, "type");
    writer_stringz(out, type);
    writer_end_object(out);
}

static void write_row(struct request *req, struct db_stmt *stmt)
{
    const char *texts[] = {db_text(stmt, 1, NULL), db_text(stmt, 2, NULL)};
    write_badge(req->out, db_text(stmt, 0, NULL), texts, db_text(stmt, 3, NULL));
}

/* As add and get answer it: {"badge": {...}}. */
static void begin_answer(struct request *req, const char *key)
{
    writer_begin_object(req->out);
    writer_keyz(req->out, key);
}

static enum api_rc insert_badge(struct request *req, const char *code, const char *const *texts,
                                const char *type)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "INSERT INTO activity_badge (code, title, value, type) VALUES ($1, $2, "
                            "$3, $4) ON CONFLICT DO NOTHING RETURNING id");
    db_bind_textz(stmt, 1, code);
    db_bind_textz(stmt, 2, texts[TITLE]);
    db_bind_textz(stmt, 3, texts[VALUE]);
    db_bind_textz(stmt, 4, type);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    if (rc == DB_NONE)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "A badge with this code already exists");
    return api_db(req, rc);
}

static enum api_rc badge_add(struct request *req)
{
    const struct badge_args *args = req->args;
    const char *code = args->code ? args->code : "", *type = args->type ? args->type : "";
    const char *texts[] = {badge_text(req, args->title), badge_text(req, args->value)};
    for (int i = TITLE; i <= VALUE; i++) {
        if (!texts[i])
            return arg_mismatch(req, i == TITLE ? "title" : "value", "string|string[]");
    }
    if (!*code || !*type || !*texts[TITLE] || !*texts[VALUE])
        return api_fail(req, API_ERR_REQUIRED_ARG, NULL);
    if (!type_exists(type))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                        "The badge type must be success, failure, warning, primary or secondary");
    if (strlen(code) > LIMIT_CODE_BYTES)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "The badge code is too long");
    enum api_rc rc = insert_badge(req, code, texts, type);
    if (rc != API_OK)
        return rc;
    begin_answer(req, "badge");
    write_badge(req->out, code, texts, type);
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc badge_get(struct request *req)
{
    const struct badge_args *args = req->args;
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT code, title, value, type FROM activity_badge WHERE code = $1");
    db_bind_textz(stmt, 1, args->code);
    enum db_rc step = db_step(stmt);
    if (step == DB_ROW) {
        begin_answer(req, "badge");
        write_row(req, stmt);
        writer_end_object(req->out);
    }
    db_finish(stmt);
    if (step == DB_NONE)
        return api_fail(req, API_ERR_ITEM_NOT_FOUND, "Not found.");
    return api_db(req, step);
}

static enum api_rc badge_list(struct request *req)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT code, title, value, type FROM activity_badge ORDER BY id");
    enum db_rc rc;
    begin_answer(req, "badges");
    writer_begin_list(req->out);
    while ((rc = db_step(stmt)) == DB_ROW)
        write_row(req, stmt);
    db_finish(stmt);
    writer_end_list(req->out);
    writer_end_object(req->out);
    return api_db(req, rc);
}

static enum api_rc badge_delete(struct request *req)
{
    const struct badge_args *args = req->args;
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM activity_badge WHERE code = $1 RETURNING id");
    db_bind_textz(stmt, 1, args->code);
    enum db_rc step = db_step(stmt);
    db_finish(stmt);
    if (step == DB_NONE)
        return api_fail(req, API_ERR_ITEM_NOT_FOUND, "Not found.");
    if (step == DB_ROW)
        writer_bool(req->out, true);
    return api_db(req, step);
}

#define ARG(member) BIND(struct badge_args, member)
/* The handler says in its own words what is missing. */
static const struct param add_params[] = {
    {"code", PARAM_STRING, true, "Code, not in use yet", .asked = true, ARG(code)},
    {"title", PARAM_ANY, true, "Title: a text, or texts by language", .asked = true, ARG(title)},
    {"value", PARAM_ANY, true, "Text in the badge: a text, or texts by language", .asked = true,
     ARG(value)},
    {"type", PARAM_STRING, true, "Its colour", .asked = true, .one_of = TYPES, ARG(type)},
    {0},
};
static const struct param code_param[] = {
    {"code", PARAM_STRING, true, "Code of the badge", ARG(code)},
    {0},
};
static const struct param badge_keys[] = {
    {"code", PARAM_STRING, true},
    {"title", PARAM_ANY, true, "A text, or texts by language"},
    {"value", PARAM_ANY, true, "A text, or texts by language"},
    {"type", PARAM_STRING, true, .one_of = TYPES},
    {0}};
static const struct param one_badge[] = {{"badge", PARAM_ARRAY, true, .keys = badge_keys}, {0}};
static const struct param all_badges[] = {{"badges", PARAM_LIST, true, .keys = badge_keys}, {0}};

static const struct method methods[] = {
    {.name = "crm.activity.badge.add",
     .summary = "Register a badge for configurable activities.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .admin_only = true,
     .denied = API_ERR_ITEM_DENIED,
     .binds = true,
     TAKES(struct badge_args, add_params),
     .result = SHAPE_OBJECT,
     .gives = one_badge,
     .page = PAGE("crm-activity-badge-add"),
     .handle = badge_add},
    {.name = "crm.activity.badge.get",
     .summary = "Return a badge by its code.",
     .scope = "crm",
     .binds = true,
     TAKES(struct badge_args, code_param),
     .result = SHAPE_OBJECT,
     .gives = one_badge,
     .page = PAGE("crm-activity-badge-get"),
     .handle = badge_get},
    {.name = "crm.activity.badge.list",
     .summary = "List all badges.",
     .scope = "crm",
     .result = SHAPE_OBJECT,
     .gives = all_badges,
     .page = PAGE("crm-activity-badge-list"),
     .handle = badge_list},
    {.name = "crm.activity.badge.delete",
     .summary = "Delete a badge by its code.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .admin_only = true,
     .denied = API_ERR_ITEM_DENIED,
     .binds = true,
     TAKES(struct badge_args, code_param),
     .result = SHAPE_BOOL,
     .page = PAGE("crm-activity-badge-delete"),
     .handle = badge_delete},
};

MODULE(crm_activity_badge, METHODS(methods));

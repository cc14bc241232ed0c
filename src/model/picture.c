#include "model/picture.h"

#include <string.h>

#include "base/limits.h"
#include "model/dialect.h"
#include "model/permit.h"
#include "model/registry.h"
#include "people/signature.h"
#include "portal/file_given.h"
#include "portal/scope.h"

static const char *const person_fields[] = {"PERSONAL_PHOTO", "WORK_LOGO"};

const struct file_reference picture_content = {"picture", "content", "picture", "owner",
                                               "owner_id"};
FILE_COLUMN(picture_content);

/* ---- what was given ---- */

enum wish { KEEP, REMOVE, SET, WRONG };

/* A Base64 text without a name gets one. */
static const struct value *named_pair(struct request *req, const struct value *text)
{
    struct value *pair = value_array(req->arena);
    value_push(req->arena, pair, value_string(req->arena, "picture", strlen("picture")));
    value_push(req->arena, pair, (struct value *)(uintptr_t)text);
    return pair;
}

static bool is_address(const struct value *given)
{
    return given->type == VALUE_STRING && strstr(given->string.text, PERSON_PICTURE_PATH "?");
}

static enum wish read_wish(struct request *req, const struct value *given,
                           const struct value **pair)
{
    bool remove = false;
    *pair = NULL;
    if (!given)
        return KEEP;
    if (value_is_empty(given))
        return REMOVE;
    if (!value_is_array(given))
        return is_address(given) ? KEEP : WRONG;
    const struct value *data = value_get_nocase(given, "fileData");
    *pair = data && data->type == VALUE_STRING && data->string.len ? named_pair(req, data)
                                                                   : file_given_pair(given);
    if (*pair)
        return SET;
    if (value_to_flag(value_get_nocase(given, "remove"), &remove) && remove)
        return REMOVE;
    return value_get_nocase(given, "id") ? KEEP : WRONG;
}

static void prepare(struct request *req, const struct value *given)
{
    const struct value *pair;
    if (read_wish(req, given, &pair) == SET)
        file_given_prepare(req, pair);
}

static enum api_rc check(struct request *req, const char *field, const struct value *given)
{
    const struct value *pair;
    enum wish wish = read_wish(req, given, &pair);
    if (wish == WRONG || (wish == SET && !file_given_good(req, pair)))
        return api_fail(req, API_ERR_METHOD, "The field %s is not defined or invalid", field);
    return API_OK;
}

/* ---- storing ---- */

static enum api_rc remove_where(struct request *req, const char *condition, int64_t type_id,
                                int64_t owner_id, const char *field)
{
    struct buf sql = {0};
    buf_printf(&sql,
               "DELETE FROM picture WHERE owner_type_id = $1 AND owner_id = $2%s RETURNING "
               "content",
               condition);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    enum db_rc rc;
    db_bind_int(stmt, 1, type_id);
    db_bind_int(stmt, 2, owner_id);
    if (field)
        db_bind_textz(stmt, 3, field);
    while ((rc = db_step(stmt)) == DB_ROW)
        file_drop_add(req, db_text(stmt, 0, NULL));
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc insert(struct request *req, int64_t type_id, int64_t owner_id, const char *field,
                          const struct file_given *file)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO picture (owner_type_id, owner_id, field, name, size, content) VALUES "
                 "($1, $2, $3, $4, $5, $6)");
    db_bind_int(stmt, 1, type_id);
    db_bind_int(stmt, 2, owner_id);
    db_bind_textz(stmt, 3, field);
    db_bind_textz(stmt, 4, file->name);
    db_bind_int(stmt, 5, (int64_t)file->size);
    db_bind_textz(stmt, 6, file->content);
    return api_db(req, db_run(stmt));
}

static enum api_rc store(struct request *req, int64_t type_id, int64_t owner_id, const char *field,
                         const struct value *given)
{
    const struct value *pair;
    struct file_given file;
    enum wish wish = read_wish(req, given, &pair);
    if (wish != SET && wish != REMOVE)
        return API_OK;
    enum api_rc rc = wish == SET ? file_given_store(req, &picture_content, pair, &file) : API_OK;
    if (rc == API_OK)
        rc = remove_where(req, " AND field = $3", type_id, owner_id, field);
    return rc == API_OK && wish == SET ? insert(req, type_id, owner_id, field, &file) : rc;
}

/* ---- entities ---- */

int picture_kept_as(const struct entity *entity)
{
    return entity->pictures_as ? entity->pictures_as : entity->type_id;
}

/* Does something for each field of the entity that holds a picture. */
struct visit {
    struct request *req;
    const struct entity *entity;
    int64_t id;
    const struct value *given;
};

static enum api_rc each(const struct visit *visit,
                        enum api_rc (*act)(const struct visit *visit, const struct field *field,
                                           const struct value *given))
{
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < visit->entity->field_count && rc == API_OK; i++) {
        const struct field *field = &visit->entity->fields[i];
        if (field->relation == &pictures)
            rc = act(visit, field, value_get(visit->given, field->name));
    }
    return rc;
}

static enum api_rc prepare_one(const struct visit *visit, const struct field *field,
                               const struct value *given)
{
    (void)field;
    prepare(visit->req, given);
    return API_OK;
}

static enum api_rc check_one(const struct visit *visit, const struct field *field,
                             const struct value *given)
{
    return check(visit->req, field->name, given);
}

static enum api_rc store_one(const struct visit *visit, const struct field *field,
                             const struct value *given)
{
    return store(visit->req, picture_kept_as(visit->entity), visit->id, field->name, given);
}

static void pictures_prepare(struct request *req, const struct entity *entity,
                             const struct relation *relation, const struct value *fields)
{
    (void)relation;
    each(&(struct visit){.req = req, .entity = entity, .given = fields}, prepare_one);
}

static enum api_rc pictures_parse(struct change *change, const struct relation *relation,
                                  void **slot)
{
    (void)relation, (void)slot;
    return each(
        &(struct visit){.req = change->req, .entity = change->entity, .given = change->given},
        check_one);
}

static enum api_rc pictures_store(struct change *change, const struct relation *relation,
                                  void *slot)
{
    (void)relation, (void)slot;
    return each(
        &(struct visit){
            .req = change->req, .entity = change->entity, .id = change->id, .given = change->given},
        store_one);
}

static enum api_rc pictures_remove(struct request *req, const struct entity *entity,
                                   const struct relation *relation, int64_t id)
{
    (void)relation;
    return remove_where(req, "", picture_kept_as(entity), id, NULL);
}

/* A field has one picture: two that differ are for people to choose from. */
static enum api_rc pictures_disagree(struct request *req, const struct entity *entity,
                                     const struct relation *relation, int64_t from, int64_t into,
                                     bool *conflict)
{
    struct db_stmt *stmt = db_prepare(
        req->db,
        "SELECT 1 FROM picture p JOIN picture q ON q.owner_type_id = p.owner_type_id AND "
        "q.field = p.field WHERE p.owner_type_id = $3 AND p.owner_id = $1 AND q.owner_id = "
        "$2 AND q.content <> p.content");
    (void)relation;
    db_bind_int(stmt, 1, from);
    db_bind_int(stmt, 2, into);
    db_bind_int(stmt, 3, picture_kept_as(entity));
    enum db_rc rc = db_step(stmt);
    *conflict = *conflict || rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc pictures_move(struct request *req, const struct entity *entity,
                                 const struct relation *relation, int64_t from, int64_t into)
{
    struct buf sql = {0};
    (void)relation;
    buf_printf(
        &sql,
        "UPDATE picture SET owner_id = $2 WHERE owner_type_id = %d AND owner_id = $1 AND NOT "
        "EXISTS (SELECT 1 FROM picture p WHERE p.owner_type_id = %d AND p.owner_id = $2 AND "
        "p.field = picture.field)",
        picture_kept_as(entity), picture_kept_as(entity));
    return relation_run(req, &sql, from, into);
}

struct loaded {
    struct loaded *next;
    int64_t owner_id, id;
};

/* One statement for any page: unused places repeat the last id. */
static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    struct loaded **link = (struct loaded **)loaded;
    struct buf sql = {0};
    buf_adds(&sql, "SELECT owner_id, id FROM picture WHERE owner_type_id = $1 AND field = $2 AND "
                   "owner_id IN (");
    db_sql_places(&sql, 3, LIMIT_PAGE);
    buf_addc(&sql, ')');
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, picture_kept_as(entity));
    db_bind_textz(stmt, 2, field->name);
    db_bind_places(stmt, 3, LIMIT_PAGE, ids, count);
    enum db_rc rc;
    *loaded = arena_zalloc(req->arena, sizeof **link);
    struct loaded *first = *loaded; /* its owner_id holds the type, for the addresses */
    first->owner_id = picture_kept_as(entity);
    link = &first->next;
    while ((rc = db_step(stmt)) == DB_ROW) {
        struct loaded *one = arena_zalloc(req->arena, sizeof *one);
        one->owner_id = db_int(stmt, 0);
        one->id = db_int(stmt, 1);
        *link = one;
        link = &one->next;
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static void write(struct request *req, const struct field *field, const char *key, void *loaded,
                  int64_t id)
{
    (void)field;
    const struct loaded *head = loaded, *one = head ? head->next : NULL;
    while (one && one->owner_id != id)
        one = one->next;
    writer_keyz(req->out, key);
    if (!one) {
        writer_null(req->out);
        return;
    }
    const struct signed_param params[] = {
        {"fileId", one->id}, {"ownerTypeId", head->owner_id}, {"ownerId", id}, {NULL, 0}};
    const char *address = signature_address(req, PICTURE_PATH, params);
    writer_begin_object(req->out);
    writer_number(req->out, "id", one->id);
    writer_text(req->out, req->dialect ? "url" : "showUrl", address);
    writer_text(req->out, req->dialect ? "urlMachine" : "downloadUrl", address);
    writer_end_object(req->out);
}

#define PICTURE_SCHEMA(URL, MACHINE)                                                               \
    "{\"type\":[\"object\",\"null\"],\"properties\":{\"id\":{\"type\":\"integer\"},\"" URL         \
    "\":{\"type\":\"string\"},\"" MACHINE "\":{\"type\":\"string\"}},\"required\":[\"id\",\"" URL  \
    "\"],\"additionalProperties\":false}"

static const struct relation_kind pictures_kind = {
    .takes = FILE_TAKES("{fileData: [name, Base64]}, or [name, Base64]; {id, remove: Y}: it goes"),
    .schema = PICTURE_SCHEMA("showUrl", "downloadUrl"),
    .item_schema = PICTURE_SCHEMA("url", "urlMachine"),
    .parse = pictures_parse,
    .store = pictures_store,
    .remove = pictures_remove,
    .disagree = pictures_disagree,
    .move = pictures_move,
    .load = load,
    .write = write,
    .prepare = pictures_prepare};

const struct relation pictures = {.kind = &pictures_kind, .name = "pictures", .table = "picture"};

/* ---- people ---- */

void picture_prepare_person(struct request *req)
{
    for (size_t i = 0; i < sizeof person_fields / sizeof person_fields[0]; i++)
        prepare(req, param_get(req, person_fields[i]));
}

enum api_rc picture_check_person(struct request *req, const char *field, const struct value *given)
{
    return check(req, field, given);
}

enum api_rc picture_store_person(struct request *req, int64_t user_id, const char *field,
                                 const struct value *given)
{
    return store(req, PICTURE_OF_PERSON, user_id, field, given);
}

const char *picture_address(struct request *req, int64_t user_id, int64_t picture_id)
{
    const struct signed_param params[] = {{"fileId", picture_id}, {"ownerId", user_id}, {NULL, 0}};
    return signature_address(req, PERSON_PICTURE_PATH, params);
}

/* As user.get shows them: the photo to all three scopes, the logo not to user_brief. */
static bool may_see(const struct request *req, const char *field)
{
    return scope_allows(req->caller->scopes, !strcmp(field, person_fields[0]) ? PERSON_PICTURE_SCOPE
                                                                              : "user|user_basic");
}

enum api_rc picture_of_person(struct request *req, int64_t user_id, const char *field,
                              int64_t *picture_id)
{
    *picture_id = 0;
    if (!may_see(req, field))
        return API_OK;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT id FROM picture WHERE owner_type_id = 0 AND owner_id = $1 AND field = $2");
    db_bind_int(stmt, 1, user_id);
    db_bind_textz(stmt, 2, field);
    enum db_rc rc = db_step(stmt);
    *picture_id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

/* ---- the pages ---- */

static enum api_rc find(struct request *req, int64_t type_id, int64_t owner_id, int64_t file_id,
                        const char **field, const char **hash, const char **name)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT content, name, field FROM picture WHERE id = $1 AND "
                            "owner_type_id = $2 AND owner_id = $3");
    db_bind_int(stmt, 1, file_id);
    db_bind_int(stmt, 2, type_id);
    db_bind_int(stmt, 3, owner_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        *hash = request_text(req, stmt, 0, NULL);
        *name = request_text(req, stmt, 1, NULL);
        *field = request_text(req, stmt, 2, NULL);
    }
    db_finish(stmt);
    return rc == DB_NONE ? api_fail(req, API_ERR_NOT_FOUND, NULL) : api_db(req, rc);
}

static const struct entity *owner_of(struct request *req, int64_t kept_as)
{
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if (relation_has(*e, &pictures) && picture_kept_as(*e) == kept_as)
            return *e;
    }
    return NULL;
}

enum api_rc picture_find(struct request *req, const char **hash, const char **name)
{
    int64_t file_id, type_id, owner_id;
    const char *field;
    if (!param_int(req, "fileId", &file_id) || !param_int(req, "ownerTypeId", &type_id) ||
        !param_int(req, "ownerId", &owner_id))
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    const struct entity *entity = owner_of(req, type_id);
    if (!entity)
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    bool may = false;
    enum api_rc rc = permit_reads(req, entity, owner_id, &may);
    if (rc == API_OK && !may)
        rc = api_fail(req, API_ERR_ACCESS_DENIED, NULL);
    return rc == API_OK ? find(req, type_id, owner_id, file_id, &field, hash, name) : rc;
}

enum api_rc picture_find_person(struct request *req, const char **hash, const char **name)
{
    int64_t file_id, user_id;
    const char *field;
    if (!param_int(req, "fileId", &file_id) || !param_int(req, "ownerId", &user_id))
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    enum api_rc rc = find(req, PICTURE_OF_PERSON, user_id, file_id, &field, hash, name);
    if (rc == API_OK && !may_see(req, field))
        rc = api_fail(req, API_ERR_INSUFFICIENT_SCOPE, NULL);
    return rc;
}

/* user_store - the rows of people, for those who have no request: a first start, demo data, commands. */
#include <string.h>

#include "base/fold.h"
#include "user/user.h"

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

static void bind_day(struct db_stmt *stmt, int at, const struct zone *zone, const char *day)
{
    int64_t days;
    if (day && day_parse(zone, day, strlen(day), &days) != DATETIME_INVALID)
        db_bind_int(stmt, at, days);
    else
        db_bind_null(stmt, at);
}

/* "[1,3]", the form user/user_filter looks into. */
static void departments_json(const struct user_new *user, struct buf *json)
{
    buf_addc(json, '[');
    for (size_t i = 0; i < user->department_count; i++)
        buf_printf(json, "%s%lld", i ? "," : "", (long long)user->departments[i]);
    buf_adds(json, user->department_count ? "]" : "1]");
}

/* The table that permissions are found out by says what uf_department says. */
static enum db_rc departments_store(struct db *db, int64_t id)
{
    struct db_stmt *stmt = db_prepare(db, "DELETE FROM member_department WHERE user_id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_run(stmt);
    if (rc != DB_OK)
        return rc;
    stmt =
        db_prepare(db, "INSERT INTO member_department (user_id, department_id) SELECT m.id, d.id"
                       " FROM member m JOIN department d ON replace(replace(m.uf_department, '[',"
                       " ','), ']', ',') LIKE '%,' || CAST(d.id AS TEXT) || ',%' WHERE m.id ="
                       " $1");
    db_bind_int(stmt, 1, id);
    return db_run(stmt);
}

enum db_rc user_departments_set(struct db *db, int64_t id, const int64_t *ids, size_t count)
{
    struct user_new user = {.departments = ids, .department_count = count};
    struct buf json = {0};
    departments_json(&user, &json);
    struct db_stmt *stmt = db_prepare(db, "UPDATE member SET uf_department = $1 WHERE id = $2");
    db_bind_textz(stmt, 1, buf_text(&json));
    db_bind_int(stmt, 2, id);
    enum db_rc rc = db_run(stmt);
    buf_clear(&json);
    return rc == DB_OK ? departments_store(db, id) : rc;
}

#define BOUND_COLUMNS 16

/* Binds $1 to $16, in the order both statements below name them. */
static void bind_user(struct db_stmt *stmt, const struct zone *zone, int64_t now,
                      const struct user_new *user, struct buf *departments)
{
    const char *const texts[] = {user->email,         user->name,       user->last_name,
                                 user->second_name,   user->gender,     user->time_zone,
                                 user->work_position, user->work_phone, user->mobile,
                                 user->city,          user->inner_phone};
    int at = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        db_bind_textz(stmt, ++at, text_or_empty(texts[i]));
    departments_json(user, departments);
    db_bind_textz(stmt, ++at, buf_text(departments));
    bind_day(stmt, ++at, zone, user->birthday);
    bind_day(stmt, ++at, zone, user->employed);
    if (user->last_login)
        db_bind_int(stmt, ++at, user->last_login);
    else
        db_bind_null(stmt, ++at);
    db_bind_int(stmt, ++at, now);
}

/* What they are found by, whatever their case; NULL: it stays. */
static enum db_rc keys_store(struct db *db, int64_t id, const char *login, const char *email)
{
    struct arena arena;
    struct db_stmt *stmt =
        db_prepare(db, "UPDATE member SET login_key = coalesce($1, login_key), email_key = $2 "
                       "WHERE id = $3");
    size_t len;
    arena_init(&arena);
    db_bind_textz(stmt, 1, login ? fold_key(&arena, login, strlen(login), &len) : NULL);
    db_bind_textz(stmt, 2, email ? fold_key(&arena, email, strlen(email), &len) : "");
    db_bind_int(stmt, 3, id);
    enum db_rc rc = db_run(stmt);
    arena_clear(&arena);
    return rc;
}

enum db_rc user_insert(struct db *db, const struct zone *zone, int64_t now,
                       const struct user_new *user, int64_t *id)
{
    struct buf departments = {0};
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO member (email, name, last_name, second_name, personal_gender, time_zone,"
            " work_position, work_phone, personal_mobile, personal_city, uf_phone_inner,"
            " uf_department, personal_birthday, uf_employment_date, last_login,"
            " last_activity, updated, login, is_admin, active, date_register)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16,"
            " $17, $18, $19, $20) RETURNING id");
    bind_user(stmt, zone, now, user, &departments);
    int at = BOUND_COLUMNS;
    db_bind_textz(stmt, ++at, user->login);
    db_bind_textz(stmt, ++at, user->is_admin ? "Y" : "N");
    db_bind_textz(stmt, ++at, user->dismissed ? "N" : "Y");
    db_bind_int(stmt, ++at, day_begin(zone, day_of(zone, now))); /* the original keeps the day */
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *id = db_int(stmt, 0);
    db_finish(stmt);
    buf_clear(&departments);
    if (rc == DB_ROW)
        rc = keys_store(db, *id, user->login, user->email);
    return rc == DB_OK ? departments_store(db, *id) : rc;
}

enum db_rc user_fill(struct db *db, const struct zone *zone, int64_t now, int64_t id,
                     const struct user_new *user)
{
    struct buf departments = {0};
    struct db_stmt *stmt =
        db_prepare(db, "UPDATE member SET email = $1, name = $2, last_name = $3, second_name = $4,"
                       " personal_gender = $5, time_zone = $6, work_position = $7, work_phone = $8,"
                       " personal_mobile = $9, personal_city = $10, uf_phone_inner = $11,"
                       " uf_department = $12, personal_birthday = $13, uf_employment_date = $14,"
                       " last_login = $15, last_activity = $15, updated = $16 WHERE id = $17");
    bind_user(stmt, zone, now, user, &departments);
    db_bind_int(stmt, BOUND_COLUMNS + 1, id);
    enum db_rc rc = db_run(stmt);
    buf_clear(&departments);
    if (rc == DB_OK)
        rc = keys_store(db, id, NULL, user->email);
    return rc == DB_OK ? departments_store(db, id) : rc;
}

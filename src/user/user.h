/* user - the people of the portal.
 *
 * What:    reads, lists and inserts users (table member) in the documented shape of user.get:
 *          ACTIVE a boolean, ID a string, UF_DEPARTMENT a list of integers, empty dates "". Which
 *          fields a caller sees depends on its scope: user, user_basic or user_brief (api-
 *          reference/user/user-scope).
 * Used by: method/user, method/profile, method/system; crm/activity (RESPONSIBLE_ID); app/ (the
 *          first administrator, demo data).
 * Memory:  results live in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h; user_insert: enum db_rc, DB_CONFLICT for a login in use.
 */
#ifndef RAPPORT_USER_USER_H
#define RAPPORT_USER_USER_H

#include "model/codes.h"

/* What the portal tells about a person without the scope `user`. */
struct user {
    int64_t id;
    bool active;
    bool is_admin;
    const char *name, *last_name;
    const char *gender; /* "M", "F" or "" */
    const char *time_zone;
};

/* *found is false when there is no such user; *user is left alone then. */
enum api_rc user_read(struct request *req, int64_t id, struct user *user, bool *found);
/* Dismissed users exist too: they stay responsible for what they did. */
enum api_rc user_exists(struct request *req, int64_t id, bool *exists);

/* Answers the caller's own row. */
enum api_rc user_current(struct request *req);
/* Answers a page of rows: parameters filter, sort, order, select, start, and filter keys beside
 * them, as user.get takes them. With `search` the rules of user.search: FIND, or the beginnings of
 * names. */
enum api_rc user_list(struct request *req, bool search);
/* Answers the flat map of field code to caption. */
enum api_rc user_captions(struct request *req);

/* A new row; NULL texts are empty. */
struct user_new {
    const char *login; /* required, unique */
    const char *email, *name, *last_name, *second_name;
    bool is_admin, dismissed;
    const char *gender, *time_zone;
    const char *birthday, *employed; /* "1990-05-01" */
    const char *work_position, *work_phone, *mobile, *city, *inner_phone;
    int64_t last_login;         /* 0: never */
    const int64_t *departments; /* none: the root department, 1 */
    size_t department_count;
};

enum db_rc user_insert(struct db *db, const struct zone *zone, int64_t now,
                       const struct user_new *user, int64_t *id);
/* The same values over the row of a user that exists; login and rights stay. */
enum db_rc user_fill(struct db *db, const struct zone *zone, int64_t now, int64_t id,
                     const struct user_new *user);
/* Where the user works; none: the root department. */
enum db_rc user_departments_set(struct db *db, int64_t id, const int64_t *ids, size_t count);

/* user.add and user.update (user/user_write). */
enum api_rc user_add(struct request *req);
enum api_rc user_update(struct request *req);

/* Of fields that hold a user's id. */
extern const struct field_codes codes_user;

/* The table of fields, for filters and for those two. */
extern const struct entity user_entity;

#endif

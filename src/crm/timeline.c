#include "crm/timeline.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "crm/owner.h"
#include "crm/timeline_file.h"
#include "model/hearing.h"
#include "model/registry.h"

/* ---- whose it is ---- */

const struct entity *timeline_owner(const struct request *req, const char *code)
{
    const struct entity *entity = entity_of_code(req, code);
    return entity && entity->type_id ? owner_entity(req, entity->type_id) : NULL;
}

const char *timeline_owner_code(struct request *req, const struct entity *owner)
{
    char *code = arena_strdup(req->arena, owner->code);
    for (char *c = code; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return code;
}

/* Its rows, in the order in which it was bound to them by type. */
struct bond {
    const struct entity *owner;
    int64_t owner_id;
};

static enum api_rc read_bonds(struct request *req, int64_t id, struct bond **bonds, size_t *count)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT owner_type_id, owner_id FROM timeline_binding WHERE entry_id = "
                            "$1 ORDER BY owner_type_id, owner_id");
    size_t room = 0;
    enum db_rc rc;
    *bonds = NULL;
    *count = 0;
    db_bind_int(stmt, 1, id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (*count == room) {
            struct bond *more =
                arena_alloc(req->arena, (room = room ? room * 2 : 8) * sizeof *more);
            if (*count)
                memcpy(more, *bonds, *count * sizeof *more);
            *bonds = more;
        }
        (*bonds)[(*count)++] = (struct bond){owner_entity(req, db_int(stmt, 0)), db_int(stmt, 1)};
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc bond_is_free(struct request *req, const struct bond *bond,
                                enum access_action action, bool *is_free)
{
    enum permit_sight sight = PERMIT_FREE;
    enum api_rc rc = API_OK;
    if (req->caller->access && bond->owner)
        rc = bond->owner->permit->sight(req, bond->owner, bond->owner_id, action, &sight);
    *is_free = bond->owner && sight == PERMIT_FREE;
    return rc;
}

enum api_rc timeline_sight(struct request *req, int64_t id, enum access_action action,
                           enum permit_sight *sight)
{
    struct bond *bonds;
    size_t count;
    enum api_rc rc = read_bonds(req, id, &bonds, &count);
    *sight = rc == API_OK && count ? PERMIT_REFUSED : PERMIT_MISSING;
    for (size_t i = 0; i < count && rc == API_OK && *sight != PERMIT_FREE; i++) {
        bool is_free;
        rc = bond_is_free(req, &bonds[i], action == ACCESS_READ ? ACCESS_READ : ACCESS_UPDATE,
                          &is_free);
        *sight = is_free ? PERMIT_FREE : *sight;
    }
    return rc;
}

/* ---- events ---- */

EVENT_KIND(comment_added, "ONCRMTIMELINECOMMENTADD", "crm");
EVENT_KIND(comment_updated, "ONCRMTIMELINECOMMENTUPDATE", "crm");
EVENT_KIND(comment_deleted, "ONCRMTIMELINECOMMENTDELETE", "crm");

static enum api_rc sight_of(struct request *req, const struct entity *entity, int64_t id,
                            enum access_action action, enum permit_sight *sight)
{
    (void)entity;
    return timeline_sight(req, id, action, sight);
}

static const struct permit comment_permit = {.sight = sight_of};
static const struct entity comment = {
    .name = "comment", .event = "TIMELINECOMMENT", .permit = &comment_permit};

enum api_rc timeline_tell(struct request *req, const char *what, int64_t id)
{
    char data[64];
    struct event_deaf deaf;
    snprintf(data, sizeof data, "data%%5BID%%5D=%lld", (long long)id);
    enum api_rc rc = hearing_deaf(req, &comment, what, id, &deaf);
    struct event_news news = {.kind = *what == 'A'   ? &comment_added
                                      : *what == 'U' ? &comment_updated
                                                     : &comment_deleted,
                              .data = data,
                              .user_id = req->caller->user_id,
                              .now = (int64_t)req->now,
                              .connector = param_text(req, "auth_connector"),
                              .deaf = &deaf};
    return rc == API_OK ? event_tell_now(req, &news) : rc;
}

/* Pages that follow the changes show entries at their cards: the card is told as changed. */
enum api_rc timeline_follow(struct request *req, const struct entity *owner, int64_t owner_id)
{
    return owner ? hearing_follow(req, owner, "update", owner_id, NULL) : API_OK;
}

static enum api_rc follow_bonds(struct request *req, int64_t id)
{
    struct bond *bonds = NULL;
    size_t count = 0;
    enum api_rc rc = read_bonds(req, id, &bonds, &count);
    for (size_t i = 0; i < count && rc == API_OK; i++)
        rc = timeline_follow(req, bonds[i].owner, bonds[i].owner_id);
    return rc;
}

enum api_rc timeline_changed(struct request *req, int64_t id)
{
    enum api_rc rc = timeline_tell(req, "UPDATE", id);
    return rc == API_OK ? follow_bonds(req, id) : rc;
}

/* ---- entries ---- */

enum api_rc timeline_bind(struct request *req, const struct timeline_entry *entry,
                          const struct entity *owner, int64_t owner_id)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO timeline_binding (owner_type_id, owner_id, entry_id, kind, created, "
                 "author_id) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
    db_bind_int(stmt, 1, owner->type_id);
    db_bind_int(stmt, 2, owner_id);
    db_bind_int(stmt, 3, entry->id);
    db_bind_textz(stmt, 4, entry->kind);
    db_bind_int(stmt, 5, entry->created);
    db_bind_int(stmt, 6, entry->author_id);
    enum api_rc rc = api_db(req, db_run(stmt));
    return rc == API_OK ? timeline_follow(req, owner, owner_id) : rc;
}

enum api_rc timeline_add(struct request *req, const struct entity *owner, int64_t owner_id,
                         struct timeline_entry *entry)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO timeline_entry (kind, created, author_id, app_id, title, text, icon) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id");
    entry->created = (int64_t)req->now;
    entry->author_id = req->caller->user_id;
    entry->app_id = req->caller->app_id;
    db_bind_textz(stmt, 1, entry->kind);
    db_bind_int(stmt, 2, entry->created);
    db_bind_int(stmt, 3, entry->author_id);
    db_bind_int(stmt, 4, entry->app_id);
    db_bind_textz(stmt, 5, entry->title ? entry->title : "");
    db_bind_textz(stmt, 6, entry->text);
    db_bind_textz(stmt, 7, entry->icon ? entry->icon : "");
    enum db_rc rc = db_step(stmt);
    entry->id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    if (rc != DB_ROW)
        return api_db(req, rc);
    entry->owner = owner;
    entry->owner_id = owner_id;
    return timeline_bind(req, entry, owner, owner_id);
}

enum api_rc timeline_read(struct request *req, const char *kind, int64_t id,
                          struct timeline_entry *entry, bool *found)
{
    struct db_stmt *stmt = db_prepare_hold(
        req->db,
        "SELECT kind, created, author_id, app_id, title, text, icon FROM timeline_entry "
        "WHERE id = $1 AND ($2 = '' OR kind = $2)",
        NULL);
    struct bond *bonds = NULL;
    size_t count = 0;
    *entry = (struct timeline_entry){.id = id};
    db_bind_int(stmt, 1, id);
    db_bind_textz(stmt, 2, kind ? kind : "");
    enum db_rc step = db_step(stmt);
    *found = step == DB_ROW;
    if (*found) {
        entry->kind = request_text(req, stmt, 0, NULL);
        entry->created = db_int(stmt, 1);
        entry->author_id = db_int(stmt, 2);
        entry->app_id = db_int(stmt, 3);
        entry->title = request_text(req, stmt, 4, NULL);
        entry->text = request_text(req, stmt, 5, NULL);
        entry->icon = request_text(req, stmt, 6, NULL);
    }
    db_finish(stmt);
    enum api_rc rc = api_db(req, step);
    if (rc == API_OK && *found)
        rc = read_bonds(req, id, &bonds, &count);
    entry->bindings = count;
    for (size_t i = 0; i < count && rc == API_OK && !entry->owner; i++) {
        bool is_free;
        rc = bond_is_free(req, &bonds[i], ACCESS_READ, &is_free);
        if (is_free) {
            entry->owner = bonds[i].owner;
            entry->owner_id = bonds[i].owner_id;
        }
    }
    return rc;
}

enum api_rc timeline_is_bound(struct request *req, int64_t id, const struct entity *owner,
                              int64_t owner_id, bool *bound)
{
    struct db_stmt *stmt = db_prepare(req->db, "SELECT 1 FROM timeline_binding WHERE owner_type_id "
                                               "= $1 AND owner_id = $2 AND entry_id = $3");
    db_bind_int(stmt, 1, owner->type_id);
    db_bind_int(stmt, 2, owner_id);
    db_bind_int(stmt, 3, id);
    enum db_rc rc = db_step(stmt);
    *bound = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

/* ---- removal ---- */

static enum api_rc run(struct request *req, const char *sql, int64_t first, int64_t second,
                       int64_t third)
{
    struct db_stmt *stmt = db_prepare(req->db, sql);
    db_bind_int(stmt, 1, first);
    if (second)
        db_bind_int(stmt, 2, second);
    if (third)
        db_bind_int(stmt, 3, third);
    return api_db(req, db_run(stmt));
}

enum api_rc timeline_notes_gone(struct request *req, int item_type, int64_t item_id)
{
    return run(req, "DELETE FROM timeline_note WHERE item_type = $1 AND item_id = $2", item_type,
               item_id, 0);
}

static enum api_rc unbind(struct request *req, int64_t id, const struct entity *owner,
                          int64_t owner_id)
{
    enum api_rc rc = run(req,
                         "DELETE FROM timeline_note WHERE item_type = 1 AND owner_type_id = $1 AND "
                         "owner_id = $2 AND item_id = $3",
                         owner->type_id, owner_id, id);
    if (rc != API_OK)
        return rc;
    return run(req,
               "DELETE FROM timeline_binding WHERE owner_type_id = $1 AND owner_id = $2 AND "
               "entry_id = $3",
               owner->type_id, owner_id, id);
}

enum api_rc timeline_unbind(struct request *req, int64_t id, const struct entity *owner,
                            int64_t owner_id)
{
    enum api_rc rc = unbind(req, id, owner, owner_id);
    return rc == API_OK ? timeline_follow(req, owner, owner_id) : rc;
}

static enum api_rc remove_entry(struct request *req, const char *kind, int64_t id)
{
    static const char *const gone[] = {"DELETE FROM timeline_binding WHERE entry_id = $1",
                                       "DELETE FROM timeline_entry WHERE id = $1"};
    enum api_rc rc = API_OK;
    if (!strcmp(kind, TIMELINE_COMMENT)) /* who hears of it is found out while it is there */
        rc = timeline_tell(req, "DELETE", id);
    if (rc == API_OK)
        rc = timeline_files_delete(req, id);
    if (rc == API_OK)
        rc = timeline_notes_gone(req, TIMELINE_ITEM_ENTRY, id);
    for (size_t i = 0; i < sizeof gone / sizeof gone[0] && rc == API_OK; i++)
        rc = run(req, gone[i], id, 0, 0);
    return rc;
}

enum api_rc timeline_remove(struct request *req, const char *kind, int64_t id)
{
    enum api_rc rc = follow_bonds(req, id);
    return rc == API_OK ? remove_entry(req, kind, id) : rc;
}

/* Its card goes, which is told. */
static enum api_rc entry_loses(struct request *req, const struct entity *owner, int64_t owner_id,
                               int64_t id)
{
    struct timeline_entry entry;
    bool found;
    enum api_rc rc = timeline_read(req, NULL, id, &entry, &found);
    if (rc == API_OK && found && entry.bindings <= 1)
        return remove_entry(req, entry.kind, id);
    return rc == API_OK ? unbind(req, id, owner, owner_id) : rc;
}

enum api_rc timeline_owner_gone(struct request *req, const struct entity *owner, int64_t owner_id)
{
    int64_t ids[64];
    size_t count;
    enum api_rc rc = API_OK;
    do { /* in slices; each takes its bindings along */
        struct db_stmt *stmt =
            db_prepare(req->db, "SELECT entry_id FROM timeline_binding WHERE owner_type_id = $1 "
                                "AND owner_id = $2 ORDER BY entry_id LIMIT 64");
        enum db_rc step;
        db_bind_int(stmt, 1, owner->type_id);
        db_bind_int(stmt, 2, owner_id);
        for (count = 0; (step = db_step(stmt)) == DB_ROW && count < 64; count++)
            ids[count] = db_int(stmt, 0);
        db_finish(stmt);
        rc = api_db(req, step);
        for (size_t i = 0; i < count && rc == API_OK; i++)
            rc = entry_loses(req, owner, owner_id, ids[i]);
    } while (count == 64 && rc == API_OK);
    if (rc != API_OK)
        return rc;
    return run(req, "DELETE FROM timeline_note WHERE owner_type_id = $1 AND owner_id = $2",
               owner->type_id, owner_id, 0);
}

enum api_rc timeline_owner_moved(struct request *req, const struct entity *owner, int64_t from,
                                 int64_t into)
{
    static const char *const moved[] = {
        "INSERT INTO timeline_binding (owner_type_id, owner_id, entry_id, kind, created, "
        "author_id) "
        "SELECT owner_type_id, $3, entry_id, kind, created, author_id FROM timeline_binding WHERE "
        "owner_type_id = $1 AND owner_id = $2 ON CONFLICT DO NOTHING",
        "DELETE FROM timeline_binding WHERE owner_type_id = $1 AND owner_id = $2 AND $3 <> $2",
        "INSERT INTO timeline_note (owner_type_id, owner_id, item_type, item_id, text, created, "
        "created_by, updated, updated_by) SELECT owner_type_id, $3, item_type, item_id, text, "
        "created, created_by, updated, updated_by FROM timeline_note WHERE owner_type_id = $1 AND "
        "owner_id = $2 ON CONFLICT DO NOTHING",
        "DELETE FROM timeline_note WHERE owner_type_id = $1 AND owner_id = $2 AND $3 <> $2"};
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < sizeof moved / sizeof moved[0] && rc == API_OK; i++)
        rc = run(req, moved[i], owner->type_id, from, into);
    return rc;
}

/* ---- the page of files ---- */

enum api_rc timeline_file_find(struct request *req, const char **hash, const char **name)
{
    int64_t file_id, entry_id;
    enum permit_sight sight;
    if (!param_int(req, "fileId", &file_id) || !param_int(req, "ownerId", &entry_id))
        return api_fail(req, API_ERR_NOT_FOUND, NULL);
    enum api_rc rc = timeline_sight(req, entry_id, ACCESS_READ, &sight);
    if (rc != API_OK)
        return rc;
    if (sight != PERMIT_FREE)
        return api_fail(req, sight == PERMIT_REFUSED ? API_ERR_ACCESS_DENIED : API_ERR_NOT_FOUND,
                        NULL);
    return timeline_file_read(req, entry_id, file_id, hash, name);
}

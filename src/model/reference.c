#include "model/reference.h"

#include "base/limits.h"

enum api_rc reference_find(struct request *req, const struct entity *entity, int64_t id,
                           enum reference *reference)
{
    struct permit_whose whose;
    enum db_rc rc = permit_owner(req, entity, id, &whose);
    *reference = REFERENCE_MISSING;
    if (rc == DB_ROW && permit_covers(req, entity, ACCESS_READ, &whose))
        *reference = permit_covers(req, entity, ACCESS_UPDATE, &whose) ? REFERENCE_CHANGEABLE
                                                                       : REFERENCE_READABLE;
    return api_db(req, rc);
}

bool reference_reads_all(const struct request *req, const struct entity *entity)
{
    return access_all(req->caller, entity->type_id, ACCESS_READ);
}

/* So many at a time, always in the same statement. */
#define SLICE LIMIT_PAGE

static enum api_rc slice_readable(struct request *req, const struct entity *entity,
                                  const int64_t *ids, size_t count, bool *readable)
{
    struct buf sql = {0};
    buf_adds(&sql, "SELECT o.id");
    permit_sql_whose(&sql, entity, "o");
    buf_printf(&sql, " FROM %s o WHERE o.id IN (", entity->table);
    db_sql_places(&sql, 1, SLICE);
    buf_addc(&sql, ')');
    struct db_stmt *stmt = db_prepare_share(req->db, buf_text(&sql), NULL);
    buf_clear(&sql);
    db_bind_places(stmt, 1, SLICE, ids, count);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        const struct permit_whose whose = {db_int(stmt, 1), db_int(stmt, 2)};
        bool covered = permit_covers(req, entity, ACCESS_READ, &whose);
        for (size_t i = 0; i < count; i++) {
            if (ids[i] == db_int(stmt, 0))
                readable[i] = covered;
        }
    }
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc reference_readable(struct request *req, const struct entity *entity, const int64_t *ids,
                               size_t count, bool *readable)
{
    for (size_t i = 0; i < count; i++)
        readable[i] = false;
    if (!access_any(req->caller, entity->type_id, ACCESS_READ))
        return API_OK;
    for (size_t at = 0; at < count; at += SLICE) {
        size_t slice = count - at < SLICE ? count - at : SLICE;
        enum api_rc rc = slice_readable(req, entity, ids + at, slice, readable + at);
        if (rc != API_OK)
            return rc;
    }
    return API_OK;
}

/* ---- lists ---- */

struct reference_ids *reference_ids_new(struct arena *arena, size_t room)
{
    struct reference_ids *ids = arena_alloc(arena, sizeof *ids + room * sizeof ids->id[0]);
    ids->count = 0;
    return ids;
}

bool reference_ids_have(const struct reference_ids *ids, int64_t id)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (ids->id[i] == id)
            return true;
    }
    return false;
}

void reference_ids_add(struct reference_ids *ids, int64_t id)
{
    if (!reference_ids_have(ids, id))
        ids->id[ids->count++] = id;
}

struct reference_ids *reference_merge(struct arena *arena, const struct reference_ids *stored,
                                      const bool *unseen, const struct reference_ids *given)
{
    struct reference_ids *merged = reference_ids_new(arena, stored->count + given->count);
    size_t next = 0;
    for (size_t i = 0; i < stored->count; i++) {
        if (unseen[i] && !reference_ids_have(given, stored->id[i]))
            reference_ids_add(merged, stored->id[i]);
        else if (next < given->count)
            reference_ids_add(merged, given->id[next++]);
    }
    while (next < given->count)
        reference_ids_add(merged, given->id[next++]);
    return merged;
}

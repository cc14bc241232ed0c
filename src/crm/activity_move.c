#include "crm/activity_move.h"

#include "crm/activity_permit.h"
#include "crm/timeline.h"

/* The responsible person of `into` goes along in the binding. */
static enum api_rc move_bindings(struct request *req, const struct entity *entity, int64_t from,
                                 int64_t into)
{
    struct buf sql = {0};
    buf_adds(&sql, "UPDATE activity_binding SET owner_id = $2, (assigned_by_id, category_id) = "
                   "(SELECT ");
    activity_permit_sql_whose(&sql, entity, "$2");
    buf_printf(&sql,
               ") WHERE owner_type_id = %d AND "
               "owner_id = $1 AND NOT EXISTS (SELECT 1 FROM activity_binding b WHERE b.activity_id "
               "= activity_binding.activity_id AND b.owner_type_id = %d AND b.owner_id = $2)",
               entity->type_id, entity->type_id);
    enum api_rc rc = relation_run(req, &sql, from, into);
    if (rc != API_OK)
        return rc;
    buf_printf(
        &sql,
        "DELETE FROM activity_binding WHERE owner_type_id = %d AND owner_id = $1 AND $1 <> $2",
        entity->type_id);
    return relation_run(req, &sql, from, into);
}

enum api_rc activity_move(struct request *req, const struct entity *entity,
                          const struct relation *relation, int64_t from, int64_t into)
{
    struct buf sql = {0};
    (void)relation;
    enum api_rc rc = move_bindings(req, entity, from, into);
    if (rc != API_OK)
        return rc;
    buf_printf(&sql, "UPDATE activity SET owner_id = $2 WHERE owner_type_id = %d AND owner_id = $1",
               entity->type_id);
    rc = relation_run(req, &sql, from, into);
    if (rc != API_OK)
        return rc;
    /* Who is named in a communication is bound. */
    buf_printf(&sql,
               "UPDATE activity_communication SET entity_id = $2 WHERE entity_type_id = %d AND "
               "entity_id = $1 AND activity_id IN (SELECT b.activity_id FROM activity_binding b "
               "WHERE b.owner_type_id = %d AND b.owner_id = $2)",
               entity->type_id, entity->type_id);
    rc = relation_run(req, &sql, from, into);
    return rc == API_OK ? timeline_owner_moved(req, entity, from, into) : rc;
}

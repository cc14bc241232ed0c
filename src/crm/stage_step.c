#include "crm/stage_step.h"

#include <string.h>

#include "crm/category.h"
#include "crm/stage.h"
#include "crm/status_code.h"
#include "model/hearing.h"
#include "model/row.h"
#include "portal/event.h"

/* As crm.stagehistory.list tells them. */
enum history { HISTORY_MADE = 1, HISTORY_MOVED = 2, HISTORY_FINAL = 3, HISTORY_FUNNEL = 5 };

/* ---- codes ---- */

static struct cell *category_cell(struct change *change)
{
    const char *name = change->entity->category;
    return name ? change_cell(change, name) : NULL;
}

static int64_t category_of(struct change *change)
{
    const struct cell *cell = category_cell(change);
    return cell ? cell->integer : 0;
}

/* The funnel of the type that has a stage of this code. */
static enum api_rc funnel_of_stage(struct change *change, const char *code, bool *found)
{
    struct request *req = change->req;
    struct db_stmt *stmt = db_prepare_share(
        req->db,
        "SELECT c.id FROM category c JOIN crm_status s ON s.entity_id = c.directory AND "
        "s.status_id = $2 WHERE c.entity_type_id = $1",
        "c");
    db_bind_int(stmt, 1, change->entity->type_id);
    db_bind_textz(stmt, 2, code);
    enum db_rc rc = db_step(stmt);
    *found = rc == DB_ROW;
    if (*found)
        cell_set_int(category_cell(change), db_int(stmt, 0));
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc known_stage(struct change *change, const struct field *field, struct cell *cell,
                               bool *known)
{
    char semantics;
    const struct cell *category = category_cell(change);
    (void)field;
    if (change->is_add && category && !category->given)
        return funnel_of_stage(change, cell->text, known);
    const char *directory = stage_directory(change->req, change->entity, category_of(change));
    enum api_rc rc = status_semantics(change->req, directory, cell->text, &semantics);
    *known = semantics != 0;
    return rc;
}

/* The stages of the default funnel. */
static enum api_rc first_directory(struct request *req, const struct entity *entity,
                                   const char **name)
{
    int64_t id;
    enum api_rc rc = category_default(req, entity->type_id, &id);
    if (rc == API_OK && id)
        *name = stage_directory(req, entity, id);
    return rc;
}

const struct field_codes codes_stage = {.known = known_stage, .directory = first_directory};

/* ---- steps of a change ---- */

static bool differs(const struct change *change, const struct cell *cell)
{
    size_t at = (size_t)(cell - change->now);
    return !change->old || !cell_equal(change->entity->fields[at].kind, cell, &change->old[at]);
}

/* A funnel that is not given: the type's default on add, the old one else. */
static enum api_rc settle_category(struct change *change, struct cell *category)
{
    int64_t id = 0;
    if (!category || (!category->null && (category->integer || change->entity->stages->directory)))
        return API_OK;
    if (change->old) {
        *category = change->old[category - change->now];
        return API_OK;
    }
    enum api_rc rc = category_default(change->req, change->entity->type_id, &id);
    cell_set_int(category, id);
    return rc;
}

/* The stage that is given was found to be one (codes_stage); without one a new row, and one that comes into
 * another funnel, begins with the first. */
static enum api_rc settle_stage(struct change *change, struct cell *stage, const char *directory,
                                bool another_funnel)
{
    const char *first = NULL;
    bool given = stage->given && !cell_is_empty(stage);
    if (given && (differs(change, stage) || !another_funnel))
        return API_OK;
    if (change->old && !another_funnel) {
        *stage = change->old[stage - change->now]; /* taken away, or left alone */
        return API_OK;
    }
    enum api_rc rc = status_first(change->req, directory, &first);
    cell_set_text(stage, first ? first : "");
    return rc;
}

enum api_rc stage_settle(struct change *change, bool *moved, char *semantics)
{
    struct request *req = change->req;
    const struct stages *stages = change->entity->stages;
    struct cell *stage = change_cell(change, stages->field), *category = category_cell(change);
    *semantics = 0;
    enum api_rc rc = settle_category(change, category);
    bool another = change->old && category && differs(change, category);
    const char *directory = stage_directory(req, change->entity, category_of(change));
    if (rc == API_OK)
        rc = settle_stage(change, stage, directory, another);
    *moved = rc == API_OK && (another || differs(change, stage));
    if (!*moved)
        return rc;
    rc = status_semantics(req, directory, stage->text, semantics);
    if (!*semantics)
        *semantics = 'P'; /* a directory without entries */
    cell_set_text(change_cell(change, stages->semantic), arena_strndup(req->arena, semantics, 1));
    if (stages->previous && change->old)
        *change_cell(change, stages->previous) = change->old[stage - change->now];
    if (!change_given(change, "MOVED_BY_ID")) /* an import says who and when */
        cell_set_int(change_cell(change, "MOVED_BY_ID"), req->caller->user_id);
    if (!change_given(change, "MOVED_TIME"))
        cell_set_int(change_cell(change, "MOVED_TIME"), (int64_t)req->now);
    return rc;
}

enum api_rc stage_is_first(struct change *change, bool *is_first)
{
    const char *first;
    const char *directory = stage_directory(change->req, change->entity, category_of(change));
    enum api_rc rc = status_first(change->req, directory, &first);
    const struct cell *stage = change_cell(change, change->entity->stages->field);
    *is_first = rc == API_OK && first && !strcmp(first, stage->text);
    return rc;
}

/* ---- history ---- */

static enum api_rc keep(struct change *change, enum history kind)
{
    struct request *req = change->req;
    const struct stages *stages = change->entity->stages;
    const struct cell *stage = change_cell(change, stages->field);
    struct db_stmt *stmt =
        db_prepare(req->db, "INSERT INTO stage_history (owner_type_id, owner_id, type_id, "
                            "created_time, category_id, stage_id, stage_semantic_id) VALUES "
                            "($1,$2,$3,$4,$5,$6,$7)");
    db_bind_int(stmt, 1, change->entity->type_id);
    db_bind_int(stmt, 2, change->id);
    db_bind_int(stmt, 3, kind);
    db_bind_int(stmt, 4, (int64_t)req->now);
    db_bind_int(stmt, 5, category_of(change));
    db_bind_text(stmt, 6, stage->text, stage->len);
    db_bind_textz(stmt, 7, change_cell(change, stages->semantic)->text);
    return api_db(req, db_run(stmt));
}

/* The event of a row that came into another funnel says which, and in what stage. */
static enum api_rc tell_funnel(struct change *change)
{
    struct request *req = change->req;
    const struct stages *stages = change->entity->stages;
    struct event_deaf deaf;
    const char *what = stages->moved->name + strlen("ONCRM") + strlen(change->entity->event);
    enum api_rc rc = hearing_deaf(req, change->entity, what, change->id, &deaf);
    if (rc != API_OK)
        return rc;
    struct buf data = {0};
    buf_printf(&data,
               "data%%5BFIELDS%%5D%%5BID%%5D=%lld&data%%5BFIELDS%%5D%%5BCATEGORY_ID%%5D=%lld&"
               "data%%5BFIELDS%%5D%%5BSTAGE_ID%%5D=",
               (long long)change->id, (long long)category_of(change));
    for (const char *at = change_cell(change, stages->field)->text; *at; at++)
        buf_printf(&data, *at == ':' ? "%%3A" : "%c", *at); /* else letters, digits, _ and - */
    struct event_news news = {.kind = stages->moved,
                              .data = arena_strndup(req->arena, buf_text(&data), data.len),
                              .user_id = req->caller->user_id,
                              .now = (int64_t)req->now,
                              .connector = param_text(req, "auth_connector"),
                              .deaf = &deaf};
    buf_clear(&data);
    return event_tell_now(req, &news);
}

static enum api_rc store(struct change *change)
{
    const struct stages *stages = change->entity->stages;
    const struct cell *stage = change_cell(change, stages->field);
    const struct cell *category = category_cell(change);
    if (change->is_add)
        return keep(change, HISTORY_MADE);
    if (category && category->changed) {
        enum api_rc rc = keep(change, HISTORY_FUNNEL);
        return rc == API_OK && stages->moved ? tell_funnel(change) : rc;
    }
    if (!stage->changed)
        return API_OK;
    bool final = change_cell(change, stages->semantic)->text[0] != 'P';
    return keep(change, final ? HISTORY_FINAL : HISTORY_MOVED);
}

static enum api_rc forget(struct request *req, const struct entity *entity, int64_t id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM stage_history WHERE owner_type_id = $1 AND owner_id = $2");
    db_bind_int(stmt, 1, entity->type_id);
    db_bind_int(stmt, 2, id);
    return api_db(req, db_run(stmt));
}

const struct change_part stage_history = {.store = store, .remove = forget};

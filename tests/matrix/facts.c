/* The store as it is, by SQL of its own. */
#include <stdio.h>
#include <string.h>

#include "matrix.h"

struct facts before, after;

static void full(int count)
{
    if (count >= MANY)
        die("facts", "there are more than expected");
}

static void end(struct db_stmt *stmt, enum db_rc rc)
{
    db_finish(stmt);
    if (rc != DB_NONE)
        die("facts", db_message(db));
}

static void read_rows_of(struct facts *facts, const char *text)
{
    struct db_stmt *stmt = db_prepare(db, text);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        full(facts->row_count);
        struct row *row = &facts->rows[facts->row_count++];
        *row = (struct row){.type = (int)db_int(stmt, 0),
                            .id = db_int(stmt, 1),
                            .assigned = db_int(stmt, 2),
                            .company = db_int(stmt, 3),
                            .first = db_int(stmt, 4),
                            .funnel = db_int(stmt, 6)};
        snprintf(row->word, sizeof row->word, "%s", db_text(stmt, 5, NULL));
    }
    end(stmt, rc);
}

/* Columns: type, id, other type, other id. */
static void read_pairs(struct pair *pairs, int *count, const char *text)
{
    struct db_stmt *stmt = db_prepare(db, text);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        full(*count);
        pairs[(*count)++] = (struct pair){(int)db_int(stmt, 0), db_int(stmt, 1),
                                          (int)db_int(stmt, 2), db_int(stmt, 3)};
    }
    end(stmt, rc);
}

static void read_activities(struct facts *facts)
{
    struct db_stmt *stmt = db_prepare(
        db, "SELECT a.id, a.owner_type_id, a.owner_id, a.responsible_id, a.completed, a.subject, "
            "(SELECT count(*) FROM activity_file f WHERE f.activity_id = a.id), (SELECT p.app_id "
            "FROM activity_app p WHERE p.activity_id = a.id), a.type_id, a.provider_id FROM "
            "activity a ORDER BY a.id");
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        full(facts->act_count);
        struct act *act = &facts->acts[facts->act_count++];
        *act =
            (struct act){.id = db_int(stmt, 0),
                         .owner_type = (int)db_int(stmt, 1),
                         .owner = db_int(stmt, 2),
                         .responsible = db_int(stmt, 3),
                         .completed = db_text(stmt, 4, NULL)[0] == 'Y',
                         .files = (int)db_int(stmt, 6),
                         .app = db_int(stmt, 7),
                         .kind = (int)db_int(stmt, 8),
                         .todo = !strcmp(db_text(stmt, 9, NULL), "CRM_TODO"),
                         .configurable = !strcmp(db_text(stmt, 9, NULL), "CONFIGURABLE_REST_APP")};
        snprintf(act->subject, sizeof act->subject, "%s", db_text(stmt, 5, NULL));
    }
    end(stmt, rc);
}

void facts_read(struct facts *facts)
{
    memset(facts, 0, sizeof *facts);
    read_rows_of(
        facts, "SELECT 1, id, assigned_by_id, company_id, contact_id, title, 0 FROM lead "
               "UNION ALL SELECT 2, id, assigned_by_id, company_id, contact_id, title, category_id "
               "FROM deal UNION ALL SELECT 3, id, assigned_by_id, 0, company_id, name, 0 FROM "
               "contact UNION ALL SELECT 4, id, assigned_by_id, 0, 0, title, 0 FROM company "
               "ORDER BY 1, 2");
    read_activities(facts);
    read_pairs(facts->links, &facts->link_count,
               "SELECT 1, lead_id, 3, contact_id FROM lead_contact UNION ALL SELECT 2, deal_id, 3, "
               "contact_id FROM deal_contact UNION ALL SELECT 3, contact_id, 4, company_id FROM "
               "contact_company");
    read_pairs(facts->bindings, &facts->binding_count,
               "SELECT 0, activity_id, owner_type_id, owner_id FROM activity_binding ORDER BY id");
    read_pairs(facts->communications, &facts->communication_count,
               "SELECT 0, activity_id, entity_type_id, entity_id FROM activity_communication ORDER "
               "BY id");
}

const struct row *find_row(const struct facts *facts, int type, int64_t id)
{
    for (int i = 0; i < facts->row_count; i++) {
        if (facts->rows[i].type == type && facts->rows[i].id == id)
            return &facts->rows[i];
    }
    return NULL;
}

const struct act *find_act(const struct facts *facts, int64_t id)
{
    for (int i = 0; i < facts->act_count; i++) {
        if (facts->acts[i].id == id)
            return &facts->acts[i];
    }
    return NULL;
}

bool find_pair(const struct pair *pairs, int count, const struct pair *pair)
{
    for (int i = 0; i < count; i++) {
        if (pairs[i].type == pair->type && pairs[i].id == pair->id &&
            pairs[i].other_type == pair->other_type && pairs[i].other == pair->other)
            return true;
    }
    return false;
}

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

static void read_rows_of(struct facts *facts, int type, const char *text)
{
    struct db_stmt *stmt = db_prepare(db, text);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        full(facts->row_count);
        struct row *row = &facts->rows[facts->row_count++];
        *row = (struct row){type, db_int(stmt, 0), db_int(stmt, 1), db_int(stmt, 2), ""};
        snprintf(row->word, sizeof row->word, "%s", db_text(stmt, 3, NULL));
    }
    end(stmt, rc);
}

/* Columns: id, type, other id; the types that are not read are given. */
static void read_pairs(struct pair *pairs, int *count, int type, int other_type, const char *text)
{
    struct db_stmt *stmt = db_prepare(db, text);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        full(*count);
        pairs[(*count)++] = (struct pair){
            type, db_int(stmt, 0), other_type ? other_type : (int)db_int(stmt, 2), db_int(stmt, 1)};
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
                         .file = db_int(stmt, 6) > 0,
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
    read_rows_of(facts, LEAD, "SELECT id, assigned_by_id, company_id, title FROM lead ORDER BY id");
    read_rows_of(facts, DEAL, "SELECT id, assigned_by_id, company_id, title FROM deal ORDER BY id");
    read_rows_of(facts, CONTACT, "SELECT id, assigned_by_id, 0, name FROM contact ORDER BY id");
    read_rows_of(facts, COMPANY, "SELECT id, assigned_by_id, 0, title FROM company ORDER BY id");
    read_activities(facts);
    read_pairs(facts->links, &facts->link_count, LEAD, CONTACT,
               "SELECT lead_id, contact_id FROM lead_contact ORDER BY lead_id, sort, contact_id");
    read_pairs(facts->links, &facts->link_count, DEAL, CONTACT,
               "SELECT deal_id, contact_id FROM deal_contact ORDER BY deal_id, sort, contact_id");
    read_pairs(facts->links, &facts->link_count, CONTACT, COMPANY,
               "SELECT contact_id, company_id FROM contact_company ORDER BY contact_id, sort, "
               "company_id");
    read_pairs(facts->bindings, &facts->binding_count, 0, 0,
               "SELECT activity_id, owner_id, owner_type_id FROM activity_binding ORDER BY id");
    read_pairs(facts->communications, &facts->communication_count, 0, 0,
               "SELECT activity_id, entity_id, entity_type_id FROM activity_communication ORDER BY "
               "id");
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

/* fold_support - a portal from before texts had folded keys, and which index a filter goes by, for the two programs that
 * bring it up to them. */
#ifndef RAPPORT_TESTS_FOLD_SUPPORT_H
#define RAPPORT_TESTS_FOLD_SUPPORT_H

#include "base/fold.h"
#include "base/phone.h"
#include "crm/activity.h"
#include "crm/owner.h"
#include "model/query.h"
#include "portal/migrate.h"
#include "user/user.h"

#define PHONES 1300 /* more than a statement of the step takes */

static void run_list(struct db *on, const struct migration *list)
{
    struct buf why = {0};
    int ran;
    if (!migrate_run(on, list, 1, &ran, &why))
        fail_msg("%s", buf_text(&why));
    buf_clear(&why);
}

static void add_old_value(struct db *on, int64_t id, const char *type, const char *value)
{
    struct db_stmt *stmt =
        db_prepare(on, "INSERT INTO multifield (id, entity_id, element_id, type_id, value_type, "
                       "value) VALUES ($1, 'CONTACT', 1, $2, 'WORK', $3)");
    db_bind_int(stmt, 1, id);
    db_bind_textz(stmt, 2, type);
    db_bind_textz(stmt, 3, value);
    assert_int_equal(db_run(stmt), DB_OK);
}

static void make_old_texts(struct db *on)
{
    static const char rows[] =
        "INSERT INTO lead (id, status_id, status_semantic_id, is_manual_opportunity, opened, "
        "has_phone, has_email, has_imol, assigned_by_id, created_by_id, modify_by_id, date_create, "
        "date_modify, is_return_customer, origin_id) VALUES (3, 'NEW', 'P', 'N', 'Y', 'N', 'N', "
        "'N', 1, 1, 1, 0, 0, 'N', 'ΟΔΟΣ-1'), (4, 'NEW', 'P', 'N', 'Y', 'N', 'N', 'N', 1, 1, 1, 0, "
        "0, 'N', NULL);"
        "INSERT INTO member (id, login, email, date_register, updated) VALUES (9, 'Big.Boss', "
        "'Boss@Firm.Example', 0, 0);";
    struct migration old[64] = {{0}};
    size_t count = 0;
    char value[64];
    for (const struct migration *m = schema_migrations; m->name && count < 63; m++) {
        if (strcmp(m->name, "016") < 0)
            old[count++] = *m;
    }
    run_list(on, old);
    assert_int_equal(db_exec(on, rows), DB_OK);
    assert_int_equal(db_begin_write(on), DB_OK);
    for (int i = 0; i < PHONES; i++) {
        snprintf(value, sizeof value, "8 (495) 12%05d ДОБ. 1", i);
        add_old_value(on, 1000 + i, "PHONE", value);
    }
    add_old_value(on, 5000, "EMAIL", "Имя@Example.COM");
    assert_int_equal(db_commit(on), DB_OK);
}

static void expect_key(struct db *on, const char *sql, const char *wanted)
{
    struct db_stmt *stmt = db_prepare(on, sql);
    assert_int_equal(db_step(stmt), DB_ROW);
    if (wanted)
        assert_string_equal(db_text(stmt, 0, NULL), wanted);
    else
        assert_true(db_is_null(stmt, 0));
    db_finish(stmt);
}

static void check_keys(struct db *on)
{
    char sql[128], wanted[64];
    make_old_texts(on);
    run_list(on, schema_migrations);
    expect_key(on, "SELECT origin_id_key FROM lead WHERE id = 3", "οδοσ-1");
    expect_key(on, "SELECT origin_id_key FROM lead WHERE id = 4", NULL);
    expect_key(on, "SELECT login_key FROM member WHERE id = 9", "big.boss");
    expect_key(on, "SELECT email_key FROM member WHERE id = 9", "boss@firm.example");
    expect_key(on, "SELECT value_key FROM multifield WHERE id = 5000", "имя@example.com");
    for (int i = 0; i < PHONES; i++) {
        snprintf(sql, sizeof sql, "SELECT value_key FROM multifield WHERE id = %d", 1000 + i);
        snprintf(wanted, sizeof wanted, "749512%05d", i);
        expect_key(on, sql, wanted);
    }
}

/* The plan of a list with this filter, in one line. */
static void explain(struct db *on, const char *how, const struct entity *entity, const char *filter,
                    struct buf *plan)
{
    struct arena arena;
    struct buf sql = {0};
    struct caller caller = {.user_id = 1, .is_admin = true};
    const char *why;
    struct query query;
    arena_init(&arena);
    struct zone *zone = zone_load("+03:00");
    struct request req = {.arena = &arena, .db = on, .zone = zone, .caller = &caller};
    query_init(&query, &req, entity);
    assert_int_equal(query_filter(&query, json_parse(&arena, filter, strlen(filter), &why)),
                     API_OK);
    buf_printf(&sql, "%s SELECT t.id FROM %s t", how, entity->table);
    query_sql_where(&query, &sql);
    struct db_stmt *stmt = db_prepare(on, buf_text(&sql));
    query_bind_all(&query, stmt);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW)
        buf_printf(plan, "%s %s | ", db_text(stmt, 0, NULL),
                   strstr(how, "QUERY") ? db_text(stmt, 3, NULL) : "");
    if (rc != DB_NONE)
        fail_msg("%s: %s", buf_text(&sql), db_message(on));
    db_finish(stmt);
    query_clear(&query);
    buf_clear(&sql);
    zone_free(zone);
    arena_clear(&arena);
}

/* What is looked up by an index is looked up by it in any case of letters. */
static void check_plans(struct db *on, const char *how)
{
    const struct {
        const struct entity *entity;
        const char *filter, *index;
    } cases[] = {
        {&lead_entity, "{\"ORIGIN_ID\":\"X-1\"}", "lead_origin"},
        {&lead_entity, "{\"@ORIGIN_ID\":[\"X-1\",\"X-2\"]}", "lead_origin"},
        {&deal_entity, "{\"=ORIGIN_ID\":\"X-1\"}", "deal_origin"},
        {&contact_entity, "{\"ORIGIN_ID\":\"X-1\"}", "contact_origin"},
        {&company_entity, "{\"ORIGIN_ID\":\"X-1\",\"ORIGINATOR_ID\":\"shop\"}", "company_origin"},
        {&activity_entity, "{\"ORIGIN_ID\":\"X-1\"}", "activity_origin"},
        {&user_entity, "{\"EMAIL\":\"A@B.example\"}", "member_email_key"},
        {&contact_entity, "{\"EMAIL\":\"A@B.example\"}", "multifield_value"},
        {&contact_entity, "{\"@PHONE\":[\"+7 1\",\"+7 2\"]}", "multifield_value"},
        {&deal_entity, "{\"TITLE\":\"Title\"}", "deal_title"},
        {&contact_entity, "{\"NAME\":\"Анна\",\"=LAST_NAME\":\"Каренина\"}", "contact_last_name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf plan = {0};
        explain(on, how, cases[i].entity, cases[i].filter, &plan);
        if (!strstr(buf_text(&plan), cases[i].index))
            fail_msg("%s %s: %s", cases[i].entity->name, cases[i].filter, buf_text(&plan));
        buf_clear(&plan);
    }
}

#endif

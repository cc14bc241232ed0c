/* day_support - a portal from before dates were days, for the two programs that bring it up to them. */
#ifndef RAPPORT_TESTS_DAY_SUPPORT_H
#define RAPPORT_TESTS_DAY_SUPPORT_H

#include <stdio.h>

#include "base/datetime.h"
#include "portal/migrate.h"

static bool upgrade(struct db *on, const struct migration *list, struct buf *why)
{
    int ran;
    why->len = 0;
    return migrate_run(on, list, 1, &ran, why);
}

/* The steps before 012, and the portal's zone. */
static void make_old(struct db *on, const char *zone)
{
    struct migration old[32] = {{0}};
    size_t count = 0;
    char sql[128];
    struct buf why = {0};
    for (const struct migration *m = schema_migrations; m->name && count < 31; m++) {
        if (strcmp(m->name, "012") < 0)
            old[count++] = *m;
    }
    if (!upgrade(on, old, &why))
        fail_msg("%s", buf_text(&why));
    buf_clear(&why);
    snprintf(sql, sizeof sql, "INSERT INTO setting (name, value) VALUES ('time_zone', '%s')", zone);
    assert_int_equal(db_exec(on, sql), DB_OK);
}

static int64_t day_in(struct db *on, const char *sql)
{
    struct db_stmt *stmt = db_prepare(on, sql);
    assert_int_equal(db_step(stmt), DB_ROW);
    int64_t day = db_is_null(stmt, 0) ? -1 : db_int(stmt, 0);
    db_finish(stmt);
    return day;
}

/* All columns, in Moscow, which had no midnight on 1981-04-01; and a midnight that is not the old formula's. */
static void check_every_column(struct db *on)
{
    static const char rows[] =
        "INSERT INTO lead (id, status_id, status_semantic_id, birthdate, is_manual_opportunity, "
        "opened, has_phone, has_email, has_imol, assigned_by_id, created_by_id, modify_by_id, "
        "date_create, date_modify, is_return_customer) VALUES (3, 'NEW', 'P', 354916800, 'N', 'Y', "
        "'N', 'N', 'N', 1, 1, 1, 0, 0, 'N');"
        "INSERT INTO contact (id, birthdate, opened, export, has_phone, has_email, has_imol, "
        "assigned_by_id, created_by_id, modify_by_id, date_create, date_modify) VALUES (4, "
        "-1, 'Y', 'Y', 'N', 'N', 'N', 1, 1, 1, 0, 0);"
        "INSERT INTO deal (id, category_id, stage_id, stage_semantic_id, is_new, is_recurring, "
        "is_return_customer, is_repeated_approach, is_manual_opportunity, opened, closed, "
        "assigned_by_id, created_by_id, modify_by_id, date_create, date_modify, begindate, "
        "closedate) VALUES (5, 0, 'NEW', 'P', 'N', 'N', 'N', 'N', 'N', 'Y', 'N', 3, 1, 1, 0, 0, "
        "354916800, NULL), (6, 0, 'NEW', 'P', 'N', 'N', 'N', 'N', 'N', 'Y', 'N', 3, 1, 1, 0, 0, "
        "NULL, 1768424400);"
        "INSERT INTO member (id, login, date_register, updated, uf_department, uf_employment_date, "
        "personal_birthday) VALUES (2, 'two', 0, 0, '[1]', 354916800, 354920400)";
    struct buf why = {0};
    int64_t april = days_from_civil(1981, 4, 1);
    if (db_exec(on, rows) != DB_OK)
        fail_msg("%s", db_message(on));
    if (!upgrade(on, schema_migrations, &why))
        fail_msg("%s", buf_text(&why));
    assert_int_equal(day_in(on, "SELECT birthdate FROM lead WHERE id = 3"), april);
    assert_int_equal(day_in(on, "SELECT birthdate FROM contact WHERE id = 4"), 0);
    assert_int_equal(day_in(on, "SELECT begindate FROM deal WHERE id = 5"), april);
    assert_int_equal(day_in(on, "SELECT closedate FROM deal WHERE id = 5"), -1);
    assert_int_equal(day_in(on, "SELECT closedate FROM deal WHERE id = 6"),
                     days_from_civil(2026, 1, 15));
    assert_int_equal(day_in(on, "SELECT uf_employment_date FROM member WHERE id = 2"), april);
    assert_int_equal(day_in(on, "SELECT personal_birthday FROM member WHERE id = 2"), april);
    buf_clear(&why);
}

#endif

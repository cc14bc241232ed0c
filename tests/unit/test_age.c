/* What goes by its age: of each kind what is old, all of it however much, and nothing else. On both stores. */
#include "postgres_support.h"

#include <unistd.h>

#include "base/log.h"
#include "portal/age.h"
#include "portal/migrate.h"

#define NOW INT64_C(1790000000)
#define MANY 2500 /* more than goes in one transaction */

/* Of each kind rows of `old`, and one that stays. */
static const struct kind {
    const char *table, *columns, *values, *column;
} kinds[] = {
    {"audit", "made, action, user_id, credential_id, app_id, client, request_id, what",
     "%lld, 'a', 1, 1, 0, '', '', '{}'", "made"},
    {"event_outbox", "gave_up, target_id, handler_id, event, data, user_id, created",
     "%lld, 1, 1, 'E', '', 1, 0", "gave_up"},
    {"mail_outbox", "gave_up, activity_id, sender, copy_to_sender, created, due",
     "%lld, 1, '', 0, 0, 0", "gave_up"},
    {"event_offline", "timestamp_x, app_id, connector, event_name, event_data, process_id",
     "%lld, 1, '', 'E', '{}', 'p%d'", "timestamp_x"},
    {"stage_history",
     "created_time, owner_type_id, owner_id, type_id, category_id, stage_id, stage_semantic_id",
     "%lld, 2, 1, 1, 0, 'NEW', 'P'", "created_time"},
    {"oauth_token",
     "refresh_expires, app_id, user_id, scope, access_hash, access_expires, refresh_hash",
     "%lld, 1, 1, '', 'a%d', 0, 'r%1$d'", "refresh_expires"},
    {"signin_failure", "last_failure, subject, failures", "%lld, 's%d', 1", "last_failure"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static int next;

/* "%lld" is the time, "%d" and "%1$d" a number of the row's own. */
static void add_row(struct db *on, const struct kind *kind, int64_t time)
{
    struct buf sql = {0};
    buf_printf(&sql, "INSERT INTO %s (%s) VALUES (", kind->table, kind->columns);
    next++;
    for (const char *at = kind->values; *at;) {
        if (!strncmp(at, "%lld", 4)) {
            buf_printf(&sql, "%lld", (long long)time);
            at += 4;
        } else if (*at == '%') {
            buf_printf(&sql, "%d", next);
            at += at[1] == 'd' ? 2 : 4;
        } else {
            buf_addc(&sql, *at++);
        }
    }
    buf_adds(&sql, ")");
    must(on, db_exec(on, buf_text(&sql)));
    buf_clear(&sql);
}

static int64_t count_rows(struct db *on, const char *table)
{
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    return number_on(on, sql);
}

static void check(struct db *on)
{
    const int64_t keep[AGE_KINDS] = {10, 10, 10, 10}, for_ever[AGE_KINDS] = {0};
    const int64_t old = NOW - 10 * AGE_DAY - 1;
    struct buf why = {0};
    int ran;
    int64_t gone, before[KINDS];
    if (!migrate_run(on, schema_migrations, 1, &ran, &why))
        fail_msg("%s", buf_text(&why));
    must(on, db_begin_write(on));
    for (int i = 0; i < KINDS; i++) {
        before[i] = count_rows(on, kinds[i].table);
        for (int n = 0; n < (i ? 3 : MANY); n++)
            add_row(on, &kinds[i], old);
        add_row(on, &kinds[i], old + 1);
    }
    must(on, db_exec(on, "INSERT INTO event_outbox (target_id, handler_id, event, data, user_id, "
                         "created) VALUES (1, 1, 'WAITS', '', 1, 0)"));
    must(on, db_commit(on));
    must(on, age_sweep(on, for_ever, NOW, &gone));
    assert_int_equal(gone, 0);
    must(on, age_sweep(on, keep, NOW, &gone));
    assert_int_equal(gone, MANY + 3 * (KINDS - 1));
    for (int i = 0; i < KINDS; i++)
        assert_int_equal(count_rows(on, kinds[i].table) - before[i],
                         strcmp(kinds[i].table, "event_outbox") != 0 ? 1 : 2);
    assert_int_equal(number_on(on, "SELECT count(*) FROM event_outbox WHERE event = 'WAITS'"), 1);
    must(on, age_sweep(on, keep, NOW, &gone));
    assert_int_equal(gone, 0);
}

static void in_postgresql(void **state)
{
    (void)state;
    check(db);
}

static void in_sqlite(void **state)
{
    char path[] = "/tmp/test_age.XXXXXX", name[64];
    struct buf why = {0};
    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(name, sizeof name, "%s/store", path);
    struct db *on = db_open(name, NULL, DB_WRITER, &why);
    if (!on)
        fail_msg("%s", buf_text(&why));
    check(on);
    db_close(on);
    snprintf(name, sizeof name, "rm -r %s", path);
    assert_int_equal(system(name), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_sqlite),
        cmocka_unit_test_setup_teardown(in_postgresql, setup, teardown)};
    log_set_level(LOG_OFF);
    return cmocka_run_group_tests(tests, group_setup, NULL);
}

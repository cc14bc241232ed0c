/* Levels, the people they mean, and that every way of reading activities finds the same ones. */
#include "pipeline_support.h"

#include "people/access.h"
#include "people/role.h"

#define USER 2
#define USER_CODE "restricteduser02"
#define ACTIVITIES 400
#define TYPES 4   /* of owners */
#define OWNERS 60 /* of each type */
#define PEOPLE 30

static int64_t role;

/* Departments: 1 is the root; 2 and 3 below it; 4 below 2; 5 below 4. */
static const char people_sql[] =
    "INSERT INTO department (id, name, parent_id) VALUES (2, 'a', 1), (3, 'b', 1), (4, 'c', 2), "
    "(5, 'd', 4);"
    "INSERT INTO member (id, login, date_register, updated) VALUES (2, 'm2', 0, 0), (3, 'm3', 0, "
    "0), (4, 'm4', 0, 0), (5, 'm5', 0, 0), (6, 'm6', 0, 0), (7, 'm7', 0, 0);"
    "INSERT INTO member_department (user_id, department_id) VALUES (2, 2), (3, 2), (4, 4), (5, 5), "
    "(6, 3);"
    "DELETE FROM role_member";

static int setup(void **state)
{
    int64_t unused;
    pipeline_setup(state);
    store_must(db, db_exec(db, people_sql));
    store_must(db, webhook_add(db, portal, USER, USER_CODE, "crm", (int64_t)NOW, &unused));
    store_must(db, role_add(db, "tested", &role));
    return 0;
}

static struct access *load(int64_t user_id)
{
    struct access *access;
    assert_int_equal(access_load(db, user_id, &access), DB_OK);
    return access;
}

static int level_of(int64_t user_id, int type_id, enum access_action action)
{
    struct access *access = load(user_id);
    struct caller caller = {.user_id = user_id, .access = access};
    int level = access_level(&caller, type_id, action);
    free(access);
    return level;
}

/* ---- levels ---- */

static void without_a_role_there_is_nothing(void **state)
{
    (void)state;
    for (int type = 1; type <= TYPES; type++) {
        for (int action = 0; action < ACCESS_ACTIONS; action++)
            assert_int_equal(level_of(USER, type, action), ACCESS_NONE);
    }
    assert_int_equal(level_of(USER, 1032, ACCESS_READ), ACCESS_NONE); /* whatever comes later */
}

static void everything_needs_no_checks(void **state)
{
    (void)state;
    store_must(db, role_give(db, 1, ROLE_ALL, 0));
    assert_null(load(USER));
    assert_null(load(7));
    store_must(db, role_take(db, 1, ROLE_ALL, 0));
    assert_int_equal(role_take(db, 1, ROLE_ALL, 0), DB_NONE);
}

static void the_highest_level_wins(void **state)
{
    (void)state;
    int64_t low, high;
    store_must(db, role_add(db, "low", &low));
    store_must(db, role_add(db, "high", &high));
    store_must(db, role_set(db, low, 2, ACCESS_READ, ACCESS_OWN));
    store_must(db, role_set(db, low, 3, ACCESS_READ, ACCESS_SUBTREE));
    store_must(db, role_set(db, high, 2, ACCESS_READ, ACCESS_ALL));
    store_must(db, role_give(db, low, ROLE_USER, USER));
    store_must(db, role_give(db, high, ROLE_USER, USER));
    store_must(db, role_give(db, high, ROLE_USER, USER)); /* twice is no error */
    assert_int_equal(level_of(USER, 2, ACCESS_READ), ACCESS_ALL);
    assert_int_equal(level_of(USER, 3, ACCESS_READ), ACCESS_SUBTREE);
    assert_int_equal(level_of(USER, 2, ACCESS_UPDATE), ACCESS_NONE);
    assert_int_equal(level_of(3, 2, ACCESS_READ), ACCESS_NONE);
    store_must(db, role_remove(db, high));
    assert_int_equal(level_of(USER, 2, ACCESS_READ), ACCESS_OWN);
    store_must(db, role_remove(db, low));
    assert_int_equal(role_remove(db, low), DB_NONE);
    assert_int_equal(level_of(USER, 2, ACCESS_READ), ACCESS_NONE);
}

static void what_no_role_names_has_the_level_of_the_others(void **state)
{
    (void)state;
    int64_t most, few;
    store_must(db, role_add(db, "most", &most));
    store_must(db, role_add(db, "few", &few));
    store_must(db, role_set(db, most, ACCESS_OTHERS, ACCESS_READ, ACCESS_ALL));
    store_must(db, role_set(db, most, 2, ACCESS_READ, ACCESS_OWN));
    store_must(db, role_set(db, few, 1, ACCESS_READ, ACCESS_SUBTREE));
    store_must(db, role_give(db, most, ROLE_USER, USER));
    assert_int_equal(level_of(USER, 1032, ACCESS_READ), ACCESS_ALL);
    assert_int_equal(level_of(USER, 1, ACCESS_READ), ACCESS_ALL);
    assert_int_equal(level_of(USER, 2, ACCESS_READ), ACCESS_OWN);
    assert_int_equal(level_of(USER, 1032, ACCESS_UPDATE), ACCESS_NONE);
    /* Each role has its own others. */
    store_must(db, role_give(db, few, ROLE_USER, USER));
    assert_int_equal(level_of(USER, 1, ACCESS_READ), ACCESS_ALL);
    store_must(db, role_set(db, most, ROLE_ALL_TYPES, ACCESS_READ, ACCESS_NONE));
    assert_int_equal(level_of(USER, 1, ACCESS_READ), ACCESS_SUBTREE);
    assert_int_equal(level_of(USER, 2, ACCESS_READ), ACCESS_NONE);
    store_must(db, role_remove(db, most));
    store_must(db, role_remove(db, few));
}

static void a_departments_role_is_for_those_below_too(void **state)
{
    (void)state;
    store_must(db, role_set(db, role, 1, ACCESS_ADD, ACCESS_OWN));
    store_must(db, role_give(db, role, ROLE_DEPARTMENT, 2));
    static const int levels[] = {[2] = ACCESS_OWN, ACCESS_OWN,  ACCESS_OWN,
                                 ACCESS_OWN,       ACCESS_NONE, ACCESS_NONE};
    for (int user = 2; user <= 7; user++)
        assert_int_equal(level_of(user, 1, ACCESS_ADD), levels[user]);
    store_must(db, role_take(db, role, ROLE_DEPARTMENT, 2));
    store_must(db, role_set(db, role, ROLE_ALL_TYPES, ACCESS_ACTIONS, ACCESS_NONE));
}

static void what_is_not_there_has_no_role(void **state)
{
    (void)state;
    assert_int_equal(role_give(db, role, ROLE_USER, 4711), DB_NONE);
    assert_int_equal(role_give(db, role, ROLE_DEPARTMENT, 4711), DB_NONE);
    assert_int_equal(role_give(db, 4711, ROLE_ALL, 0), DB_NONE);
    assert_int_equal(role_set(db, 4711, 1, ACCESS_READ, ACCESS_ALL), DB_NONE);
}

/* Who is covered of users 1 to 7, as "1011..."; each at the level of his turn. */
static void expect_covered(int64_t user_id, enum access_level level, const char *expected)
{
    store_must(db, role_set(db, role, 2, ACCESS_READ, level));
    store_must(db, role_give(db, role, ROLE_USER, user_id));
    struct access *access = load(user_id);
    struct caller caller = {.user_id = user_id, .access = access};
    char covered[8] = "";
    for (int64_t who = 1; who <= 7; who++)
        covered[who - 1] = access_covers(&caller, 2, 0, ACCESS_READ, who) ? '1' : '0';
    assert_string_equal(covered, expected);
    free(access);
    store_must(db, role_take(db, role, ROLE_USER, user_id));
}

static void levels_cover_the_right_people(void **state)
{
    (void)state;
    expect_covered(2, ACCESS_NONE, "0000000");
    expect_covered(2, ACCESS_OWN, "0100000");
    expect_covered(2, ACCESS_DEPARTMENT, "0110000");
    expect_covered(2, ACCESS_SUBTREE, "0111100");
    expect_covered(2, ACCESS_ALL, "1111111");
    expect_covered(4, ACCESS_DEPARTMENT, "0001000");
    expect_covered(4, ACCESS_SUBTREE, "0001100");
    expect_covered(7, ACCESS_DEPARTMENT, "0000001"); /* he works nowhere */
    expect_covered(7, ACCESS_SUBTREE, "0000001");
}

static void departments_in_a_circle_come_to_an_end(void **state)
{
    (void)state;
    store_must(db, db_exec(db, "UPDATE department SET parent_id = 5 WHERE id = 2"));
    expect_covered(2, ACCESS_SUBTREE, "0111100");
    expect_covered(5, ACCESS_SUBTREE, "0111100");
    store_must(db, db_exec(db, "UPDATE department SET parent_id = 1 WHERE id = 2"));
}

/* ---- lists ---- */

static uint32_t chance = 1;

static int below(int end)
{
    chance = chance * 1664525u + 1013904223u;
    return (int)((chance >> 8) % (uint32_t)end);
}

static void run_sql(const char *format, ...)
{
    char sql[512];
    va_list args;
    va_start(args, format);
    vsnprintf(sql, sizeof sql, format, args);
    va_end(args);
    store_must(db, db_exec(db, sql));
}

/* Activities with one to three bindings each, some of them to two entities of one person. */
static void fill(void)
{
    store_must(db, db_begin_write(db));
    for (int i = 8; i <= PEOPLE; i++)
        run_sql("INSERT INTO member (id, login, date_register, updated) VALUES (%d, 'm%d', 0, 0)",
                i, i);
    for (int i = 8; i <= PEOPLE; i++)
        run_sql("INSERT INTO member_department (user_id, department_id) VALUES (%d, %d)", i,
                1 + below(5));
    for (int id = 1; id <= ACTIVITIES; id++) {
        run_sql("INSERT INTO activity (id, owner_id, owner_type_id, type_id, subject, created, "
                "last_updated, start_time, end_time, responsible_id, author_id, editor_id) VALUES "
                "(%d, 1, 1, 1, 's', 0, 0, %d, 0, %d, 1, 1)",
                id, below(100), 1 + below(PEOPLE));
        for (int i = below(3); i >= 0; i--) {
            int type = 1 + below(4), owner = 1 + below(OWNERS);
            run_sql("INSERT INTO activity_binding (activity_id, owner_type_id, owner_id, "
                    "assigned_by_id) VALUES (%d, %d, %d, %d) ON CONFLICT DO NOTHING",
                    id, type, owner, 1 + (owner * 7 + type) % PEOPLE);
        }
    }
    store_must(db, db_commit(db));
}

/* What he may read, found out the slow way. */
static size_t expected_ids(bool *seen)
{
    struct access *access = load(USER);
    struct caller caller = {.user_id = USER, .access = access};
    size_t count = 0;
    memset(seen, 0, ACTIVITIES + 1);
    struct db_stmt *stmt =
        db_prepare(db, "SELECT a.id, a.responsible_id, b.owner_type_id, b.assigned_by_id FROM "
                       "activity a JOIN activity_binding b ON b.activity_id = a.id");
    while (db_step(stmt) == DB_ROW) {
        if (db_int(stmt, 1) == USER ||
            access_covers(&caller, (int)db_int(stmt, 2), 0, ACCESS_READ, db_int(stmt, 3)))
            seen[db_int(stmt, 0)] = true;
    }
    db_finish(stmt);
    free(access);
    for (size_t id = 1; id <= ACTIVITIES; id++)
        count += seen[id];
    return count;
}

static void ask_list(const char *query)
{
    char path[] = "/rest/2/" USER_CODE "/crm.activity.list";
    assert_int_equal(ask_from("10.0.0.1", path, query), 200);
}

/* Marks the ids of the answer; returns how many and the last one. */
static size_t take_ids(bool *found, int64_t *last)
{
    size_t count = 0;
    const char *at = buf_text(&call.answer);
    while ((at = strstr(at, "\"ID\":\""))) {
        *last = strtoll(at += 6, NULL, 10);
        assert_true(*last >= 1 && *last <= ACTIVITIES && !found[*last]);
        found[*last] = true;
        count++;
    }
    return count;
}

static void expect_same(const bool *found, const bool *seen, const char *way)
{
    for (int id = 1; id <= ACTIVITIES; id++) {
        if (found[id] != seen[id])
            fail_msg("%s: activity %d is %s", way, id, found[id] ? "found" : "left out");
    }
}

/* By >ID and <ID, without a total. */
static void walk(const bool *seen, bool descending)
{
    bool found[ACTIVITIES + 1] = {false};
    int64_t last = descending ? ACTIVITIES + 1 : 0;
    char query[160];
    size_t rows;
    do {
        snprintf(query, sizeof query, "select[]=ID&start=-1&order[ID]=%s&filter[%sID]=%lld",
                 descending ? "DESC" : "ASC", descending ? "%3C" : "%3E", (long long)last);
        ask_list(query);
        rows = take_ids(found, &last);
    } while (rows == 50);
    expect_same(found, seen, descending ? "<ID" : ">ID");
}

/* By offsets, each page with the right total. */
static void page_through(const bool *seen, size_t count, const char *more)
{
    bool found[ACTIVITIES + 1] = {false};
    char query[160], total[32];
    int64_t last;
    size_t start = 0;
    snprintf(total, sizeof total, "\"total\":%zu,", count);
    do {
        snprintf(query, sizeof query, "select[]=ID&start=%zu&%s", start, more);
        ask_list(query);
        take_ids(found, &last);
        expect_answer(total);
        start += 50;
    } while (start < count);
    expect_same(found, seen, more);
}

static void every_way_finds_the_same(void **state)
{
    (void)state;
    bool seen[ACTIVITIES + 1];
    fill();
    store_must(db, role_give(db, role, ROLE_USER, USER));
    for (int round = 0; round < 40; round++) {
        /* The first round has no level at all, the second each of them, and so on by chance. */
        for (int type = 1; type <= TYPES; type++) {
            int level = round == 0 ? 0 : round == 1 ? type : below(round % 2 ? 5 : 4);
            store_must(db, role_set(db, role, type, ACCESS_READ, level));
        }
        credential_cache_clear(portal->credentials);
        size_t count = expected_ids(seen);
        walk(seen, false);
        walk(seen, true);
        page_through(seen, count, "order[ID]=ASC");
        page_through(seen, count, "order[ID]=DESC");
        page_through(seen, count, "order[START_TIME]=DESC");
        page_through(seen, count, "filter[SUBJECT]=s");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_role_there_is_nothing),
        cmocka_unit_test(everything_needs_no_checks),
        cmocka_unit_test(the_highest_level_wins),
        cmocka_unit_test(what_no_role_names_has_the_level_of_the_others),
        cmocka_unit_test(a_departments_role_is_for_those_below_too),
        cmocka_unit_test(what_is_not_there_has_no_role),
        cmocka_unit_test(levels_cover_the_right_people),
        cmocka_unit_test(departments_in_a_circle_come_to_an_end),
        cmocka_unit_test(every_way_finds_the_same),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, setup, pipeline_teardown);
}

/* Any filter over the entities, run on SQLite. It is refused with a sentence or becomes SQL that
 * runs: one statement, of column names and parameters only, whatever stands in the values. A
 * search through the trigram index finds what a search without it finds.
 *
 * Input: the first byte picks the entity. Then JSON, or one condition a line: "KEY VALUE|VALUE". */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "app/demo.h"
#include "base/check.h"
#include "base/json.h"
#include "base/utf8.h"
#include "crm/activity.h"
#include "crm/owner.h"
#include "model/method.h"
#include "model/query.h"
#include "people/access.h"
#include "portal/migrate.h"
#include "portal/portal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct db *db;
static struct zone *zone;

static const struct entity *const entities[] = {&activity_entity, &lead_entity, &deal_entity,
                                                &contact_entity, &company_entity};
#define ENTITIES (sizeof entities / sizeof entities[0])

/* The same without the trigram index. */
static struct entity plain[ENTITIES];

/* Who may everything, and who may read what is his, of every type. */
static struct access own = {.user_id = 1};
static const struct caller everything = {.user_id = 1, .is_admin = true};
static const struct caller little = {.user_id = 1, .access = &own};

static void make_plain(void)
{
    own.others[ACCESS_READ] = ACCESS_OWN;
    for (size_t i = 0; i < ENTITIES; i++) {
        size_t size = entities[i]->field_count * sizeof(struct field);
        struct field *fields = xmalloc(size);
        memcpy(fields, entities[i]->fields, size);
        for (size_t j = 0; j < entities[i]->field_count; j++)
            fields[j].flags &= ~(unsigned)FIELD_SEARCH;
        plain[i] = *entities[i];
        plain[i].fields = fields;
    }
}

/* A portal of demo data, in memory. */
static void open_store(void)
{
    struct arena arena;
    struct buf why = {0}, unused = {0};
    struct writer out;
    struct caller caller = {.user_id = 1, .is_admin = true};
    static struct portal portal;
    int ran;
    secret_init();
    method_registry_init();
    db = db_open(":memory:", NULL, DB_WRITER, &why);
    zone = zone_load("+03:00");
    CHECK(db && zone);
    CHECK(migrate_run(db, schema_migrations, 1, &ran, &why));
    arena_init(&arena);
    writer_init(&out, &unused);
    struct request req = {.arena = &arena,
                          .db = db,
                          .portal = &portal,
                          .zone = zone,
                          .caller = &caller,
                          .params = value_array(&arena),
                          .out = &out,
                          .now = 1768467600};
    CHECK(db_begin_write(db) == DB_OK);
    CHECK(db_exec(db, "INSERT INTO department (name) VALUES ('Company');"
                      "INSERT INTO member (login, is_admin, date_register, updated) VALUES "
                      "('admin', 'Y', 1, 1)") == DB_OK);
    CHECK(demo_fill(&req, 1768435200) == API_OK);
    CHECK(db_exec(db, "DELETE FROM activity WHERE id > 80") == DB_OK);
    CHECK(db_commit(db) == DB_OK);
    arena_clear(&arena);
    buf_clear(&unused);
    buf_clear(&why);
    make_plain();
}

/* "KEY VALUE|VALUE" into {KEY: [VALUE, VALUE]}. */
static void add_line(struct arena *arena, struct value *filter, const char *line, size_t len)
{
    const char *space = memchr(line, ' ', len), *end = line + len;
    size_t key_len = space ? (size_t)(space - line) : len;
    const char *key = arena_strndup(arena, line, key_len);
    struct value *list = value_array(arena);
    for (const char *at = space ? space + 1 : end; at <= end;) {
        const char *bar = memchr(at, '|', (size_t)(end - at)), *stop = bar ? bar : end;
        size_t text_len = (size_t)(stop - at);
        value_push(arena, list, value_string(arena, arena_strndup(arena, at, text_len), text_len));
        at = stop + 1;
    }
    bool one = list->array.count == 1;
    value_set(arena, filter, key, key_len, one ? list->array.items[0].value : list);
}

static const struct value *read_filter(struct arena *arena, const char *text, size_t len)
{
    const struct value *json = json_parse(arena, text, len, NULL);
    if (json)
        return json;
    if (!utf8_valid(text, len))
        return NULL;
    struct value *filter = value_array(arena);
    for (const char *end = text + len; text < end;) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        add_line(arena, filter, text, (size_t)(stop - text));
        text = stop + 1;
    }
    return filter;
}

static void check_sql(const char *sql)
{
    /* The colons are those of a date's format. */
    CHECK(strspn(sql, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,$()<>= "
                      "'\\%:[]|/*+-") == strlen(sql));
    CHECK(!strchr(sql, ';') && !strstr(sql, "--"));
}

/* A number that two different sets of rows hardly share; -1 when the filter is refused. */
static int64_t run(struct arena *arena, const struct caller *caller, const struct entity *entity,
                   const struct value *filter)
{
    struct request req = {.arena = arena, .db = db, .zone = zone, .caller = caller};
    struct query query;
    struct buf sql = {0};
    int64_t sum = 0;
    query_init(&query, &req, entity);
    enum api_rc rc = query_filter(&query, filter);
    if (rc != API_OK) {
        CHECK(rc == API_FAIL && req.error.text && *req.error.text);
        query_clear(&query);
        return -1;
    }
    buf_printf(&sql, "SELECT t.id FROM %s t", entity->table);
    buf_adds(&sql, buf_text(&query.from));
    query_sql_where(&query, &sql);
    check_sql(buf_text(&sql));
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    query_bind_all(&query, stmt);
    enum db_rc step;
    while ((step = db_step(stmt)) == DB_ROW)
        sum += db_int(stmt, 0) * db_int(stmt, 0) + 1;
    db_finish(stmt);
    CHECK(step == DB_NONE);
    query_clear(&query);
    buf_clear(&sql);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    if (!db)
        open_store();
    if (!size || size > 4000)
        return 0;
    arena_init(&arena);
    size_t which = (uint8_t)(data[0] - '0') % ENTITIES;
    const struct value *filter = read_filter(&arena, (const char *)data + 1, size - 1);
    for (int i = 0; i < 2 && filter; i++) {
        const struct caller *caller = i ? &little : &everything;
        CHECK(run(&arena, caller, entities[which], filter) ==
              run(&arena, caller, &plain[which], filter));
    }
    arena_clear(&arena);
    return 0;
}

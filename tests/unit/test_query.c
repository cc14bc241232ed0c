/* Filters become SQL: the text, the bound values, and what they find. */
#include "support.h"

#include "base/limits.h"
#include "model/query.h"

static const struct field fields[] = {
    FIELD_ROW("ID", "integer", "", FIELD_INT, "id", 0, NULL),
    FIELD_ROW("TITLE", "string", "", FIELD_TEXT, "title", FIELD_SEARCH, NULL),
    FIELD_ROW("NAME", "string", "", FIELD_TEXT, "name", 0, NULL),
    FIELD_ROW("CODE", "string", "", FIELD_TEXT, "code", FIELD_CODE, NULL),
    FIELD_ROW("LABEL", "string", "", FIELD_TEXT, "label", FIELD_KEYED | FIELD_SEARCH, NULL),
    FIELD_ROW("PHRASE", "string", "", FIELD_TEXT, "phrase", FIELD_KEYED, NULL),
    FIELD_ROW("AMOUNT", "integer", "", FIELD_INT, "amount", 0, NULL),
    FIELD_ROW("DONE", "char", "", FIELD_FLAG, "done", 0, NULL),
    FIELD_ROW("MOMENT", "datetime", "", FIELD_DATETIME, "moment", 0, NULL),
    FIELD_ROW("DAY", "date", "", FIELD_DATE, "day", 0, NULL),
    FIELD_ROW("RATE", "double", "", FIELD_DOUBLE, "rate", 0, NULL),
    FIELD_ROW("TOTAL", "double", "", FIELD_MONEY, "total", 0, NULL),
    FIELD_ROW("DATA", "object", "", FIELD_OBJECT, "data", 0, NULL),
    FIELD_ROW("PARTS", "list", "", FIELD_VIRTUAL, NULL, 0, NULL),
};

static const struct entity thing = {.name = "thing",
                                    .table = "thing",
                                    .fields = fields,
                                    .field_count = sizeof fields / sizeof *fields};

static struct folder folder;
static struct db *db;
static struct zone *zone;
static struct arena arena;
static struct request req;
static struct query query;

static int setup(void **state)
{
    static const char *const lines[] = {
        "CREATE TABLE thing (id {ID}, title {TEXT}, name {TEXT}, amount {INT}, done {TEXT}, moment "
        "{INT}, day {INT}, rate {REAL}, total {REAL}, data {TEXT});",
        "@search thing title", NULL};
    (void)state;
    folder = folder_make();
    db = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    store_ddl(db, lines);
    zone = zone_load("+03:00");
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    folder_remove(&folder);
    zone_free(zone);
    arena_clear(&arena);
    return 0;
}

/* ---- the text and the bound values ---- */

static enum api_rc filter(const char *json)
{
    req = (struct request){.arena = &arena, .db = db, .zone = zone};
    query_init(&query, &req, &thing);
    return query_filter(&query, json_value(&arena, json));
}

/* "i5 d1.5 tabc", in order. */
static const char *binds(void)
{
    struct buf out = {0};
    for (int i = 0; i < query.bind_count; i++) {
        const struct query_bind *bind = &query.binds[i];
        buf_adds(&out, i ? " " : "");
        if (bind->kind == BIND_INT)
            buf_printf(&out, "i%lld", (long long)bind->integer);
        else if (bind->kind == BIND_DOUBLE)
            buf_printf(&out, "d%g", bind->real);
        else
            buf_printf(&out, "t%.*s", (int)bind->len, bind->text);
    }
    const char *text = arena_strdup(&arena, buf_text(&out));
    buf_clear(&out);
    return text;
}

static void expect_sql(const char *json, const char *where, const char *bound)
{
    if (filter(json) != API_OK)
        fail_msg("%s: %s", json, req.error.text);
    if (strcmp(buf_text(&query.where), where) != 0 || strcmp(binds(), bound) != 0)
        fail_msg("%s became\n%s\n%s", json, buf_text(&query.where), binds());
    assert_int_equal(query.from.len, 0);
    query_clear(&query);
}

struct sql_case {
    const char *filter, *where, *bound;
};

static void check_all(const struct sql_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_sql(cases[i].filter, cases[i].where, cases[i].bound);
}

#define CHECK_ALL(cases) check_all(cases, sizeof(cases) / sizeof *(cases))

static void nothing_to_filter_by(void **state)
{
    (void)state;
    static const struct sql_case cases[] = {
        {"[]", "", ""},
        {"{\"NOTHING\":1}", "", ""},
        {"{\"title\":\"x\",\"TITLE \":\"x\",\"TITLE;\":\"x\",\"t.title\":\"x\"}", "", ""},
        {"{\"\":1,\"=\":1,\"%\":\"x\"}", "", ""},
        {"[1,2]", "", ""},
        {"\"text\"", "", ""},
        {"null", "", ""},
    };
    struct buf sql = {0};
    CHECK_ALL(cases);
    assert_int_equal(filter("[]"), API_OK);
    query_sql_where(&query, &sql);
    assert_int_equal(sql.len, 0);
    query_clear(&query);
    assert_int_equal(filter("{\"ID\":1}"), API_OK);
    query_sql_where(&query, &sql);
    assert_string_equal(buf_text(&sql), " WHERE t.id = $1");
    query_clear(&query);
    buf_clear(&sql);
    query_init(&query, &req, &thing);
    assert_int_equal(query_filter(&query, NULL), API_OK);
}

static void comparisons_of_every_kind(void **state)
{
    (void)state;
    static const struct sql_case cases[] = {
        {"{\"AMOUNT\":5}", "t.amount = $1", "i5"},
        {"{\"!AMOUNT\":5}", "(t.amount IS NULL OR t.amount <> $1)", "i5"},
        {"{\"!=AMOUNT\":5}", "(t.amount IS NULL OR t.amount <> $1)", "i5"},
        {"{\">AMOUNT\":-5}", "t.amount > $1", "i-5"},
        {"{\">=AMOUNT\":true}", "t.amount >= $1", "i1"},
        {"{\"<AMOUNT\":1.5}", "t.amount <= $1", "i1"},
        {"{\">AMOUNT\":-1.5}", "t.amount > $1", "i-2"},
        {"{\">=AMOUNT\":-1e20}", "t.amount >= $1", "i-9223372036854775808"},
        {"{\"<=AMOUNT\":\"9223372036854775807\"}", "t.amount <= $1", "i9223372036854775807"},
        {"{\">AMOUNT\":\"99999999999999999999\"}", "t.amount > $1", "i9223372036854775807"},
        {"{\">ID\":\"\"}", "t.id > $1", "i0"},
        {"{\"NAME\":\"x\"}", "t.name COLLATE caseless = $1", "tx"},
        {"{\"NAME\":5}", "t.name COLLATE caseless = $1", "t5"},
        {"{\"!NAME\":1.5}", "(t.name IS NULL OR t.name COLLATE caseless <> $1)", "t1.5"},
        {"{\"NAME\":\"ЁЛКА İ ΟΔΟΣ\"}", "t.name COLLATE caseless = $1", "tёлка i οδοσ"},
        {"{\"CODE\":\"X\",\"!CODE\":\"Y\"}", "t.code = $1 AND (t.code IS NULL OR t.code <> $2)",
         "tX tY"},
        {"{\"PHRASE\":\"X\",\"!PHRASE\":\"Y\"}",
         "t.phrase_key = $1 AND (t.phrase IS NULL OR t.phrase_key <> $2)", "tx ty"},
        {"{\">NAME\":\"x\"}", "t.name > $1", "tx"},
        {"{\"DONE\":\"y\"}", "t.done = $1", "tY"},
        {"{\"DONE\":\"N\"}", "t.done = $1", "tN"},
        {"{\"DONE\":true}", "t.done = $1", "tY"},
        {"{\"DONE\":\"maybe\"}", "t.done = $1", "tmaybe"},
        {"{\">=MOMENT\":\"2026-01-15T12:00:00\"}", "t.moment >= $1", "i1768467600"},
        {"{\"<MOMENT\":\"2026-01-15T12:00:00+00:00\"}", "t.moment < $1", "i1768478400"},
        {"{\"MOMENT\":\"15.01.2026 12:00\"}", "t.moment = $1", "i1768467600"},
        {"{\"DAY\":\"2026-01-15\"}", "t.day = $1", "i20468"},
        {"{\">RATE\":\"1.5\"}", "t.rate > $1", "d1.5"},
        {"{\"RATE\":0}", "t.rate = $1", "d0"},
        {"{\"<=TOTAL\":100}", "t.total <= $1", "d100"},
        {"{\"DATA\":\"x\"}", "t.data = $1", "tx"},
        {"{\">ID\":1,\"<ID\":9,\"NAME\":\"n\"}",
         "t.id > $1 AND t.id < $2 AND t.name COLLATE caseless = $3", "i1 i9 tn"},
    };
    CHECK_ALL(cases);
}

static void an_empty_value_asks_for_what_is_not_filled_in(void **state)
{
    (void)state;
    static const struct sql_case cases[] = {
        {"{\"AMOUNT\":\"\"}", "(t.amount IS NULL OR t.amount = 0)", ""},
        {"{\"AMOUNT\":null}", "(t.amount IS NULL OR t.amount = 0)", ""},
        {"{\"AMOUNT\":false}", "(t.amount IS NULL OR t.amount = 0)", ""},
        {"{\"AMOUNT\":\"0\"}", "(t.amount IS NULL OR t.amount = 0)", ""},
        {"{\"!AMOUNT\":0}", "t.amount <> 0", ""},
        {"{\"NAME\":\"\"}", "(t.name IS NULL OR t.name = '')", ""},
        {"{\"!NAME\":\"\"}", "t.name <> ''", ""},
        {"{\"NAME\":\"0\"}", "t.name COLLATE caseless = $1", "t0"},
        {"{\"DONE\":\"\"}", "(t.done IS NULL OR t.done = '')", ""},
        {"{\"MOMENT\":\"\"}", "t.moment IS NULL", ""},
        {"{\"!MOMENT\":null}", "t.moment IS NOT NULL", ""},
        {"{\"DAY\":\"\"}", "t.day IS NULL", ""},
        {"{\"RATE\":\"\"}", "t.rate IS NULL", ""},
        {"{\"!TOTAL\":\"\"}", "t.total IS NOT NULL", ""},
        {"{\"DATA\":\"\"}", "t.data IS NULL", ""},
        {"{\"!DATA\":\"\"}", "t.data IS NOT NULL", ""},
    };
    CHECK_ALL(cases);
}

static void a_list_is_in_or_not_in(void **state)
{
    (void)state;
    static const struct sql_case cases[] = {
        {"{\"ID\":[1,2,\"3\"]}", "(t.id IN ($1,$2,$3))", "i1 i2 i3"},
        {"{\"@ID\":1}", "t.id = $1", "i1"},
        {"{\"!ID\":[1,2]}", "((t.id IS NULL OR t.id NOT IN ($1,$2)))", "i1 i2"},
        {"{\"!@ID\":[1]}", "((t.id IS NULL OR t.id NOT IN ($1)))", "i1"},
        {"{\"ID\":[]}", "1=0", ""},
        {"{\"!ID\":[]}", "1=1", ""},
        {"{\"AMOUNT\":[1,\"\"]}", "(t.amount IN ($1) OR (t.amount IS NULL OR t.amount = 0))", "i1"},
        {"{\"!AMOUNT\":[1,null]}", "((t.amount NOT IN ($1)) AND t.amount <> 0)", "i1"},
        {"{\"AMOUNT\":[\"\"]}", "((t.amount IS NULL OR t.amount = 0))", ""},
        {"{\"!NAME\":[\"\",null]}", "t.name <> ''", ""},
        {"{\"NAME\":{\"a\":\"x\",\"b\":5}}", "t.name COLLATE caseless IN ($1,$2)", "tx t5"},
        {"{\"!NAME\":[\"X\",\"y\"]}", "(t.name IS NULL OR t.name COLLATE caseless NOT IN ($1,$2))",
         "tx ty"},
        {"{\"NAME\":[\"X\",\"\"]}",
         "(t.name COLLATE caseless = $1 OR (t.name IS NULL OR t.name = ''))", "tx"},
        {"{\"!NAME\":[\"X\",\"\"]}", "(t.name COLLATE caseless <> $1 AND t.name <> '')", "tx"},
        {"{\"DONE\":[\"y\",\"N\",\"?\"]}", "(t.done IN ($1,$2,$3))", "tY tN t?"},
        {"{\"MOMENT\":[\"2026-01-15T12:00:00\",\"\"]}", "(t.moment IN ($1) OR t.moment IS NULL)",
         "i1768467600"},
        {"{\"RATE\":[1,\"2.5\"]}", "(t.rate IN ($1,$2))", "d1 d2.5"},
    };
    CHECK_ALL(cases);
}

#define INDEXED(n) "t.id IN (SELECT rowid FROM thing_search WHERE thing_search MATCH $" #n ") AND "

static void a_part_of_a_text(void **state)
{
    (void)state;
    static const struct sql_case cases[] = {
        {"{\"%NAME\":\"Ab\"}", "(fold(t.name) LIKE $1 ESCAPE '\\')", "t%ab%"},
        {"{\"%NAME\":\"ЖЁ%_\\\\\"}", "(fold(t.name) LIKE $1 ESCAPE '\\')", "t%жё\\%\\_\\\\%"},
        {"{\"%NAME\":5}", "(fold(t.name) LIKE $1 ESCAPE '\\')", "t%5%"},
        {"{\"%NAME\":\"\"}", "(fold(t.name) LIKE $1 ESCAPE '\\')", "t%%"},
        {"{\"!%NAME\":\"x\"}", "(t.name IS NULL OR fold(t.name) NOT LIKE $1 ESCAPE '\\')", "t%x%"},
        {"{\"=%NAME\":\"A%b_\"}", "(fold(t.name) LIKE $1 ESCAPE '\\')", "ta%b\\_"},
        {"{\"%=NAME\":\"\\\\%\"}", "(fold(t.name) LIKE $1 ESCAPE '\\')", "t\\\\%"},
        {"{\"=%NAME\":\"\"}", "(fold(t.name) LIKE $1 ESCAPE '\\')", "t"},
        {"{\"!=%NAME\":\"x%\"}", "(t.name IS NULL OR fold(t.name) NOT LIKE $1 ESCAPE '\\')", "tx%"},
        {"{\"!%=NAME\":\"%x\"}", "(t.name IS NULL OR fold(t.name) NOT LIKE $1 ESCAPE '\\')", "t%x"},
        {"{\"%NAME\":[\"a\",\"b\"]}",
         "((fold(t.name) LIKE $1 ESCAPE '\\') OR (fold(t.name) LIKE $2 ESCAPE '\\'))", "t%a% t%b%"},
        {"{\"!%NAME\":[\"a\",\"b\"]}",
         "((t.name IS NULL OR fold(t.name) NOT LIKE $1 ESCAPE '\\') AND (t.name IS NULL OR "
         "fold(t.name) NOT LIKE $2 ESCAPE '\\'))",
         "t%a% t%b%"},
        {"{\"%NAME\":[]}", "1=0", ""},
        {"{\"!%NAME\":[]}", "1=1", ""},
        {"{\"%AMOUNT\":1}", "(fold(CAST(t.amount AS TEXT)) LIKE $1 ESCAPE '\\')", "t%1%"},
        {"{\"%TOTAL\":\"1.5\"}", "(fold(number_text(t.total, 1)) LIKE $1 ESCAPE '\\')", "t%1.5%"},
        {"{\"%MOMENT\":\"-01-\"}",
         "(fold(strftime('%Y-%m-%dT%H:%M:%S', t.moment + 10800, 'unixepoch')) LIKE $1 ESCAPE '\\')",
         "t%-01-%"},
        {"{\"%DONE\":\"y\"}", "(fold(t.done) LIKE $1 ESCAPE '\\')", "t%y%"},
        {"{\"%DATA\":\"k\"}", "(fold(t.data) LIKE $1 ESCAPE '\\')", "t%k%"},
    };
    CHECK_ALL(cases);
}

static void the_index_is_asked_when_it_can_help(void **state)
{
    (void)state;
    static const struct sql_case cases[] = {
        {"{\"%TITLE\":\"ab\"}", "(fold(t.title) LIKE $1 ESCAPE '\\')", "t%ab%"},
        {"{\"%TITLE\":\"ABC\"}", "(" INDEXED(1) "fold(t.title) LIKE $2 ESCAPE '\\')",
         "t\"abc\" t%abc%"},
        {"{\"%TITLE\":\"a\\\"bc\"}", "(" INDEXED(1) "fold(t.title) LIKE $2 ESCAPE '\\')",
         "t\"a\"\"b\" \"\"\"bc\" t%a\"bc%"},
        {"{\"!%TITLE\":\"abc\"}", "(t.title IS NULL OR fold(t.title) NOT LIKE $1 ESCAPE '\\')",
         "t%abc%"},
        {"{\"=%TITLE\":\"a%bcd%ef\"}", "(" INDEXED(1) "fold(t.title) LIKE $2 ESCAPE '\\')",
         "t\"bcd\" ta%bcd%ef"},
        {"{\"%=TITLE\":\"ab%cd%ef\"}", "(fold(t.title) LIKE $1 ESCAPE '\\')", "tab%cd%ef"},
        {"{\"%TITLE\":[\"abc\",\"d\"]}",
         "((" INDEXED(1) "fold(t.title) LIKE $2 ESCAPE '\\') OR (fold(t.title) LIKE $3 ESCAPE "
                         "'\\'))",
         "t\"abc\" t%abc% t%d%"},
        {"{\"TITLE\":\"aBc\"}", "t.title COLLATE caseless = $1", "tabc"},
        /* A key of a name, but beside an id, whose index may be the better. */
        {"{\"LABEL\":\"aBc\",\"NAME\":\"x\"}", "t.label_key = $1 AND t.name COLLATE caseless = $2",
         "tabc tx"},
        {"{\"LABEL\":\"aBc\",\"AMOUNT\":1}", "t.label COLLATE caseless = $1 AND t.amount = $2",
         "tabc i1"},
        {"{\"TITLE\":[\"abc\",\"def\"]}", "t.title COLLATE caseless IN ($1,$2)", "tabc tdef"},
    };
    CHECK_ALL(cases);
}

/* ---- what is refused ---- */

static void expect_refused(const char *json, const char *text)
{
    if (filter(json) != API_FAIL)
        fail_msg("%s was taken", json);
    assert_int_equal(req.error.code, API_ERR_INVALID_ARG_VALUE);
    if (!strstr(req.error.text, text))
        fail_msg("%s: %s", json, req.error.text);
    query_clear(&query);
}

static void a_value_of_the_wrong_kind_is_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"AMOUNT\":\"five\"}", "Filter by AMOUNT: the value is no number"},
        {"{\"AMOUNT\":\"1 OR 1=1\"}", "AMOUNT: the value is no number"},
        {"{\"AMOUNT\":[1,\"x\"]}", "AMOUNT: the value is no number"},
        {"{\"AMOUNT\":[[1]]}", "AMOUNT: the value is no number"},
        {"{\">AMOUNT\":[1]}", "AMOUNT: the value is no single value"},
        {"{\"RATE\":\"0x10\"}", "RATE: the value is no number"},
        {"{\"RATE\":\"nan\"}", "RATE: the value is no number"},
        {"{\">TOTAL\":\"\"}", "TOTAL: the value is no number"},
        {"{\"MOMENT\":\"yesterday\"}", "MOMENT: the value is no date"},
        {"{\"MOMENT\":\"2026-02-30\"}", "MOMENT: the value is no date"},
        {"{\">DAY\":\"\"}", "DAY: the value is no date"},
        {"{\"NAME\":[[1]]}", "NAME: the value is no text"},
        {"{\"%NAME\":[[\"x\"]]}", "NAME: the value is no text"},
        {"{\"<NAME\":{\"a\":1}}", "NAME: the value is no single value"},
        /* The first wrong one counts, wherever it stands. */
        {"{\"NAME\":\"x\",\"ID\":\"y\",\"AMOUNT\":\"z\"}", "Filter by ID"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_refused(cases[i][0], cases[i][1]);
}

/* {"KEY":[value, value ...]} */
static const char *many(const char *key, const char *value, int count)
{
    struct buf json = {0};
    buf_printf(&json, "{\"%s\":[", key);
    for (int i = 0; i < count; i++)
        buf_printf(&json, "%s%s", i ? "," : "", value);
    buf_adds(&json, "]}");
    const char *text = arena_strdup(&arena, buf_text(&json));
    buf_clear(&json);
    return text;
}

/* {"KEY":"vvvv..."} */
static const char *long_text(const char *key, size_t len)
{
    char *text = arena_alloc(&arena, len + 1);
    memset(text, 'v', len);
    text[len] = '\0';
    return arena_printf(&arena, "{\"%s\":\"%s\"}", key, text);
}

static void there_are_limits(void **state)
{
    (void)state;
    assert_int_equal(filter(many("ID", "7", LIMIT_IN_VALUES)), API_OK);
    query_clear(&query);
    expect_refused(many("ID", "7", LIMIT_IN_VALUES + 1), "ID: more than 5000 values");
    const char *list = many("ID", "7", 3000);
    expect_refused(
        arena_printf(&arena, "%.*s,\"!AMOUNT\":%s", (int)strlen(list) - 1, list, strchr(list, '[')),
        "The filter has more than 5500 values");
    assert_int_equal(filter(many("%NAME", "\"a\"", LIMIT_FILTER_TERMS)), API_OK);
    query_clear(&query);
    expect_refused(many("%NAME", "\"a\"", LIMIT_FILTER_TERMS + 1), "NAME: more than 200 values");
    assert_int_equal(filter(long_text("%NAME", LIMIT_LIKE_BYTES)), API_OK);
    query_clear(&query);
    expect_refused(long_text("%NAME", LIMIT_LIKE_BYTES + 1), "NAME: the text is too long");
    assert_int_equal(filter(long_text("NAME", LIMIT_LIKE_BYTES + 1)), API_OK);
    query_clear(&query);
}

static void the_number_of_conditions_is_limited(void **state)
{
    (void)state;
    static const char *const prefixes[] = {
        "", "=", "@", "!", "!=", "!@", "<", "<=", ">", ">=", "%", "!%", "=%", "%=", "!=%", "!%="};
    static const char *const names[] = {"ID",     "TITLE", "NAME", "AMOUNT", "DONE",
                                        "MOMENT", "DAY",   "RATE", "TOTAL",  "DATA"};
    struct value *given = value_array(&arena);
    int made = 0;
    for (size_t i = 0; i < 16; i++) {
        for (size_t j = 0; j < 10; j++) {
            const char *key = arena_printf(&arena, "%s%s", prefixes[i], names[j]);
            bool date = !strcmp(names[j], "MOMENT") || !strcmp(names[j], "DAY");
            value_set(&arena, given, key, strlen(key),
                      date ? value_string(&arena, "2026-01-15", 10) : value_int(&arena, 1));
            made++;
        }
    }
    assert_true(made < LIMIT_FILTER_TERMS);
    req = (struct request){.arena = &arena, .db = db, .zone = zone};
    query_init(&query, &req, &thing);
    assert_int_equal(query_filter(&query, given), API_OK);
    assert_int_equal(query.terms, made);
    query.terms = LIMIT_FILTER_TERMS - made;
    assert_int_equal(query_filter(&query, given), API_OK);
    assert_int_equal(query_filter(&query, given), API_FAIL);
    assert_string_equal(req.error.text, "The filter has more than 200 conditions");
    query_clear(&query);
}

/* ---- nothing of a value becomes SQL ---- */

static const char *where_of(const char *key, const char *text, int list)
{
    const char *json = list ? arena_printf(&arena, "{\"%s\":[\"%s\",\"%s\"]}", key, text, text)
                            : arena_printf(&arena, "{\"%s\":\"%s\"}", key, text);
    if (filter(json) != API_OK)
        fail_msg("%s: %s", json, req.error.text);
    const char *where = arena_strdup(&arena, buf_text(&query.where));
    query_clear(&query);
    return where;
}

/* The shape of the SQL depends on the key and the kind alone. */
static void values_never_get_into_the_text(void **state)
{
    (void)state;
    static const char *const nasty[] = {
        "x' OR '1'='1",    "x\\\" OR \\\"1\\\"=1", "'; DROP TABLE--", "$1 $2 $3 $4 $5",
        "%sabc%n%d%x%p%s", "?1:a@b#c;--/**/",      "\\\\' OR 1=1 --", "NULL) OR (1=1)",
        "`thing` [name]",  "*\\\" NEAR(a b, 5",    "ж' ИЛИ 1=1 --"};
    static const char *const keys[] = {"NAME",   "!NAME",   ">NAME", "<=NAME",  "%NAME",   "!%NAME",
                                       "=%NAME", "!%=NAME", "TITLE", "%TITLE",  "%=TITLE", "DONE",
                                       "!DONE",  "DATA",    "%DATA", "%AMOUNT", "!%RATE"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        bool lists = !strpbrk(keys[i], "<>");
        for (int list = 0; list <= lists; list++) {
            const char *wanted = where_of(keys[i], "plainplain", list);
            for (size_t j = 0; j < sizeof nasty / sizeof nasty[0]; j++)
                assert_string_equal(where_of(keys[i], nasty[j], list), wanted);
        }
    }
}

static void keys_never_get_into_the_text(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "NAME'",  "NAME = 1 OR t.NAME", "name",        "t.name", "=NAME OR 1", "NAME--",
        "(NAME)", "NAME\\u0001",        "%NAME; DROP", "name!"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char json[128];
        snprintf(json, sizeof json, "{\"%s\":\"x\"}", keys[i]);
        expect_sql(json, "", "");
    }
}

/* ---- what is found ---- */

static void add_things(void)
{
    store_exec(
        db,
        "INSERT INTO thing (id, title, name, amount, done, moment, day, rate, total, data) VALUES "
        "(1, 'Первый Звонок 100%', 'anna', 5, 'Y', 1768467600, 20468, 0.5, 10.00, '{}'),"
        "(2, 'Second call_x', 'Bob', 0, 'N', 1768471200, NULL, NULL, 99.99, NULL),"
        "(3, 'O''Brien \"quoted\" \\ back', '', NULL, 'N', NULL, 20469, 2, NULL, '[1]'),"
        "(4, NULL, NULL, -7, '', 1768400000, 20467, -1.5, 0, NULL),"
        "(5, 'ЗВОНОК', 'ANNA', 5, 'Y', 1768467600, 20468, 0.5, 10, '')");
}

/* The ids found, as digits. */
static void expect_found(const char *json, const char *ids)
{
    struct buf sql = {0}, found = {0};
    enum db_rc rc;
    if (filter(json) != API_OK)
        fail_msg("%s: %s", json, req.error.text);
    buf_adds(&sql, "SELECT t.id FROM thing t");
    query_sql_where(&query, &sql);
    buf_adds(&sql, " ORDER BY t.id");
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    query_bind_all(&query, stmt);
    while ((rc = db_step(stmt)) == DB_ROW)
        buf_printf(&found, "%lld", (long long)db_int(stmt, 0));
    db_finish(stmt);
    if (rc != DB_NONE || strcmp(buf_text(&found), ids) != 0)
        fail_msg("%s found %s, not %s: %s", json, buf_text(&found), ids, buf_text(&sql));
    buf_clear(&sql);
    buf_clear(&found);
    query_clear(&query);
}

static void what_a_filter_finds(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[]", "12345"},
        {"{\"AMOUNT\":5}", "15"},
        {"{\"!AMOUNT\":5}", "234"},
        {"{\"AMOUNT\":0}", "23"},
        {"{\"!AMOUNT\":0}", "145"},
        {"{\"<AMOUNT\":0}", "4"},
        {"{\"AMOUNT\":[5,\"\"]}", "1235"},
        {"{\"!AMOUNT\":[5,\"\"]}", "4"},
        {"{\"!AMOUNT\":[5]}", "234"},
        {"{\"NAME\":\"anna\"}", "15"},
        {"{\"!NAME\":\"aNNa\"}", "234"},
        {"{\"TITLE\":\"звонок\"}", "5"},
        {"{\"TITLE\":\"звонок \"}", ""},
        {"{\"TITLE\":[\"Звонок\",\"second CALL_X\"]}", "25"},
        {"{\"!TITLE\":[\"Звонок\",\"second CALL_X\"]}", "134"},
        {"{\"NAME\":\"\"}", "34"},
        {"{\"!NAME\":\"\"}", "125"},
        {"{\"NAME\":[\"anna\",\"Bob\"]}", "125"},
        {"{\"%NAME\":\"NN\"}", "15"},
        {"{\"!%NAME\":\"nn\"}", "234"},
        {"{\"=%NAME\":\"b%\"}", "2"},
        {"{\"=%NAME\":\"anna\"}", "15"},
        {"{\"%NAME\":\"\"}", "1235"},
        {"{\"=%NAME\":\"\"}", "3"},
        {"{\"%TITLE\":\"звонок\"}", "15"},
        {"{\"%TITLE\":\"100%\"}", "1"},
        {"{\"%TITLE\":\"0%\"}", "1"},
        {"{\"%TITLE\":\"l_x\"}", "2"},
        {"{\"%TITLE\":\"l?x\"}", ""},
        {"{\"%TITLE\":\"_\"}", "2"},
        {"{\"%TITLE\":\"o'brien\"}", "3"},
        {"{\"%TITLE\":\"\\\"quoted\\\"\"}", "3"},
        {"{\"%TITLE\":\" \\\\ b\"}", "3"},
        {"{\"=%TITLE\":\"%звонок%\"}", "15"},
        {"{\"=%TITLE\":\"звонок%\"}", "5"},
        {"{\"=%TITLE\":\"%100%\"}", "1"},
        {"{\"!%TITLE\":\"звонок\"}", "234"},
        {"{\"%TITLE\":[\"звонок\",\"call\"]}", "125"},
        {"{\"!%TITLE\":[\"звонок\",\"call\"]}", "34"},
        {"{\"TITLE\":\"O'Brien \\\"quoted\\\" \\\\ back\"}", "3"},
        {"{\"DONE\":\"1\"}", "15"},
        {"{\"DONE\":\"n\"}", "23"},
        {"{\"DONE\":\"\"}", "4"},
        {"{\"MOMENT\":\"2026-01-15 12:00\"}", "15"},
        {"{\">MOMENT\":\"2026-01-15 12:00\"}", "2"},
        {"{\"!MOMENT\":\"2026-01-15 12:00\"}", "234"},
        {"{\"MOMENT\":\"\"}", "3"},
        {"{\">=DAY\":\"2026-01-15\",\"<DAY\":\"2026-01-16\"}", "15"},
        {"{\"%DAY\":\"-01-15\"}", "15"},
        {"{\"%MOMENT\":\"T13:00\"}", "2"},
        {"{\"!%MOMENT\":\"t12\"}", "234"},
        {"{\"RATE\":0.5}", "15"},
        {"{\"<RATE\":0}", "4"},
        {"{\"TOTAL\":\"99.99\"}", "2"},
        {"{\"TOTAL\":0}", "4"},
        {"{\"%TOTAL\":\"99\"}", "2"},
        {"{\"%AMOUNT\":\"7\"}", "4"},
        {"{\"DATA\":\"\"}", "24"},
        {"{\"ID\":[]}", ""},
        {"{\"!ID\":[]}", "12345"},
        {"{\"NOTHING\":\"x\",\">ID\":3}", "45"},
        {"{\">ID\":1,\"<ID\":5,\"!ID\":[3]}", "24"},
    };
    add_things();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_found(cases[i][0], cases[i][1]);
}

/* For the hooks of virtual fields. */
static void conditions_by_hand(void **state)
{
    (void)state;
    struct value *list = json_value(&arena, "[1,\"\",3]");
    req = (struct request){.arena = &arena, .db = db, .zone = zone};
    query_init(&query, &req, &thing);
    query_and(&query);
    buf_printf(&query.where, "m.x = $%d", query_bind_double(&query, 1.5));
    assert_int_equal(query_int(&query, "m.id", "LINK", OP_NE, list), API_OK);
    assert_int_equal(query_text(&query, "m.value", OP_LIKE, json_value(&arena, "\"A_b\"")), API_OK);
    assert_string_equal(buf_text(&query.where),
                        "m.x = $1 AND ((m.id NOT IN ($2,$3)) AND m.id <> 0) AND (fold(m.value) "
                        "LIKE $4 ESCAPE '\\')");
    assert_string_equal(binds(), "d1.5 i1 i3 t%a\\_b%");
    assert_int_equal(query_int(&query, "m.id", "LINK", OP_EQ, json_value(&arena, "\"x\"")),
                     API_FAIL);
    assert_string_equal(req.error.text, "Filter by LINK: the value is no number");
    query_clear(&query);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_to_filter_by),
        TEST(comparisons_of_every_kind),
        TEST(an_empty_value_asks_for_what_is_not_filled_in),
        TEST(a_list_is_in_or_not_in),
        TEST(a_part_of_a_text),
        TEST(the_index_is_asked_when_it_can_help),
        TEST(a_value_of_the_wrong_kind_is_refused),
        TEST(there_are_limits),
        TEST(the_number_of_conditions_is_limited),
        TEST(values_never_get_into_the_text),
        TEST(keys_never_get_into_the_text),
        TEST(what_a_filter_finds),
        TEST(conditions_by_hand),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

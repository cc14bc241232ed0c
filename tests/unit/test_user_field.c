/* Custom fields: the registry as it is read, what each type takes and writes, its settings. */
#include "support.h"

#include "model/dialect.h"
#include "model/row.h"
#include "model/user_field.h"
#include "portal/migrate.h"

static struct folder folder;
static struct db *db;
static struct zone *zone;
static struct arena arena;
static struct request req;
static struct buf out;
static struct writer writer;
static struct user_fields list;

static const char *const rows[] = {
    "INSERT INTO user_field (id, entity_id, field_name, user_type_id, xml_id, sort, multiple, "
    "mandatory, show_filter, show_in_list, edit_in_list, is_searchable, settings, labels, created, "
    "removed) VALUES "
    "(1, 'CRM_LEAD', 'UF_CRM_A', 'string', NULL, 200, 'N', 'Y', 'E', 'Y', 'Y', 'N', "
    "'{\"MIN_LENGTH\":2,\"MAX_LENGTH\":4,\"DEFAULT_VALUE\":\"abc\"}', "
    "'{\"EDIT_FORM_LABEL\":{\"\":\"All\",\"de\":\"Alle\"}}', 0, NULL), "
    "(2, 'CRM_LEAD', 'UF_CRM_B', 'enumeration', 'x', 100, 'Y', 'N', 'N', 'Y', 'N', 'N', '[]', "
    "'[]', 0, NULL), "
    "(3, 'CRM_DEAL', 'UF_CRM_C', 'integer', NULL, 100, 'N', 'N', 'N', 'Y', 'Y', 'N', "
    "'{\"MAX_VALUE\":10}', '[]', 0, NULL), "
    "(4, 'CRM_DEAL', 'UF_CRM_D', 'double', NULL, 100, 'N', 'N', 'N', 'Y', 'Y', 'N', "
    "'{\"PRECISION\":1}', '[]', 0, NULL), "
    "(5, 'CRM_DEAL', 'UF_CRM_E', 'boolean', NULL, 100, 'N', 'N', 'N', 'Y', 'Y', 'N', "
    "'{\"DEFAULT_VALUE\":1}', '[]', 0, NULL), "
    "(6, 'CRM_DEAL', 'UF_CRM_F', 'date', NULL, 100, 'N', 'N', 'N', 'Y', 'Y', 'N', "
    "'{\"DEFAULT_VALUE\":{\"TYPE\":\"FIXED\",\"VALUE\":\"2026-02-03\"}}', '[]', 0, NULL), "
    "(7, 'CRM_DEAL', 'UF_CRM_G', 'string', NULL, 100, 'N', 'N', 'N', 'Y', 'Y', 'N', '[]', '[]', 0, "
    "5), "
    "(8, 'CRM_DEAL', 'UF_CRM_H', 'of_tomorrow', NULL, 1, 'N', 'N', 'N', 'Y', 'Y', 'N', '[]', "
    "'[]', 0, NULL), "
    "(9, 'CRM_DEAL', 'UF_CRM_I', 'rest_5_color', NULL, 100, 'N', 'N', 'N', 'Y', 'Y', 'N', '[]', "
    "'[]', 0, NULL)",
    "INSERT INTO user_field_enum (id, field_id, value, def, sort, xml_id) VALUES (11, 2, 'two', "
    "'Y', 20, 'b'), (12, 2, 'one', 'N', 10, 'a'), (13, 1, 'no list', 'N', 1, 'c')",
};

static int setup(void **state)
{
    struct buf why = {0};
    int ran;
    (void)state;
    folder = folder_make();
    db = store_open(folder_file(&folder, "test.db"), DB_WRITER);
    if (!migrate_run(db, schema_migrations, 0, &ran, &why))
        fail_msg("%s", buf_text(&why));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(db_exec(db, rows[i]), DB_OK);
    zone = zone_load("+03:00");
    arena_init(&arena);
    assert_int_equal(user_field_load(db, &arena, &list), DB_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    folder_remove(&folder);
    zone_free(zone);
    arena_clear(&arena);
    buf_clear(&out);
    return 0;
}

static void begin(void)
{
    buf_clear(&out);
    writer_init(&writer, &out);
    req = (struct request){.arena = &arena, .db = db, .zone = zone, .out = &writer};
}

static struct field made(const char *entity, const char *name)
{
    size_t count;
    const struct user_field *of = user_fields_of(&list, entity, &count);
    struct field field;
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(of[i].name, name)) {
            user_field_make(&of[i], &field);
            return field;
        }
    }
    fail_msg("%s is not there", name);
    return field;
}

/* What a value becomes in both dialects, "classic item"; "-" when it is not taken. */
static const char *both(const char *entity, const char *name, const char *json)
{
    struct field field = made(entity, name);
    struct cell *cells;
    size_t count;
    begin();
    if (!user_field_take(&req, &field, json_value(&arena, json), &cells, &count))
        return "-";
    for (size_t i = 0; i < (count ? count : 1); i++)
        cell_write(&req, &field, &cells[i]);
    buf_addc(&out, ' ');
    writer.comma = false;
    req.dialect = &item_dialect;
    for (size_t i = 0; i < (count ? count : 1); i++)
        cell_write(&req, &field, &cells[i]);
    return buf_text(&out);
}

static void the_registry_is_read_in_order(void **state)
{
    size_t count;
    (void)state;
    const struct user_field *leads = user_fields_of(&list, "CRM_LEAD", &count);
    assert_int_equal(count, 2);
    assert_string_equal(leads[0].name, "UF_CRM_B");
    assert_int_equal(leads[0].item_count, 2);
    assert_string_equal(leads[0].items[0].value, "one");
    assert_true(leads[0].items[1].def);
    assert_string_equal(leads[0].xml_id, "x");
    assert_int_equal(leads[1].show_filter, 'E');
    assert_null(leads[1].xml_id);
    assert_non_null(user_fields_of(&list, "CRM_DEAL", &count));
    assert_int_equal(count, 5); /* neither the removed one nor one of an unknown type */
    assert_null(user_fields_of(&list, "CRM_QUOTE", &count));
    assert_int_equal(count, 0);
}

static void a_field_has_its_names_and_flags(void **state)
{
    (void)state;
    struct field field = made("CRM_LEAD", "UF_CRM_A");
    assert_string_equal(field.type, "string");
    assert_int_equal(field.flags, FIELD_REQUIRED);
    assert_string_equal(user_label(&arena, field.custom, USER_LABEL_FORM, "de"), "Alle");
    assert_string_equal(user_label(&arena, field.custom, USER_LABEL_FORM, "en"), "All");
    assert_string_equal(user_label(&arena, field.custom, USER_LABEL_HELP, "en"), "");
    assert_int_equal(made("CRM_LEAD", "UF_CRM_B").flags, FIELD_MULTIPLE);
    assert_string_equal(made("CRM_DEAL", "UF_CRM_I").type, "rest_5_color");
}

static void values_are_taken_and_written_in_both_dialects(void **state)
{
    static const struct {
        const char *entity, *name, *json, *both;
    } cases[] = {
        {"CRM_LEAD", "UF_CRM_A", "\"abc\"", "\"abc\" \"abc\""},
        {"CRM_LEAD", "UF_CRM_A", "\"\"", "\"\" \"\""},
        {"CRM_LEAD", "UF_CRM_A", "null", "\"\" \"\""},
        {"CRM_LEAD", "UF_CRM_A", "\"a\"", "-"},
        {"CRM_LEAD", "UF_CRM_A", "\"abcde\"", "-"},
        {"CRM_LEAD", "UF_CRM_A", "\"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\"",
         "\"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\" \"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\""},
        {"CRM_LEAD", "UF_CRM_A", "[\"abc\"]", "-"},
        {"CRM_LEAD", "UF_CRM_B", "[11, \"\", \"12\"]", "\"11\",\"12\" 11,12"},
        {"CRM_LEAD", "UF_CRM_B", "12", "\"12\" 12"},
        {"CRM_LEAD", "UF_CRM_B", "[13]", "-"},
        {"CRM_LEAD", "UF_CRM_B", "\"two\"", "-"},
        {"CRM_LEAD", "UF_CRM_B", "[]", "null null"},
        {"CRM_DEAL", "UF_CRM_C", "\"-7\"", "\"-7\" -7"},
        {"CRM_DEAL", "UF_CRM_C", "11", "-"},
        {"CRM_DEAL", "UF_CRM_C", "1.5", "-"},
        {"CRM_DEAL", "UF_CRM_D", "\"1.25\"", "\"1.3\" 1.3"},
        {"CRM_DEAL", "UF_CRM_D", "-0.01", "\"0\" 0"},
        {"CRM_DEAL", "UF_CRM_E", "true", "\"1\" \"Y\""},
        {"CRM_DEAL", "UF_CRM_E", "\"N\"", "\"0\" \"N\""},
        {"CRM_DEAL", "UF_CRM_E", "7", "\"1\" \"Y\""},
        {"CRM_DEAL", "UF_CRM_E", "\"\"", "null \"N\""},
        {"CRM_DEAL", "UF_CRM_E", "\"perhaps\"", "-"},
        {"CRM_DEAL", "UF_CRM_F", "\"2026-02-03\"",
         "\"2026-02-03T03:00:00+03:00\" \"2026-02-03T03:00:00+03:00\""},
        {"CRM_DEAL", "UF_CRM_F", "\"\"", "\"\" null"},
        {"CRM_DEAL", "UF_CRM_I", "\"red\"", "\"red\" \"red\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *got = both(cases[i].entity, cases[i].name, cases[i].json);
        if (strcmp(got, cases[i].both) != 0)
            fail_msg("%s %s became %s", cases[i].name, cases[i].json, got);
    }
}

static void an_added_row_has_the_fallback(void **state)
{
    static const struct {
        const char *entity, *name, *json;
    } cases[] = {{"CRM_LEAD", "UF_CRM_A", "\"abc\""}, {"CRM_LEAD", "UF_CRM_B", "[11]"},
                 {"CRM_DEAL", "UF_CRM_C", "null"},    {"CRM_DEAL", "UF_CRM_E", "1"},
                 {"CRM_DEAL", "UF_CRM_I", "null"},    {"CRM_DEAL", "UF_CRM_F", "\"2026-02-03\""}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct field field = made(cases[i].entity, cases[i].name);
        begin();
        const struct value *value = user_field_fallback(&req, &field);
        if (value)
            writer_value(&writer, value);
        else
            writer_null(&writer);
        assert_string_equal(buf_text(&out), cases[i].json);
    }
}

static void settings_have_defaults_and_keep_what_stands(void **state)
{
    static const struct {
        const char *type, *given, *old, *made;
    } cases[] = {
        {"string", "{}", NULL,
         "{\"SIZE\":20,\"ROWS\":1,\"REGEXP\":\"\",\"MIN_LENGTH\":0,\"MAX_LENGTH\":0,"
         "\"DEFAULT_VALUE\":\"\"}"},
        {"string", "{\"ROWS\":\"3\",\"SIZE\":0,\"OTHER\":1}", "{\"DEFAULT_VALUE\":\"x\"}",
         "{\"SIZE\":20,\"ROWS\":3,\"REGEXP\":\"\",\"MIN_LENGTH\":0,\"MAX_LENGTH\":0,"
         "\"DEFAULT_VALUE\":\"x\"}"},
        {"double", "{\"PRECISION\":0,\"DEFAULT_VALUE\":\"1.5\"}", NULL,
         "{\"PRECISION\":0,\"SIZE\":20,\"MIN_VALUE\":0,\"MAX_VALUE\":0,\"DEFAULT_VALUE\":1.5}"},
        {"enumeration", "{\"DISPLAY\":\"UI\",\"LIST_HEIGHT\":-1}", NULL,
         "{\"DISPLAY\":\"UI\",\"LIST_HEIGHT\":1,\"CAPTION_NO_VALUE\":\"\",\"SHOW_NO_VALUE\":"
         "\"Y\"}"},
        {"enumeration", "{\"DISPLAY\":\"IST\",\"SHOW_NO_VALUE\":false}", NULL,
         "{\"DISPLAY\":\"LIST\",\"LIST_HEIGHT\":1,\"CAPTION_NO_VALUE\":\"\",\"SHOW_NO_VALUE\":"
         "\"N\"}"},
        {"boolean", "{\"DEFAULT_VALUE\":5}", NULL,
         "{\"DEFAULT_VALUE\":1,\"DISPLAY\":\"CHECKBOX\",\"LABEL\":[\"\",\"\"],\"LABEL_CHECKBOX\":"
         "\"\"}"},
        {"date", "{\"DEFAULT_VALUE\":{\"TYPE\":\"NOW\"}}", NULL,
         "{\"DEFAULT_VALUE\":{\"TYPE\":\"NOW\",\"VALUE\":\"\"}}"},
        {"rest_5_color", "{\"A\":1}", NULL, "[]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct user_type *type = user_type_find(cases[i].type);
        begin();
        struct value *settings =
            user_type_settings(&arena, type, json_value(&arena, cases[i].given),
                               cases[i].old ? json_value(&arena, cases[i].old) : NULL);
        assert_true(!type->check || type->check(&req, settings) == API_OK);
        writer_value(&writer, settings);
        assert_string_equal(buf_text(&out), cases[i].made);
    }
    assert_null(user_type_find("strings"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_registry_is_read_in_order),
        cmocka_unit_test(a_field_has_its_names_and_flags),
        cmocka_unit_test(values_are_taken_and_written_in_both_dialects),
        cmocka_unit_test(an_added_row_has_the_fallback),
        cmocka_unit_test(settings_have_defaults_and_keep_what_stands),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

/* The names of fields in the item dialect: "Field Naming Conventions" of the page on crm.item.*. */
#include "model/dialect.h"
#include "support.h"

static void camel(void **state)
{
    static const char *const pairs[][2] = {
        {"ID", "id"},
        {"TITLE", "title"},
        {"ASSIGNED_BY_ID", "assignedById"},
        {"UTM_SOURCE", "utmSource"},
        {"MYCOMPANY_ID", "mycompanyId"},
        {"PARENT_ID_128", "parentId128"},
        {"ADDRESS_2", "address2"},
        {"UF_LOGO", "ufLogo"},
        /* The table of the page. */
        {"UF_CRM_3_DIGIT", "ufCrm3Digit"},
        {"UF_CRM_3_1747309727", "ufCrm3_1747309727"},
        {"UF_CRM_3_DIGIT10", "ufCrm_3_DIGIT10"},
        {"UF_CRM_3_DIGIT_10", "ufCrm_3_DIGIT_10"},
        {"UF_CRM_1747309879", "ufCrm_1747309879"},
        {"UF_CRM_MY_FIELD", "ufCrmMyField"},
        {"UF_CRM_10_MY_FIELD", "ufCrm10MyField"},
        {"UF_CRM_2026_01_15", "ufCrm2026_01_15"},
        {"UF_CRM_CODE_2", "ufCrm_CODE_2"},
        {"UF_CRM_2_", "ufCrm_2_"},
        {"UF_CRM_", "ufCrm"},
    };
    char name[64];
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        name_to_camel(pairs[i][0], name);
        assert_string_equal(name, pairs[i][1]);
    }
}

static const struct field fields[] = {
    {.name = "ID", .type = "integer", .title = "ID"},
    {.name = "DATE_CREATE", .type = "datetime", .title = "Created", .item_name = "CREATED_TIME"},
    {.name = "ADDRESS", .type = "string", .title = "Address", .flags = FIELD_CLASSIC_ONLY},
    {.name = "UF_CRM_MYFIELD", .type = "string", .title = "Own"},
    {.name = "UF_CRM_MY_FIELD", .type = "string", .title = "Own"},
    {.name = "UF_CRM_MYF_IELD", .type = "string", .title = "Own"},
    {.name = "UF_CRM_17", .type = "string", .title = "Own"},
};

static const struct field *called(const struct names *names, const char *name, const char *upper)
{
    const struct field *field = names_find(names, name);
    if (!upper)
        assert_null(field);
    else
        assert_string_equal(field ? field->name : "none", upper);
    return field;
}

static void of_an_entity(void **state)
{
    static struct names_slot slot;
    static const struct entity entity = {
        .fields = fields, .field_count = sizeof fields / sizeof fields[0], .names = &slot};
    struct request req = {0};
    (void)state;
    const struct names *names = names_of(&req, &entity);
    assert_ptr_equal(names, names_of(&req, &entity));
    called(names, "id", "ID");
    called(names, "createdTime", "DATE_CREATE");
    called(names, "ID", "ID");
    called(names, "CREATED_TIME", "DATE_CREATE");
    called(names, "DATE_CREATE", NULL);
    called(names, "Id", NULL);
    called(names, "dateCreate", NULL);
    called(names, "address", NULL);
    assert_null(names_key(names, 2));
    /* Whose camelCase another field has is told as it is. */
    called(names, "ufCrmMyfield", "UF_CRM_MYFIELD");
    called(names, "ufCrmMyField", "UF_CRM_MY_FIELD");
    called(names, "ufCrmMyfIeld", "UF_CRM_MYF_IELD");
    assert_string_equal(names_key(names, 6), "ufCrm_17");
    called(names, "ufCrm_17", "UF_CRM_17");
    called(names, "UF_CRM_17", "UF_CRM_17");
    called(names, "ufCrm_MY_FIELD", "UF_CRM_MY_FIELD");
    called(names, "UF_CRM_MY_FIELD", "UF_CRM_MY_FIELD");
    called(names, "UF_CRM_18", NULL);
    called(names, "ufCrm_", NULL);
    names_free(entity.names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(camel), cmocka_unit_test(of_an_entity)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The tables of src/method: every entry is whole, and every name is found. */
#include "support.h"

#include <ctype.h>
#include <jansson.h>

#include "base/format.h"
#include "model/registry.h"
#include "model/schema.h"
#include "portal/known.h"
#include "portal/scope.h"

typedef void visit(const struct method *method);

static int each(visit *visit_one)
{
    for (const struct module *const *module = modules; *module; module++)
        assert_true((*module)->method_count || (*module)->crud);
    for (size_t i = 0; i < method_count(); i++)
        visit_one(method_at(i));
    return (int)method_count();
}

/* One line of text that says something. */
static bool is_line(const char *text)
{
    size_t len = text ? strlen(text) : 0;
    return len > 2 && !strpbrk(text, "\r\n\t") && text[0] != ' ' && text[len - 1] != ' ';
}

static void check_text(const struct method *method)
{
    if (!method->name || !*method->name)
        fail_msg("a method has no name");
    if (strspn(method->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._") !=
        strlen(method->name))
        fail_msg("%s: strange letters", method->name);
    if (!is_line(method->summary) || !isupper((unsigned char)method->summary[0]))
        fail_msg("%s: the summary is no line", method->name);
    if (method->summary[strlen(method->summary) - 1] != '.')
        fail_msg("%s: the summary has no dot at its end", method->name);
    if (!method->page)
        return; /* one that no page has: check_documented */
    if (!is_line(method->page) || !strchr(method->page, '/') ||
        strspn(method->page, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/") !=
            strlen(method->page))
        fail_msg("%s: the page %s is none", method->name, method->page);
}

static void texts_are_whole(void **state)
{
    (void)state;
    assert_true(each(check_text) > 50);
}

/* "crm" or "user|user_basic": each can be given to a webhook. */
static void check_scope(const struct method *method)
{
    char list[80], bad[80];
    snprintf(list, sizeof list, "%s", method->scope);
    assert_true(strlen(method->scope) < sizeof list);
    assert_null(strchr(list, ','));
    for (char *c = list; *c; c++)
        *c = *c == '|' ? ',' : *c;
    if (!scope_valid(list, bad, sizeof bad))
        fail_msg("%s: no webhook can have the scope %s", method->name, bad);
}

static void check_rules(const struct method *method)
{
    if (method->scope)
        check_scope(method);
    if (!method->handle && strcmp(method->name, "batch") != 0)
        fail_msg("%s: nobody handles it", method->name);
    if (method->lane != LANE_READ && method->lane != LANE_WRITE)
        fail_msg("%s: no lane", method->name);
    if (method->result > SHAPE_EMPTY)
        fail_msg("%s: no shape", method->name);
}

static void rules_are_known(void **state)
{
    (void)state;
    each(check_rules);
}

static void check_one(const struct method *method, const struct param *p)
{
    if (p->type > PARAM_ORDER || !p->name)
        fail_msg("%s: something without type or name", method->name);
    if (p->one_of && (!p->one_of[0] || p->one_of[strlen(p->one_of) - 1] == '|'))
        fail_msg("%s: %s is one of nothing", method->name, p->name);
    if (p->keys && p->type != PARAM_ARRAY && p->type != PARAM_LIST)
        fail_msg("%s: %s has keys and is no array", method->name, p->name);
    if (p->bind && p->bind > method->args_size)
        fail_msg("%s: %s is bound behind its struct", method->name, p->name);
}

/* A table that ends where it should, in which nothing stands twice: what is taken is read in any case. */
static void check_table(const struct method *method, const struct param *table,
                        int (*compare)(const char *, const char *))
{
    const struct param *p = table;
    for (; p && p->type != PARAM_END; p++) {
        assert_true(p - table < 500);
        check_one(method, p);
        check_table(method, p->keys, compare);
        for (const struct param *q = table; q < p; q++) {
            if (!compare(q->name, p->name))
                fail_msg("%s: %s stands twice", method->name, p->name);
        }
    }
    if (p && p->name)
        fail_msg("%s: the end of a table has a name", method->name);
}

static void check_params(const struct method *method)
{
    check_table(method, method->params, strcasecmp);
    check_table(method, method->gives, strcmp);
    for (const struct param *p = method->params; p && p->type != PARAM_END; p++) {
        if (!*p->name || !is_line(p->summary))
            fail_msg("%s: %s has no name or no summary", method->name, p->name);
    }
}

static void parameters_are_well_formed(void **state)
{
    (void)state;
    each(check_params);
}

static void check_found(const struct method *method)
{
    char upper[128], lower[128], mixed[128];
    size_t len = strlen(method->name);
    assert_true(len + 2 < sizeof upper);
    for (size_t i = 0; i <= len; i++) {
        upper[i] = (char)toupper((unsigned char)method->name[i]);
        lower[i] = (char)tolower((unsigned char)method->name[i]);
        mixed[i] = i % 2 ? upper[i] : lower[i];
    }
    assert_ptr_equal(method_find(method->name, len), method);
    assert_ptr_equal(method_find(upper, len), method);
    assert_ptr_equal(method_find(lower, len), method);
    assert_ptr_equal(method_find(mixed, len), method);
    /* The length counts, not a NUL: a name is a part of an address. */
    upper[len] = '/';
    assert_ptr_equal(method_find(upper, len), method);
    assert_null(method_find(upper, len + 1));
    lower[len - 1] = '~';
    assert_null(method_find(lower, len));
}

static void names_are_found_in_any_case(void **state)
{
    (void)state;
    each(check_found);
    assert_null(method_find("", 0));
    assert_null(method_find("crm", 3));
    assert_null(method_find("crm.activity.get ", 17));
    assert_null(method_find("crm.activity.get;--", 19));
}

static void a_scope_is_a_whole_word(void **state)
{
    (void)state;
    struct method method = {.name = "x", .scope = "user"};
    struct caller caller = {.scopes = "crm,user_basic"};
    assert_false(method_in_scope(&method, &caller));
    caller.scopes = "crm,user";
    assert_true(method_in_scope(&method, &caller));
    method.scope = "us";
    assert_false(method_in_scope(&method, &caller));
    method.scope = "task|user";
    assert_true(method_in_scope(&method, &caller));
    method.scope = "task|us";
    assert_false(method_in_scope(&method, &caller));
    method.scope = NULL;
    assert_true(method_in_scope(&method, &caller));
}

static void the_most_used_methods_are_there(void **state)
{
    (void)state;
    static const char *const verbs[] = {"add", "get", "list", "update", "delete", "fields"};
    static const char *const kinds[] = {"activity", "lead", "deal", "contact", "company"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (size_t j = 0; j < sizeof verbs / sizeof verbs[0]; j++) {
            char name[64];
            size_t len = format_text(name, sizeof name, "crm.%s.%s", kinds[i], verbs[j]);
            const struct method *method = method_find(name, len);
            assert_non_null(method);
            bool writes = j == 0 || j == 3 || j == 4;
            assert_int_equal(method->lane, writes ? LANE_WRITE : LANE_READ);
            assert_string_equal(method->scope, "crm");
        }
    }
}

/* ---- data/methods.tsv ---- */

/* As a set: the order of alternatives says nothing. */
static bool same_scopes(const char *method_scope, const char *known_scope)
{
    size_t len;
    if (strlen(method_scope) != strlen(known_scope))
        return false;
    for (const char *at = method_scope; *at; at += len + (at[len] == '|')) {
        len = strcspn(at, "|");
        if (!scope_listed_n(known_scope, '|', at, len))
            return false;
    }
    return true;
}

/* What the documentation says of a method is said here and there: the same. */
static void check_documented(const struct method *method)
{
    const struct known_method *known = known_find(method->name, strlen(method->name));
    if (!strcmp(method->name, "event.test"))
        return; /* named on a page about events, without one of its own */
    if (!known && !method->page)
        return; /* of an entity that this portal alone has */
    if (!known || !method->page)
        fail_msg("%s: no documented method, or without its page", method->name);
    if (strcmp(known->name, method->name) != 0)
        fail_msg("%s: the documentation writes %s", method->name, known->name);
    if (strcmp(known->page, method->page) != 0)
        fail_msg("%s: its page is %s", method->name, known->page);
    if (!same_scopes(method->scope ? method->scope : "", known->scope))
        fail_msg("%s: its scope is %s", method->name, known->scope);
}

static void methods_are_documented(void **state)
{
    (void)state;
    assert_true(each(check_documented) > 50);
}

static void every_documented_name_is_known(void **state)
{
    (void)state;
    assert_int_equal(known_method_count, 1665);
    for (size_t i = 0; i < known_method_count; i++) {
        const struct known_method *known = &known_methods[i];
        size_t len = strlen(known->name);
        char upper[80];
        assert_true(len && len < sizeof upper && is_line(known->page));
        if (i)
            assert_true(strcasecmp(known_methods[i - 1].name, known->name) < 0);
        for (size_t c = 0; c <= len; c++)
            upper[c] = (char)toupper((unsigned char)known->name[c]);
        assert_ptr_equal(known_find(known->name, len), known);
        assert_ptr_equal(known_find(upper, len), known);
        assert_ptr_not_equal(known_find(known->name, len - 1), known);
    }
    assert_null(known_find("", 0));
    assert_null(known_find("a", 1));
    assert_null(known_find("zzz", 3));
    assert_null(known_find("crm.lead.gets", 13));
}

/* ---- data/texts.tsv ---- */

/* Each names a method that is there; no page says the same thing in two ways. */
static void texts_of_pages_are_whole(void **state)
{
    (void)state;
    assert_true(known_text_count > 150);
    for (size_t i = 0; i < known_text_count; i++) {
        const struct known_text *known = &known_texts[i];
        if (!method_find(known->method, strlen(known->method)))
            fail_msg("%s is no method", known->method);
        assert_true(known->text[0] && known->status >= 400 && known->status < 500);
        const char *found = known_text_find(known->method, known->text);
        if (!known->code[0] && (!found || strcmp(found, known->text) != 0))
            fail_msg("%s: %s and %s", known->method, known->text, found ? found : "nothing");
    }
}

static void a_text_is_found_by_its_words(void **state)
{
    (void)state;
    static const struct {
        const char *method, *text, *found;
    } cases[] = {
        {"crm.deal.get", "Access denied.", "Access denied"},
        {"crm.deal.get", "Access denied", "Access denied"},
        {"crm.lead.add", "Access denied", "Access denied."},
        {"crm.lead.add", "Access denied.", "Access denied."},
        {"crm.company.update", "Parameter 'fields' must be array.",
         "Parameter 'fields' must be an array"},
        {"crm.contact.update", "Parameter 'fields' must be an array.",
         "Parameter 'fields' must be array"},
        {"crm.deal.get", "Access denied..", NULL},
        {"crm.deal.get", "Access denie", NULL},
        {"crm.deal.get", "Access denied!", NULL},
        {"crm.deal.get", "", NULL},
        {"crm.deal.get", ".", NULL},
        {"crm.no.such", "Access denied", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *found = known_text_find(cases[i].method, cases[i].text);
        if (cases[i].found)
            assert_string_equal(found, cases[i].found);
        else
            assert_null(found);
    }
}

static int untold;

/* ["object", "array"]: both may be. */
static bool holds_any(const json_t *types)
{
    int found = 0;
    for (size_t i = 0; i < json_array_size(types); i++) {
        const char *name = json_string_value(json_array_get(types, i));
        found += !strcmp(name, "object") || !strcmp(name, "array");
    }
    return found == 2;
}

/* Of what is taken and given each value is told, however deep: what may be anything says why. */
static void check_told(const struct method *method, const json_t *schema, const char *path)
{
    char deeper[400];
    const char *key;
    json_t *one;
    size_t i;
    const json_t *type = json_object_get(schema, "type");
    const char *name = json_string_value(type);
    /* Words are enough for any JSON, not for what an object or a list holds. */
    bool any = !type || (json_is_array(type) && json_array_size(type) > 1 && holds_any(type));
    bool said = json_object_get(schema, "enum") || json_object_get(schema, "anyOf") ||
                json_object_get(schema, "$ref") || (any && json_object_get(schema, "description"));
    bool holds = json_object_get(schema, "properties") || json_object_get(schema, "items") ||
                 json_object_get(schema, "maxItems") ||
                 json_is_object(json_object_get(schema, "additionalProperties"));
    bool scalar = name && strcmp(name, "object") != 0 && strcmp(name, "array") != 0;
    for (i = 0; json_is_array(type) && i < json_array_size(type); i++) {
        const char *part = json_string_value(json_array_get(type, i));
        scalar = (i == 0 || scalar) && strcmp(part, "object") != 0 && strcmp(part, "array") != 0;
    }
    if (!said && !holds && !scalar)
        print_message("%s: nothing says what %s is (.gives, .keys)\n", method->name,
                      *path ? path : "the whole"),
            untold++;
    json_object_foreach(json_object_get(schema, "properties"), key, one)
    {
        snprintf(deeper, sizeof deeper, "%s.%s", path, key);
        check_told(method, one, deeper);
    }
    snprintf(deeper, sizeof deeper, "%s[]", path);
    if (json_is_object(json_object_get(schema, "items")))
        check_told(method, json_object_get(schema, "items"), deeper);
    if (json_is_object(json_object_get(schema, "additionalProperties")))
        check_told(method, json_object_get(schema, "additionalProperties"), deeper);
}

/* What stands once and is pointed at, from whichever method. */
static struct schema_parts told_parts;

static void check_schema(const struct method *method, struct buf *text)
{
    json_t *schema = json_loads(buf_text(text), 0, NULL);
    assert_non_null(schema);
    check_told(method, schema, "");
    json_decref(schema);
    buf_clear(text);
}

static void check_given(const struct method *method)
{
    struct buf text = {0};
    struct writer out;
    writer_init(&out, &text);
    schema_result_by(&out, method, &told_parts);
    check_schema(method, &text);
    writer_init(&out, &text);
    schema_result(&out, method);
    check_schema(method, &text);
}

static void check_taken(const struct method *method)
{
    struct buf text = {0};
    struct writer out;
    writer_init(&out, &text);
    schema_params_by(&out, method, &told_parts);
    check_schema(method, &text);
}

/* The rows themselves, and items as crm.item.* has them. */
static void check_parts(void)
{
    static const struct method rows = {.name = "a row"}, item = {.name = "an item"};
    struct buf text = {0};
    struct writer out;
    writer_init(&out, &text);
    writer_begin_object(&out);
    writer_keyz(&out, "properties");
    writer_begin_object(&out);
    schema_parts_write(&out, &told_parts);
    writer_end_object(&out);
    writer_end_object(&out);
    check_schema(&rows, &text);
    for (const struct entity *const *e = entity_all(NULL); *e; e++) {
        if (!(*e)->names)
            continue;
        writer_init(&out, &text);
        schema_item(&out, NULL, *e);
        check_schema(&item, &text);
    }
}

static void every_answer_is_told(void **state)
{
    (void)state;
    assert_true(each(check_given) > 300);
    check_parts();
    schema_parts_clear(&told_parts);
    assert_int_equal(untold, 0);
}

static void every_parameter_is_told(void **state)
{
    (void)state;
    assert_true(each(check_taken) > 300);
    check_parts();
    schema_parts_clear(&told_parts);
    assert_int_equal(untold, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_whole),
        cmocka_unit_test(rules_are_known),
        cmocka_unit_test(methods_are_documented),
        cmocka_unit_test(every_documented_name_is_known),
        cmocka_unit_test(texts_of_pages_are_whole),
        cmocka_unit_test(a_text_is_found_by_its_words),
        cmocka_unit_test(parameters_are_well_formed),
        cmocka_unit_test(every_answer_is_told),
        cmocka_unit_test(every_parameter_is_told),
        cmocka_unit_test(names_are_found_in_any_case),
        cmocka_unit_test(a_scope_is_a_whole_word),
        cmocka_unit_test(the_most_used_methods_are_there),
    };
    portal_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "app/reference.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "model/crud.h"
#include "model/schema.h"
#include "portal/known.h"

/* ---- what a method's page says of errors ---- */

/* Some errors have no scenario, and yet are answered: a second call's, for one. */
static bool is_answered(const struct known_text *known)
{
    return !known->unseen[0] || strstr(known->unseen, "second call") ||
           strstr(known->unseen, "scenarios of");
}

static bool is_error_of(const struct known_text *known, const struct method *method)
{
    return !strcmp(known->method, method->name) && is_answered(known);
}

/* ---- JSON ---- */

static void write_errors(struct writer *out, const struct method *method)
{
    writer_keyz(out, "errors");
    writer_begin_list(out);
    for (size_t i = 0; i < known_text_count; i++) {
        const struct known_text *known = &known_texts[i];
        if (!is_error_of(known, method))
            continue;
        writer_begin_object(out);
        writer_number(out, "status", known->status);
        writer_text(out, "code", known->code);
        writer_text(out, "text", known->text);
        writer_end_object(out);
    }
    writer_end_list(out);
}

void reference_json(struct writer *out, const struct method *method)
{
    writer_begin_object(out);
    writer_text(out, "name", method->name);
    writer_text(out, "summary", method->summary);
    writer_keyz(out, "scope");
    method->scope ? writer_stringz(out, method->scope) : writer_null(out);
    writer_keyz(out, "writes");
    writer_bool(out, method->lane == LANE_WRITE);
    writer_keyz(out, "implemented");
    writer_bool(out, true);
    writer_text(out, "page", method->page ? method->page : "");
    writer_keyz(out, "params");
    schema_params(out, method);
    writer_keyz(out, "result");
    schema_result(out, method);
    write_errors(out, method);
    writer_end_object(out);
}

/* ---- Markdown ---- */

static const char *text_of(const struct value *schema, const char *key)
{
    const struct value *value = value_get(schema, key);
    return value && value->type == VALUE_STRING ? value->string.text : NULL;
}

/* "integer or null", "`a`, `b`", "flag", "list of objects". */
static void add_type(struct buf *out, const struct value *schema)
{
    const struct value *choice = value_get(schema, "enum"), *type = value_get(schema, "type");
    const struct value *items = value_get(schema, "items");
    if (value_is_array(choice)) {
        for (size_t i = 0; i < choice->array.count; i++) {
            const struct value *one = choice->array.items[i].value;
            if (one->type == VALUE_STRING)
                buf_printf(out, "%s`%s`", i ? ", " : "", one->string.text);
            else
                buf_printf(out, "%snull", i ? " or " : "");
        }
        return;
    }
    if (!type)
        buf_adds(out, "any");
    else if (type->type == VALUE_STRING)
        buf_adds(out, !strcmp(type->string.text, "array") ? "list" : type->string.text);
    for (size_t i = 0; value_is_array(type) && i < type->array.count; i++) {
        const char *one = type->array.items[i].value->string.text;
        buf_printf(out, "%s%s", i ? " or " : "", !strcmp(one, "array") ? "list" : one);
    }
    if (value_is_array(items) && text_of(items, "type") && !value_is_array(type))
        buf_printf(out, " of %ss", text_of(items, "type"));
}

static void print_cell(const char *text)
{
    for (; text && *text; text++)
        printf(*text == '|' ? "\\|" : "%c", *text);
}

static bool is_required(const struct value *schema, const char *name)
{
    const struct value *required = value_get(schema, "required");
    for (size_t i = 0; value_is_array(required) && i < required->array.count; i++) {
        if (!strcmp(required->array.items[i].value->string.text, name))
            return true;
    }
    return false;
}

/* What is in an object, or in each item of a list, as rows "filter.NAME", "items[].id". The fields of an entity are
 * a table of their own. */
static void print_rows(const struct value *schema, const char *prefix)
{
    const struct value *items = value_get(schema, "items");
    const struct value *properties = value_get(schema, "properties");
    struct buf name = {0}, type = {0};
    if (items) {
        buf_printf(&name, "%s[]", prefix);
        print_rows(items, buf_text(&name));
    }
    for (size_t i = 0; value_is_array(properties) && i < properties->array.count; i++) {
        const char *key = properties->array.items[i].key;
        const struct value *one = properties->array.items[i].value;
        if (text_of(schema, "title"))
            break;
        name.len = type.len = 0;
        buf_printf(&name, "%s%s%s", prefix, *prefix ? "." : "", key);
        if (text_of(one, "title"))
            buf_printf(&type, "fields of %s", text_of(one, "title"));
        else
            add_type(&type, one);
        printf("| `%s` | %s | %s | ", buf_text(&name), buf_text(&type),
               is_required(schema, key) ? "yes" : "no");
        print_cell(text_of(one, "description"));
        printf(" |\n");
        print_rows(one, buf_text(&name));
    }
    buf_clear(&name);
    buf_clear(&type);
}

static bool has_rows(const struct value *schema)
{
    const struct value *properties = value_get(schema, "properties");
    const struct value *items = value_get(schema, "items");
    if (text_of(schema, "title"))
        return false;
    return (value_is_array(properties) && properties->array.count) || (items && has_rows(items));
}

static struct value *read_schema(struct arena *arena, const struct method *method,
                                 void write(struct writer *out, const struct method *method))
{
    struct buf text = {0};
    struct writer out;
    writer_init(&out, &text);
    write(&out, method);
    struct value *schema = json_parse_own(arena, text.data, text.len);
    buf_clear(&text);
    return schema;
}

static void print_result(const struct value *schema)
{
    const struct value *items = value_get(schema, "items");
    const struct value *row = items ? items : schema;
    struct buf type = {0};
    add_type(&type, schema);
    printf("Result: %s%s%s.\n", buf_text(&type), text_of(row, "title") ? " with fields of " : "",
           text_of(row, "title") ? text_of(row, "title") : "");
    buf_clear(&type);
}

/* Behind the method that tells of them. */
static void print_fields(const struct entity *entity)
{
    printf("\n| field | type | says |\n|---|---|---|\n");
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (field->flags & FIELD_HIDDEN)
            continue;
        bool read_only = field->flags & FIELD_READ_ONLY && !(field->flags & FIELD_TAKEN);
        printf("| `%s` | %s%s%s%s | ", field->name, field->type,
               field->flags & FIELD_MULTIPLE ? ", several" : "", read_only ? ", read-only" : "",
               !read_only && field->flags & FIELD_IMMUTABLE ? ", on add only" : "");
        print_cell(field->title);
        printf(" |\n");
    }
}

static void print_errors(const struct method *method)
{
    bool any = false;
    for (size_t i = 0; i < known_text_count; i++) {
        const struct known_text *known = &known_texts[i];
        if (!is_error_of(known, method))
            continue;
        if (!any)
            printf("\n| error | status | text |\n|---|---|---|\n");
        any = true;
        printf(known->code[0] ? "| `%s` | %d | " : "| %s(empty) | %d | ", known->code,
               known->status);
        print_cell(known->text);
        printf(" |\n");
    }
}

void reference_markdown(const struct method *method)
{
    struct arena arena;
    size_t len = strlen(method->summary);
    arena_init(&arena);
    const struct value *params = read_schema(&arena, method, schema_params);
    const struct value *result = read_schema(&arena, method, schema_result);
    len -= len && method->summary[len - 1] == '.';
    printf("\n### %s\n\n%.*s. Scope: %s. %s. ", method->name, (int)len, method->summary,
           method->scope ? method->scope : "none needed",
           method->lane == LANE_WRITE ? "Writes" : "Reads");
    print_result(result);
    if (method->page)
        printf("Documentation page: `%s`\n", method->page);
    if (has_rows(params)) {
        printf("\n| parameter | type | required | what it says |\n|---|---|---|---|\n");
        print_rows(params, "");
    }
    if (has_rows(result) && !(method->crud && method->params == NULL)) {
        printf("\n| in the result | type | always | what it says |\n|---|---|---|---|\n");
        print_rows(result, "");
    }
    if (method->crud && !method->params)
        print_fields(method->crud->entity);
    print_errors(method);
    arena_clear(&arena);
}

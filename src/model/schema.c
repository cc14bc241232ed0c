#include "model/schema.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "model/catalog.h"
#include "model/crud.h"
#include "model/dialect.h"
#include "model/registry.h"
#include "model/relation.h"
#include "model/type/several.h"
#include "people/access.h"

/* Half of a method: what it takes, or what it gives. */
struct half {
    struct writer *out;
    const struct method *method;
    bool open;                  /* keys that are not described do no harm */
    struct schema_parts *parts; /* NULL: rows stand where they are */
};

static void write_value(const struct half *half, const struct param *p);

/* ---- entities ---- */

/* Keys of what a portal adds by itself. */
static void write_own(struct writer *out, const struct entity *entity)
{
    const char *prefix = entity->select_prefix;
    struct buf pattern = {0};
    buf_adds(&pattern, "^(UF_|PARENT_ID_");
    if (prefix)
        buf_printf(&pattern, "|%.*s", (int)strlen(prefix) - 1, prefix);
    buf_addc(&pattern, ')');
    writer_begin_object(out);
    writer_keyz(out, buf_text(&pattern));
    writer_raw(out, "{}", 2);
    writer_end_object(out);
    buf_clear(&pattern);
}

/* Of a scalar that is made of other columns its `type` is enough: those that show it so do it as a column does. */
static const struct field_type *scalar_of(const char *type)
{
    static const struct {
        const char *type;
        const struct field_type *kind;
    } scalars[] = {{"string", FIELD_TEXT},       {"int", FIELD_INT},
                   {"integer", FIELD_INT},       {"double", FIELD_DOUBLE},
                   {"crm_currency", FIELD_TEXT}, {"crm_entity", FIELD_INT}};
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
        if (!strcmp(scalars[i].type, type))
            return scalars[i].kind;
    }
    return FIELD_VIRTUAL;
}

static const char *value_schema(const struct field *field, bool item)
{
    const struct relation_kind *kind = field->relation ? field->relation->kind : NULL;
    if (field->kind != FIELD_VIRTUAL)
        return item ? field->kind->item.schema : field->kind->classic.schema;
    if (kind && kind->schema)
        return item && kind->item_schema ? kind->item_schema : kind->schema;
    const struct field_type *scalar = scalar_of(field->type);
    return item ? scalar->item.schema : scalar->classic.schema;
}

static const char *taken_schema(const struct field *field)
{
    const struct relation_kind *kind = field->relation ? field->relation->kind : NULL;
    return kind && kind->takes ? kind->takes : value_schema(field, true);
}

/* {"title":"Sum","type":...}: `schema` is an object's text. */
static void write_titled(struct writer *out, const char *title, const char *schema)
{
    bool bare = !schema || !strcmp(schema, "{}");
    writer_begin_object(out);
    writer_text(out, "title", title);
    if (!bare) {
        buf_addc(out->buf, ',');
        buf_add(out->buf, schema + 1, strlen(schema) - 2);
    }
    writer_end_object(out);
}

/* A custom field with several values: a list of those it would have alone. */
static void write_told(struct writer *out, const struct field *field, const char *schema, bool item)
{
    if (field->kind != &type_several) {
        write_titled(out, field->title, schema);
        return;
    }
    const struct field one = several_one(field);
    writer_begin_object(out);
    writer_text(out, "title", field->title);
    writer_text(out, "type", "array");
    writer_keyz(out, "items");
    const char *each = value_schema(&one, item);
    writer_raw(out, each, strlen(each));
    writer_end_object(out);
}

static void write_row(struct writer *out, const struct entity *entity, const char *summary)
{
    writer_begin_object(out);
    writer_text(out, "title", entity->name);
    if (summary)
        writer_text(out, "description", summary);
    writer_text(out, "type", "object");
    writer_keyz(out, "properties");
    writer_begin_object(out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (field->flags & (FIELD_NOT_LISTED | FIELD_ITEM_ONLY))
            continue;
        writer_keyz(out, field->name);
        write_told(out, field, value_schema(field, false), false);
    }
    writer_end_object(out);
    writer_keyz(out, "patternProperties");
    write_own(out, entity);
    writer_keyz(out, "additionalProperties");
    writer_bool(out, false);
    writer_end_object(out);
}

/* Names that it has not are for --unknown-fields to judge, and so are read-only ones. */
static void write_fields(struct writer *out, const struct entity *entity, bool of_new,
                         const char *summary)
{
    writer_begin_object(out);
    writer_text(out, "title", entity->name);
    if (summary)
        writer_text(out, "description", summary);
    writer_text(out, "type", "object");
    writer_keyz(out, "properties");
    writer_begin_object(out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        bool taken = !(field->flags & FIELD_READ_ONLY) || field->flags & FIELD_TAKEN;
        if (!taken || (!of_new && field->flags & FIELD_IMMUTABLE) || field->flags & FIELD_ITEM_ONLY)
            continue;
        writer_keyz(out, field->name);
        write_told(out, field, taken_schema(field), true);
    }
    writer_end_object(out);
    writer_end_object(out);
}

void schema_row(struct writer *out, const struct entity *entity)
{
    write_row(out, entity, NULL);
}

void schema_fields(struct writer *out, const struct entity *entity, bool of_new)
{
    write_fields(out, entity, of_new, NULL);
}

/* ---- parameters, and parts of results ---- */

static const char *type_name(const struct param *p)
{
    static const char *const names[] = {
        [PARAM_INT] = "integer",     [PARAM_NUMBER] = "number", [PARAM_STRING] = "string",
        [PARAM_DATETIME] = "string", [PARAM_FLAG] = "string",   [PARAM_BOOL] = "boolean",
        [PARAM_ARRAY] = "object",    [PARAM_LIST] = "array",    [PARAM_ANY] = NULL,
        [PARAM_FIELDS] = "object",   [PARAM_ROW] = "object",    [PARAM_SELECT] = "array",
        [PARAM_ITEM] = "object",     [PARAM_NULL] = "null",     [PARAM_FILTER] = "object",
        [PARAM_ORDER] = "object",
    };
    return names[p->type];
}

static void write_type(struct writer *out, const struct param *p)
{
    const char *name = type_name(p);
    bool array = p->type == PARAM_ARRAY && !p->keys; /* nobody says which */
    bool text = p->type == PARAM_SELECT;             /* one name may stand for itself */
    if (!name)
        return;
    writer_keyz(out, "type");
    if (!array && !text && !p->null) {
        writer_stringz(out, name);
        return;
    }
    writer_begin_list(out);
    writer_stringz(out, name);
    if (array)
        writer_stringz(out, "array");
    if (text)
        writer_stringz(out, "string");
    if (p->null)
        writer_stringz(out, "null");
    writer_end_list(out);
}

static void write_choice(struct writer *out, const struct param *p, const char *choice)
{
    writer_keyz(out, "enum");
    writer_begin_list(out);
    for (const char *at = choice; *at;) {
        size_t len = strcspn(at, "|");
        if (p->type == PARAM_INT || p->type == PARAM_NUMBER)
            writer_raw(out, at, len);
        else
            writer_string(out, at, len);
        at += len + (at[len] == '|');
    }
    if (p->null)
        writer_null(out);
    writer_end_list(out);
}

static bool is_key(const struct param *p)
{
    return p->name[0] && strcmp(p->name, "*") != 0;
}

static void write_required(struct writer *out, const struct param *keys)
{
    bool any = false;
    for (const struct param *p = keys; p && p->type != PARAM_END; p++) {
        if (!p->required || !is_key(p))
            continue;
        if (!any) {
            writer_keyz(out, "required");
            writer_begin_list(out);
        }
        any = true;
        writer_stringz(out, p->name);
    }
    if (any)
        writer_end_list(out);
}

static void write_keys(const struct half *half, const struct param *keys)
{
    struct writer *out = half->out;
    const struct param *other = NULL;
    writer_keyz(out, "properties");
    writer_begin_object(out);
    for (const struct param *p = keys; p && p->type != PARAM_END; p++) {
        if (!is_key(p)) {
            other = p;
            continue;
        }
        writer_keyz(out, p->name);
        write_value(half, p);
    }
    writer_end_object(out);
    write_required(out, keys);
    if (other || !half->open)
        writer_keyz(out, "additionalProperties");
    if (other)
        write_value(half, other);
    else if (!half->open)
        writer_bool(out, false);
}

/* {"": ...} says what the thing itself is. */
static bool is_whole(const struct param *keys)
{
    return keys && keys->type != PARAM_END && !keys->name[0];
}

static void write_items(const struct half *half, const struct param *keys)
{
    if (!keys)
        return;
    writer_keyz(half->out, "items");
    if (is_whole(keys)) {
        write_value(half, keys);
        return;
    }
    writer_begin_object(half->out);
    writer_text(half->out, "type", "object");
    write_keys(half, keys);
    writer_end_object(half->out);
}

/* ---- rows and fields that stand once ---- */

enum part { PART_ROW, PART_NEW, PART_CHANGE };

struct schema_part {
    const struct entity *entity;
    enum part part;
};

/* "product property" -> "ProductPropertyRow" */
static void part_name(struct buf *name, const struct schema_part *part)
{
    static const char *const ends[] = {"Row", "New", "Change"};
    bool first = true;
    for (const char *c = part->entity->name; *c; c++) {
        if (isalnum((unsigned char)*c))
            buf_addc(name, (char)(first ? toupper((unsigned char)*c) : *c));
        first = !isalnum((unsigned char)*c);
    }
    buf_adds(name, ends[part->part]);
}

static void remember(struct schema_parts *parts, const struct schema_part *part)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->list[i].entity == part->entity && parts->list[i].part == part->part)
            return;
    }
    if (parts->count == parts->room) {
        parts->room = parts->room ? 2 * parts->room : 64;
        parts->list = xrealloc(parts->list, parts->room * sizeof *parts->list);
    }
    parts->list[parts->count++] = *part;
}

static void write_reference(const struct half *half, const struct entity *entity,
                            const struct param *p)
{
    const struct schema_part part = {entity, p->type == PARAM_ROW ? PART_ROW
                                             : p->of_new          ? PART_NEW
                                                                  : PART_CHANGE};
    struct buf name = {0};
    remember(half->parts, &part);
    buf_adds(&name, "#/components/schemas/");
    part_name(&name, &part);
    writer_begin_object(half->out);
    writer_text(half->out, "$ref", buf_text(&name));
    if (p->summary)
        writer_text(half->out, "description", p->summary);
    writer_end_object(half->out);
    buf_clear(&name);
}

struct request *schema_own(struct request *req, const struct entity *entity)
{
    bool may = req && (!req->caller || !entity->type_id ||
                       access_any(req->caller, entity->type_id, ACCESS_READ));
    return may ? req : NULL;
}

const struct entity *schema_told(struct request *req, const struct entity *entity)
{
    return schema_own(req, entity) ? entity : entity_of_type(NULL, entity->type_id);
}

void schema_parts_write(struct writer *out, const struct schema_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct schema_part *part = &parts->list[i];
        struct request *req = schema_own(parts->req, part->entity);
        const struct entity *entity = req ? catalog_entity(req, part->entity) : part->entity;
        struct buf name = {0};
        part_name(&name, part);
        writer_keyz(out, buf_text(&name));
        buf_clear(&name);
        if (part->part == PART_ROW)
            write_row(out, entity, NULL);
        else
            write_fields(out, entity, part->part == PART_NEW, NULL);
    }
}

void schema_parts_clear(struct schema_parts *parts)
{
    free(parts->list);
    parts->list = NULL;
    parts->count = parts->room = 0;
}

/* taken: what a change may be given. */
static void write_item_row(struct writer *out, struct request *req, const struct entity *entity,
                           bool taken, const char *summary)
{
    const unsigned takes = FIELD_TAKEN | FIELD_ITEM_TAKEN | FIELD_IMPORTED;
    const struct names *names = names_of(req, entity);
    writer_begin_object(out);
    writer_text(out, "title", entity->title ? entity->title : entity->name);
    if (summary)
        writer_text(out, "description", summary);
    writer_text(out, "type", "object");
    writer_keyz(out, "properties");
    writer_begin_object(out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        const char *key = names_key(names, i);
        if (!key || field->flags & FIELD_HIDDEN ||
            (taken && field->flags & FIELD_READ_ONLY && !(field->flags & takes)))
            continue;
        writer_keyz(out, key);
        write_told(out, field, taken ? taken_schema(field) : value_schema(field, true), true);
    }
    writer_end_object(out);
    writer_end_object(out);
}

static void write_one_item(struct writer *out, struct request *req, const struct entity *entity,
                           bool taken, const char *summary)
{
    struct arena arena;
    struct request own = {.arena = &arena};
    arena_init(&arena);
    write_item_row(out, req ? req : &own, entity, taken, summary);
    arena_clear(&arena);
}

void schema_item(struct writer *out, struct request *req, const struct entity *entity)
{
    write_one_item(out, req, entity, false, NULL);
}

/* ---- values ---- */

/* Of one entity it stands where it is; of any it points at those that stand once. */
static bool write_item(const struct half *half, const struct param *p)
{
    struct writer *out = half->out;
    if (p->type != PARAM_ITEM)
        return false;
    if (p->entity) {
        write_one_item(out, NULL, p->entity, half->open, p->summary);
        return true;
    }
    writer_begin_object(out);
    writer_text(out, "description", p->summary ? p->summary : "By camelCase names");
    if (!half->parts) {
        writer_text(out, "type", "object");
        writer_keyz(out, "additionalProperties");
        writer_begin_object(out);
        writer_text(out, "description", "As crm.item.fields describes it");
        writer_end_object(out);
        writer_end_object(out);
        return true;
    }
    writer_keyz(out, "anyOf");
    writer_begin_list(out);
    for (const struct entity *const *e = entity_all(half->parts->req); *e; e++) {
        char name[64];
        if (!(*e)->names || !(*e)->type_id || !schema_told(half->parts->req, *e))
            continue;
        snprintf(name, sizeof name, "#/components/schemas/Item%d", (*e)->type_id);
        writer_begin_object(out);
        writer_text(out, "$ref", name);
        writer_end_object(out);
    }
    writer_end_list(out);
    writer_end_object(out);
    return true;
}

static bool write_entity(const struct half *half, const struct param *p)
{
    const struct crud *crud = half->method->crud;
    const struct entity *entity = p->entity ? p->entity : crud ? crud->entity : NULL;
    if (!entity || (p->type != PARAM_FIELDS && p->type != PARAM_ROW))
        return false;
    if (half->parts)
        write_reference(half, entity, p);
    else if (p->type == PARAM_ROW)
        write_row(half->out, entity, p->summary);
    else
        write_fields(half->out, entity, p->of_new, p->summary);
    return true;
}

/* Such a schema is of an object: may it be null, too, and what is said of it? */
static void write_own_schema(struct writer *out, const struct param *p)
{
    static const char object[] = "{\"type\":\"object\",";
    struct buf text = {0};
    struct writer own;
    writer_init(&own, &text);
    p->schema(&own);
    const char *rest = buf_text(&text);
    bool plain = !strncmp(rest, object, sizeof object - 1);
    writer_begin_object(out);
    if (p->summary)
        writer_text(out, "description", p->summary);
    writer_keyz(out, "type");
    p->null ? writer_raw(out, "[\"object\",\"null\"]", 17) : writer_stringz(out, "object");
    if (plain)
        buf_printf(out->buf, ",%.*s", (int)(text.len - sizeof object), rest + sizeof object - 1);
    writer_end_object(out);
    buf_clear(&text);
}

static void write_conditions(struct writer *out, bool order)
{
    static const char sorts[] =
        "{\"type\":\"string\",\"description\":\"ASC or DESC; the key is a field\"}";
    static const char asks[] =
        "{\"description\":\"A value, or a list of them; the key is a field, behind "
        "an operator or none: = != > >= < <= % !% @ !@ ><\"}";
    writer_keyz(out, "additionalProperties");
    order ? writer_raw(out, sorts, sizeof sorts - 1) : writer_raw(out, asks, sizeof asks - 1);
}

static void write_value(const struct half *half, const struct param *p)
{
    struct writer *out = half->out;
    if (p->schema) {
        write_own_schema(out, p);
        return;
    }
    if (write_entity(half, p) || write_item(half, p))
        return;
    writer_begin_object(out);
    write_type(out, p);
    if (p->one_of || p->type == PARAM_FLAG)
        write_choice(out, p, p->one_of ? p->one_of : "Y|N");
    if (p->type == PARAM_ARRAY && p->keys)
        write_keys(half, p->keys);
    if (p->type == PARAM_LIST)
        write_items(half, p->keys);
    if (p->type == PARAM_FILTER || p->type == PARAM_ORDER)
        write_conditions(out, p->type == PARAM_ORDER);
    if (p->type == PARAM_SELECT) {
        static const struct param name[] = {{"", PARAM_STRING}, {0}};
        write_items(half, name);
    }
    if (p->summary)
        writer_text(out, "description", p->summary);
    writer_end_object(out);
}

void schema_params(struct writer *out, const struct method *method)
{
    schema_params_by(out, method, NULL);
}

void schema_params_by(struct writer *out, const struct method *method, struct schema_parts *parts)
{
    const struct half half = {out, method, .open = true, .parts = parts};
    writer_begin_object(out);
    writer_text(out, "type", "object");
    write_keys(&half, method->params);
    writer_end_object(out);
}

void schema_result(struct writer *out, const struct method *method)
{
    schema_result_by(out, method, NULL);
}

void schema_result_by(struct writer *out, const struct method *method, struct schema_parts *parts)
{
    static const enum param_type types[] = {
        [SHAPE_ANY] = PARAM_ANY,       [SHAPE_INT] = PARAM_INT,      [SHAPE_BOOL] = PARAM_BOOL,
        [SHAPE_STRING] = PARAM_STRING, [SHAPE_OBJECT] = PARAM_ARRAY, [SHAPE_LIST] = PARAM_LIST,
        [SHAPE_NULL] = PARAM_NULL};
    const struct half half = {out, method, .open = false, .parts = parts};
    if (method->result == SHAPE_EMPTY) {
        const char *nothing = method->result_null ? "{\"type\":[\"array\",\"null\"],\"maxItems\":0}"
                                                  : "{\"type\":\"array\",\"maxItems\":0}";
        writer_raw(out, nothing, strlen(nothing));
        return;
    }
    const struct param anything[] = {{"*", PARAM_ANY}, {0}};
    const struct param whole = {
        .type = types[method->result], .keys = method->gives, .null = method->result_null};
    bool one = method->result == SHAPE_OBJECT || method->result == SHAPE_ANY;
    if (one && is_whole(method->gives))
        write_value(&half, method->gives);
    else if (method->result == SHAPE_OBJECT && !method->gives)
        write_value(&half,
                    &(struct param){.type = PARAM_ARRAY, .keys = anything, .null = whole.null});
    else
        write_value(&half, &whole);
}

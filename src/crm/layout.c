#include "crm/layout.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/limits.h"
#include "crm/activity_family.h"

/* ---- the structure ---- */

enum dto_kind {
    DTO_END,
    DTO_TEXT,
    DTO_TRANSLATED, /* a text, or texts by language */
    DTO_FLAG,
    DTO_INT,
    DTO_ENUM,   /* a text out of `values` */
    DTO_ANY,    /* an array of the application's own */
    DTO_OBJECT, /* of `dto` */
    DTO_MAP     /* objects of `dto` by key */
};

struct dto;

struct dto_field {
    const char *name;
    enum dto_kind kind;
    bool required;
    const char *const *values;
    const struct dto *dto;
    size_t most; /* of a map; 0: any number */
};

/* An object whose fields depend on its `type` has `variants` instead of fields. */
struct dto {
    const struct dto_field *fields;
    const struct dto_variant *variants;
};

struct dto_variant {
    const char *type;
    const struct dto *dto;
};

/* `type` is a field of every variant; content blocks keep the others in `properties`. */
#define TYPE                                                                                       \
    {                                                                                              \
        "type", DTO_TEXT, true, NULL, NULL, 0                                                      \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, DTO_END, false, NULL, NULL, 0                                                        \
    }
#define NAME(name)                                                                                 \
    {                                                                                              \
        name, DTO_TRANSLATED, true, NULL, NULL, 0                                                  \
    }
#define FLAG(name)                                                                                 \
    {                                                                                              \
        name, DTO_FLAG, false, NULL, NULL, 0                                                       \
    }
#define INT(name)                                                                                  \
    {                                                                                              \
        name, DTO_INT, false, NULL, NULL, 0                                                        \
    }
#define OBJECT(name, of)                                                                           \
    {                                                                                              \
        name, DTO_OBJECT, false, NULL, &(of), 0                                                    \
    }
#define NEED(name, of)                                                                             \
    {                                                                                              \
        name, DTO_OBJECT, true, NULL, &(of), 0                                                     \
    }
#define MAP(name, of, most)                                                                        \
    {                                                                                              \
        name, DTO_MAP, false, NULL, &(of), most                                                    \
    }
#define ONE_OF(name, list)                                                                         \
    {                                                                                              \
        name, DTO_ENUM, false, list, NULL, 0                                                       \
    }
#define TEXT(name)                                                                                 \
    {                                                                                              \
        name, DTO_TEXT, false, NULL, NULL, 0                                                       \
    }

static const char *const scopes[] = {"", "web", "mobile", NULL};
static const char *const animations[] = {"disable", "loader", NULL};
static const char *const sizes[] = {"xs", "sm", "md", NULL};
static const char *const colors[] = {"base_50", "base_60", "base_70", "base_90", NULL};
static const char *const tag_types[] = {"warning", "success",   "failure",
                                        "primary", "secondary", NULL};
static const char *const button_types[] = {"primary", "secondary", NULL};

#define SCOPE ONE_OF("scope", scopes)

/* ActionDto */
static const struct dto slider = {
    (const struct dto_field[]){INT("width"), INT("leftBoundary"), TEXT("title"), END}, NULL};
static const struct dto redirect = {(const struct dto_field[]){TYPE, TEXT("uri"), END}, NULL};
static const struct dto rest_event = {
    (const struct dto_field[]){TYPE,
                               {"id", DTO_TEXT, true, NULL, NULL, 0},
                               {"actionParams", DTO_ANY, false, NULL, NULL, 0},
                               ONE_OF("animationType", animations),
                               END},
    NULL};
static const struct dto open_app = {
    (const struct dto_field[]){
        TYPE, {"actionParams", DTO_ANY, false, NULL, NULL, 0}, OBJECT("sliderParams", slider), END},
    NULL};
static const struct dto action = {NULL, (const struct dto_variant[]){{"redirect", &redirect},
                                                                     {"restEvent", &rest_event},
                                                                     {"openRestApp", &open_app},
                                                                     {NULL, NULL}}};

/* ContentBlockDto: properties by type, then the blocks themselves. */
static const struct dto text_properties = {
    (const struct dto_field[]){NAME("value"),
                               FLAG("multiline"),
                               {"title", DTO_TRANSLATED, false, NULL, NULL, 0},
                               FLAG("bold"),
                               ONE_OF("size", sizes),
                               ONE_OF("color", colors),
                               SCOPE,
                               END},
    NULL};
static const struct dto large_text_properties = {
    (const struct dto_field[]){NAME("value"), SCOPE, END}, NULL};
static const struct dto link_properties = {
    (const struct dto_field[]){NAME("text"), NEED("action", action), FLAG("bold"), SCOPE, END},
    NULL};
static const struct dto deadline_properties = {
    (const struct dto_field[]){FLAG("readonly"), SCOPE, END}, NULL};

static const struct dto text_block = {
    (const struct dto_field[]){TYPE, NEED("properties", text_properties), END}, NULL};
static const struct dto large_text_block = {
    (const struct dto_field[]){TYPE, NEED("properties", large_text_properties), END}, NULL};
static const struct dto link_block = {
    (const struct dto_field[]){TYPE, NEED("properties", link_properties), END}, NULL};
static const struct dto deadline_block = {
    (const struct dto_field[]){TYPE, OBJECT("properties", deadline_properties), END}, NULL};

/* What may stand within another block. */
static const struct dto inner_block = {
    NULL,
    (const struct dto_variant[]){
        {"text", &text_block}, {"link", &link_block}, {"deadline", &deadline_block}, {NULL, NULL}}};
static const struct dto titled_properties = {(const struct dto_field[]){NAME("title"),
                                                                        NEED("block", inner_block),
                                                                        FLAG("inline"), SCOPE, END},
                                             NULL};
static const struct dto line_properties = {
    (const struct dto_field[]){{"blocks", DTO_MAP, true, NULL, &inner_block, 0}, SCOPE, END}, NULL};
static const struct dto titled_block = {
    (const struct dto_field[]){TYPE, NEED("properties", titled_properties), END}, NULL};
static const struct dto line_block = {
    (const struct dto_field[]){TYPE, NEED("properties", line_properties), END}, NULL};
static const struct dto content_block = {
    NULL, (const struct dto_variant[]){{"text", &text_block},
                                       {"largeText", &large_text_block},
                                       {"link", &link_block},
                                       {"withTitle", &titled_block},
                                       {"lineOfBlocks", &line_block},
                                       {"deadline", &deadline_block},
                                       {NULL, NULL}}};

/* LayoutDto and its parts */
static const struct dto icon = {
    (const struct dto_field[]){{"code", DTO_TEXT, true, NULL, NULL, 0}, END}, NULL};
static const struct dto logo = {(const struct dto_field[]){{"code", DTO_TEXT, true, NULL, NULL, 0},
                                                           OBJECT("action", action),
                                                           END},
                                NULL};
static const struct dto tag = {
    (const struct dto_field[]){NAME("title"),
                               {"type", DTO_ENUM, true, tag_types, NULL, 0},
                               OBJECT("action", action),
                               SCOPE,
                               FLAG("hideIfReadonly"),
                               END},
    NULL};
static const struct dto header = {(const struct dto_field[]){NAME("title"),
                                                             OBJECT("titleAction", action),
                                                             MAP("tags", tag, 2), END},
                                  NULL};
static const struct dto body = {
    (const struct dto_field[]){NEED("logo", logo), MAP("blocks", content_block, 20), END}, NULL};
static const struct dto button = {
    (const struct dto_field[]){NAME("title"),
                               {"type", DTO_ENUM, true, button_types, NULL, 0},
                               NEED("action", action),
                               SCOPE,
                               FLAG("hideIfReadonly"),
                               END},
    NULL};
static const struct dto menu_item = {(const struct dto_field[]){NAME("title"),
                                                                NEED("action", action), SCOPE,
                                                                FLAG("hideIfReadonly"), END},
                                     NULL};
static const struct dto menu = {
    (const struct dto_field[]){FLAG("showPinItem"), FLAG("showPostponeItem"),
                               FLAG("showDeleteItem"), MAP("items", menu_item, 0), END},
    NULL};
static const struct dto footer = {
    (const struct dto_field[]){MAP("buttons", button, 2), OBJECT("menu", menu), END}, NULL};

static const struct dto roots[] = {
    [LAYOUT_WHOLE] = {(const struct dto_field[]){NEED("icon", icon), NEED("header", header),
                                                 NEED("body", body), OBJECT("footer", footer), END},
                      NULL},
    [LAYOUT_BLOCKS] = {
        (const struct dto_field[]){{"blocks", DTO_MAP, true, NULL, &content_block, 20}, END},
        NULL}};

/* crm/data-types.md, "Language Identifiers" */
static const char *const languages[] = {"ar", "br", "de", "en", "fr", "hi", "id", "it", "ja", "la",
                                        "ms", "pl", "ru", "sc", "tc", "th", "tr", "ua", "vn", NULL};

/* ---- as JSON Schema ---- */

static void write_dto(struct writer *out, const struct dto *dto, const char *type);

static void write_field(struct writer *out, const struct dto_field *field, const char *type)
{
    static const char *const scalars[] = {
        [DTO_TEXT] = "{\"type\":\"string\"}",
        [DTO_TRANSLATED] = "{\"type\":[\"string\",\"object\"],\"additionalProperties\":{\"type\":"
                           "\"string\"},\"description\":\"A text, or texts by language\"}",
        [DTO_FLAG] = "{\"type\":\"boolean\"}",
        [DTO_INT] = "{\"type\":\"integer\"}",
        [DTO_ANY] = "{\"type\":[\"object\",\"array\"],\"description\":\"The application's own\"}"};
    writer_keyz(out, field->name);
    if (field->kind == DTO_OBJECT) {
        write_dto(out, field->dto, NULL);
    } else if (field->kind == DTO_MAP) {
        writer_begin_object(out);
        writer_text(out, "type", "object");
        writer_keyz(out, "additionalProperties");
        write_dto(out, field->dto, NULL);
        writer_end_object(out);
    } else if (field->kind == DTO_ENUM || (type && !strcmp(field->name, "type"))) {
        const char *const own[] = {type, NULL};
        writer_begin_object(out);
        writer_keyz(out, "enum");
        writer_begin_list(out);
        for (const char *const *one = field->kind == DTO_ENUM ? field->values : own; *one; one++)
            writer_stringz(out, *one);
        writer_end_list(out);
        writer_end_object(out);
    } else {
        writer_raw(out, scalars[field->kind], strlen(scalars[field->kind]));
    }
}

static void write_variants(struct writer *out, const struct dto_variant *variant)
{
    writer_begin_object(out);
    writer_keyz(out, "anyOf");
    writer_begin_list(out);
    for (; variant->type; variant++)
        write_dto(out, variant->dto, variant->type);
    writer_end_list(out);
    writer_end_object(out);
}

/* type: what the field `type` of a variant holds. */
static void write_dto(struct writer *out, const struct dto *dto, const char *type)
{
    bool any = false;
    if (dto->variants) {
        write_variants(out, dto->variants);
        return;
    }
    writer_begin_object(out);
    writer_text(out, "type", "object");
    writer_keyz(out, "properties");
    writer_begin_object(out);
    for (const struct dto_field *field = dto->fields; field->name; field++) {
        write_field(out, field, type);
        any = any || field->required;
    }
    writer_end_object(out);
    if (any) {
        writer_keyz(out, "required");
        writer_begin_list(out);
        for (const struct dto_field *field = dto->fields; field->name; field++) {
            if (field->required)
                writer_stringz(out, field->name);
        }
        writer_end_list(out);
    }
    writer_keyz(out, "additionalProperties");
    writer_bool(out, false);
    writer_end_object(out);
}

void layout_schema(struct writer *out)
{
    write_dto(out, &roots[LAYOUT_WHOLE], NULL);
}

void layout_schema_blocks(struct writer *out)
{
    write_dto(out, &roots[LAYOUT_BLOCKS], NULL);
}

/* ---- the check ---- */

/* Where in the layout, "header.tags." */
struct walk {
    struct request *req;
    char path[256];
    size_t len;
};

static size_t enter(struct walk *walk, const char *name)
{
    size_t before = walk->len;
    walk->len += format_text(walk->path + walk->len, sizeof walk->path - walk->len, "%s%s",
                             walk->len ? "." : "", name);
    return before;
}

static void leave(struct walk *walk, size_t before)
{
    walk->len = before;
    walk->path[before] = '\0';
}

static enum api_rc wrong(struct walk *walk, const char *what)
{
    return api_fail(walk->req, API_ERR_FIELD_VALUE, "Field %s must be %s", walk->path, what);
}

static bool in_list(const char *const *list, const char *text)
{
    for (; *list; list++) {
        if (!strcmp(*list, text))
            return true;
    }
    return false;
}

/* Latin letters, digits, hyphens, underscores: fit for a key and for an error's text. */
static bool plain(const char *key)
{
    size_t len = strlen(key);
    for (const char *c = key; *c; c++) {
        if (!isascii(*c) || (!isalnum((unsigned char)*c) && *c != '-' && *c != '_'))
            return false;
    }
    return len && len <= 64;
}

static enum api_rc check_dto(struct walk *walk, const struct dto *dto, const struct value *given,
                             struct value **clean);

static enum api_rc check_enum(struct walk *walk, const char *const *values, const char *text)
{
    char list[128] = "";
    size_t len = 0;
    if (in_list(values, text))
        return API_OK;
    for (; *values && len < sizeof list; values++) {
        if (**values)
            len += format_text(list + len, sizeof list - len, "%s%s", len ? ", " : "", *values);
    }
    return api_fail(walk->req, API_ERR_ENUM_FIELD, "Field %s must be one of: %s", walk->path, list);
}

static enum api_rc check_text(struct walk *walk, const struct dto_field *field,
                              const struct value *given, struct value **clean)
{
    size_t len;
    const char *text = value_to_text(walk->req->arena, given, &len);
    if (!text)
        return wrong(walk, "a text");
    *clean = value_string(walk->req->arena, text, len);
    if (field->kind == DTO_ENUM)
        return check_enum(walk, field->values, text);
    if (field->required && !len)
        return api_fail(walk->req, API_ERR_FIELD_REQUIRED, "Field %s is required", walk->path);
    return API_OK;
}

static enum api_rc check_translated(struct walk *walk, const struct dto_field *field,
                                    const struct value *given, struct value **clean)
{
    if (given->type != VALUE_ARRAY)
        return check_text(walk, field, given, clean);
    *clean = value_array(walk->req->arena);
    for (size_t i = 0; i < given->array.count; i++) {
        const struct value_item *item = &given->array.items[i];
        size_t len;
        const char *text = value_to_text(walk->req->arena, item->value, &len);
        if (!in_list(languages, item->key))
            return api_fail(walk->req, API_ERR_LANGUAGE,
                            "Field %s has a language that the portal does not have", walk->path);
        if (!text)
            return wrong(walk, "a text in each language");
        value_set(walk->req->arena, *clean, item->key, item->key_len,
                  value_string(walk->req->arena, text, len));
    }
    return API_OK;
}

static enum api_rc check_map(struct walk *walk, const struct dto_field *field,
                             const struct value *given, struct value **clean)
{
    struct request *req = walk->req;
    enum api_rc rc = API_OK;
    if (given->type != VALUE_ARRAY)
        return wrong(walk, "an object");
    if (field->most && given->array.count > field->most)
        return api_fail(req, API_ERR_TOO_MANY_ITEMS, "Field %s must have no more than %zu items",
                        walk->path, field->most);
    *clean = value_array(req->arena);
    for (size_t i = 0; i < given->array.count && rc == API_OK; i++) {
        const struct value_item *item = &given->array.items[i];
        struct value *child = NULL;
        if (!plain(item->key))
            return api_fail(req, API_ERR_KEY_SYMBOLS,
                            "Keys of %s may hold Latin letters, digits, hyphens and underscores",
                            walk->path);
        size_t before = enter(walk, item->key);
        rc = check_dto(walk, field->dto, item->value, &child);
        leave(walk, before);
        if (rc == API_OK)
            value_set(req->arena, *clean, item->key, item->key_len, child);
    }
    return rc;
}

static enum api_rc check_value(struct walk *walk, const struct dto_field *field,
                               const struct value *given, struct value **clean)
{
    struct arena *arena = walk->req->arena;
    bool flag;
    int64_t integer;
    switch (field->kind) {
    case DTO_TEXT:
    case DTO_ENUM:
        return check_text(walk, field, given, clean);
    case DTO_TRANSLATED:
        return check_translated(walk, field, given, clean);
    case DTO_FLAG:
        if (!value_to_flag(given, &flag))
            return wrong(walk, "true or false");
        *clean = value_bool(arena, flag);
        return API_OK;
    case DTO_INT:
        if (!value_to_int(given, &integer))
            return wrong(walk, "an integer");
        *clean = value_int(arena, integer);
        return API_OK;
    case DTO_ANY:
        if (given->type != VALUE_ARRAY)
            return wrong(walk, "an array");
        *clean = (struct value *)(uintptr_t)given;
        return API_OK;
    case DTO_OBJECT:
        return check_dto(walk, field->dto, given, clean);
    case DTO_MAP:
        return check_map(walk, field, given, clean);
    case DTO_END:
        break;
    }
    return API_OK;
}

static bool is_known(const struct dto *dto, const char *key)
{
    for (const struct dto_field *field = dto->fields; field->kind; field++) {
        if (!strcmp(field->name, key))
            return true;
    }
    return false;
}

/* Only an object, a map or texts by language can be there and hold nothing. */
static bool is_absent(const struct dto_field *field, const struct value *given)
{
    if (!given || given->type == VALUE_NULL)
        return true;
    if (given->type == VALUE_ARRAY && !given->array.count)
        return field->kind == DTO_OBJECT || field->kind == DTO_TRANSLATED ||
               (field->kind == DTO_MAP && field->required);
    return false;
}

static enum api_rc check_fields(struct walk *walk, const struct dto *dto, const struct value *given,
                                struct value **clean)
{
    struct request *req = walk->req;
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < given->array.count; i++) {
        const char *key = given->array.items[i].key;
        if (is_known(dto, key))
            continue;
        if (plain(key))
            enter(walk, key);
        return api_fail(req, API_ERR_FIELD_REDUNDANT,
                        plain(key) ? "Field %s is redundant" : "Object %s has a redundant field",
                        walk->path);
    }
    *clean = value_array(req->arena);
    for (const struct dto_field *field = dto->fields; field->kind && rc == API_OK; field++) {
        const struct value *value = value_get(given, field->name);
        struct value *child = NULL;
        size_t before = enter(walk, field->name);
        if (!is_absent(field, value))
            rc = check_value(walk, field, value, &child);
        bool absent = is_absent(field, child); /* so is what held nothing but nulls */
        if (rc == API_OK && absent && field->required)
            rc = api_fail(req, API_ERR_FIELD_REQUIRED, "Field %s is required", walk->path);
        leave(walk, before);
        if (rc == API_OK && !absent)
            value_set(req->arena, *clean, field->name, strlen(field->name), child);
    }
    return rc;
}

static enum api_rc find_variant(struct walk *walk, const struct dto_variant *variants,
                                const struct value *given, const struct dto **dto)
{
    const char *names[8] = {NULL}, *text;
    size_t count = 0, len;
    const struct value *type = value_get(given, "type");
    size_t before = enter(walk, "type");
    if (!type || !(text = value_to_text(walk->req->arena, type, &len)))
        return api_fail(walk->req, API_ERR_FIELD_REQUIRED, "Field %s is required", walk->path);
    for (; variants->type; variants++) {
        names[count++] = variants->type;
        if (!strcmp(variants->type, text))
            *dto = variants->dto;
    }
    enum api_rc rc = check_enum(walk, names, text);
    leave(walk, before);
    return rc;
}

static enum api_rc check_dto(struct walk *walk, const struct dto *dto, const struct value *given,
                             struct value **clean)
{
    if (given->type != VALUE_ARRAY)
        return wrong(walk, "an object");
    if (dto->variants) {
        enum api_rc rc = find_variant(walk, dto->variants, given, &dto);
        if (rc != API_OK)
            return rc;
    }
    if (dto == &slider && value_get(given, "width") && value_get(given, "leftBoundary")) {
        enter(walk, "leftBoundary");
        return api_fail(walk->req, API_ERR_FIELD_REDUNDANT, "Field %s is redundant beside width",
                        walk->path);
    }
    return check_fields(walk, dto, given, clean);
}

enum api_rc layout_check(struct request *req, enum layout_kind kind, const struct value *layout,
                         struct value **clean)
{
    struct walk walk = {.req = req};
    enum api_rc rc = check_dto(&walk, &roots[kind], layout, clean);
    if (rc == API_OK && strlen(value_json(req, *clean)) > LIMIT_OBJECT_BYTES)
        rc = api_fail(req, API_ERR_FIELD_VALUE, "The layout is longer than %lu bytes of JSON",
                      LIMIT_OBJECT_BYTES);
    return rc;
}

const char *layout_text(struct request *req, const struct value *text)
{
    size_t len;
    if (value_is_array(text) && text->array.count) {
        const struct value *english = value_get(text, "en");
        text = english ? english : text->array.items[0].value;
    }
    const char *words = text ? value_to_text(req->arena, text, &len) : NULL;
    return words ? words : "";
}

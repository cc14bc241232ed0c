#include <ctype.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "model/dialect.h"

#define CUSTOM "UF_CRM_"
#define SIMPLE "ufCrm_" /* the prefix of a custom field whose rest stays as it is */

struct names {
    size_t count, buckets; /* a power of two */
    const struct field *fields;
    const char **key; /* by the field's place */
    uint32_t *bucket; /* place + 1; 0: free */
};

/* ---- one name ---- */

static size_t add_camel(const char *upper, char *camel)
{
    size_t len = 0;
    bool capital = false;
    for (; *upper; upper++) {
        if (*upper == '_') {
            capital = len > 0;
            continue;
        }
        camel[len++] =
            (char)(capital ? toupper((unsigned char)*upper) : tolower((unsigned char)*upper));
        capital = false;
    }
    camel[len] = '\0';
    return len;
}

static bool only(const char *text, int (*is)(int c))
{
    for (; *text; text++) {
        if (*text != '_' && !is((unsigned char)*text))
            return false;
    }
    return true;
}

/* What follows UF_CRM_ can be read back from its camelCase: digits in blocks, or a number and letters, or
 * letters. */
static bool is_reversible(const char *rest)
{
    const char *behind = rest + strspn(rest, "0123456789");
    if (behind == rest)
        return only(rest, isalpha);
    return *behind == '_' && behind[1] && (only(behind, isdigit) || only(behind, isalpha));
}

static void custom_to_camel(const char *rest, char *camel)
{
    const char *behind = rest + strspn(rest, "0123456789");
    if (!is_reversible(rest)) {
        memcpy(camel, SIMPLE, sizeof SIMPLE - 1);
        memcpy(camel + sizeof SIMPLE - 1, rest, strlen(rest) + 1);
        return;
    }
    memcpy(camel, SIMPLE, sizeof SIMPLE - 2);
    camel += sizeof SIMPLE - 2;
    memcpy(camel, rest, (size_t)(behind - rest));
    camel += behind - rest;
    if (behind > rest && only(behind, isdigit)) {
        memcpy(camel, behind, strlen(behind) + 1); /* between digits the underscore stays */
        return;
    }
    add_camel(behind, camel);
    *camel = (char)toupper((unsigned char)*camel);
}

void name_to_camel(const char *upper, char *camel)
{
    if (!strncmp(upper, CUSTOM, sizeof CUSTOM - 1) && upper[sizeof CUSTOM - 1])
        custom_to_camel(upper + sizeof CUSTOM - 1, camel);
    else
        add_camel(upper, camel);
}

/* ---- those of an entity ---- */

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 2166136261U;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    return hash;
}

static size_t bucket_of(const struct names *names, const char *name)
{
    size_t at = hash_of(name) & (names->buckets - 1);
    while (names->bucket[at] && strcmp(names->key[names->bucket[at] - 1], name) != 0)
        at = (at + 1) & (names->buckets - 1);
    return at;
}

static const char *upper_of(const struct field *field)
{
    return field->item_name ? field->item_name : field->name;
}

/* How much one block for all of it needs. */
static size_t size_of(const struct entity *entity, size_t *buckets)
{
    size_t size = sizeof(struct names) + entity->field_count * sizeof(const char *);
    for (*buckets = 16; *buckets < 2 * entity->field_count;)
        *buckets *= 2;
    size += *buckets * sizeof(uint32_t);
    for (size_t i = 0; i < entity->field_count; i++)
        size += strlen(upper_of(&entity->fields[i])) + 1;
    return size;
}

/* A name that another field has already is told as the descriptor has it. */
static void make(const struct entity *entity, struct names *names, size_t buckets)
{
    names->count = entity->field_count;
    names->buckets = buckets;
    names->fields = entity->fields;
    names->key = (const char **)(void *)(names + 1);
    names->bucket = (uint32_t *)(void *)(names->key + names->count);
    char *text = (char *)(names->bucket + buckets);
    for (size_t i = 0; i < names->count; i++) {
        const struct field *field = &entity->fields[i];
        if (field->flags & FIELD_CLASSIC_ONLY)
            continue;
        name_to_camel(upper_of(field), text);
        size_t at = bucket_of(names, text);
        if (names->bucket[at]) {
            memcpy(text, upper_of(field), strlen(upper_of(field)) + 1);
            at = bucket_of(names, text);
        }
        CHECK(!names->bucket[at]);
        names->key[i] = text;
        names->bucket[at] = (uint32_t)i + 1;
        text += strlen(text) + 1;
    }
}

const struct names *names_of(struct request *req, const struct entity *entity)
{
    struct names *none = NULL, *names = entity->names ? atomic_load(&entity->names->made) : NULL;
    size_t buckets, size;
    if (names)
        return names;
    size = size_of(entity, &buckets);
    names = entity->names ? xcalloc(1, size) : arena_zalloc(req->arena, size);
    make(entity, names, buckets);
    /* Two threads may both make them: one is kept. */
    if (entity->names && !atomic_compare_exchange_strong(&entity->names->made, &none, names)) {
        free(names);
        return none;
    }
    return names;
}

const char *names_key(const struct names *names, size_t at)
{
    return names->key[at];
}

static const struct field *find(const struct names *names, const char *name)
{
    uint32_t place = names->bucket[bucket_of(names, name)];
    return place ? &names->fields[place - 1] : NULL;
}

/* Clients write system fields in UPPER_CASE as well: the official PHP SDK orders by ID. */
const struct field *names_find(const struct names *names, const char *name)
{
    const struct field *field = find(names, name);
    char camel[64];
    if (field || strlen(name) >= sizeof camel)
        return field;
    if (!strncmp(name, SIMPLE, sizeof SIMPLE - 1) && name[sizeof SIMPLE - 1])
        custom_to_camel(name + sizeof SIMPLE - 1, camel);
    else if (name[strcspn(name, "abcdefghijklmnopqrstuvwxyz")] == '\0')
        name_to_camel(name, camel);
    else
        return NULL;
    return find(names, camel);
}

void names_free(struct names_slot *slot)
{
    free(atomic_exchange(&slot->made, NULL));
}

const char *dialect_name(const struct dialect *dialect, const struct field *field)
{
    const struct names *names = dialect->names;
    if (!names)
        return field->name;
    size_t at = (size_t)(field - names->fields);
    bool own = field >= names->fields && at < names->count && names->key[at];
    if (!own || (dialect->original && !strncmp(field->name, "UF_", 3)))
        return field->name;
    return names->key[at];
}

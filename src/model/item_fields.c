#include "model/item_fields.h"

#include <string.h>

#include "model/dialect.h"

static void write_type(struct request *req, const struct field *field, const char *key,
                       void *loaded, int64_t id)
{
    (void)loaded;
    (void)id;
    (void)field;
    writer_number(req->out, key, req->dialect->entity->type_id);
}

static void write_nulls(struct request *req, const struct field *field, const char *key,
                        void *loaded, int64_t id)
{
    (void)key;
    (void)loaded;
    (void)id;
    for (const char *name = field->fallback; *name;) {
        size_t len = strcspn(name, " ");
        writer_key(req->out, name, len);
        writer_null(req->out);
        name += len + (name[len] == ' ');
    }
}

static const struct relation_kind of_type = {.write = write_type,
                                             .schema = "{\"type\":\"integer\"}"};
static const struct relation_kind of_nulls = {.write = write_nulls};
const struct relation item_type = {.kind = &of_type, .name = "ENTITY_TYPE_ID"};
const struct relation item_nulls = {.kind = &of_nulls, .name = "ITEM_NULLS"};

/* rapport field: custom fields, for shells and seeds. What crm.deal.userfield.* do, without a server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/args.h"
#include "app/command.h"
#include "base/clock.h"
#include "base/json.h"
#include "model/catalog.h"
#include "model/registry.h"
#include "model/user_field_show.h"
#include "model/user_field_write.h"

struct field_options {
    const char *data, *store, *of, *name, *type, *label, *xml_id, *settings, *fallback, *id;
    const char *items[ARG_MOST + 1];
    bool multiple, mandatory, filter, json;
};

/* A call that nobody made: the administrator's, on this connection. */
struct work {
    struct field_options *o;
    struct request req;
    struct caller caller;
    struct arena arena;
    struct buf out;
    struct writer writer;
};

static void work_begin(struct work *work, struct portal *portal, struct db *db)
{
    arena_init(&work->arena);
    writer_init(&work->writer, &work->out);
    work->caller = (struct caller){.user_id = 1, .is_admin = true, .scopes = ""};
    work->req = (struct request){.arena = &work->arena,
                                 .db = db,
                                 .portal = portal,
                                 .zone = portal->zone,
                                 .caller = &work->caller,
                                 .params = value_array(&work->arena),
                                 .out = &work->writer,
                                 .now = portal_now(portal)};
}

static void work_end(struct work *work)
{
    buf_clear(&work->out);
    arena_clear(&work->arena);
}

static int failed(struct work *work, enum api_rc rc, const char *what)
{
    if (rc == API_STORE)
        return command_trouble(work->req.db, what);
    args_error("%s", work->req.error.text ? work->req.error.text : what);
    return 1;
}

/* "deal", "DEAL" or "CRM_DEAL"; NULL: none has custom fields by that name. */
static const char *object_of(const struct request *req, const char *text)
{
    for (const struct entity *const *at = entity_all(req); *at; at++) {
        const char *id = (*at)->user_fields;
        if (id && (!strcasecmp(id, text) || ((*at)->code && !strcasecmp((*at)->code, text))))
            return id;
    }
    return NULL;
}

/* ---- add ---- */

static void put(struct work *work, struct value *array, const char *key, struct value *value)
{
    value_set(&work->arena, array, key, strlen(key), value);
}

static void put_text(struct work *work, struct value *array, const char *key, const char *text)
{
    if (text)
        put(work, array, key, value_string(&work->arena, text, strlen(text)));
}

static void put_flag(struct work *work, struct value *array, const char *key, bool flag)
{
    put_text(work, array, key, flag ? "Y" : "N");
}

static struct value *items(struct work *work)
{
    struct value *list = value_array(&work->arena);
    for (size_t i = 0; work->o->items[i]; i++) {
        struct value *item = value_array(&work->arena);
        put_text(work, item, "VALUE", work->o->items[i]);
        put(work, item, "SORT", value_int(&work->arena, (int64_t)(i + 1) * 10));
        value_push(&work->arena, list, item);
    }
    return list;
}

/* NULL: the settings are no JSON. */
static struct value *asked(struct work *work)
{
    const struct field_options *o = work->o;
    struct value *fields = value_array(&work->arena), *settings = value_array(&work->arena);
    const char *why;
    if (o->settings)
        settings = json_parse(&work->arena, o->settings, strlen(o->settings), &why);
    if (!settings || settings->type != VALUE_ARRAY)
        return NULL;
    put_text(work, settings, "DEFAULT_VALUE", o->fallback);
    put_text(work, fields, "FIELD_NAME", o->name);
    put_text(work, fields, "USER_TYPE_ID", o->type);
    put_text(work, fields, "LABEL", o->label);
    put_text(work, fields, "XML_ID", o->xml_id);
    put_flag(work, fields, "MULTIPLE", o->multiple);
    put_flag(work, fields, "MANDATORY", o->mandatory);
    put_flag(work, fields, "SHOW_FILTER", o->filter);
    put(work, fields, "SETTINGS", settings);
    put(work, fields, "LIST", items(work));
    return fields;
}

static enum api_rc add(struct work *work)
{
    struct request *req = &work->req;
    const char *entity_id = object_of(req, work->o->of);
    const struct value *fields = asked(work);
    int64_t id;
    if (!entity_id)
        return api_fail(req, API_ERR_CORE, "%s has no custom fields", work->o->of);
    if (!fields)
        return api_fail(req, API_ERR_CORE, "--settings must be a JSON object");
    struct user_field_owner owner = user_field_owner(req->arena, entity_id);
    enum api_rc rc = user_field_add(req, &owner, fields, &id);
    if (rc != API_OK)
        return rc;
    const char *name = user_field_name(req, &owner, work->o->name);
    if (!work->o->json) {
        buf_printf(&work->out, "field %lld, %s of %s, is there\n", (long long)id, name, entity_id);
        return API_OK;
    }
    writer_begin_object(&work->writer);
    writer_number(&work->writer, "id", id);
    writer_text(&work->writer, "name", name);
    writer_text(&work->writer, "entity", entity_id);
    writer_end_object(&work->writer);
    buf_addc(&work->out, '\n');
    return API_OK;
}

static enum api_rc removed(struct work *work)
{
    struct request *req = &work->req;
    int64_t id;
    const struct user_field *field = command_id(work->o->id, &id) ? user_field_find(req, id) : NULL;
    if (!field)
        return api_fail(req, API_ERR_CORE, "there is no field %s", work->o->id);
    struct user_field_owner owner = user_field_owner(req->arena, field->entity_id);
    enum api_rc rc = user_field_remove(req, &owner, field);
    if (rc == API_OK)
        buf_printf(&work->out,
                   work->o->json ? "{\"id\":%lld,\"removed\":true}\n"
                                 : "field %lld is removed; its values go in a day\n",
                   (long long)id);
    return rc;
}

/* In a transaction that has the catalog for itself. */
static int change(struct work *work, enum api_rc handle(struct work *work))
{
    struct db *db = work->req.db;
    enum api_rc rc = api_db(&work->req, db_begin_write(db));
    if (rc == API_OK)
        rc = catalog_pin_change(&work->req);
    if (rc == API_OK)
        rc = handle(work);
    if (rc == API_OK)
        rc = api_db(&work->req, db_commit(db));
    if (rc == API_OK) {
        fputs(buf_text(&work->out), stdout);
        return 0;
    }
    int code = failed(work, rc, "cannot change the custom fields");
    if (db_in_transaction(db))
        db_rollback(db);
    return code;
}

/* ---- list ---- */

static void print_field(struct work *work, const struct user_field *field)
{
    if (!work->o->json) {
        printf("%lld\t%s\t%s\t%s%s%s\t%s\n", (long long)field->id, field->entity_id, field->name,
               field->type_id, field->multiple ? ", several" : "",
               field->mandatory ? ", mandatory" : "", field->label[USER_LABEL_FORM]);
        return;
    }
    writer_begin_object(&work->writer);
    user_field_write_members(&work->writer, field);
    user_field_write_list(&work->writer, field);
    writer_end_object(&work->writer);
}

static int list(struct work *work)
{
    struct request *req = &work->req;
    enum api_rc rc = api_db(req, db_begin_read(req->db));
    if (rc == API_OK)
        rc = catalog_pin(req);
    const char *entity_id = rc == API_OK && work->o->of ? object_of(req, work->o->of) : NULL;
    if (rc == API_OK && work->o->of && !entity_id)
        rc = api_fail(req, API_ERR_CORE, "%s has no custom fields", work->o->of);
    if (rc != API_OK)
        return failed(work, rc, "cannot read the custom fields");
    command_header(work->o->json, "id\tobject\tname\ttype\tlabel");
    const struct user_fields *all = user_fields(req);
    if (work->o->json)
        writer_begin_list(&work->writer);
    for (size_t i = 0; i < all->count; i++) {
        if (!entity_id || !strcmp(all->fields[i].entity_id, entity_id))
            print_field(work, &all->fields[i]);
    }
    if (work->o->json) {
        writer_end_list(&work->writer);
        command_print_json(&work->out);
    }
    db_rollback(req->db);
    return 0;
}

/* ---- the command ---- */

static int run(struct field_options *o, const char *what)
{
    struct work work = {.o = o};
    struct db *db;
    struct portal *portal =
        command_open(o->data, o->store, !strcmp(what, "list") ? DB_READER : DB_WRITER, &db);
    if (!portal)
        return 1;
    work_begin(&work, portal, db);
    int code = !strcmp(what, "add")      ? change(&work, add)
               : !strcmp(what, "remove") ? change(&work, removed)
                                         : list(&work);
    work_end(&work);
    db_close(db);
    portal_close(portal);
    return code;
}

int command_field(int argc, char **argv)
{
    struct field_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--of", "OBJECT", "deal, lead, contact, company ...", &o.of, NULL},
        {"--name", "NAME", "add: NOTE is UF_CRM_NOTE", &o.name, NULL},
        {"--type", "TYPE",
         "add: string, integer, double, boolean, enumeration, date, datetime, "
         "money, url, address, file, employee, crm_status, crm ...",
         &o.type, NULL},
        {"--label", "TEXT", "add: what people call it", &o.label, NULL},
        {"--xml-id", "TEXT", "add: its code elsewhere", &o.xml_id, NULL},
        {"--multiple", NULL, "add: it holds several values", NULL, &o.multiple},
        {"--mandatory", NULL, "add: rows are not added without it", NULL, &o.mandatory},
        {"--filter", NULL, "add: it is searched by, so it gets an index", NULL, &o.filter},
        {"--item", "TEXT...", "add: an item of an enumeration", o.items, NULL},
        {"--default", "TEXT", "add: the value of rows that are added without one", &o.fallback,
         NULL},
        {"--settings", "JSON", "add: settings of the type", &o.settings, NULL},
        {"--id", "ID", "remove: which", &o.id, NULL},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[1] = {NULL};
    bool help;
    int count;
    if (!args_parse(argc, argv, args,
                    "Usage: rapport field add --of OBJECT --name NAME --type TYPE [options]\n"
                    "       rapport field list [--of OBJECT]\n"
                    "       rapport field remove --id ID\n\n"
                    "Custom fields, as crm.deal.userfield.add makes them; a running server sees "
                    "them in its next request.",
                    &help, what, 1, &count))
        return 2;
    if (help)
        return 0;
    bool is_add = what[0] && !strcmp(what[0], "add");
    bool is_remove = what[0] && !strcmp(what[0], "remove");
    if (!is_add && !is_remove && (!what[0] || strcmp(what[0], "list") != 0))
        return command_usage("field add, list or remove? See rapport field --help");
    if (is_add && (!o.of || !o.name || !o.type))
        return command_usage("field add needs --of OBJECT, --name NAME and --type TYPE");
    if (is_remove && !o.id)
        return command_usage("field remove needs --id ID");
    return run(&o, what[0]);
}

#include "model/links.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/limits.h"
#include "model/pairs.h"
#include "model/permit.h"
#include "model/reference.h"
#include "model/shape.h"
#include "model/unknown.h"
#include "portal/known.h"

#define ITEMS_MOST 1000 /* that one call may give */

/* A call to one of the methods. */
struct linking {
    struct request *req;
    const struct links *links;
    int64_t id;
    struct pairs_list before, now;
    int64_t main; /* as it will be; 0: none */
};

/* ---- the row ---- */

static enum api_rc denied(const struct linking *linking)
{
    const struct links *links = linking->links;
    enum api_rc rc =
        api_fail(linking->req, links->denied ? links->denied : API_ERR_ITEM_DENIED, NULL);
    if (links->denied_status)
        linking->req->error.status = links->denied_status;
    return rc;
}

/* Nothing at all with this entity. */
static enum api_rc check_any(const struct linking *linking, enum access_action action)
{
    const struct links *links = linking->links;
    if (permit_any(linking->req, links->entity, action) == API_OK)
        return API_OK;
    return links->closed_plainly ? permit_denied(linking->req) : denied(linking);
}

/* Whoever reads some rows only is not told which are there. */
static enum api_rc missing(const struct linking *linking, enum access_action action)
{
    const struct links *links = linking->links;
    if (action != ACCESS_READ || !links->gets_missing)
        return api_fail(linking->req, links->missing ? links->missing : API_ERR_METHOD,
                        "Not found.");
    return reference_reads_all(linking->req, links->entity) ? API_OK : denied(linking);
}

static enum api_rc check_row(const struct linking *linking, enum access_action action)
{
    const struct links *links = linking->links;
    struct request *req = linking->req;
    enum permit_sight sight = PERMIT_FREE;
    bool exists = false;
    enum api_rc rc = action == ACCESS_READ ? entity_exists(req, links->entity, linking->id, &exists)
                                           : entity_hold(req, links->entity, linking->id, &exists);
    if (rc == API_OK && !exists)
        return missing(linking, action);
    if (rc == API_OK && req->caller->access)
        rc = links->entity->permit->sight(req, links->entity, linking->id, action, &sight);
    return rc == API_OK && sight != PERMIT_FREE ? denied(linking) : rc;
}

/* The texts of the pages name the parameter with or without quotes. */
static enum api_rc bad_id(struct request *req, bool of_items)
{
    return api_fail_text(req, of_items
                                  ? "The parameter ownerEntityID is invalid or not defined."
                                  : "The parameter 'ownerEntityID' is invalid or not defined.");
}

static enum api_rc open(struct linking *linking, struct request *req, bool of_items)
{
    *linking = (struct linking){.req = req, .links = req->method->links};
    return param_int(req, "id", &linking->id) && linking->id > 0 ? API_OK : bad_id(req, of_items);
}

/* Asks whether the caller may, and reads what is linked. */
static enum api_rc look(struct linking *linking, enum access_action action)
{
    enum api_rc rc = check_any(linking, action);
    if (rc == API_OK)
        rc = check_row(linking, action);
    if (rc == API_OK)
        rc = pairs_read(linking->req, linking->links->entity, linking->links->relation, linking->id,
                        &linking->before);
    linking->main = linking->before.main;
    return rc;
}

/* ---- the other one ---- */

static enum api_rc bad_fields(struct request *req)
{
    return api_fail_text(req, "The parameter 'fields' is not valid.");
}

/* One that is not there cannot be told from one that the caller may not read, unless he reads all. */
static enum api_rc check_other(const struct linking *linking, int64_t other, bool *readable)
{
    const struct entity *to = linking->links->relation->to;
    enum reference reference;
    enum api_rc rc = reference_find(linking->req, to, other, &reference);
    *readable = rc == API_OK && reference != REFERENCE_MISSING;
    return rc;
}

static enum api_rc unreadable(const struct linking *linking, int64_t other)
{
    const struct entity *to = linking->links->relation->to;
    if (reference_reads_all(linking->req, to))
        return bad_fields(linking->req);
    return api_fail(linking->req, API_ERR_METHOD,
                    "[%s #%lld] You do not have permission to view this item", to->title,
                    (long long)other);
}

/* What a call says of a link. */
struct given {
    int64_t other, sort, role_id;
    bool has_sort, has_role, is_main;
};

static bool take_number(const struct value *item, const char *name, int64_t *number, bool *has)
{
    const struct value *value = value_get(item, name);
    *has = !value_is_empty(value);
    return !*has || (value_to_int(value, number) && *number >= 0);
}

static bool take_given(const struct links *links, const struct value *item, struct given *given)
{
    const struct value *main = value_get(item, "IS_PRIMARY");
    *given = (struct given){0};
    return value_to_int(value_get(item, links->key), &given->other) && given->other > 0 &&
           take_number(item, "SORT", &given->sort, &given->has_sort) &&
           take_number(item, "ROLE_ID", &given->role_id, &given->has_role) &&
           (value_is_empty(main) || value_to_flag(main, &given->is_main));
}

static enum api_rc known_keys(struct request *req, const struct links *links,
                              const struct value *item)
{
    const char *const known[] = {links->key, "SORT", "ROLE_ID", "IS_PRIMARY", NULL};
    return unknown_keys(req, IN_FIELDS, item, known);
}

static struct pairs_item *find_item(const struct pairs_list *list, int64_t other)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->item[i].other == other)
            return &list->item[i];
    }
    return NULL;
}

static int64_t highest(const struct pairs_list *list)
{
    int64_t sort = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->item[i].sort > sort)
            sort = list->item[i].sort;
    }
    return sort;
}

/* ---- writing ---- */

static void copy_list(struct linking *linking, size_t more)
{
    const struct pairs_list *before = &linking->before;
    struct pairs_list *now = &linking->now;
    now->item = arena_alloc(linking->req->arena, (before->count + more + 1) * sizeof *now->item);
    if (before->count)
        memcpy(now->item, before->item, before->count * sizeof *now->item);
    now->count = before->count;
}

static void lay_over(struct pairs_item *item, const struct given *given, int64_t sort)
{
    item->other = given->other;
    item->sort = given->has_sort ? given->sort : sort;
    if (given->has_role)
        item->role_id = given->role_id;
}

/* There is a main one as long as there is any: the one that sorts first, when the last is gone. */
static void settle_main(struct linking *linking)
{
    const struct pairs_item *first = NULL;
    if (linking->main && find_item(&linking->now, linking->main))
        return;
    for (size_t i = 0; i < linking->now.count; i++) {
        const struct pairs_item *item = &linking->now.item[i];
        if (!first || item->sort < first->sort ||
            (item->sort == first->sort && item->other < first->other))
            first = item;
    }
    linking->main = first ? first->other : 0;
}

/* Who links changes the row: it is stamped and told like any other change. */
static enum api_rc write_list(struct linking *linking)
{
    struct request *req = linking->req;
    const struct links *links = linking->links;
    bool changed = false;
    settle_main(linking);
    linking->now.main = linking->main;
    enum api_rc rc = pairs_write(req, links->entity, links->relation, linking->id, &linking->before,
                                 &linking->now, &changed);
    if (rc == API_OK && changed)
        rc = entity_change(req, links->entity, linking->id, value_array(req->arena));
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc fields_given(struct request *req, const char *called,
                                const struct value **fields)
{
    *fields = param_get(req, "fields");
    if (*fields && (*fields)->type == VALUE_ARRAY)
        return API_OK;
    return api_fail(req, API_ERR_METHOD, "The parameter '%s' must be array.", called);
}

static enum api_rc add_one(struct linking *linking, const struct given *given)
{
    bool readable;
    enum api_rc rc = check_other(linking, given->other, &readable);
    if (rc == API_OK && !readable)
        return unreadable(linking, given->other);
    if (rc != API_OK)
        return rc;
    copy_list(linking, 1);
    struct pairs_item *item = find_item(&linking->now, given->other);
    if (item) {
        lay_over(item, given, item->sort);
    } else {
        item = &linking->now.item[linking->now.count++];
        *item = (struct pairs_item){0};
        lay_over(item, given, highest(&linking->before) + 10);
    }
    if (given->is_main)
        linking->main = given->other;
    return write_list(linking);
}

static enum api_rc links_add(struct request *req)
{
    struct linking linking;
    const struct value *fields;
    struct given given;
    enum api_rc rc = open(&linking, req, false);
    if (rc == API_OK)
        rc = fields_given(req, "fields", &fields);
    if (rc == API_OK)
        rc = look(&linking, ACCESS_UPDATE);
    if (rc == API_OK && !take_given(linking.links, fields, &given))
        rc = bad_fields(req);
    if (rc == API_OK)
        rc = known_keys(req, linking.links, fields);
    return rc == API_OK ? add_one(&linking, &given) : rc;
}

static enum api_rc links_delete(struct request *req)
{
    struct linking linking;
    const struct value *fields;
    struct given given;
    bool readable = true;
    enum api_rc rc = open(&linking, req, false);
    if (rc == API_OK)
        rc = fields_given(req, linking.links->given ? linking.links->given : "item", &fields);
    if (rc == API_OK)
        rc = look(&linking, ACCESS_UPDATE);
    if (rc == API_OK && !take_given(linking.links, fields, &given))
        rc = bad_fields(req);
    if (rc == API_OK && !reference_reads_all(req, linking.links->relation->to))
        rc = check_other(&linking, given.other, &readable);
    if (rc == API_OK && !readable)
        rc = unreadable(&linking, given.other);
    if (rc != API_OK)
        return rc;
    copy_list(&linking, 0);
    struct pairs_item *item = find_item(&linking.now, given.other);
    if (item)
        *item = linking.now.item[--linking.now.count];
    return write_list(&linking);
}

/* Keeps of what is linked what the caller does not see. */
static enum api_rc keep_unseen(struct linking *linking, size_t more)
{
    struct request *req = linking->req;
    const struct entity *to = linking->links->relation->to;
    const struct pairs_list *before = &linking->before;
    struct pairs_list *now = &linking->now;
    copy_list(linking, more);
    now->count = 0;
    if (reference_reads_all(req, to))
        return API_OK;
    int64_t *ids = arena_alloc(req->arena, (before->count + 1) * sizeof *ids);
    bool *readable = arena_zalloc(req->arena, before->count + 1);
    for (size_t i = 0; i < before->count; i++)
        ids[i] = before->item[i].other;
    enum api_rc rc = reference_readable(req, to, ids, before->count, readable);
    for (size_t i = 0; i < before->count && rc == API_OK; i++) {
        if (!readable[i])
            now->item[now->count++] = before->item[i];
    }
    return rc;
}

static int64_t sort_of(const struct linking *linking, const struct pairs_item *stored, size_t place)
{
    int64_t high = highest(&linking->now), before = highest(&linking->before);
    if (!linking->links->keeps_sort)
        return ((int64_t)place + 1) * 10;
    return stored ? stored->sort : (high > before ? high : before) + 10;
}

/* One item of items.set; `first` tells that no main one was given before it. */
static enum api_rc set_one(struct linking *linking, const struct value *given_item, size_t place,
                           bool *has_main)
{
    struct given given;
    bool readable;
    if (!value_is_array(given_item) || !take_given(linking->links, given_item, &given))
        return api_fail_text(linking->req, "The parameter items is not valid.");
    enum api_rc rc = known_keys(linking->req, linking->links, given_item);
    if (rc == API_OK)
        rc = check_other(linking, given.other, &readable);
    if (rc == API_OK && !readable)
        return unreadable(linking, given.other);
    if (rc != API_OK || find_item(&linking->now, given.other))
        return rc;
    const struct pairs_item *stored = find_item(&linking->before, given.other);
    int64_t sort = sort_of(linking, stored, place);
    struct pairs_item *item = &linking->now.item[linking->now.count++];
    *item = stored ? *stored : (struct pairs_item){0};
    lay_over(item, &given, sort);
    if (given.is_main ? !*has_main : !linking->main)
        linking->main = given.other;
    *has_main = *has_main || given.is_main;
    return API_OK;
}

static enum api_rc links_set(struct request *req)
{
    struct linking linking;
    bool has_main = false;
    const struct value *items = param_get(req, "items");
    enum api_rc rc = open(&linking, req, true);
    if (rc == API_OK && (!items || items->type != VALUE_ARRAY || items->array.count > ITEMS_MOST))
        rc = api_fail_text(req, "The parameter items must be array.");
    if (rc == API_OK)
        rc = look(&linking, ACCESS_UPDATE);
    if (rc == API_OK)
        rc = keep_unseen(&linking, rc == API_OK ? items->array.count : 0);
    linking.main = 0;
    for (size_t i = 0; rc == API_OK && i < items->array.count; i++)
        rc = set_one(&linking, items->array.items[i].value, i, &has_main);
    return rc == API_OK ? write_list(&linking) : rc;
}

static enum api_rc links_clear(struct request *req)
{
    struct linking linking;
    enum api_rc rc = open(&linking, req, true);
    if (rc == API_OK)
        rc = look(&linking, ACCESS_UPDATE);
    if (rc == API_OK)
        rc = keep_unseen(&linking, 0);
    return rc == API_OK ? write_list(&linking) : rc;
}

/* ---- reading ---- */

static void write_item(struct writer *out, const struct links *links, const struct pairs_item *item,
                       bool is_main)
{
    writer_begin_object(out);
    writer_number(out, links->key, item->other);
    writer_number(out, "SORT", item->sort);
    writer_number(out, "ROLE_ID", item->role_id);
    writer_text(out, "IS_PRIMARY", is_main ? "Y" : "N");
    writer_end_object(out);
}

static enum api_rc links_get(struct request *req)
{
    struct linking linking;
    enum api_rc rc = open(&linking, req, true);
    if (rc == API_OK)
        rc = look(&linking, ACCESS_READ);
    if (rc == API_OK)
        rc = keep_unseen(&linking, 0); /* `now` is what he does not see */
    if (rc != API_OK)
        return rc;
    writer_begin_list(req->out);
    for (size_t i = 0; i < linking.before.count; i++) {
        const struct pairs_item *item = &linking.before.item[i];
        if (!find_item(&linking.now, item->other))
            write_item(req->out, linking.links, item, item->other == linking.before.main);
    }
    writer_end_list(req->out);
    return API_OK;
}

static enum api_rc links_fields(struct request *req)
{
    const struct links *links = req->method->links;
    const struct field fields[] = {
        FIELD_ROW("SORT", "integer", "Sorting", FIELD_INT, NULL, 0, NULL),
        FIELD_ROW("IS_PRIMARY", "char", "Primary", FIELD_FLAG, NULL, 0, NULL),
        FIELD_ROW(links->key, "integer", links->relation->to->title, FIELD_INT, NULL,
                  FIELD_REQUIRED, NULL),
    };
    writer_begin_object(req->out);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        field_describe(req, &fields[i]);
    writer_end_object(req->out);
    return API_OK;
}

/* ---- specs ---- */

#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier of the row that is linked, greater than 0.",            \
            .asked = true                                                                          \
    }

/* %s: "a deal", "contacts". */
static const struct verb {
    const char *name, *summary;
    enum lane lane;
    enum shape result;
    enum api_rc (*handle)(struct request *req);
    enum { TAKES_NOTHING, TAKES_ID, TAKES_ITEM, TAKES_ITEMS } takes;
} verbs[] = {
    {"add", "Link one more row.", LANE_WRITE, SHAPE_BOOL, links_add, TAKES_ITEM},
    {"delete", "End a link.", LANE_WRITE, SHAPE_BOOL, links_delete, TAKES_ITEM},
    {"fields", "Describe the fields of a link.", LANE_READ, SHAPE_OBJECT, links_fields,
     TAKES_NOTHING},
    {"items.get", "List the links of a row.", LANE_READ, SHAPE_LIST, links_get, TAKES_ID},
    {"items.set", "Write the links of a row anew.", LANE_WRITE, SHAPE_BOOL, links_set, TAKES_ITEMS},
    {"items.delete", "End all links of a row.", LANE_WRITE, SHAPE_BOOL, links_clear, TAKES_ID},
};
#define VERBS (sizeof verbs / sizeof verbs[0])

size_t links_count(void)
{
    return VERBS;
}

/* Of the heap, for the process: a table of rows whose keys are named by the links. */
static const struct param *table_of(const struct param *rows, size_t count)
{
    struct param *table = xcalloc(count + 1, sizeof *table);
    memcpy(table, rows, count * sizeof *table);
    return table;
}

/* What a call says of a link; `shown`: as items.get has it. */
static const struct param *link_keys(const struct links *links, bool shown)
{
    const struct param rows[] = {
        {links->key, PARAM_INT, true, "Identifier of the other one.", .asked = !shown},
        {"SORT", PARAM_INT, shown, "Where it stands among the others."},
        {"ROLE_ID", PARAM_INT, shown, "Its role."},
        {"IS_PRIMARY", PARAM_FLAG, shown, "Y: the main one."},
    };
    return table_of(rows, sizeof rows / sizeof rows[0]);
}

/* Makes only what the verb takes: what nobody names would be lost. */
static const struct param *params_of(const struct links *links, const struct verb *verb)
{
    const struct param id = ID;
    if (verb->takes == TAKES_NOTHING)
        return NULL;
    if (verb->takes == TAKES_ID)
        return table_of(&id, 1);
    const struct param *keys = link_keys(links, false);
    const struct param fields = {"fields",    PARAM_ARRAY,  true,
                                 "The link.", .keys = keys, .asked = true};
    if (verb->takes == TAKES_ITEM)
        return table_of((const struct param[]){id, fields}, 2);
    const struct param item = {"", PARAM_ARRAY, .keys = keys};
    const struct param items = {
        "items", PARAM_LIST, true, "All links.", .keys = table_of(&item, 1), .asked = true};
    return table_of((const struct param[]){id, items}, 2);
}

void links_methods(const struct links *links, struct method *methods)
{
    for (size_t i = 0; i < VERBS; i++) {
        const struct verb *verb = &verbs[i];
        struct buf name = {0};
        buf_printf(&name, "%s.%s", links->name, verb->name);
        const struct known_method *known = known_find(name.data, name.len);
        CHECK(known);
        methods[i] = (struct method){.name = buf_take(&name, NULL),
                                     .summary = verb->summary,
                                     .scope = known->scope,
                                     .lane = verb->lane,
                                     .params = params_of(links, verb),
                                     .result = verb->result,
                                     .gives = verb->handle == links_get ? link_keys(links, true)
                                              : verb->handle == links_fields ? shape_fields
                                                                             : NULL,
                                     .page = known->page,
                                     .handle = verb->handle,
                                     .links = links};
    }
}

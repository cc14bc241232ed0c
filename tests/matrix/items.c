/* What the descriptors tell, checked without naming it: each entity whose rows belong to their responsible person, and a
 * smart process, by crm.item.* and by methods of its own (crm.quote.get), at its card (comments, the timeline), with its product rows and its links. An entity that
 * is new is here by itself, with levels of its own in the roles. */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "crm/owner.h"
#include "crm/product_owner.h"
#include "matrix.h"
#include "model/catalog.h"
#include "model/crud.h"
#include "model/dialect.h"
#include "model/links.h"
#include "model/method.h"
#include "model/registry.h"
#include "people/auth.h"

#define SMART 1030 /* the number of the first type that a portal makes */
#define ROWS 5     /* of each */

enum { KINDS_MOST = 40, ITEMS_MOST = 400 };

static struct kind {
    int type;
    char table[40], category[40], code[40], short_code[16];
    char own[40];   /* "crm.quote": whose methods it has; or "" */
    char title[40]; /* the field that names a row, its column, as crm.item calls it */
    char column[40], item_title[40];
    bool in_items, has_card, has_products;
} kinds[KINDS_MOST];
static int kind_count;

struct item {
    const struct kind *kind;
    int64_t id, assigned, funnel;
    char title[40];
};

struct items {
    struct item list[ITEMS_MOST];
    int count;
};

static struct items now, later;

/* ---- which there are ---- */

static const char *column_of(const struct entity *entity, const char *field)
{
    const struct field *found = field ? entity_field(entity, field) : NULL;
    return found && found->column ? found->column : "0";
}

/* "" where it has not all of the usual six. */
static const char *own_methods(const struct entity *entity)
{
    for (const struct module *const *m = modules; *m; m++) {
        const struct crud *crud = (*m)->crud;
        if (crud && !strcmp(crud->entity->table, entity->table) &&
            (crud->verbs & ALL_VERBS) == ALL_VERBS)
            return crud->name;
    }
    return "";
}

static void add_kind(const struct entity *entity)
{
    struct kind *kind = &kinds[kind_count];
    const char *own = own_methods(entity),
               *title = entity_field(entity, "TITLE") ? "TITLE" : "NAME";
    if (!entity_field(entity, "ASSIGNED_BY_ID") || (!entity->names && !own[0]))
        return; /* nobody is responsible for its rows, or nothing shows them */
    if (++kind_count > KINDS_MOST)
        die("items", "there are more entities than expected");
    kind->type = entity->type_id;
    snprintf(kind->table, sizeof kind->table, "%s", entity->table);
    snprintf(kind->category, sizeof kind->category, "%s", column_of(entity, entity->category));
    snprintf(kind->code, sizeof kind->code, "%s", entity->code ? entity->code : "");
    snprintf(kind->short_code, sizeof kind->short_code, "%s",
             entity->short_code ? entity->short_code : "");
    snprintf(kind->own, sizeof kind->own, "%s", own);
    snprintf(kind->title, sizeof kind->title, "%s", title);
    snprintf(kind->column, sizeof kind->column, "%s", column_of(entity, title));
    snprintf(kind->item_title, sizeof kind->item_title, title[0] == 'T' ? "title" : "name");
    kind->in_items = entity->names;
    kind->has_card = relation_of_kind(entity, &relation_activities);
    kind->has_products = relation_has(entity, &product_rows);
}

/* Once, before the worlds: what a call makes and a world undoes, the catalog would still know. */
void items_types_make(void)
{
    static const struct user first = {.id = 1, .admin = true, .code = "matrixfirstcode0"};
    int64_t id;
    if (webhook_add(db, portal, 1, first.code, "crm", 1768435200, &id) != DB_OK)
        die("webhook", db_message(db));
    struct answer a = call(&first, WEBHOOK, "crm.type.add",
                           "{\"fields\":{\"title\":\"Matrix\",\"isStagesEnabled\":\"Y\","
                           "\"isCategoriesEnabled\":\"Y\",\"isLinkWithProductsEnabled\":\"Y\"}}");
    if (get_id(json_object_get(a.result, "type"), "entityTypeId") != SMART)
        die("a smart process", a.text);
    answer_clear(&a);
    struct caller caller = {.user_id = 1, .is_admin = true, .scopes = ""};
    struct arena arena;
    arena_init(&arena);
    struct request req = {.arena = &arena, .db = db, .portal = portal, .caller = &caller};
    if (catalog_pin_change(&req) != API_OK)
        die("catalog", db_message(db));
    for (const struct entity *const *e = entity_all(&req); *e; e++)
        add_kind(*e);
    arena_clear(&arena);
}

/* ---- roles ---- */

/* Levels of the roles for the types that world.c gives none, and now and then for one funnel of them. */
static int levels[ROLES][KINDS_MOST][ACTIONS];

static void set_level(int role, const struct kind *kind, int action, int level)
{
    static const char *const actions[] = {"read", "add", "update", "delete"};
    char text[200];
    levels[role][kind - kinds][action] = level;
    snprintf(text, sizeof text,
             "INSERT INTO role_permission (role_id, entity_type_id, action, level) VALUES (%lld, "
             "%d, '%s', %d)",
             (long long)world.roles[role].id, kind->type, actions[action], level);
    if (level)
        sql(text);
}

void items_roles_make(void)
{
    memset(levels, 0, sizeof levels);
    for (int role = 0; role < ROLES; role++) {
        for (int k = 0; k < kind_count; k++) {
            bool any = !random_one_in(3);
            for (int action = READ; action < ACTIONS && any && kinds[k].type > TYPES; action++)
                set_level(role, &kinds[k], action,
                          random_below(action == READ ? ALL + 1 : SUBTREE + 1));
        }
    }
}

static bool item_covers(const struct user *user, int action, const struct item *item)
{
    if (item->kind->type <= TYPES) {
        const struct row row = {
            .type = item->kind->type, .assigned = item->assigned, .funnel = item->funnel};
        return covers(user, action, &row);
    }
    int highest = user->admin ? ALL : NONE;
    for (int i = 0; i < ROLES; i++) {
        int said = levels[i][item->kind - kinds][action];
        if (has_role(user, &world.roles[i]) && said > highest)
            highest = said;
    }
    return level_covers(user, highest, item->assigned);
}

static int item_level(const struct user *user, const struct kind *kind, int action)
{
    if (kind->type <= TYPES)
        return level(user, kind->type, action);
    int highest = user->admin ? ALL : NONE;
    for (int i = 0; i < ROLES; i++) {
        int said = levels[i][kind - kinds][action];
        if (has_role(user, &world.roles[i]) && said > highest)
            highest = said;
    }
    return highest;
}

void items_print_levels(const struct user *user, const char *letters)
{
    for (int k = 0; k < kind_count; k++) {
        if (kinds[k].type <= TYPES)
            continue;
        printf(" %s ", kinds[k].table);
        for (int action = READ; action < ACTIONS; action++)
            putchar(letters[item_level(user, &kinds[k], action)]);
    }
}

/* ---- rows ---- */

static void read_items(struct items *items)
{
    items->count = 0;
    for (int k = 0; k < kind_count; k++) {
        char text[300];
        snprintf(text, sizeof text, "SELECT id, assigned_by_id, %s, %s FROM %s ORDER BY id",
                 kinds[k].category, kinds[k].column, kinds[k].table);
        struct db_stmt *stmt = db_prepare(db, text);
        enum db_rc rc;
        while ((rc = db_step(stmt)) == DB_ROW) {
            if (items->count == ITEMS_MOST)
                die("items", "there are more rows than expected");
            struct item *item = &items->list[items->count++];
            *item = (struct item){&kinds[k], db_int(stmt, 0), db_int(stmt, 1), db_int(stmt, 2), ""};
            snprintf(item->title, sizeof item->title, "%s", db_text(stmt, 3, NULL));
        }
        db_finish(stmt);
        if (rc != DB_NONE)
            die("items", db_message(db));
    }
}

/* A call about rows of the kind: by crm.item or by its own methods. */
struct way {
    const struct kind *kind;
    bool item;
    enum credential by;
    char method[60];
};

static struct way way_of(const struct kind *kind, const char *verb)
{
    struct way way = {.kind = kind, .by = any_credential()};
    way.item = kind->in_items && (!kind->own[0] || random_one_in(2));
    snprintf(way.method, sizeof way.method, "%s.%s", way.item ? "crm.item" : kind->own, verb);
    return way;
}

static struct answer call_one(const struct user *user, const struct way *way, int64_t id)
{
    return way->item ? call(user, way->by, way->method, "{\"entityTypeId\":%d,\"id\":%lld}",
                            way->kind->type, (long long)id)
                     : call(user, way->by, way->method, "{\"id\":%lld}", (long long)id);
}

/* `id`: of the row that is changed. */
static struct answer call_with(const struct user *user, const struct way *way, int64_t id,
                               const char *title, int64_t assigned)
{
    const struct kind *kind = way->kind;
    const char *named = way->item ? kind->item_title : kind->title;
    char given[200];
    size_t len = format_text(given, sizeof given, "\"%s\":\"%s\"", named, title);
    if (assigned)
        format_text(given + len, sizeof given - len, ",\"%s\":%lld",
                    way->item ? "assignedById" : "ASSIGNED_BY_ID", (long long)assigned);
    return call(user, way->by, way->method, "{\"entityTypeId\":%d,\"id\":%lld,\"fields\":{%s}}",
                kind->type, (long long)id, given);
}

void items_make(void)
{
    for (int k = 0; k < kind_count; k++) {
        for (int i = 0; i < ROWS && kinds[k].type > TYPES; i++) {
            char title[20];
            struct way way = way_of(&kinds[k], "add");
            way.by = WEBHOOK;
            snprintf(title, sizeof title, "Item %d", i);
            struct answer a = call_with(&world.users[0], &way, 0, title, any_user()->id);
            if (!a.result)
                die("an item", a.text);
            answer_clear(&a);
        }
    }
    read_items(&now);
}

static const struct item *find_item(const struct items *items, const struct kind *kind, int64_t id)
{
    for (int i = 0; i < items->count; i++) {
        if (items->list[i].kind == kind && items->list[i].id == id)
            return &items->list[i];
    }
    return NULL;
}

/* Often of the types that only these checks know. */
static const struct item *any_item(void)
{
    const struct item *item = &now.list[random_below(now.count)];
    for (int i = 0; i < 4 && item->kind->type <= TYPES; i++)
        item = &now.list[random_below(now.count)];
    return item;
}

/* Mostly one that he may do it with. */
static const struct item *item_for(const struct user *user, int action)
{
    const struct item *item = any_item();
    for (int i = 0; i < 6 && !item_covers(user, action, item); i++)
        item = any_item();
    return item;
}

/* ---- reading ---- */

static void read_one(const struct user *user)
{
    const struct item *item = item_for(user, READ);
    bool allowed = item_covers(user, READ, item);
    const struct way way = way_of(item->kind, "get");
    struct answer a = call_one(user, &way, item->id);
    const json_t *shown = way.item ? json_object_get(a.result, "item") : a.result;
    check((shown != NULL) == allowed &&
              (!shown || get_id(shown, way.item ? "id" : "ID") == item->id),
          &a, "%s", allowed ? "the item" : "a refusal");
    if (item_level(user, item->kind, READ) == NONE)
        same_as_missing(&a, "id", item->id);
    if (random_one_in(4))
        same_in_batch(&a);
    answer_clear(&a);
}

static void read_list(const struct user *user)
{
    const struct kind *kind = any_item()->kind;
    const struct way way = way_of(kind, "list");
    struct answer a =
        way.item
            ? call(user, way.by, way.method,
                   "{\"entityTypeId\":%d,\"select\":[\"id\",\"title\"],\"order\":{\"%s\":\"ASC\"}}",
                   kind->type, random_one_in(2) ? "id" : "assignedById")
            : call(user, way.by, way.method, "{\"select\":[\"ID\"],\"order\":{\"%s\":\"ASC\"}}",
                   random_one_in(2) ? "ID" : "ASSIGNED_BY_ID");
    const json_t *list = way.item ? json_object_get(a.result, "items") : a.result;
    int wanted = 0, found = 0;
    for (int i = 0; i < now.count; i++) {
        bool shown = false;
        if (now.list[i].kind != kind || !item_covers(user, READ, &now.list[i]))
            continue;
        for (size_t j = 0; j < json_array_size(list) && !shown; j++)
            shown = get_id(json_array_get(list, j), way.item ? "id" : "ID") == now.list[i].id;
        wanted++;
        found += shown;
    }
    if (item_level(user, kind, READ) == NONE)
        check(!a.result, &a, "a refusal");
    else
        check(found == wanted && (int)json_array_size(list) == wanted, &a, "%d items", wanted);
    answer_clear(&a);
}

static void read_card(const struct user *user)
{
    const struct item *item = item_for(user, READ);
    if (!item->kind->has_card)
        return;
    bool allowed = item_covers(user, READ, item);
    struct answer a =
        random_one_in(2)
            ? call(user, any_credential(), "rapport.timeline.list",
                   "{\"entityTypeId\":%d,\"entityId\":%lld}", item->kind->type, (long long)item->id)
            : call(user, any_credential(), "crm.timeline.comment.list",
                   "{\"filter\":{\"ENTITY_TYPE\":\"%s\",\"ENTITY_ID\":%lld}}", item->kind->code,
                   (long long)item->id);
    check((a.result != NULL) == allowed, &a, "%s", allowed ? "the timeline" : "a refusal");
    answer_clear(&a);
}

static void read_products(const struct user *user)
{
    const struct item *item = item_for(user, READ);
    if (!item->kind->has_products)
        return;
    bool allowed = item_covers(user, READ, item);
    struct answer a = call(user, any_credential(), "crm.item.productrow.list",
                           "{\"filter\":{\"=ownerType\":\"%s\",\"=ownerId\":%lld}}",
                           item->kind->short_code, (long long)item->id);
    check((a.result != NULL) == allowed, &a, "%s", allowed ? "its rows" : "a refusal");
    answer_clear(&a);
}

/* Mostly one that he may do it with; NULL when there is none of the entity. */
static const struct item *item_of(const struct entity *entity, const struct user *user, int action)
{
    const struct item *found = NULL;
    for (int i = 0; i < 200; i++) {
        const struct item *item = any_item();
        if (item->kind->type != entity->type_id)
            continue;
        found = item;
        if (item_covers(user, action, item) || random_one_in(6))
            break;
    }
    return found;
}

/* Methods of links, of all entities that have some. */
static const struct links *any_links(void)
{
    const struct links *found = NULL;
    int seen = 0;
    for (const struct module *const *m = modules; *m; m++) {
        if ((*m)->links && random_one_in(++seen))
            found = (*m)->links;
    }
    return found;
}

static void read_links(const struct user *user)
{
    char method[80];
    const struct links *links = any_links();
    const struct item *item = item_of(links->entity, user, READ);
    if (!item)
        return;
    bool allowed = item_covers(user, READ, item);
    snprintf(method, sizeof method, "%s.items.get", links->name);
    struct answer a = call(user, any_credential(), method, "{\"id\":%lld}", (long long)item->id);
    check((a.result != NULL) == allowed, &a, "%s", allowed ? "its links" : "a refusal");
    answer_clear(&a);
}

void read_item(void)
{
    static void (*const reads[])(const struct user *user) = {read_one, read_list, read_card,
                                                             read_products, read_links};
    reads[random_below((int)(sizeof reads / sizeof reads[0]))](any_user());
}

/* ---- writing ---- */

/* Of all items but this one nothing has changed; it has, or has gone, if that was allowed. */
static void check_items(const struct answer *a, const struct item *subject, bool gone)
{
    read_items(&later);
    for (int i = 0; i < now.count; i++) {
        const struct item *old = &now.list[i], *left = find_item(&later, old->kind, old->id);
        bool is_subject = old == subject;
        check((left == NULL) == (is_subject && gone), a, "%s %lld is %s", old->kind->table,
              (long long)old->id, left ? "gone" : "there");
        check(!left || is_subject ||
                  (!strcmp(old->title, left->title) && old->assigned == left->assigned),
              a, "%s %lld is as it was", old->kind->table, (long long)old->id);
    }
}

static void update_item(const struct user *user)
{
    const struct item *item = item_for(user, UPDATE);
    bool allowed = item_covers(user, UPDATE, item);
    const struct way way = way_of(item->kind, "update");
    struct answer a = call_with(user, &way, item->id, "Changed", 0);
    check((a.result != NULL) == allowed, &a, "%s", allowed ? "a change" : "a refusal");
    check_items(&a, item, false);
    const struct item *left = find_item(&later, item->kind, item->id);
    check(left && !strcmp(left->title, allowed ? "Changed" : item->title), &a, "its title is %s",
          allowed ? "another" : "as it was");
    answer_clear(&a);
}

static void delete_item(const struct user *user)
{
    const struct item *item = item_for(user, DELETE);
    bool allowed = item_covers(user, DELETE, item);
    const struct way way = way_of(item->kind, "delete");
    struct answer a = call_one(user, &way, item->id);
    check((a.result != NULL) == allowed, &a, "%s", allowed ? "done" : "a refusal");
    check_items(&a, item, allowed);
    answer_clear(&a);
}

static void add_item(const struct user *user)
{
    struct item item = *any_item();
    item.assigned = random_one_in(2) ? user->id : any_user()->id;
    item.funnel = 0;
    bool allowed = item_covers(user, ADD, &item);
    const struct way way = way_of(item.kind, "add");
    struct answer a = call_with(user, &way, 0, "New", item.assigned);
    check((a.result != NULL) == allowed, &a, "%s", allowed ? "a new item" : "a refusal");
    read_items(&later);
    check(later.count == now.count + allowed, &a, "%s more", allowed ? "one" : "none");
    answer_clear(&a);
}

/* What hangs on a row asks for the right to read and to change it. */
static bool may_hang(const struct user *user, const struct item *item)
{
    return item_covers(user, READ, item) && item_covers(user, UPDATE, item);
}

static void write_comment(const struct user *user)
{
    const struct item *item = item_for(user, UPDATE);
    if (!item->kind->has_card)
        return;
    bool allowed = may_hang(user, item);
    struct answer a =
        call(user, any_credential(), "crm.timeline.comment.add",
             "{\"fields\":{\"ENTITY_TYPE\":\"%s\",\"ENTITY_ID\":%lld,\"COMMENT\":\"x\"}}",
             item->kind->code, (long long)item->id);
    check((a.result != NULL) == allowed, &a, "%s", allowed ? "a comment" : "a refusal");
    int64_t id = to_id(a.result);
    answer_clear(&a);
    if (!allowed || !id)
        return;
    /* Another one may change and read it by the same rule, at the same card. */
    const struct user *other = any_user();
    a = call(other, any_credential(), "crm.timeline.comment.update",
             "{\"id\":%lld,\"fields\":{\"COMMENT\":\"y\"}}", (long long)id);
    check((a.result != NULL) == may_hang(other, item), &a, "%s",
          may_hang(other, item) ? "a change" : "a refusal");
    answer_clear(&a);
    a = call(other, any_credential(), "crm.timeline.comment.get", "{\"id\":%lld}", (long long)id);
    check((a.result != NULL) == item_covers(other, READ, item), &a, "%s",
          item_covers(other, READ, item) ? "the comment" : "a refusal");
    answer_clear(&a);
}

static void write_product_rows(const struct user *user)
{
    const struct item *item = item_for(user, UPDATE);
    if (!item->kind->has_products)
        return;
    bool allowed = item_covers(user, UPDATE, item);
    struct answer a =
        call(user, any_credential(), "crm.item.productrow.set",
             "{\"ownerType\":\"%s\",\"ownerId\":%lld,\"productRows\":[{\"productName\":\"x\","
             "\"price\":5}]}",
             item->kind->short_code, (long long)item->id);
    check((a.result != NULL) == allowed, &a, "%s", allowed ? "rows" : "a refusal");
    check_items(&a, item, false);
    answer_clear(&a);
}

static void write_links(const struct user *user)
{
    char method[80];
    const struct links *links = any_links();
    const struct item *item = item_of(links->entity, user, UPDATE);
    if (!item)
        return;
    bool allowed = item_covers(user, UPDATE, item);
    snprintf(method, sizeof method, "%s.items.delete", links->name);
    struct answer a = call(user, any_credential(), method, "{\"id\":%lld}", (long long)item->id);
    check((a.result != NULL) == allowed, &a, "%s", allowed ? "no more links" : "a refusal");
    check_items(&a, item, false);
    answer_clear(&a);
}

void write_item(void)
{
    static void (*const writes[])(const struct user *user) = {
        update_item, delete_item, add_item, write_comment, write_product_rows, write_links};
    sql("SAVEPOINT matrix");
    writes[random_below((int)(sizeof writes / sizeof writes[0]))](any_user());
    sql("ROLLBACK TO SAVEPOINT matrix; RELEASE SAVEPOINT matrix");
}

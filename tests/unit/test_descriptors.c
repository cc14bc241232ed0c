/* What each descriptor says of itself and of its table, held against the store and the other descriptors: what is wrong
 * is told with the entity's name. */
#include "support.h"

#include <strings.h>

#include "crm/dynamic_type.h"
#include "model/crud.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/relation.h"

static struct folder folder;
static struct portal *portal;
static struct db *db;
static int wrong;

static void say(const struct entity *entity, const char *what, const char *name)
{
    print_error("%s: %s%s%s\n", entity->name, what, name ? " " : "", name ? name : "");
    wrong++;
}

/* A SELECT with that in it; `bound`: its only parameter, or NULL. */
static bool runs(const char *what, const char *more, const struct entity *entity, const char *where,
                 const char *bound)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT %s%s FROM %s t WHERE %s LIMIT 1", what, more, entity->table, where);
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    if (bound)
        db_bind_textz(stmt, 1, bound);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    buf_clear(&sql);
    return rc == DB_ROW || rc == DB_NONE;
}

static bool has_index(const struct entity *entity)
{
    struct buf condition = {0};
    struct arena arena;
    arena_init(&arena);
    db_sql_search(db, &condition, entity->table, 1);
    bool has = runs("1", "", entity, buf_text(&condition), db_search_text(db, &arena, "lathe", 5));
    buf_clear(&condition);
    arena_clear(&arena);
    return has;
}

static void check_columns(const struct entity *entity)
{
    bool searched = false;
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (!field->column)
            continue;
        searched = searched || field->flags & FIELD_SEARCH;
        if (!runs(field->column, "", entity, "1=1", NULL))
            say(entity, "its table has no column", field->column);
        if (field->flags & FIELD_KEYED && !runs(field->column, "_key", entity, "1=1", NULL))
            say(entity, "FIELD_KEYED, and its table has no column COLUMN_key for", field->name);
    }
    if (searched && !has_index(entity))
        say(entity, "FIELD_SEARCH, and no line `@search TABLE COLUMN ...` of a migration", NULL);
}

static void columns_are_there(void **state)
{
    (void)state;
    for (const struct entity *const *e = program_entities; *e; e++) {
        if (runs("1", "", *e, "1=1", NULL))
            check_columns(*e);
        else
            say(*e, "there is no table", (*e)->table);
    }
    assert_int_equal(wrong, 0);
}

static void names_are_nobody_elses(void **state)
{
    (void)state;
    for (const struct entity *const *e = program_entities; *e; e++) {
        if (dynamic_type_is((*e)->type_id))
            say(*e, "its type_id is a smart process'", NULL);
        for (const struct entity *const *other = program_entities; *other != *e; other++) {
            if ((*e)->type_id && (*e)->type_id == (*other)->type_id)
                say(*e, "has the type_id of", (*other)->name);
            if ((*e)->code && (*other)->code && !strcasecmp((*e)->code, (*other)->code))
                say(*e, "has the code of", (*other)->name);
            if ((*e)->event && (*other)->event && !strcmp((*e)->event, (*other)->event) &&
                !((*e)->event_by_type && (*other)->event_by_type))
                say(*e, "has the events of", (*other)->name);
            if ((*e)->user_fields && (*other)->user_fields &&
                !strcmp((*e)->user_fields, (*other)->user_fields))
                say(*e, "has the custom fields of", (*other)->name);
        }
    }
    assert_int_equal(wrong, 0);
}

/* permit_assigned goes by the responsible person, and by levels that roles give to a type by its code. */
static void roles_can_name_them(void **state)
{
    (void)state;
    for (const struct entity *const *e = program_entities; *e; e++) {
        if ((*e)->permit != &permit_assigned)
            continue;
        if (!(*e)->type_id)
            say(*e, "permit_assigned needs a", "type_id");
        if (!(*e)->code)
            say(*e, "permit_assigned needs a", "code");
        if (!entity_field(*e, "ASSIGNED_BY_ID"))
            say(*e, "permit_assigned needs a field", "ASSIGNED_BY_ID");
    }
    assert_int_equal(wrong, 0);
}

static const struct entity *named_by_type(const struct field *field)
{
    return field->kind == FIELD_INT && field->column && !strncmp(field->type, "crm_", 4)
               ? entity_of_code(NULL, field->type + 4)
               : NULL;
}

/* A field of type crm_company without a relation would keep ids of companies that are gone, or are not readable. */
static void references_are_relations(void **state)
{
    (void)state;
    for (const struct entity *const *e = program_entities; *e; e++) {
        for (size_t i = 0; i < (*e)->field_count; i++) {
            const struct field *field = &(*e)->fields[i];
            const struct relation *const *r = (*e)->relations;
            while (r && *r && !((*r)->main && !strcmp((*r)->main, field->name)))
                r++;
            if (named_by_type(field) && !(r && *r))
                say(*e, "there is no relation for the field", field->name);
        }
    }
    assert_int_equal(wrong, 0);
}

static void methods_fit_their_entity(void **state)
{
    (void)state;
    for (const struct module *const *m = modules; *m; m++) {
        const struct crud *crud = (*m)->crud;
        const struct entity *const *e = program_entities;
        while (crud && *e && *e != crud->entity)
            e++;
        if (crud && !*e)
            say(crud->entity, "has methods, and no ENTITY", NULL);
        if (crud && crud->verbs & CRUD_USER_FIELDS && !crud->entity->user_fields)
            say(crud->entity, "CRUD_USER_FIELDS needs", "user_fields");
    }
    assert_int_equal(wrong, 0);
}

static int anew(void **state)
{
    (void)state;
    wrong = 0;
    return 0;
}

static int begin(void **state)
{
    (void)state;
    portal_prepare();
    folder = folder_make();
    portal = portal_make(&folder);
    db = portal_store(portal, DB_WRITER);
    return 0;
}

static int end(void **state)
{
    (void)state;
    db_close(db);
    portal_close(portal);
    folder_remove(&folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(columns_are_there, anew),
        cmocka_unit_test_setup(names_are_nobody_elses, anew),
        cmocka_unit_test_setup(roles_can_name_them, anew),
        cmocka_unit_test_setup(references_are_relations, anew),
        cmocka_unit_test_setup(methods_fit_their_entity, anew),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

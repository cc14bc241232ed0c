/* Rights that change: who is responsible, who works where. Then people look again. */
#include <stdio.h>

#include "base/format.h"
#include "matrix.h"
#include "people/auth.h"

static void look_again(void)
{
    static void (*const looks[])(void) = {read_act, read_acts, read_row, read_rows, read_bindings};
    for (int i = 0; i < 5; i++)
        looks[random_below(5)]();
}

/* The administrator hands a row over, moves a binding, or deletes a row; then people look again. */
void write_rights(void)
{
    const struct row *row = any_row(0);
    char method[32];
    int what = random_below(3);
    sql("SAVEPOINT matrix_rights");
    snprintf(method, sizeof method, "crm.%s.%s", type_names[row->type], what ? "update" : "delete");
    struct answer a =
        call(&world.users[0], WEBHOOK, method, "{\"id\":%lld,\"fields\":{\"ASSIGNED_BY_ID\":%lld}}",
             (long long)row->id, (long long)any_user()->id);
    check(a.result != NULL, &a, "done");
    answer_clear(&a);
    facts_read(&before);
    look_again();
    sql("ROLLBACK TO SAVEPOINT matrix_rights; RELEASE SAVEPOINT matrix_rights");
    facts_read(&before);
}

static void write_departments(const struct user *user, char *text, size_t size)
{
    size_t len = 0;
    text[0] = '\0';
    for (int d = 0; d < DEPARTMENTS; d++) {
        if (user->in[d])
            len += format_text(text + len, size - len, "%s%lld", len ? "," : "",
                               (long long)world.departments[d].id);
    }
}

/* Somebody moves to other departments, or a department moves to another place. */
void write_people(void)
{
    const struct world old = world;
    struct user *user = &world.users[1 + random_below(USERS - 1)];
    struct answer a;
    sql("SAVEPOINT matrix_rights");
    if (random_one_in(2)) {
        char list[120];
        for (int d = 0; d < DEPARTMENTS; d++)
            user->in[d] = random_one_in(3);
        user->in[random_below(DEPARTMENTS)] = true;
        write_departments(user, list, sizeof list);
        a = call(&world.users[0], NARROW, "user.update", "{\"ID\":%lld,\"UF_DEPARTMENT\":[%s]}",
                 (long long)user->id, list);
    } else {
        int moved = 1 + random_below(DEPARTMENTS - 1), parent = random_below(moved);
        world.departments[moved].parent = parent;
        a = call(&world.users[0], NARROW, "department.update", "{\"ID\":%lld,\"PARENT\":%lld}",
                 (long long)world.departments[moved].id, (long long)world.departments[parent].id);
    }
    check(a.result != NULL, &a, "done");
    answer_clear(&a);
    credential_cache_clear(portal->credentials);
    look_again();
    sql("ROLLBACK TO SAVEPOINT matrix_rights; RELEASE SAVEPOINT matrix_rights");
    credential_cache_clear(portal->credentials);
    world = old;
}

/* Fields are the administrator's; whoever reads any row of a type may know what fields it has. */
static void check_fields(const struct user *user, int type, const char *verb, const char *body,
                         bool wanted)
{
    char method[48];
    snprintf(method, sizeof method, "crm.%s.userfield.%s", type_names[type], verb);
    struct answer a = call(user, WEBHOOK, method, "%s", body);
    check((a.result != NULL) == wanted, &a, "%s", wanted ? "done" : "Access denied");
    check(wanted || is_denied(&a), &a, "Access denied");
    answer_clear(&a);
}

void write_fields(void)
{
    const struct user *user = random_one_in(4) ? &world.users[0] : any_user();
    int type = LEAD + random_below(TYPES);
    char id[32];
    struct db_stmt *stmt = db_prepare(
        db,
        "SELECT min(id) FROM user_field WHERE removed IS NULL AND field_name = 'UF_CRM_WORD' AND "
        "lower(entity_id) = 'crm_' || $1");
    db_bind_textz(stmt, 1, type_names[type]);
    db_step(stmt);
    snprintf(id, sizeof id, "{\"id\":%lld}", (long long)db_int(stmt, 0));
    db_finish(stmt);
    check_fields(user, type, "get", id, level(user, type, READ) != NONE);
    check_fields(user, type, "list", "{}", level(user, type, READ) != NONE);
    check_fields(user, type, "update", id, user->admin);
    sql("DELETE FROM event_outbox; DELETE FROM event_offline");
    if (user->admin)
        return; /* what is made, and undone by the world's savepoint, the catalog would still know */
    check_fields(user, type, "add",
                 "{\"fields\":{\"FIELD_NAME\":\"X\",\"USER_TYPE_ID\":\"string\"}}", false);
    check_fields(user, type, "delete", id, false);
}

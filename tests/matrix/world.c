/* Makes a world out of a seed: people and roles by SQL, everything else by the administrator's calls. */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/json.h"
#include "matrix.h"
#include "model/catalog.h"
#include "model/event_kind.h"
#include "model/user_field_write.h"
#include "people/app.h"
#include "people/auth.h"
#include "people/token.h"
#include "send/subscription.h"

#define TODAY 1768435200

struct world world;
const char *const type_names[TYPES + 1] = {"", "lead", "deal", "contact", "company"};
static int64_t apps[APPS];
static int words;

void sql(const char *text)
{
    if (db_exec(db, text) != DB_OK)
        die(text, db_message(db));
}

static void sqlf(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void sqlf(const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    sql(text);
}

static int64_t sql_id(const char *text)
{
    struct db_stmt *stmt = db_prepare(db, text);
    if (db_step(stmt) != DB_ROW)
        die(text, db_message(db));
    int64_t id = db_int(stmt, 0);
    db_finish(stmt);
    return id;
}

/* ---- who hears of what ---- */

/* `user`: 0 for nobody in particular. */
static void listen(int64_t app, bool offline, int64_t user)
{
    const struct event_kinds *all = event_kinds_of(&(struct request){.portal = portal});
    for (size_t i = 0; i < all->count; i++) {
        const struct event_kind *kind = all->kinds[i];
        struct subscription s = {.event = kind->name,
                                 .handler = offline ? NULL : "http://127.0.0.1:9/app",
                                 .kind = SUBSCRIBER_APP,
                                 .subscriber_id = app,
                                 .auth_type = user,
                                 .connector = offline ? "" : NULL};
        if (strncmp(kind->name, "ONCRM", 5) == 0 && subscription_add(db, &s, NULL) != DB_OK)
            die("subscription", db_message(db));
    }
}

static void make_listeners(void)
{
    int first = 1 + random_below(USERS - LISTENERS);
    for (int i = 0; i < LISTENERS; i++) {
        world.listeners[i] = &world.users[first + i];
        listen(apps[0], false, world.listeners[i]->id);
    }
}

void apps_make(void)
{
    struct app app = {.name = "Matrix",
                      .redirect_uri = "",
                      .handler = "",
                      .install_url = "",
                      .scope = "crm",
                      .users = "",
                      .installer_id = 1};
    struct app_secret secret;
    for (int i = 0; i < APPS; i++) {
        if (app_add(db, portal, &app, TODAY, &secret) != DB_OK)
            die("application", db_message(db));
        apps[i] = secret.id;
        listen(apps[i], i == 1, 0);
    }
}

/* ---- custom fields: a word, which names the row, and a file ---- */

static void make_field(struct request *req, const char *entity_id, const char *json)
{
    struct user_field_owner owner = user_field_owner(req->arena, entity_id);
    int64_t id;
    if (user_field_add(req, &owner, json_parse_own(req->arena, json, strlen(json)), &id) != API_OK)
        die(entity_id, req->error.text ? req->error.text : db_message(db));
}

void fields_make(void)
{
    static const char *const objects[] = {"CRM_LEAD", "CRM_DEAL", "CRM_CONTACT", "CRM_COMPANY"};
    struct caller caller = {.user_id = 1, .is_admin = true, .scopes = ""};
    struct arena arena;
    arena_init(&arena);
    struct request req = {.arena = &arena,
                          .db = db,
                          .portal = portal,
                          .zone = portal->zone,
                          .caller = &caller,
                          .params = value_array(&arena)};
    if (catalog_pin_change(&req) != API_OK)
        die("catalog", db_message(db));
    for (int i = 0; i < TYPES; i++) {
        make_field(&req, objects[i],
                   "{\"FIELD_NAME\":\"WORD\",\"USER_TYPE_ID\":\"string\",\"SHOW_FILTER\":\"Y\"}");
        make_field(&req, objects[i], "{\"FIELD_NAME\":\"DOC\",\"USER_TYPE_ID\":\"file\"}");
    }
    arena_clear(&arena);
}

#define CUSTOM ",\"UF_CRM_WORD\":\"Zq%03d\",\"UF_CRM_DOC\":[\"d.txt\",\"QUJD\"]"

static const struct user *admin(void)
{
    return &world.users[0];
}

static int64_t made(struct answer *answer)
{
    int64_t id = to_id(answer->result);
    if (!id)
        id = get_id(answer->result, "id");
    if (!id)
        id = get_id(json_object_get(answer->result, "activity"), "id");
    if (!id)
        die("making the world", answer->text);
    answer_clear(answer);
    return id;
}

/* ---- funnels of deals ---- */

static void make_funnels(void)
{
    world.funnels[0] = 0;
    for (int i = 1; i < FUNNELS; i++) {
        struct answer a =
            call(admin(), WEBHOOK, "crm.category.add",
                 "{\"entityTypeId\":%d,\"fields\":{\"name\":\"Funnel %d\"}}", DEAL, i);
        world.funnels[i] = get_id(json_object_get(a.result, "category"), "id");
        if (!world.funnels[i])
            die("making a funnel", a.text);
        answer_clear(&a);
    }
}

/* ---- people and roles ---- */

static void make_departments(void)
{
    world.departments[0] = (struct department){sql_id("SELECT min(id) FROM department"), -1};
    for (int i = 1; i < DEPARTMENTS; i++) {
        char text[128];
        int parent = random_below(i);
        snprintf(text, sizeof text,
                 "INSERT INTO department (name, parent_id) VALUES ('D%d', %lld) RETURNING id", i,
                 (long long)world.departments[parent].id);
        world.departments[i] = (struct department){sql_id(text), parent};
    }
}

static void give_credentials(struct user *user, int at)
{
    struct app app = {.scope = "crm", .users = ""};
    struct token_pair pair;
    int64_t id;
    snprintf(user->code, sizeof user->code, "matrix%06ducode%d", (int)(world.seed % 1000000), at);
    snprintf(user->narrow, sizeof user->narrow, "matrix%06dnarrow%d", (int)(world.seed % 1000000),
             at);
    if (webhook_add(db, portal, user->id, user->code, "crm", TODAY, &id) != DB_OK ||
        webhook_add(db, portal, user->id, user->narrow, "user,department", TODAY, &id) != DB_OK)
        die("webhook", db_message(db));
    for (int i = 0; i < APPS; i++) {
        app.id = apps[i];
        if (token_issue(db, portal, &app, user->id, TODAY + 32400, 86400, &pair) != DB_OK)
            die("token", db_message(db));
        snprintf(user->bearer[i], sizeof user->bearer[i], "Bearer %s", pair.access);
    }
}

static void make_users(void)
{
    for (int i = 0; i < USERS; i++) {
        struct user *user = &world.users[i];
        char text[200];
        *user = (struct user){.id = 1, .admin = i == 0, .in = {i == 0}};
        snprintf(text, sizeof text,
                 "INSERT INTO member (login, is_admin, date_register, updated) VALUES "
                 "('matrix%d', 'N', 1, 1) RETURNING id",
                 i);
        if (i)
            user->id = sql_id(text);
        for (int n = i ? random_below(3) : 0; n > 0; n--)
            user->in[random_below(DEPARTMENTS)] = true;
        for (int d = 0; d < DEPARTMENTS && i; d++) {
            if (user->in[d])
                sqlf("INSERT INTO member_department (user_id, department_id) VALUES (%lld, %lld)",
                     (long long)user->id, (long long)world.departments[d].id);
        }
        give_credentials(user, i);
    }
}

/* So many colleagues that their ids are no longer bound one by one (crm/activity_permit_list). They do nothing. */
static void make_crowd(void)
{
    int at = 0;
    for (int d = 0; d < DEPARTMENTS; d++) {
        for (int u = 1; u < USERS; u++)
            at = world.users[u].in[d] ? d : at;
    }
    sql("INSERT INTO member (login, date_register, updated) WITH RECURSIVE n(i) AS (SELECT 1 UNION "
        "ALL SELECT i + 1 FROM n WHERE i < 70) SELECT 'crowd' || i, 1, 1 FROM n");
    sqlf("INSERT INTO member_department (user_id, department_id) SELECT id, %lld FROM member WHERE "
         "login LIKE 'crowd%%'",
         (long long)world.departments[at].id);
}

static void make_role(struct role *role, int at)
{
    static const char *const actions[] = {"read", "add", "update", "delete"};
    char text[128];
    *role = (struct role){0};
    snprintf(text, sizeof text, "INSERT INTO role (name) VALUES ('Matrix %d') RETURNING id", at);
    role->id = sql_id(text);
    for (int type = LEAD; type <= TYPES; type++) {
        /* Often nothing at all of a type, and reading is wider than the rest. */
        bool any = !random_one_in(3);
        for (int action = READ; action < ACTIONS && any; action++) {
            role->level[type][action] = random_below(action == READ ? ALL + 1 : SUBTREE + 1);
            if (role->level[type][action])
                sqlf("INSERT INTO role_permission (role_id, entity_type_id, action, level) VALUES "
                     "(%lld, %d, '%s', %d)",
                     (long long)role->id, type, actions[action], role->level[type][action]);
        }
    }
}

/* Of deals a role may say something of one funnel or another, of every action. */
static void make_funnel_levels(struct role *role, int at)
{
    static const char *const actions[] = {"read", "add", "update", "delete"};
    role->of_funnel[at] = random_one_in(4);
    for (int action = READ; action < ACTIONS && role->of_funnel[at]; action++) {
        role->funnel_level[at][action] = random_below(ALL + 1);
        sqlf("INSERT INTO role_funnel (role_id, entity_type_id, category_id, action, level) VALUES "
             "(%lld, %d, %lld, '%s', %d)",
             (long long)role->id, DEAL, (long long)world.funnels[at], actions[action],
             role->funnel_level[at][action]);
    }
}

static void give_role(struct role *role, const char *kind, int64_t member)
{
    sqlf("INSERT INTO role_member (role_id, kind, member_id) VALUES (%lld, '%s', %lld)",
         (long long)role->id, kind, (long long)member);
}

static void make_roles(void)
{
    sql("DELETE FROM role_member");
    for (int i = 0; i < ROLES; i++) {
        struct role *role = &world.roles[i];
        make_role(role, i);
        for (int f = 0; f < FUNNELS; f++)
            make_funnel_levels(role, f);
        if (random_one_in(12)) {
            role->all = true;
            give_role(role, "all", 0);
        }
        for (int n = random_below(3); n > 0; n--)
            role->users[1 + random_below(USERS - 1)] = true;
        for (int n = random_below(2); n > 0; n--)
            role->departments[random_below(DEPARTMENTS)] = true;
        for (int u = 0; u < USERS; u++) {
            if (role->users[u])
                give_role(role, "user", world.users[u].id);
        }
        for (int d = 0; d < DEPARTMENTS; d++) {
            if (role->departments[d])
                give_role(role, "department", world.departments[d].id);
        }
    }
}

/* ---- rows ---- */

static void ids_text(char *text, size_t size, int type, int most)
{
    size_t len = 0;
    text[0] = '\0';
    for (int n = random_below(most + 1); n > 0; n--)
        len += format_text(text + len, size - len, "%s%lld", len ? "," : "",
                           (long long)any_row(type)->id);
}

static void make_company(void)
{
    int word = words++;
    struct answer a = call(admin(), WEBHOOK, "crm.company.add",
                           "{\"fields\":{\"TITLE\":\"Zq%03d\",\"ASSIGNED_BY_ID\":%lld,\"LOGO\":["
                           "\"l.png\",\"QUJD\"],\"PHONE\":[{\"VALUE\":"
                           "\"+7999000%03d\",\"VALUE_TYPE\":\"WORK\"}]" CUSTOM "}}",
                           word, (long long)any_user()->id, word, word);
    made(&a);
}

static void make_contact(void)
{
    char ids[200];
    int word = words++;
    ids_text(ids, sizeof ids, COMPANY, 3);
    struct answer a =
        call(admin(), WEBHOOK, "crm.contact.add",
             "{\"fields\":{\"NAME\":\"Zq%03d\",\"LAST_NAME\":\"Zq%03d\",\"ASSIGNED_BY_ID\":%lld,"
             "\"PHOTO\":[\"p.png\",\"QUJD\"],"
             "\"COMPANY_IDS\":[%s],\"EMAIL\":[{\"VALUE\":\"Zq%03d@x.org\"}],\"PHONE\":[{\"VALUE\":"
             "\"+7999000%03d\",\"VALUE_TYPE\":\"WORK\"}]" CUSTOM "}}",
             word, word, (long long)any_user()->id, ids, word, word, word);
    made(&a);
}

static void make_client(int type)
{
    char ids[200], method[32];
    int word = words++;
    ids_text(ids, sizeof ids, CONTACT, 3);
    snprintf(method, sizeof method, "crm.%s.add", type_names[type]);
    struct answer a = call(
        admin(), WEBHOOK, method,
        "{\"fields\":{\"TITLE\":\"Zq%03d\",\"ASSIGNED_BY_ID\":%lld,\"COMPANY_ID\":%lld,"
        "\"CATEGORY_ID\":%lld,\"CONTACT_IDS\":[%s]" CUSTOM "%s}}",
        word, (long long)any_user()->id, (long long)(random_one_in(2) ? 0 : any_row(COMPANY)->id),
        (long long)(type == DEAL ? world.funnels[random_below(FUNNELS)] : 0), ids, word,
        type == LEAD ? ",\"NAME\":\"Zq\",\"PHONE\":[{\"VALUE\":\"+78880001\"}]" : "");
    made(&a);
}

/* ---- activities ---- */

static int communications_text(char *text, size_t size, int most)
{
    size_t len = 0;
    int n = 1 + random_below(most);
    for (int i = 0; i < n; i++) {
        const struct row *row = any_row(0);
        len += format_text(
            text + len, size - len, "%s{\"VALUE\":\"%s\",\"ENTITY_TYPE_ID\":%d,\"ENTITY_ID\":%lld}",
            len ? "," : "", most > 1 ? "a@x.org" : "+78880000", row->type, (long long)row->id);
    }
    return n;
}

static void make_activity(int kind)
{
    char list[600];
    const struct row *owner = any_row(0);
    int word = words++;
    communications_text(list, sizeof list, kind == 4 ? 3 : 1);
    struct answer a = call(
        admin(), WEBHOOK, "crm.activity.add",
        "{\"fields\":{\"SUBJECT\":\"Zs%03d\",\"TYPE_ID\":%d,\"OWNER_TYPE_ID\":%d,\"OWNER_ID\":"
        "%lld,\"RESPONSIBLE_ID\":%lld,\"DIRECTION\":1,\"COMPLETED\":\"%s\",\"COMMUNICATIONS\":"
        "[%s]%s}}",
        word, kind, owner->type, (long long)owner->id, (long long)any_user()->id,
        random_one_in(4) ? "Y" : "N", list, kind == 1 ? ",\"FILES\":[[\"f.txt\",\"QUJD\"]]" : "");
    made(&a);
}

static void make_app_activity(void)
{
    const struct row *owner = any_row(0);
    int word = words++;
    struct answer a =
        call(admin(), random_one_in(2) ? APP_ONE : APP_TWO, "crm.activity.add",
             "{\"fields\":{\"SUBJECT\":\"Zs%03d\",\"TYPE_ID\":6,\"PROVIDER_ID\":\"REST_APP\","
             "\"PROVIDER_TYPE_ID\":\"x\",\"OWNER_TYPE_ID\":%d,\"OWNER_ID\":%lld,"
             "\"RESPONSIBLE_ID\":%lld}}",
             word, owner->type, (long long)owner->id, (long long)any_user()->id);
    made(&a);
}

static void make_configurable(void)
{
    const struct row *owner = any_row(0);
    int word = words++;
    struct answer a =
        call(admin(), random_one_in(2) ? APP_ONE : APP_TWO, "crm.activity.configurable.add",
             "{\"ownerTypeId\":%d,\"ownerId\":%lld,\"fields\":{\"responsibleId\":%lld},\"layout\":{"
             "\"icon\":{\"code\":\"info\"},\"header\":{\"title\":\"Zs%03d\"},\"body\":{\"logo\":{"
             "\"code\":\"call\"}}}}",
             owner->type, (long long)owner->id, (long long)any_user()->id, word);
    made(&a);
}

static void make_todo(void)
{
    const struct row *owner = any_row(0);
    int word = words++;
    struct answer a = call(admin(), WEBHOOK, "crm.activity.todo.add",
                           "{\"ownerTypeId\":%d,\"ownerId\":%lld,\"deadline\":\"2026-02-01T10:00:"
                           "00\",\"title\":\"Zs%03d\",\"responsibleId\":%lld}",
                           owner->type, (long long)owner->id, word, (long long)any_user()->id);
    made(&a);
}

static void bind_more(void)
{
    const struct row *row = any_row(0);
    struct answer a = call(admin(), WEBHOOK, "crm.activity.binding.add",
                           "{\"activityId\":%lld,\"entityTypeId\":%d,\"entityId\":%lld}",
                           (long long)any_act()->id, row->type, (long long)row->id);
    answer_clear(&a); /* it may be bound there already */
}

void world_make(uint64_t seed)
{
    random_seed(seed);
    world.seed = seed;
    words = 0;
    memset(&before, 0, sizeof before);
    make_departments();
    make_users();
    if (random_one_in(3))
        make_crowd();
    make_funnels();
    make_roles();
    items_roles_make();
    make_listeners();
    sql("DELETE FROM event_outbox; DELETE FROM event_offline");
    for (int i = 0; i < 6; i++)
        make_company();
    facts_read(&before);
    for (int i = 0; i < 8; i++)
        make_contact();
    facts_read(&before);
    for (int i = 0; i < 7; i++) {
        make_client(LEAD);
        make_client(DEAL);
    }
    facts_read(&before);
    /* Now and then more than a page. */
    for (int i = random_one_in(4) ? -14 : 0; i < 8; i++) {
        make_activity(1);
        make_activity(2);
        make_activity(4);
        make_todo();
    }
    for (int i = 0; i < 4; i++) {
        make_app_activity();
        make_configurable();
    }
    facts_read(&before);
    for (int i = 0; i < 12; i++)
        bind_more();
    facts_read(&before);
    items_make();
    sql("DELETE FROM event_outbox; DELETE FROM event_offline");
}

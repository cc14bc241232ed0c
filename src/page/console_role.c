/* /console/role: what roles allow and who has them, for administrators in the page as by `rapport role`.
 *
 * POST with a JSON body {"action": ...}, with the cookie of an administrator's session, as /console/session:
 *   roles                            {actions: ["read", ...], levels: ["none", ...], roles: [{id, name}], rules: [{role_id, type_id,
 *                                    category_id, action, level}], members: [{role_id, kind, member_id}]}: type_id 0: what the role
 *                                    does not name; category_id -1: no one funnel's; level: a place among the levels; kind: user,
 *                                    department, all
 *   role_add {name}                  {id}: it allows nothing yet
 *   role_remove {id}                 true
 *   role_set {id, type_id, category_id, act, level}
 *                                    true; act: a name, or all; level: a name, or "" for what the type, or the role for what it does
 *                                    not name, says
 *   role_give, role_take {id, kind, member_id}    true
 * What is refused has a text for people in error_description: 400 it is not so, 403 no administrator, 404 it is not there.
 */
#include <string.h>

#include "model/permit.h"
#include "model/registry.h"
#include "people/role.h"
#include "rest/admin_page.h"
#include "rest/page.h"

#define NO_ROLE "There is no such role."

static void write_names(struct writer *out, const char *key, const char *(*name)(int))
{
    writer_keyz(out, key);
    writer_begin_list(out);
    for (int i = 0; name(i); i++)
        writer_stringz(out, name(i));
    writer_end_list(out);
}

static enum api_rc roles(struct call *call)
{
    static const struct admin_column role[] = {{"id", ADMIN_NUMBER}, {"name", ADMIN_TEXT}, {0}};
    static const struct admin_column rule[] = {
        {"role_id", ADMIN_NUMBER}, {"type_id", ADMIN_NUMBER}, {"category_id", ADMIN_NUMBER},
        {"action", ADMIN_TEXT},    {"level", ADMIN_NUMBER},   {0}};
    static const struct admin_column member[] = {
        {"role_id", ADMIN_NUMBER}, {"kind", ADMIN_TEXT}, {"member_id", ADMIN_NUMBER}, {0}};
    writer_begin_object(&call->out);
    write_names(&call->out, "actions", access_action_name);
    write_names(&call->out, "levels", access_level_name);
    enum api_rc rc = admin_rows(call, "roles", "SELECT id, name FROM role ORDER BY id", role);
    if (rc == API_OK)
        rc = admin_rows(call, "rules",
                        "SELECT role_id, entity_type_id, -1 AS category, action, level FROM "
                        "role_permission UNION ALL SELECT role_id, entity_type_id, category_id, "
                        "action, level FROM role_funnel ORDER BY 1, 2, 3, 4",
                        rule);
    if (rc == API_OK)
        rc =
            admin_rows(call, "members",
                       "SELECT role_id, kind, member_id FROM role_member ORDER BY 1, 2, 3", member);
    writer_end_object(&call->out);
    return rc;
}

static enum api_rc make(struct call *call)
{
    const char *name = param_text(&call->req, "name");
    int64_t id;
    if (!*name || strlen(name) > ROLE_NAME_BYTES)
        return own_page_refuse(call, 400, "It needs a name, of at most 200 bytes.");
    enum db_rc rc = role_add(call->req.db, name, &id);
    if (rc == DB_CONFLICT)
        return own_page_refuse(call, 400, "There is a role of that name.");
    if (rc != DB_OK)
        return api_db(&call->req, rc);
    writer_begin_object(&call->out);
    writer_number(&call->out, "id", id);
    writer_end_object(&call->out);
    return API_OK;
}

static enum api_rc drop(struct call *call)
{
    return admin_done(call, role_remove(call->req.db, admin_id(call)), NO_ROLE);
}

struct rule {
    int64_t id, type_id, category_id;
    int action, level;
};

/* NULL: it is one. */
static const char *read_rule(struct call *call, struct rule *rule)
{
    struct request *req = &call->req;
    const char *action = param_text(req, "act"), *level = param_text(req, "level");
    *rule = (struct rule){.id = admin_id(call), .category_id = -1};
    if ((param_get(req, "type_id") && !param_int(req, "type_id", &rule->type_id)) ||
        (param_get(req, "category_id") && !param_int(req, "category_id", &rule->category_id)))
        return "A type and a funnel are numbers.";
    const struct entity *entity = rule->type_id ? entity_of_type(req, rule->type_id) : NULL;
    rule->action =
        !strcmp(action, "all") ? ACCESS_ACTIONS : access_place_of(action, access_action_name);
    rule->level = *level ? access_place_of(level, access_level_name) : ROLE_NO_LEVEL;
    if (rule->type_id && (!entity || !permit_has_levels(entity)))
        return "There is no such type of rows.";
    if (rule->action < 0)
        return "There is no such action.";
    if (rule->level < 0 && *level)
        return "There is no such level.";
    if (!rule->type_id && (rule->category_id >= 0 || rule->level == ROLE_NO_LEVEL))
        return "What a role does not name has a level, and no funnel.";
    return NULL;
}

static enum api_rc set(struct call *call)
{
    struct rule rule;
    const char *wrong = read_rule(call, &rule);
    if (wrong)
        return own_page_refuse(call, 400, wrong);
    if (rule.category_id >= 0)
        return admin_done(call,
                          role_set_funnel(call->req.db, rule.id, (int)rule.type_id,
                                          rule.category_id, rule.action, rule.level),
                          "There is no such role or funnel.");
    return admin_done(
        call, role_set(call->req.db, rule.id, (int)rule.type_id, rule.action, rule.level), NO_ROLE);
}

static enum api_rc give_or_take(struct call *call,
                                enum db_rc (*run)(struct db *db, int64_t id, enum role_kind kind,
                                                  int64_t member))
{
    const char *kind = param_text(&call->req, "kind");
    int64_t member = 0;
    param_int(&call->req, "member_id", &member);
    for (int i = 0; i < ROLE_KINDS; i++) {
        if (!strcmp(kind, role_kind_name(i)))
            return admin_done(call, run(call->req.db, admin_id(call), i, member),
                              "There is no such role, user or department.");
    }
    return own_page_refuse(call, 400, "kind is user, department or all.");
}

static enum api_rc give(struct call *call)
{
    return give_or_take(call, role_give);
}

static enum api_rc take(struct call *call)
{
    return give_or_take(call, role_take);
}

static enum api_rc role(struct call *call)
{
    static const struct admin_action actions[] = {{"roles", true, roles},
                                                  {"role_add", false, make},
                                                  {"role_remove", false, drop},
                                                  {"role_set", false, set},
                                                  {"role_give", false, give},
                                                  {"role_take", false, take},
                                                  {0}};
    return admin_run(call, actions);
}

static const struct page pages[] = {
    {.path = "/console/role",
     .of_console = true,
     .summary = "what roles allow and who has them, for administrators",
     .lane = LANE_WRITE,
     .handle = role},
};

PAGE_FAMILY(console_role, pages);

/* rapport role: who may do what. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "app/args.h"
#include "app/command.h"
#include "crm/dynamic_type.h"
#include "model/permit.h"
#include "model/registry.h"
#include "people/role.h"

struct role_options {
    const char *data, *store, *id, *name, *type, *funnel, *action, *level, *user, *department;
    bool json, everybody;
};

struct job {
    const struct portal *portal;
    struct db *db;
    const struct role_options *o;
    int64_t id; /* of --id */
    int type_id, action, level;
    int64_t category_id; /* -1: of no one funnel */
    enum role_kind kind;
    int64_t member;
};

/* ---- saying it ---- */

static int missing(const char *what)
{
    args_error("there is no such %s; see rapport role list, rapport user list", what);
    return 1;
}

static int done(const struct job *job, enum db_rc rc, const char *absent, const char *says)
{
    if (rc == DB_NONE)
        return missing(absent);
    if (rc != DB_OK)
        return command_trouble(job->db, "cannot change the roles");
    if (job->o->json)
        printf("{\"id\":%lld}\n", (long long)job->id);
    else
        printf("role %lld %s; a running server follows within a second\n", (long long)job->id,
               says);
    return 0;
}

/* ---- list ---- */

static void write_level(struct writer *w, struct db_stmt *stmt)
{
    writer_keyz(w, db_text(stmt, 1, NULL));
    writer_stringz(w, access_level_name((int)db_int(stmt, 2)));
}

/* {"lead": {"read": "own", ...}, ...}, or a line per type. */
/* "deal"; "deal/5", of one funnel; "others"; of a type that is no entity of the program's its number. */
static void type_name(int64_t type_id, int64_t category_id, char *name, size_t size)
{
    const struct entity *entity = entity_of_type(NULL, type_id);
    if (type_id == ACCESS_OTHERS)
        snprintf(name, size, "others");
    else if (entity)
        snprintf(name, size, "%s", entity->name);
    else
        snprintf(name, size, "%lld", (long long)type_id);
    if (category_id >= 0)
        snprintf(name + strlen(name), size - strlen(name), "/%lld", (long long)category_id);
}

static enum db_rc write_levels(struct db *db, int64_t id, struct writer *w)
{
    char name[64];
    struct db_stmt *stmt =
        db_prepare(db, "SELECT entity_type_id, action, level, -1 AS category FROM role_permission "
                       "WHERE role_id = $1 UNION ALL SELECT entity_type_id, action, level, "
                       "category_id FROM role_funnel WHERE role_id = $1 ORDER BY 1, 4, 2");
    int64_t type = -1, category = -1;
    enum db_rc rc;
    db_bind_int(stmt, 1, id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        bool next = db_int(stmt, 0) != type || db_int(stmt, 3) != category;
        if (next && type >= 0)
            w ? writer_end_object(w) : (void)printf("\n");
        type = db_int(stmt, 0);
        category = db_int(stmt, 3);
        type_name(type, category, name, sizeof name);
        if (w && next) {
            writer_keyz(w, name);
            writer_begin_object(w);
        }
        if (w)
            write_level(w, stmt);
        else
            printf(next ? "        %s: %s %s" : "%s%s %s", next ? name : ", ",
                   db_text(stmt, 1, NULL), access_level_name((int)db_int(stmt, 2)));
    }
    if (type >= 0)
        w ? writer_end_object(w) : (void)printf("\n");
    db_finish(stmt);
    return rc;
}

static enum db_rc write_members(struct db *db, int64_t id, struct writer *w)
{
    struct db_stmt *stmt = db_prepare(
        db, "SELECT kind, member_id FROM role_member WHERE role_id = $1 ORDER BY kind, member_id");
    enum db_rc rc;
    db_bind_int(stmt, 1, id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        const char *kind = db_text(stmt, 0, NULL);
        bool all = !strcmp(kind, role_kind_name(ROLE_ALL));
        if (!w && all) {
            printf("        for everybody\n");
        } else if (!w) {
            printf("        for %s %lld\n", kind, (long long)db_int(stmt, 1));
        } else {
            writer_begin_object(w);
            writer_text(w, "kind", kind);
            writer_number(w, "id", db_int(stmt, 1));
            writer_end_object(w);
        }
    }
    db_finish(stmt);
    return rc;
}

static enum db_rc write_role(struct db *db, int64_t id, const char *name, struct writer *w)
{
    if (!w) {
        printf("%6lld  %s\n", (long long)id, name);
        enum db_rc rc = write_levels(db, id, NULL);
        return rc == DB_NONE ? write_members(db, id, NULL) : rc;
    }
    writer_begin_object(w);
    writer_number(w, "id", id);
    writer_text(w, "name", name);
    writer_keyz(w, "permissions");
    writer_begin_object(w);
    enum db_rc rc = write_levels(db, id, w);
    writer_end_object(w);
    writer_keyz(w, "members");
    writer_begin_list(w);
    if (rc == DB_NONE)
        rc = write_members(db, id, w);
    writer_end_list(w);
    writer_end_object(w);
    return rc;
}

static int role_list(struct job *job)
{
    struct buf json = {0};
    struct writer w;
    char name[256];
    int64_t last = 0;
    enum db_rc rc = DB_NONE;
    writer_init(&w, &json);
    writer_begin_list(&w);
    command_header(job->o->json, "    ID  NAME, LEVELS, WHO HAS IT");
    do {
        struct db_stmt *stmt =
            db_prepare(job->db, "SELECT id, name FROM role WHERE id > $1 ORDER BY id LIMIT 1");
        db_bind_int(stmt, 1, last);
        enum db_rc step = db_step(stmt);
        if (step == DB_ROW) {
            last = db_int(stmt, 0);
            snprintf(name, sizeof name, "%s", db_text(stmt, 1, NULL));
        }
        db_finish(stmt);
        if (step != DB_ROW) {
            rc = step;
            break;
        }
        rc = write_role(job->db, last, name, job->o->json ? &w : NULL);
    } while (rc == DB_NONE);
    writer_end_list(&w);
    if (job->o->json && rc == DB_NONE)
        command_print_json(&json);
    buf_clear(&json);
    return rc == DB_NONE ? 0 : command_trouble(job->db, "cannot list the roles");
}

/* ---- options: 0 or 2 ---- */

/* "deal", all, or others: what the role does not name. */
static bool read_type(const char *text, int *type_id)
{
    const struct entity *entity = text ? entity_of_code(NULL, text) : NULL;
    int64_t number;
    *type_id = !text || !strcasecmp(text, "all") ? ROLE_ALL_TYPES : ACCESS_OTHERS;
    if (*type_id == ROLE_ALL_TYPES || !strcasecmp(text, "others"))
        return true;
    if (entity && permit_has_levels(entity))
        *type_id = entity->type_id;
    else if (command_id(text, &number) && dynamic_type_number_fits(number))
        *type_id = (int)number; /* a smart process */
    return *type_id != ACCESS_OTHERS;
}

static int check_name(struct job *job)
{
    const char *name = job->o->name;
    if (!name || !*name || strlen(name) > ROLE_NAME_BYTES)
        return command_usage("role add needs --name TEXT, of at most 200 bytes");
    return 0;
}

static int check_level(struct job *job)
{
    const struct role_options *o = job->o;
    bool all = !o->action || !strcasecmp(o->action, "all");
    job->action = all ? ACCESS_ACTIONS : access_place_of(o->action, access_action_name);
    bool none = o->level && !strcasecmp(o->level, o->funnel ? "type" : "others");
    job->level = none ? ROLE_NO_LEVEL : access_place_of(o->level, access_level_name);
    job->category_id = -1;
    if (!read_type(o->type, &job->type_id))
        return command_usage("role set: --type is lead, deal, contact, company ..., others or all");
    if (none && job->type_id <= 0)
        return command_usage("role set: --level others is of one --type");
    if (job->action < 0)
        return command_usage("role set: --action is read, add, update, delete, export or all");
    if (o->funnel && (job->type_id <= 0 ||
                      (strcmp(o->funnel, "0") != 0 && !command_id(o->funnel, &job->category_id))))
        return command_usage("role set: --funnel is the id of a funnel of --type");
    if (o->funnel && job->category_id < 0)
        job->category_id = 0;
    if (job->level < 0 && !none)
        return command_usage("role set: --level is none, own, department, subtree, all or others");
    return 0;
}

/* Exactly one of --user, --department, --everybody. */
static int check_member(struct job *job)
{
    const struct role_options *o = job->o;
    job->kind = o->user ? ROLE_USER : o->department ? ROLE_DEPARTMENT : ROLE_ALL;
    if ((o->user != NULL) + (o->department != NULL) + o->everybody != 1 ||
        (!o->everybody && !command_id(o->user ? o->user : o->department, &job->member)))
        return command_usage("role assign and unassign need one of --user ID, --department ID and "
                             "--everybody");
    return 0;
}

/* ---- changes ---- */

static int role_make(struct job *job)
{
    enum db_rc rc = role_add(job->db, job->o->name, &job->id);
    if (rc == DB_CONFLICT) {
        args_error("there is a role %s already", job->o->name);
        return 1;
    }
    return done(job, rc, "role", "is added and allows nothing yet (rapport role set)");
}

static int role_drop(struct job *job)
{
    return done(job, role_remove(job->db, job->id), "role", "is removed");
}

static int role_allow(struct job *job)
{
    if (job->category_id >= 0)
        return done(job,
                    role_set_funnel(job->db, job->id, job->type_id, job->category_id, job->action,
                                    job->level),
                    "role or funnel", "is changed");
    return done(job, role_set(job->db, job->id, job->type_id, job->action, job->level), "role",
                "is changed");
}

static int role_assign(struct job *job)
{
    return done(job, role_give(job->db, job->id, job->kind, job->member),
                "role, user or department", "is assigned");
}

static int role_unassign(struct job *job)
{
    return done(job, role_take(job->db, job->id, job->kind, job->member), "assignment",
                "is taken away");
}

static const struct verb {
    const char *name;
    bool writes, needs_id;
    int (*check)(struct job *job);
    int (*run)(struct job *job);
} verbs[] = {
    {"list", false, false, NULL, role_list},
    {"add", true, false, check_name, role_make},
    {"set", true, true, check_level, role_allow},
    {"assign", true, true, check_member, role_assign},
    {"unassign", true, true, check_member, role_unassign},
    {"remove", true, true, NULL, role_drop},
};

static int run(const struct verb *verb, const struct role_options *o)
{
    struct job job = {.o = o};
    if (verb->needs_id && !command_id(o->id, &job.id))
        return command_usage("this needs --id ID; see rapport role list");
    if (verb->check && verb->check(&job) != 0)
        return 2;
    struct portal *portal =
        command_open(o->data, o->store, verb->writes ? DB_WRITER : DB_READER, &job.db);
    if (!portal)
        return 1;
    job.portal = portal;
    int code = 1;
    if (!verb->writes) {
        code = verb->run(&job);
    } else if (db_begin_write(job.db) != DB_OK) {
        command_trouble(job.db, "cannot change the roles");
    } else {
        code = verb->run(&job);
        if ((code ? db_rollback(job.db) : db_commit(job.db)) != DB_OK)
            code = command_trouble(job.db, "cannot change the roles");
    }
    db_close(job.db);
    portal_close(portal);
    return code;
}

int command_role(int argc, char **argv)
{
    struct role_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--name", "TEXT", "add: its name", &o.name, NULL},
        {"--id", "ID", "the role, for all but add and list", &o.id, NULL},
        {"--type", "NAME", "set: lead, deal, contact, company ...; others (all)", &o.type, NULL},
        {"--funnel", "ID", "set: one funnel of the type alone; --level type: as the type again",
         &o.funnel, NULL},
        {"--action", "NAME", "set: read, add, update, delete, export (all)", &o.action, NULL},
        {"--level", "NAME",
         "set: none, own, department, subtree, all; others: as what it does not name", &o.level,
         NULL},
        {"--user", "ID", "assign, unassign: this user", &o.user, NULL},
        {"--department", "ID", "assign, unassign: who works there or in a department below",
         &o.department, NULL},
        {"--everybody", NULL, "assign, unassign: every user", NULL, &o.everybody},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    const char *what[1] = {NULL};
    bool help;
    int count;
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport role list|add|set|assign|unassign|remove [options]\n\nWhat users may "
            "do with leads, deals, contacts, companies and their activities, also while\nthe "
            "server runs. Roles of one user unite, the highest level wins; administrators may do\n"
            "everything. A new portal has role 1, which gives everybody everything: unassign it "
            "first. What a role does not name has its level of \"others\".\n\nLevels: none; own "
            "(he is responsible); department (or a colleague of his "
            "departments is);\nsubtree (or somebody in a department below); all.",
            &help, what, 1, &count))
        return 2;
    if (help)
        return 0;
    for (size_t i = 0; what[0] && i < sizeof verbs / sizeof verbs[0]; i++) {
        if (!strcmp(what[0], verbs[i].name))
            return run(&verbs[i], &o);
    }
    return command_usage(
        "role list, add, set, assign, unassign or remove? See rapport role --help");
}

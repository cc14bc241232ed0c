/* Writing leads, deals, contacts, companies and the links between them. */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "matrix.h"

static const char *method_of(int type, const char *verb)
{
    static char method[32];
    snprintf(method, sizeof method, "crm.%s.%s", type_names[type], verb);
    return method;
}

static void end(const struct user *user, struct answer *a, const struct subject *subject)
{
    effects_end(user, subject, a);
    answer_clear(a);
}

/* ---- add ---- */

static void add_row(const struct user *user, int type)
{
    int64_t assigned = random_one_in(2) ? user->id : any_user()->id;
    int other_type = type == CONTACT ? COMPANY : CONTACT;
    const struct row *other = any_row(other_type), *company = any_row(COMPANY);
    char links[160] = "";
    if (random_one_in(2))
        format_text(links, sizeof links, ",\"%s\":[%lld]",
                    type == CONTACT ? "COMPANY_IDS"
                                    : (type == COMPANY ? "CONTACT_ID" : "CONTACT_IDS"),
                    (long long)other->id);
    else if (type != COMPANY && random_one_in(2)) /* the old way: the first one alone */
        format_text(links, sizeof links, ",\"%s\":%lld",
                    type == CONTACT ? "COMPANY_ID" : "CONTACT_ID", (long long)other->id);
    else if (type <= DEAL)
        format_text(links, sizeof links, ",\"COMPANY_ID\":%lld", (long long)company->id);
    const struct row added = {.type = type,
                              .assigned = assigned,
                              .funnel = type == DEAL ? world.funnels[random_below(FUNNELS)] : 0};
    char funnel[40] = "";
    if (added.funnel)
        snprintf(funnel, sizeof funnel, ",\"CATEGORY_ID\":%lld", (long long)added.funnel);
    struct answer a = call(user, any_credential(), method_of(type, "add"),
                           "{\"fields\":{\"%s\":\"New\",\"ASSIGNED_BY_ID\":%lld%s%s}}",
                           type == CONTACT ? "NAME" : "TITLE", (long long)assigned, links, funnel);
    bool allowed = covers(user, ADD, &added);
    check((a.result != NULL) == allowed, &a, allowed ? "a new row" : "Access denied");
    if (!allowed)
        check(is_denied(&a), &a, "Access denied");
    end(user, &a, &(struct subject){.type = type});
}

/* ---- update, delete ---- */

/* By its own id: what the level allows, and the words of the page where there is no such row. */
static void check_by_id(const struct user *user, const struct answer *a, int action, int type,
                        int64_t id)
{
    bool allowed = may(&before, user, action, type, id);
    check((a->result != NULL) == allowed, a, allowed ? "done" : "refused");
    if (allowed)
        return;
    bool denied = is_denied(a);
    if (level(user, type, action) == NONE)
        check(denied, a, "Access denied");
    else
        check(denied == (find_row(&before, type, id) != NULL), a,
              "Access denied for what exists, else another text");
}

void write_row(void)
{
    const struct user *user = any_user();
    int type = LEAD + random_below(TYPES), what = random_below(4);
    int64_t id = row_for(user, type, what == 1 ? DELETE : UPDATE)->id;
    id = random_one_in(10) ? MISSING : id;
    struct subject subject = {.type = type, .id = id, .deletes = what == 1};
    struct answer a;
    effects_begin();
    if (what == 0) {
        add_row(user, type);
        return;
    }
    if (what == 1)
        a = call(user, any_credential(), method_of(type, "delete"), "{\"id\":%lld}", (long long)id);
    else if (what == 2) /* handing over is allowed, whoever gets it */
        a = call(user, any_credential(), method_of(type, "update"),
                 "{\"id\":%lld,\"fields\":{\"ASSIGNED_BY_ID\":%lld}}", (long long)id,
                 (long long)any_user()->id);
    else
        a = call(user, any_credential(), method_of(type, "update"),
                 "{\"id\":%lld,\"fields\":{\"%s\":\"New\"}}", (long long)id,
                 type == CONTACT ? "NAME" : "TITLE");
    check_by_id(user, &a, what == 1 ? DELETE : UPDATE, type, id);
    end(user, &a, &subject);
}

/* ---- links ---- */

static bool has_link(const struct facts *facts, int type, int64_t id, int other_type, int64_t other)
{
    struct pair pair = {type, id, other_type, other};
    if (type == COMPANY)
        pair = (struct pair){other_type, other, type, id};
    return find_pair(facts->links, facts->link_count, &pair);
}

/* The list that is written holds what was given and may be named, and what the writer does not see. */
static void check_list(const struct user *user, const struct answer *a, int type, int64_t id,
                       int other_type, const int64_t *given, int count)
{
    for (int i = 0; i < before.row_count; i++) {
        const struct row *other = &before.rows[i];
        bool named = false, stored = has_link(&before, type, id, other_type, other->id);
        bool seen = may(&before, user, READ, other_type, other->id);
        for (int g = 0; g < count; g++)
            named = named || given[g] == other->id;
        if (other->type != other_type)
            continue;
        bool wanted = seen ? named : stored;
        check(has_link(&after, type, id, other_type, other->id) == wanted, a, "%s %lld %s",
              type_names[other_type], (long long)other->id,
              wanted ? "in the list" : "not in the list");
    }
}

static void write_list(const struct user *user, int type, int64_t id)
{
    static const char *const names[] = {"", "CONTACT_IDS", "CONTACT_IDS", "COMPANY_IDS",
                                        "CONTACT_ID"};
    int other_type = type == CONTACT ? COMPANY : CONTACT, count = random_below(4);
    int64_t given[4];
    char list[160] = "";
    size_t len = 0;
    for (int i = 0; i < count; i++) {
        given[i] = random_one_in(6) ? MISSING : row_for(user, other_type, READ)->id;
        len += format_text(list + len, sizeof list - len, "%s%lld", len ? "," : "",
                           (long long)given[i]);
    }
    struct answer a =
        call(user, any_credential(), method_of(type, "update"),
             "{\"id\":%lld,\"fields\":{\"%s\":[%s]}}", (long long)id, names[type], list);
    check_by_id(user, &a, UPDATE, type, id);
    if (a.result) {
        facts_read(&after);
        check_list(user, &a, type, id, other_type, given, count);
    }
    end(user, &a, &(struct subject){.type = type, .id = id});
}

/* COMPANY_ID of a lead or deal: a company that may not be read is left out, as a missing one is; the
 * one that stands there may be said again. */
static void write_company(const struct user *user, int type, int64_t id)
{
    const struct row *row = find_row(&before, type, id);
    int64_t company =
        random_one_in(3) && row->company ? row->company : row_for(user, COMPANY, READ)->id;
    struct answer a =
        call(user, any_credential(), method_of(type, "update"),
             "{\"id\":%lld,\"fields\":{\"COMPANY_ID\":%lld}}", (long long)id, (long long)company);
    check_by_id(user, &a, UPDATE, type, id);
    if (a.result) {
        bool named = may(&before, user, READ, COMPANY, company);
        int64_t wanted = named ? company : row->company;
        facts_read(&after);
        check(find_row(&after, type, id)->company == wanted, &a, "COMPANY_ID %lld",
              (long long)wanted);
    }
    end(user, &a, &(struct subject){.type = type, .id = id});
}

/* The old way: the first of the links alone. What it makes of the others is held against the rules. */
static void write_first(const struct user *user, int type, int64_t id)
{
    struct answer a = call(user, any_credential(), method_of(type, "update"),
                           "{\"id\":%lld,\"fields\":{\"%s\":%lld}}", (long long)id,
                           type == CONTACT ? "COMPANY_ID" : "CONTACT_ID",
                           (long long)any_row(type == CONTACT ? COMPANY : CONTACT)->id);
    check_by_id(user, &a, UPDATE, type, id);
    end(user, &a, &(struct subject){.type = type, .id = id});
}

void write_link(void)
{
    const struct user *user = any_user();
    int type = LEAD + random_below(TYPES);
    int64_t id = row_for(user, type, UPDATE)->id;
    effects_begin();
    if (type <= DEAL && random_one_in(3))
        write_company(user, type, id);
    else if (type != COMPANY && random_one_in(4))
        write_first(user, type, id);
    else
        write_list(user, type, id);
}

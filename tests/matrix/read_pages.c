/* Files of activities, pictures of contacts and companies, files of custom fields, at the addresses that answers name. */
#include <stdio.h>
#include <string.h>

#include "matrix.h"
#include "people/auth.h"

/* What lies behind an address: a file of an activity (type 0), or a row's picture. */
struct thing {
    int type;
    int64_t id;
    bool custom; /* the file of a custom field */
};

static const char *field_of(const struct thing *thing)
{
    return thing->custom            ? "UF_CRM_DOC"
           : thing->type == CONTACT ? "PHOTO"
           : thing->type            ? "LOGO"
                                    : "FILES";
}

static const json_t *url_of(const struct thing *thing, const struct answer *a)
{
    const json_t *row = json_array_get(a->result, 0);
    if (!thing->type)
        return json_object_get(json_array_get(json_object_get(row, "FILES"), 0), "url");
    const json_t *picture = json_object_get(row, field_of(thing));
    return json_object_get(picture, random_one_in(2) ? "showUrl" : "downloadUrl");
}

/* The address as this user is told it. */
static bool find(const struct user *user, const struct thing *thing, char *address, size_t size)
{
    char method[32];
    snprintf(method, sizeof method, "crm.%s.list",
             thing->type ? type_names[thing->type] : "activity");
    struct answer a =
        call(user, WEBHOOK, method, "{\"filter\":{\"ID\":%lld},\"select\":[\"ID\",\"%s\"]}",
             (long long)thing->id, field_of(thing));
    const char *url = json_string_value(url_of(thing, &a));
    bool found = check(url && !strncmp(url, "http://test/", 12), &a, "an address");
    snprintf(address, size, "%s", found ? url + 11 : "");
    answer_clear(&a);
    return found;
}

static void open_page(const struct user *user, enum credential by, const char *address, bool wanted,
                      const char *what)
{
    struct answer a = call_page(user, by, address);
    check((a.status == 200) == wanted, &a, "%s, %s", wanted ? "the page" : "no page", what);
    answer_clear(&a);
}

/* The administrator's address, opened with a credential; the reader's own without one, before and after he
 * lost his roles and was dismissed. */
static void check_pages(const struct user *user, const struct thing *thing, bool readable,
                        bool without_roles)
{
    char address[600];
    if (!find(&world.users[0], thing, address, sizeof address))
        return;
    open_page(user, WEBHOOK, address, readable, "with a credential");
    open_page(user, NARROW, address, false, "with one of another scope");
    if (!readable || user->admin || !find(user, thing, address, sizeof address))
        return;
    open_page(user, NOBODY, address, true, "by its signature");
    sql("SAVEPOINT matrix; DELETE FROM role_member");
    credential_cache_clear(portal->credentials);
    open_page(user, NOBODY, address, without_roles, "by its signature, without roles");
    sql("UPDATE member SET active = 'N'");
    credential_cache_clear(portal->credentials);
    open_page(user, NOBODY, address, false, "by its signature, when dismissed");
    sql("ROLLBACK TO SAVEPOINT matrix; RELEASE SAVEPOINT matrix");
    credential_cache_clear(portal->credentials);
}

void read_file(void)
{
    const struct user *user = any_user();
    const struct act *act = any_act();
    if (act->files)
        check_pages(user, &(struct thing){0, act->id, false}, reads(&before, user, act),
                    act->responsible == user->id);
}

void read_picture(void)
{
    const struct user *user = any_user();
    int type = CONTACT + random_below(2);
    const struct row *row = row_for(user, type, READ);
    check_pages(user, &(struct thing){type, row->id, false},
                may(&before, user, READ, type, row->id), false);
}

void read_custom_file(void)
{
    const struct user *user = any_user();
    int type = LEAD + random_below(TYPES);
    const struct row *row = row_for(user, type, READ);
    check_pages(user, &(struct thing){type, row->id, true}, may(&before, user, READ, type, row->id),
                false);
}

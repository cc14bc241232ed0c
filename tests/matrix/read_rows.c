/* Reading leads, deals, contacts and companies. */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "matrix.h"

/* A row that is there, or none. */
static int64_t any_id(int type)
{
    return random_one_in(8) ? MISSING : any_row(type)->id;
}

static int any_type(void)
{
    return LEAD + random_below(TYPES);
}

/* ---- the lists of links in an answer ---- */

/* The field that lists what a row of this type is linked to, and the type of those. */
static const char *link_field(int type, int *other_type)
{
    static const char *const names[] = {"", "CONTACT_IDS", "CONTACT_IDS", "COMPANY_IDS",
                                        "CONTACT_ID"};
    *other_type = type == CONTACT ? COMPANY : CONTACT;
    return names[type];
}

static bool linked(int type, int64_t id, int other_type, int64_t other)
{
    struct pair pair = {type, id, other_type, other};
    if (type == COMPANY)
        pair = (struct pair){other_type, other, type, id};
    return find_pair(before.links, before.link_count, &pair);
}

static void check_links(const struct user *user, const struct answer *answer, int type,
                        const json_t *row)
{
    int other_type;
    const char *name = link_field(type, &other_type);
    const json_t *list = json_object_get(row, name);
    int64_t id = get_id(row, "ID");
    if (!list)
        return;
    size_t shown = json_array_size(list), wanted = 0;
    bool good = true;
    for (size_t i = 0; i < shown; i++) {
        int64_t other = to_id(json_array_get(list, i));
        good = good && linked(type, id, other_type, other) &&
               may(&before, user, READ, other_type, other);
    }
    for (int i = 0; i < before.row_count; i++) {
        const struct row *other = &before.rows[i];
        wanted += other->type == other_type && linked(type, id, other_type, other->id) &&
                  may(&before, user, READ, other_type, other->id);
    }
    check(good && shown == wanted, answer, "%s of %lld: the %zu readable ones", name, (long long)id,
          wanted);
}

/* ---- one ---- */

void read_row(void)
{
    const struct user *user = any_user();
    int type = any_type();
    int64_t id = any_id(type);
    char method[32];
    snprintf(method, sizeof method, "crm.%s.get", type_names[type]);
    bool exists = find_row(&before, type, id);
    struct answer a = call(user, any_credential(), method, "{\"id\":%lld}", (long long)id);
    if (may(&before, user, READ, type, id)) {
        if (check(a.result && get_id(a.result, "ID") == id, &a, "the row"))
            check_links(user, &a, type, a.result);
    } else if (level(user, type, READ) == NONE) {
        check(is_denied(&a), &a, "Access denied");
        same_as_missing(&a, "id", id);
    } else {
        check(is_denied(&a) == exists && (exists || !strcmp(a.error, "Not found")), &a, "%s",
              exists ? "Access denied" : "Not found");
    }
    if (random_one_in(4))
        same_in_batch(&a);
    answer_clear(&a);
}

/* ---- many ---- */

struct filter {
    int kind, other_type;
    int64_t id;
    char text[120];
};

static void any_filter(struct filter *filter, int type)
{
    static const char *const words[] = {"", "TITLE", "TITLE", "NAME", "TITLE"};
    int other_type;
    const char *links = link_field(type, &other_type);
    *filter = (struct filter){.kind = random_below(11)};
    filter->id = any_row(type)->id;
    switch (filter->kind) {
    case 1:
        filter->id = any_user()->id;
        format_text(filter->text, sizeof filter->text, "\"ASSIGNED_BY_ID\":%lld",
                    (long long)filter->id);
        break;
    case 2:
        format_text(filter->text, sizeof filter->text, "\">=ID\":%lld", (long long)filter->id);
        break;
    case 3: /* a part of a name that it may not read, or may */
        format_text(filter->text, sizeof filter->text, "\"%%%s\":\"%s\"", words[type],
                    find_row(&before, type, filter->id)->word);
        break;
    case 4:
        filter->id = any_row(other_type)->id;
        filter->other_type = other_type;
        format_text(filter->text, sizeof filter->text, "\"%s\":%lld", links, (long long)filter->id);
        break;
    case 7: /* without it, or with a later one */
    case 8:
        filter->id = any_row(other_type)->id;
        filter->other_type = other_type;
        format_text(filter->text, sizeof filter->text, "\"%s%s\":%lld",
                    filter->kind == 7 ? "!" : ">", links, (long long)filter->id);
        break;
    case 5:
        if (type > DEAL)
            break;
        filter->id = any_row(COMPANY)->id;
        format_text(filter->text, sizeof filter->text, "\"COMPANY_ID\":%lld",
                    (long long)filter->id);
        break;
    case 6: /* the phone of somebody */
        if (type < CONTACT)
            break;
        format_text(filter->text, sizeof filter->text, "\"PHONE\":\"+7999000%s\"",
                    find_row(&before, type, filter->id)->word + 2);
        break;
    case 9: /* a custom field's word, or any other */
    case 10:
        format_text(filter->text, sizeof filter->text, "\"%sUF_CRM_WORD\":\"%s\"",
                    filter->kind == 10 ? "!" : "", find_row(&before, type, filter->id)->word);
        break;
    default:
        break;
    }
}

static bool sees_link(const struct user *user, const struct row *row, int other_type, int64_t other)
{
    return linked(row->type, row->id, other_type, other) &&
           may(&before, user, READ, other_type, other);
}

static bool sees_later(const struct user *user, const struct row *row, const struct filter *filter)
{
    for (int i = 0; i < before.row_count; i++) {
        const struct row *other = &before.rows[i];
        if (other->type == filter->other_type && other->id > filter->id &&
            sees_link(user, row, other->type, other->id))
            return true;
    }
    return false;
}

static bool passes(const struct filter *filter, const struct user *user, const struct row *row)
{
    if (!filter->text[0])
        return true;
    switch (filter->kind) {
    case 1:
        return row->assigned == filter->id;
    case 2:
        return row->id >= filter->id;
    case 4: /* what he may not read finds nothing */
        return sees_link(user, row, filter->other_type, filter->id);
    case 7:
        return !sees_link(user, row, filter->other_type, filter->id);
    case 8:
        return sees_later(user, row, filter);
    case 5:
        return row->company == filter->id;
    case 10:
        return row->id != filter->id;
    default:
        return row->id == filter->id;
    }
}

void read_rows(void)
{
    const struct user *user = any_user();
    int type = any_type(), other_type;
    struct filter filter;
    char method[32];
    any_filter(&filter, type);
    snprintf(method, sizeof method, "crm.%s.list", type_names[type]);
    struct answer a =
        call(user, any_credential(), method,
             "{\"filter\":{%s},\"select\":[\"*\",\"PHONE\",\"EMAIL\",\"UF_CRM_WORD\",\"%s\"],"
             "\"order\":{\"%s\":\"%s\"}}",
             filter.text, link_field(type, &other_type), random_one_in(2) ? "ID" : "DATE_MODIFY",
             random_one_in(2) ? "ASC" : "DESC");
    if (level(user, type, READ) == NONE) {
        check(is_denied(&a), &a, "Access denied");
        answer_clear(&a);
        return;
    }
    int wanted = 0;
    bool all = true;
    for (int i = 0; i < before.row_count; i++) {
        const struct row *row = &before.rows[i];
        if (row->type != type || !may(&before, user, READ, type, row->id) ||
            !passes(&filter, user, row))
            continue;
        bool found = false;
        for (size_t j = 0; j < json_array_size(a.result) && !found; j++)
            found = get_id(json_array_get(a.result, j), "ID") == row->id;
        all = all && found;
        wanted++;
    }
    if (check(a.result && all && (int)json_array_size(a.result) == wanted, &a, "%d rows", wanted))
        check(get_id(a.json, "total") == wanted, &a, "a total of %d", wanted);
    for (size_t i = 0; i < json_array_size(a.result); i++)
        check_links(user, &a, type, json_array_get(a.result, i));
    if (random_one_in(8))
        same_in_batch(&a);
    answer_clear(&a);
}

/* ---- a command of a batch that takes its id from another ---- */

void read_reference(void)
{
    const struct user *user = any_user();
    int type = any_type();
    const struct row *row = any_row(type);
    struct answer a =
        call(user, WEBHOOK, "batch",
             "{\"cmd\":{\"a\":\"crm.%s.list?filter[ID]=%lld&select[]=ID\",\"b\":\"crm.%s.get?id="
             "$result[a][0][ID]\",\"c\":\"crm.activity.list?filter[OWNER_TYPE_ID]=%d&"
             "filter[OWNER_ID]=$result[a][0][ID]\"}}",
             type_names[type], (long long)row->id, type_names[type], type);
    const json_t *result = json_object_get(a.result, "result");
    bool readable = may(&before, user, READ, type, row->id);
    check((get_id(json_object_get(result, "b"), "ID") == row->id) == readable, &a, "%s",
          readable ? "the row by its reference" : "no row");
    answer_clear(&a);
}

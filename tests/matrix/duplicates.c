/* Who has a phone, and rows that become one. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "matrix.h"

static const char *const codes[] = {"", "LEAD", "DEAL", "CONTACT", "COMPANY"};

static void run_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void run_format(const char *format, ...)
{
    char text[600];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    sql(text);
}

static bool holds(const json_t *list, int64_t id)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (to_id(json_array_get(list, i)) == id)
            return true;
    }
    return false;
}

/* Found are those of the rows with this number that he may read; who may read none of any type is refused. */
void read_phone(void)
{
    static const int types[] = {LEAD, CONTACT, COMPANY};
    const struct user *user = any_user();
    int64_t ids[3];
    bool any = false;
    sql("SAVEPOINT matrix");
    for (int i = 0; i < 3; i++) {
        ids[i] = any_row(types[i])->id;
        run_format("INSERT INTO multifield (entity_id, element_id, type_id, value_type, value, "
                   "value_key) VALUES ('%s', %lld, 'PHONE', 'WORK', '+99 1234', '991234')",
                   codes[types[i]], (long long)ids[i]);
        any = any || level(user, types[i], READ) != NONE;
    }
    struct answer a = call(user, any_credential(), "crm.duplicate.findbycomm",
                           "{\"type\":\"PHONE\",\"values\":[\"0099 12-34\"]}");
    check((a.result != NULL) == any && (any || is_denied(&a)), &a,
          any ? "a list" : "Access denied");
    for (int i = 0; i < 3 && a.result; i++)
        check(holds(json_object_get(a.result, codes[types[i]]), ids[i]) ==
                  may(&before, user, READ, types[i], ids[i]),
              &a, "%s %lld if he may read it", codes[types[i]], (long long)ids[i]);
    answer_clear(&a);
    sql("ROLLBACK TO SAVEPOINT matrix; RELEASE SAVEPOINT matrix");
}

/* In all that is compared. */
static void make_alike(int type, int64_t into, int64_t from)
{
    static const char *const names[] = {"", "title", "title", "name", "title"};
    run_format("UPDATE %s SET %s = 'Alike'%s WHERE id IN (%lld, %lld)", type_names[type],
               names[type],
               type <= DEAL      ? ", company_id = NULL"
               : type == CONTACT ? ", last_name = NULL"
                                 : "",
               (long long)into, (long long)from);
    run_format("DELETE FROM %s_uf WHERE id = %lld", type_names[type], (long long)from);
}

/* The links and bindings of the one that is gone are the other's. */
static void check_moved(const struct answer *a, int type, int64_t into, int64_t from)
{
    for (int i = 0; i < before.link_count; i++) {
        struct pair link = before.links[i];
        if (link.type == type && link.id == from)
            link.id = into;
        else if (link.other_type == type && link.other == from)
            link.other = into;
        else
            continue;
        check(find_pair(after.links, after.link_count, &link), a, "its link to %s %lld",
              type_names[link.other_type], (long long)link.other);
    }
    for (int i = 0; i < before.binding_count; i++) {
        struct pair binding = before.bindings[i];
        if (binding.other_type != type || binding.other != from)
            continue;
        binding.other = into;
        check(find_pair(after.bindings, after.binding_count, &binding), a, "its activity %lld",
              (long long)binding.id);
    }
}

/* The first is read and changed, the other read and deleted: or nothing happens at all. */
void write_merge(void)
{
    const struct user *user = any_user();
    int type = LEAD + random_below(TYPES);
    int64_t into = row_for(user, type, UPDATE)->id, from = row_for(user, type, DELETE)->id;
    bool alike = random_one_in(2),
         allowed = may(&before, user, READ, type, into) && may(&before, user, UPDATE, type, into) &&
                   may(&before, user, READ, type, from) && may(&before, user, DELETE, type, from);
    if (into == from)
        return;
    alike = alike && find_row(&before, type, into)->funnel == find_row(&before, type, from)->funnel;
    sql("SAVEPOINT matrix");
    if (alike)
        make_alike(type, into, from);
    struct answer a = call(user, any_credential(), "crm.entity.mergeBatch",
                           "{\"params\":{\"entityTypeId\":%d,\"entityIds\":[%lld,%lld]}}", type,
                           (long long)into, (long long)from);
    const char *status = json_string_value(json_object_get(a.result, "STATUS"));
    const char *wanted = !allowed ? "Access denied" : alike ? "SUCCESS" : "CONFLICT";
    check(allowed ? status && !strcmp(status, wanted) : is_denied(&a), &a, "%s", wanted);
    facts_read(&after);
    bool gone = !find_row(&after, type, from);
    check(gone == (allowed && alike) && find_row(&after, type, into), &a, "%s %lld is %s",
          type_names[type], (long long)from, allowed && alike ? "gone" : "still there");
    if (allowed && alike)
        check_moved(&a, type, into, from);
    answer_clear(&a);
    sql("ROLLBACK TO SAVEPOINT matrix; RELEASE SAVEPOINT matrix");
}

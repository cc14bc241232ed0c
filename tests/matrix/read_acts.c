/* Reading activities, their parts and their files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "matrix.h"

/* An activity of an application is answered to that application only. */
bool fits_app(const struct act *act, enum credential by)
{
    return !act->app || (by == APP_ONE && act->app == 1) || (by == APP_TWO && act->app == 2);
}

/* ---- what is shown of references ---- */

static void check_shown_bindings(const struct user *user, const struct answer *answer,
                                 const struct act *act, const json_t *list, const char *type_name,
                                 const char *id_name)
{
    size_t shown = 0, wanted = 0, i;
    const json_t *item;
    json_array_foreach((json_t *)(uintptr_t)list, i, item)
    {
        struct pair pair = {0, act->id, (int)get_id(item, type_name), get_id(item, id_name)};
        shown += find_pair(before.bindings, before.binding_count, &pair) &&
                 may(&before, user, READ, pair.other_type, pair.other);
    }
    for (int b = 0; b < before.binding_count; b++) {
        const struct pair *binding = &before.bindings[b];
        wanted +=
            binding->id == act->id && may(&before, user, READ, binding->other_type, binding->other);
    }
    check(shown == wanted && json_array_size(list) == wanted, answer,
          "the %zu readable bindings of %lld", wanted, (long long)act->id);
}

/* The ids of communications stay; what was taken from an entity that is not readable goes. */
static void check_shown_communications(const struct user *user, const struct answer *answer,
                                       const struct act *act, const json_t *list)
{
    size_t i, wanted = 0;
    const json_t *item;
    bool good = true;
    json_array_foreach((json_t *)(uintptr_t)list, i, item)
    {
        int type = (int)get_id(item, "ENTITY_TYPE_ID");
        int64_t id = get_id(item, "ENTITY_ID");
        struct pair pair = {0, act->id, type, id};
        const json_t *settings = json_object_get(item, "ENTITY_SETTINGS");
        bool named = json_object_size(settings) > 0;
        /* Of what is gone, the stored name remains to who reads all. */
        bool gone = type && !find_row(&before, type, id);
        bool nameable = gone ? named && least_level(user, type, READ) == ALL
                             : type && may(&before, user, READ, type, id);
        good = good && find_pair(before.communications, before.communication_count, &pair) &&
               named == nameable;
    }
    for (int c = 0; c < before.communication_count; c++)
        wanted += before.communications[c].id == act->id;
    char *shown = json_dumps(list, JSON_COMPACT | JSON_ENCODE_ANY);
    check(good && json_array_size(list) == wanted, answer,
          "%zu communications of %lld, named where their entity is readable, not %s", wanted,
          (long long)act->id, shown);
    free(shown);
}

static void check_shown(const struct user *user, const struct answer *answer, const json_t *row)
{
    const struct act *act = find_act(&before, get_id(row, "ID"));
    const json_t *bindings = json_object_get(row, "BINDINGS");
    const json_t *communications = json_object_get(row, "COMMUNICATIONS");
    if (!act)
        return;
    check(get_id(row, "OWNER_ID") == act->owner, answer, "the stored owner %lld",
          (long long)act->owner);
    if (bindings)
        check_shown_bindings(user, answer, act, bindings, "OWNER_TYPE_ID", "OWNER_ID");
    if (communications)
        check_shown_communications(user, answer, act, communications);
}

/* ---- one ---- */

/* What a refusal says: nothing where nothing may be known. */
void check_refusal(const struct user *user, const struct answer *a, const struct act *act,
                   int action, const char *parameter)
{
    if (check(!a->result, a, "refused") && hidden(&before, user, act, action))
        same_as_missing(a, parameter, act->id);
    else
        check(is_denied(a), a, "Access denied");
}

void read_act(void)
{
    const struct user *user = any_user();
    const struct act *act = any_act();
    enum credential by = random_one_in(3) ? APP_ONE + (enum credential)random_below(APPS) : WEBHOOK;
    struct answer a = call(user, by, "crm.activity.get", "{\"id\":%lld}", (long long)act->id);
    if (reads(&before, user, act) && fits_app(act, by)) {
        if (check(a.result && get_id(a.result, "ID") == act->id, &a, "the activity"))
            check_shown(user, &a, a.result);
    } else if (check(!a.result, &a, "no activity") && !reads(&before, user, act)) {
        check_refusal(user, &a, act, READ, "id");
    }
    if (random_one_in(4))
        same_in_batch(&a);
    answer_clear(&a);
}

void read_bindings(void)
{
    const struct user *user = any_user();
    const struct act *act = any_act();
    struct answer a = call(user, WEBHOOK, "crm.activity.binding.list", "{\"activityId\":%lld}",
                           (long long)act->id);
    if (!reads(&before, user, act)) {
        check_refusal(user, &a, act, READ, "activityId");
    } else if (check(a.result != NULL, &a, "bindings")) {
        check_shown_bindings(user, &a, act, a.result, "entityTypeId", "entityId");
    }
    answer_clear(&a);
}

/* ---- many ---- */

struct filter {
    int kind, type;
    int64_t id;
    char text[160];
};

static void any_filter(struct filter *filter)
{
    const struct row *row = any_row(0);
    const struct act *act = any_act();
    *filter = (struct filter){.kind = random_below(10), .type = row->type, .id = row->id};
    char *text = filter->text;
    size_t size = sizeof filter->text;
    switch (filter->kind) {
    case 1:
        format_text(text, size, "\"OWNER_TYPE_ID\":%d,\"OWNER_ID\":%lld", row->type,
                    (long long)row->id);
        break;
    case 2:
        format_text(text, size, "\"BINDINGS\":[{\"OWNER_TYPE_ID\":%d,\"OWNER_ID\":%lld}]",
                    row->type, (long long)row->id);
        break;
    case 3:
        format_text(text, size, "\"BINDINGS\":[{\"OWNER_TYPE_ID\":%d}]", row->type);
        break;
    case 8: /* any of two */
        format_text(text, size,
                    "\"BINDINGS\":[{\"OWNER_TYPE_ID\":%d,\"OWNER_ID\":%lld},{\"OWNER_ID\":%lld}]",
                    row->type, (long long)row->id, (long long)row->id);
        break;
    case 4:
        filter->id = any_user()->id;
        format_text(text, size, "\"RESPONSIBLE_ID\":%lld", (long long)filter->id);
        break;
    case 5:
        filter->id = act->id;
        format_text(text, size, "\"%%SUBJECT\":\"%s\"", act->subject);
        break;
    case 6:
        filter->id = act->id;
        format_text(text, size, "\"<=ID\":%lld", (long long)act->id);
        break;
    case 7:
        format_text(text, size, "\"COMPLETED\":\"Y\"");
        break;
    default:
        break;
    }
}

/* How often the activity comes: once for each binding that a filter by them finds. */
static int times(const struct filter *filter, const struct user *user, const struct act *act)
{
    int found = 0;
    switch (filter->kind) {
    case 1:
        return act->owner_type == filter->type && act->owner == filter->id;
    case 2:
    case 3:
    case 8:
        for (int i = 0; i < before.binding_count; i++) {
            const struct pair *binding = &before.bindings[i];
            found += binding->id == act->id &&
                     (filter->kind == 8 || binding->other_type == filter->type) &&
                     (filter->kind == 3 || binding->other == filter->id) &&
                     may(&before, user, READ, binding->other_type, binding->other);
        }
        return found;
    case 4:
        return act->responsible == filter->id;
    case 5:
        return act->id == filter->id;
    case 6:
        return act->id <= filter->id;
    case 7:
        return act->completed;
    default:
        return 1;
    }
}

/* How often the activity stands on the pages read so far. */
static int seen[MANY];

/* One page; true when there may be another. */
static bool read_page(const struct user *user, const struct filter *filter, const char *order,
                      bool descending, int start, int wanted)
{
    struct answer a =
        call(user, WEBHOOK, "crm.activity.list",
             "{\"filter\":{%s},\"select\":[\"*\",\"BINDINGS\",\"COMMUNICATIONS\",\"FILES\"],"
             "\"order\":{\"%s\":\"%s\"%s},\"start\":%d}",
             filter->text, order, descending ? "DESC" : "ASC",
             strcmp(order, "ID") != 0 ? ",\"ID\":\"ASC\"" : "", start);
    size_t count = json_array_size(a.result);
    /* Who may read nothing may be refused, or gets an empty list. */
    if (a.result || !powerless(user) || wanted)
        check(a.result && get_id(a.json, "total") == wanted, &a, "a total of %d", wanted);
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(a.result, i);
        const struct act *act = find_act(&before, get_id(row, "ID"));
        if (check(act != NULL, &a, "an activity that exists"))
            seen[act - before.acts]++;
        check_shown(user, &a, row);
    }
    if (random_one_in(8))
        same_in_batch(&a);
    answer_clear(&a);
    return count == 50;
}

void read_acts(void)
{
    static const char *const orders[] = {"ID", "START_TIME", "SUBJECT", "RESPONSIBLE_ID"};
    const struct user *user = any_user();
    struct filter filter;
    any_filter(&filter);
    const char *order = orders[random_below(4)];
    bool descending = random_one_in(2);
    int wanted = 0, start = 0;
    for (int i = 0; i < before.act_count; i++)
        wanted += reads(&before, user, &before.acts[i]) ? times(&filter, user, &before.acts[i]) : 0;
    memset(seen, 0, sizeof seen);
    while (read_page(user, &filter, order, descending, start, wanted))
        start += 50;
    for (int i = 0; i < before.act_count; i++) {
        const struct act *act = &before.acts[i];
        int n = reads(&before, user, act) ? times(&filter, user, act) : 0;
        check(seen[i] == n, NULL, "activity %lld %d times on all pages, not %d", (long long)act->id,
              n, seen[i]);
    }
}

/* ---- what else hangs on an activity ---- */

void read_transcript(void)
{
    const struct user *user = any_user();
    const struct act *act = any_act();
    struct answer a = call(user, WEBHOOK, "crm.activity.call.getTranscript",
                           "{\"activityId\":%lld}", (long long)act->id);
    if (reads(&before, user, act))
        check(a.result != NULL, &a, "no transcript, but an answer");
    else
        check_refusal(user, &a, act, READ, "activityId");
    answer_clear(&a);
}

/* A webhook of another scope opens nothing. */
void read_narrow(void)
{
    static const char *const methods[] = {"crm.activity.get", "crm.lead.get", "crm.activity.list",
                                          "crm.deal.delete", "crm.activity.binding.list"};
    const struct user *user = any_user();
    effects_begin();
    struct answer a =
        call(user, NARROW, methods[random_below(5)], "{\"id\":%lld}", (long long)any_act()->id);
    check(a.status == 401 && !a.result, &a, "insufficient scope");
    effects_end(user, &(struct subject){0}, &a);
    answer_clear(&a);
}

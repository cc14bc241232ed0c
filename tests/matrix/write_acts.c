/* Writing activities, their communications and bindings, and to-dos. */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "matrix.h"

static void end(const struct user *user, struct answer *a, const struct subject *subject)
{
    effects_end(user, subject, a);
    answer_clear(a);
}

/* What is named as an owner must be readable, else it is missing, and updatable. */
bool may_own(const struct user *user, int type, int64_t id)
{
    return may(&before, user, READ, type, id) && may(&before, user, UPDATE, type, id);
}

/* A refusal because of the entity that `parameter` names. */
void check_named(const struct user *user, const struct answer *a, int type, int64_t id,
                 const char *parameter)
{
    if (!may(&before, user, READ, type, id))
        same_as_missing(a, parameter, id);
    else
        check(is_denied(a), a, "Access denied");
}

static bool any(const struct act *act)
{
    return act != NULL;
}

static bool is_email(const struct act *act)
{
    return act->kind == 4;
}

static bool is_call(const struct act *act)
{
    return act->kind == 1 || act->kind == 2;
}

static bool is_plain(const struct act *act)
{
    return !act->app;
}

static bool is_open_todo(const struct act *act)
{
    return act->todo && !act->completed;
}

/* ---- add ---- */

static void add_act(const struct user *user)
{
    const struct row *owner = owner_for(user, 0), *other = row_for(user, 0, READ);
    char entity[80] = "";
    if (random_one_in(2))
        other = NULL;
    if (other)
        format_text(entity, sizeof entity, ",\"ENTITY_TYPE_ID\":%d,\"ENTITY_ID\":%lld", other->type,
                    (long long)other->id);
    struct answer a = call(
        user, WEBHOOK, "crm.activity.add",
        "{\"fields\":{\"SUBJECT\":\"New\",\"TYPE_ID\":%d,\"OWNER_TYPE_ID\":%d,\"OWNER_ID\":"
        "%lld,\"RESPONSIBLE_ID\":%lld,\"COMMUNICATIONS\":[{\"VALUE\":\"+78880000\"%s}]}}",
        1 + random_below(2), owner->type, (long long)owner->id, (long long)any_user()->id, entity);
    bool good_owner = may_own(user, owner->type, owner->id);
    bool good_other = !other || may(&before, user, READ, other->type, other->id);
    if (check((a.result != NULL) == (good_owner && good_other), &a,
              good_owner && good_other ? "a new activity" : "refused") &&
        !a.result) {
        if (good_other)
            check_named(user, &a, owner->type, owner->id, "OWNER_ID");
        else if (good_owner)
            same_as_missing(&a, "ENTITY_ID", other->id);
    }
    end(user, &a, &(struct subject){0});
}

/* ---- update, delete ---- */

static void update_act(const struct user *user, const struct act *act)
{
    enum credential by =
        act->app && random_one_in(2) ? APP_ONE + (enum credential)random_below(APPS) : WEBHOOK;
    const struct row *row = any_row(0);
    char fields[120] = "\"SUBJECT\":\"New\"";
    switch (random_below(5)) {
    case 0:
        format_text(fields, sizeof fields, "\"RESPONSIBLE_ID\":%lld", (long long)any_user()->id);
        break;
    case 1: /* cannot be changed: it stays */
        format_text(fields, sizeof fields, "\"OWNER_TYPE_ID\":%d,\"OWNER_ID\":%lld", row->type,
                    (long long)row->id);
        break;
    case 2:
        format_text(fields, sizeof fields,
                    "\"BINDINGS\":[{\"OWNER_TYPE_ID\":%d,\"OWNER_ID\":%lld}]", row->type,
                    (long long)row->id);
        break;
    case 3: /* a file of another activity is none of this one: as one that is not there */
        format_text(fields, sizeof fields, "\"FILES\":[{\"id\":%d}]", 1 + random_below(8));
        break;
    default:
        break;
    }
    struct answer a = call(user, by, "crm.activity.update", "{\"id\":%lld,\"fields\":{%s}}",
                           (long long)act->id, fields);
    bool allowed = updates(&before, user, act);
    bool fits = fits_app(act, by) && !act->configurable; /* that has a method of its own */
    bool no_file =
        strstr(fields, "FILES") && !strcmp(a.error, "The field FILES is not defined or invalid");
    check((a.result != NULL) == (allowed && fits && !no_file), &a,
          allowed && fits ? "done" : "refused");
    if (!allowed)
        check_refusal(user, &a, act, UPDATE, "id");
    end(user, &a, &(struct subject){.id = act->id});
}

static void delete_act(const struct user *user, const struct act *act)
{
    struct answer a =
        call(user, WEBHOOK, "crm.activity.delete", "{\"id\":%lld}", (long long)act->id);
    bool allowed = deletes(&before, user, act);
    if (!act->app) /* only its application may, or nobody: whose it is stands elsewhere */
        check((a.result != NULL) == allowed, &a, allowed ? "deleted" : "refused");
    if (!allowed)
        check_refusal(user, &a, act, UPDATE, "id");
    end(user, &a, &(struct subject){.id = act->id, .deletes = true});
}

void write_act(void)
{
    const struct user *user = any_user();
    int what = random_below(3);
    effects_begin();
    if (what == 0)
        add_act(user);
    else if (what == 1)
        update_act(user, act_for(user, any));
    else
        delete_act(user, act_for(user, any));
}

/* ---- communications ---- */

/* What the activity shows to refer to already: it may be said again, readable or not. */
static bool stored(const struct act *act, const struct row *row)
{
    struct pair pair = {0, act->id, row->type, row->id};
    return find_pair(before.communications, before.communication_count, &pair) ||
           (act->owner_type == row->type && act->owner == row->id);
}

/* Of an e-mail, which takes many: some that stand there, and perhaps another. */
void write_communications(void)
{
    const struct user *user = any_user();
    const struct act *act = act_for(user, is_email);
    const struct row *given[3], *bad = NULL;
    char list[400] = "";
    size_t len = 0;
    int count = 1 + random_below(3);
    if (act->kind != 4)
        return;
    for (int i = 0; i < count; i++) {
        do
            given[i] = row_for(user, 0, READ);
        while (random_one_in(2) && !stored(act, given[i]));
        len += format_text(list + len, sizeof list - len,
                           "%s{\"VALUE\":\"b@x.org\",\"ENTITY_TYPE_ID\":%d,\"ENTITY_ID\":%lld}",
                           len ? "," : "", given[i]->type, (long long)given[i]->id);
        if (!stored(act, given[i]) && !may(&before, user, READ, given[i]->type, given[i]->id))
            bad = given[i];
    }
    effects_begin();
    struct answer a =
        call(user, WEBHOOK, "crm.activity.update",
             "{\"id\":%lld,\"fields\":{\"COMMUNICATIONS\":[%s]}}", (long long)act->id, list);
    bool may_write = updates(&before, user, act);
    check((a.result != NULL) == (may_write && !bad), &a, may_write && !bad ? "done" : "refused");
    if (!may_write)
        check_refusal(user, &a, act, UPDATE, "id");
    else if (bad && count == 1)
        same_as_missing(&a, "ENTITY_ID", bad->id);
    end(user, &a, &(struct subject){.id = act->id});
}

/* Of a meeting or a call, which has one: the one that stands there, or another. */
void write_one_communication(void)
{
    const struct user *user = any_user();
    const struct act *act = act_for(user, is_call);
    const struct row *given = row_for(user, 0, READ);
    bool unseen = false, there = false;
    if (act->kind != 1 && act->kind != 2)
        return;
    for (int i = 0; i < before.communication_count; i++) {
        const struct pair *pair = &before.communications[i];
        if (pair->id != act->id || !pair->other_type)
            continue;
        unseen = !may(&before, user, READ, pair->other_type, pair->other);
        there = random_one_in(2);
        if (there)
            given = find_row(&before, pair->other_type, pair->other);
        there = there || (given->type == pair->other_type && given->id == pair->other);
    }
    effects_begin();
    struct answer a = call(
        user, WEBHOOK, "crm.activity.update",
        "{\"id\":%lld,\"fields\":{\"COMMUNICATIONS\":[{\"VALUE\":\"+78880009\",\"ENTITY_TYPE_ID\":"
        "%d,\"ENTITY_ID\":%lld}]}}",
        (long long)act->id, given->type, (long long)given->id);
    bool may_write = updates(&before, user, act);
    bool nameable = stored(act, given) || may(&before, user, READ, given->type, given->id);
    bool good =
        there || (!unseen && nameable); /* one that is not seen stays, and is the only one */
    check((a.result != NULL) == (may_write && good), &a, may_write && good ? "done" : "refused");
    if (!may_write)
        check_refusal(user, &a, act, UPDATE, "id");
    else if (!unseen && !nameable)
        same_as_missing(&a, "ENTITY_ID", given->id);
    end(user, &a, &(struct subject){.id = act->id});
}

/* ---- bindings ---- */

bool is_bound(const struct act *act, const struct row *row)
{
    struct pair pair = {0, act->id, row->type, row->id};
    return find_pair(before.bindings, before.binding_count, &pair);
}

static int bindings_of(const struct act *act)
{
    int count = 0;
    for (int i = 0; i < before.binding_count; i++)
        count += before.bindings[i].id == act->id;
    return count;
}

const struct row *any_bound(const struct act *act)
{
    int at = random_below(bindings_of(act));
    for (int i = 0; i < before.binding_count; i++) {
        const struct pair *binding = &before.bindings[i];
        if (binding->id == act->id && at-- == 0)
            return find_row(&before, binding->other_type, binding->other);
    }
    return NULL;
}

static void add_or_delete(const struct user *user, const struct act *act, const struct row *row,
                          bool add)
{
    struct answer a =
        call(user, WEBHOOK, add ? "crm.activity.binding.add" : "crm.activity.binding.delete",
             "{\"activityId\":%lld,\"entityTypeId\":%d,\"entityId\":%lld}", (long long)act->id,
             row->type, (long long)row->id);
    bool changes = updates(&before, user, act), good = may_own(user, row->type, row->id);
    bool fits = add ? !is_bound(act, row) : is_bound(act, row) && bindings_of(act) > 1;
    check((a.result != NULL) == (changes && good && fits), &a,
          changes && good && fits ? "done" : "refused");
    if (!changes)
        check_refusal(user, &a, act, UPDATE, "activityId");
    else if (!good)
        check_named(user, &a, row->type, row->id, "entityId");
    end(user, &a, &(struct subject){.id = act->id, .moves = !add});
}

static void move(const struct user *user, const struct act *act, const struct row *source,
                 const struct row *target)
{
    struct answer a = call(user, WEBHOOK, "crm.activity.binding.move",
                           "{\"activityId\":%lld,\"sourceEntityTypeId\":%d,\"sourceEntityId\":%lld,"
                           "\"targetEntityTypeId\":%d,\"targetEntityId\":%lld}",
                           (long long)act->id, source->type, (long long)source->id, target->type,
                           (long long)target->id);
    bool changes = updates(&before, user, act);
    bool from = may_own(user, source->type, source->id);
    bool to = may_own(user, target->type, target->id);
    bool fits = source->type == target->type && is_bound(act, source) && !is_bound(act, target);
    check((a.result != NULL) == (changes && from && to && fits), &a,
          changes && from && to && fits ? "moved" : "refused");
    if (!changes)
        check_refusal(user, &a, act, UPDATE, "activityId");
    else if (!from && to)
        check_named(user, &a, source->type, source->id, "sourceEntityId");
    else if (from && !to)
        check_named(user, &a, target->type, target->id, "targetEntityId");
    end(user, &a, &(struct subject){.id = act->id, .moves = true});
}

void write_binding(void)
{
    const struct user *user = any_user();
    const struct act *act = act_for(user, is_plain);
    const struct row *row = random_one_in(2) ? any_bound(act) : owner_for(user, 0);
    int what = random_below(3);
    if (act->app)
        return;
    effects_begin();
    if (what < 2)
        add_or_delete(user, act, row, what == 0);
    else
        move(user, act, row, owner_for(user, random_one_in(6) ? 0 : row->type));
}

/* ---- numbers that are another one in 32 or 64 bits ---- */

/* No number is the one that it would be cut to: refused, whoever asks. */
void write_wide(void)
{
    const struct user *user = any_user();
    const struct act *act = act_for(user, is_plain);
    const struct row *row = random_one_in(2) ? any_bound(act) : owner_for(user, 0);
    bool wide_type = random_one_in(2);
    long long more = random_one_in(2) ? 1LL << 32 : 1LL << 62, number = (long long)act->id;
    long long type = row->type + (wide_type ? more : 0);
    long long id = (long long)row->id + (wide_type ? 0 : more);
    struct answer a;
    effects_begin();
    switch (random_below(4)) {
    case 0:
        a = call(user, WEBHOOK, "crm.activity.todo.add",
                 "{\"ownerTypeId\":%lld,\"ownerId\":%lld,\"deadline\":\"2026-02-01T10:00:00\"}",
                 type, id);
        break;
    case 1:
        a = call(user, WEBHOOK, "crm.activity.add",
                 "{\"fields\":{\"SUBJECT\":\"New\",\"TYPE_ID\":2,\"RESPONSIBLE_ID\":1,"
                 "\"OWNER_TYPE_ID\":%lld,\"OWNER_ID\":%lld,\"COMMUNICATIONS\":[{\"VALUE\":"
                 "\"+78880000\"}]}}",
                 type, id);
        break;
    case 2:
        a = call(user, WEBHOOK, "crm.activity.binding.add",
                 "{\"entityTypeId\":%lld,\"entityId\":%lld,\"activityId\":%lld}", type, id, number);
        break;
    default:
        a = call(user, WEBHOOK, "crm.activity.update",
                 "{\"id\":%lld,\"fields\":{\"COMMUNICATIONS\":[{\"VALUE\":\"c@x.org\","
                 "\"ENTITY_TYPE_ID\":%lld,\"ENTITY_ID\":%lld}]}}",
                 number, type, id);
        break;
    }
    check(!a.result, &a, "refused");
    end(user, &a, &(struct subject){0});
}

/* ---- to-dos ---- */

static void add_todo(const struct user *user)
{
    const struct row *owner = owner_for(user, 0);
    const struct act *parent = random_one_in(2) ? any_act() : NULL;
    char more[60] = "";
    if (parent)
        format_text(more, sizeof more, ",\"parentActivityId\":%lld", (long long)parent->id);
    struct answer a = call(user, WEBHOOK, "crm.activity.todo.add",
                           "{\"ownerTypeId\":%d,\"ownerId\":%lld,\"deadline\":\"2026-02-01T10:00:"
                           "00\"%s}",
                           owner->type, (long long)owner->id, more);
    bool good_owner = may_own(user, owner->type, owner->id);
    bool good_parent = !parent || reads(&before, user, parent);
    check((a.result != NULL) == (good_owner && good_parent), &a,
          good_owner && good_parent ? "a new to-do" : "refused");
    if (!good_owner && good_parent)
        check_named(user, &a, owner->type, owner->id, "ownerId");
    else if (good_owner && !good_parent)
        same_as_missing(&a, "parentActivityId", parent->id);
    end(user, &a, &(struct subject){0});
}

static void update_todo(const struct user *user, const struct act *act)
{
    const struct row *row = random_one_in(3) ? any_row(0) : any_bound(act);
    static const struct {
        const char *method, *parameter;
    } changes[] = {{"updateDescription", "value"},
                   {"updateResponsibleUser", "responsibleId"},
                   {"updateColor", "colorId"},
                   {"updateDeadline", "value"},
                   {"update", "parentActivityId"}};
    int what = random_below(5);
    const struct act *parent = what == 4 ? any_act() : NULL;
    char method[60], value[60];
    snprintf(method, sizeof method, "crm.activity.todo.%s", changes[what].method);
    if (what == 2)
        snprintf(value, sizeof value, "\"3\"");
    else if (what == 3)
        snprintf(value, sizeof value, "\"2026-03-01T10:00:00\"");
    else
        snprintf(value, sizeof value, "%lld", (long long)(parent ? parent->id : any_user()->id));
    struct answer a =
        call(user, any_credential(), method,
             "{\"id\":%lld,\"ownerTypeId\":%d,\"ownerId\":%lld,\"%s\":%s%s}", (long long)act->id,
             row->type, (long long)row->id, changes[what].parameter, value,
             parent ? ",\"deadline\":\"2026-03-01T10:00:00\"" : "");
    bool good = may_own(user, row->type, row->id), at = act->todo && is_bound(act, row);
    bool may_follow = !parent || reads(&before, user, parent);
    bool follows = may_follow && (!parent || (parent != act && !parent->completed));
    bool done = good && at && !act->completed && follows;
    check((a.result != NULL) == done, &a, done ? "done" : "refused");
    if (!good)
        check_named(user, &a, row->type, row->id, "ownerId");
    else if (!at) /* it is looked for there only */
        same_as_missing(&a, "id", act->id);
    else if (!may_follow)
        same_as_missing(&a, "parentActivityId", parent->id);
    end(user, &a, &(struct subject){.id = act->id});
}

void write_todo(void)
{
    const struct user *user = any_user();
    effects_begin();
    if (random_one_in(2))
        add_todo(user);
    else
        update_todo(user, act_for(user, is_open_todo));
}

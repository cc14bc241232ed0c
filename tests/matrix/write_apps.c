/* What applications add: configurable activities, and sets of content blocks. */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "matrix.h"

static bool is_configurable(const struct act *act)
{
    return act->configurable;
}

static bool is_other(const struct act *act)
{
    return !act->configurable;
}

static enum credential any_app(void)
{
    return random_one_in(2) ? APP_ONE : APP_TWO;
}

/* Where an activity may be found: at an owner that may be read, if it is bound there. */
static void check_place(const struct user *user, const struct answer *a, const struct act *act,
                        const struct row *row, bool changes)
{
    bool good =
        changes ? may_own(user, row->type, row->id) : may(&before, user, READ, row->type, row->id);
    bool here = is_bound(act, row);
    bool fits = !changes || !act->configurable;
    check((strstr(a->text, "\"result\":") != NULL) == (good && here && fits), a,
          good && here && fits ? "done" : "refused");
    if (!good)
        check_named(user, a, row->type, row->id, "entityId");
    else if (!here)
        same_as_missing(a, "activityId", act->id);
}

void write_blocks(void)
{
    static const char *const verbs[] = {"get", "set", "delete"};
    const struct user *user = any_user();
    const struct act *act = act_for(user, is_other);
    const struct row *row = random_one_in(3) ? any_row(0) : any_bound(act);
    int what = random_below(3);
    char method[48];
    if (what == 2 && act->configurable) /* there is none to delete */
        return;
    snprintf(method, sizeof method, "crm.activity.layout.blocks.%s", verbs[what]);
    effects_begin();
    struct answer a = call(user, any_app(), method,
                           "{\"entityTypeId\":%d,\"entityId\":%lld,\"activityId\":%lld%s}",
                           row->type, (long long)row->id, (long long)act->id,
                           what == 1 ? ",\"layout\":{\"blocks\":{\"b\":{\"type\":\"text\","
                                       "\"properties\":{\"value\":\"v\"}}}}"
                                     : "");
    check_place(user, &a, act, row, what != 0);
    effects_end(user, &(struct subject){0}, &a);
    answer_clear(&a);
}

#define LAYOUT                                                                                     \
    "{\"icon\":{\"code\":\"info\"},\"header\":{\"title\":\"Hello\"},\"body\":{\"logo\":{\"code\":" \
    "\"call\"}}}"

static void add_configurable(const struct user *user)
{
    const struct row *row = owner_for(user, 0);
    struct answer a = call(user, any_app(), "crm.activity.configurable.add",
                           "{\"ownerTypeId\":%d,\"ownerId\":%lld,\"fields\":{\"responsibleId\":"
                           "%lld},\"layout\":" LAYOUT "}",
                           row->type, (long long)row->id, (long long)any_user()->id);
    bool good = may_own(user, row->type, row->id);
    check((a.result != NULL) == good, &a, good ? "a new activity" : "refused");
    if (!good)
        check_named(user, &a, row->type, row->id, "ownerId");
    effects_end(user, &(struct subject){0}, &a);
    answer_clear(&a);
}

static void change_configurable(const struct user *user, const struct act *act)
{
    enum credential by = any_app();
    struct answer a = call(user, by, "crm.activity.configurable.update",
                           "{\"id\":%lld,\"fields\":{\"completed\":\"%s\"}}", (long long)act->id,
                           act->completed ? "N" : "Y");
    bool may_write = updates(&before, user, act);
    bool good = may_write && act->configurable && fits_app(act, by);
    check((a.result != NULL) == good, &a, good ? "done" : "refused");
    if (!may_write)
        check_refusal(user, &a, act, UPDATE, "id");
    effects_end(user, &(struct subject){.id = act->id}, &a);
    answer_clear(&a);
}

/* Any application that may read it: its page asks for no more. */
static void read_configurable(const struct user *user, const struct act *act)
{
    struct answer a =
        call(user, any_app(), "crm.activity.configurable.get", "{\"id\":%lld}", (long long)act->id);
    bool may_read = reads(&before, user, act);
    bool good = may_read && act->configurable;
    check((a.result != NULL) == good, &a, good ? "the activity" : "refused");
    if (!may_read)
        check_refusal(user, &a, act, READ, "id");
    effects_end(user, &(struct subject){0}, &a);
    answer_clear(&a);
}

void write_configurable(void)
{
    const struct user *user = any_user();
    const struct act *act = act_for(user, is_configurable);
    int what = random_below(3);
    effects_begin();
    if (what == 0)
        add_configurable(user);
    else if (what == 1)
        change_configurable(user, act);
    else
        read_configurable(user, act);
}

/* The rules of DESIGN.md, "Permissions", as plainly as they can be said. */
#include <string.h>

#include "matrix.h"

static bool is_below(int department, int above)
{
    while (department >= 0 && department != above)
        department = world.departments[department].parent;
    return department >= 0;
}

bool has_role(const struct user *user, const struct role *role)
{
    if (role->all || role->users[user - world.users])
        return true;
    for (int mine = 0; mine < DEPARTMENTS; mine++) {
        for (int given = 0; given < DEPARTMENTS; given++) {
            if (user->in[mine] && role->departments[given] && is_below(mine, given))
                return true;
        }
    }
    return false;
}

static int level_in(const struct user *user, int type, int64_t funnel, int action)
{
    int highest = NONE;
    if (user->admin)
        return ALL;
    for (int i = 0; i < ROLES; i++) {
        const struct role *role = &world.roles[i];
        int said = role->level[type][action];
        for (int f = 0; f < FUNNELS && type == DEAL; f++) {
            if (role->of_funnel[f] && world.funnels[f] == funnel)
                said = role->funnel_level[f][action];
        }
        if (has_role(user, role) && said > highest)
            highest = said;
    }
    return highest;
}

int level(const struct user *user, int type, int action)
{
    int highest = NONE;
    for (int f = 0; f < FUNNELS; f++) {
        int here = level_in(user, type, world.funnels[f], action);
        highest = here > highest ? here : highest;
    }
    return highest;
}

int least_level(const struct user *user, int type, int action)
{
    int lowest = ALL;
    for (int f = 0; f < FUNNELS; f++) {
        int here = level_in(user, type, world.funnels[f], action);
        lowest = here < lowest ? here : lowest;
    }
    return lowest;
}

static const struct user *user_of(int64_t id)
{
    for (int i = 0; i < USERS; i++) {
        if (world.users[i].id == id)
            return &world.users[i];
    }
    return NULL;
}

static bool share_department(const struct user *a, const struct user *b, bool below)
{
    for (int mine = 0; mine < DEPARTMENTS; mine++) {
        for (int his = 0; his < DEPARTMENTS; his++) {
            if (a->in[mine] && b->in[his] && (mine == his || (below && is_below(his, mine))))
                return true;
        }
    }
    return false;
}

bool covers(const struct user *user, int action, const struct row *row)
{
    return level_covers(user, level_in(user, row->type, row->funnel, action), row->assigned);
}

bool level_covers(const struct user *user, int level, int64_t assigned)
{
    const struct user *other = user_of(assigned);
    switch (level) {
    case OWN:
        return other == user;
    case DEPARTMENT:
        return other && (other == user || share_department(user, other, false));
    case SUBTREE:
        return other && (other == user || share_department(user, other, true));
    case ALL:
        return true;
    default:
        return false;
    }
}

bool may(const struct facts *facts, const struct user *user, int action, int type, int64_t id)
{
    const struct row *row = find_row(facts, type, id);
    return row && covers(user, action, row);
}

static bool by_bindings(const struct facts *facts, const struct user *user, const struct act *act,
                        int action)
{
    for (int i = 0; i < facts->binding_count; i++) {
        const struct pair *binding = &facts->bindings[i];
        if (binding->id == act->id && may(facts, user, action, binding->other_type, binding->other))
            return true;
    }
    return false;
}

bool reads(const struct facts *facts, const struct user *user, const struct act *act)
{
    return user->admin || act->responsible == user->id || by_bindings(facts, user, act, READ);
}

bool updates(const struct facts *facts, const struct user *user, const struct act *act)
{
    return user->admin || act->responsible == user->id || by_bindings(facts, user, act, UPDATE);
}

bool deletes(const struct facts *facts, const struct user *user, const struct act *act)
{
    return user->admin || may(facts, user, UPDATE, act->owner_type, act->owner);
}

bool powerless(const struct user *user)
{
    for (int type = LEAD; type <= TYPES; type++) {
        if (level(user, type, READ) != NONE || level(user, type, UPDATE) != NONE)
            return false;
    }
    return true;
}

bool hidden(const struct facts *facts, const struct user *user, const struct act *act, int action)
{
    if (act->responsible == user->id)
        return false;
    for (int i = 0; i < facts->binding_count; i++) {
        int type = facts->bindings[i].other_type;
        if (facts->bindings[i].id == act->id &&
            (level(user, type, READ) != NONE || level(user, type, action) != NONE))
            return false;
    }
    return true;
}

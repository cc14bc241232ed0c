/* Product rows: who may read or change a lead or deal may do so with its rows, and nobody else. */
#include <stdio.h>

#include "matrix.h"

static void check_owner(const struct user *user, const struct answer *a, int action, int type,
                        int64_t id)
{
    bool allowed = may(&before, user, action, type, id);
    check((a->result != NULL) == allowed, a, allowed ? "done" : "refused");
    if (allowed)
        return;
    if (level(user, type, action) == NONE)
        check(is_denied(a), a, "Access denied");
    else
        check(is_denied(a) == (find_row(&before, type, id) != NULL), a,
              "Access denied for what exists, else another text");
}

void write_products(void)
{
    const struct user *user = any_user();
    int type = LEAD + random_below(DEAL), what = random_below(6);
    int action = what < 3 ? READ : UPDATE;
    int64_t id = random_one_in(10) ? MISSING : row_for(user, type, action)->id;
    const char *code = type == LEAD ? "L" : "D";
    char method[40];
    struct answer a;
    if (action == UPDATE)
        effects_begin();
    snprintf(method, sizeof method, "crm.%s.productrows.%s", type_names[type],
             what ? "set" : "get");
    switch (what) {
    case 0:
        a = call(user, any_credential(), method, "{\"id\":%lld}", (long long)id);
        break;
    case 1:
        a = call(user, any_credential(), "crm.item.productrow.list",
                 "{\"filter\":{\"=ownerType\":\"%s\",\"=ownerId\":%lld}}", code, (long long)id);
        break;
    case 2:
        a = call(user, any_credential(), "crm.productrow.list",
                 "{\"filter\":{\"OWNER_TYPE\":\"%s\",\"OWNER_ID\":%lld}}", code, (long long)id);
        break;
    case 3:
        a = call(user, any_credential(), method, "{\"id\":%lld,\"rows\":[{\"PRICE\":1}]}",
                 (long long)id);
        break;
    case 4:
        a = call(user, any_credential(), "crm.item.productrow.add",
                 "{\"fields\":{\"ownerId\":%lld,\"ownerType\":\"%s\",\"price\":2}}", (long long)id,
                 code);
        break;
    default:
        a = call(user, any_credential(), "crm.item.productrow.set",
                 "{\"ownerId\":%lld,\"ownerType\":\"%s\",\"productRows\":[{\"price\":3}]}",
                 (long long)id, code);
        break;
    }
    check_owner(user, &a, action, type, id);
    if (action == UPDATE)
        effects_end(user, &(struct subject){.type = type, .id = id}, &a);
    answer_clear(&a);
}

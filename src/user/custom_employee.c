/* A custom field that holds a user. */
#include "model/type/custom.h"
#include "user/user.h"

static bool take(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell)
{
    bool exists = false;
    (void)field;
    if (type_asks_zero(value)) {
        cell->null = true;
        return true;
    }
    return value_to_int(value, &cell->integer) &&
           entity_exists(req, &user_entity, cell->integer, &exists) == API_OK && exists;
}

static const struct field_type employee_kind = {.name = "custom employee", CUSTOM_ID, .take = take};

const struct user_type user_type_employee = {.id = "employee",
                                             .title = "Binding to User",
                                             .description = "Linked to employee",
                                             .place = 12,
                                             .kind = &employee_kind};
USER_TYPE(user_type_employee);

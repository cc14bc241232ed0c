#include "crm/dynamic_type.h"

bool dynamic_type_number_fits(int64_t type_id)
{
    return (type_id >= 128 && type_id <= 192) ||
           (type_id >= 1030 && type_id <= INT32_MAX && type_id % 2 == 0);
}

bool dynamic_type_is(int64_t type_id)
{
    return type_id >= 128;
}

#include "crm/property_type.h"

#include <string.h>

#include "crm/product.h"
#include "crm/product_section.h"
#include "crm/sum.h"

const struct property_type property_types[] = {
    {"S", "", "String", &type_text, false, false, NULL},
    {"N", "", "Number", &type_double, false, false, NULL},
    {"L", "", "List", &type_int, true, false, NULL},
    {"E", "", "Link to products", &type_int, false, false, &product_entity},
    {"G", "", "Link to sections", &type_int, false, false, &product_section_entity},
    {"S", "HTML", "HTML/Text", &type_object, false, true, NULL},
    {"S", "Date", "Date", &type_date, false, false, NULL},
    {"S", "Money", "Money", &type_sum, false, false, NULL},
    {"S", "DateTime", "Date/Time", &type_datetime, false, false, NULL},
    {0},
};

const struct property_type *property_type_find(const char *property, const char *user)
{
    for (const struct property_type *type = property_types; type->property; type++) {
        if (!strcmp(type->property, property) && !strcmp(type->user, user ? user : ""))
            return type;
    }
    return NULL;
}

#include "crm/property_type.h"

#include <string.h>

#include "crm/product.h"
#include "crm/product_file.h"
#include "crm/product_section.h"
#include "crm/sum.h"

const struct property_type property_types[] = {
    {"S", "", "String", &type_text},
    {"N", "", "Number", &type_double},
    {"L", "", "List", &type_int, .list = true},
    {"F", "", "File", &type_product_file, .file = true},
    {"E", "", "Link to products", &type_int, .of = &product_entity},
    {"G", "", "Link to sections", &type_int, .of = &product_section_entity},
    {"S", "HTML", "HTML/Text", &type_object, .html = true},
    {"S", "Date", "Date", &type_date},
    {"S", "Money", "Money", &type_sum},
    {"S", "DateTime", "Date/Time", &type_datetime},
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

/* crm.multifield.fields - what one phone number or e-mail address consists of.
 *
 * Used by: the registry.
 * Page:    api-reference/crm/auxiliary/multifield/crm-multifield-fields.
 */
#include "model/entity.h"
#include "model/method.h"
#include "model/shape.h"

static enum api_rc multifield_fields(struct request *req)
{
    static const struct field fields[] = {
        {.name = "ID", .type = "int", .title = "ID", .flags = FIELD_READ_ONLY},
        {.name = "TYPE_ID", .type = "string", .title = "Field Type", .flags = FIELD_READ_ONLY},
        {.name = "VALUE", .type = "string", .title = "Value"},
        {.name = "VALUE_TYPE", .type = "string", .title = "Value Type"},
    };
    writer_begin_object(req->out);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        field_describe(req, &fields[i]);
    writer_end_object(req->out);
    return API_OK;
}

static const struct method methods[] = {
    {.name = "crm.multifield.fields",
     .summary =
         "Describe a phone, e-mail address, site or messenger of a lead, contact or company.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = shape_fields,
     .page = "api-reference/crm/auxiliary/multifield/crm-multifield-fields",
     .handle = multifield_fields},
};

MODULE(crm_multifield, METHODS(methods));

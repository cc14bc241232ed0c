/* crm.activity.* - the activity's base methods.
 * Pages: api-reference/crm/timeline/activities/activity-base. */
#include "crm/activity.h"
#include "model/crud.h"
#include "model/shape.h"

#define PAGE(name) "api-reference/crm/timeline/activities/activity-base/" name

static enum api_rc communication_fields(struct request *req)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < activity_communication_field_count; i++)
        field_describe(req, &activity_communication_fields[i]);
    writer_end_object(req->out);
    return API_OK;
}

static const struct crud crud = {"crm.activity", &activity_entity, ALL_VERBS, .many = "activities"};

static const struct method methods[] = {
    {.name = "crm.activity.communication.fields",
     .summary = "Describe the fields of a communication.",
     .scope = "crm",
     .result = SHAPE_OBJECT,
     .gives = shape_fields,
     .page = PAGE("crm-activity-communication-fields"),
     .handle = communication_fields},
};

MODULE(crm_activity, .crud = &crud, METHODS(methods));

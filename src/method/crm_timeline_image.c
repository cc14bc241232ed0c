/* crm.timeline.icon.*, crm.timeline.logo.* - pictures for entries of the timeline.
 * Pages: api-reference/crm/timeline/logmessage/icons, logo. */
#include "crm/timeline_image.h"
#include "model/method.h"

static const struct timeline_image_kind icon = {"icon", "icons", "Icon"},
                                        logo = {"logo", "logos", "Logo"};

struct image_args {
    const char *code;
    const struct value *content;
};

static enum api_rc check_admin(struct request *req)
{
    return req->caller->is_admin ? API_OK : api_fail(req, API_ERR_ITEM_DENIED, "Access denied");
}

static enum api_rc add(struct request *req, const struct timeline_image_kind *kind)
{
    const struct image_args *args = req->args;
    enum api_rc rc = check_admin(req);
    if (rc == API_OK)
        rc = timeline_image_put(req, kind, args->code, args->content);
    return rc == API_OK ? timeline_image_show(req, kind, args->code) : rc;
}

static enum api_rc get(struct request *req, const struct timeline_image_kind *kind)
{
    return timeline_image_show(req, kind, ((const struct image_args *)req->args)->code);
}

static enum api_rc remove_one(struct request *req, const struct timeline_image_kind *kind)
{
    const struct image_args *args = req->args;
    enum api_rc rc = check_admin(req);
    if (rc == API_OK)
        rc = timeline_image_delete(req, kind, args->code);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* The four methods of one kind. */
#define HANDLERS(kind)                                                                             \
    static enum api_rc kind##_add(struct request *req)                                             \
    {                                                                                              \
        return add(req, &(kind));                                                                  \
    }                                                                                              \
    static enum api_rc kind##_get(struct request *req)                                             \
    {                                                                                              \
        return get(req, &(kind));                                                                  \
    }                                                                                              \
    static enum api_rc kind##_list(struct request *req)                                            \
    {                                                                                              \
        return timeline_image_list(req, &(kind));                                                  \
    }                                                                                              \
    static enum api_rc kind##_delete(struct request *req)                                          \
    {                                                                                              \
        return remove_one(req, &(kind));                                                           \
    }

HANDLERS(icon)
HANDLERS(logo)

#define CODE                                                                                       \
    {                                                                                              \
        "code", PARAM_STRING, true, "What it is called by", BIND(struct image_args, code)          \
    }
static const struct param code_params[] = {CODE, {0}};
static const struct param add_params[] = {
    CODE,
    {"fileContent", PARAM_ANY, true, "A PNG in Base64", BIND(struct image_args, content)},
    {0},
};
static const struct param shown[] = {{"code", PARAM_STRING, true},
                                     {"isSystem", PARAM_BOOL, true},
                                     {"fileUri", PARAM_STRING, true},
                                     {0}};
static const struct param one_icon[] = {{"icon", PARAM_ARRAY, true, .keys = shown}, {0}};
static const struct param many_icon[] = {{"icons", PARAM_LIST, true, .keys = shown}, {0}};
static const struct param many_logo[] = {{"logos", PARAM_LIST, true, .keys = shown}, {0}};
static const struct param one_logo[] = {{"logo", PARAM_ARRAY, true, .keys = shown}, {0}};

#define METHOD(kind, verb, about, where, returns)                                                  \
    .name = "crm.timeline." #kind "." #verb, .summary = about, .scope = "crm", .lane = where,      \
    .of_rows = true, .result = returns, .handle = kind##_##verb
#define METHODS_OF(kind, page_of)                                                                  \
    {METHOD(kind, add, "Add a picture, or replace the one of its code.", LANE_WRITE,               \
            SHAPE_OBJECT),                                                                         \
     .binds = true, TAKES(struct image_args, add_params), .gives = one_##kind,                     \
     .page = page_of "add"},                                                                       \
        {METHOD(kind, get, "Return a picture by its code.", LANE_READ, SHAPE_OBJECT),              \
         .binds = true, TAKES(struct image_args, code_params), .gives = one_##kind,                \
         .page = page_of "get"},                                                                   \
        {METHOD(kind, list, "List the pictures.", LANE_READ, SHAPE_OBJECT), .gives = many_##kind,  \
         .page = page_of "list"},                                                                  \
    {                                                                                              \
        METHOD(kind, delete, "Delete a picture.", LANE_WRITE, SHAPE_BOOL),                         \
            .binds = true, TAKES(struct image_args, code_params), .page = page_of "delete"         \
    }

static const struct method methods[] = {
    METHODS_OF(icon, "api-reference/crm/timeline/logmessage/icons/crm-timeline-icon-"),
    METHODS_OF(logo, "api-reference/crm/timeline/logmessage/logo/crm-timeline-logo-"),
};

MODULE(crm_timeline_image, METHODS(methods));

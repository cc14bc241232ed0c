/* user.* - the people of the portal.
 *
 * Used by: the registry.
 * Pages:   api-reference/user/.
 */
#include "model/method.h"
#include "model/picture.h"
#include "model/shape.h"
#include "user/user.h"

static enum api_rc user_get(struct request *req)
{
    return user_list(req, false);
}

static enum api_rc user_search(struct request *req)
{
    return user_list(req, true);
}

static const struct param add_params[] = {
    {"EMAIL", PARAM_STRING, true, "Address; also the login"},
    {"UF_DEPARTMENT", PARAM_ANY, true, "Ids of departments"},
    {"NAME", PARAM_STRING, false, "First name; further fields by name, as user.fields lists them"},
    {"EXTRANET", PARAM_ANY, false, "Y: a person from outside, who needs SONET_GROUP_ID"},
    {"SONET_GROUP_ID", PARAM_ANY, false, "Workgroups; there are none here"},
    {NULL, PARAM_END, false, NULL},
};

static const struct param update_params[] = {
    {"ID", PARAM_INT, true, "Id of the user"},
    {"ACTIVE", PARAM_ANY, false, "N dismisses; further fields by name, as user.fields lists them"},
    {NULL, PARAM_END, false, NULL},
};

#define LIST_PARAMS                                                                                \
    {"sort", PARAM_STRING, false, "Field to sort by, ID unless given"},                            \
        {"order", PARAM_ANY, false, "ASC or DESC"},                                                \
        {"select", PARAM_ANY, false, "Names of fields, the masks * and UF_*"},                     \
        {"IMAGE_RESIZE", PARAM_ANY, false, "Accepted; the photo is the original one"},             \
        {"ADMIN_MODE", PARAM_ANY, false, "Accepted; users are visible to everyone here"},          \
    {                                                                                              \
        "start", PARAM_INT, false, "Offset of the page: 0, 50, 100"                                \
    }

static const struct param get_params[] = {
    {"FILTER", PARAM_ARRAY, false,
     "Conditions, with the prefixes of list methods; may also stand "
     "beside the other parameters"},
    LIST_PARAMS,
    {NULL, PARAM_END, false, NULL},
};

static const struct param search_params[] = {
    {"FILTER", PARAM_ARRAY, false,
     "FIND: words in names, job title and department; or NAME, LAST_NAME, WORK_POSITION, "
     "UF_DEPARTMENT_NAME, USER_TYPE"},
    {"FIND", PARAM_STRING, false, "The same as FILTER[FIND]"},
    LIST_PARAMS,
    {NULL, PARAM_END, false, NULL},
};

static const struct param a_department[] = {{"", PARAM_INT}, {0}};
/* Each has what the credential's scope shows of him. */
static const struct param person[] = {
    {"ID", PARAM_STRING},
    {"ACTIVE", PARAM_BOOL},
    {"UF_DEPARTMENT", PARAM_LIST, .keys = a_department},
    {"*", PARAM_ANY,
     .summary = "The others by name, as user.fields has them: texts; custom fields"},
    {0}};

static const struct method methods[] = {
    {.name = "user.fields",
     .summary = "Name the fields of a user.",
     .scope = "user|user_basic|user_brief",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = shape_captions,
     .page = "api-reference/user/user-fields",
     .handle = user_captions},
    {.name = "user.current",
     .summary = "Return the user on whose behalf the call is made.",
     .scope = "user|user_basic|user_brief",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = person,
     .page = "api-reference/user/user-current",
     .handle = user_current},
    {.name = "user.get",
     .summary = "List users by a filter.",
     .scope = "user|user_basic|user_brief",
     .lane = LANE_READ,
     .names_beside = true,
     .params = get_params,
     .result = SHAPE_LIST,
     .gives = person,
     .page = "api-reference/user/user-get",
     .handle = user_get},
    {.name = "user.search",
     .summary = "Find users by words of their name, job title or department.",
     .scope = "user|user_basic|user_brief",
     .lane = LANE_READ,
     .names_beside = true,
     .params = search_params,
     .result = SHAPE_LIST,
     .gives = person,
     .page = "api-reference/user/user-search",
     .handle = user_search},
    {.name = "user.add",
     .summary = "Add a user. No invitation is sent.",
     .scope = "user",
     .lane = LANE_WRITE,
     .names_beside = true,
     .params = add_params,
     .result = SHAPE_INT,
     .page = "api-reference/user/user-add",
     .handle = user_add,
     .prepare = picture_prepare_person},
    {.name = "user.update",
     .summary = "Change or dismiss a user.",
     .scope = "user",
     .lane = LANE_WRITE,
     .names_beside = true,
     .params = update_params,
     .result = SHAPE_BOOL,
     .page = "api-reference/user/user-update",
     .handle = user_update,
     .prepare = picture_prepare_person},
};
MODULE(user, METHODS(methods));

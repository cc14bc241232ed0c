/* profile, user.admin, user.access, access.name - who calls, and what it may.
 *
 * Used by: the registry.
 * Pages:   api-reference/common/users/, api-reference/common/system/access-name.
 */
#include <string.h>

#include "model/method.h"
#include "model/picture.h"
#include "user/user.h"

static void write_text(struct request *req, const char *key, const char *text)
{
    writer_keyz(req->out, key);
    writer_stringz(req->out, text);
}

static enum api_rc profile(struct request *req)
{
    struct user user;
    int64_t photo;
    bool found;
    enum api_rc rc = user_read(req, req->caller->user_id, &user, &found);
    if (rc != API_OK)
        return rc;
    if (!found || !user.active) {
        writer_raw(req->out, "[]", 2); /* PHP's empty object */
        return API_OK;
    }
    rc = picture_of_person(req, user.id, "PERSONAL_PHOTO", &photo);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_keyz(req->out, "ID");
    writer_int_string(req->out, user.id);
    writer_keyz(req->out, "ADMIN");
    writer_bool(req->out, req->caller->is_admin);
    write_text(req, "NAME", user.name);
    write_text(req, "LAST_NAME", user.last_name);
    write_text(req, "PERSONAL_GENDER", user.gender);
    write_text(req, "TIME_ZONE", user.time_zone);
    if (photo)
        write_text(req, "PERSONAL_PHOTO", picture_address(req, user.id, photo));
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc user_admin(struct request *req)
{
    writer_bool(req->out, req->caller->is_admin);
    return API_OK;
}

/* ---- access codes: U<id>, G<id>, AU ---- */

enum access_kind { ACCESS_UNKNOWN, ACCESS_ALL_AUTHORIZED, ACCESS_USER, ACCESS_GROUP };

/* The two groups every portal has. */
enum { GROUP_ADMINISTRATORS = 1, GROUP_ALL = 2 };

static enum access_kind access_parse(const char *code, size_t len, int64_t *id)
{
    if (len == 2 && !memcmp(code, "AU", 2))
        return ACCESS_ALL_AUTHORIZED;
    if (len < 2 || strspn(code + 1, "0123456789") != len - 1 || !text_to_int(code + 1, len - 1, id))
        return ACCESS_UNKNOWN;
    return code[0] == 'U' ? ACCESS_USER : code[0] == 'G' ? ACCESS_GROUP : ACCESS_UNKNOWN;
}

static bool has_access(const struct request *req, const struct value *item)
{
    int64_t id = 0;
    if (!item || item->type != VALUE_STRING)
        return false;
    switch (access_parse(item->string.text, item->string.len, &id)) {
    case ACCESS_ALL_AUTHORIZED:
        return true;
    case ACCESS_USER:
        return id == req->caller->user_id;
    case ACCESS_GROUP:
        return id == GROUP_ALL || (id == GROUP_ADMINISTRATORS && req->caller->is_admin);
    case ACCESS_UNKNOWN:
        break;
    }
    return false;
}

static enum api_rc user_access(struct request *req)
{
    const struct value *codes = param_get(req, "ACCESS");
    bool access = req->caller->is_admin || has_access(req, codes);
    for (size_t i = 0; value_is_array(codes) && i < codes->array.count; i++)
        access = access || has_access(req, codes->array.items[i].value);
    writer_bool(req->out, access);
    return API_OK;
}

static void write_name(struct request *req, const struct value *code, const char *name,
                       const char *provider, const char *provider_id)
{
    writer_key(req->out, code->string.text, code->string.len);
    writer_begin_object(req->out);
    write_text(req, "provider", provider);
    write_text(req, "name", name);
    write_text(req, "provider_id", provider_id);
    writer_end_object(req->out);
}

static enum api_rc write_user_name(struct request *req, const struct value *code, int64_t id,
                                   bool *any)
{
    struct user user;
    bool found;
    enum api_rc rc = user_read(req, id, &user, &found);
    if (rc != API_OK || !found)
        return rc;
    if (!*any)
        writer_begin_object(req->out);
    *any = true;
    const char *space = *user.name && *user.last_name ? " " : "";
    write_name(req, code, arena_printf(req->arena, "%s%s%s", user.name, space, user.last_name),
               "Users", "user");
    return API_OK;
}

/* Codes that do not exist are left out. */
static enum api_rc write_access(struct request *req, const struct value *code, bool *any)
{
    int64_t id = 0;
    const char *name = NULL;
    if (code->type != VALUE_STRING)
        return API_OK;
    enum access_kind kind = access_parse(code->string.text, code->string.len, &id);
    if (kind == ACCESS_USER)
        return write_user_name(req, code, id, any);
    if (kind == ACCESS_ALL_AUTHORIZED)
        name = "All authorized users";
    else if (kind == ACCESS_GROUP && id == GROUP_ALL)
        name = "All visitors";
    else if (kind == ACCESS_GROUP && id == GROUP_ADMINISTRATORS)
        name = "Administrators";
    if (name) {
        if (!*any)
            writer_begin_object(req->out);
        *any = true;
        write_name(req, code, name, "", "other");
    }
    return API_OK;
}

static bool is_repeated(const struct value *codes, size_t at)
{
    const struct value *code = codes->array.items[at].value;
    for (size_t i = 0; i < at && code->type == VALUE_STRING; i++) {
        const struct value *earlier = codes->array.items[i].value;
        if (earlier->type == VALUE_STRING && !strcmp(earlier->string.text, code->string.text))
            return true;
    }
    return false;
}

#define ACCESS_MAX 1000 /* codes of one call: each may cost a look-up */

static enum api_rc access_name(struct request *req)
{
    const struct value *codes = param_get(req, "ACCESS");
    bool any = false;
    if (!value_is_array(codes) || !codes->array.count) {
        writer_bool(req->out, false);
        return API_OK;
    }
    if (codes->array.count > ACCESS_MAX)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "ACCESS: more than %d codes", ACCESS_MAX);
    for (size_t i = 0; i < codes->array.count; i++) {
        if (is_repeated(codes, i))
            continue;
        enum api_rc rc = write_access(req, codes->array.items[i].value, &any);
        if (rc != API_OK)
            return rc;
    }
    if (any)
        writer_end_object(req->out);
    else
        writer_raw(req->out, "[]", 2);
    return API_OK;
}

static const struct param access_params[] = {
    {"ACCESS", PARAM_ANY, false,
     "Access codes: U<id> a user, G<id> a group, AU everyone signed in"},
    {NULL, PARAM_END, false, NULL},
};

static const struct param person[] = {{"ID", PARAM_STRING, true},
                                      {"ADMIN", PARAM_BOOL, true},
                                      {"NAME", PARAM_STRING, true},
                                      {"LAST_NAME", PARAM_STRING, true},
                                      {"PERSONAL_GENDER", PARAM_STRING, true},
                                      {"TIME_ZONE", PARAM_STRING, true},
                                      {"PERSONAL_PHOTO", PARAM_STRING},
                                      {0}};
static const struct param named[] = {
    {"", PARAM_ANY, .summary = "{provider, name, provider_id} by access code; false without any"},
    {0}};

static const struct method methods[] = {
    {.name = "profile",
     .summary = "Return what every credential may know of its user.",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = person,
     .page = "api-reference/common/users/profile",
     .handle = profile},
    {.name = "user.admin",
     .summary = "Tell whether the user administers the portal.",
     .lane = LANE_READ,
     .result = SHAPE_BOOL,
     .page = "api-reference/common/users/user-admin",
     .handle = user_admin},
    {.name = "user.access",
     .summary = "Tell whether the user has one of the access codes.",
     .lane = LANE_READ,
     .params = access_params,
     .result = SHAPE_BOOL,
     .page = "api-reference/common/users/user-access",
     .handle = user_access},
    {.name = "access.name",
     .summary = "Name access codes.",
     .lane = LANE_READ,
     .params = access_params,
     .result = SHAPE_ANY,
     .gives = named,
     .page = "api-reference/common/system/access-name",
     .handle = access_name},
};
MODULE(profile, METHODS(methods));

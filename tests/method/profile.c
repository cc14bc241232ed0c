/* Scenarios of profile, user.admin, user.access and access.name. */
#include "scenario.h"

static const struct scenario scenarios[] = {
    {"no credential is refused", .as = AS_NOBODY, .call = "profile", .status = 401,
     .error = "NO_AUTH_FOUND"},
    {"every webhook may read its profile", .as = AS_BASIC, .call = "profile",
     .result = "{\"ID\":\"1\",\"ADMIN\":true,\"NAME\":\"Александр\",\"LAST_NAME\":\"Орлов\","
               "\"PERSONAL_GENDER\":\"M\",\"TIME_ZONE\":\"\"}"},
    {"somebody else's profile", .as = AS_USER, .call = "profile",
     .has = {"{\"ID\":\"2\",\"ADMIN\":false,", "\"PERSONAL_GENDER\":\"F\""}},

    {"an administrator is one", .as = AS_BASIC, .call = "user.admin", .result = "true"},
    {"another user is none", .as = AS_USER, .call = "user.admin", .result = "false"},

    {"an administrator has every access", .call = "user.access?ACCESS[]=U99", .result = "true"},
    {"and needs no code for it", .call = "user.access", .result = "true"},
    {"one's own code", .as = AS_USER, .call = "user.access?ACCESS[]=U2", .result = "true"},
    {"one of several codes", .as = AS_USER, .call = "user.access?ACCESS[]=U1&ACCESS[]=AU",
     .result = "true"},
    {"the group of all", .as = AS_USER, .call = "user.access?ACCESS[]=G2", .result = "true"},
    {"codes of others", .as = AS_USER, .call = "user.access?ACCESS[]=U1&ACCESS[]=G1&ACCESS[]=U22",
     .result = "false"},
    {"codes that are none", .as = AS_USER, .call = "user.access",
     .json = "{\"ACCESS\":[\"\",\"U\",\"Ux\",\"U-2\",\"u2\",2,null,[\"U2\"],\"U2 \"]}",
     .result = "false"},
    {"no code", .as = AS_USER, .call = "user.access", .result = "false"},

    {"the page's example of names", .call = "access.name", .json = "{\"ACCESS\":[\"G2\",\"AU\"]}",
     .result = "{\"G2\":{\"provider\":\"\",\"name\":\"All visitors\",\"provider_id\":\"other\"},"
               "\"AU\":{\"provider\":\"\",\"name\":\"All authorized users\",\"provider_id\":"
               "\"other\"}}"},
    {"the name of a user, once", .as = AS_BASIC,
     .call = "access.name?ACCESS[]=U3&ACCESS[]=U99&ACCESS[]=U3",
     .result =
         "{\"U3\":{\"provider\":\"Users\",\"name\":\"John Smith\",\"provider_id\":\"user\"}}"},
    {"names of nothing", .call = "access.name?ACCESS[]=U99", .result = "[]"},
    {"without codes", .call = "access.name", .result = "false"},
};

SCENARIOS(profile, scenarios);

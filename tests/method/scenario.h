/* scenario - one call and what its answer must be.
 *
 * What:    tables of cases per method family, run by tests/scenario_runner.c through the real
 *          pipeline in memory: each alone and, unless `alone`, again as a command of a batch, on
 *          SQLite and on PostgreSQL. A scenario leaves nothing behind: its changes are rolled back.
 *          The portal is the demo's, built around 2026-01-15, in the zone +03:00; the clock stands
 *          at 2026-01-15T12:00:00+03:00. "~1" is the id of the first custom field that it makes (or
 *          of an item, or a file). The caller is user 1, the administrator.
 * Used by: tests/method/FAMILY.c; the runner's list is generated from the file names.
 */
#ifndef RAPPORT_TESTS_SCENARIO_H
#define RAPPORT_TESTS_SCENARIO_H

#include <stddef.h>

enum scenario_caller {
    AS_ADMIN,        /* user 1, scopes crm,user,department */
    AS_USER,         /* user 2, scopes crm,user: no administrator */
    AS_BASIC,        /* user 1, scope basic only */
    AS_NOBODY,       /* no credential */
    AS_STRANGER,     /* a wrong code */
    AS_LIMITED,      /* user 4, scopes crm,user,department, with the role Sales of the runner:
                  * leads: read, add department (2, 4, 8), update own, delete none;
                  * deals: read, update subtree (2, 3, 4, 8), add, delete own; in funnel 900
                  * nothing, in 901 read and update all;
                  * contacts: everything own; companies: nothing;
                  * quotes: read own */
    AS_ROLELESS,     /* user 5, the same scopes, without any role */
    AS_SETTER,       /* user 1, scopes crm,user,userfieldconfig,user.userfield,placement */
    AS_SETTER_USER,  /* user 2, the same scopes */
    AS_SETTER_BARE,  /* user 1, the same scopes without crm */
    AS_APP,          /* user 1 through application 1, scopes crm,user */
    AS_APP_TWO,      /* user 2 through application 2, the same scopes */
    AS_EXPIRED,      /* user 1 through application 1, with a token that has run out */
    AS_APP_ROLELESS, /* user 5 through application 1 */
    AS_APP_SETTER    /* user 1 through application 3, scopes crm,placement,userfieldconfig */
};

struct scenario {
    const char *title;
    enum scenario_caller as;
    const char *call;     /* "crm.activity.get?id=1", a query as PHP reads it */
    const char *json;     /* parameters as a JSON body instead of (beside) the query */
    int status;           /* 0: 200 */
    const char *error;    /* code; NULL: a success, unless `text` is given (code "") */
    const char *text;     /* error_description, exactly */
    const char *result;   /* the value of `result`, exactly */
    const char *has[10];  /* parts the answer's JSON must hold */
    const char *lacks[6]; /* parts it must not hold */
    int alone;            /* 1: makes no sense inside batch */
    int drops; /* 1: it gives what the original drops, so what is taken is not all in the spec */
    /* What it tells, to one who listens to everything: "ONCRMACTIVITYDELETE:2 ONCRMLEADDELETE" in the
     * order of the names, or "none". NULL: the usual, which is ONCRMLEADADD once for a crm.lead.add
     * that is not refused (likewise update, delete, and user.add), and nothing for any other call. */
    const char *events;
    /* After it, in the same state: a second call and what that must show. "@id" in it stands for the
     * number of the first "id" of the first answer. */
    enum scenario_caller then_as;
    const char *then;
    const char *then_json;
    const char *then_has[8];
    const char *then_lacks[4];
    /* Before it: what no call can make, written into the store; also what a role gives (role_permission). */
    const char *sql;
    /* Before it, as the same caller or as the administrator: what must have happened already. */
    int before_as_admin;
    const char *before;
    const char *before_json;
};

struct scenario_family {
    const char *name;
    const struct scenario *scenarios;
    size_t count;
};

#define SCENARIOS(family, table)                                                                   \
    extern const struct scenario_family scenario_family_##family;                                  \
    const struct scenario_family scenario_family_##family = {#family, table,                       \
                                                             sizeof(table) / sizeof((table)[0])}

#endif

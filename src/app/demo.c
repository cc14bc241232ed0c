/* demo - see demo.h. The words are in demo_words.h; here is what is made of them. */
#include "app/demo.h"
#include "app/demo_family.h"
#include "app/demo_people.h"

#include <stdlib.h>
#include <string.h>

#include "app/demo_words.h"
#include "crm/activity.h"
#include "crm/owner.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NOON (12 * 60) /* is on the same day whatever the clocks did */

enum {
    ROWS = 60, /* of companies, contacts, leads and deals, each */
    ACTIVITIES = 400,
    STAFF = DEMO_PEOPLE - 1, /* the last one has left */
    BUSY_LEAD = 42           /* by position: the one with the id 43, which suites ask for */
};

/* Whoever can be called and written to. */
struct party {
    int64_t id;
    int language;
    const char *title; /* of a company or deal */
    const char *name, *last_name;
    const char *phone, *email;
    bool woman;
    int64_t responsible;
};

struct demo {
    struct request *req;
    int64_t today;
    uint64_t seed;
    struct caller author; /* on whose behalf a row is made */
    int64_t people[DEMO_PEOPLE];
    struct party companies[ROWS], contacts[ROWS], leads[ROWS], deals[ROWS];
};

/* splitmix64: the same numbers everywhere. */
static uint64_t next_random(struct demo *demo)
{
    uint64_t z = demo->seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int pick(struct demo *demo, size_t count)
{
    return (int)(next_random(demo) % count);
}

static int64_t moment(const struct demo *demo, int day, int minutes)
{
    return demo_moment(demo->req, demo->today, day, minutes);
}

/* The next row is made at that time by that user. */
static void be(struct demo *demo, int64_t now, int64_t user)
{
    demo->req->now = (double)now;
    demo->author.user_id = user;
}

static int64_t any_user(struct demo *demo)
{
    return demo->people[pick(demo, STAFF)];
}

/* ---- values ---- */

static void put(struct demo *demo, struct value *fields, const char *key, const char *text)
{
    value_set(demo->req->arena, fields, key, strlen(key),
              value_string(demo->req->arena, text, strlen(text)));
}

static void put_int(struct demo *demo, struct value *fields, const char *key, int64_t integer)
{
    value_set(demo->req->arena, fields, key, strlen(key), value_int(demo->req->arena, integer));
}

static void put_time(struct demo *demo, struct value *fields, const char *key, int64_t instant)
{
    char text[DATETIME_SIZE];
    datetime_format(demo->req->zone, instant, text);
    put(demo, fields, key, arena_strdup(demo->req->arena, text));
}

/* [{"VALUE": value, "VALUE_TYPE": "WORK"}], as multiple fields are given. */
static void put_multifield(struct demo *demo, struct value *fields, const char *key,
                           const char *text)
{
    struct arena *arena = demo->req->arena;
    struct value *list = value_array(arena), *item = value_array(arena);
    put(demo, item, "VALUE", text);
    put(demo, item, "VALUE_TYPE", "WORK");
    value_push(arena, list, item);
    value_set(arena, fields, key, strlen(key), list);
}

/* ---- companies, contacts, leads, deals ---- */

/* Position `at` of the list `names`: every second one is Russian, and no name comes twice. */
static void name_party(struct demo *demo, struct party *party, int at, int shift)
{
    struct arena *arena = demo->req->arena;
    int k = at / 2 + shift;
    party->language = at % 2 ? RUSSIAN : ENGLISH;
    const struct word *first = &first_names[party->language][k % 20];
    const struct word *last = &last_names[party->language][(k * 7 + k / 20) % 20];
    party->woman = k % 20 % 2;
    bool ending = party->woman && party->language == RUSSIAN;
    party->name = first->text;
    party->last_name = ending ? arena_printf(arena, "%sа", last->text) : last->text;
    party->email =
        arena_printf(arena, "%s.%s%s@example.com", first->latin, last->latin, ending ? "a" : "");
}

static void put_person(struct demo *demo, struct value *fields, const struct party *party)
{
    put(demo, fields, "HONORIFIC", party->woman ? "HNR_EN_2" : "HNR_EN_1");
    put(demo, fields, "NAME", party->name);
    put(demo, fields, "LAST_NAME", party->last_name);
    put(demo, fields, "POST", posts[party->language][pick(demo, COUNT(posts[0]))]);
    put_multifield(demo, fields, "PHONE", party->phone);
    put_multifield(demo, fields, "EMAIL", party->email);
    put_int(demo, fields, "ASSIGNED_BY_ID", party->responsible);
}

static void put_sum(struct demo *demo, struct value *fields, const char *key, int language)
{
    int64_t sum = 500 + 10 * (int64_t)pick(demo, 4500);
    put(demo, fields, "CURRENCY_ID", language == RUSSIAN ? "RUB" : "EUR");
    put_int(demo, fields, key, language == RUSSIAN ? sum * 100 : sum);
}

/* Walks through the stages in a fixed mixture: 7 and ROWS have no common divisor. */
static const struct stage *stage_of(const struct stage *stages, size_t count, int at)
{
    int place = (at * 7 + 30) % ROWS;
    size_t i = 0;
    while (i + 1 < count && place >= stages[i].share)
        place -= stages[i++].share;
    return &stages[i];
}

static enum api_rc add_company(struct demo *demo, int at)
{
    struct arena *arena = demo->req->arena;
    struct party *party = &demo->companies[at];
    struct value *fields = value_array(arena);
    const char *latin;
    party->language = at % 8 == 7 ? RUSSIAN : ENGLISH;
    if (party->language == RUSSIAN) {
        const struct word *name = &russian_companies[(size_t)at / 8 % COUNT(russian_companies)];
        party->title = name->text;
        latin = name->latin;
    } else {
        const struct word *name = &company_names[(size_t)at % COUNT(company_names)];
        const struct word *trade = &company_trades[(size_t)at * 3 % COUNT(company_trades)];
        party->title = arena_printf(arena, "%s %s", name->text, trade->text);
        latin = arena_printf(arena, "%s-%s", name->latin, trade->latin);
    }
    party->phone = party->language == RUSSIAN ? arena_printf(arena, "+7 495 000 10 %02d", at)
                                              : arena_printf(arena, "+44 20 7946 00%02d", at);
    party->email = arena_printf(arena, "info@%s.example.com", latin);
    party->responsible = any_user(demo);
    put(demo, fields, "TITLE", party->title);
    put(demo, fields, "COMPANY_TYPE", company_types[pick(demo, COUNT(company_types))]);
    put(demo, fields, "INDUSTRY", industries[pick(demo, COUNT(industries))]);
    put(demo, fields, "EMPLOYEES", employees[pick(demo, COUNT(employees))]);
    put(demo, fields, "ADDRESS_CITY", cities[party->language][pick(demo, COUNT(cities[0]))]);
    put_sum(demo, fields, "REVENUE", party->language);
    put_multifield(demo, fields, "PHONE", party->phone);
    put_multifield(demo, fields, "EMAIL", party->email);
    put_multifield(demo, fields, "WEB", arena_printf(arena, "https://%s.example.com", latin));
    put_int(demo, fields, "ASSIGNED_BY_ID", party->responsible);
    be(demo, moment(demo, at - 150, 9 * 60 + pick(demo, 500)), party->responsible);
    return entity_insert(demo->req, &company_entity, fields, &party->id);
}

static enum api_rc add_contact(struct demo *demo, int at)
{
    struct arena *arena = demo->req->arena;
    struct party *party = &demo->contacts[at];
    struct value *fields = value_array(arena);
    name_party(demo, party, at, 0);
    party->phone = party->language == RUSSIAN ? arena_printf(arena, "+7 495 000 20 %02d", at)
                                              : arena_printf(arena, "+44 20 7946 01%02d", at);
    party->responsible = demo->companies[at].responsible;
    put_person(demo, fields, party);
    put(demo, fields, "TYPE_ID", at % 10 == 9 ? "SUPPLIER" : "CLIENT");
    put(demo, fields, "SOURCE_ID", sources[pick(demo, COUNT(sources))]);
    put(demo, fields, "ADDRESS_CITY", cities[party->language][pick(demo, COUNT(cities[0]))]);
    if (at % 3 == 0)
        put(demo, fields, "COMMENTS", remarks[party->language][pick(demo, COUNT(remarks[0]))]);
    put_int(demo, fields, "COMPANY_ID", demo->companies[at].id);
    be(demo, moment(demo, at - 140, 9 * 60 + pick(demo, 500)), party->responsible);
    return entity_insert(demo->req, &contact_entity, fields, &party->id);
}

static const char *wares_for(struct demo *demo, int language, const char *company)
{
    const char *ware = wares[language][pick(demo, COUNT(wares[0]))];
    return arena_printf(demo->req->arena, language == RUSSIAN ? "Поставка %s — %s" : "%s for %s",
                        ware, company);
}

static enum api_rc add_lead(struct demo *demo, int at)
{
    struct arena *arena = demo->req->arena;
    struct party *party = &demo->leads[at];
    struct value *fields = value_array(arena);
    const char *source = sources[pick(demo, COUNT(sources))];
    const char *company = demo->companies[at * 11 % ROWS].title;
    name_party(demo, party, at, 30);
    party->phone = party->language == RUSSIAN ? arena_printf(arena, "+7 495 000 30 %02d", at)
                                              : arena_printf(arena, "+44 161 496 00%02d", at);
    party->responsible = any_user(demo);
    party->title = wares_for(demo, party->language, company);
    put(demo, fields, "TITLE", party->title);
    put_person(demo, fields, party);
    put(demo, fields, "COMPANY_TITLE", company);
    put(demo, fields, "STATUS_ID", stage_of(lead_stages, COUNT(lead_stages), at)->code);
    put(demo, fields, "SOURCE_ID", source);
    if (!strcmp(source, "WEB") || !strcmp(source, "ADVERTISING"))
        put(demo, fields, "UTM_SOURCE", at % 2 ? "yandex" : "google");
    put(demo, fields, "COMMENTS", remarks[party->language][pick(demo, COUNT(remarks[0]))]);
    put_sum(demo, fields, "OPPORTUNITY", party->language);
    be(demo, moment(demo, at - 70, 9 * 60 + pick(demo, 500)), party->responsible);
    return entity_insert(demo->req, &lead_entity, fields, &party->id);
}

/* What is over was closed some weeks after it began; the rest is expected to close soon. */
static int closing_day(const struct stage *stage, int at)
{
    bool over = stage->probability == 100 || stage->probability == 0;
    if (!over)
        return 3 + at % 25;
    return at - 45 < 0 ? at - 45 : -1;
}

static enum api_rc add_deal(struct demo *demo, int at)
{
    struct arena *arena = demo->req->arena;
    struct party *party = &demo->deals[at];
    const struct party *company = &demo->companies[at], *contact = &demo->contacts[at];
    const struct stage *stage = stage_of(deal_stages, COUNT(deal_stages), at);
    struct value *fields = value_array(arena), *contacts = value_array(arena);
    *party = *contact; /* whom one calls about it */
    party->responsible = company->responsible;
    party->title = wares_for(demo, company->language, company->title);
    value_push(arena, contacts, value_int(arena, contact->id));
    if (at % 4 == 0)
        value_push(arena, contacts, value_int(arena, demo->contacts[(at + 17) % ROWS].id));
    put(demo, fields, "TITLE", party->title);
    put(demo, fields, "STAGE_ID", stage->code);
    put(demo, fields, "TYPE_ID", at % 5 ? "SALE" : "SERVICES");
    put_int(demo, fields, "PROBABILITY", stage->probability);
    put(demo, fields, "SOURCE_ID", sources[pick(demo, COUNT(sources))]);
    put_sum(demo, fields, "OPPORTUNITY", company->language);
    put_int(demo, fields, "COMPANY_ID", company->id);
    value_set(arena, fields, "CONTACT_IDS", strlen("CONTACT_IDS"), contacts);
    put_time(demo, fields, "BEGINDATE", moment(demo, at - 65, NOON));
    put_time(demo, fields, "CLOSEDATE", moment(demo, closing_day(stage, at), NOON));
    put_int(demo, fields, "ASSIGNED_BY_ID", party->responsible);
    be(demo, moment(demo, at - 65, 9 * 60 + pick(demo, 500)), party->responsible);
    return entity_insert(demo->req, &deal_entity, fields, &party->id);
}

static enum api_rc add_owners(struct demo *demo)
{
    static enum api_rc (*const adders[])(struct demo *, int) = {add_company, add_contact, add_lead,
                                                                add_deal};
    enum api_rc rc = API_OK;
    for (size_t k = 0; k < COUNT(adders); k++) {
        for (int i = 0; i < ROWS && rc == API_OK; i++)
            rc = adders[k](demo, i);
    }
    return rc;
}

/* ---- activities ---- */

struct plan {
    int64_t created, start;
    int number; /* keeps the order of equal times */
    int deed;
    int owner_type;
    int owner; /* by position */
    int minutes;
    bool past;
};

/* A working day `day` days from today: weekends move away from today. */
static int working_day(const struct demo *demo, int day)
{
    int64_t weekday = (demo->today / DEMO_DAY + day + 4) % 7; /* 0: Sunday */
    if (weekday == 0)
        return day < 0 ? day - 2 : day + 1;
    if (weekday == 6)
        return day < 0 ? day - 1 : day + 2;
    return day;
}

static int pick_deed(struct demo *demo, bool past)
{
    static const int before[] = {DEED_CALL,  DEED_CALL,  DEED_CALL, DEED_MEETING, DEED_MEETING,
                                 DEED_EMAIL, DEED_EMAIL, DEED_TODO, DEED_TODO,    DEED_SMS};
    static const int ahead[] = {DEED_CALL, DEED_CALL, DEED_MEETING, DEED_TODO, DEED_TODO};
    return past ? before[pick(demo, COUNT(before))] : ahead[pick(demo, COUNT(ahead))];
}

static void plan_owner(struct demo *demo, struct plan *plan)
{
    static const int types[] = {OWNER_DEAL,    OWNER_DEAL,   OWNER_DEAL, OWNER_DEAL,
                                OWNER_LEAD,    OWNER_LEAD,   OWNER_LEAD, OWNER_CONTACT,
                                OWNER_CONTACT, OWNER_COMPANY};
    plan->owner_type = types[pick(demo, COUNT(types))];
    plan->owner = pick(demo, ROWS);
    if (plan->number % 33 == 7) {
        plan->owner_type = OWNER_LEAD;
        plan->owner = BUSY_LEAD;
    }
}

static void plan_one(struct demo *demo, struct plan *plan, int number)
{
    static const int lengths[DEEDS] = {[DEED_CALL] = 15, [DEED_MEETING] = 60};
    plan->number = number;
    plan->past = number % 3 != 2;
    plan->deed = pick_deed(demo, plan->past);
    plan_owner(demo, plan);
    int day = working_day(demo, plan->past ? -1 - pick(demo, 40) : pick(demo, 21));
    plan->start = moment(demo, day, 8 * 60 + 15 * pick(demo, 38));
    plan->minutes = lengths[plan->deed] ? lengths[plan->deed] + 5 * pick(demo, 7) : 0;
    /* Messages are there when they come; the rest is planned some days ahead. */
    if (plan->deed == DEED_EMAIL || plan->deed == DEED_SMS)
        plan->created = plan->start;
    else
        plan->created =
            moment(demo, (plan->past ? day : 0) - 1 - pick(demo, 6), 8 * 60 + pick(demo, 600));
}

static int compare_plans(const void *a, const void *b)
{
    const struct plan *x = a, *y = b;
    if (x->created != y->created)
        return x->created < y->created ? -1 : 1;
    return x->number - y->number;
}

static const struct party *owner_party(const struct demo *demo, const struct plan *plan)
{
    const struct party *const lists[] = {[OWNER_LEAD] = demo->leads,
                                         [OWNER_DEAL] = demo->deals,
                                         [OWNER_CONTACT] = demo->contacts,
                                         [OWNER_COMPANY] = demo->companies};
    return &lists[plan->owner_type][plan->owner];
}

static void push_communication(struct demo *demo, struct value *list, int type, int64_t id,
                               const char *text)
{
    struct value *item = value_array(demo->req->arena);
    put(demo, item, "VALUE", text);
    put_int(demo, item, "ENTITY_TYPE_ID", type);
    put_int(demo, item, "ENTITY_ID", id);
    value_push(demo->req->arena, list, item);
}

/* With the owner itself, or with the contact of a deal; an e-mail goes to up to three more. */
static void put_communications(struct demo *demo, struct value *fields, const struct plan *plan)
{
    struct value *list = value_array(demo->req->arena);
    const struct party *party = owner_party(demo, plan);
    bool email = plan->deed == DEED_EMAIL;
    int type = plan->owner_type == OWNER_DEAL ? OWNER_CONTACT : plan->owner_type;
    int64_t id = plan->owner_type == OWNER_DEAL ? demo->contacts[plan->owner].id : party->id;
    push_communication(demo, list, type, id, email ? party->email : party->phone);
    for (int more = email ? pick(demo, 4) : 0; more > 0; more--) {
        const struct party *other = &demo->contacts[(plan->owner + more * 7) % ROWS];
        push_communication(demo, list, OWNER_CONTACT, other->id, other->email);
    }
    value_set(demo->req->arena, fields, "COMMUNICATIONS", strlen("COMMUNICATIONS"), list);
}

static void put_kind(struct demo *demo, struct value *fields, const struct plan *plan)
{
    static const struct {
        int type_id;
        const char *provider, *provider_type;
    } kinds[DEEDS] = {[DEED_CALL] = {TYPE_CALL, "VOXIMPLANT_CALL", "CALL"},
                      [DEED_MEETING] = {TYPE_MEETING, "CRM_MEETING", "MEETING"},
                      [DEED_EMAIL] = {TYPE_EMAIL, "CRM_EMAIL", "EMAIL"},
                      [DEED_TODO] = {TYPE_PROVIDER, "CRM_TODO", "TODO"},
                      [DEED_SMS] = {TYPE_PROVIDER, "CRM_SMS", "SMS"}};
    put_int(demo, fields, "TYPE_ID", kinds[plan->deed].type_id);
    put(demo, fields, "PROVIDER_ID", kinds[plan->deed].provider);
    put(demo, fields, "PROVIDER_TYPE_ID", kinds[plan->deed].provider_type);
    if (plan->deed == DEED_CALL || plan->deed == DEED_EMAIL)
        put_int(demo, fields, "DIRECTION", 1 + pick(demo, 2));
    else if (plan->deed == DEED_SMS)
        put_int(demo, fields, "DIRECTION", 2);
    if (plan->deed == DEED_CALL && plan->past)
        put(demo, fields, "ORIGIN_ID",
            arena_printf(demo->req->arena, "VI_externalCall.%016llx",
                         (unsigned long long)next_random(demo)));
    if (plan->deed == DEED_MEETING || (plan->deed == DEED_CALL && !plan->past)) {
        put_int(demo, fields, "NOTIFY_TYPE", 1);
        put_int(demo, fields, "NOTIFY_VALUE", 15);
    }
}

static void put_words(struct demo *demo, struct value *fields, const struct plan *plan,
                      const struct party *party)
{
    int language = party->language;
    const char *subject = subjects[plan->deed][language][pick(demo, COUNT(subjects[0][0]))];
    const char *remark = remarks[language][pick(demo, COUNT(remarks[0]))];
    const char *whom = plan->owner_type == OWNER_COMPANY ? party->title : party->last_name;
    bool html = plan->deed == DEED_EMAIL;
    put(demo, fields, "SUBJECT", arena_printf(demo->req->arena, "%s (%s)", subject, whom));
    put_int(demo, fields, "DESCRIPTION_TYPE", html ? 3 : 1);
    if (html)
        put(demo, fields, "DESCRIPTION",
            arena_printf(demo->req->arena, "<p>%s.</p><p>%s</p>", subject, remark));
    else if (pick(demo, 2))
        put(demo, fields, "DESCRIPTION", remark);
    if (plan->deed == DEED_MEETING)
        put(demo, fields, "LOCATION", places[language][pick(demo, COUNT(places[0]))]);
}

static enum api_rc add_activity(struct demo *demo, const struct plan *plan)
{
    const struct party *party = owner_party(demo, plan);
    struct value *fields = value_array(demo->req->arena);
    int64_t id;
    bool overdue = plan->past && pick(demo, 16) == 0;
    put_int(demo, fields, "OWNER_TYPE_ID", plan->owner_type);
    put_int(demo, fields, "OWNER_ID", party->id);
    put_kind(demo, fields, plan);
    put_words(demo, fields, plan, party);
    put_time(demo, fields, "START_TIME", plan->start);
    put_time(demo, fields, "END_TIME", plan->start + plan->minutes * 60);
    if (plan->deed == DEED_TODO)
        put_time(demo, fields, "DEADLINE", plan->start);
    else
        put_communications(demo, fields, plan);
    put(demo, fields, "COMPLETED", plan->past && !overdue ? "Y" : "N");
    put_int(demo, fields, "PRIORITY", pick(demo, 10) ? 2 : 3);
    put_int(demo, fields, "RESPONSIBLE_ID", party->responsible);
    be(demo, plan->created, pick(demo, 4) ? party->responsible : any_user(demo));
    return entity_insert(demo->req, &activity_entity, fields, &id);
}

/* Made at one time, done at another: the second one the engine cannot know. */
static enum api_rc date_completions(struct demo *demo)
{
    return api_db(demo->req,
                  db_exec(demo->req->db, "UPDATE activity SET last_updated = end_time"
                                         " WHERE completed = 'Y' AND end_time > created"));
}

static enum api_rc add_activities(struct demo *demo)
{
    struct plan *plans = arena_alloc(demo->req->arena, ACTIVITIES * sizeof *plans);
    for (int i = 0; i < ACTIVITIES; i++)
        plan_one(demo, &plans[i], i);
    qsort(plans, ACTIVITIES, sizeof *plans, compare_plans);
    enum api_rc rc = API_OK;
    for (int i = 0; i < ACTIVITIES && rc == API_OK; i++)
        rc = add_activity(demo, &plans[i]);
    return rc == API_OK ? date_completions(demo) : rc;
}

/* ---- the ids of the documentation ---- */

/* One row with the wanted id; the ids between stay free. */
static enum api_rc add_at(struct demo *demo, const struct entity *entity, int64_t id,
                          const struct value *fields)
{
    int64_t made;
    enum api_rc rc = api_db(demo->req, db_skip_ids(demo->req->db, entity->table, id - 1));
    return rc == API_OK ? entity_insert(demo->req, entity, fields, &made) : rc;
}

/* The examples of the documentation's pages (deal 102, contact 134, activity 999) work as they are
 * printed there. */
static enum api_rc add_documented(struct demo *demo)
{
    struct arena *arena = demo->req->arena;
    struct value *deal = value_array(arena), *contact = value_array(arena);
    struct value *call = value_array(arena), *with = value_array(arena);
    be(demo, moment(demo, -3, 600), 1);
    put(demo, contact, "NAME", "Andrew");
    put(demo, contact, "LAST_NAME", "Johnson");
    put_multifield(demo, contact, "PHONE", "+499832322323");
    put(demo, deal, "TITLE", "The documentation's deal");
    put_int(demo, deal, "CONTACT_ID", 134);
    put(demo, call, "SUBJECT", "Outgoing call Andrew Johnson");
    put_int(demo, call, "OWNER_TYPE_ID", 2);
    put_int(demo, call, "OWNER_ID", 102);
    put_int(demo, call, "TYPE_ID", 2);
    put_int(demo, call, "DIRECTION", 2);
    put_int(demo, call, "RESPONSIBLE_ID", 1);
    push_communication(demo, with, 3, 134, "+499832322323");
    value_set(arena, call, "COMMUNICATIONS", 14, with);
    enum api_rc rc = add_at(demo, &contact_entity, 134, contact);
    if (rc == API_OK)
        rc = add_at(demo, &deal_entity, 102, deal);
    return rc == API_OK ? add_at(demo, &activity_entity, 999, call) : rc;
}

enum api_rc demo_fill(struct request *req, int64_t today)
{
    const struct caller *caller = req->caller;
    double now = req->now;
    struct demo *demo = arena_zalloc(req->arena, sizeof *demo);
    demo->req = req;
    demo->today = today;
    demo->seed = 43;
    demo->author = *caller;
    enum api_rc rc = demo_people(req, today, demo->people);
    req->caller = &demo->author;
    if (rc == API_OK)
        rc = add_owners(demo);
    if (rc == API_OK)
        rc = add_activities(demo);
    if (rc == API_OK)
        rc = add_documented(demo);
    req->caller = caller;
    req->now = now;
    return rc == API_OK ? demo_family(req) : rc;
}

/* Lists of linked rows that are longer than a call may give, written by who sees a part of them. */
#include "pipeline_support.h"

#include "people/access.h"
#include "people/role.h"

#define READER "linktestreader00"
#define OTHERS 2500

static int setup(void **state)
{
    int64_t role, unused;
    method_registry_init();
    pipeline_setup(state);
    store_exec(db, "INSERT INTO member (id, login, date_register, updated) VALUES (2, 'm2', 0, 0);"
                   "DELETE FROM role_member");
    store_must(db, role_add(db, "tested", &role));
    store_must(db, role_set(db, role, 3, ACCESS_READ, ACCESS_OWN));
    store_must(db, role_set(db, role, ROLE_ALL_TYPES, ACCESS_UPDATE, ACCESS_ALL));
    store_must(db, role_give(db, role, ROLE_USER, 2));
    store_must(db, webhook_add(db, portal, 2, READER, "crm", (int64_t)NOW, &unused));
    assert_int_equal(ask("crm.company.add", "fields[TITLE]=x"), 200);
    assert_int_equal(ask("crm.lead.add", "fields[TITLE]=x"), 200);
    assert_int_equal(ask("crm.contact.add", "fields[NAME]=mine&fields[ASSIGNED_BY_ID]=2"), 200);
    assert_int_equal(ask("crm.contact.add", "fields[NAME]=too&fields[ASSIGNED_BY_ID]=2"), 200);
    store_exec(db, "BEGIN; CREATE TEMP TABLE one AS SELECT * FROM contact WHERE id = 1;"
                   "UPDATE one SET assigned_by_id = 1, company_id = 1");
    for (int id = 3; id < OTHERS + 3; id++) {
        char sql[100];
        snprintf(sql, sizeof sql, "UPDATE one SET id = %d; INSERT INTO contact SELECT * FROM one",
                 id);
        store_exec(db, sql);
    }
    store_exec(db, "INSERT INTO contact_company (contact_id, company_id, sort) SELECT id, 1, 10 "
                   "FROM contact WHERE id <> 2;"
                   "INSERT INTO lead_contact (lead_id, contact_id, sort) SELECT 1, id, id * 10 "
                   "FROM contact WHERE id <> 2;"
                   "UPDATE contact SET company_id = 1 WHERE id = 1;"
                   "UPDATE lead SET contact_id = 1; COMMIT");
    return 0;
}

static void his(const char *method, const char *query)
{
    char path[64], parameters[256];
    snprintf(path, sizeof path, "/rest/%s", method);
    snprintf(parameters, sizeof parameters, "%s&auth=" READER, query);
    ask_from("10.0.0.1", path, parameters);
    if (call.status != 200)
        fail_msg("%s", buf_text(&call.answer));
}

static int64_t count(const char *table, const char *where)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE %s", table, where);
    return store_number(db, sql);
}

static void a_company_keeps_the_contacts_that_are_not_seen(void **state)
{
    (void)state;
    his("crm.company.update", "id=1&fields[CONTACT_ID][]=2");
    assert_int_equal(count("contact_company", "contact_id = 1"), 0);
    assert_int_equal(count("contact_company", "contact_id = 2 AND sort = 10"), 1);
    assert_int_equal(count("contact_company", "contact_id > 2 AND sort = 10"), OTHERS);
    assert_int_equal(count("contact", "id > 2 AND company_id = 1"), OTHERS);
    assert_int_equal(count("contact", "id = 1 AND company_id IS NULL"), 1);
    his("crm.company.update", "id=1&fields[CONTACT_ID]=");
    assert_int_equal(count("contact_company", "1=1"), OTHERS);
    /* Who sees all of it replaces it. */
    assert_int_equal(ask("crm.company.update", "id=1&fields[CONTACT_ID][]=5"), 200);
    assert_int_equal(count("contact_company", "1=1"), 1);
    assert_int_equal(count("contact", "company_id = 1"), 1);
}

static void a_lead_keeps_them_in_their_places(void **state)
{
    (void)state;
    his("crm.lead.update", "id=1&fields[CONTACT_IDS][]=2");
    assert_int_equal(count("lead_contact", "contact_id = 1"), 0);
    assert_int_equal(count("lead_contact", "1=1"), OTHERS + 1);
    assert_int_equal(store_number(db, "SELECT contact_id FROM lead ORDER BY id"), 2);
    assert_int_equal(count("lead_contact a JOIN lead_contact b ON b.contact_id = a.contact_id + 1",
                           "a.contact_id > 2 AND b.sort <> a.sort + 10"),
                     0);
    his("crm.lead.update", "id=1&fields[CONTACT_ID]=1");
    assert_int_equal(count("lead_contact", "1=1"), OTHERS + 2);
    assert_int_equal(store_number(db, "SELECT contact_id FROM lead_contact ORDER BY sort"), 1);
    his("crm.lead.update", "id=1&fields[CONTACT_ID]=");
    assert_int_equal(count("lead_contact", "1=1"), OTHERS);
    assert_int_equal(store_number(db, "SELECT contact_id FROM lead ORDER BY id"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_company_keeps_the_contacts_that_are_not_seen),
        cmocka_unit_test(a_lead_keeps_them_in_their_places),
    };
    return cmocka_run_group_tests(tests, setup, pipeline_teardown);
}

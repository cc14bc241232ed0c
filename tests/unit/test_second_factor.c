/* The second factor: RFC 6238's own values, codes that open once, recovery codes, what is counted; names of browsers. */
#include "pipeline_support.h"

#include "people/second_factor.h"
#include "rest/agent_name.h"

#define USER 1
#define T0 INT64_C(1768467600)

static char secret[TOTP_SECRET_TEXT];

static int setup(void **state)
{
    pipeline_setup(state);
    store_must(db, db_begin_write(db));
    return 0;
}

static int teardown(void **state)
{
    store_must(db, db_rollback(db));
    return pipeline_teardown(state);
}

/* The appendix's secret and times; its codes have eight digits, of which these are the last six. */
static void the_values_of_the_rfc(void **state)
{
    static const struct {
        int64_t time;
        const char *code;
    } values[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                  {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    char code[TOTP_DIGITS + 1];
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        totp_code((const unsigned char *)"12345678901234567890", 20, values[i].time / TOTP_STEP_S,
                  code);
        assert_string_equal(code, values[i].code);
    }
}

static void base32_as_the_rfc_has_it(void **state)
{
    char text[20];
    (void)state;
    base32_write((const unsigned char *)"foobarfoob", 10, text);
    assert_string_equal(text, "MZXW6YTBOJTG633C");
}

static void what_is_sealed_opens_with_its_key_alone(void **state)
{
    char hex[SECRET_SEALED_HEX], again[SECRET_SEALED_HEX], out[8];
    struct secret_key other = portal->key;
    (void)state;
    other.bytes[3] ^= 1;
    secret_seal(&portal->key, "eight b", 8, hex);
    secret_seal(&portal->key, "eight b", 8, again);
    assert_string_not_equal(hex, again);
    assert_true(secret_open(&portal->key, hex, out, 8));
    assert_string_equal(out, "eight b");
    assert_false(secret_open(&other, hex, out, 8));
    assert_false(secret_open(&portal->key, hex, out, 7));
    hex[60] = hex[60] == '0' ? '1' : '0';
    assert_false(secret_open(&portal->key, hex, out, 8));
    assert_false(secret_open(&portal->key, "", out, 8));
}

/* ---- with a device ---- */

static const char *device(int64_t now)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    static char code[TOTP_DIGITS + 1];
    unsigned char bytes[TOTP_SECRET_BYTES] = {0};
    for (size_t i = 0; i < 32; i++) {
        unsigned value = (unsigned)(strchr(letters, secret[i]) - letters);
        for (size_t bit = 0; bit < 5; bit++) {
            if (value >> (4 - bit) & 1)
                bytes[(i * 5 + bit) / 8] |= (unsigned char)(128 >> (i * 5 + bit) % 8);
        }
    }
    totp_code(bytes, sizeof bytes, now / TOTP_STEP_S, code);
    return code;
}

static enum signin try(const char *code, bool began, int64_t now)
{
    struct signin_attempt attempt = {.address = "192.0.2.1"};
    store_must(db, second_factor_check(db, portal, USER, code, began, now, &attempt));
    return attempt.result;
}

static void begin(void)
{
    struct second_factor factor;
    store_must(db, second_factor_begin(db, portal, USER, secret));
    store_must(db, second_factor_read(db, USER, &factor));
    assert_true(factor.begun && !factor.holds);
}

static void hold(void)
{
    begin();
    assert_int_equal(try(device(T0), true, T0), SIGNIN_OK);
    store_must(db, second_factor_hold(db, USER, T0));
}

static void it_holds_once_a_code_was_shown(void **state)
{
    struct second_factor factor;
    char other[TOTP_SECRET_TEXT];
    (void)state;
    begin();
    assert_int_equal(try(device(T0), false, T0), SIGNIN_WRONG); /* it does not hold yet */
    memcpy(other, secret, sizeof other);
    begin(); /* another one in its place */
    assert_string_not_equal(secret, other);
    assert_int_equal(try(device(T0), true, T0), SIGNIN_OK);
    store_must(db, second_factor_hold(db, USER, T0));
    assert_int_equal(second_factor_hold(db, USER, T0), DB_NONE);
    assert_int_equal(second_factor_begin(db, portal, USER, other), DB_CONFLICT);
    store_must(db, second_factor_read(db, USER, &factor));
    assert_true(factor.holds && !factor.begun);
    store_must(db, second_factor_remove(db, USER));
    assert_int_equal(second_factor_remove(db, USER), DB_NONE);
}

static void a_code_opens_once_and_near_its_time(void **state)
{
    char early[TOTP_DIGITS + 1];
    (void)state;
    hold();
    assert_int_equal(try(device(T0), false, T0), SIGNIN_WRONG); /* it confirmed */
    snprintf(early, sizeof early, "%s", device(T0 + 60));
    assert_int_equal(try(early, false, T0 + 29), SIGNIN_WRONG); /* two steps ahead */
    assert_int_equal(try(early, false, T0 + 30), SIGNIN_OK);    /* one */
    assert_int_equal(try(early, false, T0 + 60), SIGNIN_WRONG);
    assert_int_equal(try(device(T0 + 30), false, T0 + 60), SIGNIN_WRONG); /* before a used one */
    assert_int_equal(try(device(T0 + 90), false, T0 + 149), SIGNIN_OK);   /* one behind */
    assert_int_equal(try(device(T0 + 150), false, T0 + 240), SIGNIN_WRONG);
}

static void a_recovery_code_opens_once(void **state)
{
    char codes[RECOVERY_CODES][RECOVERY_LEN + 1], typed[32];
    struct second_factor factor;
    (void)state;
    hold();
    store_must(db, recovery_make(db, portal, USER, codes));
    assert_int_equal(try(codes[0], false, T0), SIGNIN_OK);
    assert_int_equal(try(codes[0], false, T0), SIGNIN_WRONG);
    snprintf(typed, sizeof typed, " %.5s %.5s ", codes[1], codes[1] + 6);
    for (char *c = typed; *c; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
    assert_int_equal(try(typed, false, T0), SIGNIN_OK);
    snprintf(typed, sizeof typed, "%sx", codes[2]);
    assert_int_equal(try(typed, false, T0), SIGNIN_WRONG);
    assert_int_equal(try("", false, T0), SIGNIN_WRONG);
    store_must(db, second_factor_read(db, USER, &factor));
    assert_int_equal(factor.recovery_left, RECOVERY_CODES - 2);
    char kept[RECOVERY_LEN + 1];
    memcpy(kept, codes[3], sizeof kept);
    store_must(db, recovery_make(db, portal, USER, codes));
    assert_int_equal(try(kept, false, T0), SIGNIN_WRONG); /* those before are none any more */
    assert_int_equal(store_number(db, "SELECT count(*) FROM recovery_code"), RECOVERY_CODES);
}

static void wrong_ones_are_slowed_down(void **state)
{
    (void)state;
    hold();
    for (int i = 0; i < 5; i++)
        assert_int_equal(try("000000", false, T0 + 60), SIGNIN_WRONG);
    /* Not even the right one is looked at now; nor does a right password help. */
    assert_int_equal(try(device(T0 + 60), false, T0 + 60), SIGNIN_WAIT);
    struct signin_attempt password = {
        .result = SIGNIN_OK, .login = "1", .address = "192.0.2.1", .user_id = USER};
    store_must(db, signin_record(db, T0 + 60, &password));
    assert_int_equal(try(device(T0 + 60), false, T0 + 60), SIGNIN_WAIT);
    assert_int_equal(try(device(T0 + 120), false, T0 + 120), SIGNIN_OK);
    assert_int_equal(try("000000", false, T0 + 120), SIGNIN_WRONG);
}

static void the_store_keeps_no_secret(void **state)
{
    char codes[RECOVERY_CODES][RECOVERY_LEN + 1], sql[200];
    (void)state;
    hold();
    store_must(db, recovery_make(db, portal, USER, codes));
    snprintf(sql, sizeof sql, "SELECT count(*) FROM second_factor WHERE secret LIKE '%%%s%%'",
             secret);
    assert_int_equal(store_number(db, sql), 0);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM recovery_code WHERE code_hash = '%s'",
             codes[0]);
    assert_int_equal(store_number(db, sql), 0);
}

static void browsers_by_their_names(void **state)
{
    static const char *const names[][2] = {
        {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
         "Firefox, Linux"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0 Safari/537.36 Edg/126.0",
         "Edge, Windows"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
         "Safari, iPhone"},
        {"curl/7.88.1", "curl/7.88.1"},
        {"\xff\xfe odd", ""},
        {NULL, ""}};
    char name[AGENT_NAME_SIZE], longest[300];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        agent_name(names[i][0], name);
        assert_string_equal(name, names[i][1]);
    }
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    agent_name(longest, name);
    assert_int_equal(strlen(name), AGENT_NAME_SIZE - 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_values_of_the_rfc),
        cmocka_unit_test(base32_as_the_rfc_has_it),
        TEST(what_is_sealed_opens_with_its_key_alone),
        TEST(it_holds_once_a_code_was_shown),
        TEST(a_code_opens_once_and_near_its_time),
        TEST(a_recovery_code_opens_once),
        TEST(wrong_ones_are_slowed_down),
        TEST(the_store_keeps_no_secret),
        cmocka_unit_test(browsers_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

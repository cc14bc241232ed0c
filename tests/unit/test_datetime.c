/* Dates in and out, in fixed zones and in zones that change their clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/datetime.h"

static const char *const zone_names[] = {
    "UTC",    "+05:30",           "Europe/Berlin", "America/New_York",
    "-03:00", "Australia/Sydney", "Europe/Dublin", "Europe/Moscow"};
enum { UTC, INDIA, BERLIN, NEW_YORK, MINUS3, SYDNEY, DUBLIN, MOSCOW, ZONES };
static struct zone *zones[ZONES];

static int load_zones(void **state)
{
    (void)state;
    for (int i = 0; i < ZONES; i++) {
        zones[i] = zone_load(zone_names[i]);
        if (!zones[i])
            return -1;
    }
    return 0;
}

static int free_zones(void **state)
{
    (void)state;
    for (int i = 0; i < ZONES; i++)
        zone_free(zones[i]);
    return 0;
}

/* `text` read in a zone and written in the same; "" when it is no date. */
static enum datetime_form read_back(int zone, const char *text, char out[DATETIME_SIZE])
{
    int64_t instant = 0;
    enum datetime_form form = datetime_parse(zones[zone], text, strlen(text), &instant);
    out[0] = '\0';
    if (form == DATETIME_INVALID)
        return form;
    size_t len = datetime_format(zones[zone], instant, out);
    assert_int_equal(len, strlen(out));
    int64_t again = instant + 1;
    assert_int_equal(datetime_parse(zones[UTC], out, len, &again), DATETIME_FULL);
    assert_int_equal(again, instant);
    return form;
}

struct form_case {
    const char *text, *wanted;
    int zone;
    enum datetime_form form;
};

static void check_forms(const struct form_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char out[DATETIME_SIZE];
        enum datetime_form form = read_back(cases[i].zone, cases[i].text, out);
        if (form != cases[i].form || strcmp(out, cases[i].wanted) != 0)
            fail_msg("\"%s\" in %s: form %d, \"%s\" instead of form %d, \"%s\"", cases[i].text,
                     zone_names[cases[i].zone], form, out, cases[i].form, cases[i].wanted);
    }
}

static void every_form(void **state)
{
    (void)state;
    static const struct form_case cases[] = {
        {"2024-04-03", "2024-04-03T00:00:00+00:00", UTC, DATETIME_DATE},
        {"2024-04-03", "2024-04-03T00:00:00+05:30", INDIA, DATETIME_DATE},
        {"2024-04-03", "2024-04-03T00:00:00-03:00", MINUS3, DATETIME_DATE},
        {" \t2024-04-03\r\n", "2024-04-03T00:00:00+00:00", UTC, DATETIME_DATE},
        {"2024-4-3", "2024-04-03T00:00:00+00:00", UTC, DATETIME_DATE},
        {"2024-04-03T10:26", "2024-04-03T10:26:00+00:00", UTC, DATETIME_FULL},
        {"2024-04-03t10:26:32", "2024-04-03T10:26:32+05:30", INDIA, DATETIME_FULL},
        {"2024-04-03 10:26:32", "2024-04-03T10:26:32+05:30", INDIA, DATETIME_FULL},
        {"2024-04-03 9:05", "2024-04-03T09:05:00+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T10:26:32.1", "2024-04-03T10:26:32+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T10:26:32.999999999Z", "2024-04-03T10:26:32+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T10:26:32Z", "2024-04-03T15:56:32+05:30", INDIA, DATETIME_FULL},
        {"2024-04-03T10:26z", "2024-04-03T07:26:00-03:00", MINUS3, DATETIME_FULL},
        {"2024-04-03T10:26:32+02:00", "2024-04-03T08:26:32+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T10:26:32+0200", "2024-04-03T08:26:32+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T10:26:32+02", "2024-04-03T08:26:32+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T10:26:32-09:30", "2024-04-03T19:56:32+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T10:26-00:00", "2024-04-03T10:26:00+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T10:26+15:59", "2024-04-02T18:27:00+00:00", UTC, DATETIME_FULL},
        /* a '+' that a form turned into a space */
        {"2024-04-03T10:26:32 02:00", "2024-04-03T08:26:32+00:00", UTC, DATETIME_FULL},
        {"03.04.2024", "2024-04-03T00:00:00+05:30", INDIA, DATETIME_DATE},
        {"3.4.2024", "2024-04-03T00:00:00+00:00", UTC, DATETIME_DATE},
        {"03.04.2024 10:26", "2024-04-03T10:26:00+00:00", UTC, DATETIME_FULL},
        {"03.04.2024 10:26:32", "2024-04-03T10:26:32+00:00", UTC, DATETIME_FULL},
        {"04/03/2024", "2024-04-03T00:00:00+00:00", UTC, DATETIME_DATE},
        {"04/03/2024 10:26", "2024-04-03T10:26:00+00:00", UTC, DATETIME_FULL},
        {"04/03/2024 10:26:32 am", "2024-04-03T10:26:32+00:00", UTC, DATETIME_FULL},
        {"04/03/2024 10:26:32 PM", "2024-04-03T22:26:32+00:00", UTC, DATETIME_FULL},
        {"04/03/2024 1:26pm", "2024-04-03T13:26:00+00:00", UTC, DATETIME_FULL},
        {"04/03/2024 12:00 am", "2024-04-03T00:00:00+00:00", UTC, DATETIME_FULL},
        {"04/03/2024 12:00 pm", "2024-04-03T12:00:00+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T00:00:00", "2024-04-03T00:00:00+00:00", UTC, DATETIME_FULL},
        {"2024-04-03T23:59:59", "2024-04-03T23:59:59+00:00", UTC, DATETIME_FULL},
        {"2024-02-29", "2024-02-29T00:00:00+00:00", UTC, DATETIME_DATE},
        {"2000-02-29", "2000-02-29T00:00:00+00:00", UTC, DATETIME_DATE},
        {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59+00:00", UTC, DATETIME_FULL},
        {"0001-01-01", "0001-01-01T00:00:00+00:00", UTC, DATETIME_DATE},
        {"9999-12-31T23:59:59", "9999-12-31T23:59:59+00:00", UTC, DATETIME_FULL},
    };
    check_forms(cases, sizeof cases / sizeof *cases);
}

static void changing_clocks(void **state)
{
    (void)state;
    static const struct form_case cases[] = {
        {"2024-01-15T12:00", "2024-01-15T12:00:00+01:00", BERLIN, DATETIME_FULL},
        {"2024-07-15T12:00", "2024-07-15T12:00:00+02:00", BERLIN, DATETIME_FULL},
        {"2024-07-15", "2024-07-15T00:00:00+02:00", BERLIN, DATETIME_DATE},
        /* forward at 02:00 */
        {"2024-03-31T01:59:59", "2024-03-31T01:59:59+01:00", BERLIN, DATETIME_FULL},
        {"2024-03-31T02:00", "2024-03-31T03:00:00+02:00", BERLIN, DATETIME_FULL},
        {"2024-03-31T02:30", "2024-03-31T03:30:00+02:00", BERLIN, DATETIME_FULL},
        {"2024-03-31T03:00", "2024-03-31T03:00:00+02:00", BERLIN, DATETIME_FULL},
        {"2024-03-31T00:59:59Z", "2024-03-31T01:59:59+01:00", BERLIN, DATETIME_FULL},
        {"2024-03-31T01:00:00Z", "2024-03-31T03:00:00+02:00", BERLIN, DATETIME_FULL},
        /* back at 03:00: the first of two 02:30 */
        {"2024-10-27T01:59:59", "2024-10-27T01:59:59+02:00", BERLIN, DATETIME_FULL},
        {"2024-10-27T02:30", "2024-10-27T02:30:00+02:00", BERLIN, DATETIME_FULL},
        {"2024-10-27T02:30+01:00", "2024-10-27T02:30:00+01:00", BERLIN, DATETIME_FULL},
        {"2024-10-27T03:00", "2024-10-27T03:00:00+01:00", BERLIN, DATETIME_FULL},
        {"2024-01-15T12:00", "2024-01-15T12:00:00-05:00", NEW_YORK, DATETIME_FULL},
        {"2024-07-15T12:00", "2024-07-15T12:00:00-04:00", NEW_YORK, DATETIME_FULL},
        {"2024-03-10T01:59:59", "2024-03-10T01:59:59-05:00", NEW_YORK, DATETIME_FULL},
        {"2024-03-10T02:00", "2024-03-10T03:00:00-04:00", NEW_YORK, DATETIME_FULL},
        {"2024-03-10T02:30", "2024-03-10T03:30:00-04:00", NEW_YORK, DATETIME_FULL},
        {"2024-03-10T03:00", "2024-03-10T03:00:00-04:00", NEW_YORK, DATETIME_FULL},
        {"2024-11-03T00:59:59", "2024-11-03T00:59:59-04:00", NEW_YORK, DATETIME_FULL},
        {"2024-11-03T01:30", "2024-11-03T01:30:00-04:00", NEW_YORK, DATETIME_FULL},
        {"2024-11-03T02:00", "2024-11-03T02:00:00-05:00", NEW_YORK, DATETIME_FULL},
        {"2024-11-03T02:30", "2024-11-03T02:30:00-05:00", NEW_YORK, DATETIME_FULL},
        /* beyond the table of the zone's file */
        {"2045-01-15T12:00", "2045-01-15T12:00:00+01:00", BERLIN, DATETIME_FULL},
        {"2045-07-15T12:00", "2045-07-15T12:00:00+02:00", BERLIN, DATETIME_FULL},
        {"2045-03-26T01:59:59", "2045-03-26T01:59:59+01:00", BERLIN, DATETIME_FULL},
        {"2045-03-26T02:00", "2045-03-26T03:00:00+02:00", BERLIN, DATETIME_FULL},
        {"2045-10-29T01:00:00Z", "2045-10-29T02:00:00+01:00", BERLIN, DATETIME_FULL},
        {"2045-10-29T00:59:59Z", "2045-10-29T02:59:59+02:00", BERLIN, DATETIME_FULL},
        {"2045-03-12T02:00", "2045-03-12T03:00:00-04:00", NEW_YORK, DATETIME_FULL},
        {"2045-11-05T01:59:59", "2045-11-05T01:59:59-04:00", NEW_YORK, DATETIME_FULL},
        {"2045-11-05T02:00", "2045-11-05T02:00:00-05:00", NEW_YORK, DATETIME_FULL},
        {"2399-07-15T12:00", "2399-07-15T12:00:00-04:00", NEW_YORK, DATETIME_FULL},
        {"2045-01-15T12:00", "2045-01-15T12:00:00+11:00", SYDNEY, DATETIME_FULL},
        {"2045-07-15T12:00", "2045-07-15T12:00:00+10:00", SYDNEY, DATETIME_FULL},
        {"2045-01-15T12:00", "2045-01-15T12:00:00+00:00", DUBLIN, DATETIME_FULL},
        {"2045-07-15T12:00", "2045-07-15T12:00:00+01:00", DUBLIN, DATETIME_FULL},
        {"2045-07-15T12:00", "2045-07-15T12:00:00+03:00", MOSCOW, DATETIME_FULL},
        /* before offsets were whole minutes */
        {"1850-06-01T12:00", "1850-06-01T12:00:00+00:53", BERLIN, DATETIME_FULL},
        {"1850-06-01T12:00", "1850-06-01T12:00:00-04:56", NEW_YORK, DATETIME_FULL},
    };
    check_forms(cases, sizeof cases / sizeof *cases);
}

static void no_dates(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "today",
        "now",
        "0",
        "1712139992",
        "-",
        "2024",
        "2024-04",
        "2024-04-",
        /* days that do not exist */
        "2024-00-10",
        "2024-13-10",
        "2024-04-00",
        "2024-04-31",
        "2024-04-32",
        "2023-02-29",
        "1900-02-29",
        "2024-02-30",
        "31.04.2024",
        "32.01.2024",
        "00.01.2024",
        "01.13.2024",
        "13/01/2024",
        "02/30/2024",
        "0000-01-01",
        "00.00.0000",
        "0000-00-00 00:00:00",
        /* years of other lengths */
        "24-04-03",
        "10000-01-01",
        "-2024-04-03",
        "+2024-04-03",
        "03.04.24",
        "04/03/24",
        "03.04.20240",
        "0003.04.2024",
        "012/03/2024",
        /* times that do not exist */
        "2024-04-03T24:00",
        "2024-04-03T23:60",
        "2024-04-03T23:59:60",
        "2024-04-03T25:00:00",
        "04/03/2024 13:00 pm",
        "04/03/2024 0:30 am",
        /* cut off or garbled */
        "2024-04-03T",
        "2024-04-03T10",
        "2024-04-03T10:",
        "2024-04-03T10:2",
        "2024-04-03T10:26:",
        "2024-04-03T10:26:3",
        "2024-04-03T10:26:32.",
        "2024-04-03T10:26:32,5",
        "2024-04-03T10:26:32.1234567890",
        "2024-04-0310:26",
        "2024-04-03  10:26",
        "2024-04-03_10:26",
        "2024/04/03",
        "2024.04.03",
        "2024-04.03",
        "03.04-2024",
        "03.04/2024",
        "2024-04-03x",
        "2024-04-03 x",
        "2024-04-03T10:26:32x",
        "2024-04-03T10:26:32ZZ",
        "2024-04-03Z",
        "2024-04-03+02:00",
        "03.04.2024 10:26 p",
        "03.04.2024 10:26 xm",
        "2024-04-03T10:26:32+2",
        "2024-04-03T10:26:32+16:00",
        "2024-04-03T10:26:32+02:60",
        "2024-04-03T10:26:32+02:",
        "2024-04-03T10:26:32+02:0",
        "2024-04-03T10:26:32+",
        "2024-04-03T10:26:32+02:000",
        "2024-04-03T10:26:32+020",
        "2024-04-03T-1:26",
        "2024-04-03T+1:26",
        "2024- 4-03",
        "2024-04-03 10: 26",
        "20240403",
        "20240403T102632Z",
        "\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA4-04-03",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char out[DATETIME_SIZE];
        if (read_back(BERLIN, texts[i], out) != DATETIME_INVALID)
            fail_msg("\"%s\" was taken as %s", texts[i], out);
    }
}

static void a_nul_is_no_separator(void **state)
{
    (void)state;
    static const char text[] = "2024-04-03\0"
                               "10:26";
    int64_t instant;
    for (size_t len = 11; len < sizeof text; len++)
        assert_int_equal(datetime_parse(zones[UTC], text, len, &instant), DATETIME_INVALID);
    assert_int_equal(datetime_parse(zones[UTC], "2024-04-03T10:26\0", 17, &instant),
                     DATETIME_INVALID);
    assert_int_equal(datetime_parse(zones[UTC], text, 10, &instant), DATETIME_DATE);
}

static void instants(void **state)
{
    (void)state;
    static const struct {
        int64_t instant;
        int zone;
        const char *text;
    } cases[] = {
        {0, UTC, "1970-01-01T00:00:00+00:00"},
        {-1, UTC, "1969-12-31T23:59:59+00:00"},
        {1712132792, UTC, "2024-04-03T08:26:32+00:00"},
        {1712132792, BERLIN, "2024-04-03T10:26:32+02:00"},
        {1712132792, INDIA, "2024-04-03T13:56:32+05:30"},
        {0, MINUS3, "1969-12-31T21:00:00-03:00"},
        {253402300799, UTC, "9999-12-31T23:59:59+00:00"},
        {253402300800, UTC, "10000-01-01T00:00:00+00:00"},
        {-62135596800, UTC, "0001-01-01T00:00:00+00:00"},
        {-62135596801, UTC, "0000-12-31T23:59:59+00:00"},
        {-62167219201, UTC, "-1-12-31T23:59:59+00:00"},
        /* beyond what can be shown: the nearest that can */
        {INT64_MAX, UTC, "99998-12-31T23:59:59+00:00"},
        {INT64_MAX, INDIA, "99999-01-01T05:29:59+05:30"},
        {INT64_MIN, UTC, "-9998-01-01T00:00:00+00:00"},
        {INT64_MIN, MINUS3, "-9999-12-31T21:00:00-03:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[DATETIME_SIZE];
        size_t len = datetime_format(zones[cases[i].zone], cases[i].instant, out);
        assert_string_equal(out, cases[i].text);
        assert_int_equal(len, strlen(out));
    }
}

static void civil_days_there_and_back(void **state)
{
    (void)state;
    assert_int_equal(days_from_civil(1970, 1, 1), 0);
    assert_int_equal(days_from_civil(2000, 3, 1), 11017);
    assert_int_equal(days_from_civil(1, 1, 1), -719162);
    int64_t before_year = -1, year;
    int before_month = 0, before_day = 0, month, day;
    for (int64_t days = -800000; days < 3000000; days += 1) {
        civil_from_days(days, &year, &month, &day);
        assert_true(month >= 1 && month <= 12 && day >= 1 && day <= 31);
        if (days_from_civil(year, month, day) != days)
            fail_msg("day %lld", (long long)days);
        assert_true(days == -800000 || (day == before_day + 1 && month == before_month) ||
                    (day == 1 && month == before_month + 1 && year == before_year) ||
                    (day == 1 && month == 1 && year == before_year + 1));
        before_year = year;
        before_month = month;
        before_day = day;
    }
}

static void zone_names_and_offsets(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int offset; /* in January 2024 */
    } good[] = {
        {"UTC", 0},
        {"Z", 0},
        {"+00:00", 0},
        {"+05:45", 20700},
        {"-03:30", -12600},
        {"+14:00", 50400},
        {"Europe/Moscow", 10800},
        {"Europe/Berlin", 3600},
        {"America/New_York", -18000},
        {"Asia/Kathmandu", 20700},
        {"America/Argentina/Buenos_Aires", -10800},
        {"Etc/GMT+5", -18000},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct zone *zone = zone_load(good[i].name);
        assert_non_null(zone);
        assert_string_equal(zone_name(zone), good[i].name);
        assert_int_equal(zone_offset(zone, 1704110400), good[i].offset);
        zone_free(zone);
    }
    static const char *const bad[] = {
        "",
        "Mars/Olympus",
        "Europe",
        "Europe/",
        "../../../etc/passwd",
        "/etc/localtime",
        "+5",
        "+05",
        "+05:3",
        "+5:30",
        "+ 5:30",
        "+05: 3",
        "+0530",
        "+05:30x",
        "+16:00",
        "+05:60",
        "+-1:00",
        "+",
        "zone.tab",
        "tzdata.zi",
        "Europe/../Europe/Berlin",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zone *zone = zone_load(bad[i]);
        if (zone)
            fail_msg("zone \"%s\" was loaded", bad[i]);
    }
    zone_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form),
        cmocka_unit_test(changing_clocks),
        cmocka_unit_test(no_dates),
        cmocka_unit_test(a_nul_is_no_separator),
        cmocka_unit_test(instants),
        cmocka_unit_test(civil_days_there_and_back),
        cmocka_unit_test(zone_names_and_offsets),
    };
    return cmocka_run_group_tests(tests, load_zones, free_zones);
}

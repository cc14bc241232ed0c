/* Days in and out, in zones that changed their offset at midnight or left a day out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/datetime.h"

static const char *const zone_names[] = {"UTC",
                                         "+03:00",
                                         "-05:00",
                                         "Europe/Moscow",
                                         "Asia/Vladivostok",
                                         "Australia/Sydney",
                                         "America/Santiago",
                                         "Asia/Tehran",
                                         "Pacific/Apia",
                                         "America/Sao_Paulo",
                                         "America/Havana",
                                         "Asia/Beirut",
                                         "Europe/Lisbon",
                                         "Africa/Monrovia",
                                         "Pacific/Kwajalein",
                                         "America/New_York"};

/* Written as a day, as what the protocol shows, with a time of any kind: the day comes back. */
static void check_day(const struct zone *zone, int64_t day)
{
    char shown[DATETIME_SIZE], text[64];
    int64_t back = day + 1000;
    size_t len = day_format(zone, day, shown);
    int64_t year;
    int month, of_month;
    civil_from_days(day, &year, &month, &of_month);
    snprintf(text, sizeof text, "%04d-%02d-%02d", (int)year, month, of_month);
    int64_t begin = day_begin(zone, day);
    if (day_of(zone, begin) != day && day_of(zone, begin) != day + 1) /* a day may be left out */
        fail_msg("%s: %s begins at %lld", zone_name(zone), text, (long long)begin);
    if (len != 25 || strlen(shown) != 25 || memcmp(shown, text, 10) != 0)
        fail_msg("%s: %s is shown as %s", zone_name(zone), text, shown);
    if (day_parse(zone, shown, len, &back) != DATETIME_FULL || back != day)
        fail_msg("%s: %s does not come back", zone_name(zone), shown);
    assert_int_equal(day_parse(zone, text, 10, &back), DATETIME_DATE);
    assert_int_equal(back, day);
    static const char *const times[] = {"T00:00:00",  " 12:30",          "T23:59:59",
                                        "T00:00:00Z", "T00:00:00+14:00", "T00:00:00-11:00"};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        snprintf(text + 10, sizeof text - 10, "%s", times[i]);
        if (day_parse(zone, text, strlen(text), &back) != DATETIME_FULL || back != day)
            fail_msg("%s: %s is day %lld", zone_name(zone), text, (long long)back);
    }
}

static void every_day_of_every_zone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof zone_names / sizeof zone_names[0]; i++) {
        struct zone *zone = zone_load(zone_names[i]);
        assert_non_null(zone);
        for (int64_t day = days_from_civil(1965, 1, 1); day < days_from_civil(2040, 1, 1); day++)
            check_day(zone, day);
        check_day(zone, days_from_civil(1, 1, 1));
        check_day(zone, days_from_civil(9999, 12, 31));
        zone_free(zone);
    }
}

static void check_text(const char *zone_text, const char *given, const char *wanted)
{
    char shown[DATETIME_SIZE];
    int64_t day = 0;
    struct zone *zone = zone_load(zone_text);
    assert_non_null(zone);
    assert_int_not_equal(day_parse(zone, given, strlen(given), &day), DATETIME_INVALID);
    day_format(zone, day, shown);
    zone_free(zone);
    assert_string_equal(shown, wanted);
}

static void what_is_shown(void **state)
{
    (void)state;
    check_text("Europe/Moscow", "1981-04-01", "1981-04-01T04:00:00+04:00");
    check_text("Europe/Moscow", "2026-01-15", "2026-01-15T03:00:00+03:00");
    check_text("America/New_York", "2026-01-15", "2026-01-15T00:00:00-05:00");
    check_text("Pacific/Apia", "2011-12-30", "2011-12-30T00:00:00-10:00");
    check_text("Pacific/Apia", "2011-12-31", "2011-12-31T14:00:00+14:00");
    /* A time with a zone is an instant, and its day the one it is here. */
    check_text("Europe/Moscow", "2026-01-14T21:00:00Z", "2026-01-15T03:00:00+03:00");
    check_text("Europe/Moscow", "2026-01-14T20:59:59Z", "2026-01-14T03:00:00+03:00");
    check_text("America/New_York", "2026-01-15T01:00:00+01:00", "2026-01-14T00:00:00-05:00");
    check_text("Asia/Tehran", "15.01.2026 10:00", "2026-01-15T03:30:00+03:30");
}

static void no_days(void **state)
{
    static const char *const bad[] = {"",
                                      "2026-02-30",
                                      "2026-01-15T25:00:00",
                                      "soon",
                                      "2026",
                                      "9999-12-31T23:59:59-15:00",
                                      "0001-01-01T01:00:00+15:00"};
    struct zone *zone = zone_load("UTC");
    int64_t day = 7;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(day_parse(zone, bad[i], strlen(bad[i]), &day), DATETIME_INVALID);
    assert_int_equal(day, 7);
    zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_day_of_every_zone),
                                       cmocka_unit_test(what_is_shown), cmocka_unit_test(no_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

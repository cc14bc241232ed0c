/* The first byte picks a zone, the rest is a date. What is read can be written in any zone, and
 * reads back as the same instant. */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/datetime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
    "UTC",           "Europe/Berlin",       "America/New_York",   "+05:30",
    "-03:00",        "Australia/Lord_Howe", "America/St_Johns",   "Pacific/Apia",
    "Africa/Cairo",  "America/Sao_Paulo",   "Africa/Monrovia",    "Asia/Kathmandu",
    "Europe/Dublin", "Europe/Moscow",       "Pacific/Kiritimati", "+15:59"};
#define ZONES (sizeof names / sizeof *names)

static struct zone *zones[ZONES];

/* The years that can be read: a zone may show the first and the last hours in another. */
#define FIRST_INSTANT (-62135596800 + 86400)
#define LAST_INSTANT (253402300799 - 86400)

static void check_instant(int64_t instant)
{
    for (size_t i = 0; i < ZONES; i++) {
        char text[DATETIME_SIZE];
        int64_t again = instant + 1;
        size_t len = datetime_format(zones[i], instant, text);
        CHECK(len == 25 && strlen(text) == len);
        CHECK(datetime_parse(zones[(i + 1) % ZONES], text, len, &again) == DATETIME_FULL);
        CHECK(again == instant);
        /* Without its zone it is local time: the same instant or, when clocks go back, the hour
         * before it. */
        CHECK(datetime_parse(zones[i], text, 19, &again) == DATETIME_FULL);
        CHECK(again <= instant && instant - again <= 86400);
        CHECK(again == instant || zone_offset(zones[i], again) > zone_offset(zones[i], instant));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!zones[0]) {
        for (size_t i = 0; i < ZONES; i++)
            CHECK((zones[i] = zone_load(names[i])));
    }
    if (!size)
        return 0;
    int64_t instant = 0;
    const struct zone *zone = zones[data[0] % ZONES];
    enum datetime_form form = datetime_parse(zone, (const char *)data + 1, size - 1, &instant);
    if (form == DATETIME_INVALID)
        return 0;
    CHECK(instant >= FIRST_INSTANT - 2 * 86400 && instant <= LAST_INSTANT + 2 * 86400);
    if (instant >= FIRST_INSTANT && instant <= LAST_INSTANT)
        check_instant(instant);
    if (size > 8) { /* and an instant that no text led to */
        memcpy(&instant, data + 1, sizeof instant);
        char text[DATETIME_SIZE];
        CHECK(datetime_format(zone, instant, text) == strlen(text));
    }
    return 0;
}

#include "base/datetime.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/format.h"

#define ZONEINFO "/usr/share/zoneinfo/"
#define DAY 86400
#define FIRST_DAY (-719162) /* 0001-01-01 */
#define LAST_DAY 2932896    /* 9999-12-31 */
#define LAST_YEAR 2400      /* from then on a zone keeps its winter (in the south: summer) time */
/* The years -9998 and 99998: what datetime_format can show in any zone. */
#define EARLIEST (-377673580800)
#define LATEST 3093496444799

/* Times from which an offset holds; offsets[0] holds before the first. */
struct zone {
    char *name;
    int64_t *starts;
    int *offsets;
    size_t count;
};

int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t mp = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = y + era * 400 + (*month <= 2);
}

static int64_t big_endian(const unsigned char *bytes, int size)
{
    uint64_t sum = bytes[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < size; i++)
        sum = sum << 8 | bytes[i];
    return (int64_t)sum;
}

struct tz_header {
    size_t isutc, isstd, leap, times, types, chars;
};

/* Before 1970 offsets had odd seconds, which the text form cannot show: whole minutes only, so that
 * every text reads back as the instant it was made from. */
static int whole_minutes(int64_t seconds)
{
    return (int)(seconds - seconds % 60);
}

static bool read_header(const unsigned char *data, size_t size, struct tz_header *h)
{
    if (size < 44 || memcmp(data, "TZif", 4) != 0)
        return false;
    size_t *out[] = {&h->isutc, &h->isstd, &h->leap, &h->times, &h->types, &h->chars};
    for (int i = 0; i < 6; i++) {
        int64_t count = big_endian(data + 20 + 4 * i, 4);
        if (count < 0 || count > 10000)
            return false;
        *out[i] = (size_t)count;
    }
    return h->types > 0;
}

/* Reading goes left to right; `ok` falls once and stays down. */
struct scan {
    const char *at, *end;
    bool ok;
};

static int scan_digits(struct scan *s, int least, int most)
{
    int number = 0, count = 0;
    while (s->at < s->end && isdigit((unsigned char)*s->at) && count < most) {
        number = number * 10 + (*s->at++ - '0');
        count++;
    }
    if (count < least)
        s->ok = false;
    return number;
}

static bool scan_char(struct scan *s, const char *set)
{
    if (s->at < s->end && *s->at && strchr(set, *s->at)) {
        s->at++;
        return true;
    }
    return false;
}

static void expect(struct scan *s, const char *set)
{
    if (!scan_char(s, set))
        s->ok = false;
}

static int month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* When a zone changes its clocks: the nth weekday of a month (5 is the last), at seconds of the day
 * that may be negative or more than a day. */
struct shift {
    int month, week, weekday, at;
};

static void scan_zone_name(struct scan *s)
{
    bool angles = scan_char(s, "<");
    while (s->at < s->end && (angles ? *s->at != '>' : isalpha((unsigned char)*s->at)))
        s->at++;
    if (angles)
        expect(s, ">");
}

static int scan_seconds(struct scan *s)
{
    int sign = scan_char(s, "-") ? -1 : 1;
    scan_char(s, "+");
    int seconds = scan_digits(s, 1, 3) * 3600;
    if (scan_char(s, ":"))
        seconds += scan_digits(s, 2, 2) * 60;
    if (scan_char(s, ":"))
        seconds += scan_digits(s, 2, 2);
    return sign * seconds;
}

static struct shift scan_change(struct scan *s)
{
    struct shift change = {.at = 2 * 3600};
    expect(s, ",");
    expect(s, "M");
    change.month = scan_digits(s, 1, 2);
    expect(s, ".");
    change.week = scan_digits(s, 1, 1);
    expect(s, ".");
    change.weekday = scan_digits(s, 1, 1);
    if (scan_char(s, "/"))
        change.at = scan_seconds(s);
    s->ok = s->ok && change.month >= 1 && change.month <= 12 && change.week >= 1 &&
            change.week <= 5 && change.weekday <= 6;
    return change;
}

/* The local second, as if it were UTC, at which the clocks change in that year. */
static int64_t change_in(const struct shift *change, int64_t year)
{
    int64_t first = days_from_civil(year, change->month, 1);
    int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    int64_t day = (change->weekday - weekday + 7) % 7 + 7 * (change->week - 1);
    if (day >= month_days(year, change->month))
        day -= 7;
    return (first + day) * DAY + change->at;
}

static void add_start(struct zone *zone, int64_t start, int offset)
{
    if (zone->count && start <= zone->starts[zone->count - 1])
        return;
    zone->starts = xrealloc(zone->starts, (zone->count + 1) * sizeof *zone->starts);
    zone->offsets = xrealloc(zone->offsets, (zone->count + 2) * sizeof *zone->offsets);
    zone->starts[zone->count] = start;
    zone->offsets[++zone->count] = offset;
}

/* The file's table ends in 2037, or where the rule of today began; "CET-1CEST,M3.5.0,M10.5.0/3"
 * behind it says how it goes on. A zone without summer time needs nothing more. */
static void extend(struct zone *zone, const unsigned char *rule, const unsigned char *end)
{
    struct scan s = {(const char *)rule, (const char *)end, true};
    expect(&s, "\n");
    scan_zone_name(&s);
    int standard = whole_minutes(-scan_seconds(&s)), summer = standard + 3600;
    scan_zone_name(&s);
    if (s.at < s.end && *s.at != ',')
        summer = whole_minutes(-scan_seconds(&s));
    struct shift begins = scan_change(&s), ends = scan_change(&s);
    expect(&s, "\n");
    if (!s.ok)
        return;
    for (int64_t year = 1970; year <= LAST_YEAR; year++) {
        int64_t begin = change_in(&begins, year) - standard,
                finish = change_in(&ends, year) - summer;
        if (begin < finish)
            add_start(zone, begin, summer);
        add_start(zone, finish, standard);
        if (begin > finish)
            add_start(zone, begin, summer);
    }
}

/* RFC 8536: a version 1 block, then the same with 64-bit times, which is the one to read. */
static bool read_tzif(struct zone *zone, const unsigned char *data, size_t size)
{
    struct tz_header h;
    if (!read_header(data, size, &h) || data[4] < '2')
        return false;
    size_t skip = 44 + h.times * 5 + h.types * 6 + h.chars + h.leap * 8 + h.isstd + h.isutc;
    if (skip > size || !read_header(data + skip, size - skip, &h))
        return false;
    const unsigned char *end = data + size;
    data += skip + 44;
    if (size - skip - 44 < h.times * 9 + h.types * 6)
        return false;
    const unsigned char *index = data + h.times * 8, *types = index + h.times;
    zone->count = h.times;
    zone->starts = xcalloc(h.times, sizeof *zone->starts);
    zone->offsets = xcalloc(h.times + 1, sizeof *zone->offsets);
    zone->offsets[0] = whole_minutes(big_endian(types, 4));
    for (size_t i = 0; i < h.times; i++) {
        if (index[i] >= h.types)
            return false;
        zone->starts[i] = big_endian(data + i * 8, 8);
        zone->offsets[i + 1] = whole_minutes(big_endian(types + index[i] * 6, 4));
    }
    size_t rest = h.types * 6 + h.chars + h.leap * 12 + h.isstd + h.isutc;
    if (rest < (size_t)(end - types))
        extend(zone, types + rest, end);
    return true;
}

static bool load_file(struct zone *zone, const char *name)
{
    char path[128];
    if (!*name || strstr(name, "..") || name[0] == '/' ||
        !format_whole(path, sizeof path, ZONEINFO "%s", name))
        return false;
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    unsigned char data[16384];
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    return read_tzif(zone, data, size);
}

static bool fixed_offset(const char *name, int *offset)
{
    struct scan s = {name + 1, name + strlen(name), true};
    if (!strcmp(name, "UTC") || !strcmp(name, "Z")) {
        *offset = 0;
        return true;
    }
    if (name[0] != '+' && name[0] != '-')
        return false;
    int hours = scan_digits(&s, 2, 2);
    expect(&s, ":");
    int minutes = scan_digits(&s, 2, 2);
    if (!s.ok || s.at != s.end || hours > 15 || minutes > 59)
        return false;
    *offset = (hours * 3600 + minutes * 60) * (name[0] == '-' ? -1 : 1);
    return true;
}

struct zone *zone_load(const char *name)
{
    struct zone *zone = xcalloc(1, sizeof *zone);
    int offset;
    zone->name = xstrdup(name);
    if (fixed_offset(name, &offset)) {
        zone->offsets = xcalloc(1, sizeof *zone->offsets);
        zone->offsets[0] = offset;
        return zone;
    }
    if (load_file(zone, name))
        return zone;
    zone_free(zone);
    return NULL;
}

void zone_free(struct zone *zone)
{
    if (!zone)
        return;
    free(zone->name);
    free(zone->starts);
    free(zone->offsets);
    free(zone);
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

int zone_offset(const struct zone *zone, int64_t instant)
{
    size_t low = 0, high = zone->count; /* number of starts at or before the instant */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (zone->starts[middle] <= instant)
            low = middle + 1;
        else
            high = middle;
    }
    return zone->offsets[low];
}

static void put2(char *out, int number)
{
    out[0] = (char)('0' + number / 10 % 10);
    out[1] = (char)('0' + number % 10);
}

int64_t day_of(const struct zone *zone, int64_t instant)
{
    int64_t local = instant + zone_offset(zone, instant);
    return local / DAY - (local % DAY < 0);
}

static size_t put_local(int64_t days, int second, int offset, char out[DATETIME_SIZE])
{
    int64_t year;
    int month, day;
    civil_from_days(days, &year, &month, &day);
    size_t len = 4;
    if (year >= 0 && year <= 9999) {
        put2(out, (int)year / 100);
        put2(out + 2, (int)year % 100);
    } else {
        len = format_text(out, 12, "%lld", (long long)year);
    }
    char *at = out + len;
    memcpy(at, "-00-00T00:00:00+00:00", 22);
    put2(at + 1, month);
    put2(at + 4, day);
    put2(at + 7, second / 3600);
    put2(at + 10, second / 60 % 60);
    put2(at + 13, second % 60);
    int minutes = (offset < 0 ? -offset : offset) / 60;
    if (offset < 0)
        at[15] = '-';
    put2(at + 16, minutes / 60);
    put2(at + 19, minutes % 60);
    return len + 21;
}

static int64_t within(int64_t number, int64_t least, int64_t most)
{
    return number < least ? least : number > most ? most : number;
}

size_t datetime_format(const struct zone *zone, int64_t instant, char out[DATETIME_SIZE])
{
    instant = within(instant, EARLIEST, LATEST);
    int offset = zone_offset(zone, instant);
    int64_t local = instant + offset, days = day_of(zone, instant);
    return put_local(days, (int)(local - days * DAY), offset, out);
}

/* The offset of a local time. Of two instants that show it, the first counts. One that a change of
 * clocks leaves out is read with the offset before the change, which moves it on. */
static int local_offset(const struct zone *zone, int64_t local)
{
    int before = zone_offset(zone, local - DAY), after = zone_offset(zone, local + DAY);
    if (zone_offset(zone, local - before) != before && zone_offset(zone, local - after) == after)
        return after;
    return before;
}

int64_t day_begin(const struct zone *zone, int64_t day)
{
    return day * DAY - local_offset(zone, day * DAY);
}

size_t day_format(const struct zone *zone, int64_t day, char out[DATETIME_SIZE])
{
    day = within(day, EARLIEST / DAY + 1, LATEST / DAY - 1);
    int offset = zone_offset(zone, day * DAY);
    if (offset >= 0)
        return put_local(day, offset, offset, out);
    return put_local(day, 0, local_offset(zone, day * DAY), out);
}

/* The day at the front, in one of three orders told apart by their separator. */
static int64_t scan_day(struct scan *s)
{
    const char *start = s->at;
    int first = scan_digits(s, 1, 4), year, month, day;
    ptrdiff_t digits = s->at - start;
    bool dots = scan_char(s, "."), slashes = !dots && scan_char(s, "/");
    if (dots || slashes) {
        int second = scan_digits(s, 1, 2);
        expect(s, dots ? "." : "/");
        year = scan_digits(s, 4, 4);
        day = dots ? first : second;
        month = dots ? second : first;
    } else {
        year = first;
        expect(s, "-");
        month = scan_digits(s, 1, 2);
        expect(s, "-");
        day = scan_digits(s, 1, 2);
    }
    /* "24-04-03" is refused: nobody means the year 24. */
    s->ok = s->ok && (dots || slashes ? digits <= 2 : digits == 4);
    if (!s->ok || year < 1 || month < 1 || month > 12 || day < 1 || day > month_days(year, month)) {
        s->ok = false;
        return 0;
    }
    return days_from_civil(year, month, day);
}

static int scan_clock(struct scan *s)
{
    int hour = scan_digits(s, 1, 2);
    expect(s, ":");
    int minute = scan_digits(s, 2, 2), second = 0;
    if (scan_char(s, ":")) {
        second = scan_digits(s, 2, 2);
        if (scan_char(s, "."))
            scan_digits(s, 1, 9);
    }
    struct scan suffix = *s;
    scan_char(&suffix, " ");
    if (scan_char(&suffix, "aApP")) {
        bool pm = (suffix.at[-1] | 32) == 'p';
        if (scan_char(&suffix, "mM")) {
            s->ok = s->ok && hour >= 1 && hour <= 12;
            hour = hour % 12 + (pm ? 12 : 0);
            s->at = suffix.at;
        }
    }
    s->ok = s->ok && hour < 24 && minute < 60 && second < 60;
    return hour * 3600 + minute * 60 + second;
}

/* True when a zone stands there. */
static bool scan_zone(struct scan *s, int *offset)
{
    *offset = 0;
    if (scan_char(s, "zZ"))
        return true;
    if (!scan_char(s, "+- "))
        return false;
    /* A '+' that came through a form unescaped is a space. */
    int sign = s->at[-1] == '-' ? -1 : 1;
    int hours = scan_digits(s, 2, 2), minutes = 0;
    bool colon = scan_char(s, ":");
    if (colon || (s->at < s->end && isdigit((unsigned char)*s->at)))
        minutes = scan_digits(s, 2, 2);
    s->ok = s->ok && hours <= 15 && minutes < 60;
    *offset = sign * (hours * 3600 + minutes * 60);
    return true;
}

struct moment {
    int64_t local; /* seconds as the text has them */
    bool zoned;    /* and a zone stands beside them: */
    int offset;
};

static enum datetime_form scan_moment(const char *text, size_t len, struct moment *moment)
{
    struct scan s = {text, text + len, true};
    while (s.at < s.end && isspace((unsigned char)*s.at))
        s.at++;
    while (s.end > s.at && isspace((unsigned char)s.end[-1]))
        s.end--;
    *moment = (struct moment){.local = scan_day(&s) * DAY};
    enum datetime_form form = DATETIME_DATE;
    if (s.ok && s.at < s.end) {
        expect(&s, "Tt ");
        moment->local += scan_clock(&s);
        moment->zoned = s.ok && s.at < s.end && scan_zone(&s, &moment->offset);
        form = DATETIME_FULL;
    }
    return s.ok && s.at == s.end ? form : DATETIME_INVALID;
}

/* Years 1 to 9999 in every zone: what is written elsewhere may lie beyond them here. */
static bool is_shown(int64_t day)
{
    return day >= FIRST_DAY && day <= LAST_DAY;
}

enum datetime_form datetime_parse(const struct zone *zone, const char *text, size_t len,
                                  int64_t *instant)
{
    struct moment moment;
    enum datetime_form form = scan_moment(text, len, &moment);
    if (form == DATETIME_INVALID)
        return form;
    int64_t parsed =
        moment.local - (moment.zoned ? moment.offset : local_offset(zone, moment.local));
    if (!is_shown(day_of(zone, parsed)))
        return DATETIME_INVALID;
    *instant = parsed;
    return form;
}

enum datetime_form day_parse(const struct zone *zone, const char *text, size_t len, int64_t *day)
{
    struct moment moment;
    enum datetime_form form = scan_moment(text, len, &moment);
    if (form == DATETIME_INVALID)
        return form;
    bool as_written = !moment.zoned || moment.local % DAY == 0;
    int64_t parsed = as_written ? moment.local / DAY - (moment.local % DAY < 0)
                                : day_of(zone, moment.local - moment.offset);
    if (!is_shown(parsed))
        return DATETIME_INVALID;
    *day = parsed;
    return form;
}

#include "rest/agent_name.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct word {
    const char *in, *name;
};

/* Most call themselves by the names of others as well: whoever does stands before them. */
static const struct word browsers[] = {{"Edg/", "Edge"},
                                       {"OPR/", "Opera"},
                                       {"YaBrowser/", "Yandex"},
                                       {"Vivaldi/", "Vivaldi"},
                                       {"Firefox/", "Firefox"},
                                       {"FxiOS/", "Firefox"},
                                       {"Chromium/", "Chromium"},
                                       {"CriOS/", "Chrome"},
                                       {"Chrome/", "Chrome"},
                                       {"Safari/", "Safari"},
                                       {NULL, NULL}};
static const struct word systems[] = {
    {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},   {"Windows", "Windows"},
    {"Macintosh", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}, {NULL, NULL}};

static const char *find(const struct word *words, const char *header)
{
    for (; words->in; words++) {
        if (strstr(header, words->in))
            return words->name;
    }
    return NULL;
}

/* Letters, digits and marks of ASCII: the rest may be anything. */
static void first_word(const char *header, char name[AGENT_NAME_SIZE])
{
    size_t len = 0;
    while (header[len] > ' ' && header[len] < 127 && len < AGENT_NAME_SIZE - 1)
        len++;
    memcpy(name, header, len);
    name[len] = '\0';
}

void agent_name(const char *header, char name[AGENT_NAME_SIZE])
{
    *name = '\0';
    if (!header)
        return;
    const char *browser = find(browsers, header), *system = find(systems, header);
    if (browser)
        snprintf(name, AGENT_NAME_SIZE, "%s%s%s", browser, system ? ", " : "",
                 system ? system : "");
    else
        first_word(header, name);
}

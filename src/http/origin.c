#include "http/origin.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define HOST_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:-_~[]"

bool origin_host_valid(const char *host)
{
    size_t len = strspn(host, HOST_CHARS);
    return len && !host[len] && len < 256;
}

/* What one proxy says of the one before it. */
struct word {
    const char *client, *proto, *host; /* NULL: nothing */
};

/* ---- texts ---- */

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t len = strlen(text);
    while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        text[--len] = '\0';
    return text;
}

/* The last item of a list, which is cut off; NULL: there was none left. No proxy's word holds a comma, whatever
 * its quotes: one that the client left open in front of it does not swallow it. */
static char *last_item(char *list, size_t *len)
{
    if (*len == SIZE_MAX)
        return NULL;
    char *comma = memrchr(list, ',', *len), *item = comma ? comma + 1 : list;
    *len = comma ? (size_t)(comma - list) : SIZE_MAX;
    if (comma)
        *comma = '\0';
    return trim(item);
}

static char *unquote(char *text)
{
    size_t len = strlen(text);
    if (len < 2 || text[0] != '"' || text[len - 1] != '"')
        return text;
    char *out = text;
    for (char *at = text + 1; at < text + len - 1; at++) {
        if (*at == '\\' && at + 1 < text + len - 1)
            at++;
        *out++ = *at;
    }
    *out = '\0';
    return text;
}

/* "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]:4711". */
static bool read_client(const char *text, struct net_address *address)
{
    const char *colon = strchr(text, ':');
    if (text[0] == '[') {
        const char *end = strchr(text, ']');
        return end && (!end[1] || end[1] == ':') &&
               net_from_text(text + 1, (size_t)(end - text - 1), address);
    }
    size_t len = colon && !strchr(colon + 1, ':') ? (size_t)(colon - text) : strlen(text);
    return net_from_text(text, len, address);
}

/* "for=192.0.2.1;proto=https;host=crm.example.com" */
static struct word read_element(char *element)
{
    struct word word = {0};
    for (char *pair; (pair = strsep(&element, ";"));) {
        char *name = trim(pair), *equals = strchr(name, '=');
        if (!equals)
            continue;
        *equals = '\0';
        const char *value = unquote(equals + 1);
        const char **of = !strcasecmp(name, "for")     ? &word.client
                          : !strcasecmp(name, "proto") ? &word.proto
                          : !strcasecmp(name, "host")  ? &word.host
                                                       : NULL;
        if (of && !*of)
            *of = value;
    }
    return word;
}

/* ---- whom to believe ---- */

/* Goes back through what the proxies said of each other, as far as they are trusted. Each item of the list
 * is one proxy's word; what the first one that is not trusted said, and all before it, is not believed.
 * `word`: the last one believed. */
static struct net_address walk(const struct origin_rules *rules, struct net_address peer,
                               char *list, bool elements, struct word *word)
{
    struct net_address client = peer;
    size_t left = strlen(list);
    char *item;
    while (net_ranges_hold(&rules->trusted, &client) && (item = last_item(list, &left))) {
        struct word one = elements ? read_element(item) : (struct word){.client = item};
        struct net_address next;
        if (!one.client || !read_client(one.client, &next))
            break;
        client = next;
        *word = one;
    }
    return client;
}

static const char *last_of(struct arena *arena, const char *list)
{
    size_t len = list ? strlen(list) : 0;
    return list ? last_item(arena_strdup(arena, list), &len) : NULL;
}

/* What the trusted proxies say. Where both kinds of headers tell of different clients, one of them was sent by
 * the client himself, and neither is believed. */
static struct net_address believe(const struct origin_rules *rules, struct arena *arena,
                                  const struct origin_words *words, struct word *word)
{
    struct word ours = {.proto = last_of(arena, words->forwarded_proto),
                        .host = last_of(arena, words->forwarded_host)};
    struct word theirs = {0}, unused = {0};
    struct net_address client = words->peer, other = words->peer;
    if (words->forwarded_for)
        client =
            walk(rules, words->peer, arena_strdup(arena, words->forwarded_for), false, &unused);
    if (words->forwarded)
        other = walk(rules, words->peer, arena_strdup(arena, words->forwarded), true, &theirs);
    bool both = words->forwarded_for && words->forwarded;
    if (both && memcmp(&client, &other, sizeof client) != 0)
        return words->peer;
    *word = words->forwarded && !words->forwarded_for ? theirs : ours;
    if (both) {
        word->proto = ours.proto ? ours.proto : theirs.proto;
        word->host = ours.host ? ours.host : theirs.host;
    }
    return words->forwarded_for ? client : other;
}

/* Applications have the vendor's authorization server written into them. Under its names, by a line in the
 * hosts file, the portal answers with its own address. */
static bool is_authorization_server(const char *host)
{
    static const char *const names[] = {"oauth.bitrix.info", "oauth.bitrix24.tech"};
    size_t len = strcspn(host, ":");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == len && !strncasecmp(host, names[i], len))
            return true;
    }
    return false;
}

const char *origin_url(const struct origin_rules *rules)
{
    return rules->url ? rules->url : rules->listening;
}

struct origin origin_tell(const struct origin_rules *rules, struct arena *arena,
                          const struct origin_words *words)
{
    struct origin origin = {words->peer, rules->secure, origin_url(rules)};
    struct word word = {0};
    if (rules->trusted.count && net_ranges_hold(&rules->trusted, &words->peer))
        origin.client = believe(rules, arena, words, &word);
    if (word.proto && (!strcasecmp(word.proto, "https") || !strcasecmp(word.proto, "http")))
        origin.is_https = !strcasecmp(word.proto, "https");
    const char *host = word.host && origin_host_valid(word.host) ? word.host : words->host;
    if (!rules->url && host && *host && !is_authorization_server(host))
        origin.url = arena_printf(arena, "http%s://%s", origin.is_https ? "s" : "", host);
    return origin;
}

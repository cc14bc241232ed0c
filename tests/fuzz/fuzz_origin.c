/* What proxies say in Forwarded and X-Forwarded-For: read by who is trusted, it tells a client or it does not,
 * and what the client himself put in front of a trusted proxy's word changes nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "http/origin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct origin tell(struct arena *arena, const struct origin_rules *rules, const char *words,
                          bool elements)
{
    struct origin_words said = {.host = "crm.example.com"};
    CHECK(net_from_text("10.1.2.3", 8, &said.peer));
    if (elements)
        said.forwarded = words;
    else
        said.forwarded_for = said.forwarded_proto = said.forwarded_host = words;
    return origin_tell(rules, arena, &said);
}

static void expect(const struct net_address *client, const char *text)
{
    struct net_address wanted;
    CHECK(net_from_text(text, strlen(text), &wanted));
    CHECK(memcmp(client, &wanted, sizeof wanted) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct origin_rules rules = {.listening = "http://127.0.0.1:1"};
    struct arena arena;
    if (!rules.trusted.count)
        CHECK(net_ranges_add(&rules.trusted, "10.0.0.0/8"));
    arena_init(&arena);
    char *text = arena_strndup(&arena, (const char *)data, size);
    tell(&arena, &rules, text, true);
    tell(&arena, &rules, text, false);
    /* The last proxy adds the client that spoke to it, which is nobody we trust. */
    struct origin origin = tell(&arena, &rules, arena_printf(&arena, "%s, 192.0.2.7", text), false);
    expect(&origin.client, "192.0.2.7");
    origin = tell(&arena, &rules,
                  arena_printf(&arena, "%s, for=\"[2001:db8::7]:4711\";proto=https", text), true);
    expect(&origin.client, "2001:db8::7");
    CHECK(origin.is_https);
    struct net_ranges ranges = {0};
    net_ranges_add(&ranges, text);
    net_ranges_clear(&ranges);
    arena_clear(&arena);
    return 0;
}

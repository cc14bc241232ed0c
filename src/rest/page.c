#include "rest/page.h"

#include <ctype.h>
#include <string.h>

/* The next character of a path, with slashes in a row as one and a last one left out. */
static int next_char(const char **at)
{
    while ((*at)[0] == '/' && ((*at)[1] == '/' || !(*at)[1]))
        ++*at;
    return **at ? tolower((unsigned char)*(*at)++) : 0;
}

/* Is the path the page's own? *below: does it begin with it? */
static bool is_at(const struct page *page, const char *path, bool *below)
{
    const char *own = page->path;
    int c;
    do {
        c = next_char(&own);
        int other = next_char(&path);
        *below = page->below && !c && (!other || other == '/');
        if (c != other)
            return false;
    } while (c);
    return true;
}

static int initial(const char *path)
{
    return tolower((unsigned char)path[strspn(path, "/")]);
}

/* Every request comes here: most are told from a page by their first letter. */
const struct page *page_find(const char *path)
{
    int first = initial(path);
    const struct page *above = NULL;
    for (const struct page_family *const *family = page_families; *family; family++) {
        for (size_t i = 0; i < (*family)->count; i++) {
            const struct page *page = &(*family)->pages[i];
            bool below = false;
            if (initial(page->path) == first && is_at(page, path, &below))
                return page;
            if (below)
                above = page;
        }
    }
    return above;
}

bool page_beside_methods(const struct page *page)
{
    return page->access == PAGE_CALLER || page->access == PAGE_SIGNED;
}

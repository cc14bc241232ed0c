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

static bool same_path(const char *a, const char *b)
{
    int c;
    do {
        c = next_char(&a);
        if (c != next_char(&b))
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
    for (const struct page_family *const *family = page_families; *family; family++) {
        for (size_t i = 0; i < (*family)->count; i++) {
            if (initial((*family)->pages[i].path) == first &&
                same_path((*family)->pages[i].path, path))
                return &(*family)->pages[i];
        }
    }
    return NULL;
}

bool page_beside_methods(const struct page *page)
{
    return page->access == PAGE_CALLER || page->access == PAGE_SIGNED;
}

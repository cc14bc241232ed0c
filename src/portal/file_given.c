#include "portal/file_given.h"

#include <string.h>

#include "base/check.h"
#include "portal/portal.h"

#define NAME_BYTES 255

const struct value *file_given_pair(const struct value *item)
{
    const struct value *data = value_get_nocase(item, "fileData");
    const struct value *pair = data ? data : item;
    const struct value *name = value_get(pair, "0"), *bytes = value_get(pair, "1");
    bool good = name && bytes && name->type == VALUE_STRING && bytes->type == VALUE_STRING &&
                name->string.len && bytes->string.len;
    return good ? pair : NULL;
}

static const struct file_ready *find_ready(const struct request *req, const struct value *pair)
{
    const struct file_ready *ready = req->ready;
    const struct value *text = value_get(pair, "1");
    while (ready && ready->source != text)
        ready = ready->next;
    return ready;
}

bool file_given_good(const struct request *req, const struct value *pair)
{
    const struct value *text = value_get(pair, "1");
    return find_ready(req, pair) || file_base64_size(text->string.text, text->string.len) > 0;
}

/* Only the last part of a path, no control characters, not longer than file systems take. */
static const char *good_name(struct request *req, const char *name)
{
    const char *last = strrchr(name, '/');
    const char *windows = strrchr(last ? last : name, '\\');
    const char *start = windows ? windows + 1 : last ? last + 1 : name;
    char *copy = arena_strdup(req->arena, *start ? start : "file");
    for (char *c = copy; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == '"')
            *c = '_';
    }
    size_t len = strlen(copy);
    if (len > NAME_BYTES) {
        len = NAME_BYTES;
        while (len && ((unsigned char)copy[len] & 0xC0) == 0x80)
            len--;
        copy[len] = '\0';
    }
    return copy;
}

static enum db_rc put_pair(struct request *req, struct arena *arena, const struct value *pair,
                           char hash[FILE_HASH_HEX], size_t *size)
{
    const struct value *text = value_get(pair, "1");
    unsigned char *bytes = file_decode(arena, text->string.text, text->string.len, size);
    return bytes ? file_put(req->portal, bytes, *size, hash) : DB_ERROR;
}

void file_given_prepare(struct request *req, const struct value *pair)
{
    if (pair && req->postponed) {
        *req->postponed = true;
        return;
    }
    struct arena scratch;
    if (!pair || !file_given_good(req, pair))
        return;
    struct file_ready *ready = arena_zalloc(req->arena, sizeof *ready);
    arena_init(&scratch);
    if (put_pair(req, &scratch, pair, ready->hash, &ready->size) == DB_OK) {
        ready->source = value_get(pair, "1");
        ready->next = req->ready;
        req->ready = ready;
    }
    arena_clear(&scratch);
}

static bool is_known(const struct file_reference *place)
{
    const struct file_reference *const *known = file_references;
    while (*known && *known != place)
        known++;
    return *known;
}

/* What was stored before may be gone again, when another call dropped equal content meanwhile. */
enum api_rc file_given_store(struct request *req, const struct file_reference *place,
                             const struct value *pair, struct file_given *file)
{
    CHECK(is_known(place) && "FILE_COLUMN is missing");
    const struct file_ready *ready = find_ready(req, pair);
    file->name = good_name(req, value_get(pair, "0")->string.text);
    if (ready && file_exists(req->portal, ready->hash, ready->size)) {
        memcpy(file->content, ready->hash, FILE_HASH_HEX);
        file->size = ready->size;
        return API_OK;
    }
    return api_db(req, put_pair(req, req->arena, pair, file->content, &file->size));
}

#include "geo_keys.h"

#include <cpl_vsi.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A TIFF's header, and how long what depends on its kind is. */
typedef struct tiff {
    VSILFILE *file;
    bool is_big_endian;
    size_t word; /* a place in the file, or a count: 4 bytes, 8 in a BigTIFF */
} tiff;

enum {
    GEO_KEY_DIRECTORY = 34735, /* the first of three tags, whose numbers follow one another */
    GEO_ASCII_PARAMETERS = 34737,
    MOST_ENTRIES = 4096,
    MOST_BYTES = 1 << 16 /* of a tag's values */
};

static uint64_t number(const tiff *t, const unsigned char *bytes, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | bytes[t->is_big_endian ? i : size - 1 - i];
    return value;
}

static bool read_at(const tiff *t, uint64_t place, void *bytes, size_t size) {
    return VSIFSeekL(t->file, place, SEEK_SET) == 0 && VSIFReadL(bytes, 1, size, t->file) == size;
}

/* How many bytes a value of such a type has; 0: of another type than those of the tags. */
static size_t size_of_type(uint64_t type) {
    enum { ASCII = 2, SHORT = 3, DOUBLE = 12 };
    return type == ASCII ? 1 : type == SHORT ? 2 : type == DOUBLE ? 8 : 0;
}

static bool add(dg_geo_keys *keys, const tiff *t, const void *bytes, uint64_t place, size_t size) {
    unsigned char *all = realloc(keys->bytes, keys->size + size + 1);
    if (!all)
        return false;
    keys->bytes = all;
    if (bytes)
        memcpy(all + keys->size, bytes, size);
    keys->size += size;
    return bytes || read_at(t, place, all + keys->size - size, size);
}

/* Adds a tag: what it is, and its values. Few of them are in the entry itself. */
static bool add_tag(dg_geo_keys *keys, const tiff *t, const unsigned char *entry) {
    const unsigned char *last = entry + 4 + t->word;
    const uint64_t count = number(t, entry + 4, t->word);
    const size_t each = size_of_type(number(t, entry + 2, 2));
    if (each == 0 || count > MOST_BYTES / each)
        return false;
    const size_t size = (size_t)count * each;
    return add(keys, t, entry, 0, 4 + t->word) &&
           add(keys, t, size <= t->word ? last : NULL, number(t, last, t->word), size);
}

static bool add_tags(dg_geo_keys *keys, const tiff *t, const unsigned char *entries, size_t count) {
    const size_t size = 4 + 2 * t->word;
    bool is_read = true;
    for (size_t i = 0; i < count && is_read; i++) {
        const uint64_t tag = number(t, entries + i * size, 2);
        if (tag >= GEO_KEY_DIRECTORY && tag <= GEO_ASCII_PARAMETERS)
            is_read = add_tag(keys, t, entries + i * size);
    }
    return is_read;
}

static bool read_directory(dg_geo_keys *keys, const tiff *t, uint64_t place) {
    unsigned char head[8];
    const size_t width = t->word == 8 ? 8 : 2;
    const uint64_t count = read_at(t, place, head, width) ? number(t, head, width) : 0;
    if (count == 0 || count > MOST_ENTRIES)
        return false;
    const size_t size = (size_t)count * (4 + 2 * t->word);
    unsigned char *entries = malloc(size);
    const bool is_read = entries && read_at(t, place + width, entries, size) &&
                         add_tags(keys, t, entries, (size_t)count);
    free(entries);
    return is_read;
}

static bool read_file(dg_geo_keys *keys, tiff *t) {
    enum { CLASSIC = 42, BIG = 43 };
    unsigned char head[16];
    if (!read_at(t, 0, head, sizeof head))
        return false;
    t->is_big_endian = head[0] == 'M';
    const uint64_t kind = number(t, head + 2, 2);
    t->word = kind == BIG ? 8 : 4;
    return (memcmp(head, "II", 2) == 0 || memcmp(head, "MM", 2) == 0) &&
           (kind == CLASSIC || kind == BIG) && add(keys, t, head, 0, 4) &&
           read_directory(keys, t, number(t, head + t->word, t->word));
}

dg_geo_keys dg_geo_keys_read(const char *path) {
    tiff t = {.file = VSIFOpenL(path, "rb")};
    dg_geo_keys keys = {0};
    enum { HEAD = 4 };
    const bool is_read = t.file && read_file(&keys, &t);
    if (!is_read || keys.size == HEAD)
        dg_geo_keys_free(&keys);
    if (t.file)
        VSIFCloseL(t.file);
    return keys;
}

void dg_geo_keys_free(dg_geo_keys *keys) {
    free(keys->bytes);
    *keys = (dg_geo_keys){0};
}

bool dg_geo_keys_are_same(const dg_geo_keys *a, const dg_geo_keys *b) {
    return a->bytes && b->bytes && a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

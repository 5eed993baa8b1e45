#include "nodata_tag.h"

#include <cpl_vsi.h>
#include <stdint.h>
#include <string.h>

enum { TAG = 42113, ASCII = 2, MOST_ENTRIES = 4096 };

typedef struct tiff {
    VSILFILE *file;
    bool is_big_endian, is_big; /* BigTIFF */
} tiff;

static uint64_t number_at(const tiff *t, const unsigned char *at, int bytes) {
    uint64_t number = 0;
    for (int i = 0; i < bytes; i++)
        number = number << 8 | at[t->is_big_endian ? i : bytes - 1 - i];
    return number;
}

static bool read_at(const tiff *t, uint64_t offset, void *to, size_t size) {
    return VSIFSeekL(t->file, offset, SEEK_SET) == 0 && VSIFReadL(to, 1, size, t->file) == size;
}

/* The text of an entry of a directory, cut to what fits. */
static bool read_text(const tiff *t, const unsigned char *entry, char text[DG_NODATA_TEXT_SIZE]) {
    const int size = t->is_big ? 8 : 4;
    const uint64_t count = number_at(t, entry + 4, size);
    const size_t length =
        (size_t)(count < DG_NODATA_TEXT_SIZE - 1 ? count : DG_NODATA_TEXT_SIZE - 1);
    memset(text, 0, DG_NODATA_TEXT_SIZE);
    if (count > (uint64_t)size)
        return read_at(t, number_at(t, entry + 4 + size, size), text, length);
    memcpy(text, entry + 4 + size, length);
    return true;
}

/* Looks into the first directory. */
static bool find_text(tiff *t, char text[DG_NODATA_TEXT_SIZE]) {
    unsigned char head[16], entry[20];
    if (!read_at(t, 0, head, sizeof head))
        return false;
    t->is_big_endian = head[0] == 'M';
    t->is_big = number_at(t, head + 2, 2) == 43;
    uint64_t at = number_at(t, head + (t->is_big ? 8 : 4), t->is_big ? 8 : 4);
    const size_t size = t->is_big ? 20 : 12, counter = t->is_big ? 8 : 2;
    if (!read_at(t, at, head, counter))
        return false;
    const uint64_t count = number_at(t, head, (int)counter);
    at += counter;
    for (uint64_t i = 0; i < count && i < MOST_ENTRIES; i++, at += size) {
        if (!read_at(t, at, entry, size))
            return false;
        if (number_at(t, entry, 2) == TAG)
            return number_at(t, entry + 2, 2) == ASCII && read_text(t, entry, text);
    }
    return false;
}

bool dg_nodata_tag(const char *path, char text[DG_NODATA_TEXT_SIZE]) {
    tiff t = {.file = VSIFOpenL(path, "rb")};
    const bool has = t.file && find_text(&t, text);
    if (t.file)
        VSIFCloseL(t.file);
    return has;
}

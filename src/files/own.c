/* Whose a file is. */
#include "output_file.h"

#include "marks.h"
#include "opened.h"
#include "place.h"

#include <cpl_vsi.h>
#include <gdal.h>
#include <string.h>

static const char KEY[] = DG_FINGERPRINT_KEY;

enum { TIFF_HEADER = 16, SEARCHED = 1 << 16 };

/* *is_sound: it opens, and GDAL has nothing to say against it. */
static bool has_key(const char *path, bool *is_sound) {
    dg_opened opened;
    dg_opened_raster(&opened, path);
    const bool opens = opened.dataset != NULL;
    const bool has = opens && GDALGetMetadataItem(opened.dataset, KEY, NULL);
    dg_opened_end(&opened);
    *is_sound = opens && !opened.errors.failed && !opened.errors.warning[0];
    return has;
}

static bool is_tiff(const char *bytes, size_t length) {
    return length >= 4 && (memcmp(bytes, "II*\0", 4) == 0 || memcmp(bytes, "II+\0", 4) == 0);
}

static char *read_at(VSILFILE *file, vsi_l_offset place, size_t *length) {
    char *bytes = VSIMalloc(SEARCHED);
    VSIFSeekL(file, place, SEEK_SET);
    *length = bytes ? VSIFReadL(bytes, 1, SEARCHED, file) : 0;
    return bytes;
}

/* Metadata are at a TIFF's begin or end. */
static bool is_remnant(VSILFILE *file, vsi_l_offset size) {
    size_t head_length, tail_length;
    char *head = read_at(file, 0, &head_length);
    char *tail = read_at(file, size > SEARCHED ? size - SEARCHED : 0, &tail_length);
    const bool is = is_tiff(head, head_length) &&
                    (size <= TIFF_HEADER || memmem(head, head_length, KEY, sizeof KEY - 1) ||
                     memmem(tail, tail_length, KEY, sizeof KEY - 1));
    VSIFree(head);
    VSIFree(tail);
    return is;
}

bool dg_output_is_batchs(const char *path, const char *origin) {
    (void)origin;
    VSIStatBufL found;
    bool is_sound;
    if (VSIStatL(path, &found) != 0 || !VSI_ISREG(found.st_mode))
        return false;
    if (found.st_size == 0 || has_key(path, &is_sound) || dg_place_is_reserved(path))
        return true;
    VSILFILE *file = is_sound ? NULL : VSIFOpenL(path, "rb");
    const bool is = file && is_remnant(file, (vsi_l_offset)found.st_size);
    if (file)
        VSIFCloseL(file);
    return is;
}

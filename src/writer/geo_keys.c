#include "geo_keys.h"

#ifdef DG_HAVE_LIBTIFF

#include "path.h"

#include <stdint.h>
#include <tiffio.h>

/* OGC GeoTIFF 1.1 (19-008r4), 7.1.2: the directory, and the numbers and texts that it points to. */
enum { DIRECTORY = 34735, NUMBERS = 34736, TEXTS = 34737 };

static int drop_message(TIFF *tiff, void *user, const char *module, const char *format,
                        va_list arguments) {
    (void)tiff, (void)user, (void)module, (void)format, (void)arguments;
    return 1;
}

/* Without mapping it, and without reading where its blocks are. */
static TIFF *open_tiff(const char *path) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
    TIFFOpenOptionsSetErrorHandlerExtR(options, drop_message, NULL);
    TIFFOpenOptionsSetWarningHandlerExtR(options, drop_message, NULL);
    TIFF *tiff = TIFFOpenExt(path, "rmD", options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

/* Who has libgeotiff has told libtiff of these tags, and counts them by 16 bits, or texts not at all. */
static bool find_values(TIFF *tiff, const TIFFField *field, const void **values, uint32_t *count) {
    const uint32_t tag = TIFFFieldTag(field);
    uint16_t few = 0;
    if (!TIFFFieldPassCount(field)) {
        *count = 0;
        return TIFFGetField(tiff, tag, values);
    }
    if (TIFFFieldReadCount(field) == TIFF_VARIABLE2)
        return TIFFGetField(tiff, tag, count, values);
    const bool has = TIFFGetField(tiff, tag, &few, values);
    *count = few;
    return has;
}

/* False where the file does not have the tag. */
static bool add_tag(TIFF *tiff, uint32_t tag, dg_hash *hash) {
    const TIFFField *field = TIFFFindField(tiff, tag, TIFF_ANY);
    const void *values = NULL;
    uint32_t count = 0;
    if (!field || !find_values(tiff, field, &values, &count))
        return false;
    if (!TIFFFieldPassCount(field))
        dg_hash_text(hash, values);
    else
        dg_hash_bytes(hash, values, count * (size_t)TIFFDataWidth(TIFFFieldDataType(field)));
    return true;
}

bool dg_geo_keys_add(const char *path, dg_hash *hash) {
    TIFF *tiff = dg_path_is_virtual(path) ? NULL : open_tiff(path);
    if (!tiff)
        return false;
    const bool has = add_tag(tiff, DIRECTORY, hash);
    add_tag(tiff, NUMBERS, hash);
    add_tag(tiff, TEXTS, hash);
    TIFFClose(tiff);
    return has;
}

#else

bool dg_geo_keys_add(const char *path, dg_hash *hash) {
    (void)path;
    (void)hash;
    return false;
}

#endif

#include "raw_pixels.h"

#include "gdal_driver.h"
#include "memory.h"
#include "path.h"
#include "text_header.h"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

/* Where the pixels begin in their file: a number of bytes, or NOT_KNOWN: they may be packed, or elsewhere. */
enum { NOT_KNOWN = -1, TEXT_SIZE = 64 };

typedef struct raw_driver {
    const char *name;
    /* Which files have them: `pixels` is how their names end, with # for a digit and ? for anything; "": the file
     * that the dataset is named by. */
    const char *pixels;
    bool is_unlisted; /* GDAL does not list the file: `pixels` is its name, beside the dataset's */
    int64_t (*begin)(GDALDatasetH dataset, const struct raw_driver *driver);
    const char *header, *key; /* for `begin` */
    int offset;
} raw_driver;

static int64_t begin_at_offset(GDALDatasetH dataset, const raw_driver *driver) {
    (void)dataset;
    return driver->offset;
}

static bool find_in_header(GDALDatasetH dataset, const char *header, const char *key,
                           char text[TEXT_SIZE]) {
    char *path = dg_text_header_of(dataset, header);
    const bool has = path && dg_text_header_find(path, key, text, TEXT_SIZE);
    free(path);
    return has;
}

static int64_t begin_by_key(GDALDatasetH dataset, const raw_driver *driver) {
    char text[TEXT_SIZE];
    return find_in_header(dataset, driver->header, driver->key, text) ? strtoll(text, NULL, 10) : 0;
}

/* A label of records: the pixels begin with the record that the key tells. Another file's name may stand there. */
static int64_t begin_by_record(GDALDatasetH dataset, const raw_driver *driver) {
    char record[TEXT_SIZE], bytes[TEXT_SIZE];
    if (!find_in_header(dataset, "", driver->key, record) || strspn(record, "0123456789") == 0 ||
        record[strspn(record, "0123456789")])
        return NOT_KNOWN;
    return find_in_header(dataset, "", "RECORD_BYTES", bytes)
               ? (strtoll(record, NULL, 10) - 1) * strtoll(bytes, NULL, 10)
               : NOT_KNOWN;
}

static int64_t begin_of_isis3(GDALDatasetH dataset, const raw_driver *driver) {
    char text[TEXT_SIZE];
    if (find_in_header(dataset, "", "^Core", text))
        return NOT_KNOWN;
    const int64_t begin = begin_by_key(dataset, driver);
    return begin > 0 ? begin - 1 : NOT_KNOWN;
}

static int64_t begin_of_envi(GDALDatasetH dataset, const raw_driver *driver) {
    (void)driver;
    char **header = GDALGetMetadata(dataset, "ENVI");
    if (!header || atoi(CSLFetchNameValueDef(header, "file_compression", "0")) != 0)
        return NOT_KNOWN;
    return strtoll(CSLFetchNameValueDef(header, "header_offset", "0"), NULL, 10);
}

/* The label begins with its own size. */
static int64_t begin_of_vicar(GDALDatasetH dataset, const raw_driver *driver) {
    (void)driver;
    static const char SIZE[] = "LBLSIZE=";
    char head[4096] = "";
    VSILFILE *file = VSIFOpenL(GDALGetDescription(dataset), "rb");
    if (file) {
        VSIFReadL(head, 1, sizeof head - 1, file);
        VSIFCloseL(file);
    }
    const char *packing = strstr(head, "COMPRESS=");
    const bool is_packed = packing && !STARTS_WITH(packing, "COMPRESS='NONE'");
    return !is_packed && STARTS_WITH(head, SIZE) ? strtoll(head + strlen(SIZE), NULL, 10)
                                                 : NOT_KNOWN;
}

static const raw_driver DRIVERS[] = {
    {.name = "ACE2", .begin = begin_at_offset},
    {.name = "EHdr", .begin = begin_by_key, .header = ".hdr", .key = "SKIPBYTES"},
    {.name = "ENVI", .begin = begin_of_envi},
    {.name = "ERS",
     .pixels = "",
     .is_unlisted = true,
     .begin = begin_by_key,
     .header = ".ers",
     .key = "HeaderOffset"},
    {.name = "GTX", .begin = begin_at_offset, .offset = 40},
    {.name = "ISCE", .begin = begin_at_offset},
    {.name = "ISIS2", .begin = begin_by_record, .key = "^QUBE"},
    {.name = "ISIS3", .begin = begin_of_isis3, .header = "", .key = "StartByte"},
    {.name = "LAN", .begin = begin_at_offset, .offset = 128},
    {.name = "MFF", .pixels = ".?##", .begin = begin_at_offset},
    {.name = "MFF2", .pixels = "image_data", .is_unlisted = true, .begin = begin_at_offset},
    {.name = "PAux", .begin = begin_at_offset},
    {.name = "PDS4", .pixels = ".img", .begin = begin_at_offset},
    {.name = "ROI_PAC", .begin = begin_at_offset},
    {.name = "RRASTER", .pixels = ".gri", .begin = begin_at_offset},
    {.name = "VICAR", .begin = begin_of_vicar},
};

static bool matches(const char *name, const char *pattern) {
    const size_t length = strlen(name), n = strlen(pattern);
    bool is_match = length >= n;
    for (size_t i = 0; i < n && is_match; i++) {
        const char c = name[length - n + i];
        is_match = pattern[i] == '?'   ? true
                   : pattern[i] == '#' ? c >= '0' && c <= '9'
                                       : EQUALN(&c, &pattern[i], 1);
    }
    return is_match;
}

static bool add_size(const char *path, int64_t *size) {
    VSIStatBufL found;
    if (VSIStatL(path, &found) != 0)
        return false;
    *size += (int64_t)found.st_size;
    return true;
}

/* The file that one name tells: the dataset's own, one beside it, or, ERS's, its header's without the ending. NULL: no
 * memory. */
static char *name_file(const char *own, const raw_driver *driver) {
    if (driver->pixels && *driver->pixels) {
        char *folder = dg_path_folder(own);
        char *path = folder ? dg_path_join(folder, driver->pixels) : NULL;
        free(folder);
        return path;
    }
    char *path = dg_copy(own, NULL);
    char *dot = path && driver->pixels ? strrchr(path, '.') : NULL;
    if (dot)
        *dot = '\0';
    return path;
}

/* The last of those that are listed, *size being that of all. NULL: no memory, or none is listed. */
static char *find_listed(GDALDatasetH dataset, const char *pattern, int64_t *size) {
    char **files = GDALGetFileList(dataset), *path = NULL;
    for (int i = 0; files && files[i]; i++) {
        if (!matches(files[i], pattern) || !add_size(files[i], size))
            continue;
        free(path);
        path = dg_copy(files[i], NULL);
    }
    CSLDestroy(files);
    return path;
}

/* LAN may have two bytes' pixels in one, and does not say so. */
static int bits_of(GDALRasterBandH band, const raw_driver *driver) {
    const char *told = GDALGetMetadataItem(band, "NBITS", "IMAGE_STRUCTURE");
    const int bits = GDALGetDataTypeSizeBits(GDALGetRasterDataType(band));
    return told && atoi(told) > 0 ? atoi(told) : EQUAL(driver->name, "LAN") && bits == 8 ? 4 : bits;
}

static int64_t bytes_of_pixels(GDALDatasetH dataset, const raw_driver *driver) {
    int64_t bits = 0;
    for (int i = 1; i <= GDALGetRasterCount(dataset); i++)
        bits += bits_of(GDALGetRasterBand(dataset, i), driver);
    return (int64_t)GDALGetRasterXSize(dataset) * GDALGetRasterYSize(dataset) * bits / 8;
}

demgrad_status dg_check_bytes(const char *path, int64_t size, int64_t needed,
                              demgrad_error *error) {
    if (size >= needed)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: is cut short: it has %lld bytes, and its header tells of %lld; get it "
                   "anew",
                   path, (long long)size, (long long)needed);
}

/* Files that are not there GDAL tells of itself. */
static demgrad_status check_files(GDALDatasetH dataset, const raw_driver *driver,
                                  demgrad_error *error) {
    const int64_t begin = driver->begin(dataset, driver);
    if (begin == NOT_KNOWN)
        return DEMGRAD_OK;
    const bool is_listed = driver->pixels && !driver->is_unlisted;
    int64_t size = 0;
    char *path = is_listed ? find_listed(dataset, driver->pixels, &size)
                           : name_file(GDALGetDescription(dataset), driver);
    demgrad_status status =
        path || is_listed ? DEMGRAD_OK : dg_fail_memory(error, "the name of a file of pixels");
    if (path && (is_listed || add_size(path, &size)))
        status = dg_check_bytes(path, size, begin + bytes_of_pixels(dataset, driver), error);
    free(path);
    return status;
}

demgrad_status dg_check_raw_pixels(GDALDatasetH dataset, demgrad_error *error) {
    const char *name = dg_driver_name(dataset);
    for (size_t i = 0; i < sizeof DRIVERS / sizeof *DRIVERS; i++) {
        if (EQUAL(name, DRIVERS[i].name))
            return check_files(dataset, &DRIVERS[i], error);
    }
    return DEMGRAD_OK;
}

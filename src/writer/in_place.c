/* Lays files out with GDAL, and reserves their room with fallocate, which unlike posix_fallocate never
 * writes zeros where the file system cannot reserve. */

#include "in_place.h"

#include "gdal_errors.h"
#include "integers.h"

#include <cpl_error.h>
#include <cpl_string.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#ifdef __linux__
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#endif

enum {
    LEAST_BLOCK = 1 << 16, /* bytes; lower ones are better off in GDAL's pieces */
    LEAST_FILE = 1 << 25   /* bytes; opening again takes about 1 ms */
};

/* The creation options that only choose a layout. Any other one may mean something to GDAL that an
 * opened file no longer knows of. */
static bool only_lay_out(char **options) {
    static const char *const layout[] = {"TILED",      "BLOCKXSIZE", "BLOCKYSIZE",
                                         "INTERLEAVE", "BIGTIFF",    "NUM_THREADS"};
    for (; *options; options++) {
        bool is_layout = EQUAL(*options, "COMPRESS=NONE");
        for (size_t i = 0; i < sizeof layout / sizeof *layout; i++) {
            const size_t length = strlen(layout[i]);
            is_layout |= EQUALN(*options, layout[i], length) && (*options)[length] == '=';
        }
        if (!is_layout)
            return false;
    }
    return true;
}

typedef struct blocks {
    int64_t bytes; /* of each */
    int64_t count; /* in all bands */
    bool all_whole_or_tiles;
} blocks;

static blocks find_blocks(GDALDatasetH dataset) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    const int columns = GDALGetRasterXSize(dataset), rows = GDALGetRasterYSize(dataset);
    int width, height;
    GDALGetBlockSize(band, &width, &height);
    return (blocks){.bytes = (int64_t)width * height *
                             GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band)),
                    .count = (int64_t)dg_ceil_divide(columns, width) *
                             dg_ceil_divide(rows, height) * GDALGetRasterCount(dataset),
                    .all_whole_or_tiles = width < columns || rows % height == 0};
}

/* GDAL takes some paths for more than a path when it opens them; and lays a last, lower strip out as
 * a whole one. */
bool dg_in_place_suits(GDALDatasetH dataset, const char *path, char **options) {
    if (STARTS_WITH(path, "/vsi") || STARTS_WITH_CI(path, "GTIFF_") || !only_lay_out(options))
        return false;
    const blocks b = find_blocks(dataset);
    return b.all_whole_or_tiles && b.bytes >= LEAST_BLOCK && b.bytes * b.count >= LEAST_FILE;
}

static bool means_no_room(int reason) {
    return reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
}

/* Gives what is still a hole its room on the disk, where the file system can; the reason why not is
 * an errno, 0 for none that matters. Not on a tmpfs: it would clear each page just before it is
 * written. */
static int reserve(const char *path) {
    int reason = 0;
#ifdef __linux__
    const int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return 0;
    struct statfs system;
    struct stat stat;
    if (fstatfs(file, &system) == 0 && system.f_type != TMPFS_MAGIC && fstat(file, &stat) == 0 &&
        fallocate(file, 0, 0, stat.st_size) != 0)
        reason = means_no_room(errno) ? errno : 0;
    close(file);
#else
    (void)path;
#endif
    return reason;
}

static void fail_for_room(int64_t bytes, int reason) {
    CPLError(CE_Failure, CPLE_FileIO, "no room for its %.0f MB: %s", (double)bytes / 1e6,
             strerror(reason));
}

/* What GDAL says when the file cannot grow has no reason in it. */
static bool close_whole(GDALDatasetH dataset, int64_t bytes) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    errno = 0;
    GDALClose(dataset);
    const int reason = errno;
    dg_gdal_errors_end(&errors);
    if (errors.failed && means_no_room(reason))
        fail_for_room(bytes, reason);
    else if (errors.failed)
        CPLError(CE_Failure, CPLE_AppDefined, "%s", errors.text);
    return !errors.failed;
}

GDALDatasetH dg_in_place_lay_out(GDALDatasetH dataset, const char *path) {
    const char *const driver[] = {"GTiff", NULL};
    const blocks b = find_blocks(dataset);
    if (!close_whole(dataset, b.bytes * b.count))
        return NULL;
    const int reason = reserve(path);
    if (reason) {
        fail_for_room(b.bytes * b.count, reason);
        return NULL;
    }
    return GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_UPDATE | GDAL_OF_VERBOSE_ERROR, driver, NULL,
                      NULL);
}

/* fallocate, which unlike posix_fallocate never writes zeros where the file system cannot reserve. */

#include "in_place.h"

#include "gdal_errors.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <fcntl.h>
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

static double bytes_of_pixels(GDALDatasetH dataset) {
    const GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(dataset, 1));
    return (double)GDALGetRasterXSize(dataset) * GDALGetRasterYSize(dataset) *
           GDALGetRasterCount(dataset) * GDALGetDataTypeSizeBytes(type);
}

static double bytes_of_block(GDALDatasetH dataset) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    int width, height;
    GDALGetBlockSize(band, &width, &height);
    return (double)width * height * GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band));
}

bool dg_in_place_suits(GDALDatasetH dataset, const char *path, char **options) {
    return EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "GTiff") &&
           !STARTS_WITH(path, "/vsi") && only_lay_out(options) &&
           bytes_of_block(dataset) >= LEAST_BLOCK && bytes_of_pixels(dataset) >= LEAST_FILE;
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
        reason = errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? errno : 0;
    close(file);
#else
    (void)path;
#endif
    return reason;
}

/* What GDAL says when the file cannot grow has no reason in it. */
static int close_whole(GDALDatasetH dataset) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    errno = 0;
    GDALClose(dataset);
    const int reason = errno ? errno : EIO;
    dg_gdal_errors_end(&errors);
    return errors.failed ? reason : 0;
}

GDALDatasetH dg_in_place_lay_out(GDALDatasetH dataset, const char *path) {
    const char *const driver[] = {"GTiff", NULL};
    const double bytes = bytes_of_pixels(dataset);
    int reason = close_whole(dataset);
    if (!reason)
        reason = reserve(path);
    if (!reason)
        return GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_UPDATE | GDAL_OF_VERBOSE_ERROR, driver,
                          NULL, NULL);
    CPLError(CE_Failure, CPLE_FileIO, "no room for its %.0f MB: %s", bytes / 1e6, strerror(reason));
    return NULL;
}

/* Lays files out with GDAL, and reserves their room with fallocate, which unlike posix_fallocate never
 * writes zeros where the file system cannot reserve. */

#include "describe_output.h"
#include "draft.h"
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

/* Of all blocks, as they are in the file. */
static int64_t bytes_of_blocks(GDALDatasetH dataset) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    int width, height;
    GDALGetBlockSize(band, &width, &height);
    return (int64_t)width * height * GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band)) *
           dg_ceil_divide(GDALGetRasterXSize(dataset), width) *
           dg_ceil_divide(GDALGetRasterYSize(dataset), height) * GDALGetRasterCount(dataset);
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

/* Closes the dataset, which must have no nodata value yet: GDAL then gives every block its place,
 * and writes none. Reserves the room for them and opens it again, to be written. NULL, with GDAL's
 * error, where that cannot be. */
static GDALDatasetH lay_out(GDALDatasetH dataset, const char *path) {
    const char *const driver[] = {"GTiff", NULL};
    const int64_t bytes = bytes_of_blocks(dataset);
    if (!close_whole(dataset, bytes))
        return NULL;
    const int reason = reserve(path);
    if (reason) {
        fail_for_room(bytes, reason);
        return NULL;
    }
    return GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_UPDATE | GDAL_OF_VERBOSE_ERROR, driver, NULL,
                      NULL);
}

static bool create(dg_draft *draft) {
    if (!dg_way_create_plain(draft))
        return false;
    draft->dataset = lay_out(draft->dataset, draft->temporary);
    if (draft->dataset)
        dg_describe_nodata(draft->dataset, draft->output);
    return draft->dataset != NULL;
}

const dg_way dg_way_in_place = {create, dg_way_close_plain};

#include "short_reads.h"

#include "gdal_driver.h"
#include "gdal_errors.h"
#include "memory.h"
#include "opened.h"
#include "real_path.h"

#include <cpl_vsi.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A file system of GDAL's that leads to the others, and notes where a file ends before what is asked of it. */
#define PREFIX "/vsidemgrad-reads/"

static _Thread_local bool is_short;

static int stat_file(void *user, const char *name, VSIStatBufL *found, int flags) {
    (void)user;
    return VSIStatExL(name, found, flags);
}

static char **list_folder(void *user, const char *name, int most) {
    (void)user;
    return VSIReadDirEx(name, most);
}

static void *open_file(void *user, const char *name, const char *access) {
    (void)user;
    return VSIFOpenL(name, access);
}

static vsi_l_offset tell(void *file) {
    return VSIFTellL(file);
}

static int seek(void *file, vsi_l_offset offset, int whence) {
    return VSIFSeekL(file, offset, whence);
}

static size_t read_file(void *file, void *to, size_t size, size_t count) {
    const size_t found = VSIFReadL(to, size, count, file);
    is_short |= found < count;
    return found;
}

static int is_at_end(void *file) {
    return VSIFEofL(file);
}

static int close_file(void *file) {
    return VSIFCloseL(file);
}

static void install(void) {
    static const VSIFilesystemPluginCallbacksStruct CALLBACKS = {.stat = stat_file,
                                                                 .read_dir = list_folder,
                                                                 .open = open_file,
                                                                 .tell = tell,
                                                                 .seek = seek,
                                                                 .read = read_file,
                                                                 .eof = is_at_end,
                                                                 .close = close_file};
    VSIInstallPluginHandler(PREFIX, &CALLBACKS);
}

/* The name with the file in it that GDAL is to read by way of that file system; its folder has a name there, too.
 * NULL: no memory. */
static char *name_watched(const char *name) {
    const size_t begin = strncmp(name, "/vsi", 4) == 0 ? 0 : dg_find_named_file(name).begin;
    const char *file = name + begin;
    return dg_format(NULL, "%.*s" PREFIX "%s%s", (int)begin, name, *file == '/' ? "" : "./", file);
}

static void read_row(GDALRasterBandH band, int row, double *values) {
    const int width = GDALGetRasterBandXSize(band);
    const CPLErr result =
        GDALRasterIO(band, GF_Read, 0, row, width, 1, values, width, 1, GDT_Float64, 0, 0);
    (void)result; /* it comes again */
}

/* GDAL reads the headers in pieces that may be larger than they. */
static bool falls_short(GDALDatasetH dataset, double *values) {
    is_short = false;
    for (int i = 1; i <= GDALGetRasterCount(dataset); i++) {
        read_row(GDALGetRasterBand(dataset, i), 0, values);
        read_row(GDALGetRasterBand(dataset, i), GDALGetRasterYSize(dataset) - 1, values);
    }
    return is_short;
}

static bool open_and_read(const char *name, const char *driver, double *values) {
    const char *const drivers[] = {driver, NULL};
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    GDALDatasetH watched = GDALOpenEx(name, GDAL_OF_RASTER, drivers, NULL, NULL);
    if (!watched)
        watched = dg_open_listed(name, GDAL_OF_RASTER, drivers, NULL);
    const bool is = watched && falls_short(watched, values);
    if (watched)
        GDALClose(watched);
    dg_gdal_errors_end(&ignored);
    return is;
}

demgrad_status dg_reads_fall_short(GDALDatasetH dataset, bool *fall_short, demgrad_error *error) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    char *name = name_watched(GDALGetDescription(dataset));
    double *values = calloc((size_t)GDALGetRasterXSize(dataset), sizeof *values);
    const bool has_memory = name && values;
    *fall_short = has_memory && open_and_read(name, dg_driver_name(dataset), values);
    free(values);
    free(name);
    return has_memory ? DEMGRAD_OK : dg_fail_memory(error, "a look at an input");
}

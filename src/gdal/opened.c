#include "opened.h"

#include "path.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>
#include <sys/stat.h>

void dg_opened_begin(dg_opened *opened, const char *path) {
    opened->dataset = NULL;
    dg_quiet_want(path);
    dg_gdal_errors_begin(&opened->errors);
    opened->name = dg_short_paths_open(&opened->held, path);
}

static bool is_special(const char *name) {
    VSIStatBufL found;
    return VSIStatL(name, &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

void dg_opened_as(dg_opened *opened, const char *path, unsigned flags) {
    dg_opened_begin(opened, path);
    if (!is_special(opened->name))
        opened->dataset = GDALOpenEx(opened->name, flags, NULL, NULL, NULL);
}

void dg_opened_raster(dg_opened *opened, const char *path) {
    dg_opened_as(opened, path, GDAL_OF_RASTER);
}

void dg_opened_end(dg_opened *opened) {
    if (opened->dataset)
        GDALClose(opened->dataset);
    opened->dataset = NULL;
    dg_short_paths_close(&opened->held);
    dg_gdal_errors_end(&opened->errors);
}

/* EMPTY_DIR is more: then it is not to look for side files at all. */
static bool is_kept_from_names(void) {
    const char *kept = CPLGetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "NO");
    return !EQUAL(kept, "EMPTY_DIR") && CPLTestBool(kept);
}

GDALDatasetH dg_open_listed(const char *name, unsigned flags, const char *const *drivers,
                            const char *const *open_options) {
    VSIStatBufL found;
    if (!is_kept_from_names() || VSIStatL(name, &found) != 0)
        return NULL;
    char *folder = dg_path_folder(name);
    char **files = folder ? VSIReadDir(folder) : NULL;
    GDALDatasetH dataset =
        GDALOpenEx(name, flags, drivers, open_options, (const char *const *)files);
    CSLDestroy(files);
    free(folder);
    return dataset;
}

#include "reopen.h"

#include "folder_names.h"
#include "path.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <stdio.h>
#include <stdlib.h>

/* GDAL asks for `files` by their names where it is not told which are there. */
static GDALDatasetH open_raster(const char *name, const dg_list *files) {
    return GDALOpenEx(name, GDAL_OF_RASTER, NULL, NULL,
                      files && !files->is_short ? (const char *const *)files->items : NULL);
}

/* The list has a name and a description of each. */
static void open_parts(dg_reopened *opened, const dg_grid *grid) {
    char **names = GDALGetMetadata(opened->dataset, "SUBDATASETS");
    const int count = CSLCount(names) / 2;
    opened->parts = calloc((size_t)count + 1, sizeof *opened->parts);
    if (!opened->parts)
        CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for the parts of a file");
    for (int i = 0; i < count && opened->parts; i++) {
        char key[32];
        snprintf(key, sizeof key, "SUBDATASET_%d_NAME", i + 1);
        const char *name = CSLFetchNameValue(names, key);
        GDALDatasetH part = name ? open_raster(name, NULL) : NULL;
        if (part && GDALGetRasterCount(part) == 1 && GDALGetRasterXSize(part) == grid->width &&
            GDALGetRasterYSize(part) == grid->height)
            opened->parts[opened->band_count++] = part;
        else if (part)
            GDALClose(part);
    }
}

dg_reopened dg_reopen(const char *path, const dg_grid *grid) {
    dg_reopened opened = {0};
    char *folder = dg_path_folder(path);
    if (folder)
        opened.files = dg_folder_names(folder);
    opened.files.is_short |= !folder;
    free(folder);
    opened.dataset = open_raster(path, &opened.files);
    if (!opened.dataset)
        return opened;
    opened.band_count = GDALGetRasterCount(opened.dataset);
    if (opened.band_count == 0)
        open_parts(&opened, grid);
    return opened;
}

void dg_reopened_close(dg_reopened *opened) {
    for (int i = 0; opened->parts && i < opened->band_count; i++)
        GDALClose(opened->parts[i]);
    free(opened->parts);
    if (opened->dataset)
        GDALClose(opened->dataset);
    dg_list_free(&opened->files);
}

GDALDatasetH dg_reopened_dataset(const dg_reopened *opened, int band) {
    return opened->parts ? opened->parts[band] : opened->dataset;
}

GDALRasterBandH dg_reopened_band(const dg_reopened *opened, int band) {
    return GDALGetRasterBand(dg_reopened_dataset(opened, band), opened->parts ? 1 : band + 1);
}

#include "expand.h"

#include "gdal_errors.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <string.h>

static bool is_folder(const char *path) {
    VSIStatBufL stat;
    return VSIStatExL(path, &stat, VSI_STAT_NATURE_FLAG) == 0 && VSI_ISDIR(stat.st_mode);
}

static bool is_raster(const char *path) {
    return GDALIdentifyDriverEx(path, GDAL_OF_RASTER, NULL, NULL) != NULL;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* GDAL's virtual rasters and side files stand for other files, which are there themselves. */
static bool is_secondary(const char *name) {
    static const char *const endings[] = {".vrt", ".ovr", ".msk", ".aux.xml", ".xml", ".json"};
    if (name[0] == '.')
        return true;
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t n = strlen(endings[i]);
        if (length >= n && EQUAL(name + length - n, endings[i]))
            return true;
    }
    return false;
}

static demgrad_status expand_folder(const char *folder, bool (*skip)(const char *, void *),
                                    void *user, char ***paths, demgrad_error *error) {
    char **names = VSIReadDir(folder);
    const int count = CSLCount(names);
    if (names)
        qsort(names, (size_t)count, sizeof *names, compare_names);
    int found = 0;
    for (int i = 0; i < count; i++) {
        char *path = CPLStrdup(CPLFormFilename(folder, names[i], NULL));
        if (!is_secondary(names[i]) && !is_folder(path) && is_raster(path)) {
            found++;
            if (!skip || !skip(path, user))
                *paths = CSLAddString(*paths, path);
        }
        CPLFree(path);
    }
    CSLDestroy(names);
    return found > 0
               ? DEMGRAD_OK
               : dg_fail(error, DEMGRAD_READ_FAILED, "%s: no raster is in this folder", folder);
}

static demgrad_status expand_list(const char *path, char ***paths, demgrad_error *error) {
    VSILFILE *file = VSIFOpenL(path, "r");
    if (!file)
        return dg_fail(error, DEMGRAD_READ_FAILED, "%s: the list of inputs cannot be opened", path);
    for (const char *line; (line = CPLReadLine2L(file, 65536, NULL));) {
        if (*line)
            *paths = CSLAddString(*paths, line);
    }
    CPLReadLineL(NULL);
    VSIFCloseL(file);
    return DEMGRAD_OK;
}

/* gdaltindex writes paths as they were given to it: relative ones may count from the working folder
 * or from the index's own. */
static char *resolve(const char *location, const char *index) {
    VSIStatBufL stat;
    if (!CPLIsFilenameRelative(location) || strncmp(location, "/vsi", 4) == 0 ||
        VSIStatExL(location, &stat, VSI_STAT_EXISTS_FLAG) == 0)
        return CPLStrdup(location);
    return CPLStrdup(CPLFormFilename(CPLGetPath(index), location, NULL));
}

/* Adds the index's entries; false where `path` is no tile index. */
static bool expand_index(const char *path, char ***paths) {
    if (!GDALIdentifyDriverEx(path, GDAL_OF_VECTOR, NULL, NULL))
        return false;
    GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
    OGRLayerH layer = dataset ? GDALDatasetGetLayer(dataset, 0) : NULL;
    const int field = layer ? OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(layer), "location") : -1;
    for (OGRFeatureH f; field >= 0 && (f = OGR_L_GetNextFeature(layer));) {
        char *tile = resolve(OGR_F_GetFieldAsString(f, field), path);
        *paths = CSLAddString(*paths, tile);
        CPLFree(tile);
        OGR_F_Destroy(f);
    }
    if (dataset)
        GDALClose(dataset);
    return field >= 0;
}

demgrad_status dg_expand(const char *name, bool (*skip)(const char *path, void *user), void *user,
                         char ***paths, demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    demgrad_status status = DEMGRAD_OK;
    if (name[0] == '@')
        status = expand_list(name + 1, paths, error);
    else if (is_folder(name) && !is_raster(name))
        status = expand_folder(name, skip, user, paths, error);
    else if (!expand_index(name, paths))
        *paths = CSLAddString(*paths, name);
    dg_gdal_errors_end(&errors);
    return status;
}

/* The end of the block at the end of a band; 0 where the format does not tell. */
static double last_block_end(GDALRasterBandH band) {
    int width, height;
    GDALGetBlockSize(band, &width, &height);
    const int col = (GDALGetRasterBandXSize(band) - 1) / width;
    const int row = (GDALGetRasterBandYSize(band) - 1) / height;
    const char *offset =
        GDALGetMetadataItem(band, CPLSPrintf("BLOCK_OFFSET_%d_%d", col, row), "TIFF");
    const double first = offset ? CPLAtof(offset) : 0;
    const char *size = GDALGetMetadataItem(band, CPLSPrintf("BLOCK_SIZE_%d_%d", col, row), "TIFF");
    return first + (size ? CPLAtof(size) : 0);
}

static bool has_all_blocks(GDALDatasetH dataset, vsi_l_offset size) {
    for (int i = 1; i <= GDALGetRasterCount(dataset); i++) {
        if (last_block_end(GDALGetRasterBand(dataset, i)) > (double)size)
            return false;
    }
    return true;
}

char *dg_raster_item(const char *path, const char *key, bool *is_whole) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    VSIStatBufL stat;
    char *item = NULL;
    GDALDatasetH dataset =
        VSIStatL(path, &stat) == 0 ? GDALOpenEx(path, GDAL_OF_RASTER, NULL, NULL, NULL) : NULL;
    const char *value = dataset ? GDALGetMetadataItem(dataset, key, NULL) : NULL;
    if (value)
        item = CPLStrdup(value);
    if (is_whole)
        *is_whole = dataset && has_all_blocks(dataset, (vsi_l_offset)stat.st_size);
    if (dataset)
        GDALClose(dataset);
    dg_gdal_errors_end(&errors);
    return item;
}

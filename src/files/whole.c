/* What is found under an output's name: whose it is, and whether it is whole. */
#include "output_file.h"

#include "extents.h"
#include "marks.h"
#include "memory.h"
#include "opened.h"
#include "raster_place.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <stdlib.h>
#include <string.h>

/* Larger blocks are not read just to see whether they can be. */
enum { LARGEST_READ = 1 << 26 };

static bool reads_block(GDALRasterBandH band, int col, int row, void *pixels) {
    return GDALReadBlock(band, col, row, pixels) == CE_None;
}

/* Whether the band's first and last block can be decoded. */
static char *find_unread(GDALRasterBandH band) {
    int width, height;
    GDALGetBlockSize(band, &width, &height);
    const int size = GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band));
    if ((int64_t)width * height * size > LARGEST_READ)
        return NULL;
    void *pixels = calloc((size_t)width * (size_t)height, (size_t)size);
    if (!pixels)
        return dg_fault_memory();
    const bool reads = reads_block(band, 0, 0, pixels) &&
                       reads_block(band, (GDALGetRasterBandXSize(band) - 1) / width,
                                   (GDALGetRasterBandYSize(band) - 1) / height, pixels);
    free(pixels);
    return reads ? NULL : dg_fault("a block cannot be read");
}

/* As a band of floats holds it too. */
static bool has_nodata(GDALRasterBandH band, double wanted) {
    int has = FALSE;
    const double nodata = GDALGetRasterNoDataValue(band, &has);
    return has &&
           (nodata == wanted || (float)nodata == (float)wanted || (isnan(nodata) && isnan(wanted)));
}

static bool has_scale(GDALRasterBandH band) {
    return GDALGetRasterScale(band, NULL) != 1 || GDALGetRasterOffset(band, NULL) != 0;
}

static char *find_change(GDALDatasetH dataset, const dg_output_wanted *wanted) {
    if (GDALGetRasterCount(dataset) != wanted->band_count)
        return dg_fault("%d bands became %d", wanted->band_count, GDALGetRasterCount(dataset));
    /* Other formats may keep none, or one of their own. */
    const bool keeps_nodata = dg_extents_are_known(dataset);
    for (int i = 1; i <= wanted->band_count && keeps_nodata; i++) {
        if (!has_nodata(GDALGetRasterBand(dataset, i), wanted->nodata))
            return dg_fault("the nodata value is another");
        if (has_scale(GDALGetRasterBand(dataset, i)))
            return dg_fault("its values are scaled");
    }
    return dg_place_fault(dataset, wanted->grid);
}

static char *find_fault(GDALDatasetH dataset, vsi_l_offset file_size,
                        const dg_output_wanted *wanted) {
    const bool may_be_sparse = CPLFetchBool((char **)wanted->creation_options, "SPARSE_OK", false);
    char *fault = find_change(dataset, wanted);
    if (!fault && dg_extents_are_known(dataset))
        fault = dg_extents_fault(dataset, file_size, may_be_sparse);
    for (int i = 1; i <= GDALGetRasterCount(dataset) && !fault; i++)
        fault = find_unread(GDALGetRasterBand(dataset, i));
    return fault;
}

static char *copy_item(GDALDatasetH dataset, const char *key) {
    const char *item = dataset ? GDALGetMetadataItem(dataset, key, NULL) : NULL;
    return strdup(item ? item : "");
}

static char *copy_crs(GDALDatasetH dataset) {
    static const char *const options[] = {"FORMAT=WKT2_2018", NULL};
    OGRSpatialReferenceH crs = dataset ? GDALGetSpatialRef(dataset) : NULL;
    char *text = NULL;
    if (crs && OSRExportToWktEx(crs, &text, options) == OGRERR_NONE)
        return text;
    CPLFree(text);
    return VSIStrdup("");
}

/* Opens the output and takes its items; to be ended with dg_opened_end. */
static void open_output(const char *path, dg_opened *opened, VSIStatBufL *stat,
                        dg_output_found *found) {
    if (VSIStatL(path, stat) == 0)
        dg_opened_raster(opened, path);
    else
        dg_opened_begin(opened, path);
    *found = (dg_output_found){copy_item(opened->dataset, DG_FINGERPRINT_KEY),
                               copy_item(opened->dataset, DG_ORIGIN_KEY), false, NULL};
}

static demgrad_status check(const dg_output_found *found, const char *path, demgrad_error *error) {
    return found->fingerprint && found->origin ? DEMGRAD_OK : dg_fail_memory(error, path);
}

demgrad_status dg_output_look(const char *path, dg_output_found *found, demgrad_error *error) {
    VSIStatBufL stat;
    dg_opened opened;
    open_output(path, &opened, &stat, found);
    dg_opened_end(&opened);
    return check(found, path, error);
}

demgrad_status dg_output_examine(const char *path, const dg_output_wanted *wanted,
                                 dg_output_found *found, demgrad_error *error) {
    VSIStatBufL stat;
    dg_opened opened;
    open_output(path, &opened, &stat, found);
    char *fault = NULL;
    if (opened.dataset)
        fault = find_fault(opened.dataset, (vsi_l_offset)stat.st_size, wanted);
    found->is_whole = opened.dataset && !fault;
    found->crs = copy_crs(opened.dataset);
    dg_opened_end(&opened);
    const demgrad_status status = dg_fault_status(fault, DEMGRAD_OK);
    dg_fault_free(fault);
    return status || !found->crs ? dg_fail_memory(error, path) : check(found, path, error);
}

void dg_output_found_free(dg_output_found *found) {
    free(found->fingerprint);
    free(found->origin);
    CPLFree(found->crs);
    *found = (dg_output_found){0};
}

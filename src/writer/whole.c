/* What is found under an output's name: whose it is, and whether it is whole. */
#include "writer.h"

#include "extents.h"
#include "gdal_errors.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>

/* Larger blocks are not read just to see whether they can be. */
enum { LARGEST_READ = 1 << 26 };

static bool reads_block(GDALRasterBandH band, int col, int row, void *pixels) {
    return GDALReadBlock(band, col, row, pixels) == CE_None;
}

/* Whether the band's first and last block can be decoded. */
static bool reads_ends(GDALRasterBandH band) {
    int width, height;
    GDALGetBlockSize(band, &width, &height);
    const int size = GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band));
    if ((int64_t)width * height * size > LARGEST_READ)
        return true;
    void *pixels = VSIMalloc3((size_t)width, (size_t)height, (size_t)size);
    const bool reads = pixels && reads_block(band, 0, 0, pixels) &&
                       reads_block(band, (GDALGetRasterBandXSize(band) - 1) / width,
                                   (GDALGetRasterBandYSize(band) - 1) / height, pixels);
    VSIFree(pixels);
    return reads;
}

static bool has_all_blocks(GDALDatasetH dataset, vsi_l_offset file_size, bool may_be_sparse) {
    char *fault =
        dg_extents_are_known(dataset) ? dg_extents_fault(dataset, file_size, may_be_sparse) : NULL;
    bool has_all = !fault;
    CPLFree(fault);
    for (int i = 1; i <= GDALGetRasterCount(dataset) && has_all; i++)
        has_all = reads_ends(GDALGetRasterBand(dataset, i));
    return has_all;
}

char *dg_output_item(const char *path, const char *key, const char *const *creation_options,
                     bool *is_whole) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    VSIStatBufL stat;
    char *item = NULL;
    GDALDatasetH dataset =
        VSIStatL(path, &stat) == 0 ? GDALOpenEx(path, GDAL_OF_RASTER, NULL, NULL, NULL) : NULL;
    const char *value = dataset ? GDALGetMetadataItem(dataset, key, NULL) : NULL;
    if (value)
        item = CPLStrdup(value);
    if (is_whole) {
        const bool may_be_sparse = CPLFetchBool((char **)creation_options, "SPARSE_OK", false);
        *is_whole = dataset && has_all_blocks(dataset, (vsi_l_offset)stat.st_size, may_be_sparse);
    }
    if (dataset)
        GDALClose(dataset);
    dg_gdal_errors_end(&errors);
    return item;
}

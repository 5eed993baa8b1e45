/* A write that failed without GDAL's saying so leaves a block without a place or a length, or beyond
 * the end of the file; or, where GDAL went on appending, two blocks in one place. */

#include "extents.h"

#include "gdal_driver.h"
#include "integers.h"
#include "memory.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct extent {
    vsi_l_offset begin, end;
} extent;

/* So many are compared with each other at a time: those written soon after one another. */
enum { COMPARED = 1 << 16 };

typedef struct survey {
    vsi_l_offset file_size;
    bool may_be_sparse;
    extent *extents;
    int count;
} survey;

bool dg_extents_are_known(GDALDatasetH dataset) {
    return dg_has_driver(dataset, "GTiff");
}

static vsi_l_offset block_item(GDALRasterBandH band, const char *item, int col, int row) {
    char key[64];
    snprintf(key, sizeof key, "BLOCK_%s_%d_%d", item, col, row);
    const char *text = GDALGetMetadataItem(band, key, "TIFF");
    return text ? CPLScanUIntBig(text, (int)strlen(text)) : 0;
}

static int compare_places(const void *a, const void *b) {
    const extent *p = a, *q = b;
    return p->begin < q->begin ? -1 : p->begin > q->begin;
}

static char *compare_collected(survey *s) {
    qsort(s->extents, (size_t)s->count, sizeof *s->extents, compare_places);
    for (int i = 1; i < s->count; i++) {
        if (s->extents[i].begin < s->extents[i - 1].end)
            return dg_fault("two of its blocks are in one place");
    }
    s->count = 0;
    return NULL;
}

static char *take_block(survey *s, GDALRasterBandH band, int col, int row) {
    const vsi_l_offset begin = block_item(band, "OFFSET", col, row);
    const vsi_l_offset bytes = block_item(band, "SIZE", col, row);
    if ((begin == 0 || bytes == 0) && !s->may_be_sparse)
        return dg_fault("its block (%d, %d) has no data", col, row);
    if (begin == 0 || bytes == 0)
        return NULL;
    if (begin > s->file_size || bytes > s->file_size - begin)
        return dg_fault("its block (%d, %d) ends beyond the file", col, row);
    s->extents[s->count++] = (extent){begin, begin + bytes};
    return s->count == COMPARED ? compare_collected(s) : NULL;
}

/* Overviews in a file of their own have its name. */
static bool is_inside(GDALDatasetH dataset, GDALRasterBandH overview) {
    GDALDatasetH own = overview ? GDALGetBandDataset(overview) : NULL;
    const char *name = own ? GDALGetDescription(own) : "";
    return overview && (!*name || strcmp(name, GDALGetDescription(dataset)) == 0);
}

/* A band, or its overview of some level; NULL where the file holds none. */
static GDALRasterBandH band_of_level(GDALDatasetH dataset, int band, int level) {
    GDALRasterBandH whole = GDALGetRasterBand(dataset, band);
    if (level == 0)
        return whole;
    GDALRasterBandH overview =
        level <= GDALGetOverviewCount(whole) ? GDALGetOverview(whole, level - 1) : NULL;
    return is_inside(dataset, overview) ? overview : NULL;
}

/* Blocks in the order in which the writer has them written, more or less. */
static char *survey_level(survey *s, GDALDatasetH dataset, int band_count, int level) {
    GDALRasterBandH first = band_of_level(dataset, 1, level);
    int width, height;
    GDALGetBlockSize(first, &width, &height);
    const int64_t across = dg_ceil_divide(GDALGetRasterBandXSize(first), width);
    const int64_t all = across * dg_ceil_divide(GDALGetRasterBandYSize(first), height);
    char *fault = NULL;
    for (int64_t i = 0; i < all * band_count && !fault; i++) {
        const int64_t block = i / band_count;
        GDALRasterBandH band = band_of_level(dataset, (int)(i % band_count) + 1, level);
        if (band)
            fault = take_block(s, band, (int)(block % across), (int)(block / across));
    }
    return fault;
}

char *dg_extents_fault(GDALDatasetH dataset, vsi_l_offset file_size, bool may_be_sparse) {
    const char *interleave = GDALGetMetadataItem(dataset, "INTERLEAVE", "IMAGE_STRUCTURE");
    const bool is_by_pixel = interleave && EQUAL(interleave, "PIXEL");
    const int band_count = is_by_pixel ? 1 : GDALGetRasterCount(dataset);
    survey s = {file_size, may_be_sparse, malloc(COMPARED * sizeof *s.extents), 0};
    if (!s.extents)
        return dg_fault_memory();
    char *fault = NULL;
    for (int level = 0; band_of_level(dataset, 1, level) && !fault; level++)
        fault = survey_level(&s, dataset, band_count, level);
    if (!fault)
        fault = compare_collected(&s);
    free(s.extents);
    return fault;
}

#include "read_back.h"

#include "integers.h"
#include "memory.h"
#include "slack.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct reading {
    GDALRasterBandH band;
    int width, height, block_width, block_height;
    double nodata; /* that the band tells; NaN where it tells none */
    double *pixels;
    dg_statistics found;
} reading;

/* Pixels of a block that are held at a time. */
enum { MOST_PIXELS = 1 << 20 };

static int rows_at_once(const reading *r) {
    return dg_min(dg_max(MOST_PIXELS / r->block_width, 1), r->block_height);
}

static bool read_window(reading *r, dg_window w) {
    if (GDALRasterIO(r->band, GF_Read, w.col, w.row, w.width, w.height, r->pixels, w.width,
                     w.height, GDT_Float64, 0, 0) != CE_None)
        return false;
    const int n = w.width * w.height;
    const double rounded = (double)(float)r->nodata;
    for (int i = 0; i < n; i++)
        r->pixels[i] = r->pixels[i] == rounded ? (double)NAN : r->pixels[i];
    const dg_stored stored = {DG_DOUBLE, r->nodata};
    dg_statistics_add(&r->found, r->pixels, n, DG_DOUBLE, &stored);
    return true;
}

static bool read_block(reading *r, int col, int first_row) {
    const int width = dg_min(r->block_width, r->width - col);
    const int end = dg_min(first_row + r->block_height, r->height), step = rows_at_once(r);
    bool is_read = true;
    for (int row = first_row; row < end && is_read; row += step)
        is_read = read_window(r, (dg_window){col, row, width, dg_min(step, end - row)});
    return is_read;
}

/* NaN where the band tells none. One that is beyond its type, as where a format keeps the least float to eight
 * digits, is none to GDAL either: it masks no pixel. */
static double nodata_of(GDALRasterBandH band) {
    int has_nodata = FALSE;
    const double nodata = GDALGetRasterNoDataValue(band, &has_nodata);
    const bool is_beyond = GDALGetRasterDataType(band) == GDT_Float32 && isfinite(nodata) &&
                           fabs(nodata) > (double)FLT_MAX;
    return has_nodata && !is_beyond ? nodata : (double)NAN;
}

static reading start(GDALRasterBandH band) {
    reading r = {.band = band,
                 .width = GDALGetRasterBandXSize(band),
                 .height = GDALGetRasterBandYSize(band)};
    dg_statistics_clear(&r.found);
    r.nodata = nodata_of(band);
    GDALGetBlockSize(band, &r.block_width, &r.block_height);
    r.pixels = calloc((size_t)r.block_width * (size_t)rows_at_once(&r), sizeof *r.pixels);
    return r;
}

static bool is_kept(const dg_statistics *written, const dg_statistics *found) {
    const double slack = DG_SLACK * fmax(fabs(written->min), fabs(written->max));
    if (written->valid != found->valid)
        return false;
    return written->valid == 0 ||
           (fabs(found->min - written->min) <= slack && fabs(found->max - written->max) <= slack);
}

static const char *name(const dg_statistics *s, char text[96]) {
    if (s->valid == 0)
        return "no value";
    snprintf(text, 96, "%.0f values from %g to %g", (double)s->valid, s->min, s->max);
    return text;
}

char *dg_read_back(GDALRasterBandH band, int number, const dg_statistics *written,
                   dg_writer_continue go_on, void *user) {
    reading r = start(band);
    if (!r.pixels)
        return dg_fault_memory();
    bool is_read = true, is_wanted = true;
    for (int row = 0; row < r.height && is_read && is_wanted; row += r.block_height) {
        for (int col = 0; col < r.width && is_read && is_wanted; col += r.block_width) {
            is_wanted = !go_on || go_on(user);
            is_read = read_block(&r, col, row);
        }
    }
    free(r.pixels);
    if (!is_read)
        return dg_fault("band %d cannot be read back", number);
    if (!is_wanted || is_kept(written, &r.found))
        return NULL;
    char was[96], is[96];
    return dg_fault("in band %d, %s became %s", number, name(written, was), name(&r.found, is));
}

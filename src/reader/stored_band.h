/* A band of an open raster, and what its stored values mean; private to the reader. */
#ifndef DG_STORED_BAND_H
#define DG_STORED_BAND_H

#include "gdal_errors.h"
#include "nodata.h"
#include "reader.h"

#include <gdal.h>

typedef struct dg_stored_band {
    const char *name; /* for messages */
    const dg_messages *messages;
    GDALDatasetH dataset;
    GDALRasterBandH band;
    int code; /* number of the band that is red, where red, green and blue code the elevations; else 0 */
    GDALDataType type;
    bool is_signed_byte;
    dg_nodata nodata;
    int width, height, block_width, block_height;
} dg_stored_band;

dg_stored_band dg_stored_band_of(GDALDatasetH dataset, const dg_source_options *options,
                                 const char *name, const dg_source_info *info);

/* Watches over a call of GDAL's, up to dg_gdal_errors_end. What GDAL warns of meanwhile is told at the end
 * of all. */
void dg_stored_band_watch(const dg_stored_band *band, dg_gdal_errors *errors);

/* Fails because the window could not be read. */
demgrad_status dg_stored_band_fail(const dg_stored_band *band, dg_window window,
                                   const dg_gdal_errors *errors, demgrad_error *error);

/* Gives values their meaning: what is no data becomes NaN. */
void dg_stored_band_interpret(const dg_stored_band *band, const dg_block *z);

/* Puts values of the band's type, whose rows are `stride` values apart, into `out`, with their meaning. */
void dg_stored_band_take(const dg_stored_band *band, const void *values, ptrdiff_t stride,
                         const dg_block *out);

#endif

#include "stored_band.h"

#include "decode.h"
#include "gdal_type.h"
#include "integers.h"
#include "valid.h"

#include <string.h>

static void add_nodata(dg_stored_band *b, const dg_source_options *options,
                       const dg_source_info *info) {
    for (size_t i = 0; i < info->nodata_count; i++) {
        if (!options->decode)
            dg_nodata_add(&b->nodata, b->band, info->nodata[i]);
        else if (options->nodata)
            dg_decode_add_nodata(&b->nodata, options->decode, info->nodata[i]);
        else
            dg_nodata_add_stored(&b->nodata, info->nodata[i]);
    }
    dg_nodata_add_beyond(&b->nodata, b->band, info->valid_min, info->valid_max);
}

dg_stored_band dg_stored_band_of(GDALDatasetH dataset, const dg_source_options *options,
                                 const char *name, const dg_source_info *info) {
    dg_stored_band b = {.name = name, .messages = options->messages, .dataset = dataset};
    b.band = GDALGetRasterBand(dataset, options->band);
    b.code = options->decode ? options->band : 0;
    b.type = GDALGetRasterDataType(b.band);
    b.is_signed_byte = dg_is_signed_byte(b.band);
    b.width = GDALGetRasterXSize(dataset);
    b.height = GDALGetRasterYSize(dataset);
    GDALGetBlockSize(b.band, &b.block_width, &b.block_height);
    add_nodata(&b, options, info);
    return b;
}

static void hear(const char *text, bool is_error, void *user) {
    const dg_stored_band *band = user;
    if (!is_error)
        dg_warn_counted(band->messages, band->name, text);
}

void dg_stored_band_watch(const dg_stored_band *band, dg_gdal_errors *errors) {
    dg_gdal_errors_watch(errors, hear, (void *)band);
}

demgrad_status dg_stored_band_fail(const dg_stored_band *band, dg_window w,
                                   const dg_gdal_errors *errors, demgrad_error *error) {
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: cannot be read at rows %d to %d; the file may be damaged or cut short: %s",
                   band->name, w.row, w.row + w.height - 1,
                   dg_gdal_errors_text(errors, "no reason given"));
}

void dg_stored_band_interpret(const dg_stored_band *band, const dg_block *z) {
    if (band->is_signed_byte)
        dg_make_signed(z);
    if (band->nodata.count > 0)
        dg_drop_nodata(&band->nodata, z);
    const bool is_long = band->type == GDT_Int64 || band->type == GDT_UInt64;
    if (is_long && dg_reaches(z, 0x1p53))
        dg_warn_counted(band->messages, band->name,
                        "whole numbers of 2^53 and more lose their last digits");
}

/* Most elevations are stored as Int16, which GDALCopyWords converts one by one, or as what they are wanted as. */
static void copy_pixels(const void *from, GDALDataType from_type, void *to, GDALDataType type,
                        int n) {
    if (from_type == type) {
        memcpy(to, from, (size_t)n * (size_t)GDALGetDataTypeSizeBytes(type));
        return;
    }
    if (from_type == GDT_Int16 && type == GDT_Float32) {
        for (int i = 0; i < n; i++)
            ((float *)to)[i] = ((const int16_t *)from)[i];
        return;
    }
    GDALCopyWords(from, from_type, GDALGetDataTypeSizeBytes(from_type), to, type,
                  GDALGetDataTypeSizeBytes(type), n);
}

static void take_rows(const dg_stored_band *band, const char *values, ptrdiff_t row_bytes,
                      const dg_block *out) {
    for (int i = 0; i < out->window.height; i++)
        copy_pixels(values + i * row_bytes, band->type, dg_block_row(out, 0, i),
                    dg_gdal_type(out->type), out->window.width);
    dg_stored_band_interpret(band, out);
}

/* A few rows at a time, which stay in the processor's cache from one step to the next. */
void dg_stored_band_take(const dg_stored_band *band, const void *values, ptrdiff_t stride,
                         const dg_block *out) {
    enum { AT_ONCE = 4096 };
    const ptrdiff_t row_bytes = stride * GDALGetDataTypeSizeBytes(band->type);
    const dg_window w = out->window;
    const int most = dg_max(AT_ONCE / dg_max(w.width, 1), 1);
    for (int done = 0; done < w.height; done += most) {
        const dg_window few = {w.col, w.row + done, w.width, dg_min(most, w.height - done)};
        const dg_block rows = dg_block_part(out, few);
        take_rows(band, (const char *)values + done * row_bytes, row_bytes, &rows);
    }
}

#include "gdal_errors.h"
#include "source.h"

#include <cpl_conv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct dg_reader {
    dg_source *source;
    GDALDatasetH dataset;
    GDALRasterBandH band;
    GDALRasterBandH mask; /* NULL: none beside the nodata value */
    unsigned char *mask_buffer;
    size_t mask_size;
};

static GDALRasterBandH find_mask_band(const dg_reader *reader) {
    if (reader->source->info.mask == DG_MASK_NONE)
        return NULL;
    const int flags = GDALGetMaskFlags(reader->band);
    if (flags != GMF_ALL_VALID && flags != GMF_NODATA)
        return GDALGetMaskBand(reader->band);
    for (int i = 1; i <= GDALGetRasterCount(reader->dataset); i++) {
        GDALRasterBandH band = GDALGetRasterBand(reader->dataset, i);
        if (GDALGetRasterColorInterpretation(band) == GCI_AlphaBand)
            return band;
    }
    return NULL;
}

static GDALDatasetH take_spare(dg_source *source) {
    CPLAcquireMutex(source->lock, 1000);
    GDALDatasetH spare = source->spare;
    source->spare = NULL;
    CPLReleaseMutex(source->lock);
    return spare;
}

demgrad_status dg_reader_open(dg_source *source, dg_reader **reader, demgrad_error *error) {
    dg_reader *r = CPLCalloc(1, sizeof *r);
    r->source = source;
    r->dataset = take_spare(source);
    if (!r->dataset) {
        const demgrad_status status = dg_open_dataset(source->path, source->name, source->drivers,
                                                      source->open_options, &r->dataset, error);
        if (status) {
            CPLFree(r);
            return status;
        }
    }
    r->band = GDALGetRasterBand(r->dataset, source->band);
    r->mask = find_mask_band(r);
    *reader = r;
    return DEMGRAD_OK;
}

void dg_reader_close(dg_reader *reader) {
    if (!reader)
        return;
    GDALClose(reader->dataset);
    VSIFree(reader->mask_buffer);
    CPLFree(reader);
}

static demgrad_status read_band(GDALRasterBandH band, dg_window w, void *out, GDALDataType type,
                                ptrdiff_t stride, const char *name, demgrad_error *error) {
    const int size = GDALGetDataTypeSizeBytes(type);
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const CPLErr result = GDALRasterIOEx(band, GF_Read, w.col, w.row, w.width, w.height, out,
                                         w.width, w.height, type, size, stride * size, NULL);
    dg_gdal_errors_end(&errors);
    if (result == CE_None && !errors.failed)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: cannot be read at rows %d to %d; the file may be damaged or cut short: %s",
                   name, w.row, w.row + w.height - 1,
                   dg_gdal_errors_text(&errors, "no reason given"));
}

static void make_signed(dg_window w, bool as_double, void *out, ptrdiff_t stride) {
    for (int i = 0; i < w.height; i++) {
        for (int j = 0; j < w.width; j++) {
            if (as_double) {
                double *z = (double *)out + i * stride + j;
                *z -= *z > 127 ? 256 : 0;
            } else {
                float *z = (float *)out + i * stride + j;
                *z -= *z > 127 ? 256.0F : 0.0F;
            }
        }
    }
}

/* Declared values beyond any elevation come rounded to a few digits. */
static const double HUGE_NODATA = 1e30;
static const double HUGE_NODATA_SLACK = 1e-5;

static void drop_nodata_float(float *z, int n, double nodata) {
    const float value = (float)nodata;
    if (fabs(nodata) >= HUGE_NODATA) {
        const float slack = (float)(fabs(nodata) * HUGE_NODATA_SLACK);
        for (int i = 0; i < n; i++)
            z[i] = fabsf(z[i] - value) <= slack ? NAN : z[i];
        return;
    }
    for (int i = 0; i < n; i++)
        z[i] = z[i] == value ? NAN : z[i];
}

static void drop_nodata_double(double *z, int n, double nodata, bool is_float) {
    const double value = is_float ? (double)(float)nodata : nodata;
    const double slack = fabs(nodata) >= HUGE_NODATA ? fabs(nodata) * HUGE_NODATA_SLACK : 0;
    for (int i = 0; i < n; i++)
        z[i] = fabs(z[i] - value) <= slack ? (double)NAN : z[i];
}

/* NaN needs no dropping, and an infinite value is no data already. */
static void drop_nodata(const dg_source_info *info, dg_window w, bool as_double, void *out,
                        ptrdiff_t stride) {
    if (!info->has_nodata || !isfinite(info->nodata))
        return;
    const bool is_float = strcmp(info->type, "Float32") == 0;
    for (int i = 0; i < w.height; i++) {
        if (as_double)
            drop_nodata_double((double *)out + i * stride, w.width, info->nodata, is_float);
        else
            drop_nodata_float((float *)out + i * stride, w.width, info->nodata);
    }
}

static void drop_masked_row(const unsigned char *mask, int n, bool as_double, void *out) {
    for (int i = 0; i < n; i++) {
        if (mask[i])
            continue;
        if (as_double)
            ((double *)out)[i] = (double)NAN;
        else
            ((float *)out)[i] = NAN;
    }
}

static void *element(void *out, bool as_double, ptrdiff_t index) {
    return (char *)out + index * (ptrdiff_t)(as_double ? sizeof(double) : sizeof(float));
}

static demgrad_status drop_masked(dg_reader *reader, dg_window w, bool as_double, void *out,
                                  ptrdiff_t stride, demgrad_error *error) {
    if (!reader->mask)
        return DEMGRAD_OK;
    const size_t needed = (size_t)w.width * (size_t)w.height;
    if (needed > reader->mask_size) {
        VSIFree(reader->mask_buffer);
        reader->mask_buffer = VSIMalloc(needed);
        reader->mask_size = reader->mask_buffer ? needed : 0;
        if (!reader->mask_buffer)
            return dg_fail_memory(error, "the mask");
    }
    const demgrad_status status = read_band(reader->mask, w, reader->mask_buffer, GDT_Byte, w.width,
                                            reader->source->name, error);
    for (int i = 0; i < w.height && !status; i++)
        drop_masked_row(reader->mask_buffer + (size_t)i * (size_t)w.width, w.width, as_double,
                        element(out, as_double, i * stride));
    return status;
}

/* Reads a window that is wholly inside the raster. */
static demgrad_status read_inside(dg_reader *reader, dg_window w, bool as_double, void *out,
                                  ptrdiff_t stride, demgrad_error *error) {
    const demgrad_status status =
        read_band(reader->band, w, out, as_double ? GDT_Float64 : GDT_Float32, stride,
                  reader->source->name, error);
    if (status)
        return status;
    if (reader->source->info.is_signed_byte)
        make_signed(w, as_double, out, stride);
    drop_nodata(&reader->source->info, w, as_double, out, stride);
    return drop_masked(reader, w, as_double, out, stride, error);
}

static void fill_nan(dg_window w, bool as_double, void *out, ptrdiff_t stride) {
    for (int i = 0; i < w.height; i++) {
        for (int j = 0; j < w.width; j++) {
            void *z = element(out, as_double, i * stride + j);
            if (as_double)
                *(double *)z = (double)NAN;
            else
                *(float *)z = NAN;
        }
    }
}

/* The columns that are in the raster, or come into it by a turn round the globe; the rest is NaN.
 */
static demgrad_status read_columns(dg_reader *reader, dg_window w, int wrap, bool as_double,
                                   void *out, ptrdiff_t stride, demgrad_error *error) {
    const int width = reader->source->info.grid.width;
    demgrad_status status = DEMGRAD_OK;
    for (int done = 0, n; done < w.width && !status; done += n) {
        int col = w.col + done;
        const int edge = col < 0 ? 0 : col < width ? width : w.col + w.width;
        n = (edge < w.col + w.width ? edge : w.col + w.width) - col;
        if (wrap > 0 && (col < 0 || col >= width))
            col += col < 0 ? wrap : -wrap;
        const dg_window part = {col, w.row, n, w.height};
        void *to = element(out, as_double, done);
        if (col < 0 || col + n > width)
            fill_nan(part, as_double, to, stride);
        else
            status = read_inside(reader, part, as_double, to, stride, error);
    }
    return status;
}

demgrad_status dg_reader_read(dg_reader *reader, dg_window window, int wrap, bool as_double,
                              void *out, ptrdiff_t stride, demgrad_error *error) {
    const int height = reader->source->info.grid.height;
    const int first = window.row < 0 ? 0 : window.row;
    const int end = window.row + window.height > height ? height : window.row + window.height;
    dg_window above = window, below = window, inside = window;
    above.height = first - window.row;
    inside.row = first;
    inside.height = end - first;
    below.height = window.row + window.height - end;
    fill_nan(above, as_double, out, stride);
    fill_nan(below, as_double, element(out, as_double, (end - window.row) * stride), stride);
    if (inside.height <= 0)
        return DEMGRAD_OK;
    return read_columns(reader, inside, wrap, as_double,
                        element(out, as_double, (first - window.row) * stride), stride, error);
}

#include "handle.h"

#include "gdal_errors.h"
#include "integers.h"
#include "source.h"
#include "valid.h"

#include <cpl_conv.h>

/* Bytes of a block that is read past GDAL's cache. */
enum { LARGEST_BLOCK = 1 << 23 };

dg_handle *dg_handle_new(GDALDatasetH dataset, int band, const char *name,
                         const dg_source_info *info) {
    dg_handle *h = CPLCalloc(1, sizeof *h);
    h->name = name;
    h->info = info;
    h->dataset = dataset;
    h->band = GDALGetRasterBand(dataset, band);
    dg_find_mask(dataset, h->band, &h->mask);
    h->type = GDALGetRasterDataType(h->band);
    GDALGetBlockSize(h->band, &h->block_width, &h->block_height);
    if (info->has_huge_strips)
        h->strips = dg_strips_open(dataset);
    return h;
}

void dg_handle_read_by_blocks(dg_handle *h) {
    const size_t bytes = (size_t)h->block_width * (size_t)h->block_height *
                         (size_t)GDALGetDataTypeSizeBytes(h->type);
    if (dg_is_plain_gtiff(h->dataset) && h->block_width < GDALGetRasterXSize(h->dataset) &&
        bytes <= LARGEST_BLOCK)
        h->block = VSIMalloc(bytes);
}

void dg_handle_close(dg_handle *handle) {
    if (!handle)
        return;
    dg_strips_close(handle->strips);
    GDALClose(handle->dataset);
    VSIFree(handle->mask_buffer);
    VSIFree(handle->block);
    CPLFree(handle);
}

static demgrad_status fail_read(const char *name, dg_window w, const dg_gdal_errors *errors,
                                demgrad_error *error) {
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: cannot be read at rows %d to %d; the file may be damaged or cut short: %s",
                   name, w.row, w.row + w.height - 1,
                   dg_gdal_errors_text(errors, "no reason given"));
}

static demgrad_status read_band(GDALRasterBandH band, dg_window w, void *out, GDALDataType type,
                                ptrdiff_t stride, const char *name, demgrad_error *error) {
    const int size = GDALGetDataTypeSizeBytes(type);
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const CPLErr result = GDALRasterIOEx(band, GF_Read, w.col, w.row, w.width, w.height, out,
                                         w.width, w.height, type, size, stride * size, NULL);
    dg_gdal_errors_end(&errors);
    return result == CE_None && !errors.failed ? DEMGRAD_OK : fail_read(name, w, &errors, error);
}

/* Most elevations are stored as Int16, which GDALCopyWords converts one by one. */
static void copy_pixels(const void *from, GDALDataType from_type, void *to, GDALDataType type,
                        int n) {
    if (from_type == GDT_Int16 && type == GDT_Float32) {
        for (int i = 0; i < n; i++)
            ((float *)to)[i] = ((const int16_t *)from)[i];
        return;
    }
    GDALCopyWords(from, from_type, GDALGetDataTypeSizeBytes(from_type), to, type,
                  GDALGetDataTypeSizeBytes(type), n);
}

/* Reads a block of which `w` is what lies inside the raster. */
static demgrad_status read_block(dg_handle *handle, dg_window w, void *out, GDALDataType type,
                                 ptrdiff_t stride, demgrad_error *error) {
    const int from_size = GDALGetDataTypeSizeBytes(handle->type);
    const int size = GDALGetDataTypeSizeBytes(type);
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const CPLErr result = GDALReadBlock(handle->band, w.col / handle->block_width,
                                        w.row / handle->block_height, handle->block);
    dg_gdal_errors_end(&errors);
    if (result != CE_None || errors.failed)
        return fail_read(handle->name, w, &errors, error);
    for (int i = 0; i < w.height; i++)
        copy_pixels((char *)handle->block + (ptrdiff_t)i * handle->block_width * from_size,
                    handle->type, (char *)out + i * stride * size, type, w.width);
    return DEMGRAD_OK;
}

static demgrad_status read_mask(dg_handle *handle, dg_window w, demgrad_error *error) {
    const size_t needed = (size_t)w.width * (size_t)w.height;
    if (needed > handle->mask_size) {
        VSIFree(handle->mask_buffer);
        handle->mask_buffer = VSIMalloc(needed);
        handle->mask_size = handle->mask_buffer ? needed : 0;
        if (!handle->mask_buffer)
            return dg_fail_memory(error, "the mask");
    }
    return read_band(handle->mask, w, handle->mask_buffer, GDT_Byte, w.width, handle->name, error);
}

static bool is_whole_blocks(const dg_handle *h, dg_window w) {
    return dg_is_whole_blocks(w.col, w.width, h->block_width, GDALGetRasterBandXSize(h->band)) &&
           dg_is_whole_blocks(w.row, w.height, h->block_height, GDALGetRasterBandYSize(h->band));
}

static demgrad_status read_blocks(dg_handle *handle, dg_window w, bool as_double, void *out,
                                  ptrdiff_t stride, demgrad_error *error) {
    const GDALDataType type = as_double ? GDT_Float64 : GDT_Float32;
    const int across = dg_ceil_divide(w.width, handle->block_width);
    const int down = dg_ceil_divide(w.height, handle->block_height);
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; i < across * down && !status; i++) {
        const int col = i % across * handle->block_width, row = i / across * handle->block_height;
        const dg_window block = {w.col + col, w.row + row,
                                 dg_min(handle->block_width, w.width - col),
                                 dg_min(handle->block_height, w.height - row)};
        void *to = dg_element(out, as_double, row * stride + col);
        status = read_block(handle, block, to, type, stride, error);
        if (!status)
            dg_interpret(handle->info, block, as_double, to, stride);
    }
    return status;
}

static demgrad_status read_strips(dg_handle *handle, dg_window w, bool as_double, void *out,
                                  ptrdiff_t stride, demgrad_error *error) {
    const GDALDataType type = as_double ? GDT_Float64 : GDT_Float32;
    const ptrdiff_t size = GDALGetDataTypeSizeBytes(handle->type);
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const char *rows = dg_strips_rows(handle->strips, w.row, w.height);
    dg_gdal_errors_end(&errors);
    if (!rows || errors.failed)
        return fail_read(handle->name, w, &errors, error);
    const ptrdiff_t row_bytes = GDALGetRasterBandXSize(handle->band) * size;
    for (int i = 0; i < w.height; i++)
        copy_pixels(rows + i * row_bytes + w.col * size, handle->type,
                    dg_element(out, as_double, i * stride), type, w.width);
    dg_interpret(handle->info, w, as_double, out, stride);
    return DEMGRAD_OK;
}

demgrad_status dg_handle_read(dg_handle *handle, dg_window w, bool as_double, void *out,
                              ptrdiff_t stride, demgrad_error *error) {
    if (handle->block && is_whole_blocks(handle, w))
        return read_blocks(handle, w, as_double, out, stride, error);
    if (handle->strips)
        return read_strips(handle, w, as_double, out, stride, error);
    demgrad_status status = read_band(handle->band, w, out, as_double ? GDT_Float64 : GDT_Float32,
                                      stride, handle->name, error);
    if (status)
        return status;
    dg_interpret(handle->info, w, as_double, out, stride);
    if (handle->mask)
        status = read_mask(handle, w, error);
    if (handle->mask && !status)
        dg_drop_masked(handle->mask_buffer, w, as_double, out, stride);
    return status;
}

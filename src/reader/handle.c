#include "handle.h"

#include "decode.h"
#include "gdal_errors.h"
#include "gdal_type.h"
#include "integers.h"
#include "source.h"
#include "valid.h"

#include <cpl_conv.h>
#include <string.h>

/* Bytes of a block that is read past GDAL's cache. */
enum { LARGEST_BLOCK = 1 << 23 };

/* Pixels that are read at a time by way of the scratch. */
enum { SCRATCH_PIXELS = 1 << 21 };

/* Whether a VRT reads other VRTs. GDAL's derived band clears a caller's window as one run of bytes, from
 * its first row to its last; a VRT above it hands it a part of the window, and so loses what its other
 * sources laid there. */
static bool is_vrt_of_vrts(GDALDatasetH dataset) {
    if (!EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "VRT"))
        return false;
    char **xml = GDALGetMetadata(dataset, "xml:VRT");
    for (const char *at = xml ? xml[0] : NULL; at && (at = strstr(at, "<SourceFilename"));) {
        const char *end = strstr(at, "</SourceFilename>");
        for (; at && at < end; at++) {
            if (STARTS_WITH_CI(at, ".vrt") || STARTS_WITH_CI(at, "vrt:") ||
                STARTS_WITH_CI(at, "&lt;VRT"))
                return true;
        }
        at = end;
    }
    return false;
}

static void add_nodata(dg_handle *h, const dg_source_options *options, const dg_source_info *info) {
    const size_t count = options->nodata ? options->nodata_count : 0;
    for (size_t i = 0; i < count; i++) {
        if (options->decode)
            dg_decode_add_nodata(&h->nodata, options->decode, options->nodata[i]);
        else
            dg_nodata_add(&h->nodata, h->band, options->nodata[i]);
    }
    if (options->nodata || !info->has_nodata)
        return;
    if (options->decode)
        dg_nodata_add_stored(&h->nodata, info->nodata);
    else
        dg_nodata_add(&h->nodata, h->band, info->nodata);
}

dg_handle *dg_handle_new(GDALDatasetH dataset, const dg_source_options *options, const char *name,
                         const dg_source_info *info, demgrad_error *error) {
    dg_handle *h = dg_alloc(1, sizeof *h, "an input", error);
    if (!h) {
        GDALClose(dataset);
        return NULL;
    }
    h->name = name;
    h->messages = options->messages;
    h->dataset = dataset;
    h->band = GDALGetRasterBand(dataset, options->band);
    dg_find_mask(dataset, h->band, &h->mask);
    h->type = GDALGetRasterDataType(h->band);
    h->is_signed_byte = dg_is_signed_byte(h->band);
    h->code = options->decode ? options->band : 0;
    add_nodata(h, options, info);
    GDALGetBlockSize(h->band, &h->block_width, &h->block_height);
    h->keeps_gaps = EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "GTiff");
    h->by_rows = is_vrt_of_vrts(dataset);
    if (info->has_huge_strips)
        h->strips = dg_strips_open(dataset);
    return h;
}

void dg_handle_read_by_blocks(dg_handle *h) {
    const size_t bytes = (size_t)h->block_width * (size_t)h->block_height *
                         (size_t)GDALGetDataTypeSizeBytes(h->type);
    if (dg_is_plain_gtiff(h->dataset) && h->block_width < GDALGetRasterXSize(h->dataset) &&
        bytes <= LARGEST_BLOCK)
        h->block = malloc(bytes); /* or past it no block */
}

void dg_handle_close(dg_handle *handle) {
    if (!handle)
        return;
    dg_strips_close(handle->strips);
    GDALClose(handle->dataset);
    dg_scratch_free(&handle->mask_values);
    dg_scratch_free(&handle->code_bytes);
    free(handle->block);
    free(handle);
}

/* Gives stored values their meaning. */
static void interpret(const dg_handle *h, const dg_block *z) {
    if (h->is_signed_byte)
        dg_make_signed(z);
    if (h->nodata.count > 0)
        dg_drop_nodata(&h->nodata, z);
}

static void hear(const char *text, bool is_error, void *user) {
    const dg_handle *handle = user;
    if (!is_error)
        dg_warn_counted(handle->messages, handle->name, text);
}

/* What GDAL warns of meanwhile is told at the end of all. */
static void begin_reading(const dg_handle *handle, dg_gdal_errors *errors) {
    dg_gdal_errors_watch(errors, hear, (void *)handle);
}

static demgrad_status fail_read(const char *name, dg_window w, const dg_gdal_errors *errors,
                                demgrad_error *error) {
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: cannot be read at rows %d to %d; the file may be damaged or cut short: %s",
                   name, w.row, w.row + w.height - 1,
                   dg_gdal_errors_text(errors, "no reason given"));
}

static demgrad_status read_band(const dg_handle *handle, GDALRasterBandH band, const dg_block *out,
                                demgrad_error *error) {
    const dg_window w = out->window;
    const int size = (int)dg_type_size(out->type), rows = handle->by_rows ? 1 : w.height;
    CPLErr result = CE_None;
    dg_gdal_errors errors;
    begin_reading(handle, &errors);
    for (int row = 0; row < w.height && result == CE_None; row += rows)
        result = GDALRasterIOEx(band, GF_Read, w.col, w.row + row, w.width, rows,
                                dg_block_row(out, 0, row), w.width, rows, dg_gdal_type(out->type),
                                size, out->row_stride * size, NULL);
    dg_gdal_errors_end(&errors);
    return result == CE_None && !errors.failed ? DEMGRAD_OK
                                               : fail_read(handle->name, w, &errors, error);
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

/* Reads a block of the file; `out` is what of it lies inside the raster. */
static demgrad_status read_block(dg_handle *handle, const dg_block *out, demgrad_error *error) {
    const int from_size = GDALGetDataTypeSizeBytes(handle->type);
    const dg_window w = out->window;
    dg_gdal_errors errors;
    begin_reading(handle, &errors);
    const CPLErr result = GDALReadBlock(handle->band, w.col / handle->block_width,
                                        w.row / handle->block_height, handle->block);
    dg_gdal_errors_end(&errors);
    if (result != CE_None || errors.failed)
        return fail_read(handle->name, w, &errors, error);
    for (int i = 0; i < w.height; i++)
        copy_pixels((char *)handle->block + (ptrdiff_t)i * handle->block_width * from_size,
                    handle->type, dg_block_row(out, 0, i), dg_gdal_type(out->type), w.width);
    interpret(handle, out);
    return DEMGRAD_OK;
}

static bool is_whole_blocks(const dg_handle *h, dg_window w) {
    return dg_is_whole_blocks(w.col, w.width, h->block_width, GDALGetRasterBandXSize(h->band)) &&
           dg_is_whole_blocks(w.row, w.height, h->block_height, GDALGetRasterBandYSize(h->band));
}

static demgrad_status read_blocks(dg_handle *handle, const dg_block *out, demgrad_error *error) {
    const dg_window w = out->window;
    const int across = dg_ceil_divide(w.width, handle->block_width);
    const int down = dg_ceil_divide(w.height, handle->block_height);
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; i < across * down && !status; i++) {
        const int col = i % across * handle->block_width, row = i / across * handle->block_height;
        const dg_block part = dg_block_part(
            out, (dg_window){w.col + col, w.row + row, dg_min(handle->block_width, w.width - col),
                             dg_min(handle->block_height, w.height - row)});
        status = read_block(handle, &part, error);
    }
    return status;
}

static demgrad_status read_strips(dg_handle *handle, const dg_block *out, demgrad_error *error) {
    const ptrdiff_t size = GDALGetDataTypeSizeBytes(handle->type);
    const dg_window w = out->window;
    dg_gdal_errors errors;
    begin_reading(handle, &errors);
    const char *rows = dg_strips_rows(handle->strips, w.row, w.height);
    dg_gdal_errors_end(&errors);
    if (errors.no_memory)
        return dg_fail_memory(error, "rows");
    if (!rows || errors.failed)
        return fail_read(handle->name, w, &errors, error);
    const ptrdiff_t row_bytes = GDALGetRasterBandXSize(handle->band) * size;
    for (int i = 0; i < w.height; i++)
        copy_pixels(rows + i * row_bytes + w.col * size, handle->type, dg_block_row(out, 0, i),
                    dg_gdal_type(out->type), w.width);
    interpret(handle, out);
    return DEMGRAD_OK;
}

static demgrad_status drop_masked(dg_handle *handle, const dg_block *out, demgrad_error *error) {
    const dg_window w = out->window;
    demgrad_status status = dg_scratch_reserve(
        &handle->mask_values, (size_t)w.width * (size_t)w.height, "the mask", error);
    const dg_block mask = {handle->mask_values.bytes, DG_BYTE, w.width, 0, w};
    if (!status)
        status = read_band(handle, handle->mask, &mask, error);
    if (!status)
        dg_drop_masked(&mask, out);
    return status;
}

/* Reads the bands that code the elevations. */
static demgrad_status read_code(dg_handle *handle, const dg_block *out, demgrad_error *error) {
    const dg_window w = out->window;
    const size_t plane = (size_t)w.width * (size_t)w.height;
    demgrad_status status =
        dg_scratch_reserve(&handle->code_bytes, 3 * plane, "coded elevations", error);
    for (int i = 0; i < 3 && !status; i++) {
        const dg_block bytes = {(char *)handle->code_bytes.bytes + (size_t)i * plane, DG_BYTE,
                                w.width, 0, w};
        status =
            read_band(handle, GDALGetRasterBand(handle->dataset, handle->code + i), &bytes, error);
    }
    if (!status)
        dg_decode_join(handle->code_bytes.bytes, out);
    return status;
}

static demgrad_status read_window(dg_handle *handle, const dg_block *out, demgrad_error *error) {
    const demgrad_status status =
        handle->code ? read_code(handle, out, error) : read_band(handle, handle->band, out, error);
    if (status)
        return status;
    interpret(handle, out);
    return handle->mask ? drop_masked(handle, out, error) : DEMGRAD_OK;
}

/* The most pixels along an axis, up to `most`, that are whole blocks or lie in one. */
static int piece_length(int block, int most) {
    return dg_max(most < block ? most : most / block * block, 1);
}

/* From `begin` to the end of its piece, or of the window. */
static int length_from(int begin, int piece, int end) {
    return dg_min(piece - begin % piece, end - begin);
}

/* Reads a piece into memory without gaps, and lays it where it belongs. */
static demgrad_status read_piece(dg_handle *handle, const dg_block *out, void *room,
                                 demgrad_error *error) {
    const dg_window w = out->window;
    const dg_block piece = {room, out->type, w.width, 0, w};
    const demgrad_status status = read_window(handle, &piece, error);
    for (int i = 0; i < w.height && !status; i++)
        memcpy(dg_block_row(out, 0, i), dg_block_row(&piece, 0, i),
               (size_t)w.width * dg_type_size(out->type));
    return status;
}

static demgrad_status read_by_pieces(dg_handle *handle, const dg_block *out, dg_scratch *scratch,
                                     demgrad_error *error) {
    const dg_window w = out->window;
    const int piece_width =
        piece_length(handle->block_width, SCRATCH_PIXELS / dg_min(handle->block_height, w.height));
    const int width = dg_min(piece_width, w.width);
    const int piece_height = piece_length(handle->block_height, SCRATCH_PIXELS / width);
    const int height = dg_min(piece_height, w.height);
    demgrad_status status = dg_scratch_reserve(
        scratch, (size_t)width * (size_t)height * dg_type_size(out->type), "pixels", error);
    dg_window p = {w.col, w.row, 0, 0};
    for (; p.row < w.row + w.height && !status; p.row += p.height) {
        p.height = length_from(p.row, piece_height, w.row + w.height);
        for (p.col = w.col; p.col < w.col + w.width && !status; p.col += p.width) {
            p.width = length_from(p.col, piece_width, w.col + w.width);
            const dg_block part = dg_block_part(out, p);
            status = read_piece(handle, &part, scratch->bytes, error);
        }
    }
    return status;
}

demgrad_status dg_handle_read(dg_handle *handle, const dg_block *out, dg_scratch *scratch,
                              demgrad_error *error) {
    if (handle->block && is_whole_blocks(handle, out->window))
        return read_blocks(handle, out, error);
    if (handle->strips)
        return read_strips(handle, out, error);
    if (handle->keeps_gaps || out->row_stride == out->window.width)
        return read_window(handle, out, error);
    return read_by_pieces(handle, out, scratch, error);
}

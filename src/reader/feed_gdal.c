#include "decode.h"
#include "feed.h"
#include "gdal_driver.h"
#include "gdal_type.h"
#include "integers.h"
#include "mask.h"
#include "valid.h"

#include <cpl_string.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Pixels that are read at a time by way of the scratch. */
enum { SCRATCH_PIXELS = 1 << 21 };

typedef struct feed {
    const dg_stored_band *band;
    GDALRasterBandH masks[2]; /* beside the nodata value; NULL: none, or no second one */
    dg_scratch mask_values, code_bytes;
    bool keeps_gaps; /* the driver leaves alone what lies between the rows of a caller's window */
    bool by_rows;    /* does so only where the window is one row */
} feed;

/* Whether the XML of a VRT names another one by what only a VRT is called. */
static bool names_vrt(const char *xml) {
    for (const char *at = xml; at && (at = strstr(at, "<SourceFilename"));) {
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

/* Whether a VRT reads other VRTs, under any name where they are files here: asking a server for each
 * source's first bytes would cost more than it is worth. GDAL's derived band clears a caller's window as
 * one run of bytes, from its first row to its last; a VRT above it hands it a part of the window, and so
 * loses what its other sources laid there. */
static bool is_vrt_of_vrts(GDALDatasetH dataset) {
    static const char *const vrt[] = {"VRT", NULL};
    if (!dg_has_driver(dataset, "VRT"))
        return false;
    char **xml = GDALGetMetadata(dataset, "xml:VRT");
    if (names_vrt(xml ? xml[0] : NULL))
        return true;
    char **files = GDALGetFileList(dataset);
    bool is_found = false;
    for (int i = 1; files && files[0] && files[i] && !is_found; i++)
        is_found = !STARTS_WITH(files[i], "/vsi") &&
                   GDALIdentifyDriverEx(files[i], GDAL_OF_RASTER, vrt, NULL);
    CSLDestroy(files);
    return is_found;
}

static void *open_feed(const dg_stored_band *band, const dg_source_info *info) {
    feed *f = calloc(1, sizeof *f);
    (void)info;
    if (!f)
        return NULL;
    f->band = band;
    dg_find_mask(band->dataset, band->band, f->masks);
    f->keeps_gaps = dg_has_driver(band->dataset, "GTiff");
    f->by_rows = is_vrt_of_vrts(band->dataset);
    return f;
}

static void close_feed(void *user) {
    feed *f = user;
    dg_scratch_free(&f->mask_values);
    dg_scratch_free(&f->code_bytes);
    free(f);
}

static demgrad_status read_band(const feed *f, GDALRasterBandH band, const dg_block *out,
                                demgrad_error *error) {
    const dg_window w = out->window;
    const int size = (int)dg_type_size(out->type), rows = f->by_rows ? 1 : w.height;
    CPLErr result = CE_None;
    dg_gdal_errors errors;
    dg_stored_band_watch(f->band, &errors);
    for (int row = 0; row < w.height && result == CE_None; row += rows)
        result = GDALRasterIOEx(band, GF_Read, w.col, w.row + row, w.width, rows,
                                dg_block_row(out, 0, row), w.width, rows, dg_gdal_type(out->type),
                                size, out->row_stride * size, NULL);
    dg_gdal_errors_end(&errors);
    return result == CE_None && !errors.failed ? DEMGRAD_OK
                                               : dg_stored_band_fail(f->band, w, &errors, error);
}

/* Alpha need be no bytes: what is not 0 must not become it, such as 0.2. */
static demgrad_status read_mask(feed *f, GDALRasterBandH band, dg_window w, demgrad_error *error) {
    const dg_type type = GDALGetRasterDataType(band) == GDT_Byte ? DG_BYTE : DG_FLOAT;
    const size_t count = (size_t)w.width * (size_t)w.height;
    demgrad_status status =
        dg_scratch_reserve(&f->mask_values, count * dg_type_size(type), "the mask", error);
    const dg_block read = {f->mask_values.bytes, type, w.width, 0, w};
    if (!status)
        status = read_band(f, band, &read, error);
    const float *values = f->mask_values.bytes;
    unsigned char *bytes = f->mask_values.bytes;
    for (size_t i = 0; i < count && !status && type == DG_FLOAT; i++)
        bytes[i] = values[i] != 0 && !isnan(values[i]);
    return status;
}

static demgrad_status drop_masked(feed *f, GDALRasterBandH band, const dg_block *out,
                                  demgrad_error *error) {
    const demgrad_status status = read_mask(f, band, out->window, error);
    const dg_block mask = {f->mask_values.bytes, DG_BYTE, out->window.width, 0, out->window};
    if (!status)
        dg_drop_masked(&mask, out);
    return status;
}

/* Reads the bands that code the elevations. */
static demgrad_status read_code(feed *f, const dg_block *out, demgrad_error *error) {
    const dg_window w = out->window;
    const size_t plane = (size_t)w.width * (size_t)w.height;
    demgrad_status status =
        dg_scratch_reserve(&f->code_bytes, 3 * plane, "coded elevations", error);
    for (int i = 0; i < 3 && !status; i++) {
        const dg_block bytes = {(char *)f->code_bytes.bytes + (size_t)i * plane, DG_BYTE, w.width,
                                0, w};
        status =
            read_band(f, GDALGetRasterBand(f->band->dataset, f->band->code + i), &bytes, error);
    }
    if (!status)
        dg_decode_join(f->code_bytes.bytes, out);
    return status;
}

static demgrad_status read_window(feed *f, const dg_block *out, demgrad_error *error) {
    demgrad_status status =
        f->band->code ? read_code(f, out, error) : read_band(f, f->band->band, out, error);
    if (!status)
        dg_stored_band_interpret(f->band, out);
    for (int i = 0; i < 2 && f->masks[i] && !status; i++)
        status = drop_masked(f, f->masks[i], out, error);
    return status;
}

/* The most pixels along an axis, up to `most`, that are whole blocks or lie in one. */
static int piece_length(int block, int most) {
    return dg_max(most < block ? most : most / block * block, 1);
}

/* Reads a piece into memory without gaps, and lays it where it belongs. */
static demgrad_status read_piece(feed *f, const dg_block *out, void *room, demgrad_error *error) {
    const dg_window w = out->window;
    const dg_block piece = {room, out->type, w.width, 0, w};
    const demgrad_status status = read_window(f, &piece, error);
    for (int i = 0; i < w.height && !status; i++)
        memcpy(dg_block_row(out, 0, i), dg_block_row(&piece, 0, i),
               (size_t)w.width * dg_type_size(out->type));
    return status;
}

static demgrad_status read_by_pieces(feed *f, const dg_block *out, dg_scratch *scratch,
                                     demgrad_error *error) {
    const dg_window w = out->window;
    const int piece_width = piece_length(f->band->block_width,
                                         SCRATCH_PIXELS / dg_min(f->band->block_height, w.height));
    const int width = dg_min(piece_width, w.width);
    const int piece_height = piece_length(f->band->block_height, SCRATCH_PIXELS / width);
    const int height = dg_min(piece_height, w.height);
    demgrad_status status = dg_scratch_reserve(
        scratch, (size_t)width * (size_t)height * dg_type_size(out->type), "pixels", error);
    dg_window p = {w.col, w.row, 0, 0};
    for (; p.row < w.row + w.height && !status; p.row += p.height) {
        p.height = dg_length_to_next(p.row, piece_height, w.row + w.height);
        for (p.col = w.col; p.col < w.col + w.width && !status; p.col += p.width) {
            p.width = dg_length_to_next(p.col, piece_width, w.col + w.width);
            const dg_block part = dg_block_part(out, p);
            status = read_piece(f, &part, scratch->bytes, error);
        }
    }
    return status;
}

static demgrad_status read_any(void *user, const dg_block *out, dg_scratch *scratch,
                               demgrad_error *error) {
    feed *f = user;
    if (f->keeps_gaps || out->row_stride == out->window.width)
        return read_window(f, out, error);
    return read_by_pieces(f, out, scratch, error);
}

const dg_feed dg_feed_gdal = {open_feed, read_any, close_feed};

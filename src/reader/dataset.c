#include "below.h"
#include "cf.h"
#include "decode.h"
#include "gdal_driver.h"
#include "gdal_errors.h"
#include "gdal_type.h"
#include "hidden.h"
#include "mask.h"
#include "memory.h"
#include "nodata.h"
#include "nodata_text.h"
#include "open_hint.h"
#include "opened.h"
#include "pam.h"
#include "path.h"
#include "placement.h"
#include "scale.h"
#include "source.h"
#include "source_crs.h"
#include "strips.h"
#include "unit.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void keep_text(const char *text, bool is_error, void *user) {
    (void)is_error;
    char *line = strdup(text);
    for (char *c = line; c && (c = strpbrk(c, "\r\n"));)
        *c = ' ';
    dg_list_add(user, line);
    free(line);
}

static void note_texts(dg_list *texts, const char *name, dg_notes *notes) {
    for (size_t i = 0; notes && i < texts->count; i++)
        dg_note(notes, name, "%s", texts->items[i]);
    if (notes)
        notes->is_short |= texts->is_short;
    dg_list_free(texts);
}

demgrad_status dg_open_dataset(const char *path, const dg_source_options *options, dg_notes *notes,
                               GDALDatasetH *dataset, demgrad_error *error) {
    dg_list texts = {0};
    dg_gdal_errors errors;
    char *name;
    const demgrad_status status = dg_short_path(options->short_paths, path, &name, error);
    if (status)
        return status;
    dg_quiet_want(path);
    dg_gdal_errors_watch(&errors, keep_text, &texts);
    const unsigned flags = GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR;
    *dataset = GDALOpenEx(name, flags, options->drivers, options->open_options, NULL);
    if (!*dataset) {
        dg_list_free(&texts);
        *dataset = dg_open_listed(name, flags, options->drivers, options->open_options);
    }
    dg_gdal_errors_end(&errors);
    note_texts(&texts, path, *dataset ? notes : NULL);
    const char *reason = dg_gdal_errors_text(&errors, "GDAL knows no driver for it");
    const size_t length = strlen(name);
    if (strncmp(reason, name, length) == 0 && strncmp(reason + length, ": ", 2) == 0)
        reason += length + 2;
    free(name);
    if (*dataset)
        return DEMGRAD_OK;
    char hint[DEMGRAD_MESSAGE_SIZE];
    dg_open_hint(path, reason, hint, sizeof hint);
    if (*hint)
        return dg_fail(error, DEMGRAD_READ_FAILED, "%s: %s", path, hint);
    return dg_fail(error, DEMGRAD_READ_FAILED, "%s: cannot be opened as a raster: %s", path,
                   reason);
}

/* Bytes of a block that more than one reader should not hold; and of the rows that are held of one that is read
 * row by row. */
static const double HUGE_BLOCK = 64.0 * 1048576.0;
enum { HELD_OF_STRIP = 1 << 22 };

static demgrad_status check_band(GDALDatasetH dataset, const char *name, int band,
                                 demgrad_error *error) {
    const int count = GDALGetRasterCount(dataset);
    if (count == 0) {
        char **subdatasets = GDALGetMetadata(dataset, "SUBDATASETS");
        const char *first = CSLFetchNameValue(subdatasets, "SUBDATASET_1_NAME");
        if (first)
            return dg_fail(error, DEMGRAD_READ_FAILED,
                           "%s: holds several rasters and no band of its own; name one of them, "
                           "such as %s",
                           name, first);
        return dg_fail(error, DEMGRAD_READ_FAILED, "%s: has no raster band", name);
    }
    if (band < 1 || band > count)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "%s: has no band %d; its bands are 1 to %d",
                       name, band, count);
    const GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(dataset, band));
    if (GDALDataTypeIsComplex(type))
        return dg_fail(
            error, DEMGRAD_UNSUPPORTED,
            "%s: band %d holds complex numbers (%s), which have no gradient; extract the "
            "real part first (gdal_translate -ot Float64)",
            name, band, GDALGetDataTypeName(type));
    return DEMGRAD_OK;
}

/* Pages of a TIFF, say, beside the one that it opens as. */
static void describe_others(GDALDatasetH dataset, const char *name, dg_notes *notes) {
    char **subdatasets = GDALGetMetadata(dataset, "SUBDATASETS");
    const char *second = CSLFetchNameValue(subdatasets, "SUBDATASET_2_NAME");
    if (second)
        dg_note(notes, name, "holds %d rasters, of which one is taken; name another, such as %s",
                CSLCount(subdatasets) / 2, second);
}

static void check_nodata(GDALRasterBandH band, const char *name, double value, dg_notes *notes,
                         const dg_source_info *info) {
    dg_nodata none = {.count = 0};
    if (!dg_nodata_add(&none, band, value))
        dg_note(notes, name,
                "no pixel of type %s can hold the nodata value %.15g: none is nodata by it "
                "(--input-nodata says otherwise)",
                info->type, value);
}

static void take_declared(GDALRasterBandH band, const dg_source_options *options,
                          dg_source_info *info) {
    bool has;
    info->nodata[0] = options->decode
                          ? dg_decode_declared(GDALGetBandDataset(band), options->band, &has)
                          : dg_nodata_declared(band, &has);
    info->nodata_count = has;
    if (!options->decode)
        info->nodata_count =
            dg_cf_add_missing(band, info->nodata, info->nodata_count, DG_MOST_NODATA);
}

/* GDAL makes 0 of bytes beyond netCDF's valid range where it knows no nodata value to make of them. */
static void note_range(GDALRasterBandH band, const char *name, const dg_source_options *options,
                       dg_notes *notes, const dg_source_info *info) {
    static const char OPTION[] = "HONOUR_VALID_RANGE";
    double least, most;
    bool has;
    dg_nodata_declared(band, &has);
    if (has || GDALGetDataTypeSizeBits(GDALGetRasterDataType(band)) > 8 ||
        !EQUAL(info->driver, "netCDF") || !dg_cf_valid_range(band, &least, &most) ||
        !isfinite(least) || !isfinite(most) || least > 0 || most < 0)
        return;
    if (CPLTestBool(CSLFetchNameValueDef((char **)options->open_options, OPTION, "YES")))
        dg_note(notes, name,
                "GDAL makes 0 of what is beyond its valid range, %.10g to %.10g; --oo %s=NO leaves "
                "that to demgrad, which takes it for no data",
                least, most, OPTION);
}

static void describe_nodata(GDALRasterBandH band, const char *name,
                            const dg_source_options *options, dg_notes *notes,
                            dg_source_info *info) {
    if (options->nodata) {
        info->nodata_count = options->nodata_count;
        memcpy(info->nodata, options->nodata, options->nodata_count * sizeof *info->nodata);
    } else {
        take_declared(band, options, info);
    }
    info->has_nodata = info->nodata_count > 0;
    if (info->has_nodata && !options->nodata)
        dg_note_nodata_text(band, name, info->nodata[0], notes);
    if (options->decode || options->nodata ||
        !dg_cf_valid_range(band, &info->valid_min, &info->valid_max)) {
        info->valid_min = -(double)INFINITY;
        info->valid_max = (double)INFINITY;
    }
    note_range(band, name, options, notes, info);
    for (size_t i = 0; i < info->nodata_count; i++) {
        if (!options->decode && (!options->nodata || !isnan(info->nodata[i])))
            check_nodata(band, name, info->nodata[i], notes, info);
    }
}

static void note_scale(GDALRasterBandH band, const dg_scale *scale, const char *name,
                       dg_notes *notes) {
    const char *attribute, *text = dg_cf_odd_scale(band, &attribute);
    if (scale->is_left_out)
        dg_note(notes, name,
                "GDAL leaves out the scale of %.10g and the offset of %.10g that its header has: "
                "they are applied",
                scale->scale, scale->offset);
    if (text)
        dg_note(notes, name, "its %s is \"%s\", which is no number: it is left out (--z-factor)",
                attribute, text);
}

static demgrad_status describe_values(GDALDatasetH dataset, GDALRasterBandH band, const char *name,
                                      dg_notes *notes, dg_source_info *info, demgrad_error *error) {
    const GDALDataType type = GDALGetRasterDataType(band);
    CPLStrlcpy(info->type, GDALGetDataTypeName(type), sizeof info->type);
    if (dg_is_signed_byte(band))
        CPLStrlcpy(info->type, "Int8", sizeof info->type);
    const bool is_small_integer = GDALGetDataTypeSizeBits(type) <= 16;
    info->needs_double = type != GDT_Float32 && !is_small_integer;
    const dg_scale scale = dg_scale_of(band);
    info->scale = scale.scale;
    info->offset = scale.offset;
    note_scale(band, &scale, name, notes);
    GDALRasterBandH masks[2];
    info->mask = dg_find_mask(dataset, band, masks);
    if (info->scale != 0 && isfinite(info->scale) && isfinite(info->offset))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: its values times the scale of band %d, %g, and its offset, %g, are no "
                   "elevations; mend them (gdal_edit.py -scale, -offset)",
                   name, GDALGetBandNumber(band), info->scale, info->offset);
}

static bool is_colour(GDALDatasetH dataset, int band, GDALColorInterp colour) {
    GDALRasterBandH of = GDALGetRasterBand(dataset, band);
    return of && GDALGetRasterDataType(of) == GDT_Byte &&
           GDALGetRasterColorInterpretation(of) == colour;
}

static bool is_picture(GDALDatasetH dataset) {
    const int count = GDALGetRasterCount(dataset);
    return (count == 3 || count == 4) && is_colour(dataset, 1, GCI_RedBand) &&
           is_colour(dataset, 2, GCI_GreenBand) && is_colour(dataset, 3, GCI_BlueBand);
}

/* NWT_GRD shows its elevations as a picture, and has them in a fourth band. */
static void note_picture(GDALDatasetH dataset, const char *name, int band, dg_notes *notes) {
    static const char *const colours[] = {"red", "green", "blue"};
    GDALRasterBandH fourth = GDALGetRasterBand(dataset, GDALGetRasterCount(dataset));
    const GDALDataType type = GDALGetRasterDataType(fourth);
    const char *way_out = type == GDT_Byte
                              ? "--decode terrain-rgb or terrarium takes them from all three"
                              : "--band 4 takes its fourth band, which is no colour";
    dg_note(notes, name,
            "is a picture of red, green and blue, and its %s is taken for elevations; %s",
            colours[band - 1], way_out);
}

/* Three bytes that are one number; or else a picture whose red is no elevation. */
static void describe_code(GDALDatasetH dataset, const char *name, const dg_source_options *options,
                          dg_notes *notes, dg_source_info *info) {
    if (options->decode) {
        const dg_code code = dg_decode_code(options->decode);
        info->scale = code.scale;
        info->offset = code.offset;
    } else if (options->band <= 3 && is_picture(dataset)) {
        note_picture(dataset, name, options->band, notes);
    }
    if (!options->decode && GDALGetRasterColorInterpretation(
                                GDALGetRasterBand(dataset, options->band)) == GCI_PaletteIndex)
        dg_note(notes, name,
                "has a colour table, so that its values may be numbers of colours; they are taken "
                "for elevations");
    info->has_scale = info->scale != 1 || info->offset != 0;
}

/* GDAL reads a block with all the bands that it holds. */
static int64_t count_block_bytes(GDALDatasetH dataset, GDALRasterBandH band,
                                 const dg_source_info *info) {
    const char *interleave = GDALGetMetadataItem(dataset, "INTERLEAVE", "IMAGE_STRUCTURE");
    const int bands = interleave && EQUAL(interleave, "PIXEL") ? GDALGetRasterCount(dataset) : 1;
    return (int64_t)info->block_width * info->block_height * bands *
           GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band));
}

static void describe_blocks(GDALDatasetH dataset, GDALRasterBandH band, const char *name,
                            const dg_source_options *options, dg_notes *notes,
                            dg_source_info *info) {
    GDALGetBlockSize(band, &info->block_width, &info->block_height);
    const double bytes = (double)info->block_width * info->block_height *
                         GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band));
    info->has_huge_blocks = bytes > HUGE_BLOCK;
    info->block_bytes = count_block_bytes(dataset, band, info);
    info->rows_at_once = INT_MAX;
    if (!info->has_huge_blocks)
        return;
    if (!options->decode && dg_strips_suit(dataset)) {
        info->block_bytes = HELD_OF_STRIP;
        info->rows_at_once = dg_strips_at_once(dataset);
        return;
    }
    dg_note(notes, name,
            "GDAL must decode blocks of %d x %d pixels as a whole, which takes %.0f MB and may "
            "be slow; gdal_translate -co TILED=YES makes smaller ones",
            info->block_width, info->block_height, bytes / 1048576);
}

/* Rows and columns are counted in ints, in groups whose end may lie beyond the raster. */
static const int MOST_PIXELS_ALONG = 1000000000;

static demgrad_status check_size(GDALDatasetH dataset, const char *name, demgrad_error *error) {
    const int width = GDALGetRasterXSize(dataset), height = GDALGetRasterYSize(dataset);
    if (width <= MOST_PIXELS_ALONG && height <= MOST_PIXELS_ALONG)
        return DEMGRAD_OK;
    return dg_fail(
        error, DEMGRAD_UNSUPPORTED,
        "%s: has %d x %d pixels, and more than %d along an axis are too many; cut it with "
        "gdal_translate -srcwin",
        name, width, height, MOST_PIXELS_ALONG);
}

/* What lies beside the raster's own file, and is not what its name says. */
static demgrad_status note_beside(GDALDatasetH dataset, const char *name, dg_notes *notes,
                                  demgrad_error *error) {
    const char *path = GDALGetDescription(dataset);
    const char *driver = dg_driver_name(dataset);
    const bool says_all_itself = EQUAL(driver, "VRT") || EQUAL(driver, "GTI");
    if (says_all_itself || (dg_path_is_virtual(path) && !STARTS_WITH(path, "/vsimem/")))
        return DEMGRAD_OK;
    return dg_note_pam_of(path, name, notes) && dg_note_mask_of(dataset, name, notes)
               ? DEMGRAD_OK
               : dg_fail_memory(error, "the names of an input's files");
}

demgrad_status dg_describe_dataset(GDALDatasetH dataset, const char *name,
                                   const dg_source_options *options, dg_notes *notes,
                                   dg_source_info *info, demgrad_error *error) {
    *info = (dg_source_info){0};
    dg_list texts = {0};
    dg_gdal_errors errors;
    dg_gdal_errors_watch(&errors, keep_text, &texts);
    demgrad_status status = check_band(dataset, name, options->band, error);
    if (!status && options->decode)
        status = dg_decode_check(dataset, name, options->band, error);
    if (!status)
        status = check_size(dataset, name, error);
    if (!status) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, options->band);
        CPLStrlcpy(info->driver, dg_driver_name(dataset), sizeof info->driver);
        status = describe_values(dataset, band, name, notes, info, error);
        describe_nodata(band, name, options, notes, info);
        info->counts_down = dg_cf_counts_down(band);
        describe_code(dataset, name, options, notes, info);
        describe_others(dataset, name, notes);
        if (!info->has_nodata)
            dg_note_gaps(dataset, options->band, name, notes);
        dg_note_hidden(dataset, name, notes);
        if (!status)
            status = note_beside(dataset, name, notes, error);
        describe_blocks(dataset, band, name, options, notes, info);
        const char *point = GDALGetMetadataItem(dataset, "AREA_OR_POINT", NULL);
        info->is_point = point && EQUAL(point, "Point");
        if (!status)
            status = dg_describe_unit(dataset, band, options, info, error);
        if (!status)
            status = dg_describe_crs(dataset, name, options->crs, notes, info, error);
        if (!status)
            dg_take_from_below(dataset, name, options, notes, info);
        if (!status)
            status = dg_describe_placement(dataset, band, name, notes, info, error);
    }
    dg_gdal_errors_end(&errors);
    note_texts(&texts, name, status ? NULL : notes);
    return status;
}

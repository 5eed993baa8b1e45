#include "writer.h"

#include "block_rows.h"
#include "format.h"
#include "gdal_errors.h"
#include "in_place.h"
#include "publish.h"
#include "read_back.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#include <string.h>

struct dg_writer {
    char *path;
    char *temporary; /* becomes `path` */
    char *staged; /* what is written to: `temporary`, or a GTiff that is copied to it at the end */
    GDALDriverH driver;
    GDALDatasetH dataset; /* at `staged` */
    char **creation_options;
    int64_t codec_memory;
    int band_count;
    dg_block_rows rows;
    double nodata;
    dg_statistics *written; /* of each band; NULL where the format keeps the values */
    bool sync;
};

static demgrad_status set_crs(GDALDatasetH dataset, const char *wkt) {
    if (!wkt)
        return DEMGRAD_OK;
    OGRSpatialReferenceH crs = OSRNewSpatialReference(wkt);
    if (!crs)
        return DEMGRAD_WRITE_FAILED;
    OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
    const CPLErr result = GDALSetSpatialRef(dataset, crs);
    OSRDestroySpatialReference(crs);
    return result == CE_None ? DEMGRAD_OK : DEMGRAD_WRITE_FAILED;
}

/* Georeferencing that a format cannot hold is no reason to fail; values are. */
static void describe(GDALDatasetH dataset, const dg_output *output) {
    if (output->grid.has_geotransform)
        GDALSetGeoTransform(dataset, (double *)output->grid.geotransform);
    set_crs(dataset, output->crs);
    for (int i = 0; output->metadata && output->metadata[i]; i++) {
        char *key = NULL;
        const char *value = CPLParseNameValue(output->metadata[i], &key);
        if (key)
            GDALSetMetadataItem(dataset, key, value, NULL);
        CPLFree(key);
    }
    if (output->is_point)
        GDALSetMetadataItem(dataset, "AREA_OR_POINT", "Point", NULL);
    for (int i = 0; i < output->band_count; i++) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, i + 1);
        GDALSetDescription(band, output->bands[i].description);
        GDALSetRasterUnitType(band, output->bands[i].unit);
    }
}

/* Makes temporary names in a text final ones. */
static void drop_temporary_folder(const dg_writer *w, char *text) {
    char *folder = CPLStrdup(CPLSPrintf("%s/", CPLGetFilename(CPLGetPath(w->temporary))));
    const size_t length = strlen(folder);
    for (char *found; (found = strstr(text, folder));)
        memmove(found, found + length, strlen(found + length) + 1);
    CPLFree(folder);
}

/* Fails for the reason that GDAL gave. */
static demgrad_status fail_for(const dg_writer *w, const char *what, const dg_gdal_errors *errors,
                               demgrad_error *error) {
    char *reason =
        CPLStrdup(dg_gdal_errors_text(errors, "GDAL gives no reason; the disk may be full"));
    drop_temporary_folder(w, reason);
    const demgrad_status status =
        dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be %s as %s: %s; nothing of it was kept",
                w->path, what, GDALGetDriverShortName(w->driver), reason);
    CPLFree(reason);
    return status;
}

static demgrad_status check_band_count(const dg_writer *w, int wanted, demgrad_error *error) {
    const int held = GDALGetRasterCount(w->dataset);
    if (held >= wanted)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "%s: %s holds no more than %d of the %d bands; pick one with --bands, or try "
                   "GTiff",
                   w->path, GDALGetDriverShortName(w->driver), held, wanted);
}

static void set_nodata(GDALDatasetH dataset, const dg_output *output) {
    for (int i = 0; i < output->band_count; i++)
        GDALSetRasterNoDataValue(GDALGetRasterBand(dataset, i + 1), output->nodata);
}

/* Nodata comes last: a file that is laid out first must not have it yet. Staged ones are not: opened
 * again, they give the CRS as GeoTIFF has it. */
static void complete_dataset(dg_writer *w, const dg_output *output) {
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    describe(w->dataset, output);
    if (EQUAL(GDALGetDriverShortName(w->driver), "ENVI"))
        GDALSetDescription(w->dataset, w->path); /* which the header tells */
    dg_gdal_errors_end(&ignored);
    if (dg_format_is_gtiff(w->driver) &&
        dg_in_place_suits(w->dataset, w->staged, w->creation_options))
        w->dataset = dg_in_place_lay_out(w->dataset, w->staged);
    dg_gdal_errors_begin(&ignored);
    if (w->dataset)
        set_nodata(w->dataset, output);
    dg_gdal_errors_end(&ignored);
}

static demgrad_status create_dataset(dg_writer *w, const dg_output *output, demgrad_error *error) {
    const bool direct = dg_format_can_create(w->driver);
    GDALDriverH driver = direct ? w->driver : GDALGetDriverByName("GTiff");
    const char *const staging[] = {"TILED=YES", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER", NULL};
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    w->dataset = GDALCreate(driver, w->staged, output->grid.width, output->grid.height,
                            output->band_count, output->is_double ? GDT_Float64 : GDT_Float32,
                            direct ? w->creation_options : (char **)staging);
    demgrad_status status = DEMGRAD_OK;
    if (w->dataset && !errors.failed) {
        status = check_band_count(w, output->band_count, error);
        if (!status)
            complete_dataset(w, output);
    }
    dg_gdal_errors_end(&errors);
    if (status || (w->dataset && !errors.failed))
        return status;
    return fail_for(w, "created", &errors, error);
}

/* Takes the names over. */
static dg_writer *new_writer(const dg_output *output, GDALDriverH driver, char *path,
                             char *temporary) {
    dg_writer *w = CPLCalloc(1, sizeof *w);
    w->driver = driver;
    w->path = path;
    w->temporary = temporary;
    w->staged = dg_format_can_create(driver)
                    ? CPLStrdup(temporary)
                    : CPLStrdup(CPLSPrintf("%s/.stage.tif", CPLGetPath(temporary)));
    w->creation_options = dg_format_options(output, driver);
    w->codec_memory = dg_format_codec_memory(output, driver, w->creation_options);
    w->band_count = output->band_count;
    w->nodata = output->nodata;
    if (!dg_format_keeps_values(driver)) {
        w->written = CPLCalloc((size_t)w->band_count, sizeof *w->written);
        for (int i = 0; i < w->band_count; i++)
            dg_statistics_clear(&w->written[i]);
    }
    w->sync = output->sync;
    return w;
}

demgrad_status dg_writer_create(const dg_output *output, dg_writer **writer, demgrad_error *error) {
    GDALDriverH driver;
    demgrad_status status =
        dg_format_find(output->format ? output->format : "GTiff",
                       output->is_double ? GDT_Float64 : GDT_Float32, &driver, error);
    if (!status)
        status = dg_format_check_options(driver, (char **)output->creation_options, error);
    if (!status)
        status = dg_publish_check(output->path, output->overwrite, error);
    if (status)
        return status;
    char *path = dg_publish_target(output->path), *temporary;
    status = dg_publish_temporary(path, &temporary, error);
    if (status) {
        CPLFree(path);
        return status;
    }
    dg_writer *w = new_writer(output, driver, path, temporary);
    status = create_dataset(w, output, error);
    if (status) {
        dg_writer_abandon(w);
        return status;
    }
    dg_block_rows_init(&w->rows, w->dataset, w->band_count);
    *writer = w;
    return DEMGRAD_OK;
}

void dg_writer_block_size(const dg_writer *writer, int *width, int *height) {
    *width = writer->rows.block_width;
    *height = writer->rows.block_height;
}

int64_t dg_writer_codec_memory(const dg_writer *writer) {
    return writer->codec_memory;
}

static void keep_figures(const dg_writer *w, dg_window window, const dg_pixels *p) {
    for (int i = 0; i < w->band_count * window.height; i++) {
        const int band = i / window.height, row = i % window.height;
        dg_statistics of_row;
        dg_statistics_take(&of_row, p->first + band * p->band_bytes + row * p->row_bytes,
                           window.width, p->type == GDT_Float64, w->nodata);
        dg_statistics_merge(&w->written[band], &of_row);
    }
}

demgrad_status dg_writer_write(dg_writer *writer, dg_window window, const void *array,
                               bool is_double, ptrdiff_t row_stride, ptrdiff_t band_stride,
                               demgrad_error *error) {
    const GDALDataType type = is_double ? GDT_Float64 : GDT_Float32;
    const int size = GDALGetDataTypeSizeBytes(type);
    const dg_pixels p = {array, type, row_stride * size, band_stride * size};
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const CPLErr result = dg_block_rows_add(&writer->rows, window, &p);
    dg_gdal_errors_end(&errors);
    if (result != CE_None || errors.failed)
        return fail_for(writer, "written", &errors, error);
    if (writer->written)
        keep_figures(writer, window, &p);
    return DEMGRAD_OK;
}

typedef struct continuation {
    dg_writer_continue go_on;
    void *user;
    bool cancelled;
} continuation;

static int ask(void *user) {
    continuation *c = user;
    c->cancelled |= c->go_on && !c->go_on(c->user);
    return !c->cancelled;
}

static int CPL_STDCALL ask_for_gdal(double complete, const char *message, void *user) {
    (void)complete;
    (void)message;
    return ask(user);
}

static bool is_staged(const dg_writer *w) {
    return strcmp(w->staged, w->temporary) != 0;
}

/* Formats that GDAL can only copy into are made from the staged GTiff. */
static void copy_staged(dg_writer *w, continuation *c) {
    GDALDatasetH copy = GDALCreateCopy(w->driver, w->temporary, w->dataset, FALSE,
                                       w->creation_options, ask_for_gdal, c);
    if (copy)
        GDALClose(copy);
}

static void free_writer(dg_writer *w) {
    if (w->dataset)
        GDALClose(w->dataset);
    dg_block_rows_free(&w->rows);
    CSLDestroy(w->creation_options);
    CPLFree(w->written);
    CPLFree(w->staged);
    CPLFree(w->temporary);
    CPLFree(w->path);
    CPLFree(w);
}

static bool is_there(const char *path) {
    VSIStatBufL stat;
    return VSIStatExL(path, &stat, VSI_STAT_EXISTS_FLAG) == 0;
}

/* Flushes, copies, closes. *errors and *c have what came of it. */
static void close_all(dg_writer *w, dg_gdal_errors *errors, continuation *c) {
    dg_gdal_errors_begin(errors);
    GDALFlushCache(w->dataset);
    if (is_staged(w) && !errors->failed)
        copy_staged(w, c);
    GDALClose(w->dataset);
    w->dataset = NULL;
    dg_gdal_errors_end(errors);
}

static demgrad_status check_values(const dg_writer *w, continuation *c, demgrad_error *error) {
    char *fault = w->written
                      ? dg_read_back(w->temporary, w->written, w->band_count, w->nodata, ask, c)
                      : NULL;
    if (!fault)
        return DEMGRAD_OK;
    const demgrad_status status = dg_fail(
        error, DEMGRAD_WRITE_FAILED,
        "%s: %s does not keep its values: %s; nothing of it was kept; try GTiff, or another "
        "--nodata",
        w->path, GDALGetDriverShortName(w->driver), fault);
    CPLFree(fault);
    return status;
}

demgrad_status dg_writer_finish(dg_writer *writer, dg_writer_continue go_on, void *user,
                                demgrad_error *error) {
    continuation c = {go_on, user, false};
    dg_gdal_errors errors;
    close_all(writer, &errors, &c);
    demgrad_status status = DEMGRAD_OK;
    if (!c.cancelled && (errors.failed || !is_there(writer->temporary)))
        status = fail_for(writer, "written", &errors, error);
    else if (!c.cancelled)
        status = check_values(writer, &c, error);
    if (c.cancelled)
        status = dg_fail(error, DEMGRAD_CANCELLED, "%s: cancelled", writer->path);
    if (!status)
        status = dg_publish(writer->temporary, writer->path, writer->sync, error);
    if (status)
        dg_publish_discard(writer->temporary);
    free_writer(writer);
    return status;
}

void dg_writer_abandon(dg_writer *writer) {
    if (!writer)
        return;
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    if (writer->dataset)
        GDALClose(writer->dataset);
    writer->dataset = NULL;
    dg_gdal_errors_end(&errors);
    dg_publish_discard(writer->temporary);
    free_writer(writer);
}

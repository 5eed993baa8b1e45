#include "writer.h"

#include "gdal_errors.h"
#include "publish.h"

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
    int band_count;
    bool sync;
    bool failed; /* a write failed; the reason has been told */
};

static demgrad_status find_driver(const char *format, GDALDriverH *driver, demgrad_error *error) {
    *driver = GDALGetDriverByName(format);
    if (!*driver)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: is no format of this GDAL; gdalinfo --formats lists them", format);
    const bool can = GDALGetMetadataItem(*driver, GDAL_DCAP_RASTER, NULL) &&
                     (GDALGetMetadataItem(*driver, GDAL_DCAP_CREATE, NULL) ||
                      GDALGetMetadataItem(*driver, GDAL_DCAP_CREATECOPY, NULL));
    if (!can)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s: is a format that GDAL cannot write rasters in; try GTiff", format);
    return DEMGRAD_OK;
}

static bool can_create(GDALDriverH driver) {
    return GDALGetMetadataItem(driver, GDAL_DCAP_CREATE, NULL) != NULL;
}

static bool is_gtiff(GDALDriverH driver) {
    return EQUAL(GDALGetDriverShortName(driver), "GTiff");
}

static char **set_default(char **options, const char *name, const char *value) {
    return CSLFetchNameValue(options, name) ? options : CSLSetNameValue(options, name, value);
}

static bool knows_option(GDALDriverH driver, const char *name) {
    const char *list = GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, NULL);
    return list && strstr(list, CPLSPrintf("name='%s'", name));
}

static char **make_creation_options(const dg_output *output, GDALDriverH driver) {
    char **options = CSLDuplicate((char **)output->creation_options);
    if (is_gtiff(driver)) {
        options = set_default(options, "TILED", "YES");
        options = set_default(options, "INTERLEAVE", "BAND");
    }
    if (knows_option(driver, "BIGTIFF"))
        options = set_default(options, "BIGTIFF", "IF_SAFER");
    if (output->threads > 1 && knows_option(driver, "NUM_THREADS"))
        options = set_default(options, "NUM_THREADS", CPLSPrintf("%d", output->threads));
    return options;
}

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
        GDALSetRasterNoDataValue(band, output->nodata);
        GDALSetDescription(band, output->bands[i].description);
        GDALSetRasterUnitType(band, output->bands[i].unit);
    }
}

/* GDAL only warns of an option it does not know, and goes on without it. */
static demgrad_status check_creation_options(GDALDriverH driver, char **options,
                                             demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const bool valid = GDALValidateCreationOptions(driver, options);
    dg_gdal_errors_end(&errors);
    if (valid)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "--co: %s; gdalinfo --format %s lists the creation options", errors.warning,
                   GDALGetDriverShortName(driver));
}

static demgrad_status create_dataset(dg_writer *w, const dg_output *output, demgrad_error *error) {
    const bool direct = can_create(w->driver);
    GDALDriverH driver = direct ? w->driver : GDALGetDriverByName("GTiff");
    const char *const staging[] = {"TILED=YES", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER", NULL};
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    w->dataset = GDALCreate(driver, w->staged, output->grid.width, output->grid.height,
                            output->band_count, output->is_double ? GDT_Float64 : GDT_Float32,
                            direct ? w->creation_options : (char **)staging);
    const bool created = w->dataset && !errors.failed;
    dg_gdal_errors_end(&errors);
    dg_gdal_errors ignored;
    dg_gdal_errors_begin(&ignored);
    if (created)
        describe(w->dataset, output);
    dg_gdal_errors_end(&ignored);
    if (created)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be created as %s: %s", w->path,
                   GDALGetDriverShortName(w->driver),
                   dg_gdal_errors_text(&errors, "GDAL gives no reason"));
}

demgrad_status dg_writer_create(const dg_output *output, dg_writer **writer, demgrad_error *error) {
    GDALDriverH driver;
    demgrad_status status = find_driver(output->format ? output->format : "GTiff", &driver, error);
    if (!status)
        status = check_creation_options(driver, (char **)output->creation_options, error);
    if (!status)
        status = dg_publish_check(output->path, output->overwrite, error);
    if (status)
        return status;
    dg_writer *w = CPLCalloc(1, sizeof *w);
    w->driver = driver;
    w->path = CPLStrdup(output->path);
    w->temporary = dg_publish_temporary(output->path);
    w->staged = can_create(driver) ? CPLStrdup(w->temporary)
                                   : CPLStrdup(CPLSPrintf("%s.stage.tif", w->temporary));
    w->creation_options = make_creation_options(output, driver);
    w->band_count = output->band_count;
    w->sync = output->sync;
    status = create_dataset(w, output, error);
    if (status) {
        dg_writer_abandon(w);
        return status;
    }
    *writer = w;
    return DEMGRAD_OK;
}

void dg_writer_block_size(const dg_writer *writer, int *width, int *height) {
    GDALGetBlockSize(GDALGetRasterBand(writer->dataset, 1), width, height);
}

static demgrad_status fail_write(dg_writer *w, const dg_gdal_errors *errors, demgrad_error *error) {
    w->failed = true;
    return dg_fail(error, DEMGRAD_WRITE_FAILED,
                   "%s: cannot be written (is the disk full?): %s; nothing of it was kept", w->path,
                   dg_gdal_errors_text(errors, "GDAL gives no reason"));
}

demgrad_status dg_writer_write(dg_writer *writer, dg_window window, const void *pixels,
                               bool is_double, ptrdiff_t row_stride, ptrdiff_t band_stride,
                               demgrad_error *error) {
    const GDALDataType type = is_double ? GDT_Float64 : GDT_Float32;
    const int size = GDALGetDataTypeSizeBytes(type);
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    /* All bands in one call: GDAL then fills each block of an interleaved format once. */
    const CPLErr result = GDALDatasetRasterIOEx(
        writer->dataset, GF_Write, window.col, window.row, window.width, window.height,
        (void *)pixels, window.width, window.height, type, writer->band_count, NULL, size,
        row_stride * size, band_stride * size, NULL);
    dg_gdal_errors_end(&errors);
    if (result == CE_None && !errors.failed)
        return DEMGRAD_OK;
    return fail_write(writer, &errors, error);
}

typedef struct continuation {
    dg_writer_continue go_on;
    void *user;
    bool cancelled;
} continuation;

static int CPL_STDCALL ask(double complete, const char *message, void *user) {
    (void)complete;
    (void)message;
    continuation *c = user;
    c->cancelled |= c->go_on && !c->go_on(c->user);
    return !c->cancelled;
}

/* Formats that GDAL can only copy into are made from the staged GTiff. */
static void copy_staged(dg_writer *w, continuation *c) {
    if (strcmp(w->staged, w->temporary) == 0)
        return;
    GDALFlushCache(w->dataset);
    GDALDatasetH copy =
        GDALCreateCopy(w->driver, w->temporary, w->dataset, FALSE, w->creation_options, ask, c);
    if (copy)
        GDALClose(copy);
}

/* Full paths of the files of the dataset at w->temporary. */
static char **list_files(dg_writer *w) {
    char **files =
        strcmp(w->staged, w->temporary) == 0 && w->dataset ? GDALGetFileList(w->dataset) : NULL;
    const char *const always[] = {w->temporary, CPLSPrintf("%s.aux.xml", w->temporary)};
    for (int i = 0; i < 2; i++) {
        if (CSLFindString(files, always[i]) < 0)
            files = CSLAddString(files, always[i]);
    }
    return files;
}

static char **drop_missing(char **files) {
    char **present = NULL;
    for (int i = 0; files && files[i]; i++) {
        VSIStatBufL stat;
        if (VSIStatExL(files[i], &stat, VSI_STAT_EXISTS_FLAG) == 0)
            present = CSLAddString(present, files[i]);
    }
    CSLDestroy(files);
    return present;
}

static void close_dataset(dg_writer *w) {
    if (w->dataset)
        GDALClose(w->dataset);
    w->dataset = NULL;
    if (strcmp(w->staged, w->temporary) != 0)
        VSIUnlink(w->staged);
}

static void free_writer(dg_writer *w) {
    CSLDestroy(w->creation_options);
    CPLFree(w->staged);
    CPLFree(w->temporary);
    CPLFree(w->path);
    CPLFree(w);
}

demgrad_status dg_writer_finish(dg_writer *writer, dg_writer_continue go_on, void *user,
                                demgrad_error *error) {
    continuation c = {go_on, user, false};
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    GDALFlushCache(writer->dataset);
    char **files = list_files(writer);
    if (!errors.failed)
        copy_staged(writer, &c);
    close_dataset(writer);
    dg_gdal_errors_end(&errors);
    files = drop_missing(files);
    demgrad_status status = DEMGRAD_OK;
    if (c.cancelled)
        status = dg_fail(error, DEMGRAD_CANCELLED, "%s: cancelled", writer->path);
    else if (errors.failed || !files)
        status = fail_write(writer, &errors, error);
    else
        status = dg_publish(writer->temporary, files, writer->path, writer->sync, error);
    if (status)
        dg_publish_discard(files);
    CSLDestroy(files);
    free_writer(writer);
    return status;
}

void dg_writer_abandon(dg_writer *writer) {
    if (!writer)
        return;
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    char **files = list_files(writer);
    close_dataset(writer);
    dg_publish_discard(files);
    dg_gdal_errors_end(&errors);
    CSLDestroy(files);
    free_writer(writer);
}

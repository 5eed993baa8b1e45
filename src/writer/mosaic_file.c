#include "gdal_errors.h"
#include "memory.h"
#include "path.h"
#include "publish.h"
#include "short_path.h"
#include "writer.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <gdal_utils.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* GDALBuildVRT leaves out what the bands are. A fingerprint says that it is a batch's too. */
static void describe_like(GDALDatasetH vrt, const char *file) {
    GDALDatasetH like = GDALOpenEx(file, GDAL_OF_RASTER, NULL, NULL, NULL);
    if (!like)
        return;
    GDALSetMetadata(vrt, GDALGetMetadata(like, NULL), NULL);
    GDALSetMetadataItem(vrt, "DEMGRAD_FINGERPRINT", "mosaic", NULL);
    for (int i = 1; i <= GDALGetRasterCount(vrt) && i <= GDALGetRasterCount(like); i++) {
        GDALRasterBandH from = GDALGetRasterBand(like, i), to = GDALGetRasterBand(vrt, i);
        GDALSetDescription(to, GDALGetDescription(from));
        GDALSetRasterUnitType(to, GDALGetRasterUnitType(from));
    }
    GDALClose(like);
}

/* GDAL makes names relative by functions that cut long ones: all are given a short one's folder. */
static dg_list names_in(const char *folder, const char *const *files, int count) {
    dg_list names = {0};
    for (int i = 0; i < count; i++) {
        char *name = dg_path_join(folder, dg_path_name(files[i]));
        dg_list_add(&names, name);
        free(name);
    }
    return names;
}

/* The text of a VRT of the named files; its paths are relative to the folder of `place`, where it will be.
 * NULL, with GDAL's error, where it cannot be built. */
static char *build(const char *place, const dg_list *names) {
    char *text = NULL;
    int usage_error = FALSE;
    GDALDatasetH vrt =
        GDALBuildVRT("", (int)names->count, NULL, dg_list_items(names), NULL, &usage_error);
    if (!vrt)
        return NULL;
    GDALSetDescription(vrt, place);
    describe_like(vrt, names->items[0]);
    char **xml = GDALGetMetadata(vrt, "xml:VRT");
    text = xml && xml[0] ? strdup(xml[0]) : NULL;
    GDALSetDescription(vrt, "");
    GDALClose(vrt);
    return text;
}

static demgrad_status build_in(const char *folder, const char *const *files, int count,
                               const char *path, char **text, demgrad_error *error) {
    dg_list names = names_in(folder, files, count);
    char *place = dg_path_join(folder, "gradient.vrt");
    demgrad_status status = dg_list_check(&names, error);
    if (!status && !place)
        status = dg_fail_memory(error, "a file's name");
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    *text = status ? NULL : build(place, &names);
    dg_gdal_errors_end(&errors);
    free(place);
    dg_list_free(&names);
    if (!status && errors.failed)
        status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be written: %s", path,
                         dg_gdal_errors_text(&errors, "GDAL gives no reason"));
    return status || *text ? status : dg_fail_memory(error, path);
}

static bool write_text(const char *path, const char *text) {
    VSILFILE *file = VSIFOpenL(path, "wb");
    if (!file)
        return false;
    const size_t length = strlen(text);
    const bool written = VSIFWriteL(text, 1, length, file) == length;
    return VSIFCloseL(file) == 0 && written;
}

demgrad_status dg_writer_mosaic(const dg_output *output, const char *const *files, int count,
                                demgrad_error *error) {
    dg_publication *publication;
    demgrad_status status = dg_publish_begin(output, &publication, error);
    if (status)
        return status;
    dg_short_paths held;
    char *folder = dg_path_folder(dg_short_paths_open(&held, dg_publication_path(publication)));
    char *text = NULL;
    status = folder ? build_in(folder, files, count, output->path, &text, error)
                    : dg_fail_memory(error, "a file's name");
    if (!status && !write_text(dg_publication_temporary(publication), text))
        status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be written: %s", output->path,
                         strerror(errno));
    free(text);
    free(folder);
    dg_short_paths_close(&held);
    if (!status)
        return dg_publish(publication, error);
    dg_publish_discard(publication);
    return status;
}

#include "expand.h"

#include "folder.h"
#include "gdal_driver.h"
#include "holds_raster.h"
#include "name_filter.h"
#include "opened.h"
#include "path.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ctype.h>
#include <errno.h>
#include <gdal.h>
#include <ogr_api.h>
#include <stdlib.h>
#include <string.h>

/* What one call has. */
typedef struct expansion {
    const dg_expand_options *options;
    dg_name_filter filter;
    dg_list *paths;
} expansion;

static void take(expansion *e, const char *path) {
    if (dg_name_filter_takes(&e->filter, path))
        dg_list_add(e->paths, path);
}

/* A line of a list without the blanks around it, and a mark of UTF-8 before it. */
static char *trim(char *line) {
    static const char MARK[] = "\xef\xbb\xbf";
    if (strncmp(line, MARK, strlen(MARK)) == 0)
        line += strlen(MARK);
    while (isspace((unsigned char)*line))
        line++;
    size_t length = strlen(line);
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        line[--length] = '\0';
    return line;
}

static void take_lines(expansion *e, char *text) {
    for (char *line = text, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        line = trim(line);
        if (*line && *line != '#')
            take(e, line);
    }
}

static demgrad_status fail_list(const char *path, demgrad_error *error) {
    const char *reason = dg_is_folder(path) ? "is a folder; leave out the @ for what is in it"
                         : errno            ? strerror(errno)
                                            : "GDAL gives no reason";
    return dg_fail(error, DEMGRAD_READ_FAILED, "%s: the list of inputs cannot be read: %s", path,
                   reason);
}

/* Reads what is left of a file, which may be a pipe. *text is to be freed, also on failure. */
static demgrad_status read_all(VSILFILE *file, const char *path, char **text, size_t *length,
                               demgrad_error *error) {
    enum { PIECE = 65536 };
    size_t got;
    do {
        char *longer = realloc(*text, *length + PIECE + 1);
        if (!longer)
            return dg_fail_memory(error, "the list of inputs");
        *text = longer;
        got = VSIFReadL(*text + *length, 1, PIECE, file);
        *length += got;
        (*text)[*length] = '\0';
    } while (got > 0);
    return VSIFEofL(file) ? DEMGRAD_OK : fail_list(path, error);
}

static demgrad_status expand_list(expansion *e, const char *path, demgrad_error *error) {
    errno = 0;
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file)
        return fail_list(path, error);
    size_t length = 0;
    char *text = NULL;
    const demgrad_status status = read_all(file, path, &text, &length, error);
    VSIFCloseL(file);
    const bool is_text = !status && strlen(text) == length;
    if (is_text)
        take_lines(e, text);
    free(text);
    if (status)
        return status;
    return is_text ? DEMGRAD_OK
                   : dg_fail(error, DEMGRAD_READ_FAILED,
                             "%s: is no list of inputs, which is a text with a name a line", path);
}

/* Relative names count from the index's folder; gdaltindex also writes such as count from the
 * folder that it was called in. */
static char *resolve(const char *location, const char *index) {
    if (!CPLIsFilenameRelative(location) || !strchr(index, '/'))
        return strdup(location);
    char *folder = dg_path_folder(index);
    char *beside = folder ? dg_path_join(folder, location) : NULL;
    free(folder);
    if (!beside || dg_is_there(beside) || !dg_is_there(location))
        return beside;
    free(beside);
    return strdup(location);
}

static const char LOCATION[] = "location";

/* The layer that has locations, and the number of their field; NULL where there is none. */
static OGRLayerH find_locations(GDALDatasetH dataset, int *field) {
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        *field = OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(layer), LOCATION);
        if (*field >= 0)
            return layer;
    }
    return NULL;
}

/* Adds the entries; false where one has no location. */
static bool take_locations(expansion *e, const char *index, OGRLayerH layer, int field) {
    bool has_all = true;
    for (OGRFeatureH f; has_all && (f = OGR_L_GetNextFeature(layer));) {
        const char *location = OGR_F_GetFieldAsString(f, field);
        has_all = *location != '\0';
        char *tile = has_all ? resolve(location, index) : NULL;
        if (tile)
            take(e, tile);
        else
            e->paths->is_short |= has_all;
        free(tile);
        OGR_F_Destroy(f);
    }
    return has_all;
}

static demgrad_status expand_layer(expansion *e, const char *index, OGRLayerH layer, int field,
                                   demgrad_error *error) {
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    const bool has_all = take_locations(e, index, layer, field);
    dg_gdal_errors_end(&errors);
    if (errors.failed)
        return dg_fail(error, DEMGRAD_READ_FAILED,
                       "%s: the tile index is damaged or cut short: %s; make it again", index,
                       dg_gdal_errors_text(&errors, ""));
    return has_all ? DEMGRAD_OK
                   : dg_fail(error, DEMGRAD_READ_FAILED,
                             "%s: an entry of the tile index has no %s; make it again", index,
                             LOCATION);
}

/* Whether a file with vector layers, such as a GeoPackage, has a raster too: then that is meant. */
static bool has_raster(GDALDatasetH vectors, const char *name) {
    const char *const drivers[] = {dg_driver_name(vectors), NULL};
    GDALDatasetH dataset = GDALOpenEx(name, GDAL_OF_RASTER, drivers, NULL, NULL);
    const bool has = dataset && (GDALGetRasterCount(dataset) > 0 ||
                                 GDALGetMetadata(dataset, "SUBDATASETS") != NULL);
    if (dataset)
        GDALClose(dataset);
    return has;
}

/* Most inputs are, and to ask each driver for vectors takes as long as to open one. */
static bool is_tiff(const char *name) {
    static const char *const drivers[] = {"GTiff", NULL};
    return GDALIdentifyDriverEx(name, GDAL_OF_RASTER, drivers, NULL) != NULL;
}

/* Adds the index's entries. *is_index is false where `path` is none. */
static demgrad_status expand_index(expansion *e, const char *path, bool *is_index,
                                   demgrad_error *error) {
    int field = -1;
    dg_opened opened;
    dg_opened_begin(&opened, path);
    if (!is_tiff(opened.name) && GDALIdentifyDriverEx(opened.name, GDAL_OF_VECTOR, NULL, NULL))
        opened.dataset = GDALOpenEx(opened.name, GDAL_OF_VECTOR, NULL, NULL, NULL);
    OGRLayerH layer = opened.dataset ? find_locations(opened.dataset, &field) : NULL;
    if (layer && has_raster(opened.dataset, opened.name))
        layer = NULL;
    *is_index = layer != NULL;
    demgrad_status status = DEMGRAD_OK;
    if (layer)
        status = expand_layer(e, path, layer, field, error);
    else if (opened.dataset && !dg_holds_raster(path))
        status = dg_fail(error, DEMGRAD_READ_FAILED,
                         "%s: is neither a raster nor a tile index, which has a field \"%s\" "
                         "(gdaltindex makes one)",
                         path, LOCATION);
    dg_opened_end(&opened);
    return status;
}

static demgrad_status expand_name(expansion *e, const char *name, demgrad_error *error) {
    if (name[0] == '@')
        return expand_list(e, name + 1, error);
    if (dg_is_folder(name) && !dg_holds_raster(name))
        return dg_folder_expand(name, e->options, &e->filter, e->paths, error);
    bool is_index;
    const demgrad_status status = expand_index(e, name, &is_index, error);
    if (!status && !is_index)
        take(e, name);
    return status;
}

demgrad_status dg_expand(const char *const *names, size_t count, const dg_expand_options *options,
                         dg_list *paths, demgrad_error *error) {
    expansion e = {.options = options, .paths = paths};
    demgrad_status status =
        dg_name_filter_start(options->include, options->exclude, &e.filter, error);
    if (status)
        return status;
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    for (size_t i = 0; i < count && !status; i++)
        status = expand_name(&e, names[i], error);
    dg_gdal_errors_end(&errors);
    if (!status)
        status = dg_list_check(paths, error);
    dg_name_filter_end(&e.filter, status ? NULL : options->messages);
    return status;
}

#include "field.h"

#include "gdal_errors.h"
#include "outlets.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name in memory that no other call uses. */
static void make_name(const void *unique, char name[64]) {
    snprintf(name, 64, "/vsimem/demgrad-preview-%p.tif", unique);
}

static bool write_elevations(const dg_surface *s, const char *name) {
    GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("GTiff"), name, s->grid.width,
                                      s->grid.height, 1, GDT_Float32, NULL);
    if (!dataset)
        return false;
    if (s->grid.has_geotransform)
        GDALSetGeoTransform(dataset, (double *)s->grid.geotransform);
    if (s->crs)
        GDALSetProjection(dataset, s->crs);
    const CPLErr result =
        GDALRasterIO(GDALGetRasterBand(dataset, 1), GF_Write, 0, 0, s->grid.width, s->grid.height,
                     s->values, s->grid.width, s->grid.height, GDT_Float32, 0, 0);
    GDALClose(dataset);
    return result == CE_None;
}

/* Takes the pipeline's blocks, which are of the surface, into the field, which is of what is drawn. */
typedef struct taker {
    const dg_field *field;
    dg_window drawn;
} taker;

static demgrad_status take(const dg_block *block, void *user, demgrad_error *error) {
    const taker *t = user;
    float *const bands[] = {t->field->dzdx, t->field->dzdy, t->field->extra};
    const int count = t->field->extra ? 3 : 2;
    const dg_window w = block->window;
    (void)error;
    for (int i = 0; i < count * w.height; i++) {
        const int band = i / w.height, row = i % w.height;
        float *to = bands[band] + (ptrdiff_t)(w.row - t->drawn.row + row) * t->drawn.width +
                    (w.col - t->drawn.col);
        const void *from = dg_block_row(block, band, row);
        for (int col = 0; col < w.width; col++)
            to[col] = (float)dg_value(from, block->type, col);
    }
    return DEMGRAD_OK;
}

/* The surface's pixels are metres, in a raster of its own. They are larger, and means, whose errors are
 * smaller. */
static demgrad_raster_options surface_options(const dg_surface *s, const demgrad_raster_options *o,
                                              const char *const *bands) {
    const double across = (double)s->info.width / s->drawn.width;
    const double down = (double)s->info.height / s->drawn.height;
    demgrad_raster_options own = *o;
    memset(own.output_window, 0, sizeof own.output_window);
    memset(own.output_bbox, 0, sizeof own.output_bbox);
    own.band = 1;
    own.decode = DEMGRAD_DECODE_NONE;
    own.open_options = own.input_drivers = NULL;
    own.input_nodata = NULL;
    own.input_nodata_count = 0;
    own.crs = s->crs;
    if (own.wrap == DEMGRAD_WRAP_YES) /* which holds for the raster itself */
        own.wrap = DEMGRAD_WRAP_AUTO;
    own.z_unit = NULL;
    own.z_factor = 1;
    own.spacing_x *= across;
    own.spacing_y *= down;
    own.z_error /= sqrt(across * down);
    own.bands = bands;
    own.type = DEMGRAD_FLOAT32;
    return own;
}

static demgrad_status compute(const dg_surface *s, const char *name,
                              const demgrad_raster_options *options, const char *extra,
                              dg_field *field, demgrad_error *error) {
    const char *const bands[] = {"dzdx", "dzdy", extra, NULL};
    const demgrad_raster_options own = surface_options(s, options, bands);
    const dg_messages silent = {
        0}; /* what there is to warn of was told when the inputs were opened */
    dg_setup *setup;
    demgrad_status status = dg_setup_open(&name, 1, &own, &silent, NULL, &setup, error);
    if (status)
        return status;
    taker t = {field, s->drawn};
    dg_outlet outlet = {.window = s->drawn, .take = take, .take_user = &t};
    const dg_pass pass = {.setup = setup, .threads = 1, .memory = (int64_t)32 << 20};
    status = dg_pass_run(&pass, &outlet, 1, error);
    dg_setup_close(setup);
    return status;
}

static demgrad_status from_elevations(const dg_surface *s, const demgrad_raster_options *options,
                                      const char *extra, dg_field *field, demgrad_error *error) {
    if (s->grid.width <= options->edge_order || s->grid.height <= options->edge_order)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "a map of %d x %d pixels is too small for slopes; make it larger (--size)",
                       s->grid.width, s->grid.height);
    const size_t bytes = (size_t)s->drawn.width * (size_t)s->drawn.height * sizeof(float);
    field->is_owned = true;
    field->dzdx = malloc(bytes);
    field->dzdy = malloc(bytes);
    char name[64];
    make_name(field, name);
    field->extra = extra ? malloc(bytes) : NULL;
    if (!field->dzdx || !field->dzdy || (extra && !field->extra) || !write_elevations(s, name))
        return dg_fail_memory(error, "the picture's surface");
    const demgrad_status status = compute(s, name, options, extra, field, error);
    VSIUnlink(name);
    return status;
}

demgrad_status dg_field_make(const dg_surface *surface, const demgrad_raster_options *options,
                             const char *extra, dg_field *field, demgrad_error *error) {
    *field = (dg_field){0};
    if (surface->kind == DG_SURFACE_GRADIENT && extra)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "a gradient does not tell its %s; give the DEM in its place", extra);
    if (surface->kind == DG_SURFACE_GRADIENT) {
        field->dzdx = dg_surface_band(surface, 0);
        field->dzdy = dg_surface_band(surface, 1);
        return DEMGRAD_OK;
    }
    const demgrad_status status = from_elevations(surface, options, extra, field, error);
    if (status)
        dg_field_free(field);
    return status;
}

void dg_field_free(dg_field *field) {
    if (field->is_owned) {
        free(field->dzdx);
        free(field->dzdy);
        free(field->extra);
    }
    *field = (dg_field){0};
}

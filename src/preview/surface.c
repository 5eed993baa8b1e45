#include "surface.h"

#include "memory.h"
#include "opened.h"
#include "reduce.h"
#include "setup.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pixels that are read at the most; with more of them, and no overviews, blocks are left out. */
static const double MOST_READ = 1.2e9;

/* An overview must have so many pixels for one of the surface, so that its own coarseness and where it
 * was cut do not show. */
static const double OVERSAMPLING = 2;

static void open_input(const char *path, const demgrad_raster_options *o, dg_opened *opened) {
    dg_opened_begin(opened, path);
    opened->dataset =
        GDALOpenEx(opened->name, GDAL_OF_RASTER, o->input_drivers, o->open_options, NULL);
}

/* The band of that description, from 1; 0: none. */
static int find_band(GDALDatasetH dataset, const char *description) {
    for (int i = 1; i <= GDALGetRasterCount(dataset); i++) {
        if (strcmp(GDALGetDescription(GDALGetRasterBand(dataset, i)), description) == 0)
            return i;
    }
    return 0;
}

/* Where an input keeps what is read of it. */
typedef struct bands {
    dg_surface_kind kind;
    int number[2];
} bands;

static demgrad_status find_bands(GDALDatasetH dataset, const char *path, int band, bands *b,
                                 demgrad_error *error) {
    const int dzdx = find_band(dataset, "dz/dx"), dzdy = find_band(dataset, "dz/dy");
    *b = (bands){DG_SURFACE_ELEVATION, {band, 0}};
    if (dzdx && dzdy) {
        *b = (bands){DG_SURFACE_GRADIENT, {dzdx, dzdy}};
    } else if (dzdx || dzdy || GDALGetMetadataItem(dataset, "DEMGRAD_METRIC", NULL)) {
        return dg_fail(
            error, DEMGRAD_INVALID_ARGUMENT,
            "%s: was written by demgrad, but does not hold both dz/dx and dz/dy; give one "
            "that does, or the DEM",
            path);
    }
    return DEMGRAD_OK;
}

static demgrad_status look_at(const char *path, const demgrad_raster_options *o, bands *b,
                              demgrad_error *error) {
    dg_opened opened;
    open_input(path, o, &opened);
    *b = (bands){DG_SURFACE_ELEVATION, {o->band, 0}};
    demgrad_status status = DEMGRAD_OK; /* or the reader will say what is wrong */
    if (opened.dataset)
        status = find_bands(opened.dataset, path, o->band, b, error);
    dg_opened_end(&opened);
    return status;
}

/* A gradient is read as it is: without a unit, and without another frame or metric. */
static demgrad_raster_options reading_options(const demgrad_raster_options *o, const bands *b) {
    demgrad_raster_options reading = *o;
    if (b->kind == DG_SURFACE_GRADIENT) {
        reading.band = b->number[0];
        reading.z_factor = 1;
        reading.z_unit = NULL;
    }
    return reading;
}

static void read_gradient_facts(const char *path, const demgrad_raster_options *o,
                                dg_surface *surface) {
    dg_opened opened;
    open_input(path, o, &opened);
    if (opened.dataset) {
        const char *frame = GDALGetMetadataItem(opened.dataset, "DEMGRAD_FRAME", NULL);
        const char *metric = GDALGetMetadataItem(opened.dataset, "DEMGRAD_METRIC", NULL);
        surface->is_frame_true = frame && strcmp(frame, "true") == 0;
        snprintf(surface->metric, sizeof surface->metric, "%s", metric ? metric : "");
    }
    dg_opened_end(&opened);
}

/* What is drawn takes the place of the whole. */
static void take_part(const dg_setup *setup, dg_surface *s) {
    const dg_source_info *source = dg_source_describe(setup->source);
    s->part = setup->window;
    s->whole_width = source->grid.width;
    s->whole_height = source->grid.height;
    s->halo = s->kind == DG_SURFACE_ELEVATION ? dg_differences_halo(&setup->recipe.differences) : 0;
    s->grid = dg_source_part_grid(source, s->part);
    s->info.width = s->grid.width;
    s->info.height = s->grid.height;
    memcpy(s->info.geotransform, s->grid.geotransform, sizeof s->info.geotransform);
}

demgrad_status dg_surface_open(const char *const *inputs, size_t count,
                               const demgrad_raster_options *options, const dg_messages *messages,
                               dg_file_set *files, dg_surface *surface, demgrad_error *error) {
    bands first, other;
    demgrad_status status = look_at(inputs[0], options, &first, error);
    for (size_t i = 1; i < count && !status; i++) {
        status = look_at(inputs[i], options, &other, error);
        if (!status && other.kind != first.kind)
            status = dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                             "%s: is a gradient, or %s is one; a picture is of the one kind or the "
                             "other",
                             inputs[i], inputs[0]);
    }
    if (status)
        return status;
    *surface = (dg_surface){.kind = first.kind};
    const demgrad_raster_options reading = reading_options(options, &first);
    dg_setup setup;
    status = dg_setup_open(inputs, count, &reading, messages, files, &setup, error);
    if (status)
        return status;
    status = dg_setup_describe(&setup, &surface->info, error);
    if (!status)
        status = dg_metric_find_compass(setup.metric, setup.window, &surface->compass, error);
    surface->is_upside_down = surface->info.has_geotransform &&
                              surface->compass.grid_north[0] == 0 &&
                              surface->compass.grid_north[1] > 0;
    const dg_source_info *source = dg_source_describe(setup.source);
    take_part(&setup, surface);
    if (!status && (source->places[0] || source->places[1]))
        status = dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                         "%s: its columns or rows are not evenly spaced; a picture is drawn of its "
                         "gradient (demgrad gradient) or of an even grid (gdalwarp)",
                         inputs[0]);
    surface->crs = source->crs ? strdup(source->crs) : NULL;
    if (source->crs && !surface->crs && !status)
        status = dg_fail_memory(error, "the CRS");
    dg_setup_close(&setup);
    if (!status && first.kind == DG_SURFACE_GRADIENT)
        read_gradient_facts(inputs[0], options, surface);
    return status;
}

/* The overview with the fewest pixels that still has enough of them, or -1; and how many it has. */
static int choose_overview(const char *path, const demgrad_raster_options *o, int band,
                           double least_width, double least_height, double *pixels) {
    dg_opened opened;
    open_input(path, o, &opened);
    GDALRasterBandH of = opened.dataset ? GDALGetRasterBand(opened.dataset, band) : NULL;
    int best = -1, best_width = of ? GDALGetRasterBandXSize(of) : 0;
    for (int i = 0; of && i < GDALGetOverviewCount(of); i++) {
        GDALRasterBandH overview = GDALGetOverview(of, i);
        const int width = overview ? GDALGetRasterBandXSize(overview) : 0;
        if (width >= least_width && GDALGetRasterBandYSize(overview) >= least_height &&
            width < best_width) {
            best = i;
            best_width = width;
            *pixels = (double)width * GDALGetRasterBandYSize(overview);
        }
    }
    dg_opened_end(&opened);
    return best;
}

/* An input as it is read: which of its bands, and which of its overviews. */
typedef struct part {
    const char *path;
    int number[2];
    int overview;
} part;

static demgrad_status open_part(const part *p, int band, const demgrad_raster_options *o,
                                dg_source **source, demgrad_error *error) {
    char level[16];
    dg_list open_options = {0};
    dg_list_add_all(&open_options, o->open_options);
    snprintf(level, sizeof level, "%d", p->overview);
    if (p->overview >= 0)
        dg_list_set(&open_options, "OVERVIEW_LEVEL", level);
    dg_source_options options = dg_setup_source_options(o, NULL);
    options.band = p->number[band];
    options.open_options = dg_list_items(&open_options);
    demgrad_status status = dg_list_check(&open_options, error);
    if (!status)
        status = dg_source_open(&p->path, 1, &options, NULL, source, error);
    dg_list_free(&open_options);
    return status;
}

typedef struct reading {
    dg_surface *surface;
    const demgrad_raster_options *options;
    part *parts;
    size_t count;
    dg_surface_continue go_on;
    void *user;
    double share; /* that is done */
} reading;

static bool ask(void *user) {
    const reading *r = user;
    return !r->go_on || r->go_on(r->share, r->user);
}

/* What choosing found out. */
typedef struct cost {
    double pixels;                 /* that reading all parts takes */
    int block_width, block_height; /* of the last one */
} cost;

static demgrad_status choose_parts(reading *r, const char *const *inputs, int width, int height,
                                   cost *found, demgrad_error *error) {
    const dg_grid *full = &r->surface->grid;
    const double across = OVERSAMPLING * width / full->width;
    const double down = OVERSAMPLING * height / full->height;
    const double share =
        (double)full->width / r->surface->whole_width * full->height / r->surface->whole_height;
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < r->count && !status; i++) {
        bands b;
        status = look_at(inputs[i], r->options, &b, error);
        r->parts[i] = (part){.path = inputs[i], {b.number[0], b.number[1]}, .overview = -1};
        dg_source *source = NULL;
        if (!status)
            status = open_part(&r->parts[i], 0, r->options, &source, error);
        if (status)
            break;
        const dg_source_info *info = dg_source_describe(source);
        double pixels = (double)info->grid.width * info->grid.height;
        const bool has_means = r->options->decode == DEMGRAD_DECODE_NONE; /* of coded ones: none */
        if (across < 1 && down < 1 && has_means)
            r->parts[i].overview =
                choose_overview(inputs[i], r->options, b.number[0], across * info->grid.width,
                                down * info->grid.height, &pixels);
        found->pixels += pixels * share;
        found->block_width = info->block_width;
        found->block_height = info->block_height;
        dg_source_close(source);
    }
    return status;
}

/* So few cells that one block for each of them can be read. */
static void make_sparse(const dg_grid *full, int block_width, int block_height, int *width,
                        int *height) {
    const double across = ceil((double)full->width / block_width);
    const double down = ceil((double)full->height / block_height);
    const double block = (double)block_width * block_height;
    while (fmin(*width, across) * fmin(*height, down) * block > MOST_READ &&
           (*width > 2 || *height > 2)) {
        *width = *width > 2 ? (int)(*width * 0.9) : 2;
        *height = *height > 2 ? (int)(*height * 0.9) : 2;
    }
}

static void fill(const dg_cells *cells, double factor, float *values) {
    const int64_t count = (int64_t)cells->width * cells->height;
    for (int64_t i = 0; i < count; i++)
        values[i] = dg_cells_mean(cells, i, factor);
}

static demgrad_status read_band(reading *r, int band, dg_reduction reduction,
                                demgrad_error *error) {
    dg_surface *s = r->surface;
    dg_grid full = s->grid;
    full.width = s->info.width;
    full.height = s->info.height;
    memcpy(full.geotransform, s->info.geotransform, sizeof full.geotransform);
    dg_cells cells;
    demgrad_status status = dg_cells_create(&full, s->drawn, s->grid.width, s->grid.height,
                                            reduction == DG_REDUCTION_SPARSE, &cells, error);
    if (status)
        return status;
    const int all = s->kind == DG_SURFACE_GRADIENT ? 2 : 1;
    for (size_t i = 0; i < r->count && !status; i++) {
        dg_source *source;
        r->share = ((double)band + (double)i / (double)r->count) / all;
        status = open_part(&r->parts[i], band, r->options, &source, error);
        if (status)
            break;
        status = dg_cells_add(&cells, source, ask, r, error);
        dg_source_close(source);
    }
    const double factor = s->kind == DG_SURFACE_ELEVATION ? s->info.z_unit_m : 1;
    if (!status)
        fill(&cells, factor, dg_surface_band(s, band));
    dg_cells_free(&cells);
    return status;
}

/* The grid of `width` x `height` pixels in place of those of `full`. */
static dg_grid coarsen(const dg_grid *full, int width, int height) {
    dg_grid grid = *full;
    const double across = (double)full->width / width, down = (double)full->height / height;
    grid.width = width;
    grid.height = height;
    for (int i = 0; i < 6; i += 3) {
        grid.geotransform[1 + i] *= across;
        grid.geotransform[2 + i] *= down;
    }
    return grid;
}

/* Of `halo` cells that the gradient takes on one side, those that `pixels` of the inputs fill. */
static int count_cells(int halo, int pixels, double pixels_each) {
    return (int)fmin(halo, floor(pixels / pixels_each + 1e-9));
}

/* Room for the cells around what is drawn. */
static void add_rim(dg_surface *s) {
    const double across = (double)s->info.width / s->grid.width;
    const double down = (double)s->info.height / s->grid.height;
    const int right = s->whole_width - s->part.col - s->part.width;
    const int below = s->whole_height - s->part.row - s->part.height;
    const int left = count_cells(s->halo, s->part.col, across);
    const int top = count_cells(s->halo, s->part.row, down);
    double *g = s->grid.geotransform;
    s->drawn = (dg_window){left, top, s->grid.width, s->grid.height};
    s->grid.width += left + count_cells(s->halo, right, across);
    s->grid.height += top + count_cells(s->halo, below, down);
    g[0] -= left * g[1] + top * g[2];
    g[3] -= left * g[4] + top * g[5];
}

void dg_surface_crop(dg_surface *s) {
    const int count = s->kind == DG_SURFACE_GRADIENT ? 2 : 1;
    const dg_window d = s->drawn;
    float *to = s->values;
    double *g = s->grid.geotransform;
    for (int i = 0; i < count * d.height; i++, to += d.width) {
        const float *band = dg_surface_band(s, i / d.height);
        const ptrdiff_t row = d.row + i % d.height;
        memmove(to, band + row * s->grid.width + d.col, (size_t)d.width * sizeof *to);
    }
    g[0] += d.col * g[1] + d.row * g[2];
    g[3] += d.col * g[4] + d.row * g[5];
    s->grid.width = d.width;
    s->grid.height = d.height;
    s->drawn = dg_grid_window(&s->grid);
}

static demgrad_status read_parts(reading *r, const char *const *inputs, int width, int height,
                                 demgrad_error *error) {
    dg_surface *s = r->surface;
    cost found = {0};
    demgrad_status status = choose_parts(r, inputs, width, height, &found, error);
    if (status)
        return status;
    s->reduction = width == s->grid.width && height == s->grid.height ? DG_REDUCTION_NONE
                   : r->parts[0].overview >= 0                        ? DG_REDUCTION_OVERVIEWS
                                                                      : DG_REDUCTION_MEAN;
    if (found.pixels > MOST_READ) {
        s->reduction = DG_REDUCTION_SPARSE;
        make_sparse(&s->grid, found.block_width, found.block_height, &width, &height);
    }
    s->grid = coarsen(&s->grid, width, height);
    add_rim(s);
    const int count = s->kind == DG_SURFACE_GRADIENT ? 2 : 1;
    s->values =
        malloc((size_t)count * (size_t)s->grid.width * (size_t)s->grid.height * sizeof *s->values);
    if (!s->values)
        return dg_fail_memory(error, "the picture's surface");
    for (int band = 0; band < count && !status; band++)
        status = read_band(r, band, s->reduction, error);
    return status;
}

demgrad_status dg_surface_read(dg_surface *surface, const char *const *inputs, size_t count,
                               const demgrad_raster_options *options, int width, int height,
                               dg_surface_continue go_on, void *user, demgrad_error *error) {
    reading r = {
        .surface = surface, .options = options, .count = count, .go_on = go_on, .user = user};
    r.parts = calloc(count, sizeof *r.parts);
    if (!r.parts)
        return dg_fail_memory(error, "the inputs");
    const demgrad_status status =
        read_parts(&r, inputs, width < surface->grid.width ? width : surface->grid.width,
                   height < surface->grid.height ? height : surface->grid.height, error);
    free(r.parts);
    return status;
}

void dg_surface_free(dg_surface *surface) {
    free(surface->crs);
    free(surface->values);
    *surface = (dg_surface){0};
}

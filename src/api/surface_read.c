/* A surface's values: the inputs' pixels, or those of their overviews, as means. */
#include "surface.h"

#include "find.h"
#include "memory.h"
#include "reduce.h"
#include "setup_inside.h"
#include "surface_marks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pixels that are read at the most; with more of them, and no overviews, blocks are left out. */
static const double MOST_READ = 1.2e9;

/* An overview must have so many pixels for one of the surface, so that its own coarseness and where it
 * was cut do not show. */
static const double OVERSAMPLING = 2;

/* An input as it is read: which of its bands, and which of its overviews. */
typedef struct part {
    const char *path;
    int number[2];
    int overview;
} part;

/* What there is to warn of when it is opened was told when all were; `messages` get what comes while it is
 * read. */
static demgrad_status open_part(const part *p, int band, const demgrad_raster_options *o,
                                const dg_messages *messages, dg_source **source,
                                demgrad_error *error) {
    char level[16];
    dg_list open_options = {0};
    dg_list_add_all(&open_options, o->open_options);
    snprintf(level, sizeof level, "%d", p->overview);
    if (p->overview >= 0)
        dg_list_set(&open_options, "OVERVIEW_LEVEL", level);
    dg_source_options options = dg_setup_source_options(o, messages);
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
    const dg_messages *messages;
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

static part part_of(const char *path, const demgrad_raster_options *o,
                    const dg_gradient_marks *marks) {
    part p = {.path = path, .number = {o->band, 0}, .overview = -1};
    if (marks->dzdx > 0) {
        p.number[0] = marks->dzdx;
        p.number[1] = marks->dzdy;
    }
    return p;
}

/* How it is read, where `across` and `down` of its pixels are enough along a side; adds what that takes. */
static demgrad_status choose_part(const reading *r, const char *path, double across, double down,
                                  part *p, cost *found, demgrad_error *error) {
    dg_gradient_marks marks;
    demgrad_status status = dg_surface_marks(path, r->options, &marks, error);
    if (status)
        return status;
    *p = part_of(path, r->options, &marks);
    dg_source *source;
    status = open_part(p, 0, r->options, NULL, &source, error);
    if (status)
        return status;
    const dg_source_info *info = dg_source_describe(source);
    const dg_raster_file file = dg_surface_file(path, r->options);
    double pixels = (double)info->grid.width * info->grid.height;
    const bool has_means = r->options->decode == DEMGRAD_DECODE_NONE; /* of coded ones: none */
    if (across < 1 && down < 1 && has_means)
        p->overview = dg_raster_file_overview(&file, p->number[0], across * info->grid.width,
                                              down * info->grid.height, &pixels);
    found->pixels += pixels;
    found->block_width = info->block_width;
    found->block_height = info->block_height;
    dg_source_close(source);
    return DEMGRAD_OK;
}

static demgrad_status choose_parts(reading *r, const char *const *inputs, int width, int height,
                                   cost *found, demgrad_error *error) {
    const dg_grid *full = &r->surface->grid;
    const double across = OVERSAMPLING * width / full->width;
    const double down = OVERSAMPLING * height / full->height;
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < r->count && !status; i++)
        status = choose_part(r, inputs[i], across, down, &r->parts[i], found, error);
    found->pixels *=
        (double)full->width / r->surface->whole_width * full->height / r->surface->whole_height;
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

/* What a run would find among the elevations; inputs that are scaled each in its own way have no ends in
 * common. */
static void warn_of_findings(const reading *r, const dg_cells *cells) {
    const dg_setup *setup = r->surface->setup;
    const dg_watch watch = {.elevations = cells->elevations};
    if (!setup || cells->differ_in_scale)
        return;
    dg_notes notes = {0};
    const dg_findings findings = dg_findings_of(setup, &watch, DG_FLOAT);
    dg_findings_note(&findings, r->options, dg_source_name(setup->source), &notes);
    dg_warn_notes(r->messages, &notes);
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
    if (s->setup)
        dg_cells_watch(&cells, dg_source_describe(s->setup->source), s->setup->gap);
    const int all = s->kind == DG_SURFACE_GRADIENT ? 2 : 1;
    for (size_t i = 0; i < r->count && !status; i++) {
        dg_source *source;
        r->share = ((double)band + (double)i / (double)r->count) / all;
        status = open_part(&r->parts[i], band, r->options, r->messages, &source, error);
        if (status)
            break;
        status = dg_cells_add(&cells, source, ask, r, error);
        dg_source_close(source);
    }
    const double factor = s->kind == DG_SURFACE_ELEVATION ? s->info.z_unit_m : 1;
    if (!status)
        fill(&cells, factor, dg_surface_band(s, band));
    if (!status)
        warn_of_findings(r, &cells);
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
                               const demgrad_raster_options *options, const dg_messages *messages,
                               int width, int height, dg_surface_continue go_on, void *user,
                               demgrad_error *error) {
    reading r = {.surface = surface,
                 .options = options,
                 .messages = messages,
                 .count = count,
                 .go_on = go_on,
                 .user = user};
    r.parts = calloc(count, sizeof *r.parts);
    if (!r.parts)
        return dg_fail_memory(error, "the inputs");
    const demgrad_status status =
        read_parts(&r, inputs, width < surface->grid.width ? width : surface->grid.width,
                   height < surface->grid.height ? height : surface->grid.height, error);
    free(r.parts);
    dg_setup_close(surface->setup);
    surface->setup = NULL;
    return status;
}

#include "metric_private.h"

#include "lattice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct dg_metric_rows {
    const dg_metric *metric;
    dg_ground ground;
    dg_lattice *lattice; /* NULL where every row is one span */
    dg_span span;
};

/* Factors of a plane: (z_X, z_Y) = A^-T (z_col, z_row), in metres. */
static void plane_factors(const dg_metric *m, double k[4]) {
    const double *t = m->grid.geotransform;
    const double scale = m->options.rise_m / (dg_grid_determinant(&m->grid) * m->crs.linear_unit_m);
    k[0] = t[5] * scale;
    k[1] = -t[4] * scale;
    k[2] = -t[2] * scale;
    k[3] = t[1] * scale;
}

/* x and y count to grid east and north here too, as far as columns and rows lead there. */
static void pixel_factors(const dg_metric *m, double k[4]) {
    const double *t = m->grid.geotransform;
    const bool leads_west = !m->options.columns_as_given && t[1] < 0;
    const bool leads_south = !m->options.rows_as_given && t[5] < 0;
    k[0] = m->options.rise_m / m->options.column_m * (leads_west ? -1 : 1);
    k[1] = k[2] = 0;
    k[3] = m->options.rise_m / m->options.row_m * (leads_south ? -1 : 1);
}

static demgrad_status check(const dg_metric *m, demgrad_error *error) {
    if (m->kind == DG_METRIC_PIXEL)
        return DEMGRAD_OK;
    const double det = dg_grid_determinant(&m->grid);
    if (det == 0 || !isfinite(det))
        return dg_fail(error, DEMGRAD_UNSUPPORTED,
                       "the geotransform gives pixels no area; mend it (gdal_edit.py -a_ullr), or "
                       "give --spacing");
    if (m->kind == DG_METRIC_MAP && m->crs.is_angular)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the CRS is geographic, so its map unit is an angle and not a length: use "
                       "--metric ground, or give --spacing");
    return DEMGRAD_OK;
}

/* The geotransform to easting and northing, from the one to the raster's x and y. */
static void turn_grid(const dg_crs_facts *crs, dg_grid *grid) {
    double turned[6];
    for (int i = 0; i < 2; i++) {
        const dg_axis_use to = crs->compass[i];
        const int from = crs->raster[0].index == to.index ? 0 : 1;
        const double sign = to.sign;
        /* + 0: no minus before a zero. */
        for (int j = 0; j < 3; j++)
            turned[3 * i + j] = sign * grid->geotransform[3 * from + j] + 0;
    }
    memcpy(grid->geotransform, turned, sizeof turned);
}

static dg_metric_kind kind_for(dg_metric_kind wanted, dg_crs_kind crs) {
    const bool has_ellipsoid = crs == DG_CRS_GEOGRAPHIC || crs == DG_CRS_PROJECTED;
    return wanted == DG_METRIC_GROUND && !has_ellipsoid ? DG_METRIC_MAP : wanted;
}

demgrad_status dg_metric_create(const dg_grid *grid, const char *crs,
                                const dg_metric_options *options, dg_metric **metric,
                                demgrad_error *error) {
    dg_metric *m = calloc(1, sizeof *m);
    if (!m)
        return dg_fail_memory(error, "the metric");
    m->grid = *grid;
    m->options = *options;
    m->crs_text = strdup(crs ? crs : "");
    dg_projection *projection = NULL;
    demgrad_status status =
        m->crs_text ? dg_crs_read(crs, &m->crs,
                                  options->kind == DG_METRIC_GROUND ? &projection : NULL, error)
                    : dg_fail_memory(error, "the metric");
    atomic_init(&m->spare, projection);
    if (!status) {
        if (grid->has_geotransform || options->places[0] || options->places[1])
            turn_grid(&m->crs, &m->grid);
        m->kind = kind_for(options->kind, m->crs.kind);
        dg_grid_position(&m->grid, m->position);
        status = check(m, error);
    }
    if (status) {
        dg_metric_destroy(m);
        return status;
    }
    if (m->kind == DG_METRIC_PIXEL)
        pixel_factors(m, m->constant);
    else if (m->kind == DG_METRIC_MAP)
        plane_factors(m, m->constant);
    *metric = m;
    return DEMGRAD_OK;
}

void dg_metric_destroy(dg_metric *metric) {
    if (!metric)
        return;
    dg_projection_destroy(atomic_load(&metric->spare));
    free(metric->crs_text);
    free(metric);
}

void dg_metric_scale_rise(dg_metric *metric, double factor) {
    metric->options.rise_m *= factor;
    for (int i = 0; i < 4; i++)
        metric->constant[i] *= factor;
}

const dg_crs_facts *dg_metric_crs(const dg_metric *metric) {
    return &metric->crs;
}

const char *dg_metric_axis_direction(const dg_metric *metric, int axis) {
    return metric->crs.axis_direction[metric->crs.raster[axis].index];
}

dg_metric_kind dg_metric_kind_in_force(const dg_metric *metric) {
    return metric->kind;
}

bool dg_metric_mixes_axes(const dg_metric *metric) {
    if (metric->kind == DG_METRIC_PIXEL)
        return false;
    if (!dg_grid_is_upright(&metric->grid))
        return true;
    return metric->kind == DG_METRIC_GROUND && metric->crs.kind == DG_CRS_PROJECTED &&
           metric->options.true_frame;
}

int dg_metric_wrap_columns(const dg_metric *metric) {
    const double turn = 6.28318530717958647692;
    if (metric->kind == DG_METRIC_PIXEL || metric->crs.kind != DG_CRS_GEOGRAPHIC ||
        !dg_grid_is_upright(&metric->grid))
        return 0;
    const double pixel_rad = fabs(metric->grid.geotransform[1]) * metric->crs.angular_unit_rad;
    const double columns = turn / pixel_rad;
    /* A hundredth of a pixel is the rounding of a pixel size that was written in decimals. */
    if (columns > metric->grid.width + 0.01 || fabs(columns - round(columns)) > 0.01)
        return 0;
    return (int)round(columns);
}

demgrad_status dg_metric_open_ground(const dg_metric *m, dg_ground *ground, demgrad_error *error) {
    *ground = (dg_ground){.grid = m->grid,
                          .position = {m->position[0], m->position[1]},
                          .places = {m->options.places[0], m->options.places[1]},
                          .crs = m->crs,
                          .true_frame = m->options.true_frame,
                          .rise_m = m->options.rise_m};
    if (m->crs.kind != DG_CRS_PROJECTED)
        return DEMGRAD_OK;
    ground->projection = atomic_exchange(&((dg_metric *)m)->spare, NULL);
    return ground->projection ? DEMGRAD_OK
                              : dg_projection_create(m->crs_text, &ground->projection, error);
}

void dg_metric_close_ground(const dg_metric *metric, dg_ground *ground) {
    if (ground->projection)
        dg_projection_destroy(atomic_exchange(&((dg_metric *)metric)->spare, ground->projection));
    ground->projection = NULL;
}

demgrad_status dg_metric_rows_create(const dg_metric *metric, dg_metric_rows **rows,
                                     demgrad_error *error) {
    dg_metric_rows *r = calloc(1, sizeof *r);
    if (!r)
        return dg_fail_memory(error, "the metric");
    r->metric = metric;
    demgrad_status status = DEMGRAD_OK;
    if (metric->kind == DG_METRIC_GROUND) {
        status = dg_metric_open_ground(metric, &r->ground, error);
        const dg_field field = {dg_ground_factors,
                                dg_ground_reach,
                                &r->ground,
                                {metric->position[0], metric->position[1]}};
        if (!status && (r->ground.projection || !dg_grid_is_upright(&metric->grid)))
            status = dg_lattice_create(&metric->grid, &field, &r->lattice, error);
    }
    if (status) {
        dg_metric_rows_destroy(r);
        return status;
    }
    *rows = r;
    return DEMGRAD_OK;
}

void dg_metric_rows_destroy(dg_metric_rows *rows) {
    if (!rows)
        return;
    dg_lattice_destroy(rows->lattice);
    dg_metric_close_ground(rows->metric, &rows->ground);
    free(rows);
}

demgrad_status dg_metric_rows_prepare(dg_metric_rows *rows, dg_window window,
                                      demgrad_error *error) {
    return rows->lattice ? dg_lattice_prepare(rows->lattice, window, error) : DEMGRAD_OK;
}

demgrad_status dg_metric_rows_get(dg_metric_rows *rows, int row, int col, int width,
                                  const dg_span **spans, size_t *count, demgrad_error *error) {
    if (rows->lattice)
        return dg_lattice_row(rows->lattice, row, col, width, spans, count, error);
    dg_span *span = &rows->span;
    *span = (dg_span){.col = col, .width = width, .anchor = col};
    if (rows->metric->kind == DG_METRIC_GROUND)
        dg_ground_factors(&rows->ground, 0, row, span->k);
    else
        memcpy(span->k, rows->metric->constant, sizeof span->k);
    *spans = span;
    *count = 1;
    return DEMGRAD_OK;
}

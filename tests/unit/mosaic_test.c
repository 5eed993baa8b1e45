/* Random mosaics against their tiles laid over each other one by one. */
#include "memory_raster.h"
#include "reader.h"
#include "unit.h"

#include <cpl_conv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TILES = 12, MOST = 40, SPAN = 90 };

typedef enum validity { ALL_VALID, BY_NODATA, BY_ALPHA, BY_MASK, VALIDITIES } validity;

typedef struct tile {
    char path[32];
    int col, row, width, height;
    GDALDataType type;
    validity by;
    double values[MOST * MOST];
} tile;

typedef struct mosaic {
    tile tiles[MOST_TILES];
    int count;
    int first_col, first_row, width, height;
    double expected[SPAN][SPAN];
} mosaic;

static const double NODATA = 7;

/* Of a tile's values those that are NODATA are holes, whatever else leaves pixels out. */
static void make_tile(tile *t, int index) {
    static const GDALDataType types[] = {GDT_Byte, GDT_Int16, GDT_UInt16, GDT_Float32, GDT_Float64};
    snprintf(t->path, sizeof t->path, "/vsimem/mosaic%d.tif", index);
    t->col = unit_random_below(SPAN - MOST);
    t->row = unit_random_below(SPAN - MOST);
    t->width = 1 + unit_random_below(MOST);
    t->height = 1 + unit_random_below(MOST);
    t->type = types[unit_random_below(sizeof types / sizeof *types)];
    t->by = (validity)unit_random_below(VALIDITIES);
    for (int i = 0; i < t->width * t->height; i++)
        t->values[i] = unit_random_chance(0.2) ? NODATA : 10 + unit_random_below(240);
    const double transform[6] = {5e5 + 10 * t->col, 10, 0, 5e6 - 10 * t->row, 0, -10};
    memory_raster_make(&(memory_raster){.path = t->path,
                                        .width = t->width,
                                        .height = t->height,
                                        .type = t->type,
                                        .values = t->values,
                                        .nodata = t->by == BY_NODATA ? &NODATA : NULL,
                                        .transform = transform,
                                        .crs = "EPSG:32632",
                                        .alpha = t->by == BY_ALPHA ? 0 : -1,
                                        .has_mask = t->by == BY_MASK});
}

static bool is_valid(const tile *t, int i) {
    if (t->by == BY_NODATA)
        return t->values[i] != NODATA;
    return t->by == ALL_VALID || i > 0;
}

static void lay(mosaic *m, const tile *t) {
    for (int i = 0; i < t->width * t->height; i++) {
        if (is_valid(t, i))
            m->expected[t->row + i / t->width][t->col + i % t->width] = t->values[i];
    }
}

/* The bounds are those of the tiles, whatever is valid in them. */
static void make_mosaic(mosaic *m, int count) {
    int end_col = 0, end_row = 0;
    m->count = count;
    m->first_col = m->first_row = SPAN;
    for (int i = 0; i < SPAN * SPAN; i++)
        m->expected[i / SPAN][i % SPAN] = (double)NAN;
    for (int i = 0; i < count; i++) {
        tile *t = &m->tiles[i];
        make_tile(t, i);
        lay(m, t);
        m->first_col = t->col < m->first_col ? t->col : m->first_col;
        m->first_row = t->row < m->first_row ? t->row : m->first_row;
        end_col = t->col + t->width > end_col ? t->col + t->width : end_col;
        end_row = t->row + t->height > end_row ? t->row + t->height : end_row;
    }
    m->width = end_col - m->first_col;
    m->height = end_row - m->first_row;
}

static dg_source *open_mosaic(const mosaic *m) {
    const dg_source_options options = {.band = 1};
    const dg_messages silent = {0};
    const char *paths[MOST_TILES];
    dg_source *source;
    demgrad_error error;
    for (int i = 0; i < m->count; i++)
        paths[i] = m->tiles[i].path;
    ASSERT_OK(dg_source_open(paths, (size_t)m->count, &options, &silent, &source, &error));
    return source;
}

static void check_window(const mosaic *m, dg_reader *reader, dg_window w, dg_type type) {
    static double z[(MOST + 20) * (MOST + 20)];
    demgrad_error error;
    const dg_block block = {z, type, w.width, 0, w};
    ASSERT_OK(dg_reader_read(reader, &block, 0, &error));
    for (int i = 0; i < w.width * w.height; i++) {
        const int col = w.col + i % w.width, row = w.row + i / w.width;
        const bool is_inside = col >= 0 && row >= 0 && col < m->width && row < m->height;
        const double right =
            is_inside ? m->expected[m->first_row + row][m->first_col + col] : (double)NAN;
        const double found = dg_value(z, type, i);
        if (isnan(right) ? !isnan(found) : found != right)
            ck_abort_msg("column %d, row %d is %g and not %g", col, row, found, right);
    }
}

static void check_mosaic(mosaic *m, int count) {
    make_mosaic(m, count);
    dg_source *source = open_mosaic(m);
    dg_reader *reader;
    demgrad_error error;
    ck_assert_int_eq(dg_source_describe(source)->grid.width, m->width);
    ck_assert_int_eq(dg_source_describe(source)->grid.height, m->height);
    ASSERT_OK(dg_reader_open(source, &reader, &error));
    for (int i = 0; i < 30; i++) {
        const int width = 1 + unit_random_below(MOST + 20), height = 1 + unit_random_below(MOST);
        const dg_window w = {unit_random_below(m->width + 9) - 9,
                             unit_random_below(m->height + height - 1) - height + 1, width, height};
        check_window(m, reader, w, i % 2 ? DG_DOUBLE : DG_FLOAT);
    }
    dg_reader_close(reader);
    dg_source_close(source);
}

START_TEST(mosaics_are_their_tiles_overlaid) {
    unit_random_start(81);
    mosaic *m = malloc(sizeof *m);
    for (int i = 0; i < 60; i++)
        check_mosaic(m, 2 + i % (MOST_TILES - 1));
    free(m);
}
END_TEST

/* Tiles of other CRSs, pixel sizes or places between the pixels have no place in a mosaic. */
START_TEST(strange_tiles_are_refused) {
    const double on_grid[6] = {5e5, 10, 0, 5e6, 0, -10}, between[6] = {5e5 + 3, 10, 0, 5e6, 0, -10};
    const double larger[6] = {5e5, 11, 0, 5e6, 0, -11}, south_up[6] = {5e5, 10, 0, 5e6, 0, 10};
    const struct {
        const double *transform;
        const char *crs;
    } strangers[] = {{between, "EPSG:32632"}, {larger, "EPSG:32632"}, {south_up, "EPSG:32632"},
                     {on_grid, "EPSG:32633"}, {on_grid, NULL},        {NULL, "EPSG:32632"}};
    memory_raster raster = {.path = "/vsimem/first.tif",
                            .width = 20,
                            .height = 20,
                            .type = GDT_Float32,
                            .transform = on_grid,
                            .crs = "EPSG:32632",
                            .alpha = -1};
    memory_raster_make(&raster);
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        static const char *const paths[] = {"/vsimem/first.tif", "/vsimem/other.tif"};
        const dg_source_options options = {.band = 1};
        const dg_messages silent = {0};
        dg_source *source;
        demgrad_error error;
        raster.path = paths[1];
        raster.transform = strangers[i].transform;
        raster.crs = strangers[i].crs;
        memory_raster_make(&raster);
        ASSERT_STATUS(dg_source_open(paths, 2, &options, &silent, &source, &error),
                      DEMGRAD_INVALID_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(error.message, paths[1]));
    }
}
END_TEST

int main(void) {
    unit_seed();
    GDALAllRegister();
    Suite *suite = suite_create("mosaic");
    const TTest *const tests[] = {mosaics_are_their_tiles_overlaid, strange_tiles_are_refused,
                                  NULL};
    unit_add(suite, "mosaic", tests);
    return unit_run(suite);
}

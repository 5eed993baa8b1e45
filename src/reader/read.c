#include "handle.h"
#include "integers.h"
#include "pool.h"
#include "scratch.h"
#include "source.h"
#include "valid.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

struct dg_reader {
    dg_source *source;
    dg_handle *handle; /* of a single raster; NULL for a selection of a catalog */
    dg_pool *pool;     /* of a selection */
    bool owns_pool;
    dg_scratch scratch; /* what a tile has where another lies below, or pieces of a window */
};

static GDALDatasetH take_spare(dg_source *source) {
    pthread_mutex_lock(&source->lock);
    GDALDatasetH spare = source->spare;
    source->spare = NULL;
    pthread_mutex_unlock(&source->lock);
    return spare;
}

static demgrad_status open_handle(dg_reader *r, demgrad_error *error) {
    dg_source *source = r->source;
    GDALDatasetH dataset = take_spare(source);
    demgrad_status status = DEMGRAD_OK;
    if (!dataset)
        status = dg_open_dataset(source->path, &source->options, NULL, &dataset, error);
    if (status)
        return status;
    r->handle = dg_handle_new(dataset, &source->options, source->name, &source->info, true, error);
    return r->handle ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
}

/* The source's own pool goes to the first reader. */
static demgrad_status open_pool(dg_reader *r, demgrad_error *error) {
    dg_source *source = r->source;
    pthread_mutex_lock(&source->lock);
    r->pool = source->pool;
    source->pool = NULL;
    pthread_mutex_unlock(&source->lock);
    r->owns_pool = !r->pool;
    if (!r->pool)
        r->pool = dg_pool_new(source->catalog, error);
    return r->pool ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
}

demgrad_status dg_reader_open(dg_source *source, dg_reader **reader, demgrad_error *error) {
    dg_reader *r = dg_alloc(1, sizeof *r, "reading", error);
    if (!r)
        return DEMGRAD_OUT_OF_MEMORY;
    r->source = source;
    const demgrad_status status = source->catalog ? open_pool(r, error) : open_handle(r, error);
    if (status) {
        free(r);
        return status;
    }
    *reader = r;
    return DEMGRAD_OK;
}

void dg_reader_close(dg_reader *reader) {
    if (!reader)
        return;
    dg_handle_close(reader->handle);
    if (reader->owns_pool)
        dg_pool_free(reader->pool);
    dg_scratch_free(&reader->scratch);
    free(reader);
}

static void lay_floats(const float *tile, int n, float *out) {
    for (int i = 0; i < n; i++)
        out[i] = isnan(tile[i]) ? out[i] : tile[i];
}

static void lay_doubles(const double *tile, int n, double *out) {
    for (int i = 0; i < n; i++)
        out[i] = isnan(tile[i]) ? out[i] : tile[i];
}

/* Lays the valid pixels of a tile over what is there. */
static void lay_over(const dg_block *tile, const dg_block *out) {
    const int width = tile->window.width;
    for (int i = 0; i < tile->window.height; i++) {
        if (tile->type == DG_DOUBLE)
            lay_doubles(dg_block_row(tile, 0, i), width, dg_block_row(out, 0, i));
        else
            lay_floats(dg_block_row(tile, 0, i), width, dg_block_row(out, 0, i));
    }
}

/* Different scales cannot be left to the metric. Such mosaics are read as doubles. */
static void apply_scale(const dg_source_info *info, const dg_block *out) {
    assert(out->type == DG_DOUBLE);
    for (int i = 0; i < out->window.height; i++) {
        double *z = dg_block_row(out, 0, i);
        for (int j = 0; j < out->window.width; j++)
            z[j] = z[j] * info->scale + info->offset;
    }
}

static demgrad_status read_tile(dg_reader *reader, size_t tile, const dg_block *out,
                                demgrad_error *error) {
    const dg_tile *t = &reader->source->catalog->tiles[tile];
    dg_block of_tile = *out;
    of_tile.window.col -= t->window.col;
    of_tile.window.row -= t->window.row;
    dg_handle *handle;
    demgrad_status status = dg_pool_get(reader->pool, tile, &handle, error);
    if (!status)
        status = dg_handle_read(handle, &of_tile, &reader->scratch, error);
    if (!status && !reader->source->common->same_scale)
        apply_scale(&t->info, out);
    size_t none = 0;
    if (status)
        atomic_compare_exchange_strong(&reader->source->unread, &none, tile + 1);
    return status;
}

/* Whether an earlier tile of the selection has pixels in `part`. */
static bool is_covered(const dg_source *source, size_t count, dg_window part) {
    for (size_t i = 0; i < count; i++) {
        if (dg_windows_overlap(source->catalog->tiles[source->tiles[i]].window, part))
            return true;
    }
    return false;
}

/* Reads a tile that lies over others. */
static demgrad_status read_over(dg_reader *reader, size_t tile, const dg_block *out,
                                demgrad_error *error) {
    const dg_window w = out->window;
    demgrad_status status = dg_scratch_reserve(
        &reader->scratch, (size_t)w.width * (size_t)w.height * dg_type_size(out->type),
        "overlapping inputs", error);
    const dg_block over = {reader->scratch.bytes, out->type, w.width, 0, w};
    if (!status)
        status = read_tile(reader, tile, &over, error);
    if (!status)
        lay_over(&over, out);
    return status;
}

/* Our own overlay, not a VRT: a VRT knows one kind of mask for a source, where rasters can have
 * nodata and alpha both, and it closes its files with itself, where neighbours are needed again. */
static demgrad_status read_selection(dg_reader *reader, const dg_block *out, demgrad_error *error) {
    const dg_source *source = reader->source;
    dg_block_clear(out);
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < source->tile_count && !status; i++) {
        const size_t tile = source->tiles[i];
        const dg_window both =
            dg_window_intersect(out->window, source->catalog->tiles[tile].window);
        if (both.width == 0 || both.height == 0)
            continue;
        const dg_block part = dg_block_part(out, both);
        status = is_covered(source, i, both) ? read_over(reader, tile, &part, error)
                                             : read_tile(reader, tile, &part, error);
    }
    return status;
}

static demgrad_status read_inside(dg_reader *reader, const dg_block *out, demgrad_error *error) {
    return reader->handle ? dg_handle_read(reader->handle, out, &reader->scratch, error)
                          : read_selection(reader, out, error);
}

/* Where column `col` is in the raster: by the fewest turns round the globe that bring it there. A wide
 * window reaches round a coarse globe more than once. */
static int turn_into(int col, int width, int wrap) {
    if (wrap == 0 || (col >= 0 && col < width))
        return col;
    const int turns = col < 0 ? (wrap - 1 - col) / wrap : -((col - width) / wrap + 1);
    return col + turns * wrap;
}

/* The columns that are in the raster, or come into it by turns round the globe; the rest is NaN. */
static demgrad_status read_columns(dg_reader *reader, const dg_block *out, int wrap,
                                   demgrad_error *error) {
    const int width = reader->source->info.grid.width, end = out->window.col + out->window.width;
    assert(wrap <= width);
    demgrad_status status = DEMGRAD_OK;
    for (int col = out->window.col, n; col < end && !status; col += n) {
        const int from = turn_into(col, width, wrap);
        const bool is_inside = from >= 0 && from < width;
        n = dg_min(col < 0 ? wrap - from : is_inside ? width - from : end, end - col);
        dg_block part =
            dg_block_part(out, (dg_window){col, out->window.row, n, out->window.height});
        part.window.col = from;
        if (is_inside)
            status = read_inside(reader, &part, error);
        else
            dg_block_clear(&part);
    }
    return status;
}

/* Where rows come few at a time, the columns of a turn round the globe are taken from rows that are still
 * there. */
static demgrad_status read_rows(dg_reader *reader, const dg_block *out, int wrap,
                                demgrad_error *error) {
    const int rows = dg_min(reader->source->info.rows_at_once, out->window.height);
    assert(rows > 0);
    demgrad_status status = DEMGRAD_OK;
    for (int done = 0; done < out->window.height && !status; done += rows) {
        dg_window w = out->window;
        w.row += done;
        w.height = dg_min(rows, w.height - done);
        const dg_block part = dg_block_part(out, w);
        status = read_columns(reader, &part, wrap, error);
    }
    return status;
}

static int clamp(int value, int least, int most) {
    return value < least ? least : value > most ? most : value;
}

/* The rows [first, end) of a block. */
static dg_block rows_of(const dg_block *block, int first, int end) {
    const dg_window w = block->window;
    return dg_block_part(block, (dg_window){w.col, first, w.width, end - first});
}

demgrad_status dg_reader_read(dg_reader *reader, const dg_block *out, int wrap,
                              demgrad_error *error) {
    const int begin = out->window.row, end = begin + out->window.height;
    const int first = clamp(0, begin, end);
    const int last = clamp(reader->source->info.grid.height, first, end);
    const dg_block above = rows_of(out, begin, first), inside = rows_of(out, first, last),
                   below = rows_of(out, last, end);
    dg_block_clear(&above);
    dg_block_clear(&below);
    return inside.window.height > 0 ? read_rows(reader, &inside, wrap, error) : DEMGRAD_OK;
}

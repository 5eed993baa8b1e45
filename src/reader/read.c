#include "handle.h"
#include "integers.h"
#include "pool.h"
#include "scratch.h"
#include "source.h"
#include "valid.h"

#include <math.h>
#include <stdlib.h>

enum { BYTES_AT_ONCE = 1 << 23 }; /* of huge strips */

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
    r->handle = dg_handle_new(dataset, &source->options, source->name, &source->info, error);
    if (!r->handle)
        return DEMGRAD_OUT_OF_MEMORY;
    dg_handle_read_by_blocks(r->handle);
    return DEMGRAD_OK;
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

static void fill_nan(dg_window w, bool as_double, void *out, ptrdiff_t stride) {
    for (int i = 0; i < w.height; i++) {
        for (int j = 0; j < w.width; j++) {
            void *z = dg_element(out, as_double, i * stride + j);
            if (as_double)
                *(double *)z = (double)NAN;
            else
                *(float *)z = NAN;
        }
    }
}

/* Lays the valid pixels of a tile over what is there. */
static void lay_over(const void *tile, dg_window w, bool as_double, void *out, ptrdiff_t stride) {
    for (int i = 0; i < w.height; i++) {
        for (int j = 0; j < w.width; j++) {
            const ptrdiff_t from = (ptrdiff_t)i * w.width + j, to = i * stride + j;
            if (as_double && !isnan(((const double *)tile)[from]))
                ((double *)out)[to] = ((const double *)tile)[from];
            else if (!as_double && !isnan(((const float *)tile)[from]))
                ((float *)out)[to] = ((const float *)tile)[from];
        }
    }
}

/* Different scales cannot be left to the metric. Such mosaics are read as doubles. */
static void apply_scale(const dg_source_info *info, dg_window w, double *z, ptrdiff_t stride) {
    for (int i = 0; i < w.height; i++) {
        for (int j = 0; j < w.width; j++)
            z[i * stride + j] = z[i * stride + j] * info->scale + info->offset;
    }
}

static demgrad_status read_tile(dg_reader *reader, size_t tile, dg_window part, bool as_double,
                                void *out, ptrdiff_t stride, demgrad_error *error) {
    const dg_catalog *catalog = reader->source->catalog;
    const dg_tile *t = &catalog->tiles[tile];
    const dg_window of_tile = {part.col - t->window.col, part.row - t->window.row, part.width,
                               part.height};
    dg_handle *handle;
    demgrad_status status = dg_pool_get(reader->pool, tile, &handle, error);
    if (!status)
        status = dg_handle_read(handle, of_tile, as_double, out, stride, &reader->scratch, error);
    if (!status && !catalog->same_scale)
        apply_scale(&t->info, part, out, stride);
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

/* Our own overlay, not a VRT: a VRT knows one kind of mask for a source, where rasters can have
 * nodata and alpha both, and it closes its files with itself, where neighbours are needed again. */
static demgrad_status read_selection(dg_reader *reader, dg_window w, bool as_double, void *out,
                                     ptrdiff_t stride, demgrad_error *error) {
    const dg_source *source = reader->source;
    fill_nan(w, as_double, out, stride);
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < source->tile_count && !status; i++) {
        const size_t tile = source->tiles[i];
        const dg_window part = dg_window_intersect(w, source->catalog->tiles[tile].window);
        if (part.width == 0 || part.height == 0)
            continue;
        void *to = dg_element(out, as_double, (part.row - w.row) * stride + part.col - w.col);
        if (!is_covered(source, i, part)) {
            status = read_tile(reader, tile, part, as_double, to, stride, error);
            continue;
        }
        const size_t size = as_double ? sizeof(double) : sizeof(float);
        status =
            dg_scratch_reserve(&reader->scratch, (size_t)part.width * (size_t)part.height * size,
                               "overlapping inputs", error);
        void *over = reader->scratch.bytes;
        if (!status)
            status = read_tile(reader, tile, part, as_double, over, part.width, error);
        if (!status)
            lay_over(over, part, as_double, to, stride);
    }
    return status;
}

static demgrad_status read_inside(dg_reader *reader, dg_window w, bool as_double, void *out,
                                  ptrdiff_t stride, demgrad_error *error) {
    return reader->handle
               ? dg_handle_read(reader->handle, w, as_double, out, stride, &reader->scratch, error)
               : read_selection(reader, w, as_double, out, stride, error);
}

/* The columns that are in the raster, or come into it by a turn round the globe; the rest is NaN.
 */
static demgrad_status read_columns(dg_reader *reader, dg_window w, int wrap, bool as_double,
                                   void *out, ptrdiff_t stride, demgrad_error *error) {
    const int width = reader->source->info.grid.width;
    demgrad_status status = DEMGRAD_OK;
    for (int done = 0, n; done < w.width && !status; done += n) {
        int col = w.col + done;
        const int edge = col < 0 ? 0 : col < width ? width : w.col + w.width;
        n = (edge < w.col + w.width ? edge : w.col + w.width) - col;
        if (wrap > 0 && (col < 0 || col >= width))
            col += col < 0 ? wrap : -wrap;
        const dg_window part = {col, w.row, n, w.height};
        void *to = dg_element(out, as_double, done);
        if (col < 0 || col + n > width)
            fill_nan(part, as_double, to, stride);
        else
            status = read_inside(reader, part, as_double, to, stride, error);
    }
    return status;
}

/* Rows of huge strips come few at a time, so that the columns of a turn round the globe are taken from
 * rows that are still there. */
static int rows_at_once(const dg_source_info *info, int height) {
    if (!info->has_huge_strips)
        return height;
    return dg_max(dg_min(BYTES_AT_ONCE / (int)sizeof(double) / info->grid.width, height), 1);
}

static demgrad_status read_rows(dg_reader *reader, dg_window w, int wrap, bool as_double, void *out,
                                ptrdiff_t stride, demgrad_error *error) {
    const int rows = rows_at_once(&reader->source->info, w.height);
    demgrad_status status = DEMGRAD_OK;
    for (int done = 0; done < w.height && !status; done += rows) {
        const dg_window part = {w.col, w.row + done, w.width, dg_min(rows, w.height - done)};
        status = read_columns(reader, part, wrap, as_double,
                              dg_element(out, as_double, done * stride), stride, error);
    }
    return status;
}

static int clamp(int value, int least, int most) {
    return value < least ? least : value > most ? most : value;
}

demgrad_status dg_reader_read(dg_reader *reader, dg_window window, int wrap, bool as_double,
                              void *out, ptrdiff_t stride, demgrad_error *error) {
    const int height = reader->source->info.grid.height;
    const int window_end = window.row + window.height;
    const int first = clamp(0, window.row, window_end);
    const int end = clamp(height, first, window_end);
    dg_window above = window, below = window, inside = window;
    above.height = first - window.row;
    inside.row = first;
    inside.height = end - first;
    below.height = window_end - end;
    fill_nan(above, as_double, out, stride);
    fill_nan(below, as_double, dg_element(out, as_double, (end - window.row) * stride), stride);
    if (inside.height == 0)
        return DEMGRAD_OK;
    return read_rows(reader, inside, wrap, as_double,
                     dg_element(out, as_double, (first - window.row) * stride), stride, error);
}

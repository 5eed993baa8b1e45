#include "inputs.h"

#include "compare.h"
#include "memory.h"
#include "pass.h"

#include <stdlib.h>

/* The metric and all that goes with it, from any input of the grid: they share it. */
static demgrad_status open_grid(const dg_inputs *in, const dg_common_grid *common,
                                dg_inputs_grid *grid, demgrad_error *error) {
    *grid = (dg_inputs_grid){.grid = common->grid,
                             .heaviest = common->heaviest,
                             .same_scale = common->same_scale,
                             .needs_double = common->needs_double};
    size_t first = common->first;
    dg_source *source;
    demgrad_status status = dg_catalog_open(in->catalog, &first, 1, in->catalog->tiles[first].path,
                                            NULL, &source, error);
    if (!status)
        status = dg_setup_take(source, in->options, in->messages, &grid->setup, error);
    if (!status)
        grid->wrap = grid->setup->wrap;
    return status;
}

static demgrad_status open_grids(dg_inputs *in, demgrad_error *error) {
    const dg_catalog *c = in->catalog;
    if (c->grid_count == 0)
        return DEMGRAD_OK;
    in->grids = dg_alloc(c->grid_count, sizeof *in->grids, "the inputs' grids", error);
    demgrad_status status = in->grids ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
    while (!status && in->grid_count < c->grid_count) {
        const size_t i = in->grid_count++;
        status = open_grid(in, &c->grids[i], &in->grids[i], error);
        if (i > 0 && status != DEMGRAD_OUT_OF_MEMORY)
            status = DEMGRAD_OK; /* each input of it fails by itself */
        if (!status)
            status = dg_messages_ask(in->messages, error);
    }
    if (!status)
        in->halo = dg_differences_halo(&in->grids[0].setup->recipe.differences);
    return status;
}

demgrad_status dg_inputs_open(const char *const *paths, size_t count,
                              const demgrad_raster_options *options, bool is_strict,
                              const dg_messages *messages, dg_file_set *files, dg_inputs *inputs,
                              demgrad_error *error) {
    dg_inputs *in = inputs;
    *in = (dg_inputs){.options = options, .messages = messages};
    dg_source_options source = dg_setup_source_options(options, messages);
    source.files = files;
    source.wants_stamps = true;
    demgrad_status status =
        dg_catalog_scan(paths, count, &source, is_strict, messages, &in->catalog, error);
    if (status)
        return status;
    in->count = in->catalog->count;
    status = open_grids(in, error);
    if (status)
        dg_inputs_close(in);
    return status;
}

void dg_inputs_close(dg_inputs *inputs) {
    for (size_t i = 0; i < inputs->grid_count; i++)
        dg_setup_close(inputs->grids[i].setup);
    free(inputs->grids);
    dg_catalog_free(inputs->catalog);
    *inputs = (dg_inputs){0};
}

dg_input dg_inputs_get(const dg_inputs *inputs, size_t index) {
    const dg_tile *t = &inputs->catalog->tiles[index];
    const bool on_grid = t->on_grid && inputs->grids[t->common].setup;
    return (dg_input){.path = t->path,
                      .problem = t->problem,
                      .grid = t->info.grid,
                      .is_point = t->info.is_point,
                      .on_grid = on_grid,
                      .common = t->common,
                      .window = on_grid ? t->window : dg_grid_window(&t->info.grid),
                      .stamp = t->stamp};
}

/* From the input's own geotransform: it may differ in its last digits from the common grid's. */
dg_grid dg_inputs_part_grid(const dg_inputs *inputs, size_t index, dg_window part) {
    return dg_source_part_grid(&inputs->catalog->tiles[index].info, part);
}

/* What there is to say of the file itself was told when all were looked at. */
demgrad_status dg_inputs_open_alone(const dg_inputs *inputs, size_t index, bool is_first,
                                    dg_setup **setup, demgrad_error *error) {
    const char *path = inputs->catalog->tiles[index].path;
    const dg_source_options options = dg_setup_source_options(inputs->options, inputs->messages);
    dg_source *source;
    const demgrad_status status = dg_source_open(&path, 1, &options, NULL, &source, error);
    return status ? status
                  : dg_setup_take(source, inputs->options, is_first ? inputs->messages : NULL,
                                  setup, error);
}

demgrad_status dg_thread_open(const dg_inputs *inputs, size_t grid, dg_thread **thread,
                              demgrad_error *error) {
    dg_thread *t = dg_alloc(1, sizeof *t, "a thread's files", error);
    if (!t)
        return DEMGRAD_OUT_OF_MEMORY;
    t->files = dg_pool_new(inputs->catalog, error);
    const demgrad_status status =
        t->files ? dg_metric_rows_create(inputs->grids[grid].setup->metric, &t->metric_rows, error)
                 : DEMGRAD_OUT_OF_MEMORY;
    if (status)
        dg_thread_close(t);
    else
        *thread = t;
    return status;
}

void dg_thread_close(dg_thread *thread) {
    if (!thread)
        return;
    dg_metric_rows_destroy(thread->metric_rows);
    dg_pool_free(thread->files);
    free(thread);
}

demgrad_status dg_inputs_open_source(const dg_inputs *inputs, const size_t *chosen, size_t count,
                                     const char *name, dg_thread *thread, dg_source **source,
                                     demgrad_error *error) {
    return dg_catalog_open(inputs->catalog, chosen, count, name, thread ? thread->files : NULL,
                           source, error);
}

void dg_inputs_close_source(dg_source *source) {
    dg_source_close(source);
}

bool dg_inputs_unread(const dg_source *source, size_t *index) {
    return dg_catalog_unread(source, index);
}

demgrad_status dg_inputs_compare(const dg_inputs *inputs, size_t index, size_t other, int shift,
                                 double *largest, int64_t *pixels, demgrad_error *error) {
    dg_comparison c;
    const demgrad_status status =
        dg_compare_tiles(inputs->catalog, index, other, shift, false, inputs->messages, &c, error);
    *largest = c.largest;
    *pixels = c.pixels;
    return status;
}

demgrad_status dg_inputs_is_readable(const dg_inputs *inputs, size_t index, dg_window window,
                                     bool *is_readable, demgrad_error *error) {
    return dg_compare_is_readable(inputs->catalog, index, window, is_readable, error);
}

demgrad_status dg_inputs_find_rivals(const dg_inputs *inputs, size_t pair[2], bool *found,
                                     demgrad_error *error) {
    return dg_compare_find_rivals(inputs->catalog, inputs->messages, pair, found, error);
}

#include "open_writer.h"
#include "options.h"
#include "pass.h"

/* What the program and its libraries take of the memory that the user allows, buffers and GDAL's
 * cache aside. */
static const int64_t PROCESS = (int64_t)96 << 20, LEAST_BUFFERS = (int64_t)16 << 20;

int64_t dg_budget_buffers(int64_t memory) {
    const int64_t left = memory - memory / DEMGRAD_CACHE_SHARE - PROCESS;
    return left > LEAST_BUFFERS ? left : LEAST_BUFFERS;
}

dg_pipeline dg_budget_pipeline(const dg_pass *pass, dg_window window) {
    const dg_setup *setup = pass->setup;
    const demgrad_raster_options *o = setup->options;
    const dg_stored stored = {dg_output_type(o), o->nodata};
    const bool needs_double = stored.type == DG_DOUBLE ||
                              dg_source_describe(dg_pass_source(pass))->needs_double ||
                              setup->column_weights || setup->row_weights;
    return (dg_pipeline){.source = dg_pass_source(pass),
                         .metric = setup->metric,
                         .metric_rows = pass->thread ? pass->thread->metric_rows : NULL,
                         .kernel = setup->kernel,
                         .recipe = setup->recipe,
                         .settling = dg_settling_for(&stored),
                         .ends_only = o->no_statistics,
                         .gap = setup->gap,
                         .window = window,
                         .type = needs_double ? DG_DOUBLE : DG_FLOAT,
                         .wrap = setup->wrap,
                         .threads = pass->threads,
                         .memory = pass->memory};
}

int64_t dg_budget_codec(const dg_pass *pass, size_t open) {
    return pass->memory / 2 / (int64_t)(open > 0 ? open : 1);
}

size_t dg_budget_open_at_once(const dg_outlet *outlets, size_t count) {
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        const int row = outlets[i].window.row;
        size_t open = 0;
        for (size_t j = 0; j < count; j++) {
            const dg_window w = outlets[j].window;
            open += outlets[j].path && w.row <= row && row < w.row + w.height;
        }
        most = open > most ? open : most;
    }
    return most;
}

/* An output can be cut anywhere by a range of columns, and its writer takes rows or blocks: several come
 * by rows. A single one has blocks of its own. */
enum { ROWS_AT_ONCE = 256 };

void dg_budget_share(const dg_writer_needs *needs, bool is_single, size_t open,
                     dg_pipeline *pipeline) {
    pipeline->block_width = is_single ? needs->block_width : 0;
    pipeline->block_height =
        is_single && needs->block_height > 0 ? needs->block_height : ROWS_AT_ONCE;
    pipeline->memory -= (needs->codec + (is_single ? 0 : needs->row)) * (int64_t)open;
}

/* The outlets as one pipeline. */
static demgrad_status lay_out(const dg_pass *pass, const dg_outlet *outlet, size_t count,
                              dg_pipeline *pipeline, demgrad_error *error) {
    dg_writer_needs needs = {0};
    dg_window window = outlet->window;
    window.width *= (int)count;
    *pipeline = dg_budget_pipeline(pass, window);
    const demgrad_status status =
        dg_expect_writer(pass, outlet, dg_budget_codec(pass, count), &needs, error);
    if (!status)
        dg_budget_share(&needs, count == 1, count, pipeline);
    return status;
}

demgrad_status dg_budget_fit(const dg_pass *pass, const dg_outlet *outlet, size_t count,
                             dg_fit *fit, demgrad_error *error) {
    dg_pipeline pipeline;
    const demgrad_status status = lay_out(pass, outlet, count, &pipeline, error);
    if (!status)
        *fit = dg_pipeline_fit(&pipeline);
    return status;
}

void dg_budget_warn(const dg_pass *pass, const dg_outlet *outlet, const dg_messages *messages) {
    const dg_source *source = dg_pass_source(pass);
    const dg_source_info *info = dg_source_describe(source);
    dg_pipeline pipeline;
    demgrad_error ignored;
    if (dg_source_reader_bytes(source) > pass->memory / 2)
        dg_warn(messages,
                "%s: is read in blocks of %d x %d pixels, which may take more memory than --memory "
                "allows; allow more, or make smaller blocks (gdal_translate -co TILED=YES)",
                dg_source_name(source), info->block_width, info->block_height);
    else if (!lay_out(pass, outlet, 1, &pipeline, &ignored))
        dg_warn(messages,
                "%s: its blocks of %d x %d pixels may take more memory than --memory allows; allow "
                "more, or choose smaller blocks (--co)",
                outlet->path, pipeline.block_width, pipeline.block_height);
}

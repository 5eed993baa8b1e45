#include "plan_batch.h"

#include "fingerprint.h"
#include "holds_raster.h"
#include "in_use.h"
#include "memory.h"
#include "options.h"
#include "origin.h"
#include "output_bands.h"
#include "output_file.h"
#include "output_window.h"
#include "path.h"
#include "rivals.h"

#include <cpl_conv.h>
#include <stdlib.h>
#include <string.h>

static demgrad_status check_options(const demgrad_batch_options *o, demgrad_error *error) {
    if (!o->output_dir || !*o->output_dir)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "there is no output folder");
    if (dg_path_is_virtual(o->output_dir) && !STARTS_WITH(o->output_dir, "/vsimem/"))
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: is no place for outputs: they are local files, written whole and then "
                       "named; choose a local folder, and copy them there",
                       o->output_dir);
    if (dg_is_there(o->output_dir) && !dg_is_folder(o->output_dir))
        return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: is no folder; the outputs need one",
                       o->output_dir);
    if (o->part_count < 1 || o->part_index < 0 || o->part_index >= o->part_count)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "part %d of %d: parts are numbered from 0 to one below their count",
                       o->part_index, o->part_count);
    if (o->tile_width < 0 || o->tile_height < 0 || (o->tile_width > 0) != (o->tile_height > 0) ||
        o->overlap < 0 || (o->overlap > 0 && o->tile_width == 0))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "output tiles of %d x %d pixels with an overlap of %d make no sense",
                       o->tile_width, o->tile_height, o->overlap);
    if (o->raster.x_coords || o->raster.y_coords)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "coordinates belong to one raster; a batch takes a spacing");
    if (dg_output_window_is_given(&o->raster))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "an output's window or box belongs to one raster; a batch makes all of its "
                       "inputs, or cuts them (--tile)");
    return dg_setup_check(&o->raster, error);
}

static void warn_of_problems(const dg_batch *b) {
    dg_notes notes = {0};
    for (size_t i = 0; i < b->inputs.count && b->inputs.count > 1; i++) {
        const dg_input t = dg_inputs_get(&b->inputs, i);
        if (t.problem && t.grid.width > 0)
            dg_note(&notes, t.path, "%s; computed %s", t.problem,
                    t.on_grid ? "with the inputs on its own grid, without the others"
                              : "alone, without the other inputs");
    }
    dg_warn_notes(&b->messages, &notes);
}

/* Before any work; each output is looked at once more when it is made. */
static demgrad_status refuse_outputs_in_use(dg_batch *b, demgrad_error *error) {
    const demgrad_batch_options *o = b->options;
    demgrad_status status = dg_in_use_add(b->in_use, &o->raster, error);
    for (size_t i = (size_t)o->part_index; i < b->pieces->count && !status;
         i += (size_t)o->part_count) {
        const char *output = b->pieces->list[i].output;
        const char *taken;
        status = dg_file_set_find(b->in_use, output, &taken, error);
        if (!status && taken)
            status =
                dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                        "%s: would be an output, but belongs to %s and is not replaced; choose "
                        "another --output-dir",
                        output, taken);
    }
    return status;
}

static bool go_on(void *user) {
    const dg_batch *b = user;
    const demgrad_batch_options *o = b->options;
    const dg_extent *e = &b->extent;
    return !o->progress ||
           o->progress(e->pixels_done, e->pixels_all, e->pieces_done, e->pieces_all, o->user);
}

demgrad_status dg_batch_open(const char *const *inputs, size_t count,
                             const demgrad_batch_options *options, dg_batch *batch,
                             demgrad_error *error) {
    const demgrad_raster_options *o = &options->raster;
    *batch = (dg_batch){.options = options,
                        .messages = {o->warning, o->warning_user, go_on, batch, NULL},
                        .extent = {0, 1, 0, 0},
                        .in_use = dg_file_set_new()};
    demgrad_status status =
        batch->in_use ? check_options(options, error) : dg_fail_memory(error, "the names of files");
    if (!status)
        status = dg_messages_open(&batch->messages, error);
    if (!status && count == 0)
        status = dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "there is no input");
    if (!status)
        status = dg_inputs_open(inputs, count, o, options->is_strict, &batch->messages,
                                batch->in_use, &batch->inputs, error);
    if (!status)
        status = dg_pieces_make(&batch->inputs, options, &batch->pieces, error);
    if (!status)
        status = refuse_outputs_in_use(batch, error);
    if (!status)
        status = dg_rivals_refuse(&batch->inputs, error);
    if (!status) {
        batch->findings =
            dg_alloc(batch->pieces->count + 1, sizeof *batch->findings, "the outputs", error);
        status = batch->findings ? DEMGRAD_OK : DEMGRAD_OUT_OF_MEMORY;
    }
    if (status) {
        dg_batch_close(batch);
        return status;
    }
    warn_of_problems(batch);
    return DEMGRAD_OK;
}

dg_findings *dg_batch_findings(const dg_batch *batch, const dg_piece *piece) {
    return &batch->findings[piece - batch->pieces->list];
}

void dg_batch_tell_findings(const dg_batch *b) {
    dg_notes notes = {0};
    for (size_t i = 0; i < b->pieces->count; i++)
        dg_findings_note(&b->findings[i], &b->options->raster,
                         dg_batch_input(b, &b->pieces->list[i]).path, &notes);
    dg_warn_notes(&b->messages, &notes);
}

void dg_batch_close(dg_batch *batch) {
    free(batch->findings);
    dg_pieces_free(batch->pieces);
    dg_inputs_close(&batch->inputs);
    dg_file_set_free(batch->in_use);
    dg_messages_close(&batch->messages);
}

demgrad_status dg_batch_fingerprint(const dg_batch *batch, const dg_piece *piece, size_t **tiles,
                                    size_t *count, char fingerprint[DG_FINGERPRINT_SIZE],
                                    demgrad_error *error) {
    const demgrad_status status = dg_pieces_tiles(batch->pieces, piece, tiles, count, error);
    if (!status)
        dg_fingerprint(batch->pieces, piece, *tiles, *count, batch->options, fingerprint);
    return status;
}

/* What a batch made of another input, in another folder say, is not this one's to replace. */
static demgrad_status refuse_other_origin(const dg_batch *b, const dg_piece *piece, char *origin,
                                          demgrad_error *error) {
    const char *input = dg_batch_input(b, piece).path;
    bool is_other;
    dg_origin_decode(origin);
    const demgrad_status status = dg_origin_is_other(origin, input, &is_other, error);
    if (status || !is_other)
        return status;
    return dg_fail(error, DEMGRAD_EXISTS,
                   "%s: is the output of %s, not of %s; choose another --output-dir, or "
                   "replace it with --overwrite",
                   piece->output, origin, input);
}

/* An output that is whole, but has another CRS than it was made with, is none. */
static demgrad_status check_crs(const dg_batch *b, const dg_piece *piece, const char *crs,
                                demgrad_piece_state *state, demgrad_error *error) {
    bool may = true;
    const dg_inputs_grid *grid = dg_pieces_grid(b->pieces, piece);
    if (!grid)
        return DEMGRAD_OK;
    const dg_pass pass = {.setup = grid->setup, .threads = 1};
    const dg_outlet outlet = {.path = piece->output,
                              .window = piece->window,
                              .grid = piece->grid,
                              .is_point = dg_batch_input(b, piece).is_point};
    const demgrad_status status = dg_outlet_may_have_crs(&pass, &outlet, crs, &may, error);
    if (!may)
        *state = DEMGRAD_PIECE_MISSING;
    return status;
}

demgrad_status dg_batch_look(const dg_batch *batch, const dg_piece *piece, const char *fingerprint,
                             demgrad_piece_state *state, demgrad_error *error) {
    dg_output_found found;
    const demgrad_raster_options *options = &batch->options->raster;
    const dg_output_wanted wanted = {&piece->grid, dg_output_band_count(options), options->nodata,
                                     options->creation_options};
    demgrad_status status = dg_output_examine(piece->output, &wanted, &found, error);
    const bool is_batchs = !status && *found.fingerprint;
    *state =
        is_batchs ? dg_fingerprint_compare(found.fingerprint, fingerprint) : DEMGRAD_PIECE_MISSING;
    /* What was made of something else, or otherwise, may well look otherwise. */
    const bool is_of_same = *state == DEMGRAD_PIECE_KEPT || *state == DEMGRAD_PIECE_INCOMPLETE;
    if (is_of_same && !found.is_whole)
        *state = DEMGRAD_PIECE_MISSING;
    if (*state == DEMGRAD_PIECE_KEPT)
        status = check_crs(batch, piece, found.crs, state, error);
    if (!status && is_batchs && *state != DEMGRAD_PIECE_KEPT)
        status = refuse_other_origin(batch, piece, found.origin, error);
    dg_output_found_free(&found);
    return status;
}

void dg_batch_count(demgrad_batch_result *result, demgrad_piece_state state) {
    size_t *const counts[] = {[DEMGRAD_PIECE_DONE] = &result->done,
                              [DEMGRAD_PIECE_KEPT] = &result->kept,
                              [DEMGRAD_PIECE_FAILED] = &result->failed,
                              [DEMGRAD_PIECE_MISSING] = &result->missing,
                              [DEMGRAD_PIECE_OUT_OF_DATE] = &result->out_of_date,
                              [DEMGRAD_PIECE_OTHER_OPTIONS] = &result->other_options,
                              [DEMGRAD_PIECE_INCOMPLETE] = &result->incomplete,
                              [DEMGRAD_PIECE_ORPHAN] = &result->orphans,
                              [DEMGRAD_PIECE_REMOVED] = &result->removed};
    ++*counts[state];
}

size_t dg_batch_finished(const demgrad_batch_result *result) {
    return result->done + result->kept + result->failed + result->incomplete;
}

void dg_batch_tell_orphan(const dg_batch *batch, const char *output, demgrad_batch_result *result) {
    const demgrad_batch_options *o = batch->options;
    const demgrad_piece told = {.output = output,
                                .state = o->prune ? DEMGRAD_PIECE_REMOVED : DEMGRAD_PIECE_ORPHAN};
    dg_batch_count(result, told.state);
    if (o->piece)
        o->piece(&told, o->user);
}

void dg_batch_tell(const dg_batch *batch, const dg_piece *piece, demgrad_piece_state state,
                   const char *problem, size_t neighbours, double seconds) {
    if (!batch->options->piece)
        return;
    const dg_input tile = dg_batch_input(batch, piece);
    const demgrad_piece told = {
        .input = tile.path,
        .output = piece->output,
        .state = state,
        .error = problem,
        .pixels = dg_window_pixels(piece->window),
        .neighbours = neighbours,
        .seconds = seconds,
        .is_alone = piece->common == DG_ALONE,
    };
    batch->options->piece(&told, batch->options->user);
}

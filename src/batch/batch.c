#include "batch_mosaic.h"
#include "crew.h"
#include "fingerprint.h"
#include "orphans.h"
#include "overlap.h"
#include "plan_batch.h"

#include "expand.h"
#include "holds_raster.h"
#include "memory.h"
#include "options.h"
#include "output_file.h"
#include "path.h"
#include "publish.h"
#include "real_path.h"

#include <cpl_vsi.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const dg_form OWN = DG_OWN_FORM(demgrad_batch_options);

static demgrad_batch_options default_options(void) {
    return (demgrad_batch_options){.raster = dg_raster_options_default(), .part_count = 1};
}

void demgrad_batch_options_init_sized(demgrad_batch_options *options, size_t size,
                                      size_t raster_size) {
    const demgrad_batch_options defaults = default_options();
    dg_sized_init(options, (dg_form){size, OWN.inner, raster_size}, &defaults, OWN);
}

/* Fills *own from what a caller of any version passed. */
static demgrad_status take_options(const demgrad_batch_options *options, demgrad_batch_options *own,
                                   demgrad_error *error) {
    *own = default_options();
    if (!options)
        return DEMGRAD_OK;
    return dg_sized_take(own, OWN, options, DG_FORM_OF(demgrad_batch_options, options), error);
}

/* Whether the entry of a folder is an output of a batch, or the folder of them. */
static bool is_output(const char *path, void *user) {
    const demgrad_batch_options *options = user;
    bool is = options->output_dir && dg_is_same_path(path, options->output_dir);
    if (dg_orphans_is_output_name(dg_path_name(path))) {
        dg_output_found found;
        demgrad_error ignored; /* without memory, the search fails soon enough */
        is |= !dg_output_look(path, &found, &ignored) && *found.fingerprint;
        dg_output_found_free(&found);
    }
    return is;
}

demgrad_status demgrad_batch_expand(const char *const *names, size_t count,
                                    const demgrad_batch_options *options, char ***inputs,
                                    demgrad_error *error) {
    demgrad_batch_options o;
    demgrad_status status = dg_argument_check(inputs, "list of inputs", error);
    if (status)
        return status;
    *inputs = NULL;
    status = dg_inputs_check(names, count, error);
    if (!status)
        status = take_options(options, &o, error);
    if (status)
        return status;
    const dg_messages messages = {.warn = o.raster.warning, .user = o.raster.warning_user};
    const dg_expand_options expand = {
        .include = o.include,
        .exclude = o.exclude,
        .is_recursive = o.is_recursive,
        .skip = is_output,
        .user = &o,
        .messages = &messages,
    };
    dg_list list = {0};
    status = dg_expand(names, count, &expand, &list, error);
    if (!status && list.count == 0)
        status = dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "there is no input%s",
                         o.include || o.exclude ? " that --include and --exclude let through" : "");
    if (status)
        dg_list_free(&list);
    *inputs = list.items;
    return status;
}

void demgrad_batch_free_inputs(char **inputs) {
    dg_texts_free(inputs);
}

/* The first that has nothing in its way: what has is that one's fault, and not the format's. */
static const dg_piece *find_free_piece(const dg_batch *b) {
    demgrad_error ignored;
    for (size_t i = 0; i < b->pieces->count; i++) {
        const dg_piece *piece = &b->pieces->list[i];
        const dg_target target = {.path = piece->output, .overwrite = true};
        if (dg_pieces_grid(b->pieces, piece) && dg_publish_may(&target, &ignored) == DEMGRAD_OK)
            return piece;
    }
    return b->pieces->list; /* on a common grid, if any is */
}

/* What the format cannot hold is told once, before the work. */
static demgrad_status try_format(const dg_batch *b, demgrad_error *error) {
    const dg_piece *piece = find_free_piece(b);
    const dg_inputs_grid *grid = dg_pieces_grid(b->pieces, piece);
    if (!grid)
        return DEMGRAD_OK;
    const dg_outlet outlet = {.path = piece->output,
                              .window = piece->window,
                              .grid = piece->grid,
                              .is_point = dg_batch_input(b, piece).is_point,
                              .fingerprint = "-"};
    const dg_pass pass = {.setup = grid->setup, .threads = 1, .messages = &b->messages};
    return dg_outlet_try(&pass, &outlet, error);
}

/* 0, or an errno: another part of the batch may make a folder meanwhile. */
static int make_one(const char *path, dg_list *made) {
    if (mkdir(path, 0777) != 0)
        return errno == EEXIST ? 0 : errno;
    dg_list_add(made, path);
    return 0;
}

/* With those on the way to it, which are added to *made as far as they are new; GDAL's function for it
 * takes no plain relative name, and cuts long ones. */
static int make_folders(const char *path, dg_list *made) {
    if (dg_path_is_virtual(path))
        return VSIMkdirRecursive(path, 0777) == 0 ? 0 : EIO;
    const int reason = make_one(path, made);
    char *parent = reason == ENOENT ? dg_path_folder(path) : NULL;
    if (!parent)
        return reason;
    const int of_parent = strcmp(parent, path) == 0 ? reason : make_folders(parent, made);
    free(parent);
    return of_parent ? of_parent : make_one(path, made);
}

/* As far as they are empty. */
static void remove_folders(const dg_list *made) {
    for (size_t i = made->count; i > 0; i--)
        VSIRmdir(made->items[i - 1]);
}

/* The folder of the outputs is made where it is missing. */
static demgrad_status make_folder(const char *path, dg_list *made, demgrad_error *error) {
    const int reason = dg_is_there(path) ? 0 : make_folders(path, made);
    if (!reason)
        return dg_list_check(made, error);
    return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: the folder for the outputs cannot be made: %s",
                   path, strerror(reason));
}

/* Overlaps are compared also where an output could not be made. */
static demgrad_status make_all(dg_batch *b, demgrad_batch_result *result, demgrad_error *error) {
    const demgrad_status status = dg_crew_run(b, result, error);
    if (status == DEMGRAD_CANCELLED)
        return status;
    dg_batch_tell_findings(b);
    demgrad_status after = dg_overlap_compare(b, error);
    if (!after)
        after = dg_orphans_tell(b, result, error);
    if (!after && !status)
        after = dg_file_set_check(b->in_use, error); /* the next run makes them again */
    return after ? after : status;
}

static demgrad_status run(const char *const *inputs, size_t count,
                          const demgrad_batch_options *options, demgrad_batch_result *result,
                          demgrad_error *error) {
    dg_batch batch;
    demgrad_status status = dg_batch_open(inputs, count, options, &batch, error);
    if (status)
        return status;
    dg_list made = {0};
    status = make_folder(options->output_dir, &made, error);
    if (!status) {
        dg_publish_clean(options->output_dir);
        status = try_format(&batch, error);
    }
    bool is_unused = status != DEMGRAD_OK;
    if (!status) {
        status = make_all(&batch, result, error);
        is_unused = status && options->part_count == 1; /* another part may be about to use it */
    }
    if (is_unused)
        remove_folders(&made);
    dg_list_free(&made);
    dg_batch_close(&batch);
    return status;
}

/* What a run could not make, either. */
static void tell_missing(const dg_batch *b, const dg_piece *piece, const char *problem,
                         demgrad_batch_result *result) {
    dg_batch_tell(b, piece, DEMGRAD_PIECE_FAILED, problem, 0, 0);
    result->missing++;
}

/* Tells what the piece is, and counts it. */
static demgrad_status verify_piece(const dg_batch *b, const dg_piece *piece,
                                   demgrad_batch_result *result, demgrad_error *error) {
    const dg_input tile = dg_batch_input(b, piece);
    if (tile.grid.width == 0) {
        tell_missing(b, piece, tile.problem, result);
        return DEMGRAD_OK;
    }
    size_t *tiles, count;
    char fingerprint[DG_FINGERPRINT_SIZE];
    demgrad_piece_state state;
    demgrad_status status = dg_batch_fingerprint(b, piece, &tiles, &count, fingerprint, error);
    if (status)
        return status;
    free(tiles);
    status = dg_batch_look(b, piece, fingerprint, &state, error);
    if (status == DEMGRAD_EXISTS) {
        tell_missing(b, piece, error->message, result);
        return DEMGRAD_OK;
    }
    if (status)
        return status;
    dg_batch_count(result, state);
    dg_batch_tell(b, piece, state, NULL, count - 1, 0);
    return DEMGRAD_OK;
}

/* What keeps a batch from being finished. */
static demgrad_status fail_verification(const dg_batch *b, const demgrad_batch_result *result,
                                        demgrad_error *error) {
    if (try_format(b, error) == DEMGRAD_INVALID_OPTION)
        return DEMGRAD_INVALID_OPTION; /* no run could make them */
    const struct {
        size_t count;
        const char *what;
    } faults[] = {{result->missing, "missing"},
                  {result->out_of_date, "out of date"},
                  {result->other_options, "made with other options or by another version"},
                  {result->incomplete, "incomplete for want of a neighbour"}};
    char text[256] = "";
    for (size_t i = 0, used = 0; i < sizeof faults / sizeof *faults; i++) {
        if (faults[i].count > 0)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%zu %s",
                                     used > 0 ? ", " : "", faults[i].count, faults[i].what);
    }
    return dg_fail(error, DEMGRAD_READ_FAILED,
                   "%s: %zu of %zu outputs are not as they should be: %s; run the batch again",
                   b->options->output_dir, result->pieces - result->kept, result->pieces, text);
}

static demgrad_status verify_all(const dg_batch *b, demgrad_batch_result *result,
                                 demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    result->pieces = b->pieces->count;
    for (size_t i = 0; i < b->pieces->count && !status; i++) {
        status = verify_piece(b, &b->pieces->list[i], result, error);
        if (!status)
            status = dg_messages_ask(&b->messages, error);
    }
    if (!status)
        status = dg_orphans_tell(b, result, error);
    if (!status && result->kept < result->pieces)
        status = fail_verification(b, result, error);
    return status;
}

static demgrad_status verify(const char *const *inputs, size_t count,
                             const demgrad_batch_options *options, demgrad_batch_result *result,
                             demgrad_error *error) {
    dg_batch b;
    if (options->prune)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "a verification removes nothing; prune in a run");
    if (options->output_dir && !dg_is_there(options->output_dir))
        return dg_fail(error, DEMGRAD_READ_FAILED, "%s: there is no such folder of outputs",
                       options->output_dir);
    demgrad_status status = dg_batch_open(inputs, count, options, &b, error);
    if (status)
        return status;
    status = verify_all(&b, result, error);
    if (!status) {
        dg_publish_clean(options->output_dir);
        status = dg_batch_write_mosaic(&b, error);
    }
    dg_batch_close(&b);
    return status;
}

/* What is called with the options and the result in this version's form. */
typedef demgrad_status batch_call(const char *const *inputs, size_t count,
                                  const demgrad_batch_options *options,
                                  demgrad_batch_result *result, demgrad_error *error);

static demgrad_status call(batch_call *task, const char *const *inputs, size_t count,
                           const demgrad_batch_options *options, demgrad_batch_result *result,
                           size_t result_size, demgrad_error *error) {
    demgrad_batch_options o;
    demgrad_batch_result own = {0};
    demgrad_status status = take_options(options, &o, error);
    if (!status)
        status = dg_inputs_check(inputs, count, error);
    if (!status)
        status = task(inputs, count, &o, &own, error);
    if (result)
        dg_sized_copy(result, (dg_form){.size = result_size}, &own, (dg_form){.size = sizeof own});
    return status;
}

demgrad_status demgrad_batch_run_sized(const char *const *inputs, size_t count,
                                       const demgrad_batch_options *options,
                                       demgrad_batch_result *result, size_t result_size,
                                       demgrad_error *error) {
    return call(run, inputs, count, options, result, result_size, error);
}

demgrad_status demgrad_batch_verify_sized(const char *const *inputs, size_t count,
                                          const demgrad_batch_options *options,
                                          demgrad_batch_result *result, size_t result_size,
                                          demgrad_error *error) {
    return call(verify, inputs, count, options, result, result_size, error);
}

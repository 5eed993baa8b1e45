#include "commands.h"
#include "interrupt.h"
#include "json.h"
#include "message.h"
#include "progress.h"
#include "report.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A piece that was told of, for the report. */
typedef struct tile_line {
    char *input, *output, *error;
    demgrad_piece_state state;
    size_t neighbours;
    double seconds;
    bool is_alone;
} tile_line;

typedef struct overlap_line {
    char *input, *other;
    double difference;
    int64_t pixels;
} overlap_line;

typedef struct batch_run {
    dg_arguments *arguments;
    dg_progress progress;
    demgrad_batch_result result;
    tile_line *tiles;
    size_t tile_count, tile_capacity;
    overlap_line *overlaps;
    size_t overlap_count;
    char **warnings;
} batch_run;

static void warn(const char *text, void *user) {
    batch_run *run = user;
    run->warnings = CSLAddString(run->warnings, text);
    if (!run->arguments->quiet)
        dg_message_warning("%s", text);
}

static char *copy(const char *text) {
    return text ? CPLStrdup(text) : NULL;
}

static void keep_piece(const demgrad_piece *piece, void *user) {
    batch_run *run = user;
    if (piece->state == DEMGRAD_PIECE_KEPT)
        dg_interrupt_count_kept();
    if (run->tile_count == run->tile_capacity) {
        run->tile_capacity = run->tile_capacity ? 2 * run->tile_capacity : 64;
        run->tiles = CPLRealloc(run->tiles, run->tile_capacity * sizeof *run->tiles);
    }
    run->tiles[run->tile_count++] =
        (tile_line){copy(piece->input), copy(piece->output), copy(piece->error), piece->state,
                    piece->neighbours,  piece->seconds,      piece->is_alone};
}

static void keep_overlap(const char *input, const char *other, double difference, int64_t pixels,
                         void *user) {
    batch_run *run = user;
    run->overlaps = CPLRealloc(run->overlaps, (run->overlap_count + 1) * sizeof *run->overlaps);
    run->overlaps[run->overlap_count++] =
        (overlap_line){copy(input), copy(other), difference, pixels};
}

static int tell_progress(int64_t pixels_done, int64_t pixels_all, size_t pieces_done,
                         size_t pieces_all, void *user) {
    batch_run *run = user;
    run->progress.pieces_done = pieces_done;
    run->progress.pieces_all = pieces_all;
    return dg_progress_tell(pixels_done, pixels_all, &run->progress);
}

static const char *state_word(demgrad_piece_state state) {
    static const char *const words[] = {[DEMGRAD_PIECE_DONE] = "done",
                                        [DEMGRAD_PIECE_KEPT] = "kept",
                                        [DEMGRAD_PIECE_FAILED] = "failed",
                                        [DEMGRAD_PIECE_MISSING] = "missing",
                                        [DEMGRAD_PIECE_OUT_OF_DATE] = "out-of-date",
                                        [DEMGRAD_PIECE_OTHER_OPTIONS] = "other-options",
                                        [DEMGRAD_PIECE_INCOMPLETE] = "incomplete",
                                        [DEMGRAD_PIECE_ORPHAN] = "orphan",
                                        [DEMGRAD_PIECE_REMOVED] = "removed"};
    return words[state];
}

static void report_tiles(dg_json *json, const batch_run *run) {
    dg_json_open(json, "tiles", '[');
    for (size_t i = 0; i < run->tile_count; i++) {
        const tile_line *t = &run->tiles[i];
        if (!t->input)
            continue;
        dg_json_open(json, NULL, '{');
        dg_json_string(json, "input", t->input);
        dg_json_string(json, "output", t->output);
        dg_json_string(json, "state", state_word(t->state));
        dg_json_string(json, "error", t->error);
        dg_json_integer(json, "neighbours", (int64_t)t->neighbours);
        dg_json_bool(json, "alone", t->is_alone);
        dg_json_seconds(json, "seconds", t->seconds);
        dg_json_close(json, '}');
    }
    dg_json_close(json, ']');
}

/* Outputs that no input has any more. */
static void report_orphans(dg_json *json, const batch_run *run) {
    dg_json_open(json, "orphans", '[');
    for (size_t i = 0; i < run->tile_count; i++) {
        const tile_line *t = &run->tiles[i];
        if (t->input)
            continue;
        dg_json_open(json, NULL, '{');
        dg_json_string(json, "output", t->output);
        dg_json_string(json, "state", state_word(t->state));
        dg_json_close(json, '}');
    }
    dg_json_close(json, ']');
}

static void report_overlaps(dg_json *json, const batch_run *run) {
    dg_json_open(json, "disagreeing_overlaps", '[');
    for (size_t i = 0; i < run->overlap_count; i++) {
        const overlap_line *o = &run->overlaps[i];
        dg_json_open(json, NULL, '{');
        dg_json_string(json, "input", o->input);
        dg_json_string(json, "other", o->other);
        dg_json_number(json, "largest_difference", o->difference);
        dg_json_integer(json, "pixels", o->pixels);
        dg_json_close(json, '}');
    }
    dg_json_close(json, ']');
}

static void report_all(dg_json *json, const void *user) {
    const batch_run *run = user;
    dg_json_string(json, "output_dir", run->arguments->batch.output_dir);
    dg_report_options(json, &run->arguments->raster);
    dg_json_integer(json, "part", run->arguments->batch.part_index);
    dg_json_integer(json, "parts", run->arguments->batch.part_count);
    dg_json_integer(json, "outputs", (int64_t)run->result.pieces);
    dg_json_integer(json, "done", (int64_t)run->result.done);
    dg_json_integer(json, "kept", (int64_t)run->result.kept);
    dg_json_integer(json, "failed", (int64_t)run->result.failed);
    dg_json_integer(json, "missing", (int64_t)run->result.missing);
    dg_json_integer(json, "out_of_date", (int64_t)run->result.out_of_date);
    dg_json_integer(json, "other_options", (int64_t)run->result.other_options);
    dg_json_integer(json, "incomplete", (int64_t)run->result.incomplete);
    report_tiles(json, run);
    report_orphans(json, run);
    report_overlaps(json, run);
    dg_json_seconds(json, "elapsed_s", dg_progress_elapsed(&run->progress));
}

/* Whether --verify found that an output is not there as it should be. */
static bool is_to_be_made(const batch_run *run, demgrad_piece_state state) {
    return run->arguments->verify &&
           (state == DEMGRAD_PIECE_MISSING || state == DEMGRAD_PIECE_OUT_OF_DATE ||
            state == DEMGRAD_PIECE_OTHER_OPTIONS || state == DEMGRAD_PIECE_INCOMPLETE);
}

/* Names what went wrong, after all else was done. */
static void name_failures(const batch_run *run) {
    for (size_t i = 0; i < run->tile_count; i++) {
        const tile_line *t = &run->tiles[i];
        if (t->state == DEMGRAD_PIECE_FAILED)
            dg_message_error("%s", t->error);
        else if (is_to_be_made(run, t->state) && !dg_report_is_stdout(run->arguments))
            dg_message_answer("%s", t->output);
    }
}

/* What there is of each kind; of the last ones only where there are some. */
static void write_counts(const batch_run *run, char *text, size_t size) {
    const demgrad_batch_result *r = &run->result;
    const struct {
        size_t count;
        const char *what;
        bool is_wanted;
    } kinds[] = {
        {r->done, "made", !run->arguments->verify},
        {r->kept, run->arguments->verify ? "there" : "kept", true},
        {r->failed, "failed", !run->arguments->verify},
        {r->missing, "missing", run->arguments->verify},
        {r->out_of_date, "out of date", r->out_of_date > 0},
        {r->other_options, "made with other options", r->other_options > 0},
        {r->incomplete, "incomplete", r->incomplete > 0},
        {r->removed, "removed", r->removed > 0},
    };
    for (size_t i = 0, used = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].is_wanted)
            used += (size_t)snprintf(text + used, size - used, "%s%zu %s", used > 0 ? ", " : "",
                                     kinds[i].count, kinds[i].what);
    }
}

/* The one line that a batch ends with, and where its failures are told. */
static void tell_end(const batch_run *run) {
    const demgrad_batch_result *r = &run->result;
    char counts[256], time[DG_TIME_SIZE], where[64] = "";
    write_counts(run, counts, sizeof counts);
    dg_progress_time(&run->progress, time);
    if (r->failed + r->missing + r->out_of_date + r->other_options + r->incomplete > 0)
        snprintf(where, sizeof where, "; failures are named above%s",
                 run->arguments->report ? " and in " : "");
    dg_message_tell("%zu output%s: %s, %s%s%s", r->pieces, r->pieces == 1 ? "" : "s", counts, time,
                    where, *where && run->arguments->report ? run->arguments->report : "");
}

/* Of all that is in the folder, whichever part of the batch made it. */
static int draw_picture(dg_arguments *a) {
    return dg_picture_draw(a, &a->batch.output_dir, 1);
}

static int finish(batch_run *run, demgrad_status status, const demgrad_error *error) {
    dg_progress_end(&run->progress);
    if (status && dg_interrupt_signal())
        return dg_interrupt_end();
    name_failures(run);
    const bool is_told = dg_arguments_want_end(run->arguments) && run->result.pieces > 0;
    if (status && (!is_told || run->result.failed == 0))
        dg_message_error("%s", error->message);
    /* What was refused before any work may have been so for the report's sake. */
    const bool has_begun = !status || run->result.pieces > 0;
    const int reported =
        has_begun ? dg_report_write(run->arguments, report_all, run, run->warnings) : EXIT_FAILED;
    const int drawn = status ? EXIT_DONE : draw_picture(run->arguments);
    if (is_told)
        tell_end(run);
    return status ? dg_arguments_exit_code(status) : drawn ? drawn : reported;
}

static void free_run(batch_run *run) {
    for (size_t i = 0; i < run->tile_count; i++) {
        CPLFree(run->tiles[i].input);
        CPLFree(run->tiles[i].output);
        CPLFree(run->tiles[i].error);
    }
    for (size_t i = 0; i < run->overlap_count; i++) {
        CPLFree(run->overlaps[i].input);
        CPLFree(run->overlaps[i].other);
    }
    CPLFree(run->tiles);
    CPLFree(run->overlaps);
    CSLDestroy(run->warnings);
}

static demgrad_status run_batch(batch_run *run, dg_arguments *a, demgrad_error *error) {
    a->raster.cpu = CPLGetConfigOption("DEMGRAD_CPU", NULL);
    a->raster.warning = warn;
    a->raster.warning_user = run;
    a->batch.raster = a->raster;
    a->batch.prune &= !a->verify;
    a->batch.piece = keep_piece;
    a->batch.overlap_told = a->report ? keep_overlap : NULL;
    a->batch.progress = tell_progress;
    a->batch.user = run;
    char **inputs;
    demgrad_status status = demgrad_batch_expand((const char *const *)a->inputs, a->input_count,
                                                 &a->batch, &inputs, error);
    if (status)
        return status;
    const size_t count = (size_t)CSLCount(inputs);
    const char *const *list = (const char *const *)inputs;
    status = a->verify ? demgrad_batch_verify(list, count, &a->batch, &run->result, error)
                       : demgrad_batch_run(list, count, &a->batch, &run->result, error);
    demgrad_batch_free_inputs(inputs);
    return status;
}

int dg_command_batch(dg_arguments *a) {
    batch_run run = {.arguments = a};
    if (a->verify)
        dg_interrupt_tell_command(DG_INFO); /* nothing is made that could be kept */
    const int refused = dg_picture_check(a);
    if (refused || !dg_report_is_possible(a))
        return refused ? refused : EXIT_FAILED;
    dg_progress_start(&run.progress, a->verify ? DG_PROGRESS_NONE : a->progress,
                      a->quiet || dg_report_is_stdout(a));
    demgrad_error error;
    const demgrad_status status = run_batch(&run, a, &error);
    const int exit_code = finish(&run, status, &error);
    free_run(&run);
    return exit_code;
}

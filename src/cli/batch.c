#include "commands.h"
#include "interrupt.h"
#include "json.h"
#include "message.h"
#include "progress.h"
#include "report.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stddef.h>
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

#define COUNT(name) offsetof(demgrad_batch_result, name)

/* What is said of the states. */
static const struct {
    const char *word;  /* of an output, in the report */
    const char *key;   /* of their number there, or NULL */
    size_t count;      /* that number's place in the result */
    const char *made;  /* in the line that a run ends with, or NULL */
    const char *found; /* in that of a verification, or NULL */
    bool is_rare;      /* that line has it only where there are some */
    bool is_fault;     /* no output should be so */
} STATES[] = {
    [DEMGRAD_PIECE_DONE] = {"done", "done", COUNT(done), "made", NULL, false, false},
    [DEMGRAD_PIECE_KEPT] = {"kept", "kept", COUNT(kept), "kept", "there", false, false},
    [DEMGRAD_PIECE_FAILED] = {"failed", "failed", COUNT(failed), "failed", NULL, false, true},
    [DEMGRAD_PIECE_MISSING] = {"missing", "missing", COUNT(missing), NULL, "missing", false, true},
    [DEMGRAD_PIECE_OUT_OF_DATE] = {"out-of-date", "out_of_date", COUNT(out_of_date), "out of date",
                                   "out of date", true, true},
    [DEMGRAD_PIECE_OTHER_OPTIONS] = {"other-options", "other_options", COUNT(other_options),
                                     "made with other options", "made with other options", true,
                                     true},
    [DEMGRAD_PIECE_INCOMPLETE] = {"incomplete", "incomplete", COUNT(incomplete), "incomplete",
                                  "incomplete", true, true},
    [DEMGRAD_PIECE_ORPHAN] = {"orphan", NULL, COUNT(orphans), NULL, NULL, false, false},
    [DEMGRAD_PIECE_REMOVED] = {"removed", NULL, COUNT(removed), "removed", "removed", true, false},
};

enum { STATE_COUNT = sizeof STATES / sizeof *STATES };

/* How many outputs are in the state. */
static size_t count_of(const batch_run *run, int state) {
    size_t count;
    memcpy(&count, (const char *)&run->result + STATES[state].count, sizeof count);
    return count;
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
        dg_json_string(json, "state", STATES[t->state].word);
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
        dg_json_string(json, "state", STATES[t->state].word);
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
    for (int i = 0; i < STATE_COUNT; i++) {
        if (STATES[i].key)
            dg_json_integer(json, STATES[i].key, (int64_t)count_of(run, i));
    }
    report_tiles(json, run);
    report_orphans(json, run);
    report_overlaps(json, run);
    dg_json_seconds(json, "elapsed_s", dg_progress_elapsed(&run->progress));
}

/* Names what went wrong, after all else was done. */
static void name_failures(const batch_run *run) {
    const bool lists = run->arguments->verify && !dg_report_is_stdout(run->arguments);
    for (size_t i = 0; i < run->tile_count; i++) {
        const tile_line *t = &run->tiles[i];
        if (t->state == DEMGRAD_PIECE_FAILED)
            dg_message_error("%s", t->error);
        else if (lists && STATES[t->state].is_fault)
            dg_message_answer("%s", t->output);
    }
}

/* What there is of each kind; whether any is a fault. */
static bool write_counts(const batch_run *run, char *text, size_t size) {
    size_t used = 0;
    bool is_faulty = false;
    for (int i = 0; i < STATE_COUNT; i++) {
        const size_t count = count_of(run, i);
        const char *phrase = run->arguments->verify ? STATES[i].found : STATES[i].made;
        if (phrase && (count > 0 || !STATES[i].is_rare))
            used += (size_t)snprintf(text + used, size - used, "%s%zu %s", used > 0 ? ", " : "",
                                     count, phrase);
        is_faulty |= STATES[i].is_fault && count > 0;
    }
    return is_faulty;
}

/* The one line that a batch ends with, and where its failures are told. */
static void tell_end(const batch_run *run) {
    const demgrad_batch_result *r = &run->result;
    char counts[256], time[DG_TIME_SIZE], where[64] = "";
    const bool is_faulty = write_counts(run, counts, sizeof counts);
    dg_progress_time(&run->progress, time);
    if (is_faulty)
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

/* The gradient of many tiles, as if they were one raster: an output for each, without seams.
 *
 * Every output equals, bit for bit, its window of the gradient of all tiles on its grid:
 * each is computed with its neighbours' pixels beyond its edge. Where overlapping tiles disagree, a
 * tile's own values win in its own output. Finished outputs carry a fingerprint of what they were
 * made from, so that a run that is repeated does only what is missing or has changed.
 *
 * As in raster.h, the program must have called GDALAllRegister(). */
#ifndef DEMGRAD_BATCH_H
#define DEMGRAD_BATCH_H

#include <demgrad/raster.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What became of a piece: one output of the batch. */
typedef enum demgrad_piece_state {
    DEMGRAD_PIECE_DONE,          /* computed and written */
    DEMGRAD_PIECE_KEPT,          /* was there already, made from the same */
    DEMGRAD_PIECE_FAILED,        /* `error` says why */
    DEMGRAD_PIECE_MISSING,       /* not there, or not whole; only when verifying */
    DEMGRAD_PIECE_OUT_OF_DATE,   /* there, but made from other inputs; only when verifying */
    DEMGRAD_PIECE_OTHER_OPTIONS, /* there, but made with other options or by another version of
                                    demgrad; only when verifying */
    DEMGRAD_PIECE_INCOMPLETE,    /* made without pixels of a neighbour that cannot be read, which a
                                    warning names; the next run makes it again */
    DEMGRAD_PIECE_ORPHAN,  /* a batch's output in output_dir whose input is gone; `input` is NULL */
    DEMGRAD_PIECE_REMOVED, /* the same, which is removed now */
} demgrad_piece_state;

/* Told of each piece when its state is known. Text lives until the callback returns. Called by one
 * thread at a time. */
typedef struct demgrad_piece {
    const char *input; /* NULL: none has this output */
    const char *output;
    demgrad_piece_state state;
    const char *error; /* NULL unless failed */
    int64_t pixels;    /* of the output */
    size_t neighbours; /* other inputs whose pixels it takes */
    double seconds;    /* that it took, or its share of what was done for several at once */
    bool is_alone;     /* shares its grid with no other input: computed without neighbours */
} demgrad_piece;

typedef void (*demgrad_piece_told)(const demgrad_piece *piece, void *user);

/* Told of two overlapping inputs that disagree: the largest difference of stored values, and how
 * many pixels differ (one that is valid in only one of them differs too). */
typedef void (*demgrad_overlap_told)(const char *input, const char *other, double difference,
                                     int64_t pixels, void *user);

/* How far the whole batch is; 0 of 1 pixel while inputs are looked at or outputs verified, and all while
 * overlaps are compared. Returning 0 cancels. Called by one thread at a time. */
typedef int (*demgrad_batch_progress)(int64_t pixels_done, int64_t pixels_all, size_t pieces_done,
                                      size_t pieces_all, void *user);

typedef struct demgrad_batch_options {
    size_t size;                   /* set by demgrad_batch_options_init; leave it */
    demgrad_raster_options raster; /* its progress is not called; x_coords and y_coords, and spacing
                                      that depends on them, make no sense here */
    const char *output_dir;        /* made where it is missing */
    const char *const *include, *const *exclude; /* globs for demgrad_batch_expand, NULL-terminated,
                                                    or NULL */
    bool is_recursive; /* demgrad_batch_expand searches folders in folders; default false */
    /* Cut inputs into outputs of this size, pixels; default 0: do not. */
    int tile_width, tile_height;
    int overlap; /* pixels by which the outputs of a cut input overlap on each side; default 0 */
    /* An input that cannot be opened, or is off the grid that most share, is an error before any
     * work; default false: it fails alone, or is computed with the inputs on its own grid. */
    bool is_strict;
    int part_index, part_count; /* do every part_count-th piece from part_index on; default 0, 1 */
    demgrad_piece_told piece;   /* or NULL */
    /* NULL: overlaps are not compared, which takes time. */
    demgrad_overlap_told overlap_told;
    demgrad_batch_progress progress; /* or NULL */
    void *user;                      /* of these three */
    bool prune; /* remove outputs of earlier batches in output_dir whose inputs are gone, with the
                   files beside them; default false: a warning names them. Not in a verification */
} demgrad_batch_options;

/* What a batch came to. */
typedef struct demgrad_batch_result {
    size_t pieces; /* of this part */
    size_t done, kept, failed, missing;
    size_t out_of_date, other_options, incomplete; /* as the states have it */
    size_t orphans, removed;                       /* told with the first part */
} demgrad_batch_result;

/* Sets every field to its default. */
DEMGRAD_API void demgrad_batch_options_init_sized(demgrad_batch_options *options, size_t size,
                                                  size_t raster_size);
static inline void demgrad_batch_options_init(demgrad_batch_options *options) {
    demgrad_batch_options_init_sized(options, sizeof *options, sizeof options->raster);
}

/* Expands `names` into inputs: a raster is itself, a folder stands for the rasters in it, "@FILE"
 * for the names in a text file, one a line ("#" begins a comment line; blanks around a name do not
 * count), and a vector file with a field "location" (a tile index, as gdaltindex writes it) for the
 * rasters that it lists, relative names from the index's folder on.
 *
 * In a folder everything is an input that GDAL knows a raster in, and every file that it does not
 * know: that one then fails, so that no tile is lost. Left out are names that begin with a dot, side
 * files (.aux.xml, .ovr, .prj, .tfw, ...), documents, pictures, vector files, what a batch wrote, and
 * virtual rasters of files that are inputs themselves; docs/batch.md has the whole list.
 *
 * Of all that, the inputs that match one of options->include, where there is one, and none of
 * options->exclude: patterns as a shell has them, for the name of the file, or for the path from the
 * named folder on where the pattern has a slash.
 *
 * *inputs is a NULL-terminated list to be freed with demgrad_batch_free_inputs. Uses of the options:
 * output_dir, include, exclude, is_recursive, and the raster's warning. Errors: DEMGRAD_READ_FAILED
 * (a list, folder or index that cannot be read whole), DEMGRAD_INVALID_ARGUMENT (no input). */
DEMGRAD_API demgrad_status demgrad_batch_expand(const char *const *names, size_t count,
                                                const demgrad_batch_options *options,
                                                char ***inputs, demgrad_error *error);

/* NULL is allowed. */
DEMGRAD_API void demgrad_batch_free_inputs(char **inputs);

/* Makes the outputs DIR/STEM_gradient.EXT of `count` inputs, or of its part of them. `result` may be
 * NULL. A piece that fails does not stop the others: the call then ends with DEMGRAD_READ_FAILED or
 * DEMGRAD_WRITE_FAILED after all were tried, and `result` counts them. So it does where a piece is
 * incomplete. At the end it looks for outputs in output_dir whose inputs are gone. Errors before any
 * work: DEMGRAD_INVALID_ARGUMENT (options; two inputs with one output name; with is_strict an input off
 * the grid that most share), DEMGRAD_INVALID_OPTION (no such format or creation option), DEMGRAD_WRITE_FAILED
 * (output_dir cannot be made). */
DEMGRAD_API demgrad_status demgrad_batch_run_sized(const char *const *inputs, size_t count,
                                                   const demgrad_batch_options *options,
                                                   demgrad_batch_result *result, size_t result_size,
                                                   demgrad_error *error);
static inline demgrad_status demgrad_batch_run(const char *const *inputs, size_t count,
                                               const demgrad_batch_options *options,
                                               demgrad_batch_result *result, demgrad_error *error) {
    return demgrad_batch_run_sized(inputs, count, options, result, sizeof *result, error);
}

/* Computes nothing: checks that every piece of every part is there and made from the present inputs
 * with the present options. If so, writes DIR/gradient.vrt over all outputs on the grid that most share (and
 * replaces none that a batch did not make, unless told to overwrite), and returns DEMGRAD_OK; if not,
 * fails with DEMGRAD_READ_FAILED and `piece` was told of the missing ones. */
DEMGRAD_API demgrad_status demgrad_batch_verify_sized(const char *const *inputs, size_t count,
                                                      const demgrad_batch_options *options,
                                                      demgrad_batch_result *result,
                                                      size_t result_size, demgrad_error *error);
static inline demgrad_status demgrad_batch_verify(const char *const *inputs, size_t count,
                                                  const demgrad_batch_options *options,
                                                  demgrad_batch_result *result,
                                                  demgrad_error *error) {
    return demgrad_batch_verify_sized(inputs, count, options, result, sizeof *result, error);
}

#ifdef __cplusplus
}
#endif

#endif

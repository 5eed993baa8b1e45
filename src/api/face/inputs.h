/* The inputs of a batch: rasters on common grids, each computed with the pixels beyond its edge of others on
 * its grid, and rasters that are alone on theirs; private to the api and to batch. */
#ifndef DG_INPUTS_H
#define DG_INPUTS_H

#include "grid.h"
#include "hash.h"
#include "setup.h"

/* One of them. */
typedef struct dg_input {
    const char *path;
    /* Why it cannot be used, or is not on the first grid; NULL: nothing wrong. */
    const char *problem;
    dg_grid grid;     /* its own; a width of 0: it cannot be opened */
    bool is_point;    /* AREA_OR_POINT=Point */
    bool on_grid;     /* on a common grid: */
    size_t common;    /* the number of that grid */
    dg_window window; /* of it; where it is on none, of itself */
    dg_hash stamp;    /* of all files that it is made of: another one where they change */
} dg_input;

/* A grid that inputs share. */
typedef struct dg_inputs_grid {
    dg_grid grid;      /* the smallest that holds all that are on it */
    size_t heaviest;   /* the one of them whose blocks are the largest */
    bool same_scale;   /* they share scale and offset */
    bool needs_double; /* float would lose digits of their values */
    /* Their metric and all that goes with it; NULL: it cannot be, and they are alone. */
    dg_setup *setup;
    int wrap; /* columns after which the grid repeats, or 0 */
} dg_inputs_grid;

typedef struct dg_inputs {
    struct dg_catalog *catalog;
    const demgrad_raster_options *options;
    const dg_messages *messages;
    size_t count;
    dg_inputs_grid *grids; /* first the one that most of them are on */
    size_t grid_count;     /* 0: none of them has a place */
    int halo;              /* pixels beyond its edge that an output takes */
} dg_inputs;

/* Looks at every one. `is_strict`: one that cannot be opened, or is off the first grid, is an error;
 * otherwise it gets its `problem`. Between them it asks whether to go on. `files` gets the files that they
 * are made of. Options and messages must outlive the inputs. On failure there is nothing to close. */
demgrad_status dg_inputs_open(const char *const *paths, size_t count,
                              const demgrad_raster_options *options, bool is_strict,
                              const dg_messages *messages, dg_file_set *files, dg_inputs *inputs,
                              demgrad_error *error);
void dg_inputs_close(dg_inputs *inputs);

dg_input dg_inputs_get(const dg_inputs *inputs, size_t index);

/* The grid of a part of an input, in its own pixels. */
dg_grid dg_inputs_part_grid(const dg_inputs *inputs, size_t index, dg_window part);

/* The setup of an input that is on no common grid. Whoever opens it first is told what there is to say of it. */
demgrad_status dg_inputs_open_alone(const dg_inputs *inputs, size_t index, bool is_first,
                                    dg_setup **setup, demgrad_error *error);

/* What a thread keeps from pass to pass over one grid: open files, and its view of the grid. */
typedef struct dg_thread dg_thread;

demgrad_status dg_thread_open(const dg_inputs *inputs, size_t grid, dg_thread **thread,
                              demgrad_error *error);
void dg_thread_close(dg_thread *thread); /* NULL is allowed */

/* Some of the inputs on a grid (indices; later ones on top) as one raster on that whole grid, for a
 * pass of the thread, which may be NULL. `name` is what messages call it. */
typedef struct dg_source dg_source;

demgrad_status dg_inputs_open_source(const dg_inputs *inputs, const size_t *chosen, size_t count,
                                     const char *name, dg_thread *thread, dg_source **source,
                                     demgrad_error *error);
void dg_inputs_close_source(dg_source *source); /* NULL is allowed */

/* Whether one of these could not be read, and which was the first. */
bool dg_inputs_unread(const dg_source *source, size_t *index);

/* Where two inputs of a grid overlap when `other` is moved by `shift` columns: the largest difference
 * of stored values, and how many pixels differ; one that is valid in only one of the two differs too.
 * What cannot be read is not compared. Fails only where the caller does not want it to go on, and where
 * memory is short. */
demgrad_status dg_inputs_compare(const dg_inputs *inputs, size_t index, size_t other, int shift,
                                 double *largest, int64_t *pixels, demgrad_error *error);

/* Whether the part of an input within `window` of its grid can be read. Fails for want of memory only. */
demgrad_status dg_inputs_is_readable(const dg_inputs *inputs, size_t index, dg_window window,
                                     bool *is_readable, demgrad_error *error);

/* Looks for two inputs of a grid that are in one place with other values. `pair` gets their indices,
 * the one on top last; *found says whether there are such. Fails as dg_inputs_compare does. */
demgrad_status dg_inputs_find_rivals(const dg_inputs *inputs, size_t pair[2], bool *found,
                                     demgrad_error *error);

#endif

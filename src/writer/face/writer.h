/* Writing: a raster of several bands that appears under its name whole, or not at all. */
#ifndef DG_WRITER_H
#define DG_WRITER_H

#include "block.h"
#include "fail.h"
#include "file_set.h"
#include "messages.h"
#include "statistics.h"

#include <stdint.h>

typedef struct dg_output_band {
    const char *description;
    const char *unit;
} dg_output_band;

/* What is to be written. Strings and arrays need live only until dg_writer_create returns. */
typedef struct dg_output {
    const char *path;
    const char *format;                  /* GDAL driver name; NULL: by the path's suffix */
    const char *const *creation_options; /* "K=V", NULL-terminated, or NULL */
    const char *const *metadata;         /* "K=V", NULL-terminated, or NULL */
    const char *
        identity; /* the item of these by which it is known again, static: a format that loses it is
                             refused; or NULL */
    dg_grid grid;
    const char *crs; /* WKT, or NULL */
    bool is_point;
    dg_type type; /* of its values: floats or doubles */
    double nodata;
    bool has_statistics; /* dg_writer_describe will be called */
    const dg_output_band *bands;
    int band_count;
    bool overwrite;                   /* what has the output's name is replaced */
    bool (*is_own)(const char *path); /* or it is, where this says so; or NULL */
    /* What is not, whatever else is said; or NULL. It must live until the output is finished. */
    const dg_file_set *in_use;
    bool sync;                   /* force the data to the disk before the output gets its name */
    const dg_messages *messages; /* told what the format does not keep; or NULL. They
                                    must live until the output is created */
    int threads;                 /* for the codec, as far as its memory goes; or as the creation
                                    options say, likewise */
    int64_t codec_memory;        /* bytes; 0: no limit */
} dg_output;

typedef struct dg_writer dg_writer;

/* Whether its format and options can hold the output, tried in small; tells what they do not keep. What
 * has the output's name does not matter. DEMGRAD_INVALID_OPTION where they cannot, whatever the
 * raster. */
demgrad_status dg_writer_try(const dg_output *output, demgrad_error *error);

/* Checks that `path` may be written and creates a temporary file beside it. */
demgrad_status dg_writer_create(const dg_output *output, dg_writer **writer, demgrad_error *error);

/* What a writer takes of memory, beside what it is given. */
typedef struct dg_writer_needs {
    int block_width, block_height; /* of what is written at a time */
    int64_t codec; /* bytes of the codec and its threads, as far as they are known */
    int64_t row;   /* bytes of a row of blocks, which waits where pixels come otherwise */
} dg_writer_needs;

dg_writer_needs dg_writer_needs_of(const dg_writer *writer);

/* The same of an output that is yet to be created, as far as its format tells. */
demgrad_status dg_writer_expect(const dg_output *output, dg_writer_needs *needs,
                                demgrad_error *error);

/* Writes a window of all bands, of floats or doubles whatever the output's type. The windows of an output
 * are either all of its rows, from the top, or whole blocks, in any order. One thread at a time. */
demgrad_status dg_writer_write(dg_writer *writer, const dg_block *block, demgrad_error *error);

/* Tells the figures of the bands, which the file gets where its format keeps them inside, or beside it in
 * a file that there is anyway. To be called before dg_writer_finish, until which they must live. */
void dg_writer_describe(dg_writer *writer, const dg_statistics *bands);

/* Asks whether to go on; 0 cancels. May be called seldom: only some formats take long to finish. */
typedef int (*dg_writer_continue)(void *user);

/* Flushes, closes and gives the output its name; frees the writer either way. On failure, or when
 * cancelled, nothing of the output remains and a file that had its name is as it was. */
demgrad_status dg_writer_finish(dg_writer *writer, dg_writer_continue go_on, void *user,
                                demgrad_error *error);

/* Removes what was written, and frees the writer. NULL is allowed. */
void dg_writer_abandon(dg_writer *writer);

/* Gives the metadata item `key` of what is found under an output's name, cut to `size` bytes; "" where it
 * is no raster, or has none. *is_whole (NULL: not asked for) tells whether it opens, has all its blocks within the file, and
 * its first and last ones can be read: a file that was cut short, or whose last write was lost, keeps
 * its header. `creation_options` are those that it would be made with. Fails for want of memory only. */
demgrad_status dg_output_look(const char *path, const char *key,
                              const char *const *creation_options, char *item, size_t size,
                              bool *is_whole, demgrad_error *error);

/* Removes an output and, before it, the files beside it that GDAL has for its parts; but nothing in `in_use`,
 * and no links. */
demgrad_status dg_writer_remove(const char *path, const dg_file_set *in_use, demgrad_error *error);

/* An is_own: whether a batch made the file, as its metadata say. Neither is anything lost with what a crash
 * left of one: an empty file, the mere header of a TIFF, a TIFF that GDAL cannot open or complains of but
 * has those metadata in it, a name that was reserved. */
bool dg_writer_is_batchs(const char *path);

/* The file name extension of a format (NULL: GTiff), such as "tif"; "dat" where it has none or is not
 * known. Static. */
const char *dg_writer_extension(const char *format);

/* Removes temporary folders that runs which were killed left in `folder`. */
void dg_publish_clean(const char *folder);

/* For a process that is about to end by _exit(), while calls of its other threads hang: removes what
 * these have written so far, and holds them where they would go on to another file. Returns how many
 * outputs got their name. Calls are not to be made afterwards. */
size_t dg_unfinished_halt(void);

/* A raster of a mosaic, in the mosaic's folder. */
typedef struct dg_mosaic_part {
    const char *path;
    dg_window window; /* of the mosaic's grid */
} dg_mosaic_part;

/* Writes a VRT of `count` rasters, later ones on top. Of the output its path, its grid and what may be
 * replaced count; the rest is as the first raster has it. */
demgrad_status dg_writer_mosaic(const dg_output *output, const dg_mosaic_part *parts, size_t count,
                                demgrad_error *error);

#endif

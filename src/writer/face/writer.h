/* Writing: a raster of several bands that appears under its name whole, or not at all. */
#ifndef DG_WRITER_H
#define DG_WRITER_H

#include "block.h"
#include "fail.h"
#include "messages.h"
#include "publish.h"
#include "seen.h"
#include "statistics.h"

#include <stdint.h>

typedef struct dg_output_band {
    const char *description;
    const char *unit;
} dg_output_band;

/* What is to be written. Strings and arrays need live only until dg_writer_create returns. */
typedef struct dg_output {
    dg_target target;
    const char *format;                  /* GDAL driver name; NULL: by the path's suffix */
    const char *const *creation_options; /* "K=V", NULL-terminated, or NULL */
    const char *const *metadata;         /* "K=V", NULL-terminated, or NULL */
    /* The item of these by which it is known again, static: a format that loses it is refused; or
     * NULL. */
    const char *identity;
    dg_grid grid;
    const char *crs; /* WKT, or NULL */
    bool is_point;
    dg_type type; /* of its values: floats or doubles */
    double nodata;
    bool has_statistics; /* dg_writer_describe will be called */
    const dg_output_band *bands;
    int band_count;
    const dg_messages *messages; /* told what the format does not keep; or NULL. They
                                    must live until the output is created */
    int threads;                 /* for the codec, as far as its memory goes; or as the creation
                                    options say, likewise */
    int64_t codec_memory;        /* bytes; 0: no limit */
    /* By which a GeoTIFF with the CRS of one before it need not have it read again, a fifth of what a small one
     * takes; or NULL. It must live until the output is finished. */
    dg_seen *seen_crs;
} dg_output;

typedef struct dg_writer dg_writer;

/* Whether its format and options can hold the output, tried in small; tells what they do not keep. What
 * has the output's name does not matter. DEMGRAD_INVALID_OPTION where they cannot, whatever the
 * raster. */
demgrad_status dg_writer_try(const dg_output *output, demgrad_error *error);

/* *may: such an output has the CRS `crs` (WKT; "": none) when it is read again, or its format keeps it
 * otherwise, so that nobody can tell. Fails for want of memory only. */
demgrad_status dg_writer_may_have_crs(const dg_output *output, const char *crs, bool *may,
                                      demgrad_error *error);

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

#endif

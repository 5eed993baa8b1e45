/* A raster on its way to become an output, and the ways there are. Private to the writer. */
#ifndef DG_DRAFT_H
#define DG_DRAFT_H

#include "block_rows.h"
#include "gdal_errors.h"
#include "samples.h"
#include "writer.h"

#include <gdal.h>

/* Asks the caller whether to go on, and remembers a no. */
typedef struct dg_continuation {
    dg_writer_continue go_on;
    void *user;
    bool cancelled;
} dg_continuation;

/* A dg_writer_continue; `user` is a dg_continuation. */
int dg_continuation_ask(void *user);

/* A raster that is being written, under a temporary name. */
typedef struct dg_draft {
    const struct dg_way *way;
    dg_output *output; /* a copy */
    GDALDriverH driver;
    char **options;  /* of its creation, our defaults among them */
    char *temporary; /* becomes output->target.path */
    GDALDatasetH dataset;
    dg_block_rows rows;
    dg_samples samples;
    const dg_statistics *figures; /* of each band, for the file to tell; NULL: it tells none */
} dg_draft;

/* One way. Errors of GDAL's are collected by the caller, and are failures as a false is. */
typedef struct dg_way {
    /* Makes and describes a dataset that takes blocks. */
    bool (*create)(dg_draft *draft);
    /* Closes it, so that `temporary` is the output. */
    bool (*close)(dg_draft *draft, dg_continuation *continuation);
} dg_way;

/* Writes blocks as they come to where GDAL puts them. */
extern const dg_way dg_way_plain;

/* Lays an uncompressed GTiff out before its pixels are written, so that its blocks are written in
 * their places. GDAL appends blocks in pieces of 64 kB, cut once more by the C library, and the disk
 * finds room for each; in place it writes a block at once, to room that is reserved. It also means
 * that a full disk shows before the work. */
extern const dg_way dg_way_in_place;

/* Writes blocks to a GTiff, and has GDAL copy it at the end: some formats can be made no other way. */
extern const dg_way dg_way_copy;

/* Makes the dataset in the draft's way, ready for its pixels. On failure, *errors tells why. */
demgrad_status dg_draft_start(dg_draft *draft, dg_gdal_errors *errors, demgrad_error *error);

/* Closes it. False where GDAL had something against it, or where `continuation` cancelled. */
bool dg_draft_end(dg_draft *draft, dg_continuation *continuation, dg_gdal_errors *errors);

/* Fails for the reason that GDAL gave, or "otherwise". */
demgrad_status dg_draft_fail(const dg_draft *draft, const char *what, const dg_gdal_errors *errors,
                             demgrad_error *error);

/* Closes the dataset whatever comes of it, where it is open. */
void dg_draft_close(dg_draft *draft);

/* The same, and frees what the draft has, but not itself. */
void dg_draft_free(dg_draft *draft);

/* The folder in the temporary one of what the output's files are copied from. */
#define DG_STAGE "raw"

/* A name in the temporary folder, beside the one that `temporary` is in. To be freed; NULL: out of memory. */
char *dg_draft_beside(const dg_draft *draft, const char *name);

/* Removes a folder of such a name. Links to others' files may be in it: GDAL's function would follow them. */
void dg_draft_remove_folder(const char *path);

/* Steps of more than one way. */
bool dg_way_create_plain(dg_draft *draft);
bool dg_way_close_plain(dg_draft *draft, dg_continuation *continuation);
GDALDatasetH dg_way_create_dataset(const dg_output *output, GDALDriverH driver, const char *path,
                                   char **options);

#endif

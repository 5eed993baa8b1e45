/* How a raster is cut for the pipeline; private to it. */
#ifndef DG_PLAN_H
#define DG_PLAN_H

#include <stdbool.h>
#include <stdint.h>

/* The raster is worked on in panels: ranges of columns, over all rows. Almost always there is just
 * one; several where a full-width block would not fit in memory. Within a panel, groups of rows are
 * read into a ring of rows, and groups of rows are computed from it once they and their halo are
 * there. So every row of a panel is read once, whatever the groups' heights, and those of reading
 * follow the source's blocks while those of computing follow the output's. A group that is computed
 * is so narrow that the processor's cache still holds it when it is written. */
typedef struct dg_plan {
    int panel_width;
    int read_rows; /* height of a group that is read; groups begin at multiples of it */
    int ring_rows; /* rows held; a multiple of read_rows */
    int compute_rows, compute_cols; /* size of a computed group: whole blocks of the output */
    int block_width, block_height;  /* of what is written at a time: the output's */
    int halo;                       /* rows, and columns, that are read around what is computed */
    int slots;                      /* computed groups that can wait for their turn to be written */
    int workers;
} dg_plan;

typedef struct dg_plan_input {
    int width, height;
    int source_block_height;
    int output_block_width; /* 0: of all columns, whatever the memory */
    int output_block_height;
    int element_size; /* bytes */
    int band_count;
    int halo; /* of the stencil, pixels */
    int threads;
    int64_t memory;       /* bytes */
    int64_t reader_bytes; /* that each worker's reader takes */
} dg_plan_input;

dg_plan dg_plan_make(const dg_plan_input *input);

/* Whether the plan's buffers keep to the memory: where there is too little for the least, not. */
bool dg_plan_fits(const dg_plan_input *input, const dg_plan *plan);

#endif

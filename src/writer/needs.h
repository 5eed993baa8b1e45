/* What GDAL takes of memory to write a format; private to the writer. */
#ifndef DG_NEEDS_H
#define DG_NEEDS_H

#include "block_rows.h"
#include "writer.h"

#include <gdal.h>

/* A block as a GTiff has it: of all bands where they lie together. */
typedef struct dg_file_block {
    int width, height;
    int64_t bytes;
} dg_file_block;

dg_file_block dg_needs_block(const dg_output *output, char **options);

/* The codec threads that the creation options, GDAL's configuration or the output ask for, as far as its
 * codec_memory goes. */
int dg_needs_threads(const dg_output *output, GDALDriverH driver, char **options);

/* Bytes of the codec and of the threads that the creation options ask for; 0 where nothing is known. */
int64_t dg_needs_codec(const dg_output *output, GDALDriverH driver, char **options);

/* All needs, of a writer that has such rows, and of an output that is not created yet. */
dg_writer_needs dg_needs_of(const dg_block_rows *rows, int64_t codec);
dg_writer_needs dg_needs_expect(const dg_output *output, GDALDriverH driver, char **options);

#endif

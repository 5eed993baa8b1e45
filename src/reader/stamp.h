/* What the files of an input are like, to tell later whether they have changed; private to the reader. */
#ifndef DG_STAMP_H
#define DG_STAMP_H

#include "hash.h"

#include <stdbool.h>

/* Makes stamps, of inputs that as a rule lie side by side: it remembers what is in the folder of the last
 * one. */
typedef struct dg_stamper dg_stamper;

/* NULL, and an error, where memory is short. */
dg_stamper *dg_stamper_new(demgrad_error *error);
void dg_stamper_free(dg_stamper *stamper);

/* Adds the name of an input, with the size and the time of what it leads to as GDAL's file systems tell
 * them. */
bool dg_stamp_add_name(dg_hash *stamp, const char *name);

/* Adds a file to a stamp: its place, however the path is written, its size and the time of its last change;
 * with it the files beside it that GDAL reads with it by their names (dg_file_is_part), and those in a
 * folder that is a raster. The order of files does not matter. false: out of memory. */
bool dg_stamp_add(dg_stamper *stamper, dg_hash *stamp, const char *path);

#endif

/* Which files an input is made of. Private to the reader. */
#ifndef DG_INPUT_FILES_H
#define DG_INPUT_FILES_H

#include "fail.h"
#include "file_set.h"
#include "stamp.h"

#include <gdal.h>

/* Adds the files of a dataset that was opened as `name` (NULL: it cannot be), and those that they refer
 * to: sources of VRTs and tile indexes, however deep; the archive that a file is in. Files beside a
 * plain GeoTIFF that describe it are left out, since they would be looked for one by one:
 * dg_file_set_find knows them by their names. Adds all files, these too, to *stamp; `stamper` NULL:
 * none. Fails also where one is cut short that GDAL would read on, or has
 * a damaged .aux.xml or .msk. */
demgrad_status dg_input_files_add(dg_file_set *set, GDALDatasetH dataset, const char *name,
                                  dg_stamper *stamper, dg_hash *stamp, demgrad_error *error);

#endif

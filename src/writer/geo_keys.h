/* The keys by which a GeoTIFF names its CRS. Private to the writer. */
#ifndef DG_GEO_KEYS_H
#define DG_GEO_KEYS_H

#include "hash.h"

#include <stdbool.h>

/* Adds them, as they are stored, to a hash. False where that cannot be done: the file has none, or is not a TIFF on
 * a disk, or there is no libtiff. Takes a twentieth of what GDAL and PROJ take to make a CRS of them. */
bool dg_geo_keys_add(const char *path, dg_hash *hash);

#endif

/* What a TIFF says of its CRS, as it is stored; private to the writer. */
#ifndef DG_GEO_KEYS_H
#define DG_GEO_KEYS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct dg_geo_keys {
    unsigned char *bytes; /* NULL: there are none, or they cannot be read */
    size_t size;
} dg_geo_keys;

/* The GeoTIFF tags of the first image in the file. To be freed with dg_geo_keys_free. */
dg_geo_keys dg_geo_keys_read(const char *path);
void dg_geo_keys_free(dg_geo_keys *keys);
bool dg_geo_keys_are_same(const dg_geo_keys *a, const dg_geo_keys *b);

#endif

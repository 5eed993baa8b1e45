/* Elevations that are coded in three bands of bytes, as web maps have them; private to the reader. */
#ifndef DG_DECODE_H
#define DG_DECODE_H

#include "block.h"
#include "nodata.h"
#include "reader.h"

/* What the three bytes r, g, b hold is the whole number (r * 256 + g) * 256 + b, which a float keeps; it is
 * taken for the stored value, with this scale and offset. */
typedef struct dg_code {
    double scale, offset; /* metres */
} dg_code;

/* Of a form other than DG_DECODE_NONE. */
dg_code dg_decode_code(dg_decode form);

/* Whether the bands from `band` on can hold it. */
demgrad_status dg_decode_check(GDALDatasetH dataset, const char *name, int band,
                               demgrad_error *error);

/* The stored value that all three bands together declare as nodata, if they do. */
double dg_decode_declared(GDALDatasetH dataset, int band, bool *has);

/* Adds what is stored where the elevation is `elevation`; false where nothing is. */
bool dg_decode_add_nodata(dg_nodata *nodata, dg_decode form, double elevation);

/* Puts the stored values of three blocks of bytes, one after the other, into `out`. */
void dg_decode_join(const unsigned char *bytes, const dg_block *out);

#endif

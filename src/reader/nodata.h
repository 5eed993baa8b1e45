/* Which stored values of a band are no data; private to the reader. */
#ifndef DG_NODATA_H
#define DG_NODATA_H

#include <gdal.h>
#include <stdbool.h>

/* Ranges of values, as doubles or as floats; the ends belong to them. NaN and infinities are no data
 * anyway. */
enum { DG_MOST_NODATA_RANGES = 48 };

typedef struct dg_nodata {
    struct {
        double low, high;
    } ranges[DG_MOST_NODATA_RANGES];
    int count;
} dg_nodata;

/* The value that the band declares, if any. */
double dg_nodata_declared(GDALRasterBandH band, bool *has);

/* Adds what the band's pixels hold where `value` is declared. False, and nothing is added, where none of
 * them can hold it. */
bool dg_nodata_add(dg_nodata *nodata, GDALRasterBandH band, double value);

/* Adds a value as it is stored, where no type but that of the blocks limits it. */
bool dg_nodata_add_stored(dg_nodata *nodata, double value);

/* Adds all numbers below `least` and above `most`. */
void dg_nodata_add_beyond(dg_nodata *nodata, GDALRasterBandH band, double least, double most);

#endif

#include "nodata.h"

#include "gdal_type.h"

#include <cpl_port.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

double dg_nodata_declared(GDALRasterBandH band, bool *has) {
    const GDALDataType type = GDALGetRasterDataType(band);
    int found = FALSE;
    double value;
    if (type == GDT_Int64)
        value = (double)GDALGetRasterNoDataValueAsInt64(band, &found);
    else if (type == GDT_UInt64)
        value = (double)GDALGetRasterNoDataValueAsUInt64(band, &found);
    else
        value = GDALGetRasterNoDataValue(band, &found);
    *has = found;
    return value;
}

static bool add_range(dg_nodata *nodata, double low, double high) {
    if (nodata->count < DG_MOST_NODATA_RANGES) {
        nodata->ranges[nodata->count].low = low;
        nodata->ranges[nodata->count++].high = high;
    }
    return true;
}

bool dg_nodata_add_stored(dg_nodata *nodata, double value) {
    return add_range(nodata, value, value);
}

/* A float that an end rounds to is not beyond it. */
void dg_nodata_add_beyond(dg_nodata *nodata, GDALRasterBandH band, double least, double most) {
    const bool is_float = GDALGetDataTypeSizeBits(GDALGetRasterDataType(band)) <= 32;
    const double below = is_float ? (double)nextafterf((float)least, -INFINITY)
                                  : nextafter(least, -(double)INFINITY);
    const double above =
        is_float ? (double)nextafterf((float)most, INFINITY) : nextafter(most, (double)INFINITY);
    if (isfinite(least))
        add_range(nodata, -DBL_MAX, below);
    if (isfinite(most))
        add_range(nodata, above, DBL_MAX);
}

static bool add_integer(dg_nodata *nodata, GDALRasterBandH band, double value) {
    const GDALDataType type = GDALGetRasterDataType(band);
    const int bits = GDALGetDataTypeSizeBits(type);
    const bool is_signed = GDALDataTypeIsSigned(type);
    const double least = is_signed ? -ldexp(1, bits - 1) : 0;
    const double most = ldexp(1, is_signed ? bits - 1 : bits) - 1;
    if (value != floor(value) || value < least || value > most)
        return false;
    return add_range(nodata, value, value);
}

/* GDAL declares the value of such a band as it means it, or as the byte that is stored. */
static bool add_signed_byte(dg_nodata *nodata, double value) {
    const double meant = value > 127 ? value - 256 : value;
    if (meant != floor(meant) || meant < -128 || meant > 127)
        return false;
    return add_range(nodata, meant, meant);
}

/* Declared values beyond any elevation come rounded to a few digits. */
static const double HUGE_NODATA = 1e30;
static const double HUGE_NODATA_SLACK = 1e-5;

/* Digits of a binary number that a float of the band's size has; some files hold short ones. */
static int significant_bits(GDALRasterBandH band) {
    const char *bits = GDALGetMetadataItem(band, "NBITS", "IMAGE_STRUCTURE");
    const int size = bits ? atoi(bits) : GDALGetDataTypeSizeBits(GDALGetRasterDataType(band));
    return size == 16 ? 11 : size == 24 ? 17 : size == 32 ? FLT_MANT_DIG : DBL_MANT_DIG;
}

/* The exponent of the smallest number of such a float. */
static int least_exponent(int bits) {
    return bits == 11 ? -24 : bits == 17 ? -78 : bits == FLT_MANT_DIG ? -149 : -1074;
}

static double cut_to_bits(double value, int bits, double (*to_integer)(double)) {
    int exponent;
    frexp(value, &exponent);
    const int last = exponent - bits, least = least_exponent(bits);
    const int shift = last > least ? last : least;
    return ldexp(to_integer(ldexp(value, -shift)), shift);
}

/* The pixels hold the value as a float does, or as their own type: GDAL rounds to short ones, or cuts. What
 * a float cannot hold is its largest number. */
static bool add_float(dg_nodata *nodata, GDALRasterBandH band, double value) {
    const int bits = significant_bits(band);
    if (bits <= FLT_MANT_DIG)
        value = fmax(fmin(value, (double)FLT_MAX), -(double)FLT_MAX);
    if (fabs(value) >= HUGE_NODATA) {
        const double slack = fabs(value) * HUGE_NODATA_SLACK;
        return add_range(nodata, value - slack, value + slack);
    }
    const double rounded = cut_to_bits(value, bits, nearbyint);
    const double as_float = (double)(float)value;
    add_range(nodata, rounded, rounded);
    if (bits < FLT_MANT_DIG)
        add_range(nodata, cut_to_bits(value, bits, trunc), cut_to_bits(value, bits, trunc));
    return as_float == rounded || add_range(nodata, as_float, as_float);
}

bool dg_nodata_add(dg_nodata *nodata, GDALRasterBandH band, double value) {
    if (dg_is_signed_byte(band))
        return isfinite(value) && add_signed_byte(nodata, value);
    if (GDALDataTypeIsInteger(GDALGetRasterDataType(band)))
        return isfinite(value) && add_integer(nodata, band, value);
    return !isfinite(value) || add_float(nodata, band, value);
}

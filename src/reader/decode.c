#include "decode.h"

#include <math.h>

static const dg_code CODES[] = {
    [DG_DECODE_TERRAIN_RGB] = {0.1, -10000}, [DG_DECODE_TERRARIUM] = {1.0 / 256, -32768}};

dg_code dg_decode_code(dg_decode form) {
    return CODES[form];
}

demgrad_status dg_decode_check(GDALDatasetH dataset, const char *name, int band,
                               demgrad_error *error) {
    const int count = GDALGetRasterCount(dataset);
    bool are_bytes = band + 2 <= count;
    for (int i = 0; i < 3 && are_bytes; i++)
        are_bytes = GDALGetRasterDataType(GDALGetRasterBand(dataset, band + i)) == GDT_Byte;
    if (are_bytes)
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "%s: elevations are decoded of three bands of bytes; it has none such from band "
                   "%d of its %d on",
                   name, band, count);
}

double dg_decode_declared(GDALDatasetH dataset, int band, bool *has) {
    double value = 0;
    *has = true;
    for (int i = 0; i < 3 && *has; i++)
        value = value * 256 + dg_nodata_declared(GDALGetRasterBand(dataset, band + i), has);
    return value;
}

bool dg_decode_add_nodata(dg_nodata *nodata, dg_decode form, double elevation) {
    const dg_code code = CODES[form];
    const double value = round((elevation - code.offset) / code.scale);
    if (!isfinite(elevation))
        return false;
    return fabs(value * code.scale + code.offset - elevation) < code.scale / 100 &&
           dg_nodata_add_stored(nodata, value);
}

void dg_decode_join(const unsigned char *bytes, const dg_block *out) {
    const dg_window w = out->window;
    const size_t plane = (size_t)w.width * (size_t)w.height;
    for (int i = 0; i < w.height; i++) {
        const unsigned char *r = bytes + (size_t)i * (size_t)w.width;
        void *z = dg_block_row(out, 0, i);
        for (int j = 0; j < w.width; j++) {
            const int value = (r[j] * 256 + r[plane + (size_t)j]) * 256 + r[2 * plane + (size_t)j];
            if (out->type == DG_DOUBLE)
                ((double *)z)[j] = value;
            else
                ((float *)z)[j] = (float)value;
        }
    }
}

#include "scale.h"

#include "cf.h"
#include "left_out.h"

dg_scale dg_scale_of(GDALRasterBandH band) {
    int has_scale = FALSE, has_offset = FALSE;
    if (dg_left_out_is_applied(GDALGetBandDataset(band)))
        return (dg_scale){1, 0, false};
    dg_scale s = {GDALGetRasterScale(band, &has_scale), GDALGetRasterOffset(band, &has_offset),
                  false};
    s.scale = has_scale ? s.scale : 1;
    s.offset = has_offset ? s.offset : 0;
    dg_cf_scale(band, &s.scale, &s.offset);
    if (s.scale != 1 || s.offset != 0)
        return s;
    const dg_left_out left = dg_left_out_find(GDALGetBandDataset(band));
    return (dg_scale){left.scale, left.offset, left.scale != 1 || left.offset != 0};
}

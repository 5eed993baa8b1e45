/* Options as gdaldem, gdal_translate, gdalwarp and `gdal raster` spell them. */
#ifndef DG_FOREIGN_H
#define DG_FOREIGN_H

/* demgrad's word in place of -x, --x or --x=VALUE, to be freed with CPLFree; NULL where it is none of
 * them, or means nothing here: then *instead is what is to be typed, else NULL. */
char *dg_foreign_word(const char *word, const char **instead);

#endif

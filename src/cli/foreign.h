/* Words as gdaldem, gdal_translate, gdalwarp, `gdal raster`, GRASS and WhiteboxTools have them. */
#ifndef DG_FOREIGN_H
#define DG_FOREIGN_H

#include <stdbool.h>

/* demgrad's word in place of -x, --x or --x=VALUE, to be freed with CPLFree; NULL where it is none of
 * them, or means nothing here: then *instead is what is to be typed, else NULL. */
char *dg_foreign_word(const char *word, const char **instead);

/* What there is to say of a word in a command's place; NULL: nothing. */
const char *dg_foreign_command(const char *word);

/* What there is to say of an input of that name, which may be a band's; NULL: nothing, as of any file. */
const char *dg_foreign_name(const char *name, bool is_band);

#endif

/* Options as gdaldem and gdal_translate spell them, with one hyphen. */
#ifndef DG_FOREIGN_H
#define DG_FOREIGN_H

/* demgrad's word in place of such an option; the word itself where it is none of them. *instead gets what
 * is to be typed where no word of demgrad's means the same, else NULL. */
char *dg_foreign_word(char *word, const char **instead);

#endif

/* Headers of text beside rasters, a key and its value on each line. */
#ifndef DG_TEXT_HEADER_H
#define DG_TEXT_HEADER_H

#include <gdal.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether a name ends so, in whatever letters. */
bool dg_ends_with(const char *name, const char *ending);

/* Which of the dataset's files ends so; "": the one that it is named by. To be freed; NULL: there is none, or no
 * memory. */
char *dg_text_header_of(GDALDatasetH dataset, const char *ending);

/* Puts what follows the key in `text`, cut to `size`: the rest of its line, after blanks or a sign, or the next line
 * after a key of Geosoft's ("#..."), whose header ends at its grid. "", and false, where there is no such key. */
bool dg_text_header_find(const char *path, const char *key, char *text, size_t size);

#endif

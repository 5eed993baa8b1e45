/* The nodata value of a GTiff as it is written there. */
#ifndef DG_NODATA_TAG_H
#define DG_NODATA_TAG_H

#include <stdbool.h>

/* How much of such a text is kept, with its end. */
enum { DG_NODATA_TEXT_SIZE = 64 };

/* False: none is found. */
bool dg_nodata_tag(const char *path, char text[DG_NODATA_TEXT_SIZE]);

#endif

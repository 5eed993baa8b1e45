/* Whose a file is. Private to the writer. */
#ifndef DG_OWN_H
#define DG_OWN_H

#include <stdbool.h>

/* Whether a batch made the file, so that another may replace it without being asked: its metadata say so.
 * Neither is anything lost with what a crash left of one: an empty file, the mere header of a TIFF, a TIFF
 * that cannot be opened but has those metadata in it, a name that was reserved. */
bool dg_is_own(const char *path);

#endif

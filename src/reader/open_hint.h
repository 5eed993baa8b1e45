/* What to type where GDAL cannot open a name as it is; private to the reader. */
#ifndef DG_OPEN_HINT_H
#define DG_OPEN_HINT_H

#include <stddef.h>

/* What the path is, and the way out, where GDAL failed for `reason`; "" where there is nothing to say but
 * that. */
void dg_open_hint(const char *path, const char *reason, char *text, size_t size);

#endif

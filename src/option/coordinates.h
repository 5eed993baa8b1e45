/* Files of coordinates, one number a line. */
#ifndef DG_COORDINATES_H
#define DG_COORDINATES_H

#include <stddef.h>

/* Reads `path` into *values (free with CPLFree). Empty lines and lines that begin with # are
 * skipped. Returns NULL, or what is wrong. */
const char *dg_coordinates_read(const char *path, double **values, size_t *count);

#endif

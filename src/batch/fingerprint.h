/* What an output was made from, in 32 hexadecimal digits; private to batch. */
#ifndef DG_FINGERPRINT_H
#define DG_FINGERPRINT_H

#include "pieces.h"

enum { DG_FINGERPRINT_SIZE = 33 };

/* Of all that can change a piece's bytes: the inputs it takes pixels from (path, size, time,
 * place), the grid, the options, the version. */
void dg_fingerprint(const dg_pieces *pieces, const dg_piece *piece, const size_t *tiles,
                    size_t count, const demgrad_raster_options *options,
                    char text[DG_FINGERPRINT_SIZE]);

#endif

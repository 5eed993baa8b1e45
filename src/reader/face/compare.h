/* Compares tiles of a catalog where they overlap. */
#ifndef DG_COMPARE_H
#define DG_COMPARE_H

#include "catalog.h"

typedef struct dg_comparison {
    double largest; /* difference of stored values */
    int64_t pixels; /* that differ; one that is valid in only one of the two differs too */
    int64_t values; /* of these, those that are valid in both */
} dg_comparison;

/* Compares two tiles of the grid where they overlap when `other` is moved by `shift` columns; with
 * `is_brief` just until a value differs. What cannot be read is not compared. Fails only where the
 * caller does not want it to go on, and where memory is short. */
demgrad_status dg_compare_tiles(const dg_catalog *catalog, size_t tile, size_t other, int shift,
                                bool is_brief, const dg_messages *messages,
                                dg_comparison *comparison, demgrad_error *error);

/* Whether the part of the tile within `window` of the grid can be read. Fails for want of memory only. */
demgrad_status dg_compare_is_readable(const dg_catalog *catalog, size_t tile, dg_window window,
                                      bool *is_readable, demgrad_error *error);

/* Looks for two tiles of the grid that are in one place with other values: pixels that are valid in
 * both and differ. Their windows are the same, but for a fiftieth of their size. `pair` gets their
 * indices, the one on top last; *found says whether there are such. Fails as dg_compare_tiles does. */
demgrad_status dg_compare_find_rivals(const dg_catalog *catalog, const dg_messages *messages,
                                      size_t pair[2], bool *found, demgrad_error *error);

#endif

/* Grids of numbers as text, in which GDAL takes any word for a number: for 0, or for what it begins with. */
#ifndef DG_TEXT_GRID_H
#define DG_TEXT_GRID_H

#include "fail.h"

#include <cpl_vsi.h>

/* Fails where the file is an ASCII grid (Esri's or GRASS's) with a word where a number belongs, with a header
 * that GDAL reads otherwise than it is meant, or with more numbers than its header tells of. `head` is how the
 * file begins. Other files are taken for right. */
demgrad_status dg_check_text_grid(const char *path, const char *head, VSILFILE *file,
                                  demgrad_error *error);

/* The same for a file of points: x, y and z a line, maybe others too, and maybe names above them. */
demgrad_status dg_check_text_points(const char *path, VSILFILE *file, demgrad_error *error);

#endif

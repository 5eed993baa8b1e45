/* Numbers as text. */
#ifndef DG_NUMBER_TEXT_H
#define DG_NUMBER_TEXT_H

#include <stdbool.h>

/* What follows the number that a text begins with, and blanks; NULL: it begins with none. */
const char *dg_number_end(const char *text);

/* Whether GDAL reads a text as a number from begin to end, but for blanks around it. Of others it takes what
 * they begin with, or 0, and says nothing. */
bool dg_is_number_text(const char *text);

#endif

/* Formats of numbers as text whose files begin with a header of their own. */
#ifndef DG_TEXT_FORMAT_H
#define DG_TEXT_FORMAT_H

#include "fail.h"

#include <cpl_vsi.h>
#include <stdbool.h>

/* The format that GDAL's driver reads, or whose files begin as `head` does; NULL: none of these. */
typedef struct dg_text_format dg_text_format;
const dg_text_format *dg_text_format_of_driver(const char *driver);
const dg_text_format *dg_text_format_of_head(const char *head);
const char *dg_text_format_driver(const dg_text_format *format);

/* Fails where the file has another word where a number belongs, more or fewer numbers than its header tells of,
 * or what else GDAL takes for other numbers than are meant. */
demgrad_status dg_check_text_format(const dg_text_format *format, const char *path, VSILFILE *file,
                                    demgrad_error *error);

#endif

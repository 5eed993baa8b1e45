/* From the text of an option's value to its field. */
#ifndef DG_OPTION_READ_H
#define DG_OPTION_READ_H

#include "option.h"

/* Sets the option's field in `options`. Returns NULL, or what is wrong with the value ("it must be ...").
 * Texts are kept as pointers; lists and coordinates are copies, to be freed by dg_option_free. */
const char *dg_option_read(const dg_option *option, void *options, const char *value);

/* What a value must be: "it must be a, b or c"; "" where nothing general can be said. */
const char *dg_option_demand(const dg_option *option);

void dg_option_free(const dg_option *option, void *options);

#endif

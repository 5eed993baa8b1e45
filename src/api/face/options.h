/* The caller's options in this version's form; private to the api, batch and preview. */
#ifndef DG_OPTIONS_H
#define DG_OPTIONS_H

#include "block.h"
#include "sized.h"

#include <demgrad/raster.h>

/* Every field at its default. */
demgrad_raster_options dg_raster_options_default(void);

/* Fails where there is no input, or one is NULL. */
demgrad_status dg_inputs_check(const char *const *inputs, size_t count, demgrad_error *error);

/* Fails where a pointer that is needed is NULL. */
demgrad_status dg_argument_check(const void *argument, const char *name, demgrad_error *error);

/* Fills *own from what a caller of any version passed; NULL: the defaults. */
demgrad_status dg_raster_options_take(const demgrad_raster_options *options,
                                      demgrad_raster_options *own, demgrad_error *error);

/* Of the values that are written. */
dg_type dg_output_type(const demgrad_raster_options *options);

/* As many threads as a call may take. */
int dg_threads(const demgrad_raster_options *options);

/* The form of options of type `type` of which the raster's are a field `raster`: this version's, and that
 * of a caller's `options`. */
#define DG_OWN_FORM(type)                                                                          \
    ((dg_form){sizeof(type), offsetof(type, raster), sizeof(demgrad_raster_options)})
#define DG_FORM_OF(type, options)                                                                  \
    ((dg_form){(options)->size, offsetof(type, raster), (options)->raster.size})

#endif

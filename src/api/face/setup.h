/* Inputs and options, settled before pixels are read; private to the api, batch, preview
 * and the command. */
#ifndef DG_SETUP_H
#define DG_SETUP_H

#include "file_set.h"
#include "messages.h"

#include <demgrad/raster.h>

/* Everything that is known before pixels are read. */
typedef struct dg_setup dg_setup;

/* The options' receivers; to be closed with dg_messages_close. */
demgrad_status dg_setup_messages(const demgrad_raster_options *options, dg_messages *messages,
                                 demgrad_error *error);

/* Whether the options make sense by themselves, whatever the input. */
demgrad_status dg_setup_check(const demgrad_raster_options *options, demgrad_error *error);

/* Opens and checks. `files` (or NULL) gets the files that the inputs are made of. Options and messages must
 * outlive the setup. */
demgrad_status dg_setup_open(const char *const *inputs, size_t count,
                             const demgrad_raster_options *options, const dg_messages *messages,
                             dg_file_set *files, dg_setup **setup, demgrad_error *error);

/* NULL is allowed. */
void dg_setup_close(dg_setup *setup);

#endif

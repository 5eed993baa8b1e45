/* The caller's options in this version's form; private to preview. */
#ifndef DG_PREVIEW_OPTIONS_H
#define DG_PREVIEW_OPTIONS_H

#include "fail.h"

#include <demgrad/preview.h>

/* Fills *own from what a caller of any version passed. */
demgrad_status dg_preview_options_take(const demgrad_preview_options *options,
                                       demgrad_preview_options *own, demgrad_error *error);

/* Whether what is said of the picture itself makes sense. */
demgrad_status dg_preview_options_check(const demgrad_preview_options *options,
                                        demgrad_error *error);

#endif

/* From the options to what is said of a file; private to the api. */
#ifndef DG_OPEN_WRITER_H
#define DG_OPEN_WRITER_H

#include "outlets.h"

/* The writer of an outlet's file; tries only whether it can be written where `writer` is NULL. */
demgrad_status dg_open_writer(const dg_pass *pass, const dg_outlet *outlet, dg_writer **writer,
                              demgrad_error *error);

#endif

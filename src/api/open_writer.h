/* From the options to what is said of a file; private to the api. */
#ifndef DG_OPEN_WRITER_H
#define DG_OPEN_WRITER_H

#include "outlets.h"
#include "writer.h"

/* The writer of an outlet's file, whose codec may take so many bytes; tries only whether it can be written
 * where `writer` is NULL. */
demgrad_status dg_open_writer(const dg_pass *pass, const dg_outlet *outlet, int64_t codec_memory,
                              dg_writer **writer, demgrad_error *error);

/* What such a writer will need. */
demgrad_status dg_expect_writer(const dg_pass *pass, const dg_outlet *outlet, int64_t codec_memory,
                                dg_writer_needs *needs, demgrad_error *error);

#endif

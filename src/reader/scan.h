/* Looks at many inputs in several threads, and gives what was seen in their order; private to the reader. */
#ifndef DG_SCAN_H
#define DG_SCAN_H

#include "notes.h"
#include "reader.h"

#include <gdal.h>

/* What was seen of one input. */
typedef struct dg_look {
    demgrad_status status;
    demgrad_error error;  /* where it could not be opened or described */
    GDALDatasetH dataset; /* NULL: it could not be opened */
    dg_source_info info;  /* as of dg_describe_dataset */
    dg_notes notes;
} dg_look;

typedef struct dg_scan dg_scan;

/* Begins with as many of options->threads as there is work for. The inputs and what the options point at must
 * outlive the scan. NULL, and an error, where memory is short. */
dg_scan *dg_scan_start(const char *const *inputs, size_t count, const dg_source_options *options,
                       demgrad_error *error);

/* Gives what was seen of the next input, until the next call; to be called once for each. What the caller keeps of
 * it is to be taken out: the rest is freed. */
dg_look *dg_scan_next(dg_scan *scan);

/* Ends it, also before its time. NULL is allowed. */
void dg_scan_end(dg_scan *scan);

#endif

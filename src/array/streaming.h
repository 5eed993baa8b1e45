/* Quotients that are written past the processor's cache: for results that no cache can hold, where
 * reading their old bytes into it first would only cost time. */
#ifndef DG_STREAMING_H
#define DG_STREAMING_H

#include "rows.h"

/* The streaming twin of rows->quotient[0], for contiguous rows, with the same bytes. NULL where the
 * dtype has none, or the processor cannot. */
dg_quotient *dg_streaming_quotient(demgrad_dtype dtype);

/* For each thread to call when it has streamed, before others may read the results. */
void dg_stream_end(void);

#endif

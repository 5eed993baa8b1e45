/* Shares a range of independent work items out among threads. */
#ifndef DG_SHARE_H
#define DG_SHARE_H

#include <stddef.h>

/* Does items [begin, end). Called on several threads at once, with ranges that do not overlap. */
typedef void dg_work(const void *context, ptrdiff_t begin, ptrdiff_t end);

/* Calls `work` for [0, count) in at most `threads` equal ranges, one of them on this thread, and
 * returns when all are done. A range for which no thread can be had is done on this one too. */
void dg_share(dg_work *work, const void *context, ptrdiff_t count, int threads);

#endif

/* Reading from mapped files that another program may cut short; private to the reader. */
#ifndef DG_MAPPED_H
#define DG_MAPPED_H

#include <stdbool.h>
#include <stddef.h>

/* Says that this thread reads from a map until dg_mapped_end. What is no longer in the file then reads as
 * zeros, where it would end the process by SIGBUS; other faults go to who had the signal before. */
void dg_mapped_begin(void *map, size_t size);

/* Whether something was missing. What was read is then worth nothing, nor is the map. */
bool dg_mapped_end(void);

#endif

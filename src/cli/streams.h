/* The process's standard streams. */
#ifndef DG_STREAMS_H
#define DG_STREAMS_H

#include <stdbool.h>

/* Opens the standard descriptors that are closed, so that no file gets their numbers, and messages
 * with them. Reading or writing them fails all the same. False where that cannot be. */
bool dg_streams_open(void);

/* Ends a run that comes to `exit_code`: what it said on stdout must have got through. Returns the
 * process's exit code, which is another one where it did not. */
int dg_streams_finish(int exit_code);

#endif

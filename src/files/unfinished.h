/* The temporary files of outputs under way, for a process that must end at once; private to files.
 *
 * Between begin and end a thread changes what is on the disk and says here what it did; dg_unfinished_halt
 * (publish.h) waits for it, and no thread passes begin any more. */
#ifndef DG_UNFINISHED_H
#define DG_UNFINISHED_H

#include "workplace.h"

#include <stdbool.h>

void dg_unfinished_begin(void);
void dg_unfinished_end(void);

/* Makes a temporary folder (see dg_workplace_make) that is removed then, and removes it. */
demgrad_status dg_unfinished_make(const char *parent, const char *output, dg_workplace *place,
                                  demgrad_error *error);
void dg_unfinished_remove(dg_workplace *place);

/* Moves the folder to another struct: *from has none from now on. */
void dg_unfinished_move(dg_workplace *from, dg_workplace *to);

/* An output got its name. */
void dg_unfinished_count(void);

#endif

/* Which part of a batch this process does. */
#ifndef DG_PART_H
#define DG_PART_H

/* Reads "I/N", or "auto": index and count that the scheduler of an array job has put into the
 * environment. Returns NULL, or what is wrong. */
const char *dg_part_read(const char *text, int *index, int *count);

#endif

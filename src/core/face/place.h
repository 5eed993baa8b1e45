/* Gives files their names without replacing others. */
#ifndef DG_PLACE_H
#define DG_PLACE_H

#include <stdbool.h>

/* Gives the file or folder `from` the name `to` of the same file system, which nothing may have: also
 * not what appeared a moment ago. Where the file system has neither a rename that never replaces nor
 * hard links (some network and FAT ones), the name is reserved first with a file that says so. 0, or an
 * errno: EEXIST where something is there. */
int dg_place_new(const char *from, const char *to);

/* Whether `path` is such a reservation, left by a process that was killed. */
bool dg_place_is_reserved(const char *path);

#endif

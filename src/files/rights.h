/* Who may do what with a file; private to files. */
#ifndef DG_RIGHTS_H
#define DG_RIGHTS_H

#include <sys/stat.h>

/* Gives a new file the owner and permissions of an old one, as far as that may be: where the group cannot be
 * kept, it gets what all others have. */
void dg_keep_rights(const char *path, const struct stat *old);

#endif

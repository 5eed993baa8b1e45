/* Who may do what with a file; private to files. */
#ifndef DG_RIGHTS_H
#define DG_RIGHTS_H

/* Gives a new file the owner, permissions and access list of the one at `old`, as far as that may be: where
 * the group or the list cannot be kept, the group gets what all others have. */
void dg_keep_rights(const char *path, const char *old);

#endif

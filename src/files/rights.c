#include "rights.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif
#include <unistd.h>

/* Gives `file` the list of `old`, or takes its own away, which it has of its folder, where that has none. With a
 * list the group's permissions are the most that any of the list has, and without it the group's own. */
static bool keep_list(int file, const char *old) {
#ifdef __linux__
    static const char LIST[] = "system.posix_acl_access";
    const ssize_t length = getxattr(old, LIST, NULL, 0);
    if (length < 0) {
        if (errno == ENODATA)
            fremovexattr(file, LIST);
        return true;
    }
    char *list = malloc((size_t)length + 1);
    const bool is_kept = list && getxattr(old, LIST, list, (size_t)length) == length &&
                         fsetxattr(file, LIST, list, (size_t)length, 0) == 0;
    free(list);
    return is_kept;
#else
    (void)file;
    (void)old;
    return true;
#endif
}

static void keep(int file, const struct stat *new, const char *path, const struct stat *old) {
    mode_t mode = old->st_mode & 0777;
    const bool has_group = new->st_gid == old->st_gid || fchown(file, (uid_t)-1, old->st_gid) == 0;
    if (!keep_list(file, path) || !has_group)
        mode = (mode & ~(mode_t)070) | (mode & 7) << 3;
    if (new->st_uid != old->st_uid && fchown(file, old->st_uid, (gid_t)-1) != 0)
        errno = 0; /* then it is the user's */
    fchmod(file, mode);
}

void dg_keep_rights(const char *path, const char *old) {
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat new, of_old;
    if (file < 0)
        return;
    if (fstat(file, &new) == 0 && stat(old, &of_old) == 0)
        keep(file, &new, old, &of_old);
    close(file);
}

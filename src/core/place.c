#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char RESERVED[] = "demgrad: this name is reserved for an output\n";

static bool is_same(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int rename_new(const char *from, const char *to) {
#ifdef RENAME_NOREPLACE
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
#else
    (void)from;
    (void)to;
    return ENOSYS;
#endif
}

/* A server that did it, but whose answer was lost, says on the second asking that the name is taken. */
static bool is_linked(const char *from, const char *to) {
    struct stat a, b;
    return lstat(from, &a) == 0 && lstat(to, &b) == 0 && is_same(&a, &b) && a.st_nlink > 1;
}

static int link_new(const char *from, const char *to) {
    if (link(from, to) != 0 && (errno != EEXIST || !is_linked(from, to)))
        return errno;
    unlink(from); /* else it goes with its folder */
    return 0;
}

static bool write_reserved(int file) {
    errno = ENOSPC; /* where a part is written */
    return write(file, RESERVED, sizeof RESERVED - 1) == (ssize_t)(sizeof RESERVED - 1);
}

static int reserve_file(const char *to, struct stat *reserved) {
    const int file = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return errno;
    const int reason = write_reserved(file) && fstat(file, reserved) == 0 ? 0 : errno;
    close(file);
    if (reason)
        unlink(to);
    return reason;
}

static int replace_reserved(const char *from, const char *to) {
    struct stat reserved, found;
    int reason = reserve_file(to, &reserved);
    if (reason)
        return reason;
    if (lstat(to, &found) != 0 || !is_same(&reserved, &found))
        return EEXIST;
    if (rename(from, to) == 0)
        return 0;
    reason = errno;
    unlink(to);
    return reason;
}

/* A folder replaces none but an empty one, and that is its reservation. */
static int replace_empty(const char *from, const char *to) {
    if (mkdir(to, 0700) != 0)
        return errno;
    if (rename(from, to) == 0)
        return 0;
    const int reason = errno;
    rmdir(to);
    return reason == ENOTEMPTY ? EEXIST : reason;
}

static bool is_unsupported(int reason) {
    return reason == EINVAL || reason == ENOSYS || reason == EOPNOTSUPP || reason == EPERM ||
           reason == EMLINK || reason == EACCES;
}

int dg_place_new(const char *from, const char *to) {
    struct stat what;
    if (lstat(from, &what) != 0)
        return errno;
    int reason = rename_new(from, to);
    if (is_unsupported(reason) && S_ISDIR(what.st_mode))
        return replace_empty(from, to);
    if (is_unsupported(reason))
        reason = link_new(from, to);
    return is_unsupported(reason) ? replace_reserved(from, to) : reason;
}

bool dg_place_is_reserved(const char *path) {
    char text[sizeof RESERVED] = "";
    const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return false;
    const ssize_t length = read(file, text, sizeof text);
    close(file);
    return length == (ssize_t)(sizeof RESERVED - 1) &&
           memcmp(text, RESERVED, sizeof RESERVED - 1) == 0;
}

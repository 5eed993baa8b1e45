#include "workplace.h"

#include "path.h"
#include "short_path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/magic.h>
#include <sys/vfs.h>
#endif

static const char PREFIX[] = ".demgrad-", MARK[] = "demgrad ";

enum {
    DIGITS = 16,
    BOOT_SIZE = 64,
    MARK_SIZE = 256,
    TRIES = 100,
    OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
};

/* Names this machine since its last start; its containers have the same. "" where nothing tells. */
static void read_boot(char boot[BOOT_SIZE]) {
    boot[0] = '\0';
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (file && !fgets(boot, BOOT_SIZE, file))
        boot[0] = '\0';
    if (file)
        fclose(file);
    boot[strcspn(boot, "\n")] = '\0';
}

static bool write_mark(int lock) {
    char boot[BOOT_SIZE], mark[MARK_SIZE];
    read_boot(boot);
    const int length = snprintf(mark, sizeof mark, "%s%s\npid %ld\nboot %s\n", MARK,
                                demgrad_version(), (long)getpid(), boot);
    errno = ENOSPC; /* where a part is written */
    return write(lock, mark, (size_t)length) == length;
}

/* What stays in a folder that is emptied. */
static const char *const NOTHING[] = {NULL}, *const LOCK[] = {"lock", NULL},
                         *const FRAME[] = {"lock", DG_NEW, NULL};

static DIR *open_names(int parent, const char *name) {
    const int folder = openat(parent, name, OPEN_FOLDER);
    DIR *names = folder >= 0 ? fdopendir(folder) : NULL;
    if (folder >= 0 && !names)
        close(folder);
    return names;
}

static bool is_one_of(const char *name, const char *const *list) {
    while (*list && strcmp(name, *list) != 0)
        list++;
    return *list != NULL;
}

/* Removes what is in a folder but `kept`, and closes it. false: something else is left, or it could not be
 * opened. */
static bool empty_folder(DIR *names, const char *const *kept) {
    static const char *const own[] = {".", "..", NULL};
    bool is_empty = names != NULL;
    for (const struct dirent *d; names && (d = readdir(names));) {
        const int folder = dirfd(names);
        if (is_one_of(d->d_name, own) || is_one_of(d->d_name, kept) ||
            unlinkat(folder, d->d_name, 0) == 0)
            continue;
        empty_folder(open_names(folder, d->d_name), NOTHING);
        is_empty &= unlinkat(folder, d->d_name, AT_REMOVEDIR) == 0;
    }
    if (names)
        closedir(names);
    return is_empty;
}

void dg_workplace_erase_inner(const char *path) {
    empty_folder(open_names(AT_FDCWD, path), NOTHING);
    rmdir(path);
}

/* Removes a temporary folder; the lock last, which says what it is. */
static bool remove_folder(int parent, const char *name) {
    empty_folder(open_names(parent, name), LOCK);
    empty_folder(open_names(parent, name), NOTHING);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

/* Whether the lock file still has a name: a run that cleans may have taken it for a dead one's, between
 * its creation and its lock. */
static bool is_named(int lock) {
    struct stat found;
    return fstat(lock, &found) == 0 && found.st_nlink > 0;
}

/* 0, EAGAIN where the folder was taken for a dead run's, or another errno. Where the kernel gives no lock
 * there is no mark either, so that nobody but its own run removes the folder. */
static int take_lock(int lock) {
    if (flock(lock, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? EAGAIN : 0;
    if (!write_mark(lock))
        return errno;
    return is_named(lock) ? 0 : EAGAIN;
}

static int fill(int folder, int *lock) {
    *lock = openat(folder, "lock", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    const int reason = *lock < 0 ? errno : take_lock(*lock);
    return reason ? reason : mkdirat(folder, DG_NEW, 0700) == 0 ? 0 : errno;
}

/* 0 or an errno; EAGAIN and EEXIST: another name may do. */
static int try_make(int parent, dg_workplace *p) {
    uint64_t number;
    if (getentropy(&number, sizeof number) != 0)
        return errno;
    snprintf(p->name, sizeof p->name, "%s%0*" PRIx64, PREFIX, DIGITS, number);
    if (mkdirat(parent, p->name, 0700) != 0)
        return errno;
    p->folder = openat(parent, p->name, OPEN_FOLDER);
    const int reason = p->folder < 0 ? errno : fill(p->folder, &p->lock);
    if (!reason)
        return 0;
    if (p->folder >= 0)
        close(p->folder);
    remove_folder(parent, p->name);
    if (p->lock >= 0)
        close(p->lock);
    p->folder = p->lock = -1;
    return reason == ENOENT ? EAGAIN : reason;
}

static int make(const char *parent, dg_workplace *p) {
    p->above = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (p->above < 0)
        return errno;
    int reason = EAGAIN;
    for (int i = 0; i < TRIES && (reason == EAGAIN || reason == EEXIST); i++)
        reason = try_make(p->above, p);
    return reason;
}

/* Names the folder; the kernel gives a descriptor a short name. */
static bool name_path(dg_workplace *p, bool *has_proc) {
    *has_proc = true;
    if (strlen(p->parent) > DG_LONGEST_FOR_GDAL) {
        p->path = dg_short_folder(p->folder, has_proc);
        return p->path != NULL;
    }
    close(p->folder);
    p->folder = -1;
    p->path = dg_path_join(p->parent, p->name);
    return p->path != NULL;
}

demgrad_status dg_workplace_make(const char *parent, const char *output, dg_workplace *place,
                                 demgrad_error *error) {
    *place = DG_NO_WORKPLACE;
    place->parent = strdup(parent);
    if (!place->parent)
        return dg_fail_memory(error, "the name of a folder");
    bool has_proc = true;
    const int reason = make(parent, place);
    if (!reason && name_path(place, &has_proc))
        return DEMGRAD_OK;
    const demgrad_status status =
        reason || !has_proc
            ? dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be written: %s", output,
                      reason ? strerror(reason) : "its path is too long where there is no /proc")
            : dg_fail_memory(error, "the name of a folder");
    if (reason)
        place->name[0] = '\0'; /* which is gone already */
    dg_workplace_remove(place);
    return status;
}

bool dg_workplace_is_there(const dg_workplace *place) {
    struct stat own, found;
    if (!place->parent || !place->name[0])
        return true;
    if (fstatat(place->above, place->name, &own, AT_SYMLINK_NOFOLLOW) != 0)
        return errno != ENOENT;
    char *path = dg_path_join(place->parent, place->name);
    const bool is_found = path && stat(path, &found) == 0;
    const bool is_gone = path && !is_found && (errno == ENOENT || errno == ENOTDIR);
    free(path);
    return is_found ? found.st_dev == own.st_dev && found.st_ino == own.st_ino : !is_gone;
}

bool dg_workplace_empty(const dg_workplace *place) {
    DIR *names = place->name[0] ? open_names(place->above, place->name) : NULL;
    DIR *new = names ? open_names(dirfd(names), DG_NEW) : NULL;
    const bool is_new_empty = empty_folder(new, NOTHING);
    return empty_folder(names, FRAME) && is_new_empty;
}

bool dg_workplace_erase(const dg_workplace *place) {
    if (!place->parent || !place->name[0])
        return true;
    return remove_folder(place->above, place->name);
}

static int remove_one(const char *path, const struct stat *found, int type, struct FTW *where) {
    (void)found;
    (void)type;
    (void)where;
    remove(path);
    return 0;
}

/* Where no more files can be opened, with the one that the lock gives back. */
static void remove_by_name(const dg_workplace *place) {
    close(place->lock);
    nftw(place->path, remove_one, 1, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void dg_workplace_remove(dg_workplace *place) {
    if (!dg_workplace_erase(place) && place->path && place->lock >= 0) {
        remove_by_name(place);
        place->lock = -1;
    }
    const int descriptors[] = {place->folder, place->lock, place->above};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++) {
        if (descriptors[i] >= 0)
            close(descriptors[i]);
    }
    free(place->path);
    free(place->parent);
    *place = DG_NO_WORKPLACE;
}

/* Whether a lock that one machine holds is seen wherever the file system is: it is on this machine alone,
 * or the kernel that holds it is this one. */
static bool sees_locks(int lock, const char *boot) {
#ifdef __linux__
    static const unsigned long local[] = {EXT4_SUPER_MAGIC,  XFS_SUPER_MAGIC,
                                          BTRFS_SUPER_MAGIC, TMPFS_MAGIC,
                                          RAMFS_MAGIC,       OVERLAYFS_SUPER_MAGIC,
                                          F2FS_SUPER_MAGIC,  MSDOS_SUPER_MAGIC,
                                          EXFAT_SUPER_MAGIC, 0x2fc12fc1 /* ZFS */};
    struct statfs system;
    if (fstatfs(lock, &system) != 0)
        return false;
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        if ((unsigned long)system.f_type == local[i])
            return true;
    }
#else
    (void)lock;
#endif
    char own[BOOT_SIZE];
    read_boot(own);
    return *own && strcmp(own, boot) == 0;
}

/* Reads what the lock file says; false where demgrad did not write it. */
static bool read_mark(int lock, char boot[BOOT_SIZE]) {
    char mark[MARK_SIZE];
    boot[0] = '\0';
    const ssize_t length = pread(lock, mark, sizeof mark - 1, 0);
    if (length <= 0)
        return false;
    mark[length] = '\0';
    const char *line = strstr(mark, "\nboot ");
    return strncmp(mark, MARK, sizeof MARK - 1) == 0 && line &&
           sscanf(line, "\nboot %63s", boot) >= 0 && mark[length - 1] == '\n';
}

/* Whether demgrad made the folder that the lock file is in, and no run uses it. Takes the lock. */
static bool is_dead(int lock) {
    struct stat found;
    char boot[BOOT_SIZE];
    return fstat(lock, &found) == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1 &&
           flock(lock, LOCK_EX | LOCK_NB) == 0 && read_mark(lock, boot) && sees_locks(lock, boot);
}

/* A run that was killed at once left an empty folder of its own, with at most an empty lock file; one that
 * lives makes another then. */
static void clean_begun(int parent, const char *name, int folder, int lock) {
    struct stat found;
    if (fstat(folder, &found) != 0 || found.st_uid != geteuid() || (found.st_mode & 077) != 0)
        return;
    const bool is_begun = lock < 0 || (fstat(lock, &found) == 0 && found.st_size == 0 &&
                                       faccessat(folder, DG_NEW, F_OK, 0) != 0);
    if (lock >= 0 && is_begun && flock(lock, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder, "lock", 0);
    if (is_begun)
        unlinkat(parent, name, AT_REMOVEDIR);
}

static void clean_one(int parent, const char *name) {
    const int folder = openat(parent, name, OPEN_FOLDER);
    if (folder < 0)
        return;
    const int lock = openat(folder, "lock", O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    const bool dead = lock >= 0 && is_dead(lock);
    if (dead)
        remove_folder(parent, name);
    else if (lock >= 0 || errno == ENOENT)
        clean_begun(parent, name, folder, lock);
    if (lock >= 0)
        close(lock);
    if (dead)
        unlinkat(parent, name, AT_REMOVEDIR); /* NFS kept the open lock's file until now */
    close(folder);
}

static bool is_ours(const char *name) {
    const size_t length = sizeof PREFIX - 1;
    return strncmp(name, PREFIX, length) == 0 && strlen(name) == length + DIGITS &&
           strspn(name + length, "0123456789abcdef") == DIGITS;
}

void dg_workplace_clean(const char *parent) {
    DIR *names = opendir(parent);
    if (!names)
        return;
    for (const struct dirent *d; (d = readdir(names));) {
        if (is_ours(d->d_name))
            clean_one(dirfd(names), d->d_name);
    }
    closedir(names);
}

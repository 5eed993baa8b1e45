#include "publish.h"

#include "side_files.h"
#include "unfinished.h"
#include "writer.h"

#include <cpl_atomic_ops.h>
#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Temporary folders and files are named PREFIX pid-number-host. */
static const char PREFIX[] = ".demgrad-";

enum { HOST_SIZE = 64 };

static bool is_virtual(const char *path) {
    return strncmp(path, "/vsi", 4) == 0;
}

static bool exists(const char *path, VSIStatBufL *stat) {
    return VSIStatExL(path, stat, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) == 0;
}

/* The folder of a path; "." where it names none. The caller frees it with CPLFree. */
static char *folder_of(const char *path) {
    const char *folder = CPLGetPath(path);
    return CPLStrdup(*folder ? folder : ".");
}

static demgrad_status check_folder(const char *path, demgrad_error *error) {
    char *folder = folder_of(path);
    VSIStatBufL stat;
    demgrad_status status = DEMGRAD_OK;
    if (!exists(folder, &stat) || !VSI_ISDIR(stat.st_mode))
        status =
            dg_fail(error, DEMGRAD_WRITE_FAILED,
                    "%s: cannot be written: there is no folder %s; create it first", path, folder);
    else if (access(folder, W_OK | X_OK) != 0)
        status = dg_fail(error, DEMGRAD_WRITE_FAILED,
                         "%s: cannot be written: no permission to write in %s", path, folder);
    CPLFree(folder);
    return status;
}

demgrad_status dg_publish_check(const char *path, bool overwrite, demgrad_error *error) {
    if (!*path)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the output has no name");
    VSIStatBufL stat;
    const bool is_there = exists(path, &stat);
    if (is_there && VSI_ISDIR(stat.st_mode))
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: is a folder; name a file in it for the output", path);
    if (is_there && !VSI_ISREG(stat.st_mode))
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: is not a regular file and is not replaced; give another name", path);
    if (is_there && !overwrite)
        return dg_fail(error, DEMGRAD_EXISTS,
                       "%s: exists already; give --overwrite to replace it, or another name", path);
    return is_virtual(path) ? DEMGRAD_OK : check_folder(path, error);
}

char *dg_publish_target(const char *path) {
    struct stat link;
    if (is_virtual(path) || lstat(path, &link) != 0 || !S_ISLNK(link.st_mode))
        return CPLStrdup(path);
    char *target = realpath(path, NULL);
    char *copy = CPLStrdup(target ? target : path);
    free(target);
    return copy;
}

static void get_host(char host[HOST_SIZE]) {
    if (gethostname(host, HOST_SIZE) != 0)
        host[0] = '\0';
    host[HOST_SIZE - 1] = '\0';
}

char *dg_publish_name(const char *path) {
    static volatile int counter = 0;
    char host[HOST_SIZE];
    get_host(host);
    char *folder = folder_of(path);
    char *name = CPLStrdup(
        CPLSPrintf("%s/%s%ld-%d-%s", folder, PREFIX, (long)getpid(), CPLAtomicInc(&counter), host));
    CPLFree(folder);
    return name;
}

demgrad_status dg_publish_temporary(const char *path, char **temporary, demgrad_error *error) {
    char *folder = dg_publish_name(path);
    demgrad_status status = DEMGRAD_OK;
    dg_unfinished_begin();
    if (VSIMkdir(folder, 0777) != 0)
        status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be written: %s", path,
                         strerror(errno));
    else if ((status = dg_unfinished_add(folder, error)))
        VSIRmdir(folder);
    else
        *temporary = CPLStrdup(CPLSPrintf("%s/%s", folder, CPLGetFilename(path)));
    dg_unfinished_end();
    CPLFree(folder);
    return status;
}

static bool sync_path(const char *path) {
    const int file = open(path, O_RDONLY);
    if (file < 0)
        return false;
    const bool done = fsync(file) == 0;
    return close(file) == 0 && done;
}

/* Puts `name` of the folder `from` into the folder of `path`. */
static demgrad_status move(const char *from, const char *name, const char *path,
                           demgrad_error *error) {
    char *folder = folder_of(path);
    char *old = CPLStrdup(CPLSPrintf("%s/%s", from, name));
    char *new = CPLStrdup(CPLSPrintf("%s/%s", folder, name));
    demgrad_status status = DEMGRAD_OK;
    if (VSIRename(old, new) != 0)
        status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be put in place: %s", new,
                         strerror(errno));
    CPLFree(new);
    CPLFree(old);
    CPLFree(folder);
    return status;
}

/* Forces the files of the folder `from` that become those of `path` to the disk. */
static demgrad_status sync_all(const char *from, char **names, const char *path,
                               demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; names && names[i] && !status; i++) {
        char *file = CPLStrdup(CPLSPrintf("%s/%s", from, names[i]));
        if (!sync_path(file))
            status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be forced to the disk: %s",
                             path, strerror(errno));
        CPLFree(file);
    }
    return status;
}

/* The main file last: once it is there, all is. */
static demgrad_status move_all(const char *from, char **names, const char *main_name,
                               const char *path, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; names && names[i] && !status; i++) {
        if (strcmp(names[i], main_name) != 0)
            status = move(from, names[i], path, error);
    }
    return status ? status : move(from, main_name, path, error);
}

/* What lay beside a file of the same name that is replaced speaks of other pixels. */
static void drop_stale(const char *path) {
    static const char *const suffixes[] = {".aux.xml", ".ovr", ".msk"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        VSIStatBufL stat;
        char *stale = CPLStrdup(CPLSPrintf("%s%s", path, suffixes[i]));
        if (exists(stale, &stat))
            VSIUnlink(stale);
        CPLFree(stale);
    }
}

demgrad_status dg_publish(const char *temporary, const char *path, bool sync,
                          demgrad_error *error) {
    sync &= !is_virtual(path);
    char *from = folder_of(temporary);
    char **names = dg_side_files_list(from);
    demgrad_status status = sync ? sync_all(from, names, path, error) : DEMGRAD_OK;
    if (!status) {
        dg_unfinished_begin();
        drop_stale(path);
        status = move_all(from, names, CPLGetFilename(temporary), path, error);
        if (!status)
            dg_unfinished_count();
        dg_unfinished_end();
    }
    CSLDestroy(names);
    CPLFree(from);
    dg_publish_discard(temporary);
    if (!status && sync) {
        char *folder = folder_of(path);
        sync_path(folder);
        CPLFree(folder);
    }
    return status;
}

void dg_publish_discard(const char *temporary) {
    char *folder = folder_of(temporary);
    /* An empty one also goes where no more files can be opened. */
    if (VSIRmdir(folder) != 0)
        VSIRmdirRecursive(folder);
    dg_unfinished_drop(folder);
    CPLFree(folder);
}

/* Whether the process that made the temporary folder is known to be gone. */
static bool is_orphan(const char *name, const char *host) {
    long pid;
    int number, length = 0;
    if (sscanf(name + strlen(PREFIX), "%ld-%d-%n", &pid, &number, &length) != 2 || length == 0)
        return false;
    const bool is_ours = strcmp(name + strlen(PREFIX) + length, host) == 0;
    return is_ours && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

static void remove_any(const char *path) {
    if (VSIUnlink(path) != 0)
        VSIRmdirRecursive(path);
}

void dg_publish_clean(const char *folder, bool all) {
    char host[HOST_SIZE];
    get_host(host);
    char **names = VSIReadDir(folder);
    for (int i = 0; names && names[i]; i++) {
        if (strncmp(names[i], PREFIX, strlen(PREFIX)) == 0 && (all || is_orphan(names[i], host)))
            remove_any(CPLFormFilename(folder, names[i], NULL));
    }
    CSLDestroy(names);
}

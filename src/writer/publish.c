#include "publish.h"

#include "writer.h"

#include <cpl_atomic_ops.h>
#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_virtual(const char *path) {
    return strncmp(path, "/vsi", 4) == 0;
}

static bool exists(const char *path, bool *is_folder) {
    VSIStatBufL stat;
    if (VSIStatExL(path, &stat, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) != 0)
        return false;
    *is_folder = VSI_ISDIR(stat.st_mode);
    return true;
}

static demgrad_status check_folder(const char *path, demgrad_error *error) {
    char *folder = CPLStrdup(CPLGetPath(path));
    const char *shown = *folder ? folder : ".";
    bool is_folder = true;
    demgrad_status status = DEMGRAD_OK;
    if (!exists(shown, &is_folder) || !is_folder)
        status =
            dg_fail(error, DEMGRAD_WRITE_FAILED,
                    "%s: cannot be written: there is no folder %s; create it first", path, shown);
    else if (access(shown, W_OK | X_OK) != 0)
        status = dg_fail(error, DEMGRAD_WRITE_FAILED,
                         "%s: cannot be written: no permission to write in %s", path, shown);
    CPLFree(folder);
    return status;
}

demgrad_status dg_publish_check(const char *path, bool overwrite, demgrad_error *error) {
    if (!*path)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "the output has no name");
    bool is_folder = false;
    const bool is_there = exists(path, &is_folder);
    if (is_there && is_folder)
        return dg_fail(error, DEMGRAD_WRITE_FAILED,
                       "%s: is a folder; name a file in it for the output", path);
    if (is_there && !overwrite)
        return dg_fail(error, DEMGRAD_EXISTS,
                       "%s: exists already; give --overwrite to replace it, or another name", path);
    return is_virtual(path) ? DEMGRAD_OK : check_folder(path, error);
}

/* Temporary names are PREFIX pid-number-host-NAME. */
static const char PREFIX[] = ".demgrad-";

enum { HOST_SIZE = 64 };

static void get_host(char host[HOST_SIZE]) {
    if (gethostname(host, HOST_SIZE) != 0)
        host[0] = '\0';
    host[HOST_SIZE - 1] = '\0';
}

char *dg_publish_temporary(const char *path) {
    static volatile int counter = 0;
    const int number = CPLAtomicInc(&counter);
    char host[HOST_SIZE];
    get_host(host);
    char *folder = CPLStrdup(CPLGetPath(path));
    char *name =
        CPLStrdup(CPLSPrintf(".demgrad-%ld-%d-%s", (long)getpid(), number, CPLGetFilename(path)));
    char *temporary = CPLStrdup(*folder ? CPLSPrintf("%s/%s", folder, name) : name);
    CPLFree(folder);
    CPLFree(name);
    return temporary;
}

static char *final_name(const char *file, const char *temporary, const char *path) {
    /* Sidecars carry the same prefix as the main file; what is left without it is their name. */
    const char *marked = CPLGetFilename(temporary);
    const size_t prefix = strlen(marked) - strlen(CPLGetFilename(path));
    char *folder = CPLStrdup(CPLGetPath(path));
    const char *name = CPLGetFilename(file) + prefix;
    char *final = CPLStrdup(*folder ? CPLSPrintf("%s/%s", folder, name) : name);
    CPLFree(folder);
    return final;
}

static bool sync_path(const char *path) {
    const int file = open(path, O_RDONLY);
    if (file < 0)
        return false;
    const bool done = fsync(file) == 0;
    return close(file) == 0 && done;
}

static demgrad_status rename_file(const char *file, const char *temporary, const char *path,
                                  demgrad_error *error) {
    char *final = final_name(file, temporary, path);
    demgrad_status status = DEMGRAD_OK;
    if (VSIRename(file, final) != 0)
        status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be put in place: %s", final,
                         strerror(errno));
    CPLFree(final);
    return status;
}

/* What lay beside a file of the same name that is replaced speaks of other pixels. */
static void drop_stale(const char *path, char **files) {
    static const char *const suffixes[] = {".aux.xml", ".ovr", ".msk"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char *stale = CPLStrdup(CPLSPrintf("%s%s", path, suffixes[i]));
        bool is_new = false, is_folder;
        for (int j = 0; files[j]; j++)
            is_new |= EQUAL(CPLGetExtension(files[j]), suffixes[i] + 1);
        if (!is_new && exists(stale, &is_folder))
            VSIUnlink(stale);
        CPLFree(stale);
    }
}

static demgrad_status sync_all(char **files, const char *path, demgrad_error *error) {
    for (int i = 0; files[i]; i++) {
        if (!sync_path(files[i]))
            return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: cannot be forced to the disk: %s",
                           path, strerror(errno));
    }
    return DEMGRAD_OK;
}

demgrad_status dg_publish(const char *temporary, char **files, const char *path, bool sync,
                          demgrad_error *error) {
    sync &= !is_virtual(path);
    demgrad_status status = sync ? sync_all(files, path, error) : DEMGRAD_OK;
    if (!status)
        drop_stale(path, files);
    for (int i = 0; files[i] && !status; i++) {
        if (strcmp(files[i], temporary) != 0)
            status = rename_file(files[i], temporary, path, error);
    }
    /* The main file last: once it is there, all is. */
    if (!status)
        status = rename_file(temporary, temporary, path, error);
    if (!status && sync)
        sync_path(*CPLGetPath(path) ? CPLGetPath(path) : ".");
    return status;
}

void dg_publish_discard(char **files) {
    bool is_folder;
    for (int i = 0; files && files[i]; i++) {
        if (exists(files[i], &is_folder) && !is_folder)
            VSIUnlink(files[i]);
    }
}

/* Whether the process that made the temporary file is known to be gone. */
static bool is_orphan(const char *name, const char *host) {
    long pid;
    int number, length = 0;
    if (sscanf(name + strlen(PREFIX), "%ld-%d-%n", &pid, &number, &length) != 2 || length == 0)
        return false;
    const char *rest = name + strlen(PREFIX) + length;
    const size_t n = strlen(host);
    const bool is_ours = strncmp(rest, host, n) == 0 && rest[n] == '-';
    return is_ours && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

void dg_publish_clean(const char *folder, bool all) {
    char host[HOST_SIZE];
    get_host(host);
    char **names = VSIReadDir(folder);
    for (int i = 0; names && names[i]; i++) {
        if (strncmp(names[i], PREFIX, strlen(PREFIX)) == 0 && (all || is_orphan(names[i], host)))
            VSIUnlink(CPLFormFilename(folder, names[i], NULL));
    }
    CSLDestroy(names);
}

#include "quiet.h"

#include <cpl_string.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

/* HDF5's own, which GDAL may be linked with: H5Eget_auto2 and H5Eset_auto2, of the default stack of errors (0),
 * which every thread has for itself. */
typedef int64_t id; /* an int before HDF5 1.10, which a call by registers does not tell apart */
typedef int (*getter)(id stack, void (**print)(void), void **user);
typedef int (*setter)(id stack, void (*print)(void), void *user);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static getter get_print;
static setter set_print;
static atomic_bool is_wanted;

static void find_functions(void) {
    void *get = dlsym(RTLD_DEFAULT, "H5Eget_auto2"), *set = dlsym(RTLD_DEFAULT, "H5Eset_auto2");
    memcpy(&get_print, &get, sizeof get);
    memcpy(&set_print, &set, sizeof set);
}

/* TIFFs, as most inputs are, do without: HDF5 takes 5 ms to start. */
void dg_quiet_want(const char *name) {
    const char *dot = strrchr(name, '.');
    if (dot && (EQUAL(dot, ".tif") || EQUAL(dot, ".tiff")) && !strchr(name, ':'))
        return;
    pthread_once(&once, find_functions);
    if (get_print && set_print)
        atomic_store(&is_wanted, true);
}

void dg_quiet_begin(dg_quiet *quiet) {
    *quiet = (dg_quiet){.is_kept = atomic_load(&is_wanted)};
    if (!quiet->is_kept)
        return;
    quiet->is_kept = get_print(0, &quiet->print, &quiet->user) >= 0;
    set_print(0, NULL, NULL);
}

void dg_quiet_end(const dg_quiet *quiet) {
    if (quiet->is_kept)
        set_print(0, quiet->print, quiet->user);
}

#include "cairo_calls.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

dg_cairo_calls dg_cairo;

static char problem[256]; /* "": none */

/* Of the one interface that cairo has had since 1.0. */
#ifdef __APPLE__
static const char LIBRARY[] = "libcairo.2.dylib";
#else
static const char LIBRARY[] = "libcairo.so.2";
#endif

static void fill(void *library, const char *name, void *call) {
    void *found = library ? dlsym(library, name) : NULL;
    if (!found && !*problem)
        snprintf(problem, sizeof problem, "%s", dlerror());
    memcpy(call, &found, sizeof found);
}

static void open_once(void) {
    void *library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
#define FILL(name) fill(library, "cairo_" #name, &dg_cairo.name);
    DG_CAIRO_CALLS(FILL)
#undef FILL
}

demgrad_status dg_cairo_open(demgrad_error *error) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_once);
    return *problem ? dg_fail(error, DEMGRAD_UNSUPPORTED,
                              "pictures are drawn by cairo, which is not here: %s; install it "
                              "(libcairo2)",
                              problem)
                    : DEMGRAD_OK;
}

/* Keeps GDAL's own messages, and HDF5's, off the terminal and remembers the first error among them. */
#ifndef DG_GDAL_ERRORS_H
#define DG_GDAL_ERRORS_H

#include "quiet.h"

#include <demgrad/status.h>

#include <stdbool.h>

/* What GDAL said on this thread between begin and end. */
typedef struct dg_gdal_errors {
    bool failed;                        /* an error, as opposed to a warning, was reported */
    bool no_memory;                     /* the first error is that there is no memory */
    char text[DEMGRAD_MESSAGE_SIZE];    /* the first error, "" if there was none */
    char warning[DEMGRAD_MESSAGE_SIZE]; /* the first warning, likewise */
    /* Told of each of both; or NULL. */
    void (*tell)(const char *text, bool is_error, void *user);
    void *user;
    dg_quiet quiet;
} dg_gdal_errors;

/* Starts collecting on this thread. Pairs nest; *errors must stay in place until its end. */
void dg_gdal_errors_begin(dg_gdal_errors *errors);

/* The same, and hands each error and warning on. */
void dg_gdal_errors_watch(dg_gdal_errors *errors,
                          void (*tell)(const char *text, bool is_error, void *user), void *user);
void dg_gdal_errors_end(dg_gdal_errors *errors);

/* The first error, or `otherwise` where GDAL gave none. */
const char *dg_gdal_errors_text(const dg_gdal_errors *errors, const char *otherwise);

#endif

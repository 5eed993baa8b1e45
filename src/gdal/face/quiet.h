/* Keeps HDF5 from printing what goes wrong in it: GDAL tells the same as an error. */
#ifndef DG_QUIET_H
#define DG_QUIET_H

#include <stdbool.h>

/* What HDF5 would have done on this thread. */
typedef struct dg_quiet {
    bool is_kept;
    void (*print)(void);
    void *user;
} dg_quiet;

/* Where GDAL may open `name` with HDF5, begin and end have an effect from now on. */
void dg_quiet_want(const char *name);

/* On one thread; pairs nest. */
void dg_quiet_begin(dg_quiet *quiet);
void dg_quiet_end(const dg_quiet *quiet);

#endif

/* One pass over the elevations, shared out to its outputs; private to the api, to batch and to preview. */
#ifndef DG_OUTLETS_H
#define DG_OUTLETS_H

#include "findings.h"
#include "setup.h"

/* An output of a pass: a file, or whatever `take` makes of its pixels. */
typedef struct dg_outlet {
    dg_window window; /* of the setup's grid: what it covers */
    /* A file. */
    const char *path;
    dg_grid grid;            /* the window's size and geotransform */
    bool is_point;           /* AREA_OR_POINT=Point, of its own input whatever shares the pass */
    const char *fingerprint; /* kept in its metadata; or NULL */
    const char *origin;      /* "KEY=VALUE", likewise; or NULL */
    /* Instead of a file where it is set: told of each block of the setup's grid. */
    demgrad_status (*take)(const dg_block *block, void *user, demgrad_error *error);
    void *take_user;
    /* Filled in when it is done, unless they are NULL. */
    dg_findings *findings;
    demgrad_band_statistics *figures; /* one for each band */
    /* Kept by the pass; zero before it. */
    int64_t pixels; /* that it has so far */
    bool has_ended; /* it is done, or failed: `ended` was called */
    bool is_left;   /* it could not be opened among the others, and was left out */
    struct dg_writer *writer;
} dg_outlet;

typedef struct dg_pass {
    const dg_setup *setup;
    struct dg_source *source;  /* on the setup's grid; NULL: the setup's own */
    struct dg_thread *thread;  /* the calling one, of inputs.h; or NULL */
    const dg_file_set *in_use; /* never replaced; or NULL */
    const dg_file_set *read;   /* that must be as it was when all is read; or NULL */
    struct dg_places *places;  /* of its outputs' temporary folders; or NULL */
    struct dg_seen *seen_crs;  /* what outputs learn of each other's CRS; or NULL */
    bool overwrite;
    /* What is replaced without being asked by an outlet of this origin; or NULL. */
    bool (*is_own)(const char *path, const char *origin);
    int threads;
    int64_t memory; /* bytes of buffers */
    /* Told how many pixels are written of outputs that have not ended; or NULL. */
    demgrad_progress progress;
    /* Told of an output that is done, or whose writing failed: the others go on. Called by one thread at a
     * time; or NULL. */
    void (*ended)(dg_outlet *outlet, demgrad_status status, const demgrad_error *error, void *user);
    void *user;
    const dg_messages *messages; /* told where the memory, or what is said of an output, cannot be
                                    kept; or NULL */
} dg_pass;

/* Whether an output's format and options can hold it; tells what they do not keep. */
demgrad_status dg_outlet_try(const dg_pass *pass, const dg_outlet *outlet, demgrad_error *error);

/* *may: an output that was made so has the CRS `crs` (WKT; "": none), or its format does not keep its own. */
demgrad_status dg_outlet_may_have_crs(const dg_pass *pass, const dg_outlet *outlet, const char *crs,
                                      bool *may, demgrad_error *error);

/* Computes the smallest window that holds those of all outlets, once, and writes each its part. A single
 * outlet's failure is that of the call. Of several, each fails by itself; those that have not ended when
 * the call returns, for whatever reason it fails, are to be done singly. */
demgrad_status dg_pass_run(const dg_pass *pass, dg_outlet *outlets, size_t count,
                           demgrad_error *error);

#endif

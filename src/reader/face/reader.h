/* Reading: opens one or several rasters as one, says what they are, and delivers elevations. */
#ifndef DG_READER_H
#define DG_READER_H

#include "block.h"
#include "fail.h"
#include "file_set.h"
#include "grid.h"
#include "messages.h"
#include "short_path.h"

#include <stddef.h>

enum { DG_MOST_NODATA = 16 };

/* How elevations are stored, as demgrad_decode has it. */
typedef enum dg_decode { DG_DECODE_NONE, DG_DECODE_TERRAIN_RGB, DG_DECODE_TERRARIUM } dg_decode;

typedef struct dg_source_options {
    int band;                        /* 1-based */
    const char *const *open_options; /* "K=V", NULL-terminated, or NULL */
    const char *const *drivers;      /* the only ones to try, NULL-terminated, or NULL */
    const char *crs;      /* in place of the file's own, anything GDAL understands; or NULL */
    const double *nodata; /* stored values, in place of what the file declares; NULL: as it does */
    size_t nodata_count;
    dg_decode decode;   /* else than none: `band` and the two after it are joined */
    int threads;        /* at most so many look at the inputs; 0: one */
    bool any_unit;      /* the unit of the values is known otherwise: a mosaic's may differ */
    dg_file_set *files; /* gets the files that the inputs are made of; or NULL */
    /* Told of what GDAL warns of while pixels are read; they outlive the source; or NULL. */
    const dg_messages *messages;
    bool wants_stamps;           /* where there are `files`, a catalog's tiles get their stamps */
    dg_short_paths *short_paths; /* the source's or catalog's own */
} dg_source_options;

/* Beside the nodata value, what says which pixels are valid. */
typedef enum dg_mask {
    DG_MASK_NONE,
    DG_MASK_BAND, /* internal or external mask */
    DG_MASK_ALPHA,
    DG_MASK_BOTH
} dg_mask;

/* What the source is. Text is cut where it would not fit. */
typedef struct dg_source_info {
    dg_grid grid;
    char driver[32];
    char type[16];        /* GDAL's name, such as "Int16" */
    bool needs_double;    /* float would lose digits of the stored values */
    bool has_huge_blocks; /* so large that one reader must do */
    int block_width, block_height;
    int rows_at_once; /* as many are read best, with all their columns, from the top down; INT_MAX: any */
    /* Of a block, with all bands that it holds, that an open file keeps in memory. */
    int64_t block_bytes;
    bool has_scale; /* a scale or offset is declared */
    double scale, offset;
    bool has_nodata;
    double nodata[DG_MOST_NODATA];
    size_t nodata_count;
    double valid_min, valid_max; /* stored values beyond these are no data; infinite: no such end */
    bool counts_down;            /* the file says that its values grow downwards, as depths do */
    dg_mask mask;
    char unit[32];    /* of the band's values; "" where not declared */
    bool unit_is_crs; /* it is only that of the file's own CRS, which the options' replaces */
    char *crs;        /* WKT; NULL: none */
    /* Where the file's x and y are along other axes of the CRS than GIS have it: which of them is to
     * be x, and which y, from 1 on, negative where it counts the other way; else 0, 0. */
    int own_axes[2];
    bool crs_is_geographic;
    double crs_unit;       /* radians or metres per unit of x and y */
    double crs_vertical_m; /* metres per unit of its heights, where it has any */
    bool is_cf_degrees;    /* the CRS was concluded from CF axis units */
    /* Uneven columns [0] or rows [1]: where their centres lie, in columns or rows of the geotransform,
     * whose own are at 0, 1, ...; NULL: even. */
    double *places[2];
    const char *placed_by; /* what else places it where nothing of this does; NULL: nothing */
    bool is_point;         /* AREA_OR_POINT=Point */
    size_t input_count;
} dg_source_info;

/* One raster, or the mosaic of several. Several threads may share it. */
typedef struct dg_source dg_source;

/* Whether anything says where the pixels are. */
bool dg_source_is_placed(const dg_source_info *info);

/* The grid of a part. Where columns or rows are uneven, its first and last are where they are. */
dg_grid dg_source_part_grid(const dg_source_info *info, dg_window part);

/* The pixels that a box meets: x and y of two opposite corners, in the CRS `crs` (anything GDAL
 * understands), x being east or longitude; NULL: in the source's own. DEMGRAD_INVALID_ARGUMENT, with the
 * source's bounds, where the box reaches outside. */
demgrad_status dg_source_find_box(const dg_source_info *info, const double box[4], const char *crs,
                                  dg_window *part, demgrad_error *error);

/* Opens `count` inputs, anything that GDAL opens. Several must lie on one grid and in one CRS;
 * where they overlap, later ones are on top. */
demgrad_status dg_source_open(const char *const *inputs, size_t count,
                              const dg_source_options *options, const dg_messages *messages,
                              dg_source **source, demgrad_error *error);
void dg_source_close(dg_source *source);

const dg_source_info *dg_source_describe(const dg_source *source);

/* A name for messages: the input's path, or the first of several and how many more. */
const char *dg_source_name(const dg_source *source);

/* How many readers can be open at once; 1 for a stream, or where each would hold a huge block. */
int dg_source_max_readers(const dg_source *source);

/* About how many bytes a reader takes for the blocks of its files: packed ones, and one that is unpacked. */
int64_t dg_source_reader_bytes(const dg_source *source);

/* One thread's handle on a source. */
typedef struct dg_reader dg_reader;

demgrad_status dg_reader_open(dg_source *source, dg_reader **reader, demgrad_error *error);
void dg_reader_close(dg_reader *reader);

/* Reads the window of `out`, whose one band is of floats or doubles. Stored values, without scale and
 * offset; pixels that are not valid, or outside the raster, are NaN. Columns outside the raster are taken
 * `wrap` columns further where wrap > 0. */
demgrad_status dg_reader_read(dg_reader *reader, const dg_block *out, int wrap,
                              demgrad_error *error);

#endif

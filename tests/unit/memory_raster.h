/* Rasters for the tests, made with GDAL, and folders to look into. */
#ifndef DG_MEMORY_RASTER_H
#define DG_MEMORY_RASTER_H

#include <gdal.h>
#include <stdbool.h>

typedef struct memory_raster {
    const char *path;
    int width, height;
    GDALDataType type;
    const double *values;       /* width * height, or NULL: a terrain of the tests' own */
    const double *nodata;       /* or NULL */
    const double *transform;    /* six, or NULL: none */
    const char *crs;            /* or NULL */
    int alpha;                  /* adds a band of alpha with this value at the first pixel, 255
                                   elsewhere; -1: none */
    bool has_mask;              /* an internal mask that leaves out the first pixel */
    const char *const *options; /* creation options, or NULL */
} memory_raster;

/* Makes a GTiff. */
void memory_raster_make(const memory_raster *raster);

/* The terrain's height at a pixel, a whole number from 0 to 250. */
double memory_raster_height(int col, int row);

/* Cuts the file to `size` bytes. */
void memory_file_truncate(const char *path, int size);

int memory_file_size(const char *path);

/* Whether both files are there and hold the same bytes. */
bool memory_file_equal(const char *a, const char *b);

/* The number of entries of a folder of any file system of GDAL's. */
int folder_count(const char *folder);

/* A new folder on the disk; removed with all its files by folder_remove, which frees the name. */
char *folder_create(void);
void folder_remove(char *folder);

#endif

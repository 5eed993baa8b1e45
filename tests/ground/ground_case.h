/* One line of cases.txt: a raster in some CRS at some place. */
#ifndef TESTS_GROUND_CASE_H
#define TESTS_GROUND_CASE_H

#include <stdbool.h>

struct ground_case {
    char name[64];
    char place[96];
    char crs[512];    /**< anything PROJ and GDAL both read, or a *.wkt file */
    double centre[2]; /**< of the raster: map units, or degrees east and north */
    bool centre_is_lonlat;
    double pixel[2]; /**< map units along the columns and rows, both positive */
    int cols, rows;
    double rotate_deg; /**< anticlockwise */
    double skew_deg;   /**< lean of the columns */
    bool south_up;     /**< the first row is the southernmost */
    bool wrap;         /**< the columns, in degrees, go all the way round */
    bool point;        /**< AREA_OR_POINT=Point */
    bool metric_only;  /**< the stencil alone errs by more than the tolerance here */
};

/** Reads `NAME ; PLACE ; CRS ; CENTRE ; PIXEL ; SIZE ; OPTIONS`; on failure says why on stderr. */
bool ground_case_parse(const char *line, struct ground_case *out);

/** The geotransform once the raster's centre is known in map units. */
void ground_case_geotransform(const struct ground_case *c, const double centre[2], double gt[6]);

#endif

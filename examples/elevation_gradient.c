/* elevation_gradient(): elevations and a pixel size in, the two planes dz/dx and dz/dy out.
 *
 * It is a Python function of the pygis package done over in C:
 *
 *     dx, dy = np.gradient(elevation.data)
 *     dx *= 1.0 / elevation.pixel_linear_shape[1]
 *     dy *= 1.0 / elevation.pixel_linear_shape[0]
 *
 * and without its slip. numpy.gradient answers in the order of the axes, and axis 0 is the rows:
 * what is called dx there is the change from row to row. So the planes change places. Rows are
 * counted from the north on down, so that this change is towards the south, and its sign is the
 * other one than dz/dy's. And each is divided by the pixel size of the other, which only shows
 * where pixels are not square. Here the axes are named, and the spacing of the rows is negative.
 *
 * (This is for a grid in metres. Files, degrees, nodata, ... are what demgrad/raster.h is for.) */
#include <demgrad/array.h>

#include <stdio.h>

/* Metres of rise per metre towards the east (plane 0) and towards the north (plane 1).
 *
 * elevation: metres, `rows` rows from north to south, each of `columns` elevations from west to
 * east. width, height: the size of a pixel in metres. gradient: rows * columns pairs dz/dx, dz/dy,
 * the caller's. */
static demgrad_status elevation_gradient(const float *elevation, ptrdiff_t rows, ptrdiff_t columns,
                                         double width, double height, float *gradient,
                                         demgrad_error *error) {
    enum { ROW_AXIS = 0, COLUMN_AXIS = 1 };
    static const int axes[2] = {COLUMN_AXIS, ROW_AXIS}; /* x first */
    const ptrdiff_t shape[2] = {rows, columns};
    const demgrad_array z = demgrad_array_contiguous(elevation, DEMGRAD_DTYPE_FLOAT, 2, shape);
    const demgrad_spacing spacings[2] = {{DEMGRAD_SPACING_UNIFORM, width, NULL},
                                         {DEMGRAD_SPACING_UNIFORM, -height, NULL}};
    demgrad_array planes[2];
    for (int k = 0; k < 2; k++) { /* each plane takes every other element, as np.dstack has it */
        planes[k] = demgrad_array_contiguous(gradient + k, DEMGRAD_DTYPE_FLOAT, 2, shape);
        planes[k].strides[0] = 2 * columns;
        planes[k].strides[1] = 2;
    }
    demgrad_array_gradient_options options;
    demgrad_array_gradient_options_init(&options);
    options.axes = axes;
    options.n_axes = 2;
    options.spacings = spacings;
    options.n_spacings = 2;
    return demgrad_array_gradient(&z, &options, planes, 2, error);
}

enum { ROWS = 3, COLUMNS = 4 };

/* A slope that rises by 0.25 m per metre to the east and falls by 0.5 to the north, seen in pixels
 * of 20 m by 10 m. All of it is exact in float. */
int main(void) {
    const float width = 20, height = 10, east = 0.25F, north = -0.5F;
    float elevation[ROWS][COLUMNS], gradient[ROWS][COLUMNS][2];
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++)
            elevation[row][column] =
                100 + east * width * (float)column - north * height * (float)row;
    }
    demgrad_error error;
    if (elevation_gradient(elevation[0], ROWS, COLUMNS, (double)width, (double)height,
                           gradient[0][0], &error) != DEMGRAD_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    int wrong = 0;
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            const float *pair = gradient[row][column];
            printf("  %g %g", (double)pair[0], (double)pair[1]);
            wrong |= pair[0] != east || pair[1] != north;
        }
        printf("\n");
    }
    return wrong;
}

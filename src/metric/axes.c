#include "axes.h"

#include "text.h"

#include <string.h>
#include <strings.h>

static void copy(char *to, size_t size, const char *from) {
    dg_text_clean(to, size, from ? from : "");
}

static bool read_axis(PJ_CONTEXT *context, const PJ *system, int index, dg_axis *axis) {
    const char *name, *direction, *unit;
    if (!proj_cs_get_axis_info(context, system, index, &name, NULL, &direction, &axis->unit_size,
                               &unit, NULL, NULL))
        return false;
    copy(axis->name, sizeof axis->name, name);
    copy(axis->direction, sizeof axis->direction, direction);
    copy(axis->unit, sizeof axis->unit, unit);
    return true;
}

demgrad_status dg_axes_read(PJ_CONTEXT *context, const PJ *crs, dg_axes *axes,
                            demgrad_error *error) {
    *axes = (dg_axes){0};
    PJ *system = proj_crs_get_coordinate_system(context, crs);
    bool done = system != NULL;
    if (done) {
        axes->is_spherical = proj_cs_get_type(context, system) == PJ_CS_TYPE_SPHERICAL;
        axes->has_angles = proj_cs_get_type(context, system) == PJ_CS_TYPE_ELLIPSOIDAL;
        axes->count = proj_cs_get_axis_count(context, system);
        done = axes->count > 0;
    }
    axes->count = axes->count < 3 ? axes->count : 3;
    for (int i = 0; done && i < axes->count; i++)
        done = read_axis(context, system, i, &axes->axis[i]);
    proj_destroy(system);
    return done ? DEMGRAD_OK
                : dg_fail(error, DEMGRAD_UNSUPPORTED,
                          "PROJ does not tell the axes of the CRS \"%s\"; give the right one with "
                          "--crs",
                          proj_get_name(crs));
}

/* 1 or -1 where the axis counts towards `way` or `opposite`. */
static int sign_of(const dg_axis *axis, const char *way, const char *opposite) {
    return strcmp(axis->direction, way) == 0 ? 1 : strcmp(axis->direction, opposite) == 0 ? -1 : 0;
}

static int north_of(const dg_axis *axis) {
    return sign_of(axis, "north", "south");
}

static int east_of(const dg_axis *axis) {
    return sign_of(axis, "east", "west");
}

/* Both axes of a polar map run the same way; their names tell them apart. */
static bool is_polar_northing_first(const dg_axis *a) {
    return north_of(&a[0]) != 0 && north_of(&a[0]) == north_of(&a[1]) &&
           strncasecmp(a[0].name, "northing", 8) == 0 && strncasecmp(a[1].name, "easting", 7) == 0;
}

void dg_axes_of_raster(const dg_axes *axes, bool is_geographic, dg_axis_use use[2]) {
    const dg_axis *a = axes->axis;
    const bool is_latitude_first = is_geographic && north_of(&a[0]) != 0;
    const bool is_north_east = north_of(&a[0]) == 1 && east_of(&a[1]) == 1;
    const int first = is_latitude_first || is_north_east || is_polar_northing_first(a) ? 1 : 0;
    use[0] = (dg_axis_use){first, 1};
    use[1] = (dg_axis_use){1 - first, 1};
}

void dg_axes_of_compass(const dg_axes *axes, bool is_geographic, dg_axis_use use[2]) {
    const dg_axis *a = axes->axis;
    for (int first = 0; first < 2; first++) {
        const int east = east_of(&a[first]), north = north_of(&a[1 - first]);
        if (east != 0 && north != 0) {
            use[0] = (dg_axis_use){first, east};
            use[1] = (dg_axis_use){1 - first, north};
            return;
        }
    }
    dg_axes_of_raster(axes, is_geographic, use);
}

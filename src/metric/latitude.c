#include "latitude.h"

#include <math.h>

/* tan(geodetic) = tan(ocentric) / (1 - e2) (Snyder 1987, 3-28), without trouble at the poles. */
double dg_latitude_from_ocentric(double latitude, double semi_major_m, double semi_minor_m) {
    const double ratio = (semi_minor_m / semi_major_m) * (semi_minor_m / semi_major_m);
    return atan2(sin(latitude), ratio * cos(latitude));
}

double dg_latitude_to_ocentric(double latitude, double semi_major_m, double semi_minor_m) {
    const double ratio = (semi_minor_m / semi_major_m) * (semi_minor_m / semi_major_m);
    return atan2(ratio * sin(latitude), cos(latitude));
}

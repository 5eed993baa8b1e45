/* Latitudes on an ellipsoid; private to the metric. */
#ifndef DG_LATITUDE_H
#define DG_LATITUDE_H

/* Geodetic latitude of one at the ellipsoid's centre, and the other way round; radians. */
double dg_latitude_from_ocentric(double latitude, double semi_major_m, double semi_minor_m);
double dg_latitude_to_ocentric(double latitude, double semi_major_m, double semi_minor_m);

#endif

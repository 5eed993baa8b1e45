#include "band.h"

#include <math.h>

/* Sine and cosine of at most 45 degrees, by Taylor's series: the first term left out is below 1e-17
 * of the result. */
static void small_angle(double degrees, double *sine, double *cosine) {
    const double x = degrees * (3.14159265358979323846 / 180), xx = x * x;
    double s = 1, c = 1;
    for (int n = 18; n > 0; n -= 2) {
        s = 1 - s * xx / (n * (n + 1));
        c = 1 - c * xx / (n * (n - 1));
    }
    *sine = x * s;
    *cosine = c;
}

static void sine_and_cosine(double degrees, double *sine, double *cosine) {
    const double rest = fmod(degrees, 360), turn = rest < 0 ? rest + 360 : rest;
    const int quarter = (int)floor(turn / 90 + 0.5); /* 0 to 4 */
    double s, c;
    small_angle(turn - 90 * quarter, &s, &c);
    *sine = quarter % 2 ? c : s;
    *cosine = quarter % 2 ? s : c;
    if (quarter == 2 || quarter == 3)
        *sine = -*sine;
    if (quarter == 1 || quarter == 2)
        *cosine = -*cosine;
}

dg_light dg_light_make(dg_hillshade kind, double azimuth_deg, double altitude_deg,
                       double exaggeration) {
    dg_light light = {.kind = kind, .exaggeration = exaggeration};
    sine_and_cosine(azimuth_deg, &light.sin_azimuth, &light.cos_azimuth);
    sine_and_cosine(altitude_deg, &light.sin_altitude, &light.cos_altitude);
    return light;
}

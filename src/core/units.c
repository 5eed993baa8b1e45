#include <demgrad/raster.h>

#include <ctype.h>
#include <string.h>

/* The acceleration that geopotential is divided by (WMO, ISO 80000-3). */
#define GRAVITY 9.80665

/* Names as DEMs and CRSs spell them; matched without regard to case, blanks and brackets. */
static const struct unit {
    const char *name;
    double metres;
} UNITS[] = {
    {"m", 1},
    {"metre", 1},
    {"metres", 1},
    {"meter", 1},
    {"meters", 1},
    {"mtr", 1},
    {"mm", 0.001},
    {"millimetre", 0.001},
    {"millimeter", 0.001},
    {"millimetres", 0.001},
    {"millimeters", 0.001},
    {"cm", 0.01},
    {"centimetre", 0.01},
    {"centimeter", 0.01},
    {"centimetres", 0.01},
    {"centimeters", 0.01},
    {"dm", 0.1},
    {"decimetre", 0.1},
    {"decimeter", 0.1},
    {"decimetres", 0.1},
    {"decimeters", 0.1},
    {"km", 1000},
    {"kilometre", 1000},
    {"kilometer", 1000},
    {"kilometres", 1000},
    {"kilometers", 1000},
    {"ft", 0.3048},
    {"foot", 0.3048},
    {"feet", 0.3048},
    {"international foot", 0.3048},
    {"foot (international)", 0.3048},
    {"international feet", 0.3048},
    {"us-ft", 1200.0 / 3937.0},
    {"ftus", 1200.0 / 3937.0},
    {"us foot", 1200.0 / 3937.0},
    {"us feet", 1200.0 / 3937.0},
    {"us survey foot", 1200.0 / 3937.0},
    {"us survey feet", 1200.0 / 3937.0},
    {"foot us", 1200.0 / 3937.0},
    {"survey foot", 1200.0 / 3937.0},
    {"sft", 1200.0 / 3937.0}, /* as BT has it */
    {"yd", 0.9144},
    {"yard", 0.9144},
    {"yards", 0.9144},
    {"inch", 0.0254},
    {"inches", 0.0254},
    {"fathom", 1.8288},
    {"fathoms", 1.8288},
    {"survey feet", 1200.0 / 3937.0},
    {"ft-us", 1200.0 / 3937.0},
    {"meters x 10", 0.1}, /* as LCP has them */
    {"feet x 10", 0.03048},
    {"gpm", 1}, /* geopotential metres */
    {"geopotential metre", 1},
    {"geopotential metres", 1},
    {"geopotential meter", 1},
    {"geopotential meters", 1},
    {"gpdm", 10}, /* decametres */
    {"dam", 10},
    {"geopotential", 1 / GRAVITY},
    {"m2/s2", 1 / GRAVITY},
    {"m2s-2", 1 / GRAVITY},
    {"m\u00b2/s\u00b2", 1 / GRAVITY},
    {"m\u00b2s\u207b\u00b2", 1 / GRAVITY},
    {"j/kg", 1 / GRAVITY},
    {"jkg-1", 1 / GRAVITY},
};

/* What names are compared without: "m**2 s**-2" is "m2/s2", "[m]" is "m". A blank at the end stays. */
static bool is_left_out(const char *c) {
    return *c != '\0' && strchr(*c == ' ' && c[1] == '\0' ? "" : " _[]()*^.", *c);
}

static bool is_same_name(const char *a, const char *b) {
    for (;; a++, b++) {
        while (is_left_out(a))
            a++;
        while (is_left_out(b))
            b++;
        if (tolower((unsigned char)*a) != *b)
            return false;
        if (*a == '\0')
            return true;
    }
}

double demgrad_length_unit(const char *name) {
    for (size_t i = 0; name && i < sizeof UNITS / sizeof *UNITS; i++) {
        if (is_same_name(name, UNITS[i].name))
            return UNITS[i].metres;
    }
    return 0;
}

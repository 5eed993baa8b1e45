#include "find.h"
#include "options.h"
#include "text.h"

#include <math.h>

/* Numbers that stand for nodata by custom. Nothing on a planet is 100 km high. */
static bool is_customary(double value, double rise_m) {
    static const double values[] = {-999,   999,   -9998,  -9999,  9999,  -10000,
                                    -99999, 99999, -32767, -32768, 32767, 65535};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (fabs(value - values[i]) < 1)
            return true;
    }
    return fabs(value * rise_m) >= 1e5;
}

/* Whether an end is so far from the rest, as a share of its range, that it is no ground. A number that does
 * not stand for nodata by custom must be frequent too; 0 is sea level, which has slopes of its own. */
static bool is_doubtful(const dg_setup *s, const dg_extreme *e, double other_end) {
    enum { FREQUENT = 10 };
    const double distance = fabs(e->next - e->value), rest = fabs(other_end - e->next);
    if (!isfinite(distance) || !(distance >= s->gap))
        return false;
    if (is_customary(e->value, s->rise_m))
        return distance >= rest / 10;
    if (e->count < FREQUENT)
        return false;
    if (e->value == 0)
        return distance >= rest / 8 && distance * fabs(s->rise_m) >= 50;
    return distance >= 2 * rest && distance >= 4 * s->gap;
}

/* Whether infinity is a nodata value that the file declares, or the user. */
static bool is_infinity_declared(const dg_setup *s) {
    const demgrad_raster_options *o = s->options;
    const dg_source_info *info = dg_source_describe(s->source);
    bool is = false;
    for (size_t i = 0; i < info->nodata_count; i++)
        is |= isinf(info->nodata[i]);
    for (size_t i = 0; o->input_nodata && i < o->input_nodata_count; i++)
        is |= isinf(o->input_nodata[i]);
    return is;
}

/* Metres. Earth's ground lies between -10,935 (Challenger Deep) and 8,849 (Everest), above geoid or ellipsoid.
 * Elsewhere it spans less than this: on Mars 30 km, on Vesta 41. Signed numbers that are taken for unsigned ones
 * of 16 bits span 65. */
static const double EARTH_HIGHEST = 9000, EARTH_DEEPEST = -11100, MOST_SPAN = 5e4;

/* The end of what is not doubtful. */
static double end_of(const dg_extreme *e, const dg_findings *found) {
    bool is_one = false;
    for (int i = 0; i < found->doubtful_count; i++)
        is_one |= found->doubtful[i] == e->value;
    return is_one ? e->next : e->value;
}

static bool is_on_earth(const dg_setup *s) {
    const double radius_m = dg_metric_crs(s->metric)->semi_major_m;
    return 6.3e6 < radius_m && radius_m < 6.4e6;
}

/* A z factor may exaggerate on purpose. */
static bool is_no_ground(const dg_setup *s, double low, double high) {
    const dg_source_info *info = dg_source_describe(s->source);
    const double span = (high - low) * fabs(s->rise_m);
    if (!isfinite(span) || s->options->z_factor != 0 || !is_on_earth(s))
        return isfinite(span) && span > MOST_SPAN;
    const double a = (low * info->scale + info->offset) * s->z_unit_m;
    const double b = (high * info->scale + info->offset) * s->z_unit_m;
    return fmax(a, b) > EARTH_HIGHEST || fmin(a, b) < EARTH_DEEPEST;
}

dg_findings dg_findings_of(const dg_setup *setup, const dg_watch *watch, dg_type type) {
    const dg_extreme *low = &watch->elevations.low, *high = &watch->elevations.high;
    dg_findings found = {.has_moved = watch->moved > 0,
                         .has_beyond = watch->beyond > 0,
                         .has_infinite =
                             watch->elevations.has_infinite && !is_infinity_declared(setup),
                         .outside = setup->has_ground ? watch->outside : 0,
                         .type = type};
    /* The end that is farther out does not count as the other's range. */
    const bool low_first = low->next - low->value >= high->value - high->next;
    const dg_extreme *first = low_first ? low : high, *second = low_first ? high : low;
    const bool is_first = is_doubtful(setup, first, second->value);
    if (is_first)
        found.doubtful[found.doubtful_count++] = first->value;
    if (is_doubtful(setup, second, is_first ? first->next : first->value) &&
        second->value != first->value)
        found.doubtful[found.doubtful_count++] = second->value;
    found.is_no_ground = is_no_ground(setup, end_of(low, &found), end_of(high, &found));
    return found;
}

static void print(double value, dg_type type, char text[32]) {
    dg_text_number(text, 32, value, 6, type != DG_DOUBLE);
}

void dg_findings_note(const dg_findings *findings, const demgrad_raster_options *options,
                      const char *name, dg_notes *notes) {
    char value[32], moved[32];
    for (int i = 0; i < findings->doubtful_count; i++) {
        print(findings->doubtful[i], findings->type, value);
        dg_note(notes, name,
                "the value %s is far from all others and gives slopes that hardly any ground has; "
                "if it stands for nodata, say --input-nodata=%s",
                value, value);
    }
    if (findings->is_no_ground)
        dg_note(
            notes, name,
            "has elevations that no ground has: on Earth beyond -11,100 m or 9,000 m, elsewhere "
            "over 50 km apart; are their type (bytes in another order, unsigned for signed) and "
            "their unit right (--z-unit), or is that nodata (--input-nodata)?");
    if (findings->has_infinite)
        dg_note(notes, name,
                "has infinite elevations: they are taken as nodata; --input-nodata=inf, with the "
                "nodata values that there are, says that they are meant so");
    if (findings->outside > 0)
        dg_note(notes, name,
                "%lld of its elevations lie outside the domain of its CRS, or on a pole: they are "
                "nodata; is the CRS right? (--crs says otherwise)",
                (long long)findings->outside);
    const dg_type type = dg_output_type(options);
    if (findings->has_beyond)
        dg_note(notes, name, "its output has values that %s cannot hold: they are nodata%s",
                type == DG_DOUBLE ? "Float64" : "Float32",
                type == DG_DOUBLE ? "" : "; --ot Float64 holds larger ones");
    if (!findings->has_moved)
        return;
    const dg_stored stored = {type, options->nodata};
    print(options->nodata, type, value);
    print(dg_settling_for(&stored).moved, type, moved);
    dg_note(notes, name,
            "its output has values of %s, which --nodata makes nodata: they are written as %s; "
            "--nodata nan leaves all as they are",
            value, moved);
}

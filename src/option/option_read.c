#include "option_read.h"

#include "coordinates.h"
#include "numbers.h"
#include "suggest.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <demgrad/raster.h>
#include <limits.h>
#include <math.h>
#include <string.h>

static const char *say(const dg_option *o) {
    return CPLSPrintf("it must be %s", o->must_be);
}

static const char *choice_word(size_t index, void *option) {
    return dg_option_choice(option, index);
}

const char *dg_option_demand(const dg_option *o) {
    if (!dg_option_choice(o, 0))
        return o->must_be ? say(o) : "";
    const char *text =
        o->kind == DG_OPTION_NAMES ? "it must be, with commas between them," : "it must be";
    for (size_t i = 0; dg_option_choice(o, i); i++) {
        const bool is_last = i > 0 && !dg_option_choice(o, i + 1);
        text = CPLSPrintf("%s%s %s", text,
                          i == 0    ? ""
                          : is_last ? " or"
                                    : ",",
                          dg_option_choice(o, i));
    }
    return text;
}

/* The same, "; did you mean b?" */
static const char *say_choices(const dg_option *o, const char *wrong) {
    const char *text = dg_option_demand(o);
    const char *meant = dg_suggest(wrong, choice_word, (void *)o);
    return meant ? CPLSPrintf("%s; did you mean %s?", text, meant) : text;
}

/* The index of `value` among the choices, whatever its case, or -1. */
static int find_choice(const dg_option *o, const char *value) {
    for (size_t i = 0; dg_option_choice(o, i); i++) {
        if (EQUAL(value, dg_option_choice(o, i)))
            return (int)i;
    }
    return -1;
}

/* Puts the choice itself into the list. */
static bool find_name(const dg_option *o, char **name) {
    const int found = find_choice(o, *name);
    if (found >= 0) {
        CPLFree(*name);
        *name = CPLStrdup(dg_option_choice(o, (size_t)found));
    }
    return found >= 0;
}

static const char *read_flag(const dg_option *o, void *field, const char *value) {
    (void)o;
    (void)value;
    *(bool *)field = true;
    return NULL;
}

static const char *read_integer(const dg_option *o, void *field, const char *value) {
    int *number = field;
    const bool is_right = dg_integer_read(value, (int)o->least, (int)o->most, number) &&
                          (o->step == 0 || (*number - (int)o->least) % o->step == 0);
    return is_right ? NULL : say(o);
}

/* No value is nodata but NaN, which always is: "none", as gdal has it. */
static bool read_nodata(const char *text, double *value) {
    return dg_number_read(EQUAL(text, "none") ? "nan" : text, value);
}

/* A default of 0 that the help does not show stands for "not given". */
static const char *read_number(const dg_option *o, void *field, const char *value) {
    double *number = field;
    const bool is_number =
        isnan(o->most) ? read_nodata(value, number) : dg_number_read(value, number);
    const bool is_inside = isnan(o->most) || (*number >= o->least && *number <= o->most);
    const bool is_given = *number != 0 || !o->usual || *o->usual;
    return is_number && is_inside && is_given ? NULL : say(o);
}

/* An empty word is what a variable that is not set leaves of "$NAME". */
static const char *refuse_empty(const dg_option *o, const char *value) {
    return *value || o->may_be_empty ? NULL : "it must not be empty";
}

static const char *read_text(const dg_option *o, void *field, const char *value) {
    const char *wrong = refuse_empty(o, value);
    if (!wrong)
        *(const char **)field = value;
    return wrong;
}

static const char *read_unit(const dg_option *o, void *field, const char *value) {
    (void)o;
    *(const char **)field = value;
    return demgrad_length_unit(value) > 0
               ? NULL
               : "it must be a unit of length: m, ft, us-ft, km, cm, geopotential, ...";
}

static const char *read_choice(const dg_option *o, void *field, const char *value) {
    const int found = find_choice(o, value);
    *(int *)field = found;
    return found >= 0 ? NULL : say_choices(o, value);
}

static const char *read_name(const dg_option *o, void *field, const char *value) {
    const int found = find_choice(o, value);
    *(const char **)field = found >= 0 ? dg_option_choice(o, (size_t)found) : NULL;
    return found >= 0 ? NULL : say_choices(o, value);
}

static const char *read_names(const dg_option *o, void *field, const char *value) {
    char **names = CSLTokenizeString2(
        value, ",", CSLT_ALLOWEMPTYTOKENS | CSLT_STRIPLEADSPACES | CSLT_STRIPENDSPACES);
    CSLDestroy(*(char ***)field);
    *(char ***)field = names;
    for (int i = 0; names[i]; i++) {
        if (!find_name(o, &names[i]))
            return say_choices(o, names[i]);
        for (int j = 0; j < i; j++) {
            if (strcmp(names[i], names[j]) == 0)
                return "it must name each once";
        }
    }
    return names[0] ? NULL : say_choices(o, value);
}

static const char *read_texts(const dg_option *o, void *field, const char *value) {
    char ***list = field;
    *list = CSLAddString(*list, value);
    if (o->kind == DG_OPTION_TEXTS)
        return refuse_empty(o, value);
    return strchr(value, '=') ? NULL : "it must be KEY=VALUE";
}

static const char *read_threads(const dg_option *o, void *field, const char *value) {
    int *threads = field;
    if (EQUAL(value, "ALL_CPUS")) {
        *threads = 0;
        return NULL;
    }
    return dg_integer_read(value, 1, (int)o->most, threads) ? NULL : say(o);
}

static const char *read_memory(const dg_option *o, void *field, const char *value) {
    static const char *const units[] = {"MB", "GB", "M", "G", "MiB", "GiB"};
    char *end;
    const double number = CPLStrtod(value, &end);
    while (*end == ' ')
        end++;
    size_t unit = 0;
    while (unit < 6 && strcmp(end, units[unit]) != 0)
        unit++;
    if (end == value || unit == 6 || !(number > 0))
        return "it must be a size with its unit, such as 512MB or 2GB";
    const double bytes = number * (unit & 1 ? 0x1p30 : 0x1p20);
    if (bytes < o->least)
        return "it must be at least 128MB: the program and GDAL take half of that themselves";
    if (bytes > o->most)
        return "it must be at most 1048576GB";
    *(int64_t *)field = (int64_t)bytes;
    return NULL;
}

static bool is_distance(double value) {
    return isfinite(value) && value > 0;
}

static const char *read_distances(const dg_option *o, void *field, const char *value) {
    char **parts = CSLTokenizeString2(value, ",", CSLT_ALLOWEMPTYTOKENS);
    const int count = CSLCount(parts);
    double *distances = field;
    bool is_right = (count == 1 || count == 2) && dg_number_read(parts[0], &distances[0]);
    is_right = is_right && dg_number_read(parts[count - 1], &distances[1]);
    CSLDestroy(parts);
    return is_right && is_distance(distances[0]) && is_distance(distances[1]) ? NULL : say(o);
}

static const char *read_coordinates(const dg_option *o, void *field, const char *value) {
    double **values = field;
    (void)o;
    return dg_coordinates_read(value, values, (size_t *)(values + 1));
}

static const char *read_numbers(const dg_option *o, void *field, const char *value) {
    char **parts = CSLTokenizeString2(value, ",", CSLT_ALLOWEMPTYTOKENS);
    const int count = CSLCount(parts);
    double **numbers = field;
    CPLFree(*numbers);
    *numbers = CPLCalloc((size_t)count + 1, sizeof **numbers);
    *(size_t *)(numbers + 1) = (size_t)count;
    bool is_right = count > 0 && count <= o->most;
    for (int i = 0; i < count && is_right; i++)
        is_right = read_nodata(parts[i], &(*numbers)[i]);
    CSLDestroy(parts);
    return is_right ? NULL : say(o);
}

static const char *read_window(const dg_option *o, void *field, const char *value) {
    int *window = field;
    char **parts = CSLTokenizeString2(value, ",", CSLT_ALLOWEMPTYTOKENS);
    bool is_right = CSLCount(parts) == 4;
    for (int i = 0; i < 4 && is_right; i++)
        is_right = dg_integer_read(parts[i], i < 2 ? 0 : 1, INT_MAX, &window[i]);
    CSLDestroy(parts);
    return is_right ? NULL : say(o);
}

/* The CRS is all that follows the fourth comma, whatever commas it has itself. */
static const char *read_box(const dg_option *o, void *field, const char *value) {
    double *box = field;
    const char **crs = (const char **)(box + 4);
    char **parts = CSLTokenizeString2(value, ",", CSLT_ALLOWEMPTYTOKENS);
    bool is_right = CSLCount(parts) >= 4;
    for (int i = 0; i < 4 && is_right; i++) {
        is_right = dg_number_read(parts[i], &box[i]) && isfinite(box[i]);
        value += strlen(parts[i]) + 1;
    }
    *crs = CSLCount(parts) > 4 ? value : NULL;
    is_right = is_right && box[0] != box[2] && box[1] != box[3] && (!*crs || **crs);
    CSLDestroy(parts);
    return is_right ? NULL : say(o);
}

typedef const char *(*reader)(const dg_option *option, void *field, const char *value);

static const reader READERS[] = {[DG_OPTION_FLAG] = read_flag,
                                 [DG_OPTION_INTEGER] = read_integer,
                                 [DG_OPTION_NUMBER] = read_number,
                                 [DG_OPTION_TEXT] = read_text,
                                 [DG_OPTION_UNIT] = read_unit,
                                 [DG_OPTION_CHOICE] = read_choice,
                                 [DG_OPTION_NAME] = read_name,
                                 [DG_OPTION_NAMES] = read_names,
                                 [DG_OPTION_TEXTS] = read_texts,
                                 [DG_OPTION_SETTINGS] = read_texts,
                                 [DG_OPTION_THREADS] = read_threads,
                                 [DG_OPTION_MEMORY] = read_memory,
                                 [DG_OPTION_DISTANCES] = read_distances,
                                 [DG_OPTION_COORDINATES] = read_coordinates,
                                 [DG_OPTION_NUMBERS] = read_numbers,
                                 [DG_OPTION_WINDOW] = read_window,
                                 [DG_OPTION_BOX] = read_box};

const char *dg_option_read(const dg_option *option, void *options, const char *value) {
    if (option->kind == DG_OPTION_CALL)
        return option->call(options, value);
    return READERS[option->kind](option, (char *)options + option->field, value);
}

void dg_option_free(const dg_option *option, void *options) {
    void *field = (char *)options + option->field;
    if (dg_option_is_list(option))
        CSLDestroy(*(char ***)field);
    else if (option->kind == DG_OPTION_COORDINATES || option->kind == DG_OPTION_NUMBERS)
        CPLFree(*(double **)field);
}

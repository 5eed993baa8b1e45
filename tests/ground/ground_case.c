#include "ground_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 7 };

/* Copies the next field, without the blanks around it, and returns what follows its semicolon. */
static const char *take_field(const char *from, char *to, size_t size) {
    size_t length = strcspn(from, ";\n");
    const char *next = from + length + (from[length] == ';');
    while (length > 0 && (*from == ' ' || *from == '\t')) {
        from++;
        length--;
    }
    while (length > 0 && (from[length - 1] == ' ' || from[length - 1] == '\t')) {
        length--;
    }
    snprintf(to, size, "%.*s", (int)length, from);
    return next;
}

static bool parse_option(const char *word, struct ground_case *out) {
    struct {
        const char *name;
        bool *value;
    } flags[] = {{"south-up", &out->south_up},
                 {"wrap", &out->wrap},
                 {"point", &out->point},
                 {"metric-only", &out->metric_only}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strcmp(word, flags[i].name) == 0) {
            *flags[i].value = true;
            return true;
        }
    }
    return sscanf(word, "rotate=%lf", &out->rotate_deg) == 1 ||
           sscanf(word, "skew=%lf", &out->skew_deg) == 1;
}

static bool parse_options(char *text, struct ground_case *out) {
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (!parse_option(word, out)) {
            fprintf(stderr, "%s: unknown option '%s'\n", out->name, word);
            return false;
        }
    }
    return true;
}

static bool parse_numbers(char field[FIELDS][512], struct ground_case *out) {
    const char *centre = field[3];
    out->centre_is_lonlat = *centre == '@';
    centre += out->centre_is_lonlat;
    if (sscanf(centre, "%lf,%lf", &out->centre[0], &out->centre[1]) != 2) {
        return false;
    }
    int numbers = sscanf(field[4], "%lf,%lf", &out->pixel[0], &out->pixel[1]);
    if (numbers == 1) {
        out->pixel[1] = out->pixel[0];
    }
    return numbers >= 1 && out->pixel[0] > 0 && out->pixel[1] > 0 &&
           sscanf(field[5], "%dx%d", &out->cols, &out->rows) == 2 && out->cols > 2 && out->rows > 2;
}

bool ground_case_parse(const char *line, struct ground_case *out) {
    char field[FIELDS][512];
    const char *rest = line;
    for (int i = 0; i < FIELDS; i++) {
        rest = take_field(rest, field[i], sizeof field[i]);
    }
    *out = (struct ground_case){.cols = 0};
    snprintf(out->name, sizeof out->name, "%.63s", field[0]);
    snprintf(out->place, sizeof out->place, "%.95s", field[1]);
    snprintf(out->crs, sizeof out->crs, "%s", field[2]);
    if (!parse_numbers(field, out)) {
        fprintf(stderr, "cannot read the case: %s\n", line);
        return false;
    }
    return parse_options(field[6], out);
}

void ground_case_geotransform(const struct ground_case *c, const double centre[2], double gt[6]) {
    const double degree = acos(-1.0) / 180;
    const double cosine = cos(c->rotate_deg * degree), sine = sin(c->rotate_deg * degree);
    const double up = c->south_up ? c->pixel[1] : -c->pixel[1];
    const double lean = up * tan(c->skew_deg * degree);

    gt[1] = c->pixel[0] * cosine;
    gt[4] = c->pixel[0] * sine;
    gt[2] = lean * cosine - up * sine;
    gt[5] = lean * sine + up * cosine;
    gt[0] = centre[0] - 0.5 * (c->cols * gt[1] + c->rows * gt[2]);
    gt[3] = centre[1] - 0.5 * (c->cols * gt[4] + c->rows * gt[5]);
}

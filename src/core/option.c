#include "option.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const GROUPS[DG_GROUP_COUNT] = {
    [DG_GROUP_INPUT] = "input",   [DG_GROUP_MEANING] = "numbers", [DG_GROUP_BANDS] = "bands",
    [DG_GROUP_OUTPUT] = "output", [DG_GROUP_BATCH] = "batch",     [DG_GROUP_PICTURE] = "picture",
    [DG_GROUP_RUN] = "run"};

const char *dg_option_group_name(dg_option_group group) {
    return GROUPS[group];
}

const char *dg_option_choice(const dg_option *option, size_t index) {
    if (option->choice)
        return option->choice(index);
    for (size_t i = 0; option->choices && option->choices[i]; i++) {
        if (i == index)
            return option->choices[i];
    }
    return NULL;
}

bool dg_option_is_list(const dg_option *o) {
    return o->kind == DG_OPTION_NAMES || o->kind == DG_OPTION_TEXTS ||
           o->kind == DG_OPTION_SETTINGS;
}

/* As few digits as give the number back, with a point in any locale. */
static void print_number(double number, char *text, size_t size) {
    snprintf(text, size, "nan");
    for (int digits = 6; digits <= 17 && !isnan(number); digits++) {
        snprintf(text, size, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    for (char *c = text; *c; c++) {
        if (*c == ',')
            *c = '.';
    }
}

static void print_list(const char *const *list, const char *usual, char *text, size_t size) {
    size_t length = 0;
    snprintf(text, size, "%s", !list && usual ? usual : "");
    for (int i = 0; list && list[i] && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? "," : "", list[i]);
}

static void print_memory(int64_t bytes, char *text, size_t size) {
    snprintf(text, size, "%lldMB", (long long)(bytes >> 20));
}

static void print_distances(const double *distances, char *text, size_t size) {
    char x[32], y[32];
    print_number(distances[0], x, sizeof x);
    print_number(distances[1], y, sizeof y);
    snprintf(text, size, "%s,%s", x, y);
}

static void print_numbers(const void *field, char *text, size_t size) {
    const double *numbers = *(const double *const *)field;
    const size_t count = *(const size_t *)((const char *)field + sizeof numbers);
    size_t length = 0;
    for (size_t i = 0; i < count && length < size; i++) {
        char number[32];
        print_number(numbers[i], number, sizeof number);
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? "," : "", number);
    }
}

static void print_window(const int *w, char *text, size_t size) {
    if (w[2] != 0 || w[3] != 0)
        snprintf(text, size, "%d,%d,%d,%d", w[0], w[1], w[2], w[3]);
}

static void print_box(const double *box, char *text, size_t size) {
    const char *crs = *(const char *const *)(box + 4);
    size_t length = 0;
    bool is_given = false;
    for (int i = 0; i < 4; i++)
        is_given |= box[i] != 0;
    for (int i = 0; i < 4 && is_given && length < size; i++) {
        char number[32];
        print_number(box[i], number, sizeof number);
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? "," : "", number);
    }
    if (is_given && crs && length < size)
        snprintf(text + length, size - length, ",%s", crs);
}

static void print_threads(int threads, char *text, size_t size) {
    if (threads == 0)
        snprintf(text, size, "ALL_CPUS");
    else
        snprintf(text, size, "%d", threads);
}

void dg_option_text(const dg_option *o, const void *options, char *text, size_t size) {
    const void *field = (const char *)options + o->field;
    *text = '\0';
    switch (o->kind) {
    case DG_OPTION_FLAG:
        snprintf(text, size, "%s", *(const bool *)field ? "yes" : "no");
        break;
    case DG_OPTION_INTEGER:
        snprintf(text, size, "%d", *(const int *)field);
        break;
    case DG_OPTION_NUMBER:
        print_number(*(const double *)field, text, size);
        break;
    case DG_OPTION_TEXT:
    case DG_OPTION_UNIT:
    case DG_OPTION_NAME: {
        const char *value = *(const char *const *)field;
        snprintf(text, size, "%s", value ? value : o->usual ? o->usual : "");
        break;
    }
    case DG_OPTION_CHOICE: {
        const char *word = dg_option_choice(o, (size_t) * (const int *)field);
        snprintf(text, size, "%s", word ? word : "");
        break;
    }
    case DG_OPTION_NAMES:
    case DG_OPTION_TEXTS:
    case DG_OPTION_SETTINGS:
        print_list(*(const char *const *const *)field, o->usual, text, size);
        break;
    case DG_OPTION_THREADS:
        print_threads(*(const int *)field, text, size);
        break;
    case DG_OPTION_MEMORY:
        print_memory(*(const int64_t *)field, text, size);
        break;
    case DG_OPTION_DISTANCES:
        print_distances(field, text, size);
        break;
    case DG_OPTION_NUMBERS:
        print_numbers(field, text, size);
        break;
    case DG_OPTION_WINDOW:
        print_window(field, text, size);
        break;
    case DG_OPTION_BOX:
        print_box(field, text, size);
        break;
    case DG_OPTION_COORDINATES:
    case DG_OPTION_CALL:
        break;
    }
}

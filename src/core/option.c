#include "option.h"

#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

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

static void write_number(double number, char *text, size_t size) {
    dg_text_number(text, size, number, 6, false);
}

static void write_numbers(const double *numbers, size_t count, char *text, size_t size) {
    size_t length = 0;
    for (size_t i = 0; i < count && length < size; i++) {
        char number[32];
        write_number(numbers[i], number, sizeof number);
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? "," : "", number);
    }
}

/* Writes the value of a field as a user would; leaves `text` where none was given. */
typedef void writer(const dg_option *o, const void *field, char *text, size_t size);

static void write_flag(const dg_option *o, const void *field, char *text, size_t size) {
    (void)o;
    snprintf(text, size, "%s", *(const bool *)field ? "yes" : "no");
}

static void write_integer(const dg_option *o, const void *field, char *text, size_t size) {
    (void)o;
    snprintf(text, size, "%d", *(const int *)field);
}

static void write_one_number(const dg_option *o, const void *field, char *text, size_t size) {
    (void)o;
    write_number(*(const double *)field, text, size);
}

static void write_text(const dg_option *o, const void *field, char *text, size_t size) {
    const char *value = *(const char *const *)field;
    snprintf(text, size, "%s", value ? value : o->usual ? o->usual : "");
}

static void write_choice(const dg_option *o, const void *field, char *text, size_t size) {
    const char *word = dg_option_choice(o, (size_t) * (const int *)field);
    snprintf(text, size, "%s", word ? word : o->implied ? o->implied : "");
}

static void write_texts(const dg_option *o, const void *field, char *text, size_t size) {
    const char *const *list = *(const char *const *const *)field;
    size_t length = 0;
    snprintf(text, size, "%s", !list && o->usual ? o->usual : "");
    for (int i = 0; list && list[i] && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? "," : "", list[i]);
}

static void write_threads(const dg_option *o, const void *field, char *text, size_t size) {
    if (*(const int *)field == 0)
        snprintf(text, size, "ALL_CPUS");
    else
        write_integer(o, field, text, size);
}

static void write_memory(const dg_option *o, const void *field, char *text, size_t size) {
    (void)o;
    snprintf(text, size, "%lldMB", (long long)(*(const int64_t *)field >> 20));
}

static void write_distances(const dg_option *o, const void *field, char *text, size_t size) {
    (void)o;
    write_numbers(field, 2, text, size);
}

static void write_list(const dg_option *o, const void *field, char *text, size_t size) {
    const double *numbers = *(const double *const *)field;
    const size_t count = *(const size_t *)((const char *)field + sizeof numbers);
    (void)o;
    write_numbers(numbers, count, text, size);
}

static void write_window(const dg_option *o, const void *field, char *text, size_t size) {
    const int *w = field;
    (void)o;
    if (w[2] != 0 || w[3] != 0)
        snprintf(text, size, "%d,%d,%d,%d", w[0], w[1], w[2], w[3]);
}

static void write_box(const dg_option *o, const void *field, char *text, size_t size) {
    const double *box = field;
    const char *crs = *(const char *const *)(box + 4);
    (void)o;
    if (box[0] == 0 && box[1] == 0 && box[2] == 0 && box[3] == 0)
        return;
    write_numbers(box, 4, text, size);
    const size_t length = strlen(text);
    if (crs)
        snprintf(text + length, size - length, ",%s", crs);
}

/* Of those that have no such text: none. */
static writer *const WRITERS[] = {[DG_OPTION_FLAG] = write_flag,
                                  [DG_OPTION_INTEGER] = write_integer,
                                  [DG_OPTION_NUMBER] = write_one_number,
                                  [DG_OPTION_TEXT] = write_text,
                                  [DG_OPTION_UNIT] = write_text,
                                  [DG_OPTION_CHOICE] = write_choice,
                                  [DG_OPTION_NAME] = write_text,
                                  [DG_OPTION_NAMES] = write_texts,
                                  [DG_OPTION_TEXTS] = write_texts,
                                  [DG_OPTION_SETTINGS] = write_texts,
                                  [DG_OPTION_THREADS] = write_threads,
                                  [DG_OPTION_MEMORY] = write_memory,
                                  [DG_OPTION_DISTANCES] = write_distances,
                                  [DG_OPTION_COORDINATES] = NULL,
                                  [DG_OPTION_NUMBERS] = write_list,
                                  [DG_OPTION_WINDOW] = write_window,
                                  [DG_OPTION_BOX] = write_box,
                                  [DG_OPTION_CALL] = NULL};

void dg_option_text(const dg_option *o, const void *options, char *text, size_t size) {
    *text = '\0';
    if (WRITERS[o->kind])
        WRITERS[o->kind](o, (const char *)options + o->field, text, size);
}

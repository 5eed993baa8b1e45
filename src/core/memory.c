#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void *dg_alloc(size_t count, size_t size, const char *what, demgrad_error *error) {
    void *memory = calloc(count > 0 ? count : 1, size);
    if (!memory)
        dg_fail_memory(error, what);
    return memory;
}

char *dg_copy(const char *text, demgrad_error *error) {
    char *copy = strdup(text);
    if (!copy)
        dg_fail_memory(error, "a text");
    return copy;
}

char *dg_format(demgrad_error *error, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    /* Under UBSan GCC thinks of a format that is NULL. */
    const int length = format ? vsnprintf(NULL, 0, format, arguments) : 0;
    char *text = dg_alloc((size_t)length + 1, 1, "a text", error);
    if (text && format)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

static char no_memory[] = "out of memory";

char *dg_fault_memory(void) {
    return no_memory;
}

char *dg_fault(const char *format, ...) {
    char text[DEMGRAD_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    char *fault = strdup(text);
    return fault ? fault : no_memory;
}

demgrad_status dg_fault_status(const char *fault, demgrad_status otherwise) {
    return fault == no_memory ? DEMGRAD_OUT_OF_MEMORY : otherwise;
}

bool dg_fault_is_memory(const char *fault, const char *what, demgrad_error *error) {
    if (fault == no_memory)
        dg_fail(error, DEMGRAD_OUT_OF_MEMORY,
                "%s: cannot be checked: out of memory; nothing of it was kept", what);
    return fault == no_memory;
}

void dg_fault_free(char *fault) {
    if (fault != no_memory)
        free(fault);
}

/* Makes room for one more and the end. */
static bool grow(dg_list *list) {
    if (list->count + 1 < list->capacity)
        return true;
    const size_t capacity = list->capacity ? 2 * list->capacity : 8;
    char **items = realloc(list->items, capacity * sizeof *items);
    if (!items)
        return false;
    list->items = items;
    list->capacity = capacity;
    return true;
}

void dg_list_add(dg_list *list, const char *text) {
    char *copy = text ? strdup(text) : NULL;
    if (!copy || !grow(list)) {
        free(copy);
        list->is_short = true;
        return;
    }
    list->items[list->count++] = copy;
    list->items[list->count] = NULL;
}

void dg_list_add_all(dg_list *list, const char *const *items) {
    for (; items && *items; items++)
        dg_list_add(list, *items);
}

void dg_list_split(dg_list *list, const char *text, const char *separators) {
    for (text += strspn(text, separators); *text; text += strspn(text, separators)) {
        const size_t length = strcspn(text, separators);
        char *part = strndup(text, length);
        dg_list_add(list, part);
        free(part);
        text += length;
    }
}

void dg_list_set(dg_list *list, const char *name, const char *value) {
    demgrad_error ignored;
    char *text = dg_format(&ignored, "%s=%s", name, value);
    const size_t length = strlen(name) + 1;
    for (size_t i = 0; i < list->count && text; i++) {
        if (strncasecmp(list->items[i], text, length) == 0) {
            free(list->items[i]);
            list->items[i] = text;
            return;
        }
    }
    dg_list_add(list, text);
    free(text);
}

demgrad_status dg_list_check(const dg_list *list, demgrad_error *error) {
    return list->is_short ? dg_fail_memory(error, "a list of names") : DEMGRAD_OK;
}

void dg_texts_free(char **items) {
    for (char **item = items; item && *item; item++)
        free(*item);
    free(items);
}

void dg_list_free(dg_list *list) {
    dg_texts_free(list->items);
    *list = (dg_list){0};
}

void dg_list_name_some(const dg_list *list, char *text, size_t size) {
    enum { NAMED = 3 };
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < list->count && i < NAMED && used < size; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", list->items[i]);
    if (list->count > NAMED && used < size)
        snprintf(text + used, size - used, " and %zu more", list->count - NAMED);
}

bool dg_list_has(const dg_list *list, const char *text) {
    bool has = false;
    for (size_t i = 0; i < list->count && !has; i++)
        has = strcmp(list->items[i], text) == 0;
    return has;
}

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void dg_texts_sort(char **items, size_t count) {
    if (count > 0)
        qsort(items, count, sizeof *items, compare_texts);
}

bool dg_list_has_sorted(const dg_list *sorted, const char *text) {
    return sorted->count > 0 &&
           bsearch(&text, sorted->items, sorted->count, sizeof *sorted->items, compare_texts);
}

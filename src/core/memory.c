#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    const int length = vsnprintf(NULL, 0, format, arguments);
    char *text = dg_alloc((size_t)length + 1, 1, "a text", error);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

demgrad_status dg_list_add(dg_list *list, const char *text, demgrad_error *error) {
    if (list->count + 1 >= list->capacity) {
        const size_t capacity = list->capacity ? 2 * list->capacity : 8;
        char **items = realloc(list->items, capacity * sizeof *items);
        if (!items)
            return dg_fail_memory(error, "a list");
        list->items = items;
        list->capacity = capacity;
        list->items[list->count] = NULL;
    }
    char *copy = dg_copy(text, error);
    if (!copy)
        return DEMGRAD_OUT_OF_MEMORY;
    list->items[list->count++] = copy;
    list->items[list->count] = NULL;
    return DEMGRAD_OK;
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

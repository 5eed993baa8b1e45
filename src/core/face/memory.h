/* The library's memory. It lives in other people's programs: where there is none left, a call fails with
 * DEMGRAD_OUT_OF_MEMORY. So nothing is allocated by GDAL's functions that end the process then (CPLMalloc,
 * CPLStrdup, CSLAddString, CPLSPrintf, ...; a test looks for their names). What comes from here, or from
 * malloc itself, is freed with free(). */
#ifndef DG_MEMORY_H
#define DG_MEMORY_H

#include "fail.h"

#include <stdbool.h>
#include <stddef.h>

/* `count` elements of `size` bytes, all 0; on failure NULL, and an error that says what they are for. */
void *dg_alloc(size_t count, size_t size, const char *what, demgrad_error *error);

/* A copy of a text, or a formatted one of any length; on failure likewise. */
char *dg_copy(const char *text, demgrad_error *error);
char *dg_format(demgrad_error *error, const char *format, ...) DG_PRINTF(2, 3);

/* A text that says what is wrong, where NULL says that nothing is: it is never NULL itself. Where there is
 * no memory for it, or for finding out, it is a static one, and the status DEMGRAD_OUT_OF_MEMORY in place
 * of `otherwise`. */
char *dg_fault(const char *format, ...) DG_PRINTF(1, 2);
char *dg_fault_memory(void);
demgrad_status dg_fault_status(const char *fault, demgrad_status otherwise);

/* Whether it is that one; then the error says that the output `what` could not be checked. */
bool dg_fault_is_memory(const char *fault, const char *what, demgrad_error *error);
void dg_fault_free(char *fault);

/* A growing list of texts, with a NULL at its end, as GDAL takes them. Starts as {0}. */
typedef struct dg_list {
    char **items; /* NULL where it is empty */
    size_t count, capacity;
    bool is_short; /* there was no memory for one of them: what is there is not all */
} dg_list;

/* Adds copies of a text (NULL: one that there was no memory for), and of all of a NULL-terminated list,
 * which may be NULL. */
void dg_list_add(dg_list *list, const char *text);
void dg_list_add_all(dg_list *list, const char *const *items);

/* Adds the parts of a text between any of the separators, but for empty ones. */
void dg_list_split(dg_list *list, const char *text, const char *separators);

/* Adds "NAME=VALUE", in place of what has that name, in whatever letters. */
void dg_list_set(dg_list *list, const char *name, const char *value);

/* A list as GDAL's functions have it. */
static inline const char *const *dg_list_items(const dg_list *list) {
    return (const char *const *)list->items;
}

/* Fails where the list is short. */
demgrad_status dg_list_check(const dg_list *list, demgrad_error *error);
void dg_list_free(dg_list *list);

/* Names the first three: "A, B, C and 4 more". What does not fit in `size` bytes with its end is cut. */
void dg_list_name_some(const dg_list *list, char *text, size_t size);

/* Whether `text` is one of the list's. */
bool dg_list_has(const dg_list *list, const char *text);

/* Sorts texts by their bytes; whether `text` is one of a sorted list. */
void dg_texts_sort(char **items, size_t count);
bool dg_list_has_sorted(const dg_list *sorted, const char *text);

/* Frees such items. NULL is allowed. */
void dg_texts_free(char **items);

#endif

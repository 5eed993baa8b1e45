/* Structures that are as long for a caller as they were in the version he was compiled with.
 *
 * Options begin with their size, which their init sets; structures that a call fills come with it. New
 * fields come last, after any padding. One such structure may lie within another one, and grows there
 * too: what follows it is then found by its size. */
#ifndef DG_SIZED_H
#define DG_SIZED_H

#include "fail.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct dg_form {
    size_t size;
    size_t inner, inner_size; /* offset and size of the structure within; 0, 0: there is none */
} dg_form;

/* Copies the fields that both have. */
void dg_sized_copy(void *to, dg_form to_form, const void *from, dg_form from_form);

/* Sets a caller's options, with their sizes, to the library's defaults, and what it does not know to 0. */
void dg_sized_init(void *options, dg_form form, const void *defaults, dg_form own_form);

/* Takes a caller's options into `own`, which has the defaults. Fails where they were not set up, and where
 * they ask for what this version does not know. */
demgrad_status dg_sized_take(void *own, dg_form own_form, const void *options, dg_form form,
                             demgrad_error *error);

#endif

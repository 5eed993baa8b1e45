/* Warnings about inputs, of which many may deserve the same: each text is told once. */
#ifndef DG_NOTES_H
#define DG_NOTES_H

#include "fail.h"

#include <stdbool.h>
#include <stddef.h>

/* What is noted; begins as zeros, and ends with dg_notes_tell, dg_warn_notes of messages.h, dg_notes_join or
 * dg_notes_free. */
typedef struct dg_notes {
    struct dg_note *list;
    size_t count, capacity;
    bool is_short;     /* there was no memory for one */
    bool counts_times; /* set it to be told how often too; numbers then make no other texts */
} dg_notes;

/* Notes one formatted line about the input `name`. */
void dg_note(dg_notes *notes, const char *name, const char *format, ...) DG_PRINTF(3, 4);

/* Adds what was noted of one input that `notes` have nothing of yet, and forgets *more. */
void dg_notes_join(dg_notes *notes, dg_notes *more);

void dg_notes_free(dg_notes *notes);

/* Tells all, a line each: "NAME: TEXT", and of how many other inputs it is true; forgets them. Texts
 * that differ in their input's name alone count as the same. */
void dg_notes_tell(dg_notes *notes, void (*tell)(const char *line, void *user), void *user);

#endif

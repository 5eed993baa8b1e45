/* The words of a picture: its title and its small print; private to the preview. */
#ifndef DG_NOTE_H
#define DG_NOTE_H

#include "paint.h"

enum { DG_NOTE_SIZE = 1024 };

/* How the pixels came about. `painting` is NULL before it is painted: the note is then as long as it
 * can be. */
void dg_note_write(const dg_surface *surface, const demgrad_preview_options *options,
                   const dg_painting *painting, char note[DG_NOTE_SIZE]);

/* The options' title, or the name of the file or folder `first` of `count` inputs; `size` bytes at the most,
 * cut at a character. */
void dg_note_title(const char *first, size_t count, const demgrad_preview_options *options,
                   char *title, size_t size);

/* Where a scale bar is right: "at 46.5° N"; "" where one is right all over the raster. */
void dg_note_where(const dg_surface *surface, char where[48]);

#endif

/* Picture files; private to the preview. */
#ifndef DG_ENCODE_H
#define DG_ENCODE_H

#include "fail.h"

#include <cairo.h>
#include <stdbool.h>

/* A kind of picture file. */
typedef struct dg_picture_format dg_picture_format;

/* The format of the path's suffix; NULL where it is none of them. */
const dg_picture_format *dg_picture_format_find(const char *path);

/* The suffixes, for messages. */
extern const char DG_PICTURE_SUFFIXES[];

/* Whether it can have no holes. */
bool dg_picture_is_opaque(const dg_picture_format *format);

/* The suffix of the world file that belongs to it; NULL where it is not made of pixels. */
const char *dg_picture_world_suffix(const dg_picture_format *format);

/* A surface of width x height page units to draw on, which becomes the file `path`. */
demgrad_status dg_picture_start(const dg_picture_format *format, const char *path, double width,
                                double height, double density, cairo_surface_t **surface,
                                demgrad_error *error);

/* Writes the file, and frees the surface either way. */
demgrad_status dg_picture_finish(const dg_picture_format *format, cairo_surface_t *surface,
                                 const char *path, demgrad_error *error);

#endif

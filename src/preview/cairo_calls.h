/* cairo, as a table of its calls; private to the preview. It is opened with the first picture: it brings a
 * dozen libraries along, which would cost every start of the command a twentieth of the time that a small
 * raster takes. */
#ifndef DG_CAIRO_CALLS_H
#define DG_CAIRO_CALLS_H

#include "fail.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

/* Those that pictures are drawn with, without their prefix. */
#define DG_CAIRO_CALLS(CALL)                                                                       \
    CALL(arc)                                                                                      \
    CALL(clip)                                                                                     \
    CALL(close_path)                                                                               \
    CALL(create)                                                                                   \
    CALL(destroy)                                                                                  \
    CALL(fill)                                                                                     \
    CALL(fill_preserve)                                                                            \
    CALL(get_source)                                                                               \
    CALL(image_surface_create)                                                                     \
    CALL(image_surface_get_data)                                                                   \
    CALL(image_surface_get_height)                                                                 \
    CALL(image_surface_get_stride)                                                                 \
    CALL(image_surface_get_width)                                                                  \
    CALL(line_to)                                                                                  \
    CALL(move_to)                                                                                  \
    CALL(paint)                                                                                    \
    CALL(pattern_add_color_stop_rgb)                                                               \
    CALL(pattern_create_linear)                                                                    \
    CALL(pattern_destroy)                                                                          \
    CALL(pattern_set_filter)                                                                       \
    CALL(pdf_surface_create_for_stream)                                                            \
    CALL(rectangle)                                                                                \
    CALL(restore)                                                                                  \
    CALL(rotate)                                                                                   \
    CALL(save)                                                                                     \
    CALL(scale)                                                                                    \
    CALL(select_font_face)                                                                         \
    CALL(set_font_size)                                                                            \
    CALL(set_line_width)                                                                           \
    CALL(set_source)                                                                               \
    CALL(set_source_rgb)                                                                           \
    CALL(set_source_rgba)                                                                          \
    CALL(set_source_surface)                                                                       \
    CALL(show_text)                                                                                \
    CALL(status)                                                                                   \
    CALL(status_to_string)                                                                         \
    CALL(stroke)                                                                                   \
    CALL(surface_destroy)                                                                          \
    CALL(surface_finish)                                                                           \
    CALL(surface_flush)                                                                            \
    CALL(surface_get_user_data)                                                                    \
    CALL(surface_mark_dirty)                                                                       \
    CALL(surface_set_device_scale)                                                                 \
    CALL(surface_set_user_data)                                                                    \
    CALL(surface_status)                                                                           \
    CALL(surface_write_to_png_stream)                                                              \
    CALL(svg_surface_create_for_stream)                                                            \
    CALL(text_extents)                                                                             \
    CALL(translate)

#define DG_CAIRO_POINTER(name) __typeof__(cairo_##name) *name;

typedef struct dg_cairo_calls {
    DG_CAIRO_CALLS(DG_CAIRO_POINTER)
} dg_cairo_calls;

/* Never changes once it is filled. */
extern dg_cairo_calls dg_cairo;

/* Fills it, if it is not filled. DEMGRAD_UNSUPPORTED where there is no cairo. */
demgrad_status dg_cairo_open(demgrad_error *error);

#endif

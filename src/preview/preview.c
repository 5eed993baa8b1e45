#include "cairo_calls.h"
#include "draw.h"
#include "encode.h"
#include "magnify.h"
#include "note.h"
#include "options.h"
#include "preview_options.h"

#include "angle.h"
#include "expand.h"
#include "holds_raster.h"
#include "in_use.h"
#include "memory.h"
#include "path.h"
#include "publish.h"
#include "setup.h"

#include <cpl_string.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All that a picture is made of. */
typedef struct picture {
    const demgrad_preview_options *options;
    const dg_picture_format *format;
    const char *output;  /* NULL: none */
    dg_file_set *in_use; /* what it does not replace */
    dg_list inputs;
    size_t given; /* inputs; some stand for several */
    char *folder; /* that the first of these is; NULL: a file */
    dg_surface surface;
    dg_field field;
    dg_painting painting;
    dg_page page;
    char title[512], note[DG_NOTE_SIZE], where[48];
    double proportion; /* height of the map by its width */
    double north_deg;
} picture;

/* A folder's path that ends in its name, which "." and what ends in a slash do not; NULL: out of memory. */
static char *name_folder(const char *path) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    char *folder = dg_format(NULL, "%.*s", (int)length, path);
    const char *name = folder ? dg_path_name(folder) : "";
    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
        return folder;
    char *place = realpath(folder, NULL);
    if (!place)
        return folder;
    free(folder);
    return place;
}

/* What batches take for inputs; but a folder stands for the mosaic of a batch's outputs, if it is there. */
static demgrad_status expand_input(const char *name, dg_list *inputs, demgrad_error *error) {
    const dg_expand_options options = {0};
    char *mosaic = dg_path_join(name, "gradient.vrt");
    if (!mosaic)
        return dg_fail_memory(error, "the inputs");
    const char *const input = dg_is_there(mosaic) ? mosaic : name;
    const demgrad_status status = dg_expand(&input, 1, &options, inputs, error);
    free(mosaic);
    return status;
}

static demgrad_status expand_inputs(picture *p, const char *const *inputs, size_t count,
                                    demgrad_error *error) {
    demgrad_status status = dg_inputs_check(inputs, count, error);
    p->in_use = dg_file_set_new();
    if (!status && !p->in_use)
        status = dg_fail_memory(error, "the names of files");
    p->given = count;
    const bool is_folder = !status && dg_is_folder(inputs[0]);
    p->folder = is_folder ? name_folder(inputs[0]) : NULL;
    if (is_folder && !p->folder)
        status = dg_fail_memory(error, "the names of files");
    for (size_t i = 0; i < count && !status; i++)
        status = expand_input(inputs[i], &p->inputs, error);
    return status;
}

/* Width and height of a pixel on the ground, at the raster's middle or else where they are known. */
static void find_pixel(const demgrad_raster_info *info, double *width, double *height) {
    *width = *height = (double)NAN;
    for (int i = 0; i < 5 && !isfinite(*width * *height); i++) {
        *width = info->pixel_m[i][0];
        *height = info->pixel_m[i][1];
    }
}

/* Degrees clockwise from the picture's up to a way in columns and rows, which are as large as this. */
static double turn(const dg_surface *s, const double way[2], double width, double height) {
    const double up = s->last_row_first ? way[1] : -way[1];
    const double right = s->last_column_first ? -way[0] : way[0];
    return atan2(right * width, up * height) * DG_DEGREES_PER_RADIAN;
}

/* Pixels so near to squares are drawn as squares, pixel for pixel. */
static const double SQUARE = 0.015;

/* The map has the shape that its middle has on the ground. */
static void find_shape(picture *p) {
    const demgrad_raster_info *info = &p->surface.info;
    double width, height;
    find_pixel(info, &width, &height);
    const bool is_known = width > 0 && height > 0 && isfinite(height / width);
    if (!is_known)
        width = height = 1;
    if (fabs(height / width - 1) < SQUARE)
        width = height;
    p->proportion = info->height * height / (info->width * width);
    const dg_compass *c = &p->surface.compass;
    p->north_deg = turn(&p->surface, isfinite(c->true_north[0]) ? c->true_north : c->grid_north,
                        width, height);
}

static demgrad_status lay_out(picture *p, demgrad_error *error) {
    find_shape(p);
    if (p->folder)
        dg_note_title(p->folder, p->given, p->options, p->title, sizeof p->title);
    else
        dg_note_title(p->inputs.items[0], p->inputs.count, p->options, p->title, sizeof p->title);
    dg_note_write(&p->surface, p->options, NULL, p->note);
    dg_note_where(&p->surface, p->where);
    const dg_page_content content = {.style = dg_style_describe(p->options->style),
                                     .proportion = p->proportion,
                                     .title = p->title,
                                     .note = p->note,
                                     .has_arrow = fabs(p->north_deg) > 2};
    cairo_surface_t *ruler = dg_cairo.image_surface_create(CAIRO_FORMAT_ARGB32, 1, 1);
    cairo_t *cr = dg_cairo.create(ruler);
    const demgrad_status status = dg_page_make(&content, p->options, cr, &p->page, error);
    dg_cairo.destroy(cr);
    dg_cairo.surface_destroy(ruler);
    return status;
}

/* cairo draws no larger ones in pixels. */
static demgrad_status check_size(const picture *p, demgrad_error *error) {
    static const int MOST = 32767;
    const double density = p->options->density;
    const double width = round(p->page.width * density), height = round(p->page.height * density);
    const bool is_none =
        lround(p->page.maps[0].width * density) < 1 || lround(p->page.maps[0].height * density) < 1;
    const bool has_pixels = p->format && dg_picture_world_suffix(p->format);
    if (!is_none && (!has_pixels || (width <= MOST && height <= MOST)))
        return DEMGRAD_OK;
    if (is_none)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the picture's map would have no pixel; make it larger (--size, --scale)");
    return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                   "the picture would have %.0f x %.0f pixels, and %d a side are the most; make it "
                   "smaller (--size), or give its width and height",
                   width, height, MOST);
}

static bool go_on(double share, void *user) {
    const demgrad_raster_options *o = user;
    return !o->progress || o->progress((int64_t)(share * 1000), 1000, o->progress_user);
}

static dg_target target_of(const picture *p) {
    return (dg_target){.path = p->output,
                       .overwrite = p->options->raster.overwrite,
                       .in_use = p->in_use,
                       .sync = p->options->raster.sync};
}

static demgrad_status check_output(const picture *p, demgrad_error *error) {
    const dg_target target = target_of(p);
    return dg_publish_may(&target, error);
}

static demgrad_status make(picture *p, demgrad_error *error) {
    const demgrad_preview_options *o = p->options;
    const char *const *inputs = (const char *const *)p->inputs.items;
    dg_messages messages;
    demgrad_status status = dg_setup_messages(&o->raster, &messages, error);
    if (status)
        return status;
    status = dg_surface_open(inputs, p->inputs.count, &o->raster, &messages, p->in_use, &p->surface,
                             error);
    if (!status)
        status = dg_in_use_add(p->in_use, &o->raster, error);
    if (!status && p->output)
        status = check_output(p, error);
    if (!status)
        status = lay_out(p, error);
    if (!status)
        status = check_size(p, error);
    const int width = (int)lround(p->page.maps[0].width * o->density);
    const int height = (int)lround(p->page.maps[0].height * o->density);
    if (!status)
        status = dg_surface_read(&p->surface, inputs, p->inputs.count, &o->raster, &messages, width,
                                 height, go_on, (void *)&o->raster, error);
    dg_messages_close(&messages);
    if (!status)
        status = dg_field_make(&p->surface, &o->raster, dg_style_describe(o->style).extra,
                               &p->field, error);
    if (!status)
        status = dg_file_set_check(p->in_use, error);
    if (!status)
        dg_surface_crop(&p->surface);
    if (!status)
        status = dg_paint(&p->surface, &p->field, o, &p->painting, error);
    if (!status)
        dg_note_write(&p->surface, o, &p->painting, p->note);
    return status;
}

static demgrad_status draw(const picture *p, const char *path, demgrad_error *error) {
    const demgrad_preview_options *o = p->options;
    double pixel_width, pixel_height;
    find_pixel(&p->surface.info, &pixel_width, &pixel_height);
    const dg_drawing drawing = {
        .page = &p->page,
        .painting = &p->painting,
        .title = p->title,
        .note = p->note,
        .density = o->density,
        .unit_m = pixel_width * p->surface.info.width / p->page.maps[0].width,
        .where = p->where,
        .north_deg = p->north_deg,
        .is_dark = o->is_dark,
        .is_bare = o->is_bare,
        .is_opaque = dg_picture_is_opaque(p->format),
    };
    cairo_surface_t *surface;
    demgrad_status status = dg_picture_start(p->format, path, p->page.width, p->page.height,
                                             o->density, &surface, error);
    if (status)
        return status;
    cairo_t *cr = dg_cairo.create(surface);
    status = dg_draw(cr, &drawing, error);
    dg_cairo.destroy(cr);
    demgrad_error problem;
    const demgrad_status written = dg_picture_finish(p->format, surface, path, &problem);
    if (!status && written)
        status = dg_fail(error, written, "%s", problem.message);
    return status;
}

/* Six lines: the pixel's size and turn, and the map position of the first pixel's centre. */
static demgrad_status write_world_file(const picture *p, const char *picture_path,
                                       demgrad_error *error) {
    const demgrad_preview_options *o = p->options;
    const char *suffix = dg_picture_world_suffix(p->format);
    const dg_grid *grid = &p->surface.grid;
    if (!o->is_bare || !suffix || !grid->has_geotransform)
        return DEMGRAD_OK;
    const int top = p->surface.last_row_first ? grid->height : 0;
    const int left = p->surface.last_column_first ? grid->width : 0;
    const double across = (grid->width - 2 * left) / round(p->page.maps[0].width * o->density);
    const double down = (grid->height - 2 * top) / round(p->page.maps[0].height * o->density);
    const double *g = grid->geotransform;
    const int stem = (int)(strrchr(picture_path, '.') - picture_path); /* it has a suffix */
    char *world = dg_format(NULL, "%.*s%s", stem, picture_path, suffix);
    if (!world)
        return dg_fail_memory(error, "the world file");
    FILE *file = fopen(world, "w");
    const double x = g[0] + left * g[1] + top * g[2], y = g[3] + left * g[4] + top * g[5];
    const double a = g[1] * across, b = g[2] * down, d = g[4] * across, e = g[5] * down;
    char numbers[192];
    CPLsnprintf(numbers, sizeof numbers, "%.17g\n%.17g\n%.17g\n%.17g\n%.17g\n%.17g\n", a, d, b, e,
                x + (a + b) / 2, y + (d + e) / 2); /* with points in any locale */
    const bool is_written = file && fputs(numbers, file) >= 0;
    const bool is_closed = file && fclose(file) == 0;
    free(world);
    return is_written && is_closed
               ? DEMGRAD_OK
               : dg_fail(error, DEMGRAD_WRITE_FAILED, "its world file cannot be written");
}

static demgrad_status write_picture(const picture *p, demgrad_error *error) {
    const demgrad_raster_options *o = &p->options->raster;
    const dg_messages messages = {.warn = o->warning, .user = o->warning_user};
    dg_target target = target_of(p);
    target.messages = &messages;
    dg_publication *publication;
    demgrad_error problem = {0};
    demgrad_status status = dg_publish_begin(&target, &publication, error);
    if (status)
        return status;
    status = draw(p, dg_publication_temporary(publication), &problem);
    if (!status)
        status = write_world_file(p, dg_publication_temporary(publication), &problem);
    if (!status)
        return dg_publish(publication, error);
    dg_fail(error, status, "%s: cannot be written: %s; nothing of it was kept", p->output,
            problem.message);
    status = dg_publish_explain(publication, status, error);
    dg_publish_discard(publication);
    return status;
}

static void free_picture(picture *p) {
    dg_painting_free(&p->painting);
    dg_field_free(&p->field);
    dg_surface_free(&p->surface);
    dg_list_free(&p->inputs);
    free(p->folder);
    dg_file_set_free(p->in_use);
}

static demgrad_status check(const char *output, const demgrad_preview_options *options,
                            demgrad_error *error) {
    if (!output)
        return dg_argument_check(output, "output", error);
    if (!dg_picture_format_find(output))
        return dg_fail(error, DEMGRAD_INVALID_OPTION, "%s: its name must end in %s", output,
                       DG_PICTURE_SUFFIXES);
    const picture p = {.options = options, .output = output};
    demgrad_status status = dg_preview_options_check(options, error);
    if (!status)
        status = check_output(&p, error);
    return status ? status : dg_cairo_open(error);
}

demgrad_status demgrad_preview_check(const char *output, const demgrad_preview_options *options,
                                     demgrad_error *error) {
    demgrad_preview_options o;
    const demgrad_status status = dg_preview_options_take(options, &o, error);
    return status ? status : check(output, &o, error);
}

demgrad_status demgrad_preview(const char *const *inputs, size_t count, const char *output,
                               const demgrad_preview_options *options, demgrad_error *error) {
    demgrad_preview_options o;
    picture p = {
        .options = &o, .output = output, .format = output ? dg_picture_format_find(output) : NULL};
    demgrad_status status = dg_preview_options_take(options, &o, error);
    if (!status)
        status = check(output, &o, error);
    if (!status)
        status = expand_inputs(&p, inputs, count, error);
    if (!status)
        status = make(&p, error);
    if (!status)
        status = write_picture(&p, error);
    free_picture(&p);
    return status;
}

demgrad_status demgrad_preview_pixels(const char *const *inputs, size_t count,
                                      const demgrad_preview_options *options,
                                      unsigned char **pixels, int *width, int *height,
                                      demgrad_error *error) {
    demgrad_preview_options bare;
    picture p = {.options = &bare};
    demgrad_status status = dg_preview_options_take(options, &bare, error);
    bare.is_bare = true;
    if (!status)
        status = dg_argument_check(pixels, "place for the pixels", error);
    if (!status)
        status = dg_argument_check(width && height ? pixels : NULL, "place for a size", error);
    if (!status)
        status = dg_preview_options_check(&bare, error);
    if (!status)
        status = dg_cairo_open(error);
    if (!status)
        status = expand_inputs(&p, inputs, count, error);
    if (!status)
        status = make(&p, error);
    if (!status) {
        const int each = (int)lround(p.page.maps[0].width * bare.density);
        *width = each * p.painting.count;
        *height = (int)lround(p.page.height * bare.density);
        *pixels = dg_painting_pixels(&p.painting, each, *height);
        if (!*pixels)
            status = dg_fail_memory(error, "the picture's map");
    }
    free_picture(&p);
    return status;
}

void demgrad_preview_free(unsigned char *pixels) {
    free(pixels);
}

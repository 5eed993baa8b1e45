#include "encode.h"

#include "cairo_calls.h"
#include "gdal_errors.h"
#include "memory.h"

#include <cpl_string.h>
#include <errno.h>
#include <gdal.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const char DG_PICTURE_SUFFIXES[] = ".png, .svg, .pdf, .jpg or .jpeg";

struct dg_picture_format {
    const char *suffix;
    bool is_opaque;
    const char *world_suffix;
    cairo_surface_t *(*start)(cairo_write_func_t put, void *file, double width, double height);
    demgrad_status (*write)(cairo_surface_t *surface, const char *path, demgrad_error *error);
};

/* A file that cairo writes. Whether all got there is kept here, as cairo forgets it at the end of a PDF. */
typedef struct picture_file {
    FILE *stream; /* NULL: closed, or not opened */
    int error;
} picture_file;

static const cairo_user_data_key_t FILE_OF_SURFACE;

static cairo_status_t put(void *closure, const unsigned char *bytes, unsigned count) {
    picture_file *file = closure;
    if (!file->error && fwrite(bytes, 1, count, file->stream) != count)
        file->error = errno;
    return file->error ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static demgrad_status open_file(picture_file *file, const char *path, demgrad_error *error) {
    file->stream = fopen(path, "wbe");
    return file->stream ? DEMGRAD_OK : dg_fail(error, DEMGRAD_WRITE_FAILED, "%s", strerror(errno));
}

static demgrad_status close_file(picture_file *file, cairo_status_t status, demgrad_error *error) {
    if (fclose(file->stream) && !file->error)
        file->error = errno;
    file->stream = NULL;
    if (file->error)
        return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s", strerror(file->error));
    if (status == CAIRO_STATUS_NO_MEMORY)
        return dg_fail_memory(error, "the picture");
    return status ? dg_fail(error, DEMGRAD_WRITE_FAILED, "%s", dg_cairo.status_to_string(status))
                  : DEMGRAD_OK;
}

static void drop_file(void *closure) {
    picture_file *file = closure;
    if (file->stream)
        fclose(file->stream);
    free(file);
}

static demgrad_status write_png(cairo_surface_t *surface, const char *path, demgrad_error *error) {
    picture_file file = {0};
    const demgrad_status status = open_file(&file, path, error);
    return status ? status
                  : close_file(&file, dg_cairo.surface_write_to_png_stream(surface, put, &file),
                               error);
}

/* cairo wrote most of it while it was drawn. */
static demgrad_status write_vectors(cairo_surface_t *surface, const char *path,
                                    demgrad_error *error) {
    (void)path;
    dg_cairo.surface_finish(surface);
    return close_file(dg_cairo.surface_get_user_data(surface, &FILE_OF_SURFACE),
                      dg_cairo.surface_status(surface), error);
}

/* cairo's pixels are words of alpha, red, green and blue. */
static void take_channel(cairo_surface_t *surface, int row, int shift, int width,
                         unsigned char *to) {
    const unsigned char *data = dg_cairo.image_surface_get_data(surface);
    const uint32_t *from =
        (const uint32_t *)(const void *)(data + (ptrdiff_t)row *
                                                    dg_cairo.image_surface_get_stride(surface));
    for (int col = 0; col < width; col++)
        to[col] = (unsigned char)(from[col] >> shift);
}

static GDALDatasetH to_dataset(cairo_surface_t *surface) {
    const int width = dg_cairo.image_surface_get_width(surface);
    const int height = dg_cairo.image_surface_get_height(surface);
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName("MEM"), "", width, height, 3, GDT_Byte, NULL);
    unsigned char *line = VSIMalloc((size_t)width);
    dg_cairo.surface_flush(surface);
    if (dataset && !line) {
        CPLError(CE_Failure, CPLE_OutOfMemory, "no memory for a row of the picture");
        GDALClose(dataset);
        return NULL;
    }
    for (int i = 0; dataset && i < 3 * height; i++) {
        take_channel(surface, i / 3, 16 - 8 * (i % 3), width, line);
        if (GDALRasterIO(GDALGetRasterBand(dataset, i % 3 + 1), GF_Write, 0, i / 3, width, 1, line,
                         width, 1, GDT_Byte, 0, 0) != CE_None)
            break;
    }
    VSIFree(line);
    return dataset;
}

static demgrad_status write_jpeg(cairo_surface_t *surface, const char *path, demgrad_error *error) {
    const char *const options[] = {"QUALITY=92", NULL};
    dg_gdal_errors errors;
    dg_gdal_errors_begin(&errors);
    GDALDriverH driver = GDALGetDriverByName("JPEG");
    GDALDatasetH dataset = driver ? to_dataset(surface) : NULL;
    GDALDatasetH copy =
        dataset ? GDALCreateCopy(driver, path, dataset, FALSE, (char **)options, NULL, NULL) : NULL;
    if (copy)
        GDALClose(copy);
    if (dataset)
        GDALClose(dataset);
    dg_gdal_errors_end(&errors);
    if (copy && !errors.failed)
        return DEMGRAD_OK;
    return dg_fail(error, errors.no_memory ? DEMGRAD_OUT_OF_MEMORY : DEMGRAD_WRITE_FAILED, "%s",
                   dg_gdal_errors_text(&errors, driver ? "there is no memory"
                                                       : "this GDAL has no JPEG driver; try .png"));
}

static cairo_surface_t *start_svg(cairo_write_func_t write, void *file, double width,
                                  double height) {
    return dg_cairo.svg_surface_create_for_stream(write, file, width, height);
}

static cairo_surface_t *start_pdf(cairo_write_func_t write, void *file, double width,
                                  double height) {
    return dg_cairo.pdf_surface_create_for_stream(write, file, width, height);
}

static const dg_picture_format FORMATS[] = {
    {".png", false, ".pgw", NULL, write_png},
    {".svg", false, NULL, start_svg, write_vectors},
    {".pdf", false, NULL, start_pdf, write_vectors},
    {".jpg", true, ".jgw", NULL, write_jpeg},
    {".jpeg", true, ".jgw", NULL, write_jpeg},
};

const dg_picture_format *dg_picture_format_find(const char *path) {
    const size_t length = strlen(path);
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        const size_t n = strlen(FORMATS[i].suffix);
        if (length > n && EQUAL(path + length - n, FORMATS[i].suffix))
            return &FORMATS[i];
    }
    return NULL;
}

bool dg_picture_is_opaque(const dg_picture_format *format) {
    return format->is_opaque;
}

const char *dg_picture_world_suffix(const dg_picture_format *format) {
    return format->world_suffix;
}

static cairo_surface_t *start_pixels(double width, double height, double density) {
    cairo_surface_t *surface = dg_cairo.image_surface_create(
        CAIRO_FORMAT_ARGB32, (int)lround(width * density), (int)lround(height * density));
    dg_cairo.surface_set_device_scale(surface, density, density);
    return surface;
}

static demgrad_status start_vectors(const dg_picture_format *format, const char *path, double width,
                                    double height, cairo_surface_t **surface,
                                    demgrad_error *error) {
    picture_file *file = dg_alloc(1, sizeof *file, "the picture", error);
    if (!file)
        return DEMGRAD_OUT_OF_MEMORY;
    const demgrad_status status = open_file(file, path, error);
    if (!status)
        *surface = format->start(put, file, width, height);
    if (status || dg_cairo.surface_set_user_data(*surface, &FILE_OF_SURFACE, file, drop_file))
        drop_file(file);
    return status;
}

demgrad_status dg_picture_start(const dg_picture_format *format, const char *path, double width,
                                double height, double density, cairo_surface_t **surface,
                                demgrad_error *error) {
    *surface = NULL;
    demgrad_status status = DEMGRAD_OK;
    if (format->start)
        status = start_vectors(format, path, width, height, surface, error);
    else
        *surface = start_pixels(width, height, density);
    if (!status && dg_cairo.surface_status(*surface))
        status = dg_fail_memory(error, "the picture");
    if (status)
        dg_cairo.surface_destroy(*surface);
    return status;
}

demgrad_status dg_picture_finish(const dg_picture_format *format, cairo_surface_t *surface,
                                 const char *path, demgrad_error *error) {
    const demgrad_status status = format->write(surface, path, error);
    dg_cairo.surface_destroy(surface);
    return status;
}

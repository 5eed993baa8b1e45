#include "encode.h"

#include "gdal_errors.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <string.h>

const char DG_PICTURE_SUFFIXES[] = ".png, .svg, .pdf, .jpg or .jpeg";

struct dg_picture_format {
    const char *suffix;
    bool is_opaque;
    const char *world_suffix;
    cairo_surface_t *(*start)(const char *path, double width, double height, double density);
    demgrad_status (*write)(cairo_surface_t *surface, const char *path, demgrad_error *error);
};

static cairo_surface_t *start_pixels(const char *path, double width, double height,
                                     double density) {
    (void)path;
    cairo_surface_t *s = cairo_image_surface_create(
        CAIRO_FORMAT_ARGB32, (int)lround(width * density), (int)lround(height * density));
    cairo_surface_set_device_scale(s, density, density);
    return s;
}

static cairo_surface_t *start_svg(const char *path, double width, double height, double density) {
    (void)density;
    return cairo_svg_surface_create(path, width, height);
}

static cairo_surface_t *start_pdf(const char *path, double width, double height, double density) {
    (void)density;
    return cairo_pdf_surface_create(path, width, height);
}

static demgrad_status fail_to_write(cairo_status_t status, demgrad_error *error) {
    return dg_fail(error, DEMGRAD_WRITE_FAILED, "%s; the disk may be full",
                   cairo_status_to_string(status));
}

static demgrad_status write_png(cairo_surface_t *surface, const char *path, demgrad_error *error) {
    const cairo_status_t status = cairo_surface_write_to_png(surface, path);
    return status == CAIRO_STATUS_SUCCESS ? DEMGRAD_OK : fail_to_write(status, error);
}

/* cairo wrote it while it was drawn, and says at the end whether it could. */
static demgrad_status write_vectors(cairo_surface_t *surface, const char *path,
                                    demgrad_error *error) {
    (void)path;
    cairo_surface_finish(surface);
    const cairo_status_t status = cairo_surface_status(surface);
    return status == CAIRO_STATUS_SUCCESS ? DEMGRAD_OK : fail_to_write(status, error);
}

/* cairo's pixels are words of alpha, red, green and blue. */
static void take_channel(cairo_surface_t *surface, int row, int shift, int width,
                         unsigned char *to) {
    const unsigned char *data = cairo_image_surface_get_data(surface);
    const uint32_t *from =
        (const uint32_t *)(const void *)(data +
                                         (ptrdiff_t)row * cairo_image_surface_get_stride(surface));
    for (int col = 0; col < width; col++)
        to[col] = (unsigned char)(from[col] >> shift);
}

static GDALDatasetH to_dataset(cairo_surface_t *surface) {
    const int width = cairo_image_surface_get_width(surface);
    const int height = cairo_image_surface_get_height(surface);
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName("MEM"), "", width, height, 3, GDT_Byte, NULL);
    unsigned char *line = VSIMalloc((size_t)width);
    cairo_surface_flush(surface);
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

static const dg_picture_format FORMATS[] = {
    {".png", false, ".pgw", start_pixels, write_png},
    {".svg", false, NULL, start_svg, write_vectors},
    {".pdf", false, NULL, start_pdf, write_vectors},
    {".jpg", true, ".jgw", start_pixels, write_jpeg},
    {".jpeg", true, ".jgw", start_pixels, write_jpeg},
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

cairo_surface_t *dg_picture_start(const dg_picture_format *format, const char *path, double width,
                                  double height, double density) {
    cairo_surface_t *surface = format->start(path, width, height, density);
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
        return surface;
    cairo_surface_destroy(surface);
    return NULL;
}

demgrad_status dg_picture_finish(const dg_picture_format *format, cairo_surface_t *surface,
                                 const char *path, demgrad_error *error) {
    const demgrad_status status = format->write(surface, path, error);
    cairo_surface_destroy(surface);
    return status;
}

/* Slope and aspect of a DEM as a GeoTIFF: options, warnings, progress, a report, and what an error says.
 *
 *     raster DEM OUTPUT
 *
 * The program needs GDAL beside demgrad: `pkg-config --cflags --libs demgrad gdal`. */
#include <demgrad/raster.h>

#include <gdal.h>
#include <stdio.h>

/* Called by one thread at a time; 0 would cancel, and leave no output. */
static int show_progress(int64_t done, int64_t all, void *user) {
    int *shown = user;
    const int percent = (int)(100.0 * (double)done / (double)all);
    if (percent != *shown)
        fprintf(stderr, "\r%3d %%", percent);
    *shown = percent;
    return 1;
}

static void show_warning(const char *text, void *user) {
    fprintf(stderr, "%s: warning: %s\n", (const char *)user, text);
}

static void print_report(const demgrad_raster_report *report, const char *const *bands) {
    const demgrad_raster_info *input = &report->input;
    printf("%d x %d pixels, %s, heights in %s\n", input->width, input->height,
           input->crs[0] ? input->crs : "no CRS", input->z_unit);
    printf("a pixel in the centre is %.2f x %.2f m\n", input->pixel_m[0][0], input->pixel_m[0][1]);
    for (int i = 0; i < report->band_count; i++) {
        const demgrad_band_statistics *b = &report->bands[i];
        printf("%s: %.4f to %.4f, mean %.4f, of %lld pixels\n", bands[i], b->min, b->max, b->mean,
               (long long)b->valid);
    }
}

int main(int argc, char **argv) {
    static const char *const bands[] = {"slope-degrees", "aspect", NULL};
    static const char *const creation_options[] = {"COMPRESS=DEFLATE", "PREDICTOR=3", NULL};
    if (argc != 3) {
        fprintf(stderr, "usage: %s DEM OUTPUT\n", argv[0]);
        return 2;
    }
    GDALAllRegister();

    demgrad_raster_options options;
    demgrad_raster_options_init(&options); /* always: what is not set below has its default */
    options.method = "horn";
    options.bands = bands;
    options.creation_options = creation_options;
    options.overwrite = true;
    int shown = -1;
    options.progress = show_progress;
    options.progress_user = &shown;
    options.warning = show_warning;
    options.warning_user = argv[0];

    const char *const inputs[] = {argv[1]}; /* several would be one mosaic */
    demgrad_raster_report report;
    demgrad_error error;
    const demgrad_status status =
        demgrad_raster_gradient(inputs, 1, argv[2], &options, &report, &error);
    fputc('\n', stderr);
    if (status != DEMGRAD_OK) { /* the message names the file and the way out */
        fprintf(stderr, "%s: %s: %s\n", argv[0], demgrad_status_text(status), error.message);
        return 1;
    }
    print_report(&report, bands);
    return 0;
}

#include "commands.h"
#include "interrupt.h"
#include "message.h"
#include "progress.h"
#include "terminal.h"

#include <cpl_conv.h>
#include <errno.h>
#include <string.h>

static void warn(const char *text, void *user) {
    const dg_arguments *a = user;
    if (!a->quiet)
        dg_message_warning("%s", text);
}

static demgrad_status show(dg_arguments *a, demgrad_error *error) {
    const dg_terminal terminal = dg_terminal_choose(a->terminal);
    if (a->preview.width == 0)
        dg_terminal_size(terminal, &a->preview.width, &a->preview.height);
    unsigned char *pixels;
    int width, height;
    const demgrad_status status =
        demgrad_preview_pixels((const char *const *)a->inputs, a->input_count, &a->preview, &pixels,
                               &width, &height, error);
    if (status)
        return status;
    const bool is_shown = dg_terminal_show(terminal, pixels, width, height, stdout);
    demgrad_preview_free(pixels);
    if (is_shown)
        return DEMGRAD_OK;
    error->status = DEMGRAD_WRITE_FAILED;
    snprintf(error->message, sizeof error->message, "stdout: the picture cannot be shown: %s",
             strerror(errno));
    return DEMGRAD_WRITE_FAILED;
}

/* Of a run: a part of the inputs is drawn of its output, which is all of that. */
static void take_options(dg_arguments *a) {
    demgrad_raster_options *raster = &a->preview.raster;
    *raster = a->raster;
    memset(raster->output_window, 0, sizeof raster->output_window);
    memset(raster->output_bbox, 0, sizeof raster->output_bbox);
}

int dg_picture_check(dg_arguments *a) {
    if (!a->picture)
        return EXIT_DONE;
    demgrad_error error;
    take_options(a);
    const demgrad_status status = demgrad_preview_check(a->picture, &a->preview, &error);
    if (!status)
        return EXIT_DONE;
    dg_message_error("%s; nothing was done", error.message);
    return dg_arguments_exit_code(status);
}

int dg_picture_draw(dg_arguments *a, const char *const *inputs, size_t count) {
    if (!a->picture)
        return EXIT_DONE;
    demgrad_error error;
    take_options(a);
    a->preview.raster.progress = NULL;
    a->preview.raster.also_written = NULL; /* it is itself among them */
    a->preview.raster.warning = NULL;      /* what there is to warn of was told of the run */
    const demgrad_status status = demgrad_preview(inputs, count, a->picture, &a->preview, &error);
    if (status && dg_interrupt_signal())
        return dg_interrupt_end();
    if (status)
        dg_message_error("%s; what was computed is whole", error.message);
    return status ? dg_arguments_exit_code(status) : EXIT_DONE;
}

int dg_command_preview(dg_arguments *a) {
    dg_progress progress;
    a->raster.cpu = CPLGetConfigOption("DEMGRAD_CPU", NULL);
    a->raster.warning = warn;
    a->raster.warning_user = a;
    a->raster.progress = dg_progress_tell;
    a->raster.progress_user = &progress;
    a->preview.raster = a->raster;
    /* On a terminal the picture and GDAL's form of progress would be on one stream. */
    dg_progress_start(&progress, a->progress, a->quiet || a->is_terminal);
    demgrad_error error;
    const demgrad_status status =
        a->is_terminal ? show(a, &error)
                       : demgrad_preview((const char *const *)a->inputs, a->input_count, a->output,
                                         &a->preview, &error);
    if (!status)
        dg_progress_tell(1, 1, &progress); /* that the inputs were read was told last */
    dg_progress_end(&progress);
    if (status && dg_interrupt_signal())
        return dg_interrupt_end();
    if (status) {
        dg_message_error("%s", error.message);
        return dg_arguments_exit_code(status);
    }
    return EXIT_DONE;
}

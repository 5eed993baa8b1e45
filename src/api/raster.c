#include "budget.h"
#include "in_use.h"
#include "options.h"
#include "outlets.h"
#include "path.h"
#include "publish.h"
#include "setup_inside.h"

#include <stdlib.h>

demgrad_status demgrad_raster_describe_sized(const char *const *inputs, size_t count,
                                             const demgrad_raster_options *options,
                                             demgrad_raster_info *info, size_t info_size,
                                             demgrad_error *error) {
    const dg_form own = {.size = sizeof *info}, form = {.size = info_size};
    demgrad_raster_options o;
    demgrad_raster_info found;
    dg_messages messages;
    dg_setup *setup;
    demgrad_status status = dg_raster_options_take(options, &o, error);
    if (!status)
        status = dg_argument_check(info, "info", error);
    if (!status)
        status = dg_setup_messages(&o, &messages, error);
    if (status)
        return status;
    dg_file_set *files =
        dg_file_set_new(); /* what they are made of is looked at then, as in a run */
    status = files ? dg_setup_open(inputs, count, &o, &messages, files, &setup, error)
                   : dg_fail_memory(error, "the names of files");
    dg_file_set_free(files);
    if (!status) {
        status = dg_setup_describe(setup, &found, error);
        dg_setup_close(setup);
    }
    if (!status)
        dg_sized_copy(info, form, &found, own);
    dg_messages_close(&messages);
    return status;
}

/* What runs that were killed left where the output will be. */
static demgrad_status clean_beside(const char *output, demgrad_error *error) {
    char *target = dg_path_target(output);
    char *folder = target ? dg_path_folder(target) : NULL;
    if (folder)
        dg_publish_clean(folder);
    const demgrad_status status = folder ? DEMGRAD_OK : dg_fail_memory(error, "a file's name");
    free(folder);
    free(target);
    return status;
}

static demgrad_status compute(const dg_setup *setup, const char *output, const dg_file_set *in_use,
                              demgrad_raster_report *report, demgrad_error *error) {
    const demgrad_raster_options *o = setup->options;
    dg_findings findings = {0};
    dg_outlet outlet = {.path = output,
                        .window = setup->window,
                        .grid =
                            dg_source_part_grid(dg_source_describe(setup->source), setup->window),
                        .is_point = dg_source_describe(setup->source)->is_point,
                        .findings = &findings,
                        .figures = report ? report->bands : NULL};
    const dg_pass pass = {.setup = setup,
                          .in_use = in_use,
                          .read = in_use,
                          .overwrite = o->overwrite,
                          .threads = dg_threads(o),
                          .memory = dg_budget_buffers(o->memory),
                          .progress = o->progress,
                          .user = o->progress_user,
                          .messages = setup->messages};
    demgrad_status status = clean_beside(output, error);
    if (!status && report) {
        *report = (demgrad_raster_report){.kernel = setup->kernel->tier,
                                          .band_count = setup->recipe.band_count};
        status = dg_setup_describe(setup, &report->input, error);
    }
    if (!status)
        status = dg_pass_run(&pass, &outlet, 1, error);
    dg_notes notes = {0};
    dg_findings_note(&findings, o, dg_source_name(setup->source), &notes);
    dg_warn_notes(setup->messages, &notes);
    return status;
}

static demgrad_status open_and_compute(const char *const *inputs, size_t count, const char *output,
                                       const demgrad_raster_options *options,
                                       const dg_messages *messages, demgrad_raster_report *report,
                                       demgrad_error *error) {
    dg_setup *setup;
    dg_file_set *in_use = dg_file_set_new();
    demgrad_status status =
        in_use ? dg_setup_open(inputs, count, options, messages, in_use, &setup, error)
               : dg_fail_memory(error, "the names of files");
    if (!status) {
        status = dg_in_use_add(in_use, options, error);
        if (!status)
            status = compute(setup, output, in_use, report, error);
        dg_setup_close(setup);
    }
    dg_file_set_free(in_use);
    return status;
}

demgrad_status demgrad_raster_gradient_sized(const char *const *inputs, size_t count,
                                             const char *output,
                                             const demgrad_raster_options *options,
                                             demgrad_raster_report *report, size_t report_size,
                                             size_t info_size, demgrad_error *error) {
    const dg_form own = {sizeof *report, offsetof(demgrad_raster_report, input),
                         sizeof report->input};
    const dg_form form = {report_size, own.inner, info_size};
    demgrad_raster_options o;
    demgrad_raster_report found;
    dg_messages messages;
    demgrad_status status = dg_raster_options_take(options, &o, error);
    if (!status)
        status = dg_argument_check(output, "output", error);
    if (!status)
        status = dg_setup_messages(&o, &messages, error);
    if (status)
        return status;
    status = open_and_compute(inputs, count, output, &o, &messages, report ? &found : NULL, error);
    if (!status && report)
        dg_sized_copy(report, form, &found, own);
    dg_messages_close(&messages);
    return status;
}
